"""Constraints that lean on other shapes: each comes down to a set of values that fail it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.shapes.compile.constraints import Constraint
from kg.shapes.compile.demands import NoneOf
from kg.shapes.compile.sites import Hit, Site
from kg.shapes.triples import Object, Subject


@dataclass(frozen=True)
class Logic(Constraint):
    """`sh:node`, `and`, `or`, `xone` and `not`, which `kind` tells, of some shapes."""

    kind: str
    members: tuple[Subject, ...]

    @property
    def shapes(self) -> tuple[Subject, ...]:
        """See `Constraint`."""
        return self.members

    @property
    def is_monotone(self) -> bool:
        """See `Constraint`."""
        return self.kind not in ("not", "xone")

    def hits(self, site: Site) -> Iterator[Hit]:
        """See `Constraint`; evaluation asks for `demand` instead, to judge it with the others."""
        raise NotImplementedError

    def demand(self, site: Site) -> NoneOf:
        """That the values are none of those that fail it."""
        return NoneOf(self.component, frozenset(self._failing(site)))

    def _failing(self, site: Site) -> set[Object]:
        failing = [site.run.failing(member) for member in self.members]
        if self.kind == "or":
            return set.intersection(*failing)
        if self.kind in ("node", "and"):
            return set.union(*failing)
        values = site.values()
        if self.kind == "not":
            return values - failing[0]
        return {value for value in values if sum(value not in each for each in failing) != 1}
