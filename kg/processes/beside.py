"""Processes beside this one, that do a part of its work and end with it.

They are started as `python -c`, which runs nothing of whoever calls: `kg` works so from any script. One that
is refused memory, or whose caller is gone, ends without a word; the caller says what has happened.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import IO, Self

from kg.processes.endings import oom_kills

LAST = 5.0
"""Seconds that one has to end after it has said its last."""

CODE = """\
import os, sys
try:
    from kg.processes import beside
    beside.work(*sys.argv[1:])
except BrokenPipeError:
    os._exit(0)
except (ImportError, MemoryError, OSError, RuntimeError, SystemError) as exc:
    from kg.processes import shortage
    if shortage.is_meant(exc):
        os._exit(shortage.SHORT)
    raise
"""
"""What such a process runs. Its caller hears of SHORT; an exception in the last lines ends it as well."""


class Helper:
    """A process that runs a function of `kg`, “module:name”, with texts as arguments.

    `stdin` and `stdout` are pipes. It is ended where the `with` ends, and where this process does.
    """

    def __init__(self, task: str, *args: str, env: Mapping[str, str] | None = None) -> None:
        path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        from kg.processes import shortage

        self._kills, self._counted = oom_kills(), shortage.counted()
        alive, self._held = os.pipe()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-c", CODE, task, str(alive), *args],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | path | dict(env or {}),
                pass_fds=() if os.name == "nt" else (alive,),
            )
        except BaseException:
            os.close(self._held)
            raise
        finally:
            os.close(alive)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.process.kill()
        self.process.communicate()
        os.close(self._held)

    @property
    def stdin(self) -> IO[bytes]:
        """What it is told."""
        assert self.process.stdin
        return self.process.stdin

    @property
    def stdout(self) -> IO[bytes]:
        """What it says."""
        assert self.process.stdout
        return self.process.stdout

    def why(self, who: str) -> str:
        """Why it has ended, once it says nothing more; `who`: “the process that …”."""
        from kg.processes import shortage

        try:
            code = self.process.wait(LAST)
        except subprocess.TimeoutExpired:  # it lives, and what it said is not to be understood
            self.process.kill()
            code = self.process.wait()
        return shortage.of_helper(who, code, self._counted, sure=oom_kills() > self._kills)


def work(task: str, alive: str, *args: str) -> None:
    """Do the work of such a process, as long as the one that started it is there."""
    from importlib import import_module

    from kg.processes import lifeline

    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if os.name != "nt":
        lifeline.hold(int(alive))
    module, _, name = task.partition(":")
    getattr(import_module(module), name)(*args)
