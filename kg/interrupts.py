"""Ctrl-C gets through, also while a thread of the engine works and Python does not get to see it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def interruptible(work: Callable[[], T]) -> T:
    """What `work` gives, done in a thread of its own while this one waits for it, or for Ctrl-C.

    After that the work goes on until the process ends. Nothing changes but in the main thread, which alone
    hears of Ctrl-C.

    >>> interruptible(lambda: 6 * 7)
    42
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    done, given, raised = threading.Event(), list[T](), list[BaseException]()

    def go() -> None:
        try:
            given.append(work())
        except BaseException as exc:  # noqa: BLE001 - raised again where it is waited for
            raised.append(exc)
        done.set()

    threading.Thread(target=go, daemon=True).start()
    done.wait()
    if raised:
        try:
            raise raised[0]
        finally:
            raised.clear()  # no circle of the exception and this frame
    return given[0]
