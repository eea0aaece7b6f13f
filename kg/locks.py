"""One writer at a time: a lock file that the system itself lets go of when its holder dies.

What is locked is the open file, not its being there: a lock file that lies about after a
crash locks nothing, and so none has to be judged stale.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.places import Place

LOCK = "lock"

if os.name == "nt":
    _msvcrt: Any = import_module("msvcrt")

    def _take(file: int, *, wait: bool) -> None:
        while True:
            try:
                _msvcrt.locking(file, _msvcrt.LK_NBLCK, 1)
                return
            except OSError:
                if not wait:
                    raise
                time.sleep(0.1)

else:
    import fcntl

    def _take(file: int, *, wait: bool) -> None:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of `folder`, which is made if it is not there; `say` is told if that takes waiting.

    Threads of one process wait for each other too. Not to be taken twice by one thread.

    :raises InputError: if the folder cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, locked(Path(folder), print):
    ...     sorted(os.listdir(folder))
    ['lock']
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as exc:
        fix = "make room, or see to the rights of the folder"
        what = f"the build cannot be written: {exc.strerror}"
        raise InputError.at(Place(str(folder)), what, fix) from exc
    try:
        _wait(file, say)
        with suppress(OSError):  # on a full disk it goes without
            os.ftruncate(file, 0)
            os.write(file, str(os.getpid()).encode())
        yield
    finally:
        with suppress(OSError):
            os.ftruncate(file, 0)
        os.close(file)


def _wait(file: int, say: Callable[[str], None]) -> None:
    try:
        _take(file, wait=False)
    except OSError:
        holder = os.read(file, 20).decode(errors="replace")
        os.lseek(file, 0, os.SEEK_SET)
        process = f" (process {holder})" if holder else ""
        say(f"another build is at work{process}: waiting until it is done")
        _take(file, wait=True)
