"""`kg diff`: what differs between two states of a graph, and which changes make answers differ."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from bees import FIVE, HERE, HIVE, Bees

from kg import diff, questions
from kg.diff.causes import Trial
from kg.workspace import Workspace

OLD = str(HERE)


def git(folder: Path, *args: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *args], check=True, capture_output=True)


def test_the_same_files_do_not_differ(own: Bees) -> None:
    said = own("diff", OLD)
    assert (said.code, said.out) == (0, "no difference\n")


def test_a_value_that_changed_is_told_with_the_answers_that_it_changes(own: Bees) -> None:
    own.change(HIVE, "kilos: 11.5", "kilos: 12")
    said = own("diff", OLD)
    assert said.code == 1
    assert said.out == (
        "hive-three-2021\n"
        "  ~ harvests/lime: kilos 11.5 → 12\n"
        "\n"
        "honey-by-apiary: How many kilos of honey did each apiary give?\n"
        "  ~ The orchard · 1: kilos 11.5 → 12\n"
        "      because hive-three-2021 harvests/lime: kilos 11.5 → 12\n"
        "\n"
        "1 statement in 1 place differ, and 1 row of 1 answer\n"
    )


def test_a_row_is_due_to_the_changes_that_alone_bring_it(own: Bees) -> None:
    """Two of three changes are needed for a row; the third only stands beside them."""
    own.change(HIVE, "count: 14", "count: 15")
    own.change(HIVE, "kilos: 19", "kilos: 20")
    own.change(HIVE, "until: 2021-08-05", "until: 2021-09-20")
    own.change(
        HIVE,
        "    apiary: apiary/heath\n    from: 2021-08-05",
        "    apiary: apiary/heath\n    from: 2021-09-20",
    )
    workspace = Workspace.find(None)
    before, after = diff.load(OLD, workspace), diff.load(".", workspace)
    asked = questions.read(workspace.questions()["honey-by-apiary"])
    found = diff.compare(before, after, [asked])
    causes = {
        (row.added, row.row[0].value[-7:]): {str(c.prop)[-7:-1] for c in row.cause} for row in found.answers
    }
    assert len(found.answers) == 3, "the orchard has both harvests now, and the heath none"
    assert all("count" not in part for cause in causes.values() for part in cause)
    trial = Trial(before, after)
    for row in found.answers:
        wanted = row.added
        one_by_one = [(change,) for change in row.cause]
        assert one_by_one, "a cause is found"
        assert (row.row in trial.rows(asked, one_by_one)) == wanted
        for left in one_by_one:
            rest = [unit for unit in one_by_one if unit is not left]
            assert (row.row in trial.rows(asked, rest)) != wanted, "none of its changes can be left out"


def test_a_new_case_and_one_that_is_gone_are_told_as_such(own: Bees) -> None:
    text = own.read(HIVE).replace("name: hive-three-2021", "name: hive-nine-2021")
    own.write("data/cases/hive-nine-2021.yaml", text)
    (own.folder / FIVE).unlink()
    said = own("diff", OLD, "-f", "json")
    found = json.loads(said.out)
    assert said.code == 1
    assert found["cases"] == {"removed": ["hive-five-2021"], "added": ["hive-nine-2021"]}
    assert {"added", "removed"} == {change["kind"] for change in found["changes"]}
    lost = [
        row for row in found["answers"] if row["question"] == "treated-mites" and row["kind"] == "removed"
    ]
    assert [row["row"]["count"]["value"] for row in lost] == ["22"]
    groups = {found["changes"][at]["group"] for row in lost for at in row["because"]}
    assert groups == {"case/hive-five-2021"}
    assert "+ hive-nine-2021\n  new, with " in own("diff", OLD).out


def test_words_of_a_source_are_told_where_the_evidence_moved(own: Bees) -> None:
    own.change(
        HIVE, "{quote: about nineteen kilos, at: [636, 656]}", "{quote: nineteen kilos, at: [642, 656]}"
    )
    said = own("diff", OLD)
    assert (
        "evidence “about nineteen kilos” (heath-diary 636–656) → “nineteen kilos” (heath-diary 642–656)"
        in said.out
    )
    assert "1 statement in 1 place differ, and no answer does" in said.out


def test_commits_builds_and_files_are_compared(own: Bees) -> None:
    git(own.folder, "init", "-q")
    git(own.folder, "add", ".")
    git(own.folder, "commit", "-qm", "first")
    assert own("-q", "build").code == 0
    shutil.copytree(own.folder / "build", own.folder / "kept")
    assert own("-q", "export", "-o", "old.nq").code == 0
    Path("old").mkdir()
    shutil.copy(own.folder / HIVE, "old")
    own.change(HIVE, "kilos: 19", "kilos: 20")
    told = "  ~ harvests/heather: kilos 19 → 20\n"
    for before, after in (
        ("HEAD", "."),
        ("kept", "."),
        ("kept/current", "."),
        ("old.nq", "."),
        ("old/hive-three-2021.yaml", HIVE),
        (".", "HEAD"),
    ):
        said = own("diff", before, after, "--no-answers")
        assert (said.code, said.err) == (1, "")
        assert "1 statement in 1 place differ\n" in said.out
        assert (told if after != "HEAD" else told.replace("19 → 20", "20 → 19")) in said.out


def test_rules_that_changed_are_told_with_the_answers_that_they_change(own: Bees) -> None:
    git(own.folder, "init", "-q")
    git(own.folder, "add", ".")
    git(own.folder, "commit", "-qm", "first")
    own.change("ontology/axioms.ttl", "bee:near a owl:SymmetricProperty .", "")
    own.change("ontology/shortcuts.ttl", "bee:certainty certainty:sure", "bee:certainty certainty:other")
    said = own("diff", "HEAD")
    assert (said.code, said.err) == (1, "")
    assert said.lines[:3] == ["rules", "  - bee:near a owl:SymmetricProperty", "  ~ bee:stoodAtShortcut"]
    found = json.loads(own("diff", "HEAD", "-f", "json").out)
    assert found["rules"] == {"bee:near a owl:SymmetricProperty": "removed", "bee:stoodAtShortcut": "changed"}
    assert found["changes"] == [] and found["answers"], "no colony stood anywhere for sure"
    assert "      because the rules differ" in said.lines
    assert said.lines[-1].startswith("2 rules and 0 statements in 0 places differ, and ")


def test_a_file_without_named_graphs_is_compared_with_all_that_follows(own: Bees) -> None:
    assert own("-q", "export", "-o", "old.ttl").code == 0
    assert own("diff", "old.ttl", ".", "--no-answers").out == "no difference\n"
    own.change(HIVE, "kilos: 19", "kilos: 20")
    assert "kilos 19 → 20" in own("diff", "old.ttl", ".", "--no-answers").out


def test_markdown_has_headings_and_lists(own: Bees) -> None:
    own.change(HIVE, "kilos: 19", "kilos: 20")
    assert own("diff", OLD, "-o", "found.md").code == 1
    lines = own.read("found.md").splitlines()
    assert lines[:3] == ["## hive-three-2021", "", "- ~ harvests/heather: kilos 19 → 20"]


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["no-such"], 2, "there is no file, folder or commit “no-such”"),
        (["data"], 2, "is neither a workspace nor a build"),
        (["empty.ttl"], 3, "says nothing"),
        (["hive-x.yaml"], 3, "hive-x.yaml:2:1"),
        ([OLD, "-f", "yaml"], 2, "no format “yaml”"),
    ],
)
def test_what_cannot_be_compared_is_refused(own: Bees, args: list[str], code: int, told: str) -> None:
    own.write("empty.ttl", "")
    own.write("hive-x.yaml", "name: hive-x\nkilo: 3\n")
    own.change(HIVE, "kilos: 19", "kilos: 20")
    said = own("diff", *args)
    assert said.code == code
    assert told in said.err
    assert not said.out
