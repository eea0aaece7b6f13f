"""`kg evidence`: check quotes against their sources, and write their places."""

from __future__ import annotations

from pathlib import Path

import click

from kg import evidence
from kg.cli.main import Settings
from kg.workspace import Workspace


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--sources", "folder", type=click.Path(path_type=Path), help="The folder of the source texts.")
@click.option(
    "--fix", is_flag=True, help="Write the place of each quote (“at”) into the case files, and the lock."
)
@click.pass_obj
def command(settings: Settings, files: tuple[Path, ...], folder: Path | None, fix: bool) -> int:
    """Check that each quote in FILES, or in all case files, stands in its source, and where.

    Without the texts, the lock (data/evidence.lock) is checked instead. Exits with 1 if anything
    is to be looked at, with 3 if a file cannot be read.
    """
    workspace: Workspace = settings.workspace
    examined = evidence.examine(workspace, files, folder)
    if fix:
        examined = evidence.fix(examined)
    found = examined.findings()
    for finding in found:
        click.echo(str(finding))
    settings.say(examined.told())
    return 1 if found else 0
