"""What `kg validate` writes, in every format: the same bytes each time, and read back by others' parsers.

`reports/golden/` holds a small report in each format; `python tests/test_reports.py` writes them anew.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import chdir
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import test_shapes_w3c as w3c
from jsonschema import Draft202012Validator, FormatChecker
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm as Algorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from kg import __version__, reports
from kg.errors import Fault, UsageError
from kg.languages import LANGUAGES
from kg.places import Place, Places
from kg.reports.source import LONGEST, Sources
from kg.shapes import ENGINES, Finding, Report, Severity, catalogue, paths, validate
from kg.shapes.triples import TYPE, Object, Triples
from kg.shapes.vocabulary import sh
from kg.shapes.words import TABLE

HERE = Path(__file__).parent / "reports"
GOLDEN = HERE / "golden"
DOCS = Path(__file__).parents[1] / "docs"
EX = "http://example.org/"
NASTY = "<script>alert('1')</script> | 100 %, a: b & `c` “d”\n\x1b[31m,\r\u202e"
SUFFIXES = {name: (each.suffixes or (".txt",))[0] for name, each in reports.FORMATS.items()}


def iri(name: str) -> NamedNode:
    return NamedNode(EX + name)


@cache
def shapes() -> list[Quad]:
    return list(parse((HERE / "shapes.ttl").read_bytes(), RdfFormat.TURTLE))


def data() -> list[Quad]:
    red, long, crate, green = map(iri, ("red", "long", "crate", "green"))
    edges = [
        (red, TYPE, iri("Box")),
        (red, iri("size"), Literal(-5)),
        (red, iri("colour"), Literal("red", language="en")),
        (red, iri("colour"), Literal("blue")),
        (crate, iri("of"), red),
        (crate, iri("size"), Literal(12)),
        (long, TYPE, iri("Box")),
        (long, iri("label"), Literal(NASTY)),
        (long, iri("inner"), green),
        (BlankNode("nameless"), TYPE, iri("Box")),
        (BlankNode("nameless"), iri("size"), BlankNode("big")),
    ]
    return [Quad(*edge) for edge in edges]


def places(down: int = 0) -> Places:
    """Where the data stands, `down` lines further down."""
    found = Places()
    for file, line, column, *spot in (
        ("boxes.yaml", 2, 1, iri("red")),
        ("boxes.yaml", 3, 9, iri("red"), iri("size"), Literal(-5)),
        ("boxes.yaml", 4, 3, iri("red"), iri("colour")),
        ("crates.yaml", 1, 9, iri("red"), iri("colour")),
        ("boxes.yaml", 5, 1, iri("long")),
        ("boxes.yaml", 6, 10, iri("long"), iri("label"), Literal(NASTY)),
        ("boxes.yaml", 7, 10, iri("long"), iri("inner"), iri("green")),
        ("crates.yaml", 1, 24, iri("crate"), iri("size"), Literal(12)),
        ("empty.yaml", 1, 1, iri("nothing")),
    ):
        found.add(Place(file, line + down, column), *spot)
    return found


def report(down: int = 0) -> Report:
    faults = [
        Fault(Place("crates.yaml", 2 + down, 1), "a tab at the beginning of a line", "use spaces"),
        Fault(Place("boxes.yaml"), "no licence"),
        Fault(Place("boxes.yaml"), "no licence", ""),
        Fault(None, "nobody knows where this is"),
    ]
    other = Finding(Place("empty.yaml", 1, 1), Severity.WARNING, "", "holds nothing", "empty")
    return validate(data(), shapes(), places=places(down)).with_faults(faults).with_findings([other])


def page(of: Report | None = None, **options: Any) -> reports.Page:
    given = {"names": {EX + "inner": "within"}, "rules": catalogue.rules(shapes()), "prefixes": {"ex": EX}}
    return reports.Page(of or report(), **{**given, **options})


def rendered(form: str, **options: Any) -> str:
    with chdir(HERE):
        return reports.render(page(**options), form).decode()


def golden(form: str, lang: str) -> Path:
    return GOLDEN / f"{form}.{lang}{SUFFIXES[form]}"


LANGUAGE = dict.fromkeys(reports.FORMATS, "en") | {"html": "da", "markdown": "nn", "junit": "sv"}


def plain(text: str) -> str:
    """The text without the version, which is another with each release."""
    return text.replace(__version__, "VERSION")


# --- the same bytes


@pytest.mark.parametrize("form", reports.FORMATS)
def test_the_report_is_as_it_was(form: str) -> None:
    lang = LANGUAGE[form]
    assert plain(rendered(form, lang=lang)) == golden(form, lang).read_bytes().decode()


def test_there_is_no_golden_file_but_of_a_format() -> None:
    assert {golden(form, lang).name for form, lang in LANGUAGE.items()} == {p.name for p in GOLDEN.iterdir()}


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    program = "import test_reports as t; print([t.rendered(form) for form in t.reports.FORMATS])"
    path = os.pathsep.join([str(HERE.parent), *sys.path])
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            check=True, capture_output=True, text=True,
        ).stdout
        for seed in "012"
    }  # fmt: skip
    assert len(said) == 1
    assert len(said.pop()) > 20_000


@pytest.mark.parametrize("form", reports.FORMATS)
def test_a_report_of_nothing_is_well_formed_too(form: str) -> None:
    text = rendered(form, of=Report())
    readers = {"json": json.loads, "sarif": sarif, "junit": ET.fromstring, "html": Html, "jsonl": str.strip}
    assert readers.get(form, str)(text) is not None
    assert text or form in ("jsonl", "github")


# --- fingerprints


def fingerprints(form: str, **options: Any) -> list[str]:
    if form == "csv":
        return [row["fingerprint"] for row in csv.DictReader(io.StringIO(rendered(form, **options)))]
    if form == "json":
        return [each["fingerprint"] for each in json.loads(rendered(form, **options))["findings"]]
    results = sarif(rendered(form, **options))["runs"][0]["results"]
    return [fingerprint for each in results for fingerprint in each["partialFingerprints"].values()]


@pytest.mark.parametrize("form", ["csv", "json", "sarif"])
def test_a_finding_keeps_its_fingerprint_when_lines_move_and_in_every_language(form: str) -> None:
    first = fingerprints(form)
    assert len(set(first)) == len(first) == len(page().found)
    assert fingerprints(form, of=report(down=40)) == first
    assert [fingerprints(form, lang=lang) for lang in LANGUAGES] == [first] * len(LANGUAGES)


def test_another_value_is_another_finding() -> None:
    other = [q if q.object != Literal(-5) else Quad(q.subject, q.predicate, Literal(-6)) for q in data()]
    changed = page(validate(other, shapes(), places=places())).fingerprints.values()
    kept = page(validate(data(), shapes(), places=places())).fingerprints.values()
    assert len(set(kept) - set(changed)) == 1


# --- text


def test_a_caret_stands_below_what_is_meant() -> None:
    lines = rendered("text").splitlines()
    for message in (" size: must be", " within: is no box", " ^of/size: must not"):
        at = next(n for n, line in enumerate(lines) if message in line)
        place = re.match(r"\S+:(\d+):(\d+) ", lines[at])
        assert place
        source = (HERE / lines[at].split(":")[0]).read_text(encoding="utf-8").splitlines()
        assert lines[at + 1].partition(" | ")[2].rstrip("…") == source[int(place[1]) - 1][:LONGEST]
        assert lines[at + 2].index("^") - lines[at + 2].index("|") - 2 == int(place[2]) - 1


@pytest.mark.parametrize(
    ("line", "column", "shown", "caret"),
    [
        ("a: 12", 4, "a: 12", "   ^^"),
        ("\ta: 12", 5, "\ta: 12", "\t   ^^"),
        ("日本: 12", 5, "日本: 12", "      ^^"),
        ("e\u0301: 12", 5, "e\u0301: 12", "   ^^"),
        ("", 1, "", "^"),
        ("a: 1", 9, "a: 1", "    ^"),
        ("x\x1b[0m 12", 7, "x·[0m 12", "      ^^"),
        ("a\x85b\u2028c", 1, "a·b·c", "^"),
        ("p <http://e/a b> .", 3, "p <http://e/a b> .", "  ^^^^^^^^^^^"),
        ('a: "b c" # d', 4, 'a: "b c" # d', "   ^^^^^"),
    ],
)
def test_the_caret_knows_wide_letters_and_tabs(line: str, column: int, shown: str, caret: str) -> None:
    faulty = Report(faults=(Fault(Place("a", 1, column), "no"),))
    text = reports.render(page(faulty, sources=Sources(lambda _: (line,)))).decode()
    assert text.splitlines()[1:3] == [f"   1 | {shown}", f"     | {caret}"]


def test_a_file_that_has_changed_is_shown_as_it_is_now(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    for text in ("size: -5", "size: -6"):
        file.write_text(text, encoding="utf-8")
        excerpt = Sources().excerpt(Place(str(file), 1, 7))
        assert excerpt
        assert excerpt.before + excerpt.meant == text


def test_of_a_long_line_only_a_part_is_shown() -> None:
    line = "x" * 5_000_000 + " meant " + "y" * 5_000_000
    excerpt = Sources(lambda _: (line,)).excerpt(Place("a", 1, 5_000_002))
    assert excerpt
    assert excerpt.meant == "meant"
    assert len(excerpt.before + excerpt.meant + excerpt.after) <= LONGEST + 2
    assert (excerpt.before[0], excerpt.after[-1]) == ("…", "…")


def test_a_line_that_is_not_there_is_not_shown(tmp_path: Path) -> None:
    for place in (
        Place("nowhere.yaml", 3, 1),
        Place(str(tmp_path), 1, 1),
        Place(str(HERE / "boxes.yaml"), 99, 1),
    ):
        text = reports.render(page(Report(faults=(Fault(place, "no"),)))).decode()
        assert text == f"{place} error no [input]\n\n1 error in 1 file\n"


def test_colour_changes_nothing_but_colour() -> None:
    coloured = rendered("text", colour=True)
    assert coloured.count("\x1b[") > 20
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == rendered("text")
    assert "\x1b" not in rendered("text")


@pytest.mark.parametrize(
    ("lang", "more"), [("en", "… and 9 more"), ("nb", "… og 9 til"), ("sv", "… och 9 till")]
)
def test_only_the_first_are_shown_and_the_rest_counted(lang: str, more: str) -> None:
    text = rendered("text", most=1, lang=lang)
    assert text.count("[") == 1
    assert text.splitlines()[-2] == more
    assert text.splitlines()[-1] == rendered("text", lang=lang).splitlines()[-1], "all are counted"


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


@cache
def schema() -> Draft202012Validator:
    text = (HERE.parent / "third_party" / "sarif" / "sarif-2.1.0.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text), format_checker=FormatChecker())


def sarif(text: str) -> dict[str, Any]:
    """The log, after it was held against the published schema."""
    log: dict[str, Any] = json.loads(text)
    schema().validate(log)
    return log


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


# --- Markdown


def test_a_row_of_markdown_has_four_cells() -> None:
    text = rendered("markdown")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}
    assert "<script>" not in text.replace("\\<", "")
    assert "## `boxes.yaml`" in text


# --- HTML


class Html(HTMLParser):
    """A page, taken apart: every element is closed, and nothing comes from elsewhere."""

    VOID = ("meta", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def each(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in names]

    @property
    def text(self) -> str:
        return "".join(self.words)


def test_html_is_one_file_that_asks_nobody_for_anything() -> None:
    page = Html(text := rendered("html"))
    assert text.startswith("<!DOCTYPE html>\n")
    assert not page.each("script", "link", "img", "iframe", "object", "base")
    assert not re.search(r"url\(|@import|https?://(?!example\.org)|javascript:", text)
    assert not {name for _, attrs in page.tags for name in attrs if name.startswith("on")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_html_can_be_read_out(lang: str) -> None:
    page = Html(rendered("html", lang=lang))
    assert page.each("html") == [{"lang": lang}]
    assert page.each("th") and all(th["scope"] == "col" for th in page.each("th"))
    assert len(page.each("table")) == len(page.each("caption")) == len(page.each("section")) - 1
    assert len(page.each("main")) == len(page.each("h1")) == len(page.each("title")) == 1
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(set(ids)) == len(ids)
    links = {str(attrs["href"]).removeprefix("#") for attrs in page.each("a")}
    labels = {str(attrs["aria-labelledby"]) for attrs in page.each("section") if "aria-labelledby" in attrs}
    assert links | labels <= set(ids)


def test_html_says_in_which_language_a_text_is() -> None:
    page = Html(rendered("html", lang="nn"))
    said = Counter(str(attrs["lang"]) for attrs in page.each("span", "dd") if "lang" in attrs)
    assert set(said) == {"en", "nb"}, "what nobody has put into nn is told in nb, else in en"
    assert "heltall" in page.text


def test_html_shows_texts_as_they_are() -> None:
    page = Html(rendered("html"))
    assert "<script>alert('1')</script>" in page.text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", page.text)


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    r, g, b = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_colours_have_the_contrast_that_wcag_asks_for() -> None:
    """4.5 to 1, by day and by night. Source: https://www.w3.org/TR/WCAG22/#contrast-minimum"""
    style = re.search(r"<style>(.*?)</style>", rendered("html"), re.S)
    assert style
    day, night = (
        dict(re.findall(r"--([\w-]+): (#\w{6})", part)) for part in style[1].split("@media (prefers")[:2]
    )
    for colours in (day, day | night):
        pairs = [(colours[name], colours["page"]) for name in ("error", "warning", "info", "text")]
        for one, other in [
            *pairs,
            (colours["text"], colours["soft"]),
            (colours["on-meant"], colours["meant"]),
        ]:
            light, dark = sorted((luminance(one), luminance(other)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (one, other)


# --- RDF


def canonical(quads: list[Quad]) -> set[Quad]:
    dataset = Dataset(quads)
    dataset.canonicalize(Algorithm.RDFC_1_0)
    return set(dataset)


def results(quads: list[Quad], home: Any = str) -> Counter[tuple[str, ...]]:
    """The results of a report graph, each with all that SHACL gives one."""
    graph = Triples(quads)
    found: Counter[tuple[str, ...]] = Counter()
    for at in graph.subjects(TYPE, sh("ValidationReport")):
        for node in graph.objects(at, sh("result")):
            one = {local: next(iter(graph.objects(node, sh(local))), None) for local in w3c.PARTS}
            way = paths.write(paths.read(graph, one["resultPath"])) if one["resultPath"] else ""
            found[way, *(home(one[local]) for local in w3c.PARTS if local != "resultPath")] += 1
    return found


def nameless(term: Object | None) -> str:
    return "[]" if isinstance(term, BlankNode) else str(term)


def test_turtle_and_json_ld_hold_one_graph() -> None:
    turtle = list(parse(rendered("turtle"), RdfFormat.TURTLE))
    jsonld = list(parse(rendered("jsonld"), RdfFormat.JSON_LD))
    assert canonical(turtle) == canonical(jsonld)
    assert len(turtle) > 60


def test_a_report_graph_holds_every_result_whole() -> None:
    graph = list(parse(rendered("turtle"), RdfFormat.TURTLE))
    wanted = Counter(
        (
            paths.write(v.path) if v.path else "",
            *(nameless(term) for term in (v.focus, v.value, v.source_shape, v.component, v.severity_iri)),
        )
        for v in report().violations
    )
    assert results(graph, nameless) == wanted
    triples = Triples(graph)
    said = {text for _, text in triples.pairs(sh("resultMessage")) if isinstance(text, Literal)}
    assert {(v, lang) for each in report().violations for lang, v in each.messages.items()} <= {
        (text.value, text.language or "") for text in said
    }
    [detail] = [o for _, o in triples.pairs(sh("detail"))]
    assert triples.objects(detail, sh("focusNode")) == [iri("green")]


@pytest.mark.parametrize(
    ("given", "conforms"),
    [
        (Report(), "true"),
        (Report(faults=(Fault(None, "no"),)), "false"),
        (
            validate(
                [Quad(iri("a"), TYPE, iri("Box")), Quad(iri("a"), iri("label"), Literal("long"))], shapes()
            ),
            "false",
        ),
    ],
)
def test_a_graph_conforms_as_shacl_has_it(given: Report, conforms: str) -> None:
    graph = Triples(parse(rendered("turtle", of=given), RdfFormat.TURTLE))
    assert [str(o.value) for _, o in graph.pairs(sh("conforms"))] == [conforms]


OWN = [case for case in w3c.cases() if case.values[0] in (None, *ENGINES)]
"""The cases of the suite that `validate` runs; the judge of the tests gives no report."""


@pytest.mark.parametrize(("engine", "file"), OWN)
def test_the_w3c_suite_gets_the_report_graphs_that_it_expects(engine: str, file: Path) -> None:
    """A result, read back from Turtle, has all that the suite asks of it; pySHACL found it."""
    manifest = Triples(quads := w3c.load(file))
    [entry] = manifest.subjects(TYPE, NamedNode(w3c.SHT + "Validate"))
    [action] = manifest.objects(entry, NamedNode(w3c.MF + "action"))
    [expected] = manifest.objects(entry, NamedNode(w3c.MF + "result"))
    if expected == NamedNode(w3c.SHT + "Failure"):
        pytest.skip("there is no report")
    given = [w3c.used_file(manifest, action, name) for name in ("dataGraph", "shapesGraph")]
    found = validate(*(w3c.load(each) for each in given), engine=engine)
    written = list(parse(reports.render(reports.Page(found), "turtle"), RdfFormat.TURTLE))
    wanted = [q for q in quads if q.subject == expected and q.predicate in (sh("result"), sh("conforms"))]
    kept = [Quad(expected, TYPE, sh("ValidationReport")), *quads, *wanted]
    assert results(written, nameless) == results(kept, nameless)
    told = {o for _, o in Triples(written).pairs(sh("conforms"))}
    assert told == {q.object for q in wanted if q.predicate == sh("conforms")}


# --- words


def test_every_word_is_there_in_every_language_and_used() -> None:
    package = Path(reports.__file__).parents[1]
    code = "".join(path.read_text("utf-8") for path in package.rglob("*.py") if path.name != "words.py")
    for key, texts in TABLE.items():
        assert len(texts) == len(LANGUAGES) and all(texts), key
        assert len({tuple(sorted(re.findall(r"\{\w+\}", text))) for text in texts}) == 1, key
        assert f'"{key}"' in code or f"'{key}'" in code or key in {s.level for s in Severity}, key


@pytest.mark.parametrize("form", ["text", "markdown", "html", "junit", "sarif"])
def test_the_frame_is_in_the_reader_s_language(form: str) -> None:
    said = {lang: rendered(form, lang=lang, of=Report(files=frozenset({"a"}))) for lang in LANGUAGES}
    assert len(set(said.values())) >= 4, "nb and nn may agree"


# --- the formats


def test_a_list_of_rules_in_markdown_has_three_cells_a_row() -> None:
    ways = """PREFIX : <http://e/> PREFIX sh: <http://www.w3.org/ns/shacl#>
        :S sh:targetClass :Box ; sh:property [ sh:path [ sh:alternativePath ( :a :b ) ] ;
            sh:minCount 1 ; sh:description "one | *other*"@en ] ."""
    rules = catalogue.rules(parse(ways.encode(), RdfFormat.TURTLE))
    *_, row = reports.listing([rules["Box.a|b"]], "markdown").splitlines()
    assert row == r"| `Box.a\|b` | error | one \| \*other\* |"


def test_formats_and_suffixes_are_told_apart() -> None:
    suffixes = [suffix for each in reports.FORMATS.values() for suffix in each.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert [reports.format_of(Path("a" + suffix)) for suffix in (".SARIF", ".htm", ".xml")] == [
        "sarif",
        "html",
        "junit",
    ]
    with pytest.raises(
        UsageError, match=r"a\.doc: the suffix names no format; name one with -f, or use one of \.txt"
    ):
        reports.format_of(Path("a.doc"))
    with pytest.raises(UsageError, match="no format “word” for findings; known: text, json"):
        reports.render(page(), "word")


def write_golden() -> None:
    """Write the golden files anew: look at what changed before you keep it."""
    for form, lang in LANGUAGE.items():
        golden(form, lang).write_bytes(plain(rendered(form, lang=lang)).encode())


if __name__ == "__main__":
    write_golden()
