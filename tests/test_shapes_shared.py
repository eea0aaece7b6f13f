"""What many shapes ask of the same data is asked of all of it where that is less: results stay the same.

Classes that have properties in common, paths of several steps, and shapes of values beside one another.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest
from pyoxigraph import Quad, RdfFormat, parse
from shacl_judge import judge, key

from kg.shapes import validate
from kg.shapes.compile import constraints, counting, families, judging, sites
from kg.shapes.compile.loading import Loaded

PREFIXES = """
    prefix : <http://e/>
    prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    prefix sh: <http://www.w3.org/ns/shacl#>
    prefix xsd: <http://www.w3.org/2001/XMLSchema#>
"""
CLASSES = 24
WAYS = (
    "[ sh:oneOrMorePath :up ]",
    "[ sh:zeroOrMorePath :up ]",
    "[ sh:zeroOrOnePath :side ]",
    "( :up :side )",
    "( :side :size )",
    "( [ sh:zeroOrMorePath :up ] :size )",
    "( :up [ sh:oneOrMorePath :up ] )",
    "[ sh:alternativePath ( :size ( :up :size ) ) ]",
    "[ sh:alternativePath ( :up [ sh:zeroOrOnePath :side ] ) ]",
    "[ sh:inversePath ( :up :side ) ]",
    "( [ sh:inversePath :side ] :size )",
)
DEMANDS = (
    "sh:minCount 1 ; sh:class :Kind3",
    "sh:maxCount 1 ; sh:nodeKind sh:IRI",
    "sh:maxCount 3 ; sh:not [ sh:hasValue :n5 ]",
    "sh:datatype xsd:integer ; sh:minInclusive 1",
    "sh:minCount 2 ; sh:not [ sh:class :Kind5 ]",
)


def quads(turtle: str) -> list[Quad]:
    return list(parse(PREFIXES + turtle, RdfFormat.TURTLE))


def data() -> list[Quad]:
    """Nodes of classes in a chain, of which some lack a class, a property, or have a value too many."""
    above = (f":Kind{n} rdfs:subClassOf :Kind{n - 1} ." for n in range(1, CLASSES))
    nodes = (
        f""":n{n} {f"a :Kind{n % CLASSES} ;" if n % 17 else ""} {":name 'n' ;" if n % 13 else ""}
        {":name 'twice', 7 ;" if n % 19 == 0 else ""} :up :n{n // 2} ; :side :n{n * 7 % 40}, :n{n * 3 % 50} ;
        :size {n % 9}{", '07'^^xsd:integer" if n % 11 == 0 else ""} {", _:b, 'a'" if n % 23 == 0 else ""} ."""
        for n in range(1, 40)
    )
    return quads("\n".join(chain(above, nodes)))


def told(spec: list[Quad]) -> Counter[tuple]:
    return Counter(map(key, validate(data(), spec).violations))


SETTINGS = (
    (counting, "OFTEN", 1e-9),
    (counting, "OFTEN", 1e9),
    (counting, "FEW", 3),
    (families, "LEAST", 1),
    (families, "LEAST", 1e9),
    (judging, "NEARLY", 0),
    (judging, "NEARLY", 1e9),
    (judging, "FACTOR", 0),
    (judging, "FACTOR", 1e9),
    (sites, "STEPS", 0),
    (sites, "STEPS", 1e9),
    (constraints, "FEW", 0),
)


def check(spec: list[Quad], monkeypatch: pytest.MonkeyPatch) -> Counter[tuple]:
    """What is found is what the judge finds, whatever is thought to be quicker."""
    wanted = Counter(map(key, judge(data(), spec)))
    assert told(spec) == wanted
    for module, name, value in SETTINGS:
        with monkeypatch.context() as patch:
            patch.setattr(module, name, value)
            assert told(spec) == wanted, (module.__name__, name, value)
    return wanted


def test_classes_that_have_properties_in_common(monkeypatch: pytest.MonkeyPatch):
    shapes = (
        f""":S{n} sh:targetClass :Kind{n} ; sh:property :Common ,
            [ sh:path :name ; sh:minCount 1 ; sh:maxCount 2 ; sh:datatype xsd:string ] ,
            [ sh:path :side ; sh:minCount 2 ; sh:maxCount {1 + n % 3} ; sh:not [ sh:in ( :n7 :n{n % 2} ) ] ] ,
            [ sh:path :up ; sh:class :Kind{n // 3} ; sh:not [ sh:hasValue :n3 ] ] ,
            [ sh:path [ sh:inversePath :up ] ; sh:maxCount 1 ; sh:minCount 1 ] ,
            [ sh:path :size ; sh:minInclusive 2 ; sh:maxCount 1 ; sh:in ( 1 2 3 4 5 6 7 ) ] ."""
        for n in range(CLASSES)
    )
    elsewhere = """:T sh:targetNode :n17, :none ; sh:property :Common .
        :U sh:targetSubjectsOf :up ; sh:property [ sh:path :up ; sh:node [ sh:property :Common ] ] .
        :Common sh:path :size ; sh:maxInclusive 5 ; sh:minCount 1 ."""
    wanted = check(quads("\n".join([*shapes, elsewhere])), monkeypatch)
    assert len({each[4] for each in wanted}) == 9


@pytest.mark.parametrize("target", ["targetClass :Kind2", "targetSubjectsOf :up", "targetObjectsOf :size"])
def test_paths_of_several_steps(target: str, monkeypatch: pytest.MonkeyPatch):
    each = (f"[ sh:path {way} ; {demand} ]" for way in WAYS for demand in DEMANDS)
    wanted = check(quads(f":S sh:{target} ; sh:property {', '.join(each)} ."), monkeypatch)
    assert len({result[1] for result in wanted}) == len(WAYS)


def test_nodes_that_the_data_does_not_know(monkeypatch: pytest.MonkeyPatch):
    each = (f"[ sh:path {way} ; {demand} ]" for way in WAYS for demand in DEMANDS)
    check(
        quads(f":S sh:targetNode :n1, :n40, :none, 'text', 7 ; sh:property {', '.join(each)} ."), monkeypatch
    )


def test_shapes_of_values_beside_one_another(monkeypatch: pytest.MonkeyPatch):
    asked = (
        "[ sh:class :Kind4 ]",
        "[ sh:class :Kind20 ; sh:nodeKind sh:IRI ]",
        "[ sh:property :Size ]",
        "[ ]",
    )
    each = (
        f"""[ sh:path :side ; sh:qualifiedValueShape {shape} ; sh:qualifiedValueShapesDisjoint {disjoint} ;
            sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ]"""
        for disjoint in ("true", "false")
        for shape in asked
    )
    spec = f""":S sh:targetClass :Kind1 ; sh:property {", ".join(each)} .
        :Size sh:path :size ; sh:minInclusive 3 ."""
    assert check(quads(spec), monkeypatch)


def test_as_many_nodes_are_of_each_class_as_are_said_to_be():
    said = Counter(quad.object for quad in data() if quad.predicate.value.endswith("#type"))
    known = Loaded(data())
    assert known.class_sizes == said
    more = quads(":more a :Other, :Kind1 .")
    known.extend(more)
    assert known.class_sizes == said + Counter(quad.object for quad in more)
    assert known.property_sizes == Counter(triple[1] for triple in known.all)
