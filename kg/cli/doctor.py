"""`kg doctor`: check ontology, data and queries for faults of craft."""

from __future__ import annotations

import click

from kg import build, doctor
from kg.cli.main import Settings
from kg.workspace import Workspace

MOST = 20


@click.command()
@click.pass_obj
def command(settings: Settings) -> int:
    """Run the checks of queries/checks on the built graph, and the questions against their expected answers.

    Exits with 1 if any check finds a fault.
    """
    workspace: Workspace = settings.workspace
    built = build.ensure(workspace, settings.say, settings.progress)
    checks = found = 0
    for check in doctor.examine(workspace, built):
        checks += 1
        found += len(check.faults)
        if check.faults:
            click.echo(f"{check.name}: {check.text}")
            for fault in check.faults[:MOST]:
                click.echo(f"  {fault}")
            if len(check.faults) > MOST:
                click.echo(f"  … and {len(check.faults) - MOST} more")
            if check.fix:
                click.echo(f"  to do: {check.fix}")
    settings.say(f"{checks} checks, {found} faults")
    for line in doctor.surroundings(workspace):
        settings.say(f"note: {line}")
    return 1 if found else 0
