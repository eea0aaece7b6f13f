"""Findings as CSV (RFC 4180), for spreadsheets."""

from __future__ import annotations

import csv
import io

from kg.reports.page import Page
from kg.shapes import Finding

COLUMNS = ("file", "line", "column", "severity", "rule", "subject", "key", "value", "message", "fingerprint")


def render(page: Page) -> str:
    """A head, and a row for each finding; what is not known is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(finding, page) for finding in page.shown)
    return out.getvalue()


def _row(finding: Finding, page: Page) -> tuple[str | int, ...]:
    place = finding.place
    where = (place.path, place.line or "", place.column or "") if place else ("", "", "")
    what = (finding.severity.level, finding.rule, finding.subject.strip("<>"), finding.key)
    return (*where, *what, page.value(finding), finding.message, page.fingerprints[finding])
