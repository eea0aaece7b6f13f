"""Which word was meant by one that is misspelt: the only one near, or none.

>>> near("Colour", ["colour", "colour-min"]), near("tilte", ["title", "start"])
('colour', 'title')
>>> near("code-b", ["code-a", "code-c"]), near("dk-0341", ["dk-0340"])
(None, None)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LETTERS_AN_EDIT = 5
"""How many letters a word has for each that may be wrong."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GAP = re.compile(r"[\s_-]+")
_NO_DIGIT = re.compile(r"[^0-9]+")


def near(word: str, options: Iterable[str], most: int = 1) -> str | None:
    """The option that `word` is a spelling of, or None: there has to be exactly one.

    Upper and lower case, `_`, spaces and hyphens, and the two ways to write an accent are the
    same. Else up to `most` letters may be missing, too many, wrong or exchanged with the next,
    one for every five letters; of a path only in one part. Digits have to be the same.
    """
    forms = {option: plain(option) for option in options}
    form = plain(word)
    if same := [option for option, other in forms.items() if other == form]:
        return same[0] if len(same) == 1 else None
    distances = {option: _apart(form, other, most) for option, other in forms.items()}
    found = {option: steps for option, steps in distances.items() if steps is not None}
    best = [option for option, steps in found.items() if steps == min(found.values())]
    return best[0] if len(best) == 1 else None


def plain(word: str) -> str:
    """`word` in small letters, with hyphens between its parts, NFC.

    >>> plain("codedBy"), plain("Silent_on "), plain("NearBy")
    ('coded-by', 'silent-on', 'near-by')
    """
    text = unicodedata.normalize("NFKC", word).strip()
    return _GAP.sub("-", _HUMP.sub("-", text).casefold())


def _apart(one: str, other: str, most: int) -> int | None:
    """How many letters two words differ in; None for more than may be, or in more than one part of a path."""
    ones, others = one.split("/"), other.split("/")
    pairs = [pair for pair in zip(ones, others, strict=False) if pair[0] != pair[1]]
    if len(ones) != len(others) or len(pairs) != 1:
        return None
    a, b = pairs[0]
    allowed = min(most, min(len(a), len(b)) // LETTERS_AN_EDIT)
    if abs(len(a) - len(b)) > allowed or _NO_DIGIT.sub("", a) != _NO_DIGIT.sub("", b):
        return None
    steps = distance(a, b)
    return steps if steps <= allowed else None


def distance(one: str, other: str) -> int:
    """How many letters to add, take out, change or exchange with the next make `one` into `other`.

    >>> distance("tilte", "title"), distance("evidnce", "evidences"), distance("", "a")
    (1, 2, 1)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one):
        last, row = row, [i + 1]
        for j, b in enumerate(other):
            row.append(min(last[j] + (a != b), last[j + 1] + 1, row[j] + 1))
            if i and j and a == other[j - 1] and one[i - 1] == b:
                row[-1] = min(row[-1], before[j - 1] + 1)
        before = last
    return row[-1]
