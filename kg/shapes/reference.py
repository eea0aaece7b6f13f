"""The reference engine: pySHACL, on a copy of the data in rdflib's own memory store.

What has to be worked around in pySHACL 0.40:

- it alters the graphs that it is given, and rdflib rewrites literals: terms are copied one by one as written;
- a query is parsed anew for each focus node, which is nearly all of its cost: parsed queries are kept;
- messages lose their language, gather those of earlier results, and a value with a backslash stops
  the run: it gets no messages, and the rows of the queries are kept for filling ours;
- `^(a/b)` is walked as `^a/^b`, imported prefixes are not seen, validators keep their graph for ever.
"""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from itertools import product
from typing import Any

import pyoxigraph as ox
import pyshacl
import rdflib
from pyshacl.constraints.sparql.sparql_based_constraint_components import SPARQLConstraintComponentValidator
from pyshacl.errors import ReportableRuntimeError, ShapeRecursionWarning
from rdflib.namespace import RDF
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result as Rows
from rdflib.term import Identifier, Node

from kg import names
from kg.errors import DefinitionError, KGError
from kg.formats import objects
from kg.processes import limits
from kg.shapes import paths
from kg.shapes.compile import patience
from kg.shapes.compile.loading import Loaded
from kg.shapes.compile.regexes import PatternError
from kg.shapes.graph import Shapes
from kg.shapes.report import Result
from kg.shapes.sparql import PATH, declarations, unknown_function
from kg.shapes.triples import TYPE, Edge, Object, Subject
from kg.shapes.vocabulary import VALIDATORS, sh
from kg.shapes.watched import Watch

STRING = names.XSD + "string"
TRUE = ox.Literal(True)
SH = rdflib.Namespace(names.SH)
WORDS = (sh("message"), sh("name"), sh("description"))
"""What shapes say to people: pySHACL looks through it at each focus node, a quarter of its time."""

DEEPEST = 60
"""How many shapes may stand within one another."""

RESERVED = ("this", "path", "value")
Row = tuple[tuple[str, Identifier], ...]


def run(quads: Loaded | Iterable[ox.Quad], shapes: Iterable[ox.Quad] | Shapes) -> list[Result]:
    """The results of pySHACL, as of one data graph and one shapes graph.

    Its regular expressions may take as long as those of compiled shapes. An alarm ends what goes on, which
    only the main thread hears: called in another one, a process beside this one does it.

    :raises DefinitionError: if pySHACL cannot run the shapes, or an expression goes on for too long.
    """
    data, graph = quads if isinstance(quads, Loaded) else Loaded(quads), Shapes.of(shapes)
    if patience.ALARMS and not patience.in_main_thread():
        given = [[ox.Quad(*triple) for triple in part] for part in (data.all, graph.all)]
        return limits.within(math.inf, _run_apart, *given, patience.PATIENCE)
    return _run(data, graph, patience.PATIENCE)


def _run_apart(quads: list[ox.Quad], shapes: list[ox.Quad], seconds: float) -> list[Result]:
    return _run(Loaded(quads), Shapes(shapes), seconds)


def _run(quads: Loaded, shapes: Shapes, seconds: float) -> list[Result]:
    data, spec = _Data(bind_namespaces="none"), rdflib.Graph(bind_namespaces="none")
    _copy(quads.all, data)
    _copy(_runnable(shapes), spec)
    try:
        report = _validate(data, spec, seconds)
    except PatternError as exc:
        _assign(exc, shapes)
        raise
    return list(_Reader(report, data, shapes).results())


def _assign(fault: PatternError, shapes: Shapes) -> None:
    """Say which query has the expression, or is given it, if no `sh:pattern` does."""
    users = [(s, p) for s, p, o in shapes.all if getattr(o, "value", "") == fault.pattern]
    if any(prop == sh("pattern") for _, prop in users):
        return
    for user, node in shapes.pairs(sh("sparql"), *VALIDATORS):
        texts = shapes.objects(node, sh("select"), sh("ask"))
        if isinstance(node, Subject) and any(_names(text, fault.pattern) for text in texts):
            fault.node, fault.rule = node, shapes.rule(user, node)
            return
    fault.pattern = ""
    if users:
        fault.node, fault.rule = users[0][0], shapes.rule(users[0][0])


