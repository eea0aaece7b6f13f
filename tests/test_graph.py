"""The graph of the five cases: evidence for all it says, portable, each triple once, and inferred rightly.

The standard engines judge the inferences: owlrl and HermiT those of the axioms, pySHACL the shortcuts.
They get the cases, the ontology, and of the reference graph what the cases point to. The rest of it,
20,000 statements on municipalities, is left out: owlrl is slow, and would find nothing there but classes,
and successors, which have a test of their own.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby

import pytest
import whole
from judges import Given, hermit_types, owlrl_closure, pyshacl_rules
from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple
from whole import TYPE, cg, objects, onto, short

from kg import about, formats, rules
from kg.build import Graph
from kg.names import OA, ORG, PROV
from kg.rules import Inference
from kg.sources import MOST_CHARACTERS, MOST_WORDS

DERIVED = NamedNode(PROV + "wasDerivedFrom")
judged = pytest.mark.xdist_group("judges")
"""One process for them: they share what they are given, and owlrl holds a core for ten seconds."""


# --- What it says, and by what evidence


def test_there_is_nothing_that_cannot_be_read_and_no_clash(graph: Graph):
    assert graph.asserted.faults == []
    assert graph.inferences.clashes == ()
    assert len(graph.asserted.cases) == 6


def test_every_assertion_leads_to_a_source_or_to_what_it_is_derived_from():
    nodes = whole.instances(cg("Assertion")) | whole.instances(cg("Contradiction"))
    nodes |= whole.instances(cg("Recomputation"))
    assert len(nodes) > 250
    bare = [n for n in nodes if not objects(n, cg("evidence")) and not objects(n, DERIVED)]
    assert sorted(map(short, bare)) == []


def test_every_node_of_a_case_that_has_a_key_is_an_assertion_or_known_not_to_be():
    """A new class of keyed nodes must be brought under Assertion, or the test above passes it by."""
    keyed = {entry.property for entry in onto().context.entries.values() if entry.kind.name == "MAP"}
    assert len(keyed) > 10
    nodes = {q.object for q in whole.case_quads() if q.predicate in keyed}
    known = whole.instances(cg("Contradiction")) | whole.instances(cg("Recomputation"))
    bare = nodes - whole.instances(cg("Assertion")) - known
    assert {kind.value for node in bare for kind in objects(node, TYPE)} == {cg("Platform").value}


def test_all_evidence_leads_to_a_source_that_is_described():
    places = whole.instances(cg("Evidence"))
    assert len(places) > 300
    for place in places:
        [source] = objects(place, NamedNode(OA + "hasSource"))
        assert cg("Source") in objects(source, TYPE), short(place)


def test_no_quote_is_longer_than_a_few_words(graph: Graph):
    quotes = [q.object.value for q in graph.quads if q.predicate.value == OA + "exact"]
    assert len(quotes) > 300
    assert max(len(quote.split()) for quote in quotes) <= MOST_WORDS
    assert max(map(len, quotes)) <= MOST_CHARACTERS


# --- Portable, and each triple once


def exported(graph: Graph) -> list[Quad]:
    """All quads of a build: the graph, and what it says of itself."""
    return [*graph.quads, *about.describe(whole.workspace(), graph.quads)]


def test_every_node_has_an_iri_and_every_literal_is_portable(graph: Graph):
    quads = exported(graph)
    assert [q for q in quads if any(isinstance(term, BlankNode) for term in q)] == []
    assert formats.unportable(quads, whole.workspace().languages) == []


def test_no_triple_stands_twice(graph: Graph):
    quads = exported(graph)
    assert len({quad.triple for quad in quads}) == len(set(quads)) == len(quads)


def test_a_case_states_only_its_own_nodes():
    names, foreign = whole.workspace().names, []
    for quad in whole.case_quads():
        root = names.case(str(quad.graph_name.value).rsplit("/", 1)[-1]).value
        if quad.subject.value != root and not quad.subject.value.startswith(root + "/"):
            foreign.append(quad)
    assert foreign == []


def test_what_is_inferred_stands_in_the_inferred_graph_and_nothing_else_does(graph: Graph):
    name = whole.workspace().names.graph("inferred")
    assert {quad.graph_name for quad in graph.inferred} == {name}
    assert name not in {quad.graph_name for quad in graph.asserted.quads}
    assert {quad.triple for quad in graph.inferred} == {i.triple for i in graph.inferences.triples}


# --- What follows, and from what


def test_each_inference_follows_by_its_rule_from_what_stands_before_it(graph: Graph):
    known = set(whole.compiled())
    store = Store()
    store.bulk_extend(Quad(*quad.triple) for quad in graph.asserted.quads)
    for rule, inferences in groupby(graph.inferences.triples, key=lambda inference: inference.rule):
        assert rule in known
        triples = {inference.triple for inference in inferences}
        assert triples <= set(store.query(rule.sparql)), rule.name  # type: ignore[arg-type]
        store.extend(Quad(*triple) for triple in triples)


def test_nothing_more_follows(graph: Graph):
    flat = [*graph.asserted.quads, *graph.inferred]
    axioms = rules.compile(onto().axioms, (), onto().prefixes)
    assert rules.infer(flat, axioms).triples == ()


# --- Held against the standard engines


def is_shortcut(inference: Inference) -> bool:
    return inference.rule.kind == "shortcut"


@cache
def given() -> list[Quad]:
    """Cases, terms, and of the reference graph what is said of things that the cases name."""
    cases = whole.case_quads()
    named = {term for quad in cases for term in (quad.predicate, quad.object) if isinstance(term, NamedNode)}
    reference = whole.workspace().names.graph("reference")
    asserted = whole.graph().asserted.quads
    pointed = [q for q in asserted if q.graph_name == reference and q.subject in named]
    return [*cases, *onto().terms, *pointed]


@cache
def follows() -> tuple[set[Triple], set[Triple]]:
    """What the shortcuts give for those, and what the axioms give then."""
    found = rules.infer(given(), whole.compiled()).triples
    direct = {inference.triple for inference in found if is_shortcut(inference)}
    return direct, {inference.triple for inference in found} - direct


def judgeable() -> list[Quad | Triple]:
    """The same with the axioms, and with what the shortcuts give: neither OWL engine can run those."""
    return [*given(), *onto().axioms, *follows()[0]]


def test_the_part_that_is_judged_has_every_rule_at_work(graph: Graph):
    """All but the successors of municipalities, which are judged apart."""
    used = {inference.rule.name for inference in rules.infer(given(), whole.compiled()).triples}
    idle = {inference.rule.name for inference in graph.inferences.triples} - used
    assert idle <= {"cg:successorOf a owl:TransitiveProperty"}


@judged
def test_what_follows_from_lines_follows_from_quads(graph: Graph):
    quads = list(graph.asserted.quads)
    lines = b"".join(f"{quad.triple} {quad.graph_name} .\n".encode() for quad in quads)
    of_lines = rules.infer(rules.Lines([lines]), whole.compiled())
    of_quads = rules.infer(quads, whole.compiled())
    assert {each.triple for each in of_lines.triples} == {each.triple for each in of_quads.triples}
    assert len(of_quads.triples) > 4000


def test_pyshacl_draws_the_same_shortcuts():
    assert pyshacl_rules(given(), onto().shortcuts, onto().axioms) == follows()[0]


@judged
def test_owlrl_infers_the_same():
    closure = owlrl_closure(judgeable())
    assert closure.clashes == set()
    assert closure.triples == follows()[1]


@judged
def test_hermit_puts_the_same_individuals_in_the_same_classes():
    known = {quad.triple for quad in given()} | set().union(*follows())
    about_individual = Given(judgeable()).is_about_individual
    assert hermit_types(judgeable()) == {t for t in known if t.predicate == TYPE and about_individual(t)}


@judged
def test_owlrl_finds_the_same_successors(graph: Graph):
    links = {
        cg("successorOf"),
        NamedNode(ORG + "originalOrganization"),
        NamedNode(ORG + "resultingOrganization"),
    }
    asserted = [quad for quad in graph.asserted.quads if quad.predicate in links]
    assert len(asserted) > 500
    ends = {term for quad in asserted for term in (quad.subject, quad.object)}
    kinds = [q for q in graph.asserted.quads if q.predicate == TYPE and q.subject in ends]
    inferred = {i.triple for i in graph.inferences.triples if i.triple.predicate == cg("successorOf")}
    assert len(inferred) > 100
    axioms = [q for q in onto().axioms if q.subject == cg("successorOf")]
    assert owlrl_closure([*asserted, *kinds, *onto().terms, *axioms]).triples == inferred
