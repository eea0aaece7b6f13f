"""`kg export`: write the graph, or a part of it."""

from __future__ import annotations

from pathlib import Path

import click

from kg import build, export, formats
from kg.cli.main import Settings
from kg.cli.output import STDOUT, put
from kg.processes import underway
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
    "--about",
    "parts",
    flag_value="about",
    multiple=True,
    help="Only the description of the dataset (DCAT, VoID), with its figures.",
)
@click.option(
    "--case", "cases", multiple=True, metavar="ID", help="Only this case; may be given several times."
)
@click.pass_obj
def command(
    settings: Settings, form: str | None, output: Path | None, parts: tuple[str, ...], cases: tuple[str, ...]
) -> int:
    """Write the graph, with inferences, terms and code lists, in a form for other tools.

    Options that name a part may be combined. Turtle, N-Triples and RDF/XML merge the named
    graphs; TriG, N-Quads and JSON-LD keep them.

    The bytes are the same each time. In Turtle, TriG, N-Triples and N-Quads a statement more only
    adds lines; for that the figures of the description come only with --about.
    """
    workspace: Workspace = settings.workspace
    output = None if output == STDOUT else output
    chosen = formats.format_of(form or output or "turtle")
    built = build.ensure(workspace, settings.say, settings.progress)
    underway.step(f"writing the graph as {chosen}")
    quads = export.select(workspace, built.quads(), parts, cases)
    put(formats.serialize(quads, chosen, build.ontology_of(workspace).prefixes), output)
    return 0
