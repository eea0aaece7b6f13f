"""A second domain, bees, is built, checked, asked and exported: the engine hangs on no ontology of its own.

`other_domain/` is a workspace of files alone, with its own terms, keys, languages and base. Its keys are
not those of the shipped context either: `name` for an id, `sort` for a class, `seen-in` for evidence.
"""

from __future__ import annotations

import io
import json
import re
from xml.etree import ElementTree as ET

import pytest
import rdflib
from bees import (
    BASE,
    CASE,
    FIVE,
    GARDEN,
    HERE,
    HIVE,
    NS,
    TABLES,
    TYPE,
    Bees,
    bee,
    expected,
    rows,
    triples,
)
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from kg import answers, formats, questions
from kg.names import ID
from kg.workspace import Workspace

COLONIES, APIARIES = "data/reference/colony.csv", "data/reference/apiary.csv"
UNGUIDED = f"{HIVE}:26:3 warning against: {{}} [Treatment.against]"


def test_it_is_files_alone() -> None:
    assert not [*HERE.rglob("*.py")]
    assert Workspace.load(HERE).layers == (HERE,)


# --- build and validate


def test_the_graph_is_built(own: Bees) -> None:
    said = own("build")
    assert (said.code, said.out) == (0, "")
    assert re.fullmatch(r"4 cases: \d+ statements, \d+ of them inferred\n", said.err)
    assert own("build", "--no-validate").err.endswith("not checked against the shapes\n")


def test_a_warning_is_told_in_the_reader_s_language(bees: Bees) -> None:
    english, german = bees("validate"), bees("validate", "--lang", "de")
    assert english.code == german.code == 0
    assert english.lines == [
        UNGUIDED.format("say against which finding, if the book does"),
        "1 warning in 1 file",
    ]
    assert german.lines[0] == UNGUIDED.format("sage, gegen welchen Befund, wenn das Buch es sagt")


PLANTED = [
    (HIVE, "count: 14", "count: -3", 1,
     ':23:16 error count: must be a whole number, 0 or more (got "-3") [Finding.count]'),
    (HIVE, "kilos: 19", "kilos: some", 1,
     ':41:12 error kilos: must be a number above 0 (got "some") [Harvest.kilos]'),
    (HIVE, "apiary: apiary/heath", "apiary: apiary/heath\n    kilos: 2", 1,
     ':14:12 error kilos: has no place in a stay (got "2") [Stay]'),
    (HIVE, "until: 2021-08-05", "until: 2021-09-01", 1,
     ":12:3 error hive-three-2021/stays/heath: begins before the stay hive-three-2021/stays/winter ends"
     " [Stay.overlap]"),
    (HIVE, "books: [heath-diary]\n", "", 1,
     ":10:5 error the case names no source that it draws on; write books: [its-id] at its head [input]"),
    (HIVE, "name: hive-three-2021\n", "", 1,
     ":1:1 error the case has no “name”; write name: hive-three-2021 [input]"),
    (GARDEN, '{"name": "hive-one-2021"', '[]\n{"name": "hive-one-2021"', 1,
     ":1:1 error a case is a map of keys and values; begin with name: … [input]"),
    (HIVE, "stays:", "stay:", 1, ":5:1 error unknown key “stay”; did you mean “stays”? [input]"),
    (HIVE, "sort: WinterStay", "sort: WinterStey", 1,
     ":7:11 error “WinterStey” is no kind of Stay; did you mean “WinterStay”? [input]"),
    (HIVE, "substance: thymol", "substance: timol", 1,
     ":31:16 error “timol” is no code of “substance”; did you mean “thymol”? [input]"),
    (HIVE, "title: {en:", "title: {da:", 1,
     ":3:9 error “da” is no language that “title” can be in; use one of de, en [input]"),
    (HIVE, "against: mites", "against: mite", 1,
     ":33:14 error nothing under findings is “mite”; did you mean “mites”? [input]"),
    (HIVE, "colony/three", "colony/thre", 1,
     ":4:9 error there is no shared entity “colony/thre”; did you mean “colony/three”? [input]"),
    (GARDEN, '"count": 7', '"count": -7', 1,
     ':1:593 error count: must be a whole number, 0 or more (got "-7") [Finding.count]'),
    (GARDEN, '"chalkbrood"', '"chalk"', 1,
     ":2:411 error “chalk” is no code of “sign”; did you mean “chalkbrood”? [input]"),
    (FIVE, "bee:count 22", 'bee:count "many"', 1,
     ':30:37 error count: must be a whole number, 0 or more (got "many") [Finding.count]'),
    (COLONIES, ",Colony,Hive two", ",Colny,Hive two", 1,
     ":3:12 error “Colny” is no class; did you mean “Colony”? [input]"),
    (APIARIES, "apiary/rectory,bee", "apiary/rectori,bee", 1,
     ":3:55 error nothing describes “apiary/rectori”; did you mean “apiary/rectory”? [input]"),
]  # fmt: skip
"""A file, what changes in it, the exit code, and what has to be told of that file."""


