"""Python's search for cycles of objects, which millions of new tuples start over and over."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unwatched() -> Iterator[None]:
    """Hold the search while much is made that has no cycles: it takes as long as the work itself.

    What has been made meanwhile counts as old then, so that the search does not begin with all of it.

    >>> with unwatched():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
