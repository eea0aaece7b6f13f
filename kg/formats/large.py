"""The lines of a large text by their numbers; it is not kept in memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import overload

BLOCK = 2**16
"""Of how many bytes the lines are counted together."""


class LineNumbers:
    """The lines of a file by their numbers, counted once; of the file a block is kept in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            blocks = iter(lambda: file.read(BLOCK), b"")
            self._ends = [0, *accumulate(block.count(b"\n") for block in blocks)]
        self._block, self._lines = -1, list[bytes]()

    def __len__(self) -> int:
        """How many lines there are."""
        return self._ends[-1] + 1

    def line(self, number: int) -> bytes:
        """The line of a number, without its end."""
        block = bisect_left(self._ends, number - 1) - 1 if number > 1 else 0
        if block != self._block:
            with self._path.open("rb") as file:
                file.seek(block * BLOCK)
                self._lines = (file.read(BLOCK) + file.readline()).split(b"\n")
            self._block = block
        at = number - 1 - self._ends[block]
        return self._lines[at].rstrip(b"\r") if at < len(self._lines) else b""  # it has been cut meanwhile


class LargeText(Sequence[str]):
    """The lines of a large file, read from it one by one as they are asked for."""

    def __init__(self, path: Path) -> None:
        self._lines = LineNumbers(path)

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        """The line at an index, from 0.

        :raises IndexError: if there is none; none is counted from the end.
        """
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self._lines.line(at + 1).decode("utf-8", "replace")
