"""Findings as a linter prints them: a line for each, and below it the line of the file with a caret."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import click

from kg.places import Place
from kg.reports.page import Page
from kg.shapes import Finding, Severity

COLOURS = {Severity.VIOLATION: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
FURTHER = 3
"""How many further places of a finding are shown."""


def parts(page: Page) -> Iterator[str]:
    """The findings grouped by file, an empty line between two files, and a line that sums up.

    >>> from kg.errors import Fault
    >>> from kg.reports.source import Sources
    >>> from kg.shapes import Report
    >>> report = Report(faults=(Fault(Place("a.yaml", 2, 7), "must be more than 0"),))
    >>> print("".join(parts(Page(report, sources=Sources(lambda path: ("a: 1", "size: -5"))))), end="")
    a.yaml:2:7 error must be more than 0 [input]
       2 | size: -5
         |       ^^
    <BLANKLINE>
    1 error in 1 file
    """
    for _, found in page.by_file:
        yield from (line + "\n" for one in found for line in _block(one, page))
        yield "\n"
    rest = page.rest + "\n" if page.rest else ""
    yield rest + _paint(page, page.summary, bold=True) + "\n"


def _block(finding: Finding, page: Page, above: Place | None = None) -> Iterator[str]:
    """The line of a finding, what it points at, where else that stands, and its details.

    :param above: what the finding that it is a detail of points at: that is not shown again.
    """
    yield _line(finding, page)
    if finding.place and finding.place != above:
        yield from _pointer(finding.place, finding.severity, page)
    for place in finding.places[1 : 1 + FURTHER]:
        yield f"  {page.words['also']} {place}"
    for detail in finding.details:
        yield from ("  " + line for line in _block(detail, page, finding.place))


def _line(finding: Finding, page: Page) -> str:
    parts = finding.parts(page.words)
    parts["place"] = _paint(page, parts["place"], bold=True)
    parts["level"] = _paint(page, parts["level"], fg=COLOURS[finding.severity], bold=True)
    parts["rule"] = _paint(page, parts["rule"], dim=True)
    return " ".join(filter(None, parts.values()))


def _pointer(place: Place, severity: Severity, page: Page) -> Iterator[str]:
    """The line of the file, and a caret below each letter of what is meant."""
    excerpt = page.sources.excerpt(place)
    if excerpt is None:
        return
    line = f"{excerpt.before}{excerpt.meant}{excerpt.after}"
    number = f"{excerpt.number:4}"
    yield _paint(page, f"{number} | ", dim=True) + _printable(line)
    if place.column:
        space = "".join(map(_blank, _printable(excerpt.before)))
        carets = "^" * max(1, sum(map(_width, _printable(excerpt.meant))))
        margin = _paint(page, f"{'':{len(number)}} | ", dim=True)
        yield margin + space + _paint(page, carets, fg=COLOURS[severity], bold=True)


MOVING = ("Cc", "Cf", "Zl", "Zp")
"""The categories of characters that would move the cursor of a terminal, colour it, or end a line."""


def _printable(text: str) -> str:
    """The text on one line, with “·” for what a terminal would not show as a letter."""
    return "".join(char if char == "\t" or unicodedata.category(char) not in MOVING else "·" for char in text)


def _blank(char: str) -> str:
    return "\t" if char == "\t" else " " * _width(char)


def _width(char: str) -> int:
    """How many columns of a terminal a letter takes."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _paint(
    page: Page, text: str, *, fg: str | None = None, bold: bool | None = None, dim: bool | None = None
) -> str:
    return click.style(text, fg=fg, bold=bold, dim=dim) if page.colour and text else text
