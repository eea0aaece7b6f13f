"""Regular expressions of `sh:pattern`: asked of the store where it has them, else matched here.

The store's have no way back (look-around, references to groups), and so take no longer than the text is
long. Those that do have one are matched by Python's, which can go on for ever: after `PATIENCE` seconds
that is a fault of the shapes.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from pyoxigraph import Literal, QuerySolutions, Store

from kg.errors import DefinitionError


class PatternError(DefinitionError):
    """A `pattern` cannot be matched."""

    pattern: str = ""

    @classmethod
    def of(cls, pattern: str, what: str, fix: str = "") -> PatternError:
        """The error of a pattern."""
        found = cls.at(None, f"sh:pattern “{pattern}” {what}", fix)
        found.pattern = pattern
        return found


PATIENCE = 5.0
"""Seconds that all texts of one block may take."""

BLOCK = 2000
FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
_STORE = Store()
_END = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)
_CLASS = re.compile(r"\\.|\[\^?\]?|\]|-\[", re.DOTALL)


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
        return self._in_store

    @cached_property
    def _in_store(self) -> bool:
        rows = _STORE.query(f"SELECT ({self.call(str(Literal('')))} AS ?r) {{}}")
        assert isinstance(rows, QuerySolutions)
        return next(rows)[0] is not None

    def call(self, text: str) -> str:
        """The SPARQL that says whether an expression for a text matches."""
        parts = [text, str(Literal(self._translated)), str(Literal(self.flags))]
        return f"REGEX({', '.join(parts if self.flags else parts[:2])})"

    @cached_property
    def _translated(self) -> str:
        """The pattern with class subtraction as the store has it: `[a-z--[aeiou]]`, not `[a-z-[aeiou]]`."""
        if "-[" not in self.pattern or "q" in self.flags:
            return self.pattern
        depth = 0

        def written(match: re.Match[str]) -> str:
            nonlocal depth
            token = match[0]
            subtracts = token == "-[" and depth > 0
            depth += ("[" in token and token[0] != "\\") - (token == "]")
            return "--[" if subtracts else token

        return _CLASS.sub(written, self.pattern)

    def matching(self, texts: Collection[str]) -> set[str]:
        """Those of `texts` that it matches.

        :raises DefinitionError: if it goes on for ever, or cannot be read.
        """
        return self._asked(texts) if self.is_simple else self._matched(texts)

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

    def _matched(self, texts: Collection[str]) -> set[str]:
        with _patience(self.pattern):
            return {text for text in texts if self._python.search(text)}

    @cached_property
    def _python(self) -> re.Pattern[str]:
        flags = 0
        for flag in self.flags.replace("q", ""):
            flags |= FLAGS.get(flag, re.NOFLAG)
        pattern = re.escape(self.pattern) if "q" in self.flags else self.pattern
        if not {"m", "q"} & set(self.flags):  # Python's $ stands before a last line break, too
            pattern = _END.sub(lambda match: r"\Z" if match[0] == "$" else match[0], pattern)
        try:
            return re.compile(pattern, flags)
        except (re.error, OverflowError, RecursionError) as exc:
            raise PatternError.of(self.pattern, f"cannot be used: {exc}") from exc


@contextmanager
def _patience(pattern: str) -> Iterator[None]:
    """Gives up after a while; only the main thread can be interrupted."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_signal: int, _frame: Any) -> None:
        what = f"went on for more than {PATIENCE:g} seconds"
        raise PatternError.of(pattern, what, "write it so that no part can match the same text in two ways")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
