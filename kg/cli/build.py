"""`kg build`: read, infer, validate and store the graph."""

from __future__ import annotations

import click

from kg import build, rules
from kg.cli.main import Settings
from kg.cli.output import put, tell
from kg.profile import FORMS, Profile
from kg.workspace import Workspace


@click.command()
@click.option("--no-validate", is_flag=True, help="Store the graph without checking it against the shapes.")
@click.option("--lang", default="en", help="The language of findings.", show_default=True)
@click.option("--profile", is_flag=True, help="Tell what each stage cost, and each rule of what follows.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(FORMS),
    default="text",
    help="Of the profile.",
    show_default=True,
)
@click.pass_obj
def command(settings: Settings, no_validate: bool, lang: str, profile: bool, form: str) -> int:
    """Build the graph of the workspace: read, infer, validate, store.

    A graph with errors is not stored: the last good build stays. Exits with 1 then, and with 3
    if a file cannot be read.
    """
    workspace: Workspace = settings.workspace
    cost = Profile(settings.progress)
    with rules.watched() as cost.costs:
        attempt = build.build(workspace, cost.progress, check=not no_validate, say=settings.say)
    cost.stop()
    if profile:
        put(cost.render(form), None)
    if attempt.built is None:
        code = tell(attempt, workspace, lang)
        settings.say("not stored; the last good build, if there is one, is kept")
        return code
    settings.say(build.told(attempt.built))
    return 0
