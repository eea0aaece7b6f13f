"""What follows from what: the rules that axioms and shortcuts amount to, by the terms that they speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from pyoxigraph import NamedNode

from kg.proofs.words import Tongue
from kg.rules import Rule, Rules
from kg.rules.model import TYPE, Pattern
from kg.rules.parts import parts
from kg.sparql import Query

PLAIN = (
    *("rdfs:domain", "rdfs:range", "rdfs:subPropertyOf", "owl:inverseOf"),
    *("owl:SymmetricProperty", "owl:TransitiveProperty", "owl:equivalentProperty"),
)
"""Kinds of axioms that are told as facts about a term."""


class Follows:
    """The rules of an ontology, with the terms that each gives and reads."""

    def __init__(self, rules: Rules, tongue: Tongue, steps: Mapping[str, str]) -> None:
        """`steps`: where each shortcut is told of."""
        self.rules, self.tongue, self._steps = rules, tongue, steps

    @cached_property
    def given(self) -> dict[str, list[Rule]]:
        """The rules that give a class or a property."""
        found: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            for iri in sorted(heads(rule)):
                found[iri].append(rule)
        return found

    @cached_property
    def _read(self) -> dict[str, set[str]]:
        """What each term leads to, by any rule."""
        found: dict[str, set[str]] = defaultdict(set)
        for rule in self.rules:
            for iri in bodies(rule):
                found[iri] |= heads(rule)
        return found

    def sentences(self, iri: str) -> list[str]:
        """When something is of a class, or has a property: each rule in words, but for plain ones."""
        return [self._told(rule) for rule in self.given.get(iri, ()) if not is_plain(rule)]

    def _told(self, rule: Rule) -> str:
        said = self.tongue.rule(rule)
        return said if rule.head else f"[{said}]({self._steps.get(rule.axiom, '')})"

    def leads(self, iri: str) -> set[str]:
        """The terms that follow from it directly, by rules that are not plain."""
        rules = (rule for rule in self.rules if not is_plain(rule) and iri in bodies(rule))
        return {head for rule in rules for head in heads(rule)} - {iri}

    def behind(self, iris: Iterable[str]) -> set[str]:
        """All terms from which any of these may follow, these among them."""
        backward: dict[str, set[str]] = defaultdict(set)
        for iri, heads_ in self._read.items():
            for head in heads_:
                backward[head].add(iri)
        seen, todo = set(iris), list(iris)
        while todo:
            new = backward.get(todo.pop(), set()) - seen
            seen |= new
            todo += new
        return seen


def is_plain(rule: Rule) -> bool:
    """Whether the rule is that of an axiom which is told as a fact about a term."""
    between_classes = rule.kind == "rdfs:subClassOf" and [p for _, p, _ in rule.body] == [TYPE]
    return rule.kind in PLAIN or between_classes


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
