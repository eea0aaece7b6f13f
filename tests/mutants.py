"""Files that have gone wrong: the real ones, changed where their structure is, for tests by hypothesis.

A change takes out, doubles, moves or cuts lines and words, puts something else in the place of one (another
type, a word of another file, a number of any size), or spoils characters: decomposed or look-alike letters,
NUL and other control characters, halves of characters, line ends of other systems, bytes that are no UTF-8.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

WORD = re.compile(r'"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|[^\W_]+(?:[-:/.@][^\W_]+)*|[^\w\s]', re.UNICODE)
"""What is taken as one word: a text in quotes, an IRI, a name, a number or a mark."""

LIKE = str.maketrans("aceijopsxyABCEHIKMOPTX", "асеіјорѕхуАВСЕНІКМОРТХ")
"""Latin letters → Cyrillic ones that look alike."""

ODD = (
    "", "~", "null", "true", "no", "-1", "0", "007", "+7", "1.50", "1e999", "-0.0", ".inf", ".nan",
    "9" * 19, "9" * 400, "2" * 5000, "2021-02-30", "2021-05/2020-01", "../..", "Y-170000002", "2021-21~",
    "0000", "10000", "[]", "{}", "[[]]", "{a: {}}", "[1, 2]", "{quote: x}", '""', "''", '" "', "x" * 2000,
    "a b", "a/b/c", "/", "#", "# x", "%41", "*a", "&a", "!!str", "!x", "|", ">", "- ", "? ", ": ", "---",
    "...", "%YAML 1.1", "<<", "@", "`", "\\", '"', "'", "\"\"\"", "<a b>", "<>", "_:b", "_:b0", "[", "]",
    "{", "}", "(", ")", ".", ";", ",", "^^", "@en", "@EN_gb", "\"x\"@-", "\"x\"^^<x:y>",
    "<< <x:a> <x:b> <x:c> >>", "@prefix", "PREFIX", "BASE", "GRAPH", "@base <x:> .", "id", "@id",
    "@context", "@graph", "@value", "$this", "?x", "*", "+", "|", "!", "^", "a", "SELECT", "SERVICE",
    "LIMIT", "UNDEF", "VALUES", "EXISTS", "#+", "$PATH", "\\ud800", "\\u0000", "\\U00110000", "\\x",
    "é\u0301", "\u202e", "\u200b", "\ufeff", "\u2028", "\x85", "𝟟", "٣", "²", "Ⅶ", "ﬁ", "𐏿", "\U0001f41d",
    "[" * 300, "{" * 300, "(" * 300, "a:" * 300, "sh:not [ " * 70,
)  # fmt: skip
"""What takes the place of a word."""

MARKS = (
    "\x00", "\x01", "\x07", "\x0b", "\x0c", "\r", "\t", "\n", "\x1b", "\x7f", "\x85", "\xa0", "\u0301",
    "\u200b", "\u2028", "\u2029", "\u202e", "\ufeff", "\ufffe", "\uffff", "\U0001f41d", "\U0010ffff",
    "\ud800", "\udc00", "\udbff\udfff", '"', "'", "\\", "{", "}", "[", "]", "<", ">", "#", ":", ",", "|",
    ".", ";", "-", " ", "0",
)  # fmt: skip
"""What is put between characters; halves of characters become bytes that are no UTF-8."""


def encoded(text: str) -> bytes:
    """The bytes of a file that holds `text`."""
    return text.encode("utf-8", "surrogatepass")


class Mutant(bytes):
    """The bytes of a changed file, shown by where they begin and cease to differ from the file they were."""

    origin: bytes = b""

    def __repr__(self) -> str:
        same = _same(self, self.origin)
        end = min(_same(self[::-1], self.origin[::-1]), len(self) - same)
        return f"<{len(self)} bytes, from {same}: {bytes(self[max(same - 40, 0) : len(self) - end + 20])!r}>"


def _same(one: bytes, other: bytes) -> int:
    """How many bytes two texts have in common at their beginnings."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


@st.composite
def mutants(draw: st.DrawFn, originals: Sequence[str], most: int = 3) -> Mutant:
    """One of the files with up to `most` changes."""
    text = origin = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(1, most))):
        text = draw(st.sampled_from(CHANGES))(draw, text, originals)
    data = encoded(text)
    if draw(st.integers(0, 15)) == 15:
        data = draw(st.sampled_from(SPOILT))(draw, data)
    mutant = Mutant(data)
    mutant.origin = origin.encode()
    return mutant


Change = Callable[[st.DrawFn, str, Sequence[str]], str]


def _word(draw: st.DrawFn, text: str) -> tuple[int, int]:
    """The span of one word."""
    spans = [match.span() for match in WORD.finditer(text)]
    return draw(st.sampled_from(spans)) if spans else (0, 0)


def _replaced(draw: st.DrawFn, text: str, _: Sequence[str]) -> str:
    start, end = _word(draw, text)
    return text[:start] + draw(st.sampled_from(ODD)) + text[end:]


def _number(draw: st.DrawFn, text: str, _: Sequence[str]) -> str:
    spans = [match.span() for match in re.finditer(r"\d+(?:\.\d+)?", text)]
    start, end = draw(st.sampled_from(spans)) if spans else (0, 0)
    number = draw(
        st.one_of(st.integers().map(str), st.floats().map(repr), st.integers(0, 400).map(lambda n: "9" * n))
    )
    return text[:start] + number + text[end:]


