"""A newcomer's way: a workspace, a case in it, a first answer. What is written reads; nothing is lost."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from documents import Block, blocks

from kg import build, cases, scaffold, shapes, sources
from kg.cli.main import run
from kg.errors import InputError, UsageError
from kg.evidence import cues
from kg.workspace import Workspace

CHECKOUT = Path(__file__).parent.parent
TEXT = "Here are a few words.\r\nMore of them.\n"


@cache
def packaged() -> Workspace:
    return Workspace.load(CHECKOUT)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A new workspace with one source text."""
    scaffold.workspace(tmp_path / "ours", packaged())
    (tmp_path / "ours" / "sources" / "a-case.txt").write_bytes(TEXT.encode())
    return Workspace.load(tmp_path / "ours")


def read_all(space: Workspace) -> build.Asserted:
    return build.read(space, build.ontology_of(space))


# --- kg init


def test_a_workspace_builds_on_the_packaged_one_and_has_no_cases(space: Workspace) -> None:
    assert space.extends is not None and space.extends.root == CHECKOUT
    assert space.cases() == []
    assert space.questions().keys() == packaged().questions().keys()
    assert space.languages == packaged().languages
    assert build.ontology_of(space).terms


def test_no_placeholder_is_left_in_it(space: Workspace) -> None:
    left = [p for p in space.root.rglob("*") if p.is_file() and "{{" in p.read_text(encoding="utf-8")]
    assert left == []


@pytest.mark.parametrize(
    ("name", "base"), [("ours", "https://example.org/ours/"), ("Blå bog", "https://example.org/blaa-bog/")]
)
def test_its_base_is_made_of_the_name_of_the_folder(tmp_path: Path, name: str, base: str) -> None:
    scaffold.workspace(tmp_path / name, packaged())
    assert Workspace.load(tmp_path / name).base == base


def test_git_ignores_texts_and_builds_and_keeps_the_folders(space: Workspace) -> None:
    subprocess.run(["git", "init", "-q", str(space.root)], check=True)
    (space.root / "build").mkdir()
    (space.root / "build" / "graph.nq").touch()
    status = subprocess.run(
        ["git", "-C", str(space.root), "status", "--short", "-uall"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "sources/.gitkeep" in status and "data/cases/.gitkeep" in status
    assert "a-case.txt" not in status and "build" not in status


@pytest.mark.parametrize("there", ["kg.toml", "something.txt"])
def test_a_folder_in_use_is_refused(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"already|not empty"):
        scaffold.workspace(tmp_path, packaged())
    assert [p.name for p in tmp_path.iterdir()] == [there]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="this is a file"):
        scaffold.workspace(tmp_path / "file", packaged())


@pytest.mark.parametrize(
    "base", ["example.org/", "https://example.org/ours", 'https://example.org/"/', "https://a b/"]
)
def test_a_base_that_is_none_is_refused_before_anything_is_written(tmp_path: Path, base: str) -> None:
    with pytest.raises(UsageError, match="is no base"):
        scaffold.workspace(tmp_path / "ours", packaged(), base)
    assert not (tmp_path / "ours").exists()


def test_a_term_of_ones_own_works_as_its_readme_shows(space: Workspace) -> None:
    for block in blocks((space.root / "ontology" / "README.md").read_text(encoding="utf-8")):
        assert block.file
        file = space.root / "ontology" / block.file
        file.parent.mkdir(exist_ok=True)
        file.write_text(block.body, encoding="utf-8")
    onto = build.ontology_of(space)

    def rules(addresses: str) -> set[str]:
        text = f"id: a\nsources: [b]\ntitle: {{en: A}}\ncoded-by: coder-1\naddresses: {addresses}\n"
        document = cases.read_text(text, "a.yaml", onto, space.names)
        return {v.rule for v in shapes.validate(document.quads, onto.shapes).violations}

    assert "Project.addresses" in rules("0") and "Project.addresses" in rules("many")
    assert "Project.addresses" not in rules("41")
    said = "She is confident that it works"
    near = cues.load(space.words()).of("en").near(said, (said.index("it works"), len(said)))
    assert [each.kind for each in near] == ["expectation"]


# --- kg new


def test_a_frame_reads_without_faults(space: Workspace) -> None:
    made = scaffold.case(space, "a-case", title="A: “case”", lang="da")
    asserted = read_all(space)
    assert asserted.faults == []
    assert asserted.cases == {"a-case": made.case}
    assert any(
        getattr(q.object, "language", None) == "da" and q.object.value == "A: “case”" for q in asserted.quads
    )


def test_a_source_has_the_length_and_the_hash_of_its_text(space: Workspace) -> None:
    made = scaffold.case(space, "a-case")
    assert made.source is not None
    said = made.source.read_text(encoding="utf-8")
    text = sources.Text(TEXT)
    assert f"sha256: {text.sha256}\nlength: {len(text.text)}\n" in said


def test_without_the_text_length_and_hash_are_left_out(space: Workspace) -> None:
    made = scaffold.case(space, "a-case", source="elsewhere")
    assert made.text is None and made.source is not None
    assert not re.search("^(sha256|length)", made.source.read_text(encoding="utf-8"), flags=re.M)
    assert "sources: [elsewhere]" in made.case.read_text(encoding="utf-8")


def test_each_section_of_the_frame_reads_once_its_comment_signs_are_gone(space: Workspace) -> None:
    made = scaffold.case(space, "a-case")
    text = made.case.read_text(encoding="utf-8")
    text, count = re.subn(r"^# (?=  |[a-z-]+:$|start:|silent-on:|memo:)", "", text, flags=re.M)
    made.case.write_text(text.replace("dk-0000", "dk-0101"), encoding="utf-8")
    for table in (
        b for b in blocks((space.root / "README.md").read_text(encoding="utf-8")) if b.lang == "csv"
    ):
        name = "organisation" if "organisation/" in table.body.splitlines()[1].split(",")[0] else "platform"
        body = table.body.replace("my-case", "a-case")
        (space.root / "data" / "reference" / f"{name}.csv").write_text(body, encoding="utf-8")
    assert count > 40
    assert run(["-q", "-C", str(space.root), "evidence", "--fix"]) == 0
    asserted = read_all(space)
    assert asserted.faults == []
    kinds = {q.object.value.rpartition("#")[2] for q in asserted.quads if str(q.predicate).endswith("#type>")}
    assert kinds >= {
        "Involvement",
        "Introduction",
        "Role",
        "RoleFunction",
        "RoleGroup",
        "NetworkActivity",
        "Outcome",
    }


def test_a_source_that_is_described_is_left_as_it_is(space: Workspace) -> None:
    first = scaffold.case(space, "a-case")
    assert first.source is not None
    first.source.write_text("mine", encoding="utf-8")
    second = scaffold.case(space, "another-case", source="a-case")
    assert second.source is None
    assert first.source.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".ttl"])
