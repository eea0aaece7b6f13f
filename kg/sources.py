"""A source's text, and the place of a quote in it, or why it has none.

Texts are other people's: they stay where they are and never become part of a workspace.
Offsets count Unicode code points of the text with LF line ends, from 0, the end exclusive.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg import formats
from kg.errors import InputError
from kg.places import Place

MOST_WORDS = 12
MOST_CHARACTERS = 90
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Text:
    """The text of a source, with LF line ends.

    >>> Text("two white horses\\r\\n").find("horses")
    [(10, 16)]
    """

    raw: str

    @cached_property
    def text(self) -> str:
        """The text that offsets count in."""
        return self.raw.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def at(self, span: tuple[int, int]) -> str:
        """The words at `span`."""
        return self.text[span[0] : span[1]]

    def find(self, quote: str) -> list[tuple[int, int]]:
        """All spans at which `quote` stands, word for word."""
        return list(_spans(self.text, quote))

    def near(self, quote: str) -> tuple[tuple[int, int], str] | None:
        """Where nearly the words of `quote` stand, and what differs; None if nowhere, or in two places.

        >>> Text("Two  white horses").near("two white horses")
        ((0, 17), 'spaces, line ends and capitals')
        """
        found = [*re.finditer(r"\s+".join(map(_pattern, quote.split())), self.text, re.IGNORECASE)]
        if not quote.split() or len(found) != 1:
            return None
        return found[0].span(), _difference(quote, found[0][0])

    def sentence(self, span: tuple[int, int]) -> str:
        """The sentence or line around `span`."""
        text = self.text
        ends = [i for i in (text.rfind(s, 0, span[0]) for s in ("\n", ". ", "? ", "! ")) if i >= 0]
        start = max(ends, default=-1) + 1
        stops = [i for i in (text.find(s, span[1]) for s in ("\n", ". ", "? ", "! ")) if i >= 0]
        return text[start : min(stops, default=len(text)) + 1].strip()


_DASHES = "[-–—‐‑]"
_ALIKE = str.maketrans(
    {**dict.fromkeys('"“”„»«', '["“”„»«]'), **dict.fromkeys("'’‘", "['’‘]"), **dict.fromkeys("–—‐‑", _DASHES)}
)


def _pattern(word: str) -> str:
    """What matches `word`, and it with other marks that people take for those it has."""
    return re.escape(word).translate(_ALIKE).replace(r"\-", _DASHES)


def _difference(quote: str, other: str) -> str:
    """What differs between two texts that are nearly the same, in words."""
    found = []
    if re.findall(r"\s+", quote) != re.findall(r"\s+", other) or quote != quote.strip():
        found += ["spaces", "line ends"]
    if quote.split() != other.split():
        same = [a.casefold() == b.casefold() for a, b in zip(quote.split(), other.split(), strict=True)]
        found.append("capitals" if all(same) else "marks such as quotes and dashes")
    return " and ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))


def _spans(text: str, quote: str) -> Iterator[tuple[int, int]]:
    start = text.find(quote) if quote else -1
    while start >= 0:
        yield start, start + len(quote)
        start = text.find(quote, start + 1)


def too_long(quote: str) -> str | None:
    """Why `quote` is more than a few words, or None: sources are other people's texts.

    What a hyphen joins counts as several words.

    >>> too_long("two horses"), too_long("a " * 13), too_long("a-b " + "a " * 11)
    (None, 'has 13 words; at most 12 may be quoted', 'has 13 words; at most 12 may be quoted')
    """
    if (words := len(_WORD.findall(quote))) > MOST_WORDS:
        return f"has {words} words; at most {MOST_WORDS} may be quoted"
    if len(quote) > MOST_CHARACTERS:
        return f"has {len(quote)} characters; at most {MOST_CHARACTERS} may be quoted"
    return None


def read(path: Path) -> Text:
    """The text in the file `path`.

    :raises InputError: if there is no such file, no right to read it, or it is not UTF-8.
    """
    return Text(formats.decode(formats.read_bytes(path), str(path)))


def library(folder: Path | None, wanted: Iterable[tuple[str, str | None]]) -> dict[str, Text]:
    """The texts in `folder` of the sources `wanted` (name, SHA-256 or None), as far as they are there.

    A text belongs to a source by its SHA-256, else by its file name (`NAME.txt`); others are passed over.

    :raises InputError: if `folder` is given and is none, or the file of a source's name is no text.
    """
    if folder is None:
        return {}
    if not folder.is_dir():
        raise InputError.at(Place(str(folder)), "no such folder of source texts")
    names = dict(wanted)
    texts: dict[str, Text] = {}
    for path in sorted(folder.glob("*.txt")):
        try:
            texts[path.stem] = read(path)
        except InputError:
            if path.stem in names:
                raise
    by_hash = {text.sha256: text for text in texts.values()}
    found = {name: by_hash.get(sha256 or "") or texts.get(name) for name, sha256 in names.items()}
    return {name: text for name, text in found.items() if text is not None}
