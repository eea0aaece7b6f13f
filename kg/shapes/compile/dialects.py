"""A regular expression as its author wrote it → as the store reads it, or as Python does.

Authors write XPath's, or those of the tool at hand (Java, JavaScript, Python). What a reader would take
otherwise than it is meant is written so that both take it alike: subtraction of classes, signs that are
operators in Rust's classes, `\\i`, `\\p{…}`, names of groups.

Source: XPath Functions 3.1, section 5.6.1, https://www.w3.org/TR/xpath-functions-31/#regex-syntax
"""

from __future__ import annotations

import re
import sys
from functools import cache
from itertools import pairwise
from typing import cast

from pyoxigraph import Literal, QuerySolutions, Store

_STORE = Store()
_START = (
    r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
NAMES = {"i": _START, "c": rf"{_START}\-.0-9\u00B7\u0300-\u036F\u203F\u2040"}
"""What a name of XML may begin with, and what else it may have: `\\i` and `\\c`."""

_TOKEN = re.compile(
    r"""(?P<escape>\\[pP](?:\{[^}]*\}|\w) | \\k<\w+> | \\x\{\w+\} | \\.)
    | (?P<group>\(\?P?<(?=[A-Za-z_]))
    | (?P<special>\(\?(?:<?[=!]|>|\(|P=))
    | (?P<often>(?:[*+?] | \{(?=,?\d)(?P<least>\d*)(?P<rest>,\d*)?\})(?P<sign>[+?]?))
    | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)
_POSIX = re.compile(r"\[:\^?\w+:\]")
_SHARP = "[]&~|-"
"""What is a sign within a class to one of the readers."""

_OTHERS = (("-[", "--", "!"), ("&&[", "&&", "="))
"""How a class is taken from another, and, to Java, joined with one: as written, to the store, to Python."""

_BACK = {
    **dict.fromkeys(("(?=", "(?!"), "look-ahead"),
    **dict.fromkeys(("(?<=", "(?<!"), "look-behind"),
    **dict.fromkeys(("(?P=", "(?("), "back-reference"),
    "(?>": "possessive",
}


class Writer:
    """Writes a pattern anew for one of the readers; `why` then has the keys of what the store cannot do.

    :raises ValueError: if it is for Python, and has a class that nobody knows.

    >>> Writer("^[a-z-[aeiou]]$", "").text, Writer("^[a-z-[aeiou]]$", "", python=True).text
    ('^[[a-z]--[aeiou]]$', '^(?:(?![aeiou])[a-z])\\\\Z')
    >>> [*Writer("(?!a)b++", "").why]
    ['look-ahead', 'possessive']
    """

    def __init__(self, pattern: str, flags: str, *, python: bool = False) -> None:
        self._pattern, self._at, self._python = pattern, 0, python
        self._lines, self._spaced = "m" in flags, "x" in flags
        self.why: dict[str, None] = {}
        self.text = ""
        if "q" in flags:
            self.text = re.escape(pattern) if python else pattern
            return
        parts = []
        while self._at < len(pattern):
            parts.append(self._part())
        self.text = "".join(parts)

    def _next(self) -> re.Match[str]:
        match = _TOKEN.match(self._pattern, self._at)
        assert match
        self._at = match.end()
        return match

    def _sees(self, sign: str) -> bool:
        return self._pattern.startswith(sign, self._at)

    def _part(self) -> str:
        match = self._next()
        token = match[0]
        if match["escape"]:
            return self._escape(token)
        if match["often"]:
            return self._often(match)
        if match["group"]:
            return "(?P<"
        if token in _BACK:
            self.why[_BACK[token]] = None
        if token == "[":
            return self._class()
        if token == "$" and self._python and not self._lines:  # Python's stands before a last line end, too
            return r"\Z"
        return r"\{" if token == "{" else token

    def _often(self, match: re.Match[str]) -> str:
        """How often. A `+` behind that lets nothing go again; Rust takes it for once more of the same."""
        if match["sign"] == "+":
            self.why["possessive"] = None
        if match[0][0] != "{":
            return match[0]
        return f"{{{match['least'] or 0}{match['rest'] or ''}}}{match['sign']}"

    def _escape(self, token: str) -> str:
        letter = token[1:2] or " "
        if letter in "pPiIcC":
            return f"[{self._many(token)}]"
        if letter in "<>":  # the edges of words to Rust
            return letter
        if letter == "z" and self._python:
            return r"\Z"
        if letter in "123456789" or token.startswith("\\k<"):
            self.why["back-reference"] = None
        return f"(?P={token[3:-1]})" if token.startswith("\\k<") and self._python else token

    def _many(self, token: str) -> str:
        """What stands within a class for a sign that stands for many characters."""
        letter = token[1]
        inside = token if letter in "pP" else NAMES[letter.lower()]
        if self._python and (letter in "pP" or letter.isupper()):
            return ranges(inside if letter in "pP" or letter.islower() else "^" + inside)
        return f"[^{inside}]" if letter in "IC" else inside

    # classes

    def _class(self) -> str:
        """A class from behind its `[`; one without an end is left to the readers."""
        start = self._at - 1
        negated = "^" * self._sees("^")
        self._at += len(negated)
        parts: list[str] = []
        while not (parts and self._sees("]")):
            if self._at >= len(self._pattern):
                return self._pattern[start:]
            for sign, written, looks in _OTHERS if parts else ():
                if self._sees(sign) and (other := self._other(sign)):
                    one = f"[{negated}{''.join(parts)}]"
                    return f"(?:(?{looks}{other}){one})" if self._python else f"[{one}{written}{other}]"
            parts.append(self._item())
        self._at += 1
        return f"[{negated}{''.join(parts)}]"

    def _other(self, sign: str) -> str:
        """The class behind a sign, if what it stands in ends with it."""
        before = self._at
        self._at += len(sign)
        found = self._class()
        if self._sees("]"):
            self._at += 1
            return found
        self._at = before
        return ""

    def _item(self) -> str:
        """A character, a class of its own, or a range."""
        if posix := _POSIX.match(self._pattern, self._at):
            self._at = posix.end()
            return ranges(posix[0]) if self._python else posix[0]
        one, single = self._atom()
        end = self._pattern[self._at + 1 : self._at + 2]
        if not (single and self._sees("-") and end) or end in "[]":
            return one
        before = self._at
        self._at += 1
        other, single = self._atom()
        if single:
            return f"{one}-{other}"
        self._at = before
        return one

    def _atom(self) -> tuple[str, bool]:
        """What stands within a class at one place, and whether it is one character."""
        char = self._pattern[self._at]
        if char != "\\":
            self._at += 1
            if self._spaced and char.isascii() and (char.isspace() or char == "#"):
                return f"\\x{ord(char):02x}", True
            return ("\\" if char in _SHARP else "") + char, True
        token = self._next()[0]
        letter = token[1:2] or " "
        if letter in "pPiIcC":
            return self._many(token), False
        return (letter if letter in "<>" else token), letter not in "dDsSwW"


@cache
def ranges(inside: str) -> str:
    """The characters of a class, as the inside of one that Python reads: the store says which they are.

    :raises ValueError: if the store does not know it either.

    >>> ranges("[:digit:]"), ranges("^\\x00-z~-\\U0010FFFF")
    ('\\\\U00000030-\\\\U00000039', '\\\\U0000007b-\\\\U0000007d')
    """
    every, others = Literal(_characters()), Literal(f"[^{inside}]" if inside[0] != "^" else f"[{inside[1:]}]")
    rows = cast("QuerySolutions", _STORE.query(f'SELECT (REPLACE({every}, {others}, "") AS ?r) {{}}'))
    found = next(rows)[0]
    if not isinstance(found, Literal):
        raise ValueError(f"[{inside}] is no class of characters")
    points = [-2, *map(ord, found.value), sys.maxunicode + 2]
    edges = [(one, other) for one, other in pairwise(points) if other - one > 1]
    spans = [(start, end) for (_, start), (end, _) in pairwise(edges)]
    return "".join(f"\\U{start:08x}-\\U{end:08x}" for start, end in spans) or r"\U00000000-\U00000000"


@cache
def _characters() -> str:
    """Every character that a text can have."""
    return "".join(map(chr, (*range(0xD800), *range(0xE000, sys.maxunicode + 1))))
