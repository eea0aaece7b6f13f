"""Reports of many findings: kept as columns, written from them, all places asked for at once."""

from __future__ import annotations

import html
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kg import shapes
from kg.checking import foreign
from kg.places import Asked, Place, Places
from kg.reports import Page, render
from kg.shapes import Finding, Report, Severity, Violation
from kg.shapes.compile import run
from kg.shapes.findings import INPUT
from kg.shapes.results import Results

E = "http://e.org/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"
VALUES = (
    '"a\\tb"', '"a\tb"', '"é"', '"\\u00e8"', *(f"<{E}x{n}>" for n in range(4)), "_:b1", "_:b2", '"hej"@da',
    f'"07"^^{INTEGER}', '"quo\\"te . a"', '"back\\\\slash"', '"line\\nbreak"', f'"{"long " * 30}"',
)  # fmt: skip
FORMS = (
    "{} {} {} .",
    "{} {} {} .",
    "{} {} {} .",
    "{}\t{} {}.",
    "  {}   {}  {} . # why",
    "{}{}{}.",
    "{} {} {}   .",
)
SHAPES = f"""
PREFIX : <{E}> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
:Thing a sh:NodeShape ; sh:targetSubjectsOf :p , :q ; sh:closed true ; sh:ignoredProperties ( :p ) ;
    sh:nodeKind sh:BlankNode ; sh:property :P , :Q ,
        [ sh:path [ sh:inversePath :p ] ; sh:maxCount 0 ; sh:severity sh:Info ] ,
        [ sh:path ( :p :q ) ; sh:minCount 1 ; sh:message "want {{?minCount}} of {{$path}} at {{$this}}"@en ] ;
    sh:sparql [ sh:message "row {{?n}}" ; sh:select
        "SELECT $this ?value ?n {{ $this <{E}q> ?value BIND(STRLEN(STR(?value)) AS ?n) }}" ] ,
      [ sh:select "SELECT $this ?message {{ $this <{E}p> ?v BIND(CONCAT('own ', STR(?v)) AS ?message) }}" ] .
:P sh:path :p ; sh:datatype xsd:integer ; sh:message "no {{$value}}"@en , "ingen {{$value}}"@da .
:Q sh:path :q ; sh:node :Node ; sh:severity sh:Warning .
:Node sh:property [ sh:path :r ; sh:minCount 1 ; sh:node [ sh:nodeKind sh:Literal ] ] ; sh:nodeKind sh:IRI .
"""


