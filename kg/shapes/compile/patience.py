"""Python's regular expressions, but not for ever: some go back so often that they never end.

In the main thread a timer of the system interrupts them. Elsewhere nothing can, not even another thread:
there they are matched by a process of their own, which is ended.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from kg.shapes.compile import searching
from kg.shapes.compile.searching import Part

PATIENCE = 5.0
"""Seconds that a pattern may take for whatever texts, beside what these take in any case."""

A_TEXT, A_LETTER = 2e-5, 1e-6
"""Seconds that a text may take, and a letter of it: ten times what they take of patterns that go on."""


class TooLongError(Exception):
    """A pattern has taken all the time that it may."""


class Patience:
    """Searches for one pattern, in all of its questions no longer than it may take.

    >>> with Patience("(.)c", re.NOFLAG) as patience:
    ...     patience.search(["abc", "ab"]), patience.search(["abc"], [1, "!"])
    (['1', ''], ['ab!'])
    """

    def __init__(self, pattern: str, flags: re.RegexFlag) -> None:
        self._pattern, self._flags, self._left = pattern, int(flags), PATIENCE
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
        self._left += A_TEXT * len(texts) + A_LETTER * sum(map(len, texts))
        if self._left <= 0:
            raise TooLongError
        start = time.monotonic()
        try:
            if threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
                with _alarm(self._left):
                    return searching.search(self._pattern, self._flags, texts, parts)
            return self._apart([*texts], parts)
        finally:
            self._left -= time.monotonic() - start

    def _apart(self, texts: list[str], parts: list[Part] | None) -> list[str]:
        process = self._process = self._process or _started()
        assert process.stdin and process.stdout
        stop = threading.Timer(self._left, process.kill)
        stop.start()
        try:
            process.stdin.write(json.dumps([self._left, self._pattern, self._flags, texts, parts]) + "\n")
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
    program = [sys.executable, "-I", str(Path(searching.__file__))]
    return subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="ascii"
    )


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Interrupt what is within after a while; somebody else's alarm goes off as it would have."""

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
