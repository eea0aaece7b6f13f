"""N-Triples line by line, as a stream: a file of any size in little memory, a broken line told by itself.

Places are looked for when they are asked for: the first few in the file itself, for more of them it is gone
through once.
"""

from __future__ import annotations

import mmap
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple, TypeVar, cast, overload

import pyoxigraph as ox
from pyoxigraph import BlankNode, Quad, RdfFormat

from kg.errors import Fault, InputError
from kg.formats import guards
from kg.formats.reading import decode
from kg.formats.wording import fault
from kg.places import Place, Term

CHUNK = 2**22
"""How many bytes are parsed at once."""

BLOCK = 2**16
"""Of how many bytes the lines are counted together."""

HEAD = 2**16
"""How many bytes show whether a file is a text at all."""

FEW = 20
"""For how many nodes the file is searched before it is gone through as a whole."""

MOST = 1000
"""How many broken lines are told."""

_NT = RdfFormat.N_TRIPLES
_TURTLE_ONLY = re.compile(rb"\s*(?:@prefix|@base|prefix|base)\s", re.IGNORECASE)
_QUOTED = re.compile(rb'\\"[^"\n]*"\^\^<')
_CONTROLS = bytes({*range(32)} - {9, 10, 13})
_ESCAPED = re.compile(rb"\\[bf]|\\u00[01]|\\u[Ff][Ff][Ff]")
_PARTS = re.compile(rb"[ \t]*+(?P<s><[^>]*+>|_:[^\s<]++)[ \t]*+(?P<p><[^>]*+>)[ \t]*+(?P<o>.*)")
_SUBJECT = re.compile(rb"^[ \t]*(<[^>\r\n]*>|_:[^\s<]+)", re.MULTILINE)


T = TypeVar("T")


class Block(NamedTuple):
    """Some lines, and the number of the first of them."""

    text: bytes
    number: int

    @property
    def is_bare(self) -> bool:
        """Whether there is a statement on each line, without blank nodes or quotes in what is no text."""
        text = b"\n" + self.text
        if b'\\"' in text and _QUOTED.search(text):
            return False
        return not any(mark in text for mark in (b"_:", b"\n\n", b"\n#", b"\n ", b"\n\t", b"\r"))

    def typed(self) -> set[tuple[bytes, bytes]]:
        """The datatypes of the text with the forms of their literals, as they are written."""
        return {
            (after[: after.find(b">")], before[before.rfind(b'"') + 1 :])
            for before, after in pairwise(self.text.split(b'"^^<'))
        }


