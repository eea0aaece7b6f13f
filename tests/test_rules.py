"""Axioms: what follows from each kind, what is refused, and what clashes.

A file in `rules/` is one case: its axioms, its data, all that follows, and what clashes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from judges import TYPE, InconsistentError, hermit_types, owlrl_closure
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg import rules
from kg.errors import DefinitionError
from kg.names import OWL
from kg.places import Place, Places

CASES = sorted((Path(__file__).parent / "rules").glob("*.trig"))
EX = "http://example.org/"
PREFIXES = {"": EX}
PROLOGUE = """
    PREFIX : <http://example.org/>
    PREFIX owl: <http://www.w3.org/2002/07/owl#>
    PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


def turtle(text: str) -> list[Quad]:
    return list(parse(PROLOGUE + text, format=RdfFormat.TRIG))


def triples(text: str) -> set[Triple]:
    return {quad.triple for quad in turtle(text)}


def inferred(axioms: str, data: str) -> set[Triple]:
    return {i.triple for i in rules.infer(turtle(data), rules.compile(turtle(axioms))).triples}


class Case:
    """One file of `rules/`, by its graphs."""

    def __init__(self, path: Path) -> None:
        self.quads = list(parse(path=path, format=RdfFormat.TRIG))
        self.axioms, self.data = self.graph("axioms"), self.graph("data")
        self.inferred = {quad.triple for quad in self.graph("inferred")}
        clashes = self.graph("clashes")
        self.clashes = {
            (q.subject.value, frozenset(c.object.value for c in clashes if c.subject == q.subject))
            for q in clashes
        }

    def graph(self, name: str) -> list[Quad]:
        return [quad for quad in self.quads if quad.graph_name == ex(name)]

    def declared(self) -> set[Triple]:
        """Axioms and data, with every class and property declared, as the judges want it."""
        facts = {quad.triple for quad in [*self.axioms, *self.data]}
        shown = {quad.triple for quad in self.data} | self.inferred
        classes = {t.object for t in shown if t.predicate == TYPE}
        links = {t.predicate for t in shown if t.predicate != TYPE}
        data = {t.predicate for t in shown if isinstance(t.object, Literal)}
        kinds = {"Class": classes, "DatatypeProperty": data, "ObjectProperty": links - data}
        return facts | {
            Triple(n, TYPE, NamedNode(OWL + kind)) for kind, nodes in kinds.items() for n in nodes
        }


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> Case:
    return Case(request.param)


def test_a_case_gives_what_it_says(case: Case):
    found = rules.infer(case.data, rules.compile(case.axioms))
    assert {inference.triple for inference in found.triples} == case.inferred
    assert {
        (c.individual.value, frozenset((c.class_a.value, c.class_b.value))) for c in found.clashes
    } == case.clashes


def test_owlrl_gives_the_same(case: Case):
    assert owlrl_closure(case.declared()) == (case.inferred, case.clashes)


@pytest.mark.parametrize("name", ["chain", "equivalent-class-of-parts", "nested", "together", "union"])
def test_hermit_puts_the_same_individuals_in_the_same_classes(name: str):
    case = Case(Path(__file__).parent / "rules" / f"{name}.trig")
    known = {quad.triple for quad in case.data} | case.inferred
    assert hermit_types(case.declared()) == {t for t in known if t.predicate == TYPE}


def test_hermit_finds_a_clash_inconsistent():
    with pytest.raises(InconsistentError):
        hermit_types(Case(Path(__file__).parent / "rules" / "disjoint.trig").declared())


def test_every_supported_kind_of_axiom_has_a_case():
    kinds = {rule.kind for path in CASES for rule in rules.compile(Case(path).axioms)}
    assert kinds == {
        "rdfs:subClassOf",
        "rdfs:subPropertyOf",
        "rdfs:domain",
        "rdfs:range",
        "owl:equivalentClass",
        "owl:equivalentProperty",
        "owl:inverseOf",
        "owl:propertyChainAxiom",
        "owl:SymmetricProperty",
        "owl:TransitiveProperty",
    }


