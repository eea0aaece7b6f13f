"""The errors that a person may meet; each says where, what, and what to do.

KGError
  UsageError       the command or call was given something it does not take   exit 2
  InputError       a file cannot be read                                      exit 3
  DefinitionError  shapes, ontology or a query are ill-formed                 exit 4
  RemoteError      a store refused or did not answer                          exit 5

What is wrong *with the data* is never raised: it is a `Finding` in a report.
Several faults of one file travel together, in `KGError.faults`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from kg.places import Place


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where it stands, what it is, and what mends it.

    >>> print(Fault(Place("cases/a.yaml", 3, 5), "unknown key “colur”", "did you mean “colour”?"))
    cases/a.yaml:3:5: unknown key “colur”; did you mean “colour”?
    """

    place: Place | None
    what: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return where + self.what + (f"; {self.fix}" if self.fix else "")


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
        """The error that carries all `faults`, in the order of their places."""
        return cls(*sorted(faults, key=lambda f: (f.place is None, f.place or Place(""), f.what)))


class UsageError(KGError):
    """The command or call was given something that it does not take."""

    exit_code = 2


class InputError(KGError):
    """A file cannot be read."""

    exit_code = 3


class DefinitionError(KGError):
    """Shapes, ontology or a query are ill-formed."""

    exit_code = 4


class RemoteError(KGError):
    """A store refused or did not answer."""

    exit_code = 5
