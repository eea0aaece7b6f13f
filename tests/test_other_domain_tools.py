"""The second domain, bees, with the commands around the graph: evidence, network, schema, new, doctor."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import networkx as nx
import pytest
import yaml
from bees import CODE, FIVE, GARDEN, HERE, HIVE, NS, TABLES, Bees, rows

from kg.cli.main import COMMANDS
from kg.names import ID
from kg.workspace import Workspace

SETTLED = "{} quotes found in their sources; {} covered by the lock; 0 to be looked at\n"


def test_every_command_is_run_in_the_second_domain() -> None:
    texts = (path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_other_domain*.py"))
    tested = {
        name for text in texts for name in re.findall(r'\b(?:own|bees)\((?:"-C", "\.", )?"([a-z]+)"', text)
    }
    assert tested == set(COMMANDS) - {"cite", "diff", "docs", "explain", "lsp"}  # tested elsewhere


# --- evidence


def test_every_quote_stands_in_its_text(bees: Bees) -> None:
    said = bees("evidence")
    assert (said.code, said.out, said.err) == (0, "", SETTLED.format(19, 0))


def test_without_the_texts_the_lock_is_held(own: Bees) -> None:
    shutil.rmtree(own.folder / "texts")
    (own.folder / "texts").mkdir()
    assert re.sub(r" \(checked [^)]*\)", "", own("evidence").err) == SETTLED.format(0, 19)
    own.change(GARDEN, "Milben auf dem Brett", "Milben auf dem Blatt")
    said = own("evidence")
    assert said.code == 1
    assert said.lines == [
        f"{GARDEN}:1:617: not checked: no text of gartenbuch, and the lock does not cover it"
    ]


@pytest.mark.parametrize("file", [HIVE, GARDEN])
def test_the_places_of_quotes_are_found_anew(own: Bees, file: str) -> None:
    before, lock = own.read(file), own.read("data/evidence.lock")
    own.write(file, re.sub(r', "?at"?: \[\d+, \d+\]', "", before))
    assert own.read(file) != before
    assert own("evidence").code == 1
    assert own("evidence", "--fix").code == 0
    assert (own.read(file), own.read("data/evidence.lock")) == (before, lock)


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        (HIVE, "fourteen mites", "fifteen mites", ":24:26"),
        (GARDEN, "sieben Milben", "sechs Milben", ":1:617"),
        (FIVE, '"Hive five has', '"Hive four has', ":35:1"),
    ],
)
def test_a_quote_that_is_not_in_its_text_is_told(
    own: Bees, file: str, old: str, new: str, place: str
) -> None:
    own.change(file, old, new)
    said = own("evidence")
    assert said.code == 1
    assert said.out.startswith(f"{file}{place}: the quote does not stand in ")


def test_a_wrong_place_in_rdf_is_told(own: Bees) -> None:
    own.change(FIVE, "oa:end ", "oa:end 1")
    said = own("evidence", "--fix")
    assert said.code == 1
    assert said.out.startswith(f"{FIVE}:35:1: “Hive five has stood there since” stands at [")


# --- network and doctor


def test_the_network_is_defined_by_a_query(bees: Bees, tmp_path: Path) -> None:
    first = json.loads(bees("network", "-f", "jsonl").lines[0])
    assert first == {
        "node": ID + "apiary/rectory", "kind": NS + "Apiary", "degree": "4", "betweenness": "0.5833",
    }  # fmt: skip
    assert bees("network", "pasture", "-o", str(tmp_path / "bees.graphml")).code == 0
    graph = nx.read_graphml(tmp_path / "bees.graphml")
    assert graph.nodes[ID + "colony/five"]["label"] == "Hive five"
    assert {edge["relation"] for *_, edge in graph.edges(data=True)} == {NS + "stoodAt", NS + "grows"}


def test_the_doctor_finds_nothing(bees: Bees) -> None:
    said = bees("doctor")
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith(f"{6 + len(TABLES)} checks, 0 faults\n")


def test_the_doctor_finds_a_wrong_answer_and_what_a_check_asks_for(own: Bees) -> None:
    own.change("queries/expected/honey-by-apiary.csv", "19,1", "18,1")
    own.change("ontology/schemes.ttl", '"lime"@en', '"lime"@en , "linden"@en')
    said = own("doctor")
    assert said.code == 1
    assert f"  - {ID}apiary/heath, 18, 1\n  + {ID}apiary/heath, 19, 1\n" in said.out
    assert f"  code: {CODE}plant/lime, one: lime, other: linden" in said.lines


# --- schema


class Plain(yaml.SafeLoader):
    """YAML as editors read it: `on` and dates are texts, numbers are numbers."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


Plain.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?\d+$"), list("-0123456789"))
Plain.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"-?\d+\.\d+$"), list("-0123456789"))


@pytest.mark.parametrize("kind", ["case", "source"])
def test_the_schema_takes_the_files_of_the_workspace(bees: Bees, kind: str) -> None:
    schema = json.loads(bees("schema", kind).out)
    texts = [p.read_text(encoding="utf-8") for p in sorted((HERE / "data" / f"{kind}s").glob("*.yaml"))]
    texts += bees.read(GARDEN).splitlines() if kind == "case" else []
    assert len(texts) == 3
    for text in texts:
        jsonschema.validate(yaml.load(text, Plain), schema)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: hive-three-2021\n", ""),
        ("count: 14", "count: -3"),
        ("kilos: 19", "kilos: some"),
        ("stays:", "stay:"),
        ("sort: WinterStay", "sort: WinterStey"),
        ("substance: thymol", "substance: timol"),
        ("title: {en:", "title: {da:"),
        ("apiary: apiary/heath", "kilos: 2"),
    ],
)
def test_the_schema_refuses_what_it_can_know(bees: Bees, old: str, new: str) -> None:
    schema = json.loads(bees("schema").out)
    text = bees.read(HIVE)
    assert old in text
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.load(text.replace(old, new), Plain), schema)


