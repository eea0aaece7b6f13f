"""Which changes bring a row of an answer, or take it away: the fewest that do so alone.

A row is asked for in the graph before, with some of the changes made: what is left when none can be
taken out any more is its cause. Where several sets of changes would do, one of them is found.

Source: Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from pyoxigraph import DefaultGraph, Literal, Quad, Store, Triple

from kg import questions, store
from kg.diff.changes import Change
from kg.diff.states import State, closed
from kg.questions import Answer, Cell, Question

T = TypeVar("T")
Row = tuple[Cell, ...]
Unit = tuple[Change, ...]
"""Changes that are made together: those of one node, or all of a case that is new or gone."""


MOST = 200
"""Of how many rows the cause is sought; of more only that they differ is told."""


def rows_of(answer: Answer) -> dict[Row, None]:
    """The rows of an answer in its order: of triples their parts, of yes and no that one word."""
    if answer.boolean is not None:
        return {(Literal("yes" if answer.boolean else "no"),): None}
    if answer.triples is not None:
        return dict.fromkeys((t.subject, t.predicate, t.object) for t in answer.triples)
    return dict.fromkeys(answer.rows)


@dataclass
class Trial:
    """The graph before, with some of the changes made."""

    before: State
    after: State
    _stores: dict[frozenset[Unit], Store] = field(default_factory=dict)
    _answers: dict[tuple[frozenset[Unit], str], frozenset[Row]] = field(default_factory=dict)

    def rows(self, question: Question, made: Iterable[Unit]) -> frozenset[Row]:
        """The rows of a question with the changes `made`."""
        key = frozenset(made)
        if (key, question.name) not in self._answers:
            answer = questions.ask(question, self._store(key), self.before.workspace.names)
            self._answers[key, question.name] = frozenset(rows_of(answer))
        return self._answers[key, question.name]

    def _store(self, made: frozenset[Unit]) -> Store:
        if made not in self._stores:
            self._stores[made] = store.load(closed(self.before.workspace, self._quads(made)))
        return self._stores[made]

    def _quads(self, made: frozenset[Unit]) -> Collection[Quad]:
        changes = [change for unit in made for change in unit]
        removed = {triple for change in changes for triple in change.removed}
        added = {triple for change in changes for triple in change.added}
        kept = {quad for quad in self.before.asserted if quad.triple not in removed}
        return kept | {_quad(triple, self._graphs) for triple in added}

    @cached_property
    def _graphs(self) -> dict[Triple, Quad]:
        """The quads that the triples of the graph after stand in."""
        return {quad.triple: quad for quad in self.after.asserted}

    def cause(self, question: Question, row: Row, units: Sequence[Unit]) -> Unit:
        """The changes that bring `row` if it is not in the graph before, and take it away if it is."""
        wanted = row not in self.rows(question, ())

        def does(made: Sequence[Unit]) -> bool:
            return (row in self.rows(question, made)) == wanted

        return tuple(change for unit in fewest(units, does) for change in unit) if does(units) else ()


def _quad(triple: Triple, known: dict[Triple, Quad]) -> Quad:
    return known.get(triple) or Quad(triple.subject, triple.predicate, triple.object, DefaultGraph())


def fewest(items: Sequence[T], does: Callable[[Sequence[T]], bool]) -> list[T]:
    """A part of `items` that `does`, and of which none can be left out; `does(items)` holds.

    >>> fewest(range(100), lambda some: {7, 70} <= set(some))
    [7, 70]
    """
    found, parts = list(items), 2
    while len(found) > 1:
        size = -(-len(found) // parts)
        chunks = [found[at : at + size] for at in range(0, len(found), size)]
        rests = [[one for chunk in chunks if chunk is not left for one in chunk] for left in chunks]
        if smaller := next(
            (part for part in (*chunks, *rests) if len(part) < len(found) and does(part)), None
        ):
            parts = 2 if smaller in chunks else max(parts - 1, 2)
            found = smaller
        elif size == 1:
            break
        else:
            parts = min(2 * parts, len(found))
    return [] if found and does([]) else found
