"""`kg new`: write the frame of a case file, and of the description of its source."""

from __future__ import annotations

from pathlib import Path

import click

from kg import scaffold
from kg.cli.main import Settings
from kg.errors import UsageError
from kg.workspace import Workspace


@click.command()
@click.argument("id")
@click.option(
    "--source", metavar="NAME", help="The source; its text is sources/NAME.txt. Without it, as the case."
)
@click.option("--title", metavar="TEXT", help="The title of the case.")
@click.option(
    "--lang", metavar="TAG", help="The language of title and text; the workspace's first if not given."
)
@click.pass_obj
def command(settings: Settings, id: str, source: str | None, title: str | None, lang: str | None) -> int:
    """Write the frame of a new case file, data/cases/ID.yaml, and of its source.

    Comments in the frame say what goes where; nothing that exists is overwritten.
    """
    workspace: Workspace = settings.workspace
    if settings.directory is None and not Path.cwd().resolve().is_relative_to(workspace.root.resolve()):
        raise UsageError.at(None, "there is no workspace here", "make one with: kg init DIR")
    made = scaffold.case(workspace, id, source, title, lang)
    for path in (made.case, made.source):
        if path:
            click.echo(workspace.relative(path))
    if made.text is None and made.source:
        missing = workspace.relative(
            (workspace.sources or workspace.root / "sources") / f"{source or id}.txt"
        )
        settings.say(f"no text {missing}: its sha256 and length are left out, and quotes cannot be checked")
    settings.say("next: fill in both files, then\n  kg evidence --fix\n  kg validate\n  kg build")
    return 0
