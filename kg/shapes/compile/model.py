"""A shapes graph → shapes with their constraints, ready to be judged.

Source: SHACL, sections 2 and 4, https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from pyoxigraph import Literal, NamedNode

from kg.shapes import paths
from kg.shapes.compile.constraints import (
    Closed,
    Constraint,
    Count,
    Disjoint,
    Equals,
    HasValue,
    LessThan,
    Qualified,
    UniqueLang,
)
from kg.shapes.compile.demands import (
    BOUNDS,
    Bound,
    Datatype,
    Demand,
    Languages,
    Length,
    Matches,
    NodeKind,
    OfClass,
    OneOf,
)
from kg.shapes.compile.focus import Ends, Focus, Nodes, Part, instances
from kg.shapes.compile.loading import Loaded
from kg.shapes.compile.logic import Logic
from kg.shapes.compile.queries import Queries
from kg.shapes.compile.regexes import Regex
from kg.shapes.graph import Shapes
from kg.shapes.triples import Object, Subject
from kg.shapes.vocabulary import sh

TRUE = Literal(True)
PROPERTY, SEVERITY, VIOLATION = map(sh, ("property", "severity", "Violation"))
Built = Demand | Constraint


@dataclass(frozen=True, eq=False)
class Shape:
    """A shape with all that it demands; `properties` are the property shapes below it."""

    node: Subject
    path: paths.Path | None
    severity: NamedNode
    active: bool
    targets: Focus
    demands: tuple[Demand, ...]
    constraints: tuple[Constraint, ...]
    properties: tuple[Subject, ...]

    @property
    def uses(self) -> Iterator[Subject]:
        """The shapes that it leans on."""
        yield from self.properties
        for constraint in self.constraints:
            yield from constraint.shapes


def component(parameter: str) -> NamedNode:
    """The component of one of SHACL's own parameters."""
    return sh(parameter[0].upper() + parameter[1:] + "ConstraintComponent")


class Reader:
    """Reads shapes, each when it is first asked for; what they target depends on the data."""

    def __init__(self, graph: Shapes, data: Loaded) -> None:
        self.graph, self.data = graph, data
        self._known: dict[Subject, Shape] = {}
        self._queries = Queries(graph)

    def shape(self, node: Subject) -> Shape:
        """The shape that `node` is."""
        if node not in self._known:
            self._known[node] = self._read(node)
        return self._known[node]

    def _read(self, node: Subject) -> Shape:
        graph = self.graph
        path = graph.path(node)
        built = [*self._constraints(node), *self._queries.of(node, path)]
        said = graph.properties(node)
        severity = next(iter(said.get(SEVERITY, ())), VIOLATION)
        below = said.get(PROPERTY, ())
        return Shape(
            node=node,
            path=path,
            severity=severity if isinstance(severity, NamedNode) else VIOLATION,
            active=graph.is_active(node),
            targets=Focus.of(self._targets(node)),
            demands=tuple(each for each in built if isinstance(each, Demand)),
            constraints=tuple(each for each in built if isinstance(each, Constraint)),
            properties=tuple(each for each in below if isinstance(each, Subject)),
        )

    def _targets(self, node: Subject) -> Iterator[Part]:
        graph, stored = self.graph, self.data.written.stored
        if not graph.has_target(node):
            return
        yield from instances(graph.target_classes(node), self.data)
        for local, subjects in (("targetSubjectsOf", True), ("targetObjectsOf", False)):
            props = graph.objects(node, sh(local))
            yield from (Ends(prop, subjects) for prop in props if isinstance(prop, NamedNode))
        if named := graph.objects(node, sh("targetNode")):
            yield Nodes(frozenset(map(stored, named)))

    def _constraints(self, node: Subject) -> Iterator[Built]:
        said = self.graph.properties(node)
        for number in sorted(NUMBERS[prop] for prop in said if prop in NUMBERS):
            local, read = NUMBERED[number]
            for value in said[sh(local)]:
                yield from read(self, node, local, value)
        if QUALIFIED in said:
            for local in ("qualifiedMinCount", "qualifiedMaxCount"):
                yield from self._qualified(node, local)

    def _members(self, head: Object) -> tuple[Object, ...]:
        stored = self.data.written.stored
        return tuple(map(stored, self.graph.items(head)))

    def _qualified(self, node: Subject, local: str) -> Iterator[Built]:
        graph = self.graph
        for limit in graph.objects(node, sh(local)):
            for shape in graph.objects(node, sh("qualifiedValueShape")):
                if isinstance(shape, Subject):
                    number = int(getattr(limit, "value", "0"))
                    ends = {"least": number} if local == "qualifiedMinCount" else {"most": number}
                    yield Qualified(component(local), shape, self._siblings(node, shape), **ends)

    def _siblings(self, node: Subject, shape: Subject) -> tuple[Subject, ...]:
        """The shapes that the values must not have, besides: those of other property shapes beside `node`."""
        graph = self.graph
        if TRUE not in graph.objects(node, sh("qualifiedValueShapesDisjoint")):
            return ()
        beside = (
            each
            for user in graph.subjects(sh("property"), node)
            for each in graph.objects(user, sh("property"))
        )
        found = (other for each in beside for other in graph.objects(each, sh("qualifiedValueShape")))
        return tuple(dict.fromkeys(each for each in found if isinstance(each, Subject) and each != shape))


