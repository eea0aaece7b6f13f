"""Whether a literal is one of its datatype: the lexical forms of XML Schema, and the days that exist.

Stores and parsers keep `"twenty"^^xsd:gYear` as it is, and no query ever finds it. Space around a value is
no part of it: RDF does not take it away, as XML does.

Source: W3C XML Schema Definition Language 1.1 Part 2, https://www.w3.org/TR/xmlschema11-2/, and RDF 1.1
Concepts, section 5.1, https://www.w3.org/TR/rdf11-concepts/#xsd-datatypes
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal

from kg.formats.portable import NOT_XML
from kg.names import XSD

_SOME = "[+-]?(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)"
_YEAR = "-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH, _DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_ZONE = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_TIME = "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]+)?|24:00:00(?:[.]0+)?)"
_YEARS_MONTHS = "(?:[0-9]+Y(?:[0-9]+M)?|[0-9]+M)"
_SECONDS = "[0-9]+(?:[.][0-9]+)?S"
_TIME_SPAN = f"T(?:[0-9]+H(?:[0-9]+M)?(?:{_SECONDS})?|[0-9]+M(?:{_SECONDS})?|{_SECONDS})"
_DAYS_TIME = f"(?:[0-9]+D(?:{_TIME_SPAN})?|{_TIME_SPAN})"
_SIX = "[A-Za-z0-9+/]"
_BASE64 = (
    f"(?:(?:(?:{_SIX} ?){{4}})*(?:(?:{_SIX} ?){{3}}{_SIX}"
    f"|(?:{_SIX} ?){{2}}[AEIMQUYcgkosw048] ?=|{_SIX} ?[AQgw] ?= ?=))?"
)
_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAMED = _START + r"\-.0-9\u00b7\u0300-\u036f\u203f\u2040"


@dataclass(frozen=True, slots=True)
class Datatype:
    """The values that a datatype has, and one of them for people to go by."""

    example: str
    holds: Callable[[str], bool]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled when it is first used: most commands need none."""
    return re.compile(pattern)


def _form(pattern: str) -> Callable[[str], bool]:
    return lambda text: _compiled(pattern).fullmatch(text) is not None


def _day(pattern: str) -> Callable[[str], bool]:
    """The forms of `pattern` (year, month and day in groups), if there is such a day."""

    def holds(text: str) -> bool:
        match = _compiled(pattern).fullmatch(text)
        if match is None:
            return False
        year, month, day = (int(part[-4:]) if part else 0 for part in match.group("y", "m", "d"))
        return day <= _length(year, month)

    return holds


def _length(year: int, month: int) -> int:
    """The days of a month; only the last four digits of the year count for that.

    >>> [_length(year, 2) for year in (1900, 2000, 2023, 0)], _length(2023, 4)
    ([28, 29, 28, 29], 30)
    """
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _whole(least: int | None, most: int | None) -> Datatype:
    """The whole numbers from `least` to `most`."""
    ends = ("…" if end is None else str(end) for end in (least, most))

    def holds(text: str) -> bool:
        match = _INTEGER.fullmatch(text)
        if match is None:
            return False
        # Forty digits are beyond every limit, and Python refuses to turn thousands of them into an int.
        number = int(match[1] + (match[2][:40] or "0"))
        return (least is None or number >= least) and (most is None or number <= most)

    return Datatype("7" if least is most is None else " … ".join(ends), holds)


def _moment(example: str, *, date: bool, zone: str = f"{_ZONE}?") -> Datatype:
    """A day, or a time of a day."""
    return Datatype(example, _day(_DATE + ("" if date else f"T{_TIME}") + zone))


def _is_text(text: str) -> bool:
    """Whether XML can carry it. Of `anyURI` no more is asked since XML Schema 1.1, spaces included."""
    return NOT_XML.search(text) is None


_INTEGER = re.compile("([+-]?)0*([0-9]*)(?<=[0-9])")
_DATE = f"(?P<y>{_YEAR})-(?P<m>{_MONTH})-(?P<d>{_DAY})"
_FLOAT = Datatype("7.5", _form(f"{_SOME}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"))
_NAME = _form(f"[{_START}][{_NAMED}]*")

