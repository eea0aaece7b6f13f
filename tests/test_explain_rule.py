"""`kg explain RULE`: every rule of the shipped shapes says why, and has a right and a wrong example."""

from __future__ import annotations

import json
import re
import textwrap
from functools import cache
from pathlib import Path

import pytest
import rule_examples as examples
from bees import Bees
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse
from test_domain_shapes import local, onto, rules_of, spec

import kg
from kg import build, explain, formats, vacuity
from kg.cases.compose import compose
from kg.errors import DefinitionError, Fault
from kg.explain.excerpt import shape_text
from kg.explain.rendering import render
from kg.shapes import catalogue
from kg.shapes.graph import Shapes
from kg.shapes.triples import Subject, Triples
from kg.shapes.words import words
from kg.vacuity.examples import EXAMPLES, PREFIXES
from kg.workspace import Workspace

SHIPPED = Workspace.load(examples.domain.ROOT)
RULES = sorted(map(local, rules_of()))
pytestmark = pytest.mark.xdist_group("rules")


@cache
def told() -> explain.Examples:
    return explain.Examples.read(SHIPPED.ontology)


@cache
def explained(rule: str) -> explain.Explanation:
    naming = build.naming(SHIPPED, onto())
    return explain.explain(rule, catalogue.rules(onto().shapes, naming), onto(), told(), naming)


def edges(quads: tuple[Quad, ...]) -> examples.Edges:
    return [(q.subject, q.predicate, q.object) for q in quads]  # type: ignore[misc]


@cache
def broken() -> dict[str, tuple[set[str], set[str]]]:
    """The rules that the right and the wrong example of each rule break."""
    found = {local(rule): told().of(rule) for rule in rules_of()}
    pairs = {rule: (edges(each.right), edges(each.wrong)) for rule, each in found.items()}
    whole = [
        examples.completed(one, other)
        for right, wrong in pairs.values()
        for one, other in ((right, wrong), (wrong, right))
    ]
    judged = examples.judged(whole)
    return dict(zip(pairs, zip(judged[::2], judged[1::2], strict=True), strict=True))


# --- the shipped rules


def test_the_rules_are_those_of_the_shapes() -> None:
    listed = catalogue.rules(onto().shapes)
    assert list(listed) == ["input", *RULES]
    assert len(RULES) > 200


@pytest.mark.parametrize("rule", RULES)
def test_the_right_example_breaks_no_rule(rule: str) -> None:
    right, _ = broken()[rule]
    assert right == set()


@pytest.mark.parametrize("rule", RULES)
def test_the_wrong_example_breaks_this_rule_alone(rule: str) -> None:
    _, wrong = broken()[rule]
    assert wrong == {rule, examples.ACCOMPANIED.get(rule, rule)}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_told_whole(rule: str) -> None:
    explanation = explained(rule)
    assert explanation.rule.reason() and explanation.right and explanation.wrong
    assert explanation.right != explanation.wrong
    assert "_:" not in explanation.right + explanation.wrong, "a name that is another one each time"
    for lang in ("en", "da", "nb", "nn", "sv"):
        text = render(explanation, "text", lang)
        assert text.startswith(f"{rule} (")
        flat = re.sub(r"\s+", " ", text)
        for expected in (
            explanation.rule.demand(lang),
            explanation.rule.reason(lang),
            explanation.rule.title(lang),
        ):
            assert re.sub(r"\s+", " ", expected) in flat


@pytest.mark.parametrize("rule", RULES)
def test_the_shape_is_the_shape(rule: str) -> None:
    """What is shown is Turtle, and states what the shape does, but for its words."""
    [shape] = [each for each in rules_of() if local(each) == rule]
    header = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in onto().prefixes.items())
    shown = parse(header + explained(rule).shape, RdfFormat.TURTLE)
    assert formats.serialize(shown, "nquads", {}) == formats.serialize(stated(shape), "nquads", {})


def stated(shape: Subject) -> list[Quad]:
    """What the shapes say of a shape and of what has no name below it, without its words."""
    out: list[Quad] = []
    todo: list[Subject] = [shape]
    while todo:
        node = todo.pop()
        for prop, values in spec().properties(node).items():
            if local(prop) not in ("name", "message", "description") or node != shape:
                out += [Quad(node, prop, value) for value in values]
                todo += [value for value in values if isinstance(value, BlankNode)]
    return out


def test_there_is_no_example_but_of_a_rule() -> None:
    graphs = {graph for rule in rules_of() for graph in explain.graphs(rule)}
    assert set(told().graphs) == graphs


def test_examples_are_written_as_files_of_rdf_are() -> None:
    quads = list(formats.read(examples.FILE))
    assert examples.FILE.read_bytes() == formats.serialize(quads, "trig", examples.prefixes(quads))