def test_each_inference_names_its_rule_and_axiom():
    compiled = rules.compile(
        turtle(":Cat rdfs:subClassOf :Mammal . :Mammal rdfs:subClassOf :Animal ."), (), PREFIXES
    )
    found = rules.infer(turtle(":tom a :Cat ."), compiled)
    assert [(i.triple.object, i.rule.kind, i.rule.axiom) for i in found.triples] == [
        (ex("Mammal"), "rdfs:subClassOf", ":Cat rdfs:subClassOf :Mammal"),
        (ex("Animal"), "rdfs:subClassOf", ":Mammal rdfs:subClassOf :Animal"),
    ]


def test_the_premises_of_an_inference_are_asserted_or_stand_before_it():
    case = Case(Path(__file__).parent / "rules" / "together.trig")
    store = Store()
    store.extend(Quad(*quad.triple) for quad in case.data)
    inferences = rules.infer(case.data, rules.compile(case.axioms)).triples
    assert len({inference.rule for inference in inferences}) > 2
    for inference in inferences:
        assert inference.triple in set(store.query(inference.rule.sparql))
        store.add(Quad(*inference.triple))


def test_an_axiom_with_several_rules_numbers_them():
    axioms = "[ owl:unionOf ( :Cat :Dog ) ] rdfs:subClassOf :Pet . :in owl:inverseOf :has ."
    names = [rule.name for rule in rules.compile(turtle(axioms), (), PREFIXES)]
    assert names == [
        ":Cat or :Dog rdfs:subClassOf :Pet [1]",
        ":Cat or :Dog rdfs:subClassOf :Pet [2]",
        ":in owl:inverseOf :has [1]",
        ":in owl:inverseOf :has [2]",
    ]


def test_an_axiom_that_says_nothing_new_makes_no_rule():
    axioms = ":Cat rdfs:subClassOf :Cat , owl:Thing . :name rdfs:range xsd:string ."
    assert not list(rules.compile(turtle(axioms)))


def test_a_nested_left_side_becomes_one_pattern():
    axioms = """[ owl:intersectionOf ( :Group [ owl:onProperty :role ; owl:someValuesFrom
        [ owl:onProperty :does ; owl:hasValue :help ] ] ) ] rdfs:subClassOf :Helpers ."""
    [rule] = rules.compile(turtle(axioms), (), PREFIXES)
    assert rule.name == ":Group and (:role some (:does value :help)) rdfs:subClassOf :Helpers"
    assert [" ".join(map(str, pattern)) for pattern in rule.body] == [
        f"?x {TYPE} {ex('Group')}",
        f"?x {ex('role')} ?y1",
        f"?y1 {ex('does')} {ex('help')}",
    ]


def test_the_order_of_triples_and_graphs_makes_no_difference():
    case = Case(Path(__file__).parent / "rules" / "together.trig")
    forth = rules.infer(case.data, rules.compile(case.axioms))
    back = rules.infer(case.data[::-1], rules.compile(case.axioms[::-1]))
    assert forth == back


def test_what_any_graph_asserts_is_not_inferred():
    data = ":g1 { :tom a :Cat . } :g2 { :tom a :Cat . } :g3 { :tom a :Mammal . }"
    axioms = ":Cat rdfs:subClassOf :Mammal . :Mammal rdfs:subClassOf :Animal ."
    assert inferred(axioms, data) == triples(":tom a :Animal .")


def test_blank_nodes_in_data_are_carried_along():
    found = rules.infer(turtle("[] :owns [] ."), rules.compile(turtle(":owns rdfs:domain :Owner .")))
    assert [i.triple.object for i in found.triples] == [ex("Owner")]


def test_inferences_become_quads_of_a_graph():
    found = rules.infer(turtle(":tom a :Cat ."), rules.compile(turtle(":Cat rdfs:subClassOf :Animal .")))
    assert found.quads(ex("inferred")) == [Quad(ex("tom"), TYPE, ex("Animal"), ex("inferred"))]


