"""Queries whose joins are planned give the rows that they give as written, whatever the data's figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest import mock

import pytest
import rdflib
import whole
from hypothesis import example, given, settings, strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import questions
from kg.joins import Joins, orders, planner
from kg.names import XSD

RATIOS = (0.0, 1.5, 1e9)
"""All looked up; some of both; all read as a whole."""

QUESTIONS = whole.workspace().questions()
PREFIX = "PREFIX : <urn:> "


def rows(store: Store, sparql: str) -> Counter[tuple[str, ...]]:
    found: Any = store.query(sparql, use_default_graph_as_union=True)
    return Counter(tuple(map(str, row)) for row in found)


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions_keep_their_rows(name: str, store: Store):
    text = questions.read(QUESTIONS[name]).sparql
    wanted = rows(store, text)
    for ratio in RATIOS:
        assert rows(store, Joins(store, ratio).rewrite(text)) == wanted


# --- queries and data made up

TERMS = [f":{name}" for name in "abcd"]
TRIPLES = st.lists(
    st.tuples(st.sampled_from(TERMS), st.sampled_from([":p", ":q", ":r"]), st.sampled_from([*TERMS, "1"])),
    max_size=14,
    unique=True,
)
ENDS = st.sampled_from(["?x", "?y", "?z", "?w", "?x", "?y", ":a", ":b"])
VERBS = st.sampled_from([":p", ":q", ":r", ":p/:q", "^:p", ":q/^:r", ":p*", ":p|:q", "?v"])
PATTERNS = st.builds("{} {} {} .".format, ENDS, VERBS, st.one_of(ENDS, st.sampled_from(["1", "?x"])))
BLOCKS = st.lists(PATTERNS, min_size=1, max_size=4).map(" ".join)
TESTS = st.sampled_from(
    [
        "FILTER(?x != ?y)",
        "FILTER(?y IN (:a, :c) && (?x != :a))",
        "FILTER(?z = :b || RAND() < 2)",
        "FILTER(BOUND(?z))",
        "FILTER(COALESCE(?w, ?x) = ?x)",
        "FILTER NOT EXISTS { ?x :r ?u }",
        "FILTER EXISTS { ?y :p ?x . ?x :q ?u }",
        "BIND(?x AS ?b)",
        "BIND(COALESCE(?z, ?y) AS ?c)",
        "VALUES ?y { :a :b :b }",
        "VALUES ?x { UNDEF }",
        "VALUES (?x ?z) { (:a UNDEF) (UNDEF :b) }",
    ]
)


def inside(group: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    part = st.one_of(
        BLOCKS,
        TESTS,
        group.map("OPTIONAL {{ {} }}".format),
        group.map("MINUS {{ {} }}".format),
        group.map("{{ {} }}".format),
        st.builds("{{ {} }} UNION {{ {} }}".format, group, group),
        group.map("{{ SELECT ?x ?y WHERE {{ {} }} }}".format),
        group.map("{{ SELECT ?x (COUNT(*) AS ?n) WHERE {{ {} }} GROUP BY ?x }}".format),
        group.map("{{ SELECT DISTINCT ?y WHERE {{ {} }} }}".format),
    )
    return st.lists(part, min_size=1, max_size=4).map(" ".join)


GROUPS = st.recursive(BLOCKS, inside, max_leaves=6)
ORDERLY = "SELECT ?x ?y ?z ?w ?v WHERE"


def filled(triples: list[tuple[str, str, str]]) -> Store:
    def term(text: str) -> NamedNode | Literal:
        return NamedNode(f"urn:{text[1:]}") if text.startswith(":") else Literal(1)

    graphs = [NamedNode("urn:g1"), NamedNode("urn:g2")]
    quads = [Quad(term(s), term(p), term(o), graphs[n % 2]) for n, (s, p, o) in enumerate(triples)]
    store = Store()
    store.extend(quads)
    return store


def counting(work: Callable[[], str]) -> str:
    """What `work` gives where rows are counted for however few triples, and no OPTIONAL is left alone."""
    with (
        mock.patch.object(orders, "WORTH", 0),
        mock.patch.object(planner, "WORTH", 0),
        mock.patch.object(planner, "GUESSED", 0),
    ):
        return work()


def twice(group: str) -> bool:
    """Whether BIND or VALUES names what is there already, which no engine takes."""
    try:
        Store().query(f"{PREFIX} {ORDERLY} {{ {group} }}")
    except SyntaxError:
        return True
    return False


SEEDS = [(s, p, o) for s in (":a", ":b") for p in (":p", ":q", ":r") for o in (":c", ":d")] + [
    (":c", ":p", ":d")
]
"""Two subjects that have each property twice: few rows before a UNION are said again in its branches."""


@settings(max_examples=150)
@given(TRIPLES, GROUPS)
@example([(":a", ":p", ":b"), (":a", ":q", ":b")], "?x :p ?y . OPTIONAL { ?x :q ?z } ?z :q ?w .")
@example(
    [(":a", ":p", ":b"), (":b", ":q", "1")], "VALUES ?x { UNDEF } ?x :p/:q ?y . FILTER(?y = 1) ?x :p ?z ."
)
@example([(":a", ":p", ":b")], "{ SELECT ?x (COUNT(*) AS ?n) WHERE { ?x :p ?y } GROUP BY ?x } ?x :p ?z .")
@example(SEEDS, "?x :q ?z . { ?x :p ?y . ?x :r ?w } UNION { ?x :p ?w }")
@example(SEEDS, "?x :q ?z . { ?y :p ?w . FILTER(!BOUND(?x)) } UNION { ?x :p ?w . ?x :r ?y }")
@example(SEEDS, "?x :q ?z . { ?y :p ?w . OPTIONAL { ?x :r ?v } } UNION { ?x :p ?w . ?x :r ?y }")
@example(SEEDS, "?x :q ?z . { ?y :p ?w . MINUS { ?x :r ?v . ?y :p ?u } } UNION { ?x :p ?w . ?x :r ?y }")
@example(SEEDS, "?x :q ?z . { BIND(BOUND(?x) AS ?y) } UNION { ?x :p ?y . ?x :r ?w }")
@example(SEEDS, "{ ?x :q ?z } UNION { ?y :q ?z } { ?x :p ?w . ?z :p ?v } UNION { ?x :p ?v }")
@example(SEEDS, "?x :q ?z . OPTIONAL { ?z :p ?o } FILTER(BOUND(?y)) BIND(?x AS ?b) ?b :p ?y")
@example(SEEDS, "?x :q ?z . ?x :p ?y . FILTER(?y = :c || ?x = :a)")
@example(SEEDS, "VALUES ?v { :a :b } ?x :q ?z . BIND(?x AS ?b) ?b :p ?y . ?y :p ?w")
@example(SEEDS, "?x :q ?z . BIND(?x AS ?b) ?b :p ?y . BIND(?y AS ?c) ?c :p ?w")
@example(SEEDS, "?x :q ?z . OPTIONAL { ?x :p ?y . ?z :p ?w } OPTIONAL { ?x :r ?v . ?y :r ?u }")
@example(SEEDS, "?x :q ?z . ?x :p ?y . FILTER(?y = :c && ?x != ?z) MINUS { ?x :r ?y . FILTER(?y = :d) }")
def test_made_up_queries_keep_their_rows(triples: list[tuple[str, str, str]], group: str):
    if twice(group):
        return
    store, text = filled(triples), f"{PREFIX} {ORDERLY} {{ {group} }}"
    wanted = rows(store, text)
    for ratio in RATIOS:
        assert rows(store, Joins(store, ratio).rewrite(text)) == wanted
        assert rows(store, counting(partial(Joins(store, ratio).rewrite, text))) == wanted


@settings(max_examples=40)
@given(TRIPLES, st.lists(BLOCKS.filter(lambda text: ":p*" not in text), min_size=1, max_size=3))
def test_what_is_written_anew_means_the_same_to_another_engine(
    triples: list[tuple[str, str, str]], blocks: list[str]
):
    """Which rows rdflib gives; of paths it gives some twice, or once, by where they stand."""
    store = filled(triples)
    graph = rdflib.Graph()
    graph.parse(
        data=PREFIX.replace("PREFIX", "@prefix") + " . " + " ".join(f"{s} {p} {o} ." for s, p, o in triples)
    )
    group = blocks[0] + "".join(
        f" {kind} {{ {one} }}" for kind, one in zip(("OPTIONAL", "MINUS"), blocks[1:], strict=False)
    )
    text = f"{PREFIX} {ORDERLY} {{ {group} }}"

    def asked(sparql: str) -> set[tuple[str, ...]]:
        return {tuple(map(str, row)) for row in graph.query(sparql)}

    wanted = asked(text)
    for ratio in RATIOS:
        assert asked(Joins(store, ratio).rewrite(text)) == wanted


# --- what is written


def written(text: str, ratio: float, triples: list[tuple[str, str, str]]) -> str:
    text = f"{PREFIX}SELECT ?x WHERE {{ {text} }}"
    return Joins(filled(triples), ratio).rewrite(text).removeprefix(f"{PREFIX}SELECT ?x WHERE ")


MANY = [(f":{n}", ":p", f":{n + 1}") for n in range(9)] + [
    (":1", ":q", ":a"),
    (":1", ":r", ":b"),
    (":2", ":r", ":b"),
]


def test_the_rarest_pattern_stands_first_and_a_constant_is_no_place_to_begin():
    found = written("?x :r :b . ?x :p ?y . ?x :q ?z", 1.0, MANY)
    test = "?x <urn:r> ?kgJoin1 FILTER(sameTerm(?kgJoin1, <urn:b>))"
    start = f"?x <urn:q> ?z . {test} . ?x <urn:p> ?y"
    assert found == f"{{ {{ SELECT ?x ?y ?z WHERE {{ {start} }} LIMIT 1 }} }}"


def test_what_is_cheaper_read_as_a_whole_is_a_sub_select_that_says_how_much_there_is():
    found = written("?x :p ?y . ?y :p ?z", 12, MANY)
    one = "{ SELECT ?x ?y WHERE { ?x <urn:p> ?y } LIMIT 9 }"
    assert found == f"{{ {one} {one.replace('?y', '?z').replace('?x', '?y')} }}"
    assert "OPTIONAL { { SELECT ?x ?z WHERE { ?x <urn:q> ?z } LIMIT 1 } }" in written(
        "?x :p ?y . OPTIONAL { ?x :q ?z }", 12, MANY
    )


WIDE = [(f":{n}", verb, f":{n % 5}") for n in range(20) for verb in (":p", ":r")] + [(":1", ":q", ":2")]


def test_branches_begin_at_the_few_rows_that_they_are_joined_to():
    """Without these `?x` and `?z` would be joined each with each."""
    found = written("?x :q ?z . { ?x :p ?y . ?z :r ?w } UNION { BIND(1 AS ?y) }", 1.0, WIDE)
    seed = "{ SELECT DISTINCT ?x ?z WHERE { { ?x :q ?z } } LIMIT 1 }"
    assert f"{{ {{ SELECT ?w ?x ?y ?z WHERE {{ {seed} . " in found
    assert f"UNION {{ {seed}  BIND(1 AS ?y) }}" in found


def test_patterns_of_which_few_meet_a_condition_stand_first():
    found = written("?x :p ?y . ?x :r ?z . FILTER(?y IN (:1, :2) && ?x != ?y)", 1.0, WIDE[:40:3])
    assert found.startswith("{ { SELECT ?x ?y ?z WHERE { ?x <urn:p> ?y FILTER((?y IN (:1, :2)))")
    for text in ("FILTER(?y IN (:1, :2) || ?x = ?y)", "FILTER(?y = IRI(STR(RAND())))", "FILTER(?y != :1)"):
        found = written(f"?x :p ?y . ?x :r ?z . {text}", 1.0, WIDE[:40:3])
        assert found.count("FILTER") == 1


def test_rows_are_counted_before_more_is_read_than_they_need():
    """`?x :q ?z . ?z :q ?v` gives one row, which is not known before: then `:p` is looked up for it."""
    chain = [
        *WIDE,
        *((f":{n}", ":q", f":{n + 30}") for n in range(3, 9)),
        (":2", ":q", ":7"),
        (":7", ":s", ":8"),
    ]
    text = "?x :q ?z . ?z :q ?v . ?v :p ?y"
    assert "{ SELECT ?v ?y WHERE { ?v <urn:p> ?y } LIMIT 20 }" in written(text, 4.0, chain)
    assert counting(lambda: written(text, 4.0, chain)).count("LIMIT 20") == 0


def test_what_follows_few_rows_is_looked_up_for_them():
    text = "?x :q ?z . OPTIONAL { ?z :r ?o } BIND(COALESCE(?z, ?o) AS ?b) ?b :p ?y"
    ends = [*WIDE, *((f":{n}", ":q", ":1") for n in range(2, 5))]
    found = counting(partial(written, text, 3.0, ends))
    assert found.startswith("{ { SELECT ?b ?o ?x ?z WHERE {") and "} LIMIT 4 } ?b <urn:p> ?y" in found
    cast = text.replace("BIND", f'FILTER(<{XSD}string>(?x) != "x") BIND')
    assert counting(partial(written, cast, 3.0, ends)).startswith("{ { SELECT ?b")
    for condition in ("COALESCE(?y, true)", "RAND() < 2", "NOW() > 1"):
        otherwise = text.replace("BIND", f"FILTER({condition}) BIND")
        assert not counting(partial(written, otherwise, 3.0, ends)).startswith("{ { SELECT ?b")


def test_an_optional_that_the_store_would_read_as_a_whole_begins_at_few_rows():
    text = "?x :q ?z . OPTIONAL { ?x :p ?y . ?z :r ?w . ?y :p/:r ?w }"
    seed = "WHERE { { SELECT DISTINCT ?x ?z WHERE { { ?x :q ?z } } LIMIT 1 } . ?x <urn:p> ?y"
    assert seed in counting(partial(written, text, 1.0, WIDE))
    assert written(text, 1.0, WIDE) == f"{{ {text} }}"


def test_branches_that_are_rarer_than_the_rows_before_begin_with_themselves():
    assert "DISTINCT" not in written("?x :p ?z . { ?x :q ?y . ?y :r ?w } UNION { ?x :q ?y }", 1.0, WIDE)
    assert "DISTINCT" not in written("?x :q [] . { ?x :p ?y . ?x :r ?w } UNION { ?x :q ?y }", 1.0, WIDE)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * WHERE { ?x :p ?y . ?y :p ?z }",
        "SELECT ?x WHERE { GRAPH ?g { ?x :p ?y . ?y :p ?z } }",
        "ASK { ?x :p ?y . ?y :p ?z }",
        "SELECT ?x WHERE { ?x :p ?y . ?y :p ?z } LIMIT 3",
        "SELECT ?x FROM <urn:g1> WHERE { ?x :p ?y . ?y :p ?z }",
        "SELECT ?x WHERE { ?x :p [ :p ?z ] }",
        "SELECT ?x WHERE { ?x :p ?y FILTER EXISTS { ?y :p ?z } }",
        "CONSTRUCT { ?x :q ?z } WHERE { ?x :p ?y . ?y :p ?z }",
        "SELECT ?x WHERE { ?x undeclared:p ?y . ?y :p ?z }",
        "this is no query",
    ],
)
def test_what_is_left_as_it_is(text: str):
    assert Joins(filled(MANY), 1e9).rewrite(PREFIX + text) == PREFIX + text


def test_each_figure_is_counted_once():
    joins = Joins(filled(MANY))
    joins.rewrite(f"{PREFIX}SELECT ?x {{ ?x :p ?y . ?y :p ?z }}")
    before = dict(joins.figures.counts)
    joins.figures.store.clear()
    joins.rewrite("PREFIX u: <urn:> SELECT ?b { ?a u:p ?b . ?b u:p ?c }")
    assert before.items() <= joins.figures.counts.items()


def test_a_plan_is_made_once_and_the_oldest_goes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kg.joins.KEPT", 2)
    joins = Joins(filled(MANY), 1e9)
    texts = [f"{PREFIX}SELECT ?{name} {{ ?x :p ?y . ?y :p ?z }}" for name in "xyz"]
    plans = [joins.rewrite(text) for text in texts]
    assert list(joins.plans) == texts[1:]
    joins.figures.store.clear()
    joins.figures.counts.clear()
    assert joins.rewrite(texts[2]) == plans[2] != texts[2]


def test_prefixes_that_mean_something_else_are_counted_anew():
    store = Store()
    store.extend(Quad(NamedNode(f"urn:{n}"), NamedNode("urn:p"), NamedNode(f"urn:{n + 1}")) for n in range(9))
    store.add(Quad(NamedNode("urn:1"), NamedNode("urn:x:p"), NamedNode("urn:2")))
    joins, text = Joins(store, 1e9), "SELECT ?x { ?x :p ?y . ?y :p ?z }"
    joins.rewrite(f"PREFIX : <urn:x:> {text}")
    assert sum(rows(store, joins.rewrite(PREFIX + text)).values()) == 8
