"""`kg build`: read, infer, validate and store the graph."""

from __future__ import annotations

import click

from kg.cli.main import Settings


@click.command()
@click.option("--no-validate", is_flag=True, help="Store the graph without checking it against the shapes.")
@click.option("--lang", default="en", help="The language of findings.", show_default=True)
@click.pass_obj
def command(settings: Settings, no_validate: bool, lang: str) -> int:
    """Build the graph of the workspace: read, infer, validate, store.

    A graph with errors is not stored: the last good build stays.
    """
    from kg import build

    workspace = settings.workspace
    attempt = build.build(workspace, settings.progress, check=not no_validate)
    if attempt.built is None:
        click.echo(attempt.report.text(lang, build.naming(workspace, build.ontology_of(workspace))))
        settings.say("not stored; the last good build, if there is one, is kept")
        return 1
    settings.say(build.told(attempt.built))
    return 0
