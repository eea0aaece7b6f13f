"""Shapes as others have published them: with terms of drafts and extensions, and with gaps.

What the specification does not call ill-formed is run, and what of it is passed over is told with its line.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.cli.main import run
from kg.errors import DefinitionError, UsageError
from kg.shapes import ENGINES

PREFIXES = """PREFIX : <http://e.org/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
DATA = ":a a :Box ; :size 12 .\n"
SIZED = "sh:property [ sh:path :size ; sh:maxInclusive 9 ]"
TOO_BIG = ("data.ttl", 5, "Box.size")


def validate(shapes: str, **options: str) -> kg.Report:
    Path("data.ttl").write_text(PREFIXES + DATA, "utf-8")
    Path("shapes.ttl").write_text(PREFIXES + shapes, "utf-8")
    return kg.validate("data.ttl", shapes="shapes.ttl", **options)


def told(report: kg.Report) -> list[tuple[str, int | None, str]]:
    return [(f.place.path, f.place.line, f.rule) for f in report.findings if f.place]


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


GAPS = {
    "a term of a draft": ("sh:shape :Other", "check.not-run"),
    "a custom target": ('sh:target [ sh:select "SELECT ?this { ?this a ?x }" ]', "check.not-run"),
    "an expression": ("sh:expression [ sh:path :size ]", "check.not-run"),
    "a term that is none": ("sh:frobnicate 1", "check.unknown-property"),
    "a shape that is elsewhere": ("sh:node <http://elsewhere.org/Shape>", "vacuity.no-constraint"),
    "a property shape that is elsewhere": (
        "sh:property <http://elsewhere.org/Shape>", "vacuity.no-constraint",
    ),
    "an empty property shape": ("sh:property []", "vacuity.no-constraint"),
    "a pattern with a language": ('sh:pattern "^http"@en', "check.ill-typed"),
    "a prefix of the file": (
        'sh:sparql [ sh:select "SELECT $this { $this :none 0 }" ]', "check.prefix",
    ),
    "a function of nobody": (
        'sh:sparql [ sh:select "SELECT $this { FILTER(<http://e.org/f>($this)) }" ]', "check.not-run",
    ),
}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("gap", "rule"), GAPS.values(), ids=GAPS)
def test_what_is_passed_over_is_told_and_the_rest_is_judged(gap: str, rule: str, engine: str) -> None:
    report = validate(f":S sh:targetClass :Box ; {SIZED} ;\n    {gap} .", engine=engine)
    assert told(report) == [TOO_BIG, ("shapes.ttl", 6, rule)]
    assert [f.severity.level for f in report.findings] == ["error", "warning"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_query_is_run_with_the_prefixes_of_its_file(engine: str) -> None:
    query = 'sh:sparql [ sh:message "twelve" ; sh:select "SELECT $this { $this :size 12 }" ]'
    report = validate(f":S sh:targetClass :Box ; {query} .", engine=engine)
    assert [(f.message, f.severity.level) for f in report.findings] == [
        ("twelve", "error"),
        ("sh:prefixes does not declare :: taken as the file has it", "warning"),
    ]


def test_what_sh_prefixes_declares_is_not_taken_from_the_file() -> None:
    declared = ': sh:declare [ sh:prefix "" ; sh:namespace "http://other.org/"^^xsd:anyURI ] .'
    query = 'sh:sparql [ sh:prefixes : ; sh:select "SELECT $this { $this :size 12 }" ]'
    assert told(validate(f"{declared}\n:S sh:targetClass :Box ; {query} .")) == []


def test_a_prefix_that_nothing_declares_is_a_fault_with_its_line() -> None:
    with pytest.raises(DefinitionError, match=r"^shapes\.ttl:6:7: S: .*; declare e: by sh:prefixes$"):
        validate(
            ':S sh:targetClass :Box ; sh:sparql [\n      sh:select "SELECT $this { $this e:size 12 }" ] .'
        )


def test_a_shape_with_a_target_of_its_own_is_one_and_told() -> None:
    report = validate(
        ':S sh:target [ sh:select "SELECT ?this { ?this a ?x }" ] ;\n    sh:nodeKind sh:Literal .'
    )
    assert told(report) == [
        ("shapes.ttl", 5, "vacuity.no-target"),
        ("shapes.ttl", 5, "check.not-run"),
    ]


def test_a_component_that_no_shape_uses_need_not_be_sound() -> None:
    component = """:C a sh:ConstraintComponent ; sh:parameter [ sh:path :c ] ;
        sh:validator [ sh:ask "ASK { MINUS { ?x ?y ?z } }" ] ."""
    shape = f":S sh:targetClass :Box ; {SIZED} ."
    assert told(validate(component + shape)) == [TOO_BIG]
    with pytest.raises(DefinitionError, match="uses MINUS"):
        validate(component + shape + ":S :c 1 .")


def test_what_is_wanted_of_a_property_nobody_names_is_a_fault() -> None:
    with pytest.raises(DefinitionError, match=r"^shapes\.ttl:6:17: Box: a property shape needs a sh:path$"):
        validate(":S sh:targetClass :Box ;\n    sh:property [ sh:minCount 1 ] .")


def test_both_engines_say_the_same_and_no_other_is_known() -> None:
    shapes = f":S sh:targetClass :Box ; {SIZED} ; sh:nodeKind sh:Literal ."
    one, other = (str(validate(shapes, engine=engine)) for engine in ENGINES)
    assert one == other
    assert one.endswith("2 errors in 1 file")
    with pytest.raises(UsageError, match="there is no engine “jena”; choose one of compiled, pyshacl"):
        validate(shapes, engine="jena")


def test_the_command_goes_on_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    validate(":S sh:targetClass :Box ; sh:shape :Other .")
    args = "validate data.ttl --shapes shapes.ttl --ignore vacuity.*"
    assert run(args.split()) == 0
    said = "shapes.ttl:5:35 warning S: sh:shape is not run: what would come of it is not judged"
    assert capsys.readouterr().out.startswith(f"{said}; did you mean sh:node? [check.not-run]\n")
    assert run([*args.split(), "--strict"]) == 1
