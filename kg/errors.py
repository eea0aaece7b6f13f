"""The errors that a person may meet; each says where, what, and what to do.

KGError
  UsageError       the command or call was given something it does not take   exit 2
  InputError       a file cannot be read                                      exit 3
  ShortageError    memory ran short, or something ended a process             exit 3
  TimeLimitError   there was no answer in the time that was given            exit 3
  DefinitionError  shapes, ontology or a query are ill-formed                 exit 4
  RemoteError      a store refused or did not answer                          exit 5

What is wrong *with the data* is never raised: it is a `Finding` in a report.
Several faults of one file travel together, in `KGError.faults`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from kg.places import Place

MOST = 1_000
"""How many faults of one file are told."""

_LONG = 500
_QUOTED = re.compile("“([^“”]{60})[^“”]+”")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where it stands, what it is, and what mends it.

    Words of the input may be as long as they like, or end a line: what is said of them is one line.

    >>> print(Fault(Place("cases/a.yaml", 3, 5), "unknown key “colur”", "did you mean “colour”?"))
    cases/a.yaml:3:5: unknown key “colur”; did you mean “colour”?
    """

    place: Place | None
    what: str
    fix: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "what", one_line(self.what))
        object.__setattr__(self, "fix", one_line(self.fix))

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return where + self.what + (f"; {self.fix}" if self.fix else "")


def one_line(text: str) -> str:
    """`text` on one line of readable length: long quoted words are cut short, then the whole.

    >>> one_line("the key “" + "x" * 1000 + "”") == "the key “" + "x" * 60 + "…”"
    True
    """
    if len(text) > _LONG:
        text = _QUOTED.sub(r"“\1…”", text)
        text = text if len(text) <= _LONG else text[: _LONG - 1] + "…"
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)


class KGError(Exception):
    """Any error that is reported to a person as lines, never as a traceback."""

    exit_code = 70

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults

    @classmethod
    def at(cls, place: Place | None, what: str, fix: str = "") -> Self:
        """The error with a single fault."""
        return cls(Fault(place, what, fix))

    @classmethod
    def all(cls, faults: Iterable[Fault]) -> Self:
        """The error that carries all `faults`, in the order of their places; of thousands, the first."""
        ordered = sorted(faults, key=lambda f: (f.place is None, f.place or Place(""), f.what))
        if (more := len(ordered) - MOST) > 0:
            rest = f"here and below are {more:,} more faults"
            ordered = [*ordered[:MOST], Fault(ordered[MOST].place, rest, "mend those before first")]
        return cls(*ordered)


class UsageError(KGError):
    """The command or call was given something that it does not take."""

    exit_code = 2


class InputError(KGError):
    """A file cannot be read."""

    exit_code = 3


class ShortageError(KGError):
    """Memory ran short, or something ended a process that did a part of the work: no fault of any file."""

    exit_code = 3


class TimeLimitError(KGError):
    """There was no answer in the time that was given."""

    exit_code = 3


class DefinitionError(KGError):
    """Shapes, ontology or a query are ill-formed."""

    exit_code = 4


class RemoteError(KGError):
    """A store refused or did not answer."""

    exit_code = 5
