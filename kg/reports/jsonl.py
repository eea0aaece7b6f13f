"""Findings as JSON Lines: each a line, as in the list `findings` of JSON."""

from __future__ import annotations

import json

from kg.reports.json import record
from kg.reports.page import Page


def render(page: Page) -> str:
    """A line for each finding; nothing where there is none."""
    return "".join(json.dumps(record(finding, page), ensure_ascii=False) + "\n" for finding in page.shown)
