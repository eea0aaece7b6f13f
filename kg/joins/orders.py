"""In which order patterns that hang together are joined, which are looked up and which read as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.joins.figures import variables
from kg.joins.patterns import Pattern, Reader, hanging

SOME, MANY = 1.5, 10
"""So many triples for a subject are about one; so many are more than the store thinks."""


class Orders:
    """Orders patterns by how much fits each; `ratio`: how many are read in the time of one look-up."""

    def __init__(self, reader: Reader, ratio: float) -> None:
        self._reader, self._ratio = reader, ratio

    def planned(self, found: list[Pattern], seed: Pattern | None = None) -> tuple[str, float] | None:
        """Patterns that hang together, from `seed` or the rarest on, and about how many rows they have.

        None where one is to be read as a whole that cannot be, or where nothing hangs on the seed.
        """
        order, rows = self._order(found, seed or min(found, key=lambda p: p.size))
        near, whole = _parted(order, self._ratio)
        if len(order) < len(found) or near == [seed] or not all(pattern.sizes for pattern in whole):
            return None
        start, count = self._start(near, bool(whole))
        text = start if len(found) == 1 else _nested(start, _names(near), whole)
        return text, rows if whole or count is None else count

    def _start(self, near: list[Pattern], further: bool) -> tuple[str, int | None]:
        """What is looked up as a sub-select, and how many rows it has, if these are few.

        What only tests these rows stands outside of it where the store would make many more rows of it.
        """
        if len(near) == 1:
            return (near[0].whole() if further and near[0].sizes else near[0].text), None
        tests = [p for n, p in enumerate(near) if p.names <= _names(near[:n]) and self._spread(p, "s") > MANY]
        text = " . ".join([near[0].text, *(self._reader.tested(p) for p in near[1:] if p not in tests)])
        count = self._reader.figures.rows(text, self._reader.prologue)
        limit = "" if count is None else f" LIMIT {count}"
        names = variables(_names(near))
        start = f"{{ SELECT {names} WHERE {{ {text} }}{limit} }}"
        if tests:
            start = f"{start} {' . '.join(pattern.text for pattern in tests)}"
        return (f"{{ SELECT {names} WHERE {{ {start} }} }}" if tests and further else start), count

    def _order(self, found: list[Pattern], start: Pattern) -> tuple[list[tuple[Pattern, float]], float]:
        """The patterns from one on, each with the rows before it, and the rows after all.

        Each hangs on those before it; the rest is left out. `keys`: variables with another value in each row.
        """
        names, keys, rows, order = set(start.names), self._key(start), start.size, [(start, 0.0)]
        left = [p for p in found if p is not start]
        while near := [p for p in left if p.names & names]:
            after = {p.text: self._after(p, rows, names, keys) for p in near}
            best = min(near, key=lambda p: (after[p.text], p.size))
            order.append((best, rows))
            if after[best.text] > rows:
                keys = set()
            if best.subject[1:] not in names:
                keys = keys | self._key(best)
            rows = after[best.text]
            names |= best.names
            left.remove(best)
        return order, rows

    def _after(self, pattern: Pattern, rows: float, names: set[str], keys: set[str]) -> float:
        """About how many rows there are after a pattern is joined to `rows` that have `names`."""
        forward = not pattern.subject.startswith("?") or pattern.subject[1:] in names
        key = pattern.subject if forward else pattern.object
        both = forward and (not pattern.object.startswith("?") or pattern.object[1:] in names)
        spread = 1.0 if both else self._spread(pattern, "s" if forward else "o")
        return min(rows * spread, pattern.size) if key in keys else rows * spread

    def _spread(self, pattern: Pattern, end: str) -> float:
        """How many triples fit a pattern for each of its subjects or objects, at least one."""
        if len(pattern.steps) != 1 or len(pattern.names) < 2:
            return 1.0
        return max(self._reader.figures.spread(pattern.steps[0], end), 1.0)

    def _key(self, pattern: Pattern) -> set[str]:
        """Its subject, if that stands in about one triple that fits."""
        return {pattern.subject} if self._spread(pattern, "s") < SOME else set()


def _parted(order: list[tuple[Pattern, float]], ratio: float) -> tuple[list[Pattern], list[Pattern]]:
    """The patterns to be looked up, each hanging on those before it, and those to be read as a whole."""
    near, whole = [order[0][0]], list[Pattern]()
    for pattern, rows in order[1:]:
        if pattern.size <= rows * ratio:
            whole.append(pattern)
        elif hanging([pattern], _names(near)):
            near.append(pattern)
        else:
            near, whole = [*near, *whole, pattern], []
    return near, whole


def _names(patterns: Iterable[Pattern]) -> set[str]:
    return set().union(*(pattern.names for pattern in patterns))


def _nested(text: str, names: set[str], whole: Sequence[Pattern]) -> str:
    """Patterns read as a whole, each joined to all before it: the store joins in just this order."""
    for number, pattern in enumerate(whole, 1):
        names = names | pattern.names
        text = f"{text} {pattern.whole()}"
        if number < len(whole):
            text = f"{{ SELECT {variables(names)} WHERE {{ {text} }} }}"
    return text
