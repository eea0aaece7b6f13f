"""Where many things are written in a file of N-Triples: it is gone through once for all of them.

What is looked for is said as the file nearly always says it, with one space between the parts: a statement as
`SUBJECT PROPERTY OBJECT`, a property of a node as `SUBJECT PROPERTY`, a node as `SUBJECT`. No two of these
are the same. A statement that is not found so is looked for in each line about its node, however that is
written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
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
        self._found: dict[bytes, list[Place]] = {}

    def go(
        self, statements: Collection[bytes], pairs: Collection[bytes], nodes: Collection[bytes]
    ) -> Mapping[bytes, tuple[Place, ...]]:
        """The places of all of these that are there; of a node the first one."""
        if statements or nodes:
            self._plainly(statements, set(nodes))
        if left := {key for key in statements if key not in self._found}:
            self._closely(left, {key.partition(b" ")[0] for key in left}, "o")
        if pairs:
            self._closely(set(pairs), {key.partition(b" ")[0] for key in pairs}, "p")
        return {key: tuple(places) for key, places in self._found.items()}

    def _note(self, key: bytes, number: int, column: int) -> None:
        self._found.setdefault(key, []).append(Place(self._path, number, column))

    def _plainly(self, statements: Collection[bytes], nodes: set[bytes]) -> None:
        """Look for lines as they are nearly always written."""
        wanted = {key + b" ." for key in statements}
        for block, number in self._blocks():
            lines = block.removesuffix(b"\n").split(b"\n")
            told = zip(count(number), lines, strict=False)
            for at, line in compress(told, map(wanted.__contains__, lines)):
                head = line.split(b" ", 2)
                self._note(line[:-2], at, _length(head[0]) + _length(head[1]) + 3)
            if nodes:
                self._firsts(lines, number, nodes)

    def _firsts(self, lines: list[bytes], number: int, nodes: set[bytes]) -> None:
        """Note the first line about each of the nodes, which are then no longer looked for."""
        subjects = [line[: line.find(b" ")] for line in lines]
        numbers = range(number + len(lines) - 1, number - 1, -1)
        first = dict(zip(reversed(subjects), numbers, strict=True))
        found = {node: (first[node], 1) for node in first.keys() & nodes}
        if _ODD.search(b"\n".join(first)):
            for at, (subject, line) in enumerate(zip(subjects, lines, strict=True), number):
                if _ODD.search(subject) and (match := _LINE.match(line)) and match["s"] in nodes:
                    here = (at, _length(line[: match.start("s")]) + 1)
                    found[match["s"]] = min(found.get(match["s"], here), here)
        for node, spot in found.items():
            self._note(node, *spot)
        nodes.difference_update(found)

    def _closely(self, wanted: set[bytes], nodes: set[bytes], part: str) -> None:
        """Look at each line about some nodes for statements (`part` is `o`), or for properties (`p`)."""
        props = {key.split(b" ", 2)[1] for key in wanted if b" " in key}
        for block, number in self._blocks():
            if not any(prop in block for prop in props):
                continue
            for at, line in enumerate(block.split(b"\n"), number):
                subject = line[: line.find(b" ")]
                if subject not in nodes and not _ODD.search(subject):
                    continue
                match = _LINE.match(line)
                if match and match["p"] in props:
                    for key in _keys(match, part):
                        if key in wanted:
                            self._note(key, at, _length(line[: match.start(part)]) + 1)
                            break


def _keys(match: re.Match[bytes], part: str) -> Iterator[bytes]:
    """What a line says, as it is looked for: its property, or its statement."""
    head = b"%b %b" % (match["s"], match["p"])
    if part == "p":
        yield head
    elif known := _OBJECT.match(match["o"]):
        yield b"%b %b" % (head, known[1])
        if b"\\" in known[1]:
            yield from (b"%b %b" % (head, str(value).encode()) for value in _values(known[1]))


def _values(text: bytes) -> Iterator[object]:
    try:
        yield from (quad.object for quad in ox.parse(b"<urn:x> <urn:x> %b ." % text, RdfFormat.N_TRIPLES))
    except SyntaxError:
        return


def _length(text: bytes) -> int:
    """How many characters a text has."""
    return len(text) if text.isascii() else len(text.decode(errors="replace"))
