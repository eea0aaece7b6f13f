"""`kg network`: who is linked with whom."""

from __future__ import annotations

from pathlib import Path

import click

from kg import answers, build, network, questions
from kg.cli.main import Settings
from kg.cli.output import check_spoken, form_of, put
from kg.questions import Answer
from kg.workspace import Workspace

GRAPHML = "graphml"


@click.command()
@click.argument("name", required=False)
@click.option("-f", "--format", "form", metavar="FORMAT", help=f"{', '.join(answers.FORMS)}, {GRAPHML}")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to a file; .graphml gives GraphML."
)
@click.option("--top", type=click.IntRange(1), help="Only the first so many nodes of the table.")
@click.option("--lang", default="en", show_default=True, help="The language of labels.")
@click.pass_obj
def command(
    settings: Settings, name: str | None, form: str | None, output: Path | None, top: int | None, lang: str
) -> int:
    """Degree and betweenness of the network NAME, or the network itself as GraphML.

    A network is a query in queries/networks; without NAME it is the only or the first one.
    """
    workspace: Workspace = settings.workspace
    form = form_of(form, output, {**answers.SUFFIXES, ".graphml": GRAPHML})
    check_spoken(workspace, lang)
    question = network.find(workspace, name)
    store = build.ensure(workspace, settings.say, settings.progress).store
    graph = network.of(store, question, lang)
    if not graph:
        settings.say(f"the network “{question.name}” is empty: its query gives no row")
    if form == GRAPHML:
        put(network.graphml(graph), output)
        return 0
    table = network.measures(graph)
    table = Answer(table.columns, table.rows[:top])
    put(answers.render(table, form, questions.labels(store, sorted(table.iris, key=str), lang)), output)
    return 0
