"""In which order patterns that hang together are joined, which are looked up and which read as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.joins.figures import MOST, variables
from kg.joins.patterns import Pattern, Reader

SOME, MANY = 1.5, 10
"""So many triples for a subject are about one; so many are more than the store thinks."""

WORTH = 4_000
"""From how many triples on a pattern is read as a whole only after the rows before it were counted.

As long as that is not much more than was read for these rows: to count them takes as long as to read them.
"""

READ = 50_000
"""Up to how many triples that are read for it the rows of patterns are counted for what comes after them."""


@dataclass
class Joined:
    """What is joined so far: its text, in so many `parts`, with `names`, and about how many `rows` it has.

    `exact`: whether these were counted. `keys`: variables with another value in each row. `read`: how many
    triples are read for it. `near`: patterns that are yet to be looked up, `tests` those of them that only
    test rows, of which the store would make many more. `looked`: whether any is.
    """

    text: str
    names: set[str]
    rows: float
    keys: set[str]
    exact: bool
    read: float
    parts: int = 1
    near: list[Pattern] = field(default_factory=list)
    tests: list[Pattern] = field(default_factory=list)
    looked: bool = False

    def select(self, limit: int | None = None) -> None:
        """Make it a sub-select; LIMIT cuts nothing off: by it the store knows how many rows there are."""
        end = "" if limit is None else f" LIMIT {limit}"
        self.text = f"{{ SELECT {variables(self.names)} WHERE {{ {self.text} }}{end} }}"
        self.parts = 1


class Orders:
    """Orders patterns by how much fits each; `ratio`: how many are read in the time of one look-up."""

    def __init__(self, reader: Reader, ratio: float) -> None:
        self._reader, self._ratio = reader, ratio

    def arranged(self, found: list[Pattern], seed: Pattern | None = None) -> tuple[str, float] | None:
        """Patterns that hang together, from `seed` or the rarest on, and about how many rows they have.

        None where one is to be read as a whole that cannot be, or where nothing is looked up for the seed.
        """
        start = seed or min(found, key=lambda p: p.size)
        left, joined = [p for p in found if p is not start], self._begun(start)
        while near := [p for p in left if p.names & joined.names]:
            best, rows = self._next(near, joined)
            if max(joined.read / 4, WORTH) < best.size <= joined.rows * self._ratio and not joined.exact:
                self._count(joined)
                best, rows = self._next(near, joined)
            if best.size > joined.rows * self._ratio:
                self._look_up(joined, best)
            elif best.sizes and start.sizes:
                self._read(joined, best, start)
            else:
                return None
            self._note(joined, best, rows)
            left.remove(best)
        if left or (seed and not joined.looked):
            return None
        self._close(joined)
        if not joined.exact and joined.read <= READ:
            count = self._reader.figures.rows(joined.text, self._reader.prologue)
            joined.rows = max(joined.rows, MOST) if count is None else count
        return joined.text, joined.rows

    # --- estimates

    def _begun(self, start: Pattern) -> Joined:
        exact = len(start.sizes) == 1
        return Joined(start.text, set(start.names), start.size, self._key(start), exact, start.size)

    def _next(self, near: list[Pattern], joined: Joined) -> tuple[Pattern, float]:
        """The pattern that leaves the fewest rows, and about how many."""
        after = {p.text: self._after(p, joined) for p in near}
        best = min(near, key=lambda p: (after[p.text], p.size))
        return best, after[best.text]

    def _after(self, pattern: Pattern, joined: Joined) -> float:
        """About how many rows there are after a pattern is joined."""
        rows, names = joined.rows, joined.names
        forward = not pattern.subject.startswith("?") or pattern.subject[1:] in names
        key = pattern.subject if forward else pattern.object
        both = forward and (not pattern.object.startswith("?") or pattern.object[1:] in names)
        spread = 1.0 if both else self._spread(pattern, "s" if forward else "o")
        rows = rows * spread * pattern.share
        return min(rows, pattern.size) if key in joined.keys else rows

    def _spread(self, pattern: Pattern, end: str) -> float:
        """How many triples fit a pattern for each of its subjects or objects, at least one."""
        if len(pattern.steps) != 1 or len(pattern.names) < 2:
            return 1.0
        return max(self._reader.figures.spread(pattern.steps[0], end), 1.0)

    def _key(self, pattern: Pattern) -> set[str]:
        """Its subject, if that stands in about one triple that fits."""
        return {pattern.subject} if self._spread(pattern, "s") < SOME else set()

    def _note(self, joined: Joined, pattern: Pattern, rows: float) -> None:
        """Note what is known after a pattern was joined."""
        if rows > joined.rows:
            joined.keys = set()
        if pattern.subject[1:] not in joined.names:
            joined.keys = joined.keys | self._key(pattern)
        joined.names |= pattern.names
        joined.rows, joined.exact = rows, False

    def _count(self, joined: Joined) -> None:
        """Count the rows, and say how many there are, if these are few."""
        self._close(joined)
        if not joined.exact:
            count = self._reader.figures.rows(joined.text, self._reader.prologue)
            joined.select(count)
            joined.rows, joined.exact = max(joined.rows, MOST) if count is None else count, True

    # --- text

    def _look_up(self, joined: Joined, pattern: Pattern) -> None:
        """Join a pattern that is looked up for each row; what is read as a whole is counted before."""
        if joined.parts > 1:
            self._count(joined)
        tests = pattern.names <= joined.names and self._spread(pattern, "s") > MANY
        (joined.tests if tests else joined.near).append(pattern)
        joined.looked = True

    def _read(self, joined: Joined, pattern: Pattern, start: Pattern) -> None:
        """Join a pattern that is read as a whole: the store joins in just this order."""
        self._close(joined)
        if joined.text == start.text:
            joined.text = start.whole()
        if joined.parts > 1:
            joined.select()
        joined.text, joined.parts = f"{joined.text} {pattern.whole()}", 2
        joined.read += pattern.size

    def _close(self, joined: Joined) -> None:
        """Look up what is to be: a sub-select that says how many rows it has, if these are few."""
        if joined.near:
            joined.text = " . ".join([joined.text, *map(self._reader.tested, joined.near)])
            count = self._reader.figures.rows(joined.text, self._reader.prologue)
            joined.select(count)
            joined.rows, joined.exact = (joined.rows, False) if count is None else (count, not joined.tests)
        if joined.tests:
            joined.text = " . ".join([joined.text, *(pattern.text for pattern in joined.tests)])
            joined.parts = 2
        joined.near, joined.tests = [], []
