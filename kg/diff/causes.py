"""Which changes bring a row of an answer, or take it away: the fewest that do so alone.

A row is asked for in the graph before, with some of the changes made: what is left when none can be
taken out any more is its cause. Where several sets of changes would do, one of them is found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import DefaultGraph, Quad, Store, Triple

from kg import questions, store
from kg.diff.changes import Change
from kg.diff.states import State
from kg.proofs.least import fewest
from kg.questions import Question
from kg.rows import Row, rows_of

Unit = tuple[Change, ...]
"""Changes that are made together: those of one node, or all of a case that is new or gone."""


MOST = 200
"""Of how many rows the cause is sought; of more only that they differ is told."""


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
            self._stores[made] = store.load(self.before.closed(self._quads(made)))
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
