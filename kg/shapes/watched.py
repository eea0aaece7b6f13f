"""The regular expressions of pySHACL and rdflib, watched: in both an expression may go on for ever.

Both ask the module `re` under the name that they have imported it by. For the time of a run they find another
there, which gives each expression as many seconds as compiled shapes do.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pyshacl.constraints.core import string_based_constraints
from rdflib.plugins.sparql import operators

from kg.shapes.compile.patience import ALARMS, Budget, TooLongError, alarm
from kg.shapes.compile.regexes import PatternError

T = TypeVar("T")
MODULES: tuple[Any, ...] = (string_based_constraints, operators)
"""What matches the expressions of shapes: `sh:pattern`; REGEX and REPLACE."""


class Watch:
    """What stands in the place of `re`, for the thread that made it; that has to be the main one.

    Where the system has no alarms it only looks on.

    `fault` is what was given up, also where a library makes something else of the error.
    """

    def __init__(self, seconds: float) -> None:
        self.fault: PatternError | None = None
        self._seconds, self._thread = seconds, threading.get_ident()
        self._budgets: dict[str, Budget] = {}

    @contextmanager
    def on(self) -> Iterator[None]:
        """Within, the expressions of both libraries are watched."""
        before = [module.re for module in MODULES]
        for module in MODULES:
            module.re = self
        try:
            yield
        finally:
            for module, own in zip(MODULES, before, strict=True):
                module.re = own

    def within(self, pattern: str, text: str, work: Callable[[], T]) -> T:
        """What `work` gives, which searches a text for a pattern.

        :raises PatternError: if it takes too long.
        """
        if not ALARMS or threading.get_ident() != self._thread:
            return work()
        budget = self._budgets.setdefault(pattern, Budget(self._seconds))
        try:
            with budget.spent([text]) as left, alarm(left):
                return work()
        except TooLongError as exc:
            self.fault = PatternError.too_long(pattern, self._seconds)
            raise self.fault from exc

    # what the libraries call

    def __getattr__(self, name: str) -> Any:
        return getattr(re, name)

    def compile(self, pattern: str, flags: int = 0) -> _Compiled:
        """See `re.compile`."""
        return _Compiled(re.compile(pattern, flags), self)

    def search(self, pattern: str, text: str, flags: int = 0) -> re.Match[str] | None:
        """See `re.search`."""
        return self.within(pattern, text, lambda: re.search(pattern, text, flags))

    def sub(self, pattern: str, by: str, text: str, count: int = 0) -> str:
        """See `re.sub`."""
        return self.within(pattern, text, lambda: re.sub(pattern, by, text, count=count))


class _Compiled:
    """An expression of `re.compile`."""

    def __init__(self, own: re.Pattern[str], watch: Watch) -> None:
        self._own, self._watch = own, watch

    def match(self, text: str) -> re.Match[str] | None:
        return self._watch.within(self._own.pattern, text, lambda: self._own.match(text))

    def search(self, text: str) -> re.Match[str] | None:
        return self._watch.within(self._own.pattern, text, lambda: self._own.search(text))
