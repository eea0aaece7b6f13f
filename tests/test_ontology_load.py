"""The ontology folder: its parts, the look-ups in them, several folders, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode
from reading import CODE, ROOT, onto

from kg import ontology
from kg.context import Context, Entry, Kind
from kg.errors import DefinitionError
from kg.names import CG, DCTERMS, RDF, XSD, Names

PREFIXES = """\
PREFIX cg: <https://w3id.org/casegraph/ns#>
PREFIX ex: <https://example.org/ns#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
GARDENS = """\
ex:Garden a owl:Class ; cg:documentKind "case" ; rdfs:label "garden"@en , "have"@da , "hage"@nb , "Gaarden" .
ex:Bed a owl:Class . ex:RoseBed a owl:Class ; rdfs:subClassOf ex:Bed . ex:Bed rdfs:subClassOf ex:Plot .
ex:Plot a owl:Class ; rdfs:subClassOf ex:Bed .
ex:bed a owl:ObjectProperty . ex:bed rdfs:range ex:Bed .
ex:sown a owl:DatatypeProperty ; cg:earliestBound ex:first ; cg:latestBound ex:last .
ex:soil a owl:ObjectProperty ; rdfs:domain ex:Plot ; cg:defaultValue <https://example.org/soil/loam> .
<https://example.org/soil/loam> a skos:Concept ; skos:inScheme <https://example.org/soil> .
<https://example.org/soil/clay> a skos:Concept ; skos:inScheme <https://example.org/soil> .
"""
TERMS: dict[str, Any] = {
    "id": "@id",
    "ex": "https://example.org/ns#",
    "xsd": XSD,
    "cg": CG,
    "beds": {"@id": "ex:bed", "@container": "@id"},
    "sown": {"@id": "ex:sown", "@type": "cg:edtf"},
    "soil": {"@id": "ex:soil", "@type": "@vocab", "@context": {"@vocab": "https://example.org/soil/"}},
}


def folder(path: Path, context: Any = TERMS, /, **files: str) -> Path:
    """The folder of an ontology of gardens, with other `files`, by stem, beside or in place of its own."""
    path.mkdir(exist_ok=True)
    for stem, text in ({"gardens": GARDENS} | files).items():
        (path / f"{stem}.ttl").write_text(PREFIXES + text, encoding="utf-8")
    if context is not None:
        (path / "context.jsonld").write_text(json.dumps({"@context": context}, indent=1), encoding="utf-8")
    return path


def ex(local: str) -> NamedNode:
    return NamedNode("https://example.org/ns#" + local)


# --- the ontology of this workspace


def test_the_parts_stand_apart() -> None:
    graph = Names().graph("ontology")
    assert {q.graph_name for q in onto().terms} == {graph}
    assert not any(isinstance(term, BlankNode) for q in onto().terms for term in q)
    assert {q.graph_name for part in (onto().axioms, onto().shortcuts) for q in part} == {DefaultGraph()}
    terms = {q.triple for q in onto().terms}
    assert not terms & {q.triple for part in (onto().axioms, onto().shortcuts, onto().shapes) for q in part}


def test_every_statement_of_the_files_is_in_one_part() -> None:
    from kg import formats

    apart = {"axioms": onto().axioms, "shortcuts": onto().shortcuts, "shapes": onto().shapes}
    for path in (ROOT / "ontology").glob("*.ttl"):
        part = apart.get(path.stem, onto().terms)
        named = {q.triple for q in formats.read(path) if not isinstance(q.subject, BlankNode)}
        named = {t for t in named if not isinstance(t.object, BlankNode)}
        assert named
        assert named <= {q.triple for q in part}


def test_the_root_classes_are_declared() -> None:
    assert onto().document_kinds == ("case", "source")
    assert onto().root("case") == NamedNode(CG + "Project")
    assert onto().root("source") == NamedNode(CG + "Source")
    assert onto().root("poem") is None


