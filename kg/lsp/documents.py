"""A file that is open in an editor: which workspace and kind it is of, its text and its outline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg.lsp import outline, scanner
from kg.lsp.outline import Entry, Span, Spot
from kg.workspace import SETTINGS

SUFFIXES = (".yaml", ".yml")
FOLDERS = {"data/cases": "case", "data/sources": "source"}
"""Where in a workspace files of which kind are."""


@dataclass(frozen=True)
class Document:
    """One version of an open file. `root`: the folder of its workspace; `kind`: `case` or `source`."""

    path: Path
    root: Path
    kind: str
    text: str
    version: int | None = None

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return outline.lines(self.text)

    @cached_property
    def outline(self) -> Entry:
        """The root of its outline."""
        return scanner.parse(self.text)

    @cached_property
    def _spans(self) -> dict[Spot, Span]:
        """The spans of words and brackets by where they begin."""
        found = {entry.opened.start: entry.opened for entry in self.outline.walk() if entry.opened}
        return found | {word.span.start: word.span for _, word in self.outline.words()}

    def span_at(self, line: int, column: int) -> Span:
        """The span of what begins at `line` and `column`, counted from 1; else the rest of the line.

        >>> document = Document(Path("a.yaml"), Path(), "case", "id: a b # c\\n")
        >>> [str(document.span_at(1, column).end.column) for column in (1, 5, 7)]
        ['2', '7', '11']
        """
        row = min(max(line - 1, 0), len(self.lines) - 1)
        spot = Spot(row, min(max(column - 1, 0), len(self.lines[row])))
        if spot in self._spans:
            return self._spans[spot]
        content = len(self.lines[row].rstrip())
        start = spot.column if spot.column < content else max(content - 1, 0)
        return Span(Spot(row, start), Spot(row, content))


def opened(path: Path, text: str, version: int | None, only: Path | None = None) -> Document | None:
    """The document at `path`, if it is a file of a case or a source in a workspace (in `only`, if given)."""
    root = next((folder for folder in path.parents if (folder / SETTINGS).is_file()), None)
    if root is None or path.suffix not in SUFFIXES or (only and root != only):
        return None
    kind = FOLDERS.get(path.parent.relative_to(root).as_posix())
    return Document(path, root, kind, text, version) if kind else None
