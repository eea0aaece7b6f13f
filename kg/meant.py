"""What was meant by a word that is not known: the nearest of those that are."""

from __future__ import annotations

from collections.abc import Iterable

SLIP = 0.75
"""How near (0 to 1) a word is that another one is taken to be a slip for."""

GUESS = 0.6
"""How near a word is that may be asked about."""

MOST = 20
"""How many words are listed."""


def nearest(word: str, known: Iterable[str], near: float = GUESS) -> str:
    """The one of `known` that is nearest to `word`, whatever the case of their letters; "" if none is `near`.

    >>> nearest("mincount", ["minCount", "maxCount"]), nearest("shape", ["colour"])
    ('minCount', '')
    """
    from difflib import get_close_matches

    lower = {one.lower(): one for one in sorted(known)}
    found = get_close_matches(word.lower(), lower, 1, near)
    return lower[found[0]] if found else ""


def suggestion(word: str, known: Iterable[str], near: float = GUESS) -> str:
    """“did you mean …?” with the one of `known` that is nearest to `word`, or "".

    >>> suggestion("colur", ["colour", "shape"])
    'did you mean “colour”?'
    """
    found = nearest(word, known, near)
    return f"did you mean “{found}”?" if found else ""


def choices(word: str, known: Iterable[str]) -> str:
    """What could stand for `word`: the nearest that is known, or all of them (the first twenty).

    >>> choices("x", ["colour", "shape"]), choices("x", [])
    ('use one of colour, shape', '')
    """
    names = list(known)
    if found := suggestion(word, names):
        return found
    more = ", …" if len(names) > MOST else ""
    return f"use one of {', '.join(names[:MOST])}{more}" if names else ""