def _names(query: Object, pattern: str) -> bool:
    """Whether a query names an expression, written as SPARQL writes texts."""
    return any(text in getattr(query, "value", "") for text in (pattern, str(ox.Literal(pattern))[1:-1]))


def _runnable(shapes: Shapes) -> Iterator[Edge]:
    """The shapes as pySHACL understands them."""
    for subject, prop, value in shapes.all:
        if prop == sh("path"):
            # pySHACL walks ^(a/b) as ^a/^b
            node, triples = paths.state(paths.straightened(paths.read(shapes, value)))
            yield from ((subject, prop, node), *triples)
        elif _is_passed_over(shapes, prop, value):
            continue
        # SHACL means the term `true`; pySHACL takes "1" for it as well
        elif prop not in WORDS and not (prop == sh("uniqueLang") and value != TRUE):
            yield subject, prop, value
    for shape in shapes.used_as_shapes:
        if not shapes.properties(shape):  # pySHACL asks that something is said of it
            yield shape, TYPE, sh("NodeShape")
    for _, ontology in shapes.pairs(sh("prefixes")):
        for declaration in declarations(shapes, ontology):
            yield ontology, sh("declare"), declaration


def _is_passed_over(shapes: Shapes, prop: ox.NamedNode, value: Object) -> bool:
    """Whether a triple means nothing here, and stops pySHACL: a property shape without a path, and a query
    that calls a function of nobody."""
    if prop == sh("property"):
        return not shapes.objects(value, sh("path"))
    return prop in (sh("sparql"), *VALIDATORS) and bool(unknown_function(shapes, value))


