"""What is under way, and what must not outlive it if it ends badly: noted for the process that waits.

`supervisor` reads these notes where the process that worked was ended and cannot say anything itself.
Without it (in a library, or on other systems than Linux) they are kept for this process alone.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

START = "starting"
_END = b"\0\0"
_SIZE = 65_536


class _Notes:
    """The step, the paths, and the file in memory that they are written to, if anybody reads it."""

    step = START
    file: int | None = None

    def __init__(self) -> None:
        self.unfinished: list[str] = []

    def write(self) -> None:
        if self.file is not None:
            parts = (self.step[:300], *self.unfinished)
            with suppress(OSError):  # what cannot be noted is told less well
                os.pwrite(self.file, b"\0".join(map(os.fsencode, parts)) + _END, 0)


_notes = _Notes()


def note_in(file: int) -> None:
    """Write the notes of this process to an open file from now on."""
    _notes.file = file


def step(text: str) -> None:
    """Note what is being done: “storing the graph”."""
    _notes.step = text
    _notes.write()


def now() -> str:
    """The step that was noted last.

    >>> step("reading cases"); now()
    'reading cases'
    >>> step(START)
    """
    return _notes.step


@contextmanager
def unfinished(path: str | os.PathLike[str]) -> Iterator[None]:
    """Have a file or folder removed if this process is ended within."""
    path = os.path.abspath(path)  # noqa: PTH100 - as text
    _notes.unfinished.append(path)
    _notes.write()
    try:
        yield
    finally:
        finished(path)


def finished(path: str | os.PathLike[str]) -> None:
    """From here on a file or folder stays, whatever happens."""
    path = os.path.abspath(path)  # noqa: PTH100
    if path in _notes.unfinished:
        _notes.unfinished.remove(path)
        _notes.write()


def read(file: int) -> tuple[str, list[str]]:
    """What a process has noted: its step, and the paths that it had not finished."""
    noted, end, _ = os.pread(file, _SIZE, 0).partition(_END)
    parts = [os.fsdecode(part) for part in noted.split(b"\0")] if end else []
    return parts[0] if parts else START, parts[1:]
