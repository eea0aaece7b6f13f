"""A source's text, and the place of a quote in it, or why it has none.

Texts are other people's: they stay where they are and never become part of a workspace.
Offsets count Unicode code points of the text with LF line ends, from 0, the end exclusive.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kg import formats
from kg.errors import InputError
from kg.folding import ACCENTS, Folded, Span, cut_word
from kg.places import Place

MOST_WORDS = 12
MOST_CHARACTERS = 90
_WORD = re.compile(r"\w+")
_ACCENT = re.compile(f"[{ACCENTS}]")


@dataclass(frozen=True)
class Text:
    """The text of a source, with LF line ends.

    `spliced`: texts known to stand in it that are no part of it, which a quote may pass over. `language`: the
    tag of the language that it is in, if that is known.

    >>> Text("two white horses\\r\\n").find("horses")
    [(10, 16)]
    """

    raw: str
    spliced: tuple[str, ...] = ()
    language: str | None = None

    @cached_property
    def text(self) -> str:
        """The text that offsets count in."""
        return self.raw.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def folded(self) -> Folded:
        """The text as it is looked through."""
        return Folded.of(self.text, self.spliced)

    def at(self, span: Span) -> str:
        """The words at `span`."""
        return self.text[span[0] : span[1]]

    def find(self, quote: str) -> list[Span]:
        """All spans at which `quote` stands: character for character, or else as `kg.folding` compares.

        Where it stands both as whole words and in the midst of others, the former.

        >>> Text("“Snow” is\\u00a0white").find('"Snow" is white'), Text("horse, horses").find("horse")
        ([(0, 15)], [(0, 5)])
        """
        found = [span for span in _spans(self.text, quote) if not _ACCENT.match(self.text, span[1])]
        found = found or self.folded.find(quote)
        return [span for span in found if not self.cut(span)] or found

    def cut(self, span: Span) -> Span | None:
        """The word or number in the midst of which `span` begins or ends, if it does."""
        return cut_word(self.text, span)

    def capitals(self, quote: str) -> Span | None:
        """Where `quote` stands with other capitals; None if nowhere, or in two places."""
        found = (
            Folded.of(self.text.lower()).find(quote.lower())
            if len(self.text.lower()) == len(self.text)
            else []
        )
        return found[0] if len(found) == 1 else None

    def sentence(self, span: Span) -> str:
        """The sentence or line around `span`."""
        text = self.text
        ends = [i for i in (text.rfind(s, 0, span[0]) for s in ("\n", ". ", "? ", "! ")) if i >= 0]
        start = max(ends, default=-1) + 1
        stops = [i for i in (text.find(s, span[1]) for s in ("\n", ". ", "? ", "! ")) if i >= 0]
        return text[start : min(stops, default=len(text)) + 1].strip()


def _spans(text: str, quote: str) -> Iterator[Span]:
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


class Described(NamedTuple):
    """What the description of a source says of its text; `spliced`: what is no part of what it says."""

    name: str
    sha256: str | None = None
    language: str | None = None
    length: int | None = None
    spliced: tuple[str, ...] = ()


def library(folder: Path | None, wanted: Iterable[Described]) -> dict[str, Text]:
    """The texts in `folder` of the sources `wanted`, as far as they are there.

    A text belongs to a source by its SHA-256, else by its file name (`NAME.txt`); others are passed over.

    :raises InputError: if `folder` is given and is none, or the file of a source's name is no text, or the
      text of a source is in another encoding.
    """
    if folder is None:
        return {}
    if not folder.is_dir():
        raise InputError.at(Place(str(folder)), "no such folder of source texts")
    described = {each.name: each for each in wanted}
    texts: dict[str, Text] = {}
    for path in _texts(folder):
        try:
            texts[path.stem] = read(path)
        except InputError:
            if path.stem in described or _in_another_encoding(path, described.values()):
                raise
    by_hash = {text.sha256: text for text in texts.values()}
    found = {name: by_hash.get(each.sha256 or "") or texts.get(name) for name, each in described.items()}
    return {
        name: replace(text, spliced=described[name].spliced, language=described[name].language)
        for name, text in found.items()
        if text is not None
    }


def unclaimed(folder: Path, texts: Mapping[str, Text]) -> dict[str, Text]:
    """The texts in `folder` that are none of `texts`, by their file names; what is no text is empty."""
    taken = {text.sha256 for text in texts.values()}
    found: dict[str, Text] = {}
    for path in _texts(folder):
        try:
            text = read(path)
        except InputError:
            text = Text("")
        if text.sha256 not in taken:
            found[path.name] = text
    return found


def _texts(folder: Path) -> list[Path]:
    """The files of text in `folder`, sorted.

    :raises InputError: if one is a pipe or a device, which may never end.
    """
    found = sorted(folder.glob("*.txt"))
    for path in found:
        formats.check_is_file(path)
    return found


def _in_another_encoding(path: Path, described: Iterable[Described]) -> bool:
    """Whether a file holds the text of one of the sources, saved otherwise than in UTF-8."""
    digests = {each.sha256 for each in described}
    for encoding in ("utf-16", "cp1252", "latin-1"):
        with contextlib.suppress(OSError, UnicodeError):
            if Text(path.read_bytes().decode(encoding)).sha256 in digests:
                return True
    return False
