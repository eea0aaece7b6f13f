"""The measurements themselves: what a process cost, whether an engine found what is planted."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from bench import judge, processes, report
from bench.__main__ import main
from bench.asking import Asked, lines, sentence
from bench.engines import validators
from bench.processes import Cost, run
from bench.results import Figure, Measure, Result, measure, ratio
from bench.targets import TARGETS

SHAPES = Path(judge.__file__).parent / "shapes"


def test_a_tiny_run_writes_a_page_and_json(tmp_path: Path) -> None:
    only = [word for row in ("validate", "infer", "start") for word in ("--only", row)]
    out = ["--work", str(tmp_path), "--json", str(tmp_path / "r.json"), "-o", str(tmp_path / "page.md")]
    assert main([*only, "--sizes", "1k", "--rounds", "1", *out]) == 0
    said = json.loads((tmp_path / "r.json").read_text())
    assert [(entry["row"], entry["size"]) for entry in said] == [
        ("validate", "1k"),
        ("infer", "1k"),
        ("start", ""),
    ]
    kg, limit = said[0]["measures"]
    assert (kg["engine"], kg["found"], limit["engine"]) == ("kg", True, "limit")
    assert all(
        m["cpu"] > 0 and m["wall"] > 0 and m["peak"] > 1e6 for entry in said for m in entry["measures"]
    )
    assert said[0]["figures"][0]["value"] == pytest.approx(kg["cpu"] / limit["cpu"])
    page = (tmp_path / "page.md").read_text()
    assert str(tmp_path) not in page and "| limit |" in page
    assert [len(row.split(" | ")) for row in page.splitlines() if row.startswith("| `kg --version")] == [7]


def test_a_process_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cost = run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "out", limit=0.3)
    assert cost.late and cost.code == -9 and cost.wall < 30
    monkeypatch.setattr(processes, "PATIENCE", 300)  # others may use the machine: its CPU ends it
    cost = run([sys.executable, "-c", "while True: pass"], tmp_path / "out", limit=1)
    assert cost.late and cost.code < 0 and 0.9 <= cost.cpu < 3


ENDLESS = """
from pyoxigraph import NamedNode, Quad, Store
from bench.children import timed
store = Store()
store.extend(Quad(NamedNode(f"urn:{n}"), NamedNode("urn:p"), NamedNode(f"urn:{n}")) for n in range(999))
one, many = "?a ?p ?b", "?a ?p ?b . ?c ?p ?d . ?e ?p ?f . ?g ?p ?h"
for way, text in (("own", one), ("api", one), ("raw", many)):
    timed(way, lambda: list(store.query(f"SELECT (COUNT(*) AS ?n) {{ {text} }}")), 0.7)
