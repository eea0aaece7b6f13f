"""The shipped questions: what their files must say, and the rows that they give on Oxigraph and on rdflib.

`essentials.yaml` says by hand, in labels, what the sources make the answers be; the rows in
`queries/expected/` are held against it, and both engines against those rows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rdflib
import whole
import yaml
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, serialize
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kg import answers, questions
from kg.names import DCTERMS, HOME, XSD
from kg.questions import Answer, Cell, Question

QUESTIONS = whole.workspace().questions()
ESSENTIALS = yaml.load(
    Path(__file__).with_name("essentials.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)
LANGUAGES = ["en", "da", "nb", "sv"]
KEYS = {"id", "question", "columns", "parameters", "expected", "marks", "sides", "finding"}
VARIANTS = [
    ("project-clients", {"country": "SE"}),
    ("products-brought-in", {"case": "romsdal-teams"}),
    ("champion-network-vendors", {"country": "DK"}),
    ("clients-on-a-date", {"date": "2020-02-15", "case": "romsdal-teams"}),
    ("clients-on-a-date", {"date": "2019-12-31"}),
    ("current-clients", {"case": "romsdal-teams"}),
    ("projects-started-before", {"date": "2019-05-31"}),
    ("days-between-phases", {"case": "soroe-monday"}),
]
every = pytest.mark.parametrize("name", QUESTIONS)
pytestmark = pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")


def question(name: str) -> Question:
    return questions.read(QUESTIONS[name])


def asked(name: str, values: dict[str, str] | None = None) -> Answer:
    return questions.ask(question(name), whole.store(), whole.workspace().names, values)


def texts(answer: Answer) -> list[list[str]]:
    """The rows as a CSV file has them."""
    return [[value or "" for value in record.values()] for record in answer.records()]


# --- What a file says of itself


def header(name: str) -> dict[str, Any]:
    lines = question(name).sparql.splitlines()
    said: dict[str, Any] = yaml.safe_load("\n".join(x[2:].removeprefix(" ") for x in lines if x[:2] == "#+"))
    return said


@every
def test_a_question_is_asked_in_four_languages_and_says_its_columns(name: str):
    said = header(name)
    assert set(said) <= KEYS
    assert list(said["question"]) == LANGUAGES
    assert len(set(said["question"].values())) == len(LANGUAGES)
    assert all(text.endswith("?") and len(text) > 20 for text in said["question"].values())
    heads = [text.values() if isinstance(text, dict) else [text] for text in said["columns"].values()]
    assert all(isinstance(text, str) and text for texts in heads for text in texts)
    assert all(list(text) == LANGUAGES for text in said["columns"].values() if isinstance(text, dict))
    assert list(said["columns"]) == [str(v) for v in prepareQuery(question(name).sparql).algebra.PV]
    assert said["expected"] == f"{name}.csv"


def test_the_25_questions_are_there_each_once():
    ids = [said["id"] for name in QUESTIONS if "id" in (said := header(name))]
    assert sorted(ids) == [f"CQ{n:02}" for n in range(1, 26)]


def test_no_expected_rows_are_left_without_a_question():
    files = {path.stem for path in (whole.ROOT / "queries" / "expected").iterdir()}
    assert files == set(QUESTIONS)


# --- What makes a query portable


def parts(algebra: Any) -> Iterator[Any]:
    """Every part of a query's algebra, from the outermost inwards."""
    if isinstance(algebra, CompValue):
        yield algebra
        for value in algebra.values():
            yield from parts(value)
    elif isinstance(algebra, list | tuple):
        for each in algebra:
            yield from parts(each)


def faults(sparql: str) -> Iterator[str]:
    """What of `sparql` would not give the same rows everywhere, or not in time."""
    if "GRAPH" in sparql.split():
        yield "GRAPH"
    algebra = prepareQuery(sparql).algebra
    for part in parts(algebra):
        triples = [t for inner in parts(part) if "triples" in inner for t in inner["triples"]]
        paths = sum(not isinstance(t[1], rdflib.URIRef | rdflib.Variable) for t in triples)
        if part.name == "Builtin_NOTEXISTS" and len(triples) + paths > 1:
            yield "NOT EXISTS over more than one pattern: write MINUS"
        if part.name == "LeftJoin" and any(isinstance(t[1], rdflib.Variable) for t in triples):
            yield "OPTIONAL with a variable for a property: rdflib loses rows"
        if part.name == "OrderCondition" and not _is_text(part.expr):
            yield "ORDER BY something other than STR()"
    if algebra.p.name != "Distinct":
        yield "no DISTINCT: the union default graph is a bag"
    if "OrderBy" not in {part.name for part in parts(algebra)}:
        yield "no ORDER BY"


def _is_text(expression: Any) -> bool:
    """STR(…), or COALESCE(STR(…), "…") for what may be unbound: rdflib cannot sort that."""
    name = getattr(expression, "name", "")
    if name == "Builtin_COALESCE":
        first, *rest = expression["arg"]
        return first.name == "Builtin_STR" and all(isinstance(each, rdflib.Literal) for each in rest)
    return bool(name == "Builtin_STR")


@every
def test_a_query_is_portable(name: str):
    assert list(faults(question(name).sparql)) == []


