"""What is asserted: quads at hand, and lines of N-Quads by the million, which lie on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg import about, rules
from kg.errors import InputError
from kg.places import Place
from kg.runs import Runs

BATCH = 20_000
"""How many quads are turned to text at once."""


class Statements:
    """Asserted quads, each once or more; `at_hand` are those that are held in memory.

    >>> a, p, g = (NamedNode(f"urn:{name}") for name in "apg")
    >>> found = Statements([Quad(a, p, p, g)])
    >>> found.take(b"<urn:a> <urn:p> <urn:b> <urn:g> .\\n", [g], [p])
    >>> len(found), sorted(quad.object.value for quad in found), found.terms
    (2, ['urn:b', 'urn:p'], {<NamedNode value=urn:p>})
    """

    def __init__(self, quads: Iterable[Quad] = (), folder: Path | None = None) -> None:
        self.at_hand = list(quads)
        self.runs: Runs | None = None
        self._folder = folder
        self._graphs: set[NamedNode] = set()
        self._terms: set[NamedNode] = set()

    def __iter__(self) -> Iterator[Quad]:
        yield from self.at_hand
        if self.runs:
            for block in self.runs.blocks():
                yield from parse(block, RdfFormat.N_QUADS)

    def __len__(self) -> int:
        return len(self.at_hand) + (self.runs.lines if self.runs else 0)

    def __iadd__(self, quads: Iterable[Quad]) -> Statements:
        self.at_hand += quads
        return self

    def take(self, lines: bytes, graphs: Iterable[NamedNode], terms: Iterable[NamedNode]) -> None:
        """Take in sorted lines of N-Quads: the named graphs that they are in, and the terms that they use.

        :raises InputError: if there is no room for them.
        """
        try:
            if self.runs is None:
                self.runs = Runs(self._folder)
            self.runs.add(lines)
        except OSError as exc:
            raise _no_room(self._folder, exc) from exc
        self._graphs.update(graphs)
        self._terms.update(terms)

    @property
    def graphs(self) -> set[NamedNode]:
        """The named graphs."""
        found = {quad.graph_name for quad in self.at_hand}
        return {graph for graph in found if isinstance(graph, NamedNode)} | self._graphs

    @property
    def terms(self) -> set[NamedNode]:
        """The properties and classes in use."""
        return about.terms(self.at_hand) | self._terms

    def data(self) -> Iterable[Quad] | rules.Lines:
        """All of it as rules read it quickest."""
        return rules.Lines(self.blocks()) if self.runs else self.at_hand

    def blocks(self) -> Iterator[bytes]:
        """All of it as N-Quads, some megabytes of whole lines at once."""
        for some in self._batches():
            yield "".join(f"{quad} .\n" for quad in some).encode()
        if self.runs:
            yield from self.runs.blocks()

    def triples(self) -> Iterator[bytes]:
        """The same as N-Triples."""
        for some in self._batches():
            yield "".join(f"{quad.triple} .\n" for quad in some).encode()
        if self.runs:
            yield from map(triples, self.runs.blocks())

    def _batches(self) -> Iterator[list[Quad]]:
        return (self.at_hand[at : at + BATCH] for at in range(0, len(self.at_hand), BATCH))


def triples(quads: bytes, but: bytes = b"\n\n") -> bytes:
    """Lines of N-Quads, all in named graphs, as N-Triples, `but` for those with that end.

    >>> triples(b"<urn:a> <urn:p> <urn:b> <urn:g> .\\n<urn:a> <urn:p> <urn:c> <urn:h> .\\n", b" <urn:h> .\\n")
    b'<urn:a> <urn:p> <urn:b> .\\n'
    """
    lines = quads.splitlines(keepends=True)
    return b" .\n".join([*(line[: line.rindex(b" <")] for line in lines if not line.endswith(but)), b""])


def _no_room(folder: Path | None, exc: OSError) -> InputError:
    what = f"there is no room for what is read: {exc.strerror}"
    place = Place(str(folder)) if folder else None
    return InputError.at(place, what, "make room; the last good build, if there is one, is kept")
