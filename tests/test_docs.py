"""Documents are right: commands run as shown, links lead somewhere, commands and settings are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import CHECKOUT, Runner, blocks, programs

from kg.cli.main import COMMANDS
from kg.workspace import KNOWN

DOCUMENTS = [
    CHECKOUT / "README.md",
    CHECKOUT / "CONTRIBUTING.md",
    CHECKOUT / "CHANGELOG.md",
    *sorted((CHECKOUT / "docs").rglob("*.md")),
    *sorted((CHECKOUT / "examples").glob("*/README.md")),
]
RUN = ["README.md", "docs/tutorial.md"]


@pytest.mark.parametrize("name", RUN)
def test_a_document_runs_as_it_says(name: str, tmp_path: Path) -> None:
    runner = Runner.make(tmp_path)
    ran = runner.run((CHECKOUT / name).read_text(encoding="utf-8"))
    assert len(ran) > 3


def test_the_programs_of_the_page_on_python_run_as_it_says(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    document = (CHECKOUT / "docs" / "api.md").read_text(encoding="utf-8")
    assert len(programs(document)) > 5
    Runner.make(tmp_path).run(document)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(CHECKOUT).as_posix())
def test_links_lead_to_files(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    lost = [link for link in links if "://" not in link and not (path.parent / link).exists()]
    assert not lost


def test_every_setting_is_documented() -> None:
    text = (CHECKOUT / "docs" / "commands.md").read_text(encoding="utf-8")
    section = text.partition("## Settings of a workspace")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, flags=re.M)) == set(KNOWN)


def test_every_command_of_a_document_exists() -> None:
    wrong = [
        f"{path.name}: kg {verb}"
        for path in DOCUMENTS
        for block in blocks(path.read_text(encoding="utf-8"))
        if block.lang in ("sh", "console", "powershell")
        for verb in re.findall(r"(?:^|[$&|;]\s*|\brun )kg (?:-C \S+ )?([a-z]+)", block.body, flags=re.M)
        if verb not in COMMANDS
    ]
    assert wrong == []


def test_the_readme_is_short_and_begins_with_the_two_commands() -> None:
    lines = (CHECKOUT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 190
    assert [line.split("#")[0].strip() for line in lines if line.startswith("make ")][:2] == [
        "make demo",
        "make test",
    ]
    assert lines.index(next(line for line in lines if line.startswith("make "))) < 12
