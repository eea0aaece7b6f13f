"""Words are found in a text however it is written, at their place, and other words are not."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, given, settings, strategies as st

from kg.folding import Folded, cut_word, folded
from kg.sources import Text

WORDS = st.sampled_from(
    ["kommunen", "Århus", "blev", "ikke", "brugt", "på", "størrelse", "1,5", "12.500", "185\u00a0000", "NY",
     "it-afdelingen", "»Snow«", "möten", "innføre", "3", "–", "’s", "café", "sags-", "og"]
)  # fmt: skip
TEXTS = st.lists(WORDS, min_size=3, max_size=14)
SPACES = [" ", "\u00a0", "\u202f", "\n", "  ", " \n ", "\t"]
MARKS = {'"': '"“”„«»', "'": "'’‘", "-": "-–—‐‑−", "»": '"“«', "«": '"”»', "’": "'‘", "–": "-—"}


class Rewriter:
    """Writes a text in other characters that mean the same; keeps where each character went."""

    def __init__(self, text: str, draw: st.DrawFn) -> None:
        self.text, self.starts, self.ends = "", [], []
        for at, char in enumerate(text):
            self.starts.append(len(self.text))
            self.text += self._form(char, draw)
            self.ends.append(len(self.text))
            inside = char.isalpha() and at + 1 < len(text) and text[at + 1].isalpha()
            if inside and draw(st.integers(0, 9)) == 0:
                self.text += draw(st.sampled_from(["\u00ad", "-\n", "\u200b", "‐\n  ", "\u00ad\n"]))

    @staticmethod
    def _form(char: str, draw: st.DrawFn) -> str:
        if char in " \u00a0":
            return draw(st.sampled_from(SPACES))
        if char in MARKS:
            return draw(st.sampled_from(MARKS[char]))
        return unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), char)

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.starts[start], self.ends[end - 1]


@st.composite
def passages(draw: st.DrawFn) -> tuple[str, tuple[int, int]]:
    """A text, and the span of some of its words."""
    words = draw(TEXTS)
    first = draw(st.integers(0, len(words) - 1))
    last = draw(st.integers(first, len(words) - 1))
    start = len(" ".join(words[:first])) + (first > 0)
    return " ".join(words), (start, start + len(" ".join(words[first : last + 1])))


@settings(max_examples=60)
@given(passages(), st.data())
def test_words_are_found_in_a_text_that_is_written_otherwise(
    passage: tuple[str, tuple[int, int]], data: st.DataObject
) -> None:
    text, (start, end) = passage
    written = Rewriter(text, data.draw)
    found = Folded.of(written.text).find(text[start:end])
    assert written.span(start, end) in found


@settings(max_examples=60)
@given(passages(), st.data())
def test_words_that_are_written_otherwise_are_found(
    passage: tuple[str, tuple[int, int]], data: st.DataObject
) -> None:
    text, (start, end) = passage
    assume(not text[start:end].startswith("-"))
    quote = Rewriter(text[start:end], data.draw).text
    assert (start, end) in Folded.of(text).find(quote)


@settings(max_examples=60)
@given(passages(), st.data())
def test_what_is_found_reads_the_same(passage: tuple[str, tuple[int, int]], data: st.DataObject) -> None:
    text, (start, end) = passage
    view = Folded.of(written := Rewriter(text, data.draw).text)
    for span in view.find(text[start:end]):
        said, meant = (re.sub("[ -]", "", folded(each)) for each in (written[slice(*span)], text[start:end]))
        assert said == meant


@settings(max_examples=60)
@given(passages(), st.data())
def test_another_letter_figure_or_word_is_not_found(
    passage: tuple[str, tuple[int, int]], data: st.DataObject
) -> None:
    text, (start, end) = passage
    written = Rewriter(text, data.draw)
    place, quote = written.span(start, end), text[start:end]
    at = data.draw(st.sampled_from([i for i, c in enumerate(quote) if c.isalnum()] or [0]))
    assume(quote[at].isalnum())
    other = data.draw(st.sampled_from([c for c in "abxøå0479" if c != quote[at].lower()]))
    negated = quote.replace(" ", " ikke ", 1) if " " in quote else f"ikke {quote}"
    for changed in (quote[:at] + other + quote[at + 1 :], quote[:at] + quote[at + 1 :], negated):
        assert place not in Folded.of(written.text).find(changed), changed


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("a\u030arene", "årene", [(0, 6)]),
        ("årene", "a\u030arene", [(0, 5)]),
        ("de innfør\u00adte det", "innførte", [(3, 12)]),
        ("de inn-\nførte det", "innførte", [(3, 13)]),
        ("it-\nafdelingen", "it-afdelingen", [(0, 14)]),
        ("it-\nafdelingen", "itafdelingen", [(0, 14)]),
        ("sags-\nog møder", "sags- og møder", [(0, 14)]),
        ("185\u00a0000 kroner", "185 000 kroner", [(0, 14)]),
        ("1,2 mio.", "1.2 mio.", [(0, 8)]),
        ("1.650 møder", "1,650 møder", []),
        ("1.650,5 kr", "1.650.5 kr", [(0, 10)]),
        ("185000 kroner", "185 000 kroner", []),
        ("»Snow« – gl. hest", '"Snow" - gl. hest', [(0, 17)]),
        ("ﬂere møder", "flere møder", [(0, 10)]),
        ("10² møder", "102 møder", []),
        ("ana og anana", "ana", [(0, 3), (7, 10), (9, 12)]),
        ("anything", "", []),
        ("a\0b", "a\ufffdb", [(0, 3)]),
    ],
)
def test_what_is_the_same_and_what_is_not(text: str, quote: str, found: list[tuple[int, int]]) -> None:
    assert Folded.of(text).find(quote) == found


@pytest.mark.parametrize(
    ("spliced", "quote", "found"),
    [
        (["coat of arms"], "Vi fik et stigende antal", [(0, 36)]),
        (["coat of arms"], "Vi fik coat of armset stigende", [(0, 30)]),
        (["coat of arms"], "antal", [(31, 36)]),
        (["coat of"], "Vi fik et stigende antal", []),
        ([""], "Vi fik et stigende antal", []),
    ],
)
def test_a_quote_passes_over_texts_that_are_known_to_be_spliced_in(
    spliced: list[str], quote: str, found: list[tuple[int, int]]
) -> None:
    assert Text("Vi fik coat of armset stigende antal", tuple(spliced)).find(quote) == found


def test_a_letter_without_its_accent_is_another_letter() -> None:
    assert Text("en ba\u030ad").find("en ba") == []
    assert Text("en ba\u030ad").find("en båd") == [(0, 7)]


@pytest.mark.parametrize(
    ("text", "part", "word"),
    [
        ("det er ubrugt her", "brugt", "ubrugt"),
        ("det er brugt her", "brugt", None),
        ("31,2 mio. kr.", "1,2 mio.", "31,2"),
        ("31,2 mio. kr.", "31,2", None),
        ("31,2 mio. kr.", "31", "31,2"),
        ("nesten 11 500 møter", "500 møter", "11 500"),
        ("i 2019 200 møter", "200 møter", None),
        ("faldt −5 procent", "5 procent", "−5"),
        ("fra 2019-2021", "2021", None),
        ("it-afdelingen", "afdelingen", None),
        ("to superbrugere.", "superbrugere", None),
        ("fik ba\u030ad", "fik b", "ba\u030ad"),
    ],
)
def test_half_of_a_word_or_a_figure_is_told(text: str, part: str, word: str | None) -> None:
    start = text.index(part)
    cut = cut_word(text, (start, start + len(part)))
    assert (text[slice(*cut)] if cut else None) == word
