"""Circles of shapes: the groups of those that lead to one another, and which of them cannot be judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from kg.errors import DefinitionError
from kg.shapes.triples import Subject

T = TypeVar("T")


class CircleError(DefinitionError):
    """Shapes refer to one another in a `circle` that means nothing, or whose results have no end."""

    circle: Sequence[Subject] = ()

    @classmethod
    def of(cls, circle: Sequence[Subject]) -> CircleError:
        """The error of these shapes, each of which refers to the next."""
        found = cls.at(None, f"{' → '.join(map(str, circle))}: the shapes refer to one another in a circle")
        found.circle = circle
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


def trail(circle: Sequence[T], leads: Mapping[T, Sequence[T]]) -> list[T]:
    """Nodes of a group that each lead to the next, and the last to the first.

    >>> trail(["a", "b", "c"], {"a": ["c"], "b": ["a"], "c": ["b"]})
    ['a', 'c', 'b']
    """
    ways: list[list[T]] = [[circle[0]]]
    for way in ways:
        for after in leads[way[-1]]:
            if after == circle[0]:
                return way
            if after in circle and after not in way:
                ways.append([*way, after])
    return list(circle)
