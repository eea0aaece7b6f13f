"""Where in the files something was written: for each node, property and value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple, Protocol, cast, runtime_checkable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple
Key = tuple[str, str | None, str | None]
Found = Mapping[bytes, "tuple[Place, ...]"]
Look = Callable[["Term", "Term | None", "Term | None"], "Iterable[Place]"]
"""Asked with a node, its property and the value of that: tells where just this is written.

It may have a method `expect`, which is told of many nodes before they are asked for.
"""


FEW = 10_000
"""How many things are looked for one by one, after the files have been told of their nodes."""


class Place(NamedTuple):
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


class Asked(NamedTuple):
    """Nodes of which the places are wanted: those of their property `prop`, with the value of each.

    `texts` are the nodes in the words of N-Triples, where those are known.
    """

    nodes: Sequence[Term]
    prop: Term | None = None
    values: Sequence[Term | None] | None = None
    texts: Sequence[str] = ()

    def spots(self) -> Iterator[tuple[Term, Term | None, Term | None]]:
        """Node, property and value of each."""
        values = [None] * len(self.nodes) if self.values is None else self.values
        return ((node, self.prop, value) for node, value in zip(self.nodes, values, strict=True))


@runtime_checkable
class Wholesale(Protocol):
    """A `Look` that can be asked for many things at once, in the words of N-Triples."""

    def all(
        self, statements: Collection[bytes], pairs: Collection[bytes], nodes: Collection[bytes]
    ) -> Mapping[bytes, tuple[Place, ...]]:
        """Where these are written: `NODE PROPERTY VALUE .`, `NODE PROPERTY`, `NODE`, with single spaces."""


class _Column:
    """Nodes that are asked for, in the words of N-Triples: `forms` are statements, pairs and nodes."""

    def __init__(self, asked: Asked) -> None:
        texts = _Texts()
        self.asked, prop = asked, texts[asked.prop]
        self.texts = asked.texts or list(map(str, asked.nodes))
        nodes = [text.encode() for text in self.texts]
        pairs = [b"%b %b" % (node, prop) for node in nodes] if prop else [b""] * len(nodes)
        statements = [b""] * len(nodes)
        if prop and asked.values is not None:
            values = map(texts.__getitem__, asked.values)
            statements = [value and b"%b %b ." % (p, value) for p, value in zip(pairs, values, strict=True)]
        self.forms = statements, pairs, nodes

    def keys(self, known: Collection[str]) -> Iterator[tuple[bytes, Key]]:
        """All words for those of the nodes that are `known`, each with the key that it has in `Places`."""
        prop = str(self.asked.prop) if self.asked.prop else None
        values = self.asked.values or [None] * len(self.texts)
        for text, value, forms in zip(self.texts, values, zip(*self.forms, strict=True), strict=True):
            if text in known:
                said = None if value is None else str(value)
                yield from zip(
                    forms, ((text, prop, said), (text, prop, None), (text, None, None)), strict=True
                )

    def first(self) -> tuple[Iterable[bytes], Iterable[bytes], Iterable[bytes]]:
        """What is looked for first: the properties of those without a value, and all nodes in any case."""
        statements, pairs, nodes = self.forms
        return statements, (p for p, s in zip(pairs, statements, strict=True) if not s), nodes

    def then(self, found: Found) -> Iterator[bytes]:
        """The properties of those whose value is not found."""
        return (p for s, p in zip(*self.forms[:2], strict=True) if s and s not in found)

    def places(self, found: Found) -> list[tuple[Place, ...]]:
        """Of each the places of its value, else of its property, else of the node."""
        out: list[tuple[Place, ...]] = [()] * len(self.texts)
        for form in self.forms:
            out = [places or found.get(key, ()) for places, key in zip(out, form, strict=True)]
        return out


class _Texts(dict["Term | None", bytes]):
    """Terms in the words of N-Triples: many nodes have the same values."""

    def __missing__(self, term: Term | None) -> bytes:
        text = self[term] = b"" if term is None else str(term).encode()
        return text


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

    def find_all(self, asked: Sequence[Asked]) -> list[list[tuple[Place, ...]]]:
        """What `find` gives for each node of all that are `asked` for: a large file is gone through once."""
        looks = cast(
            "list[Wholesale]", [look for look in self._files.values() if isinstance(look, Wholesale)]
        )
        if len(looks) < len(self._files) or sum(len(each.nodes) for each in asked) < FEW:
            self.expect(node for each in asked for node in each.nodes)
            return [[tuple(self.find(*spot)) for spot in each.spots()] for each in asked]
        columns = list(map(_Column, asked))
        found = self._found(columns)
        first = [set(filter(None, chain(*each))) for each in zip(*(c.first() for c in columns), strict=True)]
        _merge(found, (look.all(*first) for look in looks))
        if looks and (then := {pair for column in columns for pair in column.then(found)}):
            _merge(found, (look.all((), then, ()) for look in looks))
        return [column.places(found) for column in columns]

    def _found(self, columns: Sequence[_Column]) -> dict[bytes, tuple[Place, ...]]:
        """What is noted here of all that is asked for."""
        known = {node for node, _, _ in self._places}
        spots = chain.from_iterable(column.keys(known) for column in columns)
        return {key: tuple(places) for key, spot in spots if key and (places := self._places.get(spot))}

    def update(self, other: Places) -> None:
        """Take in all places of `other`."""
        for key, places in other._places.items():
            self._places[key] |= places
        self._files |= other._files

    def paths(self) -> frozenset[str]:
        """The files that the places are in."""
        known = (place.path for places in self._places.values() for place in places)
        return frozenset((*known, *self._files))


def _merge(found: dict[bytes, tuple[Place, ...]], others: Iterable[Found]) -> None:
    """Put together what is found in several files."""
    for other in others:
        for key, places in other.items():
            found[key] = tuple(dict.fromkeys((*found[key], *places))) if key in found else places
