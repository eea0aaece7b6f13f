"""`kg doctor`: check ontology, data and queries for faults of craft; ask a full reasoner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import build, doctor
from kg.cli.main import Settings
from kg.cli.output import check_spoken
from kg.errors import UsageError
from kg.workspace import Workspace

if TYPE_CHECKING:
    from kg.reasoning import Judged, Statement

MOST = 20


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--reason",
    is_flag=True,
    help="Ask HermiT whether ontology and data, or the RDF in FILES, are consistent.",
)
@click.option("--lang", default="en", show_default=True, help="The language of labels.")
@click.pass_obj
def command(settings: Settings, files: tuple[Path, ...], reason: bool, lang: str) -> int:
    """Run the checks of queries/checks on the built graph, and the questions against their expected answers.

    With --reason, HermiT judges ontology, shared entities and cases instead, in batches. What cannot be
    true together is shown as the fewest axioms and facts that clash, each with its place. It runs on the
    Java of `casegraph[dl]`, else on that of the machine.

    Exits with 1 if any check finds a fault, or something is inconsistent.
    """
    if reason:
        return _reason(settings, files, lang)
    if files:
        raise UsageError.at(None, "files are judged by a reasoner only", "add --reason, or see kg validate")
    workspace: Workspace = settings.workspace
    check_spoken(workspace, lang)
    built = build.ensure(workspace, settings.say, settings.progress)
    checks = found = 0
    for check in doctor.examine(workspace, built):
        checks += 1
        found += len(check.faults)
        if check.faults:
            _tell(check)
    settings.say(f"{checks} checks, {found} faults")
    for line in doctor.surroundings(workspace):
        settings.say(f"note: {line}")
    return 1 if found else 0


def _tell(check: doctor.Check) -> None:
    click.echo(f"{check.name}: {check.text}")
    for fault in check.faults[:MOST]:
        click.echo(f"  {fault}")
    if len(check.faults) > MOST:
        click.echo(f"  … and {len(check.faults) - MOST} more")
    if check.fix:
        click.echo(f"  to do: {check.fix}")


def _reason(settings: Settings, files: tuple[Path, ...], lang: str) -> int:
    if files:
        judged, told = doctor.judge_files(files, lang, settings.progress)
    else:
        judged, told = _workspace(settings, lang)
    if not judged.justification:
        number = "1 batch" if judged.batches == 1 else f"{judged.batches} batches"
        settings.say(f"HermiT: consistent ({judged.statements:,} axioms and facts in {number})")
        return 0
    click.echo(f"inconsistent: these {len(judged.justification)} cannot all be true")
    for statement in judged.justification:
        click.echo(f"  {told(statement)}")
    return 1


def _workspace(settings: Settings, lang: str) -> tuple[Judged, Callable[[Statement], str]]:
    from kg import reasoning
    from kg.proofs import clashes
    from kg.proofs.findings import ground_of
    from kg.proofs.words import Tongue

    workspace: Workspace = settings.workspace
    graph = build.assemble(workspace, settings.progress)
    onto = build.ontology_of(workspace)
    shared, cases = clashes.facts(graph)
    likely = clashes.suspects(graph, onto, ground_of(workspace, onto, graph))
    judged = reasoning.judge([*shared, *onto.axioms], cases, likely, progress=settings.progress)
    tongue = Tongue(onto, build.naming(workspace, onto), lambda _: None, lang)
    places = graph.asserted.places
    places.update(onto.places)
    return judged, lambda statement: doctor.told(statement, tongue, places)
