"""`kg schema`: write the JSON Schema of case files."""

from __future__ import annotations

from pathlib import Path

import click

from kg import build, schema
from kg.cli.main import Settings
from kg.cli.output import put
from kg.workspace import Workspace


@click.command()
@click.argument("kind", type=click.Choice(["case", "source"]), default="case")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to a file.")
@click.pass_obj
def command(settings: Settings, kind: str, output: Path | None) -> int:
    """Write the JSON Schema of case files, or of source descriptions, for completion in editors."""
    workspace: Workspace = settings.workspace
    put(schema.text(build.ontology_of(workspace), workspace.languages, kind), output)
    return 0
