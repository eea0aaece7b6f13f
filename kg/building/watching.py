"""Which inputs of a workspace have changed, looked at again and again.

Looking costs some 5 µs a file, needs no library, and sees what editors, git and network folders do alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kg.errors import KGError
from kg.workspace import Workspace

PAUSE = 0.3
"""Seconds between two looks; longer where looking takes long."""

Stamps = dict[Path, tuple[int, int, int]]


def stamps(workspace: Workspace) -> Stamps:
    """Time, size and number of every input that is there."""
    return {path: mark for path in workspace.inputs() if (mark := _stamp(path))}


def changes(
    find: Callable[[], Workspace], sleep: Callable[[float], None] = time.sleep
) -> Iterator[list[Path]]:
    """None at first, then the inputs that came, went or changed, each time that some have; without end.

    Files that are still being written are waited for. `find` gives the workspace, whose settings may change.
    """
    before = _now(find, {})
    yield []  # what changes from here on is seen
    while True:
        begun = time.monotonic()
        now = _now(find, before)
        pause = max(PAUSE, 10 * (time.monotonic() - begun))
        if now != before:
            while (later := _after(find, now, sleep)) != now:
                now = later
            yield sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))
            before = now
        else:
            sleep(pause)


def _after(find: Callable[[], Workspace], now: Stamps, sleep: Callable[[float], None]) -> Stamps:
    sleep(PAUSE / 3)
    return _now(find, now)


def _now(find: Callable[[], Workspace], before: Stamps) -> Stamps:
    """The stamps; where the settings cannot be read, those of the files that were known."""
    try:
        return stamps(find())
    except (KGError, OSError):
        return {path: mark for path in before if (mark := _stamp(path))}


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
