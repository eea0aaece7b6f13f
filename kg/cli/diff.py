"""`kg diff`: what differs between two builds, files or commits."""

from __future__ import annotations

from pathlib import Path

import click

from kg import diff, questions
from kg.cli.main import Settings
from kg.cli.output import check_spoken, form_of, put
from kg.workspace import Workspace

SUFFIXES = {".txt": "text", ".json": "json", ".md": "markdown"}


@click.command()
@click.argument("before")
@click.argument("after", default=diff.NOW)
@click.option("-f", "--format", "form", metavar="FORMAT", help="text, markdown, json; text if not given.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to a file; the format follows its suffix."
)
@click.option("--no-answers", is_flag=True, help="Compare statements only.")
@click.option("--lang", default="en", show_default=True, help="The language of labels and questions.")
@click.pass_obj
def command(
    settings: Settings,
    before: str,
    after: str,
    form: str | None,
    output: Path | None,
    no_answers: bool,
    lang: str,
) -> int:
    """What differs between BEFORE and AFTER: cases, statements and answers, and why answers do.

    Each of the two is a commit, branch or tag of git, the folder of a workspace or of a build, a case
    file, an RDF file, or `.` for the files as they are now; AFTER is that if it is not given.

    A row of an answer is told with the fewest changes that alone bring it or take it away.
    Exits with 1 where something differs.
    """
    from kg.diff.rendering import render

    workspace: Workspace = settings.workspace
    form = form_of(form, output, SUFFIXES)
    check_spoken(workspace, lang)
    states = []
    for given in (before, after):
        settings.progress(f"reading {given}")
        states.append(diff.load(given, workspace))
    asked = [] if no_answers else [questions.read(path) for path in workspace.questions().values()]
    found = diff.compare(states[0], states[1], asked, settings.progress)
    put(render(found, form, lang), output)
    return 1 if found else 0
