"""The made-up cases of the measurements: the same each time, with the faults and answers planted in them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad, Store

from bench.generate import CASES, SHARED, TRIPLES, Order, generate, main
from bench.sizes import size
from kg import build, sources
from kg.shapes import Severity, local_name
from kg.workspace import Workspace


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which every case has a fault: each kind of fault once at least."""
    folder = tmp_path_factory.mktemp("faulty")
    generate(folder, Order(6_000, faulty=1), merged=True)
    return folder


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace without faults, in which every third case answers a question, and each question twice."""
    folder = tmp_path_factory.mktemp("answering")
    generate(folder, Order(0, cases=170, faulty=0, asked=3), texts=True)
    return folder


def said(folder: Path, part: str) -> list[dict[str, Any]]:
    return json.loads((folder / "manifest.json").read_text())[part]


@pytest.fixture(scope="module")
def thrice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same order twice, and one of another seed."""
    folder = tmp_path_factory.mktemp("thrice")
    for name, seed in (("one", "7"), ("two", "7"), ("other", "8")):
        main(["2k", "--seed", seed, "-o", str(folder / name), "--merged"])
    return folder


@pytest.mark.parametrize("name", [CASES, SHARED, TRIPLES, "manifest.json"])
def test_the_same_order_gives_the_same_bytes(thrice: Path, name: str) -> None:
    one, two, other = ((thrice / folder / name).read_bytes() for folder in ("one", "two", "other"))
    assert one == two != other


def test_more_of_the_same_seed_begins_with_the_same_cases(tmp_path: Path) -> None:
    for amount in (2_000, 4_000):
        generate(tmp_path / str(amount), Order(amount))
    few, many = ((tmp_path / amount / CASES).read_bytes() for amount in ("2000", "4000"))
    assert many.startswith(few) and len(many) > 1.5 * len(few)


def test_sizes_read_as_people_write_them() -> None:
    assert [size(text) for text in ("10k", "1M", "250", "1.5k")] == [10_000, 1_000_000, 250, 1_500]


def test_the_triples_are_those_that_kg_reads(faulty: Path) -> None:
    workspace = Workspace.load(faulty)
    read = build.read(workspace, build.ontology_of(workspace))
    assert not read.faults
    written = (faulty / TRIPLES).read_text(encoding="utf-8").splitlines()
    assert len(written) == len(set(written))
    assert set(written) == {f"{q.subject} {q.predicate} {q.object} ." for q in read.quads}


def test_each_planted_fault_is_found_and_nothing_else(faulty: Path) -> None:
    report = build.check(Workspace.load(faulty)).report
    found = Counter((local_name(v.source_shape), str(v.focus.value)) for v in report.violations)
    planted = said(faulty, "faults")
    assert found == Counter((fault["rule"], fault["node"]) for fault in planted)
    lines = {(v.focus.value, v.places[0].line) for v in report.violations}
    assert lines == {(fault["node"], fault["line"]) for fault in planted}
    levels = {(v.focus.value, v.severity.level) for v in report.violations}
    assert levels == {(fault["node"], fault["severity"]) for fault in planted}


def test_there_are_faults_of_many_rules(faulty: Path) -> None:
    assert len({fault["rule"] for fault in said(faulty, "faults")}) > 40


def test_each_planted_answer_comes_out_for_every_question(answering: Path) -> None:
    workspace = Workspace.load(answering)
    store = Store()
    store.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in build.assemble(workspace).quads)
    planted = said(answering, "answers")
    assert {answer["question"] for answer in planted} == set(workspace.questions())
    for question, path in workspace.questions().items():
        found = rows(store, path.read_text())
        for row in (answer["row"] for answer in planted if answer["question"] == question):
            assert any(row.items() <= each.items() for each in found), (question, row)


def rows(store: Store, query: str) -> list[dict[str, str]]:
    """The rows of an answer, as text."""
    found: Any = store.query(query)
    names = [variable.value for variable in found.variables]
    return [{name: row[name].value for name in names if row[name] is not None} for row in found]


def test_cases_without_planted_faults_are_in_order(answering: Path) -> None:
    """But for what answers the question after conflicts that nobody recorded."""
    planted = {a["row"]["one"] for a in said(answering, "answers") if a["question"] == "contradictions"}
    found = build.check(Workspace.load(answering)).report.violations
    told = {(local_name(each.source_shape), each.severity, each.focus.value) for each in found}
    assert told == {("Assertion.conflict", Severity.WARNING, one) for one in planted}


def test_quotes_stand_in_the_texts_where_the_cases_say(answering: Path) -> None:
    for line in (answering / CASES).read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        text = sources.read(answering / "texts" / f"{case['sources'][0]}.txt")
        for evidence in passages(case):
            assert text.at(tuple(evidence["at"])) == evidence["quote"]
            assert sources.too_long(evidence["quote"]) is None


def passages(node: Any) -> list[dict[str, Any]]:
    """All evidence below a node of a case."""
    if not isinstance(node, dict):
        return []
    own = [node] if "quote" in node else []
    return own + [found for value in node.values() for found in passages(value)]
