"""A source's text, and the place of a quote in it, or why it has none.

Texts are other people's: they stay where they are and never become part of a workspace.
Offsets count Unicode code points of the text with LF line ends, from 0, the end exclusive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError
from kg.places import Place

MOST_WORDS = 12
MOST_CHARACTERS = 90


@dataclass(frozen=True)
class Text:
    """The text of a source, with LF line ends.

    >>> Text("two white horses\\r\\n").find("horses")
    [(10, 16)]
    """

    raw: str

    @property
    def text(self) -> str:
        """The text that offsets count in."""
        return self.raw.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def at(self, span: tuple[int, int]) -> str:
        """The words at `span`."""
        return self.text[span[0] : span[1]]

    def find(self, quote: str) -> list[tuple[int, int]]:
        """All spans at which `quote` stands, word for word."""
        return list(_spans(self.text, quote))

    def sentence(self, span: tuple[int, int]) -> str:
        """The sentence or line around `span`."""
        text = self.text
        ends = [i for i in (text.rfind(s, 0, span[0]) for s in ("\n", ". ", "? ", "! ")) if i >= 0]
        start = max(ends, default=-1) + 1
        stops = [i for i in (text.find(s, span[1]) for s in ("\n", ". ", "? ", "! ")) if i >= 0]
        return text[start : min(stops, default=len(text)) + 1].strip()


def _spans(text: str, quote: str) -> Iterator[tuple[int, int]]:
    start = text.find(quote) if quote else -1
    while start >= 0:
        yield start, start + len(quote)
        start = text.find(quote, start + 1)


def too_long(quote: str) -> str | None:
    """Why `quote` is more than a few words, or None: sources are other people's texts.

    >>> too_long("two horses"), too_long("a " * 13)
    (None, 'has 13 words; at most 12 may be quoted')
    """
    if (words := len(quote.split())) > MOST_WORDS:
        return f"has {words} words; at most {MOST_WORDS} may be quoted"
    if len(quote) > MOST_CHARACTERS:
        return f"has {len(quote)} characters; at most {MOST_CHARACTERS} may be quoted"
    return None


def read(path: Path) -> Text:
    """The text in the file `path`.

    :raises InputError: if there is no such file, or it is not UTF-8.
    """
    try:
        return Text(path.read_bytes().decode("utf-8-sig"))
    except OSError as exc:
        raise InputError.at(Place(str(path)), f"cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise InputError.at(Place(str(path)), f"is not UTF-8 (byte {exc.start})", "save it as UTF-8") from exc


def library(folder: Path | None, wanted: Iterable[tuple[str, str | None]]) -> dict[str, Text]:
    """The texts in `folder` of the sources `wanted` (name, SHA-256 or None), as far as they are there.

    A text belongs to a source by its SHA-256, else by its file name (`NAME.txt`).

    :raises InputError: if `folder` is given and is none.
    """
    if folder is None:
        return {}
    if not folder.is_dir():
        raise InputError.at(Place(str(folder)), "no such folder of source texts")
    texts = {path: read(path) for path in sorted(folder.glob("*.txt"))}
    by_hash = {text.sha256: text for text in texts.values()}
    by_name = {path.stem: text for path, text in texts.items()}
    found = {name: by_hash.get(sha256 or "") or by_name.get(name) for name, sha256 in wanted}
    return {name: text for name, text in found.items() if text is not None}
