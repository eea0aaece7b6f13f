"""Which of two literals is less, by value, as SPARQL's `<` has it; nothing where that is an error.

Numbers, truth values and strings are compared here, whatever their size; days and times by the store, whose
`<` is right for them. The store's `<=` is not asked: it holds for any term and itself.

Source: SPARQL 1.1, section 17.3, https://www.w3.org/TR/sparql11-query/#OperatorMapping
"""

from __future__ import annotations

import math
import struct
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, QuerySolutions, Store

from kg.formats.xsd import is_well_typed
from kg.names import XSD
from kg.shapes.triples import Object

if TYPE_CHECKING:
    from decimal import Decimal

_INTEGERS = """byte int integer long negativeInteger nonNegativeInteger nonPositiveInteger positiveInteger
    short unsignedByte unsignedInt unsignedLong unsignedShort"""
INTEGERS = frozenset(XSD + local for local in _INTEGERS.split())
TIMES = frozenset(XSD + local for local in ("date", "dateTime", "dateTimeStamp"))
FLOATS = frozenset((XSD + "float", XSD + "double"))
DECIMAL, BOOLEAN, STRING = XSD + "decimal", XSD + "boolean", XSD + "string"
NUMBERS = INTEGERS | FLOATS | {DECIMAL}
_STORE = Store()


def order(one: Object, other: Object) -> int | None:
    """-1 if `one` is less than `other`, 0 if they are equal, 1 if it is more; None if that is an error.

    >>> big = Literal("99999999999999999999", datatype=Literal(1).datatype)
    >>> order(Literal(5), big), order(Literal("5"), Literal(5)), order(Literal(1.5), Literal(1))
    (-1, None, 1)
    """
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return None
    if not _is_comparable(one) or not _is_comparable(other):
        return None
    if {one.datatype.value, other.datatype.value} <= NUMBERS:
        return _of_numbers(one, other)
    if {one.datatype.value, other.datatype.value} <= TIMES:
        return 0 if one == other else _of_times(one, other)
    if one.datatype != other.datatype or one.datatype.value not in (BOOLEAN, STRING):
        return None
    first, second = one.value, other.value
    if one.datatype.value == BOOLEAN:
        first, second = (str(int(text in ("true", "1"))) for text in (first, second))
    return (first > second) - (first < second)


@cache
def _is_comparable(literal: Literal) -> bool:
    return literal.language is None and is_well_typed(literal)


def _of_numbers(one: Literal, other: Literal) -> int | None:
    """The order of the numbers, both as one that the less exact of the datatypes has."""
    datatypes = {one.datatype.value, other.datatype.value}
    first, second = (_number(each, datatypes) for each in (one, other))
    if first != first or second != second:
        return None
    return (first > second) - (first < second)


def _number(literal: Literal, datatypes: set[str]) -> Decimal | float:
    from decimal import Decimal

    if literal.datatype.value == XSD + "float":
        return _single(float(literal.value))
    if XSD + "double" in datatypes:
        return float(literal.value)
    # Decimal reads thousands of digits, which int refuses.
    return _single(float(literal.value)) if XSD + "float" in datatypes else Decimal(literal.value)


def _single(number: float) -> float:
    """The nearest number of single precision."""
    try:
        [found] = struct.unpack("f", struct.pack("f", number))
    except OverflowError:
        return math.copysign(math.inf, number)
    return float(found)


@cache
def is_known(literal: Literal) -> bool:
    """Whether the store has a value for a literal, with which it can compare: not for one beyond its limits.

    >>> [is_known(Literal(text, datatype=Literal(1).datatype)) for text in ("5", "99999999999999999999")]
    [True, False]
    """
    if not is_well_typed(literal) or literal.datatype.value == STRING:
        return is_well_typed(literal)
    function = "YEAR" if literal.datatype.value in TIMES else "ABS"
    rows = _STORE.query(f"SELECT ({function}({literal}) AS ?value) {{}}")
    assert isinstance(rows, QuerySolutions)
    return next(rows)[0] is not None


@cache
def _of_times(one: Literal, other: Literal) -> int | None:
    query = (
        f"SELECT (?a < ?b AS ?l) (?a = ?b AS ?e) (?a > ?b AS ?g) {{ VALUES (?a ?b) {{ ({one} {other}) }} }}"
    )
    rows = _STORE.query(query)
    assert isinstance(rows, QuerySolutions)
    [(less, equal, greater)] = [[_is_true(term) for term in row] for row in rows]
    return -1 if less else 0 if equal else 1 if greater else None


def _is_true(term: object) -> bool:
    return isinstance(term, Literal) and term.value == "true"
