"""Queries of shapes see literals as they are written, and compare them by value."""

from __future__ import annotations

from collections import Counter

import pytest
from prebinding_cases import FOLDER, PREFIX, E, parts
from prebinding_judge import Dataset, Judge
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from shacl_judge import judge

from kg.formats.objects import term
from kg.names import XSD
from kg.shapes.compile import run
from kg.shapes.compile.loading import Loaded
from kg.shapes.compile.sparql import FocusSet, Pairs, ask, select, values
from kg.shapes.triples import TYPE

QUERIES = parts("literals.rq")
QUADS = list(parse((FOLDER / "literals.ttl").read_bytes(), RdfFormat.TURTLE))
INSTANCES = [q.subject for q in QUADS if q.predicate == TYPE]
VALUES = list(dict.fromkeys(q.object for q in QUADS if q.predicate.value == E + "v"))
FOCUS = {
    "instances": FocusSet(f"?this {TYPE} <{E}C>", lambda: INSTANCES),
    "values": FocusSet(f"?node <{E}v> ?this", lambda: VALUES),
}
BOUND = {"max": Literal("07", datatype=NamedNode(XSD + "integer"))}


def counted(rows):
    return Counter(frozenset((name, term(value).n3()) for name, value in row.items()) for row in rows)


def answers(query, focus):
    """The solutions for all nodes at once, and those for each node alone."""
    data, alone, text = Loaded(QUADS), Judge(PREFIX + QUERIES[query]), PREFIX + QUERIES[query]
    found = counted(select(data.store, text, FOCUS[focus], BOUND, data.written))
    wanted, quads = Counter(), Dataset(QUADS)
    for node in FOCUS[focus].nodes():
        for row in alone.solutions(quads, {"this": node, **BOUND}):
            whole = {"this": term(node), **row}
            wanted[frozenset((name, value.n3()) for name, value in whole.items())] += 1
    return found, wanted


@pytest.mark.parametrize("focus", FOCUS)
@pytest.mark.parametrize("query", QUERIES)
def test_literals_are_as_they_are_written(query, focus):
    found, wanted = answers(query, focus)
    assert found == wanted


@pytest.mark.parametrize(
    ("name", "broken", "query"),
    [
        ("value", lambda text: text, "equal"),
        ("datatype", "DATATYPE({})".format, "datatype"),
        ("held", lambda text, *_: text, "constant"),
        ("asks_value", lambda *_: False, "condition"),
        ("may_be_held", lambda _: False, "added"),
    ],
)
def test_the_queries_find_out_literals_that_are_not(name, broken, query, monkeypatch):
    monkeypatch.setattr(values, name, broken)
    found, wanted = answers(query, "instances")
    assert found != wanted


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(datatype($value) = xsd:integer) }",
        "ASK { FILTER($value + 1 >= 8) }",
        "ASK { FILTER(STRLEN(STR($value)) < 2) }",
        "ASK { ?x e:w $value }",
        "ASK { { SELECT $this $value { ?x e:w $value } LIMIT 1 } }",
    ],
)
def test_values_are_as_they_are_written(query):
    data, alone, quads = Loaded(QUADS), Judge(PREFIX + query), Dataset(QUADS)
    stated = [(q.subject, q.object) for q in QUADS if q.predicate.value == E + "v"]
    pairs = Pairs(f"?this <{E}v> ?value", lambda: stated)
    found = Counter(ask(data.store, PREFIX + query, pairs, {}, data.written))
    assert found == Counter(
        (this, value) for this, value in stated if not alone.solutions(quads, {"this": this, "value": value})
    )


def test_a_store_that_rewrites_literals_gives_the_nodes_as_they_are_written():
    store, text = Loaded().store, PREFIX + "SELECT $this { FILTER($this = 7) }"
    store.extend(QUADS)
    found = [row["this"] for row in select(store, text, FOCUS["values"], {})]
    assert sorted(map(str, found)) == sorted(
        str(v) for v in VALUES if str(v).strip('"').startswith(("7", "07"))
    )


@pytest.mark.parametrize(
    ("test", "numbers"),
    [
        ("?v IN (7, 1.5)", ["07", "1.5", "1.50", "7", "7", "7", "7"]),
        ("isNumeric(?v)", ["07", "1.5", "1.50", "7", "7", "7", "7"]),
        ("?v < 7", ["1.5", "1.50"]),
        ("?v NOT IN (7) && isLiteral(?v)", ["1.5", "1.50", "x"]),
    ],
)
def test_where_the_judge_errs(test, numbers):
    """rdflib has IN compare terms, orders what cannot be compared, and takes any xsd:integer for a number."""
    data = Loaded(QUADS)
    rows = select(
        data.store,
        f"SELECT $this ?v {{ $this <{E}v> ?v FILTER({test}) }}",
        FOCUS["instances"],
        {},
        data.written,
    )
    assert sorted(row["v"].value for row in rows) == numbers


def test_a_validation_sees_them_so():
    shapes = list(parse((FOLDER / "shapes.ttl").read_bytes(), RdfFormat.TURTLE))
    found, wanted = run(QUADS, shapes), judge(QUADS, shapes)
    parts = [Counter((r.focus, r.value, r.component) for r in results) for results in (found, wanted)]
    assert parts[0] == parts[1]
    assert len(found) > 10
