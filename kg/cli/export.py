"""`kg export`: write the graph, or a part of it."""

from __future__ import annotations

from pathlib import Path

import click

from kg import build, export, formats
from kg.cli.main import Settings
from kg.cli.output import put
from kg.workspace import Workspace


@click.command()
@click.option(
    "-f", "--format", "form", metavar="FORMAT", help=f"{', '.join(formats.FORMATS)}; turtle if not given."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to a file; the format follows its suffix."
)
@click.option(
    "--asserted",
    "parts",
    flag_value="asserted",
    multiple=True,
    help="Only what case files and reference data say.",
)
@click.option("--inferred", "parts", flag_value="inferred", multiple=True, help="Only what follows from it.")
@click.option(
    "--ontology", "parts", flag_value="ontology", multiple=True, help="Only the ontology, with its axioms."
)
@click.option(
    "--case", "cases", multiple=True, metavar="ID", help="Only this case; may be given several times."
)
@click.pass_obj
def command(
    settings: Settings, form: str | None, output: Path | None, parts: tuple[str, ...], cases: tuple[str, ...]
) -> int:
    """Write the graph, with inferences, terms and code lists, in a form for other tools.

    Turtle, N-Triples and RDF/XML merge the named graphs; TriG, N-Quads and JSON-LD keep them.
    The bytes are the same each time, and adding a statement only adds lines.
    """
    workspace: Workspace = settings.workspace
    chosen = formats.format_of(form or (output if output and str(output) != "-" else "turtle"))
    built = build.ensure(workspace, settings.say, settings.progress)
    quads = export.select(workspace, built.quads(), parts, cases)
    put(formats.serialize(quads, chosen, build.ontology_of(workspace).prefixes), output)
    return 0
