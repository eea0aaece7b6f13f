"""The page of what the shapes demand: each rule with its message, its reason, a right and a wrong example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from kg.explain import Explanation
from kg.explain.rendering import syntax
from kg.manual.markdown import code, items, slug, text, tongues
from kg.manual.ontology.material import Material
from kg.manual.ontology.said import anchor, joined
from kg.shapes.catalogue import OPEN
from kg.shapes.words import words


def shapes(material: Material) -> Iterator[str]:
    """All rules, those of a class together, in the order of their names."""
    names = sorted(material.explained, key=lambda name: name.split("."))
    groups = dict.fromkeys(name.partition(".")[0] for name in names)
    yield " · ".join(f"[{text(group)}](#{slug(group)})" for group in groups)
    for group, members in groupby(names, key=lambda name: name.partition(".")[0]):
        yield f"## {text(group)}"
        yield from (_rule(material, name, material.explained[name]) for name in members)


def _rule(material: Material, name: str, explained: Explanation) -> str:
    rule, said, around = explained.rule, material.said, words(material.lang)
    facts = [
        (around["level"], around[rule.severity.level]),
        (said["label"], tongues(rule.titles, material.lang)),
        (around["why"], text(rule.reason(material.lang))),
        (said["looks"], said.links(material.judges.about.get(name, ()))),
    ]
    return joined(
        (
            f"{anchor(name)}\n\n### {code(name)}",
            _messages(rule.demands, material.lang),
            items(facts),
            *(_example(around[key], shown) for key, shown in _shown(explained)),
        )
    )


def _messages(demands: Mapping[str, str], lang: str) -> str:
    return tongues({tag: OPEN.sub("…", said) for tag, said in demands.items()}, lang)


def _shown(explained: Explanation) -> tuple[tuple[str, str], ...]:
    return ("right", explained.right), ("wrong", explained.wrong)


def _example(head: str, shown: str) -> str:
    fence = "````" if "```" in shown else "```"
    return f"{head[:1].upper()}{head[1:]}:\n\n{fence}{syntax(shown)}\n{shown}\n{fence}" if shown else ""
