"""Inference as it is defined: every rule asked of a store in every round, until none gives anything new."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from pyoxigraph import Quad, Store, Triple

from kg.rules import Rule, Rules, Step

Trace = dict[Triple, Step]


def naive(quads: Iterable[Quad], rules: Rules) -> Trace:
    """What follows, each triple with the first rule that gives it in the first round in which one does."""
    store = Store()
    store.extend(Quad(*quad.triple) for quad in quads)
    trace: Trace = {}
    for number, group in enumerate(rules.shortcuts, 1):
        trace |= _round(store, group, number)
    for number in count(len(rules.shortcuts) + 1):
        if not (new := _round(store, rules.axioms, number)):
            return trace
        trace |= new
    raise AssertionError


def _round(store: Store, rules: Iterable[Rule], number: int) -> Trace:
    new: Trace = {}
    for rule in rules:
        for triple in store.query(rule.sparql):
            if Quad(*triple) not in store:
                new.setdefault(triple, Step(rule.name, number))
    store.extend(Quad(*triple) for triple in new)
    return new
