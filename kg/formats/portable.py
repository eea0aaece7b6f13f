"""Which literals mean the same in every store, and how a number is written so that it does.

Stores rewrite what they hold: whole decimals become integers here and the reverse there,
zones are dropped, `1` becomes `true`. The forms below come back as they went in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg import lazy
from kg.names import RDF, XSD

INTEGER = NamedNode(XSD + "integer")
DECIMAL = NamedNode(XSD + "decimal")
BOOLEAN = NamedNode(XSD + "boolean")

_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(_DATE.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{0,5}[1-9])?")
NOT_XML = lazy.pattern("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAX_DIGITS = 18
_INTEGERS = range(-(2**63), 2**63)


def canonical_number(text: str) -> Literal | None:
    """The portable literal of a plain number (the lexical forms of `xsd:decimal`), or None.

    A whole number is an `xsd:integer`, any other an `xsd:decimal` without trailing zeros.
    None for what is no plain number, for integers of 2⁶³ and more (either sign beyond
    64 bits), and for fractions with more than 18 digits.

    >>> [canonical_number(text).value for text in ("7000.0", "7566.670", "-0", "+.50")]
    ['7000', '7566.67', '0', '0.5']
    >>> canonical_number("1e3"), canonical_number("9223372036854775808"), canonical_number("1,5")
    (None, None, None)
    """
    match = _NUMBER.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        return None
    sign, whole, fraction = match[1], match[2].lstrip("0"), (match[3] or "").rstrip("0")
    minus = "-" if sign == "-" and (whole or fraction) else ""
    if fraction:
        fits = len(whole) + len(fraction) <= _MAX_DIGITS
        return Literal(f"{minus}{whole or 0}.{fraction}", datatype=DECIMAL) if fits else None
    number = minus + (whole or "0")
    # The length is asked first: Python refuses to turn thousands of digits into an int.
    fits = len(number) <= 20 and int(number) in _INTEGERS
    return Literal(number, datatype=INTEGER) if fits else None


def unportable(quads: Iterable[Quad], languages: Collection[str]) -> list[tuple[Quad, str]]:
    """The quads that not every store gives back as they are, each with the reason, a sentence.

    A quad with two such terms comes twice. `languages`: the tags that texts may have, lower case.
    """
    return [(quad, why) for quad in quads for why in _reasons(quad, frozenset(languages))]


def _reasons(quad: Quad, languages: frozenset[str]) -> Iterator[str]:
    """Why `quad` is not portable; nothing if it is."""
    for term in (quad.subject, quad.object, quad.graph_name):
        if isinstance(term, BlankNode):
            yield f"The blank node {term} has no name that stays: give it an IRI."
        elif isinstance(term, Triple):
            yield "A triple stands as a value (RDF 1.2), which most stores cannot read."
        elif isinstance(term, Literal) and (why := _judge(term, languages)):
            yield why


def _judge(literal: Literal, languages: frozenset[str]) -> str:
    """Why `literal` is not portable, or ""."""
    if odd := NOT_XML.search(literal.value):
        return f"The text holds the control character U+{ord(odd[0]):04X}, which XML cannot carry."
    if literal.language is not None:
        return _judge_language(literal, languages)
    judge, what = _DATATYPES.get(literal.datatype.value, (None, ""))
    if judge is None:
        return f"The datatype <{literal.datatype.value}> is not one that every store keeps."
    return "" if judge(literal.value) else f"“{_short(literal.value)}” is not {what}."


def _judge_language(literal: Literal, languages: frozenset[str]) -> str:
    if literal.direction is not None:
        return "The text has a direction (RDF 1.2), which most stores cannot read."
    if literal.language in languages:
        return ""
    return f"The language “{literal.language}” is not one of {', '.join(sorted(languages)) or 'those set'}."


def _is_number(datatype: NamedNode) -> Callable[[str], bool]:
    return lambda text: canonical_number(text) == Literal(text, datatype=datatype)


def _is_date(text: str) -> bool:
    from datetime import date

    return _DATE.fullmatch(text) is not None and _exists(date.fromisoformat, text)


def _is_datetime(text: str) -> bool:
    from datetime import datetime

    return _DATETIME.fullmatch(text) is not None and _exists(datetime.fromisoformat, text)


def _exists(read: Callable[[str], object], text: str) -> bool:
    """Whether `read` takes `text`: the day is in the calendar, the IRI is well-formed."""
    try:
        read(text)
    except ValueError:
        return False
    return True


_DATATYPES: dict[str, tuple[Callable[[str], bool], str]] = {
    XSD + "string": (lambda _: True, ""),
    XSD + "integer": (_is_number(INTEGER), "an integer in its shortest form, below 2⁶³"),
    XSD + "decimal": (
        _is_number(DECIMAL),
        "a decimal with a fraction, no trailing zeros and at most 18 digits",
    ),
    XSD + "boolean": ({"true", "false"}.__contains__, "“true” or “false”"),
    XSD + "date": (_is_date, "a date of the calendar without a zone, as 2021-10-12"),
    XSD + "dateTime": (
        _is_datetime,
        "a time without a zone or needless zeros, as 2021-10-12T09:30:00",
    ),
    XSD + "anyURI": (lambda text: _exists(NamedNode, text), "an absolute IRI"),
    RDF + "langString": (lambda _: False, "tagged with a language"),
}


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
