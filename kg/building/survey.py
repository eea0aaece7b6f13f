"""Which cases there are, by digests alone: what has come, and what has gone since a build."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path

from pyoxigraph import NamedNode

from kg import cases
from kg.building.collecting import sign
from kg.building.lines import digest
from kg.building.reading import read_shared
from kg.building.where import KEPT, Where
from kg.cases import Swift, Values
from kg.errors import InputError
from kg.places import Place, Places, Term
from kg.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a case stands: a file, or a line of one with its number and the byte at which it begins."""

    path: Path
    number: int = 0
    start: int = 0
    line: bytes = b""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A case that has just been read: id, lines of N-Quads, and the shared nodes and sources used."""

    id: str
    lines: list[bytes]
    uses: frozenset[str]


def survey(paths: Collection[Path], known: Collection[str]) -> dict[str, Spot] | None:
    """The cases in the files at `paths` by their digests; None if one stands there twice.

    `known`: the digests of cases that need no second look; the lines of others are kept.

    :raises InputError: if a file cannot be read.
    """
    found: dict[str, Spot] = {}
    for path in paths:
        if path.suffix != ".jsonl":
            if found.setdefault(sign(path), spot := Spot(path)) is not spot:
                return None
            continue
        at, empty = 0, True
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    empty, mark = False, digest(line)
                    spot = Spot(path, number, at, b"" if mark in known else line)
                    if found.setdefault(mark, spot) is not spot:
                        return None
                at += len(line)
        if empty:
            return None
    return found


class Reader:
    """Reads cases that have come or changed."""

    def __init__(self, workspace: Workspace, values: Values) -> None:
        self._languages, self._values = workspace.languages, values
        self._swift = Swift(values)
        self._bases = tuple(f"<{base}" for base in self._swift.bases)

    def read(self, spot: Spot) -> Fresh:
        """The case at `spot`.

        :raises InputError: with all its faults.
        """
        if spot.line and (plain := self._swift.read(spot.line)):
            return Fresh(plain.id, [line.encode() for line in plain.lines], plain.uses)
        values = self._values
        if spot.line:
            document = cases.read_line(spot.line, spot.path, spot.number, values)
        else:
            reader = partial(cases.read, spot.path, values.ontology, values.names, values.known)
            document = reader(languages=self._languages)
        uses = {node for quad in document.quads if (node := str(quad.object)).startswith(self._bases)}
        lines = dict.fromkeys(f"{quad} .\n".encode() for quad in document.quads)
        return Fresh(document.id, list(lines), frozenset(uses))


class Whereabouts:
    """Where cases and what they share are written: a file is read again when somebody asks for it.

    `spots`: where each case stands, by its id.
    """

    def __init__(self, workspace: Workspace, values: Values, spots: Mapping[str, Spot]) -> None:
        self._workspace, self._values, self._spots = workspace, values, spots
        self._base = values.names.case("").value
        self._lines: dict[Path, Where] = {}
        self._case = lru_cache(maxsize=KEPT)(self._read)

    def look(self, node: Term, prop: Term | None, value: Term | None) -> Iterable[Place]:
        """Where just this is written, for `Places.add_file`."""
        if not isinstance(node, NamedNode):
            return ()
        if not node.value.startswith(self._base):
            return self._shared.at(node, prop, value)
        id = node.value.removeprefix(self._base).partition("/")[0]
        return self._case(id).at(node, prop, value) if id in self._spots else ()

    @cached_property
    def _shared(self) -> Places:
        return read_shared(self._workspace, self._values.ontology).places

    def _read(self, id: str) -> Places:
        spot, values = self._spots[id], self._values
        if spot.path.suffix == ".jsonl":
            where = self._lines.setdefault(spot.path, Where(spot.path, values))
            where.add(id, spot.number, spot.start)
            return where.places(id)
        try:
            reader = partial(cases.read, spot.path, values.ontology, values.names, values.known)
            return reader(languages=self._workspace.languages).places
        except InputError:  # the file is another one by now
            return Places()