def _spliced(draw: st.DrawFn, text: str, originals: Sequence[str]) -> str:
    """A word of another file, or another word of this one, in the place of a word."""
    other = draw(st.sampled_from([text, *originals]))
    start, end = _word(draw, text)
    first, last = _word(draw, other)
    return text[:start] + other[first:last] + text[end:]


def _exchanged(draw: st.DrawFn, text: str, originals: Sequence[str]) -> str:
    """A word in the place of another of its kind, so that more of the file reads."""
    start, end = _word(draw, text)
    other = draw(st.sampled_from([text, *originals]))
    fitting = sorted({word for word in WORD.findall(other) if _kind(word) == _kind(text[start:end])})
    return text[:start] + (draw(st.sampled_from(fitting)) if fitting else "") + text[end:]


def _kind(word: str) -> str:
    """A text, an IRI, a number, a name with a prefix or without; a mark is a kind of its own."""
    if word[:1] in ('"', "<"):
        return word[0]
    if word[:1].isalnum():
        return "number" if word[0].isdigit() else "prefixed" if ":" in word else "name"
    return word


def _without_word(draw: st.DrawFn, text: str, _: Sequence[str]) -> str:
    start, end = _word(draw, text)
    return text[:start] + text[end:]


def _twice(draw: st.DrawFn, text: str, _: Sequence[str]) -> str:
    start, end = _word(draw, text)
    return text[:end] + draw(st.sampled_from(["", " ", ", ", "\n"])) + text[start:]


def _block(draw: st.DrawFn, lines: list[str]) -> tuple[int, int]:
    """A line, with the lines below it that are indented more, or without them."""
    start = draw(st.integers(0, max(len(lines) - 1, 0)))
    end = start + 1
    if draw(st.booleans()):
        deep = len(lines[start]) - len(lines[start].lstrip()) if lines else 0
        while end < len(lines) and len(lines[end]) - len(lines[end].lstrip()) > deep:
            end += 1
    return start, end


def _lines(draw: st.DrawFn, text: str, originals: Sequence[str]) -> str:
    """Lines taken out, doubled, moved, or put in from another file."""
    lines = text.splitlines(keepends=True)
    start, end = _block(draw, lines)
    block, rest = lines[start:end], lines[:start] + lines[end:]
    at = draw(st.integers(0, len(rest)))
    match draw(st.sampled_from(["out", "double", "move", "other"])):
        case "out":
            changed = rest
        case "double":
            changed = lines[:end] + block + lines[end:]
        case "move":
            changed = rest[:at] + block + rest[at:]
        case _:
            others = draw(st.sampled_from(originals)).splitlines(keepends=True)
            first, last = _block(draw, others)
            changed = rest[:at] + others[first:last] + rest[at:]
    return "".join(changed)


def _indented(draw: st.DrawFn, text: str, _: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    start, end = _block(draw, lines)
    indent = draw(st.sampled_from([" ", "  ", "\t", "- ", "-", "\xa0"]))
    changed = [indent + line if draw(st.booleans()) else line.lstrip(" ") for line in lines[start:end]]
    return "".join([*lines[:start], *changed, *lines[end:]])


def _cut(draw: st.DrawFn, text: str, _: Sequence[str]) -> str:
    start = draw(st.integers(0, len(text)))
    return text[:start] + draw(st.sampled_from(["", text[start + draw(st.integers(1, 80)) :]]))


def _marked(draw: st.DrawFn, text: str, _: Sequence[str]) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(MARKS)) + text[at + draw(st.integers(0, 1)) :]


def _look_alike(draw: st.DrawFn, text: str, _: Sequence[str]) -> str:
    start, end = _word(draw, text)
    changes = (
        lambda word: word.translate(LIKE),
        lambda word: unicodedata.normalize("NFD", word),
        lambda word: word + "\u0301",
        str.upper,
        str.title,
        lambda word: word.replace("-", "\u2011"),
        lambda word: word.replace('"', "\u201d"),
    )
    return text[:start] + draw(st.sampled_from(changes))(text[start:end]) + text[end:]


def _ends(draw: st.DrawFn, text: str, _: Sequence[str]) -> str:
    return text.replace("\n", draw(st.sampled_from(["\r\n", "\r", "\x85", "\u2028", " \n", "\n\n", "\n\t"])))


CHANGES: tuple[Change, ...] = (
    _exchanged, _exchanged, _exchanged, _replaced, _number, _spliced, _without_word, _twice, _lines,
    _indented, _cut, _marked, _look_alike, _ends,
)  # fmt: skip
"""The changes; those after which most files still read come more often."""


def _flipped(draw: st.DrawFn, data: bytes) -> bytes:
    at = draw(st.integers(0, max(len(data) - 1, 0)))
    return data[:at] + bytes([draw(st.integers(0, 255))]) + data[at + 1 :]


def _other_encoding(draw: st.DrawFn, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(
        draw(st.sampled_from(["utf-16", "utf-16-be", "utf-32", "latin-1", "utf-8-sig"])), "replace"
    )


def _packed(draw: st.DrawFn, data: bytes) -> bytes:
    return draw(st.sampled_from([b"\x1f\x8b", b"PK\x03\x04", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00"])) + data


SPOILT = (_flipped, _other_encoding, _packed)
