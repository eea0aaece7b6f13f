"""Findings as workflow commands of GitHub Actions: they stand beside the lines of a pull request.

Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.reports.page import Page
from kg.shapes import Finding, Severity

COMMANDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
PROPERTY = DATA | {":": "%3A", ",": "%2C"}


def parts(page: Page) -> Iterator[str]:
    """A command for each finding, and a notice of those that are not shown."""
    yield from (_command(finding) + "\n" for finding in page.shown)
    if page.rest:
        yield f"::notice::{_escaped(page.rest, DATA)}\n"


def _command(finding: Finding) -> str:
    place = finding.place
    where = {"file": place.path, "line": place.line, "col": place.column} if place else {}
    given = {name: value for name, value in (where | {"title": finding.rule}).items() if value}
    properties = ",".join(f"{name}={_escaped(str(value), PROPERTY)}" for name, value in given.items())
    key = f"{finding.key}: " if finding.key else ""
    return f"::{COMMANDS[finding.severity]} {properties}::{_escaped(key + finding.message, DATA)}"


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(char, char) for char in text)
