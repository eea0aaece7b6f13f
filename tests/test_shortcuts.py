"""Shortcuts: what the CONSTRUCTs of `sh:SPARQLRule`s give, held against pySHACL, and what is refused."""

from __future__ import annotations

import pytest
from judges import pyshacl_rules
from pyoxigraph import Triple
from test_rules import PREFIXES, inferred, triples, turtle

from kg import rules
from kg.errors import DefinitionError

SH = """
    PREFIX sh: <http://www.w3.org/ns/shacl#>
    :prefixes sh:declare [ sh:prefix "" ; sh:namespace "http://example.org/" ] .
"""
DATA = """
    :a1 a :Assignment ; :who :ann ; :where :mill ; :capacity :miller ; :standing :accepted .
    :a2 a :Assignment ; :who :bob ; :where :mill ; :capacity :miller ; :standing :disputed .
    :a3 a :Assignment ; :who :eve ; :where :hall ; :capacity :guard .
    :h1 a :Handover ; :who :kim ; :where :hall .
"""
SHORTCUTS = """
    :AssignmentShape a sh:NodeShape ; sh:targetClass :Assignment ; sh:rule :mills , :heads , :at , :dead .
    :mills a sh:SPARQLRule ; sh:order 1 ; sh:prefixes :prefixes ; sh:construct '''
      # Only what is accepted: { no brace, and no $this, in a comment counts }
      CONSTRUCT { ?who :millsAt ?where } WHERE {
        ?a :who ?who ; :where ?where ; :capacity :miller ; :standing ?s . FILTER(?s = :accepted)
      }''' .
    :heads a sh:SPARQLRule ; sh:order 2 ; sh:prefixes :prefixes ; sh:construct '''
      CONSTRUCT { ?mill :heads ?n } WHERE {
        { SELECT ?mill (COUNT(?a) AS ?n) WHERE { ?a :where ?mill . ?any :millsAt ?mill } GROUP BY ?mill }
      }''' .
    :at a sh:SPARQLRule ; sh:order 3 ; sh:prefixes :prefixes ; sh:construct '''
      CONSTRUCT { ?who :at ?where } WHERE { $this :who ?who OPTIONAL { $this :where ?where } }''' .
    :dead a sh:SPARQLRule ; sh:deactivated true ; sh:construct
      "CONSTRUCT { ?s :dead true } WHERE { ?s a ?o }" .
"""
EXPECTED = """
    :ann :millsAt :mill ; :at :mill . :mill :heads 2 .
    :bob :at :mill . :eve :at :hall .
"""
FIRST, SECOND = "CONSTRUCT { ?x :b ?y } WHERE { ?x :a ?y }", "CONSTRUCT { ?x :c ?y } WHERE { ?x :b ?y }"
ALIVE = "CONSTRUCT { $this :is :alive } WHERE {}"


def shortcuts(text: str, axioms: str = "") -> rules.Rules:
    return rules.compile(turtle(axioms), turtle(SH + text), PREFIXES)


def given(data: str, compiled: rules.Rules) -> set[Triple]:
    """What follows; the same where the data is text."""
    found, text = (
        rules.infer(turtle(data), compiled),
        b"".join(f"{q.triple} .\n".encode() for q in turtle(data)),
    )
    assert rules.infer(rules.Lines([text], graphs=False), compiled) == found
    return {inference.triple for inference in found.triples}


def rule(construct: str, more: str = "") -> str:
    return f"[ a sh:SPARQLRule ; sh:construct '''{construct}''' ; sh:prefixes :prefixes ; {more} ]"


def test_shortcuts_give_what_they_say():
    assert given(DATA, shortcuts(SHORTCUTS)) == triples(EXPECTED)


def test_pyshacl_gives_the_same():
    assert pyshacl_rules(turtle(DATA), turtle(SH + SHORTCUTS)) == triples(EXPECTED)