def test_inferences_become_lines_that_say_the_same(case: Case):
    found = rules.infer(case.data, rules.compile(case.axioms))
    lines = b"".join(found.lines(ex("inferred")))
    assert set(parse(lines, RdfFormat.N_QUADS)) == set(found.quads(ex("inferred")))
    assert {q.triple for q in parse(b"".join(found.lines()), RdfFormat.N_TRIPLES)} == case.inferred


@pytest.mark.parametrize("graphs", [True, False], ids=["n-quads", "n-triples"])
def test_what_follows_from_lines_is_what_follows_from_quads(case: Case, graphs: bool):
    data = [
        *case.data,
        *turtle(':tom :said "a \\"<b>\\" c ."@en , "two\\nlines" , 7 ; :knows [ :owns :rex ] .'),
    ]
    end = f" {ex('graph')} .\n" if graphs else " .\n"
    blocks = [b"".join(f"{q.triple}{end}".encode() for q in data[at::2]) for at in (0, 1)]
    compiled = rules.compile(case.axioms)
    assert rules.infer(rules.Lines(blocks, graphs=graphs), compiled) == rules.infer(data, compiled)


def test_a_clash_names_the_individual_and_both_classes():
    compiled = rules.compile(
        turtle("[ a owl:AllDisjointClasses ; owl:members ( :Cat :Dog :Cow ) ] ."), (), PREFIXES
    )
    [clash] = rules.infer(turtle(":tom a :Cow , :Cat ."), compiled).clashes
    assert clash.message(lambda node: node.value.removeprefix(EX)) == (
        "tom is both Cat and Cow, which owl:AllDisjointClasses (:Cat :Dog :Cow) excludes"
    )


def test_two_axioms_that_part_the_same_classes_clash_once():
    axioms = ":Cat owl:disjointWith :Dog . :Dog owl:disjointWith :Cat ."
    assert len(rules.infer(turtle(":tom a :Cat , :Dog ."), rules.compile(turtle(axioms))).clashes) == 1