class _Data(rdflib.Graph):
    """A graph that parses each query once, and remembers the rows of those that bind a focus node."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parsed: dict[str, Query] = {}
        self.rows: list[tuple[str, dict[str, Identifier]]] = []

    def query(  # type: ignore[override]
        self,
        query_object: str,
        processor: str = "sparql",
        result: str = "sparql",
        initNs: Mapping[str, Any] | None = None,  # noqa: N803
        initBindings: Mapping[str, Identifier] | None = None,  # noqa: N803
        *args: Any,
        **kwargs: Any,
    ) -> Rows:
        if query_object not in self._parsed:
            self._parsed[query_object] = prepareQuery(query_object, initNs=initNs or {})
        parsed = self._parsed[query_object]
        rows = super().query(parsed, processor, result, initNs, initBindings, *args, **kwargs)
        if rows.type == "SELECT":
            given = dict(initBindings or {})
            self.rows += [
                (query_object, {**given, **{str(k): v for k, v in row.items()}}) for row in rows.bindings
            ]
        return rows


def _copy(triples: Iterable[Edge], graph: rdflib.Graph) -> None:
    """Put the triples into a graph, each term as it is written."""
    known: dict[Object, Node] = {}

    def term(one: Object) -> Node:
        if one not in known:
            known[one] = objects.term(one)
        return known[one]

    with _quiet():
        for s, p, o in triples:
            graph.add((term(s), term(p), term(o)))


def _from_rdflib(term: Node) -> Object:
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if not isinstance(term, rdflib.Literal):
        raise TypeError(f"neither IRI, blank node nor literal: {term!r}")
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or STRING)))


@contextmanager
def _quiet() -> Iterator[list[warnings.WarningMessage]]:
    """Nothing on stdout or stderr, where rdflib tells of ill-typed literals; its settings restored.

    Gives the warnings that were held back.
    """
    loggers = [logging.getLogger(name) for name in ("rdflib.term", "pyshacl-validate")]
    before = [logger.disabled for logger in loggers], rdflib.NORMALIZE_LITERALS
    for logger in loggers:
        logger.disabled = True
    rdflib.NORMALIZE_LITERALS = False
    try:
        with redirect_stdout(StringIO()), warnings.catch_warnings(record=True) as held:
            warnings.simplefilter("always")
            yield held
    finally:
        for logger, disabled in zip(loggers, before[0], strict=True):
            logger.disabled = disabled
        rdflib.NORMALIZE_LITERALS = before[1]


def _validate(data: rdflib.Graph, shapes: rdflib.Graph, seconds: float) -> rdflib.Graph:
    """The report graph of pySHACL; nothing of it reaches stdout or stderr.

    `seconds`: how long a regular expression may take.
    """
    watch = Watch(seconds)
    with _quiet() as warned, watch.on():
        try:
            _, report, text = pyshacl.validate(data, shacl_graph=shapes, max_validation_depth=DEEPEST)
        except Exception as exc:
            if watch.fault:
                raise watch.fault from exc
            if isinstance(exc, ReportableRuntimeError) and "too deep" in str(exc):
                raise _refused(f"more than {DEEPEST} of them stand within one another") from exc
            raise _refused(str(exc) or type(exc).__name__) from exc
        finally:
            logging.getLogger("pyshacl-validate").handlers.clear()
            SPARQLConstraintComponentValidator.validator_cache.clear()
    if watch.fault:
        raise watch.fault
    if not isinstance(report, rdflib.Graph):
        raise _refused(str(text))
    if any(issubclass(w.category, ShapeRecursionWarning) for w in warned):
        raise _refused("they refer to one another in a circle that it could not leave")
    return report


def _refused(why: str) -> KGError:
    return DefinitionError.at(None, f"pySHACL cannot run the shapes: {why.strip().splitlines()[0]}")


class _Reader:
    """The results of a report graph, turned to terms of pyoxigraph."""

    def __init__(self, report: rdflib.Graph, data: _Data, shapes: Shapes) -> None:
        self._report, self._shapes = report, shapes
        self._rows: dict[tuple[Node | None, ...], dict[tuple[str, Row], None]] = {}
        for text, row in data.rows:
            key = (row.get("this"), row.get("path"), row.get("value"))
            self._rows.setdefault(key, {})[text, tuple(row.items())] = None

    def results(self) -> Iterator[Result]:
        """The results at the top of the report."""
        for report in self._report.subjects(RDF.type, SH.ValidationReport):
            yield from map(self._result, self._report.objects(report, SH.result))

    def _result(self, node: Node) -> Result:
        parts = dict(self._report.predicate_objects(node))
        focus, value, path = parts[SH.focusNode], parts.get(SH.value), parts.get(SH.resultPath)
        component, constraint = parts[SH.sourceConstraintComponent], parts.get(SH.sourceConstraint)
        shape, queries = _subject(parts[SH.sourceShape]), self._queries(component, constraint)
        return Result(
            focus=_from_rdflib(focus),
            path=ox.NamedNode(str(path)) if isinstance(path, rdflib.URIRef) else self._shapes.path(shape),
            value=None if value is None else _from_rdflib(value),
            source_shape=shape,
            component=ox.NamedNode(str(component)),
            severity_iri=ox.NamedNode(str(parts[SH.resultSeverity])),
            constraint=None if constraint is None else _subject(constraint),
            bindings=self._bindings(focus, path, value, queries) if queries else {},
            details=tuple(map(self._result, self._report.objects(node, SH.detail))),
        )

    def _queries(self, component: Node, constraint: Node | None) -> list[str]:
        """The ends of the queries that the result may be of: what stands before `$PATH` is rewritten."""
        sources = self._shapes.objects(_from_rdflib(component), *VALIDATORS)
        if constraint is not None:
            sources = [_from_rdflib(constraint)]
        found = (q for source in sources for q in self._shapes.objects(source, sh("select")))
        return [PATH.split(query.value)[-1] for query in found if isinstance(query, ox.Literal)]

    def _bindings(
        self, focus: Node, path: Node | None, value: Node | None, queries: list[str]
    ) -> dict[str, Object]:
        """What else the row of a result bound; each row is taken once, since two may differ in this alone."""
        for key in product((focus,), (path, None), (value, None)):
            for text, row in self._rows.get(key, {}):
                if text.endswith(tuple(queries)):
                    del self._rows[key][text, row]
                    return {name: _from_rdflib(term) for name, term in row if name not in RESERVED}
        return {}


def _subject(node: Node) -> Subject:
    return ox.BlankNode(str(node)) if isinstance(node, rdflib.BNode) else ox.NamedNode(str(node))
