"""What must change no report (order, names, graphs, how shapes are cut), and what must (a planted fault)."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from pyoxigraph import NamedNode, Quad
from shacl_judge import key
from shacl_made import PLAIN, Case, cases, read
from test_shapes_differential import SLIPS

from kg.shapes import ENGINES, validate
from kg.shapes.graph import Shapes
from kg.shapes.triples import TYPE, Object
from kg.shapes.vocabulary import TARGETS, sh

EXAMPLES = int(os.environ.get("KG_EXAMPLES", "0"))
engines = pytest.mark.parametrize("engine", ENGINES)
Found = Counter[tuple[Any, ...]]


def often(number: int) -> settings:
    return settings(max_examples=EXAMPLES or number)


def made(engine: str) -> st.SearchStrategy[Case]:
    """Cases that the engine gets right."""
    if engine == "pyshacl":
        return cases(literals=PLAIN).filter(lambda case: not SLIPS.search(case.shapes))
    return cases()


def found(engine: str, data: list[Quad], shapes: list[Quad]) -> Found:
    return Counter(map(key, validate(data, shapes, engine=engine).violations))


def told_of(results: Found, named: Callable[[Object], Object]) -> Found:
    """The same results, their parts called otherwise."""
    return Counter(tuple(named(part) for part in result) for result in results.elements())


@engines
@often(40)
@given(draw=st.data(), chance=st.randoms())
def test_order_and_graphs_do_not_matter(engine: str, draw: st.DataObject, chance: random.Random):
    data, shapes = draw.draw(made(engine)).quads()
    graphs = [NamedNode(f"http://e/graph{number}") for number in range(3)]
    spread = [[Quad(*quad.triple, chance.choice(graphs)) for quad in quads * 2] for quads in (data, shapes)]
    for quads in spread:
        chance.shuffle(quads)
    assert found(engine, *spread) == found(engine, data, shapes)


@engines
@often(40)
@given(draw=st.data())
def test_data_and_shapes_may_be_one_graph(engine: str, draw: st.DataObject):
    data, shapes = draw.draw(made(engine)).quads()
    assert found(engine, data + shapes, shapes + data) == found(engine, data, shapes)


@engines
@often(40)
@given(draw=st.data())
def test_the_names_of_shapes_do_not_matter(engine: str, draw: st.DataObject):
    data, shapes = draw.draw(made(engine)).quads()
    kept = Shapes(shapes).subjects(TYPE, NamedNode("http://www.w3.org/2000/01/rdf-schema#Class"))
    old = sorted(Shapes(shapes).shapes.keys() - set(kept), key=str)
    new = {node: NamedNode(f"http://e/shape{number}") for number, node in enumerate(old)}
    renamed = [Quad(new.get(q.subject, q.subject), q.predicate, new.get(q.object, q.object)) for q in shapes]
    expected = told_of(found(engine, data, shapes), lambda part: new.get(part, part))
    assert found(engine, data, renamed) == expected


# The parts of a shape that mean something only together, and those that each part needs
TOGETHER = {
    **dict.fromkeys(("closed", "ignoredProperties", "property"), "closed"),
    **dict.fromkeys(("pattern", "flags"), "pattern"),
    **dict.fromkeys(("qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount"), "qualified"),
    "qualifiedValueShapesDisjoint": "qualified",
}
EACH = {TYPE, *TARGETS, sh("path"), sh("severity"), sh("deactivated")}


def split(shapes: list[Quad]) -> tuple[list[Quad], dict[Object, Object]]:
    """Shapes with a target that no other uses, each cut into two; what the new ones were before."""
    graph, before, out = Shapes(shapes), {}, []
    cut = {s for s in graph.shapes if graph.objects(s, *TARGETS) and s not in graph.used_as_shapes}
    parts = {
        s: sorted({TOGETHER.get(name, name) for p in graph.properties(s) for name in [local(p)]}) for s in cut
    }
    for quad in shapes:
        if quad.subject not in cut:
            out.append(quad)
            continue
        other = NamedNode(quad.subject.value + "/other")
        before[other] = quad.subject
        name = TOGETHER.get(local(quad.predicate), local(quad.predicate))
        is_first = parts[quad.subject].index(name) % 2
        if quad.predicate in EACH or is_first:
            out.append(quad)
        if quad.predicate in EACH or not is_first:
            out.append(Quad(other, quad.predicate, quad.object))
    return out, before


def local(prop: NamedNode) -> str:
    return prop.value.rpartition("#")[2]


@engines
@often(60)
@given(draw=st.data())
def test_a_shape_may_be_cut_into_two(engine: str, draw: st.DataObject):
    data, shapes = draw.draw(made(engine).filter(lambda case: ":A a sh:NodeShape" not in case.shapes)).quads()
    halves, before = split(shapes)
    expected = found(engine, data, shapes)
    assert told_of(found(engine, data, halves), lambda part: before.get(part, part)) == expected


PLANTED = {
    "Class": ("sh:class :Never", ":v"),
    "Datatype": ("sh:datatype xsd:byte", '"300"^^xsd:byte'),
    "NodeKind": ("sh:nodeKind sh:BlankNodeOrIRI", "1"),
    "MinCount": ("sh:minCount 2", ":v"),
    "MaxCount": ("sh:maxCount 1", "1, 2"),
    "MinExclusive": ("sh:minExclusive 5", "5"),
    "MinInclusive": ("sh:minInclusive 5", "4"),
    "MaxExclusive": ("sh:maxExclusive 5", "5"),
    "MaxInclusive": ("sh:maxInclusive 5", "6"),
    "MinLength": ("sh:minLength 3", '"ab"'),
    "MaxLength": ("sh:maxLength 1", '"ab"'),
    "Pattern": ('sh:pattern "^z"', '"ab"'),
    "LanguageIn": ('sh:languageIn ( "da" )', '"a"@en'),
    "UniqueLang": ("sh:uniqueLang true", '"a"@en, "b"@en'),
    "Equals": ("sh:equals :against", "1, 5"),
    "Disjoint": ("sh:disjoint :against", "5"),
    "LessThan": ("sh:lessThan :against", "5"),
    "LessThanOrEquals": ("sh:lessThanOrEquals :against", "6"),
    "Not": ("sh:not [ sh:nodeKind sh:Literal ]", "1"),
    "And": ("sh:and ( [ sh:nodeKind sh:Literal ] [ sh:hasValue 2 ] )", "1"),
    "Or": ("sh:or ( [ sh:nodeKind sh:IRI ] [ sh:hasValue 2 ] )", "1"),
    "Xone": ("sh:xone ( [ sh:nodeKind sh:Literal ] [ sh:hasValue 1 ] )", "1"),
    "Node": ("sh:node [ sh:not [ sh:not [ sh:hasValue 2 ] ] ]", "1"),
    "QualifiedMinCount": ("sh:qualifiedValueShape [ sh:hasValue 2 ] ; sh:qualifiedMinCount 1", "1"),
    "QualifiedMaxCount": ("sh:qualifiedValueShape [ sh:hasValue 1 ] ; sh:qualifiedMaxCount 0", "1"),
    "HasValue": ("sh:hasValue 2", "1"),
    "In": ("sh:in ( 2 3 )", "1"),
    "Closed": ("sh:closed true", ":v"),
    "SPARQL": ("sh:sparql [ sh:select 'SELECT $this ?value { $this $PATH ?value }' ]", "1"),
}  # fmt: skip
"""A constraint on a property, and values of it that break this alone."""


@engines
@pytest.mark.parametrize("component", PLANTED)
@often(4)
@given(draw=st.data())
def test_a_violation_added_is_a_violation_found(engine: str, component: str, draw: st.DataObject):
    case, (constraint, values) = draw.draw(made(engine)), PLANTED[component]
    shape = f":Planted sh:targetNode :here ; sh:property [ sh:path :at ; {constraint} ] ."
    data, shapes = case.quads()
    before = found(engine, data, shapes)
    planted = read(f":here :at {values} ; :against 5 . :v :more 1 .")
    after = found(engine, data + planted, shapes + read(shape))
    [(result, times)] = (after - before).items()
    assert (str(result[0]), times) == ("<http://e/here>", 1)
    assert result[4] == sh(component + "ConstraintComponent")
