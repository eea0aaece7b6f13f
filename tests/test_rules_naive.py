"""Semi-naive inference against naive: the same triples, by the same rules, in the same rounds.

The rules are generated: axioms as they are held against owlrl, and shortcuts of all that SPARQL has that is
answered without a store, or with one.
"""

from __future__ import annotations

import pytest
import whole
from hypothesis import HealthCheck, given, settings, strategies as st
from naive import naive
from pyoxigraph import Literal, NamedNode, Quad, Triple
from test_rules import PREFIXES, ex, turtle
from test_rules_generated import DECLARED, axioms, facts
from test_shortcuts import SH, rule

from kg import rules
from kg.names import XSD
from kg.rules.algebra import is_plain
from kg.rules.parts import parts

gently = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

variables = st.sampled_from(["?x", "?y", "?z", "?v"])
properties = st.sampled_from([":p", ":q", ":n", ":p", ":q", "^:p", ":p/:q", ":q/^:n"])
ends = st.sampled_from(["?x", "?y", "?z", "?v", "?w", ":i"])
links = st.builds(lambda s, p, o: f"{s} {p} {o} .", variables, properties, ends)
links |= st.builds(lambda s, c: f"{s} a {c} .", variables, st.sampled_from([":A", ":B", "?w"]))
patterns = st.lists(links, min_size=1, max_size=2).map(" ".join)
first = st.builds(lambda p, more: f"?x {p} ?y . {more}", properties, st.just("") | patterns)
least = st.builds(
    lambda inner, of: f"{{ SELECT ?x (MIN({of}) AS ?v) WHERE {{ ?x :n {of} . {inner} }} GROUP BY ?x }}",
    st.just("") | patterns,
    st.sampled_from(["?w", "?y"]),
)
inside = st.one_of(
    st.builds(lambda a, b: f"{{ {a} }} UNION {{ {b} }}", patterns, patterns),
    st.builds(lambda a, b: f"{{ ?x {a} ?v }} UNION {{ ?x {b} ?v }}", properties, properties),
    patterns.map(lambda inner: f"MINUS {{ {inner} }}"),
    patterns.map(lambda inner: f"OPTIONAL {{ {inner} }}"),
    patterns.map(lambda inner: f"FILTER NOT EXISTS {{ {inner} }}"),
    first.map(lambda inner: f"{{ SELECT ?x ?y WHERE {{ {inner} }} }}"),
    first.map(lambda inner: f"{{ {inner} MINUS {{ ?y :n ?w }} }}"),
    st.sampled_from(["VALUES ?x { :i :j }", "FILTER(STR(?x) < STR(?y))"]),
    least,
)
wheres = first | st.builds(lambda *said: " ".join(said), first, inside) | least | inside
wheres |= st.builds(lambda *said: " ".join(said), first, inside, inside)
templates = st.sampled_from(
    ["?x :r ?y", "?y :p ?x", "?x a :A", "?x :n ?v", "?x :q ?y . ?y :s ?x", "?x :m :k"]
)
constructs = st.builds(lambda given, where: f"CONSTRUCT {{ {given} }} WHERE {{ {where} }}", templates, wheres)
constructs |= st.builds(
    lambda given, p, q, more: f"CONSTRUCT {{ {given} }} WHERE {{ $this {p} ?y . $this {q} ?z . {more} }}",
    st.sampled_from(["?y :s ?z", "?y a :B", "?z :m :k"]),
    properties,
    properties,
    st.just("") | st.just("") | inside,
)
aims = st.sampled_from(["sh:order 1", "sh:order 2", "sh:order 3"])
numbers = st.builds(
    lambda s, p, n: f"{s} {p} {n} .",
    st.sampled_from([":i", ":j", ":k"]),
    st.sampled_from([":n", ":p"]),
    st.sampled_from(["1", "2", "12", "'x'", "2.5"]),
)


def shortcuts(queries: list[tuple[str, str]]) -> list[Quad]:
    text = " , ".join(
        rule(query, f"{order} ; rdfs:label '{at}'") for at, (query, order) in enumerate(queries)
    )
    return turtle(f"{SH} :S a sh:NodeShape ; sh:targetClass :A ; sh:rule {text} .")


