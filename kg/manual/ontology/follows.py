"""What follows from what: the rules that axioms and shortcuts amount to, by the terms that they speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from kg.proofs.words import Tongue
from kg.rules import Rule, Rules
from kg.rules.leading import bodies, heads
from kg.rules.model import TYPE

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


def is_plain(rule: Rule) -> bool:
    """Whether the rule is that of an axiom which is told as a fact about a term."""
    between_classes = rule.kind == "rdfs:subClassOf" and [p for _, p, _ in rule.body] == [TYPE]
    return rule.kind in PLAIN or between_classes
