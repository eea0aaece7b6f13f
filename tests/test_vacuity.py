"""Nothing passes by being empty: files of data and shapes, each with what is to be told of its lines.

A line `#= 7 words [rule]` says what is found in column 7 of the line before it.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import whole
from bees import HERE as BEES
from pyoxigraph import RdfFormat

from kg import build
from kg.checking.workspaces import examine_workspace
from kg.formats import parse, read_placed
from kg.names import XSD
from kg.places import Places
from kg.shapes import Finding, Report, Severity, validate
from kg.shapes.graph import Shapes
from kg.vacuity import RULES, Slip, Subject, contradictions, examine
from kg.workspace import Workspace

FILES = sorted((Path(__file__).parent / "vacuity").glob("*.ttl"))
RULE = re.compile(r"\[(check|vacuity)[.]")
PREFIX = re.compile(r"PREFIX (\S*): <(.*)>")


def examined(path: Path, lang: str = "en", strict: bool = False) -> Report:
    quads, places = read_placed(path)
    report = validate(quads, quads, places=places)
    prefixes = dict(PREFIX.findall(path.read_text("utf-8")))
    subject = Subject.of(quads, quads, quads, places=places, prefixes=prefixes)
    return examine(report, subject, lang=lang, strict=strict)


def line(finding: Finding) -> str:
    key = f"{finding.key}: " if finding.key else ""
    assert finding.place
    return f"{finding.place.line}:{finding.place.column} {key}{finding.message} [{finding.rule}]"


def expected(path: Path) -> list[str]:
    found, number = [], 0
    for at, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        if text.startswith("#= "):
            found.append(f"{number}:{text.removeprefix('#= ')}")
        else:
            number = at
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_slips_are_told_where_they_are(path: Path) -> None:
    assert sorted(map(line, examined(path, strict=True).findings())) == sorted(expected(path))


def test_every_rule_but_those_of_files_has_a_case() -> None:
    told = {finding.rule for path in FILES for finding in examined(path, strict=True).others}
    of_files = {"check.axiom", "check.import", "check.prefix", "check.query", "vacuity.no-data"}
    assert RULES.keys() - told == of_files


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_warnings_are_errors_if_strict_and_notes_are_told(path: Path) -> None:
    loose, strict = (examined(path, strict=strict) for strict in (False, True))
    assert {finding.severity for finding in loose.others} <= {Severity.WARNING}
    notes = [finding for finding in strict.others if finding.severity is Severity.INFO]
    assert {finding.rule for finding in notes} == {"vacuity.unlooked-term"} & {f.rule for f in strict.others}
    assert len(strict.others) == len(loose.others) + len(notes)
    assert loose.conforms == (not loose.violations)
    assert strict.conforms == (not loose.violations and not loose.others)


# --- words -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RULES)
def test_rules_speak_four_languages(name: str) -> None:
    rule = RULES[name]
    for said in (rule.titles, rule.demands, rule.reasons):
        assert list(said) == ["en", "da", "nb", "sv"]
        assert len({*said.values()} - {said["en"]}) >= 2
        assert all(text == text.strip() and text for text in said.values())
    blanks = {lang: set(re.findall(r"{\w+}", text)) for lang, text in rule.demands.items()}
    assert all(found == blanks["en"] for found in blanks.values())
    assert all(reason.endswith(".") for reason in rule.reasons.values())


def test_a_slip_is_told_in_the_readers_language() -> None:
    slip = Slip("check.unknown-property", None, {"term": "e:sise"}, near="e:size")
    said = {lang: slip.finding(lang).message for lang in ("da", "nb", "nn", "sv", "fi")}
    assert said == {
        "da": "der er ingen egenskab e:sise; mente du e:size?",
        "nb": "det finnes ingen egenskap e:sise; mente du e:size?",
        "nn": "det finnes ingen egenskap e:sise; mente du e:size?",
        "sv": "det finns ingen egenskap e:sise; menade du e:size?",
        "fi": "there is no property e:sise; did you mean e:size?",
    }


def test_shapes_that_lean_on_each_other_come_to_an_end() -> None:
    turtle = b"""PREFIX : <http://e/> PREFIX sh: <http://www.w3.org/ns/shacl#>
        :A sh:minLength 9 ; sh:node :B . :B sh:maxLength 8 ; sh:and ( :A :C ) .
        :C sh:node :C ; sh:and :none ."""
    found = contradictions.slips(Shapes(parse(turtle, RdfFormat.TURTLE)), Places(), str)
    assert [slip.fills["demands"] for slip in found] == ["sh:minLength 9 + sh:maxLength 8"]


# --- workspaces ----------------------------------------------------------------------------


def examined_workspace(root: Path, **options: bool) -> list[str]:
    workspace = Workspace.load(root)
    onto, graph = build.ontology_of(workspace), build.assemble(workspace)
    report = build.validate(workspace, onto, graph)
    found = examine_workspace(workspace, onto, graph, report, **options)  # type: ignore[arg-type]
    return found.text().replace(f"{root}/", "").splitlines()


def test_the_five_cases_are_clean_even_if_strict(graph: build.Graph) -> None:
    workspace, onto = whole.workspace(), whole.onto()
    report = build.validate(workspace, onto, graph)
    found = examine_workspace(workspace, onto, graph, report, strict=True)
    assert found.findings() == []
    assert found.conforms


@pytest.fixture
def bees(tmp_path: Path) -> Path:
    return shutil.copytree(BEES, tmp_path / "bees")


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_another_domain_has_no_slip_but_terms_without_a_shape(bees: Path) -> None:
    assert examined_workspace(bees)[1:] == ["1 warning in 1 file"]
    warning, note, _ = examined_workspace(bees, strict=True)
    assert note.startswith("ontology/bees.ttl:34:1 info no shape looks at bee:")
    assert warning.endswith("[Treatment.against]")


def test_a_workspace_with_slips(bees: Path) -> None:
    append(
        bees / "ontology" / "shapes.ttl",
        "shape:Idle sh:targetClass bee:Colny ; sh:nodeKind sh:IRI .\n"
        "shape:Rare sh:targetClass bee:Rare ; sh:nodeKind sh:IRI .\n",
    )
    append(
        bees / "ontology" / "bees.ttl",
        'bee:Rare a owl:Class ; rdfs:comment "1"^^<XSD#gYear> .\n'.replace("XSD#", XSD),
    )
    append(bees / "data" / "cases" / "hive-five-2021.ttl", "\n<hive-five-2021> bee:colny 1 .\n")
    (bees / "queries" / "checks" / "bad.rq").write_text("SELECT * {\n  ?s bee:is ?o }", "utf-8")
    found = [text for text in examined_workspace(bees) if RULE.search(text)]
    assert found == [
        "data/cases/hive-five-2021.ttl:40:18 warning there is no property bee:colny;"
        " did you mean bee:colony? [check.unknown-property]",
        "ontology/bees.ttl:77:37 warning comment: “1” is no xsd:gYear; write it as 2021 [check.ill-typed]",
        "ontology/shapes.ttl:61:27 warning there is no class bee:Colny;"
        " did you mean bee:Colony? [check.unknown-class]",
        "ontology/shapes.ttl:62:1 warning Rare: the shape judged nothing:"
        " the data has no bee:Rare [vacuity.no-focus]",
        "queries/checks/bad.rq:2:6 warning the query cannot be asked:"
        " the prefix “bee:” is not declared; add: PREFIX bee: <…> [check.query]",
    ]
    part = [text for text in examined_workspace(bees, whole=False) if RULE.search(text)]
    assert part == found[:3]


def test_shapes_that_a_workspace_builds_on_need_not_have_work(tmp_path: Path) -> None:
    shutil.copytree(
        whole.ROOT / "examples" / "havlunde", tmp_path / "w", ignore=shutil.ignore_patterns("build")
    )
    workspace = Workspace.load(tmp_path / "w")
    onto, graph = build.ontology_of(workspace), build.assemble(workspace)
    report = build.validate(workspace, onto, graph)
    assert report.unused_shapes
    found = examine_workspace(workspace, onto, graph, report)
    assert found.others == ()
    assert found.unused_shapes == report.unused_shapes
