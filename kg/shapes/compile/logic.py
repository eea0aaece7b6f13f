"""Constraints that lean on other shapes: each comes down to a set of values that fail it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.shapes.compile.constraints import Constraint
from kg.shapes.compile.demands import Combined, Demand, NoneOf
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
    def negated(self) -> tuple[Subject, ...]:
        """See `Constraint`."""
        return self.members if self.kind in ("not", "xone") else ()

    def hits(self, site: Site) -> Iterator[Hit]:
        """See `Constraint`; evaluation asks for `demand` instead, to judge it with the others."""
        raise NotImplementedError

    def demand(self, site: Site) -> Demand:
        """What it comes to for single values: of simple shapes their demands, else the values that fail."""
        inline = [site.run.inline(member) for member in self.members]
        members = tuple(each for each in inline if each is not None)
        if len(members) == len(inline):
            return Combined(self.component, self.kind, members)
        return NoneOf(self.component, frozenset(self._failing(site)))

    def _failing(self, site: Site) -> set[Object]:
        if self.kind == "or":
            return self._failing_all(site)
        failing = [site.run.failing(member) for member in self.members]
        if self.kind in ("node", "and"):
            return set.union(*failing)
        values = site.values()
        if self.kind == "not":
            return values - failing[0]
        return {value for value in values if sum(value not in each for each in failing) != 1}

    def _failing_all(self, site: Site) -> set[Object]:
        """The values that fail each of the shapes: those of the later ones are asked only of what is left."""
        left = site.run.failing(self.members[0])
        for member in self.members[1:]:
            left = left & site.run.failing(member, left)
        return left