def test_every_key_of_the_context_is_understood() -> None:
    text = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    context = onto().context
    assert context.entries.keys() | context.prefixes.keys() | context.classes.keys() == text.keys() - {
        "@version"
    }
    assert context.entry("start") == Entry("start", NamedNode(CG + "start"), Kind.EDTF, datatype=CG + "edtf")
    assert context.entry("sources") == Entry(
        "sources", NamedNode(DCTERMS + "source"), Kind.REFERENCE, base="source/"
    )
    assert context.entry("nothing") is None
    assert context.key(CG + "hasRole") == "roles"
    assert context.key(NamedNode(RDF + "type")) == "kind"
    assert context.key(CG + "nothing") is None
    assert context.key(DCTERMS + "source") == "source", "the first of two keys by alphabet"


def test_labels_fall_back_to_a_language_near_by() -> None:
    words = [onto().label(CG + "end", language) for language in ("da", "nb", "nn", "sv", "fi")]
    assert words == ["slut", "slutt", "slutt", "slut", "end"]
    assert onto().label(CODE + "standing/accepted", "sv") == "godtagen"
    assert onto().label("https://example.org/a#b") == "b"


# --- look-ups


def test_superclasses_close_over_cycles(tmp_path: Path) -> None:
    garden = ontology.load([folder(tmp_path / "one")])
    assert garden.superclasses(ex("RoseBed")) == {ex(c).value for c in ("RoseBed", "Bed", "Plot")}
    assert garden.superclasses(ex("Plot")) == {ex(c).value for c in ("Bed", "Plot")}
    assert garden.superclasses(ex("Garden")) == {ex("Garden").value}
    assert garden.is_subclass(ex("RoseBed"), ex("Plot"))
    assert not garden.is_subclass(ex("Bed"), ex("RoseBed"))
    assert garden.subclasses(ex("Plot")) == [ex(c).value for c in ("Bed", "Plot", "RoseBed")]


def test_look_ups_read_terms_and_axioms(tmp_path: Path) -> None:
    axioms = "ex:bed rdfs:domain ex:Garden . [ a owl:Restriction ] rdfs:subClassOf ex:Bed ."
    garden = ontology.load([folder(tmp_path / "one", axioms=axioms)])
    assert garden.range(ex("bed")) == ex("Bed")
    assert garden.domain(ex("bed")) == ex("Garden")
    assert garden.range(ex("sown")) is None
    assert garden.bounds(ex("sown")) == (ex("first"), ex("last"))
    assert garden.bounds(ex("bed")) == (None, None)
    loam = NamedNode("https://example.org/soil/loam")
    assert garden.defaults(ex("RoseBed")) == [(ex("soil"), loam)]
    assert garden.defaults(ex("Garden")) == []
    assert garden.codes("https://example.org/soil/") == {
        "loam": loam,
        "clay": NamedNode("https://example.org/soil/clay"),
    }
    assert garden.schemes["https://example.org/soil"] == [
        "https://example.org/soil/loam",
        "https://example.org/soil/clay",
    ]
    assert garden.label(ex("Garden"), "nn") == "hage"
    assert garden.languages == {"en", "da", "nb"}
    assert garden.prefixes["ex"] == "https://example.org/ns#"


def test_a_second_folder_adds_and_its_keys_take_the_place(tmp_path: Path) -> None:
    first = folder(tmp_path / "one", shapes="ex:one a owl:Thing .", axioms="ex:bed rdfs:domain ex:Garden .")
    second = tmp_path / "two"
    second.mkdir()
    (second / "more.ttl").write_text(PREFIXES + "ex:plan a owl:ObjectProperty .", encoding="utf-8")
    (second / "shapes.ttl").write_text(
        PREFIXES + "ex:one a owl:Thing . ex:two a owl:Thing .", encoding="utf-8"
    )
    own = {"soil": {"@id": "ex:plan", "@type": "@id"}, "more": {"@id": "ex:plan", "@type": "xsd:string"}}
    (second / "context.jsonld").write_text(json.dumps({"@context": own}), encoding="utf-8")
    both = ontology.load([first, second], Names("https://example.org/lab/"))
    assert [q.subject for q in both.shapes] == [ex("one"), ex("two")]
    assert len(both.axioms) == 1
    assert both.properties == {ex(p).value for p in ("bed", "sown", "soil", "plan")}
    assert both.context.entry("soil") == Entry("soil", ex("plan"), Kind.REFERENCE)
    assert both.context.entry("sown") == Entry("sown", ex("sown"), Kind.EDTF, datatype=CG + "edtf")
    assert {q.graph_name.value for q in both.terms} == {"https://example.org/lab/graph/ontology"}


