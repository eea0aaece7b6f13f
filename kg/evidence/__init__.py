"""Quotes held against their sources: checked, given their places, and the result kept in a lock.

Nothing is loaded before it is used: `kg validate` of other data only names the rules.
"""

from typing import TYPE_CHECKING

from kg import lazy

if TYPE_CHECKING:
    from kg.evidence.checking import Checked, Standing, check
    from kg.evidence.cues import WordLists
    from kg.evidence.lock import Lock, uncovered
    from kg.evidence.mending import diff, fix
    from kg.evidence.placing import edits, fixed
    from kg.evidence.remarks import RULES, Remark
    from kg.evidence.whole import Examined, at_hand, descriptions, examine, ground_of, without_texts
    from kg.evidence.written import Quote, quotes, stated


__all__ = [
    "RULES",
    "Checked",
    "Examined",
    "Lock",
    "Quote",
    "Remark",
    "Standing",
    "WordLists",
    "at_hand",
    "check",
    "descriptions",
    "diff",
    "edits",
    "examine",
    "fix",
    "fixed",
    "ground_of",
    "quotes",
    "stated",
    "uncovered",
    "without_texts",
]

_HOMES = {
    "checking": ("Checked", "Standing", "check"),
    "cues": ("WordLists",),
    "lock": ("Lock", "uncovered"),
    "mending": ("diff", "fix"),
    "placing": ("edits", "fixed"),
    "remarks": ("RULES", "Remark"),
    "whole": ("Examined", "at_hand", "descriptions", "examine", "ground_of", "without_texts"),
    "written": ("Quote", "quotes", "stated"),
}
"""The names that each module has."""

__getattr__ = lazy.attributes(__name__, _HOMES)
