"""Fixes on real cases: a planted fault is mended to the byte, and no fix makes anything worse."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from fixing import mended, said
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from pyoxigraph import Literal
from reading import ROOT, onto

from kg import cases, fixes
from kg.context import Kind
from kg.errors import InputError
from kg.fixes import Facts, Mended, files
from kg.fixes.written import read as as_written
from kg.names import XSD, Names
from kg.workspace import Workspace

# --- nothing happens on clean files

WORKSPACES = [ROOT, ROOT / "examples" / "havlunde"]


@pytest.mark.parametrize("root", WORKSPACES, ids=lambda path: path.name)
def test_nothing_happens_on_clean_files(root: Path) -> None:
    found = files.find(Workspace.load(root))
    assert found.faults == ()
    assert [change.mended.done for change in found.changes] == []


def test_nothing_happens_on_a_frame_that_kg_new_writes() -> None:
    template = (ROOT / "ontology" / "templates" / "case.yaml").read_text(encoding="utf-8")
    frame = template.replace("{{id}}", "a").replace("{{source}}", "report")
    frame = frame.replace("{{title}}", "{en: x}").replace("{{today}}", "2026-11-21")
    bare = re.sub(r"^# (?=[a-z-]+:|  )", "", frame, flags=re.M)
    assert mended(frame) == frame
    assert "\nroles:\n" in bare and mended(bare) == bare


# --- a fault that is planted in a real case is mended to the byte

HAVLUNDE = ROOT / "examples" / "havlunde"
EXAMPLES = int(os.environ.get("KG_EXAMPLES", "30"))
PATH = HAVLUNDE / "data" / "cases" / "havlunde-kernehus.yaml"
CLEAN = PATH.read_text(encoding="utf-8")


@cache
def real() -> Facts:
    return files.facts(Workspace.load(HAVLUNDE))


def faults(text: str) -> Counter[str]:
    try:
        cases.read_text(text, "a.yaml", real().ontology, Names(), real().known, languages=real().languages)
    except InputError as error:
        return Counter(fault.what for fault in error.faults)
    return Counter()


def places(pattern: str) -> list[tuple[int, int]]:
    return [match.span(1) for match in re.finditer(pattern, CLEAN, re.M)]


KEYS = [
    span
    for span in places(r"(?:^ *(?:- )?|[{,] ?)([a-z-]{3,}):")
    if CLEAN[slice(*span)] in onto().context.entries or CLEAN[slice(*span)] in ("quote", "source")
]
SPELLINGS = [str.upper, str.title, lambda word: word.replace("-", "_"), lambda word: f"'{word} '"]
NUMBERS = places(r"\b(?:value|holders|holders-min|minimum|maximum): ([0-9]+)$")
CODES = places(r"\b(?:capacity|stage|function|aspect|grade|metric|unit): ([a-z-]{4,})$")
DAYS = places(r"\b(?:start|end|coded-on): ([0-9]{4}-[0-9]{2}-[0-9]{2})\b")
MONTHS = places(r"\b(?:start|end): ([0-9]{4}-(?:0[1-9]|1[0-2]))$")
TAGS = places(r"[{ ](da|en):")
SPANS = places(r"(, at: \[[0-9]+, [0-9]+\])\}")
REFERENCES = places(r": ((?:organisation|roles|groups|platform)/[a-z-]{4,})$")


def planted(draw: st.DrawFn, spans: list[tuple[int, int]], *spoil: object) -> str:
    start, end = draw(st.sampled_from(spans))
    change = draw(st.sampled_from(spoil))
    return CLEAN[:start] + change(CLEAN[start:end]) + CLEAN[end:]  # type: ignore[operator]


def exchanged(word: str) -> str:
    at = next((i for i in range(1, len(word) - 2) if word[i] != word[i + 1]), 0)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def doubled(word: str) -> str:
    return word[:2] + word[1:]


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """The case with one fault that can be mended without judgement."""
    long = [span for span in KEYS if len(CLEAN[slice(*span)]) > 4 and "-" not in CLEAN[slice(*span)]]
    kinds = (
        (KEYS, str.upper, str.title, lambda word: word.replace("-", "_")),
        (long, exchanged, doubled),
        (NUMBERS, lambda n: f"{n}.0", lambda n: f"+{n}", lambda n: f"00{n}", lambda n: f"{n}."),
        (CODES, str.upper, str.title, lambda word: word.replace("-", " ")),
        ([span for span in CODES if len(CLEAN[slice(*span)]) > 5], doubled),
        (DAYS, lambda day: day.replace("-", "."), lambda day: day.replace("-0", "-")),
        (MONTHS, lambda month: ".".join(reversed(month.split("-"))), lambda month: month.replace("-", "/")),
        (TAGS, str.upper, str.title),
        (SPANS, lambda _: "", lambda _: ", at: [1, 2]", lambda _: ", at: soon", lambda _: ", at: [ 5 ]"),
        (REFERENCES, str.upper, str.title),
    )
    return planted(draw, *draw(st.sampled_from(kinds)))


def restored(text: str) -> Mended:
    return fixes.mend(text, str(PATH), real())


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=spoilt())
def test_a_planted_fault_is_mended_to_the_byte(text: str) -> None:
    assume(text != CLEAN)
    assert restored(text).text == CLEAN


PARTS = re.split(r"(?m)^(?=[a-z-]+:|\n)", CLEAN)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text.replace("\n", "\r"),
        lambda text: text.removesuffix("\n"),
        lambda text: re.sub(r"(?m)^(involvements|groups):$", r"\1:  \t", text),
        lambda text: re.sub(r"(?m)^$", "   ", text, count=3),
        lambda text: re.sub(r"(?m)^(?:  )+(?!The mun|from )", lambda m: "\t" * (len(m[0]) // 2), text),
    ],
    ids=["mark", "crlf", "cr", "end", "trailing", "empty lines", "tabs"],
)
def test_planted_layout_is_mended_to_the_byte(spoil: object) -> None:
    text = spoil(CLEAN)  # type: ignore[operator]
    assert text != CLEAN
    assert restored(text).text == CLEAN


def test_many_faults_at_once_are_mended_to_the_byte() -> None:
    rng = random.Random(7)
    for _ in range(2):
        text = CLEAN
        chosen = [(span, str.upper) for span in rng.sample([*TAGS, *CODES], 10)]
        chosen += [(span, doubled) for span in KEYS if len(CLEAN[slice(*span)]) > 6][::7]
        chosen += [(span, lambda _: "") for span in rng.sample(SPANS, 10)]
        for (start, end), change in sorted(dict(chosen).items(), reverse=True):
            text = text[:start] + change(text[start:end]) + text[end:]
        assert restored(text.replace("\n", "\r\n")).text == CLEAN


# --- whatever stands in a file, it reads at least as well, and a second time nothing changes


@st.composite
def broken(draw: st.DrawFn) -> str:
    text = draw(spoilt())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        gone = draw(st.integers(0, 12))
        put = draw(
            st.sampled_from(
                ["", " ", "\t", "\n", "# x\n", ": ", "{", "]", "-", "|", "x", "0", ".", "&a ", "*a"]
            )
        )
        text = text[:at] + put + text[at + gone :]
    return text


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=broken())
def test_a_mended_file_reads_at_least_as_well(text: str) -> None:
    after = restored(text)
    again = restored(after.text)
    assert again == Mended(after.text)
    if as_written(text) is None:
        return
    assert not faults(after.text) - faults(text)
    comments = (sorted(re.findall(r"(?m)^[ \t]*#.*?(?=[ \t]*$)", each)) for each in (text, after.text))
    assert next(comments) == next(comments)


TYPED = {
    entry.property.value
    for entry in onto().context.entries.values()
    if entry.kind is Kind.LITERAL and entry.datatype != XSD + "string"
}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=spoilt())
def test_a_file_without_faults_says_the_same_but_for_what_is_fixed(text: str) -> None:
    try:
        before = said(text)
    except InputError:
        return
    bare = replace(real(), texts={}, sources=None)
    after = said(fixes.mend(text, str(PATH), bare).text)
    changed = before ^ after
    assert {quad.predicate.value for quad in changed} <= TYPED
    assert all(isinstance(quad.object, Literal) for quad in changed)
