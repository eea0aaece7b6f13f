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
@click.option("--diff", "looking", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.pass_obj
def command(
    settings: Settings, files: tuple[Path, ...], folder: Path | None, fix: bool, looking: bool
) -> int:
    """Check that each quote in FILES, or in all case files, stands in its source, and where.

    A quote is found whatever its spaces, hyphens at line ends, quotation marks and accents are made of;
    --fix then writes the source's own characters. An ellipsis is refused. A quote around which a word such
    as “not” or “expects” stands is told, unless its statement is graded so.

    Without the texts, the lock (data/evidence.lock) is checked instead. Exits with 1 if anything
    is to be looked at, or with --diff to be written, with 3 if a file cannot be read.
    """
    workspace: Workspace = settings.workspace
    examined = evidence.examine(workspace, files, folder)
    if looking:
        lines = "".join(evidence.diff(examined))
        click.echo(lines, nl=False)
        settings.say(examined.told())
        return 1 if lines else 0
    if fix:
        examined = evidence.fix(examined)
    found = examined.findings()
    for finding in found:
        click.echo(str(finding))
    settings.say(examined.told())
    return 1 if found else 0
