"""Sorted lines in any number, put together on the disk: what is held in memory is a piece of each run.

A run is sorted by bytes, each line standing once and ending in LF, with no CR in it; runs are merged while
they are read.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import eq
from pathlib import Path
from typing import IO

BLOCK = 4_000_000
"""How many bytes are read at once, where lines are wanted in any order."""

WINDOWS = 64_000_000
"""How many bytes of all runs are held together while they are merged."""

LEAST, MOST = 100_000, 2_000_000
"""How many of one run, at least and at most."""

BATCH = 100_000
"""How many lines are sorted at once."""


class Runs:
    """Runs of lines in a file without a name, which goes with the process; `lines` is how many they have.

    `folder`: where there is room for it; else where the system keeps such files.

    >>> runs = Runs()
    >>> runs.add(b"a\\nc\\n")
    >>> runs.add_lines([b"d\\n", b"b\\n", b"c\\n"])
    >>> list(merged([runs])), b"".join(runs.blocks())
    ([(b'a\\nb\\nc\\n', 3), (b'd\\n', 1)], b'a\\nc\\nb\\nc\\nd\\n')
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - it is open as long as this is
        self._ends = [0]
        self.lines = 0

    def __del__(self) -> None:
        if "_file" in self.__dict__:
            self._file.close()

    def add(self, run: bytes) -> None:
        """Take in a run.

        :raises OSError: if there is no room.
        """
        if run:
            self._file.seek(self._ends[-1])
            self._file.write(run)
            self._file.flush()
            self._ends.append(self._ends[-1] + len(run))
            self.lines += run.count(b"\n")

    def add_lines(self, lines: Iterable[bytes]) -> None:
        """Take in lines of any order.

        :raises OSError: if there is no room.
        """
        left = iter(lines)
        while some := sorted(islice(left, BATCH)):
            self.add(b"".join(_once(some)))

    def blocks(self) -> Iterator[bytes]:
        """All lines, some megabytes of whole ones at once, in no order."""
        for start, end in self.ranges():
            while start < end:
                block = self.read(start, BLOCK, end)
                yield block
                start += len(block)

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Where each run begins and ends."""
        return zip(self._ends, self._ends[1:], strict=False)

    def read(self, start: int, size: int, end: int) -> bytes:
        """The lines that begin in `size` bytes from `start`, where one does, and before `end`."""
        self._file.seek(start)
        text = self._file.read(min(size, end - start))
        return text + self._file.readline() if start + size < end else text


class _Cursor:
    """How far one run has been read; `lines` from `at` on are at hand."""

    def __init__(self, runs: Runs, start: int, end: int, window: int) -> None:
        self._runs, self._start, self._end, self._window = runs, start, end, window
        self.lines: list[bytes] = []
        self.at = 0

    def fill(self) -> bool:
        """Have lines at hand; whether there are any."""
        if self.at >= len(self.lines):
            text = b""
            if self._start < self._end:
                text = self._runs.read(self._start, self._window, self._end)
            self._start += len(text)
            self.lines, self.at = text.splitlines(keepends=True), 0
        return self.at < len(self.lines)

    def upto(self, line: bytes) -> list[bytes]:
        """The lines at hand up to `line`, which are then done with."""
        at, self.at = self.at, bisect_right(self.lines, line, self.at)
        return self.lines[at : self.at]


def merged(parts: Sequence[Runs]) -> Iterator[tuple[bytes, int]]:
    """The lines of all, sorted, each once, many at a time; and how many these are."""
    ranges = [(runs, *each) for runs in parts for each in runs.ranges()]
    window = min(max(WINDOWS // max(len(ranges), 1), LEAST), MOST)
    left = [_Cursor(*each, window) for each in ranges]
    while left := [cursor for cursor in left if cursor.fill()]:
        last = min(cursor.lines[-1] for cursor in left)
        lines: list[bytes] = []
        for cursor in left:
            lines += cursor.upto(last)
        lines.sort()
        lines = _once(lines)
        yield b"".join(lines), len(lines)


def _once(lines: list[bytes]) -> list[bytes]:
    """Sorted lines, each once; nearly always they are, and to compare neighbours takes a third of hashing."""
    return list(dict.fromkeys(lines)) if any(map(eq, lines, islice(lines, 1, None))) else lines