def test_this_is_an_instance_of_the_target_class_or_of_one_below():
    axioms = ":Baker rdfs:subClassOf :Person . :Confectioner rdfs:subClassOf :Baker ."
    text = f":S a sh:NodeShape ; sh:targetClass :Person ; sh:rule {rule(ALIVE)} ."
    data = ":ann a :Confectioner . :bob a :Person . :mill a :Mill ."
    expected = triples(":ann :is :alive . :bob :is :alive .")
    assert given(data, shortcuts(text, axioms)) - inferred(axioms, data) == expected
    assert pyshacl_rules(turtle(data), turtle(SH + text), turtle(axioms)) == expected


def test_a_shape_that_is_a_class_is_its_own_target():
    text = f":Person a sh:NodeShape , rdfs:Class ; sh:rule {rule(ALIVE)} ."
    data = ":ann a :Person . :mill a :Mill ."
    assert given(data, shortcuts(text)) == triples(":ann :is :alive .")
    assert pyshacl_rules(turtle(data), turtle(SH + text)) == triples(":ann :is :alive .")


@pytest.mark.parametrize(
    ("first", "second", "seen"),
    [("sh:order 1", "sh:order 2", True), ("sh:order 1.5", "sh:order 1.25", False), ("", "", False)],
)
def test_a_later_shortcut_sees_what_an_earlier_one_gave(first: str, second: str, seen: bool):
    found = given(":x :a :y .", shortcuts(f":S sh:rule {rule(FIRST, first)} , {rule(SECOND, second)} ."))
    assert found == triples(":x :b :y ; :c :y ." if seen else ":x :b :y .")


def test_the_order_of_shapes_comes_before_that_of_rules():
    text = f":S sh:order 2 ; sh:rule {rule(SECOND)} . :T sh:rule {rule(FIRST, 'sh:order 9')} ."
    assert given(":x :a :y .", shortcuts(text)) == triples(":x :b :y ; :c :y .")


def test_axioms_take_up_what_shortcuts_give_and_not_the_reverse():
    axioms = ":b rdfs:range :Thing . :z rdfs:subPropertyOf :a ."
    compiled = shortcuts(f":S sh:rule {rule(FIRST)} .", axioms)
    found = rules.infer(turtle(":x :a :y ; :z :w ."), compiled).triples
    assert {i.triple for i in found} == triples(":x :b :y ; :a :w . :y a :Thing .")
    assert [i.rule.kind for i in found] == ["shortcut", "rdfs:range", "rdfs:subPropertyOf"]


def test_a_triple_of_two_graphs_counts_once_and_what_is_known_is_not_inferred():
    count = "CONSTRUCT { ?x :n ?n } WHERE { SELECT ?x (COUNT(*) AS ?n) WHERE { ?x :a ?y } GROUP BY ?x }"
    data = ":g1 { :x :a :y . :k :a :y ; :n 1 } :g2 { :x :a :y }"
    assert given(data, shortcuts(f":S sh:rule {rule(count)} .")) == triples(":x :n 1 .")


def test_a_literal_never_becomes_a_subject():
    text = f":S sh:rule {rule('CONSTRUCT { ?y :of ?x } WHERE { ?x :a ?y }')} ."
    assert given(":x :a :y , 'y' .", shortcuts(text)) == triples(":y :of :x .")


def test_a_shortcut_is_known_by_its_label_or_its_iri():
    label = 'rdfs:label "b"@en , "a"@da'
    text = (
        f":S sh:rule :named , {rule(FIRST, label)} . :named sh:prefixes :prefixes ; sh:construct '{SECOND}' ."
    )
    assert [(r.name, r.kind, r.axiom) for r in shortcuts(text)] == [
        (":named", "shortcut", ":named"),
        ("b", "shortcut", ":S"),
    ]


def test_prefixes_come_from_imported_ontologies_too():
    text = f":S sh:rule :r . :r sh:construct '{FIRST}' ; sh:prefixes :my ."
    text += ":my owl:imports :my , :its . :its owl:imports :prefixes ."
    assert given(":x :a :y .", shortcuts(text)) == triples(":x :b :y .")


