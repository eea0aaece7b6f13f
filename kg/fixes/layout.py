"""What a file has besides its words: byte order mark, line ends, tabs, spaces at the ends of lines.

None of it means anything, but some keeps a file from being read. What a text of several
lines holds is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.fixes.edits import Edit, apart, apply
from kg.fixes.written import read, tree

BOM = "\ufeff"
_TABS = re.compile(r"^\t[\t ]*", re.M)
_INDENT = re.compile(r"^ +(?=[^ \t\n])", re.M)
_TRAILING = re.compile(r"[ \t]+$", re.M)
_BLANK = re.compile(r"^[ \t]*\n", re.M)
_WIDTHS = (2, 4, 8)


def layout(text: str, *, table: bool = False) -> list[Edit]:
    """The fixes of the layout of a YAML or JSON `text`, or of a `table`."""
    edits = [*_mark(text), *_line_ends(text)]
    if edits:
        return apart(edits)
    if table:
        return apart([*_blank(text), *_last(text)])
    return _tabs(text) or _spaces(text)


def _mark(text: str) -> Iterator[Edit]:
    if text.startswith(BOM):
        yield Edit(0, 1, "", "the byte order mark goes", "layout")


def _line_ends(text: str) -> Iterator[Edit]:
    """One edit for all line ends, since they are one decision."""
    if "\r" in text:
        start = text.startswith(BOM)
        new = text[start:].replace("\r\n", "\n").replace("\r", "\n")
        yield Edit(int(start), len(text), new, "lines end with LF", "layout")


def _blank(text: str) -> Iterator[Edit]:
    for match in _BLANK.finditer(text):
        yield Edit(match.start(), match.end(), "", "an empty row goes", "layout")


def _last(text: str) -> Iterator[Edit]:
    if text and not text.endswith("\n"):
        yield Edit(len(text), len(text), "\n", "the last line ends with LF", "layout")


def _tabs(text: str) -> list[Edit]:
    """Spaces for tabs at the beginnings of lines of a text that cannot be read with them.

    However wide a tab is taken, as far as the text can be read then, it has to say the same.
    """
    if not _TABS.search(text) or tree(text) is not None:
        return []
    unit = min((len(match[0]) for match in _INDENT.finditer(text)), default=2)
    said = [(edits, tree(apply(text, edits))) for edits in (_wide(text, w) for w in (unit, *_WIDTHS))]
    fits = [(edits, meaning) for edits, meaning in said if meaning is not None]
    return fits[0][0] if fits and all(meaning == fits[0][1] for _, meaning in fits) else []


def _wide(text: str, width: int) -> list[Edit]:
    return [
        Edit(
            match.start(), match.end(), match[0].replace("\t", " " * width),
            "spaces instead of tabs", "layout",
        )
        for match in _TABS.finditer(text)
    ]  # fmt: skip


def _spaces(text: str) -> list[Edit]:
    """Take out spaces and tabs at the ends of lines, but not in a text of several lines."""
    found = list(_TRAILING.finditer(text))
    if (not found and text.endswith("\n")) or (written := read(text)) is None:
        return []
    inside = [(s.start, s.end) for s in written.spans.values() if "\n" in text[s.start : s.end]]
    edits = [
        Edit(match.start(), match.end(), "", "spaces at the end of the line go", "layout")
        for match in found
        if not any(start <= match.start() < end for start, end in inside)
    ]
    edits = apart([*edits, *_last(text)])
    return edits if tree(apply(text, edits)) == tree(text) else []
