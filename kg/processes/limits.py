"""A limit of time for work that nothing interrupts: a process beside this one does it, and is ended.

The store goes through a query in one go, and has nothing that stops it: a thread would go on to the end.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

from kg.errors import ShortageError, TimeLimitError, UsageError
from kg.places import Place
from kg.processes import shortage
from kg.processes.beside import Helper

T = TypeVar("T")

READY = b"\0"
"""What the process says when all is loaded and it begins."""

LESS = "give it more time, or ask for less: by LIMIT, by a parameter, or by patterns that share a variable"


def within(seconds: float, work: Callable[..., T], *args: object, place: Place | None = None) -> T:
    """What `work` gives, a function of a module, done by a process of its own in so many seconds.

    What goes there and comes back is pickled. The time counts from when the process is ready, some tenths of
    a second after it was started. `place`: where stands what is asked.

    :raises TimeLimitError: if there is no answer by then; the process has ended.
    :raises ShortageError: if the process ended by itself.
    :raises UsageError: if `seconds` is not above 0.

    >>> from operator import mul
    >>> within(60, mul, 6, 7)
    42
    """
    if not seconds > 0:
        raise UsageError.at(None, f"a limit of {seconds:g} seconds", "give a number above 0")
    over = threading.Event()
    with Helper("kg.processes.limits:serve") as helper:

        def end() -> None:
            over.set()
            helper.process.kill()

        timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), end)
        timer.daemon = True
        try:
            pickle.dump((work, args), helper.stdin)
            helper.stdin.flush()
            if helper.stdout.read(len(READY)):
                timer.start()
            good, found = pickle.load(helper.stdout)
        except (EOFError, pickle.UnpicklingError, BrokenPipeError) as exc:
            if over.is_set():
                what = f"no answer within {seconds:g} seconds"
                raise TimeLimitError.at(place, what, LESS) from exc
            raise ShortageError.at(place, helper.why("the process that answers")) from exc
        finally:
            timer.cancel()
    if good:
        return found  # type: ignore[no-any-return]
    raise found


def serve() -> None:
    """Do one piece of work for another process, and hand over what it gives or raises."""
    work, args = pickle.load(sys.stdin.buffer)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may be written among what is handed over
    out.write(READY)
    out.flush()
    try:
        found = True, work(*args)
    except Exception as exc:
        if shortage.is_meant(exc):
            raise
        found = False, exc
    with out:
        pickle.dump(found, out)