@dataclass
class Lines:
    """The N-Triples file at `path`; `faults` are those of its lines, known when all quads have been given.

    `name` is prefixed to the names of its blank nodes, so that those of two files never meet. `controls` is
    whether a text may hold characters that XML cannot carry.
    """

    path: Path
    name: str = ""
    faults: list[Fault] = field(default_factory=list)
    controls: bool = False
    statements: int = 0

    def blocks(self) -> Iterator[Block]:
        """The text, some megabytes of whole lines at once.

        :raises InputError: if it cannot be opened.
        """
        self.faults.clear()
        self.statements, number = 0, 1
        with self.path.open("rb") as file:
            while text := file.read(CHUNK):
                text += file.readline()
                self.controls = self.controls or _has_controls(text)
                yield Block(text, number)
                number += text.count(b"\n")

    def took(self, block: Block) -> None:
        """Note that somebody else has read all statements of a block, one on each of its lines."""
        self.statements += block.text.count(b"\n") or 1

    def quads(self, block: Block) -> list[Quad]:
        """The statements of the lines of a block that can be read.

        :raises InputError: if it is no text, or not N-Triples at all.
        """
        found = self._named(self._parsed(block.text, block.number))
        self.statements += len(found)
        return found

    def _parsed(self, chunk: bytes, number: int) -> list[Quad]:
        """The quads of some lines, the first of them with a number."""
        try:
            return list(ox.parse(chunk, _NT))
        except SyntaxError:
            return list(self._one_by_one(chunk, number))
        except MemoryError as exc:
            raise guards.too_long(chunk.decode(errors="replace"), _NT, str(self.path)) from exc

    def _one_by_one(self, chunk: bytes, number: int) -> Iterator[Quad]:
        for at, line in enumerate(chunk.splitlines(keepends=True), number):
            if _TURTLE_ONLY.match(line):
                what, fix = "a prefix or base belongs to Turtle", "name the file .ttl or .trig"
                raise InputError.at(Place(str(self.path), at, 1), what, fix)
            try:
                yield from list(ox.parse(line, _NT))
            except SyntaxError as exc:
                if len(self.faults) < MOST:
                    self.faults.append(self._fault(exc, line, at))

    def _fault(self, exc: SyntaxError, line: bytes, number: int) -> Fault:
        try:
            return fault(exc, decode(line), str(self.path), number)
        except InputError as wrong:
            [told] = wrong.faults
            return replace(told, place=Place(str(self.path), number, told.place.column if told.place else 0))

    def _named(self, quads: list[Quad]) -> list[Quad]:
        if not self.name:
            return quads
        return [Quad(self._own(q.subject), q.predicate, self._own(q.object)) for q in quads]

    def _own(self, term: T) -> T:
        return cast("T", BlankNode(self.name + term.value)) if isinstance(term, BlankNode) else term

    # --- places --------------------------------------------------------------------------

    def __call__(self, node: Term, prop: Term | None = None, value: Term | None = None) -> list[Place]:
        """The places of just this; of a node the first one, since there are many."""
        subject = self._written(node)
        spots = self._spots(subject) if subject else []
        if prop is None:
            return [self._place(offset, number, "s") for offset, number in spots[:1]]
        wanted, end = str(prop).encode(), "p" if value is None else "o"
        return [
            self._place(offset, number, end)
            for offset, number in spots
            if self._says(offset, subject, wanted, value)
        ]

    def _written(self, node: Term) -> bytes:
        """How the file writes a node; empty if it is none of its."""
        if not isinstance(node, BlankNode):
            return str(node).encode()
        own = node.value.startswith(self.name)
        return f"_:{node.value.removeprefix(self.name)}".encode() if own else b""

    def _says(self, offset: int, subject: bytes, prop: bytes, value: Term | None) -> bool:
        """Whether the line at an offset has a property, with a value if one is given."""
        at = offset + len(subject)
        here = self._text[at : at + len(prop) + 2]
        if here[:2] == b" <" and here[1:-1] != prop:  # nearly all that are not meant
            return False
        line = self._line(offset)
        match = _PARTS.match(line)
        if match is None or match["p"] != prop:
            return False
        written = None if value is None else self._written(value)
        if written is None or (
            match["o"].startswith(written) and match["o"][len(written) :].lstrip().startswith(b".")
        ):
            return True
        return b"\\" in match["o"] and any(self._own(quad.object) == value for quad in ox.parse(line, _NT))

    def _line(self, offset: int) -> bytes:
        end = self._text.find(b"\n", offset)
        return self._text[offset : end if end >= 0 else len(self._text)].rstrip(b"\r")

    def _place(self, offset: int, number: int, part: str) -> Place:
        line = self._line(offset)
        match = _PARTS.match(line)
        column = match.start(part) if match else 0
        before = line[:column]
        column = column if before.isascii() else len(before.decode(errors="replace"))
        return Place(str(self.path), number or self._counted.number(offset), column + 1)

    @cached_property
    def _text(self) -> mmap.mmap:
        with self.path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    @cached_property
    def _counted(self) -> LineNumbers:
        return LineNumbers(self._text)

    def _spots(self, subject: bytes) -> list[tuple[int, int]]:
        """Where the lines about a subject begin, each with its number, or 0 if that is to be counted."""
        if len(self._searched) < FEW or subject in self._searched:
            if subject not in self._searched:
                self._searched[subject] = list(self._search(subject))
            return [(offset, 0) for offset in self._searched[subject]]
        offsets, numbers = self._starts
        return [(offsets[at], numbers[at]) for at in self._index.get(subject, ())]

    def _search(self, subject: bytes) -> Iterator[int]:
        at = self._text.find(subject)
        while at >= 0:
            start = self._text.rfind(b"\n", 0, at) + 1
            if (
                not self._text[start:at].strip(b" \t")
                and self._text[at + len(subject) : at + len(subject) + 1] in b" \t<"
            ):
                yield start
            at = self._text.find(subject, at + 1)

    @cached_property
    def _searched(self) -> dict[bytes, list[int]]:
        return {}

    @cached_property
    def _starts(self) -> tuple[array[int], array[int]]:
        """The offsets at which statements begin, and the numbers of their lines; filled by `_index`."""
        return array("Q"), array("Q")

    @cached_property
    def _index(self) -> dict[bytes, list[int]]:
        """Which statements each subject has."""
        offsets, numbers = self._starts
        found: dict[bytes, list[int]] = {}
        at, number = 0, 1
        for match in _SUBJECT.finditer(self._text):
            start = match.start()
            number += self._text[at:start].count(b"\n")
            at = start
            found.setdefault(match[1], []).append(len(offsets))
            offsets.append(start)
            numbers.append(number)
        return found


class LineNumbers:
    """The numbers of the lines of a text, counted once."""

    def __init__(self, text: mmap.mmap) -> None:
        self._text = text
        blocks = range(0, len(text), BLOCK)
        self._ends = [0, *accumulate(text[at : at + BLOCK].count(b"\n") for at in blocks)]

    def __len__(self) -> int:
        """How many lines there are."""
        return self._ends[-1] + 1

    def number(self, offset: int) -> int:
        """The number of the line at an offset."""
        block = offset // BLOCK
        return self._ends[block] + self._text[block * BLOCK : offset].count(b"\n") + 1

    def line(self, number: int) -> bytes:
        """The line of a number, without its end."""
        block = bisect_left(self._ends, number - 1) - 1 if number > 1 else 0
        at = block * BLOCK
        for _ in range(number - 1 - self._ends[block]):
            at = self._text.find(b"\n", at) + 1
        end = self._text.find(b"\n", at)
        return self._text[at : end if end >= 0 else len(self._text)].rstrip(b"\r")


class LargeText(Sequence[str]):
    """The lines of a large file, read from it one by one as they are asked for."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._lines = LineNumbers(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        """The line at an index, from 0.

        :raises IndexError: if there is none; none is counted from the end.
        """
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self._lines.line(at + 1).decode("utf-8", "replace")


def _has_controls(chunk: bytes) -> bool:
    """Whether there may be a character that XML cannot carry; most texts have not even a backslash."""
    return len(chunk.translate(None, _CONTROLS)) < len(chunk) or (
        b"\\" in chunk and _ESCAPED.search(chunk) is not None
    )


def is_lines(path: Path) -> bool:
    """Whether the head of a file is a text in UTF-8, so that its lines can be read one by one."""
    try:
        with path.open("rb") as file:
            decode(file.read(HEAD) + file.readline(HEAD))
    except (OSError, InputError):
        return False
    return True
