"""What inference cost, for who asks: each rule of all runs in a block of code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from kg.rules.model import Cost

_watched: ContextVar[list[Cost] | None] = ContextVar("watched", default=None)


@contextmanager
def watched() -> Iterator[list[Cost]]:
    """The costs of the rules that run in the block, as they come.

    >>> from kg.rules import Rules, infer
    >>> with watched() as costs:
    ...     _ = infer([], Rules())
    >>> costs
    []
    """
    costs: list[Cost] = []
    token = _watched.set(costs)
    try:
        yield costs
    finally:
        _watched.reset(token)


def tell(costs: Iterable[Cost]) -> None:
    """Tell who watches."""
    if (found := _watched.get()) is not None:
        found += costs
