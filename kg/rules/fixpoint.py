"""Rules + quads → what follows: shortcuts once, then the axioms until they give nothing new."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad, Store, Triple

from kg.rules.model import TYPE, Clash, Disjointness, Inference, Inferences, Rule, Rules, key


def infer(quads: Iterable[Quad], rules: Rules) -> Inferences:
    """The triples that follow from `quads` under `rules`, and no others; and where they clash.

    Reads all graphs as one; a triple that is asserted in any of them is not inferred.
    Shortcuts see what is asserted and what earlier groups of them gave, the axioms all.
    Literals must be portable, since the store rewrites others; none becomes a subject.

    >>> infer([], Rules()).triples
    ()
    """
    store = Store()
    # One flat graph: a triple in two graphs would count twice in a shortcut's aggregates.
    store.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in quads)
    found = [inference for group in rules.shortcuts for inference in _add(store, group)]
    found += _close(store, rules.axioms)
    clashes = [clash for each in rules.disjoint for clash in _clashes(store, each)]
    return Inferences(tuple(found), tuple(clashes))


def _close(store: Store, rules: tuple[Rule, ...]) -> list[Inference]:
    """All that the rules give, over and over; a rule runs again only if what it reads has grown."""
    found: list[Inference] = []
    waiting = dict.fromkeys(rules)
    while waiting:
        rule = next(iter(waiting))
        del waiting[rule]
        if new := _add(store, [rule]):
            found += new
            assert rule.head
            waiting |= {other: None for other in rules if key(rule.head) in other.reads}
    return found


def _add(store: Store, rules: Iterable[Rule]) -> list[Inference]:
    """What the rules give that the store does not hold, in a fixed order; the store then holds it."""
    new: dict[Triple, Rule] = {}
    for rule in rules:
        for triple in sorted(store.query(rule.sparql), key=str):  # type: ignore[arg-type]
            if Quad(*triple) not in store:
                new.setdefault(triple, rule)
    store.extend(Quad(*triple) for triple in new)
    return [Inference(triple, rule) for triple, rule in new.items()]


def _clashes(store: Store, pair: Disjointness) -> list[Clash]:
    a, b = pair.class_a, pair.class_b
    rows = store.query(f"SELECT DISTINCT ?x WHERE {{ ?x {TYPE} {a} . ?x {TYPE} {b} }}")
    members = sorted((row["x"] for row in rows), key=str)  # type: ignore[union-attr]
    return [Clash(member, a, b, pair.axiom) for member in members]