@pytest.mark.parametrize(
    ("sparql", "fault"),
    [
        ("SELECT DISTINCT ?s { ?s ?p ?o FILTER NOT EXISTS { ?s a ?c . ?c a ?d } } ORDER BY STR(?s)", "MINUS"),
        (
            "SELECT DISTINCT ?s { ?s a ?o FILTER NOT EXISTS { ?s <urn:a>/<urn:b> ?c } } ORDER BY STR(?s)",
            "MINUS",
        ),
        ("SELECT DISTINCT ?s { ?s a ?o OPTIONAL { ?s ?p ?v } } ORDER BY STR(?s)", "OPTIONAL"),
        ("SELECT DISTINCT ?s { GRAPH ?g { ?s a ?o } } ORDER BY STR(?s)", "GRAPH"),
        ("SELECT DISTINCT ?s { ?s a ?o } ORDER BY ?s", "STR()"),
        ("SELECT ?s { ?s a ?o } ORDER BY STR(?s)", "DISTINCT"),
        ("SELECT DISTINCT ?s { ?s a ?o }", "no ORDER BY"),
    ],
)
def test_what_is_not_portable_is_found(sparql: str, fault: str):
    assert [fault in found for found in faults(sparql)] == [True]


@every
def test_a_query_names_no_entity_and_no_case(name: str):
    query = prepareQuery(question(name).sparql)
    terms = {str(term) for part in parts(query.algebra) for term in _terms(part)}
    assert not [t for t in terms if re.match(rf"{HOME}(id|case|source|graph)/", t)]
    assert any(term.startswith(HOME) for term in terms)  # the search finds what there is


def _terms(part: Any) -> Iterator[Any]:
    yield from (value for value in part.values() if isinstance(value, rdflib.URIRef))
    yield from (term for triple in part["triples"] for term in triple) if "triples" in part else ()
    yield from (term for row in part["res"] for term in row.values()) if part.name == "values" else ()


# --- The rows


@every
def test_the_rows_are_the_expected_ones(name: str):
    path = whole.workspace().expected(f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    answer = asked(name)
    assert head == list(answer.columns)
    assert texts(answer) == rows
    assert rows, "an empty answer proves nothing"
    assert len({tuple(row) for row in rows}) == len(rows)


@cache
def dataset() -> rdflib.Dataset:
    """The same quads as the store's, in rdflib."""
    found = rdflib.Dataset(default_union=True)
    data = serialize(whole.graph().quads, format=RdfFormat.N_QUADS)
    found.parse(data=data.decode(), format="nquads")
    return found


def in_rdflib(name: str, values: dict[str, str]) -> list[tuple[Any, ...]]:
    sparql = question(name).bind(values, whole.workspace().names)
    return [tuple(map(_term, row)) for row in dataset().query(sparql)]  # type: ignore[union-attr]


def _term(term: Any) -> Any:
    if isinstance(term, rdflib.Literal):
        datatype = None if term.language else str(term.datatype or XSD + "string")
        return str(term), term.language, datatype
    return None if term is None else str(term)


def _cell(cell: Cell) -> Any:
    if isinstance(cell, Literal):
        return cell.value, cell.language, None if cell.language else cell.datatype.value
    return cell.value if isinstance(cell, NamedNode) else cell


@pytest.mark.parametrize(
    ("name", "values"), [*((name, {}) for name in QUESTIONS), *VARIANTS], ids=lambda each: str(each)
)
def test_rdflib_gives_the_same_rows_in_the_same_order(name: str, values: dict[str, str]):
    rows = [tuple(map(_cell, row)) for row in asked(name, values).rows]
    assert in_rdflib(name, values) == rows


@every
def test_of_nothing_there_are_no_rows(name: str):
    """Also on rdflib, which makes a group of no rows."""
    assert not list(rdflib.Graph().query(question(name).sparql))
    assert not questions.ask(question(name), Store())


# --- What the sources make the answers be, by hand


def shown(cell: Cell, labels: dict[NamedNode, str]) -> str:
    """A label in English; a project by its short name, a municipality with its code."""
    text = answers.shown(cell, labels)
    if isinstance(cell, NamedNode):
        if codes := whole.objects(cell, NamedNode(DCTERMS + "identifier")):
            return f"{text} {codes[0].value}"
        name: str = ESSENTIALS["projects"].get(cell.value.removeprefix(f"{HOME}case/"), text)
        return name
    return text


@pytest.mark.parametrize("entry", ESSENTIALS["answers"])
def test_the_answer_is_what_the_sources_say(entry: str):
    name, *given = entry.split()
    ((columns, rows),) = ESSENTIALS["answers"][entry].items()
    answer = asked(name, dict(each.split("=") for each in given))
    labels = questions.labels(whole.store(), sorted(answer.iris, key=str), "en")
    places = [answer.columns.index(column) for column in columns.split(", ")]
    found = [[shown(row[place], labels) for place in places] for row in answer.rows]
    assert sorted(found) == sorted(rows)


def test_every_question_about_the_cases_is_answered_by_hand():
    assert {entry.split()[0] for entry in ESSENTIALS["answers"]} == {
        n for n in QUESTIONS if "id" in header(n)
    }
