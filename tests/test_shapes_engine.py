"""Validation: results, words, places, ill-formed shapes. Each file of `tests/shapes/` is a rule in itself."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
import rdflib
import yaml
from hypothesis import example, given, strategies as st
from pyoxigraph import Dataset, Literal, NamedNode, Quad, RdfFormat, Store, parse
from pyshacl.constraints.sparql.sparql_based_constraint_components import SPARQLConstraintComponentValidator

from kg import shapes
from kg.errors import DefinitionError, Fault, UsageError
from kg.languages import LANGUAGES
from kg.places import Place, Places
from kg.shapes import Report, Severity, catalogue, check_shapes, generic, messages, paths, validate
from kg.shapes.graph import Shapes
from kg.shapes.triples import TYPE, Triples
from kg.shapes.vocabulary import COMPONENTS, sh

FILES = sorted((Path(__file__).parent / "shapes").glob("*.ttl"))
PREFIXES = """
    prefix : <http://example.org/>
    prefix sh: <http://www.w3.org/ns/shacl#>
    prefix xsd: <http://www.w3.org/2001/XMLSchema#>
"""
BOX = """
    :BoxShape sh:targetClass :Box ; sh:property [ sh:path :size ;
        sh:datatype xsd:integer ; sh:minInclusive 0 ; sh:minCount 1 ;
        sh:message "must be a whole number, 0 or more"@en, "skal være et helt tal, 0 eller mere"@da,
            "må være et heltall, 0 eller mer"@nb ] .
