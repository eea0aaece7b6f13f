"""Reports for programs, read back by others' parsers: JSON, CSV, SARIF, GitHub's commands, JUnit."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from reporting import DOCS, EX, NASTY, page, rendered, sarif, schema

from kg.errors import Fault
from kg.places import Place
from kg.shapes import Finding, Report, Severity
from kg.shapes.vocabulary import sh

# --- JSON, JSON Lines, CSV


def documented() -> dict[str, Any]:
    """The schema that the docs show."""
    [schema] = re.findall(
        r"^```json\n(\{.*?\$schema.*?)^```$", (DOCS / "validate.md").read_text("utf-8"), re.M | re.S
    )
    loaded: dict[str, Any] = json.loads(schema)
    Draft202012Validator.check_schema(loaded)
    return loaded


@pytest.mark.parametrize("options", [{}, {"most": 2, "lang": "sv"}, {"of": Report()}])
def test_json_is_as_the_docs_say(options: dict[str, Any]) -> None:
    document = json.loads(rendered("json", **options))
    Draft202012Validator(documented()).validate(document)
    assert document["more"] == len(page(**options).found) - len(document["findings"])
    lines = [json.loads(line) for line in rendered("jsonl", **options).splitlines()]
    assert lines == document["findings"]


def test_the_schema_takes_nothing_else() -> None:
    document = json.loads(rendered("json"))
    for change in ({"version": 2}, {"new": 1}, {"findings": [{}]}, {"counts": {}}, {"failed": None}):
        assert not Draft202012Validator(documented()).is_valid(document | change)


def test_json_holds_terms_as_they_are() -> None:
    found = json.loads(rendered("json"))["findings"]
    by_rule = {each["rule"]: each for each in found}
    size, label = by_rule["Box.size"], by_rule["Box.label"]
    assert size["value"] in (
        {"type": "literal", "value": "-5", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
        {"type": "bnode"},
    )
    assert (label["value"], label["path"]) == ({"type": "literal", "value": NASTY}, f"<{EX}label>")
    assert label["component"] == str(sh("MaxLengthConstraintComponent").value)
    assert label["places"] == [{"file": "boxes.yaml", "line": 6, "column": 10}]
    assert by_rule["Box.inner"]["details"][0]["message"] == "has no lid"


def test_csv_has_a_row_for_each_finding() -> None:
    rows = list(csv.DictReader(io.StringIO(rendered("csv"), newline=""), strict=True))
    found = json.loads(rendered("json"))["findings"]
    assert [(row["rule"], row["message"], row["severity"]) for row in rows] == [
        (each["rule"], each["message"], each["severity"]) for each in found
    ]
    assert NASTY in {row["value"] for row in rows}
    first = [each["places"][:1] for each in found]
    assert [row["line"] for row in rows] == [str((p and p[0]["line"]) or "") for p in first]


# --- SARIF


@pytest.mark.parametrize("options", [{}, {"most": 3}, {"of": Report()}, {"lang": "nn"}])
def test_sarif_keeps_the_published_schema(options: dict[str, Any]) -> None:
    log = sarif(rendered("sarif", **options))
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [
        each["ruleId"] for each in run["results"]
    ]
    assert run["language"] == options.get("lang", "en")
    told = run["invocations"][0].get("toolExecutionNotifications", [])
    assert len(told) == (1 if options.get("most") else 0)


def test_the_schema_is_at_work() -> None:
    log = json.loads(rendered("sarif"))
    log["runs"][0]["results"][0]["level"] = "grave"
    assert not schema().is_valid(log)


def test_a_rule_in_sarif_says_what_and_why() -> None:
    rules = {
        each["id"]: each for each in sarif(rendered("sarif", lang="da"))["runs"][0]["tool"]["driver"]["rules"]
    }
    assert rules["Box.size"] == {
        "id": "Box.size",
        "shortDescription": {"text": "størrelse"},
        "fullDescription": {"text": "skal være et helt tal, 0 eller mere"},
        "help": {"text": "A box of a negative size can be put into no other."},
        "defaultConfiguration": {"level": "error"},
    }
    assert {name: rule["defaultConfiguration"]["level"] for name, rule in rules.items()} == {
        "Box.colour": "warning",
        "Box.inner": "error",
        "Box.label": "note",
        "Box.size": "error",
        "Box.^of/size": "error",
        "empty": "warning",
        "input": "error",
    }


def test_places_in_sarif_are_relative_and_all_told() -> None:
    results = sarif(rendered("sarif"))["runs"][0]["results"]
    [colour] = [each for each in results if each["ruleId"] == "Box.colour"]
    [place] = colour["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "boxes.yaml", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 4, "startColumn": 3},
    }
    assert place["logicalLocations"] == [{"fullyQualifiedName": EX + "red", "kind": "resource"}]
    [also] = colour["relatedLocations"]
    assert also["physicalLocation"]["artifactLocation"]["uri"] == "crates.yaml"
    whole = [
        each["locations"][0]["physicalLocation"]
        for each in results
        if "no licence" in each["message"]["text"]
    ]
    assert ["region" in each for each in whole] == [False]


@pytest.mark.parametrize(
    ("path", "artifact"),
    [
        ("a b/c#d.yaml", {"uri": "a%20b/c%23d.yaml", "uriBaseId": "SRCROOT"}),
        ("/tmp/å.yaml", {"uri": "file:///tmp/%C3%A5.yaml"}),
    ],
)
def test_an_address_in_sarif_is_a_uri(path: str, artifact: dict[str, str]) -> None:
    log = sarif(rendered("sarif", of=Report(faults=(Fault(Place(path, 1, 1), "no"),))))
    [place] = log["runs"][0]["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"] == artifact


# --- GitHub, JUnit


def commands(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Workflow commands as the runner takes them apart."""
    for line in text.splitlines():
        match = re.fullmatch(r"::(error|warning|notice) ?(.*?)::(.*)", line)
        assert match, line
        pairs = dict(pair.split("=", 1) for pair in match[2].split(",") if pair)
        yield match[1], {k: unescaped(v) for k, v in pairs.items()}, unescaped(match[3])


