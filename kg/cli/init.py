"""`kg init`: make a workspace of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from kg import scaffold
from kg.cli.main import Settings
from kg.workspace import Workspace, packaged


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--base", metavar="IRI", help="What the IRIs of your cases begin with, such as https://example.org/ours/."
)
@click.pass_obj
def command(settings: Settings, directory: Path, base: str | None) -> int:
    """Make a workspace of your own in DIR, a new or an empty folder.

    It builds on the packaged ontology, reference data and questions, and has none of the packaged cases.
    """
    target = settings.directory / directory if settings.directory else directory
    made = scaffold.workspace(target, Workspace.load(packaged()), base)
    click.echo(scaffold.tree(made, target), nl=False)
    here = target.as_posix()
    settings.say(f"next: put a text into {here}/sources/ID.txt, and then\n  kg -C {here} new ID")
    return 0
