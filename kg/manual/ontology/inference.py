"""The page of what follows from what: shortcuts in the order in which they are drawn, and axioms in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kg.manual.markdown import code, items, text
from kg.manual.ontology.material import Material
from kg.manual.ontology.said import anchor, joined
from kg.rules import Rule
from kg.rules.leading import bodies, heads


def inference(material: Material) -> Iterator[str]:
    """Shortcuts, axioms that rules are made of, and what else the axioms say."""
    said, rules = material.said, material.follows.rules
    if rules.shortcuts:
        yield f"## {said['shortcuts']}\n\n{said['shortcuts told']}"
        for number, group in enumerate(rules.shortcuts, 1):
            yield from (_shortcut(material, rule, number) for rule in group)
    yield f"## {said['axioms']}"
    told = defaultdict[str, list[str]](list)
    for rule in rules.axioms:
        told[rule.axiom].append(text(material.tongue.rule(rule)))
    for pair in rules.disjoint:
        told[pair.axiom].append(text(material.tongue.disjoint(pair)))
    yield "".join(f"- {'; '.join(words)}\n  {code(axiom)}\n" for axiom, words in sorted(told.items()))
    yield _rest(material)


def _shortcut(material: Material, rule: Rule, step: int) -> str:
    said = material.said
    known = material.ontology.classes | material.ontology.properties | material.ontology.concepts
    facts = [
        ("IRI", code(_iri(material, rule.axiom))),
        (said["gives"], said.links(heads(rule))),
        (said["looks"], said.links(bodies(rule) & known)),
    ]
    name = rule.axiom.rpartition(":")[2]
    head = f"{anchor(name)}\n\n### {step}. {text(material.tongue.rule(rule))}"
    return joined((head, items(facts)))


def _iri(material: Material, name: str) -> str:
    """The IRI of a shortcut, of which the rules know the name with its prefix."""
    prefix, _, local = name.partition(":")
    return material.ontology.prefixes.get(prefix, f"{prefix}:") + local


def _rest(material: Material) -> str:
    """The axioms that no rule was made of, each with the reason."""
    lines = sorted({f"- {text(fault.what)}\n" for fault in material.skipped})
    return f"## {material.said['rest']}\n\n{''.join(lines)}" if lines else ""
