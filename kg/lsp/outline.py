"""What a YAML text that is being typed holds: a tree of its keys and values, each with its span."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from kg.cases.compose import LOADER
from kg.formats.wording import LINE_END


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A line and a column, both counted from 0, in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """From a spot up to another."""

    start: Spot
    end: Spot

    def holds(self, spot: Spot) -> bool:
        """Whether `spot` lies in it, or at one of its ends."""
        return self.start <= spot <= self.end


@dataclass(frozen=True, slots=True)
class Word:
    """A scalar as it is written, quotes and all."""

    raw: str
    span: Span

    @property
    def text(self) -> str:
        """The text that it stands for."""
        if self.raw[:1] not in ("'", '"', "|", ">") and "\n" not in self.raw:
            return self.raw
        try:
            read = yaml.load("- " + self.raw.replace("\n", "\n ") + "\n", LOADER)
        except yaml.YAMLError:
            return self.raw.strip("'\"")
        return read[0] if isinstance(read, list) and isinstance(read[0], str) else self.raw


@dataclass(slots=True, eq=False)
class Entry:
    """A key with what stands behind it, or an item of a list; the root is neither.

    `bracket`: the `{` or `[` that its value begins with, at `opened`. `inside`: it stands in brackets.
    """

    parent: Entry | None
    indent: int
    key: Word | None = None
    value: Word | None = None
    listed: bool = False
    inside: bool = False
    bracket: str = ""
    opened: Span | None = None
    children: list[Entry] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The text of its key, or ""."""
        return self.key.text if self.key else ""

    def walk(self) -> Iterator[Entry]:
        """All entries below it, in the order of the text."""
        for child in self.children:
            yield child
            yield from child.walk()

    def words(self) -> Iterator[tuple[Entry, Word]]:
        """All keys and values below it, each with its entry."""
        for entry in self.walk():
            yield from ((entry, word) for word in (entry.key, entry.value) if word)

    def child(self, name: str) -> Entry | None:
        """The entry with the key `name` right below it."""
        return next((child for child in self.children if child.key and child.name == name), None)

    def path(self) -> str:
        """The keys that lead to it, from the root: `things/a1`."""
        above = self.parent.path() if self.parent else ""
        return "/".join(filter(None, (above, self.name)))

    def find(self, path: str) -> Entry | None:
        """The entry that the keys of `path` lead to."""
        entry: Entry | None = self
        for name in path.split("/"):
            entry = entry.child(name) if entry else None
        return entry

    @property
    def end(self) -> Spot:
        """Where it ends: with the last of its words."""
        last = self.children[-1].end if self.children else Spot(0, 0)
        spans = (word.span for word in (self.key, self.value) if word)
        return max(last, *(span.end for span in spans), self.opened.end if self.opened else last, last)


def lines(text: str) -> list[str]:
    """The lines of `text`, as editors count them.

    >>> lines("a\\r\\nb\\u2028c\\n")
    ['a', 'b\\u2028c', '']
    """
    return LINE_END.split(text)


def at(root: Entry, spot: Spot) -> tuple[Entry, Word] | None:
    """The key or value at `spot`, with its entry; of two that meet there, the one that begins."""
    found = [pair for pair in root.words() if pair[1].span.holds(spot)]
    return found[-1] if found else None
