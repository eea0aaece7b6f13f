"""N-Triples line by line, as a stream: a file of any size in little memory, a broken line told by itself.

Places are looked for when they are asked for, those of many nodes in one go through the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

import pyoxigraph as ox
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat

from kg.errors import Fault, InputError
from kg.formats import guards
from kg.formats.glances import has_blank, has_controls
from kg.formats.spots import OBJECT, Search
from kg.formats.texts import decode
from kg.formats.wording import fault
from kg.places import Place, Term, Wanted

CHUNK = 2**22
"""How many bytes are parsed at once."""

BLOCK = 2**16
"""Of how many bytes the lines are counted, and looked through, together."""

BOM = "\ufeff".encode()
HEAD = 2**16
"""How many bytes show whether a file is a text at all."""

FEW = 8
"""How many nodes are searched for one by one; for more of them each line is looked at."""

MOST = 1000
"""How many broken lines are told."""

_NT = RdfFormat.N_TRIPLES
_TURTLE_ONLY = re.compile(rb"\s*(?:@prefix|@base|prefix|base)\s", re.IGNORECASE)
_STATEMENT = re.compile(rb"^[ \t]*[<_]", re.MULTILINE)
_PARTS = re.compile(rb"[ \t]*+(?P<s><[^>]*+>|_:[^\s<]++)[ \t]*+(?P<p><[^>]*+>)[ \t]*+(?P<o>.*)")
_GLUED = re.compile(rb"_:[^ <]*<")
_SUBJECT = re.compile(rb"[ \t]*(<[^>\r\n]*>|_:[^\s<]+)")


T = TypeVar("T")


class Block(NamedTuple):
    """Some lines, the number of the first of them, and how many end, where that is known."""

    text: bytes
    number: int
    ends: int = 0

    def split(self) -> tuple[Block, Block]:
        """The lines that have no blank node, and those that may have one; each the other's line empty.

        A store that reads a text gives blank nodes names of its own.
        """
        if not has_blank(self.text):
            return self, self._replace(text=b"")
        lines = self.text.split(b"\n")
        named = [b"" if b"_:" in line else line for line in lines]
        others = [line if b"_:" in line else b"" for line in lines]
        return self._replace(text=b"\n".join(named)), self._replace(text=b"\n".join(others))


class Spot(NamedTuple):
    """A line with its number."""

    number: int
    line: bytes


Looked = tuple[int, list[tuple[bytes, Spot]]]
"""How many lines a text has, and those that are looked for."""


class _Said:
    """The lines about a property of a node by the value they end with; `odd` are those that need a parser."""

    def __init__(self, spots: list[Spot]) -> None:
        self.spots = spots
        self.values: dict[bytes, list[Spot]] = {}
        self.odd: list[Spot] = []
        for spot in spots:
            value = _value(spot.line)
            (self.values.setdefault(value, []) if value else self.odd).append(spot)


def _value(line: bytes) -> bytes:
    """The value that a line ends with, as it is written; empty if an escape is in it.

    >>> _value(b'<a> <b> "c"^^<d#e> .'), _value(b"<a> <b> <c#d>."), _value(b'<a> <b> "c" . # a note.')
    (b'"c"^^<d#e>', b'<c#d>', b'"c"')
    """
    parts = _PARTS.match(line)
    value = OBJECT.match(parts["o"]) if parts else None
    return value[1] if value and b"\\" not in value[1] else b""


@dataclass
class Lines:
    """The N-Triples file at `path`; `faults` are those of its lines, known when all quads have been given.

    `name` is prefixed to the names of its blank nodes, so that those of two files never meet. `controls` is
    whether a text may hold characters that XML cannot carry. `statements` are those that have been read, with
    the empty lines between them. `holds` and `uses` tell which nodes and properties are worth looking for.
    """

    path: Path
    name: str = ""
    faults: list[Fault] = field(default_factory=list)
    controls: bool = False
    statements: int = 0
    holds: Callable[[Term], bool] = lambda _: True
    uses: Callable[[NamedNode], bool] = lambda _: True
    _untold: int = 0
    _spots: dict[bytes, list[Spot]] = field(default_factory=dict)
    _of: dict[tuple[bytes, bytes], _Said] = field(default_factory=dict)

    def blocks(self) -> Iterator[Block]:
        """The text, some megabytes of whole lines at once.

        :raises InputError: if it cannot be opened.
        """
        self.faults.clear()
        self.statements = self._untold = 0
        for block in self._read(CHUNK):
            self.controls = self.controls or has_controls(block.text)
            yield block
        if self._untold:
            self.faults.append(Fault(Place(str(self.path)), f"{self._untold:,} more lines cannot be read"))

    def _read(self, size: int) -> Iterator[Block]:
        number = 1
        for text in self._texts(size):
            yield Block(text, number, ends := text.count(b"\n"))
            number += ends

    def _texts(self, size: int) -> Iterator[bytes]:
        """The text in parts of whole lines."""
        with self.path.open("rb") as file:
            file.seek(len(BOM) if file.read(len(BOM)) == BOM else 0)
            while text := file.read(size):
                yield text + file.readline()

    def _parts(self) -> Iterator[tuple[bytes, int]]:
        return ((block.text, block.number) for block in self._read(BLOCK))

    def took(self, block: Block) -> None:
        """Note that somebody else has read all statements of a block."""
        if _STATEMENT.search(block.text):
            self.statements += block.ends or block.text.count(b"\n") or 1

    def quads(self, block: Block) -> list[Quad]:
        """The statements of the lines of a block that can be read.

        :raises InputError: if it is no text, or not N-Triples at all.
        """
        return self._named(self._parsed(block.text, block.number))

    def _parsed(self, chunk: bytes, number: int) -> list[Quad]:
        """The quads of some lines, the first of them with a number."""
        try:
            found = list(ox.parse(chunk, _NT))
        except (SyntaxError, MemoryError):  # the latter for a word that is longer than the parser takes
            return list(self._one_by_one(chunk, number))
        self.statements += len(found)
        return found

    def _one_by_one(self, chunk: bytes, number: int) -> Iterator[Quad]:
        for at, line in enumerate(chunk.splitlines(keepends=True), number):
            try:
                yield from (found := list(ox.parse(line, _NT)))
                self.statements += len(found)
            except (SyntaxError, MemoryError) as exc:
                wrong = self._fault(exc, line, at)
                if not self.statements and _TURTLE_ONLY.match(line):
                    raise InputError.all([wrong]) from exc
                if len(self.faults) < MOST:
                    self.faults.append(wrong)
                else:
                    self._untold += 1

    def _fault(self, exc: SyntaxError | MemoryError, line: bytes, number: int) -> Fault:
        if isinstance(exc, MemoryError):
            [told] = guards.too_long(line.decode(errors="replace"), _NT, "").faults
            return replace(told, place=Place(str(self.path), number, told.place.column if told.place else 0))
        if _TURTLE_ONLY.match(line):
            what, fix = "a prefix or base belongs to Turtle", "name the file .ttl or .trig"
            return Fault(Place(str(self.path), number, 1), what, fix)
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
        subject = self._as_subject(node)
        if subject not in self._spots:
            self.expect([node])
        if prop is None:
            return [self._place(spot, "s") for spot in self._spots[subject][:1]]
        said = self._said(subject, _bytes(prop))
        if value is None:
            return [self._place(spot, "p") for spot in said.spots]
        written = self._written(value)
        odd = [spot for spot in said.odd if self._says(spot.line, written, value)]
        return [self._place(spot, "o") for spot in sorted([*said.values.get(written, ()), *odd])]

    def _said(self, subject: bytes, prop: bytes) -> _Said:
        """The lines about a property of a node, put in order once: there may be very many."""
        if (subject, prop) not in self._of:
            spots = [spot for spot in self._spots[subject] if _has(spot.line, subject, prop)]
            self._of[subject, prop] = _Said(spots)
        return self._of[subject, prop]

    def expect(self, nodes: Iterable[Term]) -> None:
        """Look for all these nodes at once, since they will be asked for."""
        found = {self._as_subject(node): node for node in nodes}
        wanted = {subject: node for subject, node in found.items() if subject not in self._spots}
        self._spots |= {subject: [] for subject in wanted}
        wanted.pop(b"", None)
        if len(wanted) <= FEW and not any(map(self.holds, wanted.values())):
            return
        search = _searched if len(wanted) <= FEW else _looked_through
        number = 1
        for text in self._texts(BLOCK):
            ends, hits = search(text, number, wanted.keys())
            number += ends
            for subject, spot in hits:
                self._spots[subject].append(spot)

    def _as_subject(self, node: Term) -> bytes:
        return self._written(node) if isinstance(node, NamedNode | BlankNode) else b""

    def all(self, wanted: Wanted) -> list[tuple[int, Place]]:
        """The places of all of these, by their numbers: see `kg.places.Wholesale`."""
        if not self.statements:
            return []
        return Search(str(self.path), self._parts).go(wanted.mapped(self._own_words) if self.name else wanted)

    def _own_words(self, key: bytes) -> bytes:
        """How the file says something; empty if it speaks of a blank node that is none of its."""
        if b"_:" not in key:
            return key
        words, mark, own = key.split(b" ", 2), b"_:", f"_:{self.name}".encode()
        if any(word.startswith(mark) and not word.startswith(own) for word in words):
            return b""
        return b" ".join(mark + word.removeprefix(own) if word.startswith(own) else word for word in words)

    def _written(self, node: Term) -> bytes:
        """How the file writes a node; empty if it is none of its."""
        if not isinstance(node, BlankNode):
            return str(node).encode()
        own = node.value.startswith(self.name)
        return f"_:{node.value.removeprefix(self.name)}".encode() if own else b""

    def _says(self, line: bytes, written: bytes, value: Term) -> bool:
        """Whether a line ends with a value."""
        match = _PARTS.match(line)
        assert match
        if match["o"].startswith(written) and match["o"][len(written) :].lstrip().startswith(b"."):
            return True
        return b"\\" in match["o"] and any(self._own(quad.object) == value for quad in ox.parse(line, _NT))

    def _place(self, spot: Spot, part: str) -> Place:
        match = _PARTS.match(spot.line)
        column = match.start(part) if match else 0
        before = spot.line[:column]
        column = column if before.isascii() else len(before.decode(errors="replace"))
        return Place(str(self.path), spot.number, column + 1)


_bytes = lru_cache(maxsize=1000)(lambda term: str(term).encode())


def _has(line: bytes, subject: bytes, prop: bytes) -> bool:
    """Whether a line about a subject is of a property."""
    at = len(subject)
    here = line[at : at + len(prop) + 2]
    if here[:2] == b" <" and here[1:-1] != prop:  # nearly all that are not meant
        return False
    match = _PARTS.match(line)
    return match is not None and match["p"] == prop


def _searched(text: bytes, number: int, wanted: Set[bytes]) -> Looked:
    """The lines about some nodes, each of which is searched for."""
    found: list[tuple[bytes, Spot]] = []
    for subject in wanted:
        at = text.find(subject)
        while at >= 0:
            start, end = text.rfind(b"\n", 0, at) + 1, at + len(subject)
            if not text[start:at].strip(b" \t") and text[end : end + 1] in (b" ", b"\t", b"<"):
                stop = text.find(b"\n", at)
                line = text[start : stop if stop >= 0 else len(text)]
                found.append((subject, Spot(number + text.count(b"\n", 0, start), line)))
            at = text.find(subject, end)
    return text.count(b"\n"), found


def _looked_through(text: bytes, number: int, wanted: Set[bytes]) -> Looked:
    """The lines about many nodes, each line looked at; nearly all have a space behind their subject."""
    lines = text.removesuffix(b"\n").split(b"\n")
    heads = [line.partition(b" ")[0] for line in lines]
    known = set(heads)
    if _is_odd(known):
        heads = [match[1] if (match := _SUBJECT.match(line)) else b"" for line in lines]
        known = set(heads)
    hits = wanted & known
    if not hits:
        return len(lines), []
    told = zip(heads, lines, strict=True)
    return len(lines), [
        (head, Spot(at, line)) for at, (head, line) in enumerate(told, number) if head in hits
    ]


def _is_odd(heads: set[bytes]) -> bool:
    """Whether a line does not begin with its subject, or its subject does not end at its first space."""
    text = b" ".join(heads)
    return b"" in heads or b"><" in text or b"\t" in text or (b"_:" in text and bool(_GLUED.search(text)))


def is_lines(path: Path) -> bool:
    """Whether the head of a file is a text in UTF-8, or most of its lines are statements all the same."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            head = file.read(HEAD) + file.readline(HEAD)
    except OSError:
        return False
    try:
        decode(head)
    except InputError:
        lines = head.splitlines()
        return 2 * sum(map(_is_statement, lines)) > len(lines)
    return True


def _is_statement(line: bytes) -> bool:
    try:
        return any(True for _ in ox.parse(line, _NT))
    except SyntaxError:
        return False
