"""Which terms lead to which by the rules: what each rule reads and gives, and what may lie behind a term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import NamedNode

from kg.rules.model import TYPE, Pattern, Rule
from kg.rules.parts import parts
from kg.sparql import Query


def behind(rules: Iterable[Rule], iris: Iterable[str]) -> set[str]:
    """All terms from which any of these may follow, at once or over several rules; these among them."""
    before: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        for head in heads(rule):
            before[head] |= bodies(rule)
    seen = set(iris)
    todo = list(seen)
    while todo:
        new = before.get(todo.pop(), set()) - seen
        seen |= new
        todo += new
    return seen


def heads(rule: Rule) -> set[str]:
    """The classes and properties that a rule gives."""
    if rule.head:
        return {_about(rule.head)}
    found = parts(rule.sparql)
    if found is None:
        return set(Query(rule.sparql).iris)
    return {key[1].value if key[1] else key[0].value for link in found.template.links for key in link.about()}


def bodies(rule: Rule) -> set[str]:
    """The classes, properties and codes that a rule reads."""
    if rule.head:
        named = (o.value for _, _, o in rule.body if isinstance(o, NamedNode))
        return {*map(_about, rule.body), *named}
    found = parts(rule.sparql)
    read = {link.predicate.value for link in found.links()} if found else set()
    return (set(Query(rule.sparql).iris) - heads(rule)) | read


def _about(pattern: Pattern) -> str:
    _, predicate, value = pattern
    return value.value if predicate == TYPE and isinstance(value, NamedNode) else predicate.value
