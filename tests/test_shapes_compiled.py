"""What is the compiled engine's own: literals as they are written, large files, regular expressions, proofs.

That it judges rightly is held against the W3C suite and against the judge, in other files.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse
from shacl_judge import judge, key

from kg import shapes
from kg.checking import foreign
from kg.errors import DefinitionError
from kg.formats.large import LargeText
from kg.formats.lines import Lines
from kg.formats.xsd import is_well_typed
from kg.names import XSD
from kg.places import Place
from kg.shapes import Report, Severity, validate
from kg.shapes.compile import (
    comparing,
    constraints,
    counting,
    evaluation,
    focus,
    judging,
    patience,
    sites,
    sure,
    written,
)
from kg.shapes.compile.demands import BOUNDS
from kg.shapes.compile.focus import Scratch
from kg.shapes.compile.loading import Loaded
from kg.shapes.compile.regexes import Regex
from kg.shapes.compile.written import Written, as_written, is_plain

PREFIXES = """
    prefix : <http://e/>
    prefix sh: <http://www.w3.org/ns/shacl#>
    prefix xsd: <http://www.w3.org/2001/XMLSchema#>
"""
FORMS = {
    "integer": "7 07 +7 -0 99999999999999999999 seven",
    "nonNegativeInteger": "7 -7",
    "decimal": "7 7.0 7.50 .5 1,5",
    "double": "7 7.0E0 NaN x",
    "boolean": "true 1 TRUE",
    "date": "2020-02-29 2020-02-29+00:00 2019-02-29",
    "dateTime": "2020-02-29T00:00:00.000Z 2020-02-29T00:00:00Z 2020-02-29T24:00:00",
    "duration": "P12M P1Y",
    "string": "7",
}
LITERALS = [
    Literal(form, datatype=NamedNode(XSD + name)) for name, forms in FORMS.items() for form in forms.split()
]
A, P = NamedNode("http://e/a"), NamedNode("http://e/p")


def quads(turtle: str) -> list[Quad]:
    return list(parse(PREFIXES + turtle, RdfFormat.TURTLE))


def found(data: str, spec: str, **options) -> Counter[str]:
    report = validate(quads(data), quads(spec), **options)
    return Counter(str(violation.value or violation.focus) for violation in report.violations)


# Sets of nodes


NODES = (A, P, BlankNode("b"), Literal("a"), Literal("07", datatype=NamedNode(XSD + "integer")))


@given(st.lists(st.frozensets(st.sampled_from(NODES), min_size=1), min_size=1, max_size=3))
def test_a_set_of_nodes_holds_just_these_of_whatever_kind_they_are(sets: list[frozenset]):
    data = Loaded(Quad(A, P, node) for node in NODES)
    scratch, before = Scratch(data), set(data.all)
    for nodes in sets:
        held = frozenset(map(data.written.stored, nodes))
        pattern = scratch.pattern(held, "?o")
        assert Counter(row[0] for row in data.select(f"SELECT ?o {{ {pattern} }}")) == Counter(held)
        tested = data.select(f"SELECT ?o {{ {A} {P} ?o FILTER EXISTS {{ {pattern} }} }}")
        assert {row[0] for row in tested} == held
    assert set(data.all) == before
    scratch.clear()
    assert not list(data.store.named_graphs())


TREE = "".join(f":c{n} <http://www.w3.org/2000/01/rdf-schema#subClassOf> :c{n // 3} . " for n in range(1, 20))
MEMBERS = ":a a :c7 ; :p 1 , 2 . :b a :c8 , :c19 , :other ; :q :a . :c a :other . :d a :c0 ; :p :b ; :q :d ."
OF_TREE = """
    :S sh:targetClass :c1 , :c6 ; sh:property [ sh:path :p ; sh:minCount 1 ; sh:maxCount 1 ] ;
        sh:property [ sh:path :q ; sh:class :c2 ; sh:nodeKind sh:Literal ] ;
        sh:property [ sh:path ( :q :p ) ; sh:minCount 1 ] ,
            [ sh:path ( :q [ sh:zeroOrMorePath :p ] :q ) ; sh:minCount 1 ] ;
        sh:not [ sh:property [ sh:path :p ; sh:node [ sh:class :c0 ] ] ] ;
        sh:sparql [ sh:select
            "SELECT $this ?value { $this a ?value . FILTER NOT EXISTS { $this <http://e/p> ?v } }" ] .
    :T sh:targetClass :c0 ; sh:closed true ; sh:class :c1 ; sh:xone ( [ sh:class :c7 ] [ sh:class :c0 ] ) .
