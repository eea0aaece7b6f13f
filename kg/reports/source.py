"""The lines of files that findings point at, with the words that are meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from kg.formats.large import LargeText
from kg.places import Place

LONGEST = 100
"""How many characters of a line are shown."""

ENDS = re.compile(r"\r\n|\r|\n")
TOKEN = re.compile(r"""<[^<>\s]*>|"(?:\\.|[^"\\])*"|'[^']*'|(?:[^\s,;:\[\]{}()]|:(?=\S))+""")
"""What is pointed at: an IRI, a text in quotes, or a word as YAML, Turtle and CSV have them."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line, or what fits of it: what stands before the words that are meant, those, and what follows."""

    number: int
    before: str
    meant: str
    after: str


LARGE = 2**24
"""From how many bytes on a file is not read as a whole."""


def lines(path: str) -> Sequence[str]:
    """The lines of a file; none if it cannot be read."""
    try:
        if Path(path).stat().st_size >= LARGE:
            return LargeText(Path(path))
        return tuple(ENDS.split(Path(path).read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")))
    except (OSError, ValueError):
        return ()


@dataclass(frozen=True, slots=True)
class Sources:
    """Where lines are read from; files as they are on the disk when first asked for, unless given."""

    lines: Callable[[str], Sequence[str]] = field(default_factory=lambda: lru_cache(maxsize=32)(lines))

    def excerpt(self, place: Place) -> Excerpt | None:
        """The line of a place with the words at its column; nothing where there is no such line.

        >>> Sources(lambda path: ("a: 1", "size: -5  # small")).excerpt(Place("a.yaml", 2, 7))
        Excerpt(number=2, before='size: ', meant='-5', after='  # small')
        """
        if not place.line or place.line > len(found := self.lines(place.path)):
            return None
        text = found[place.line - 1]
        start = min(max(place.column - 1, 0), len(text))
        token = TOKEN.match(text, start, start + LONGEST) if place.column else None
        end = token.end() if token else start
        return _cut(place.line, text, start, min(end, start + LONGEST // 2))


def _cut(number: int, text: str, start: int, end: int) -> Excerpt:
    """The line around what is meant."""
    first = 0 if end <= LONGEST else start - LONGEST // 3
    last = first + LONGEST
    before, after = text[first:start], text[end:last]
    return Excerpt(
        number,
        "…" + before if first else before,
        text[start:end],
        after + "…" if last < len(text) else after.rstrip(),
    )
