"""The hooks and the jobs of docs/ci.md: they are well-formed, and the commands in them run as they stand."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from bees import HERE as BEES
from documents import blocks

from kg.cli.main import run

ROOT = Path(__file__).parent.parent
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
EXAMPLES = [
    yaml.safe_load(b.body) for b in blocks((ROOT / "docs" / "ci.md").read_text("utf-8")) if b.lang == "yaml"
]
TYPES = {
    "id": str, "name": str, "description": str, "entry": str, "language": str, "files": str,
    "pass_filenames": bool,
}  # fmt: skip
ONTOLOGY = "<urn:p> a <http://www.w3.org/2002/07/owl#DatatypeProperty> ."
SHAPES = "PREFIX sh: <http://www.w3.org/ns/shacl#>\n<urn:S> sh:targetNode <urn:a> ; sh:nodeKind sh:IRI .\n"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with some RDF of another kind beside it."""
    folder = shutil.copytree(BEES, tmp_path / "w")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    return folder


@pytest.fixture
def rdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Some RDF and shapes, and no workspace."""
    files = {"data/a.ttl": "<urn:a> <urn:p> 1 .", "shapes.ttl": SHAPES, "ontology.ttl": ONTOLOGY}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "vocabularies").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- hooks -------------------------------------------------------------------------------


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_has_what_pre_commit_asks_for(hook: dict[str, Any]) -> None:
    assert {"id", "name", "entry", "language"} <= hook.keys()
    assert all(isinstance(value, TYPES[key]) for key, value in hook.items())
    re.compile(hook["files"])


def hook(name: str) -> dict[str, Any]:
    return next(each for each in HOOKS if each["id"] == name)


@pytest.mark.parametrize(("name", "file", "wanted"), [
    ("kg-validate", "data/cases/a.yaml", True), ("kg-validate", "sub/kg.toml", True),
    ("kg-validate", "docs/a.md", False), ("kg-validate", "metadata/a.yaml", False),
    ("kg-fix", "data/cases/a.yaml", True), ("kg-fix", "data/cases/a.ttl", False),
    ("kg-validate-rdf", "x/a.ttl", True), ("kg-validate-rdf", "a.ttl.txt", False),
])  # fmt: skip
def test_a_hook_runs_for_its_files(name: str, file: str, wanted: bool) -> None:
    assert bool(re.search(hook(name)["files"], file)) == wanted


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("name", ["kg-validate", "kg-fix", "kg-evidence"])
def test_a_hook_of_a_workspace_runs(name: str) -> None:
    assert run(hook(name)["entry"].split()[1:]) == 0


# --- what the page shows ---------------------------------------------------------------------


def steps(example: Any) -> Iterator[str]:
    """The commands of a job, or of the jobs of a workflow."""
    if isinstance(example, dict):
        for key, value in example.items():
            if key == "run":
                yield value
            elif key == "script":
                yield from value
            else:
                yield from steps(value)
    elif isinstance(example, list):
        for each in example:
            yield from steps(each)


def kg(command: str) -> list[str]:
    """The arguments of a `kg` command, without where its output goes."""
    return shlex.split(command.partition(">>")[0])[1:]


COMMANDS = [step for example in EXAMPLES for step in steps(example) if step.startswith("kg ")]


def test_the_page_shows_commands_of_both_kinds() -> None:
    assert len(COMMANDS) == 5
    assert sum("--shapes" in command for command in COMMANDS) == 1


@pytest.mark.parametrize("command", [c for c in COMMANDS if "--shapes" not in c])
def test_a_step_for_a_workspace_passes_and_fails_as_it_should(workspace: Path, command: str) -> None:
    assert run(kg(command)) == (1 if "--fail-on warning" in command else 0)
    case = workspace / "data" / "cases" / "hive-three-2021.yaml"
    case.write_text(case.read_text("utf-8").replace("thymol", "thymo"), "utf-8")
    assert run(kg(command)) == 1
    if "sarif" in command:
        assert json.loads((workspace / "findings.sarif").read_text("utf-8"))["runs"][0]["results"]


@pytest.mark.parametrize("command", [c for c in COMMANDS if "--shapes" in c])
def test_a_step_for_any_rdf_passes_and_fails_as_it_should(rdf: Path, command: str) -> None:
    assert run(kg(command)) == 0
    (rdf / "shapes.ttl").write_text(SHAPES.replace("sh:IRI", "sh:Literal"), "utf-8")
    assert run(kg(command)) == 1


def test_the_job_for_github_has_what_it_asks_for() -> None:
    [workflow] = [example for example in EXAMPLES if "jobs" in example]
    assert workflow.keys() == {"name", True, "permissions", "jobs"}, "YAML reads `on` as true"
    for job in workflow["jobs"].values():
        assert job["runs-on"]
        for step in job["steps"]:
            assert len(step.keys() & {"uses", "run"}) == 1
            assert step.keys() <= {"name", "if", "uses", "run", "with"}
            assert "uses" not in step or re.fullmatch(r"[\w-]+(/[\w-]+)+@v\d+", step["uses"])
    findings = [step["with"]["sarif_file"] for step in job["steps"] if "sarif_file" in step.get("with", {})]
    assert findings == ["findings.sarif"] and any("-o findings.sarif" in command for command in COMMANDS)


def configured() -> Iterator[tuple[str, dict[str, Any]]]:
    for example in EXAMPLES:
        for repo in example.get("repos", ()):
            yield from ((each["id"], each) for each in repo["hooks"])


@pytest.mark.usefixtures("workspace")
def test_hooks_that_the_page_configures_exist_and_take_their_arguments() -> None:
    chosen = dict(configured())
    assert chosen.keys() == {each["id"] for each in HOOKS}
    for name in ("kg-fix", "kg-validate", "kg-evidence"):
        assert run([*hook(name)["entry"].split()[1:], *chosen[name].get("args", ())]) == 0


def test_the_hook_for_any_rdf_takes_its_arguments(rdf: Path) -> None:
    args = [*hook("kg-validate-rdf")["entry"].split()[1:], *dict(configured())["kg-validate-rdf"]["args"]]
    assert run([*args, "data/a.ttl"]) == 0
    (rdf / "shapes.ttl").write_text(SHAPES.replace("sh:IRI", "sh:Literal"), "utf-8")
    assert run([*args, "data/a.ttl"]) == 1
