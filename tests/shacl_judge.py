"""A second opinion on every validation: SHACL evaluated as its specification defines it, slow and exact.

It works on parsed terms, so that each literal is the one that was written. Value nodes are sets, results are
lists: the same result twice is two results. Recursive shapes, which the specification leaves open, are
taken as the largest set of conforming nodes that agrees with itself; where there may be no such set, and
where results would have no end, it refuses.

Source: SHACL, https://www.w3.org/TR/shacl/, sections 2 and 3; section 4 is in `shacl_components`, 5 and 6 in
`shacl_queries`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from pyoxigraph import NamedNode, Quad
from shacl_components import CORE, TRUE, At, siblings
from shacl_queries import Queries, RefusedError

from kg import names
from kg.shapes import Result, paths
from kg.shapes.triples import FIRST, SUBCLASS, TYPE, Object, Triples
from kg.shapes.vocabulary import sh

APART = sh("qualifiedValueShapesDisjoint")
RDFS_CLASS = NamedNode(names.RDFS + "Class")


def judge(data: Iterable[Quad], shapes: Iterable[Quad]) -> list[Result]:
    """The results of validating the data against the shapes; both may hold named graphs, taken as one."""
    return Judge(data, shapes).validate()


class Judge:
    """One data graph and one shapes graph."""

    def __init__(self, data: Iterable[Quad], shapes: Iterable[Quad]) -> None:
        self.data, self.shapes = Triples(data), Triples(shapes)
        self.queries = Queries(self.data, self.shapes)
        self._recursive = self._find_recursive()
        self._assumed: dict[tuple[Object, Object], bool] = {}

    # 3.4 Validation

    def validate(self) -> list[Result]:
        """3.4: the results of all shapes at all nodes of their targets."""
        while True:
            before = dict(self._assumed)
            found = [
                r for shape in self._targeting() for n in self._targets(shape) for r in self.results(n, shape)
            ]
            self._settle()
            if before == self._assumed:
                return found

    def _targeting(self) -> set[Object]:
        predicates = [sh("target" + kind) for kind in ("Node", "Class", "SubjectsOf", "ObjectsOf")]
        kinds = {s for kind in ("NodeShape", "PropertyShape") for s in self._instances(self.shapes, sh(kind))}
        classes = self._instances(self.shapes, RDFS_CLASS)
        return {shape for shape, _ in self.shapes.pairs(*predicates)} | (kinds & classes)

    def _targets(self, shape: Object) -> set[Object]:
        """2.1.3: the focus nodes of a shape."""
        given, data = self.shapes.objects, self.data
        found = set(given(shape, sh("targetNode")))
        classes = set(given(shape, sh("targetClass")))
        if shape in self._instances(self.shapes, RDFS_CLASS):
            classes.add(shape)
        found |= {node for of in classes for node in self._instances(data, of)}
        found |= {s for p in given(shape, sh("targetSubjectsOf")) for s, _ in data.pairs(p)}
        found |= {o for p in given(shape, sh("targetObjectsOf")) for _, o in data.pairs(p)}
        return found

    @cache  # noqa: B019
    def _instances(self, graph: Triples, of: Object) -> set[Object]:
        return {node for node, _ in graph.pairs(TYPE) if of in self._classes(graph, node)}

    @cache  # noqa: B019
    def _classes(self, graph: Triples, node: Object) -> set[Object]:
        """1.1: what a node is a SHACL instance of."""
        found = set(graph.objects(node, TYPE))
        while more := {above for one in found for above in graph.objects(one, SUBCLASS)} - found:
            found |= more
        return found

    def is_instance(self, node: Object, of: Object) -> bool:
        """1.1: whether the class is among the types of a node, or above one of them."""
        return of in self._classes(self.data, node)

    def conforms(self, node: Object, shape: Object) -> bool:
        """3.5: whether a node has no results; for a recursive shape, what is assumed of it so far."""
        if shape in self._recursive:
            return self._assumed.setdefault((node, shape), True)
        return not self.results(node, shape)

    def _settle(self) -> None:
        """Take back what was assumed and does not hold, until all that is left does."""
        changed = True
        while changed:
            changed = False
            for key in list(self._assumed):
                if self._assumed[key] and self.results(*key):
                    self._assumed[key], changed = False, True

    def results(self, focus: Object, shape: Object) -> list[Result]:
        """3.4: what is wrong with a focus node, by all constraints of a shape that is not deactivated."""
        if TRUE in self.shapes.objects(shape, sh("deactivated")):
            return []
        return list(self._results(At(self, shape, focus, frozenset(self._value_nodes(focus, shape)))))

    def _value_nodes(self, focus: Object, shape: Object) -> set[Object]:
        """3.7: the focus node itself, or where its path leads."""
        path = self.shapes.objects(shape, sh("path"))
        return reach(self.data, self.shapes, path[0], {focus}) if path else {focus}

    def _results(self, at: At) -> Iterator[Result]:
        for name, component in CORE.items():
            for parameter in at.given(name):
                for value in component(at, parameter):
                    yield self._result(at, name[0].upper() + name[1:], value)
        for prop in at.given("property"):
            yield from (below for v in at.values for below in self.results(v, prop))
        if TRUE in at.given("closed"):
            for prop, value in self._closed(at):
                yield self._result(at, "Closed", value, prop)
        for found in self.queries.results(at):
            yield self._result(at, *found)

    def _closed(self, at: At) -> Iterator[tuple[NamedNode, Object]]:
        """4.8.1: the triples of value nodes whose property the shape does not name."""
        allowed = {p for below in at.given("property") for p in self.shapes.objects(below, sh("path"))}
        allowed |= {p for head in at.given("ignoredProperties") for p in self.shapes.items(head)}
        for v in at.values:
            for prop, values in self.data.properties(v).items():
                yield from ((prop, value) for value in values if prop not in allowed)

    def _result(
        self, at: At, component: str | NamedNode, value: Object | None, path: NamedNode | None = None,
        constraint: Object | None = None, focus: Object | None = None,
    ) -> Result:  # fmt: skip
        """3.6.2: a result, with the path and the severity of its shape."""
        own = self.shapes.objects(at.shape, sh("path"))
        severity = self.shapes.objects(at.shape, sh("severity"))
        return Result(
            focus=focus or at.focus,
            path=path or (paths.read(self.shapes, own[0]) if own else None),
            value=value,
            source_shape=at.shape,
            component=sh(component + "ConstraintComponent") if isinstance(component, str) else component,
            severity_iri=severity[0] if severity else sh("Violation"),
            constraint=constraint,
        )

    # 3.4.3 Recursive shapes

    def _find_recursive(self) -> set[Object]:
        """The shapes that lead back to themselves.

        :raises RefusedError: if one does so through a negation, or through `sh:property` alone.
        """
        one = [sh(name) for name in ("property", "node", "qualifiedValueShape", "not")]
        lists = [sh(name) for name in ("and", "or", "xone")]
        steps = {(user, p, used) for p in one for user, used in self.shapes.pairs(p)}
        steps |= {
            (user, p, m) for p in lists for user, h in self.shapes.pairs(p) for m in self.shapes.items(h)
        }
        steps |= {
            (one, APART, other) for one, _ in self.shapes.pairs(APART) for other in siblings(self.shapes, one)
        }
        leads = _closure({(user, used) for user, _, used in steps})
        for user, kind, used in steps:
            if (used, user) in leads or used == user:
                self._check_step(user, kind)
        if any(a == b for a, b in _closure({(u, v) for u, p, v in steps if p == sh("property")})):
            raise RefusedError("results without an end")
        return {a for a, b in leads if a == b}

    def _check_step(self, user: Object, kind: NamedNode) -> None:
        most = kind == sh("qualifiedValueShape") and self.shapes.objects(user, sh("qualifiedMaxCount"))
        if most or kind in (sh("not"), sh("xone"), APART):
            raise RefusedError("a circle through a negation")


def _closure(pairs: set[tuple[Object, Object]]) -> set[tuple[Object, Object]]:
    """The transitive closure."""
    onwards: dict[Object, set[Object]] = {}
    for a, b in pairs:
        onwards.setdefault(a, set()).add(b)
    for found in onwards.values():
        while more := {c for b in found for c in onwards.get(b, ())} - found:
            found |= more
    return {(a, b) for a, found in onwards.items() for b in found}


def reach(
    data: Triples, shapes: Triples, path: Object, nodes: set[Object], back: bool = False
) -> set[Object]:
    """2.3.1: the nodes that a path leads to from any of `nodes`; `back`, from its end to its start."""
    if isinstance(path, NamedNode):
        if back:
            return {s for n in nodes for s in data.subjects(path, n)}
        return {o for n in nodes for o in data.objects(n, path)}
    if shapes.objects(path, FIRST):
        members = shapes.items(path)
        for member in reversed(members) if back else members:
            nodes = reach(data, shapes, member, nodes, back)
        return nodes
    [(kind, inner)] = [
        (kind, inner)
        for kind in ("inverse", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne")
        for inner in shapes.objects(path, sh(kind + "Path"))
    ]
    if kind == "inverse":
        return reach(data, shapes, inner, nodes, not back)
    if kind == "alternative":
        return {n for one in shapes.items(inner) for n in reach(data, shapes, one, nodes, back)}
    found = reach(data, shapes, inner, nodes, back)
    if kind == "zeroOrOne":
        return nodes | found
    while more := reach(data, shapes, inner, found, back) - found:
        found |= more
    return found | nodes if kind == "zeroOrMore" else found


def key(result: Result) -> tuple[Object | None, ...]:
    """All of a result that the specification fixes, to be compared."""
    path = paths.write(paths.straightened(result.path)) if result.path else None
    parts = (result.focus, path, result.value, result.source_shape, result.component, result.severity_iri)
    return (*parts, result.constraint)