# --- what is refused


@pytest.mark.parametrize(
    ("files", "context", "what"),
    [
        ({"gardens": "ex:Garden a owl:Class"}, TERMS, "one/gardens.ttl:6:"),
        (
            {"more": "ex:Garden rdfs:subClassOf [ a owl:Class ] ."},
            TERMS,
            "more.ttl:6:27: a node without an IRI among",
        ),
        ({}, None, "there is no context.jsonld here"),
        ({"gardens": ""}, TERMS, "there is no file with terms here"),
        ({}, {**TERMS, "tool": {"@id": "ex:tool", "@type": "@id"}}, "ns#tool is not declared"),
        ({}, {**TERMS, "x": {"@id": "ex:soil", "@container": "@id"}}, "ns#soil has no rdfs:range"),
        ({}, {**TERMS, "Tool": "ex:Tool"}, "ns#Tool is no declared class"),
        (
            {},
            {
                **TERMS,
                "soil": {"@id": "ex:soil", "@type": "@vocab", "@context": {"@vocab": "https://x.org/"}},
            },
            "no concept is declared below https://x.org/",
        ),
    ],
)
def test_parts_that_do_not_fit_are_refused(
    tmp_path: Path, files: dict[str, str], context: Any, what: str
) -> None:
    with pytest.raises(DefinitionError) as caught:
        ontology.load([folder(tmp_path / "one", context, **files)])
    assert what in str(caught.value)
    assert all(fault.place for fault in caught.value.faults)


@pytest.mark.parametrize(
    "definition",
    [
        {"@id": "nowhere:x", "@type": 7},
        {"@id": "a b", "@type": "@id"},
        {"@type": "@id"},
        {"@id": "ex:x"},
        {"@id": "ex:x", "@type": "xsd:gYear"},
        {"@id": "ex:x", "@type": "@id", "@reverse": "ex:y"},
        {"@id": "ex:x", "@container": "@list"},
        {"@id": "ex:x", "@container": ["@id"]},
        {"@id": "ex:x", "@container": "@id", "@type": "@id"},
        {"@id": "ex:x", "@type": "@vocab"},
        {"@id": "ex:x", "@type": "@vocab", "@context": {"@vocab": "code/"}},
        {"@id": "ex:x", "@type": "@vocab", "@context": {"@vocab": "source/"}},
        {"@id": "ex:x", "@type": "@id", "@context": {"@base": "other/"}},
        {"@id": "ex:x", "@type": "@id", "@context": {"@base": "https://x.org/y"}},
        {"@id": "ex:x", "@type": "xsd:string", "@context": {"@base": "https://x.org/"}},
        {"@id": "@type", "@type": "@vocab"},
        "a b",
        7,
        None,
        ["@id"],
    ],
)
def test_a_definition_that_is_not_supported_is_refused_at_its_line(definition: Any) -> None:
    text = json.dumps({"@context": {"ex": "https://example.org/", "xsd": XSD, "x": definition}}, indent=1)
    with pytest.raises(DefinitionError) as caught:
        Context.load([("context.jsonld", text)])
    (fault,) = caught.value.faults
    assert str(fault).startswith("context.jsonld:5:3: the term “x”: ")
    assert fault.fix


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            '{"@context": {"a": "@id",}}',
            "c:1:26: this is no JSON: Expecting property name enclosed in double quotes; write keys",
        ),
        ('{"@context": {"a": ' + "9" * 5000 + "}}", "c: a number has thousands of digits; shorten it"),
        ('{"@context": "https://example.org/c.jsonld"}', "c: a context file holds one object"),
        ('{"@context": [{}]}', "c: a context file holds one object"),
        ('{"@context": {}, "@graph": []}', "c: a context file holds one object"),
        ("[]", "c: a context file holds one object"),
        ('{"@context": {"a": "@id", "a": "@id"}}', "c:1:15: “a” is defined twice; leave one"),
        ('{"@context": {\n "@vocab": "https://example.org/"}}', "c:2:2: @vocab is not supported"),
    ],
)
def test_a_context_that_is_none_is_refused(text: str, what: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        Context.load([("c", text)])
    assert str(caught.value).startswith(what)
