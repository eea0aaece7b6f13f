"""Findings as SARIF 2.1.0, which code hosts and editors show beside the lines.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from kg import __version__
from kg.formats.indented import dumps
from kg.names import HOME
from kg.places import Place
from kg.reports.page import Page
from kg.shapes import Fallback, Finding, Severity
from kg.shapes.catalogue import Rule
from kg.shapes.fallbacks import BY

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
FINGERPRINT = "casegraph/v1"
"""The name of the way in which fingerprints are made: another one where that changes."""

ROOT = "SRCROOT"
"""What the addresses of files are relative to: the folder that the command ran in."""

END = "]\n  }\n ]\n}"
"""What stands behind the results."""

Object = dict[str, Any]


def parts(page: Page) -> Iterator[str]:
    """One log with one run; of the rules those that are broken."""
    rules = {rule.name: rule for rule in page.broken}
    index = {name: number for number, name in enumerate(rules)}
    driver = {
        "name": "casegraph",
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [_rule(rule, page) for rule in rules.values()],
    }
    run = {
        "tool": {"driver": driver},
        "language": page.words.lang,
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(page)],
        "results": [],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield dumps(log).removesuffix(END)
    before = "\n    "
    for finding, fingerprint in zip(page.shown, page.named(), strict=False):
        yield before + dumps(_result(finding, index[finding.rule], fingerprint), 4)
        before = ",\n    "
    yield ("\n   " if page.shown else "") + END + "\n"


def _rule(rule: Rule, page: Page) -> Object:
    reason = rule.reason(page.lang) or rule.demand(page.lang)
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.title(page.lang)},
        "fullDescription": {"text": rule.demand(page.lang)},
        "help": {"text": reason},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _invocation(page: Page) -> Object:
    """That it ran, whether all could be read, what is not among the results, and what Python matched."""
    said: Object = {"executionSuccessful": not page.report.faults}
    notes: list[Object] = [{"level": "note", "message": {"text": page.rest}}] if page.rest else []
    notes += [_noted(fallback, page) for fallback in page.report.fallbacks]
    if notes:
        said["toolExecutionNotifications"] = notes
    return said


def _noted(fallback: Fallback, page: Page) -> Object:
    about: Object = {"rule": fallback.rule, "by": BY, "pattern": fallback.pattern, "why": [*fallback.why]}
    note: Object = {"level": "note", "message": {"text": fallback.told(page.words)}, "properties": about}
    if fallback.place:
        note["locations"] = [{"physicalLocation": _physical(fallback.place)}]
    return note


def _result(finding: Finding, index: int, fingerprint: str) -> Object:
    key = f"{finding.key}: " if finding.key else ""
    result: Object = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": key + finding.message},
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if finding.places:
        result["locations"] = [_location(finding.places[0], finding)]
    if related := _related(finding):
        result["relatedLocations"] = related
    return result


def _related(finding: Finding) -> list[Object]:
    """Where else the same thing is written, and where its details are."""
    others = [_location(place, finding) for place in finding.places[1:]]
    for detail in finding.details:
        others += [
            {**_location(place, detail), "message": {"text": f"{detail.key}: {detail.message}"}}
            for place in detail.places[:1]
        ]
    return [{"id": number, **location} for number, location in enumerate(others, 1)]


def _location(place: Place, finding: Finding) -> Object:
    location: Object = {"physicalLocation": _physical(place)}
    if finding.subject:
        location["logicalLocations"] = [
            {"fullyQualifiedName": finding.subject.strip("<>"), "kind": "resource"}
        ]
    return location


def _physical(place: Place) -> Object:
    physical: Object = {"artifactLocation": _artifact(place.path)}
    if place.line:
        column = {"startColumn": place.column} if place.column else {}
        physical["region"] = {"startLine": place.line, **column}
    return physical


@lru_cache(maxsize=1000)
def _artifact(path: str) -> Object:
    """A file by its address: relative to where the command ran, but for one that lies elsewhere."""
    if PurePath(path).is_absolute():
        return {"uri": PurePath(path).as_uri()}
    return {"uri": quote(PurePath(path).as_posix()), "uriBaseId": ROOT}
