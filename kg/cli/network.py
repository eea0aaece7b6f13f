"""`kg network`: who is linked with whom."""

from __future__ import annotations

from pathlib import Path

import click
from pyoxigraph import NamedNode

from kg import answers, build, network, questions
from kg.cli.main import Settings
from kg.cli.output import put
from kg.errors import UsageError
from kg.workspace import Workspace


@click.command()
@click.argument("name", required=False)
@click.option("-f", "--format", "form", metavar="FORMAT", help=f"{', '.join(answers.FORMS)}, graphml")
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
    known = workspace.queries("networks")
    if not known or (name and name not in known):
        raise UsageError.at(None, f"no network “{name or ''}”", f"there are: {', '.join(known) or 'none'}")
    store = build.ensure(workspace, settings.say, settings.progress).store
    graph = network.of(store, questions.read(known[name or next(iter(known))]), lang)
    form = form or ("graphml" if output and output.suffix == ".graphml" else answers.form_of(output))
    if form == "graphml":
        put(network.graphml(graph).decode(), output)
        return 0
    table = network.measures(graph)
    table = questions.Answer(table.columns, table.rows[:top])
    labels = {NamedNode(n): said["label"] for n, said in graph.nodes(data=True)}
    labels |= questions.labels(store, sorted(table.iris - set(labels), key=str), lang)
    put(answers.render(table, form, labels), output)
    return 0
