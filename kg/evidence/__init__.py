"""Quotes held against their sources: checked, given their places, and the result kept in a lock."""

from kg.evidence.checking import Checked, check
from kg.evidence.lock import Lock, uncovered
from kg.evidence.placing import edits, fixed
from kg.evidence.whole import Examined, described, examine, fix
from kg.evidence.written import Quote, quotes, stated

__all__ = [
    "Checked",
    "Examined",
    "Lock",
    "Quote",
    "check",
    "described",
    "edits",
    "examine",
    "fix",
    "fixed",
    "quotes",
    "stated",
    "uncovered",
]
