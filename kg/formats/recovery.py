"""All faults of a Turtle or TriG text at once, though the parser stops at the first.

After each fault the parser is asked again, with what was at fault put aside: an IRI by another in its
place, an undeclared prefix by declaring it, else the statement. What is told is always the parser's own
judgement, at its own place; a fault that may only follow from one before it is not told.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox
from pyoxigraph import RdfFormat

from kg.errors import Fault
from kg.formats.tokens import DIRECTIVES, pattern_of
from kg.formats.wording import LINE_END, UNDERSCORED, fault

MOST = 100
"""How many faults are looked for in one text."""

_UNDECLARED = re.compile(r"prefix ([^ ]*:) has not been declared")
_NO_DOT = re.compile(r"dot is expected|followed by a dot")
_MISPLACED = re.compile(r"is not a valid|not allowed at the begin|Unexpected end|" + _NO_DOT.pattern)
"""What the parser also says where something before was put aside."""

_LONG_STRINGS = ('"""', "'''")


def faults(text: str, format: RdfFormat, base: str | None, path: str, first: SyntaxError) -> list[Fault]:
    """The faults of `text`, of which the parser has told the `first`.

    >>> text = "<http://e/a> <http://e/p> <http://e/a b>, e:c .\\n<http://e/b> 1 2 ."
    >>> try:
    ...     list(ox.parse(text, RdfFormat.TURTLE))
    ... except SyntaxError as exc:
    ...     [str(f.place) for f in faults(text, RdfFormat.TURTLE, None, "a.ttl", exc)]
    ['a.ttl:1:27', 'a.ttl:1:43', 'a.ttl:2:14']
    """
    return list(_Recovery(text, format, base).faults(path, first))


@dataclass(slots=True)
class _Recovery:
    """A text of which more and more is put aside; its length and its lines stay."""

    text: str
    format: RdfFormat
    base: str | None
    _header: str = ""
    _starts: list[int] = field(default_factory=list)
    _statements: list[tuple[int, int]] = field(default_factory=list)

    def faults(self, path: str, exc: SyntaxError) -> Iterator[Fault]:
        """The faults, one after the other."""
        original = self.text
        self._starts = [0, *(end.end() for end in LINE_END.finditer(original))]
        self._statements = list(_statements(original))
        found: SyntaxError | None = exc
        told, last, until = 0, -1, -1
        while found is not None and found.lineno is not None and told < MOST:
            at, end = self._span(found)
            if self._follows(found, at, last, until):
                until = self._put_aside(at, until)  # a consequence, most likely
            else:
                yield fault(found, original, path)
                told += 1
                mended = self._mend(found, at, end)
                until = max(mended, until) if mended >= 0 else -1
            last = max(at, last)
            found = self._next() if until >= 0 else None

    def _follows(self, exc: SyntaxError, at: int, last: int, until: int) -> bool:
        """Whether a fault may only follow from what has been put aside before."""
        if at == last:
            return not _NO_DOT.search(exc.msg)
        return at < last or (at < until and _MISPLACED.search(exc.msg) is not None)

    def _span(self, exc: SyntaxError) -> tuple[int, int]:
        """From where to where in the text the parser points."""
        at = self._starts[(exc.lineno or 1) - 1] + (exc.offset or 1) - 1
        same_line = exc.end_lineno == exc.lineno and exc.end_offset
        return at, at + max(exc.end_offset - (exc.offset or 1), 0) if same_line and exc.end_offset else at

    def _mend(self, exc: SyntaxError, at: int, end: int) -> int:
        """Put aside what is at fault; up to where further faults may follow from it, or -1 to give up."""
        if undeclared := _UNDECLARED.search(exc.msg):
            self._header += f"@prefix {undeclared[1]} <x:> ."
            return at
        word = self.text[at:end]
        if _is_word(word) and len(word) > 2 and not _MISPLACED.search(exc.msg):
            filler = f"<x:{'x' * (len(word) - 4)}>" if len(word) > 3 else "[ ]"
            self.text = self.text[:at] + filler + self.text[end:]
            self._join(at, end)
            return at + 1
        if (
            tag := UNDERSCORED.match(self.text, self.text.rfind("@", 0, at) % len(self.text))
        ) and at < tag.end():
            self._blank(tag.start(1), tag.end())
            return at + 1
        if word.startswith(_LONG_STRINGS) or self.text.startswith(_LONG_STRINGS, at):
            return -1
        start, stop = self._statement(at)
        if start < 0:
            return -1
        if _NO_DOT.search(exc.msg) and self.text[start:at].strip():
            self._blank(start, at)
            return stop
        return self._put_aside(at, at + 1)

    def _put_aside(self, at: int, until: int) -> int:
        """Take out the statement around `at`; -1 if there is none, or it has been taken out before."""
        start, stop = self._statement(at)
        if start < 0 or not self.text[start:stop].strip():
            return -1
        self._blank(start, stop)
        return max(stop, until)

    def _statement(self, at: int) -> tuple[int, int]:
        """The statement around the offset `at`, or the one that ends right before it; else (-1, -1)."""
        index = bisect_left(self._statements, at, key=lambda each: each[1] - 1)
        for start, stop in self._statements[max(index - 1, 0) : index + 1][::-1]:
            if start <= at and not self.text[stop:at].strip():
                return start, stop
        return -1, -1

    def _join(self, at: int, end: int) -> None:
        """Make one statement of those that a dot within a word parts."""
        index = bisect_left(self._statements, at, key=lambda each: each[1] - 1)
        while index + 1 < len(self._statements) and self._statements[index][1] <= end:
            start, stop = self._statements[index][0], self._statements[index + 1][1]
            self._statements[index : index + 2] = [(start, stop)]

    def _blank(self, start: int, stop: int) -> None:
        bare = re.sub(r"[^\r\n]", " ", self.text[start:stop])
        self.text = self.text[:start] + bare + self.text[stop:]

    def _next(self) -> SyntaxError | None:
        """The next fault, its place as in the original text."""
        try:
            deque(ox.parse(self._header + self.text, self.format, base_iri=self.base), maxlen=0)
        except SyntaxError as exc:
            if exc.lineno == 1:
                exc.offset = (exc.offset or 1) - len(self._header)
            if exc.end_lineno == 1:
                exc.end_offset = (exc.end_offset or 1) - len(self._header)
            return exc
        return None


def _is_word(text: str) -> bool:
    """Whether `text` is an IRI in its brackets, as far as they go."""
    return text.startswith("<") and text.endswith(">") and not text.startswith("<<")


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """From where to where each statement goes, its dot included; directives are none."""
    start, skip = -1, 0
    for match in pattern_of(text).finditer(text):
        kind, word = match.lastgroup, match[0]
        if kind == "skip":
            continue
        directive = word.lstrip("@").lower() if kind in ("word", "tag") else ""
        if start < 0 and directive in DIRECTIVES:
            skip = (2 if directive == "prefix" else 1) + (word[0] == "@")
        elif skip:
            skip -= 1
        elif word in ("{", "}"):
            if start >= 0:
                yield start, match.start()
            start = -1
        else:
            start = match.start() if start < 0 else start
            if word == "." and kind == "mark":
                yield start, match.end()
                start = -1
    if start >= 0:
        yield start, len(text)