@pytest.mark.parametrize(
    ("axiom", "fault"),
    [
        (
            ":p a owl:FunctionalProperty .",
            ":p a owl:FunctionalProperty: owl:FunctionalProperty is not supported",
        ),
        (":p a owl:AsymmetricProperty .", "owl:AsymmetricProperty is not supported"),
        (
            ":p owl:propertyDisjointWith :q .",
            ":p owl:propertyDisjointWith :q: owl:propertyDisjointWith is not",
        ),
        (":a owl:sameAs :b .", ":a owl:sameAs :b: owl:sameAs is not supported"),
        (":C owl:hasKey ( :p ) .", ":C owl:hasKey […]: owl:hasKey is not supported"),
        (
            ":C owl:intersectionOf ( :A :B ) .",
            ":C owl:intersectionOf […]: owl:intersectionOf is not supported",
        ),
        (":C owl:complementOf :D .", "owl:complementOf is not supported"),
        (
            ":C rdfs:subClassOf [ owl:complementOf :D ] .",
            ":C rdfs:subClassOf [owl:complementOf]: owl:complementOf",
        ),
        (":C owl:equivalentClass [ owl:oneOf ( :a :b ) ] .", "owl:oneOf is not supported"),
        (
            ":C rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom :D ] .",
            "owl:allValuesFrom is not supported",
        ),
        (
            ":C rdfs:subClassOf [ owl:onProperty :p ; owl:qualifiedCardinality 1 ; owl:onClass :D ] .",
            "owl:onClass with owl:qualifiedCardinality is not supported",
        ),
        (":C rdfs:subClassOf [ owl:onProperty :p ; owl:hasSelf true ] .", "owl:hasSelf is not supported"),
        (
            ":C rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :D ] .",
            ":C rdfs:subClassOf :p some :D: owl:someValuesFrom on the right is not supported; a rule",
        ),
        (":C rdfs:subClassOf [ owl:unionOf ( :D :E ) ] .", "owl:unionOf on the right is not supported"),
        (
            ":C owl:equivalentClass [ owl:onProperty :p ; owl:someValuesFrom :D ] .",
            "owl:someValuesFrom on the right is not supported; use rdfs:subClassOf, from it to the class",
        ),
        (":p rdfs:range [ owl:unionOf ( :D :E ) ] .", ":p rdfs:range :D or :E: owl:unionOf on the right"),
        (":p rdfs:domain xsd:date .", "the datatype xsd:date as a class is not supported"),
        (
            "[ owl:onProperty :p ; owl:someValuesFrom xsd:date ] rdfs:subClassOf :C .",
            "the datatype xsd:date as a class is not supported",
        ),
        ("owl:Thing rdfs:subClassOf :C .", "owl:Thing in this place is not supported"),
        (":C rdfs:subClassOf owl:Nothing .", "owl:Nothing in this place is not supported"),
        (":C rdfs:subClassOf 7 .", "as a class is not supported"),
        (":p rdfs:subPropertyOf rdf:type .", "the property rdf:type is not supported"),
        (
            ":p rdfs:subPropertyOf owl:topObjectProperty .",
            "the property owl:topObjectProperty is not supported",
        ),
        (":p owl:propertyChainAxiom ( :q [ owl:inverseOf :r ] ) .", "an anonymous inverse is not supported"),
        (":p owl:propertyChainAxiom _:q . _:q rdf:first :q ; rdf:rest _:q .", "a property without an IRI"),
        (":p owl:propertyChainAxiom () .", "an empty chain is not supported"),
        (
            "[ owl:onProperty [ owl:inverseOf :r ] ; owl:hasValue 1 ] rdfs:subClassOf :C .",
            "an anonymous inverse",
        ),
        ("[ owl:intersectionOf () ] rdfs:subClassOf :C .", "an empty list is not supported"),
        ("[ owl:someValuesFrom :D ] rdfs:subClassOf :C .", "an ill-formed expression of owl:someValuesFrom"),
        (
            "[ owl:intersectionOf [ rdf:first :D ] ] rdfs:subClassOf :C .",
            "a blank node that describes no class",
        ),
        ("_:e owl:unionOf ( :D _:e ) ; rdfs:subClassOf :C .", "an expression inside itself is not supported"),
        (
            ":C owl:disjointWith [ owl:unionOf ( :D :E ) ] .",
            "a disjoint class without a name is not supported",
        ),
        ("[ a owl:AllDisjointClasses ; owl:members ( :D ) ] .", "a disjointness of fewer than two classes"),
        ("[ a owl:AllDifferent ; owl:distinctMembers ( :a :b ) ] .", "owl:AllDifferent is not supported"),
        (
            "[ owl:onProperty :p ; owl:someValuesFrom :D ] rdfs:label 'alone' .",
            "[a class expression that no axiom uses] owl:someValuesFrom :D: owl:someValuesFrom",
        ),
    ],
)
def test_what_no_rule_can_be_made_of_is_refused_by_name(axiom: str, fault: str):
    with pytest.raises(DefinitionError) as error:
        rules.compile(turtle(axiom), (), PREFIXES)
    assert fault in str(error.value)


def test_a_fault_stands_where_the_axiom_does():
    places = Places()
    p, kind = ex("p"), NamedNode(OWL + "FunctionalProperty")
    places.add(Place("terms.ttl", 3), p)
    places.add(Place("axioms.ttl", 7), p, TYPE, kind)
    with pytest.raises(DefinitionError, match=r"^axioms\.ttl:7: "):
        rules.compile([Quad(p, TYPE, kind)], (), PREFIXES, places=places)


def test_all_faults_are_told_at_once():
    axioms = """
        :p a owl:FunctionalProperty . :a owl:sameAs :b . :C owl:disjointUnionOf ( :D ) ; owl:hasKey ( :p ) .
        :C rdfs:subClassOf [ owl:intersectionOf ( [ owl:complementOf :D ] [ owl:unionOf ( :D :E ) ] ) ] ."""
    with pytest.raises(DefinitionError) as error:
        rules.compile(turtle(axioms), (), PREFIXES)
    assert len(error.value.faults) == 6