"""


def quads(turtle: str) -> list[Quad]:
    return list(parse(PREFIXES + turtle, RdfFormat.TURTLE))


def iri(local: str) -> NamedNode:
    return NamedNode("http://example.org/" + local)


def sized(demands: str) -> str:
    """The shape of boxes with `demands` on their size."""
    return f":BoxShape sh:targetClass :Box ; sh:property [ sh:path :size ; {demands} ] ."


def table(name: str):
    return yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text("utf-8"))


def judge(data: str, spec: str, **options) -> Report:
    return validate(quads(data), quads(spec), **options)


@pytest.mark.parametrize("engine", shapes.ENGINES)
def test_shapes_that_have_been_read_judge_as_often_as_they_are_asked(engine: str):
    spec, boxes = Shapes(quads(BOX)), (":a a :Box .", ":b a :Box ; :size -1 .", ":c a :Box ; :size 7 .")
    found = [[v.focus for v in validate(quads(data), spec, engine=engine).violations] for data in boxes]
    assert found == [[iri("a")], [iri("b")], []] and check_shapes(spec) == []
    assert list(catalogue.rules(spec)) == list(catalogue.rules(quads(BOX)))


# Rules, one a file


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_rule(file: Path):
    graph = Triples(given := list(parse(file.read_bytes(), RdfFormat.TURTLE)))
    [report] = graph.subjects(TYPE, sh("ValidationReport"))
    wanted = graph.objects(report, sh("result"))
    found = list(validate(given, given).violations)
    assert len(found) == len(wanted)
    for result in wanted:
        assert any(says(graph, result, violation) for violation in found), graph.properties(result)


def says(graph: Triples, result, violation: shapes.Violation) -> bool:
    """Whether a violation is the one that a file expects, in all that the file says of it."""
    stated = {
        prop: {
            paths.write(paths.read(graph, value)) if prop == sh("resultPath") else value for value in values
        }
        for prop, values in graph.properties(result).items()
    }
    details = stated.pop(sh("detail"), set())
    found = {
        sh("focusNode"): {violation.focus},
        sh("resultPath"): {violation.path and paths.write(violation.path)},
        sh("value"): {violation.value},
        sh("sourceShape"): {violation.source_shape},
        sh("sourceConstraintComponent"): {violation.component},
        sh("resultSeverity"): {violation.severity_iri},
        sh("resultMessage"): {Literal(text, language=lang) for lang, text in violation.messages.items()},
    }
    return all(found[prop] == values for prop, values in stated.items()) and all(
        any(says(graph, detail, below) for below in violation.details) for detail in details
    )


# What goes in stays as it is


def test_the_input_is_not_changed():
    data, spec = quads(":a a :Box ; :size 07 , '7.0'^^xsd:integer ."), quads(BOX)
    before = Dataset(data), Dataset(spec), list(data), list(spec)
    validate(data, spec)
    assert (Dataset(data), Dataset(spec), data, spec) == before


def test_named_graphs_are_judged_as_one():
    facts = [
        Quad(iri("a"), TYPE, iri("Box"), iri("one")),
        Quad(iri("a"), iri("size"), Literal(-5), iri("two")),
    ]
    twice = [*facts, Quad(iri("a"), iri("size"), Literal(-5), iri("three"))]
    spec = [Quad(q.subject, q.predicate, q.object, iri(name)) for q in quads(BOX) for name in ("one", "two")]
    [violation] = validate(twice, spec).violations
    assert (violation.focus, violation.value) == (iri("a"), Literal(-5))


@pytest.mark.parametrize("written", ["007", "-5", "+5", "1.50", "seven", ""])
def test_a_value_is_reported_as_it_is_written(written: str):
    value = Literal(written, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    data = [Quad(iri("a"), TYPE, iri("Box")), Quad(iri("a"), iri("size"), value)]
    [violation] = validate(data, quads(sized("sh:in ()"))).violations
    assert violation.value == value


def test_nothing_is_said_or_left_behind_by_the_libraries(capfd, caplog):
    logger = logging.getLogger("pyshacl-validate")
    for setting in (True, False):
        rdflib.NORMALIZE_LITERALS = setting
        try:
            judge(":a a :Box ; :size 'x'^^xsd:integer, '1x'^^xsd:boolean .", BOX)
            with pytest.raises(DefinitionError):
                judge(":a a :Box .", sized("sh:sparql [ sh:select 'SELECT * { BIND($shapesGraph AS ?x) }' ]"))
            assert rdflib.NORMALIZE_LITERALS is setting
        finally:
            rdflib.NORMALIZE_LITERALS = True
    assert (logger.handlers, logger.disabled) == ([], False)
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_no_graph_is_kept_by_the_engine():
    component = """
        :Limited a sh:ConstraintComponent ; sh:parameter [ sh:path :limit ] ; sh:validator :check .
        :check a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER ($value < $limit) }" .
        :S a sh:NodeShape ; sh:targetObjectsOf :size ; :limit 5 .
    """
    assert not judge(":a :size 7 .", component).conforms
    assert SPARQLConstraintComponentValidator.validator_cache == {}


def test_shapes_may_stand_deep_within_one_another():
    depth = 25
    spec = (
        ":S sh:targetNode :n0 ;"
        + " sh:property [ sh:path :in ;" * depth
        + " sh:minCount 1"
        + " ]" * depth
        + " ."
    )
    data = " ".join(f":n{i} :in :n{i + 1} ." for i in range(depth))
    assert judge(data, spec).conforms
    [violation] = judge(data.replace(f":n{depth - 1} :in :n{depth} .", ""), spec).violations
    assert violation.focus == iri(f"n{depth - 1}")


def test_classes_that_are_subclasses_of_one_another_do_no_harm():
    below = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
    circle = f":Box {below} :Crate . :Crate {below} :Box ."
    report = judge(circle + ":a a :Crate .", circle + BOX)
    assert [violation.focus for violation in report.violations] == [iri("a")]
    assert judge(circle, circle + BOX).unused_shapes[0].targets == (iri("Box"),)


def test_rdflib_is_not_imported_before_it_is_needed():
    code = "import sys, kg.shapes; assert not {'rdflib', 'pyshacl'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


SAY = """
import sys
from pyoxigraph import parse
from kg.shapes import validate

def say(violation):
    details = [say(below) for below in violation.details]
    return [violation.rule, str(violation.path), violation.got(), violation.messages, *details]

