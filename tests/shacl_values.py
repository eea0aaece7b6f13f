"""What SPARQL's `<` and `<=` say of two literals, and which literals have a value, in exact arithmetic.

Of the datatypes of SPARQL 1.1, and of `xsd:date`; of no other literals can two be compared.

Source: SPARQL 1.1, section 17.3, https://www.w3.org/TR/sparql11-query/#OperatorMapping, and XML Schema 1.1
Part 2 on the lexical forms and on the order of what has a zone and what has none
"""

from __future__ import annotations

import re
import struct
from fractions import Fraction
from typing import NamedTuple

from pyoxigraph import Literal

from kg.names import XSD
from kg.shapes.triples import Object

LIMITS = {
    "integer": (None, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    **{name: (-(2**n), 2**n - 1) for name, n in (("byte", 7), ("short", 15), ("int", 31), ("long", 63))},
    **{
        name: (0, 2**n - 1)
        for name, n in (
            ("unsignedByte", 8), ("unsignedShort", 16), ("unsignedInt", 32), ("unsignedLong", 64),
        )
    },
}  # fmt: skip
"""The whole numbers, each with its least and its greatest."""

INTEGER = re.compile(r"[+-]?[0-9]+")
DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
FLOAT = re.compile(rf"{DECIMAL.pattern}([eE][+-]?[0-9]+)?")
BEYOND = {"INF": "inf", "+INF": "inf", "-INF": "-inf", "NaN": "nan"}
ZONE = r"(?P<zone>Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
DATE = r"(?P<year>-?([1-9][0-9]{3,}|0[0-9]{3}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2}(\.[0-9]+)?)"
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FOURTEEN_HOURS = 14 * 3600
"""How far, in seconds, a moment without a zone may lie from the same in UTC."""


class Number(NamedTuple):
    """A number; `rank` 0 is exact, 1 a float, 2 a double."""

    rank: int
    value: Fraction | float


class Moment(NamedTuple):
    """The seconds since the year 0 on the clock of UTC, or on one that is not said."""

    seconds: Fraction
    zoned: bool
    kind: str


Value = Number | Moment | str | bool


def value(term: Object) -> Value | None:
    """The value of a literal; none for an ill-typed one, another datatype, and what is no literal."""
    if not isinstance(term, Literal) or not term.datatype.value.startswith(XSD):
        return None
    name, text = term.datatype.value.removeprefix(XSD), term.value
    if name == "string":
        return None if NOT_XML.search(text) else text
    if name == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text)
    if name in ("date", "dateTime"):
        return _moment(name, text)
    return _number(name, text)


def is_ill_typed(term: Literal) -> bool:
    """Whether a literal of a datatype that is known here has no value of it."""
    others = ("string", "decimal", "float", "double", "boolean", "date", "dateTime")
    known = {XSD + name for name in (*LIMITS, *others)}
    return term.datatype.value in known and value(term) is None


def _number(name: str, text: str) -> Number | None:
    if name in LIMITS and INTEGER.fullmatch(text):
        least, most = LIMITS[name]
        number = int(text)
        fits = (least is None or least <= number) and (most is None or number <= most)
        return Number(0, Fraction(number)) if fits else None
    if name == "decimal" and DECIMAL.fullmatch(text):
        return Number(0, Fraction(text.rstrip(".")))
    if name in ("float", "double") and (text in BEYOND or FLOAT.fullmatch(text)):
        rank = 1 if name == "float" else 2
        return Number(rank, _at(rank, float(BEYOND.get(text, text))))
    return None


def _at(rank: int, number: Fraction | float) -> Fraction | float:
    """The number as one of that rank has it: rounded to 53 or to 24 binary digits."""
    if rank == 0:
        return number
    try:
        double = float(number)
        return double if rank == 2 else struct.unpack("f", struct.pack("f", double))[0]
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _moment(kind: str, text: str) -> Moment | None:
    match = re.fullmatch(DATE + (f"T{TIME}" if kind == "dateTime" else "") + ZONE, text)
    if not match:
        return None
    found = match.groupdict()
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    hour, minute = int(found.get("hour") or 0), int(found.get("minute") or 0)
    second = Fraction(found.get("second") or 0)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    months = (31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    last = (hour, minute, second) == (24, 0, 0)
    if not (1 <= month <= 12 and 1 <= day <= months[month - 1]):
        return None
    if not (last or (hour < 24 and minute < 60 and second < 60)):
        return None
    before = year - 1
    days = 365 * year + before // 4 - before // 100 + before // 400 + sum(months[: month - 1]) + day
    clock = ((days * 24 + hour) * 60 + minute) * 60 + second
    return Moment(clock - _offset(found["zone"]), found["zone"] is not None, kind)


def _offset(zone: str | None) -> int:
    """The seconds that the clock of a zone is before that of UTC."""
    if zone in (None, "Z"):
        return 0
    hours, minutes = zone[1:].split(":")
    return (-1 if zone[0] == "-" else 1) * (int(hours) * 60 + int(minutes)) * 60


def less(one: Object, other: Object, *, or_equal: bool = False) -> bool | None:
    """Whether SPARQL's `one < other` (`<=`) is true; none where the two cannot be compared."""
    a, b = value(one), value(other)
    if a is None or b is None or type(a) is not type(b):
        return None
    if isinstance(a, Moment):
        return _before(a, b, or_equal)
    if isinstance(a, Number):
        rank = max(a.rank, b.rank)
        a, b = _at(rank, a.value), _at(rank, b.value)
    return a <= b if or_equal else a < b


def _before(a: Moment, b: Moment, or_equal: bool) -> bool | None:
    """With a zone on one side only: sure where it holds, or fails, in every zone that the other may be of."""
    if a.kind != b.kind:
        return None
    if a.zoned == b.zoned:
        return a.seconds <= b.seconds if or_equal else a.seconds < b.seconds
    apart = b.seconds - a.seconds
    return apart > 0 if abs(apart) > FOURTEEN_HOURS else None
