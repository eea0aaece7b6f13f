"""What is a value of which datatype: by the examples of the specification, and by other judges."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation

import pytest
from hypothesis import given, strategies as st
from pyoxigraph import Literal, NamedNode

from kg.formats.xsd import DATATYPES, OTHERS, is_well_typed
from kg.names import RDF, XSD

# A row a datatype: what it has, and what it has not
TABLE = {
    "anyURI": "https://e.org/æ urn:x:y a/b #c https://e.org/<x> | a\x01b",
    "base64Binary": "aGVq aGU= aA== AAAA | aGV aGVq= aGU aB== a===",
    "boolean": "true false 0 1 | True FALSE yes 2",
    "byte": "127 -128 +007 -0 | 128 -129 1.0 x",
    "date": "2021-10-12 2020-02-29 -0044-03-15 12021-10-12 2021-10-12Z 2021-10-12+14:00 0000-02-29 2000-02-29"
    " | 2019-13-45 2019-02-29 1900-02-29 2021-1-2 21-10-12 2021-04-31 2021-10-12+14:01 02021-10-12 "
    "+2021-10-12",
    "dateTime": "2021-10-12T09:30:00 2021-10-12T24:00:00 2021-10-12T09:30:00.5Z 2021-10-12T00:00:00-05:30"
    " | 2021-10-12 2021-10-12T9:30:00 2021-10-12T24:00:01 2021-02-30T00:00:00 "
    "2021-10-12T23:60:00 2021-10-12t09:30:00",
    "dateTimeStamp": "2021-10-12T09:30:00Z 2021-10-12T09:30:00+01:00 | 2021-10-12T09:30:00",
    "dayTimeDuration": "P1D PT36H -P1DT2H3M4.5S PT0S | P1Y P PT P1DT PT1D P1M",
    "decimal": "7 7. .5 -0.50 +12 | 1e3 INF 1,5 . - 1.2.3",
    "double": "7 1e3 -1.5E-2 .5 INF -INF +INF NaN | inf nan 1e 1e1.5 +NaN",
    "duration": "P1Y P1Y2M3DT4H5M6.7S -P1D PT1M P1M | P 1Y P1S PT P1YT P-1Y P1M1Y",
    "float": "1e9 7 | x",
    "gDay": "---01 ---31Z | ---32 ---00 01 --01",
    "gMonth": "--12 --01+02:00 | --13 12 --1 --12--",
    "gMonthDay": "--02-29 --12-31 | --02-30 --04-31 --13-01 02-29",
    "gYear": "2021 -0044 12021 0000 2021Z | twenty 21 02021 2021-10",
    "gYearMonth": "2021-10 -0044-03Z | 2021-13 2021 2021-10-12",
    "hexBinary": "0FB7 0fb7 | 0FB 0G",
    "int": "2147483647 -2147483648 | 2147483648",
    "integer": f"7 -0 +7 {'9' * 5000} | 7.0 1e3 + {'9' * 5000}. x",
    "language": "en en-GB x-klingon | en_GB 12345678 toolongtag",
    "long": "9223372036854775807 | 9223372036854775808",
    "Name": "a a:b _x æ.1 | 1a -a",
    "NCName": "a _x æ.1 | a:b 1a",
    "negativeInteger": "-1 -007 | 0 -0 1",
    "NMTOKEN": "a-1 1a .x | a/b",
    "nonNegativeInteger": "0 -0 7 | -1 many",
    "nonPositiveInteger": "0 -7 +0 | 1",
    "normalizedString": "a | a\tb a\nb",
    "positiveInteger": f"1 {'9' * 50} | 0 -1 -{'9' * 50}",
    "short": "32767 | 32768",
    "string": "a a\tb | a\x01b",
    "time": "09:30:00 24:00:00.0 09:30:00.123Z | 9:30:00 25:00:00 09:30 24:00:00.1 09:60:00",
    "token": "a | \ta",
    "unsignedByte": "0 255 | 256 -1",
    "unsignedInt": "4294967295 | 4294967296",
    "unsignedLong": f"18446744073709551615 {'0' * 50}1 | 18446744073709551616 {'9' * 50}",
    "unsignedShort": "65535 | 65536",
    "yearMonthDuration": "P1Y P1Y6M -P3M | P1D P PT1M P1M1Y",
}


def literal(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + name))


@pytest.mark.parametrize("name", TABLE)
def test_values_of(name: str) -> None:
    good, bad = (half.split(" ") for half in TABLE[name].split(" | "))
    assert [text for text in good if not is_well_typed(literal(text, name))] == []
    assert [text for text in bad if is_well_typed(literal(text, name))] == []


def test_every_datatype_has_a_row_and_a_good_example() -> None:
    assert TABLE.keys() == DATATYPES.keys()
    assert not OTHERS & DATATYPES.keys()
    shown = {name: each.example for name, each in DATATYPES.items() if "…" not in each.example}
    assert [name for name, text in shown.items() if not is_well_typed(literal(text, name))] == []


@pytest.mark.parametrize(
    "name",
    sorted(DATATYPES.keys() - {"string", "normalizedString", "anyURI", "hexBinary", "base64Binary", "token"}),
)
@pytest.mark.parametrize("text", ["", " ", " 1", "1 ", "1\n", "a b", "²"])
def test_space_and_other_digits_are_no_part_of_a_value(name: str, text: str) -> None:
    assert not is_well_typed(literal(text, name))


def test_spaces_in_texts() -> None:
    assert is_well_typed(literal("https://e.org/a file", "anyURI"))
    assert is_well_typed(literal(" a  b", "normalizedString"))
    assert [text for text in ("a b", "", " a", "a ", "a  b") if is_well_typed(literal(text, "token"))] == [
        "a b",
        "",
    ]
    assert [
        text
        for text in ("", "aG Vq", "a G V q", " aGVq", "aGVq ", "aG  Vq")
        if is_well_typed(literal(text, "base64Binary"))
    ] == ["", "aG Vq", "a G V q"]


def test_digits_of_other_scripts_are_letters_at_most() -> None:
    assert [name for name in DATATYPES if is_well_typed(literal("١", name))] == [
        "anyURI", "Name", "NCName", "NMTOKEN", "normalizedString", "string", "token",
    ]  # fmt: skip


def test_other_datatypes_are_not_judged() -> None:
    assert is_well_typed(Literal("x", language="en"))
    assert is_well_typed(Literal("x", datatype=NamedNode("http://e.org/no")))
    assert is_well_typed(Literal("x", datatype=NamedNode(RDF + "HTML")))
    assert is_well_typed(literal("x", "QName"))


@given(st.dates())
def test_every_day_of_the_calendar_exists(day: object) -> None:
    assert is_well_typed(literal(str(day), "date"))


@given(st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"))
def test_no_other_day_exists(text: str) -> None:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        exists = text.startswith("0000-") and is_well_typed(literal("2000" + text[4:], "date"))
    else:
        exists = text.isascii()
    assert is_well_typed(literal(text, "date")) == exists


@given(st.text("0123456789+-.eE ", max_size=6))
def test_numbers_are_those_of_python(text: str) -> None:
    try:
        number = Decimal(text) if text == text.strip() else None
    except InvalidOperation:
        number = None
    assert is_well_typed(literal(text, "double")) == (number is not None)
    assert is_well_typed(literal(text, "decimal")) == (number is not None and "e" not in text.lower())


@given(st.floats())
def test_every_float_is_a_double(number: float) -> None:
    text = {math.inf: "INF", -math.inf: "-INF"}.get(number, "NaN" if math.isnan(number) else repr(number))
    assert is_well_typed(literal(text, "double"))
