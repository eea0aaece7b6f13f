"""The reference docs: the pages kept are those written anew, and nothing is missing in them."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import whole
from bees import Bees
from pyoxigraph import Literal, NamedNode

from kg import build, questions, vacuity
from kg.cli.docs import pages
from kg.cli.main import COMMANDS, EXIT_CODES, HIDDEN, cli, run
from kg.context import Kind
from kg.manual import markdown
from kg.names import RDFS, SKOS
from kg.rules.axioms import short

FOLDER = whole.ROOT / "docs" / "reference"
LABELS = (RDFS + "label", SKOS + "prefLabel")


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """The pages as they stand in the folder."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir())}


def sections(page: str, level: int = 2) -> dict[str, str]:
    """Head → text of each section of a page, at one level or above."""
    parts = re.split(rf"^#{{2,{level}}} (.*)$", page, flags=re.M)
    return {head.replace("\\", ""): body for head, body in zip(parts[1::2], parts[2::2], strict=True)}


def cells(text: str) -> list[list[str]]:
    """The rows of the tables in `text`, without their heads."""
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("|")]
    rules = [n for n, row in enumerate(rows) if set("".join(row)) == {"-"}]
    heads = {n - 1 for n in rules} | set(rules)
    return [[cell.strip() for cell in row] for n, row in enumerate(rows) if n not in heads]


def test_the_pages_are_those_that_are_written_anew(kept: dict[str, str]) -> None:
    fresh = pages(whole.workspace(), cli)
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


def test_hidden_commands_run_and_are_not_listed(
    kept: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--help"]) == 0
    listed = capsys.readouterr().out
    for name in HIDDEN:
        assert run([name, "--help"]) == 0
        assert f"## {name}" not in kept["commands.md"] and f"  {name} " not in listed


def test_every_exit_code_is_there(kept: dict[str, str]) -> None:
    assert cells(kept["exit-codes.md"]) == [[str(code), meaning] for code, meaning in EXIT_CODES.items()]


def test_every_rule_is_there(kept: dict[str, str]) -> None:
    onto = whole.onto()
    rules = vacuity.all_rules(onto.shapes, build.naming(whole.workspace(), onto))
    found = {row[0].strip("`"): row for row in cells(kept["rules.md"])}
    assert rules.keys() == found.keys()
    for name, rule in rules.items():
        said = [rule.title(), rule.severity.level, re.sub(r"{\w+}", "…", rule.demand()), rule.reason()]
        assert found[name][1:] == [markdown.text(each) for each in said]


def test_every_term_is_there_with_its_labels_in_all_languages(kept: dict[str, str]) -> None:
    onto, found = whole.onto(), sections(kept["terms.md"], 3)
    named = {row[0].strip("`") for row in cells(found["Declared by name alone"])}
    wanted = {short(iri, onto.prefixes): iri for iri in onto.classes | onto.properties}
    assert named | {head for head in found if ":" in head} == wanted.keys()
    for quad in (*onto.terms, *onto.axioms):
        if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, Literal):
            continue
        here = found.get(short(quad.subject.value, onto.prefixes), "")
        if quad.subject.value in wanted.values() and quad.predicate.value in LABELS:
            assert markdown.text(quad.object.value) in here
        if quad.subject.value in wanted.values() and quad.predicate.value == SKOS + "definition":
            assert markdown.text(quad.object.value) in here


def test_every_code_is_there_in_its_list(kept: dict[str, str]) -> None:
    onto, found = whole.onto(), sections(kept["terms.md"], 3)
    for scheme, codes in onto.schemes.items():
        rows = {row[0].strip("`"): row[1] for row in cells(found[scheme.rsplit("/", 1)[-1]])}
        assert list(rows) == [code.rsplit("/", 1)[-1] for code in codes]
        for code in codes:
            for lang in ("en", "da", "nb", "sv"):
                label = markdown.text(onto.label(code, lang))
                assert label in rows[code.rsplit("/", 1)[-1]]
    assert {code for codes in onto.schemes.values() for code in codes} == onto.concepts


def test_every_key_of_case_files_is_there(kept: dict[str, str]) -> None:
    page = kept["terms.md"]
    for key, entry in whole.onto().context.entries.items():
        if entry.kind not in (Kind.ID, Kind.CLASS):
            assert re.search(rf"(in files: |; |\| )`{key}`, ", page), key


def test_every_question_is_there_with_columns_and_parameters(kept: dict[str, str]) -> None:
    workspace, found = whole.workspace(), sections(kept["questions.md"])
    for name, path in workspace.questions().items():
        question = questions.read(path)
        assert all(markdown.text(text) in found[name] for text in question.texts.values())
        assert [row[0].strip("`") for row in cells(found[name])] == list(question.columns)
        assert re.findall(r"`(\w+)` \(", found[name].partition("- parameters:")[2]) == list(
            question.parameters
        )
    for kind in ("networks", "checks"):
        rows = [row[0].strip("`") for row in cells(found[kind.capitalize()])]
        assert rows == list(workspace.queries(kind))


def test_another_domain_has_its_own_reference(bees: Bees, tmp_path: Path) -> None:
    assert bees("docs", str(tmp_path / "out" / "reference")).code == 0
    made = {
        path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out" / "reference").iterdir()
    }
    assert set(made) == {path.name for path in FOLDER.iterdir()}
    assert "Welche Völker hatten Milben" in made["questions.md"]
    assert "**heather** · de: Heide" in made["terms.md"]
    assert "`Finding.count` | count | error | must be a whole number, 0 or more" in made["rules.md"]


def test_a_folder_that_cannot_be_written_is_told(bees: Bees, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    said = bees("docs", str(file))
    assert (said.code, said.err.count("\n")) == (3, 1)
    assert "cannot be written: File exists" in said.err


def test_what_looks_like_markdown_is_not_taken_for_it() -> None:
    assert markdown.text("*a* | [b](c) `d` _e_ f_g") == r"\*a\* \| \[b\](c) \`d\` \_e\_ f_g"
    assert markdown.table(["a"], [[markdown.code("x | y")]]).splitlines()[-1] == r"| `x \| y` |"
