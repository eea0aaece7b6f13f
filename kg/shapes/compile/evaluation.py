"""Shapes → results: each constraint judged for all focus nodes at once, nested shapes as sets of what fails.

A shape that others lean on is judged once, for all nodes that it may be asked of anywhere; what comes of it
is the set of those that fail. Whether a node conforms does not depend on who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from pyoxigraph import Quad

from kg.shapes.compile.circles import CircleError, circles, trail
from kg.shapes.compile.constraints import Constraint
from kg.shapes.compile.demands import Demand, NoneOf
from kg.shapes.compile.focus import Focus, Nodes, Part, Scratch
from kg.shapes.compile.loading import Loaded
from kg.shapes.compile.logic import Logic
from kg.shapes.compile.model import Reader, Shape, component
from kg.shapes.compile.queries import SHAPES_GRAPH, Query, Row
from kg.shapes.compile.sites import Hit, Site, ends, is_nullable
from kg.shapes.compile.written import as_written
from kg.shapes.graph import Shapes
from kg.shapes.report import Result
from kg.shapes.triples import Object, Subject
from kg.shapes.vocabulary import sh

Judged = Demand | Constraint
Found = tuple[Object, Result]
NODE, PROPERTY = component("node"), sh("PropertyConstraintComponent")


class Evaluation:
    """One run of shapes over data."""

    def __init__(self, data: Loaded, shapes: Shapes) -> None:
        self.data, self.shapes = data, shapes
        self.scratch = Scratch(data)
        self._reader = Reader(shapes, data)
        self._failing: dict[Subject, set[Object]] = {}
        self._single: dict[str, bool] = {}
        self._open: tuple[Subject, ...] = ()
        self._trail: list[tuple[Subject, frozenset[Object]]] = []
        if any("shapesGraph" in str(text) for _, text in shapes.pairs(sh("select"), sh("ask"))):
            data.store.extend(Quad(s, p, o, SHAPES_GRAPH) for s, p, o in shapes.all)

    def results(self) -> Iterator[Result]:
        """All results of all shapes that have targets.

        :raises DefinitionError: if a query or regular expression cannot be run.
        :raises CircleError: if shapes refer to one another in a circle that has no meaning.
        """
        try:
            self._check_circles()
            for shape in self._targeted:
                yield from (result for _, result in self._results(shape, shape.targets))
        finally:
            self.scratch.clear()
            self.data.store.remove_graph(SHAPES_GRAPH)

    @cached_property
    def _targeted(self) -> list[Shape]:
        shapes = map(self._reader.shape, self.shapes.shapes)
        return [shape for shape in shapes if shape.active and shape.targets.parts]

    # --- the results of a shape ----------------------------------------------------------

    def _results(self, shape: Shape, focus: Focus) -> Iterator[Found]:
        """The results of a shape and of property shapes below it, each with the node that was asked of."""
        if not shape.active:
            return
        site = Site(self, focus, shape.path)
        for constraint, hits in self._hits(shape, site):
            details = self._details(constraint, hits) if constraint.component == NODE else {}
            for hit in hits:
                yield hit.this, _result(shape, constraint, hit, details.get(hit.value, ()))
        for node in shape.properties:
            below = self._reader.shape(node)
            yield from self._below(site, below) if shape.path else self._results(below, focus)

    def _below(self, site: Site, shape: Shape) -> Iterator[Found]:
        """The results of a property shape for the values of another, once for each that has the value."""
        step = shape.node, frozenset(site.values())
        if step in self._trail:
            raise CircleError.of([node for node, _ in self._trail[self._trail.index(step) :]])
        self._trail.append(step)
        found = _grouped(self._results(shape, Focus((Nodes(step[1]),)))) if step[1] else {}
        self._trail.pop()
        if found:
            for this, value in site.pairs(self.scratch.pattern(frozenset(found), site.var)):
                yield from ((this, result) for result in found[value])

    def _hits(self, shape: Shape, site: Site) -> Iterator[tuple[Judged, list[Hit]]]:
        """What fails of each constraint, each hit once."""
        leaning = [(each, each.demand(site)) for each in shape.constraints if isinstance(each, Logic)]
        sources = {id(demand): each for each, demand in leaning}
        demands = [*shape.demands, *(demand for _, demand in leaning)]
        for demand, hits in judge(site, demands):
            yield sources.get(id(demand), demand), hits
        for constraint in shape.constraints:
            if not isinstance(constraint, Logic) and (hits := list(dict.fromkeys(constraint.hits(site)))):
                yield constraint, hits

    def _details(self, constraint: Judged, hits: Iterable[Hit]) -> Mapping[Object | None, tuple[Result, ...]]:
        """Why values do not have the shape that `sh:node` asks for."""
        assert isinstance(constraint, Logic)
        [node] = constraint.members
        if node in self._open:
            return {}
        values = frozenset(hit.value for hit in hits if hit.value is not None)
        before, self._open = self._open, (*self._open, node)
        found = _grouped(self._results(self._reader.shape(node), Focus((Nodes(values),))))
        self._open = before
        return {value: tuple(results) for value, results in found.items()}

    # --- nested shapes -------------------------------------------------------------------

    def failing(self, node: Subject) -> set[Object]:
        """The nodes that fail a shape that others lean on, of all that it may be asked of.

        Of shapes in a circle as few fail as agree with what they demand.
        """
        if node not in self._failing:
            if circle := self._circles.get(node):
                self._failing |= {each: set() for each in circle}
                while sum(map(self._grows, circle)):
                    pass
            else:
                self._failing[node] = self._fails(node)
        return self._failing[node]

    def _grows(self, node: Subject) -> bool:
        """Judge the shape again, with what is known to fail by now; whether more fails."""
        found = self._fails(node)
        grown = len(found) > len(self._failing[node])
        self._failing[node] = found
        return grown

    def _fails(self, node: Subject) -> set[Object]:
        shape = self._reader.shape(node)
        if not shape.active:
            return set()
        site = Site(self, Focus.of(self._reach(node, set())), shape.path)
        found = {hit.this for _, hits in self._hits(shape, site) for hit in hits}
        below = [NoneOf(PROPERTY, frozenset(self.failing(each))) for each in shape.properties]
        return found | {hit.this for _, hits in judge(site, below) for hit in hits}

    def _reach(self, node: Subject, seen: set[Subject]) -> Iterator[Part]:
        """All nodes that a shape may be asked of by those that lean on it."""
        seen.add(node)
        for user in self._users.get(node, ()):
            if user.path:
                yield from ends(user.path)
            if not user.path or is_nullable(user.path):
                yield from user.targets.parts
                if user.node not in seen:
                    yield from self._reach(user.node, seen)

    @cached_property
    def _users(self) -> dict[Subject, list[Shape]]:
        """The shapes that are in use, by those that they lean on."""
        found: dict[Subject, list[Shape]] = {}
        todo, seen = list(self._targeted), set[Subject]()
        while todo:
            shape = todo.pop()
            if shape.node in seen or not shape.active:
                continue
            seen.add(shape.node)
            for node in dict.fromkeys(shape.uses):
                found.setdefault(node, []).append(shape)
                todo.append(self._reader.shape(node))
        return found

    @cached_property
    def _circles(self) -> dict[Subject, tuple[Subject, ...]]:
        """The shapes that lean on one another, by each of them."""
        return {node: circle for circle in circles(self._leads) for node in circle}

    @cached_property
    def _leads(self) -> dict[Subject, list[Subject]]:
        """What the shapes that are in use lead to."""
        users = {user.node: user for users in self._users.values() for user in users}
        return {node: list(user.uses) for node, user in users.items()}

    def _check_circles(self) -> None:
        """Refuse circles through a negation."""
        for node, circle in self._circles.items():
            for constraint in self._reader.shape(node).constraints:
                if not constraint.is_monotone and not set(circle).isdisjoint(constraint.shapes):
                    raise CircleError.of(trail(circle, self._leads))

    # --- proofs --------------------------------------------------------------------------

    def is_single(self, link: str) -> bool:
        """Whether no node at all has two values by a link of one triple."""
        if link not in self._single:
            query = f"SELECT (COUNT(*) AS ?all) (COUNT(DISTINCT ?this) AS ?nodes) {{ {link} }}"
            [row] = self.data.select(query)
            self._single[link] = row[0] == row[1]
        return self._single[link]


def judge(site: Site, demands: Iterable[Demand]) -> Iterator[tuple[Demand, list[Hit]]]:
    """What fails of demands on single values; one query for each part of the focus finds all suspects."""
    asked = [(demand, demand.suspects(site.var, site.run.scratch)) for demand in demands]
    asked = [(demand, suspects) for demand, suspects in asked if suspects]
    if not asked:
        return
    pairs = site.pairs(f"FILTER({' || '.join(f'({suspects})' for _, suspects in asked)})")
    values = {value for _, value in pairs}
    for demand, _ in asked:
        bad = values if demand.exact and len(asked) == 1 else demand.failing(values, site.run.data)
        if bad:
            yield demand, [Hit(this, value) for this, value in pairs if value in bad]


def _grouped(found: Iterable[Found]) -> dict[Object, list[Result]]:
    """The results by the node that was asked of."""
    groups: dict[Object, list[Result]] = {}
    for node, result in found:
        groups.setdefault(node, []).append(result)
    return groups


def _result(shape: Shape, constraint: Judged, hit: Hit, details: tuple[Result, ...]) -> Result:
    return Result(
        focus=as_written(hit.this),
        path=hit.path or shape.path,
        value=as_written(hit.value),
        source_shape=shape.node,
        component=constraint.component,
        severity_iri=shape.severity,
        details=details,
        constraint=constraint.constraint if isinstance(constraint, Query) else None,
        bindings=hit.other.bindings if isinstance(hit.other, Row) else {},
    )
