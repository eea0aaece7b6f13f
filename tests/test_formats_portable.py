"""Which literals are portable, how numbers are written, and that stores give back what is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.formats import canonical_number, unportable
from kg.names import XSD

A, P, G = (NamedNode(f"http://e.org/{name}") for name in "apg")

WRITTEN = {
    "7000.0": "7000", "7566.670": "7566.67", "1.5": "1.5", "+7": "7", "007": "7", "7.": "7",
    "-0": "0", "-0.0": "0", ".5": "0.5", "-.50": "-0.5",
    "9223372036854775807": "9223372036854775807", "-9223372036854775808": "-9223372036854775808",
    "0.000000000000000001": "0.000000000000000001", "0" * 5000 + "7": "7",
}  # fmt: skip
NO_NUMBERS = [
    "9223372036854775808", "-9223372036854775809", "9" * 5000, "0." + "1" * 19, "1234567890.123456789",
    "1e3", "1,5", "1_000", " 7", "7\n", "", ".", "-", "٧", "INF", "0x7", "--7",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_numbers_are_written_one_way(text: str) -> None:
    kind = "decimal" if "." in WRITTEN[text] else "integer"
    assert canonical_number(text) == Literal(WRITTEN[text], datatype=NamedNode(XSD + kind))


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_portable_number(text: str) -> None:
    assert canonical_number(text) is None


@given(st.one_of(st.integers(-(2**63), 2**63 - 1).map(str), st.decimals(-(10**9), 10**9, places=6).map(str)))
def test_a_number_is_stable_and_keeps_its_value(text: str) -> None:
    found = canonical_number(text)
    assert found is not None
    assert Decimal(found.value) == Decimal(text)
    assert canonical_number(found.value) == found


def why_not(term: Any) -> str:
    """Why a value is not portable where texts are in English or Danish."""
    found = unportable([Quad(A, P, term)], ("en", "da"))
    assert len(found) <= 1
    return found[0][1] if found else ""


PORTABLE = [
    ("integer", "7"), ("integer", "-7"), ("integer", "9223372036854775807"), ("decimal", "7566.67"),
    ("boolean", "true"), ("date", "2020-02-29"), ("dateTime", "2021-10-12T09:30:00"),
    ("dateTime", "2021-10-12T09:30:00.5"), ("anyURI", "http://e.org/a"), ("string", "a\r\n\ufeffe\u0301"),
]  # fmt: skip
INTEGER = "is not an integer in its shortest form, below 2⁶³."
DECIMAL = "is not a decimal with a fraction, no trailing zeros and at most 18 digits."
DATE = "is not a date of the calendar without a zone, as 2021-10-12."
TIME = "is not a time without a zone or needless zeros, as 2021-10-12T09:30:00."
UNPORTABLE = [
    ("integer", "007", INTEGER), ("integer", "-0", INTEGER), ("integer", "7.5", INTEGER),
    ("integer", "9223372036854775808", INTEGER), ("integer", "twenty", INTEGER),
    ("decimal", "7000.0", DECIMAL), ("decimal", "7000", DECIMAL), ("decimal", "1.50", DECIMAL),
    ("decimal", ".5", DECIMAL),
    ("boolean", "1", "is not “true” or “false”."), ("boolean", "True", "is not “true” or “false”."),
    ("date", "2020-02-30", DATE), ("date", "2020-02-29Z", DATE), ("date", "20200229", DATE),
    ("date", "-0044-03-15", DATE),
    ("dateTime", "2021-10-12T09:30:00Z", TIME), ("dateTime", "2021-10-12T24:00:00", TIME),
    ("dateTime", "2021-10-12T09:30:00.50", TIME), ("dateTime", "2021-10-12T09:30:60", TIME),
    ("anyURI", "a b", "is not an absolute IRI."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), PORTABLE)
def test_portable_values(kind: str, value: str) -> None:
    term = Literal(value, datatype=NamedNode(XSD + kind))
    assert why_not(term) == ""
    store = ox.Store()
    store.add(Quad(A, P, term))
    assert [str(quad.object) for quad in store] == [str(term)]


@pytest.mark.parametrize(("kind", "value", "why"), UNPORTABLE)
def test_unportable_values(kind: str, value: str, why: str) -> None:
    assert why_not(Literal(value, datatype=NamedNode(XSD + kind))) == f"“{value}” {why}"


@pytest.mark.parametrize(
    ("term", "why"),
    [
        (A, ""),
        (Literal("x", language="da"), ""),
        (Literal("x", language="no"), "The language “no” is not one of da, en."),
        (Literal("x", language="en-gb"), "The language “en-gb” is not one of da, en."),
        (
            Literal("2019", datatype=NamedNode(XSD + "gYear")),
            f"The datatype <{XSD}gYear> is not one that every store keeps.",
        ),
        (Literal("\x01"), "The text holds the control character U+0001, which XML cannot carry."),
        (BlankNode("b"), "The blank node _:b has no name that stays: give it an IRI."),
        (Triple(A, P, A), "A triple stands as a value (RDF 1.2), which most stores cannot read."),
        (
            Literal("x", language="en", direction=ox.BaseDirection.LTR),
            "The text has a direction (RDF 1.2), which most stores cannot read.",
        ),
    ],
    ids=str,
)
def test_other_terms(term: Any, why: str) -> None:
    assert why_not(term) == why


def test_blank_subjects_and_graphs_are_told_too() -> None:
    found = unportable([Quad(BlankNode("s"), P, Literal(7), BlankNode("g")), Quad(A, P, A, G)], ())
    assert [why.split(" has")[0] for _, why in found] == ["The blank node _:s", "The blank node _:g"]