@pytest.mark.parametrize(("file", "old", "new", "code", "line"), PLANTED, ids=[each[2] for each in PLANTED])
def test_a_fault_is_found_where_it_stands(
    own: Bees, file: str, old: str, new: str, code: int, line: str
) -> None:
    own.change(file, old, new)
    said = own("validate")
    assert (said.code, said.err) == (code, "")
    assert file + line in said.lines


def test_what_an_axiom_keeps_apart_is_told(own: Bees) -> None:
    own.change(HIVE, "colony: colony/three", "colony: apiary/heath")
    said = own("validate")
    why = "apiary/heath is both Colony and Apiary, which bee:Colony owl:disjointWith bee:Apiary excludes"
    assert said.code == 1
    assert f"{HIVE}:4:9 error {why} [input]" in said.lines


def test_a_graph_with_errors_is_not_stored(own: Bees) -> None:
    assert own("build").code == 0
    kept = own.read("build/current")
    own.change(HIVE, "count: 14", "count: -3")
    assert own("build").code == 1
    assert own.read("build/current") == kept


# --- what follows

FOLLOWS = {
    "equivalence and has-value": (CASE + "hive-one-2021/inspections/august/findings/mites", "MiteFinding"),
    "chain and some-values in an intersection": (CASE + "hive-five-2021", "InfestedYear"),
    "two steps": (CASE + "hive-one-2021/treatments/august", "AcidTreatment"),
    "subclass": (CASE + "hive-three-2021/stays/winter", "Stay"),
    "domain": (CASE + "hive-three-2021/harvests/lime", "Entry"),
    "shortcut, chain and has-value": (ID + "colony/three", "HeathColony"),
}
LINKS = {
    "shortcut": (ID + "colony/one", "stoodAt", ID + "apiary/rectory"),
    "inverse": (ID + "apiary/heath", "hosted", ID + "colony/five"),
    "symmetry": (ID + "apiary/rectory", "near", ID + "apiary/orchard"),
    "subproperty and transitivity": (ID + "colony/five", "descendsFrom", ID + "colony/one"),
}


def test_classes_and_links_follow_by_the_axioms(bees: Bees) -> None:
    found = triples(bees("export", "--inferred", "-f", "ntriples").out, "ntriples")
    wanted = {why: Triple(NamedNode(node), TYPE, bee(cls)) for why, (node, cls) in FOLLOWS.items()}
    wanted |= {why: Triple(NamedNode(s), bee(p), NamedNode(o)) for why, (s, p, o) in LINKS.items()}
    assert [why for why, triple in wanted.items() if triple not in found] == []
    doubted = Triple(NamedNode(ID + "colony/one"), bee("stoodAt"), NamedNode(ID + "apiary/orchard"))
    assert doubted not in found


def test_without_its_axiom_a_class_is_empty(own: Bees) -> None:
    own.change("ontology/axioms.ttl", "rdfs:subClassOf bee:InfestedYear", "rdfs:subClassOf bee:Entry")
    said = own("query", "treated-mites", "-f", "csv")
    assert (said.code, len(rows(said.out))) == (0, 1)
    assert "nothing matches the pattern: ?year a bee:InfestedYear" in said.err


# --- questions


@pytest.mark.parametrize("name", TABLES)
def test_the_answers_are_those_expected_in_each_format(bees: Bees, name: str) -> None:
    said = {form: bees("query", name, "-f", form).out for form in answers.FORMS}
    assert rows(said["csv"]) == expected(name)
    count = len(expected(name)) - 1
    assert len(said["tsv"].splitlines()) - 1 == count
    assert len(json.loads(said["json"])["results"]["bindings"]) == count
    assert len(ET.fromstring(said["xml"]).findall(".//{*}result")) == count
    assert len([json.loads(line) for line in said["jsonl"].splitlines()]) == count
    assert len(said["markdown"].splitlines()) - 2 == count
    assert said["table"].startswith(questions.read(HERE / "queries" / "questions" / f"{name}.rq").text())


@pytest.mark.parametrize("name", TABLES)
def test_rdflib_gives_the_same_rows(bees: Bees, name: str) -> None:
    graph = rdflib.Graph().parse(data=bees("export", "-f", "ntriples").out, format="nt")
    found = graph.query((HERE / "queries" / "questions" / f"{name}.rq").read_text(encoding="utf-8"))
    assert [["" if cell is None else str(cell) for cell in row] for row in found] == expected(name)[1:]