given = list(parse(path=sys.argv[1]))
report = validate(given, given)
print(report.text(), *(say(violation) for violation in report.violations), sep="\\n")
"""


def test_the_same_report_whatever_the_hash_seed(tmp_path: Path):
    turtle = PREFIXES + sized("sh:minInclusive 0 ; sh:in ( 1 2 3 ) ; sh:class :Big")
    turtle += """:SmallShape sh:targetClass :Box ; sh:node [
        sh:property [ sh:path :size ; sh:maxLength 1 ; sh:nodeKind sh:IRI ] ] ."""
    turtle += "".join(
        f"{node} a :Box ; :size -1{i}, 'x{i}' ." for node in (":a", ":b", "[]") for i in range(8)
    )
    (tmp_path / "boxes.ttl").write_text(turtle)
    said = {
        subprocess.run(
            [sys.executable, "-c", SAY, str(tmp_path / "boxes.ttl")],
            env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True, text=True,
        ).stdout
        for seed in "0123"
    }  # fmt: skip
    assert len(said) == 1
    assert len(said.pop().splitlines()) > 100


def test_an_unknown_engine_is_a_slip_of_the_caller():
    with pytest.raises(UsageError, match="no engine “pyshackle”; choose one of compiled, pyshacl"):
        judge("", BOX, engine="pyshackle")


# Words


def report_of_one(**options) -> Report:
    places = Places()
    places.add(Place("boxes.yaml", 30, 3), iri("a"))
    places.add(Place("boxes.yaml", 31, 12), iri("a"), iri("size"), Literal(-5))
    return judge(":a a :Box ; :size -5 .", BOX, places=places, **options)


def test_a_line_of_the_report_reads_like_a_linters():
    assert report_of_one().text(names={"http://example.org/size": "how-big"}) == (
        'boxes.yaml:31:12 error how-big: must be a whole number, 0 or more (got "-5") [Box.size]\n'
        "1 error in 1 file"
    )


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("da", 'boxes.yaml:31:12 fejl size: skal være et helt tal, 0 eller mere (fik "-5") [Box.size]'),
        ("nn", 'boxes.yaml:31:12 feil size: må være et heltall, 0 eller mer (fekk "-5") [Box.size]'),
        ("sv", 'boxes.yaml:31:12 fel size: must be a whole number, 0 or more (fick "-5") [Box.size]'),
        ("fi", 'boxes.yaml:31:12 error size: must be a whole number, 0 or more (got "-5") [Box.size]'),
        ("da-DK", 'boxes.yaml:31:12 fejl size: skal være et helt tal, 0 eller mere (fik "-5") [Box.size]'),
    ],
)
def test_each_reader_gets_one_language(lang: str, said: str):
    assert report_of_one().text(lang).splitlines()[0] == said


def test_a_language_that_only_others_have_is_better_than_silence():
    spec = (
        ':S sh:targetClass :Box ; sh:property [ sh:path :size ; sh:minCount 1 ; sh:message "puuttuu"@fi ] .'
    )
    [violation] = judge(":a a :Box .", spec).violations
    assert violation.message("da") == "puuttuu"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("no", 'no (got "{long}")'),
        ("no {$value}", "no {long}"),
        ("no {?value} at {$path} of {$this}", "no {long} at size of a"),
    ],
)
def test_a_long_value_is_cut_and_said_once(message: str, said: str):
    spec = sized(f'sh:maxLength 9 ; sh:message "{message}"@en')
    line = judge(f':a a :Box ; :size "x\\n{"y" * 80}" .', spec).text().splitlines()[0]
    assert (
        line
        == "<http://example.org/a> error size: "
        + said.replace("{long}", "x\\n" + "y" * 56 + "…")
        + " [Box.size]"
    )


def test_a_blank_without_a_value_gets_a_dash():
    [violation] = judge(":a a :Box .", sized('sh:minCount 1 ; sh:message "not {$value}"@en')).violations
    assert violation.message() == "not –"


def test_a_shape_without_a_message_says_what_shacl_asks():
    spec = sized("sh:in ( 1 :b 'c' )")
    spec += ":BoxShape sh:property [ sh:path ( :lid [ sh:inversePath :of ] ) ; sh:minCount 2 ] ."
    assert judge(":a a :Box ; :size [] .", spec).text() == dedent("""\
        <http://example.org/a> error lid/^of: needs 2 or more [Box.lid/^of]
        <http://example.org/a> error size: must be one of 1, b, c (got []) [Box.size]
        2 errors""")


@pytest.mark.parametrize("component", sorted(COMPONENTS))
def test_a_constraint_without_a_message_is_told_in_every_language(component: str):
    said = generic.message(sh(component + "ConstraintComponent"))
    assert tuple(said) == LANGUAGES
    told = {messages.BLANK.sub("", text) for text in said.values()}
    assert len(told) >= 3 and all(text.strip() for text in told)
    assert len({tuple(messages.blanks(text)) for text in said.values()}) == 1
    own = component not in ("Property", "SPARQL", "Expression")
    assert own == (component in generic.TABLE)
    parameter = component[0].lower() + component[1:]
    assert set(messages.blanks(said["en"])) <= {parameter}


def test_a_shape_without_a_message_speaks_the_readers_language():
    graph = quads(":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:minCount 2 ] .")
    [violation] = validate(graph, graph).violations
    assert [violation.message(lang) for lang in ("en", "nn", "sv", "fi")] == [
        "needs 2 or more", "må ha minst 2", "måste ha minst 2", "needs 2 or more",
    ]  # fmt: skip
    [rule] = [rule for name, rule in catalogue.rules(graph).items() if name != "input"]
    assert rule.demand("da") == "skal have mindst 2"


def test_details_stand_below_their_result():
    spec = sized("sh:node :SizeShape") + ":SizeShape a sh:NodeShape ; sh:property :unit ."
    spec += ":unit sh:path :unit ; sh:minCount 1 ; sh:message 'has no unit' ."
    assert judge(":a a :Box ; :size :b .", spec).text() == dedent("""\
        <http://example.org/a> error size: does not have the shape asked for (got b) [Box.size]
          <http://example.org/b> error unit: has no unit [unit]
        1 error""")


@pytest.mark.parametrize("case", table("shapes/rules"), ids=lambda case: case["rule"])
def test_a_rule_is_called_by_its_class_and_path(case: dict[str, str]):
    found = judge(":a a :Box ; :part :b .", case["shapes"]).violations
    assert {violation.rule for violation in found} == {case["rule"]}


# The report


def test_only_violations_hinder_conforming():
    grave, warning, info = (
        judge(":a a :Box .", sized(f"sh:minCount 1 ; sh:severity sh:{level}"))
        for level in ("Violation", "Warning", "Info")
    )
    assert (grave.conforms, warning.conforms, info.conforms) == (False, True, True)
    assert warning.counts == {Severity.WARNING: 1}
    assert warning.text().splitlines()[-1] == "1 warning"


def test_faults_of_reading_stand_among_the_violations_by_place():
    faults = [Fault(Place("boxes.yaml", 40, 1), "a tab", "use spaces"), Fault(Place("a.yaml"), "it is empty")]
    report = report_of_one().with_faults(faults)
    assert not report.conforms
    assert report.text() == dedent("""\
        a.yaml error it is empty [input]
        boxes.yaml:31:12 error size: must be a whole number, 0 or more (got "-5") [Box.size]
        boxes.yaml:40:1 error a tab; use spaces [input]
        3 errors in 2 files""")


def test_an_unreadable_file_alone_does_not_conform():
    assert Report().conforms
    assert not Report().with_faults([Fault(Place("a.yaml"), "it is empty")]).conforms


def test_merged_reports_are_one_report():
    other = judge(":b a :Crate .", BOX)
    both = other.merge(report_of_one())
    assert [v.focus for v in both.violations] == [iri("a")]
    assert both.files == {"boxes.yaml"}
    assert [u.rule for u in other.unused_shapes] == ["BoxShape"]
    assert both.unused_shapes == ()


def test_the_summary_counts_the_files_that_were_looked_at():
    places = Places()
    for name in "abc":
        places.add(Place(f"{name}.yaml", 1, 1), iri(name))
    assert judge(":a a :Box ; :size 1 .", BOX, places=places).text() == "no findings in 3 files"
    assert judge(":a a :Box ; :size 1 .", BOX, places=places).text("sv") == "inga fynd i 3 filer"


@pytest.mark.parametrize(
    ("spec", "unused"),
    [
        (":S sh:targetClass :Box ; sh:nodeKind sh:IRI .", []),
        (":S sh:targetClass :Thing ; sh:nodeKind sh:IRI .", []),
        (":S sh:targetClass :Crate ; sh:nodeKind sh:IRI .", [("S", (iri("Crate"),))]),
        (":S sh:targetClass :Crate, :Box ; sh:nodeKind sh:IRI .", []),
        (
            ":Crate a sh:NodeShape, <http://www.w3.org/2000/01/rdf-schema#Class> .",
            [("Crate", (iri("Crate"),))],
        ),
        (":S sh:targetSubjectsOf :size ; sh:nodeKind sh:IRI .", []),
        (":S sh:targetObjectsOf :lid ; sh:nodeKind sh:IRI .", [("S", (iri("lid"),))]),
        (":S sh:targetNode :nowhere ; sh:nodeKind sh:IRI .", []),
        (":S a sh:NodeShape ; sh:nodeKind sh:IRI .", [("S", ())]),
        (":S a sh:NodeShape ; sh:deactivated true .", []),
        (":S sh:targetClass :Box ; sh:node :T . :T a sh:NodeShape ; sh:nodeKind sh:IRI .", []),
    ],
)
def test_a_shape_that_judged_nothing_is_told(spec: str, unused: list):
    data = ":a a :Box ; :size 1 . :Box <http://www.w3.org/2000/01/rdf-schema#subClassOf> :Thing ."
    assert [(u.rule, u.targets) for u in judge(data, spec).unused_shapes] == unused


# Places


PLACES = table("shapes/places")


def terms(written: list[str]) -> list:
    """A node, a property and a value, as far as they are given, from how Turtle writes them."""
    given = Triples(quads(f":all :terms ( {' '.join(written)} ) ."))
    return given.items(given.objects(iri("all"), iri("terms"))[0])


@pytest.mark.parametrize("case", PLACES["shapes"].values(), ids=PLACES["shapes"].keys())
def test_a_violation_points_at(case: dict):
    places = Places()
    for line, written in PLACES["lines"].items():
        places.add(Place("boxes.yaml", line, 1), *terms(written))
    [violation] = judge(PLACES["data"], f":S a sh:NodeShape ; {case['shape']} .", places=places).violations
    assert [place.line for place in violation.places] == case["lines"]


# Ill-formed shapes


@pytest.mark.parametrize("case", table("faults/shapes"), ids=lambda case: case["said"][0])
def test_ill_formed_shapes_are_refused_with_all_their_faults(case: dict):
    assert [str(fault) for fault in check_shapes(quads(case["shapes"]))] == case["said"]
    with pytest.raises(DefinitionError) as refused:
        judge(":a a :Box .", case["shapes"])
    assert str(refused.value).splitlines() == case["said"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this { $this ?p ?o } # SERVICE, and a MINUS",
        "SELECT $this { $this ?values 'FROM here', <http://e/VALUES> }",
        'SELECT $this { $this ?p """a "MINUS" b""" ; ?service "x\\" FROM" }',
        "PREFIX FROM: <http://e/> SELECT $this { $this FROM:values ?MINUS }",
    ],
)
def test_words_are_only_told_where_they_are_words(query: str):
    spec = quads(":S sh:targetClass :Box ; sh:sparql :q .")
    assert check_shapes([*spec, Quad(iri("q"), sh("select"), Literal(query))]) == []


def test_a_property_of_shacls_on_data_is_no_shapes_fault():
    spec = ":S sh:targetClass :Box ; sh:nodeKind sh:IRI . :a sh:somethingElse :b ."
    assert check_shapes(quads(spec)) == []


def test_a_fault_has_the_place_of_the_shape():
    places = Places()
    places.add(Place("shapes.ttl", 4), iri("S"))
    spec = quads(
        ":S sh:targetClass :Box ; sh:property [ sh:path ( :p [ sh:inversPath :q ] ) ; sh:maxCont 1 ] ."
    )
    assert {str(fault.place) for fault in check_shapes(spec, places)} == {"shapes.ttl:4"}


def test_shapes_that_lead_back_to_themselves_are_judged():
    spec = ":S sh:targetNode :a, :c ; sh:property [ sh:path :p ; sh:node :S ] ; sh:nodeKind sh:IRI ."
    found = judge(":a :p :b . :b :p :a . :c :p :d . :d :p 7 .", spec).violations
    assert {str(violation.focus) for violation in found} == {str(iri("c"))}


NEGATED = "a shape leads back to itself through a negation"
ENDLESS = "the shapes lead back to themselves by sh:property, and the data as well"
MEANINGLESS = [
    (
        ":S sh:targetNode :a ; sh:not :T . :T sh:property [ sh:path :p ; sh:node :S ] .",
        f"S → T → T.p → S: {NEGATED}",
    ),
    (":S sh:targetNode :a ; sh:path :p ; sh:property :S .", f"S → S: {ENDLESS}"),
    (":S sh:targetNode :a ; sh:xone ( :S [ sh:class :B ] ) .", f"S → S: {NEGATED}"),
    (
        ":S sh:targetNode :a ; sh:node :T ; sh:not :U . :T sh:node :S . :U sh:node :S .",
        f"S → U → S: {NEGATED}",
    ),
    (
        ":S sh:targetNode :a ; sh:path :p ; sh:qualifiedMaxCount 1 ; sh:qualifiedValueShape :S .",
        f"S → S: {NEGATED}",
    ),
    (
        """:S sh:targetNode :a ; sh:property
            [ sh:path :p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape :S ;
              sh:qualifiedValueShapesDisjoint true ] ,
            [ sh:path :p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape :X ;
              sh:qualifiedValueShapesDisjoint true ] .
        :X sh:node :S .""",
        f"S → S.p → X → S: {NEGATED}",
    ),
]


@pytest.mark.parametrize(("spec", "told"), MEANINGLESS)
def test_circles_of_shapes_that_mean_nothing_are_refused(spec: str, told: str):
    with pytest.raises(DefinitionError) as refused:
        judge(":a :p :b . :b :p :a .", spec)
    assert str(refused.value).startswith(told)


def test_each_shape_of_a_circle_has_its_line():
    places = Places()
    places.add(Place("one.ttl", 4), iri("S"))
    places.add(Place("two.ttl", 9), iri("T"))
    spec = ":S sh:targetNode :a ; sh:not :T . :T sh:node :S ."
    with pytest.raises(
        DefinitionError, match=r"^one\.ttl:4: S \(one\.ttl:4\) → T \(two\.ttl:9\) → S: a shape leads"
    ):
        judge(":a :p :b .", spec, places=places)


def test_all_circles_that_mean_nothing_are_told_at_once():
    spec = """:S sh:targetNode :a ; sh:not :T . :T sh:node :S . :R sh:targetNode :a ; sh:xone ( :R :S ) .
        :Q sh:targetNode :a ; sh:property [ sh:path :p ; sh:node :Q ] ."""
    with pytest.raises(DefinitionError) as refused:
        judge(":a :p :b .", spec)
    assert [fault.what.partition(": ")[0] for fault in refused.value.faults] == ["R → R", "S → T → S"]


LOOP = ":a :p :b . :b :p :c . :c :p :a ."
POSITIVE = {
    "a node in a circle has the shape unless something fails": (
        LOOP, ":S sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:node :S ] .", "",
    ),
    "what fails reaches all that lead to it": (
        LOOP + ":b :bad 1 .",
        """:S sh:targetSubjectsOf :p ;
            sh:property [ sh:path :p ; sh:node :S ] , [ sh:path :bad ; sh:maxCount 0 ] .""",
        "abc",
    ),
    "one way is enough for sh:or": (
        LOOP + ":b :bad 1 . :a :p :d .",
        """:S sh:targetSubjectsOf :p ; sh:property [ sh:path :bad ; sh:maxCount 0 ] ;
            sh:or ( [ sh:path :p ; sh:node :S ] [ sh:path :p ; sh:hasValue :d ] ) .""",
        "b",
    ),
    "a number of them": (
        LOOP + ":b :bad 1 . :a :p :a .",
        """:S sh:targetSubjectsOf :p ; sh:property [ sh:path :bad ; sh:maxCount 0 ] ,
            [ sh:path :p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape :S ] .""",
        "b",
    ),
    "a negation of what stands below the circle": (
        LOOP + ":b :bad 1 .",
        """:S sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:node :S ] ; sh:not :Bad .
        :Bad sh:property [ sh:path :bad ; sh:minCount 1 ] .""",
        "abc",
    ),
    "a negation of the circle as a whole": (
        LOOP,
        ":N sh:targetNode :a, :d ; sh:not :S . :S sh:property [ sh:path :p ; sh:node :S ; sh:minCount 1 ] .",
        "a",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "spec", "failing"), POSITIVE.values(), ids=POSITIVE)
def test_of_shapes_in_a_circle_as_few_fail_as_may(data: str, spec: str, failing: str):
    found = {str(violation.focus) for violation in judge(data, spec).violations}
    assert found == {str(iri(name)) for name in failing}


def test_the_reference_engine_runs_in_no_circle():
    spec = ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:node :S ] ."
    told = r"S → S\.p → S: pySHACL runs no shapes in a circle; take one of the steps out"
    with pytest.raises(DefinitionError, match=told):
        judge(":a :p :b . :b :p :a .", spec, engine="pyshacl")


@pytest.mark.parametrize("depth", [101, 1001])
def test_shapes_may_stand_as_deep_as_one_likes(depth: int):
    spec = f":S sh:targetNode :a ; sh:not {'[ sh:not ' * depth}[ sh:class :B ]{' ]' * depth} ."
    assert not judge(":a a :A .", spec).conforms
    assert judge(":a a :B .", spec).conforms
    inner = "sh:property [ sh:path :p ; sh:node [ "
    spec = f":S sh:targetNode :a ; {inner * depth} sh:class :B {' ] ]' * depth} ."
    [violation] = judge(":a :p :b . :b :p :c . :c :p :a .", spec).violations
    assert judge(":a :p :a ; a :B .", spec).conforms
    assert len(violation.details) == 1
    named = "".join(f":S{number} sh:node :S{number + 1} ." for number in range(depth))
    assert judge(":a a :A .", f":S0 sh:targetNode :a . {named} :S{depth} sh:class :B .").conforms is False


def test_property_shapes_that_stand_too_deep_for_the_data_are_refused_in_words():
    spec = f":S sh:targetNode :a ; {'sh:property [ sh:path :p ; ' * 1000} sh:class :B {' ]' * 1000} ."
    assert judge(":a :p :b . :b :p :c .", spec).conforms
    with pytest.raises(DefinitionError, match=r"^too many property shapes stand within one another"):
        judge(":a :p :a .", spec)


def test_a_pattern_that_goes_on_for_ever_is_refused_with_its_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kg.shapes.compile.patience.PATIENCE", 0.2)
    places = Places()
    places.add(Place("shapes.ttl", 4), iri("S"))
    spec = ":S sh:targetObjectsOf :p ; sh:pattern '^(?=a)(a+)+$' ."
    with pytest.raises(
        DefinitionError, match=r"^shapes\.ttl:4: S: the regular expression “.*” went on for more than 0\.2 s"
    ):
        judge(f":a :p '{'a' * 40}!' .", spec, places=places)


REFUSED = {
    "compiled": (
        "sh:sparql [ sh:select 'SELECT $this (true AS ?failure) {}' ]",
        "S: the query says that it failed",
    ),
    "pyshacl": (
        "sh:not [ " * 101 + "sh:class :B" + " ]" * 101,
        "pySHACL cannot run the shapes: more than 60 of them",
    ),
}


@pytest.mark.parametrize("engine", REFUSED)
def test_what_an_engine_refuses_is_one_line(engine: str):
    demand, told = REFUSED[engine]
    with pytest.raises(DefinitionError) as refused:
        judge(":a :p 1 .", f":S sh:targetNode :a ; {demand} .", engine=engine)
    assert str(refused.value).startswith(told)
    assert len(str(refused.value).splitlines()) == 1


# Paths

PROPERTIES = st.sampled_from([iri("p"), iri("q")])
NODES = st.sampled_from([iri(name) for name in "abcd"])
PATHS = st.recursive(
    PROPERTIES,
    lambda inner: st.one_of(
        st.builds(paths.Inverse, inner),
        st.builds(paths.Repeated, inner, st.sampled_from("*+?")),
        st.builds(paths.Sequence, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(paths.Alternative, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
GRAPHS = st.lists(st.builds(Quad, NODES, PROPERTIES, NODES), max_size=8)


def ends(path: paths.Path, data: Triples, node: NamedNode) -> set:
    return {end for end, _ in paths.walk(path, data, node)}


@given(PATHS)
def test_a_path_that_is_stated_is_read_as_the_same(path: paths.Path):
    node, triples = paths.state(path)
    assert paths.read(Triples(Quad(*triple) for triple in triples), node) == path


def test_a_path_has_an_end_to_how_deep_it_is():
    deep = "[ sh:inversePath " * 100 + ":p" + " ]" * 100
    assert not judge(
        ":a :p :b .", f":S sh:targetNode :a ; sh:property [ sh:path {deep} ; sh:maxCount 0 ] ."
    ).conforms
    with pytest.raises(DefinitionError, match="sh:path is made of more than 100 paths within one another"):
        judge("", f":S sh:targetNode :a ; sh:property [ sh:path [ sh:inversePath {deep} ] ] .")


@given(PATHS, GRAPHS, NODES)
def test_a_straightened_path_leads_to_the_same_nodes(path: paths.Path, graph: list[Quad], node: NamedNode):
    data = Triples(graph)
    straight = paths.straightened(path)
    assert ends(straight, data, node) == ends(path, data, node)
    assert not any(
        isinstance(p, paths.Inverse) and not isinstance(p.path, NamedNode) for p in parts(straight)
    )


def parts(path: paths.Path) -> list[paths.Path]:
    inner = getattr(path, "paths", None) or ([path.path] if hasattr(path, "path") else [])
    return [path, *(below for one in inner for below in parts(one))]


@given(PATHS, GRAPHS, NODES)
def test_a_path_leads_where_sparql_says(path: paths.Path, graph: list[Quad], node: NamedNode):
    store = Store()
    store.extend(graph)
    # a node that the store has never seen has no path of no length in Oxigraph
    store.add(Quad(node, iri("seen"), node))
    found = store.query(f"SELECT DISTINCT ?end {{ {node} {paths.write(path)} ?end }}")
    assert {row["end"] for row in found} == ends(path, Triples(graph), node)


AGAIN = paths.Sequence((iri("p"), paths.Repeated(paths.Repeated(iri("p"), "*"), "*")))
CHAIN = [Quad(iri("a"), iri("p"), iri("b")), Quad(iri("b"), iri("p"), iri("c"))]


@given(PATHS, GRAPHS, NODES)
@example(AGAIN, CHAIN, iri("a"))
def test_a_walk_ends_with_a_triple_of_the_data(path: paths.Path, graph: list[Quad], node: NamedNode):
    data = Triples(graph)
    for end, edge in paths.walk(path, data, node):
        assert edge is None or (edge in data.all and end in (edge[0], edge[2]))
