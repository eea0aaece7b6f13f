"""What follows after an edit is what follows from the start: triples, steps and clashes."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
import whole
from hypothesis import HealthCheck, given, settings, strategies as st
from pyoxigraph import NamedNode, Quad, Store, Triple
from test_rules import PREFIXES, ex, turtle
from test_rules_generated import DECLARED, axioms, facts
from test_rules_naive import aims, constructs, numbers, shortcuts

from kg import rules
from kg.rules import Change, Clash, Inference, Rules, Step

INFERRED = NamedNode("http://example.org/inferred")
gently = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Kept:
    """A store that is inferred once, and then only maintained."""

    def __init__(self, compiled: Rules, quads: Iterable[Quad]) -> None:
        self.rules, self.asserted = compiled, set(quads)
        found = rules.infer(self.asserted, compiled)
        self.trace, self.clashes = found.trace(), set(found.clashes)
        self.store = Store()
        self.store.extend([*self.asserted, *found.quads(INFERRED)])

    def edit(self, removed: Iterable[Quad], added: Iterable[Quad]) -> Change:
        removed, added = list(removed), list(added)
        before = dict(self.trace)
        change = rules.maintain(self.store, self.rules, self.trace, removed, added, inferred=INFERRED)
        self.asserted = (self.asserted - set(removed)) | set(added)
        self.clashes = (self.clashes - set(change.settled)) | set(change.clashes)
        assert not set(change.settled) & set(change.clashes)
        self.check(before, change)
        return change

    def check(self, before: dict[Triple, Step], change: Change) -> None:
        anew = rules.infer(self.asserted, self.rules)
        expected = anew.trace()
        assert self.trace == expected
        assert set(self.store) == {*self.asserted, *anew.quads(INFERRED)}
        assert self.clashes == set(anew.clashes)
        assert steps(change.removed) == {t: s for t, s in before.items() if t not in expected}
        assert steps(change.added) == {t: s for t, s in expected.items() if t not in before}
        differ = {t: s for t, s in expected.items() if t in before and s != before[t]}
        assert steps(change.retraced) == differ


def steps(found: Iterable[Inference]) -> dict[Triple, Step]:
    return {each.triple: Step(each.rule.name, each.round) for each in found}


some = facts | facts | numbers
graphs = st.sampled_from(["", "", ":g"])
edits = st.lists(
    st.tuples(st.lists(st.integers(0, 40), max_size=3), st.lists(st.tuples(some, graphs), max_size=3)),
    min_size=1,
    max_size=4,
)


def quads(said: Iterable[tuple[str, str]]) -> list[Quad]:
    return [quad for text, graph in said for quad in turtle(f"{graph} {{ {text} }}" if graph else text)]


def go_through(kept: Kept, said: list[tuple[list[int], list[tuple[str, str]]]]) -> None:
    for gone, come in said:
        known = sorted(kept.asserted, key=str)
        removed = [known[at % len(known)] for at in gone if known]
        kept.edit(removed, [quad for quad in quads(come) if quad not in removed])


@gently
@given(st.lists(axioms, min_size=3, max_size=12), st.lists(some, min_size=6, max_size=16), edits)
def test_axioms_are_maintained(said: list[str], data: list[str], changes: list):
    compiled = rules.compile(turtle(DECLARED + "\n".join(said)), (), PREFIXES)
    go_through(Kept(compiled, turtle("\n".join(data))), changes)


@gently
@given(
    st.lists(st.tuples(constructs, aims), min_size=1, max_size=3),
    st.lists(axioms, max_size=4),
    st.lists(some, min_size=12, max_size=30),
    edits,
)
def test_shortcuts_are_maintained(
    queries: list[tuple[str, str]], said: list[str], data: list[str], changes: list
):
    compiled = rules.compile(turtle(DECLARED + "\n".join(said)), shortcuts(queries), PREFIXES)
    go_through(Kept(compiled, turtle("\n".join(data))), changes)


def test_the_graph_of_the_cases_is_maintained():
    """Cases and parts of them go and come back, and parts of the reference data and of the terms too."""
    asserted = whole.graph().asserted.quads
    lots = random.Random(4)
    kept = Kept(whole.compiled(), asserted)
    names = sorted({quad.graph_name for quad in whole.case_quads()}, key=str)
    everything = sorted(asserted, key=str)
    for part in (
        [quad for quad in asserted if quad.graph_name == names[0]],
        [quad for quad in asserted if quad.graph_name == names[3]][::2],
        lots.sample(sorted(whole.case_quads(), key=str), 40),
        lots.sample(everything, 60),
    ):
        before = dict(kept.trace)
        assert kept.edit(part, []).removed
        kept.edit([], part)
        assert kept.trace == before


def test_what_supports_itself_goes():
    """A circle of classes does not hold up what nothing holds up any more."""
    compiled = rules.compile(turtle(":A owl:equivalentClass :B . :C rdfs:subClassOf :A ."), (), PREFIXES)
    kept = Kept(compiled, turtle(":i a :C ."))
    assert len(kept.trace) == 2
    assert len(kept.edit(turtle(":i a :C ."), []).removed) == 2


def test_what_another_node_still_gives_stays():
    """Both of :i and :j say that :new comes for :old, and neither stands in what follows from that."""
    query = "CONSTRUCT { ?new :for ?old } WHERE { $this :says ?s . ?s :new ?new ; :old ?old }"
    compiled = rules.compile([], shortcuts([(query, "")]), PREFIXES)
    said = [turtle(f":{n} a :A ; :says :{n}1 . :{n}1 :new :new ; :old :old .") for n in "ij"]
    kept = Kept(compiled, [*said[0], *said[1]])
    assert kept.edit(said[0], []) == Change()
    assert len(kept.edit(said[1], []).removed) == 1


def test_only_what_depends_on_the_change_is_told():
    compiled = rules.compile(turtle(":A rdfs:subClassOf :B ."), (), PREFIXES)
    kept = Kept(compiled, turtle(":i a :A . :j a :A ."))
    change = kept.edit(turtle(":i a :A ."), turtle(":k a :A , :B ."))
    assert [str(each.triple.subject) for each in change.removed] == [str(ex("i"))]
    assert (change.added, change.retraced) == ((), ())


def test_clashes_come_and_go():
    compiled = rules.compile(turtle(":A rdfs:subClassOf :B . :B owl:disjointWith :C ."), (), PREFIXES)
    kept = Kept(compiled, turtle(":i a :C ."))
    clash = Clash(ex("i"), ex("B"), ex("C"), ":B owl:disjointWith :C")
    assert kept.edit([], turtle(":i a :A .")).clashes == (clash,)
    assert kept.edit(turtle(":i a :C ."), []).settled == (clash,)


def test_graphs_beside_are_not_read():
    compiled = rules.compile(turtle(":A rdfs:subClassOf :B ."), (), PREFIXES)
    store = Store()
    store.extend(turtle(":about { :i a :A . }"))
    change = rules.maintain(
        store, compiled, {}, [], turtle(":j a :A ."), inferred=INFERRED, beside=[ex("about")]
    )
    assert [each.triple.subject for each in change.added] == [ex("j")]


def test_an_edit_of_what_is_inferred_is_refused():
    quad = Quad(ex("i"), ex("p"), ex("j"), INFERRED)
    with pytest.raises(ValueError, match="asserted graphs"):
        rules.maintain(Store(), Rules(), {}, [], [quad], inferred=INFERRED)
