"""The fewest of many things that still do: what explains a row, or makes two answers differ.

Source: Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def fewest(items: Sequence[T], does: Callable[[Sequence[T]], bool]) -> list[T]:
    """A part of `items` that `does`, and of which none can be left out; `does(items)` holds.

    >>> fewest(range(100), lambda some: {7, 70} <= set(some))
    [7, 70]
    """
    found, parts = list(items), 2
    while len(found) > 1:
        size = -(-len(found) // parts)
        chunks = [found[at : at + size] for at in range(0, len(found), size)]
        smaller = next((part for part in _parts(chunks) if len(part) < len(found) and does(part)), None)
        if smaller is not None:
            parts = 2 if smaller in chunks else max(parts - 1, 2)
            found = smaller
        elif size == 1:
            break
        else:
            parts = min(2 * parts, len(found))
    return [] if found and does([]) else found


def needed(items: Sequence[T], does: Callable[[Sequence[T]], bool]) -> list[T]:
    """As `fewest`, for items of which nearly all are needed: leaves out one after the other.

    >>> needed([1, 2, 3], lambda some: {1, 3} <= set(some))
    [1, 3]
    """
    found = list(items)
    for one in items:
        rest = [other for other in found if other is not one]
        if does(rest):
            found = rest
    return found


def _parts(chunks: list[list[T]]) -> list[list[T]]:
    """Each chunk alone, and all without each."""
    if len(chunks) == 2:
        return chunks
    rests = [[one for chunk in chunks if chunk is not left for one in chunk] for left in chunks]
    return [*chunks, *rests]
