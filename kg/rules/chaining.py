"""Axioms triple by triple over a store: what a triple has a part in, and what a triple rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from pyoxigraph import NamedNode, Triple, Variable

from kg.rules.data import Data, is_literal
from kg.rules.model import TYPE, Key, Pattern, Rule, key

Bindings = dict[Variable, Any]
Plan = tuple[Pattern, ...]


class Chaining:
    """The axioms, by what they are about; a rule is known by its number."""

    def __init__(self, rules: Sequence[Rule], data: Data) -> None:
        self._data = data
        self.rules = rules
        self.numbers = {rule.name: number for number, rule in enumerate(rules)}
        self._uses: dict[Key, list[tuple[int, Pattern, Plan]]] = defaultdict(list)
        self._makes: dict[Key, list[tuple[int, Plan]]] = defaultdict(list)
        for number, rule in enumerate(rules):
            assert rule.head
            self._makes[key(rule.head)].append((number, _ordered(rule.head, rule.body)))
            for at, pattern in enumerate(rule.body):
                rest = (*rule.body[:at], *rule.body[at + 1 :])
                self._uses[key(pattern)].append((number, pattern, _ordered(pattern, rest)))

    def uses(self, triple: Triple) -> Iterator[tuple[int, Triple, int]]:
        """What follows from the triple with others: rule, triple, and the last round of the others."""
        for number, pattern, plan in self._uses.get(about(triple), ()):
            bindings = _matched(pattern, triple, {})
            if bindings is not None:
                for found, last in self._joined(plan, bindings, 0):
                    if head := _made(self.rules[number].head, found):
                        yield number, head, last

    def rests(self, triple: Triple, least: int = 0) -> Iterator[tuple[int, int]]:
        """How the triple follows from what holds, by rules from the `least` on: rule, and last round."""
        for number, plan in self._makes.get(about(triple), ()):
            head = self.rules[number].head
            bindings = _matched(head, triple, {}) if head and number >= least else None
            if bindings is not None:
                yield from ((number, last) for _, last in self._joined(plan, bindings, 0))

    def _joined(self, plan: Plan, bindings: Bindings, last: int) -> Iterator[tuple[Bindings, int]]:
        if not plan:
            yield bindings, last
            return
        s, p, o = plan[0]
        object = bindings.get(o) if isinstance(o, Variable) else o
        for triple, asserted in self._data.quads(bindings.get(s), p, object):  # type: ignore[arg-type]
            more = _matched(plan[0], triple, bindings)
            if more is not None:
                number = self._data.base if asserted else self._data.round(triple)
                yield from self._joined(plan[1:], more, max(last, number))


def about(triple: Triple) -> Key:
    """What a triple is about, as patterns are."""
    _, p, o = triple
    return p, o if p == TYPE and isinstance(o, NamedNode) else None


def _ordered(first: Pattern, rest: Sequence[Pattern]) -> Plan:
    """The patterns in an order in which each is held by those before it, as far as may be."""
    known = {term for term in first if isinstance(term, Variable)}
    left, plan = list(rest), []
    while left:
        pattern = min(left, key=lambda each: (_loose(each, known), key(each)[1] is None))
        left.remove(pattern)
        plan.append(pattern)
        known |= {term for term in pattern if isinstance(term, Variable)}
    return tuple(plan)


def _loose(pattern: Pattern, known: set[Variable]) -> int:
    """How many of its variables nothing is known of; worst if that is all of them."""
    variables = {term for term in pattern if isinstance(term, Variable)}
    unknown = len(variables - known)
    return unknown if unknown < len(variables) else 9


def _matched(pattern: Pattern, triple: Triple, bindings: Bindings) -> Bindings | None:
    """The bindings with those by which the pattern is the triple; none if it cannot be."""
    found = dict(bindings)
    for term, value in ((pattern[0], triple.subject), (pattern[2], triple.object)):
        if isinstance(term, Variable):
            if found.setdefault(term, value) != value:
                return None
        elif term != value:
            return None
    return found


def _made(head: Pattern | None, bindings: Bindings) -> Triple | None:
    """The head with its variables filled in; none if its subject is a literal."""
    assert head
    s, p, o = head
    subject = bindings[s]  # type: ignore[index]
    if is_literal(subject):
        return None
    return Triple(subject, p, bindings[o] if isinstance(o, Variable) else o)
