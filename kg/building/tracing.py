"""The trace of a build: which rule gave each inferred triple, and in which round.

Sorted lines of subject, predicate, object, rule and round, with tabs between them. What a triple rests on is
asserted or of an earlier round.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping

from pyoxigraph import RdfFormat, Triple, parse

from kg.rules import Inferences, Step
from kg.sorted_lines import SortedLines


def lines_of(inferences: Inferences) -> Iterator[bytes]:
    """The lines of the trace of all that was inferred, in no order."""
    for batch in inferences.batches:
        yield from batch.lines(f"\t{batch.rule.name}\t{batch.round}\n".encode(), b"\t")


def _start(triple: Triple) -> str:
    return f"{triple.subject}\t{triple.predicate}\t{triple.object}\t"


def _line(triple: Triple, step: Step) -> bytes:
    return f"{_start(triple)}{step.rule}\t{step.round}\n".encode()


class Traced(MutableMapping[Triple, Step]):
    """The trace of a build, looked up in its file; changes are kept beside it."""

    def __init__(self, lines: SortedLines) -> None:
        self._lines = lines
        self._changes: dict[Triple, Step | None] = {}

    def __getitem__(self, triple: Triple) -> Step:
        step = self._changes[triple] if triple in self._changes else self._before(triple)
        if step is None:
            raise KeyError(triple)
        return step

    def __setitem__(self, triple: Triple, step: Step) -> None:
        self._changes[triple] = step

    def __delitem__(self, triple: Triple) -> None:
        self[triple]
        self._changes[triple] = None

    def __iter__(self) -> Iterator[Triple]:
        parts = (line.decode().split("\t") for line in self._lines.below(b"<"))
        for s, p, o, *_ in parts:
            quad = next(iter(parse(f"{s} {p} {o} .\n".encode(), RdfFormat.N_TRIPLES)))
            if quad.triple not in self._changes:
                yield quad.triple
        yield from (triple for triple, step in self._changes.items() if step)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _before(self, triple: Triple) -> Step | None:
        line = next(self._lines.below(_start(triple).encode()), None)
        if line is None:
            return None
        *_, rule, number = line.decode().rstrip("\n").split("\t")
        return Step(rule, int(number))

    def removed(self) -> Iterator[bytes]:
        """The lines that do not hold any more."""
        for triple in self._changes:
            if step := self._before(triple):
                yield _line(triple, step)

    def added(self) -> Iterator[bytes]:
        """The lines that hold now."""
        return (_line(triple, step) for triple, step in self._changes.items() if step)
