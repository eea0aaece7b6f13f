"""Where many things are written in a file of N-Triples: it is gone through once for all of them.

What is looked for is said as the file nearly always says it, with one space between the parts: a statement as
`SUBJECT PROPERTY OBJECT .`, a property of a node as `SUBJECT PROPERTY`, a node as `SUBJECT`. No two of these
are the same. A statement that is not found so is looked for in each line about its node, however that is
written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from itertools import compress, count

import pyoxigraph as ox
from pyoxigraph import RdfFormat

from kg.places import Place

Blocks = Callable[[], Iterator[tuple[bytes, int]]]
"""The text of a file by whole lines, and the number of the first line of each part."""

_LINE = re.compile(rb"[ \t]*(?P<s><[^>\r\n]*>|_:[^\s<]+)(?:[ \t]*(?P<p><[^>]+>)[ \t]*(?P<o>.*))?", re.DOTALL)
_OBJECT = re.compile(
    rb'(<[^>]*>|_:[^\s<]+?|"(?:[^"\\]|\\.)*+"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?)[ \t]*\.', re.DOTALL
)
_ODD = re.compile(rb"\t|><|^(?!<|_:)|^_:[^\n]*<", re.MULTILINE)


class Search:
    """A search through the lines of the file at `path`."""

    def __init__(self, path: str, blocks: Blocks) -> None:
        self._path, self._blocks = path, blocks
        self._found: dict[bytes, tuple[Place, ...]] = {}

    def go(
        self, statements: Collection[bytes], pairs: Collection[bytes], nodes: Collection[bytes]
    ) -> Mapping[bytes, tuple[Place, ...]]:
        """The places of all of these that are there; of a node the first one."""
        said, left = set(statements), set(nodes)
        about = _by_property(pairs)
        for block, number in self._blocks():
            lines = block.removesuffix(b"\n").split(b"\n")
            if said:
                self._plainly(lines, number, said)
            self._closely(block, lines, number, about, "p")
            if left:
                self._firsts(lines, number, left)
        if about := _by_property(said.difference(self._found)):
            for block, number in self._blocks():
                lines = block.removesuffix(b"\n").split(b"\n")
                self._closely(block, lines, number, about, "o")
        return self._found

    def _note(self, key: bytes, number: int, column: int) -> None:
        place = Place(self._path, number, column)
        self._found[key] = (*self._found[key], place) if key in self._found else (place,)

    def _plainly(self, lines: list[bytes], number: int, wanted: set[bytes]) -> None:
        """Look for statements as they are nearly always written."""
        found, path, make = self._found, self._path, tuple.__new__
        told = zip(count(number), lines, strict=False)
        for at, line in compress(told, map(wanted.__contains__, lines)):
            column = line.find(b" ", line.find(b" ") + 1) + 2
            if line not in found and line.isascii():
                found[line] = (make(Place, (path, at, column)),)
            else:
                self._note(line, at, _length(line[: column - 1]) + 1)

    def _firsts(self, lines: list[bytes], number: int, nodes: set[bytes]) -> None:
        """Note the first line about each of the nodes, which are then no longer looked for."""
        subjects = [line[: line.find(b" ")] for line in lines]
        numbers = range(number + len(lines) - 1, number - 1, -1)
        first = dict(zip(reversed(subjects), numbers, strict=True))
        found = {node: (first[node], 1) for node in first.keys() & nodes}
        if _some_odd(first.keys()):
            for at, (subject, line) in enumerate(zip(subjects, lines, strict=True), number):
                if _ODD.search(subject) and (match := _LINE.match(line)) and match["s"] in nodes:
                    here = (at, _length(line[: match.start("s")]) + 1)
                    found[match["s"]] = min(found.get(match["s"], here), here)
        path = self._path
        self._found |= {node: (Place(path, *spot),) for node, spot in found.items()}
        nodes.difference_update(found)

    def _closely(
        self, block: bytes, lines: list[bytes], number: int, about: Mapping[bytes, set[bytes]], part: str
    ) -> None:
        """Look at the lines of some properties for statements (`part` is `o`), or for properties (`p`)."""
        for prop, wanted in about.items():
            if prop not in block:
                continue
            for at, line in enumerate(lines, number):
                if prop in line and (match := _LINE.match(line)) and match["p"] == prop:
                    for key in _keys(match, part):
                        if key in wanted:
                            self._note(key, at, _length(line[: match.start(part)]) + 1)
                            break


def _by_property(keys: Iterable[bytes]) -> dict[bytes, set[bytes]]:
    """What is looked for of each property."""
    found: dict[bytes, set[bytes]] = {}
    for key in keys:
        found.setdefault(key.split(b" ", 2)[1], set()).add(key)
    return found


def _some_odd(subjects: Set[bytes]) -> bool:
    """Whether some of what stands before the first space of a line is no subject, or more than one."""
    text = b"\n".join(subjects)
    return text.count(b"\n<") + text.startswith(b"<") < len(subjects) or b"\t" in text or b"><" in text


def _keys(match: re.Match[bytes], part: str) -> Iterator[bytes]:
    """What a line says, as it is looked for: its property, or its statement."""
    head = b"%b %b" % (match["s"], match["p"])
    if part == "p":
        yield head
    elif known := _OBJECT.match(match["o"]):
        yield b"%b %b ." % (head, known[1])
        if b"\\" in known[1]:
            yield from (b"%b %b ." % (head, str(value).encode()) for value in _values(known[1]))


def _values(text: bytes) -> Iterator[object]:
    try:
        yield from (quad.object for quad in ox.parse(b"<urn:x> <urn:x> %b ." % text, RdfFormat.N_TRIPLES))
    except SyntaxError:
        return


def _length(text: bytes) -> int:
    """How many characters a text has."""
    return len(text) if text.isascii() else len(text.decode(errors="replace"))
