"""JSON on many lines: Python's encoder in C writes but one, and the other takes three times as much."""

from __future__ import annotations

import json
from json.encoder import encode_basestring as quoted
from typing import Any


def dumps(value: Any, depth: int = 0) -> str:
    """The text that `json.dumps(value, ensure_ascii=False, indent=1)` gives, `depth` spaces from the left.

    Keys have to be texts.

    >>> print(dumps({"a": [1, "b"], "c": []}))
    {
     "a": [
      1,
      "b"
     ],
     "c": []
    }
    """
    return _text(value, "\n" + " " * depth)


def _text(value: Any, line: str) -> str:
    """The text of a value that begins on a `line`: the end of the one before, and the spaces that it has."""
    kind, within = type(value), line + " "
    if kind is str:
        return quoted(value)
    if kind is dict and value:
        members = f",{within}".join([f"{quoted(key)}: {_text(one, within)}" for key, one in value.items()])
        return f"{{{within}{members}{line}}}"
    if kind is list and value:
        members = f",{within}".join([_text(one, within) for one in value])
        return f"[{within}{members}{line}]"
    return str(value) if kind is int else json.dumps(value, ensure_ascii=False)
