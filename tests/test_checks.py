"""The checks of craft in queries/checks: each finds its fault in a bad example, and none in the graph."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import whole
from pyoxigraph import RdfFormat, Store
from whole import ROOT, short, workspace

from kg import about, questions
from kg.names import CG, CODE, OWL, RDFS, SKOS, VANN
from kg.questions import Answer

CASE = "https://w3id.org/casegraph/case/clashes"
CHECKS = sorted(workspace().queries("checks"))
PROLOGUE = f"""
    BASE <https://w3id.org/casegraph/>
    PREFIX : <https://w3id.org/casegraph/case/bad/>
    PREFIX cg: <{CG}>
    PREFIX code: <{CODE}>
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX owl: <{OWL}>
    PREFIX rdfs: <{RDFS}>
    PREFIX skos: <{SKOS}>
    PREFIX standing: <{CODE}standing/>
    PREFIX vann: <{VANN}>
"""
HEADER = (
    f"cg:o vann:preferredNamespaceUri '{CG}' ; dcterms:title 'A'@en , 'B'@da ; dcterms:description 'C'@en ."
)
DEFINED = "rdfs:label 'a'@en, 'b'@da, 'c'@nb, 'd'@sv ; skos:definition 'A.'@en ; rdfs:isDefinedBy :onto ."

# Check → (a bad example, what the first cell of each row is). Each example has something good beside the bad.
BAD = {
    "blank-node": (":a cg:role [] . :b cg:role :a .", ["case/bad/a"]),
    "class-and-concept": (
        "cg:Both a owl:Class , skos:Concept . cg:One a owl:Class . code:one a skos:Concept .",
        ["ns#Both"],
    ),
    "definition-not-in-language": (
        f"{HEADER} cg:One a owl:Class ; skos:definition 'It.'@en ."
        f" cg:Two a owl:Class ; skos:definition 'Den.'@da ."
        " <other/Three> a owl:Class . code:x a skos:Concept ; rdfs:isDefinedBy cg:o .",
        ["code/x", "ns#Two"],
    ),
    "deprecated-term-in-data": (
        "cg:old owl:deprecated true ; dcterms:isReplacedBy cg:new . cg:Gone owl:deprecated true ."
        " cg:unused owl:deprecated true . cg:older owl:deprecated true ; dcterms:isReplacedBy cg:unused ."
        " :a cg:old 1 ; cg:new 2 . :b a cg:Gone .",
        ["ns#Gone", "ns#old"],
    ),
    "label-of-two-terms": (
        "cg:One a owl:Class ; rdfs:label 'role'@en . cg:Two a owl:Class ; rdfs:label 'role'@en , 'rolle'@da ."
        " cg:Three a owl:Class ; rdfs:label 'role'@da .",
        ["ns#One"],
    ),
    "ontology-header": (
        ":onto a owl:Ontology ; owl:versionIRI :1 . :other rdfs:label 'no ontology'@en .",
        ["case/bad/onto"] * 8,
    ),
    "reference-to-nothing": (
        ":a cg:agent <id/lost> , <id/kept> ; cg:kind code:lost . <id/kept> rdfs:label 'kept' .",
        ["case/bad/a", "case/bad/a"],
    ),
    "settled-but-accepted": (
        ":c cg:prefers :a ; cg:between :a , :b . :a cg:contradicts :b ; cg:standing standing:accepted ."
        " :b cg:standing standing:accepted . "
        ":d cg:prefers :e ; cg:between :e , :f . :e cg:contradicts :f ; cg:standing standing:accepted ."
        " :f cg:standing standing:rejected .",
        ["case/bad/c"],
    ),
    "term-not-declared": (
        f"{HEADER} :a a cg:Rolle , cg:Role ; cg:rolle :b ; cg:role :b ."
        " cg:Role a owl:Class . cg:role a owl:ObjectProperty .",
        ["ns#Rolle", "ns#rolle"],
    ),
    "term-without-definition": (
        f"cg:One a owl:Class ; {DEFINED} cg:Two a owl:Class ; skos:definition 'Two.'@en ."
        " code:three a skos:Concept ; rdfs:isDefinedBy :onto .",
        ["code/three", "ns#Two"],
    ),
    "term-without-label": (
        f"{HEADER} cg:one a owl:ObjectProperty ; {DEFINED} cg:two a owl:ObjectProperty ; rdfs:label 'a'@en ."
        " cg:Three a owl:Class ; rdfs:label 'b'@da , 'c'@sv .",
        ["ns#Three", "ns#two"],
    ),
    "triple-in-two-graphs": (
        "GRAPH :one { :a cg:role :b . :a cg:role :c } GRAPH :two { :a cg:role :b }",
        ["case/bad/a"],
    ),
    "two-labels-in-a-language": (
        "code:a skos:prefLabel 'one'@en , 'two'@en , 'en'@da ."
        " code:b skos:prefLabel 'one'@en ; skos:altLabel 'two'@en .",
        ["code/a"],
    ),
}


def ask(name: str, store: Store) -> Answer:
    return questions.ask(questions.read(workspace().queries("checks")[name]), store, workspace().names)


@pytest.fixture(scope="module")
def built() -> Store:
    """All that a build holds: the graph, and what it says of itself."""
    store = Store()
    store.bulk_extend([*whole.graph().quads, *about.describe(workspace(), whole.graph().quads)])
    return store


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_finds_its_fault_and_no_other(name: str):
    text, expected = BAD[name]
    store = Store()
    store.load(PROLOGUE + text, RdfFormat.TRIG)
    assert [short(row[0]) for row in ask(name, store).rows] == expected


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_finds_nothing_in_the_graph(name: str, built: Store):
    assert list(ask(name, built).records()) == []


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_says_what_it_asks_and_what_to_do(name: str):
    question = questions.read(workspace().queries("checks")[name])
    assert question.text("en").endswith("?")
    assert question.fix


def test_kg_doctor_shows_what_is_wrong_and_what_to_do(tmp_path: Path):
    shutil.copytree(ROOT / "tests" / "needed", tmp_path, dirs_exist_ok=True)
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    shutil.copytree(ROOT / "queries" / "checks", tmp_path / "queries" / "checks")
    run = subprocess.run(
        [sys.executable, "-m", "kg", "-C", str(tmp_path), "doctor"],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert run.returncode == 1, run.stderr
    assert run.stdout.splitlines()[:3] == [
        "settled-but-accepted: "
        "Which assertion has lost a settled contradiction, and still counts as accepted?",
        f"  contradiction: {CASE}/contradictions/plans, assertion: {CASE}/statements/by-the-headline, "
        f"preferred: {CASE}/statements/by-the-text",
        "  to do: give it standing: disputed or rejected, or do not prefer the other",
    ]


def test_every_check_has_a_bad_example():
    assert sorted(BAD) == CHECKS
