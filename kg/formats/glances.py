"""What a text of N-Triples may hold, told at a glance: most hold nothing of it, and are not read for it."""

from __future__ import annotations

import re

MARKS = 1000
"""How many marks in a text are looked at one by one."""

_CONTROLS = bytes({*range(32)} - {9, 10, 13})
_ESCAPED = re.compile(rb"\\[bf]|\\u00[01]|\\u[Ff][Ff][Ff]")


def has_controls(chunk: bytes) -> bool:
    """Whether there may be a character that XML cannot carry; most texts have not even a backslash.

    >>> has_controls(rb'<a> <b> "\\n" .'), has_controls(rb'"\\u0001"'), has_controls(rb"\\n" * 2000 + rb"\\b")
    (False, True, True)
    """
    if len(chunk.translate(None, _CONTROLS)) < len(chunk):
        return True
    spots, last = _spots_of(chunk, b"\\")
    return any(_ESCAPED.match(chunk, at) for at in spots) or (
        last is not None and _ESCAPED.search(chunk, last) is not None
    )


def has_blank(chunk: bytes) -> bool:
    """Whether there is `_:` in a text, as before the name of each blank node.

    >>> has_blank(b"<a_b> <c:_> _:d ."), has_blank(b"<a_b> <c:_> <d> ."), has_blank(b"_" * 2000 + b":")
    (True, False, True)
    """
    spots, last = _spots_of(chunk, b"_")
    return any(chunk[at + 1 : at + 2] == b":" for at in spots) or (
        last is not None and chunk.find(b"_:", last) >= 0
    )


def _spots_of(chunk: bytes, mark: bytes) -> tuple[list[int], int | None]:
    """Where a mark of one byte is, and from where on it is to be looked for where there are many.

    One byte is found twenty times as quick as two are.
    """
    spots: list[int] = []
    at = chunk.find(mark)
    while at >= 0:
        if len(spots) == MARKS:
            return spots, at
        spots.append(at)
        at = chunk.find(mark, at + 1)
    return spots, None
