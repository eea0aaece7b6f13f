"""Where in the files something was written: for each node, property and value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple
Key = tuple[str, str | None, str | None]
Look = Callable[["Term", "Term | None", "Term | None"], "Iterable[Place]"]
"""Asked with a node, its property and the value of that: tells where just this is written.

It may have a method `expect`, which is told of many nodes before they are asked for.
"""


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

    _places: dict[Key, dict[Place, None]] = field(default_factory=lambda: defaultdict(dict))
    _files: dict[str, Look] = field(default_factory=dict)

    def add(self, place: Place, node: Term, prop: Term | None = None, value: Term | None = None) -> None:
        """Note that `node`, its `prop`, or that property's `value` is written at `place`."""
        key = (str(node), str(prop) if prop else None, str(value) if value else None)
        self._places[key][place] = None

    def add_file(self, path: str, look: Look) -> None:
        """Note that `look` tells what is written in the file `path`; it is asked when that is wanted."""
        self._files[path] = look

    def find(self, node: Term, prop: Term | None = None, value: Term | None = None) -> list[Place]:
        """The places of the value, else of the property, else of the node; empty where none is known."""
        for part in dict.fromkeys(((prop, value), (prop, None), (None, None))):
            if found := self.at(node, *part):
                return found
        return []

    def at(self, node: Term, prop: Term | None = None, value: Term | None = None) -> list[Place]:
        """The places of just this."""
        key = (str(node), str(prop) if prop else None, str(value) if value else None)
        found = dict(self._places.get(key, ()))
        for look in self._files.values():
            found |= dict.fromkeys(look(node, prop, value))
        return list(found)

    def expect(self, nodes: Iterable[Term]) -> None:
        """Have the files look for many nodes at once, each in one go, since they will be asked for."""
        if self._files and (wanted := set(nodes)):
            for look in self._files.values():
                if expect := getattr(look, "expect", None):
                    expect(wanted)

    def update(self, other: Places) -> None:
        """Take in all places of `other`."""
        for key, places in other._places.items():
            self._places[key] |= places
        self._files |= other._files

    def paths(self) -> frozenset[str]:
        """The files that the places are in."""
        known = (place.path for places in self._places.values() for place in places)
        return frozenset((*known, *self._files))