"""


@pytest.mark.parametrize("few", [0, 8, 1000])
def test_the_nodes_of_many_classes_are_judged_together_as_those_of_each(
    monkeypatch: pytest.MonkeyPatch, few: int
):
    data, spec = quads(TREE + MEMBERS), quads(OF_TREE)
    monkeypatch.setattr(focus, "FEW", few)
    results = Counter(map(key, validate(data, spec).violations))
    assert results == Counter(map(key, judge(data, spec)))
    assert len({result[0] for result in results}) == 3 and len({result[4] for result in results}) == 7


HANDS = """
    :S sh:targetClass :Hand ;
        sh:property [ sh:path :digit ; sh:qualifiedValueShape :Thumb ; sh:qualifiedMaxCount 1 ;
            sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ] ,
        [ sh:path :digit ; sh:qualifiedValueShape :Long ; sh:qualifiedMinCount 2 ;
            sh:qualifiedValueShapesDisjoint true ] ,
        [ sh:path [ sh:zeroOrOnePath :digit ] ; sh:qualifiedValueShape :Long ; sh:qualifiedMaxCount 2 ] ,
        [ sh:path :digit ; sh:qualifiedValueShape [ sh:not :Thumb ] ; sh:qualifiedMinCount 1 ] .
    :Thumb sh:class :T . :Long sh:property [ sh:path :long ; sh:minInclusive 5 ] ; sh:property :HasLength .
    :HasLength sh:path :long ; sh:minCount 1 . :Other sh:targetClass :T ; sh:property :HasLength .
