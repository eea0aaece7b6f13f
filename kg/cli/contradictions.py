"""`kg contradictions`: what cannot both hold, which of it counts; figures beside what their inputs make."""

from __future__ import annotations

from pathlib import Path

import click

from kg import build
from kg.cli.main import Settings
from kg.cli.output import check_spoken, form_of, put

SUFFIXES = {".txt": "text", ".json": "json", ".md": "markdown"}


@click.command()
@click.option("-f", "--format", "form", metavar="FORMAT", help="text, markdown, json; text if not given.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to a file; the format follows its suffix."
)
@click.option("--lang", default="en", show_default=True, help="The language of questions and labels.")
@click.pass_obj
def command(settings: Settings, form: str | None, output: Path | None, lang: str) -> int:
    """Tell what cannot both hold, and figures beside what their inputs make.

    Each row stands with both its sides: where they are written, and the words that carry them. What a case
    records is told and is fine; exits with 1 for what a rule finds and no case records.
    """
    from kg import contradictions
    from kg.proofs.session import Session

    form, workspace = form_of(form, output, SUFFIXES), settings.workspace
    check_spoken(workspace, lang)
    built = build.ensure(workspace, settings.say, settings.progress)
    told = contradictions.tell(Session(workspace, built, lang))
    put(contradictions.render(told, form), output)
    return 1 if told.findings else 0