def test_yes_or_no_in_each_format(bees: Bees) -> None:
    said = {form: bees("query", "any-foulbrood", "-f", form).out.strip() for form in answers.FORMS}
    assert json.loads(said.pop("json")) == {"head": {}, "boolean": False}
    assert ET.fromstring(said.pop("xml")).findtext("{*}boolean") == "false"
    assert said.pop("table").endswith("no")
    assert said == {"markdown": "no", "csv": "false", "tsv": "false", "jsonl": "false"}


@pytest.mark.parametrize("form", formats.FORMATS)
def test_triples_in_each_format(bees: Bees, form: str) -> None:
    said = bees("query", "pedigree", "-f", form).out
    line = ["five", "three", "two", "one"]
    older = [(colony, other) for at, colony in enumerate(line) for other in line[at + 1 :]]
    assert triples(said, form) == {
        Triple(NamedNode(f"{ID}colony/{a}"), bee("descendsFrom"), NamedNode(f"{ID}colony/{b}"))
        for a, b in older
    }


def test_triples_come_with_the_prefixes_of_the_domain(bees: Bees) -> None:
    assert "    bee:descendsFrom " in bees("query", "pedigree").out


def test_questions_take_parameters(bees: Bees) -> None:
    plants = bees("query", "colonies-on-a-plant", "-p", "called=Linde", "-f", "jsonl").lines
    assert [json.loads(row)["colony"].removeprefix(ID + "colony/") for row in plants] == [
        "one",
        "three",
        "two",
    ]
    days = bees("query", "where-on-a-day", "-p", "day=2021-03-31", "-f", "markdown").lines
    assert days[2:] == [
        "| Hive one | The rectory garden | sure |",
        "| Hive three | The orchard | sure |",
        "| Hive two | The rectory garden | sure |",
    ]


def test_questions_and_labels_are_in_the_reader_s_language(bees: Bees) -> None:
    listed = bees("query", "--list", "--lang", "de").out
    assert "where-on-a-day [day]\n    Wo standen die Völker an einem Tag?\n" in listed
    said = bees("query", "honey-by-apiary", "--lang", "de", "-f", "markdown")
    assert "| Die Heide am Schafstall | 19 | 1 |" in said.lines


def test_a_changed_fact_changes_the_answer_that_depends_on_it(own: Bees) -> None:
    own.change(HIVE, "sign: mites", "sign: chalkbrood")
    before, after = expected("treated-mites"), rows(own("query", "treated-mites", "-f", "csv").out)
    assert after == [row for row in before if row[0] != CASE + "hive-three-2021"]
    assert len(after) == len(before) - 1
    assert rows(own("query", "honey-by-apiary", "-f", "csv").out) == expected("honey-by-apiary")


def test_a_misspelt_term_of_the_domain_is_told(bees: Bees, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.BytesIO(f"SELECT * {{ ?colony <{NS}stodAt> ?apiary }}".encode())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(typed))
    assert "the ontology has no term stodAt; did you mean stoodAt?" in bees("query", "-").err


# --- export


def exported(bees: Bees, *args: str) -> list[Quad]:
    return formats.parse(bees("export", "-f", "nquads", *args).out.encode(), RdfFormat.N_QUADS)


@pytest.mark.parametrize("form", formats.FORMATS)
def test_every_format_holds_the_whole_graph(bees: Bees, form: str) -> None:
    (path,) = bees.folder.glob("build/build-*/graph.nq")
    stored = {quad.triple for quad in parse(path=str(path), format=RdfFormat.N_QUADS)}
    assert len(stored) > 500
    assert triples(bees("export", "-f", form).out, form) == stored


def test_the_export_is_portable_and_no_triple_stands_twice(bees: Bees) -> None:
    quads = exported(bees)
    assert formats.unportable(quads, ["de", "en"]) == []
    assert len(quads) == len({quad.triple for quad in quads})


def test_the_export_comes_in_parts(bees: Bees) -> None:
    graphs = {
        str(quad.graph_name).removeprefix(f"<{BASE}graph/").removesuffix(">") for quad in exported(bees)
    }
    cases = {f"case/hive-{number}-2021" for number in ("one", "two", "three", "five")}
    assert graphs == cases | {"about", "inferred", "ontology", "reference"}
    one = exported(bees, "--case", "hive-two-2021", "--asserted")
    assert {quad.graph_name for quad in one} == {NamedNode(BASE + "graph/case/hive-two-2021")}
    assert any(isinstance(quad.subject, BlankNode) for quad in exported(bees, "--ontology"))


def test_of_the_engine_s_terms_are_only_those_declared_here(bees: Bees) -> None:
    used = set(re.findall(r"https://w3id.org/casegraph/ns#(\w+)", bees("export", "-f", "ntriples").out))
    declared = (HERE / "ontology" / "engine.ttl").read_text(encoding="utf-8")
    assert used == set(re.findall(r"^cg:(\w+) a ", declared, re.M))
