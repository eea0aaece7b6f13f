"""The text of a query: no keyword is hidden or seen where there is none; faults have words and a place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import NamedNode, Store

from kg import questions
from kg.errors import DefinitionError
from kg.rules.construct import Construct
from kg.shapes import sparql
from kg.shapes.graph import Shapes
from kg.shapes.vocabulary import sh
from kg.sparql import DEEPEST, MOST, Query

FAULTS: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "faults" / "queries.yaml").read_text("utf-8")
)
SELECT = sh("select")
CALL = "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }"


def refused(text: str) -> list[str]:
    """The faults of a query, as a person reads them; none if it may be asked and can be."""
    query = Query(text, "q")
    try:
        query.guard()
        list(Store().query(text))
    except DefinitionError as exc:
        return [str(fault) for fault in exc.faults]
    except (SyntaxError, ValueError) as exc:
        return [str(fault) for fault in query.ill_formed(exc).faults]
    return []


HIDDEN = [
    f"OPTIONAL {{ ?s e:a\\'b ?o }} {CALL} FILTER(?o != 'x')",
    f"OPTIONAL {{ ?s e:a\\#b ?o }} {CALL}",
    f"FILTER('''a\\''' b''' != 'c') {CALL} FILTER('''d''' != 'e')",
    f"?s ?p <http://e/#'> . {CALL} FILTER(?o != 'x')",
]


@pytest.mark.parametrize("pattern", HIDDEN)
def test_none_is_hidden_in_a_shape_or_a_shortcut(pattern: str) -> None:
    node = NamedNode("http://e/S")
    assert "uses SERVICE" in dict(sparql.faults(Shapes([]), node, SELECT, f"SELECT $this {{ {pattern} }}"))
    told = Construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}").wrong()
    assert "SERVICE is not supported" in dict(told)


def test_endless_queries_of_shapes_and_shortcuts_are_refused_not_crashed_on() -> None:
    pattern = f"FILTER({'(' * 100_000}1{')' * 100_000})"
    deep = f"more than {DEEPEST} brackets stand inside each other"
    assert deep in dict(
        sparql.faults(Shapes([]), NamedNode("http://e/S"), SELECT, f"SELECT $this {{ {pattern} }}")
    )
    assert deep in dict(Construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}").wrong())


@pytest.mark.parametrize(
    "query",
    [
        *(f"PREFIX e: <http://e/> SELECT * {{ {pattern} }}" for pattern in HIDDEN),
        f"SELECT * {{ {CALL} }}",
        f"select*{{{CALL.lower()}}}",
        "SELECT * { SERVICE SILENT ?where { ?s ?p ?o } }",
        f"SELECT * {{ FILTER(1 <2) {CALL} FILTER(3> 2) }}",
        f"SELECT * {{ # it's\n {CALL} # it's\n }}",
    ],
)
def test_no_call_of_another_server_is_hidden(query: str) -> None:
    (found,) = refused(query)
    assert "calls another server with SERVICE; kg never reaches out to the network" in found


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p 'SERVICE <http://e/> {' } # SERVICE <http://e/>",
        'SELECT * { ?s <http://e/SERVICE> """it\'s\nSERVICE""" , "\\"SERVICE" }',
        "PREFIX service: <http://e/> SELECT * { ?s service:SERVICE $service }",
    ],
)
def test_what_only_looks_like_one_may_be_asked(query: str) -> None:
    assert refused(query) == []


@pytest.mark.parametrize("row", FAULTS["does-not-parse"], ids=lambda row: row["text"])
def test_what_does_not_parse_is_told_in_words_at_its_place(row: dict[str, str]) -> None:
    assert refused(row["text"])[0] == f"q:{row['said']}"


def test_every_prefix_that_is_not_declared_is_told_once() -> None:
    assert [line.split(" is ")[0] for line in refused("ASK { ?s e:p f:o ; e:q g:r }")] == [
        "q:1:10: the prefix “e:”", "q:1:14: the prefix “f:”", "q:1:24: the prefix “g:”"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * 100_000 + "}" * 100_000,
        "ASK { FILTER(" + "(" * 100_000 + "1" + ")" * 100_000 + ") }",
        "ASK { FILTER(" + "STR(" * 3_000 + "1" + ")" * 3_000 + ") }",
        "ASK { FILTER(" + "!" * 100_000 + "1) }",
        "ASK { ?s ?p " + "[ ?p " * 3_000 + "1" + "]" * 3_000 + " }",
    ],
    ids=["groups", "brackets", "functions", "not", "nodes"],
)
def test_endless_depth_is_refused_not_crashed_on(query: str) -> None:
    assert (
        f"more than {DEEPEST} brackets stand inside each other; look for one that is not closed"
        in refused(query)[-1]
    )


@pytest.mark.parametrize("link", ["?a && ", "1 + ", "?a = 1 || "])
def test_an_endless_chain_is_refused_not_crashed_on(link: str) -> None:
    (found,) = refused("ASK { FILTER(" + link * 20_000 + "1) }")
    assert f"words; it may have {MOST:,}; put long lists into VALUES" in found


def test_long_lists_in_values_may_be_asked() -> None:
    assert refused("SELECT * { VALUES (?a ?b) {" + " (1 2)" * 20_000 + "} }") == []


def test_a_query_may_say_which_graphs_it_asks() -> None:
    store = Store()
    for graph in "ab":
        store.update(f"INSERT DATA {{ GRAPH <http://e/{graph}> {{ <http://e/{graph}> a <http://e/T> }} }}")

    def rows(sparql: str) -> list[str]:
        return [str(row[0]) for row in questions.ask(questions.parse(sparql), store).rows]

    assert len(rows("SELECT ?s { ?s a ?t }")) == 2
    assert rows("SELECT ?s FROM <http://e/b> { ?s a ?t }") == ["<http://e/b>"]
    assert rows("SELECT ?s FROM <http://e/none> { ?s a ?t }") == []


# --- the header ---------------------------------------------------------------------------


def header_faults(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        questions.parse(text + "\nASK {}", "q", "q")
    return [str(fault).removeprefix("q:") for fault in caught.value.faults]


@pytest.mark.parametrize("row", FAULTS["header"], ids=lambda row: row["text"])
def test_all_faults_of_a_header_are_told_at_their_places(row: dict[str, Any]) -> None:
    assert header_faults(row["text"]) == row["said"]


def test_an_endless_header_is_refused_not_crashed_on() -> None:
    assert (
        "1:33: the header is not YAML: more than 20 levels"
        in header_faults("#+ question: " + "[" * 100_000)[0]
    )


def test_a_header_may_be_empty() -> None:
    said = questions.parse("#+\n#+ question:\n#+ parameters:\nASK {}")
    assert (said.text(), said.columns, said.parameters) == ("query", {}, {})
