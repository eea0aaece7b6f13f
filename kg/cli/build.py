"""`kg build`: read, infer, validate and store the graph."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import build, rules
from kg.building import watching
from kg.cli.bar import Bar
from kg.cli.main import Settings
from kg.cli.output import check_spoken, put, tell, tell_fallbacks, tell_passed_over
from kg.errors import KGError
from kg.profile import FORMS, Profile
from kg.workspace import Workspace

if TYPE_CHECKING:
    from kg.shapes import Report


@click.command()
@click.option("--no-validate", is_flag=True, help="Store the graph without checking it against the shapes.")
@click.option("--lang", default="en", help="The language of findings.", show_default=True)
@click.option("--profile", is_flag=True, help="Tell what each step cost, and each rule of what follows.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(FORMS),
    default="text",
    help="Of the profile.",
    show_default=True,
)
@click.option("--watch", is_flag=True, help="Build again whenever a file changes, until Ctrl-C.")
@click.pass_obj
def command(settings: Settings, no_validate: bool, lang: str, profile: bool, form: str, watch: bool) -> int:
    """Build the graph of the workspace: read, infer, validate, store.

    A graph with errors is not stored: the last good build stays. Exits with 1 then, and with 3
    if a file cannot be read.
    """
    workspace: Workspace = settings.workspace
    check_spoken(workspace, lang)
    tell_passed_over(settings)
    if watch:
        return _watch(settings, lang, check=not no_validate)
    settings.foresee(workspace.inputs())
    cost = Profile(settings.progress)
    with rules.watched() as cost.costs, Bar.over(workspace, settings) as bar:
        attempt = build.build(
            workspace, cost.progress, check=not no_validate, say=settings.say, meter=bar.add
        )
    cost.stop()
    tell_fallbacks(settings, attempt.report, lang)
    if profile:
        put(cost.render(form, _fallbacks(attempt.report)), None)
    if attempt.built is None:
        code = tell(attempt, workspace, lang)
        settings.say("not stored; the last good build, if there is one, is kept")
        return code
    settings.say(build.told(attempt.built))
    return 0


def _fallbacks(report: Report) -> list[dict[str, Any]]:
    """What Python matched, as objects."""
    if not report.fallbacks:
        return []
    from kg.reports.json import fallback

    return list(map(fallback, report.fallbacks))


def _watch(settings: Settings, lang: str, *, check: bool) -> int:
    """Build now, and again whenever something changes, with a line for each time."""
    try:
        for paths in watching.changes(lambda: settings.workspace):
            _again(settings, lang, paths, check=check)
    except KeyboardInterrupt:
        settings.say("\nno longer watching; the last good build is kept")
    return 0


def _again(settings: Settings, lang: str, paths: list[Path], *, check: bool) -> None:
    """Build, and tell on a line what changed and what came of it; findings stand below it."""
    try:
        workspace: Workspace = settings.workspace
        names = ", ".join(workspace.relative(path) for path in paths[:3])
        more = f" and {len(paths) - 3:,} more" if len(paths) > 3 else ""
        attempt = build.build(workspace, settings.progress, check=check, say=settings.say)
        onto = build.ontology_of(workspace)
        found = attempt.report.text(lang, build.naming(workspace, onto))
    except KGError as exc:
        click.echo("\n  ".join([f"{_clock()} not built", *map(str, exc.faults)]))
        return
    tell_fallbacks(settings, attempt.report, lang)
    what = f"{names}{more}: " if paths else ""
    *findings, summary = found.splitlines()
    built = build.told(attempt.built) if attempt.built else "not stored"
    click.echo(f"{_clock()} {what}{built}" + (f"; {summary}" if findings else ""))
    for line in findings:
        click.echo(f"  {line}")


def _clock() -> str:
    return time.strftime("%H:%M:%S")
