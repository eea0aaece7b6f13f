"""Where in the files something was written: for each node, property and value."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple
Key = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A file with a line and a column, both counted from 1; 0 where the format has none.

    >>> str(Place("a.yaml", 3, 5)), str(Place("a.ttl"))
    ('a.yaml:3:5', 'a.ttl')
    """

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"


@dataclass(slots=True)
class Places:
    """All places of nodes, of their properties and of their values.

    Keys are the N-Triples forms of the terms, so that `7` and `"7"` stay apart.
    One thing may be written in several places (an evidence span that two nodes share).
    """

    _places: dict[Key, list[Place]] = field(default_factory=lambda: defaultdict(list))

    def add(self, place: Place, node: Term, prop: Term | None = None, value: Term | None = None) -> None:
        """Note that `node`, its `prop`, or that property's `value` is written at `place`."""
        key = (str(node), str(prop) if prop else None, str(value) if value else None)
        if place not in self._places[key]:
            self._places[key].append(place)

    def find(self, node: Term, prop: Term | None = None, value: Term | None = None) -> list[Place]:
        """The places of the value, else of the property, else of the node; empty where none is known."""
        n, p, v = str(node), str(prop) if prop else None, str(value) if value else None
        for key in ((n, p, v), (n, p, None), (n, None, None)):
            if found := self._places.get(key):
                return list(found)
        return []

    def update(self, other: Places) -> None:
        """Take in all places of `other`."""
        for key, places in other._places.items():
            mine = self._places[key]
            mine.extend(p for p in places if p not in mine)

    def paths(self) -> frozenset[str]:
        """The files that the places are in."""
        return frozenset(place.path for places in self._places.values() for place in places)

    def __len__(self) -> int:
        return len(self._places)
