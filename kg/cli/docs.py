"""`kg docs`: write the reference of the workspace as Markdown."""

from __future__ import annotations

from pathlib import Path

import click

from kg import build, manual, questions, vacuity
from kg.cli.main import EXIT_CODES, Settings
from kg.cli.output import put
from kg.errors import InputError
from kg.places import Place
from kg.workspace import Workspace


@click.command(hidden=True)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, folder: Path) -> int:
    """Write the reference of the workspace into DIR: commands, exit codes, rules, terms, questions.

    Pages that are there are written anew.
    """
    settings = ctx.find_object(Settings)
    assert settings is not None
    group = ctx.find_root().command
    assert isinstance(group, click.Group)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise InputError.at(Place(str(folder)), f"cannot be written: {exc.strerror}") from exc
    for name, text in pages(settings.workspace, group).items():
        put(text, folder / name)
    return 0


def pages(workspace: Workspace, group: click.Group) -> dict[str, str]:
    """File name → text of each page of the reference."""
    onto = build.ontology_of(workspace)
    rules = vacuity.all_rules(onto.shapes, build.naming(workspace, onto))
    asked = map(questions.read, workspace.questions().values())
    others = {kind: map(questions.read, workspace.queries(kind).values()) for kind in ("networks", "checks")}
    return {
        "commands.md": manual.commands(group),
        "exit-codes.md": manual.exit_codes(EXIT_CODES),
        "questions.md": manual.questions(asked, others),
        "rules.md": manual.rules(rules.values()),
        "terms.md": manual.terms(onto),
    }
