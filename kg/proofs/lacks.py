"""Why something does not hold: the rule that comes nearest to giving it, and which of its conditions fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple, Variable

from kg.proofs.ground import Bindings, Ground, Term, put, unify
from kg.proofs.tracing import back, parsed
from kg.rules import Rule
from kg.rules.model import TYPE, Pattern

DEEPEST = 6
"""How many rules back conditions are followed."""

Clause = tuple[Rule | None, Pattern | None, tuple[Pattern, ...]]


@dataclass(frozen=True)
class Lack:
    """A goal that nothing meets; its variables are what could be anything.

    `rule`: the one that comes nearest to giving it, with the conditions that hold (`held`) and those that
    fail (`missing`); None where no rule gives it. `instead`: what is said of the same node and property.
    """

    goal: Pattern
    rule: Rule | None = None
    held: tuple[Triple, ...] = ()
    missing: tuple[Lack, ...] = ()
    instead: tuple[Triple, ...] = ()

    @cached_property
    def wanted(self) -> tuple[Pattern, ...]:
        """What, if it were said, would make it hold by this rule."""
        if not self.missing:
            return (self.goal,)
        return tuple(dict.fromkeys(goal for lack in self.missing for goal in lack.wanted))

    @property
    def cost(self) -> tuple[int, int]:
        """How far it is from holding: what would have to be said, and less what holds already."""
        return len(self.wanted), -self.depth_of_held

    @property
    def depth_of_held(self) -> int:
        """How many conditions hold, of this rule and of those behind it."""
        return len(self.held) + sum(lack.depth_of_held for lack in self.missing)


@dataclass(frozen=True)
class Reasons:
    """Finds what lacks, over a ground."""

    ground: Ground

    def of(self, goal: Pattern, above: tuple[Pattern, ...] = ()) -> Lack:
        """The nearest way to a goal that does not hold; of a goal with something open in it, its rule."""
        plain = Lack(goal, instead=self._instead(goal))
        if any(isinstance(part, Variable) for part in goal) or len(above) >= DEEPEST:
            return replace(plain, rule=self._giving(goal))
        found = (self._by(clause, goal, above) for clause in self._clauses)
        ways = [lack for lack in found if lack and goal not in lack.wanted]
        return min(ways, key=lambda lack: lack.cost, default=plain)

    def among(self, goals: Sequence[Pattern], known: Bindings) -> tuple[list[Triple], list[Lack]]:
        """Which of the goals that have to do with what is known hold together, and what the others lack."""
        held, open_goals, bound = self._held(_linked(goals, set(known)), known)
        return held, [self.of(self._put(goal, bound)) for goal in open_goals]

    def _giving(self, goal: Pattern) -> Rule | None:
        """The rule of the fewest conditions that could give a goal."""
        found = [
            (len(body), rule)
            for rule, head, body in self._clauses
            if rule and head and _meet(head, goal) is not None
        ]
        return min(found, key=lambda each: (each[0], each[1].name))[1] if found else None

    def _by(self, clause: Clause, goal: Pattern, above: tuple[Pattern, ...]) -> Lack | None:
        rule, head, body = clause
        known = _meet(head, goal) if head else None
        if known is None or goal in above:
            return None
        held, open_goals, bound = self._held(body, known)
        missing_goals = [self._put(each, bound) for each in open_goals]
        if any(isinstance(subject, Literal) for subject, _, _ in missing_goals):
            return None  # nothing can be said of a text
        if not missing_goals or {goal, *above} & {
            *missing_goals
        }:  # a filter keeps it, or it is its own reason
            return None
        missing = tuple(self.of(each, (*above, goal)) for each in missing_goals)
        return Lack(goal, rule, tuple(held), missing)

    def _held(self, body: Sequence[Pattern], known: Bindings) -> tuple[list[Triple], list[Pattern], Bindings]:
        """As many conditions as hold together, in their order; the others; and what is bound by them.

        A condition on what a failed one should have led to fails with it.
        """
        kept: list[Pattern] = []
        open_goals: list[Pattern] = []
        lost: set[str] = set()
        for pattern in _linked(body, set(known), all_of_them=True):
            free = _free(pattern, known)
            if not free & lost and self._hold([*kept, pattern], known):
                kept.append(pattern)
            else:
                open_goals.append(pattern)
                lost |= free - {name for other in kept for name in _free(other, known)}
        held = next(iter(self.ground.solutions(kept, known)), ()) if kept else ()
        bound = dict(known)
        for pattern, triple in zip(kept, self._each(kept, held), strict=True):
            bound |= unify(self._put(pattern, bound), triple) or {}
        return list(held), open_goals, bound

    def _each(self, kept: list[Pattern], held: Sequence[Triple]) -> Iterator[Triple]:
        """The triple of each pattern: several may be met by one."""
        for pattern in kept:
            yield next(triple for triple in held if unify(pattern, triple) is not None)

    def _hold(self, body: Sequence[Pattern], known: Bindings) -> bool:
        if any(isinstance(put(pattern[0], known), Literal) for pattern in body):
            return False
        return any(True for _ in self.ground.solutions(body, known))

    def _put(self, pattern: Pattern, known: Bindings) -> Pattern:
        subject, predicate, value = pattern
        return put(subject, known), predicate, put(value, known)  # type: ignore[return-value]

    def _instead(self, goal: Pattern) -> tuple[Triple, ...]:
        subject, predicate, _ = goal
        if isinstance(subject, Variable) or predicate == TYPE:
            return ()
        quads = self.ground.store.quads_for_pattern(subject, predicate, None, None)
        return tuple(sorted({quad.triple for quad in quads}, key=str))

    @cached_property
    def _clauses(self) -> list[Clause]:
        return [clause for rule in self.ground.rules for clause in _clauses(rule)]


def _linked(body: Sequence[Pattern], names: set[str], *, all_of_them: bool = False) -> list[Pattern]:
    """The patterns in an order in which each has to do with what stands before it, or with `names`.

    Those that have not are left out, or with `all_of_them` stand last.
    """
    found: list[Pattern] = []
    rest = list(body)
    names = set(names)
    while rest:
        near = [each for each in rest if not (free := _free(each, {})) or free & names]
        if not near:
            break
        first = min(near, key=lambda each: len(_free(each, {}) - names))
        names |= _free(first, {})
        rest.remove(first)
        found.append(first)
    return found + (rest if all_of_them else [])


def _free(pattern: Pattern, known: Bindings) -> set[str]:
    """The variables of a pattern that nothing is known of."""
    return {part.value for part in pattern if isinstance(part, Variable) and part.value not in known}


def _meet(head: Pattern, goal: Pattern) -> Bindings | None:
    """What the variables of a head are for it to give a goal; what is open in the goal stays open."""
    known: Bindings = {}
    for part, term in zip(head, goal, strict=True):
        if isinstance(term, Variable):
            continue
        if isinstance(part, Variable):
            if known.setdefault(part.value, term) != term:
                return None
        elif part != term:
            return None
    return known


def _clauses(rule: Rule) -> Iterator[Clause]:
    """The rule as conclusions with conditions; of a shortcut the patterns that each of its rows needs."""
    if rule.head is not None:
        yield rule, rule.head, rule.body
        return
    algebra = parsed(rule.sparql).algebra
    body = tuple(needed(algebra))
    for pattern in algebra.template:
        if (head := _pattern(pattern)) is not None:
            yield rule, head, body


def needed(part: Any) -> Iterator[Pattern]:
    """The triple patterns that every row of a query needs: none that is optional, or one of several."""
    name = getattr(part, "name", None)
    if name == "BGP":
        yield from (pattern for triple in part["triples"] if (pattern := _pattern(triple)) is not None)
    elif name in ("LeftJoin", "Minus"):
        yield from needed(part["p1"])
    elif name != "Union" and hasattr(part, "items"):
        for key in ("p", "p1", "p2"):
            yield from needed(part.get(key))


def _pattern(triple: Iterable[Any]) -> Pattern | None:
    """A pattern of rdflib as ours; None for one with a path or an open property."""
    from rdflib.paths import Path
    from rdflib.term import BNode, Variable as Open

    def part(one: Any) -> Variable | Term:
        if isinstance(one, Open | BNode):
            return Variable(str(one).replace("-", "_"))
        return back(one)

    parts = list(triple)
    if isinstance(parts[1], Path | Open):
        return None
    subject, predicate, value = map(part, parts)
    assert isinstance(predicate, NamedNode)
    return subject, predicate, value  # type: ignore[return-value]