"""
DIGITS = ":t a :T . :u a :T ; :long 7 . :l :long 7 . :m :long 8 . :n :long 9 . :o :long 1 . "
DIGITS += "".join(f":h{n} a :Hand ; :digit {digits} . " for n, digits in enumerate((
    ":t , :l , :m", ":t , :u , :l , :m", ":u , :l , :m , :n", ":l , :m , :o", ":t , :t", ":o , 7 , 'x'",
    ":h0 , :t",
)))  # fmt: skip


@pytest.mark.parametrize("few", [0, 1, 1000])
def test_values_of_a_kind_are_counted_whether_few_or_many_fail(monkeypatch: pytest.MonkeyPatch, few: int):
    monkeypatch.setattr(constraints, "FEW", few)
    data, spec = quads(DIGITS), quads(HANDS)
    results = Counter(map(key, validate(data, spec).violations))
    assert results == Counter(map(key, judge(data, spec)))
    assert len({result[0] for result in results}) == 8


# What is surely less


ORDERED = [*LITERALS, *(Literal(form, datatype=NamedNode(XSD + name)) for name, form in (
    ("long", "7"), ("byte", "300"), ("float", "7.25"), ("float", "x"), ("double", "1.5"), ("decimal", "-1.0"),
    ("dateTime", "2020-02-29T01:00:00.50+01:00"), ("dateTime", "2020-02-29T01:00:00"), ("date", "2021-01-01"),
    ("integer", "1000000000000000000000000000000"), ("string", "8"), ("gYear", "2020"),
)), Literal("a", language="en"), A]  # fmt: skip
LIMITS = [each for each in ORDERED if isinstance(each, Literal) and comparing.is_known(each)]


@pytest.mark.parametrize("local", BOUNDS)
@pytest.mark.parametrize("limit", LIMITS, ids=str)
def test_only_what_is_within_a_limit_is_surely_so(local: str, limit: Literal):
    data, (sign, orders) = Loaded(Quad(A, P, value) for value in ORDERED), BOUNDS[local]
    right = {value for value in ORDERED if comparing.order(value, limit) in orders}
    test = sure.to_limit("?v", sign, limit, Scratch(data)) or "false"
    found = {as_written(row[0]) for row in data.select(f"SELECT ?v {{ {A} {P} ?v FILTER({test}) }}")}
    assert found <= right
    if sure.is_limit(limit):
        assert {value for value in right - found if value.value not in BEYOND} == set()


BEYOND = ("1000000000000000000000000000000", "99999999999999999999")
"""What the store has no value of."""


@pytest.mark.parametrize(("sign", "orders"), [("<", (-1,)), ("<=", (-1, 0))])
def test_only_what_is_less_than_another_is_surely_so(sign: str, orders: tuple[int, ...]):
    nodes = {NamedNode(f"http://e/{n}"): pair for n, pair in enumerate(product(ORDERED, ORDERED))}
    data = Loaded(
        Quad(node, prop, value)
        for node, pair in nodes.items()
        for prop, value in zip((P, A), pair, strict=True)
    )
    test = sure.of_two("?v", "?o", sign, Scratch(data))
    rows = data.select(f"SELECT ?this {{ ?this {P} ?v ; {A} ?o FILTER({test}) }}")
    found = {nodes[row[0]] for row in rows}
    right = {pair for pair in nodes.values() if comparing.order(*pair) in orders}
    assert found <= right
    alike = {(v, o) for v, o in right - found if v != o and v.datatype == o.datatype}
    assert {pair for pair in alike if not {each.value for each in pair} & {*BEYOND, "true", "1"}} == set()


# Literals


@given(st.sets(st.sampled_from(LITERALS)))
def test_every_literal_comes_back_as_it_is_written(literals: set[Literal]):
    data = Loaded(Quad(A, P, literal) for literal in literals)
    assert set(data.objects(A, P)) == literals
    assert all(data.subjects(P, literal) == [A] for literal in literals)
    assert {value for _, _, value in data.all} == literals


def test_what_is_plain_is_held_as_it_is():
    for literal in LITERALS:
        if is_plain(literal.datatype.value.encode(), literal.value.encode()):
            data = Loaded([Quad(A, P, literal)])
            assert not data.written.odd or literal not in data.written.odd


@pytest.mark.parametrize("datatype", sorted(written._KEPT.keys() - {XSD + "string"}))
@settings(max_examples=20)
@given(data=st.data())
def test_forms_that_are_kept_come_back_as_they_are_and_are_values(data: st.DataObject, datatype: str):
    form = data.draw(st.from_regex(written._KEPT[datatype].pattern, fullmatch=True))
    literal = Literal(form, datatype=NamedNode(datatype))
    assert Written()._comes_back(literal) == literal and is_well_typed(literal)


@pytest.mark.parametrize("datatype", written._CHANGED)
@settings(max_examples=20)
@given(data=st.data())
def test_forms_that_are_changed_come_back_as_others_and_are_values(data: st.DataObject, datatype: str):
    form = data.draw(st.from_regex(written._CHANGED[datatype].pattern, fullmatch=True))
    literal = Literal(form, datatype=NamedNode(datatype))
    assert Written()._comes_back(literal) != literal and is_well_typed(literal)


def test_two_forms_of_a_value_are_two_values():
    assert found(
        ':a :p 7, "07"^^xsd:integer .', ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:maxCount 1 ] ."
    )


def test_numbers_of_any_size_and_kind_are_compared():
    big = Literal("9" * 5000, datatype=NamedNode(XSD + "integer"))
    tenth, single = (Literal("0.1", datatype=NamedNode(XSD + kind)) for kind in ("decimal", "float"))
    assert comparing.order(Literal(1), big) == -1
    assert comparing.order(tenth, single) == 0
    assert comparing.order(Literal("NaN", datatype=NamedNode(XSD + "double")), Literal(1)) is None


# Regular expressions


@pytest.mark.parametrize(
    ("pattern", "flags", "matching"),
    [
        ("^a", "", {"ab"}),
        ("^A", "i", {"ab"}),
        ("^(?!a)", "", {"xay", "xyz", ""}),
        (r"(.)\1", "", set()),
        ("^[a-z-[aeiou]]+$", "", {"xyz"}),
        ("[-[a]", "", {"ab", "xay"}),
        ("(?=.)[$z]$", "", {"xyz"}),
    ],
)
def test_a_regular_expression_means_what_xpath_says(pattern: str, flags: str, matching: set[str]):
    assert Regex(pattern, flags).matching({"ab", "xay", "xyz", ""}) == matching
    assert not Regex("(?=a)ab$").matching({"ab\n"})


def test_a_regular_expression_that_never_ends_is_a_fault_of_the_shapes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(patience, "PATIENCE", 0.2)
    with pytest.raises(DefinitionError, match="went on for more than"):
        found(
            f':a :p "{"a" * 40}b" .',
            r':S sh:targetNode :a ; sh:property [ sh:path :p ; sh:pattern "^(a|a)*(?=c)" ] .',
        )


# Large data


def test_what_is_rare_and_what_is_not_come_to_the_same(monkeypatch: pytest.MonkeyPatch):
    data = "".join(f":n{number} a :A ; :p {number % 7 - 3} ; :q :n{number // 2} ." for number in range(60))
    spec = """:S sh:targetClass :A ;
        sh:property [ sh:path :p ; sh:minInclusive 0 ; sh:not [ sh:in ( 1 2 ) ] ] ;
        sh:property [ sh:path :q ;
            sh:or ( [ sh:path :p ; sh:hasValue 0 ] [ sh:path :p ; sh:maxInclusive 1 ] ) ;
            sh:qualifiedValueShape [ sh:path :p ; sh:hasValue 2 ] ; sh:qualifiedMinCount 1 ] ."""
    usual = found(data, spec)
    assert len(usual) > 10
    few = ((counting, "FEW", 1), (counting, "FEW", 100_000), (evaluation, "FEW", 1))
    for module, name, value in (*few, (evaluation, "HEAVY", 0), (judging, "FACTOR", 0)):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, value)
            assert found(data, spec) == usual


def test_what_is_read_whole_and_what_is_looked_up_come_to_the_same(monkeypatch: pytest.MonkeyPatch):
    data = "".join(
        f""":n{n} a :A {f"; :p {n % 5}" if n % 3 else ""} {f"; :p {n % 4} , {n % 2}" if n % 7 == 0 else ""}
        ; :q :n{n // 2} , :n{n // 3} ; :one :m{n} {f"; :less {n % 6} ; :r :n{n // 4}" if n % 10 else ""}
        ; :l "a"@en {', "b"@en' * (n % 9 == 0)} .
        :m{n} a :M {"; a :N" if n % 11 else ""} . {f":n{n} :s :n{n} ." if n % 8 else ""}"""
        for n in range(1, 60)
    )
    spec = """:S sh:targetClass :A ;
        sh:property [ sh:path :p ; sh:minCount 1 ; sh:maxCount 1 ; sh:lessThan :less ; sh:hasValue 1 ] ;
        sh:property [ sh:path :q ; sh:disjoint :r ; sh:maxCount 1 ; sh:nodeKind sh:Literal ] ;
        sh:property [ sh:path :l ; sh:uniqueLang true ] ;
        sh:property [ sh:path [ sh:alternativePath ( :s [ sh:inversePath :t ] ) ] ; sh:minCount 1 ] ;
        sh:property [ sh:path :one ; sh:qualifiedValueShape [ sh:class :M ] ;
            sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] ;
        sh:property [ sh:path :one ; sh:qualifiedValueShape [ sh:class :N ] ;
            sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] ;
        sh:property [ sh:path :q ; sh:qualifiedValueShape [ sh:class :A ] ;
            sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] ;
        sh:property [ sh:path :q ; sh:maxCount 0 ] ."""

    def told() -> Counter[str]:
        report = validate(quads(data), quads(spec))
        return Counter(f"{v.rule} {v.component} {v.focus} {v.value}" for v in report.violations)

    usual = told()
    assert len({line.split()[1] for line in usual}) == 9
    monkeypatch.setattr(sites, "MANY", 1)
    for factor in (0, 1, 100):
        monkeypatch.setattr(sites, "WHOLE", factor)
        assert told() == usual


def test_of_too_many_results_the_first_are_told_and_the_rest_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shapes, "MOST", 3)
    report = validate(
        quads(":a :p 1, 2, 3, 4, 5 ."), quads(":S sh:targetObjectsOf :p ; sh:nodeKind sh:IRI .")
    )
    assert len(report.violations) == 3
    assert not report.conforms
    assert report.text().endswith("\n… and 2 more\n5 errors")
    assert report.counts[Severity.VIOLATION] == 5


# N-Triples as a stream


def lines(path: Path, count: int = 50) -> str:
    rows = [f'<http://e/n{n}> <http://e/p> "{n % 9 - 1}"^^<{XSD}integer> .' for n in range(count)]
    text = (
        "\n".join([*rows, '_:b <http://e/p> "æ\\u00e6 \\" # ." .', "<http://e/n1> <http://e/q> _:b ."]) + "\n"
    )
    path.write_text(text, "utf-8")
    return text


def check(path: Path) -> Report:
    spec = path.parent / "shapes.ttl"
    spec.write_text(PREFIXES + ":S sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:minInclusive 0 ] .")
    return foreign.read([path], [spec]).check().report


@pytest.mark.parametrize("chunk", [1, 100, 2**22])
def test_a_file_is_read_in_blocks_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int):
    monkeypatch.setattr("kg.formats.lines.CHUNK", chunk)
    lines(tmp_path / "a.nt")
    (tmp_path / "a.ttl").write_text((tmp_path / "a.nt").read_text("utf-8"), "utf-8")
    streamed, whole = check(tmp_path / "a.nt").violations, check(tmp_path / "a.ttl").violations
    assert [(v.place.line, v.place.column) for v in streamed if v.place] == [
        (v.place.line, v.place.column) for v in whole if v.place
    ]
    assert len(streamed) == 7


def test_a_broken_line_is_told_and_the_rest_is_checked(tmp_path: Path):
    text = lines(tmp_path / "a.nt").splitlines(keepends=True)
    (tmp_path / "a.nt").write_text(
        "".join([*text[:20], "<http://e/a> <http://e/b c> 7 .\n", *text[20:]]), "utf-8"
    )
    report = check(tmp_path / "a.nt")
    assert [(fault.place.line, fault.place.column) for fault in report.faults if fault.place] == [(21, 14)]
    assert len(report.violations) == 7
    assert report.violations[-1].place == Place(str(tmp_path / "a.nt"), 52, 18)


def test_blank_nodes_of_two_files_never_meet(tmp_path: Path):
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text("_:b <http://e/p> <http://e/c> .\n")
    data = Loaded()
    for name in ("a.nt", "b.nt"):
        data.load(Lines(tmp_path / name, name))
    assert len(data) == 2


def test_places_are_the_same_for_few_nodes_and_for_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = lines(tmp_path / "a.nt")
    asked = [(q.subject, q.predicate, q.object) for q in parse(text, RdfFormat.N_TRIPLES)]
    few = [Lines(tmp_path / "a.nt")(*triple) for triple in asked]
    monkeypatch.setattr("kg.formats.lines.FEW", 0)
    many = Lines(tmp_path / "a.nt")
    assert [many(*triple) for triple in asked] == few
    assert [place.line for [place] in few] == list(range(1, len(asked) + 1))
    assert many(BlankNode("b")) == [Place(str(tmp_path / "a.nt"), 51, 1)]


def test_the_lines_of_a_large_file_are_those_of_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kg.formats.large.BLOCK", 64)
    text = lines(tmp_path / "a.nt")
    large = LargeText(tmp_path / "a.nt")
    assert list(large) == [*text.split("\n")]
    assert [*reversed(large)] == text.split("\n")[::-1]
