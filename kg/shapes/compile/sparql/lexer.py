"""The words of a SPARQL query, taken one by one as the grammar asks for them.

What `<` and `?` begin depends on where they stand, so no list of tokens is made beforehand.
"""

from __future__ import annotations

import re

from kg.errors import DefinitionError
from kg.formats.tokens import pattern_of
from kg.places import Place

_SKIP = re.compile(r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_VARIABLE = re.compile(r"[?$]([\w\u00b7\u0300-\u036f\u203f\u2040]+)")


class Lexer:
    """A text, and how far it has been read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.last = 0
        """Where what was taken last ends."""
        self._skip()

    def _skip(self) -> None:
        match = _SKIP.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _advance(self, end: int) -> None:
        self.at = self.last = end
        self._skip()

    @property
    def word(self) -> str:
        """The keyword that comes next, in capitals; nothing where there is none."""
        match = _WORD.match(self.text, self.at)
        if not match or self.text.startswith(":", match.end()) or self.token[0] != "word":
            return ""
        return match[0].upper()

    @property
    def token(self) -> tuple[str, str]:
        """Kind and text of what comes next, where a term may stand; two empty texts after the end."""
        match = pattern_of(self.text).match(self.text, self.at)
        return (match.lastgroup or "", match[0]) if match else ("", "")

    @property
    def variable(self) -> str:
        """The name of the variable that comes next; nothing where there is none."""
        match = _VARIABLE.match(self.text, self.at)
        return match[1] if match else ""

    def sees(self, *wanted: str) -> bool:
        """Whether one of these keywords (in capitals) or marks comes next."""
        word = self.word
        return any(word == one if one[0].isalpha() else self.text.startswith(one, self.at) for one in wanted)

    def eat(self, *wanted: str) -> str:
        """Take one of these keywords or marks, if it comes next; nothing otherwise."""
        word = self.word
        for one in wanted:
            if word == one if one[0].isalpha() else self.text.startswith(one, self.at):
                self._advance(self.at + len(one))
                return one
        return ""

    def need(self, *wanted: str) -> str:
        """Take one of these keywords or marks.

        :raises DefinitionError: if none of them comes next.
        """
        return self.eat(*wanted) or self.fail(" or ".join(wanted))

    def take(self) -> tuple[int, str, str]:
        """Take the next token: where it began, its kind and its text."""
        (kind, text), start = self.token, self.at
        if not text:
            self.fail("something more")
        self._advance(start + len(text))
        return start, kind, text

    def take_variable(self) -> tuple[int, str]:
        """Take a variable: where it began, and its name."""
        start, name = self.at, self.variable or self.fail("a variable")
        self._advance(start + len(name) + 1)
        return start, name

    def fail(self, wanted: str) -> str:
        """Refuse the text.

        :raises DefinitionError: always; it says what was looked for.
        """
        line = self.text.count("\n", 0, self.at) + 1
        column = self.at - self.text.rfind("\n", 0, self.at)
        found = self.token[1][:30] or "the end"
        what = f"no SPARQL 1.1: {wanted} was expected where there is “{found}”"
        raise DefinitionError.at(Place("", line, column), what)
