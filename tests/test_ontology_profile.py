"""The axioms stay in the OWL 2 RL profile: each expression on a side where the profile allows it.

The checker reads the axioms with rdflib, apart from the reader of `kg.rules`. It knows the constructs that
the project uses, and takes any other for a fault.
Source: https://www.w3.org/TR/owl2-profiles/#OWL_2_RL
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import rdflib
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL
from whole import ROOT, onto

from kg.names import CG

ALLOWED = {
    "sub": {OWL.intersectionOf, OWL.unionOf, OWL.oneOf, OWL.someValuesFrom, OWL.hasValue},
    "super": {OWL.intersectionOf, OWL.complementOf, OWL.allValuesFrom, OWL.hasValue, OWL.maxCardinality},
    "equivalent": {OWL.intersectionOf, OWL.hasValue},
}
"""What a class expression may be made of on that side of an axiom."""

STRUCTURE = {RDF.type, RDF.first, RDF.rest, OWL.onProperty, *set().union(*ALLOWED.values())}
RELATIONS = {
    RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range,
    OWL.equivalentClass, OWL.disjointWith, OWL.inverseOf, OWL.propertyChainAxiom,
}  # fmt: skip
KINDS = {OWL.Restriction, OWL.Class, OWL.SymmetricProperty, OWL.TransitiveProperty}


def faults(graph: Graph) -> list[str]:
    """What the profile does not allow in the axioms."""
    found = [str(p) for p in set(graph.predicates()) - STRUCTURE - RELATIONS]
    found += [str(o) for o in set(graph.objects(None, RDF.type)) - KINDS]
    return found + [fault for node, side in _sides(graph) for fault in _outside(node, side, graph)]


def _sides(graph: Graph) -> Iterator[tuple[Any, str]]:
    """Each class expression that stands in an axiom, with its side."""
    for s, o in graph.subject_objects(RDFS.subClassOf):
        yield from ((s, "sub"), (o, "super"))
    for end in (RDFS.domain, RDFS.range):
        yield from ((o, "super") for o in graph.objects(None, end))
    for relation, side in ((OWL.equivalentClass, "equivalent"), (OWL.disjointWith, "sub")):
        for s, o in graph.subject_objects(relation):
            yield from ((s, side), (o, side))


def _outside(node: Any, side: str, graph: Graph) -> Iterator[str]:
    if isinstance(node, URIRef):
        if node == OWL.Thing and side != "super":
            yield str(node)
        return
    made_of = {p for p in graph.predicates(node) if p in OWL} - {OWL.onProperty}
    yield from (str(each) for each in made_of - ALLOWED[side])
    if not made_of:
        yield "an expression that says nothing"
    for each in made_of & {OWL.intersectionOf, OWL.unionOf}:
        for part in Collection(graph, graph.value(node, each)):
            yield from _outside(part, side, graph)
    for each in made_of & {OWL.someValuesFrom, OWL.allValuesFrom}:
        yield from _outside(graph.value(node, each), side, graph)


def test_the_axioms_are_in_the_profile():
    graph = Graph().parse(ROOT / "ontology" / "axioms.ttl")
    assert len(graph) == len(onto().axioms)
    assert faults(graph) == []


SOME = "[ owl:onProperty cg:agent ; owl:someValuesFrom cg:Role ]"
EVERY = "[ owl:onProperty cg:agent ; owl:allValuesFrom cg:Role ]"
TWO = "[ owl:onProperty cg:agent ; owl:minCardinality 2 ]"
EITHER = "[ owl:unionOf ( cg:Role cg:Phase ) ]"


@pytest.mark.parametrize(
    ("axiom", "fault"),
    [
        (f"cg:Role rdfs:subClassOf {SOME} .", "someValuesFrom"),
        (f"cg:Role rdfs:subClassOf {EITHER} .", "unionOf"),
        (f"{EVERY} rdfs:subClassOf cg:Role .", "allValuesFrom"),
        (f"[ owl:intersectionOf ( cg:Role {TWO} ) ] rdfs:subClassOf cg:Role .", "minCardinality"),
        (
            f"[ owl:onProperty cg:role ; owl:someValuesFrom {EVERY} ] rdfs:subClassOf cg:Role .",
            "allValuesFrom",
        ),
        (f"cg:Role owl:equivalentClass {EITHER} .", "unionOf"),
        (f"cg:agent rdfs:range {EITHER} .", "unionOf"),
        ("owl:Thing rdfs:subClassOf cg:Role .", "Thing"),
        ("cg:Role rdfs:subClassOf [ a owl:Class ] .", "an expression that says nothing"),
        ("cg:agent a owl:ReflexiveProperty .", "ReflexiveProperty"),
        ("cg:Role owl:disjointUnionOf ( cg:Role cg:Phase ) .", "disjointUnionOf"),
    ],
)
def test_what_is_outside_the_profile_is_seen(axiom: str, fault: str):
    prefixes = f"PREFIX cg: <{CG}> PREFIX owl: <{OWL}> PREFIX rdfs: <{RDFS}> "
    graph = rdflib.Graph().parse(data=prefixes + axiom, format="turtle")
    assert [each for each in faults(graph) if each.endswith(fault)]


@pytest.mark.parametrize(
    "axiom",
    [
        f"{SOME} rdfs:subClassOf cg:Role .",
        f"cg:Role rdfs:subClassOf {EVERY} .",
        f"{EITHER} rdfs:subClassOf cg:Role .",
    ],
)
def test_what_is_inside_is_let_pass(axiom: str):
    prefixes = f"PREFIX cg: <{CG}> PREFIX owl: <{OWL}> PREFIX rdfs: <{RDFS}> "
    assert faults(rdflib.Graph().parse(data=prefixes + axiom, format="turtle")) == []


def test_inverses_chains_and_characteristics_are_of_object_properties():
    objects = {q.subject for q in onto().terms if getattr(q.object, "value", "") == str(OWL.ObjectProperty)}
    relations = {str(OWL.inverseOf), str(OWL.propertyChainAxiom)}
    kinds = {str(OWL.SymmetricProperty), str(OWL.TransitiveProperty)}
    used = {
        q.subject
        for q in onto().axioms
        if q.predicate.value in relations or getattr(q.object, "value", "") in kinds
    }
    assert used
    assert used <= objects
