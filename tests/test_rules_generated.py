"""Generated small ontologies and data: the rules give what owlrl gives, no more and no less.

owlrl erred on nothing that is generated here. What it says besides (equality, `Thing`, the
schema, literals as subjects) the judge leaves out; a literal as a *link* in a chain, an
inverse or a class would make it infer through subjects that RDF does not have, so
properties with literals take part in the other axioms only.
"""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings, strategies as st
from judges import owlrl_closure
from test_rules import turtle

from kg import rules

CLASSES = [":A", ":B", ":C", ":D"]
LINKS = [":p", ":q", ":r"]
NOTES = [":n", ":m"]
NODES = [":i", ":j", ":k"]
VALUES = ['"x"', '"y"@en', "7", "true"]

DECLARED = "".join(
    f"{term} a {kind} . "
    for terms, kind in (
        (CLASSES, "owl:Class"),
        (LINKS, "owl:ObjectProperty"),
        (NOTES, "owl:DatatypeProperty"),
    )
    for term in terms
)

classes, links, notes = st.sampled_from(CLASSES), st.sampled_from(LINKS), st.sampled_from(NOTES)
nodes, values = st.sampled_from(NODES), st.sampled_from(VALUES)


def listed(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(parts, min_size=1, max_size=3).map(lambda found: f"( {' '.join(found)} )")


def restriction(
    prop: st.SearchStrategy[str], term: str, value: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    return st.builds(lambda p, v: f"[ a owl:Restriction ; owl:onProperty {p} ; owl:{term} {v} ]", prop, value)


has_value = restriction(links, "hasValue", nodes) | restriction(notes, "hasValue", values)
some_thing = restriction(links | notes, "someValuesFrom", st.just("owl:Thing"))


def both(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return listed(parts).map(lambda found: f"[ a owl:Class ; owl:intersectionOf {found} ]")


def either(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return listed(parts).map(lambda found: f"[ a owl:Class ; owl:unionOf {found} ]")


lefts = st.recursive(
    classes | has_value | some_thing,
    lambda part: both(part) | either(part) | restriction(links, "someValuesFrom", part),
    max_leaves=5,
)
rights = classes | has_value | both(classes | has_value)


def says(left: st.SearchStrategy[str], word: str, right: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda s, o: f"{s} {word} {o} .", left, right)


axioms = st.one_of(
    says(lefts, "rdfs:subClassOf", rights),
    says(both(lefts), "rdfs:subClassOf", rights),
    says(restriction(links, "someValuesFrom", lefts), "rdfs:subClassOf", rights),
    says(classes, "owl:equivalentClass", rights),
    says(links, "rdfs:subPropertyOf", links) | says(notes, "rdfs:subPropertyOf", notes),
    says(links, "owl:equivalentProperty", links) | says(notes, "owl:equivalentProperty", notes),
    says(links | notes, "rdfs:domain", rights) | says(links, "rdfs:range", rights),
    says(links, "owl:inverseOf", links),
    says(links, "a", st.sampled_from(["owl:SymmetricProperty", "owl:TransitiveProperty"])),
    says(links, "owl:propertyChainAxiom", listed(links)),
    says(classes, "owl:disjointWith", classes),
    st.lists(classes, min_size=2, max_size=4, unique=True).map(
        lambda found: f"[ a owl:AllDisjointClasses ; owl:members ( {' '.join(found)} ) ] ."
    ),
)
facts = st.one_of(
    says(nodes, "a", classes),
    st.builds(lambda s, p, o: f"{s} {p} {o} .", nodes, links, nodes),
    st.builds(lambda s, p, o: f"{s} {p} {o} .", nodes, notes, values),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(axioms, min_size=3, max_size=8), st.lists(facts, min_size=4, max_size=9))
def test_rules_give_what_owlrl_gives(axioms: list[str], facts: list[str]):
    schema, data = turtle(DECLARED + "\n".join(axioms)), turtle("\n".join(facts))
    found = rules.infer(data, rules.compile(schema))
    judged = owlrl_closure([*schema, *data])
    assert {inference.triple for inference in found.triples} == judged.triples
    clashes = {(c.individual.value, frozenset((c.class_a.value, c.class_b.value))) for c in found.clashes}
    assert clashes == judged.clashes
