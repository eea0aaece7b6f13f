"""Authors' queries asked for all focus nodes at once find what they find for each node alone."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from prebinding_cases import ASKS, DATA, KIND, PREFIX, SELECTS, TYPE, E, data, nodes
from prebinding_judge import Dataset, Judge
from prebinding_queries import queries
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from kg.errors import DefinitionError
from kg.formats.objects import term
from kg.shapes import Loaded
from kg.shapes.compile.sparql import FocusSet, Pairs, ask, chains, select
from kg.shapes.compile.sparql.asking import _Asking
from kg.shapes.compile.sparql.focus import Focus
from kg.shapes.compile.sparql.parser import parse
from kg.shapes.compile.sparql.rewrite import Given, Rewriter
from kg.shapes.compile.sparql.steps import alone
from kg.shapes.compile.sparql.tree import Assign, Exists, Filter, Triples

SET = NamedNode("urn:x-casegraph:set:test")


@cache
def dataset(name):
    return Dataset(data(name))


@cache
def judge(query):
    return Judge(PREFIX + query)


@cache
def store(name):
    quads = data(name)
    found = Store()
    found.extend([*quads, *(Quad(SET, SET, node, SET) for node in nodes(quads))])
    return found


def focus_sets(name):
    """The kinds of pattern that shapes have, each with its nodes."""
    quads = data(name)
    given = nodes(quads)
    users = [q.subject for q in quads if q.predicate.value == E + "p" and q.graph_name == DefaultGraph()]
    return {
        "class": FocusSet(f"{{ ?this {TYPE} {KIND} . }}", lambda: given[:-3]),
        "table": FocusSet(f"GRAPH {SET} {{ {SET} {SET} ?this }}", lambda: given),
        "subjects": FocusSet(f"?this <{E}p> ?this_end", lambda: [*dict.fromkeys(users)]),
    }


def counted(rows):
    return Counter(frozenset((name, term(value)) for name, value in row.items()) for row in rows)


def judged(query, name, node, bound):
    found = judge(query).solutions(dataset(name), {"this": node, **bound})
    return Counter(frozenset({"this": term(node), **row}.items()) for row in found)


def backwards(prop):
    """What has patterns that seem as good as each other taken in another order than they are written in."""
    return -ord(prop[-1])


def differences(query, name, **bound):
    """The kinds of focus for which a query has other solutions than for node after node."""
    found, alone = {}, cache(lambda node: judged(query, name, node, bound))
    for kind, focus in focus_sets(name).items():
        rows = counted(select(store(name), PREFIX + query, focus, bound, sharing=backwards))
        if rows != (wanted := sum(map(alone, focus.nodes()), Counter())):
            found[kind] = (rows - wanted, wanted - rows)
    return found


@pytest.mark.parametrize("query", SELECTS)
def test_a_query_asked_at_once_is_the_query_asked_for_each_node(query):
    assert {name: found for name in DATA if (found := differences(SELECTS[query], name))} == {}


# components: what else is bound, and pairs of this and value

BOUND = {
    "constant": ("SELECT $this ?v { $this $p ?v }", {"p": NamedNode(E + "p")}),
    "constant, returned": ("SELECT $this $p { $this $p ?v }", {"p": NamedNode(E + "q")}),
    "constant, bound": ("SELECT $this { FILTER(bound($p)) }", {"p": NamedNode(E + "q")}),
    "constant, not known": ("SELECT $this ?k { BIND(bound($p) AS ?k) }", {}),
    "constant, grouped by": (
        "SELECT $this (COUNT(?v) AS ?n) { $this e:p ?v } GROUP BY $this $x",
        {"x": Literal("y")},
    ),
    "constant in a sub-select": (
        "SELECT $this ?v { { SELECT $this $p ?v { $this $p ?v } } }",
        {"p": NamedNode(E + "p")},
    ),
    "constant in exists": (
        "SELECT $this { FILTER NOT EXISTS { $this e:p ?v . ?v e:v $n . FILTER(bound($n)) } }",
        {"n": Literal(2)},
    ),
    "literal as a subject": (
        "SELECT $this { OPTIONAL { $x e:p $this } FILTER(bound($x)) }",
        {"x": Literal("lit")},
    ),
    "literal as a predicate": (
        "SELECT $this ?v { { $this $x ?v } UNION { $this e:v ?v } }",
        {"x": Literal(2)},
    ),
    "text with quotes": (
        "SELECT $this $x { FILTER(STRLEN($x) > 3) }",
        {"x": Literal('a"}\\\n{b', language="en")},
    ),
    "blank node": ("SELECT $this { $this e:p $x }", {"x": BlankNode("x")}),
    "blank node in filter": (
        "SELECT $this { { FILTER($this = $x) } UNION { $x e:p $this } }",
        {"x": BlankNode("x")},
    ),
    "blank node, returned": ("SELECT $this $x ?k { BIND(isBlank($x) AS ?k) }", {"x": BlankNode("x")}),
    "blank node, grouped": (
        "SELECT $this (COUNT(?v) AS ?n) { $x e:p ?v . } GROUP BY $this HAVING(isBlank($x))",
        {"x": BlankNode("x")},
    ),
    "shapes graph": (
        "SELECT $this { GRAPH $shapesGraph { $currentShape e:is $this } }",
        {"shapesGraph": NamedNode(E + "S"), "currentShape": NamedNode(E + "s")},
    ),
    "two of them": ("SELECT $this { $this $p $v }", {"p": NamedNode(E + "p"), "v": NamedNode(E + "b")}),
}


@pytest.mark.parametrize("query", BOUND)
def test_parameters_are_bound_before_a_query_begins(query):
    text, bound = BOUND[query]
    assert {name: found for name in DATA if (found := differences(text, name, **bound))} == {}


def pairs(name):
    """Each focus node with the values of a path: those that it has, and all that there are."""
    given = nodes(data(name))
    edges = [q for q in data(name) if q.predicate.value == E + "p" and q.graph_name == DefaultGraph()]
    values, stated = [q.object for q in edges], [(q.subject, q.object) for q in edges if q.subject in given]
    return {
        "itself": Pairs(
            f"{{ ?this {TYPE} {KIND} . BIND(?this AS ?value) }}", lambda: [(n, n) for n in given[:-3]]
        ),
        "stated": Pairs(f"?this {TYPE} {KIND} . ?this <{E}p> ?value", lambda: list(dict.fromkeys(stated))),
        "all": Pairs(
            f"GRAPH {SET} {{ {SET} {SET} ?this }} {{ SELECT ?value {{ ?any <{E}p> ?value }} }}",
            lambda: [(node, value) for node in given for value in dict.fromkeys(values)],
        ),
    }


def failing(query, name, **bound):
    """The kinds of pairs for which an ASK is false for others than pair after pair."""
    found, alone = {}, judge(query).solutions
    for kind, each in pairs(name).items():
        wanted = {
            (n, v) for n, v in each.pairs() if not alone(dataset(name), {"this": n, "value": v, **bound})
        }
        if wanted != (asked := set(ask(store(name), PREFIX + query, each, bound))):
            found[kind] = (asked - wanted, wanted - asked)
    return found


@pytest.mark.parametrize("query", ASKS)
def test_an_ask_query_asked_at_once_is_the_query_asked_for_each_pair(query):
    assert {name: found for name in DATA if (found := failing(ASKS[query], name))} == {}


# queries made at random


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(queries(), st.sampled_from(DATA))
def test_any_query_asked_at_once_is_the_query_asked_for_each_node(query, name):
    assert differences(query, name) == {}


# how it is asked


def written(query, focus, sharing=alone):
    """The query that the store is asked."""
    given = Given(("this",), focus.pattern + " .", "", graphs=(f"<{E}S>",), sharing=sharing)
    return Rewriter(parse(PREFIX + query), given).select()


SLOW = ("not exists, optional before triples", "not exists, optional and union")
FAST = [name for name in SELECTS if name.startswith("not exists") and name not in SLOW]


@pytest.mark.parametrize("query", FAST)
def test_no_condition_has_the_store_join_for_each_row(query):
    text = written(SELECTS[query], focus_sets("chain")["class"])
    for part in parse(text).select.walk():
        if isinstance(part, Exists):
            blocks = [e for e in part.group.elements if not isinstance(e, Filter | Assign)]
            assert len(blocks) <= 1, text
            assert all(len(e.triples) == 1 for e in blocks if isinstance(e, Triples)), text


RARE = {E + "p": 1000, E + "q": 1, E + "v": 2}
ORDERS = {
    "$this e:p ?a ; e:q ?b . ?x e:p ?a ; e:q ?b": "?this e:p ?a . ?this e:q ?b . ?x e:q ?b . ?x e:p ?a",
    "$this e:p ?a . FILTER(?a != 1) ?x e:p $this ; e:p ?a": "?x e:p ?this ; e:p ?a",
    "$this e:p ?a . FILTER(?a != 1) ?x e:p $this ; e:q ?a": "?x e:q ?a . ?x e:p ?this",
    "$this e:v ?b . ?x e:p $this ; e:v ?b ; e:q ?c": "?x e:v ?b . ?x e:p ?this . ?x e:q ?c",
    "$this e:p ?a ; e:q ?b . FILTER EXISTS { ?x e:p ?a ; e:q ?b }": "?x e:q ?b . FILTER EXISTS { ?x e:p ?a .",
    "$this e:p ?a ; e:q ?b . ?x e:p ?a ; e:q ?b ; e:v _:x": "?x e:p ?a ; e:q ?b",
}


@pytest.mark.parametrize("group", ORDERS)
def test_what_few_nodes_share_is_looked_up_first(group):
    text = written(f"SELECT $this {{ {group} }}", focus_sets("chain")["class"], RARE.__getitem__)
    assert ORDERS[group] in text


def test_how_many_nodes_share_a_value_is_told_from_the_graph():
    subjects = [NamedNode(f"{E}{n}") for n in range(12)]
    quads = [Quad(s, NamedNode(E + "p"), subjects[n % 3]) for n, s in enumerate(subjects)]
    data = Loaded(quads)
    assert (data.sharing(E + "p"), data.sharing(E + "q")) == (4, 0)
    data.extend([Quad(subjects[0], NamedNode(E + "q"), subjects[1])])
    assert data.sharing(E + "q") == 1


def test_what_is_put_into_the_store_is_taken_out_again():
    quads, rows = store("blank nodes"), []
    before = set(quads)
    for query in ("limit within", "graph, filter", "count without groups, within"):
        asked = select(
            quads, PREFIX + SELECTS[query], focus_sets("blank nodes")["class"], {"x": BlankNode("x")}
        )
        rows.append(next(asked, None))
        asked.close()
        assert set(quads) == before
    assert any(rows)


def test_a_query_that_cannot_be_run_is_told():
    with pytest.raises(DefinitionError, match="a query of the shapes cannot be run"):
        list(select(store("chain"), "SELECT $this { $this e:p ?x }", focus_sets("chain")["class"], {}))


# the algorithm, broken in one place each time


def only_at_the_top(self, node, needed, inside=False):
    whole = GROUP(self, node, needed, inside)
    return whole if node is self._query.select.where else self.splice(node, inside)


GROUP, PATTERN = Rewriter.group, Rewriter._pattern
MUTATIONS = {
    "$this left unbound within": (Rewriter, "group", only_at_the_top, "filter far within"),
    "groups with triples go without": (Rewriter, "_led", lambda s, n: s._used(n), "optional within a group"),
    "grouped as it is written": (Rewriter, "_group_by", lambda *_: "", "count, by another alone"),
    "LIMIT within asked at once": (_Asking, "_is_by_node", lambda _: False, "limit within"),
    "LIMIT of all rows": (_Asking, "_sliced", lambda _, rows: rows, "limit"),
    "no row of nothing": (_Asking, "_of_nothing", lambda _: iter(()), "count without groups"),
    "nodes joined as often as the pattern finds them": (
        Focus,
        "joined",
        lambda self: (self.pattern.removesuffix(".") + " .", False),
        "pattern",
    ),
    "targets looked for in GRAPH": (
        Rewriter,
        "_pattern",
        lambda s, m, _: PATTERN(s, m, False),
        "graph, filter",
    ),
    "scratch graphs shown": (
        _Asking,
        "_graphs",
        lambda self: tuple(map(str, self._store.named_graphs())),
        "graph of any name",
    ),
    "paths found once": (Rewriter, "_is_spread", lambda *_: False, "rows twice"),
    "conditions taken apart always": (
        chains._Nesting,
        "_may_part",
        lambda *_: True,
        "not exists of joined unions",
    ),
    "unions asked apart always": (chains, "_is_alone", lambda *_: True, "not exists, filter in a union"),
    "conditions joined always": (
        chains,
        "_joins_by",
        lambda *_: True,
        "condition on a value outside, assigned within",
    ),
    "conditions of OPTIONAL joined": (
        chains,
        "_bound",
        lambda _: {"v", "w"},
        "optional, condition on both, assigned within",
    ),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_the_queries_find_out_an_algorithm_that_is_broken(mutation, monkeypatch):
    owner, name, broken, query = MUTATIONS[mutation]
    monkeypatch.setattr(owner, name, broken)
    for each in DATA:
        try:
            if differences(SELECTS[query], each):
                return
        except DefinitionError:
            return
    pytest.fail("no query has another answer")
