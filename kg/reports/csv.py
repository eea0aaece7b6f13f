"""Findings as CSV (RFC 4180), for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from kg.reports.page import Page
from kg.shapes import Finding

COLUMNS = ("file", "line", "column", "severity", "rule", "subject", "key", "value", "message", "fingerprint")


class _Line:
    """Gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def parts(page: Page) -> Iterator[str]:
    """A head, and a row for each finding; what is not known is empty."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield str(writer.writerow(COLUMNS))
    for finding, fingerprint in zip(page.shown, page.named(), strict=False):
        yield str(writer.writerow((*_row(finding, page), fingerprint)))


def _row(finding: Finding, page: Page) -> tuple[str | int, ...]:
    place = finding.place
    where = (place.path, place.line or "", place.column or "") if place else ("", "", "")
    what = (finding.severity.level, finding.rule, finding.subject.strip("<>"), finding.key)
    return (*where, *what, page.value(finding), finding.message)