def test_an_example_of_what_stands_in_case_files_looks_like_one() -> None:
    lines = explained("RoleGroup.holders").wrong.splitlines()
    assert lines[:2] == ["groups:", "  superusers:"]
    assert re.fullmatch(r"    holders: (-5|two|2\.5|.\d.*)", lines[2])
    assert lines[-1] == "    …"
    written = [rule for rule in RULES if not explained(rule).wrong.endswith(" .")]
    assert len(written) > 150, "most rules are about what stands in case files"


def test_what_is_compared_is_shown_on_both_sides() -> None:
    for example in (explained("Time.endBounds").right, explained("Time.endBounds").wrong):
        assert "cg:endEarliest" in example and "cg:endLatest" in example


# --- the command


def test_a_rule_is_explained(bees: Bees) -> None:
    said = bees("explain", "Finding.count")
    assert said.code == 0
    assert said.out == (
        "Finding.count (error): count\n\n"
        "  must be a whole number, 0 or more\n\n"
        "right\n  – (examples.trig)\n\n"
        "wrong\n  – (examples.trig)\n\n"
        "shape\n"
        "  <https://bees.example.net/shapes#Finding.count>\n"
        "      a sh:PropertyShape ;\n"
        "      sh:datatype xsd:integer ;\n"
        "      sh:maxCount 1 ;\n"
        "      sh:minInclusive 0 ;\n"
        "      sh:path bee:count .\n\n"
    )


BEES = """
PREFIX bee: <https://bees.example.net/ns#>
PREFIX hive: <https://bees.example.net/case/hive/>
PREFIX mites: <https://bees.example.net/case/hive/inspections/may/findings/>
PREFIX stay: <https://bees.example.net/case/hive/stays/>
PREFIX apiary: <https://w3id.org/casegraph/id/apiary/>

<https://bees.example.net/shapes#Finding.count/right> { mites:mites a bee:Finding ; bee:count 7 }
<https://bees.example.net/shapes#Finding.count/wrong> { mites:mites a bee:Finding ; bee:count "some: many" }
<https://bees.example.net/shapes#Stay.apiary/right> { stay:heath a bee:Stay ; bee:apiary apiary:heath }
<https://bees.example.net/shapes#Stay.apiary/wrong> { stay:heath a bee:Stay }
<https://bees.example.net/shapes#ColonyYear.stay/right> {
  <https://bees.example.net/case/hive> a bee:ColonyYear ; bee:stay stay:heath , stay:wood
}
<https://bees.example.net/shapes#ColonyYear.stay/wrong> {
  <https://bees.example.net/case/hive> a bee:ColonyYear
}
"""


def test_examples_are_those_of_the_workspace(own: Bees) -> None:
    own.write("ontology/examples.trig", BEES)
    said = json.loads(own("explain", "Finding.count", "-f", "json").out)
    assert (said["right"], said["wrong"]) == (
        "findings:\n  mites:\n    count: 7\n    …",
        'findings:\n  mites:\n    count: "some: many"\n    …',
    )
    stay = own("explain", "Stay.apiary", "--lang", "de")
    assert "muss genau ein Bienenstand sein" in stay.out
    assert "    heath:\n      apiary: apiary/heath\n" in stay.out
    assert "    heath:\n      # – apiary\n" in stay.out
    year = json.loads(own("explain", "ColonyYear.stay", "-f", "json").out)
    assert (year["right"], year["wrong"]) == ("stays: {heath: …, wood: …}\n…", "# – stays\n…")


def test_an_example_that_cannot_be_read_is_told(own: Bees) -> None:
    own.write("ontology/examples.trig", "GRAPH <a {")
    said = own("explain", "Finding.count")
    assert (said.code, said.out) == (4, "")
    assert said.err.startswith("error ontology/examples.trig:1:")
    with pytest.raises(DefinitionError):
        explain.Examples.read([own.folder / "ontology"])


def test_an_example_changes_no_answer(own: Bees) -> None:
    before = own("validate").out
    own.write("ontology/examples.trig", BEES)
    assert own("validate").out == before


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["Finding.cuont"], "there is no rule “Finding.cuont”; did you mean “Finding.count”?"),
        (["finding.count"], "did you mean “Finding.count”?"),
        (["Zebra"], "there is no rule “Zebra”; list them with: kg validate --rules"),
        (["Finding.count", "-f", "html"], "no format “html” for a rule; known: text, markdown, json"),
        (["Finding.count", "--lang", "xx"], "no message is in the language “xx”"),
    ],
)
def test_a_slip_is_told(bees: Bees, args: list[str], hint: str) -> None:
    said = bees("explain", *args)
    assert (said.code, said.out) == (2, "")
    assert hint in said.err


# --- the rules that no shape states

BOXES = {
    "box.ttl": ":a a :Box ; :size 7 .",
    "neutral.ttl": ":Neutral sh:targetNode :a ; sh:nodeKind sh:IRI .",
    "boxes.ttl": ":boxes a owl:Ontology .",
}
"""What the examples lean on."""


def write_turtle(path: Path, text: str) -> None:
    header = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    path.write_text(header + text, "utf-8")


def test_each_rule_beside_the_shapes_has_an_example() -> None:
    assert EXAMPLES.keys() == {"input", *vacuity.RULES}


