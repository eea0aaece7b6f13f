"""`kg validate`: check case files against the SHACL shapes."""

from __future__ import annotations

from pathlib import Path

import click

from kg import build
from kg.cli.main import Settings
from kg.errors import InputError
from kg.places import Place
from kg.workspace import Workspace


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--lang", default="en", show_default=True, help="The language of messages: en, da, nb, nn or sv."
)
@click.pass_obj
def command(settings: Settings, files: tuple[Path, ...], lang: str) -> int:
    """Check FILES, or all case files of the workspace, against the SHACL shapes.

    Prints a line for each finding: file, line, column, what must be, and the rule.
    Exits with 1 if there are errors, with 3 if a file cannot be read.
    """
    workspace: Workspace = settings.workspace
    chosen = list(files) or workspace.cases()
    if not chosen:
        raise InputError.at(
            Place(workspace.relative(workspace.root / "data" / "cases")),
            "no case file here",
            "write one with: kg new ID",
        )
    graph = build.assemble(workspace, settings.progress, chosen)
    settings.progress(f"checking {len(graph.quads):,} statements against the shapes")
    onto = build.ontology_of(workspace)
    report = build.validate(workspace, onto, graph)
    click.echo(report.text(lang, build.naming(workspace, onto)))
    return 0 if report.conforms else InputError.exit_code if graph.asserted.faults else 1
