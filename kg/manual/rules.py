"""The page of the rules that no shape states: what is looked after beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from kg.manual.markdown import code, page, table, text
from kg.shapes.catalogue import Rule

BLANK = re.compile(r"\{\w+\}")
"""What each finding fills in."""

HEADS = ("rule", "name", "level", "what must be", "why")


def rules(found: Iterable[Rule]) -> str:
    """The page of the rules beside the shapes in English, those of a kind together, in the order of names."""
    parts = [
        "The name of a rule stands at the end of each finding. `kg explain RULE` shows a right and a wrong "
        "example; `--lang` has the messages in other languages. What the shapes demand has a "
        "[page of its own](../ontology/shapes.md); the rules here are looked after beside them."
    ]
    beside = (rule for rule in found if rule.shape is None)
    for group, members in groupby(sorted(beside, key=lambda rule: rule.name.split(".")), _group):
        parts.append(f"## {text(group)}\n\n{table(HEADS, map(_row, members))}")
    return page("Rules", "what is looked after beside the shapes", parts)


def _group(rule: Rule) -> str:
    return rule.name.partition(".")[0]


def _row(rule: Rule) -> tuple[str, ...]:
    demand = BLANK.sub("…", rule.demand())
    said = map(text, (rule.title(), rule.severity.level, demand, rule.reason()))
    return (code(rule.name), *said)
