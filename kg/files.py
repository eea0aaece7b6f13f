"""A file put in place whole or not at all, whatever happens while it is written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from kg.processes import underway


def put(path: Path, parts: Iterable[bytes]) -> None:
    """Write `parts` to a hidden file beside the one at `path`, which then takes its place; its rights stay.

    A link stays one. What is no file (a device, a pipe), and a file in a folder that cannot be written,
    is written as it is.

    :raises OSError: if there is no room, or no right; the file then is as it was.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     put(Path(folder, "a"), [b"x", b"y"])
    ...     Path(folder, "a").read_text(), os.listdir(folder)
    ('xy', ['a'])
    """
    target = path.resolve()
    there = target.exists()
    new = target.with_name(f".kg-{os.urandom(4).hex()}.tmp")
    if there and not (target.is_file() and os.access(target.parent, os.W_OK)):
        with target.open("wb") as file:
            file.writelines(parts)
        return
    if there and not os.access(target, os.W_OK):
        target.open("ab").close()  # which says why not
    with underway.unfinished(new):
        try:
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())
            if there:
                new.chmod(stat.S_IMODE(target.stat().st_mode))
            new.replace(target)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
