"""The constraints that are not about one value alone: counts, pairs of properties, closed shapes.

Each gives its hits for all focus nodes of a site at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode

from kg.shapes.compile import comparing, sure
from kg.shapes.compile.demands import OfClass, OneOf
from kg.shapes.compile.focus import Focus, Nodes
from kg.shapes.compile.sites import Hit, Site, is_nullable, is_simple, link, reaches
from kg.shapes.compile.written import as_written
from kg.shapes.triples import TYPE, Object, Subject

FEW = 1000
"""How many values that fail are looked at one by one."""


@dataclass(frozen=True)
class Constraint:
    """One constraint of a shape."""

    component: NamedNode

    def hits(self, site: Site) -> Iterator[Hit]:
        """What fails; a hit may come more than once."""
        raise NotImplementedError

    @property
    def shapes(self) -> tuple[Subject, ...]:
        """The shapes that it leans on."""
        return ()

    @property
    def negated(self) -> tuple[Subject, ...]:
        """Those of them of which fewer may fail where more of this fails."""
        return ()


@dataclass(frozen=True)
class Count(Constraint):
    """At least or at most so many values."""

    least: int = 0
    most: int | None = None

    def hits(self, site: Site) -> Iterator[Hit]:
        """See `Constraint`."""
        assert site.path
        if self.most is not None:
            yield from self._too_many(site, self.most)
        elif self.least == 1 and not is_nullable(site.path):
            yield from map(Hit, site.without(reaches(site.path)))
        elif self.least > 1:
            yield from self._too_few(site)

    def _too_many(self, site: Site, most: int) -> Iterator[Hit]:
        if most == 0:
            yield from (Hit(row[0]) for row in site.rows(select="DISTINCT ?this"))
        elif (found := site.beyond(most)) is not None:
            yield from map(Hit, found)
        elif not site.has_at_most(most):
            beyond = f"GROUP BY ?this HAVING (COUNT(DISTINCT ?value) > {most})"
            yield from (Hit(row[0]) for row in site.rows(select="?this", tail=beyond))

    def _too_few(self, site: Site) -> Iterator[Hit]:
        key = site.focus, site.path, self.least
        if key not in (known := site.run.too_few):
            enough = f"GROUP BY ?this HAVING (COUNT(DISTINCT ?value) >= {self.least})"
            known[key] = site.nodes().difference(row[0] for row in site.rows(select="?this", tail=enough))
        yield from map(Hit, known[key])


@dataclass(frozen=True)
class HasValue(Constraint):
    """A value that has to be among the others, as the store holds it."""

    value: Object

    @property
    def as_demand(self) -> OneOf:
        """What it is for a node that is its own value."""
        return OneOf(self.component, frozenset((self.value,)))

    def hits(self, site: Site) -> Iterator[Hit]:
        """See `Constraint`."""
        known = not isinstance(self.value, BlankNode)
        if not site.path:
            yield from map(Hit, site.nodes() - {self.value})
        elif known and is_simple(site.path):
            yield from map(Hit, site.without(link(site.path, value=str(self.value))))
        else:
            is_it = site.run.scratch.pattern(frozenset((self.value,)), "?value")
            yield from map(Hit, site.nodes() - {row[0] for row in site.rows(is_it, "?this")})


@dataclass(frozen=True)
class UniqueLang(Constraint):
    """One text in each language."""

    def hits(self, site: Site) -> Iterator[Hit]:
        """See `Constraint`."""
        if is_simple(site.path) and site.run.is_single(site.link):
            return
        texts = 'FILTER(lang(?value) != "") BIND(lang(?value) AS ?lang)'
        twice = "GROUP BY ?this ?lang HAVING (COUNT(DISTINCT ?value) > 1)"
        for row in site.rows(texts, "?this ?lang", twice):
            yield Hit(row[0], other=row[1])


@dataclass(frozen=True)
class Equals(Constraint):
    """The same values as those of a property."""

    prop: NamedNode

    def hits(self, site: Site) -> Iterator[Hit]:
        """See `Constraint`."""
        own, others = site.link, f"?this {self.prop} ?value ."
        if is_simple(site.path):
            yield from (Hit(row[0], row[1]) for row in site.rows(f"FILTER NOT EXISTS {{ {others} }}"))
            other = Site(site.run, site.focus, self.prop)
            yield from (Hit(row[0], row[1]) for row in other.rows(f"FILTER NOT EXISTS {{ {own} }}"))
        else:
            differing = {*site.pairs()} ^ {*Site(site.run, site.focus, self.prop).pairs()}
            yield from (Hit(this, value) for this, value in differing)


@dataclass(frozen=True)
class Disjoint(Constraint):
    """No value that a property has."""

    prop: NamedNode

    def hits(self, site: Site) -> Iterator[Hit]:
        """See `Constraint`."""
        for this, value in site.pairs(site.beside(self.prop, site.var)):
            yield Hit(this, value)


@dataclass(frozen=True)
class LessThan(Constraint):
    """Less than each value of a property; with `or_equal`, not more."""

    prop: NamedNode
    or_equal: bool = False

    def hits(self, site: Site) -> Iterator[Hit]:
        """See `Constraint`: the store's answer counts where it can only be right."""
        sign = "<=" if self.or_equal else "<"
        right = sure.of_two("?value", "?other", sign, site.run.scratch)
        where = f"{site.beside(self.prop, '?other')} FILTER(!COALESCE({right}, false))"
        for row in site.rows(where, "?this ?value ?other"):
            order = comparing.order(as_written(row[1]), as_written(row[2]))
            if order != -1 and not (self.or_equal and order == 0):
                yield Hit(row[0], row[1], other=row[2])


