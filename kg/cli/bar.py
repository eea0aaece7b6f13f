"""How far reading is: a bar on stderr, with rate and time left, where a person watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.cli.main import Settings
from kg.workspace import Workspace

WIDTH = 24
LEAST = 4_000_000
"""The bytes below which there is nothing to wait for."""


class Bar:
    """Of `total` bytes; it is drawn on `stderr`, or not at all."""

    def __init__(self, total: int, *, shown: bool) -> None:
        self._total, self._shown = total, shown
        self._done, self._begun = 0, time.monotonic()

    @classmethod
    @contextmanager
    def over(cls, workspace: Workspace, settings: Settings) -> Iterator[Bar]:
        """The bar for the files of lines of a workspace; it is wiped away in the end."""
        total = sum(path.stat().st_size for path in workspace.cases() if _is_long(path))
        bar = cls(total, shown=total >= LEAST and not settings.quiet and sys.stderr.isatty())
        try:
            yield bar
        finally:
            bar.wipe()

    def add(self, count: int) -> None:
        """So many bytes more have been read."""
        self._done += count
        if self._shown:
            sys.stderr.write("\r" + self.text(time.monotonic() - self._begun))
            sys.stderr.flush()
        if self._done >= self._total:
            self.wipe()

    def text(self, seconds: float) -> str:
        """The bar after some seconds.

        >>> bar = Bar(10_000_000, shown=False)
        >>> bar.add(2_500_000)
        >>> bar.text(2.0)
        '  [██████                  ]  25 %  1.2 MB/s  6 s left '
        """
        part = min(self._done / self._total, 1.0) if self._total else 1.0
        rate = self._done / seconds if seconds else 0.0
        left = (self._total - self._done) / rate if rate else 0.0
        filled = "█" * round(part * WIDTH)
        return (
            f"  [{filled:<{WIDTH}}] {part:4.0%}".replace("%", " %")
            + f"  {rate / 1e6:.1f} MB/s  {_span(left)} left "
        )

    def wipe(self) -> None:
        """Take the bar away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False


def _is_long(path: Path) -> bool:
    return path.suffix == ".jsonl" and path.is_file()


def _span(seconds: float) -> str:
    """A time in words.

    >>> _span(59.4), _span(61), _span(7300)
    ('59 s', '1 min 1 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return (
        f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"
    )
