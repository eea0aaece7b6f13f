"""The rules themselves, as a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.errors import UsageError
from kg.shapes.catalogue import Rule
from kg.shapes.words import words


def listing(rules: Iterable[Rule], form: str = "text", lang: str = "en") -> str:
    """Name, level and title of each rule, as text or Markdown; in JSON also what it demands, and why.

    :raises UsageError: if `form` is none of these.
    """
    rules = list(rules)
    if form == "json":
        import json

        return json.dumps([_record(rule, lang) for rule in rules], ensure_ascii=False, indent=1) + "\n"
    rows = [(rule.name, words(lang)[rule.severity.level], rule.title(lang)) for rule in rules]
    if form == "markdown":
        from kg.reports.markdown import code, escaped

        heads = [words(lang)[key] for key in ("rule", "level", "why")]
        told = [
            (code(row[0]), row[1], escaped(rule.reason(lang))) for row, rule in zip(rows, rules, strict=True)
        ]
        return "".join(f"| {' | '.join(row)} |\n" for row in [heads, ["---"] * 3, *told])
    if form != "text":
        raise UsageError.at(None, f"no format “{form}” for rules", "known: text, markdown, json")
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(2)]
    return "".join(f"{name:{widths[0]}}  {level:{widths[1]}}  {title}\n" for name, level, title in rows)


def _record(rule: Rule, lang: str) -> dict[str, Any]:
    return {
        "rule": rule.name,
        "severity": rule.severity.level,
        "name": rule.title(lang),
        "message": rule.demand(lang),
        "description": rule.reason(lang),
    }
