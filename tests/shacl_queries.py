"""SHACL-SPARQL by the definition of pre-binding: each basic graph pattern is joined with the bound variables.

rdflib parses the queries and works out their algebra; what the specification calls `Replace(X, μ)` is done
to that, and rdflib evaluates it over terms as they are written. How values compare, and what functions give,
is as rdflib has it: queries that turn on that are no matter for this judge.

Source: SHACL, sections 5 and 6 and appendix A, https://www.w3.org/TR/shacl/#pre-binding
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any

import pyoxigraph as ox
import rdflib
from pyparsing import ParseResults
from rdflib.plugins.sparql.algebra import Join, ToMultiSet, Values, translateQuery, traverse
from rdflib.plugins.sparql.evaluate import evalQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from kg.formats.objects import term
from kg.shapes import paths
from kg.shapes.graph import local_name
from kg.shapes.sparql import PATH, prefixes
from kg.shapes.triples import Object, Triples
from kg.shapes.vocabulary import sh

TRUE = ox.Literal(True)
SHAPES = rdflib.URIRef("urn:x-judge:shapes")
OPTIONAL = ("shapesGraph", "currentShape")
Found = tuple[Any, ...]


class RefusedError(Exception):
    """The specification asks for a failure."""


class Query:
    """A query with variables to be bound beforehand; `solutions` gives a table for each binding."""

    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        self._given: dict[Variable, Any] = {}
        self._bound = {Variable(name) for name in names}
        parsed = traverse(parseQuery(text), visitPost=_kept)
        self._all = any(one.name == "SubSelect" and "projection" not in one for one in _parts(parsed))
        self.query = translateQuery(parsed)
        self._check(self.query.algebra, top=True)
        self.query.algebra = self._replace(self.query.algebra)

    def solutions(self, graph: rdflib.Dataset, given: dict[str, Any]) -> Any:
        """What the query gives with its variables bound so."""
        self._given.clear()
        self._given.update({Variable(name): value for name, value in given.items()})
        found = evalQuery(graph, self.query)
        return found["askAnswer"] if found["type_"] == "ASK" else list(found["bindings"])

    def _replace(self, part: Any) -> Any:
        """Appendix A: basic graph patterns, paths and graphs, each joined with the table of what is bound."""
        if isinstance(part, (list, tuple)):
            return type(part)(self._replace(one) for one in part)
        if not isinstance(part, CompValue) or part.name == "values":
            return part
        for name, value in part.items():
            if name not in ("_vars", "triples", "PV"):
                part[name] = self._replace(value)
        if part.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            part.graph = self._replace(part.graph)
        part["_vars"] = set(part.get("_vars") or ()) | self._bound
        if part.name not in ("BGP", "Graph"):
            return part
        table = ToMultiSet(Values([self._given]))
        joined = Join(table, part)
        joined["lazy"] = True
        table["_vars"], joined["_vars"] = set(self._bound), set(part["_vars"])
        return joined

    def _check(self, part: Any, top: bool = False) -> None:
        """Appendix A: what such a query must not have."""
        for one in part if isinstance(part, (list, tuple)) else ():
            self._check(one)
        if not isinstance(part, CompValue):
            return
        must = {name for name in self._bound if str(name) not in OPTIONAL}
        if part.name in ("Minus", "ServiceGraphPattern", "values"):
            raise RefusedError(part.name)
        if part.name == "Extend" and part.var in self._bound and not str(part.expr).startswith("__agg_"):
            raise RefusedError("AS a variable that is bound beforehand")
        given = set(part.get("PV") or ()) & (
            _in_scope(part.p) if self._all and part.name == "Project" else must
        )
        if part.name == "Project" and not top and not must <= given:
            raise RefusedError("a query within does not give what is bound beforehand")
        for name, value in part.items():
            if name != "_vars":
                self._check(value, top=top and name == "p" and part.name != "Project")
        if part.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            self._check(part.graph)


class _Literal(rdflib.Literal):
    """A literal that rdflib does not take for no filter at all where it is `false`."""

    def __bool__(self) -> bool:
        return True


def _kept(part: Any) -> Any:
    leaf = isinstance(part, CompValue) and part.name == "MultiplicativeExpression"
    if leaf and isinstance(part.expr, rdflib.Literal):
        part["expr"] = _Literal(part.expr)
    return None


def _parts(part: Any) -> Iterator[CompValue]:
    """A part of a parsed query, and all within it."""
    if isinstance(part, CompValue):
        yield part
    inner = part.values() if isinstance(part, CompValue) else part
    if isinstance(part, (CompValue, list, tuple, ParseResults)):
        for one in inner:
            yield from _parts(one)


def _in_scope(part: Any) -> set[Variable]:
    """The variables that a pattern can bind: not those that only stand in expressions."""
    if part.name == "BGP":
        return {one for triple in part.triples for one in triple if isinstance(one, Variable)}
    found = {one for one in (part.get("var"), part.get("term")) if isinstance(one, Variable)}
    below = [part[name] for name in ("p", "p1", "p2") if isinstance(part.get(name), CompValue)]
    return found.union(*map(_in_scope, below))


class Queries:
    """The queries of a shapes graph, asked of a data graph."""

    def __init__(self, data: Triples, shapes: Triples) -> None:
        self._data, self._shapes = data, shapes
        self._query = cache(Query)

    @cached_property
    def _graph(self) -> rdflib.Dataset:
        graph, known = rdflib.Dataset(), cache(term)
        for triples, into in ((self._data, graph.default_graph), (self._shapes, graph.graph(SHAPES))):
            for triple in triples.all:
                into.add(tuple(map(known, triple)))
        return graph

    @cached_property
    def _components(self) -> dict[ox.NamedNode, dict[ox.NamedNode, bool]]:
        """6.2: the declared components, each with its parameters and whether they are optional."""
        has = self._shapes.objects
        return {
            component: {
                has(p, sh("path"))[0]: TRUE in has(p, sh("optional")) for p in has(component, sh("parameter"))
            }
            for component, _ in self._shapes.pairs(sh("parameter"))
        }

    def results(self, at: Any) -> Iterator[Found]:
        """The results at a focus node: component, value, path, constraint, focus node."""
        for constraint in at.given("sparql"):
            if TRUE not in self._shapes.objects(constraint, sh("deactivated")):
                for found in self._selected(at, constraint, {}):
                    yield (sh("SPARQLConstraintComponent"), *found[:2], constraint, found[2])
        for component, parameters in self._components.items():
            values = {p: self._shapes.objects(at.shape, p) for p in parameters}
            if all(values[p] for p, optional in parameters.items() if not optional):
                yield from self._custom(at, component, values)

    def _custom(
        self, at: Any, component: ox.NamedNode, values: dict[ox.NamedNode, list[Object]]
    ) -> Iterator[Found]:
        """6.3: each value of a single parameter is a constraint of its own."""
        if len(values) > 1 and any(len(found) > 1 for found in values.values()):
            raise RefusedError("several values where there are several parameters")
        given = {p: found for p, found in values.items() if found}
        kind = "propertyValidator" if at.given("path") else "nodeValidator"
        select = self._shapes.objects(component, sh(kind))
        ask = self._shapes.objects(component, sh("validator"))
        for first in next(iter(given.values())) if len(values) == 1 else [None]:
            bound = {local_name(p): term(first or found[0]) for p, found in given.items()}
            if select:
                for value, path, focus in self._selected(at, select[0], bound):
                    yield (component, value, path, None, focus)
            elif ask:
                yield from ((component, v) for v in at.values if not self._asked(at, ask[0], v, bound))

    def _selected(self, at: Any, node: Object, bound: dict[str, Any]) -> Iterator[Found]:
        """5.3: for each solution the value, the path and the focus node."""
        query, own = self._prepared(at, node, "select", tuple(bound)), at.given("path")
        for row in query.solutions(self._graph, {**self._always(at), **bound}):
            found = {str(name): value for name, value in row.items()}
            if found.get("failure") == rdflib.Literal(True):
                raise RefusedError("the query says so")
            path = found.get("path")
            value = _from_rdflib(found["value"]) if "value" in found else None if own else at.focus
            yield (
                value,
                ox.NamedNode(str(path)) if isinstance(path, rdflib.URIRef) else None,
                _from_rdflib(found["this"]) if "this" in found else at.focus,
            )

    def _asked(self, at: Any, node: Object, value: Object, bound: dict[str, Any]) -> bool:
        query = self._prepared(at, node, "ask", ("value", *bound))
        return query.solutions(self._graph, {**self._always(at), **bound, "value": term(value)})

    def _always(self, at: Any) -> dict[str, Any]:
        return {"this": term(at.focus), "shapesGraph": SHAPES, "currentShape": term(at.shape)}

    def _prepared(self, at: Any, node: Object, kind: str, bound: tuple[str, ...]) -> Query:
        [text] = self._shapes.objects(node, sh(kind))
        query, own = text.value, at.given("path")
        if own:
            way = paths.write(paths.read(self._shapes, own[0]))
            query = PATH.sub(lambda _: f"({way})", query)
        declared = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in prefixes(self._shapes, node).items())
        return self._query(declared + query, ("this", *OPTIONAL, *bound))


def _from_rdflib(one: Any) -> Object:
    if isinstance(one, rdflib.URIRef):
        return ox.NamedNode(str(one))
    if isinstance(one, rdflib.BNode):
        return ox.BlankNode(str(one))
    if one.language:
        return ox.Literal(str(one), language=one.language)
    return ox.Literal(str(one), datatype=ox.NamedNode(str(one.datatype or ox.Literal("").datatype.value)))
