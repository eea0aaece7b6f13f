"""Pre-binding by its definition: the algebra of a query, evaluated from the leaves up, for one focus node.

Each basic graph pattern, and each GRAPH of a variable, is joined with what is bound (`Replace(X, μ)`);
after EXISTS also with the solution that is tested. rdflib parses queries, works out their algebra and
evaluates expressions and aggregates; the algebra itself is evaluated here, on lists of solutions, so that
nothing is bound but by what the specification says.

Source: SHACL, appendix A, https://www.w3.org/TR/shacl/#pre-binding; SPARQL 1.1, section 18
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

import pyoxigraph as ox
import rdflib
from rdflib.plugins.sparql.aggregates import Aggregator
from rdflib.plugins.sparql.algebra import translateQuery, traverse
from rdflib.plugins.sparql.evalutils import _ebv, _eval, _val
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.plugins.sparql.sparql import FrozenBindings, NotBoundError, QueryContext, SPARQLError
from rdflib.term import BNode, Variable

from kg.formats.objects import term

Solution = dict[Any, Any]


class Dataset:
    """The graphs that queries are asked of, in rdflib's terms."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.graphs: dict[Any, rdflib.Graph] = {}
        self.default = rdflib.Graph(bind_namespaces="none")
        for quad in quads:
            name = None if quad.graph_name == ox.DefaultGraph() else term(quad.graph_name)
            graph = self.default if name is None else self.graphs.setdefault(name, rdflib.Graph())
            graph.add(tuple(map(term, (quad.subject, quad.predicate, quad.object))))

    @cached_property
    def context(self) -> QueryContext:
        """What rdflib's expressions are evaluated in."""
        return QueryContext(self.default, initBindings={})


class Judge:
    """One query."""

    def __init__(self, text: str) -> None:
        before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
        query = translateQuery(traverse(parseQuery(text), visitPost=_kept))
        rdflib.NORMALIZE_LITERALS = before
        self._algebra = query.algebra
        self.names = [str(name) for name in query.algebra.get("PV") or ()]

    def solutions(self, data: Dataset, given: dict[str, Any]) -> list[dict[str, Any]]:
        """The solutions on a dataset with these variables bound before."""
        bound = {Variable(name): term(value) for name, value in given.items()}
        found = _Evaluation(data, set(bound)).of(self._algebra, bound, data.default)
        return [{str(name): value for name, value in one.items()} for one in found]


