"""Bodies of rules as joins of whole sets: what is new of one pattern, with all of the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from pyoxigraph import Variable

from kg.rules.facts import Facts
from kg.rules.model import Key, Pattern, Rule, key

Row = tuple[Any, ...]
Step = Callable[[list[Row], Facts], list[Row]]

Number = Callable[[Any], int]


class Join:
    """The joins of one rule: one for each pattern that something new may come in by."""

    def __init__(self, rule: Rule, number: Number) -> None:
        assert rule.head
        self.rule = rule
        self.head: Key = key(rule.head)
        self.keys = [key(pattern) for pattern in rule.body]
        self._ways = [_Way(rule.body, start, rule.head, number) for start in range(len(rule.body))]
        self.is_plain = len(rule.body) == 1 and _is_plain(rule.body[0], rule.head)

    def starts(self, fresh: dict[Key, Any], everything: bool) -> list[int]:
        """The patterns that have something new; one of them is enough if all there is is new."""
        found = [at for at, each in enumerate(self.keys) if fresh.get(each)]
        if not everything:
            return found
        return [min(found, key=lambda at: len(fresh[self.keys[at]]))] if len(found) == len(self.keys) else []

    def run(self, start: int, fresh: Collection[Any], facts: Facts) -> tuple[int, set[Any]]:
        """How many rows come of what is `fresh` in the pattern at `start`, and the heads that they give."""
        if self.is_plain:
            return len(fresh), fresh  # type: ignore[return-value]
        rows = self._ways[start].rows(fresh, facts)
        return len(rows), self._ways[start].heads(rows)


def _is_plain(body: Pattern, head: Pattern) -> bool:
    """Whether the head says of the same what the body says of it: a class below a class, and its like."""
    if body[0] != head[0] or key(body)[1] is not None:
        return body[0] == head[0] and key(head)[1] is not None
    return key(head)[1] is None and isinstance(body[2], Variable) and body[2] == head[2] != body[0]


class _Way:
    """The order of joins from one pattern of a body, and where in the rows its variables stand."""

    def __init__(self, body: Sequence[Pattern], start: int, head: Pattern, number: Number) -> None:
        self._slots: dict[Variable, int] = {}
        self._enter = entry(body[start], number)
        self._take(body[start])
        self._steps: list[Step] = []
        left = [pattern for at, pattern in enumerate(body) if at != start]
        while left:
            pattern = max(left, key=self._hold)
            left.remove(pattern)
            self._steps.append(extend(pattern, self._slots, number))
            self._take(pattern)
        self._head = head
        self._value = None if isinstance(head[2], Variable) else number(head[2])
        # A variable that is no subject in the body may be a literal, and that is the subject of nothing.
        self._risky = all(pattern[0] != head[0] for pattern in body)

    def _take(self, pattern: Pattern) -> None:
        for term in _variables(pattern):
            self._slots.setdefault(term, len(self._slots))

    def _hold(self, pattern: Pattern) -> tuple[bool, int, bool]:
        """How well the rows so far hold a pattern: at all, in how many terms, and whether a set tells."""
        terms = set(_variables(pattern))
        unknown = terms - self._slots.keys()
        return terms != unknown, -len(unknown), key(pattern)[1] is not None

    def rows(self, fresh: Collection[Any], facts: Facts) -> list[Row]:
        rows = self._enter(fresh)
        for step in self._steps:
            if not rows:
                break
            rows = step(rows, facts)
        return rows

    def heads(self, rows: list[Row]) -> set[Any]:
        s, _, o = self._head
        at = self._slots[s]  # type: ignore[index]
        if self._risky:
            rows = [row for row in rows if row[at] >= 0]
        if key(self._head)[1] is not None:
            return {row[at] for row in rows}
        if isinstance(o, Variable):
            to = self._slots[o]
            return {(row[at], row[to]) for row in rows}
        return {(row[at], self._value) for row in rows}


def _variables(pattern: Pattern) -> Iterator[Variable]:
    return (term for term in (pattern[0], pattern[2]) if isinstance(term, Variable))


def entry(pattern: Pattern, number: Number) -> Callable[[Collection[Any]], list[Row]]:
    """What makes rows of the variables of a pattern out of what is known of it."""
    s, _, o = pattern
    if key(pattern)[1] is not None:
        return lambda found: [(node,) for node in found]
    if not isinstance(o, Variable):
        value = number(o)
        return lambda found: [(subject,) for subject, object in found if object == value]
    if s == o:
        return lambda found: [(subject,) for subject, object in found if subject == object]
    return list


def extend(pattern: Pattern, slots: dict[Variable, int], number: Number) -> Step:
    """What joins a pattern to rows whose variables stand in `slots`; new ones are put last, subject first."""
    (s, predicate, o), cls = pattern, key(pattern)[1]
    at, to = slots.get(s), slots.get(o)  # type: ignore[arg-type]
    if cls is not None:
        if at is None:
            return lambda rows, facts: [(*r, n) for r in rows for n in facts.about((predicate, cls))]
        return lambda rows, facts: _kept_members(rows, at, facts.about((predicate, cls)))
    if not isinstance(o, Variable):
        value = number(o)
        if at is None:
            return lambda rows, facts: [(*r, n) for r in rows for n in facts.behind(predicate).get(value, ())]
        return lambda rows, facts: [r for p in [facts.pairs(predicate)] for r in rows if (r[at], value) in p]
    if at is not None and to is not None:
        return lambda rows, facts: [r for p in [facts.pairs(predicate)] for r in rows if (r[at], r[to]) in p]
    if at is not None:
        return lambda rows, facts: _extended(rows, at, facts.ahead(predicate))
    if to is not None:
        return lambda rows, facts: _extended(rows, to, facts.behind(predicate))
    if s == o:
        return lambda rows, facts: [(*r, a) for r in rows for a, b in facts.pairs(predicate) if a == b]
    return lambda rows, facts: [(*r, *pair) for r in rows for pair in facts.pairs(predicate)]


def _kept_members(rows: list[Row], at: int, members: set[Any]) -> list[Row]:
    return [row for row in rows if row[at] in members]


def _extended(rows: list[Row], at: int, ends: dict[Any, list[Any]]) -> list[Row]:
    none: list[Any] = []
    return [(*row, end) for row in rows for end in ends.get(row[at], none)]
