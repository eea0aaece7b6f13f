"""`kg cite`: how to cite the dataset, a case, a source, or a row of an answer."""

from __future__ import annotations

from pathlib import Path

import click

from kg import build, cite
from kg.cli.main import Settings
from kg.cli.output import check_spoken, form_of, put
from kg.cli.query import find
from kg.errors import UsageError

SUFFIXES = {".txt": "text", ".bib": "bibtex", ".json": "csl-json"}


@click.command()
@click.argument("what", required=False)
@click.option(
    "--row", metavar="KEY", help="A row of the answer to the question WHAT: its key, or its number."
)
@click.option("-f", "--format", "form", metavar="FORMAT", help="text, bibtex, csl-json; text if not given.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to a file; the format follows its suffix."
)
@click.option("--lang", default="en", show_default=True, help="The language of titles and labels.")
@click.pass_obj
def command(
    settings: Settings, what: str | None, row: str | None, form: str | None, output: Path | None, lang: str
) -> int:
    """Cite the dataset, or WHAT: a case with its sources, a source, or a row of the answer to a question.

    A row is cited with the words that it rests on and their places. What a source does not state,
    such as its date, is said to be not stated.
    """
    form, workspace = form_of(form, output, SUFFIXES), settings.workspace
    check_spoken(workspace, lang)
    built = build.ensure(workspace, settings.say, settings.progress)
    if row is None:
        if what in workspace.questions():
            fix = f"name a row with --row; the keys stand in: kg query {what} --keys"
            raise UsageError.at(None, f"“{what}” is a question", fix)
        works = cite.Citing(workspace, built.store, lang).find(what)
    elif what is None:
        raise UsageError.at(None, "--row goes with a question", "name it: kg cite QUESTION --row KEY")
    else:
        works = cite.row(workspace, built, find(workspace, what), row, lang)
    put(cite.render(works, form), output)
    return 0
