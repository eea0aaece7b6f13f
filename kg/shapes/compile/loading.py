"""Quads → one graph in the store, loaded in one pass, with every literal as it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import TypeVar, cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from kg.formats.lines import Lines
from kg.formats.portable import NOT_XML
from kg.formats.xsd import is_well_typed
from kg.shapes.compile.written import PLAIN, REWRITTEN, Written
from kg.shapes.triples import SUBCLASS, TYPE, Edge, Object, Subject

DEFAULT = DefaultGraph()
SAMPLE = 20_000
"""From how many triples of a property it is told how many nodes share a value."""

BLOCK = 100_000
"""How many quads are put into the store at once: more take more memory, and no less time."""

TERM = TypeVar("TERM")
Triple = tuple[Subject, NamedNode, Object]


class Loaded:
    """The triples of all graphs of some quads, each once; asked as `kg.shapes.triples.Triples` is.

    `store` holds them in its default graph; `written` turns its literals to those that were written.
    `controls` is whether a text may hold characters that XML cannot carry.

    >>> a, p = NamedNode("http://e/a"), NamedNode("http://e/p")
    >>> seven = Literal("07", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    >>> data = Loaded([Quad(a, p, seven), Quad(a, p, Literal(7), NamedNode("http://e/graph"))])
    >>> sorted(literal.value for literal in data.objects(a, p))
    ['07', '7']
    """

    def __init__(self, quads: Iterable[Quad] = (), *, written: Written | None = None) -> None:
        self.store = Store()
        self.written = written or Written()
        self.controls = False
        self._sharing: dict[str, float] = {}
        self._types: dict[Object, frozenset[Object]] = {}
        self.extend(quads)

    def extend(self, quads: Iterable[Quad]) -> None:
        """Take in more quads; whatever fails while they are read, what came before it is there."""
        left = self._held(quads)
        while block := list(islice(left, BLOCK)):
            self.store.bulk_extend(block)
        self._changed()

    def _changed(self) -> None:
        self.__dict__.pop("predicates", None)
        for each in ("_below", "class_sizes", "property_sizes", "odd_datatypes", "ill_typed"):
            self.__dict__.pop(each, None)
        self._sharing.clear()
        self._types.clear()

    def load(self, lines: Lines) -> None:
        """Take in a file of N-Triples, most of it as the text that it is.

        :raises InputError: if it cannot be read; lines that cannot are among its faults.
        """
        for block in lines.blocks():
            named, others = block.split()
            text = self.written.lines(named.text)
            if text is not None and self._takes(text):
                lines.took(named)
                block = others
            if block.text:
                self.extend(lines.quads(block))
        self._changed()
        lines.holds, lines.uses = self.is_subject, self.is_used
        self.controls |= lines.controls

    def _takes(self, text: bytes) -> bool:
        """Have the store read a text of N-Triples itself; whether it could."""
        try:
            self.store.load(text, RdfFormat.N_TRIPLES)
        except (SyntaxError, MemoryError):
            return False
        return True

    def _held(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """The quads as the store is to hold them; a million a second, so that nothing is asked twice."""
        stored, default = self.written.stored, DEFAULT
        for quad in quads:
            value = quad.object
            if type(value) is Literal and value.datatype in REWRITTEN:
                held = stored(value)
                if held is not value or quad.graph_name != default:
                    quad = Quad(quad.subject, quad.predicate, held)
                yield quad
                continue
            if type(value) is Literal and value.datatype not in PLAIN:
                self.written.look_at(value)
            if quad.graph_name != default:
                quad = Quad(quad.subject, quad.predicate, value)
            yield quad

    def select(self, query: str) -> QuerySolutions:
        """The rows of a SELECT, literals as the store holds them."""
        return cast("QuerySolutions", self.store.query(query))

    def sharing(self, prop: str) -> float:
        """About how many nodes have the same value of a property, by its IRI; 0 if none has any."""
        if prop not in self._sharing:
            some = f"SELECT ?o {{ ?s <{prop}> ?o }} LIMIT {SAMPLE}"
            [row] = self.select(f"SELECT (COUNT(?o) AS ?n) (COUNT(DISTINCT ?o) AS ?d) {{ {some} }}")
            number, different = int(row[0].value), int(row[1].value)
            self._sharing[prop] = number / different if different else 0
        return self._sharing[prop]

    # --- the data as triples -------------------------------------------------------------

    @property
    def all(self) -> Iterator[Triple]:
        """Each triple once, in no order."""
        return self._triples(None, None, None)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return next(self.all, None) is not None

    def __len__(self) -> int:
        """How many triples there are."""
        [row] = self.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        return int(row[0].value)

    def _triples(self, s: Object | None, p: NamedNode | None, o: Object | None) -> Iterator[Triple]:
        read, stored = self.written.read, self.written.stored
        if isinstance(s, Literal):
            return
        for quad in self.store.quads_for_pattern(cast("Subject", s), p, stored(o), DEFAULT):
            yield cast("Subject", quad.subject), quad.predicate, read(quad.object)

    @cached_property
    def predicates(self) -> frozenset[Object]:
        """Every property that is used."""
        return frozenset(self.property_sizes)

    def types(self, node: Object) -> frozenset[Object]:
        """The classes that a node is said to be of; kept, since the same few are asked for by many shapes."""
        found = self._types.get(node)
        if found is None:
            if len(self._types) == BLOCK:
                self._types.clear()
            found = self._types[node] = frozenset(cls for _, _, cls in self._triples(node, TYPE, None))
        return found

    @cached_property
    def property_sizes(self) -> dict[Object, int]:
        """How many triples each property has."""
        rows = self.select("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")
        return {row[0]: int(row[1].value) for row in rows}

    def vocabulary(self) -> Iterator[Edge]:
        """A triple of each property, and of each class: see `kg.shapes.triples.Data`."""
        for predicate in self.predicates:
            yield next(self._triples(None, cast("NamedNode", predicate), None))
        for cls in self.class_sizes:
            yield next(self._triples(None, TYPE, cls))

    @cached_property
    def class_sizes(self) -> dict[Object, int]:
        """How many nodes each class has, as the store holds it, without those of its subclasses."""
        rows = self.select(f"SELECT ?class (COUNT(*) AS ?n) {{ ?node {TYPE} ?class }} GROUP BY ?class")
        return {row[0]: int(row[1].value) for row in rows}

    @cached_property
    def odd_datatypes(self) -> frozenset[str]:
        """The datatypes, of those that the store knows, of literals whose form is not plain."""
        return frozenset(literal.datatype.value for literal in self.written.odd)

    @cached_property
    def ill_typed(self) -> dict[str, list[Literal]]:
        """The literals that are none of their datatype, as the store holds them, by datatype."""
        found: dict[str, list[Literal]] = {}
        for literal in (*self.written.odd, *self.written.wrong):
            if not is_well_typed(literal):
                found.setdefault(literal.datatype.value, []).append(self.written.stored(literal))
        return found

    def doubtful(self) -> Iterator[Edge]:
        """The triples of literals that are none of their datatype: see `kg.shapes.triples.Data`."""
        held = (literal for literals in self.ill_typed.values() for literal in literals)
        unknown = (literal for literal in self.written.wrong if is_well_typed(literal))
        for literal in (*map(self.written.read, held), *unknown):
            yield from self._triples(None, None, literal)
        if self.controls:
            for subject, prop, value in self.all:
                if isinstance(value, Literal) and NOT_XML.search(value.value):
                    yield subject, prop, value

    def objects(self, subject: Object, *predicates: NamedNode) -> list[Object]:
        """The values of `predicates` at `subject`."""
        return [o for p in predicates for _, _, o in _in_order(self._triples(subject, p, None))]

    def uses(self, node: Object) -> list[tuple[NamedNode, Subject]]:
        """Each (property, subject) that has `node` as its value."""
        return [(p, s) for s, p, _ in _in_order(self._triples(None, None, node))]

    def between(self, subject: Object, object: Object) -> list[NamedNode]:
        """The properties of `subject` that have `object` as a value."""
        return [p for _, p, _ in _in_order(self._triples(subject, None, object))]

    def subjects(self, predicate: NamedNode, object: Object) -> list[Subject]:
        """The subjects with `object` as their `predicate`."""
        return [s for s, _, _ in _in_order(self._triples(None, predicate, object))]

    def pairs(self, *predicates: NamedNode) -> Iterator[tuple[Subject, Object]]:
        """Each subject and value of `predicates`."""
        for predicate in predicates:
            yield from ((s, o) for s, _, o in self._triples(None, predicate, None))

    def instances(self, of: NamedNode) -> Iterator[Subject]:
        """The nodes whose class is `of`, or a subclass of it."""
        for cls in self.classes_below(of):
            yield from (s for s, _, _ in self._triples(None, TYPE, cls))

    def classes_below(self, top: NamedNode) -> list[Subject]:
        """The class and all its subclasses that have an instance."""
        seen: dict[Object, None] = {}
        todo: list[Object] = [top]
        while todo:
            if (one := todo.pop()) not in seen:
                seen[one] = None
                todo += self._below.get(one, ())
        return [one for one in seen if isinstance(one, Subject) and one in self.class_sizes]

    @cached_property
    def _below(self) -> dict[Object, list[Subject]]:
        found: dict[Object, list[Subject]] = {}
        for below, above in self.pairs(SUBCLASS):
            found.setdefault(above, []).append(below)
        return found

    def is_used(self, predicate: NamedNode | None, object: Object | None = None) -> bool:
        """Whether there is a triple with this property and value."""
        return next(self._triples(None, predicate, object), None) is not None

    def is_subject(self, node: Object) -> bool:
        """Whether there is a triple about a node."""
        return next(self._triples(node, None, None), None) is not None

    def has(self, subject: Object, predicate: NamedNode, object: Object | None = None) -> bool:
        """Whether there is this triple."""
        return next(self._triples(subject, predicate, object), None) is not None


def _in_order(triples: Iterable[Triple]) -> list[Triple]:
    """The triples as they came in: a store in memory gives the last first."""
    return list(triples)[::-1]