class _Evaluation:
    def __init__(self, data: Dataset, given: set[Any]) -> None:
        self._data, self._given = data, given

    def of(self, part: CompValue, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        return getattr(self, "_" + part.name.lower())(part, bound, graph)

    def _bgp(self, part: Any, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        found: list[Solution] = [{}]
        for pattern in part.triples:
            found = _joined(found, list(_matches(pattern, graph)))
        names = {name for pattern in part.triples for name in pattern if isinstance(name, BNode)}
        hidden = [{n: v for n, v in one.items() if n not in names} for one in found]
        return _joined(hidden, [bound])

    def _graph(self, part: Any, bound: Solution, _graph: rdflib.Graph) -> list[Solution]:
        if not isinstance(part.term, Variable):
            there = part.term in self._data.graphs
            return self.of(part.p, bound, self._data.graphs[part.term]) if there else []
        found: list[Solution] = []
        for name, inner in self._data.graphs.items():
            found += _joined(self.of(part.p, bound, inner), [{part.term: name}])
        return _joined(found, [bound])

    def _join(self, part: Any, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        return _joined(self.of(part.p1, bound, graph), self.of(part.p2, bound, graph))

    def _leftjoin(self, part: Any, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        found, right = [], self.of(part.p2, bound, graph)
        for one in self.of(part.p1, bound, graph):
            more = [m for m in _joined([one], right) if self._holds(part.expr, m, bound, graph)]
            found += more or [one]
        return found

    def _filter(self, part: Any, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        return [one for one in self.of(part.p, bound, graph) if self._holds(part.expr, one, bound, graph)]

    def _union(self, part: Any, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        return self.of(part.p1, bound, graph) + self.of(part.p2, bound, graph)

    def _extend(self, part: Any, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        found = []
        for one in self.of(part.p, bound, graph):
            value = self._value(part.expr, one, bound, graph)
            found.append(one if value is None else {**one, part.var: value})
        return found

    def _aggregatejoin(self, part: Any, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        keys, groups = part.p.expr, dict[tuple[Any, ...], Aggregator]()
        if not keys:
            groups[()] = Aggregator(aggregations=part.A)
        for one in self.of(part.p.p, bound, graph):
            key = tuple(self._value(each, one, bound, graph) for each in keys or ())
            groups.setdefault(key, Aggregator(aggregations=part.A)).update(self._frozen(one))
        return [dict(group.get_bindings()) for group in groups.values()]

    def _project(self, part: Any, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        kept = {n: v for n, v in bound.items() if n in part.PV or n in self._given}
        return [{n: v for n, v in one.items() if n in part.PV} for one in self.of(part.p, kept, graph)]

    def _distinct(self, part: Any, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        found = {frozenset(one.items()): one for one in self.of(part.p, bound, graph)}
        return list(found.values())

    def _slice(self, part: Any, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        found = self.of(part.p, bound, graph)[part.start :]
        return found if part.length is None else found[: part.length]

    def _orderby(self, part: Any, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        found = self.of(part.p, bound, graph)
        for key in reversed(part.expr):
            found.sort(key=self._key(key, bound, graph), reverse=key.order == "DESC")
        return found

    def _key(self, key: Any, bound: Solution, graph: rdflib.Graph) -> Callable[[Solution], Any]:
        return lambda one: _val(self._value(key.expr, one, bound, graph) or Variable("nothing"))

    def _inner(self, part: Any, bound: Solution, graph: rdflib.Graph) -> list[Solution]:
        return self.of(part.p, bound, graph)

    _selectquery = _askquery = _tomultiset = _reduced = _inner

    # expressions

    def _frozen(self, one: Solution) -> FrozenBindings:
        return FrozenBindings(self._data.context, one)

    def _holds(self, expr: Any, one: Solution, bound: Solution, graph: rdflib.Graph) -> bool:
        try:
            return bool(_ebv(self._tested(expr, one, bound, graph), self._frozen(one)))
        except (SPARQLError, NotBoundError):
            return False

    def _value(self, expr: Any, one: Solution, bound: Solution, graph: rdflib.Graph) -> Any:
        try:
            value = _eval(self._tested(expr, one, bound, graph), self._frozen(one))
        except (SPARQLError, NotBoundError):
            return None
        return None if isinstance(value, SPARQLError) else value

    def _tested(self, expr: Any, one: Solution, bound: Solution, graph: rdflib.Graph) -> Any:
        """The expression, with each EXISTS as what it is for this solution."""
        if isinstance(expr, list):
            return [self._tested(each, one, bound, graph) for each in expr]
        if not isinstance(expr, CompValue):
            return expr
        if expr.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            found = self.of(expr.graph, {**bound, **one}, graph)
            return _Literal(bool(found) == (expr.name == "Builtin_EXISTS"))
        parts = {name: self._tested(value, one, bound, graph) for name, value in expr.items()}
        if not isinstance(expr, Expr):
            return CompValue(expr.name, **parts)
        return Expr(expr.name, expr._evalfn and expr._evalfn.__func__, **parts)


class _Literal(rdflib.Literal):
    """A literal that rdflib does not take for no filter at all where it is `false`."""

    def __bool__(self) -> bool:
        return True


def _kept(part: Any) -> Any:
    if isinstance(part, CompValue) and isinstance(part.get("expr"), rdflib.Literal):
        part["expr"] = _Literal(part.expr)
    return None


def _joined(left: list[Solution], right: list[Solution]) -> list[Solution]:
    return [
        {**one, **other}
        for one in left
        for other in right
        if all(one[name] == other[name] for name in one.keys() & other.keys())
    ]


def _matches(pattern: tuple[Any, Any, Any], graph: rdflib.Graph) -> Iterator[Solution]:
    """The solutions of one triple pattern, or of one path."""
    known = tuple(None if isinstance(part, Variable | BNode) else part for part in pattern)
    for triple in graph.triples(known):
        found: Solution = {}
        pairs = [(n, v) for n, v in zip(pattern, triple, strict=True) if isinstance(n, Variable | BNode)]
        if all(found.setdefault(name, value) == value for name, value in pairs):
            yield found