def unescaped(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_github_gets_one_command_a_finding() -> None:
    found = page().found
    said = list(commands(rendered("github")))
    assert [text for _, _, text in said] == [f"{f.key}: {f.message}" if f.key else f.message for f in found]
    kinds = {"error": "error", "warning": "warning", "info": "notice"}
    assert [kind for kind, _, _ in said] == [kinds[f.severity.level] for f in found]
    assert [pairs.get("file") for _, pairs, _ in said] == [f.place.path if f.place else None for f in found]


def test_nothing_breaks_out_of_a_command() -> None:
    evil = "100%\n::error::no, really: no\r"
    found = Finding(Place("a,b:c\n%.yaml", 3, 5), Severity.VIOLATION, "", evil, "evil,rule")
    [(kind, pairs, text)] = commands(rendered("github", of=Report(others=(found,))))
    assert (kind, pairs["file"], pairs["line"], pairs["col"], text) == (
        "error",
        "a,b:c\n%.yaml",
        "3",
        "5",
        evil,
    )


def test_junit_counts_what_it_holds() -> None:
    root = ET.fromstring(rendered("junit"))
    found = page().found
    assert root.get("tests") == str(len(root.findall(".//testcase")))
    assert root.get("failures") == str(len(root.findall(".//failure"))) == "4"
    assert root.get("errors") == str(len(root.findall(".//error"))) == "3"
    assert len(root.findall(".//system-out")) == len(found) - 7
    assert sum(int(suite.get("tests", 0)) for suite in root) == int(root.get("tests", 0))


def test_junit_fails_from_the_level_on_that_is_asked_for() -> None:
    root = ET.fromstring(rendered("junit", fails_at=Severity.INFO))
    assert root.findall(".//system-out") == []
    told = {each.get("type") for each in root.iter("failure")}
    assert {"Box.colour", "Box.label", "empty"} <= told
