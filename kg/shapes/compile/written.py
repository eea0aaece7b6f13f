"""Literals exactly as they are written, in a store that rewrites them.

Oxigraph keeps values, not forms: `"07"^^xsd:integer` comes back as `7`, and `7`, `07` and
`"7"^^xsd:nonNegativeInteger` are one term to it. A literal that would come back as another is therefore put
into the store under a datatype that the store does not know, with its own form; all others go in as they
are. So two literals are one in the store if and only if they are one in RDF.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TypeVar, cast

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import lazy
from kg.formats.xsd import OTHERS, datatype_of
from kg.names import RDF, XSD

MARK = "urn:x-casegraph:as-written:"
"""What the datatype of a literal begins with that the store would rewrite."""

_KNOWN = """boolean byte date dateTime dateTimeStamp dayTimeDuration decimal double duration float gDay gMonth
    gMonthDay gYear gYearMonth int integer long negativeInteger nonNegativeInteger nonPositiveInteger
    positiveInteger short time unsignedByte unsignedInt unsignedLong unsignedShort yearMonthDuration"""
REWRITTEN = frozenset(NamedNode(XSD + local) for local in _KNOWN.split())
"""The datatypes whose values the store knows."""

PLAIN = frozenset((NamedNode(XSD + "string"), NamedNode(RDF + "langString")))
"""The datatypes of texts."""

_DAY = "[12][0-9]{3}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{0,8}[1-9])?"
_ZONE = "(Z|[+-](0[1-9]|1[0-3]):[0-5][0-9])?"
_FORMS = {
    XSD + "string": "(?s:.*)",
    XSD + "anyURI": r"[a-z]+://[-0-9A-Za-z/._~#%:?=&+]*",
    XSD + "boolean": "true|false",
    XSD + "date": _DAY + _ZONE,
    XSD + "dateTime": f"{_DAY}T{_CLOCK}{_ZONE}",
    XSD + "time": _CLOCK + _ZONE,
    XSD + "gYear": "[12][0-9]{3}",
    XSD + "decimal": "-?(0|[1-9][0-9]{0,8})[.][0-9]{0,7}[1-9]",
    XSD + "integer": "0|-?[1-9][0-9]{0,16}",
}
"""Forms of valid literals that surely stay as they are: most, and quickly told."""

_KEPT = {name: lazy.pattern(form) for name, form in _FORMS.items()}
_DERIVED = """byte int long nonNegativeInteger positiveInteger short unsignedByte unsignedInt unsignedLong
    unsignedShort"""
_CHANGED = {
    XSD + "boolean": lazy.pattern("[01]"),
    XSD + "decimal": lazy.pattern("-?(0|[1-9][0-9]{0,8})[.][0-9]{0,7}0"),
    XSD + "double": lazy.pattern("-?[0-9]{1,6}([.][0-9]{1,6})?[eE][+-]?[0-9]"),
    XSD + "integer": lazy.pattern("[+-]?0[0-9]{1,16}|[+][0-9]{1,17}"),
    **{XSD + local: lazy.pattern("[1-9][0-9]{0,1}") for local in _DERIVED.split()},
}
"""Forms of valid literals that the store surely rewrites, so that it need not be asked."""

_XSD = XSD.encode()
_NODE = NamedNode("urn:x")
MOST = 50_000
"""How many forms are remembered that are plain: dates and small numbers come up again and again."""

T = TypeVar("T")


class Written:
    """Which literals of some data are odd, and how the store holds them.

    `odd` are those of which the store may take another view; `wrong` those that are none of their datatype,
    of the datatypes that the store does not know.

    >>> written = Written()
    >>> odd = Literal("07", datatype=NamedNode(XSD + "integer"))
    >>> written.stored(Literal(7)) == Literal(7), written.stored(odd) == odd
    (True, False)
    >>> written.read(written.stored(odd)) == odd
    True
    """

    def __init__(self) -> None:
        self._held: dict[Literal, Literal] = {}
        self.odd: dict[Literal, Literal] = {}
        self.wrong: set[Literal] = set()
        self.marked = False
        self._plain: set[tuple[bytes, bytes]] = set()

    def stored(self, term: T) -> T:
        """The term as the store holds it."""
        if not isinstance(term, Literal) or term.datatype not in REWRITTEN:
            return term
        found = self._held.get(term)
        if found is None:
            found = self._held[term] = self._judge(term)
        return cast("T", found)

    def look_at(self, literal: Literal) -> None:
        """Note a literal that the store holds as it is, if it is none of its datatype, or that is none."""
        datatype = literal.datatype.value
        if datatype.startswith(XSD) and datatype.removeprefix(XSD) not in OTHERS:
            known = datatype_of(literal)
            if known is None or not known.holds(literal.value):
                self.wrong.add(literal)

    def lines(self, text: bytes) -> bytes | None:
        """Lines of N-Triples with their literals as the store is to hold them.

        Only forms with escapes in them need a parser: there may be nothing.
        """
        pieces = text.split(b'"^^<')
        typed = {
            (after[: after.find(b">")], before[before.rfind(b'"') - 1 :])
            for before, after in pairwise(pieces)
        } - self._plain
        try:
            held = {pair: self._mark(*pair) for pair in typed}
        except ValueError:
            return None
        odd = {pair: mark for pair, mark in held.items() if mark}
        if len(self._plain) < MOST:
            self._plain |= held.keys() - odd.keys()
        if not odd:
            return text
        for at, (before, after) in enumerate(pairwise(pieces), 1):
            pieces[at] = odd.get((after[: after.find(b">")], before[before.rfind(b'"') - 1 :]), b"") + after
        return b'"^^<'.join(pieces)

    def _mark(self, datatype: bytes, tail: bytes) -> bytes:
        """What the store is to have before the datatype of a form; `tail` is that from before its quote on.

        :raises ValueError: if only a parser can tell.
        """
        form = tail[2:]
        if b"\\" in datatype or (tail.startswith(b"\\") and datatype.startswith(_XSD)):
            raise ValueError("escaped")
        if is_plain(datatype, form):
            return b""
        if b"\\" in form:
            raise ValueError("escaped")
        literal = Literal(form.decode(), datatype=NamedNode(datatype.decode()))
        if literal.datatype in REWRITTEN:
            return b"" if self.stored(literal) == literal else MARK.encode()
        self.look_at(literal)
        return b""

    def _judge(self, literal: Literal) -> Literal:
        kept = _KEPT.get(literal.datatype.value)
        if kept and kept.fullmatch(literal.value):
            return literal
        held, changed = literal, _CHANGED.get(literal.datatype.value)
        if (changed and changed.fullmatch(literal.value)) or self._comes_back(literal) != literal:
            self.marked = True
            held = Literal(literal.value, datatype=NamedNode(MARK + literal.datatype.value))
        self.odd[literal] = held
        return held

    def _comes_back(self, literal: Literal) -> object:
        """The literal after it has been in a store."""
        probe = Store()  # what is taken out of a store in memory still slows it down
        probe.add(Quad(_NODE, _NODE, literal))
        return next(probe.quads_for_pattern(None, None, None)).object

    def read(self, term: T) -> T:
        """The term as it was written, of one that the store holds."""
        return as_written(term) if self.marked else term


_KEPT_BYTES = {name.encode(): lazy.pattern(form.encode()) for name, form in _FORMS.items()}


def is_plain(datatype: bytes, form: bytes) -> bool:
    """Whether literals in this form surely stay as they are, and are of their datatype.

    >>> integer = (XSD + "integer").encode()
    >>> is_plain(integer, b"7"), is_plain(integer, b"07"), is_plain(b"http://e/my-own", b"07")
    (True, False, True)
    """
    if not datatype.startswith(_XSD):
        return True
    kept = _KEPT_BYTES.get(datatype)
    return kept is not None and kept.fullmatch(form) is not None


def as_written(term: T) -> T:
    """The literal that is held under a datatype of its own; any other term as it is."""
    if isinstance(term, Literal) and term.datatype.value.startswith(MARK):
        written = Literal(term.value, datatype=NamedNode(term.datatype.value.removeprefix(MARK)))
        return cast("T", written)
    return term
