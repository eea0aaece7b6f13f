"""Where in the files something was written: for each node, property and value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from operator import add
from typing import NamedTuple, Protocol, cast, runtime_checkable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple
Key = tuple[str, str | None, str | None]
Found = dict[int, "tuple[Place, ...]"]
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
    prop: NamedNode | None = None
    values: Sequence[Term | None] | None = None
    texts: Sequence[str] = ()

    def spots(self) -> Iterator[tuple[Term, Term | None, Term | None]]:
        """Node, property and value of each."""
        values = [None] * len(self.nodes) if self.values is None else self.values
        return ((node, self.prop, value) for node, value in zip(self.nodes, values, strict=True))


class Wanted:
    """What is looked for, in the words of N-Triples with single spaces, and the number of each.

    `statements` are `NODE PROPERTY VALUE .`, `pairs` are `NODE PROPERTY`; no two of all have the same number.
    """

    def __init__(self) -> None:
        self.statements: dict[bytes, int] = {}
        self.pairs: dict[bytes, int] = {}
        self.nodes: dict[bytes, int] = {}
        self._next = 0

    def __bool__(self) -> bool:
        """Whether anything is."""
        return self._next > 0

    def add(self, to: dict[bytes, int], words: Sequence[bytes]) -> list[int]:
        """Look for more of a kind: their numbers, the same for the same words."""
        numbers = list(map(to.setdefault, words, count(self._next)))
        self._next += len(words)
        return numbers

    def mapped(self, change: Callable[[bytes], bytes]) -> Wanted:
        """The same in other words, without what they turn to nothing."""
        other = Wanted()
        for old, new in zip(self.kinds, other.kinds, strict=True):
            new.update((words, number) for key, number in old.items() if (words := change(key)))
        return other

    @property
    def kinds(self) -> tuple[dict[bytes, int], dict[bytes, int], dict[bytes, int]]:
        """Nodes, pairs and statements."""
        return self.nodes, self.pairs, self.statements

    def among(self, known: Iterable[tuple[bytes, Place]]) -> Iterator[tuple[int, Place]]:
        """What of some words with their places is wanted."""
        kinds = self.kinds
        return ((kind[words], place) for words, place in known for kind in kinds if words in kind)


@runtime_checkable
class Wholesale(Protocol):
    """A `Look` that can be asked for many things at once, in the words of N-Triples."""

    def all(self, wanted: Wanted) -> Iterable[tuple[int, Place]]:
        """The numbers of what is written here, and where; several times what stands in several places."""

    def uses(self, prop: NamedNode) -> bool:
        """Whether a property may be written here."""


class _Column:
    """Nodes that are asked for; of their property only where that `is_said` anywhere.

    `left` are those of which no value is found, or who have none.
    """

    def __init__(self, asked: Asked, is_said: bool) -> None:
        self.asked = asked
        self.prop = str(asked.prop).encode() if is_said else b""
        self.texts = asked.texts or list(map(str, asked.nodes))
        self.nodes = list(map(str.encode, self.texts))
        self.left: Sequence[int] = range(len(self.nodes))
        self.found: list[tuple[Place, ...]] = [()] * len(self.nodes)

    def ask_values(self, wanted: Wanted) -> Sequence[int]:
        """Look for the statements of those that have a value; their numbers, -1 for the others."""
        values, ends = self.asked.values or (), _Ends(self.prop)
        if not self.prop or all(value is None for value in values):
            return ()
        said = list(map(add, self.nodes, map(ends.__getitem__, values)))
        if None not in ends:
            return wanted.add(wanted.statements, said)
        numbers = iter(wanted.add(wanted.statements, [s for s, v in zip(said, values, strict=True) if v]))
        return [-1 if value is None else next(numbers) for value in values]

    def take_values(self, found: Found, numbers: Sequence[int]) -> None:
        """Take what is found of the values."""
        self.found = [found.get(number, ()) for number in numbers]
        self.left = [at for at, places in enumerate(self.found) if not places]

    def ask_rest(self, wanted: Wanted) -> tuple[list[int], list[int]]:
        """Look for the properties, and the nodes, of those that are left; their numbers."""
        nodes = [self.nodes[at] for at in self.left]
        pairs = [b"%b %b" % (node, self.prop) for node in nodes] if self.prop else []
        return wanted.add(wanted.pairs, pairs), wanted.add(wanted.nodes, nodes)

    def take_rest(self, found: Found, numbers: tuple[list[int], list[int]]) -> None:
        """Take what is found of them: the place of the property, else of the node."""
        pairs, nodes = ([found.get(number, ()) for number in each] for each in numbers)
        for at, own, node in zip(self.left, pairs or nodes, nodes, strict=True):
            self.found[at] = own or node


class _Ends(dict["Term | None", bytes]):
    """What stands behind the node in a statement with a value: many nodes have the same."""

    def __init__(self, prop: bytes) -> None:
        self._prop = prop

    def __missing__(self, value: Term | None) -> bytes:
        text = self[value] = b"" if value is None else b" %b %b ." % (self._prop, str(value).encode())
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
        columns = [_Column(each, self._is_said(each.prop, looks)) for each in asked]
        wanted, noted = Wanted(), self._noted(columns)
        values = [column.ask_values(wanted) for column in columns]
        bare = [(c, c.ask_rest(wanted)) for c, numbers in zip(columns, values, strict=True) if not numbers]
        found = self._found(wanted, noted, looks)
        for column, rest in bare:
            column.take_rest(found, rest)
        then, others = Wanted(), []
        for column, numbers in zip(columns, values, strict=True):
            if numbers:
                column.take_values(found, numbers)
                others.append((column, column.ask_rest(then)))
        found = self._found(then, noted, looks)
        for column, rest in others:
            column.take_rest(found, rest)
        return [column.found for column in columns]

    def _is_said(self, prop: NamedNode | None, looks: Iterable[Wholesale]) -> bool:
        """Whether a property may be written anywhere."""
        if prop is None:
            return False
        known = str(prop)
        return any(look.uses(prop) for look in looks) or any(known == key[1] for key in self._places)

    @staticmethod
    def _found(wanted: Wanted, noted: Iterable[tuple[bytes, Place]], looks: Iterable[Wholesale]) -> Found:
        """All places of what is wanted, by its number; `noted` are those that no file has to be asked for."""
        found: Found = {}
        for number, place in chain(wanted.among(noted), *(look.all(wanted) for look in looks if wanted)):
            if number not in found:
                found[number] = (place,)
            elif place not in found[number]:
                found[number] = (*found[number], place)
        return found

    def _noted(self, columns: Iterable[_Column]) -> list[tuple[bytes, Place]]:
        """What is noted here of the nodes, in the words of N-Triples."""
        if not self._places:
            return []
        nodes = set(chain.from_iterable(column.texts for column in columns))
        said = ((key, places) for key, places in self._places.items() if key[0] in nodes)
        return [(_words(*key), place) for key, places in said for place in places]

    def update(self, other: Places) -> None:
        """Take in all places of `other`."""
        for key, places in other._places.items():
            self._places[key] |= places
        self._files |= other._files

    def paths(self) -> frozenset[str]:
        """The files that the places are in."""
        known = (place.path for places in self._places.values() for place in places)
        return frozenset((*known, *self._files))


def _words(node: str, prop: str | None, value: str | None) -> bytes:
    """A node, a property of it or a statement, in the words of N-Triples."""
    return " ".join(filter(None, (node, prop, value, value and "."))).encode()
