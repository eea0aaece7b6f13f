"""A line of JSON → its map and the values in it, as long as nothing is unusual; `cases.swift` reads by it.

Numbers stay texts, keys stand once, and no text is empty or holds what the exact reader may refuse.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

MAX_LINE = 1_000_000
"""The characters of a line that are read here; the exact reader has its own limits within them."""

_UNUSUAL = re.compile(
    "[\t\r\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f]"
    r"|\\[bf]|\\u(?:00(?:0[^9aAdD]|1)|[dD][89a-fA-F]|[fF]{3}[eEfF])"
)
"""What the exact reader may refuse: line breaks and control characters, also as escapes; half characters."""

_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


class UnusualError(Exception):
    """Something that the exact reader has to look at."""


def unusual(*_: object) -> NoReturn:
    """Leave what is read to the exact reader."""
    raise UnusualError


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else unusual()


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_int=str, parse_float=str, parse_constant=unusual)


def load(line: bytes) -> dict[str, Any]:
    """The map in a line of JSON.

    :raises UnusualError, ValueError, RecursionError: if it is anything but a plain map.
    """
    text = line.decode().rstrip()
    if len(text) > MAX_LINE or not text.startswith("{") or _UNUSUAL.search(text):
        unusual()
    body: dict[str, Any]
    body, end = _DECODER.raw_decode(text)
    return body if end == len(text) else unusual()


def texts(value: Any) -> list[str]:
    """The texts of a value, one or a list of them, none of them empty."""
    found = [text_of(item) for item in value] if isinstance(value, list) else [text_of(value)]
    return found or unusual()


def text_of(value: Any) -> str:
    """The text of one value, which is not empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) and value.strip() else unusual()


def span(value: Any) -> tuple[str, str]:
    """The two numbers of a place, as they are written."""
    if not isinstance(value, list) or len(value) != 2:
        unusual()
    start, end = map(text_of, value)
    if not (_NUMBER.fullmatch(start) and _NUMBER.fullmatch(end)) or int(start) >= int(end):
        unusual()
    return start, end
