"""What judges nothing, or is judged by nothing: shapes without work, and terms without a shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from kg.names import OWL, RDFS
from kg.places import Places
from kg.shapes.catalogue import PARAMETERS
from kg.shapes.graph import Shapes, Unused, local_name
from kg.shapes.triples import TYPE, Object, Subject, Triples
from kg.shapes.vocabulary import sh
from kg.vacuity.rules import Slip
from kg.vacuity.terms import Vocabulary, namespace

Name = Callable[[str], str]

DEMANDS = {*PARAMETERS, sh("property"), sh("rule")}
QUERIES = tuple(map(sh, ("select", "ask", "construct")))
RUN = tuple(map(sh, ("SPARQLRule", "TripleRule", "Rule", "SPARQLFunction")))
"""What SHACL's Advanced Features would run."""

SHOWN = 8
"""How many of many terms are named."""


def unused(found: Iterable[Unused], shapes: Shapes, places: Places, name: Name) -> Iterator[Slip]:
    """A slip for each shape that judged nothing."""
    for one in found:
        place = next(iter(places.find(one.shape)), None)
        shown = str(one.shape) if isinstance(one.shape, NamedNode) else ""
        if shapes.has_target(one.shape):
            targets = ", ".join(name(target.value) for target in one.targets)
            yield Slip("vacuity.no-focus", place, {"targets": targets}, key=one.rule, subject=shown)
        else:
            yield Slip("vacuity.no-target", place, key=one.rule, subject=shown)


def undemanding(shapes: Shapes, places: Places) -> Iterator[Slip]:
    """A slip for each shape that is for something, and demands nothing of it."""
    for shape in shapes.shapes:
        said = shapes.properties(shape).keys()
        idle = said.isdisjoint(DEMANDS) and said.isdisjoint(shapes.parameters)
        if idle and shapes.has_target(shape) and shapes.is_active(shape) and not _is_rule(shapes, shape):
            place = next(iter(places.find(shape)), None)
            yield Slip("vacuity.no-constraint", place, key=shapes.rule(shape))


def not_run(shapes: Shapes, places: Places) -> Iterator[Slip]:
    """A slip for each rule, function and entailment: constraints alone are run."""
    for prop in map(sh, ("rule", "entailment")):
        for subject, node in shapes.pairs(prop):
            place = next(iter(places.find(subject, prop, node)), None)
            said = _kind(shapes, node) if prop == sh("rule") else "sh:entailment"
            yield Slip("check.not-run", place, {"what": said}, key=shapes.rule(subject))
    held = {node for _, node in shapes.pairs(sh("rule"))}
    for node in dict.fromkeys(node for kind in RUN for node in shapes.subjects(TYPE, kind)):
        if node not in held:
            place = next(iter(places.find(node)), None)
            yield Slip("check.not-run", place, {"what": _kind(shapes, node)}, key=shapes.rule(node))


def _kind(shapes: Shapes, node: Object) -> str:
    """What a rule or function is, as its author has typed it."""
    kinds = [kind for kind in RUN if kind in shapes.objects(node, TYPE)]
    return f"sh:{local_name(kinds[0])}" if kinds else "sh:rule"


def _is_rule(shapes: Shapes, shape: Subject) -> bool:
    return bool(shapes.objects(shape, *QUERIES))


def unlooked(
    ontology: Triples,
    shapes: Shapes,
    known: Vocabulary,
    places: Places,
    name: Name,
    derived: Collection[str] = (),
) -> Iterator[Slip]:
    """One slip for the terms of the ontology that no shape is about.

    Left out are annotations, which speak to people; classes below one that a shape is about; and those that
    are `derived` from what a shape is about.
    """
    about = known.mentioned | set(_in_queries(shapes, known.classes | known.properties))
    annotations = ontology.subjects(TYPE, NamedNode(OWL + "AnnotationProperty"))
    spared = {*about, *derived, *(term.value for term in annotations if isinstance(term, NamedNode))}
    own = {iri for iri in known.classes | known.properties if namespace(iri) in known.owned}
    left = sorted(iri for iri in own - spared if about.isdisjoint(_above(ontology, iri)))
    if left:
        place = next((found[0] for iri in left if (found := places.find(NamedNode(iri)))), None)
        yield Slip("vacuity.unlooked-term", place, {"terms": _some([name(iri) for iri in left])})


def _above(ontology: Triples, iri: str) -> set[str]:
    """The classes that `iri` is below."""
    seen: set[str] = set()
    todo = [iri]
    while todo:
        above = ontology.objects(NamedNode(todo.pop()), NamedNode(RDFS + "subClassOf"))
        new = {term.value for term in above if isinstance(term, NamedNode)} - seen
        seen |= new
        todo += new
    return seen


def _in_queries(shapes: Shapes, terms: Collection[str]) -> Iterator[str]:
    """The terms that the queries of shapes name: by their IRI, or behind some prefix."""
    text = "\n".join(q.value for _, q in shapes.pairs(*QUERIES) if isinstance(q, Literal))
    words = set(re.findall(r"[\w.-]*:([\w.-]*\w)", text)) | set(re.findall("<([^<>]*)>", text))
    yield from (iri for iri in terms if iri in words or iri.removeprefix(namespace(iri)) in words)


def _some(words: list[str]) -> str:
    """The first of many words, and how many there are.

    >>> _some(list("abc")), _some([str(number) for number in range(12)])
    ('a, b, c', '0, 1, 2, 3, 4, 5, 6, 7, … (12)')
    """
    if len(words) <= SHOWN:
        return ", ".join(words)
    return f"{', '.join(words[:SHOWN])}, … ({len(words)})"
