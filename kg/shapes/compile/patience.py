"""Python's regular expressions, but not for ever: some go back so often that they never end.

In the main thread a timer of the system interrupts them. Elsewhere nothing can, not even another thread:
there they are matched by a process of their own, which is ended.
"""

from __future__ import annotations

import re
import signal
import sys
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from kg.shapes.compile import searching
from kg.shapes.compile.searching import Part

if TYPE_CHECKING:
    import subprocess

PATIENCE = 5.0
"""Seconds that a pattern may take for whatever texts, beside what these take in any case."""

A_TEXT, A_LETTER = 2e-5, 1e-6
"""Seconds that a text may take, and a letter of it: ten times what they take of patterns that go on."""


ALARMS = hasattr(signal, "setitimer")
"""Whether the system has alarms."""


def in_main_thread() -> bool:
    """Whether this is the thread that an alarm interrupts."""
    return threading.current_thread() is threading.main_thread()


class TooLongError(Exception):
    """A pattern has taken all the time that it may."""


class Budget:
    """The seconds that one pattern may take."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    @contextmanager
    def spent(self, texts: Collection[str]) -> Iterator[float]:
        """Count the time within; what it may take for the texts.

        :raises TooLongError: if it has none left.
        """
        self.left += A_TEXT * len(texts) + A_LETTER * sum(map(len, texts))
        if self.left <= 0:
            raise TooLongError
        start = time.monotonic()
        try:
            yield self.left
        finally:
            self.left -= time.monotonic() - start


class Patience:
    """Searches for one pattern, in all of its questions no longer than it may take.

    >>> with Patience("(.)c", re.NOFLAG) as patience:
    ...     patience.search(["abc", "ab"]), patience.search(["abc"], [1, "!"])
    (['1', ''], ['ab!'])
    """

    def __init__(self, pattern: str, flags: re.RegexFlag) -> None:
        self._pattern, self._flags, self._budget = pattern, int(flags), Budget(PATIENCE)
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Patience:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def search(self, texts: Collection[str], parts: list[Part] | None = None) -> list[str]:
        """See `searching.search`.

        :raises TooLongError: if it takes too long.
        """
        with self._budget.spent(texts) as left:
            if ALARMS and in_main_thread():
                with alarm(left):
                    return searching.search(self._pattern, self._flags, texts, parts)
            return self._apart(left, [*texts], parts)

    def _apart(self, left: float, texts: list[str], parts: list[Part] | None) -> list[str]:
        import json

        process = self._process = self._process or _started()
        assert process.stdin and process.stdout
        stop = threading.Timer(left, process.kill)
        stop.start()
        try:
            process.stdin.write(json.dumps([left, self._pattern, self._flags, texts, parts]) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            stop.cancel()
        if not answer:
            raise TooLongError
        found: list[str] = json.loads(answer)
        return found


def _started() -> subprocess.Popen[str]:
    import subprocess

    program = [sys.executable, "-I", str(Path(searching.__file__))]
    return subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="ascii"
    )


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Interrupt what is within after a while; somebody else's alarm goes off as it would have.

    In the main thread alone.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, stop)
    start = time.monotonic()
    other, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if before is None else before)
        if other:
            signal.setitimer(signal.ITIMER_REAL, max(other - (time.monotonic() - start), 1e-3), interval)
