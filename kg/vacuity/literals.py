"""Literals that are none of their datatype, and datatypes that do not exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from pyoxigraph import Literal, NamedNode

from kg.formats import xsd
from kg.meant import SLIP, nearest
from kg.names import XSD
from kg.places import Places
from kg.shapes.messages import shorten
from kg.shapes.triples import Edge, Object
from kg.vacuity.rules import Slip

Name = Callable[[NamedNode], str]


def slips(
    triples: Iterable[Edge], places: Places, name: Name, known: Iterable[tuple[Object, Object | None]] = ()
) -> Iterator[Slip]:
    """A slip for each statement whose value is none; not for the `known` nodes and values.

    >>> from pyoxigraph import RdfFormat, parse
    >>> turtle = 'PREFIX : <http://e/> :a :p "twenty"^^<http://www.w3.org/2001/XMLSchema#gYear> .'
    >>> quads = parse(turtle, RdfFormat.TURTLE)
    >>> for slip in slips([(q.subject, q.predicate, q.object) for q in quads], Places(), str):
    ...     print(slip.finding().message)
    “twenty” is no xsd:gYear; write it as 2021
    """
    told: set[tuple[Object, Object | None]] | None = None
    for subject, prop, value in triples:
        if isinstance(value, Literal) and (wrong := _wrong(value)):
            told = set(known) if told is None else told
            if (subject, value) in told:
                continue
            rule, fills, near = wrong
            place = next(iter(places.find(subject, prop, value)), None)
            shown = str(subject) if isinstance(subject, NamedNode) else ""
            yield Slip(rule, place, fills, near, name(prop), shown)


@cache
def _wrong(literal: Literal) -> tuple[str, dict[str, str], str] | None:
    """The rule that a literal breaks, what is to be said of it, and the datatype that may have been meant."""
    if literal.language is not None or not literal.datatype.value.startswith(XSD):
        return None
    local = literal.datatype.value.removeprefix(XSD)
    if known := xsd.DATATYPES.get(local):
        if known.holds(literal.value):
            return None
        said = {"value": shorten(literal.value), "datatype": f"xsd:{local}", "example": known.example}
        return "check.ill-typed", said, ""
    if local in xsd.OTHERS:
        return None
    near = nearest(local, xsd.DATATYPES, SLIP)
    return "check.unknown-datatype", {"term": f"xsd:{local}"}, near and f"xsd:{near}"
