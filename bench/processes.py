"""A process and what it cost: CPU and peak memory as the system counts them, with all that it started."""

from __future__ import annotations

import math
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENCE = 4
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
    """Run a command to its end, or to `limit` seconds of CPU; what it prints goes to `out` and `out`.err.

    On a machine that others use too it may take `PATIENCE` times as long by the clock.

    This process has to stay small: the system counts its memory at the start of a child as the child's.
    """
    begun = time.perf_counter()
    # Compiled code is kept: what pip has installed is compiled as well.
    own = {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": ""}
    settings = os.environ | own | dict(env or {})
    with out.open("wb") as stdout, Path(f"{out}.err").open("wb") as stderr:
        child = subprocess.Popen(
            command, stdout=stdout, stderr=stderr, cwd=folder, env=settings, start_new_session=True
        )
        _bound(child.pid, limit)
        late = threading.Event()
        timer = threading.Timer(PATIENCE * limit, _end, (child.pid, late))
        timer.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        finally:
            timer.cancel()
        child.returncode = code = os.waitstatus_to_exitcode(status)
    wall, cpu = time.perf_counter() - begun, usage.ru_utime + usage.ru_stime
    ended = late.is_set() or (code < 0 and cpu >= 0.9 * limit)  # the system counts in coarser steps
    return Cost(cpu, wall, usage.ru_maxrss * _UNIT, code, ended)


def _bound(pid: int, limit: float) -> None:
    """Have the system end a process after so many seconds of CPU, where it can."""
    if hasattr(resource, "prlimit"):
        seconds = math.ceil(limit)
        with suppress(ProcessLookupError):  # it is over already
            resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds))


def _end(pid: int, late: threading.Event) -> None:
    """End a process that takes too long, with all that it started."""
    late.set()
    os.killpg(pid, signal.SIGKILL)
