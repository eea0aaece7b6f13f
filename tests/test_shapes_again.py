"""After an edit, judging a part again finds what judging everything does, whatever shapes and data are."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import assume, given, settings, strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse
from shacl_judge import key
from shacl_made import PLAIN, Case, cases, read

from kg.places import Places
from kg.shapes import validate
from kg.shapes.again import validate_again
from kg.shapes.graph import Shapes
from kg.shapes.reach import Graph, UnboundedError, affected, needed, reaches
from kg.shapes.triples import SUBCLASS
from kg.store import load

EXAMPLES = int(os.environ.get("KG_EXAMPLES", "0"))


def graph_of(quads: Iterable[Quad]) -> Graph:
    quads = list(quads)
    return Graph(load(quads).quads_for_pattern, lambda node: [q for q in quads if q.subject == node])


def triples(quads: Iterable[Quad]) -> set[Triple]:
    return {quad.triple for quad in quads}


@settings(max_examples=EXAMPLES or 120)
@given(cases(literals=PLAIN), st.randoms(use_true_random=False))
def test_a_part_judged_again_finds_what_judging_all_does(case: Case, moment: Random) -> None:
    data, shapes = read(case.data.replace("_:", ":node-")), read(case.shapes)
    stays = [quad.predicate == SUBCLASS or moment.random() < 0.6 for quad in data]
    before, after = (
        [quad for quad, always in zip(data, stays, strict=True) if always or moment.random() < 0.5]
        for _ in range(2)
    )
    told = {violation.focus for violation in validate(before, shapes).violations}
    changed = triples(before) ^ triples(after)
    try:
        report = validate_again(shapes, changed, told, graph_of(after), Places())  # type: ignore[arg-type]
    except UnboundedError:
        assume(False)
    whole = validate(after, shapes)
    assert Counter(map(key, report.violations)) == Counter(map(key, whole.violations))
    assert report.unused_shapes == whole.unused_shapes


def test_what_was_found_at_a_value_is_found_again() -> None:
    """The result is at `:b`, which is no target."""
    shapes = read(":S sh:targetNode :a ; sh:path :q ; sh:property [ sh:path :p ; sh:minCount 1 ] .")
    data = read(":a :q :b . :c :q :c .")
    [violation] = validate(data, shapes).violations
    changed = triples(data[1:])
    report = validate_again(shapes, changed, [violation.focus], graph_of(data), Places())  # type: ignore[list-item]
    assert list(map(key, report.violations)) == [key(violation)]


# --- what is bounded, and what is not -------------------------------------------------------

PREFIXES = "prefix : <http://e/> prefix sh: <http://www.w3.org/ns/shacl#> "


def shapes_of(body: str) -> Shapes:
    return Shapes(list(parse((PREFIXES + body).encode(), RdfFormat.TURTLE)))


def steps(body: str) -> set[str]:
    [reach] = reaches(shapes_of(f":S sh:targetClass :A ; {body} .")).values()
    return {("" if forwards else "^") + prop.value[-1] for prop, forwards in reach.steps}


def query(text: str) -> str:
    return f'sh:sparql [ sh:select """SELECT $this WHERE {{ {text} }}""" ]'


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("sh:property [ sh:path :p ; sh:minCount 1 ]", {"p"}),
        ("sh:property [ sh:path ( :p [ sh:inversePath :q ] ) ; sh:node [ sh:path :r ] ]", {"p", "^q", "r"}),
        ("sh:property [ sh:path [ sh:inversePath [ sh:zeroOrMorePath :p ] ] ; sh:equals :q ]", {"^p", "q"}),
        ("sh:or ( [ sh:path :p ] [ sh:not [ sh:path [ sh:alternativePath ( :q :r ) ] ] ] )", {"p", "q", "r"}),
        (query("$this <http://e/p> ?x . ?y <http://e/q> ?x ; <http://e/r> 1"), {"p", "^q", "r"}),
        (query("?x <http://e/p> $this MINUS { ?x <http://e/q>/^<http://e/r> ?y }"), {"^p", "q", "^r"}),
    ],
)  # fmt: skip
def test_the_steps_of_a_shape(body: str, found: set[str]) -> None:
    assert steps(body) == found


@pytest.mark.parametrize(
    "body",
    [
        query("$this <http://e/p> ?x . ?a <http://e/q> ?b FILTER(?b > ?x)"),
        query("$this ?any ?x"),
        query("$this !<http://e/p> ?x"),
        query("{ SELECT (COUNT(?x) AS ?n) { ?x <http://e/p> ?y } } $this <http://e/q> ?n"),
        query("BIND(IRI(STR($this)) AS ?x) ?x <http://e/q> ?y"),
        "sh:property [ sh:path :p ; sh:qualifiedValueShape [] ; sh:qualifiedValueShapesDisjoint true ]",
    ],
)
def test_what_may_look_anywhere_is_unbounded(body: str) -> None:
    with pytest.raises(UnboundedError):
        steps(body)


def test_an_authors_own_component_is_unbounded() -> None:
    with pytest.raises(UnboundedError):
        reaches(shapes_of(":S sh:targetClass :A . :C a sh:ConstraintComponent ."))


def test_a_part_that_is_too_large_is_unbounded() -> None:
    shapes = shapes_of(":S sh:targetSubjectsOf :p ; sh:path :p ; sh:maxLength 3 .")
    p, hub = NamedNode("http://e/p"), NamedNode("http://e/hub")
    graph = graph_of(Quad(NamedNode(f"http://e/{n}"), p, hub) for n in range(20))
    changed = {Triple(hub, p, Literal("x"))}
    assert len(affected(shapes, changed, (), graph, 30)[NamedNode("http://e/S")]) == 20
    with pytest.raises(UnboundedError):
        affected(shapes, changed, (), graph, 10)
    with pytest.raises(UnboundedError):
        needed(shapes, {NamedNode("http://e/S"): {NamedNode("http://e/1")}}, graph, 1)
