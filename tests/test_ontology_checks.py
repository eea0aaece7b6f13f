"""The checks of ontology, axioms and shapes in queries/checks/ontology, and those of terms in use."""

from __future__ import annotations

import re

import pytest
from bees import Bees
from pyoxigraph import RdfFormat, Store
from whole import short, workspace

from kg import build, doctor, questions
from kg.names import CG, CODE, OWL, RDFS, SH, SKOS, VANN

CHECKS = sorted(workspace().queries("checks/ontology"))
PROLOGUE = f"""
    BASE <https://w3id.org/casegraph/>
    PREFIX cg: <{CG}>
    PREFIX code: <{CODE}>
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX other: <https://example.org/other#>
    PREFIX owl: <{OWL}>
    PREFIX rdfs: <{RDFS}>
    PREFIX sh: <{SH}>
    PREFIX skos: <{SKOS}>
    PREFIX vann: <{VANN}>
    cg: a owl:Ontology ; vann:preferredNamespaceUri "{CG}" .
"""

# Check → (a bad example, what the first cell of each row is). Each example has something good beside the bad.
BAD = {
    "class-alone": (
        "cg:Alone a owl:Class . cg:One a owl:Class ; rdfs:subClassOf cg:Two . cg:Two a owl:Class ."
        " cg:Three a owl:Class . [] sh:targetClass cg:Three .",
        ["ns#Alone"],
    ),
    "chain-of-one": (
        "cg:p owl:propertyChainAxiom ( cg:q ) ."
        " cg:r owl:propertyChainAxiom ( cg:q cg:s ) , ( cg:s cg:q cg:q ) ."
        " cg:n owl:propertyChainAxiom () .",
        ["ns#n", "ns#p"],
    ),
    "cycle": (
        "cg:A rdfs:subClassOf cg:B . cg:B rdfs:subClassOf cg:A . cg:C rdfs:subClassOf cg:A ."
        " cg:p rdfs:subPropertyOf cg:p . code:x skos:broader code:y .",
        ["ns#A", "ns#B", "ns#p"],
    ),
    "defined-nowhere": (
        "cg:One a owl:Class ; rdfs:isDefinedBy cg: . cg:two a owl:ObjectProperty ; rdfs:isDefinedBy cg:ns ."
        " other:Three a owl:Class ; rdfs:isDefinedBy cg: .",
        ["https://example.org/other#Three", "ns#two"],
    ),
    "definition-of-two-terms": (
        "cg:One a owl:Class ; skos:definition 'It.'@en ."
        " cg:Two a owl:Class ; skos:definition 'It.'@en , 'Den.'@da ."
        " cg:three a owl:ObjectProperty ; skos:definition 'It.'@en ."
        " cg:Four a owl:Class ; skos:definition 'It.'@sv ."
        " cg:five a owl:DatatypeProperty ; skos:definition 'It.'@en ."
        " code:a skos:inScheme code:x ; skos:definition 'C.'@en ."
        " code:b skos:inScheme code:x ; skos:definition 'C.'@en ."
        " code:c skos:inScheme code:y ; skos:definition 'C.'@en .",
        ["code/a", "ns#One", "ns#five"],
    ),
    "deprecated-term": (
        "cg:old owl:deprecated true . [] sh:path cg:old , cg:new . cg:gone owl:deprecated true .",
        ["ns#old"],
    ),
    "ends-differ": (
        "cg:p a owl:SymmetricProperty ; rdfs:domain cg:A ; rdfs:range cg:B ."
        " cg:q a owl:TransitiveProperty ; rdfs:domain cg:A ; rdfs:range cg:A ."
        " cg:r a owl:ObjectProperty ; rdfs:domain cg:A ; rdfs:range cg:B .",
        ["ns#p"],
    ),
    "hijacked-term": (
        "other:Thing rdfs:subClassOf cg:Thing . cg:Mine rdfs:subClassOf other:Thing ."
        " other:part a owl:ObjectProperty ; rdfs:label 'part'@en . other:whole a owl:ObjectProperty ."
        " other:someone rdfs:label 'Someone'@en .",
        ["https://example.org/other#Thing", "https://example.org/other#part"],
    ),
    "inverse-ends-differ": (
        "cg:p owl:inverseOf cg:q ; rdfs:domain cg:A ; rdfs:range cg:B ."
        " cg:q rdfs:domain cg:B ; rdfs:range cg:C ."
        " cg:r owl:inverseOf cg:s ; rdfs:domain cg:A . cg:s rdfs:range cg:A ; rdfs:domain cg:B .",
        ["ns#p"],
    ),
    "inverse-of-itself": (
        "cg:p owl:inverseOf cg:p . cg:q a owl:SymmetricProperty . cg:r owl:inverseOf cg:q ."
        " cg:s owl:inverseOf cg:t .",
        ["ns#p", "ns#q"],
    ),
    "iri-of-a-file": (
        "<https://example.org/x.owl> a owl:Ontology . <https://example.org/y.TTL#> a owl:Ontology ."
        " <https://example.org/owl> a owl:Ontology . <https://example.org/z.ttl> a owl:Class .",
        ["https://example.org/x.owl", "https://example.org/y.TTL#"],
    ),
    "label-of-two-codes": (
        "code:a skos:inScheme code:x ; skos:prefLabel 'it'@en ."
        " code:b skos:inScheme code:x ; skos:prefLabel 'it'@en ."
        " code:c skos:inScheme code:y ; skos:prefLabel 'it'@en ."
        " code:d skos:inScheme code:x ; skos:prefLabel 'it'@da .",
        ["code/a"],
    ),
    "label-of-two-properties": (
        "cg:a a owl:ObjectProperty ; rdfs:label 'it'@en . cg:b a owl:DatatypeProperty ; rdfs:label 'it'@en ."
        " cg:c a owl:ObjectProperty ; rdfs:label 'it'@da .",
        ["ns#a"],
    ),
    "naming-style": (
        "cg:lower a owl:Class . cg:Upper a owl:Class . cg:Prop a owl:ObjectProperty ."
        " cg:my_prop a owl:DatatypeProperty . cg:myProp a owl:AnnotationProperty .",
        ["ns#Prop", "ns#lower", "ns#my_prop"],
    ),
    "no-disjointness": (
        'cg:A a owl:Class . other: a owl:Ontology ; vann:preferredNamespaceUri "https://example.org/other#" .'
        ' other:A a owl:Class . [] a owl:AllDisjointClasses ; owl:members ( other:B other:A ) .'
        ' <https://example.org/own#> a owl:Ontology ; vann:preferredNamespaceUri "https://example.org/own#" .'
        ' <https://example.org/own#A> a owl:Class ; owl:disjointWith other:A .',
        ["ns#"],
    ),
    "only-child": (
        "cg:B rdfs:subClassOf cg:A . cg:C rdfs:subClassOf cg:B . cg:A rdfs:subClassOf cg:Top ."
        " cg:Z rdfs:subClassOf cg:Top ."
        " cg:E rdfs:subClassOf cg:D . cg:F rdfs:subClassOf cg:E . cg:G rdfs:subClassOf cg:E .",
        ["ns#A"],
    ),
    "property-without-place": (
        "cg:lost a owl:ObjectProperty . cg:half a owl:ObjectProperty ; rdfs:domain cg:A ."
        " cg:whole a owl:ObjectProperty ; rdfs:domain cg:A ; rdfs:range cg:B ."
        " cg:shaped a owl:DatatypeProperty . [] sh:path cg:shaped .",
        ["ns#half", "ns#lost"],
    ),
    "replaced-term": (
        "cg:a dcterms:isReplacedBy cg:b . cg:c dcterms:isReplacedBy cg:d ; owl:deprecated true .",
        ["ns#a"],
    ),
    "several-domains": (
        "cg:p rdfs:domain cg:A , cg:B ; rdfs:range cg:A . cg:q rdfs:domain cg:A .",
        ["ns#p"],
    ),
    "term-of-shape-not-declared": (
        "[] sh:path cg:there , cg:lost ; sh:class cg:There , cg:Lost , other:Thing ."
        " cg:there a owl:ObjectProperty . cg:There a owl:Class .",
        ["ns#Lost", "ns#lost"],
    ),
    "untidy-text": (
        "cg:a rdfs:label 'a '@en . cg:b rdfs:label ' b'@en , 'b b'@da . cg:c skos:definition 'a  b.'@en ."
        " cg:d sh:message 'a\\nb'@en . cg:e rdfs:label 'as it should be'@en . [] rdfs:label ' x' .",
        ["ns#a", "ns#b", "ns#c", "ns#d"],
    ),
    "version": (
        "cg: owl:versionIRI cg: ; dcterms:created '2026-01-01' ; dcterms:modified '2026-02-01' ."
        " other:one a owl:Ontology ; owl:versionIRI other:two ; dcterms:created '2026-01-01' ;"
        " dcterms:modified '2026-02-01' ; owl:priorVersion other:zero .",
        ["ns#", "ns#"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_finds_its_fault_and_no_other(name: str) -> None:
    text, expected = BAD[name]
    store = Store()
    store.load(PROLOGUE + text, RdfFormat.TRIG)
    question = questions.read(workspace().queries("checks/ontology")[name])
    assert [short(row[0]) for row in questions.ask(question, store).rows] == expected
    assert question.text("en").endswith("?")
    assert question.fix


def test_every_check_has_a_bad_example() -> None:
    assert sorted(BAD) == CHECKS


def test_no_check_finds_anything_in_the_ontology() -> None:
    found = doctor.examine(workspace(), build.ensure(workspace()))
    checks = {check.name: check.faults for check in found}
    wanted = {
        *(*CHECKS, "term-of-query-not-declared", "term-of-query-deprecated", "class-without-use"),
        "outside-the-profile",
    }
    assert wanted <= set(checks)
    assert {name: checks[name] for name in wanted if checks[name]} == {}


def test_a_term_that_only_a_question_knows_is_told(own: Bees) -> None:
    header = '<https://bees.example.net/ns> vann:preferredNamespaceUri "https://bees.example.net/ns#" .'
    declare = "PREFIX vann: <http://purl.org/vocab/vann/>\n"
    own.write("ontology/bees.ttl", declare + own.read("ontology/bees.ttl") + header)
    assert own("doctor").code == 0
    text = own.read("queries/questions/any-foulbrood.rq")
    own.write("queries/questions/any-foulbrood.rq", text.replace("bee:sign ", "bee:sing "))
    said = own("doctor")
    assert said.code == 1
    assert "  queries/questions/any-foulbrood.rq: https://bees.example.net/ns#sing" in said.lines


def test_a_class_that_nothing_uses_is_told(own: Bees) -> None:
    text = "PREFIX vann: <http://purl.org/vocab/vann/>\n" + own.read("ontology/bees.ttl")
    more = '<https://bees.example.net/ns> vann:preferredNamespaceUri "https://bees.example.net/ns#" .\n' \
           'bee:Drone a owl:Class ; rdfs:label "drone"@en , "Drohne"@de .\n'  # fmt: skip
    own.write("ontology/bees.ttl", text + more)
    said = own("doctor")
    assert said.code == 1
    assert "  https://bees.example.net/ns#Drone" in said.lines


def test_a_class_that_only_an_axiom_and_a_shape_name_is_told(own: Bees) -> None:
    space = '<https://bees.example.net/ns> vann:preferredNamespaceUri "https://bees.example.net/ns#" .\n'
    drone = 'bee:Drone a owl:Class ; rdfs:label "drone"@en , "Drohne"@de .\n'
    text = "PREFIX vann: <http://purl.org/vocab/vann/>\n" + own.read("ontology/bees.ttl") + space + drone
    own.write("ontology/bees.ttl", text)
    axioms = own.read("ontology/axioms.ttl")
    own.write("ontology/axioms.ttl", axioms + "bee:Drone owl:disjointWith bee:Apiary .\n")
    assert "  https://bees.example.net/ns#Drone" in own("doctor").lines
    own.write("ontology/axioms.ttl", axioms + "bee:Drone rdfs:subClassOf bee:InfestedYear .\n")
    assert "  https://bees.example.net/ns#Drone" not in own("doctor").lines  # a question asks for such years


def test_a_deprecated_term_that_a_question_names_is_told(own: Bees) -> None:
    own.write("ontology/bees.ttl", own.read("ontology/bees.ttl") + "bee:sign owl:deprecated true .\n")
    said = own("doctor")
    assert said.code == 1
    told = [line for line in said.lines if line.endswith(".rq: https://bees.example.net/ns#sign")]
    assert "  queries/questions/any-foulbrood.rq: https://bees.example.net/ns#sign" in told


def test_a_term_that_only_the_query_of_a_shape_or_a_shortcut_knows_is_told(own: Bees) -> None:
    space = '<https://bees.example.net/ns> vann:preferredNamespaceUri "https://bees.example.net/ns#" .\n'
    text = "PREFIX vann: <http://purl.org/vocab/vann/>\n" + own.read("ontology/bees.ttl") + space
    own.write("ontology/bees.ttl", text + "bee:apiary owl:deprecated true .\n")
    for name in ("shapes", "shortcuts"):
        known = own.read(f"ontology/{name}.ttl")
        own.write(
            f"ontology/{name}.ttl",
            re.sub(r'(sh:(?:select|construct) """[^"]*?)bee:stay ', r"\1bee:stai ", known),
        )
    said = own("doctor")
    assert said.code == 1
    told = [line for line in said.lines if line.endswith("ns#stai")]
    assert [line.split(":")[0].strip() for line in told] == ["ontology/shapes.ttl", "ontology/shortcuts.ttl"]
    assert any(re.fullmatch(r"  ontology/shortcuts.ttl:\d+: \S+ns#apiary", line) for line in said.lines)


def test_what_of_the_surroundings_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "EXTRAS", {"toys": ("no_such_module", "kg play")})
    monkeypatch.setenv("PATH", "")
    lines = doctor.surroundings(workspace())
    assert "kg play cannot be used: pip install 'casegraph[toys]'" in lines
    monkeypatch.undo()
    assert not any("toys" in line for line in doctor.surroundings(workspace()))
