"""Circles of shapes: the groups of those that lead to one another, and which of them cannot be judged."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from kg.errors import DefinitionError, Fault
from kg.shapes.triples import Subject

T = TypeVar("T")


class CircleError(DefinitionError):
    """Shapes refer to one another in `circles` that mean nothing, or whose results have no end."""

    circles: Sequence[Sequence[Subject]] = ()
    why: str = ""

    @classmethod
    def of(cls, circles: Sequence[Sequence[Subject]], why: str) -> CircleError:
        """The error of such shapes: in a circle each refers to the next, and the last to the first."""
        found = cls.all(Fault(None, f"{' → '.join(map(str, circle))}: {why}") for circle in circles)
        found.circles, found.why = circles, why
        return found


def circles(leads: Mapping[T, Sequence[T]]) -> Iterator[tuple[T, ...]]:
    """The groups of nodes that each can be reached from each other; a node alone if it leads to itself.

    Source: R. Tarjan, Depth-first search and linear graph algorithms, 1972, without its recursion.

    >>> [sorted(group) for group in circles({"a": ["b"], "b": ["a", "c"], "c": ["d", "c"], "d": []})]
    [['c'], ['a', 'b']]
    """
    number: dict[T, int] = {}
    low: dict[T, int] = {}
    stack: list[T] = []
    kept: set[T] = set()
    for root in leads:
        trail = [(root, iter(leads.get(root, ())))] if root not in number else []
        while trail:
            node, following = trail[-1]
            if node not in number:
                number[node] = low[node] = len(number)
                stack.append(node)
                kept.add(node)
            after = next(following, None)
            if after is None:
                trail.pop()
                if trail:
                    above = trail[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == number[node]:
                    group = stack[stack.index(node) :]
                    del stack[stack.index(node) :]
                    kept.difference_update(group)
                    if len(group) > 1 or node in leads.get(node, ()):
                        yield tuple(group)
            elif after not in number:
                trail.append((after, iter(leads.get(after, ()))))
            elif after in kept:
                low[node] = min(low[node], number[after])


def heights(leads: Mapping[T, Sequence[T]]) -> dict[T, int]:
    """How many nodes stand below each, one below the other; the lower first. A way back counts for nothing.

    >>> heights({"a": ["b", "d"], "b": ["c"], "c": ["b"]})
    {'c': 0, 'b': 1, 'd': 0, 'a': 2}
    """
    found: dict[T, int] = {}
    for root in leads:
        trail = {root: iter(leads[root])} if root not in found else {}
        while trail:
            node = next(reversed(trail))
            after = next((each for each in trail[node] if each not in found and each not in trail), None)
            if after is None:
                del trail[node]
                below = (found[each] + 1 for each in leads.get(node, ()) if each in found)
                found[node] = max(below, default=0)
            else:
                trail[after] = iter(leads.get(after, ()))
    return found


def way(start: T, end: T, within: Collection[T], leads: Mapping[T, Sequence[T]]) -> list[T]:
    """The shortest way from one node to another over nodes of a group, with both of them.

    >>> way("b", "a", "abc", {"a": ["b", "c"], "b": ["c"], "c": ["b", "a"]})
    ['b', 'c', 'a']
    """
    before: dict[T, T] = {}
    todo = [start]
    for node in todo:
        if node == end:
            break
        for after in leads[node]:
            if after in within and after != start and after not in before:
                before[after] = node
                todo.append(after)
    found = [end]
    while found[-1] != start:
        found.append(before[found[-1]])
    return found[::-1]