"""


def test_a_query_that_goes_on_is_ended_and_told_as_at_least(tmp_path: Path) -> None:
    """The engine does not stop when it is asked to: its process is ended, and what came before counts."""
    cost = run([sys.executable, "-c", ENDLESS], tmp_path / "out", limit=50)
    assert cost.code == -signal.SIGPROF and cost.cpu < 20
    asked = Asked.of(lines(tmp_path / "out"), 0.7)
    assert (asked.raw, asked.raw_rows, asked.rows) == (0.7, None, 1) and asked.own < 0.7 and asked.fine
    assert sentence("q", asked, 0.7) == f"q {1000 * asked.own:.1f} ms (raw: at least 700), 1 rows"


def test_a_question_counts_if_its_rows_are_right() -> None:
    said = [["first", 9, 2], ["missing", 0, 0], ["own", 1, 2], ["own", 3, 2], ["api", 4, 2], ["raw", 5, 2]]
    assert Asked.of(said, 60) == Asked(2, 5, 4, 2, 2, 0)
    assert Asked.of(said, 60).fine
    assert not Asked.of([*said, ["raw", 5, 3]], 60).fine
    assert not Asked.of([*said, ["missing", 0, 1]], 60).fine
    assert not Asked.of([], 60).fine


def test_the_costs_are_those_of_the_process_and_what_it_starts(tmp_path: Path) -> None:
    burn = "x = bytearray(90_000_000)\nwhile __import__('time').process_time() < 0.5: pass"
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"
    cost = run([sys.executable, "-c", start], tmp_path / "out")
    # The peak of a process begins with that of the one that starts it: here, of all tests before.
    assert cost.cpu >= 0.5 and cost.peak > 90e6 and cost.code == 0


@pytest.mark.parametrize(
    ("value", "more", "verdict"),
    [(1.9, False, "beyond"), (2.5, False, "reached"), (3.1, False, "missed"), (None, False, "not measured"),
     (3.1, True, "reached"), (1.9, True, "missed")],
)  # fmt: skip
def test_verdicts(value: float | None, more: bool, verdict: str) -> None:
    assert Figure("f", value, 3, None if more else 2, more).verdict == verdict


def test_a_ratio_is_the_median_of_pairs() -> None:
    ones, others = ([Cost(cpu, 1, 1, 0) for cpu in cpus] for cpus in ((2, 9, 4), (1, 1, 4)))
    assert ratio(ones, others) == 2
    assert ratio([], []) is None
    assert measure("x", ones).cpu == 4


def test_an_engine_that_misses_a_fault_does_not_count() -> None:
    assert not Measure("x", 1, 1, 1, 1, found=False).counts
    assert not Measure("x", note="not installed").counts
    assert Measure("x", 1, 1, 1, 1, found=True).counts


def test_of_the_twelve_shapes_three_have_constraints_in_sparql_one_beyond_its_node() -> None:
    store = ox.Store()
    store.bulk_load(path=str(SHAPES / "domain.ttl"), format=ox.RdfFormat.TURTLE)

    def all_of(name: str, value: ox.NamedNode | None = None) -> list[ox.Quad]:
        return list(store.quads_for_pattern(None, ox.NamedNode(name), value))

    texts = [str(quad.object) for quad in all_of(judge.SH + "select")]
    assert len(all_of(judge.SH + "targetClass")) == 12
    assert len(all_of(judge.SH + "sparql")) == len(texts) == 3
    assert [" a cg:" in text for text in sorted(texts, key=len)] == [False, False, True]


FAULT = {"rule": "RoleGroup.holders", "node": "https://x/case/c1/groups/g"}
SHAPE = "https://w3id.org/casegraph/shapes#"


@pytest.mark.parametrize(
    ("shapes", "name", "node"),
    [
        ("domain", "RoleGroup.holders", FAULT["node"]),
        ("nested", "Nested.RoleGroup.holders", "https://x/case/c1"),
    ],
)
@pytest.mark.parametrize("form", ["kg", "tsv", "ttl"])
def test_the_judge_reads_each_form_of_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, shapes: str, name: str, node: str
) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"faults": [FAULT]}))
    result = f"[ sh:focusNode <{node}> ; sh:sourceShape <{SHAPE}{name}> ]"
    written = {
        "kg": json.dumps({"shape": {"value": SHAPE + name}, "focus": {"value": node}}) + "\n",
        "tsv": f"{node}\t{SHAPE}{name}\n",
        "ttl": f"PREFIX sh: <{judge.SH}> [] sh:result {result} .",
    }
    told = {}
    for case, text in (("right", written[form]), ("wrong", written[form].replace(node, "https://x/other"))):
        (tmp_path / "report").write_text(text)
        paths = (tmp_path / "report", SHAPES / f"{shapes}.ttl", tmp_path / "manifest.json", tmp_path / "none")
        judge.main(form, *map(str, paths))
        told[case] = json.loads(capsys.readouterr().out)
    assert told["right"] == {"planted": 1, "missing": 0, "more": 0}
    assert told["wrong"] == {"planted": 1, "missing": 1, "more": 1}


def test_a_conflict_that_is_planted_as_an_answer_has_to_be_found_by_the_shapes_of_the_ontology(
    tmp_path: Path,
) -> None:
    answers = [{"question": q, "row": {"one": "https://x/1"}} for q in ("contradictions", "savings")]
    (tmp_path / "manifest.json").write_text(json.dumps({"faults": [], "answers": answers}))
    own = Path(judge.__file__).parent.parent / "ontology" / "shapes.ttl"
    found = judge.planted(own, tmp_path / "manifest.json", tmp_path / "none")
    assert found == {("Assertion.conflict", "https://x/1")}
    assert judge.planted(SHAPES / "domain.ttl", tmp_path / "manifest.json", tmp_path / "none") == set()


def test_every_node_with_a_class_has_to_be_found_where_all_violate(tmp_path: Path) -> None:
    a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    (tmp_path / "data").write_text(
        f"<urn:x> {a} <urn:A> .\n<urn:x> {a} <urn:B> .\n<urn:y> <urn:p> <urn:x> .\n"
    )
    (tmp_path / "manifest.json").write_text('{"faults": []}')
    found = judge.planted(SHAPES / "violating.ttl", tmp_path / "manifest.json", tmp_path / "data")
    assert found == {("Violating.lacks", "urn:x"), ("Violating.type", "urn:x")}


def test_a_new_result_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path, machine = tmp_path / "r.json", {"date": "2026-01-01", "cpu": "a CPU"}
    for value in (0.1, 0.2):
        result = Result("start", "start", "")
        result.tell("wall, to pySHACL", value)
        entries = report.merged(path, [result], machine)
    assert [entry["figures"][0]["value"] for entry in entries] == [0.2]
    page = report.page(entries, {row: row for row, _, _ in TARGETS})
    assert "| start |  | wall, to pySHACL | 0.2 × | ≤ 0.25 × | ≤ 0.15 × | yes |" in page
    assert "| infer | 1M | CPU, to the limit | – | ≤ 1.2 × | ≤ 0.6 × | not measured |" in page
    assert "date: 2026-01-01; cpu: a CPU" in page


def test_what_keeps_a_peer_from_being_run_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert validators(tmp_path)["jena"].lacks == "there is no java here"
    assert not validators(tmp_path)["kg"].lacks
