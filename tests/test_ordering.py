"""Rows put in order after a query stand as the engine puts them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kg import questions
from kg.ordering import Ordering
from kg.sparql import Query

TEXTS = st.sampled_from(["", "a", "B", "å", "aa", "\U0001f41d", "\uffee"])
TERMS = st.one_of(
    TEXTS.map(Literal),
    TEXTS.map(lambda text: Literal(text, language="da")),
    TEXTS.map(lambda text: NamedNode(f"urn:{text}")),
    st.integers(0, 20).map(Literal),
    st.sampled_from([BlankNode("b"), BlankNode("c")]),
    st.none(),
)
KEYS = st.lists(
    st.sampled_from(
        [
            "STR(?a)",
            "STR(?b)",
            "ASC(STR(?b))",
            "DESC(STR(?a))",
            'COALESCE(STR(?a), "")',
            "COALESCE(STR(?b), 'a')",
            'desc(COALESCE(STR(?b), "B"))',
        ]
    ),
    min_size=1,
    max_size=3,
)


def filled(pairs: list[tuple[Any, Any]]) -> Store:
    store = Store()
    for number, pair in enumerate(pairs):
        for name, term in zip("ab", pair, strict=True):
            if term is not None:
                store.add(Quad(NamedNode(f"urn:row{number}"), NamedNode(f"urn:{name}"), term))
        store.add(Quad(NamedNode(f"urn:row{number}"), NamedNode("urn:row"), Literal(number)))
    return store


@given(st.lists(st.tuples(TERMS, TERMS), max_size=12), KEYS)
def test_the_order_is_the_engine_s(pairs: list[tuple[Any, Any]], keys: list[str]):
    store = filled(pairs)
    select = (
        "SELECT ?a ?b WHERE { ?row <urn:row> ?n OPTIONAL { ?row <urn:a> ?a } OPTIONAL { ?row <urn:b> ?b } }"
    )
    text = f"{select} ORDER BY {' '.join(keys)}"
    ordering = Ordering.of(Query(text))
    assert ordering.text.strip() == select
    wanted: list[Any] = [tuple(row) for row in store.query(text)]
    unordered: Any = store.query(ordering.text)
    found = list(ordering.rows([tuple(row) for row in unordered], ("a", "b")))

    def by(row: tuple[Any, ...]) -> list[tuple[bool, str]]:
        return [key.of(row["ab".index(key.column)]) for key in ordering.keys]

    assert list(map(by, found)) == list(map(by, wanted))
    assert Counter(map(str, found)) == Counter(map(str, wanted))


@pytest.mark.parametrize(
    "tail",
    [
        "ORDER BY ?a",
        "ORDER BY STR(?c)",
        "ORDER BY STR(?hidden)",
        "ORDER BY STR(?a) LIMIT 2",
        "ORDER BY LCASE(STR(?a))",
        "ORDER BY COALESCE(STR(?a), STR(?b))",
        'ORDER BY COALESCE(STR(?a), "x\\"")',
        "GROUP BY ?a ORDER BY STR(?a)",
        "ORDER BY STR(?a) ?b",
        "",
    ],
)
def test_what_needs_more_than_the_rows_is_left_to_the_engine(tail: str):
    text = f"SELECT ?a ?b WHERE {{ ?a ?hidden ?b }} {tail}"
    assert Ordering.of(Query(text)) == Ordering(text)


def test_a_question_is_in_order_of_a_column_that_it_computes():
    store = filled([(Literal(x), None) for x in "bca"])
    text = 'SELECT (CONCAT(?a, "!") AS ?said) WHERE { ?row <urn:a> ?a } ORDER BY DESC(STR(?said))'
    answer = questions.ask(questions.parse(text), store)
    assert [row[0].value for row in answer.rows] == ["c!", "b!", "a!"]
