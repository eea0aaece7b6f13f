"""A change of a text as its parts: what stands where, instead of what, and why."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """`new` instead of what stands from `start` to `end`, offsets in code points; `rule` is the kind of fix.

    >>> print(Edit(7, 10, "7", "“7.0” becomes “7”", "number"))
    “7.0” becomes “7” [number]
    """

    start: int
    end: int
    new: str
    what: str
    rule: str

    def __str__(self) -> str:
        return f"{self.what} [{self.rule}]"

    def moved(self, by: int) -> Edit:
        """The same edit of a text that has `by` characters more before it."""
        return Edit(self.start + by, self.end + by, self.new, self.what, self.rule)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` with all `edits` made; they all speak of `text` as it is now.

    :raises ValueError: if two of them change the same characters.

    >>> apply("a: 7.0", [Edit(3, 6, "7", "", "number"), Edit(0, 1, "b", "", "key")])
    'b: 7'
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits):
        if edit.start < done:
            raise ValueError(f"two edits of the same characters, at {edit.start}")
        parts += text[done : edit.start], edit.new
        done = edit.end
    return "".join((*parts, text[done:]))


def apart(edits: Iterable[Edit]) -> list[Edit]:
    """The `edits` by their places, each once, without those that touch the one before."""
    kept: list[Edit] = []
    for edit in sorted(edits):
        if not kept or edit.start > kept[-1].end or (edit.start == kept[-1].end and edit.end > edit.start):
            kept.append(edit)
    return kept


def diff(before: str, after: str, path: str) -> str:
    """The unified diff of two texts of the file `path`, as `git apply` reads it; "" where they are the same.

    >>> print(diff("a\\nb\\n", "a\\nc\\n", "x.yaml"), end="")
    --- a/x.yaml
    +++ b/x.yaml
    @@ -1,2 +1,2 @@
     a
    -b
    +c
    """
    return "".join(_ended(line) for line in _compared(before, after, path))


def _compared(before: str, after: str, path: str) -> Iterator[str]:
    return difflib.unified_diff(lines(before), lines(after), f"a/{path}", f"b/{path}")


def lines(text: str) -> list[str]:
    """The lines of `text`, each with its LF; `splitlines` parts at more than those.

    >>> lines("a\\n\\nb")
    ['a\\n', '\\n', 'b']
    """
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _ended(line: str) -> str:
    return line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
