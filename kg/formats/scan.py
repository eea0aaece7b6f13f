"""Where the statements of a Turtle, TriG, N-Triples or N-Quads text stand in it.

The parser gives no places. A tolerant scan of the tokens guesses which statements there are and where; what
the parser has read decides which of them are so, and nothing else gets a place. Blank nodes have no name in
both: their statements have places only if those of the scan and of the parser are the same, one by one and
in their order, but for the names of blank nodes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat

from kg.formats.reading import decode, parse, read_bytes
from kg.formats.table import format_of
from kg.formats.tokens import Token, tokens
from kg.formats.wording import LINE_END
from kg.names import RDF
from kg.places import Place, Places, Term

SCANNED = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
"""The formats whose statements have lines and columns; the others have only their file."""

Blank = int | str
"""A blank node of the scan: its label, or a number."""
Spot = tuple[Term | Blank | None, int]
"""A term (None for one that is not followed) and the offset where it stands, or -1."""
Statement = tuple[Spot, Spot, Spot]
Confirmed = tuple[tuple[Term, int], tuple[Term | None, int], tuple[Term | None, int]]
"""A statement of the parser, and where it stands; without value or property where only the rest is known."""

_TYPE = NamedNode(RDF + "type")
_FIRST, _REST, _NIL = (NamedNode(RDF + local) for local in ("first", "rest", "nil"))


def places(text: str, format: RdfFormat, quads: Sequence[Quad], path: str, base: str | None = None) -> Places:
    """Where the subjects, properties and values of `quads` stand in the `text` that they were parsed from.

    The quads have to be those that `parse` gives, in their order. What is not found has its file as place.

    >>> text = "<http://e/a> <http://e/p> 7, 8 ."
    >>> quads = parse(text.encode(), RdfFormat.TURTLE)
    >>> found = places(text, RdfFormat.TURTLE, quads, "a.ttl")
    >>> [str(found.find(q.subject, q.predicate, q.object)[0]) for q in quads]
    ['a.ttl:1:27', 'a.ttl:1:30']
    """
    out = Places()
    if format in SCANNED:
        scan = _Scan()
        for token in tokens(text, base):
            scan.take(token)
        where = _placing(text, path)
        once = format in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
        for statement in _confirmed(scan.end(), quads, follow=not scan.lost):
            _note(out, statement, where, once)
    for quad in quads:
        if not out.find(quad.subject):
            out.add(Place(path), quad.subject)
    return out


def read_placed(path: Path, base: str | None = None) -> tuple[list[Quad], Places]:
    """The quads of the file at `path`, and where they stand in it; that is looked up when it is asked for.

    :raises UsageError: if the suffix names no RDF format.
    :raises InputError: if there is no such file, or it cannot be read.
    """
    data, format = read_bytes(path), format_of(path)
    quads = parse(data, format, base=base, path=str(path))
    found = Places()
    found.add_later(str(path), cache(lambda: places(decode(data, str(path)), format, quads, str(path), base)))
    return quads, found


def nameless(quads: Iterable[Quad], places: Places) -> list[Place]:
    """Where nodes without an IRI stand, each place once."""
    spots: list[tuple[Term, ...]] = []
    for quad in quads:
        if isinstance(quad.subject, BlankNode):
            spots.append((quad.subject,))
        if isinstance(quad.object, BlankNode):
            spots.append((quad.subject, quad.predicate, quad.object))
    return list(dict.fromkeys(places.find(*spot)[0] for spot in spots))


def _placing(text: str, path: str) -> Callable[[int], Place]:
    """Offset → place."""
    starts = [0, *(end.end() for end in LINE_END.finditer(text))]

    def place(offset: int) -> Place:
        line = bisect_right(starts, offset)
        return Place(path, line, offset - starts[line - 1] + 1)

    return place


def _note(out: Places, statement: Confirmed, where: Callable[[int], Place], once: bool) -> None:
    """Add the places of a statement; with `once`, a subject has only the first of its places."""
    (subject, at), (prop, prop_at), (value, value_at) = statement
    if not (once and out.find(subject)):
        out.add(where(at), subject)
    if prop and prop_at >= 0:
        out.add(where(prop_at), subject, prop)
    if prop and value and value_at >= 0:
        out.add(where(value_at), subject, prop, value)


# --- what the scan takes the tokens for --------------------------------------------------


@dataclass(slots=True)
class _Frame:
    """A statement, a bracket or a list that is not yet at its end."""

    opener: str = ""
    start: int = -1
    subject: Spot | None = None
    property: Spot | None = None
    done: bool = False
    cell: Spot | None = None


@dataclass(slots=True)
class _Scan:
    """Tokens → statements, in the order in which the parser gives them.

    What one token completes comes in reverse; the token of a literal is its language or datatype, or if it
    has neither, the one after it. `lost`: there were tokens that are not followed (triples as terms).
    """

    frames: list[_Frame] = field(default_factory=lambda: [_Frame()])
    statements: list[Statement] = field(default_factory=list)
    lost: bool = False
    _now: list[Statement] = field(default_factory=list)
    _later: list[Statement] = field(default_factory=list)
    _blanks: int = 0
    _within: int = 0

    def take(self, token: Token) -> None:
        """Go on by one token."""
        self._now, self._later = self._later, []
        if self._within or token.text in ("<<", "<<("):
            self._skip(token)
        elif token.kind == "mark":
            self._mark(token)
        elif token.kind == "word":
            self._word(token)
        else:
            self._item((token.text if token.kind == "blank" else token.value, token.start), token)
        self._flush()

    def _flush(self) -> None:
        self.statements += reversed(self._now)
        self._now = []

    def end(self) -> list[Statement]:
        """All statements, after the last token."""
        return [*self.statements, *self._later]

    def _skip(self, token: Token) -> None:
        """A triple as a term: what it is made of is not followed."""
        self.lost = True
        self._within += {"<<": 1, "<<(": 1, ">>": -1, ")>>": -1}.get(token.text, 0)
        if not self._within:
            self._item((None, token.start), token)

    def _word(self, token: Token) -> None:
        frame = self.frames[-1]
        if token.text == "a" and frame.subject and not frame.property:
            frame.property = (_TYPE, token.start)

    def _mark(self, token: Token) -> None:
        mark, frame = token.text, self.frames[-1]
        if mark in "[(":
            self._open(token)
        elif mark in "])" or mark == "|}":
            self._close()
        elif mark == ",":
            frame.done = False
        elif mark == ";":
            frame.property, frame.done = None, False
        elif mark in ".{}":
            frame.subject, frame.property, frame.done = None, None, False
        elif mark in ("{|", "~"):
            self.lost = True
            if mark == "{|":
                self.frames.append(_Frame("{|", token.start, (None, token.start)))

    def _open(self, token: Token) -> None:
        self._begin(token.start)
        subject = self._blank(token.start) if token.text == "[" else None
        self.frames.append(_Frame(token.text, token.start, subject))

    def _close(self) -> None:
        if len(self.frames) == 1:
            return
        frame = self.frames.pop()
        if frame.opener == "[" and frame.subject:
            self._complete(frame.subject)
        elif frame.opener == "(" and frame.cell:
            self._now.append((frame.cell, (_REST, -1), (_NIL, -1)))
        elif frame.opener == "(":
            self._complete((_NIL, frame.start))

    def _item(self, spot: Spot, token: Token) -> None:
        self._begin(spot[1])
        if token.kind == "literal":
            self._flush()
        self._complete(spot, later=token.kind == "string")

    def _begin(self, start: int) -> None:
        """Before a member of a list: the cell that holds it."""
        frame = self.frames[-1]
        if frame.opener != "(":
            return
        cell = self._blank(frame.start if frame.cell is None else start)
        if frame.cell is None:
            self._complete(cell, self.frames[-2])
        else:
            self._now.append((frame.cell, (_REST, -1), (cell[0], -1)))
        frame.cell = cell

    def _complete(self, spot: Spot, frame: _Frame | None = None, later: bool = False) -> None:
        """A term stands where `frame` is: it is a member, a subject, a property or a value."""
        frame = frame or self.frames[-1]
        target = self._later if later else self._now
        if frame.cell:
            target.append((frame.cell, (_FIRST, -1), spot))
        elif not frame.subject:
            frame.subject = spot
        elif not frame.property:
            frame.property = spot
        elif not frame.done:
            frame.done = True
            target.append((frame.subject, frame.property, spot))

    def _blank(self, start: int) -> Spot:
        self._blanks += 1
        return self._blanks, start


# --- what of it the parser has read ------------------------------------------------------


def _confirmed(
    statements: Sequence[Statement], quads: Sequence[Quad], *, follow: bool
) -> Iterator[Confirmed]:
    """What of the statements is so, with the terms that the parser gives."""
    if follow and _same(statements, quads):
        for ((_, at), (_, p_at), (_, o_at)), (s, p, o, _) in zip(statements, quads, strict=True):
            yield (s, at), (p, p_at), (o, o_at)
        return
    # Without blank nodes, the subject and the property of a statement may be known alone.
    real: dict[object, tuple[Term, Term | None, Term | None]] = {}
    for s, p, o, _ in quads:
        real |= {(s, p, o): (s, p, o), (s, p, None): (s, p, None), (s, None, None): (s, None, None)}
    for (mine_s, at), (mine_p, p_at), (mine_o, o_at) in statements:
        for key in ((mine_s, mine_p, mine_o), (mine_s, mine_p, None), (mine_s, None, None)):
            if found := real.get(key):
                yield (found[0], at), (found[1], p_at), (found[2], o_at)
                break


def _same(statements: Sequence[Statement], quads: Sequence[Quad]) -> bool:
    """Whether both are the same, one by one, but for the names of blank nodes."""
    names: dict[Blank, BlankNode] = {}
    back: dict[BlankNode, Blank] = {}
    if len(statements) != len(quads):
        return False
    for statement, quad in zip(statements, quads, strict=True):
        for (mine, _), real in zip(statement, quad, strict=False):
            if isinstance(mine, Blank) and isinstance(real, BlankNode):
                if names.setdefault(mine, real) != real or back.setdefault(real, mine) != mine:
                    return False
            elif mine != real:
                return False
    return True
