"""Shapes that contradict themselves: two demands that no data can meet together.

Looked at together is what judges the same node, by `sh:node` and `sh:and` as well, and what judges the
values of the same path.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import product
from operator import itemgetter
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.names import RDF, XSD
from kg.places import Places
from kg.shapes import paths
from kg.shapes.graph import Shapes
from kg.shapes.messages import show
from kg.shapes.triples import Object, Subject
from kg.shapes.vocabulary import sh
from kg.vacuity.rules import Slip

if TYPE_CHECKING:
    from decimal import Decimal

Name = Callable[[NamedNode], str]


@dataclass(frozen=True, slots=True)
class Demand:
    """One parameter of a shape, with one value; lists with their members."""

    shape: Subject
    parameter: str
    value: Object
    members: tuple[Object, ...] = ()

    @property
    def number(self) -> int:
        """The value of a parameter that counts."""
        return int(self.value.value) if isinstance(self.value, Literal) else 0

    def text(self, name: Name) -> str:
        """The demand as its author wrote it, more or less."""
        listed = self.parameter in LISTS
        said = f"({' '.join(show(m, name) for m in self.members)})" if listed else show(self.value, name)
        return f"sh:{self.parameter} {said}"


Pair = tuple[Demand, Demand | None]
"""Two demands that cannot both be met; or one that never can."""

_COMPARED = """class closed datatype disjoint equals hasValue in languageIn lessThan maxCount maxExclusive
    maxInclusive maxLength minCount minExclusive minInclusive minLength node nodeKind not pattern
    qualifiedMaxCount qualifiedMinCount"""
COMPARED: dict[Object, str] = {sh(local): local for local in _COMPARED.split()}
"""The parameters that are held against one another."""

NODE, AND, PROPERTY = map(sh, ("node", "and", "property"))
LISTS = ("in", "languageIn")
"""Those with members: there may be none, which nothing can meet."""

KINDS = {
    "IRI": {"IRI"},
    "BlankNode": {"BlankNode"},
    "Literal": {"Literal"},
    "BlankNodeOrIRI": {"BlankNode", "IRI"},
    "BlankNodeOrLiteral": {"BlankNode", "Literal"},
    "IRIOrLiteral": {"IRI", "Literal"},
}
COUNTS = ("minCount", "maxCount"), ("minLength", "maxLength"), ("qualifiedMinCount", "maxCount")
TAGGED: tuple[Object, ...] = (NamedNode(RDF + "langString"), NamedNode(RDF + "dirLangString"))
PLAIN = re.compile("[0-9]{4}(-[0-9]{2}){0,2}|([0-9]{4}-[0-9]{2}-[0-9]{2}T)?[0-9]{2}:[0-9]{2}:[0-9]{2}")
LOWER, UPPER = ("minInclusive", "minExclusive"), ("maxInclusive", "maxExclusive")


def slips(shapes: Shapes, places: Places, name: Name) -> Iterator[Slip]:
    """A slip for each pair of demands, at the first of the two.

    >>> from pyoxigraph import RdfFormat, parse
    >>> turtle = '''PREFIX : <http://e/> PREFIX sh: <http://www.w3.org/ns/shacl#>
    ... :Shape sh:targetClass :Thing ; sh:property [ sh:path :part ; sh:minCount 2 ; sh:maxCount 1 ] .'''
    >>> for slip in slips(Shapes(parse(turtle, RdfFormat.TURTLE)), Places(), str):
    ...     print(slip.key, slip.finding().message)
    Thing.part nothing can meet sh:minCount 2 + sh:maxCount 1
    """
    for first, second in dict.fromkeys(_pairs(shapes)):
        said = " + ".join(demand.text(name) for demand in (first, second) if demand)
        place = next(iter(places.find(first.shape, sh(first.parameter), first.value)), None)
        yield Slip("check.contradiction", place, {"demands": said}, key=shapes.rule(first.shape))


def _pairs(shapes: Shapes) -> Iterator[Pair]:
    for shape in shapes.shapes:
        together = _together(shapes, [shape])
        by_path = _by_path(shapes, together)
        demands = _Demands(shapes, together)
        yield from _within(demands)
        for group in by_path.values():
            if len(group) > 1:  # one by itself is among the shapes
                yield from _within(_Demands(shapes, _together(shapes, group)))
        yield from _closed(shapes, demands, by_path)
        own = demands if together == [shape] else _Demands(shapes, [shape])
        yield from _qualified(own)


def _together(shapes: Shapes, start: list[Subject]) -> list[Subject]:
    """All shapes that judge what the first ones judge: those, and what they lean on by sh:node and sh:and."""
    found: dict[Subject, None] = {}
    todo = list(start)
    while todo:
        shape = todo.pop(0)
        if shape in found or not shapes.is_active(shape):
            continue
        found[shape] = None
        said = shapes.properties(shape)
        below = [*said.get(NODE, ())]
        for head in said.get(AND, ()):
            below += _members(shapes, head)
        todo += [s for s in below if isinstance(s, Subject) and not shapes.objects(s, sh("path"))]
    return list(found)


def _members(shapes: Shapes, head: Object) -> list[Object]:
    try:
        return shapes.items(head)
    except ValueError:
        return []


def _by_path(shapes: Shapes, together: list[Subject]) -> dict[paths.Path, list[Subject]]:
    """The active property shapes of node shapes, by path."""
    found: dict[paths.Path, list[Subject]] = {}
    for shape in together:
        said = shapes.properties(shape)
        members = [m for head in said.get(AND, ()) for m in _members(shapes, head)]
        for each in (*said.get(PROPERTY, ()), *members):
            path = _path(shapes, each)
            if path and isinstance(each, Subject) and shapes.is_active(each):
                found.setdefault(path, []).append(each)
    return found


def _path(shapes: Shapes, shape: Object) -> paths.Path | None:
    try:
        return shapes.path(shape)
    except paths.PathError:
        return None


class _Demands:
    """The demands of shapes that judge the same."""

    def __init__(self, shapes: Shapes, together: list[Subject]) -> None:
        self._found: dict[str, list[tuple[int, Demand]]] = {}
        for number, shape in enumerate(together):
            for prop, values in shapes.properties(shape).items():
                if local := COMPARED.get(prop):
                    found = self._found.setdefault(local, [])
                    for value in values:
                        members = tuple(_members(shapes, value)) if local in LISTS else ()
                        found.append((number, Demand(shape, local, value, members)))

    @property
    def may_clash(self) -> bool:
        """Whether there is one that is looked at by itself, or two that are held against each other."""
        beside = _held()
        return any(
            local in beside[""] or len(these) > 1 or not beside[local].isdisjoint(self._found)
            for local, these in self._found.items()
        )

    def __call__(self, *parameters: str) -> list[Demand]:
        found = [each for local in parameters for each in self._found.get(local, ())]
        return [demand for _, demand in sorted(found, key=itemgetter(0))] if found else []

    def pairs(self, first: str, second: str) -> Iterator[tuple[Demand, Demand]]:
        """Each demand of the one parameter with each of the other; with itself, each pair once."""
        if first not in self._found or second not in self._found:
            return
        ones, others = self(first), self(second)
        for at, one in enumerate(ones):
            for other in others[at + 1 :] if first == second else others:
                yield one, other


def _within(demands: _Demands) -> Iterator[Pair]:
    if demands.may_clash:
        for check in CHECKS:
            yield from check(demands)


class _Asked(_Demands):
    """No demands; notes which parameters are asked for: by themselves, or beside one another."""

    def __init__(self) -> None:
        self.alone: set[str] = set()
        self.beside: dict[str, set[str]] = {local: set() for local in COMPARED.values()}

    def __call__(self, *parameters: str) -> list[Demand]:
        self.alone.update(parameters)
        return []

    def pairs(self, first: str, second: str) -> Iterator[tuple[Demand, Demand]]:
        """None."""
        if first != second:
            self.beside[first].add(second)
            self.beside[second].add(first)
        return iter(())


@cache
def _held() -> dict[str, frozenset[str]]:
    """The parameters that each is held against; of none (`""`) those that are looked at by themselves.

    >>> sorted(_held()["minCount"]), sorted(_held()[""])
    (['in', 'maxCount'], ['in', 'languageIn'])
    """
    asked = _Asked()
    for check in CHECKS:
        assert not [*check(asked)]
    return {local: frozenset(others) for local, others in asked.beside.items()} | {"": frozenset(asked.alone)}


def _numbers(demands: _Demands) -> Iterator[Pair]:
    for least, most in COUNTS:
        yield from ((low, high) for low, high in demands.pairs(least, most) if low.number > high.number)
    for low, listed in demands.pairs("minCount", "in"):
        if low.number > len(set(listed.members)) > 0:
            yield low, listed
    for high in dict.fromkeys(high for high, _ in demands.pairs("maxCount", "hasValue")):
        wanted = {demand.value: demand for demand in demands("hasValue")}
        if len(wanted) > high.number:
            yield next(iter(wanted.values())), high


def _ranges(demands: _Demands) -> Iterator[Pair]:
    for least, most in product(LOWER, UPPER):
        for low, high in demands.pairs(least, most):
            order = compare(low.value, high.value)
            exclusive = "minExclusive" in (least, most) or "maxExclusive" in (least, most)
            if order is not None and (order > 0 or (order == 0 and exclusive)):
                yield low, high


def compare(one: Object, other: Object) -> int | None:
    """Which of two values is greater (-1, 0, 1); None if they are not of one kind, or have no order.

    >>> seven = Literal("7.0", datatype=NamedNode(XSD + "decimal"))
    >>> compare(seven, Literal(7)), compare(Literal(8), seven), compare(Literal("a"), seven)
    (0, 1, None)
    """
    first, second = _sortable(one), _sortable(other)
    if first is None or second is None or first[0] != second[0]:
        return None
    return (first[1] > second[1]) - (first[1] < second[1])  # type: ignore[operator]


def _sortable(value: Object) -> tuple[str, Decimal | str] | None:
    """A value that can be compared with those of its kind."""
    from decimal import Decimal, InvalidOperation

    if not isinstance(value, Literal):
        return None
    kind = value.datatype.value.removeprefix(XSD)
    if kind in ("date", "dateTime", "gYear", "gYearMonth", "time"):
        # Letter by letter: right without signs and zones.
        return (kind, value.value) if PLAIN.fullmatch(value.value) else None
    try:
        number = Decimal(value.value)
    except InvalidOperation:
        return None
    return ("number", number) if kind != "string" and not number.is_nan() else None


def _kinds(demands: _Demands) -> Iterator[Pair]:
    """Datatypes, classes, kinds of nodes and languages."""
    for one, other in demands.pairs("nodeKind", "nodeKind"):
        if not _kind(one.value) & _kind(other.value):
            yield one, other
    for one, other in demands.pairs("datatype", "datatype"):
        if one.value != other.value:
            yield one, other
    for typed, kind in demands.pairs("datatype", "nodeKind"):
        if "Literal" not in _kind(kind.value):
            yield typed, kind
    yield from demands.pairs("datatype", "class")
    for cls, kind in demands.pairs("class", "nodeKind"):
        if _kind(kind.value) == {"Literal"}:
            yield cls, kind
    for spoken, typed in demands.pairs("languageIn", "datatype"):
        if typed.value not in TAGGED:
            yield spoken, typed
    for local in ("minLength", "maxLength", "pattern", "languageIn"):
        texts = demands.pairs(local, "nodeKind")
        yield from ((text, kind) for text, kind in texts if _kind(kind.value) == {"BlankNode"})


def _kind(value: Object) -> set[str]:
    local = value.value.rpartition("#")[2] if isinstance(value, NamedNode) else ""
    return KINDS.get(local, {"BlankNode", "IRI", "Literal"})


def _lists(demands: _Demands) -> Iterator[Pair]:
    """Lists that hold nothing, or nothing that the rest lets through."""
    for listed in demands("in", "languageIn"):
        if not listed.members:
            yield listed, None
    for one, other in demands.pairs("in", "in"):
        if one.members and other.members and not set(one.members) & set(other.members):
            yield one, other
    for local, fits in FITS.items():
        for listed, demand in demands.pairs("in", local):
            if listed.members and not any(fits(member, demand) for member in listed.members):
                yield listed, demand


def _values(demands: _Demands) -> Iterator[Pair]:
    """Values that have to be there, and that the rest does not let through."""
    for wanted, listed in demands.pairs("hasValue", "in"):
        if listed.members and wanted.value not in listed.members:
            yield wanted, listed
    for local, fits in FITS.items():
        yield from ((w, d) for w, d in demands.pairs("hasValue", local) if not fits(w.value, d))


def _has_kind(value: Object, demand: Demand) -> bool:
    own = (
        "IRI" if isinstance(value, NamedNode) else "BlankNode" if isinstance(value, BlankNode) else "Literal"
    )
    return own in _kind(demand.value)


def _has_datatype(value: Object, demand: Demand) -> bool:
    return isinstance(value, Literal) and value.datatype == demand.value


def _is_on_side(value: Object, demand: Demand, allowed: tuple[int, ...]) -> bool:
    order = compare(value, demand.value)
    return order is None or order in allowed


FITS: dict[str, Callable[[Object, Demand], bool]] = {
    "nodeKind": _has_kind,
    "datatype": _has_datatype,
    "minInclusive": partial(_is_on_side, allowed=(0, 1)),
    "minExclusive": partial(_is_on_side, allowed=(1,)),
    "maxInclusive": partial(_is_on_side, allowed=(-1, 0)),
    "maxExclusive": partial(_is_on_side, allowed=(-1,)),
}
"""Whether a value may meet a demand; true where that cannot be told."""


def _properties(demands: _Demands) -> Iterator[Pair]:
    """The same property named by demands that exclude each other."""
    for one, other in (("equals", "disjoint"), ("equals", "lessThan")):
        yield from ((a, b) for a, b in demands.pairs(one, other) if a.value == b.value)
    for refused, wanted in demands.pairs("not", "node"):
        if refused.value == wanted.value:
            yield wanted, refused


CHECKS = (_numbers, _ranges, _kinds, _lists, _values, _properties)
"""What two demands of one node are looked through for."""


def _closed(shapes: Shapes, demands: _Demands, by_path: dict[paths.Path, list[Subject]]) -> Iterator[Pair]:
    """Properties that have to be there, and that a closed shape does not list."""
    for demand in demands("closed"):
        if not isinstance(demand.value, Literal) or demand.value.value not in ("true", "1"):
            continue
        listed = {_path(shapes, each) for each in shapes.objects(demand.shape, sh("property"))}
        for head in shapes.objects(demand.shape, sh("ignoredProperties")):
            listed |= {member for member in _members(shapes, head) if isinstance(member, NamedNode)}
        for path, group in by_path.items():
            if isinstance(path, NamedNode) and path not in listed:
                needed = _Demands(shapes, group)("minCount", "qualifiedMinCount", "hasValue")
                yield from ((d, demand) for d in needed if d.parameter == "hasValue" or d.number > 0)


def _qualified(demands: _Demands) -> Iterator[Pair]:
    for low, high in demands.pairs("qualifiedMinCount", "qualifiedMaxCount"):
        if low.number > high.number:
            yield low, high