Read = Callable[[Reader, Subject, str, Object], Iterator[Built]]


def _class(reader: Reader, _node: Subject, local: str, value: Object) -> Iterator[Built]:
    assert isinstance(value, NamedNode)
    yield OfClass(component(local), tuple(reader.data.classes_below(value)))


def _datatype(_reader: Reader, _node: Subject, local: str, value: Object) -> Iterator[Built]:
    assert isinstance(value, NamedNode)
    yield Datatype(component(local), value)


def _node_kind(_reader: Reader, _node: Subject, local: str, value: Object) -> Iterator[Built]:
    assert isinstance(value, NamedNode)
    yield NodeKind(component(local), value.value.rpartition("#")[2])


def _bound(_reader: Reader, _node: Subject, local: str, value: Object) -> Iterator[Built]:
    assert isinstance(value, Literal)
    yield Bound(component(local), value, *BOUNDS[local])


def _number(value: Object) -> int:
    assert isinstance(value, Literal)
    return int(value.value)


def _count(_reader: Reader, _node: Subject, local: str, value: Object) -> Iterator[Built]:
    number = _number(value)
    yield Count(component(local), **({"least": number} if local == "minCount" else {"most": number}))


def _length(_reader: Reader, _node: Subject, local: str, value: Object) -> Iterator[Built]:
    number = _number(value)
    yield Length(component(local), **({"least": number} if local == "minLength" else {"most": number}))


def _pattern(reader: Reader, node: Subject, local: str, value: Object) -> Iterator[Built]:
    assert isinstance(value, Literal)
    flags = "".join(getattr(each, "value", "") for each in reader.graph.objects(node, sh("flags")))
    yield Matches(component(local), Regex(value.value, flags))


def _in(reader: Reader, _node: Subject, local: str, value: Object) -> Iterator[Built]:
    yield OneOf(component(local), frozenset(reader._members(value)))


def _languages(reader: Reader, _node: Subject, local: str, value: Object) -> Iterator[Built]:
    members = reader._members(value)
    yield Languages(component(local), tuple(each.value for each in members if isinstance(each, Literal)))


def _unique(_reader: Reader, _node: Subject, local: str, value: Object) -> Iterator[Built]:
    if value == TRUE:
        yield UniqueLang(component(local))


def _has_value(reader: Reader, _node: Subject, local: str, value: Object) -> Iterator[Built]:
    yield HasValue(component(local), reader.data.written.stored(value))


def _pair(
    kind: type[Equals] | type[Disjoint] | type[LessThan],
    _reader: Reader,
    _node: Subject,
    local: str,
    value: Object,
) -> Iterator[Built]:
    assert isinstance(value, NamedNode)
    if kind is LessThan:
        yield LessThan(component(local), value, local == "lessThanOrEquals")
    else:
        yield kind(component(local), value)


def _closed(reader: Reader, node: Subject, local: str, value: Object) -> Iterator[Built]:
    if value != TRUE:
        return
    graph = reader.graph
    below = (path for each in graph.objects(node, sh("property")) for path in graph.objects(each, sh("path")))
    ignored = (each for head in graph.objects(node, sh("ignoredProperties")) for each in graph.items(head))
    known = frozenset(each for each in (*below, *ignored) if isinstance(each, NamedNode))
    yield Closed(component(local), known)


def _one(_reader: Reader, _node: Subject, local: str, value: Object) -> Iterator[Built]:
    if isinstance(value, Subject):
        yield Logic(component(local), local, (value,))


def _several(reader: Reader, _node: Subject, local: str, value: Object) -> Iterator[Built]:
    members = reader.graph.items(value)
    yield Logic(component(local), local, tuple(each for each in members if isinstance(each, Subject)))


READERS: dict[str, Read] = {
    "class": _class,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minCount": _count,
    "maxCount": _count,
    **dict.fromkeys(BOUNDS, _bound),
    "minLength": _length,
    "maxLength": _length,
    "pattern": _pattern,
    "languageIn": _languages,
    "uniqueLang": _unique,
    "equals": partial(_pair, Equals),
    "disjoint": partial(_pair, Disjoint),
    "lessThan": partial(_pair, LessThan),
    "lessThanOrEquals": partial(_pair, LessThan),
    "node": _one,
    "not": _one,
    "and": _several,
    "or": _several,
    "xone": _several,
    "closed": _closed,
    "hasValue": _has_value,
    "in": _in,
}
"""How the constraints of each parameter are read."""

NUMBERED = tuple(READERS.items())
NUMBERS = {sh(local): number for number, local in enumerate(READERS)}
QUALIFIED = sh("qualifiedValueShape")
