"""Findings as JSON Lines: each a line, as in the list `findings` of JSON."""

from __future__ import annotations

from collections.abc import Iterator

from kg.reports.json import Records
from kg.reports.page import Page


def parts(page: Page) -> Iterator[str]:
    """A line for each finding; nothing where there is none."""
    record = Records(page)
    return (
        record(finding, fingerprint) + "\n"
        for finding, fingerprint in zip(page.shown, page.named(), strict=False)
    )
