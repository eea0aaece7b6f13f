"""Quotes held against their sources: checked, given their places, and the result kept in a lock.

Nothing is loaded before it is used: `kg validate` of other data only names the rules.
"""

from typing import TYPE_CHECKING

from kg import lazy

if TYPE_CHECKING:
    from kg.evidence.checking import Checked as Checked, Standing as Standing, check as check
    from kg.evidence.cues import WordLists as WordLists
    from kg.evidence.lock import Lock as Lock, uncovered as uncovered
    from kg.evidence.mending import diff as diff, fix as fix
    from kg.evidence.placing import edits as edits, fixed as fixed
    from kg.evidence.remarks import RULES as RULES, Remark as Remark
    from kg.evidence.whole import (
        Examined as Examined,
        at_hand as at_hand,
        descriptions as descriptions,
        examine as examine,
        ground_of as ground_of,
        without_texts as without_texts,
    )
    from kg.evidence.written import Quote as Quote, quotes as quotes, stated as stated
else:
    __getattr__, __dir__, __all__ = lazy.names(
        __name__,
        {
            "checking": ("Checked", "Standing", "check"),
            "cues": ("WordLists",),
            "lock": ("Lock", "uncovered"),
            "mending": ("diff", "fix"),
            "placing": ("edits", "fixed"),
            "remarks": ("RULES", "Remark"),
            "whole": ("Examined", "at_hand", "descriptions", "examine", "ground_of", "without_texts"),
            "written": ("Quote", "quotes", "stated"),
        },
    )
