"""Columns as an editor counts them, in units of its encoding, and as Python does, in code points."""

from __future__ import annotations

from collections.abc import Sequence

from kg.lsp.outline import Spot

UTF8, UTF16, UTF32 = "utf-8", "utf-16", "utf-32"


def units(text: str, encoding: str) -> int:
    """How many units `text` has.

    >>> [units("aø😀", encoding) for encoding in (UTF8, UTF16, UTF32)]
    [7, 4, 3]
    """
    if encoding == UTF8:
        return len(text.encode(errors="surrogatepass"))
    return len(text) + (sum(char > "\uffff" for char in text) if encoding == UTF16 else 0)


def to_units(lines: Sequence[str], spot: Spot, encoding: str) -> tuple[int, int]:
    """The line of `spot`, and its column in units; in a line that `lines` does not have, as it is."""
    if spot.line >= len(lines):
        return spot.line, spot.column
    return spot.line, units(lines[spot.line][: spot.column], encoding)


def from_units(lines: Sequence[str], line: int, character: int, encoding: str) -> Spot:
    """The spot at the column `character`, in units: before a character that it lies in, and in the line.

    >>> [from_units(["😀b"], 0, character, UTF16).column for character in (0, 1, 2, 3, 9)]
    [0, 0, 1, 2, 2]
    """
    text = lines[line] if line < len(lines) else ""
    column = seen = 0
    for char in text:
        seen += units(char, encoding)
        if seen > character:
            break
        column += 1
    return Spot(line, column)


def mended(text: str) -> str:
    """The text with halves of characters replaced, which no file can hold; as long in UTF-16 as it was.

    >>> mended("a\\ud83d")
    'a\\ufffd'
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
