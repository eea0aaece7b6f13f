"""A process and what it cost: CPU and peak memory as the system counts them, with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost: seconds of CPU and of wall time, most bytes of memory, its exit code."""

    cpu: float
    wall: float
    peak: int
    code: int
    late: bool = False


def run(
    command: Sequence[str],
    out: Path,
    *,
    limit: float = 600,
    folder: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> Cost:
    """Run a command to its end, or to the `limit` in seconds; what it prints goes to `out` and `out`.err.

    This process has to stay small: the system counts its memory at the start of a child as the child's.
    """
    begun = time.perf_counter()
    settings = os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | dict(env or {})
    with out.open("wb") as stdout, Path(f"{out}.err").open("wb") as stderr:
        child = subprocess.Popen(
            command, stdout=stdout, stderr=stderr, cwd=folder, env=settings, start_new_session=True
        )
        late = threading.Event()
        timer = threading.Timer(limit, _end, (child.pid, late))
        timer.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        finally:
            timer.cancel()
        child.returncode = code = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begun
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * _UNIT, code, late.is_set())


def _end(pid: int, late: threading.Event) -> None:
    """End a process that takes too long, with all that it started."""
    late.set()
    os.killpg(pid, signal.SIGKILL)
