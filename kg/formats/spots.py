"""Where many things are written in a file of N-Triples: it is gone through once for all of them.

What is looked for is said as the file nearly always says it, with one space between the parts: a statement as
`SUBJECT PROPERTY OBJECT .`, a property of a node as `SUBJECT PROPERTY`, a node as `SUBJECT`. No two of these
are the same. A statement that is not found so is looked for in each line about its node, however that is
written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import count

import pyoxigraph as ox
from pyoxigraph import RdfFormat

from kg.places import Place, Wanted

Numbers = dict[bytes, int]
Blocks = Callable[[], Iterator[tuple[bytes, int]]]
"""The text of a file by whole lines, and the number of the first line of each part."""

_LINE = re.compile(rb"[ \t]*(?P<s><[^>\r\n]*>|_:[^\s<]+)(?:[ \t]*(?P<p><[^>]+>)[ \t]*(?P<o>.*))?", re.DOTALL)
OBJECT = re.compile(
    rb'(<[^>]*>|_:[^\s<]+?|"(?:[^"\\]|\\.)*+"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?)[ \t]*\.', re.DOTALL
)
_ODD = re.compile(rb"\t|><|^(?!<|_:)|^_:[^\n]*<", re.MULTILINE)


class Search:
    """A search through the lines of the file at `path`."""

    def __init__(self, path: str, blocks: Blocks) -> None:
        self._path, self._blocks = path, blocks
        self._found: list[tuple[int, Place]] = []

    def go(self, wanted: Wanted) -> list[tuple[int, Place]]:
        """The places of all of these that are there, each with its number; of a node the first one."""
        said, left = wanted.statements, dict(wanted.nodes)
        about = _by_property(wanted.pairs)
        for block, number in self._blocks():
            lines = block.removesuffix(b"\n").split(b"\n")
            if said:
                self._plainly(lines, number, said)
            self._closely(block, lines, number, about, "p")
            if left:
                self._firsts(lines, number, left)
        numbers = {number for number, _ in self._found} if said else ()
        if about := _by_property({key: at for key, at in said.items() if at not in numbers}):
            for block, number in self._blocks():
                lines = block.removesuffix(b"\n").split(b"\n")
                self._closely(block, lines, number, about, "o")
        return self._found

    def _plainly(self, lines: list[bytes], number: int, wanted: Mapping[bytes, int]) -> None:
        """Look for statements as they are nearly always written."""
        path, make = self._path, tuple.__new__
        told = zip(map(wanted.get, lines), lines, count(number), strict=False)
        self._found += [
            (key, make(Place, (path, at, _value(line)))) for key, line, at in told if key is not None
        ]

    def _firsts(self, lines: list[bytes], number: int, nodes: dict[bytes, int]) -> None:
        """Note the first line about each of the nodes, which are then no longer looked for."""
        heads: list[tuple[bytes, int]] = []
        same = b"\n"
        for at, line in enumerate(lines, number):
            if not line.startswith(same):  # mostly all that is said of a node stands together
                subject = line[: line.find(b" ")]
                heads.append((subject, at))
                same = subject + b" " if subject else b"\n"
        path, make, pop = self._path, tuple.__new__, nodes.pop
        if _some_odd([subject for subject, _ in heads]):
            self._oddly(lines, number, nodes)
            return
        for subject, at in heads:
            if (key := pop(subject, None)) is not None:
                self._found.append((key, make(Place, (path, at, 1))))

    def _oddly(self, lines: list[bytes], number: int, nodes: dict[bytes, int]) -> None:
        """The same for lines of which some do not begin with their subject and a space."""
        for at, line in enumerate(lines, number):
            subject, column = line[: line.find(b" ")], 1
            if _ODD.search(subject) and (match := _LINE.match(line)):
                subject, column = match["s"], _length(line[: match.start("s")]) + 1
            if (key := nodes.pop(subject, None)) is not None:
                self._found.append((key, Place(self._path, at, column)))

    def _closely(
        self, block: bytes, lines: list[bytes], number: int, about: Mapping[bytes, Numbers], part: str
    ) -> None:
        """Look at the lines of some properties for statements (`part` is `o`), or for properties (`p`)."""
        for prop, wanted in about.items():
            if prop not in block:
                continue
            for at, line in enumerate(lines, number):
                if prop in line and (match := _LINE.match(line)) and match["p"] == prop:
                    for key in _keys(match, part):
                        if key in wanted:
                            place = Place(self._path, at, _length(line[: match.start(part)]) + 1)
                            self._found.append((wanted[key], place))
                            break


def _by_property(keys: Mapping[bytes, int]) -> dict[bytes, Numbers]:
    """What is looked for of each property."""
    found: dict[bytes, Numbers] = {}
    for key, number in keys.items():
        found.setdefault(key.split(b" ", 2)[1], {})[key] = number
    return found


def _some_odd(subjects: Collection[bytes]) -> bool:
    """Whether some of what stands before the first space of a line is no subject, or more than one."""
    text = b"\n".join(subjects)
    return text.count(b"\n<") + text.startswith(b"<") < len(subjects) or b"\t" in text or b"><" in text


def _keys(match: re.Match[bytes], part: str) -> Iterator[bytes]:
    """What a line says, as it is looked for: its property, or its statement."""
    head = b"%b %b" % (match["s"], match["p"])
    if part == "p":
        yield head
    elif known := OBJECT.match(match["o"]):
        yield b"%b %b ." % (head, known[1])
        if b"\\" in known[1]:
            yield from (b"%b %b ." % (head, str(value).encode()) for value in _values(known[1]))


def _values(text: bytes) -> Iterator[object]:
    try:
        yield from (quad.object for quad in ox.parse(b"<urn:x> <urn:x> %b ." % text, RdfFormat.N_TRIPLES))
    except SyntaxError:
        return


def _value(line: bytes) -> int:
    """The column of the value on a line that has single spaces."""
    at = line.find(b" ", line.find(b" ") + 1)
    return at + 2 if line.isascii() else _length(line[:at]) + 2


def _length(text: bytes) -> int:
    """How many characters a text has."""
    return len(text) if text.isascii() else len(text.decode(errors="replace"))