@pytest.mark.parametrize("rule", sorted(EXAMPLES.keys() - {"input", "check.query"}))
def test_an_example_beside_the_shapes_keeps_and_breaks_its_rule_alone(rule: str, tmp_path: Path) -> None:
    for name, text in BOXES.items():
        write_turtle(tmp_path / name, text)
    example, (data, neutral, boxes) = tmp_path / "example.ttl", (tmp_path / name for name in BOXES)
    found = []
    for text, at_hand in zip(EXAMPLES[rule], ([boxes], []), strict=True):
        write_turtle(example, text)
        report = kg.validate(
            data,
            example,
            shapes=[neutral, example],
            ontology=example,
            imports=at_hand,
            infer=True,
            strict=True,
        )
        found.append({finding.rule for finding in report.findings if finding.violation is None})
    assert found == [set(), {rule}]


def test_the_example_of_a_query_keeps_and_breaks_its_rule_alone(own: Bees) -> None:
    before = json.loads(own("validate", "-f", "json").out)["findings"]
    for text, broken in zip(EXAMPLES["check.query"], ([], ["check.query"]), strict=True):
        own.write("queries/checks/example.rq", text)
        found = json.loads(own("validate", "-f", "json").out)["findings"]
        assert [each["rule"] for each in found if each not in before] == broken


def test_the_example_of_a_file_that_can_be_read() -> None:
    told = []
    for text in EXAMPLES["input"]:
        faults: list[Fault] = []
        compose(text, "a.yaml", faults)
        told.append([fault.what for fault in faults])
    right, [wrong] = told
    assert right == [] and "“title”" in wrong


@pytest.mark.parametrize("rule", sorted(EXAMPLES))
def test_a_rule_beside_the_shapes_is_explained(bees: Bees, rule: str) -> None:
    text = bees("explain", rule, "--lang", "sv").out
    known = {"input": catalogue.READING, **vacuity.RULES}[rule]
    assert text.startswith(f"{rule} ({words('sv')[known.severity.level]}): {known.titles['sv']}\n")
    assert re.sub(r"\s+", " ", known.reasons["sv"]) in re.sub(r"\s+", " ", text)
    for key, example in zip(("rätt", "fel"), EXAMPLES[rule], strict=True):
        assert f"\n{key}\n" + textwrap.indent(example, "  ") in text
    assert "examples.trig" not in text and "\nshape\n" not in text


def test_the_syntax_of_an_example_beside_the_shapes_is_told(bees: Bees) -> None:
    said = {rule: bees("explain", rule, "-f", "markdown").out for rule in EXAMPLES}
    syntaxes = {rule: set(re.findall("```([a-z]+)\n", text)) for rule, text in said.items()}
    assert syntaxes.pop("check.query") == {"sparql"}
    assert syntaxes.pop("input") == {"yaml"}
    assert set(map(tuple, syntaxes.values())) == {("turtle",)}


def test_markdown_has_the_example_in_the_syntax_that_it_is_in(own: Bees) -> None:
    own.write("ontology/examples.trig", BEES)
    text = own("explain", "Finding.count", "-f", "markdown").out
    assert "SHA-256 (error)" in render(explained("Source.sha256"), "markdown")
    assert text.startswith("## Finding.count\n\nCount (error): must be a whole number, 0 or more.\n")
    assert re.findall("```([a-z]+)\n", text) == ["yaml", "yaml", "turtle"]


# --- excerpts


@pytest.mark.parametrize(
    "turtle",
    [
        ":S :p [ :q [ :r 1 ] , ( 1 2 ( 3 ) ) ] ; :long "
        + " , ".join(f'"{"x" * 30} {n}"@en' for n in range(6))
        + " .",
        ":S :in ( " + " ".join(f"<http://e/a-rather-long-name-{n}>" for n in range(9)) + " ) .",
        ':S :p "a\\"b\\n" , "é"@fr , 1.50 , 1e3 , true , "1"^^:d , <http://e/a/b> , () , [] .',
        ":S :p ( [ :q ( [ :q () ] ) ] ) .",
    ],
)
def test_an_excerpt_is_the_graph_again(turtle: str) -> None:
    header = "PREFIX : <http://e/> "
    quads = list(parse(header + turtle, RdfFormat.TURTLE))
    text = shape_text(NamedNode("http://e/S"), Shapes(quads), {"": "http://e/"})
    again = parse(header + text, RdfFormat.TURTLE)
    assert formats.serialize(again, "nquads", {}) == formats.serialize(quads, "nquads", {})
    assert all(len(line) < 110 for line in text.splitlines())


def test_an_excerpt_of_what_goes_in_a_circle_ends() -> None:
    prop, start = NamedNode("http://e/p"), BlankNode("b")
    circle = [Quad(NamedNode("http://e/S"), prop, start), Quad(start, prop, start)]
    assert shape_text(NamedNode("http://e/S"), Triples(circle), {}).count("[") == 2
