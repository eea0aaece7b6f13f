"""The page of the rules that a graph is held against."""

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
    """The page of all rules in English, those of a class together, in the order of their names."""
    parts = [
        "The name of a rule stands at the end of each finding. `kg explain RULE` shows a right and a wrong "
        "example; `--lang` has the messages in other languages."
    ]
    for group, members in groupby(sorted(found, key=lambda rule: rule.name.split(".")), _group):
        parts.append(f"## {text(group)}\n\n{table(HEADS, map(_row, members))}")
    return page("Rules", "the shapes, and what is looked after beside them", parts)


def _group(rule: Rule) -> str:
    return rule.name.partition(".")[0]


def _row(rule: Rule) -> tuple[str, ...]:
    demand = BLANK.sub("…", rule.demand())
    said = map(text, (rule.title(), rule.severity.level, demand, rule.reason()))
    return (code(rule.name), *said)
