"""A file of sorted lines: looked up in and patched without reading all of it.

The order is that of bytes, which in UTF-8 is that of code points; each line stands once and ends in LF.
"""

from __future__ import annotations

import errno
import mmap
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

PIECE = 8_000_000
"""How many bytes are copied at once."""


class SortedLines:
    """The lines of a file, which is open as long as this is used (`opened`)."""

    def __init__(self, data: mmap.mmap | bytes, file: int | None = None) -> None:
        self._data, self._file = data, file

    def at(self, line: bytes) -> int:
        """Where the first line begins that does not stand before `line`.

        >>> lines = SortedLines(b"a 1\\nb 1\\nb 2\\n")
        >>> lines.at(b"b"), lines.at(b"b 2"), lines.at(b"c")
        (4, 8, 12)
        """
        low, high = 0, len(self._data)
        while low < high:
            start = self._data.rfind(b"\n", low, (low + high) // 2) + 1
            start = max(start, low)
            end = self._data.find(b"\n", start) + 1
            if self._data[start:end] < line:
                low = end
            else:
                high = start
        return low

    def below(self, prefix: bytes) -> Iterator[bytes]:
        """The lines that begin with `prefix`, which does not end in the highest byte.

        >>> list(SortedLines(b"a 1\\nb 1\\nb 2\\nc 1\\n").below(b"b "))
        [b'b 1\\n', b'b 2\\n']
        """
        at, end = self.at(prefix), self.at(prefix[:-1] + bytes([prefix[-1] + 1]))
        while at < end:
            after = self._data.find(b"\n", at) + 1
            yield self._data[at:after]
            at = after

    def __contains__(self, line: bytes) -> bool:
        """Whether there is this line, with its LF."""
        at = self.at(line)
        return self._data[at : at + len(line)] == line

    def patched(self, removed: Iterable[bytes], added: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of the file without the lines `removed`, which all stand in it, and with `added`.

        What is added and stands there already stays once.

        >>> b"".join(SortedLines(b"a\\nb\\nc\\n").patched([b"b\\n"], [b"a\\n", b"bb\\n", b"d\\n"]))
        b'a\\nbb\\nc\\nd\\n'
        """
        for part in self._parts(removed, added):
            if isinstance(part, bytes):
                yield part
            else:
                yield from (self._data[at : min(at + PIECE, part[1])] for at in range(*part, PIECE))

    def _parts(self, removed: Iterable[bytes], added: Iterable[bytes]) -> Iterator[bytes | tuple[int, int]]:
        """The same, as new lines and ranges of the file."""
        done = 0
        for line, is_added in sorted({**dict.fromkeys(removed, False), **dict.fromkeys(added, True)}.items()):
            at = self.at(line)
            there = self._data[at : at + len(line)] == line
            yield done, at
            done = at + len(line) if there else at
            if is_added:
                yield line
        yield done, len(self._data)

    def write(self, path: Path, removed: Iterable[bytes], added: Iterable[bytes]) -> None:
        """Write the file so patched to `path`; the system copies what stays, where it can.

        :raises OSError: if there is no room.
        """
        with path.open("wb", buffering=0) as target:
            for part in self._parts(removed, added):
                if isinstance(part, bytes):
                    target.write(part)
                else:
                    self._copy(*part, target)

    def _copy(self, start: int, end: int, target: FileIO) -> None:
        while self._file is not None and start < end and hasattr(os, "copy_file_range"):
            try:
                count = os.copy_file_range(self._file, target.fileno(), end - start, start)
            except OSError as exc:
                if exc.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                    raise
                break  # these two folders cannot do that
            if not count:
                break
            start += count
        with memoryview(self._data) as view:
            while start < end:
                with view[start : min(start + PIECE, end)] as piece:
                    start += target.write(piece)


@contextmanager
def opened(path: Path) -> Iterator[SortedLines]:
    """The lines of the file at `path`; an empty file has none."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            yield SortedLines(b"")
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield SortedLines(data, file.fileno())
