"""Proofs: sound, minimal, and back to the words; and why something does not hold."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from bees import CASE, HIVE, NS, TABLES, Bees, bee
from hypothesis import HealthCheck, given, settings, strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple
from test_rules import turtle
from test_rules_generated import DECLARED, axioms, facts

from kg import build, questions, rows, rules
from kg.names import ID, RDF
from kg.proofs import Ground, Proof, leaves, prove_row, prove_triple
from kg.proofs.lacks import Reasons
from kg.proofs.session import Session
from kg.rules import Rules
from kg.workspace import Workspace

TYPE = NamedNode(RDF + "type")


def closure(given: list[Triple], compiled: Rules) -> set[Triple]:
    quads = [Quad(t.subject, t.predicate, t.object) for t in given]
    return {*given, *(one.triple for one in rules.infer(quads, compiled).triples)}


def is_built(proof: Proof, compiled: Rules) -> bool:
    """Whether each step of a proof is one that its rule makes from what stands right below it."""
    return all(
        step.triple in closure([premise.triple for premise in step.premises], compiled)
        for step in proof.walk()
        if step.rule
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(axioms, min_size=3, max_size=8), st.lists(facts, min_size=4, max_size=9))
def test_premises_give_the_conclusion_and_none_can_be_left_out(axioms: list[str], facts: list[str]) -> None:
    asserted = {quad.triple for quad in turtle("\n".join(facts))}
    compiled = rules.compile(turtle(DECLARED + "\n".join(axioms)))
    ground = Ground.of(asserted, compiled)
    inferred = closure(sorted(asserted, key=str), compiled) - asserted
    for triple in sorted(inferred, key=str)[:6]:
        proof = prove_triple(ground, triple)
        assert proof is not None
        assert proof.leaves <= asserted
        assert is_built(proof, compiled)
        few = sorted(proof.leaves, key=str)
        assert triple in closure(few, compiled)
        for left in few:
            assert triple not in closure([t for t in few if t != left], compiled)


def test_what_does_not_hold_has_no_proof() -> None:
    ground = Ground.of({Triple(bee("a"), TYPE, bee("B"))}, rules.compile([]))
    assert prove_triple(ground, Triple(bee("a"), TYPE, bee("C"))) is None


def test_the_shortest_of_several_proofs_is_shown_and_the_others_are_counted() -> None:
    compiled = rules.compile(
        turtle(":A rdfs:subClassOf :Z . :B rdfs:subClassOf :C . :C rdfs:subClassOf :Z .")
    )
    given = {quad.triple for quad in turtle(":i a :A , :B .")}
    (triple,) = (quad.triple for quad in turtle(":i a :Z ."))
    proof = prove_triple(Ground.of(given, compiled), triple)
    assert proof
    assert [premise.triple for premise in proof.premises] == [q.triple for q in turtle(":i a :A .")]
    assert proof.others == 1


def test_a_proof_of_thousands_of_ways_is_found() -> None:
    """Each of sixty links is in two hierarchies: 2^60 proofs, of which one is shown."""
    chain = "".join(f":C{n} rdfs:subClassOf :D{n} , :E{n} . :D{n} rdfs:subClassOf :C{n + 1} . "
                    f":E{n} rdfs:subClassOf :C{n + 1} . " for n in range(20))  # fmt: skip
    (start,) = (quad.triple for quad in turtle(":i a :C0 ."))
    (goal,) = (quad.triple for quad in turtle(":i a :C20 ."))
    proof = prove_triple(Ground.of({start}, rules.compile(turtle(chain))), goal)
    assert proof
    assert proof.leaves == {start}
    assert proof.others == 1


def test_what_two_steps_need_is_one_proof() -> None:
    """Each class follows from two that follow from the one before: written out, 2^40 lines."""
    text = "".join(
        f":C{n} rdfs:subClassOf :D{n} , :E{n} . "
        f"[ a owl:Class ; owl:intersectionOf ( :D{n} :E{n} ) ] rdfs:subClassOf :C{n + 1} . "
        for n in range(40)
    )
    (start,) = (quad.triple for quad in turtle(":i a :C0 ."))
    (goal,) = (quad.triple for quad in turtle(":i a :C40 ."))
    proof = prove_triple(Ground.of({start}, rules.compile(turtle(text))), goal)
    assert proof and proof.leaves == {start}
    assert sum(1 for _ in proof.walk()) == 121


def test_ways_are_counted_also_where_there_are_thousands() -> None:
    compiled = rules.compile(turtle(":p rdfs:domain :A ."))
    given = {
        quad.triple for quad in turtle(" , ".join([":i :p :v0", *(f":v{n}" for n in range(1, 3000))]) + " .")
    }
    (goal,) = (quad.triple for quad in turtle(":i a :A ."))
    proof = prove_triple(Ground.of(given, compiled), goal)
    assert proof and len(proof.leaves) == 1
    assert proof.others == 2999


def test_a_proof_is_found_also_where_too_much_lies_behind() -> None:
    """Behind the ends of a chain of a hundred lie five thousand pairs; each link is needed."""
    compiled = rules.compile(turtle(":s a owl:TransitiveProperty ."))
    given = {quad.triple for quad in turtle("".join(f":n{n} :s :n{n + 1} ." for n in range(100)))}
    (goal,) = (quad.triple for quad in turtle(":n0 :s :n100 ."))
    proof = prove_triple(Ground.of(given, compiled), goal)
    assert proof and proof.leaves == given
    assert is_built(proof, compiled)


@pytest.fixture
def session(bees: Bees) -> Session:
    workspace = Workspace.load(bees.folder)
    return Session(workspace, build.ensure(workspace))


@pytest.mark.parametrize("name", TABLES)
def test_the_premises_of_a_row_give_it_and_none_can_be_left_out(session: Session, name: str) -> None:
    names, compiled = session.workspace.names, session.ground.rules
    question = questions.read(session.workspace.questions()[name])
    answer = questions.ask(question, session.store, names)
    assert answer.rows
    for row in answer.rows[:3]:
        proof = prove_row(session.ground, question, row, question.bind({}, names))
        assert proof
        few = sorted(leaves(proof.premises), key=str)
        assert all(session.ground.is_asserted(leaf) for leaf in few)
        assert all(is_built(premise, compiled) for premise in proof.premises)
        assert gives(few, compiled, question, row)
        for left in few:
            assert not gives([leaf for leaf in few if leaf != left], compiled, question, row)


def gives(given: list[Triple], compiled: Rules, question: questions.Question, row: rows.Row) -> bool:
    store = Ground.of(given, compiled).store
    return row in rows.rows_of(questions.ask(question, store))


# --- as people meet them -----------------------------------------------------------------


def test_a_class_is_explained_back_to_the_words(bees: Bees) -> None:
    said = bees("explain", "hive-three-2021", "InfestedYear")
    assert said.code == 0
    assert said.lines[0] == "Hive three in 2021 (hive-three-2021) is a “year with mites”"
    assert (
        "since: if X is a “year of a colony”, X “showed” Y and Y is a “finding of mites”, then X is a “year"
        in said.out
    )
    line = bees.read(HIVE).splitlines().index("      mites:") + 1
    assert re.search(rf"“finding” .*\[{re.escape(HIVE)}:{line}:7\]", said.out)
    assert "“fourteen mites on the board”" in said.out
    assert "271–298" in said.out
    assert re.search(r"\d+ assertions give it, and none can be left out", said.out)


@pytest.mark.parametrize(
    "words",
    [
        ("hive-three-2021", "infested-year"),
        ("year with mites", "hive-three-2021"),
        (CASE + "hive-three-2021", NS + "InfestedYear"),
        ("hive-three-2021", "a", "bee:InfestedYear"),
    ],
)
def test_nodes_and_classes_go_by_any_of_their_names(bees: Bees, words: tuple[str, ...]) -> None:
    assert bees("explain", *words).out == bees("explain", "hive-three-2021", "InfestedYear").out


def test_a_value_is_explained(bees: Bees) -> None:
    said = bees("explain", "colony/three", "stoodAt", "apiary/heath")
    assert said.code == 0
    assert "since: A colony stood where its stay is sure" in said.out
    assert "“I moved hive three to the heath”" in said.out
    asserted = bees("explain", "hive-three-2021/harvests/lime", "kilos", "11.5")
    assert asserted.lines[0].endswith(f"“kilos” “11.5”   [{HIVE}:37:12]")


def test_a_row_is_explained_by_its_key_and_its_number(bees: Bees) -> None:
    table = bees("query", "treated-mites", "--keys", "-f", "csv").out.splitlines()
    assert table[0].startswith("key,year,")
    key = table[3].split(",")[0]
    by_key, by_number = (bees("explain", "treated-mites", "--row", row) for row in (key, "3"))
    assert by_key.out == by_number.out
    assert by_key.code == 0
    assert key in by_key.lines[0]
    assert "“Thymol went in for the mites”" in by_key.out


def test_the_key_of_a_row_is_the_same_in_a_new_build(own: Bees) -> None:
    keyed = ("query", "treated-mites", "--keys", "-f", "csv")
    before = own(*keyed).out
    own.change(HIVE, "kilos: 19", "kilos: 20")
    assert own("-q", "build").code == 0
    assert own(*keyed).out == before
    own.change(HIVE, "count: 14", "count: 15")
    after = own(*keyed).out
    assert len(set(before.splitlines()) - set(after.splitlines())) == 1


def test_all_rows_are_explained_by_the_query(bees: Bees) -> None:
    said = bees("query", "colonies-on-a-plant", "--explain", "-f", "json")
    found = json.loads(said.out)
    assert len(found) == 2
    assert all(each["assertions"] > 3 and each["proofs"] for each in found)
    top = found[0]["proofs"][0]
    assert set(top["triple"]) == {"subject", "predicate", "object"}


def test_the_sentence_is_shown_where_the_text_is_at_hand(own: Bees) -> None:
    asked = ("explain", "hive-three-2021", "InfestedYear")
    sentence = (
        " in: In the middle of April I found fourteen mites on the board under hive three after one night."
    )
    assert sentence in own(*asked).out
    (own.folder / "texts/heath-diary.txt").unlink()
    without = own(*asked)
    assert "“fourteen mites on the board”" in without.out
    assert " in: " not in without.out


def test_an_explanation_is_told_in_the_readers_language(bees: Bees) -> None:
    said = bees("explain", "hive-three-2021", "InfestedYear", "--lang", "da")
    assert "hvis X er en" in said.out
    assert "kan undværes" in said.out


def test_a_picture_is_well_formed_and_says_all(bees: Bees) -> None:
    assert bees("explain", "hive-three-2021", "InfestedYear", "-o", "proof.svg").code == 0
    root = ET.fromstring(bees.read("proof.svg"))
    (bees.folder / "proof.svg").unlink()
    assert (root.get("aria-labelledby"), root.get("lang")) == ("what how", "en")
    assert "is a “year with mites”" in (root.findtext("{http://www.w3.org/2000/svg}title") or "")
    assert "assertions give it" in (root.findtext("{http://www.w3.org/2000/svg}desc") or "")
    titles = [title.text or "" for title in root.iter("{http://www.w3.org/2000/svg}title")]
    told = bees("explain", "hive-three-2021", "InfestedYear", "-f", "json").out
    assert len(titles) >= told.count('"triple"') > 5
    assert any("fourteen mites" in title for title in titles)
    boxes = [
        int(box.get("x", 0)) + int(box.get("width", 0))
        for box in root.iter("{http://www.w3.org/2000/svg}rect")
    ]
    assert max(boxes) <= int(root.get("width", 0))


def test_markdown_is_a_nested_list(bees: Bees) -> None:
    lines = bees("explain", "hive-three-2021", "InfestedYear", "-f", "markdown").out.splitlines()
    assert lines[0].startswith("## ")
    assert all(re.match(r" *- ", line) for line in lines[2:-2] if line)


def test_a_finding_is_explained(own: Bees) -> None:
    own.change(HIVE, "count: 14", "count: -3")
    line = own.read(HIVE).splitlines().index("        count: -3") + 1
    said = own("explain", f"{HIVE}:{line}")
    assert said.code == 0
    assert f"{HIVE}:{line}:16 must be a whole number, 0 or more" in said.lines[0]
    assert "“count” “-3”" in said.out
    assert "is a “finding”" in said.out
    nothing = own("explain", f"{HIVE}:1")
    assert (nothing.code, nothing.out) == (2, "")
    assert "no finding of a shape points at this line" in nothing.err


# --- why not -----------------------------------------------------------------------------


def test_what_does_not_hold_is_told_with_what_would_make_it_hold(bees: Bees) -> None:
    said = bees("explain", "hive-three-2021/treatments/heath", "AcidTreatment")
    assert said.code == 1
    assert said.lines[0].endswith("is a “treatment with acid”: does not hold")
    assert "holds: hive-three-2021/treatments/heath is a “treatment”" in said.out
    assert "missing: thymol is a “kind of acid”" in said.out
    wanted = said.out.split("it would hold with:\n")[1]
    assert "“broader”" in wanted


def test_of_what_could_be_anything_the_rule_is_told(bees: Bees) -> None:
    said = bees("explain", "colony/two", "InfestedYear")
    assert said.code == 1
    told = [line.strip() for line in said.out.splitlines()]
    at = told.index("missing: Y is a “finding of mites”")
    assert told[at + 1] == "if X “sign” “mites”, then X is a “finding of mites”"
    at = told.index("missing: Hive two (colony/two) “showed” Y")
    assert told[at + 1] == "if X “inspection” Y and Y “finding” Z, then X “showed” Z"


def test_a_text_has_no_properties_of_its_own(session: Session) -> None:
    """By the inverse of the property the text would have one."""
    goal = (NamedNode(ID + "colony/two"), bee("stoodAt"), Literal("nowhere"))
    lack = Reasons(session.ground).of(goal)
    assert not any(isinstance(subject, Literal) for subject, _, _ in lack.wanted)


def test_what_is_wanted_makes_it_hold(session: Session) -> None:
    """What the explanation asks for is put into the graph, and the goal holds: nothing more was missing."""
    goals = [
        (NamedNode(CASE + "hive-three-2021/treatments/heath"), bee("AcidTreatment")),
        (NamedNode(ID + "colony/two"), bee("HeathColony")),
        (NamedNode(CASE + "hive-one-2021/findings/none"), bee("InfestedYear")),
    ]
    given = {quad.triple for quad in session.store if quad.graph_name != session.ground.inferred}
    met = 0
    for node, cls in goals:
        lack = Reasons(session.ground).of((node, TYPE, cls))
        wanted = {
            Triple(*pattern) for pattern in lack.wanted if all(isinstance(p, NamedNode) for p in pattern)
        }
        if len(wanted) < len(lack.wanted):
            continue
        assert Ground.of(given | wanted, session.ground.rules).holds(Triple(node, TYPE, cls))
        met += 1
    assert met


def test_a_class_is_looked_for_within_a_case(bees: Bees) -> None:
    said = bees("explain", "--why-not", "AcidTreatment", "hive-three-2021")
    assert said.code == 2, "its treatment of midwinter is one"
    assert "it holds: hive-three-2021/treatments/midwinter is a “treatment with acid”" in said.err
    said = bees("explain", "hive-three-2021", "AcidTreatment")
    assert said.code == 0
    assert said.out.startswith("hive-three-2021/treatments/midwinter is a “treatment with acid”\n")


def test_a_row_that_is_not_there_is_told_with_what_lacks(own: Bees) -> None:
    own.change(HIVE, "        sign: mites\n", "        sign: chalkbrood\n")
    own.change(HIVE, "    against: mites\n", "")
    said = own("explain", "--why-not", "treated-mites", "hive-three-2021", "-f", "json")
    assert said.code == 1
    found = json.loads(said.out)
    assert found["would"] == ["hive-three-2021/inspections/april/findings/mites “sign” “mites”"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["treated-mites", "--row", "00000000"], "the answer to treated-mites has no row “00000000”"),
        (["treated-mites", "--row", "99"], "has no row “99”"),
        (["treated-mites"], "name a row with --row"),
        (["data/cases/nowhere.yaml:3"], "there is no file “data/cases/nowhere.yaml”; look at its name"),
        (["hive-tree-2021", "InfestedYear"], "did you mean “hive-three-2021”?"),
        (["hive-three-2021", "InfestdYear"], "there is no class “InfestdYear”"),
        (["--why-not", "InfestdYear", "hive-three-2021"], "there is no class “InfestdYear”; did you mean"),
        (["--why-not", "xx", "hive-three-2021"], "there is no class “xx”; use one of "),
        (["hive-three-2021", "coloni", "x"], "did you mean “colony”?"),
        (["hive-three-2021", "colony", "colony/thre"], "there is no node “colony/thre”"),
        (["hive-three-2021", "stood-at", "nowhere"], "there is no node “nowhere”"),
        (["--why-not", "treated-mites", "hive-three-2021"], "has a row with hive-three-2021"),
        (["a", "b", "c", "d"], "it takes two words"),
        (["a", "b", "--row", "1"], "--row goes with one question"),
        (["hive-three-2021", "InfestedYear", "-f", "png"], "no format “png”"),
    ],
)
def test_what_cannot_be_explained_is_refused(bees: Bees, args: list[str], told: str) -> None:
    said = bees("explain", *args)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
