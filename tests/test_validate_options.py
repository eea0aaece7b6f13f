"""The options of `kg validate`: what is told, in which form and language, and with which exit code."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from bees import HIVE, Bees
from pyoxigraph import RdfFormat, parse

from kg import reports

COUNT = "Finding.count"
KILOS = "Harvest.kilos"
GUIDED = "Treatment.against"


@pytest.fixture
def faulty(own: Bees) -> Bees:
    """The workspace with two errors; it has a warning as it is."""
    own.change(HIVE, "count: 14", "count: -3")
    own.change(HIVE, "kilos: 19", "kilos: some")
    return own


def rules(said: str) -> list[str]:
    return re.findall(r" \[([\w.]+)\]$", said, re.M)


def test_each_finding_is_told_with_its_line(faulty: Bees) -> None:
    said = faulty("validate")
    assert said.code == 1
    assert said.out == (
        f'{HIVE}:23:16 error count: must be a whole number, 0 or more (got "-3") [{COUNT}]\n'
        "  23 |         count: -3\n"
        "     |                ^^\n"
        f"{HIVE}:26:3 warning against: say against which finding, if the book does [{GUIDED}]\n"
        "  26 |   midwinter:\n"
        "     |   ^^^^^^^^^\n"
        f'{HIVE}:41:12 error kilos: must be a number above 0 (got "some") [{KILOS}]\n'
        "  41 |     kilos: some\n"
        "     |            ^^^^\n"
        "\n"
        "2 errors, 1 warning in 1 file\n"
    )


@pytest.mark.parametrize("form", reports.FORMATS)
def test_every_format_follows_its_name_and_its_suffix(faulty: Bees, form: str) -> None:
    said = faulty("validate", "-f", form)
    assert said.code == 1
    assert COUNT in said.out
    for suffix in reports.FORMATS[form].suffixes:
        written = faulty("-q", "validate", "-o", f"found{suffix}")
        assert (written.code, written.out, written.err) == (1, "", "")
        assert (faulty.folder / f"found{suffix}").read_bytes().decode() == said.out


def test_programs_can_read_what_is_written(faulty: Bees) -> None:
    said = {
        form: faulty("-q", "validate", "-f", form).out
        for form in ("json", "sarif", "junit", "turtle", "jsonld")
    }
    assert [each["rule"] for each in json.loads(said["json"])["findings"]] == [COUNT, GUIDED, KILOS]
    [run] = json.loads(said["sarif"])["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == HIVE
    assert len(ET.fromstring(said["junit"]).findall(".//failure")) == 2
    graphs = [
        set(parse(said[name], form))
        for name, form in (("turtle", RdfFormat.TURTLE), ("jsonld", RdfFormat.JSON_LD))
    ]
    assert len(graphs[0]) == len(graphs[1]) > 20


def test_a_dash_is_the_pipe(faulty: Bees) -> None:
    assert faulty("validate", "-o", "-").out == faulty("validate").out


@pytest.mark.parametrize(
    ("planted", "level", "code"),
    [(True, "error", 1), (False, "error", 0), (False, "warning", 1), (False, "info", 1)],
)
def test_the_command_fails_from_a_level_on(own: Bees, planted: bool, level: str, code: int) -> None:
    if planted:
        own.change(HIVE, "count: 14", "count: -3")
    assert own("validate", "--fail-on", level).code == code
    assert json.loads(own("validate", "--fail-on", level, "-f", "json").out)["failed"] is bool(code)


@pytest.mark.parametrize(
    ("options", "told", "code"),
    [
        (["--select", COUNT], [COUNT], 1),
        (["--select", "Finding.*", "--select", GUIDED], [COUNT, GUIDED], 1),
        (["--ignore", COUNT], [GUIDED, KILOS], 1),
        (["--ignore", "*.count", "--ignore", "Harvest.*"], [GUIDED], 0),
        (["--select", "*.count", "--ignore", "Finding.*"], [], 0),
        (["--select", "T*"], [GUIDED], 0),
    ],
)
def test_rules_are_selected_and_ignored(faulty: Bees, options: list[str], told: list[str], code: int) -> None:
    said = faulty("validate", *options)
    assert (rules(said.out), said.code) == (told, code)


def test_what_cannot_be_read_is_told_whatever_is_ignored(faulty: Bees) -> None:
    faulty.change(HIVE, "substance: thymol", "substance: timol")
    said = faulty("validate", "--ignore", "*")
    assert (rules(said.out), said.code) == (["input"], 1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--select", "Finding.cuont"], "there is no rule “Finding.cuont”; did you mean “Finding.count”?"),
        (["--ignore", "finding.count"], "there is no rule “finding.count”; did you mean “Finding.count”?"),
        (["--ignore", "Xylophone.*"], "there is no rule “Xylophone.*”; list them with: kg validate --rules"),
        (["--lang", "xx"], "no message is in the language “xx”; use one of da, de, en, nb, nn, sv"),
        (["-f", "word"], "no format “word” for findings; known: text, json, jsonl, sarif"),
        (["-o", "found.doc"], "found.doc: the suffix names no format; name one with -f"),
        (["--rules", "-f", "html"], "no format “html” for rules; known: text, markdown, json"),
        (["--fail-on", "never"], "'never' is not one of 'error', 'warning', 'info'"),
        (["--max", "0"], "0 is not in the range x>=1"),
    ],
)
def test_a_slip_of_the_command_line_is_told_at_once(own: Bees, options: list[str], words: str) -> None:
    own.change(HIVE, "name: hive-three-2021", "nonsense")
    said = own("validate", *options)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert not (own.folder / "found.doc").exists()


def test_the_first_are_shown_and_the_others_counted(faulty: Bees) -> None:
    text = faulty("validate", "--max", "1").out
    assert rules(text) == [COUNT]
    assert text.endswith("\n… and 2 more\n2 errors, 1 warning in 1 file\n")
    document = json.loads(faulty("validate", "--max", "1", "-f", "json").out)
    assert (len(document["findings"]), document["more"], document["counts"]["error"]) == (1, 2, 2)
    csv = faulty("validate", "--max", "1", "-f", "csv")
    assert (len(csv.lines), csv.err) == (2, "… and 2 more\n2 errors, 1 warning in 1 file\n")
    assert csv.code == faulty("validate", "--select", GUIDED, "--max", "1").code + 1 == 1, (
        "the rest counts too"
    )


@pytest.mark.parametrize(
    ("lang", "level", "message", "summary"),
    [
        ("de", "error", "muss eine ganze Zahl sein, 0 oder mehr (got", "2 errors, 1 warning in 1 file"),
        ("da", "fejl", "must be a whole number, 0 or more (fik", "2 fejl, 1 advarsel i 1 fil"),
        ("nb", "feil", "must be a whole number, 0 or more (fikk", "2 feil, 1 advarsel i 1 fil"),
        ("nn-NO", "feil", "must be a whole number, 0 or more (fekk", "2 feil, 1 åtvaring i 1 fil"),
        ("sv", "fel", "must be a whole number, 0 or more (fick", "2 fel, 1 varning i 1 fil"),
    ],
)
def test_the_frame_and_the_messages_are_in_the_language_asked_for(
    faulty: Bees, lang: str, level: str, message: str, summary: str
) -> None:
    said = faulty("validate", "--lang", lang).lines
    assert said[0].startswith(f"{HIVE}:23:16 {level} count: {message} ")
    assert said[-1] == summary


def test_the_rules_are_listed(bees: Bees) -> None:
    said = bees("validate", "--rules")
    assert said.code == 0
    lines = said.lines
    assert lines[0].split() == ["input", "error", "readable"]
    assert [line.split()[0] for line in lines[1:]] == sorted(line.split()[0] for line in lines[1:])
    named = {line.split()[0]: line.split()[1] for line in lines}
    assert named[COUNT] == "error"
    assert named[GUIDED] == "warning"
    assert named["Stay.overlap"] == "error", "a query with a name is a rule"
    assert "Stay" in named, "what is closed is a rule"
    assert "Harvest" not in named, "a shape that only gathers others demands nothing"
    chosen = json.loads(
        bees("validate", "--rules", "--select", "Harvest.*", "-f", "json", "--lang", "de").out
    )
    assert chosen == [
        {
            "rule": KILOS,
            "severity": "error",
            "name": "kilos",
            "message": "muss eine Zahl über 0 sein",
            "description": "",
        }
    ]


def test_colours_are_for_terminals_alone(faulty: Bees, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in faulty("validate").out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert "\x1b[31m" in faulty("validate").out
    assert "\x1b" not in faulty("validate", "-f", "csv").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in faulty("validate").out
