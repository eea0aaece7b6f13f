"""`kg docs`: write the reference of the workspace as Markdown."""

from __future__ import annotations

from pathlib import Path

import click

from kg import build, checking, manual, questions
from kg.cli.main import EXIT_CODES, Settings
from kg.cli.output import put
from kg.errors import InputError
from kg.manual import ontology
from kg.places import Place
from kg.workspace import Workspace

KINDS = ("networks", "checks", "checks/ontology")
"""The folders of queries beside the questions."""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--lang",
    default="en",
    show_default=True,
    help="The language of the ontology's pages: en, da, nb, nn, sv.",
)
@click.pass_context
def command(ctx: click.Context, folder: Path, lang: str) -> int:
    """Write the reference of the workspace into DIR, as pages of Markdown.

    DIR/ontology has the terms with their labels, axioms, shapes and questions in words, and two diagrams;
    DIR/reference the commands, exit codes, rules beside the shapes, and questions. Pages that are there are
    written anew.
    """
    settings = ctx.find_object(Settings)
    assert settings is not None
    group = ctx.find_root().command
    assert isinstance(group, click.Group)
    found = pages(settings.workspace, group, lang)
    try:
        for path in {(folder / name).parent for name in found}:
            path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise InputError.at(Place(str(folder)), f"cannot be written: {exc.strerror}") from exc
    for name, text in found.items():
        put(text, folder / name)
    return 0


def pages(workspace: Workspace, group: click.Group, lang: str = "en") -> dict[str, str]:
    """Path → text of each page of the reference."""
    onto = build.ontology_of(workspace)
    rules = checking.all_rules(onto.shapes, build.naming(workspace, onto))
    material = ontology.Material.of(workspace, lang)
    asked = [questions.read(path) for path in workspace.questions().values()]
    others = {kind: map(questions.read, workspace.queries(kind).values()) for kind in KINDS}
    reference = {
        "commands.md": manual.commands(group),
        "exit-codes.md": manual.exit_codes(EXIT_CODES),
        "questions.md": manual.questions(asked, others, material.named),
        "rules.md": manual.rules(rules.values()),
    }
    found = {f"ontology/{name}": text for name, text in ontology.pages(material).items()}
    return found | {f"reference/{name}": text for name, text in reference.items()}
