"""The reference docs: the pages kept are those written anew, and nothing is missing in them."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import whole
from bees import Bees

from kg import build, checking, questions
from kg.cli.docs import pages
from kg.cli.main import COMMANDS, EXIT_CODES, cli
from kg.manual import markdown

FOLDER = whole.ROOT / "docs" / "reference"


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """The pages as they stand in the folder."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir())}


def sections(page: str) -> dict[str, str]:
    """Head → text of each section of a page."""
    parts = re.split("^## (.*)$", page, flags=re.M)
    return {head.replace("\\", ""): body for head, body in zip(parts[1::2], parts[2::2], strict=True)}


def cells(text: str) -> list[list[str]]:
    """The rows of the tables in `text`, without their heads."""
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("|")]
    rules = [n for n, row in enumerate(rows) if set("".join(row)) == {"-"}]
    heads = {n - 1 for n in rules} | set(rules)
    return [[cell.strip() for cell in row] for n, row in enumerate(rows) if n not in heads]


def test_the_pages_are_those_that_are_written_anew(kept: dict[str, str]) -> None:
    made = pages(whole.workspace(), cli)
    fresh = {name.removeprefix("reference/"): made[name] for name in made if name.startswith("reference/")}
    assert list(kept) == list(fresh)
    stale = [name for name in fresh if fresh[name] != kept[name]]
    assert not stale, "write them anew with: make docs"


def test_every_command_and_every_option_is_there(kept: dict[str, str]) -> None:
    found = sections(kept["commands.md"])
    assert list(found) == ["Before the command", *COMMANDS]
    context = click.Context(cli, info_name="kg")
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command and f"kg {name}" in found[name]
        wanted = {o for p in command.params if isinstance(p, click.Option) and not p.hidden for o in p.opts}
        assert wanted == set(
            re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", " ".join(r[0] for r in cells(found[name])))
        )
    assert {"-h", "--help", "-V", "--version", "-C", "-q", "--quiet"} <= set(
        re.findall(r"--?\w+", found["Before the command"])
    )


def test_every_exit_code_is_there(kept: dict[str, str]) -> None:
    assert cells(kept["exit-codes.md"]) == [[str(code), meaning] for code, meaning in EXIT_CODES.items()]


def test_every_rule_that_no_shape_states_is_there(kept: dict[str, str]) -> None:
    onto = whole.onto()
    rules = checking.all_rules(onto.shapes, build.naming(whole.workspace(), onto))
    beside = {name: rule for name, rule in rules.items() if rule.shape is None}
    found = {row[0].strip("`"): row for row in cells(kept["rules.md"])}
    assert beside.keys() == found.keys()
    for name, rule in beside.items():
        said = [rule.title(), rule.severity.level, re.sub(r"{\w+}", "…", rule.demand()), rule.reason()]
        assert found[name][1:] == [markdown.text(each) for each in said]


def test_every_question_is_there_with_columns_and_parameters(kept: dict[str, str]) -> None:
    workspace, found = whole.workspace(), sections(kept["questions.md"])
    for name, path in workspace.questions().items():
        question = questions.read(path)
        assert all(markdown.text(text) in found[name] for text in question.texts.values())
        assert [row[0].strip("`") for row in cells(found[name])] == list(question.columns)
        assert re.findall(r"`(\w+)` \(", found[name].partition("- parameters:")[2]) == list(
            question.parameters
        )
    for kind, head in (
        ("networks", "Networks"),
        ("checks", "Checks"),
        ("checks/ontology", "Checks of the ontology"),
    ):
        rows = [row[0].strip("`") for row in cells(found[head])]
        assert rows == list(workspace.queries(kind))


def test_another_domain_has_its_own_reference(bees: Bees, tmp_path: Path) -> None:
    assert bees("docs", str(tmp_path / "out")).code == 0
    made = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out/reference").iterdir()}
    assert set(made) == {path.name for path in FOLDER.iterdir()}
    assert "Welche Völker hatten Milben" in made["questions.md"]


def test_a_folder_that_cannot_be_written_is_told(bees: Bees, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    said = bees("docs", str(file))
    assert (said.code, said.err.count("\n")) == (3, 1)
    assert "cannot be written: Not a directory" in said.err


def test_what_looks_like_markdown_is_not_taken_for_it() -> None:
    assert markdown.text("*a* | [b](c) `d` _e_ f_g") == r"\*a\* \| \[b\](c) \`d\` \_e\_ f_g"
    assert markdown.table(["a"], [[markdown.code("x | y")]]).splitlines()[-1] == r"| `x \| y` |"
