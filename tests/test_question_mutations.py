"""A fact changed in a case file changes the answers that depend on it, and nothing else.

`mutations.yaml` records an edit for each question. Ontology and reference data are read once;
the edited case is read anew, and everything that follows is inferred anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import whole
import yaml
from pyoxigraph import NamedNode, Quad, Store

from kg import cases, questions, rules
from kg.names import HOME, ID

Row = dict[str, str]
Rows = dict[str, list[Row]]
MUTATIONS = yaml.load(Path(__file__).with_name("mutations.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
QUESTIONS = {name: questions.read(path) for name, path in whole.workspace().questions().items()}


@cache
def known() -> frozenset[str]:
    """All shared entities that the reference data has."""
    subjects = (q.subject.value for q in whole.graph().asserted.quads if isinstance(q.subject, NamedNode))
    return frozenset(subject for subject in subjects if subject.startswith(ID))


def read(case: str, text: str) -> list[Quad]:
    path = f"data/cases/{case}.yaml"
    return cases.read_text(text, path, whole.onto(), whole.workspace().names, known=known()).quads


@cache
def texts() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in whole.workspace().cases()}


@cache
def originals() -> dict[str, list[Quad]]:
    return {case: read(case, text) for case, text in texts().items()}


def around(quads: Iterable[Quad]) -> list[Quad]:
    """Of ontology, sources and reference data what can bear on the cases: most municipalities cannot."""
    cases = whole.workspace().names.graph("case/").value
    rest = [q for q in whole.graph().asserted.quads if not q.graph_name.value.startswith(cases)]
    near = {q.object for q in quads if isinstance(q.object, NamedNode)}
    linked = [q for q in rest if q.subject.value.startswith(ID) and isinstance(q.object, NamedNode)]
    linked = [q for q in linked if q.object.value.startswith((f"{ID}municipality", f"{ID}change-event"))]
    for _ in range(3):
        near |= {end for q in linked if near & {q.subject, q.object} for end in (q.subject, q.object)}
    return [q for q in rest if not q.subject.value.startswith(ID) or q.subject in near]


def answers(documents: dict[str, list[Quad]]) -> Rows:
    """The rows of every question on a graph of these cases, IRIs short."""
    given = [quad for quads in documents.values() for quad in quads]
    asserted = [*given, *around(given)]
    inferred = rules.infer(asserted, whole.compiled()).quads(whole.workspace().names.graph("inferred"))
    store = Store()
    store.bulk_extend([*asserted, *inferred])
    return {name: rows(questions.ask(question, store)) for name, question in QUESTIONS.items()}


def rows(answer: questions.Answer) -> list[Row]:
    return [{k: (v or "").removeprefix(HOME) for k, v in record.items()} for record in answer.records()]


@cache
def before() -> Rows:
    return answers(originals())


def fits(row: Row, pattern: Row) -> bool:
    return all(row[column] == value for column, value in pattern.items())


def matched(found: list[Row], patterns: list[Row]) -> bool:
    """Whether the rows are just those that the patterns tell, one each."""
    hits = [[row for row in found if fits(row, pattern)] for pattern in patterns]
    return len(found) == len(patterns) and all(len(each) == 1 for each in hits)


def test_the_part_of_the_reference_data_gives_the_answers_of_the_whole():
    assert before() == {n: rows(questions.ask(q, whole.store())) for n, q in QUESTIONS.items()}


def test_every_question_about_the_cases_has_a_mutation():
    """All but the one about the terms of other vocabularies."""
    assert set(MUTATIONS) == set(QUESTIONS) - {"standard-terms"}


@pytest.mark.parametrize("name", MUTATIONS)
def test_an_edit_changes_the_answers_that_depend_on_it_and_no_others(name: str):
    said: dict[str, Any] = MUTATIONS[name]
    text = texts()[said["edit"]]
    assert text.count(said["replace"]) == 1
    edited = read(said["edit"], text.replace(said["replace"], said["by"]))
    after = answers(originals() | {said["edit"]: edited})
    gone = [row for row in before()[name] if row not in after[name]]
    come = [row for row in after[name] if row not in before()[name]]
    assert matched(gone, said.get("minus", [])), gone
    assert matched(come, said.get("plus", [])), come
    changed = {other for other in QUESTIONS if after[other] != before()[other]}
    assert changed == {name, *said.get("also", [])}