@pytest.mark.parametrize("off", [":S sh:deactivated true .", ":r sh:deactivated true ."])
def test_what_is_deactivated_does_not_run(off: str):
    text = f":S sh:rule :r . :r a sh:SPARQLRule ; sh:prefixes :prefixes ; sh:construct '{FIRST}' ."
    assert given(":x :a :y .", shortcuts(text)) == triples(":x :b :y .")
    assert given(":x :a :y .", shortcuts(text + off)) == set()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (rule("CONSTRUCT { ?x :b ?y } WHERE { ?x :a }"), "shortcut :S: its query is ill-formed: error at 1:"),
        (f"[ sh:construct '{FIRST}' ]", "its query is ill-formed"),
        (
            rule("CONSTRUCT { ?x :b ?y } WHERE { ?x :a ?y FILTER(<http://e.org/f>(?y)) }"),
            "shortcut :S: its query is ill-formed: The custom function <http://e.org/f> is not supported",
        ),
        (rule("SELECT ?x WHERE { ?x :a ?y }"), "it is no CONSTRUCT"),
        (rule("DESCRIBE ?x WHERE { ?x :a ?y }"), "it is no CONSTRUCT"),
        (
            rule("CONSTRUCT { ?x :b [] } WHERE { ?x :a ?y }"),
            "it makes blank nodes; give what it makes an IRI",
        ),
        (rule("CONSTRUCT { ?x :b _:y } WHERE { ?x :a ?y }"), "it makes blank nodes"),
        (rule("CONSTRUCT { ?x :b (1 2) } WHERE { ?x :a ?y }"), "it makes blank nodes"),
        (rule("CONSTRUCT WHERE { ?x :a [] }"), "it makes blank nodes"),
        (rule("CONSTRUCT { ?x :b ?y } WHERE { GRAPH ?g { ?x :a ?y } }"), "GRAPH is not supported"),
        (rule("CONSTRUCT { ?x :b ?y } from :g WHERE { ?x :a ?y }"), "FROM is not supported"),
        (rule("CONSTRUCT { ?x :b ?y } WHERE { SERVICE :s { ?x :a ?y } }"), "SERVICE is not supported"),
        (rule("CONSTRUCT { $this :b ?y } WHERE { $this :a ?y }"), "it says $this, but no shape of it has"),
        (rule("CONSTRUCT WHERE { $this :a ?y }"), "$this needs a template"),
        (rule(FIRST, "sh:order 'first'"), "sh:order is not a number"),
        (rule(FIRST, "sh:condition :T"), "sh:condition is not supported"),
        (rule(FIRST, "sh:construct 'CONSTRUCT WHERE {}'"), "it has not one sh:construct"),
        ("[ a sh:TripleRule ; sh:subject sh:this ]", "it has not one sh:construct; only sh:SPARQLRule is"),
        (f":none . :r sh:construct '{FIRST}'", "shortcut :r: no shape has it as sh:rule"),
    ],
)
def test_what_a_shortcut_may_not_be_is_refused_by_name(text: str, fault: str):
    with pytest.raises(DefinitionError) as error:
        shortcuts(f":S a sh:NodeShape ; sh:rule {text} .")
    assert fault in str(error.value)


def test_words_that_hide_in_strings_iris_comments_and_names_are_none():
    query = """# FROM { here
        CONSTRUCT { ?graph :from <http://example.org/SERVICE> } WHERE {
          ?graph :a ?y FILTER(?y != "} GRAPH { $this" && ?y != 3) OPTIONAL { ?y :_ ?service } # }
        }"""
    expected = triples(":x :from <http://example.org/SERVICE> .")
    assert given(":x :a :y .", shortcuts(f":S sh:rule {rule(query)} .")) == expected


def test_faults_of_axioms_and_shortcuts_are_told_together():
    with pytest.raises(DefinitionError) as error:
        shortcuts(f":S sh:rule {rule('SELECT')} .", ":p a owl:FunctionalProperty .")
    assert [fault.what.split()[0] for fault in error.value.faults] == [":p", "shortcut"]
