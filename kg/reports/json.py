"""Findings as JSON; `docs/validate.md` has its schema."""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import BlankNode

from kg.answers import json_term
from kg.reports.page import TOOL, Page
from kg.shapes import Finding, Severity, paths
from kg.shapes.triples import Object

VERSION = 1
"""Changed when a program that reads the output would have to be."""


def render(page: Page) -> str:
    """One object: what was looked at, how much was found, and each finding."""
    counts = {each.level: sum(f.severity == each for f in page.found) for each in Severity}
    document = {
        "version": VERSION,
        "tool": TOOL,
        "lang": page.words.lang,
        "failed": page.report.fails(page.fails_at),
        "counts": counts,
        "files": sorted(page.report.files | {place.path for f in page.found for place in f.places}),
        "more": page.more,
        "findings": [record(finding, page) for finding in page.shown],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def record(finding: Finding, page: Page) -> dict[str, Any]:
    """One finding; IRIs are whole, what a shape did not find has no shape, component and value."""
    violation = finding.violation
    return {
        "rule": finding.rule,
        "severity": finding.severity.level,
        "message": finding.message,
        "key": finding.key,
        "places": [
            {"file": p.path, "line": p.line or None, "column": p.column or None} for p in finding.places
        ],
        "focus": _term(violation.focus) if violation else None,
        "path": paths.write(violation.path) if violation and violation.path else None,
        "value": _term(violation.value) if violation and violation.value is not None else None,
        "shape": _term(violation.source_shape) if violation else None,
        "component": violation.component.value if violation else None,
        "fingerprint": page.fingerprints.get(finding),
        "details": [record(detail, page) for detail in finding.details],
    }


def _term(term: Object) -> dict[str, str]:
    """A term as SPARQL's JSON has it, but for the name of a blank node, which is another with each run."""
    return {"type": "bnode"} if isinstance(term, BlankNode) else json_term(term)