@dataclass(frozen=True)
class Closed(Constraint):
    """No other properties than these."""

    allowed: frozenset[NamedNode] = field(repr=False)

    def hits(self, site: Site) -> Iterator[Hit]:
        """See `Constraint`."""
        where = f"{site.var} ?kg_p ?kg_o ."
        if allowed := ", ".join(
            sorted(map(str, self.allowed))
        ):  # the store takes a list of none for an error
            where += f" FILTER(?kg_p NOT IN ({allowed}))"
        for row in site.rows(where, "?this ?kg_p ?kg_o ?value"):
            yield Hit(*(row[name] for name in ("this", "kg_o", "kg_p", "value")))


@dataclass(frozen=True)
class Qualified(Constraint):
    """At least or at most so many values that conform to a shape, and to none of `siblings`."""

    shape: Subject
    siblings: tuple[Subject, ...]
    least: int = 0
    most: int | None = None

    @property
    def shapes(self) -> tuple[Subject, ...]:
        """See `Constraint`."""
        return (self.shape, *self.siblings)

    @property
    def negated(self) -> tuple[Subject, ...]:
        """See `Constraint`."""
        return (*(self.siblings if self.least else ()), *((self.shape,) if self.most is not None else ()))

    def hits(self, site: Site) -> Iterator[Hit]:
        """See `Constraint`."""
        if not self.siblings and (cls := self._only_class(site)):
            yield from self._counted(site, f"?value {TYPE} {cls} .")
            return
        if self.siblings:
            yield from self._counted(site, self._conforming(site))
            return
        failing = site.run.failing(self.shape)
        if len(failing) > FEW:
            yield from self._counted(site, self._conforming(site))
            return
        # Only a node with a value that fails may have another number of them than of values.
        suspects = {hit.this for hit in Count(self.component, self.least, self.most).hits(site)}
        if failing:
            fails = site.run.scratch.pattern(frozenset(failing), site.var)
            suspects |= {this for this, _ in site.pairs(fails)}
        if not suspects:
            return
        site = Site(site.run, Focus((Nodes(frozenset(suspects)),)), site.path)
        counts = dict.fromkeys(site.nodes(), 0)
        for this, value in site.pairs():
            if value not in failing:
                counts[this] += 1
        for this, number in counts.items():
            if number < self.least or (self.most is not None and number > self.most):
                yield Hit(this)

    def _only_class(self, site: Site) -> NamedNode | None:
        """The class, if the shape asks of a value to be of that and of nothing else, which a pattern says."""
        match site.run.inline(self.shape):
            case (OfClass(classes=(NamedNode() as cls,)),):
                return cls
        return None

    def _conforming(self, site: Site) -> str:
        """The test that a value does not fail the shape, and fails those of all siblings."""
        own = [f"FILTER(!({test}))" for test in self._failing(site, self.shape)]
        others = (next(self._failing(site, sibling), "false") for sibling in self.siblings)
        return " ".join([*own, *(f"FILTER({test})" for test in others)])

    def _failing(self, site: Site, shape: Subject) -> Iterator[str]:
        """The test that a value fails a shape; none if no value does."""
        run, demands = site.run, site.run.inline(shape)
        if demands is not None and all(each.is_exact(run.data) for each in demands):
            found = [test for each in demands if (test := each.suspects(site.var, run.scratch))]
            yield from [" || ".join(f"({test})" for test in found)] if found else ()
        elif nodes := run.failing(shape):
            yield f"EXISTS {{ {run.scratch.pattern(frozenset(nodes), site.var)} }}"

    def _counted(self, site: Site, where: str) -> Iterator[Hit]:
        """What has too few or too many such values: the store counts them far quicker than Python."""
        number = "COUNT(DISTINCT ?value)"
        most = "true" if self.most is None else f"{number} <= {self.most}"
        if site.is_met(where, self.least, self.most):
            return
        if not self.least:
            rows = site.rows(where, "?this", f"GROUP BY ?this HAVING (!({most}))")
            yield from (Hit(row[0]) for row in rows)
            return
        enough = f"GROUP BY ?this HAVING ({number} >= {self.least} && {most})"
        fine = {row[0] for row in site.rows(where, "?this", enough)}
        yield from map(Hit, site.nodes() - fine)
