"""YAML that is being typed → its outline; nothing is refused.

It sees what the reader's parser sees in a text that is whole. Where one is not, a key or a dash
that is not indented deeper than what is open ends it, so that a bracket or a quote that waits for
its end does not swallow the rest of the file.

>>> root = parse("thing: {name: a")
>>> [(each.name, each.value.text if each.value else "") for each in root.walk()]
[('thing', ''), ('name', 'a')]
"""

from __future__ import annotations

import re

from kg.cases.compose import MAX_DEPTH
from kg.lsp.outline import Entry, Span, Spot, Word, lines

_DASH = re.compile(r"-(?:[ \t]+|$)")
_QUOTED = r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+'"
_PLAIN = r"(?:[^\s\-?:,\[\]{}#&*!|>'\"%@`]|[-?:](?=\S))(?:[^:#]|:(?=\S)|(?<=\S)#)*?"
_KEY = re.compile(rf"(?P<key>{_QUOTED}|{_PLAIN})[ \t]*:(?=[ \t]|$)")
_BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(?:#.*)?$")
_COMMENT = re.compile(r"[ \t]+#.*$")
_ENDS = r"[\s,\[\]{}]"
_IN_BRACKETS = re.compile(
    rf"(?:[^\s,\[\]{{}}:#]|:(?!{_ENDS}|$)|(?<=\S)#|[ \t]+(?!{_ENDS}|\#|:(?:{_ENDS}|$)))+"
)
_SPACE = " \t"
DEEPEST = 2 * MAX_DEPTH
"""How many levels are told apart; the reader takes half as many."""
_BODY = {'"': re.compile(r"(?:[^\"\\]|\\.)*+", re.S), "'": re.compile(r"(?:[^']|'')*+")}
"""What stands between two quotes."""


def parse(text: str) -> Entry:
    """The root of the outline of `text`."""
    return _Scanner(lines(text.removeprefix("\ufeff"))).run()


class _Scanner:
    """Goes through the lines; `_row` and `_column` are where it stands."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._row = self._column = self._depth = 0
        self._root = Entry(None, -1)
        self._open = [self._root]
        self._running: Entry | None = None

    # --- lines and their indentation

    def run(self) -> Entry:
        """Go through all lines."""
        while self._row < len(self._lines):
            self._take_line()
        return self._root

    @property
    def _line(self) -> str:
        return self._lines[self._row]

    @property
    def _here(self) -> Spot:
        return Spot(self._row, self._column)

    def _take_line(self) -> None:
        indent = len(self._line) - len(rest := self._line.lstrip(_SPACE))
        if not rest or rest[0] == "#" or (not indent and rest.startswith(("---", "...", "%"))):
            self._row += 1
        elif self._goes_on(indent):
            self._extend()
        else:
            self._column, self._running = indent, None
            self._take_content()

    def _goes_on(self, indent: int) -> bool:
        """Whether the line goes on with the plain text of the lines above."""
        running = self._running
        return running is not None and indent > running.indent and not _KEY.match(self._line, indent)

    def _extend(self) -> None:
        assert self._running
        end = Spot(self._row, len(text := _uncommented(self._line)))
        name = "value" if self._running.value else "key"
        word: Word = getattr(self._running, name)
        setattr(self._running, name, Word(f"{word.raw}\n{text}", Span(word.span.start, end)))
        self._row += 1

    def _close(self, listed: bool) -> None:
        """Leave what does not reach as far as this column; a list may stand as far out as its key."""
        while self._open[-1].indent > self._column or (
            self._open[-1].indent == self._column and (not listed or self._open[-1].listed)
        ):
            self._open.pop()

    def _add(self, *, key: Word | None = None, listed: bool = False) -> Entry:
        del self._open[DEEPEST:]
        parent = self._open[-1]
        entry = Entry(parent, self._column, key, listed=listed)
        parent.children.append(entry)
        self._open.append(entry)
        return entry

    # --- what a line holds

    def _take_content(self) -> None:
        while dash := _DASH.match(self._line, self._column):
            self._close(listed=True)
            self._add(listed=True)
            self._column = dash.end()
        if key := _KEY.match(self._line, self._column):
            self._close(listed=False)
            entry = self._add(key=self._word(key.end("key")))
            self._column = key.end()
            self._take_value(entry)
        elif self._open[-1].listed and self._open[-1].indent < self._column and not self._open[-1].children:
            self._take_value(self._open[-1])
        else:
            self._take_bare()

    def _take_bare(self) -> None:
        """A text without a colon: the value of the key above, or a key that is being typed."""
        if not self._line[self._column :].strip():
            self._row += 1
            return
        self._close(listed=False)
        above = self._open[-1]
        begins = above.key or (above is self._root and self._line[self._column] in "{[")
        if begins and not (above.value or above.bracket or above.children):
            self._take_value(above)
        else:
            end = len(_uncommented(self._line))
            self._running = self._add(key=self._word(end))
            self._row += 1

    def _word(self, end: int) -> Word:
        """The word from here to the column `end` of this line."""
        return Word(self._line[self._column : end], Span(self._here, Spot(self._row, end)))

    def _take_value(self, entry: Entry) -> None:
        """Take what stands in the rest of the line, and in those below that belong to it."""
        rest = self._line[self._column :]
        self._column += len(rest) - len(rest := rest.lstrip(_SPACE))
        if not rest or rest[0] == "#":
            self._row += 1
        elif rest[0] in "{[":
            if self._brackets(entry, entry.indent):
                self._row += 1
        elif rest[0] in "'\"":
            entry.value = self._quoted(entry.indent)
            self._row += 1
        elif _BLOCK.match(rest):
            entry.value = self._block(entry.indent)
        else:
            entry.value = self._word(len(_uncommented(self._line)))
            self._running = entry
            self._row += 1

    def _block(self, floor: int) -> Word:
        """A text of several lines, introduced by `|` or `>`."""
        start, first = self._here, self._row
        last, raw = first, [self._line[self._column :]]
        self._row += 1
        while self._row < len(self._lines):
            line = self._line
            if line.strip() and len(line) - len(line.lstrip(" ")) <= floor:
                break
            last = self._row if line.strip() else last
            self._row += 1
        raw += self._lines[first + 1 : last + 1]
        return Word("\n".join(raw), Span(start, Spot(last, len(self._lines[last]))))

    def _quoted(self, floor: int) -> Word:
        """A text in quotes, which may go on in the lines below."""
        start, quote = self._here, self._line[self._column]
        raw, seen = self._line[self._column :], 1
        for row in range(self._row, len(self._lines)):
            if row > self._row:
                if _begins(self._lines[row], floor):
                    break
                raw += "\n" + self._lines[row]
            if match := _BODY[quote].match(raw, seen):
                seen = match.end()
            if raw.startswith(quote, seen):
                column = seen - raw.rfind("\n", 0, seen)
                self._row, self._column = row, column + (start.column if row == start.line else 0)
                return Word(raw[: seen + 1], Span(start, self._here))
        raw = _left_open(self._line[self._column :])
        self._column += len(raw)
        return Word(raw, Span(start, self._here))

    # --- brackets

    def _brackets(self, entry: Entry, floor: int) -> bool:
        """Take a map or a list in brackets; False where they have been left open."""
        if self._depth == DEEPEST:
            self._row, self._column = self._row + 1, 0
            return False
        self._depth += 1
        whole = self._members(entry, floor)
        self._depth -= 1
        return whole

    def _members(self, entry: Entry, floor: int) -> bool:
        start = self._here
        entry.bracket = self._line[self._column]
        self._column += 1
        entry.opened = Span(start, self._here)
        while self._skip(floor):
            char = self._line[self._column]
            if char in ",}]":
                self._column += 1
            elif not self._member(entry, floor):
                return False
            entry.opened = Span(start, self._here)
            if char in "}]":
                return True
        return False

    def _skip(self, floor: int) -> bool:
        """Go to what stands next; False where that belongs to no bracket, or is the end of the text."""
        while True:
            rest = self._line[self._column :].lstrip(_SPACE)
            self._column = len(self._line) - len(rest)
            if rest and not (rest[0] == "#" and (not self._column or self._line[self._column - 1] in _SPACE)):
                return True
            if self._row + 1 == len(self._lines):
                self._row, self._column = self._row + 1, 0
                return False
            self._row, self._column = self._row + 1, 0
            if _begins(self._line, floor):
                return False

    def _member(self, parent: Entry, floor: int) -> bool:
        """Take a key with its value, or an item."""
        entry = Entry(parent, self._column, listed=parent.bracket == "[", inside=True)
        parent.children.append(entry)
        if self._line[self._column] in "{[":
            return self._brackets(entry, floor)
        word = self._bracketed(floor, more=entry.listed)
        colon = re.compile(r"[ \t]*:").match(self._line, self._column)
        if entry.listed and not colon:
            entry.value = word
            return True
        if entry.listed:
            entry = Entry(entry, entry.indent, inside=True)
            parent.children[-1].children.append(entry)
        entry.key = word
        return self._behind(entry, colon.end(), floor) if colon else True

    def _behind(self, entry: Entry, column: int, floor: int) -> bool:
        """Take the value behind a colon that ends at `column`."""
        self._column = column
        if not self._skip(floor):
            return False
        if self._line[self._column] in "{[":
            return self._brackets(entry, floor)
        if self._line[self._column] not in ",}]":
            entry.value = self._bracketed(floor, more=True)
        return True

    def _bracketed(self, floor: int, more: bool) -> Word:
        """A text in brackets; a plain one may go on in the lines below if there may be `more` of it."""
        if self._line[self._column] in "'\"":
            return self._quoted(floor)
        start, raw = self._here, ""
        while True:
            match = _IN_BRACKETS.match(self._line, self._column)
            end = match.end() if match else self._column + (not raw)
            raw += self._line[self._column : end]
            self._column = end
            word = Word(raw, Span(start, self._here))
            following = self._row + 1
            if not more or end < len(self._line.rstrip(_SPACE)) or following == len(self._lines):
                return word
            rest = self._lines[following].lstrip(_SPACE)
            if not rest or rest[0] in ",}]#{[" or _begins(self._lines[following], floor):
                return word
            self._row, self._column = following, len(self._lines[following]) - len(rest)
            raw += "\n"


def _uncommented(line: str) -> str:
    """The line without a comment at its end."""
    return _COMMENT.sub("", line).rstrip(_SPACE)


def _begins(line: str, floor: int) -> bool:
    """Whether the line begins something that stands no deeper than `floor`."""
    indent = len(line) - len(line.lstrip(_SPACE))
    return indent <= floor and bool(_DASH.match(line, indent) or _KEY.match(line, indent))


def _left_open(raw: str) -> str:
    """What belongs to a quote that is not closed: all up to a bracket at the end of the line.

    >>> _left_open('"a b, at: [1, 2]}')
    '"a b'
    """
    return re.split(r", [a-z0-9-]+: |[\]}]+[ \t]*$", raw)[0].rstrip(_SPACE)
