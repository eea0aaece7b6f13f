"""`kg build`: read, infer, validate and store the graph."""

from __future__ import annotations

import click

from kg import build
from kg.cli.main import Settings
from kg.cli.output import tell
from kg.workspace import Workspace


@click.command()
@click.option("--no-validate", is_flag=True, help="Store the graph without checking it against the shapes.")
@click.option("--lang", default="en", help="The language of findings.", show_default=True)
@click.pass_obj
def command(settings: Settings, no_validate: bool, lang: str) -> int:
    """Build the graph of the workspace: read, infer, validate, store.

    A graph with errors is not stored: the last good build stays. Exits with 1 then, and with 3
    if a file cannot be read.
    """
    workspace: Workspace = settings.workspace
    attempt = build.build(workspace, settings.progress, check=not no_validate, say=settings.say)
    if attempt.built is None:
        code = tell(attempt, workspace, lang)
        settings.say("not stored; the last good build, if there is one, is kept")
        return code
    settings.say(build.told(attempt.built))
    return 0
