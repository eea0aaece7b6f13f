"""Shapes → results: each constraint judged for all focus nodes at once, nested shapes as sets of what fails.

A shape that others lean on is judged once, for all nodes that it may be asked of anywhere; what comes of it
is the set of those that fail. Whether a node conforms does not depend on who asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from pyoxigraph import NamedNode, Quad

from kg.shapes import paths
from kg.shapes.compile.asides import asides
from kg.shapes.compile.circles import CircleError, circles, heights, way
from kg.shapes.compile.constraints import Constraint, HasValue
from kg.shapes.compile.counting import Counted
from kg.shapes.compile.demands import Demand, NoneOf
from kg.shapes.compile.families import Families
from kg.shapes.compile.focus import Focus, Nodes, Part, Through
from kg.shapes.compile.judging import judge
from kg.shapes.compile.loading import Loaded
from kg.shapes.compile.logic import Logic
from kg.shapes.compile.model import Reader, Shape, component
from kg.shapes.compile.queries import SHAPES_GRAPH, Query, Row as Solution
from kg.shapes.compile.sites import Hits, Site, ends, is_nullable, is_simple, link
from kg.shapes.compile.written import as_written
from kg.shapes.graph import Shapes
from kg.shapes.results import Aside, Group, Results, Row, Source
from kg.shapes.triples import Object, Subject
from kg.shapes.vocabulary import sh

Judged = Demand | Constraint
Found = tuple[list[Object], Group]
"""Results, each with the node that was asked of."""

FEW = 1000
"""How many nodes are asked one by one where that saves asking for all."""

HEAVY = 100
"""How many demands of nested shapes may stand in one query."""

NEGATED = "a shape leads back to itself through a negation: it would hold where it does not"
ENDLESS = "the shapes lead back to themselves by sh:property, and the data as well: the results have no end"

STEP = 40
"""How many shapes within one another are judged at a go."""

DETAILED = 40
"""How far down it is told why a node does not have the shape that another asks for."""

NODE, PROPERTY = component("node"), sh("PropertyConstraintComponent")


class Evaluation(Counted):
    """One run of shapes over data."""

    def __init__(self, data: Loaded, shapes: Shapes) -> None:
        super().__init__(data)
        self.shapes = shapes
        self.asides: dict[Aside, None] = {}
        self._reader = Reader(shapes, data)
        self._failing: dict[Subject, set[Object]] = {}
        self._weight: dict[Subject, int] = {}
        self._inline: dict[Subject, tuple[Demand, ...] | None] = {}
        self._reached: dict[Subject, Focus] = {}
        self._open: tuple[Subject, ...] = ()
        self._trail: list[tuple[Subject, frozenset[Object]]] = []
        if any("shapesGraph" in str(text) for _, text in shapes.pairs(sh("select"), sh("ask"))):
            stored = data.written.stored
            data.store.extend(Quad(s, p, stored(o), SHAPES_GRAPH) for s, p, o in shapes.all)

    def results(self) -> Results:
        """All results of all shapes that have targets.

        :raises DefinitionError: if a query or regular expression cannot be run.
        :raises CircleError: if shapes refer to one another in a circle that has no meaning.
        """
        try:
            self._check_circles()
            self._judge_deep()
            groups = [group for shape in self._targeted for _, group in self._results(shape, shape.targets)]
            return Results(groups, [*asides(self.shapes, self.data), *self.asides])
        finally:
            self.scratch.clear()
            self.data.store.remove_graph(SHAPES_GRAPH)

    @cached_property
    def _targeted(self) -> list[Shape]:
        shapes = map(self._reader.shape, self.shapes.shapes)
        return [shape for shape in shapes if shape.active and shape.targets.parts]

    @cached_property
    def _families(self) -> Families:
        return Families(self._targeted, self._reader.shape, self.inline)

    # --- the results of a shape ----------------------------------------------------------

    def _results(self, shape: Shape, focus: Focus) -> Iterator[Found]:
        """The results of a shape and of property shapes below it, each with the node that was asked of."""
        if not shape.active:
            return
        known = self._families
        site = Site(self, focus, shape.path, known.of(shape, focus), known.counted(shape, focus))
        for constraint, hits in self._hits(shape, site):
            details = self._details(constraint, hits) if constraint.component == NODE else {}
            yield from _groups(shape, constraint, hits, details, self.data.written.marked)
        for node in shape.properties:
            below = self._reader.shape(node)
            yield from self._below(site, below) if shape.path else self._results(below, focus)

    def _below(self, site: Site, shape: Shape) -> Iterator[Found]:
        """The results of a property shape for the values of another, once for each that has the value."""
        step = shape.node, frozenset(site.values())
        if step in self._trail:
            circle = dict.fromkeys(node for node, _ in self._trail[self._trail.index(step) :])
            raise CircleError.of([[*circle]], ENDLESS)
        self._trail.append(step)
        found = list(self._results(shape, Focus((Nodes(step[1]),)))) if step[1] else []
        self._trail.pop()
        if not found:
            return
        failing = frozenset(node for nodes, _ in found for node in nodes)
        users: dict[Object, list[Object]] = {}
        for this, value in site.pairs(self.scratch.pattern(failing, site.var)):
            users.setdefault(value, []).append(this)
        for nodes, group in found:
            told = [(this, row) for row, node in enumerate(nodes) for this in users.get(node, ())]
            yield [this for this, _ in told], group.take([row for _, row in told])

    def _hits(self, shape: Shape, site: Site) -> Iterator[tuple[Judged, Hits]]:
        """What fails of each constraint, each hit once."""
        leaning = [(each, each.demand(site)) for each in shape.constraints if isinstance(each, Logic)]
        sources = {id(demand): each for each, demand in leaning}
        demands = [*shape.demands, *(demand for _, demand in leaning)]
        for demand, hits in judge(site, demands):
            yield sources.get(id(demand), demand), hits
        for constraint in shape.constraints:
            if not isinstance(constraint, Logic) and (hits := Hits.of(constraint.hits(site))).nodes:
                yield constraint, hits

    def _details(self, constraint: Judged, hits: Hits) -> Mapping[Object | None, tuple[Row, ...]]:
        """Why values do not have the shape that `sh:node` asks for."""
        assert isinstance(constraint, Logic)
        [node] = constraint.members
        if node in self._open or len(self._open) == DETAILED:
            return {}
        values = frozenset(value for value in hits.values if value is not None)
        before = self._open, self._trail
        self._open, self._trail = (*self._open, node), []
        found: dict[Object | None, list[Row]] = {}
        for nodes, group in self._results(self._reader.shape(node), Focus((Nodes(values),))):
            for row, value in enumerate(nodes):
                found.setdefault(value, []).append((group, row))
        self._open, self._trail = before
        return {value: tuple(rows) for value, rows in found.items()}

    # --- nested shapes -------------------------------------------------------------------

    def _judge_deep(self) -> None:
        """Judge what stands deep within other shapes before those: Python goes down with each of them."""
        deep = [node for node in self._heights if self._is_deep(node)]
        for node in reversed(deep):
            self._reach(node)
        for node in deep:
            self.failing(node)

    def _is_deep(self, node: Subject) -> bool:
        return self._heights.get(node, 0) % STEP == 0 < self._heights.get(node, 0) and node in self._users

    @cached_property
    def _heights(self) -> dict[Subject, int]:
        return heights(self._leads)

    def failing(self, node: Subject, among: set[Object] | None = None) -> set[Object]:
        """The nodes that fail a shape that others lean on, of all that it may be asked of.

        Of shapes in a circle as few fail as agree with what they demand. With `among`, only those need be
        right that are in it.
        """
        if node in self._failing:
            return self._failing[node]
        if circle := self._circles.get(node):
            self._failing |= {each: set() for each in circle}
            while sum(map(self._grows, circle)):
                pass
        elif among is not None and len(among) < FEW:
            return self._fails(node, Focus((Nodes(frozenset(among)),)))
        else:
            self._failing[node] = self._fails(node)
        return self._failing[node]

    def _grows(self, node: Subject) -> bool:
        """Judge the shape again, with what is known to fail by now; whether more fails."""
        before, self._failing[node] = self._failing[node], self._fails(node)
        return len(self._failing[node]) > len(before)

    def _fails(self, node: Subject, focus: Focus | None = None) -> set[Object]:
        shape = self._reader.shape(node)
        focus = focus or self._reach(node)
        if not shape.active or not focus.parts:
            return set()
        site, own = Site(self, focus, shape.path), shape.constraints
        demands = [*shape.demands, *(each.demand(site) for each in own if isinstance(each, Logic))]
        demands += [NoneOf(PROPERTY, frozenset(self.failing(each))) for each in shape.properties]
        found = {hit.this for each in own if not isinstance(each, Logic) for hit in each.hits(site)}
        if not shape.path and all(len(self._users[used]) == 1 for used in shape.uses):
            # They were asked of the same nodes: what fails them fails this shape.
            found.update(*(each.nodes for each in demands if isinstance(each, NoneOf)))
            demands = [each for each in demands if not isinstance(each, NoneOf)]
        return found.union(*(hits.nodes for _, hits in judge(site, demands)))

    def inline(self, node: Subject) -> tuple[Demand, ...] | None:
        """The demands of a shape that is about the node itself alone; none for any other shape."""
        if node not in self._inline:
            self._inline[node] = self._inlined(self._reader.shape(node))
        return self._inline[node]

    def _inlined(self, shape: Shape) -> tuple[Demand, ...] | None:
        if not shape.active:
            return ()
        leaning = [each for each in shape.constraints if isinstance(each, Logic)]
        fixed = [each.as_demand for each in shape.constraints if isinstance(each, HasValue)]
        known = len(leaning) + len(fixed) == len(shape.constraints)
        alone = known and not (shape.path or shape.properties)
        if not alone or shape.node in self._circles or self._is_deep(shape.node):
            return None
        members = [self.inline(member) for each in leaning for member in each.members]
        self._weight[shape.node] = weight = (
            len(shape.demands)
            + len(fixed)
            + sum(self._weight.get(member, 0) for each in leaning for member in each.members)
        )
        if weight > HEAVY or any(member is None for member in members):
            return None
        site = Site(self, Focus(()), None)
        return (*shape.demands, *fixed, *(each.demand(site) for each in leaning))

    def _reach(self, node: Subject) -> Focus:
        """All nodes that a shape may be asked of by those that lean on it, and some more."""
        if node not in self._reached:
            circle = self._circles.get(node, (node,))
            found = Focus.of(part for each in circle for part in self._asked_by_users(each, circle))
            self._reached |= dict.fromkeys(circle, found)
        return self._reached[node]

    def _asked_by_users(self, node: Subject, circle: tuple[Subject, ...]) -> Iterator[Part]:
        for user in self._users.get(node, ()):
            own = list(user.targets.parts)
            if user.node not in circle:
                own += self._reach(user.node).parts
            if user.path:
                yield from ends(user.path) if user.node in circle else self._at_end(user.path, own)
            if not user.path or is_nullable(user.path):
                yield from own

    def _at_end(self, path: paths.Path, starts: list[Part]) -> Iterator[Part]:
        """The nodes that a path leads to from `starts`, or all that it leads to if that is as quick."""
        every = list(ends(path))
        bases = [part for part in starts if not isinstance(part, Through)]
        if is_simple(path) and len(bases) == len(starts) > 0:
            many = self.size(every[0])
            if 2 * sum(map(self.size, starts)) < many:
                every = [Through(part, link(path, "{0}", "{1}")) for part in bases]
        yield from every

    @cached_property
    def _in_use(self) -> dict[Subject, Shape]:
        """The shapes that judge anything, or that those lean on."""
        found: dict[Subject, Shape] = {}
        todo = list(self._targeted)
        while todo:
            shape = todo.pop()
            if shape.active and shape.node not in found:
                found[shape.node] = shape
                todo += map(self._reader.shape, shape.uses)
        return found

    @cached_property
    def _users(self) -> dict[Subject, list[Shape]]:
        """The shapes that are in use, by those that they lean on."""
        found: dict[Subject, list[Shape]] = {}
        for shape in self._in_use.values():
            for node in dict.fromkeys(shape.uses):
                found.setdefault(node, []).append(shape)
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
        """Refuse circles through a negation, all of them at once."""
        if found := [way for each in dict.fromkeys(self._circles.values()) if (way := self._negated(each))]:
            raise CircleError.of(found, NEGATED)

    def _negated(self, circle: tuple[Subject, ...]) -> list[Subject]:
        """The shapes by which one of a circle leads back to itself through a negation; none if none does."""
        for node in circle:
            for constraint in self._reader.shape(node).constraints:
                for other in constraint.negated:
                    if other in circle:
                        return [node, *way(other, node, circle, self._leads)[:-1]]
        return []


def _groups(
    shape: Shape,
    constraint: Judged,
    hits: Hits,
    details: Mapping[Object | None, tuple[Row, ...]],
    marked: bool,
) -> Iterator[Found]:
    """The results of a constraint: mostly one group, of its own for each path and message of a query."""
    parts: dict[tuple[NamedNode | None, Object | None], list[int]] = {}
    for row, (path, other) in enumerate(hits.more):
        message = other.bindings.get("message") if isinstance(other, Solution) else None
        parts.setdefault((path, message), []).append(row)
    query = constraint.constraint if isinstance(constraint, Query) else None
    for (path, message), rows in parts.items() if parts else [((None, None), range(len(hits.nodes)))]:
        source = Source(shape.node, constraint.component, shape.severity, path or shape.path, query, message)
        nodes, values = [hits.nodes[row] for row in rows], [hits.values[row] for row in rows]
        others = [hits.more[row][1] for row in rows] if parts else []
        bindings = [each.bindings for each in others if isinstance(each, Solution)]
        group = Group(source, nodes, values, bindings if any(bindings) else None)
        if marked:
            group.focus, group.values = list(map(as_written, nodes)), list(map(as_written, values))
        if details:
            group.details = [details.get(value, ()) for value in values]
        yield nodes, group
