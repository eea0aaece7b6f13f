"""Quotes stand in their sources, their places are written beside them, and a lock remembers what was so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from kg import evidence, sources
from kg.errors import InputError
from kg.evidence import Checked, Lock, Quote, Standing
from kg.evidence.lock import Entry, today
from kg.places import Place
from kg.sources import Described, Text

TEXT = Text("A white horse and a black horse. The white one – “Snow” – is old.\nIts stable\nis new.")
TEXTS = {"a": TEXT}


def checked(words: str, span: tuple[int, int] | None = None, source: str = "a") -> Checked:
    """What comes of a case with one quote, in the third line."""
    at = f", at: {list(span)}" if span else ""
    case = f"sources: [{source}]\n\ne: {{quote: {json.dumps(words)}{at}}}\n"
    return evidence.check(evidence.quotes(case, "a.yaml"), TEXTS)


# --- a quote and its text -----------------------------------------------------------------


def test_a_quote_is_found_where_it_stands() -> None:
    found = checked("black horse", (20, 31))
    assert [each.span for each in found.found] == [(20, 31)]
    assert found.moved == () == found.faults


@pytest.mark.parametrize("span", [None, (0, 11), (19, 30), (500, 511)])
def test_a_quote_without_its_place_is_found(span: tuple[int, int] | None) -> None:
    assert [each.span for each in checked("black horse", span).moved] == [(20, 31)]


def test_offsets_count_characters_of_text_with_lf_line_ends() -> None:
    text = Text("\ufeffæ😀\r\nå\rb".removeprefix("\ufeff"))
    assert text.text == "æ😀\nå\nb"
    assert text.find("å") == [(3, 4)] and text.at((1, 2)) == "😀"
    assert text.sha256 == Text("æ😀\nå\nb").sha256


def test_a_quote_that_stands_twice_has_to_be_placed_by_its_author() -> None:
    (fault,) = checked("horse").faults
    where = "a.yaml:3:12: the quote stands 2 times in a: [8, 13], [26, 31]"
    assert str(fault) == f"{where}; write “at” yourself, or quote more words"
    assert checked("horse", (26, 31)).faults == ()


def test_occurrences_that_overlap_are_several() -> None:
    assert Text("anana").find("ana") == [(0, 3), (2, 5)]
    assert Text("abc").find("") == []


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("grey horse", "the quote does not stand in a; copy it from the text"),
        ("A White Horse", "the quote does not stand in a; but for capitals, it stands at [0, 13]; copy"),
        ("Black  horse", "but for capitals, it stands at [20, 31]"),
        ("Horse", "the quote does not stand in a; copy"),
        (
            "horse … horse",
            "the ellipsis leaves out 13 characters of a, at [13, 26]; quote each part by itself",
        ),
        (
            "horse [...] foal",
            "“foal”, a part of the quote with an ellipsis, does not stand in a in this order",
        ),
        (
            "black … white horse",
            "“white horse”, a part of the quote with an ellipsis, does not stand in a in",
        ),
        ("a black hor", "the quote begins or ends in the midst of “horse” at [26, 31]; quote whole words"),
    ],
)
def test_a_quote_that_does_not_stand_there_is_told_with_what_nearly_does(words: str, what: str) -> None:
    (fault,) = checked(words).faults
    assert what in str(fault)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("a " * 13, "the quote has 13 words; at most 12 may be quoted; quote only the words that carry it"),
        ("a" * 91, "the quote has 91 characters; at most 90 may be quoted; quote only"),
    ],
)
def test_a_quote_that_is_too_long_is_told_whether_it_stands_there_or_not(words: str, what: str) -> None:
    for text in ({}, TEXTS, {"a": Text(words)}):
        faults = evidence.check([Quote(words, None, "a", Place("a.yaml"))], text).faults
        assert what in str(faults[0])


def test_a_quote_of_a_source_without_a_text_is_left_unchecked() -> None:
    assert [quote.words for quote in checked("anything", source="b").unchecked] == ["anything"]


def test_a_quote_of_no_source_is_told() -> None:
    (fault,) = checked("black horse", source="a, b").faults
    assert "does not say from which of the sources" in fault.what and "source:" in fault.what


def test_a_quote_in_rdf_is_not_moved_but_told() -> None:
    (fault,) = evidence.check([Quote("black horse", (0, 11), "a", Place("a.ttl", 7))], TEXTS).faults
    assert str(fault) == "a.ttl:7: “black horse” stands at [20, 31]; correct its selector"


# --- texts at hand ------------------------------------------------------------------------


def test_a_text_belongs_to_its_source_by_its_hash_or_else_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "000_x.txt").write_bytes(b"\xef\xbb\xbfone\r\n")
    (tmp_path / "b.txt").write_text("two", encoding="utf-8")
    (tmp_path / "c.md").write_text("three", encoding="utf-8")
    wanted = [Described("a", Text("one\n").sha256), Described("b"), Described("c"), Described("d", "0" * 64)]
    found = sources.library(tmp_path, wanted)
    assert {name: text.text for name, text in found.items()} == {"a": "one\n", "b": "two"}
    assert sources.library(None, wanted) == {}


def test_a_file_that_is_no_text_is_told_only_if_it_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "folder.txt").mkdir()
    assert sources.library(tmp_path, [Described("a")]) == {}
    with pytest.raises(InputError, match=r"notes.txt: the file looks like UTF-16; save it as UTF-8"):
        sources.library(tmp_path, [Described("notes")])


def test_a_folder_of_texts_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere: no such folder of source texts"):
        sources.library(tmp_path / "nowhere", [])


# --- places are written -------------------------------------------------------------------

STYLES = {
    "flow": "e: {quote: black horse«→, at: §»}",
    "flow, more keys": "e: {quote: black horse«→, at: §», source: a}",
    "flow, quote last": "e: { source: a, quote: 'black horse'«→, at: §» }",
    "flow, wrong": "e: {quote: black horse, at: «[1, 2]→§»}",
    "flow, wrong, spaced": "e: {at: «[ 1,  2 ]→§», quote: black horse}",
    "flow, no list": "e: {quote: black horse, at: «1-2→§»}",
    "flow on lines": "e: {\n  quote: black horse«→, at: §»\n  }",
    "quoted keys": 'e: {"quote": "black horse"«→, "at": §»}',
    "block": "e:\n  quote: black horse«→\n  at: §»",
    "block, comment": "e:\n  quote: black horse  # so he says«→\n  at: §»\n  source: a",
    "block, quoted key": 'e:\n  "quote": "black horse"«→\n  at: §»\nf: x',
    "block, empty comment": "e:\n  quote: 'black horse' #«→\n  at: §»\nf: x",
    "block, on lines": "e:\n  quote:\n    black\n    horse«→\n  at: §»\nf: x",
    "block, wrong": "e:\n  quote: black horse\n  at: «[1, 2]→§»  # kept\n",
    "block, empty": "e:\n  at:«→ §»\n  quote: black horse\n",
    "block, a word": "e:\n  at: «there→§» # kept\n  quote: black horse\n",
    "block, list": "e:\n  quote: black horse\n  at:«\n  - 1\n  - 2→ §»\nf: x",
    "block, list, indented": "e:\n  quote: black horse\n  at:«\n    - 1\n    - 2→ §»  # kept\n\n# too\n",
    "items": "e:\n  - quote: black horse«→\n    at: §»\n  - source: b",
    "other letters": "æ: 😀\ne: {quote: black horse«→, at: §»}",
    "comment above": "# quote: x\n\n\ne: {quote: black horse«→, at: §»} # y\n",
}
"""Files before and after: what stands between « and → becomes what stands between → and »; § is the place."""


def both(template: str) -> tuple[str, str]:
    before, after = (re.sub("«(.*?)→(.*?)»", rf"\{n}", template, flags=re.S) for n in (1, 2))
    return f"sources: [a]\n{before}", f"sources: [a]\n{after}".replace("§", "[20, 31]")


def mended(text: str, path: str = "a.yaml") -> str:
    return evidence.fixed(text, evidence.check(evidence.quotes(text, path), TEXTS))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("style", STYLES)
def test_the_place_is_written_and_all_else_is_kept(style: str, line_end: str) -> None:
    before, after = (text.replace("\n", line_end) for text in both(STYLES[style]))
    assert mended(before) == after
    assert mended(after) == after, "once is enough"
    assert [quote.span for quote in evidence.quotes(after, "a.yaml")] == [(20, 31)]


def test_json_lines_stay_json_lines() -> None:
    line = {
        "sources": ["a"],
        "e": {"quote": "black horse"},
        "f": "😀",
        "g": [{"at": [0, 1], "quote": "The white"}],
    }
    wanted = {
        **line,
        "e": {"quote": "black horse", "at": [20, 31]},
        "g": [{"at": [33, 42], "quote": "The white"}],
    }
    for ascii_only in (True, False):
        text = "\n" + "".join(json.dumps(x, ensure_ascii=ascii_only) + "\n" for x in (line, line))
        found = [json.loads(each) for each in mended(text, "a.jsonl").splitlines() if each]
        assert found == [wanted, wanted]
    compact = json.dumps(line, separators=(",", ":"), indent=None)
    assert json.loads(mended(compact, "a.jsonl")) == wanted


def test_a_quote_with_escapes_is_placed() -> None:
    text = '{"sources": ["a"], "e": {"quote": "\\u201cSnow\\u201d"}}'
    assert mended(text, "a.jsonl") == text.replace("}}", ', "at": [49, 55]}}')
    smile = {"a": Text("so 😀 there")}
    line = '{"sources": ["a"], "e": {"quote": "\\ud83d\\ude00 there", "source": "a"}, "f": 1}'
    fixed = evidence.fixed(line, evidence.check(evidence.quotes(line, "a.jsonl"), smile))
    assert json.loads(fixed)["e"] == {"quote": "😀 there", "source": "a", "at": [3, 10]}


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8)


@given(st.lists(words, max_size=3), st.lists(words, max_size=3), st.booleans())
def test_whatever_stands_around_a_quote_stays(before: list[str], after: list[str], flow: bool) -> None:
    """Texts of all kinds as JSON strings, which are YAML; the quotes between them are placed."""
    quote = "e: {quote: black horse}" if flow else "e:\n  quote: black horse # here"
    around = [json.dumps([f"# {n}", *texts], ensure_ascii=False) for n, texts in enumerate((before, after))]
    text = f"sources: [a]\nt: {around[0]} # x\n{quote}\nu: {around[1]} # y\n"
    new = mended(text)
    assert new.replace(", at: [20, 31]", "").replace("\n  at: [20, 31]", "") == text != new
    assert [q.span for q in evidence.quotes(new, "a.yaml")] == [(20, 31)]


def test_which_source_a_quote_is_from() -> None:
    one = "sources: [a]\ne: {quote: x}\nf: {quote: y, source: b}\n"
    assert [q.source for q in evidence.quotes(one, "a.yaml")] == ["a", "b"]
    two = "sources: [a, b]\ne: {quote: x}\n"
    assert [q.source for q in evidence.quotes(two, "a.yaml")] == [None]
    other = "books: a\ne: {quote: x}\n"
    assert [q.source for q in evidence.quotes(other, "a.yaml", ("books",))] == ["a"]


@pytest.mark.parametrize(
    "at", ["[1]", "[1, 2, 3]", "[a, b]", "[-1, 4]", "[²1, 30]", f"[0, {'9' * 5000}]", "{a: 1}"]
)
def test_a_place_that_is_none_is_as_if_it_were_not_written(at: str) -> None:
    (quote,) = evidence.quotes(f"sources: [a]\ne: {{quote: black horse, at: {at}}}\n", "a.yaml")
    assert quote.span is None


# --- the lock -----------------------------------------------------------------------------


def test_the_lock_covers_what_was_found_and_nothing_else(tmp_path: Path) -> None:
    quote = Quote("black horse", (20, 31), "a", Place("a.yaml"))
    lock = Lock.of([Standing(quote, (20, 31), "black horse")], TEXTS)
    assert lock.knows(quote) and lock.knows(quote, TEXT.sha256)
    assert not lock.knows(quote, "0" * 64), "another text"
    others = [("black horses", (20, 31)), ("black horse", (21, 32)), ("black horse", None)]
    assert not any(lock.knows(Quote(words, span, "a", Place("a.yaml"))) for words, span in others)
    assert not lock.knows(Quote("black horse", (20, 31), "b", Place("a.yaml")))
    (tmp_path / "lock").write_text(lock.text(), encoding="utf-8")
    assert Lock.read(tmp_path / "lock") == lock
    assert evidence.uncovered([quote], tmp_path / "lock") == []


def test_the_lock_holds_no_word_of_a_source() -> None:
    quote = Quote("black horse", (20, 31), "a", Place("a.yaml"))
    text = Lock.of([Standing(quote, (20, 31), "black horse")], TEXTS).text()
    assert "horse" not in text and TEXT.sha256 in text
    assert json.loads(text)["sources"]["a"]["checker"] == "casegraph 0.1.0"


def test_the_lock_says_when_and_keeps_the_day_of_what_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Standing(Quote("black horse", (20, 31), "a", Place("a.yaml")), (20, 31), "black horse")]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    first = Lock.of(found, TEXTS)
    assert first.when() == "checked 1970-01-02 by casegraph 0.1.0"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "172800")
    assert Lock.of(found, TEXTS).since(first) == first
    more = [*found, Standing(Quote("old", (60, 63), "a", Place("a.yaml")), (60, 63), "old")]
    assert Lock.of(more, TEXTS).since(first).when() == "checked 1970-01-03 by casegraph 0.1.0"
    assert Lock.of(found, {"a": Text(TEXT.text + "!")}).since(first).sources["a"].checked == "1970-01-03"
    two = first.merge(Lock.of([Standing(Quote("A", (0, 1), "b", Place("x")), (0, 1), "A")], {"b": TEXT}))
    assert two.when() == "checked 1970-01-02 to 1970-01-03 by casegraph 0.1.0"
    undated = Lock({"a": Entry(TEXT.sha256, first.sources["a"].spans)})
    assert undated.when() == "" and Lock.of(found, TEXTS).since(undated).when().endswith(
        "-03 by casegraph 0.1.0"
    )


def test_today_is_told_where_nothing_else_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for said in ("", "soon"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", said)
        assert re.fullmatch("20[2-9][0-9]-[01][0-9]-[0-3][0-9]", today())


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", '{"sources": 7}', '{"sources": {"a": 7}}', '{"sources": {"a": {"sha256": 1}}}'],
)
def test_a_lock_that_is_none_covers_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "lock").write_text(text, encoding="utf-8")
    assert Lock.read(tmp_path / "lock") == Lock() == Lock.read(tmp_path / "nowhere")


def test_the_lock_is_the_same_in_whatever_order_the_quotes_come() -> None:
    spans = (("A", (0, 1), "b"), ("o", (9, 10), "a"), ("h", (8, 9), "a"))
    found = [Standing(Quote(words, span, source, Place("x")), span, words) for words, span, source in spans]
    texts = {"a": TEXT, "b": TEXT}
    assert Lock.of(found, texts).text() == Lock.of(found[::-1], texts).text()


@pytest.mark.parametrize("text", ["a: {b: c, *d: e}", "a: &b c\nd: &b e", "a: *b"])
def test_what_the_reader_refuses_is_told_in_its_words(text: str) -> None:
    with pytest.raises(InputError, match="is not allowed; write the value out"):
        evidence.quotes(text, "a.yaml")