DATATYPES: Mapping[str, Datatype] = {
    "anyURI": Datatype("https://example.org/a", _is_text),
    "base64Binary": Datatype("aGVq", _form(_BASE64)),
    "boolean": Datatype("true", _form("true|false|0|1")),
    "byte": _whole(-(2**7), 2**7 - 1),
    "date": _moment("2021-10-12", date=True),
    "dateTime": _moment("2021-10-12T09:30:00", date=False),
    "dateTimeStamp": _moment("2021-10-12T09:30:00Z", date=False, zone=_ZONE),
    "dayTimeDuration": Datatype("P1DT12H", _form(f"-?P{_DAYS_TIME}")),
    "decimal": Datatype("7.5", _form(_SOME)),
    "double": _FLOAT,
    "duration": Datatype("P1Y6M", _form(f"-?P(?:{_YEARS_MONTHS}{_DAYS_TIME}?|{_DAYS_TIME})")),
    "float": _FLOAT,
    "gDay": Datatype("---12", _form(f"---{_DAY}{_ZONE}?")),
    "gMonth": Datatype("--10", _form(f"--{_MONTH}{_ZONE}?")),
    "gMonthDay": Datatype("--10-12", _day(f"(?P<y>)--(?P<m>{_MONTH})-(?P<d>{_DAY}){_ZONE}?")),
    "gYear": Datatype("2021", _form(f"{_YEAR}{_ZONE}?")),
    "gYearMonth": Datatype("2021-10", _form(f"{_YEAR}-{_MONTH}{_ZONE}?")),
    "hexBinary": Datatype("0FB7", _form("(?:[0-9a-fA-F]{2})*")),
    "int": _whole(-(2**31), 2**31 - 1),
    "integer": _whole(None, None),
    "language": Datatype("en", _form("[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")),
    "long": _whole(-(2**63), 2**63 - 1),
    "Name": Datatype("a:b", _form(f"[{_START}:][{_NAMED}:]*")),
    "NCName": Datatype("a", _NAME),
    "negativeInteger": _whole(None, -1),
    "NMTOKEN": Datatype("a-1", _form(f"[{_NAMED}:]+")),
    "nonNegativeInteger": _whole(0, None),
    "nonPositiveInteger": _whole(None, 0),
    "normalizedString": Datatype("a text", _form("[^\t\n\r]*")),
    "positiveInteger": _whole(1, None),
    "short": _whole(-(2**15), 2**15 - 1),
    "string": Datatype("a text", _is_text),
    "time": Datatype("09:30:00", _form(f"{_TIME}{_ZONE}?")),
    "token": Datatype("a text", _form("(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?")),
    "unsignedByte": _whole(0, 2**8 - 1),
    "unsignedInt": _whole(0, 2**32 - 1),
    "unsignedLong": _whole(0, 2**64 - 1),
    "unsignedShort": _whole(0, 2**16 - 1),
    "yearMonthDuration": Datatype("P1Y6M", _form(f"-?P{_YEARS_MONTHS}")),
}
"""The datatypes that RDF takes from XML Schema, by their local names."""

OTHERS = frozenset(
    {
        *("anyAtomicType", "anySimpleType", "anyType", "ENTITIES", "ENTITY", "ID", "IDREF", "IDREFS"),
        *("NMTOKENS", "NOTATION", "QName"),
    }
)
"""The names of the namespace that are datatypes of XML alone; nothing is said of their values."""


def is_well_typed(literal: Literal) -> bool:
    """Whether `literal` has a value of its datatype; true for datatypes that are not of XML Schema.

    >>> from pyoxigraph import NamedNode
    >>> date, year = NamedNode(XSD + "date"), NamedNode(XSD + "gYear")
    >>> [is_well_typed(Literal(f"2019-02-{day}", datatype=date)) for day in (28, 29)]
    [True, False]
    >>> is_well_typed(Literal("twenty", datatype=year)), is_well_typed(Literal("x", language="en"))
    (False, True)
    """
    known = datatype_of(literal)
    return known is None or known.holds(literal.value)


def datatype_of(literal: Literal) -> Datatype | None:
    """The datatype of `literal`, if it is one of those."""
    iri = literal.datatype.value
    return DATATYPES.get(iri.removeprefix(XSD)) if iri.startswith(XSD) else None
