"""Whether the files are those of the last build, told without reading them where nobody has touched them.

`seen` in the folder of builds notes how the system described each file (size, times, place on the disk)
when their content was last compared with a build. As long as that is so, the content is not read again.
A file whose times are as young as the note could change unseen within a tick of the clock: it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

from kg.store import Built
from kg.workspace import Workspace

NAME = "seen"
TICK = 2_000_000_000
"""Nanoseconds within which two changes of a file may have one time."""


def is_fresh(workspace: Workspace, built: Built) -> bool:
    """Whether `built` is of the files as they are."""
    described, youngest = _described(workspace.inputs())
    note = workspace.build / NAME
    mark = f"{built.folder.name} {built.manifest.get('fingerprint')} {described}"
    with contextlib.suppress(OSError, ValueError):
        if note.read_text(encoding="utf-8") == mark:
            return True
    if built.manifest.get("fingerprint") != workspace.fingerprint():
        return False
    if time.time_ns() - youngest > TICK:
        _write(note, mark)
    return True


def _described(paths: Iterable[Path]) -> tuple[str, int]:
    """What the system says of the files, as a digest; and the time at which one last changed."""
    digest, youngest = hashlib.sha256(), 0
    for path in paths:
        try:
            stat = path.stat()
        except OSError:
            digest.update(f"{path}\0lost\0".encode())
            continue
        times = (stat.st_mtime_ns, stat.st_ctime_ns)
        digest.update(f"{path.absolute()}\0{stat.st_size}\0{times}\0{stat.st_ino}\0".encode())
        youngest = max(youngest, *times)
    return digest.hexdigest(), youngest


def _write(note: Path, mark: str) -> None:
    """Write the note in one step; without it files are read, which is only slower."""
    new = note.with_name(f"{NAME}.{os.getpid()}.new")
    with contextlib.suppress(OSError):
        new.write_text(mark, encoding="utf-8")
        new.replace(note)