# --- new, demo, init


def test_a_new_case_has_the_frame_of_this_domain(own: Bees) -> None:
    assert own("new", "hive-nine-2021", "--source", "gartenbuch", "--title", "Volk „neun“").code == 0
    frame = "data/cases/hive-nine-2021.yaml"
    filled = re.sub(r"^# (?=[ ]*[a-z]+:)", "", own.read(frame), flags=re.M)
    own.write(frame, filled.replace("a few words", "Ich habe nichts getan"))
    assert own("evidence", "--fix").code == 0
    assert own("build").err.startswith("5 cases: ")


def test_a_new_source_is_described(own: Bees) -> None:
    own.write("texts/notebook.txt", "A swarm in the plum tree.\n")
    said = own("new", "swarm-2022", "--source", "notebook", "--lang", "en")
    assert said.lines == ["data/cases/swarm-2022.yaml", "data/sources/notebook.yaml"]
    report = own("validate").lines
    assert "data/cases/swarm-2022.yaml:2:7 error colony: must be one colony [ColonyYear.colony]" in report


def test_the_demo_asks_the_question_of_the_settings(own: Bees) -> None:
    said = own("-C", ".", "demo", "--lang", "de")
    assert said.code == 0
    assert said.out.startswith("Welche Völker hatten Milben, und womit wurden sie behandelt?\n")


def test_a_workspace_made_here_builds_on_the_packaged_one(own: Bees) -> None:
    assert own("init", "sub").code == 0
    made = Workspace.load(own.folder / "sub")
    assert own.folder / "ontology" not in made.ontology
    assert made.extends is not None


# --- contradictions and marks

ODDS = """
PREFIX bee: <https://bees.example.net/ns#>
PREFIX cg: <https://w3id.org/casegraph/ns#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
bee:AtOdds a owl:Class ; cg:mark true ; rdfs:label "at odds"@en , "strittig"@de .
bee:oddsWith a owl:ObjectProperty ; rdfs:label "is at odds with"@en .
cg:mark a owl:AnnotationProperty .
"""
ODDLY = """
bee:oddsWith rdfs:domain bee:AtOdds ; rdfs:range bee:AtOdds .
"""
SHORTCUT = '''
bee:oddsWithShortcut a sh:NodeShape ; rdfs:label "Harvests of one day that weigh differently"@en ;
    sh:targetClass bee:ColonyYear ;
    sh:rule [ a sh:SPARQLRule ; sh:prefixes bee:shortcutPrefixes ; sh:construct """
        CONSTRUCT { ?one bee:oddsWith ?other } WHERE {
          $this bee:harvest ?one , ?other .
          ?one bee:onEarliest ?day ; bee:kilos ?less . ?other bee:onEarliest ?day ; bee:kilos ?more .
          FILTER(?less < ?more)
        }""" ] .
'''
WHICH = """#+ question:
#+   en: Which harvests cannot both be right?
#+   de: Welche Ernten können nicht beide stimmen?
#+ columns:
#+   one: {en: the lesser, de: die kleinere}
#+   other: {en: the greater, de: die größere}
#+   day: {en: day, de: Tag}
#+   open: {en: nobody has said which, de: niemand hat gesagt welche}
#+ sides: one other
#+ finding: open
PREFIX bee: <https://bees.example.net/ns#>
SELECT ?one ?other ?day ?open WHERE {
  ?one bee:oddsWith ?other ; bee:on ?day .
  OPTIONAL { ?one bee:remark ?remark }
  BIND(!BOUND(?remark) AS ?open)
}
"""
HOW_MUCH = """#+ question: How much was harvested?
#+ columns: {kilos: kilos}
#+ marks: harvest
PREFIX bee: <https://bees.example.net/ns#>
SELECT DISTINCT ?kilos WHERE { ?harvest bee:kilos ?kilos } ORDER BY STR(?kilos)
"""


def test_what_cannot_both_hold_is_told_and_marked_in_another_domain(own: Bees) -> None:
    said = own("contradictions")
    assert (said.code, "no question of the workspace is told as a report" in said.err) == (2, True)
    own.write("ontology/odds.ttl", ODDS)
    own.write("ontology/axioms.ttl", own.read("ontology/axioms.ttl") + ODDLY)
    own.write("ontology/shortcuts.ttl", own.read("ontology/shortcuts.ttl") + SHORTCUT)
    own.write("queries/questions/odds.rq", WHICH)
    own.write("queries/questions/how-much.rq", HOW_MUCH)
    assert own("contradictions").code == 0
    own.change(HIVE, "on: 2021-09-12", "on: 2021-07-10")
    said = own("contradictions", "--lang", "de")
    assert said.code == 1
    assert said.lines[0] == "Welche Ernten können nicht beide stimmen?"
    assert f"  die kleinere: hive-three-2021/harvests/lime  [{HIVE}:36:3]" in said.lines
    assert any("“about nineteen kilos”" in line for line in said.lines)
    assert "  Tag: 2021-07-10" in said.lines
    marked = {kilos: mark for kilos, mark in rows(own("query", "how-much", "-f", "csv").out)[1:] if mark}
    assert marked == {"11.5": "at odds", "19": "at odds"}
    assert "strittig" in own("query", "how-much", "--lang", "de").out
    own.change(HIVE, "kilos: 11.5", "kilos: 11.5\n    remark: {en: By another scale.}")
    assert own("contradictions").code == 0
