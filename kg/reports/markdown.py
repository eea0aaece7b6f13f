"""Findings as Markdown, for the summary of a job, a comment, a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.places import Place
from kg.reports.page import Page
from kg.shapes import Finding

SPECIAL = re.compile(r"([\\`*_\[\]<>|~#&])")


def parts(page: Page) -> Iterator[str]:
    """A head, a sentence, a table for each file, and why there are the rules that are broken."""
    words = page.words
    yield f"# {words['title']}\n"
    yield f"\n{page.summary[:1].upper()}{page.summary[1:]}. {words['levels']}\n"
    for path, found in page.by_file:
        yield from _file(path, found, page)
    if page.rest:
        yield f"\n{page.rest}\n"
    if page.notes:
        yield "\n" + "".join(f"- {escaped(note)}\n" for note in page.notes)
    if page.shown:
        yield "\n" + _rules(page)


def _file(path: str, found: list[Finding], page: Page) -> Iterator[str]:
    yield f"\n## {code(path) if path else page.words['nowhere']}\n\n"
    heads = [page.words[key] for key in ("line", "level", "finding", "rule")]
    for row in (heads, ["--:", "---", "---", "---"], *(_row(finding, page) for finding in found)):
        yield f"| {' | '.join(row)} |\n"


def _row(finding: Finding, page: Page) -> list[str]:
    where = _line(finding.place) if finding.place else ""
    subject = "" if finding.place else escaped(finding.subject.strip("<>")) + " "
    key = f"**{escaped(finding.key)}**: " if finding.key else ""
    details = "".join(f"<br>{escaped(d.key)}: {escaped(d.message)}" for d in finding.details)
    told = subject + key + escaped(finding.message) + details
    return [where, page.words[finding.severity.level], told, code(finding.rule)]


def _line(place: Place) -> str:
    if not place.line:
        return ""
    return f"{place.line}:{place.column}" if place.column else str(place.line)


def _rules(page: Page) -> str:
    lines = [
        f"- {code(rule.name)} {escaped(rule.title(page.lang))}: {escaped(rule.demand(page.lang))}"
        + (f". {escaped(reason)}" if (reason := rule.reason(page.lang)) else "")
        for rule in page.broken
    ]
    return f"## {page.words['why'].capitalize()}\n\n" + "".join(line + "\n" for line in lines)


def escaped(text: str) -> str:
    """The text without meaning to Markdown, on one line.

    >>> print(escaped("a|b *c*"))
    a\\|b \\*c\\*
    """
    return SPECIAL.sub(r"\\\1", text).replace("\n", " ").replace("\r", " ")


def code(text: str) -> str:
    """The text as code; in a table a bar needs a backslash even there."""
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|").replace("\n", " ")
