"""Two states of a graph → what differs, in terms of cases, statements and answers, and why answers do.

A statement is one property of one node, or a whole node with what it says; an answer is a row of one
of the questions. Workspaces and commits are read by their own ontology and rules, builds and files by those
of the workspace that asks, which asks both its own questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode

from kg import questions
from kg.diff.causes import MOST, Trial, Unit
from kg.diff.changes import ADDED, CHANGED, REMOVED, Change, between, group_of
from kg.diff.states import NOW, State, load
from kg.questions import Question
from kg.rows import Row, rows_of

__all__ = ["NOW", "Change", "Difference", "RowChange", "State", "compare", "load"]

Progress = Callable[[str], None]


@dataclass(frozen=True)
class RowChange:
    """A row that an answer has won (`added`) or lost, and the changes that made it so.

    `cause` is empty where none was sought, since there are too many rows, and where no statement is it, but
    the rules.
    """

    question: Question
    row: Row
    added: bool
    cause: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Difference:
    """What is to be told of two states: cases that came and went, statements, rows of the answers `asked`."""

    before: State
    after: State
    changes: tuple[Change, ...]
    answers: tuple[RowChange, ...] = ()
    asked: bool = False

    def __bool__(self) -> bool:
        return bool(self.changes or self.answers or self.rules)

    @cached_property
    def rules(self) -> dict[str, str]:
        """The axioms and shortcuts that differ, each `removed`, `added` or `changed`."""
        old, new = self.before.rules, self.after.rules
        found = dict.fromkeys(old.keys() - new.keys(), REMOVED) | dict.fromkeys(
            new.keys() - old.keys(), ADDED
        )
        found |= {name: CHANGED for name in old.keys() & new.keys() if old[name] != new[name]}
        return dict(sorted(found.items()))

    @property
    def cases(self) -> tuple[list[str], list[str]]:
        """The ids of the cases that only the one or only the other has: gone, come."""
        old, new = (_cases(state) for state in (self.before, self.after))
        return sorted(old - new), sorted(new - old)

    @property
    def units(self) -> list[Unit]:
        """The changes, those of a case that came or went together."""
        return _units(self.changes, {f"case/{id}" for part in self.cases for id in part})


def _cases(state: State) -> set[str]:
    groups = {group_of(t.subject, state.workspace) for t in state.triples if isinstance(t.subject, NamedNode)}
    return {group.removeprefix("case/") for group in groups if group.startswith("case/")}


def _units(changes: Sequence[Change], whole: set[str]) -> list[Unit]:
    together: dict[object, list[Change]] = {}
    for at, change in enumerate(changes):
        together.setdefault(change.group if change.group in whole else at, []).append(change)
    return [tuple(unit) for unit in together.values()]


def compare(
    before: State, after: State, asked: Iterable[Question] = (), progress: Progress = lambda _: None
) -> Difference:
    """What differs between two states, and which answers to the questions `asked` do.

    Where one of them has no named graphs, what follows is compared too: it cannot be told apart.

    :raises DefinitionError: if a question cannot be asked.
    """
    merged = before.merged or after.merged
    old, new = ((s.all_triples if merged else s.triples) for s in (before, after))
    progress("comparing statements")
    found = Difference(before, after, tuple(between(old, new, before.workspace)))
    if not found.changes and not found.rules:
        return found
    rows: list[RowChange] = []
    for question in (asked := list(asked)):
        progress(f"asking {question.name}")
        rows += _rows(before, after, question)
    if rows and len(rows) <= MOST and not merged:
        progress("looking for causes")
        rows = _with_causes(rows, found)
    return Difference(before, after, found.changes, tuple(rows), bool(asked))


def _rows(before: State, after: State, question: Question) -> list[RowChange]:
    """The rows that only one of the two answers has, in the order of the answers; lost ones first."""
    names = before.workspace.names
    old, new = (rows_of(questions.ask(question, s.store, names)) for s in (before, after))
    lost = [RowChange(question, row, added=False) for row in old if row not in new]
    return lost + [RowChange(question, row, added=True) for row in new if row not in old]


def _with_causes(rows: list[RowChange], found: Difference) -> list[RowChange]:
    trial, units = Trial(found.before, found.after), found.units
    return [
        RowChange(one.question, one.row, one.added, trial.cause(one.question, one.row, units)) for one in rows
    ]
