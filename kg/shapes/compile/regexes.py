"""Regular expressions of shapes: asked of the store where it has them, else of Python.

The store's have no way back (look-around, references to groups), and so take no longer than the text is
long. Those that do have one are matched by Python's, which can go on for ever: when its patience is at an
end that is a fault of the shapes.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice

from pyoxigraph import Literal, QuerySolutions, Store

from kg.errors import DefinitionError
from kg.shapes.compile import patience
from kg.shapes.compile.dialects import Writer
from kg.shapes.compile.patience import Patience, TooLongError
from kg.shapes.compile.searching import Part
from kg.shapes.triples import Subject


class PatternError(DefinitionError):
    """A `pattern` cannot be matched; `node` is what has it in SPARQL, if it does, and `rule` its name."""

    pattern: str = ""
    node: Subject | None = None
    rule: str = ""

    @classmethod
    def of(cls, pattern: str, what: str, fix: str = "") -> PatternError:
        """The error of a pattern."""
        found = cls.at(None, f"the regular expression “{pattern}” {what}", fix)
        found.pattern = pattern
        return found

    @classmethod
    def too_long(cls, pattern: str, seconds: float) -> PatternError:
        """The error of a pattern that has taken so many seconds."""
        fix = "write it so that no part can match the same text in two ways"
        return cls.of(pattern, f"went on for more than {seconds:g} seconds", fix)


BLOCK = 2000
FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
_STORE = Store()
_BLANK = re.compile(r"\\[\\$]|\$(\d+)")


@dataclass(frozen=True)
class Regex:
    """A regular expression with its flags.

    >>> Regex("^a").matching({"ab", "ba"}), Regex("^(?!b)").matching({"ab", "ba"})
    ({'ab'}, {'ab'})
    >>> Regex("^[a-z-[aeiou]]+$").matching({"xyz", "xay"})
    {'xyz'}
    """

    pattern: str
    flags: str = ""

    @property
    def is_simple(self) -> bool:
        """Whether the store can match it."""
        return not self.why

    @cached_property
    def why(self) -> tuple[str, ...]:
        """What keeps the store from matching it, if anything; see `kg.shapes.fallbacks.Fallback`."""
        if found := tuple(self._written.why):
            return found
        rows = _STORE.query(f"SELECT ({self.call(str(Literal('')))} AS ?r) {{}}")
        assert isinstance(rows, QuerySolutions)
        return ("unreadable",) if next(rows)[0] is None else ()

    @cached_property
    def fault(self) -> str:
        """Why neither the store nor Python can read it; empty where one of them can."""
        if unknown := sorted(set(self.flags) - set("imsxq")):
            return f"flags may be i, m, s, x and q, not {', '.join(unknown)}"
        if not self.is_simple:
            try:
                self.python  # noqa: B018
            except PatternError as exc:
                return str(exc.__cause__)
        return ""

    @cached_property
    def _written(self) -> Writer:
        return Writer(self.pattern, self.flags)

    @property
    def stored(self) -> str:
        """The pattern as the store reads it."""
        return self._written.text

    def call(self, text: str) -> str:
        """The SPARQL that says whether an expression for a text matches."""
        parts = [text, str(Literal(self.stored)), str(Literal(self.flags))]
        return f"REGEX({', '.join(parts if self.flags else parts[:2])})"

    def matching(self, texts: Collection[str]) -> set[str]:
        """Those of `texts` that it matches.

        :raises DefinitionError: if it goes on for ever, or cannot be read.
        """
        if self.is_simple:
            return self._asked(texts)
        with self.patience() as asked, self.told():
            texts = [*texts]
            return {text for text, found in zip(texts, asked.search(texts), strict=True) if found}

    def _asked(self, texts: Collection[str]) -> set[str]:
        found: set[str] = set()
        left = iter(texts)
        while block := list(islice(left, BLOCK)):
            values = " ".join(f"({number} {Literal(text)})" for number, text in enumerate(block))
            query = f"SELECT ?n {{ VALUES (?n ?t) {{ {values} }} FILTER({self.call('?t')}) }}"
            rows = _STORE.query(query)
            assert isinstance(rows, QuerySolutions)
            found |= {block[int(row[0].value)] for row in rows}
        return found

    def patience(self) -> Patience:
        """What searches for it by Python."""
        return Patience(self.python.pattern, re.RegexFlag(self.python.flags) & ~re.UNICODE)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Within, that it goes on for too long is a fault of the shapes."""
        try:
            yield
        except TooLongError as exc:
            raise PatternError.too_long(self.pattern, patience.PATIENCE) from exc

    @cached_property
    def python(self) -> re.Pattern[str]:
        """The same for Python.

        :raises PatternError: if it cannot read it.
        """
        flags = re.NOFLAG
        for flag in self.flags.replace("q", ""):
            flags |= FLAGS.get(flag, re.NOFLAG)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return re.compile(Writer(self.pattern, self.flags, python=True).text, flags)
        except (re.error, ValueError, OverflowError, RecursionError) as exc:
            raise PatternError.of(self.pattern, f"cannot be used: {exc}") from exc


@cache
def regex(pattern: str, flags: str) -> Regex:
    """The regular expression, made once."""
    return Regex(pattern, flags)


def template(text: str, groups: int) -> list[Part]:
    """What REPLACE puts in the place of a match: `$1` for a group of so many, `\\$` and `\\\\` for the signs.

    Source: https://www.w3.org/TR/xpath-functions-31/#func-replace

    >>> template("<$12\\\\$>", 1)
    ['<', 1, '2', '$', '>']
    """
    found: list[Part] = []
    at = 0
    for match in _BLANK.finditer(text):
        found.append(text[at : match.start()])
        at = match.end()
        if match[1] is None:
            found.append(match[0][1])
            continue
        digits = match[1]
        while len(digits) > 1 and int(digits) > groups:
            digits = digits[:-1]
        number = int(digits)
        found += [number if number <= groups else "", match[1][len(digits) :]]
    return [part for part in (*found, text[at:]) if part != ""]
