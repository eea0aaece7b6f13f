"""The outline of a text that is typed: what the reader sees where the text is whole, and else something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings, strategies as st

from kg.cases.compose import Items, Map, Node, Scalar, compose
from kg.errors import InputError
from kg.lsp import outline, scanner
from kg.lsp.outline import Entry

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("data", "examples", "tests")
    for path in (ROOT / folder).rglob("*.yaml")
    if not {"build", "bad_input", "reports", "templates"} & set(path.parts)
)
Seen = list[tuple[str, int, int, str]]
"""Keys and values with their line and column, counted from 1, and their text."""


def read(node: Node | None) -> Seen:
    """What the reader sees."""
    match node:
        case Map(pairs=pairs):
            return [
                each
                for key, value in pairs.values()
                for each in (("key", key.place.line, key.place.column, key.text), *read(value))
            ]
        case Items(items=items):
            return [each for item in items for each in read(item)]
        case Scalar(text=text, place=place, plain=plain) if text or not plain:
            return [("value", place.line, place.column, text)]
    return []


def seen(root: Entry) -> Seen:
    """What the outline has."""
    return [
        (
            "key" if word is entry.key else "value",
            word.span.start.line + 1,
            word.span.start.column + 1,
            word.text,
        )
        for entry, word in root.words()
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_it_is_what_the_reader_sees(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert seen(scanner.parse(text)) == read(compose(text, "", []))


def test_there_are_files_to_see() -> None:
    assert len(FILES) > 30


KEYS = st.from_regex(r"[a-zæøå][a-z0-9-]{0,6}", fullmatch=True)
TEXTS = st.text(st.sampled_from("ab øÅ😀,:#'\"-[]{}\\\n?!&*|>%@`"), min_size=1, max_size=30)
TREES: st.SearchStrategy[Any] = st.recursive(
    TEXTS,
    lambda below: (
        st.dictionaries(KEYS, below, min_size=1, max_size=3) | st.lists(below, min_size=1, max_size=3)
    ),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(KEYS, TREES, min_size=1, max_size=4),
    st.sampled_from([None, True, False]),
    st.sampled_from([30, 90]),
)
@example({"a": "b: c", "d": ["'", '"', "# e"]}, None, 90)
def test_it_is_what_the_reader_sees_in_any_text(tree: dict[str, Any], flow: bool | None, width: int) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow, width=width, sort_keys=False)
    faults: list[Any] = []
    try:
        whole = compose(text, "", faults)
    except InputError:
        return
    if not faults and "? " not in text:
        assert seen(scanner.parse(text)) == read(whole)


SOROE = (ROOT / "data/cases/soroe-monday.yaml").read_text(encoding="utf-8")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, len(SOROE)),
    st.text(st.sampled_from("{}[]:,-'\"#\n |>\t😀"), max_size=5),
    st.integers(0, 12),
)
def test_a_broken_text_has_an_outline_whose_words_stand_where_it_says(at: int, typed: str, gone: int) -> None:
    text = SOROE[max(at - 400, 0) : at] + typed + SOROE[at + gone : at + 400]
    lines = outline.lines(text)
    for _, word in scanner.parse(text).words():
        start, end = word.span.start, word.span.end
        if start.line == end.line:
            assert lines[start.line][start.column : end.column] == word.raw
        else:
            assert start.line < end.line < len(lines)
        assert isinstance(word.text, str)


@pytest.mark.parametrize(
    "typed",
    [
        "evidence: {quote: a",
        'evidence: {quote: "a',
        "evidence: [",
        "evidence: {quote: a, at: [1",
        "kin",
        "memo: 'x",
        "a: {b: {c: [",
    ],
)
def test_what_is_not_closed_does_not_swallow_what_follows(typed: str) -> None:
    root = scanner.parse(f"things:\n  one:\n    {typed}\n  two:\n    kind: Thing\nmore: [a, b]\n")
    assert [each.path() for each in root.children] == ["things", "more"]
    kind = root.find("things/two/kind")
    assert kind is not None and kind.value is not None and kind.value.text == "Thing"
    assert [item.value.text for item in root.children[1].children if item.value] == ["a", "b"]


def test_words_know_their_keys_and_ends() -> None:
    text = "a:\n  b: {c: 'x y', d: [1, 2]}\n  e: >-\n    folded\n    text\n  f: plain\n    on\n"
    root = scanner.parse(text)
    d, e, f = (root.find(path) for path in ("a/b/d", "a/e", "a/f"))
    assert d and e and f and e.value and f.value and d.opened
    assert [item.value.text for item in d.children if item.value] == ["1", "2"]
    assert (e.value.text, f.value.text) == ("folded text", "plain on")
    assert (d.opened.start.column, d.opened.end.column) == (19, 25)
    assert e.value.span.end == outline.Spot(4, 8)
    assert f.path() == "a/f"


def test_a_long_line_and_a_deep_one_take_no_time() -> None:
    import time

    start = time.monotonic()
    scanner.parse("a: " + "x " * 200_000)
    scanner.parse("a: '" + "x\n" * 20_000)
    scanner.parse("a: [" * 500)
    scanner.parse("a" * 300_000)
    assert time.monotonic() - start < 10
