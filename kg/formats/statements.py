"""Tokens → statements: what a tolerant scan takes a text of Turtle or TriG to say, and where it says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode, Quad

from kg.formats.tokens import Token
from kg.names import RDF
from kg.places import Term

Blank = int | str
"""A blank node of the scan: its label, or a number."""
Spot = tuple[Term | Blank | None, int]
"""A term (None for one that is not followed) and the offset where it stands, or -1."""
Statement = tuple[Spot, Spot, Spot]
Confirmed = tuple[tuple[Term, int], tuple[Term | None, int], tuple[Term | None, int]]
"""A statement of the parser, and where it stands; without value or property where only the rest is known."""

_TYPE = NamedNode(RDF + "type")
_FIRST, _REST, _NIL = (NamedNode(RDF + local) for local in ("first", "rest", "nil"))


def statements(tokens: Iterable[Token]) -> tuple[list[Statement], bool]:
    """The statements that `tokens` make, and whether there was nothing among them that is not followed.

    They are in the order in which the parser gives them.
    """
    scan = _Scan()
    for token in tokens:
        scan.take(token)
    return scan.end(), not scan.lost


def same(found: Sequence[Statement], quads: Sequence[Quad]) -> bool:
    """Whether both are the same, one by one, but for the names of blank nodes."""
    names: dict[Blank, BlankNode] = {}
    back: dict[BlankNode, Blank] = {}
    if len(found) != len(quads):
        return False
    for statement, quad in zip(found, quads, strict=True):
        for (mine, _), real in zip(statement, quad, strict=False):
            if isinstance(mine, Blank) and isinstance(real, BlankNode):
                if names.setdefault(mine, real) != real or back.setdefault(real, mine) != mine:
                    return False
            elif mine != real:
                return False
    return True


def confirmed(found: Iterable[Statement], quads: Iterable[Quad]) -> Iterator[Confirmed]:
    """What of the statements is so where blank nodes are not followed: all, or subject and property alone."""
    real: dict[object, tuple[Term, Term | None, Term | None]] = {}
    for s, p, o, _ in quads:
        real |= {(s, p, o): (s, p, o), (s, p, None): (s, p, None), (s, None, None): (s, None, None)}
    for (mine_s, at), (mine_p, p_at), (mine_o, o_at) in found:
        for key in ((mine_s, mine_p, mine_o), (mine_s, mine_p, None), (mine_s, None, None)):
            if so := real.get(key):
                yield (so[0], at), (so[1], p_at), (so[2], o_at)
                break


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
