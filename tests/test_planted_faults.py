"""Faults planted by hand in a real case are all told in one run, each at its line and column.

Those of reading do not hide those that the shapes find, nor one another; what only follows is not told.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from bees import Bees
from reading import ROOT

CASE = "data/cases/soroe-monday.yaml"
HERE = "¦"
"""Stands in what is planted where the fault has to be told; it does not get into the file."""

Plant = tuple[str, str, str, str]
"""What stands in the file, what takes its place, the rule, and words of what is told."""

PLANTED: dict[str, Plant] = {
    "unknown key": ("frequency: P1W", f"{HERE}frequncy: P1W", "input", "did you mean “frequency”?"),
    "bad code": ("grade: hoped", f"grade: {HERE}hopd", "input", "did you mean “hoped”?"),
    "bad date": ("coded-on: 2026-11-21", f"coded-on: {HERE}2026-11-31", "Coding.codedOn", "must be one day"),
    "reversed interval": ("period: 2023-23", f"period: {HERE}2024/2023", "input", "ends before it starts"),
    "negative count": ("holders: 2", f"holders: {HERE}-2", "RoleGroup.holders", "a whole number, 0 or more"),
    "source that is missing": (
        "at: [1818, 1847]",
        f"at: [1818, 1847], source: {HERE}aety-soro",
        "input",
        "mean “aety-soroe”?",
    ),
    "dangling reference": ("about: phases/pilot", f"about: {HERE}phases/pilots", "input", "“phases/pilots”"),
    "unknown entity": (
        "platform: platform/monday-com",
        f"platform: {HERE}platform/monday",
        "input",
        "no shared entity",
    ),
    "wrong type": (
        'label: {en: "Pilot project"}',
        f"label: {HERE}Pilot project",
        "input",
        "say in which language",
    ),
    "duplicate key": (
        "counted-among: statements/participants",
        f"counted-among: statements/participants\n    {HERE}role: roles/superuser",
        "input",
        "stands here twice",
    ),
    "quote too long": (
        "{quote: de to superbrugere, at: [1518, 1536]}",
        f"{{quote: {HERE}en to tre fire fem seks syv otte ni ti elleve tolv tretten, at: [1518, 1576]}}",
        "input",
        "13 words",
    ),
    "quote of another length": ("at: [1156, 1188]", f"at: [{HERE}1156, 1187]", "input", "the length 31"),
    "no evidence": (
        "  train:\n        function: trains-colleagues\n        realisation: intended\n",
        f"  {HERE}help:\n        function: trains-colleagues\n      train:\n"
        "        function: trains-colleagues\n        realisation: intended\n",
        "Assertion.grounded",
        "must have evidence",
    ),
    "no grade": (
        "accessible-data:\n    grade: claimed\n",
        f"{HERE}accessible-data:\n",
        "Outcome.grade",
        "be given once",
    ),
    "value of the wrong kind": (
        "    value: 10\n",
        f"    value: {HERE}ten\n",
        "Figure.value",
        "must be one number",
    ),
    "nothing said": ("style: train-the-trainer", f"style:{HERE}", "input", "is empty"),
    "no key": ("  internal-use:", f"  {HERE}Internal use:", "input", "write “internal-use”"),
    "no such language": ("da: de første måneder", f"{HERE}fr: les premiers mois", "input", "“fr”"),
    "what is reckoned from the value of the wrong kind": (
        "  two-of-ten:\n",
        f"  {HERE}two-of-ten:\n",
        "Recomputation.complete",
        "each with one figure",
    ),
}


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bees:
    """A copy of this workspace, the current folder."""
    for part in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "kg.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return Bees(tmp_path, capsys)


def planted(text: str) -> tuple[str, dict[tuple[int, int], str]]:
    """The text with all faults, and at which line and column which of them stands."""
    for name, (old, new, _, _) in PLANTED.items():
        assert text.count(old) == 1, f"{name}: {old!r} stands {text.count(old)} times"
        text = text.replace(old, new.replace(HERE, f"{HERE}{name}{HERE}"))
    parts = text.split(HERE)
    places: dict[tuple[int, int], str] = {}
    for at in range(1, len(parts), 2):
        before = "".join(parts[0:at:2])
        places[before.count("\n") + 1, len(before) - before.rfind("\n")] = parts[at]
    return "".join(parts[::2]), places


def test_all_planted_faults_are_told_in_one_run_each_at_its_place(real: Bees) -> None:
    text, places = planted(real.read(CASE))
    real.write(CASE, text)
    said = real("validate", CASE, "-f", "jsonl")
    assert said.code == 1
    found = [each for each in map(json.loads, said.out.splitlines()) if each["severity"] == "error"]
    told = {(each["places"][0]["line"], each["places"][0]["column"]): each for each in found}
    rules = {place: each["rule"] for place, each in told.items()}
    assert rules == {place: PLANTED[name][2] for place, name in places.items()}
    for place, name in places.items():
        assert PLANTED[name][3] in told[place]["message"], name
    assert len(found) == len(places) == len(PLANTED)
