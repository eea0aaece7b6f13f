"""Constraints that authors wrote in SPARQL: their own, and the components that a shapes graph declares.

Source: SHACL, sections 5 and 6, https://www.w3.org/TR/shacl/#sparql-constraints
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg.errors import DefinitionError
from kg.shapes import paths
from kg.shapes.compile.constraints import Constraint
from kg.shapes.compile.regexes import PatternError
from kg.shapes.compile.sites import Hit, Site
from kg.shapes.graph import Shapes, local_name
from kg.shapes.results import Aside
from kg.shapes.sparql import PATH, prefixes, unknown_function
from kg.shapes.triples import Object, Subject
from kg.shapes.vocabulary import sh

if TYPE_CHECKING:
    from kg.shapes.compile.sparql import Matching

TRUE, SPARQL = Literal(True), sh("sparql")
SHAPES_GRAPH = NamedNode("urn:x-shapes-graph")
"""The graph of the store in which queries find the shapes."""

_OWN = ("this", "path", "value")


@dataclass(frozen=True, eq=False)
class Row:
    """What a solution bound beside the result's own parts; each is a result, also if it is as another."""

    bindings: Mapping[str, Object]


@dataclass(frozen=True)
class Query(Constraint):
    """A query with its prefixes, `$PATH` filled in; `bound` is what it is to know beside `$this`.

    `constraint` is the node of `sh:sparql`, `name` what the shape is called in errors.
    """

    text: str
    bound: Mapping[str, Object] = field(hash=False)
    name: str
    constraint: Subject | None = None

    def hits(self, site: Site) -> Iterator[Hit]:
        """See `Constraint`; what Python had to match is noted."""
        from kg.shapes.compile.sparql import Matching

        matching, shape = Matching(), self.bound["currentShape"]
        assert isinstance(shape, Subject)
        try:
            yield from self._hits(site, matching)
        except PatternError as exc:
            exc.node, exc.rule = self.constraint or shape, self.name
            raise
        asides = (Aside(shape, self.constraint, e.pattern, e.why, rows) for e, rows in matching.found.items())
        site.run.asides |= dict.fromkeys(asides)

    def _hits(self, site: Site, matching: Matching) -> Iterator[Hit]:
        """A hit for each solution of a SELECT."""
        from kg.shapes.compile.sparql import FocusSet, select

        data, stored = site.run.data, site.run.data.written.stored
        focus = FocusSet(site.focus.union(site.run.scratch), site.nodes)
        asked = select(data.store, self.text, focus, self.bound, data.written, data.sharing, matching)
        for row in asked:
            if row.get("failure") == TRUE:
                raise DefinitionError.at(None, f"{self.name}: the query says that it failed")
            path, value, this = row.get("path"), row.get("value"), stored(row["this"])
            yield Hit(
                this,
                stored(value) if value is not None else None if site.path else this,
                path if isinstance(path, NamedNode) else None,
                Row({name: term for name, term in row.items() if name not in _OWN}),
            )


@dataclass(frozen=True)
class Ask(Query):
    """A question of each value, to which the answer should be yes."""

    def _hits(self, site: Site, matching: Matching) -> Iterator[Hit]:
        """A hit for each pair for which the answer is no."""
        from kg.shapes.compile.sparql import Pairs, ask

        data, stored = site.run.data, site.run.data.written.stored
        bodies = [f"{body} {'' if site.path else 'BIND(?this AS ?value)'}" for body in site.bodies()]
        pattern = " UNION ".join(f"{{ {body} }}" for body in bodies)
        pairs = Pairs(pattern, lambda: set(site.pairs()))
        asked = ask(data.store, self.text, pairs, self.bound, data.written, data.sharing, matching)
        for this, value in asked:
            yield Hit(stored(this), stored(value))


class Queries:
    """Reads the queries of shapes."""

    def __init__(self, graph: Shapes) -> None:
        self._graph = graph

    def of(self, shape: Subject, path: paths.Path | None) -> Iterator[Query]:
        """The queries that the shape demands by `sh:sparql`, and by components of the graph's own."""
        has = self._graph.objects
        for node in self._graph.properties(shape).get(SPARQL, ()):
            if isinstance(node, Subject) and self._is_run(node):
                text = self._text(shape, path, node, "select")
                bound = self._always(shape)
                name = self._graph.rule(shape, node)
                yield Query(sh("SPARQLConstraintComponent"), text, bound, name, node)
        for component, parameters in self._graph.components.items():
            values = {p: found for p in parameters if (found := has(shape, p))}
            if values and all(p in values for p, optional in parameters.items() if not optional):
                yield from self._custom(shape, path, component, values, len(parameters))

    def _is_run(self, node: Object) -> bool:
        """Whether a query is neither switched off nor calls a function that nobody has; the report tells."""
        off = TRUE in self._graph.objects(node, sh("deactivated"))
        return not off and not unknown_function(self._graph, node)

    def _custom(
        self,
        shape: Subject,
        path: paths.Path | None,
        component: NamedNode,
        values: dict[NamedNode, list[Object]],
        parameters: int,
    ) -> Iterator[Query]:
        """Each value of a single parameter is a constraint of its own."""
        has, name = self._graph.objects, self._graph.rule(shape)
        queries, questions = (
            [each for each in has(component, sh(kind)) if has(each, sh(form)) and self._is_run(each)]
            for kind, form in (
                ("propertyValidator" if path else "nodeValidator", "select"),
                ("validator", "ask"),
            )
        )
        names = [*map(local_name, values)]
        for given in [[value] for value in next(iter(values.values()))] if parameters == 1 else [[]]:
            bound = self._always(shape)
            bound |= {local_name(p): (given or found)[0] for p, found in values.items()}
            if queries and isinstance(queries[0], Subject):
                yield Query(component, self._text(shape, path, queries[0], "select", names), bound, name)
            elif questions and isinstance(questions[0], Subject):
                yield Ask(component, self._text(shape, path, questions[0], "ask", names), bound, name)

    def _always(self, shape: Subject) -> dict[str, Object]:
        return {"currentShape": shape, "shapesGraph": SHAPES_GRAPH}

    def _text(
        self, shape: Subject, path: paths.Path | None, node: Subject, kind: str, names: Collection[str] = ()
    ) -> str:
        """The query with its prefixes, on the lines that it is written on."""
        from kg.shapes.compile.sparql import check

        found = [each for each in self._graph.objects(node, sh(kind)) if isinstance(each, Literal)]
        if not found:
            raise DefinitionError.at(None, f"{self._graph.rule(shape)}: a query without sh:{kind}")
        way = f"({paths.write(paths.straightened(path))})" if path else ""
        text = PATH.sub(lambda _: way, found[0].value) if way else found[0].value
        declared = sorted(prefixes(self._graph, node).items())
        text = " ".join([*(f"PREFIX {prefix}: <{iri}>" for prefix, iri in declared), text])
        if wrong := check(text, names):
            what = f"{self._graph.rule(shape, node)}: sh:{kind} {', '.join(wrong)}"
            raise DefinitionError.at(None, what, "SHACL does not allow that in a constraint")
        return text