def lines(seed: int) -> list[str]:
    """Statements in every way of writing them, each in one; with an empty line and a broken one."""
    chosen = random.Random(seed)
    subjects = [*(f"<{E}s{n}>" for n in range(25)), "_:b1", "_:b2", f"<{E}å>", f"<{E}s1/part>"]
    said = {
        (subject, f"<{E}{chosen.choice('pqr')}>", chosen.choice(VALUES[seed:]))
        for subject in subjects
        for _ in range(5)
    }
    found = [chosen.choice(FORMS).format(*parts) for parts in sorted(said)]
    found += [*found[:3], "", "# a comment .", f"<{E}s3> is broken ."]
    chosen.shuffle(found)
    return found


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two files of N-Triples, one of them with the line ends of Windows, and one of Turtle."""
    paths = [tmp_path / name for name in ("a.nt", "b.nt", "c.ttl")]
    paths[0].write_text("\n".join(lines(1)), newline="")
    paths[1].write_text("\r\n".join(lines(2)) + "\r\n", newline="")
    paths[2].write_text(f'PREFIX : <{E}> :s1 :p 7 , "x" ; :q [ :r 1 ] . :s2 :q :x1 , :s1 . :s3 :p "a\\tb" .')
    return paths


def page(files: list[Path], **options: object) -> Page:
    spec = files[0].with_name("shapes.ttl")
    spec.write_text(SHAPES)
    found = foreign.read(files, [spec])
    return Page(found.check().report, names=found.name, prefixes=found.prefixes, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("few", [0, 10_000])
def test_places_of_many_are_those_of_each(
    files: list[Path], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.places.FEW", few)
    data = foreign.read(files, [page(files).report and files[0].with_name("shapes.ttl")]).data
    quads = [*data.quads, *(quad for quad in data.store.store)] if data.store else data.quads
    values = [data.store.written.read(q.object) if data.store else q.object for q in quads]
    props = {quad.predicate for quad in quads}
    nodes = [
        *dict.fromkeys(q.subject for q in quads),
        NamedNode(E + "nowhere"),
        BlankNode("no"),
        Literal("7"),
    ]
    asked = [Asked([q.subject], q.predicate, [value]) for q, value in zip(quads, values, strict=True)]
    asked += [Asked(nodes, prop, [None] * len(nodes)) for prop in props] + [Asked(nodes)]
    asked += [Asked(nodes, prop, [Literal("no such")] * len(nodes)) for prop in props]
    mixed = quads[::3], [value if number % 2 else None for number, value in enumerate(values[::3])]
    asked += [Asked([q.subject for q in mixed[0]], prop, mixed[1]) for prop in props]
    for number, (quad, value) in enumerate(zip(quads[:6], values, strict=False)):
        data.places.add(Place("noted", number + 1), *(quad.subject, quad.predicate, value)[: number % 3 + 1])
    asked += [Asked(nodes, NamedNode(E + name), [None] * len(nodes)) for name in ("unheard-of", "noted")]
    data.places.add(Place("noted", 9), quads[0].subject, NamedNode(E + "noted"))
    told = data.places.find_all(asked)
    assert sum(len(places) > 1 for column in told for places in column) > 5
    for each, column in zip(asked, told, strict=True):
        for spot, places in zip(each.spots(), column, strict=True):
            assert set(places) == set(data.places.find(*spot)), spot


def test_json_is_as_python_writes_it(files: list[Path]) -> None:
    told = page(files)
    assert any(finding.details for finding in told.found)
    assert any(len(finding.places) > 1 for finding in told.found)
    for form in ("json", "sarif"):
        text = render(told, form).decode()
        assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
    for line in render(told, "jsonl").decode().splitlines():
        assert line == json.dumps(json.loads(line), ensure_ascii=False)
    nothing = Page(Report())
    assert json.loads(render(nothing, "json"))["findings"] == []
    assert json.loads(render(nothing, "sarif"))["runs"][0]["results"] == []


def test_findings_are_in_order_and_once(files: list[Path]) -> None:
    for report in (page(files).report, Report(page(files).report.violations[:60])):
        found = report.findings()
        assert found == sorted(found, key=lambda finding: finding.order)
        assert len(found) == len(set(found))
        violations = list(report.violations)
        own = {finding for finding in found if finding.violation}
        assert own == {finding for each in violations for finding in Report((each,)).findings()}
        places = [(v.place is None, v.place or Place("")) for v in violations]
        assert places == sorted(places)


def test_violations_are_a_sequence_that_is_made_when_asked_for(files: list[Path]) -> None:
    report = page(files).report
    whole = tuple(report.violations)
    assert len(whole) == len(report.violations) == len(report.told.order) > 100
    assert report.violations[3] == whole[3]
    assert report.violations[-4:] == whole[-4:]
    assert report.violations == whole
    assert report.violations[0] in report.violations
    assert all(isinstance(each, Violation) for each in whole)
    assert {f.violation for f in report.findings() if f.violation} <= set(whole)
    assert all(f.message.startswith(f.violation.message()) for f in report.findings() if f.violation)
    assert report.only(lambda rule: rule == "P").violations == tuple(v for v in whole if v.rule == "P")
    graver = report.without(lambda violation: violation.severity is Severity.INFO)
    assert graver.violations == tuple(v for v in whole if v.severity is not Severity.INFO)
    assert len(graver.merge(report).violations) == len(graver.violations) + len(whole)


def test_what_a_report_made_by_hand_says_is_what_its_violations_say(files: list[Path]) -> None:
    told = page(files)
    by_hand = Page(Report(tuple(told.report.violations), files=told.report.files), names=told.names)
    alone = Page(Report(told.report.violations, files=told.report.files), names=told.names)
    for form in ("jsonl", "csv", "text", "junit"):
        assert render(by_hand, form) == render(alone, form)


def by_kind(told: Page) -> dict[tuple[str, ...], list[str]]:
    """The names of the nodes of each constraint of a shape, in order."""
    kinds: dict[tuple[str, ...], list[str]] = {}
    for each in told.report.violations:
        kind = (each.rule, str(each.component), str(each.message().startswith("row")))
        kinds.setdefault(kind, []).append(str(each.focus))
    return {kind: sorted(names) for kind, names in kinds.items()}


def test_more_than_can_be_told_is_counted(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = page(files)
    every = len(whole.report.violations)
    monkeypatch.setattr(shapes, "MOST", 40)
    cut = page(files)
    assert render(cut, "jsonl") == render(page(files), "jsonl")
    shown = len(cut.report.violations)
    assert 20 < shown <= 40
    assert shown == every - cut.report.untold.total()
    assert set(cut.found) < set(whole.found)
    kinds, share = by_kind(whole), max(map(len, by_kind(cut).values()))
    assert any(share < len(names) for names in kinds.values())
    assert by_kind(cut) == {kind: names[:share] for kind, names in kinds.items()}
    assert cut.report.counts == whole.report.counts
    assert not cut.report.conforms
    told = json.loads(render(cut, "json"))
    assert sum(told["counts"].values()) == len(told["findings"]) + told["more"]
    assert told["more"] == every - shown
    assert f"… and {every - shown} more\n" in render(cut, "text").decode()
    assert f"… and {every - shown} more\n" in cut.report.text()
    assert (
        f"… and {every - shown + 10} more"
        in render(replace(cut, most=len(cut.found) - 10), "github").decode()
    )
    alone = cut.report.only(lambda rule: rule == "P")
    assert alone.counts.total() == len(whole.report.only(lambda rule: rule == "P").violations)
    monkeypatch.setattr(shapes, "MOST", every)
    assert not page(files).report.untold


def test_what_cannot_be_read_is_told_however_little_is_shown(files: list[Path]) -> None:
    whole = page(files)
    broken = [finding for finding in whole.found if finding.rule == INPUT]
    assert len(broken) == 2
    others = [finding for finding in whole.found if finding.rule != INPUT]
    named = dict(zip(whole.found, whole.named(), strict=True))
    for most in (1, 2, 5, 100, len(whole.found) + 1):
        cut = replace(whole, most=most)
        kept = {*broken[:most], *others[: max(0, most - 2)]}
        assert cut.shown == [finding for finding in whole.found if finding in kept]
        assert cut.more == len(whole.found) - len(cut.shown)
        assert list(cut.named()) == [named[finding] for finding in cut.shown]
        for form in ("text", "csv", "json", "jsonl", "sarif", "github", "junit", "markdown", "html"):
            assert broken[0].message.partition(";")[0] in html.unescape(render(cut, form).decode()), form


def test_results_of_any_engine_come_in_groups() -> None:
    quads = list(parse(SHAPES + ":a :p 1 , :b ; :q :a . :b :p :a , :b ; :q 1 , 2 .", RdfFormat.TURTLE))
    results = run(quads, quads)
    assert set(Results.of(list(results))) == set(results)
    assert len(Results.of(list(results)).groups) == len(results.groups) < len(results) == len(list(results))
    assert results[0] in list(results)


def test_a_finding_of_ones_own() -> None:
    detail = Finding(None, Severity.INFO, "k", "m", "r")
    finding = Finding(Place("a", 1), Severity.WARNING, "k", "m", "r", "<s>", (detail,), mark="x")
    assert finding.details == (detail,)
    assert (finding.violation, finding.mark, finding.places) == (None, "x", (Place("a", 1),))
    assert finding == Finding(Place("a", 1), Severity.WARNING, "k", "m", "r", "<s>", (detail,), mark="y")
    assert finding != Finding(Place("a", 1), Severity.WARNING, "k", "m", "r", "<s>")


def test_places_that_only_know_one_by_one() -> None:
    places, node = Places(), NamedNode(E + "a")
    places.add_file("a", lambda _node, prop, _value: [Place("a", 1)] if prop is None else [])
    assert places.find_all([Asked([node] * 50, node)]) == [[(Place("a", 1),)] * 50]