def test_a_case_that_is_there_is_not_overwritten(space: Workspace, suffix: str) -> None:
    there = space.root / "data" / "cases" / f"a-case{suffix}"
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="already"):
        scaffold.case(space, "a-case")
    assert there.read_text(encoding="utf-8") == "mine"
    assert list((space.root / "data" / "sources").glob("*.yaml")) == []


@pytest.mark.parametrize(
    ("id", "near"), [("A Case", "a-case"), ("blå", "blaa"), ("../a", "a"), ("", "small letters")]
)
def test_an_id_that_is_none_is_refused_with_one_that_is(space: Workspace, id: str, near: str) -> None:
    with pytest.raises(UsageError, match=near):
        scaffold.case(space, id)
    assert space.cases() == []


def test_a_language_that_the_workspace_has_not_is_refused(space: Workspace) -> None:
    with pytest.raises(UsageError, match="“no” is no language of this workspace; known: en, da, nb"):
        scaffold.case(space, "a-case", lang="no")


def test_a_workspace_may_have_a_template_of_its_own(space: Workspace) -> None:
    own = space.root / "ontology" / "templates" / "case.yaml"
    own.parent.mkdir()
    own.write_text("id: {{id}}\nsources: [{{source}}]\nnothing: {{unknown}}\n", encoding="utf-8")
    made = scaffold.case(space, "a-case")
    assert made.case.read_text(encoding="utf-8") == "id: a-case\nsources: [a-case]\n"


def test_without_a_template_it_is_said_where_one_belongs(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"templates/case\.yaml: no template here"):
        scaffold.case(Workspace.load(tmp_path), "a-case")


def test_outside_of_a_workspace_no_case_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["new", "a-case"]) == 2
    assert "there is no workspace here; make one with: kg init DIR" in capsys.readouterr().err


# --- the commands


def test_from_an_empty_folder_to_a_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "ours"]) == 0
    monkeypatch.chdir(tmp_path / "ours")
    assert run(["new", "a-case"]) == 0
    said = capsys.readouterr()
    assert "kg.toml" in said.out
    assert said.out.endswith("data/cases/a-case.yaml\ndata/sources/a-case.yaml\n")
    assert "no text sources/a-case.txt" in said.err
    assert run(["init", "."]) == 2


def test_the_demo_tells_its_steps_and_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shutil.copytree(
        CHECKOUT / "examples" / "havlunde", tmp_path / "ours", ignore=shutil.ignore_patterns("build")
    )
    assert run(["-C", str(tmp_path / "ours"), "demo", "--lang", "da"]) == 0
    said = capfd.readouterr()
    assert "Tagrør Digital" in said.out and "uddannede mentorerne" in said.out
    assert re.search(r"^marks\b", said.out, re.M)  # as kg query has it
    for step in ("reading", "inferring", "checking", "storing", "try next"):
        assert step in said.err


def test_a_demo_that_is_no_question_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "kg.toml").write_text('extends = "casegraph"\ndemo = "nothing"\n', encoding="utf-8")
    assert run(["-C", str(tmp_path), "demo"]) == 4
    assert "demo names no question: “nothing”" in capsys.readouterr().err


def test_python_dash_m_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "--version"], capture_output=True, text=True, cwd=CHECKOUT, check=True
    )
    assert done.stdout.startswith("kg")


def test_blocks_of_a_document_name_their_files() -> None:
    text = "`a/b.ttl`:\n\n```turtle\n.\n```\n\nNo file:\n\n```sh\nls\n```\n"
    assert list(blocks(text)) == [Block("turtle", ".\n", "a/b.ttl", 3), Block("sh", "ls\n", None, 9)]
