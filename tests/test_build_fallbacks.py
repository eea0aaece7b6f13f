"""A build tells which regular expressions Python matched, as `kg validate` does, whatever part it judges."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bees import FIVE, GARDEN, HIVE, Bees

from kg import store
from kg.building import update
from kg.building.notes import NOTES
from kg.reports.json import fallback
from kg.shapes import Report
from kg.shapes.catalogue import local_name
from kg.workspace import Workspace

ROOT = Path(__file__).parent.parent
SHAPES = "ontology/shapes.ttl"
FIXED = """
shape:From a sh:NodeShape ; sh:targetClass bee:Stay ; sh:property [ sh:path bee:from ; sh:pattern "^(?!x)" ] .
shape:Weighed a sh:NodeShape ; sh:targetClass bee:Harvest ; sh:sparql [ sh:prefixes shape:prefixes ;
    sh:select '''SELECT $this WHERE { $this bee:on ?day FILTER REGEX(?day, "(?<=z)z") }''' ] .
shape:Titled a sh:NodeShape ; sh:targetClass bee:Treatment ; sh:property [ sh:path bee:substance ;
    sh:node [ sh:not [ sh:nodeKind sh:BlankNode ; sh:pattern "^(?=y)z" ] ] ] .
"""
BY_ROW = """
shape:prefixes sh:declare [ sh:prefix "dc" ; sh:namespace "http://purl.org/dc/terms/"^^xsd:anyURI ] .
shape:Said a sh:NodeShape ; sh:targetClass bee:ColonyYear ; sh:sparql [ sh:prefixes shape:prefixes ;
    sh:select '''SELECT $this WHERE { $this dc:title ?title FILTER REGEX("nothing", STR(?title)) }''' ] .
"""


def kg(own: Bees, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg", *args],
        cwd=own.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def notes(said: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in said.stderr.splitlines() if "Python" in line]


def patterns(report: Report) -> list[str]:
    return [each.pattern for each in report.fallbacks]


def build_as(own: Bees) -> list[object]:
    """What is told of a build, which is the same as of one from nothing."""
    from kg import build

    space = Workspace.load(own.folder)
    attempt = build.build(space)
    assert attempt.built, attempt.report.text("en", local_name)
    told = list(map(fallback, attempt.report.fallbacks))
    assert told == list(map(fallback, build.check(space).report.fallbacks))
    return [each["pattern"] for each in told]


def test_a_build_and_the_next_ones_say_what_validate_says(own: Bees) -> None:
    own.write(SHAPES, own.read(SHAPES) + FIXED)
    expected = notes(kg(own, "validate"))
    assert [line.split("“")[1].split("”")[0] for line in expected] == ["^(?!x)", "(?<=z)z", "^(?=y)z"]
    first = kg(own, "build")
    assert (first.returncode, notes(first)) == (0, expected)
    own.change(HIVE, "kilos: 19", "kilos: 20")
    assert notes(kg(own, "build")) == expected, "nothing with such an expression is judged again"
    assert notes(kg(own, "build")) == expected, "nothing at all is"
    assert notes(kg(own, "build", "--no-validate")) == []
    assert kg(own, "--quiet", "build").stderr == ""
    assert notes(kg(own, "build", "--lang", "da"))[0].endswith("i stedet for af databasen (det ser fremad)")


def test_also_where_it_is_not_stored(own: Bees) -> None:
    own.write(SHAPES, own.read(SHAPES) + FIXED)
    own.change(HIVE, "count: 14", "count: -3")
    said = kg(own, "build")
    assert (said.returncode, len(notes(said))) == (1, 3)
    assert "Python" not in said.stdout


def test_the_json_of_a_build_has_it(own: Bees) -> None:
    own.write(SHAPES, own.read(SHAPES) + FIXED)
    told = json.loads(kg(own, "build", "--profile", "-f", "json").stdout)["fallbacks"]
    assert told == json.loads(kg(own, "validate", "-f", "json").stdout)["fallbacks"] != []
    again = json.loads(kg(own, "build", "--profile", "-f", "json").stdout)
    assert (again["fallbacks"], again["rules"]) == (told, [])


def test_other_commands_that_judge_say_it(own: Bees) -> None:
    own.write(SHAPES, own.read(SHAPES) + FIXED)
    demo = kg(own, "-C", ".", "demo")
    assert (demo.returncode, len(notes(demo))) == (0, 3), demo.stderr
    own.change(HIVE, "count: 14", "count: -3")
    line = next(n for n, text in enumerate(own.read(HIVE).splitlines(), 1) if "-3" in text)
    explained = kg(own, "explain", f"{HIVE}:{line}")
    assert (explained.returncode, notes(explained)) == (0, notes(demo)), explained.stderr


# --- in an incremental build, whatever comes and goes ------------------------------------------------


@pytest.fixture
def any_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any number of cases may change."""
    monkeypatch.setattr(update, "MOST", 2.0)


@pytest.mark.usefixtures("any_part")
def test_what_no_longer_judges_anything_is_no_longer_told(own: Bees) -> None:
    own.write(SHAPES, own.read(SHAPES) + FIXED)
    assert build_as(own) == ["^(?!x)", "(?<=z)z", "^(?=y)z"]
    hive, garden = own.read(HIVE), own.read(GARDEN)
    (own.folder / HIVE).unlink()
    (own.folder / GARDEN).unlink()
    assert build_as(own) == ["^(?!x)"], "no harvests and treatments are left"
    own.write(HIVE, hive)
    own.write(GARDEN, garden)
    assert build_as(own) == ["^(?!x)", "(?<=z)z", "^(?=y)z"]


@pytest.mark.usefixtures("any_part")
def test_what_a_row_says_is_told_as_long_as_it_does(own: Bees) -> None:
    own.write(SHAPES, own.read(SHAPES) + BY_ROW)
    assert build_as(own) == []
    own.change(FIVE, '"Hive five in 2021"', '"(?=x)five"')
    assert build_as(own) == ["(?=x)five"]
    built = store.current(own.folder / "build")
    assert built and json.loads((built.folder / NOTES).read_text(encoding="utf-8"))["by_row"]
    own.change(HIVE, "kilos: 19", "kilos: 20")
    assert build_as(own) == ["(?=x)five"], "another case has changed"
    own.change(FIVE, '"(?=x)five"', '"Hive five"')
    assert build_as(own) == []
    own.change(HIVE, "kilos: 20", "kilos: 21")
    assert build_as(own) == []
