"""A text as it is looked through: what only looks different is the same, and every place leads back.

Found are words under another Unicode form (å as one character or two), with soft hyphens and other
characters that nobody sees, hyphenated at the end of a line, with other white space (no-break spaces,
line ends), other quotation marks and dashes, ligatures, and a decimal point for a decimal comma. `1.650`
and `1,650` stay apart: before exactly three digits the mark may part thousands. Capitals, letters, digits
and words count. Texts known to be spliced in, such as the alternative text of an image, may stand in the
midst of the words.

>>> view = Folded.of("Two\\u00a0white hor-\\nses")
>>> view.find("Two white horses"), view.find("two white horses")
([(0, 18)], [])
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

Span = tuple[int, int]

_BREAK, _SPLICE = "\0", "\1"
"""Stand in a folded text for a hyphen at the end of a line, and for a text that was spliced in."""

ACCENTS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
_LETTER = rf"[^\W\d_]|[{ACCENTS}]"
_ALIKE = {
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **{"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "…": "..."},
    **dict.fromkeys((_BREAK, _SPLICE), "\ufffd"),
}
_PIECE = re.compile(
    rf"(?P<hyphen>(?<={_LETTER})[-‐\u00ad][{_UNSEEN}]*[^\S\n]*\n[^\S\n]*(?=[^\W\d_]))"
    rf"|(?P<accented>[^{ACCENTS}\s][{ACCENTS}]+)"
    rf"|(?P<unseen>[{_UNSEEN}]+)"
    r"|(?P<space>\s+)"
    r"|(?P<decimal>(?<=\d)[.,](?=\d)(?!\d{3}(?!\d)))"
    r"|(?P<other>[^\x02-\x9f\u00c0-\u02ff])"
)
_WHOLE = re.compile(
    r"(?:(?<![\w.,)])[-−])?(?:(?<!\d)\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+)(?:[.,]\d+)*"
    rf"|[\w{ACCENTS}{_UNSEEN}]+"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded; the character `i` of `text` stands for those from `starts[i]` to `ends[i]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, text: str, spliced: Iterable[str] = ()) -> Folded:
        """`text` folded; wherever one of the texts `spliced` stands in it, it may be left out.

        >>> Folded.of("a grey  and old horse", ["grey "]).find("a and old horse")
        [(0, 21)]
        """
        folded: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for start, end, new in _pieces(text, [each for each in spliced if each]):
            own = len(new) == end - start and new == text[start:end]
            folded.append(new)
            starts += range(start, end) if own else [start] * len(new)
            ends += range(start + 1, end + 1) if own else [end] * len(new)
        return cls("".join(folded), tuple(starts), tuple(ends))

    def find(self, words: str) -> list[Span]:
        """All spans of the text at which `words` stand, in the order of their starts."""
        return [self._span(match.span(1)) for match in _pattern(words).finditer(self.text)]

    def after(self, start: int, words: str) -> Span | None:
        """Where `words` stand next, from the place `start` of the text on."""
        return next((span for span in self.find(words) if span[0] >= start), None)

    def _span(self, found: Span) -> Span:
        return self.starts[found[0]], self.ends[found[1] - 1]


def folded(words: str) -> str:
    """`words` as they are compared; a hyphen at a line's end is gone.

    >>> folded("“hor-\\nses”  1,5"), folded("1,650")
    ('"horses" 1.5', '1,650')
    """
    return Folded.of(words).text.replace(_BREAK, "")


def cut_word(text: str, span: Span) -> Span | None:
    """The word or number in the midst of which `span` begins or ends, or None.

    >>> cut_word("unused in 2021", (2, 6)), cut_word("31,2 million", (3, 12)), cut_word("in use", (3, 6))
    ((0, 6), (0, 4), None)
    """
    for at in span:
        for match in _WHOLE.finditer(text, max(0, at - 80), at + 80):
            if match.start() < at < match.end():
                return match.span()
    return None


def _pieces(text: str, spliced: list[str]) -> Iterator[tuple[int, int, str]]:
    """The text piece by piece: from where to where, and what stands for it."""
    at = 0
    for start, end in _marked(text, spliced):
        yield from _plain(text, at, start)
        yield start, end, _SPLICE
        at = end
    yield from _plain(text, at, len(text))


def _marked(text: str, spliced: list[str]) -> Iterator[Span]:
    if spliced:
        longest = sorted(spliced, key=len, reverse=True)
        yield from (match.span() for match in re.finditer("|".join(map(re.escape, longest)), text))


def _plain(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    at = start
    for match in _PIECE.finditer(text, start, end):
        if match.start() > at:
            yield at, match.start(), text[at : match.start()]
        at = match.end()
        yield match.start(), at, _compared(match)
    if at < end:
        yield at, end, text[at:end]


def _compared(match: re.Match[str]) -> str:
    """What a piece of a text is compared as."""
    match match.lastgroup:
        case "hyphen":
            return _BREAK
        case "unseen":
            return ""
        case "space":
            return " "
        case "decimal":
            return "."
        case "accented":
            return unicodedata.normalize("NFC", re.sub(f"[{_UNSEEN}]", "", match[0]))
        case _:
            return _ALIKE.get(match[0]) or unicodedata.normalize("NFC", match[0])


@lru_cache(maxsize=4096)
def _pattern(words: str) -> re.Pattern[str]:
    """What finds `words` in a folded text; places that overlap are several."""
    said = re.sub(" +", " ", Folded.of(words).text)
    between = f"[{_BREAK}{_SPLICE}]*"
    parts = between.join(_part(each) for each in re.findall(r"- |.", said, re.DOTALL))
    return re.compile(f"(?=({parts}))" if parts else r"(?!)()", re.DOTALL)


def _part(said: str) -> str:
    """What finds one folded character, or a hyphen before a space."""
    match said:
        case " ":
            return f"[ {_SPLICE}]+"
        case "-":
            return f"(?:-|{_BREAK})"
        case "- ":
            return f"(?:-[ {_SPLICE}]+|{_BREAK})"
        case _:
            return f"(?:{_BREAK}|-[ {_SPLICE}]*)?" if said == _BREAK else re.escape(said)
