"""SHACL-SPARQL: the results that queries give, and which are refused; pre-binding is in `prebinding_judge`.

How values compare, and what functions give, is as rdflib has it: queries that turn on that are no matter for
this judge.

Source: SHACL, sections 5 and 6 and appendix A, https://www.w3.org/TR/shacl/#pre-binding
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any

import pyoxigraph as ox
import rdflib
from prebinding_judge import Dataset, Judge
from pyparsing import ParseResults
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from kg.names import SH
from kg.shapes import paths
from kg.shapes.graph import local_name
from kg.shapes.sparql import PATH, prefixes
from kg.shapes.triples import Object, Triples
from kg.shapes.vocabulary import sh

TRUE = ox.Literal(True)
SHAPES = ox.NamedNode("urn:x-judge:shapes")
OPTIONAL = ("shapesGraph", "currentShape")
Found = tuple[Any, ...]


class RefusedError(Exception):
    """The specification asks for a failure."""


class Query(Judge):
    """A query with variables to be bound beforehand.

    :raises RefusedError: if it is not one that SHACL allows.
    """

    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        super().__init__(text)
        self._bound = {Variable(name) for name in names}
        parsed = parseQuery(text)
        self._all = any(one.name == "SubSelect" and "projection" not in one for one in _parts(parsed))
        self._check(translateQuery(parsed).algebra, top=True)

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
    def _graph(self) -> Dataset:
        shapes = (ox.Quad(*triple, SHAPES) for triple in self._shapes.all)
        return Dataset([*(ox.Quad(*triple) for triple in self._data.all), *shapes])

    @cached_property
    def _components(self) -> dict[ox.NamedNode, dict[ox.NamedNode, bool]]:
        """6.2: the declared components, each with its parameters and whether they are optional."""
        has = self._shapes.objects
        return {
            component: {
                has(p, sh("path"))[0]: TRUE in has(p, sh("optional")) for p in has(component, sh("parameter"))
            }
            for component, _ in self._shapes.pairs(sh("parameter"))
            if not component.value.startswith(SH)  # those of section 4 are judged by its definitions
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
            bound = {local_name(p): first or found[0] for p, found in given.items()}
            if select:
                for value, path, focus in self._selected(at, select[0], bound):
                    yield (component, value, path, None, focus)
            elif ask:
                yield from ((component, v) for v in at.values if not self._asked(at, ask[0], v, bound))

    def _selected(self, at: Any, node: Object, bound: dict[str, Any]) -> Iterator[Found]:
        """5.3: for each solution the value, the path and the focus node."""
        query, own = self._prepared(at, node, "select", tuple(bound)), at.given("path")
        for row in query.solutions(self._graph, {**self._always(at), **bound}):
            if row.get("failure") == rdflib.Literal(True):
                raise RefusedError("the query says so")
            path = row.get("path")
            value = _from_rdflib(row["value"]) if "value" in row else None if own else at.focus
            yield (
                value,
                ox.NamedNode(str(path)) if isinstance(path, rdflib.URIRef) else None,
                _from_rdflib(row["this"]) if "this" in row else at.focus,
            )

    def _asked(self, at: Any, node: Object, value: Object, bound: dict[str, Any]) -> bool:
        query = self._prepared(at, node, "ask", ("value", *bound))
        return bool(query.solutions(self._graph, {**self._always(at), **bound, "value": value}))

    def _always(self, at: Any) -> dict[str, Any]:
        return {"this": at.focus, "shapesGraph": SHAPES, "currentShape": at.shape}

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