@gently
@given(st.lists(axioms, min_size=3, max_size=12), st.lists(facts | numbers, min_size=4, max_size=14))
def test_axioms_give_the_same_by_the_same_steps(said: list[str], data: list[str]):
    compiled = rules.compile(turtle(DECLARED + "\n".join(said)), (), PREFIXES)
    asserted = turtle("\n".join(data))
    assert rules.infer(asserted, compiled).trace() == naive(asserted, compiled)


@gently
@given(
    st.lists(st.tuples(constructs, aims), min_size=1, max_size=4),
    st.lists(axioms, max_size=4),
    st.lists(facts | numbers, min_size=12, max_size=30),
)
def test_shortcuts_give_the_same_by_the_same_steps(
    queries: list[tuple[str, str]], said: list[str], data: list[str]
):
    compiled = rules.compile(turtle(DECLARED + "\n".join(said)), shortcuts(queries), PREFIXES)
    asserted = turtle("\n".join(data))
    assert rules.infer(asserted, compiled).trace() == naive(asserted, compiled)


def test_the_graph_of_the_cases_has_the_same_steps():
    quads = whole.graph().asserted.quads
    assert rules.infer(quads, whole.compiled()).trace() == naive(quads, whole.compiled())


def test_most_shortcuts_of_the_ontology_need_no_store():
    found = {rule.name: parts(rule.sparql) for rule in whole.compiled() if rule.kind == "shortcut"}
    assert [name for name, query in found.items() if not query or not is_plain(query)] == [
        "cg:contradictsShortcut",  # it has a FILTER
        "cg:figureShortcut",  # it and those below reckon with numbers and days
        "cg:conflictingOutcomesShortcut",
        "cg:conflictingStartsShortcut",
        "cg:conflictingStatementsShortcut",
        "cg:countedShortcut",
        "cg:recomputedShortcut",
        "cg:timedShortcut",
    ]


def test_what_has_literals_of_its_own_kind_is_asked_of_a_store():
    """The least of 2, 10 and 9.5 is told by a store; of whole numbers without one."""
    query = (
        "CONSTRUCT { ?x :least ?m } WHERE { { SELECT ?x (MIN(?v) AS ?m) WHERE { ?x :n ?v } GROUP BY ?x } }"
    )
    compiled = rules.compile([], shortcuts([(query, "")]), PREFIXES)
    for data, least in ((":i :n 10 , 9", "9"), (":i :n 10 , 9.5", "9.5")):
        [found] = rules.infer(turtle(data + " ."), compiled).triples
        assert found.triple.object.value == least


@pytest.mark.parametrize("more", ["", " FILTER(?v != 3)"])
def test_literals_are_handed_on_as_they_are_written(more: str):
    """By what needs no store, by what does, and by axioms."""
    odd = [
        Literal("007", datatype=NamedNode(XSD + "integer")),
        Literal("7", datatype=NamedNode(XSD + "long")),
    ]
    data = [Quad(ex(f"n{at}"), ex("p"), each) for at, each in enumerate(odd)]
    query = f"CONSTRUCT {{ ?x :copy ?v }} WHERE {{ ?x :p ?v{more} }}"
    compiled = rules.compile(turtle(":p rdfs:subPropertyOf :q ."), shortcuts([(query, "")]), PREFIXES)
    for at, literal in enumerate(odd):
        found = {inference.triple for inference in rules.infer([data[at]], compiled).triples}
        assert found == {Triple(ex(f"n{at}"), ex(name), literal) for name in ("copy", "q")}


def test_a_count_is_the_stores_own():
    query = (
        "CONSTRUCT { ?x :many ?m } WHERE { { SELECT ?x (COUNT(?v) AS ?m) WHERE { ?x :p ?v } GROUP BY ?x } }"
    )
    two = Literal("02", datatype=NamedNode(XSD + "integer"))
    data = [Quad(ex("i"), ex("p"), value) for value in (two, Literal("x"))]
    [found] = rules.infer(data, rules.compile([], shortcuts([(query, "")]), PREFIXES)).triples
    assert found.triple.object.value == "2"
