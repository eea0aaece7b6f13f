"""`kg query`: ask a question by name, from a file or from a pipe."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from pyoxigraph import Store

from kg import answers, build, formats, marks, questions, underway
from kg.cli.main import Settings
from kg.cli.output import check_spoken, form_of, put
from kg.errors import UsageError, one_line
from kg.evidence.disputes import disputes
from kg.meant import suggestion
from kg.questions import Answer, Question
from kg.sparql import Query
from kg.store import Built
from kg.workspace import Workspace


@click.command()
@click.argument("name", required=False)
@click.option(
    "-f",
    "--format",
    "form",
    metavar="FORMAT",
    help=f"{', '.join(answers.FORMS)}; for CONSTRUCT: turtle, ntriples.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to a file; the format follows its suffix."
)
@click.option(
    "-p",
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set a parameter of the question.",
)
@click.option("--lang", default="en", show_default=True, help="The language of labels and questions.")
@click.option("--list", "listing", is_flag=True, help="List the questions.")
@click.option(
    "--keys", is_flag=True, help="A first column with the key of each row, to cite or explain it by."
)
@click.option("--explain", is_flag=True, help="Why each row stands there, back to the words of the sources.")
@click.option("--show", is_flag=True, help="Print the query instead of asking it.")
@click.pass_obj
def command(
    settings: Settings,
    name: str | None,
    form: str | None,
    output: Path | None,
    parameters: tuple[str, ...],
    lang: str,
    listing: bool,
    keys: bool,
    explain: bool,
    show: bool,
) -> int:
    """Ask the question NAME, the query in the file NAME, or the one on stdin (NAME is -).

    Without NAME, list the questions that there are.
    """
    workspace: Workspace = settings.workspace
    check_spoken(workspace, lang)
    if listing or name is None:
        click.echo(listed(workspace, lang), nl=False)
        return 0
    question, values = find(workspace, name), _values(parameters)
    sparql = question.bind(values, workspace.names)
    if show:
        click.echo(sparql, nl=False)
        return 0
    built = build.ensure(workspace, settings.say, settings.progress)
    questions.check_cases(question, values, built.manifest["cases"])
    store = built.store
    underway.step(f"asking {question.name}")
    joins = questions.joins_of(store, built.manifest.get("quads", 0))
    answer, borne = marks.ask(question, store, workspace.names, values, joins)
    if explain:
        put(_explained(workspace, built, question, answer, sparql, form, output, lang), output)
        return 0
    if keys:
        from kg import rows

        answer = rows.with_keys(question.name, answer)
    answer = marks.beside(answer, borne, store, lang)
    if answer.triples is not None:
        prefixes = build.ontology_of(workspace).prefixes
        wanted = form or (output if output and str(output) != "-" else "turtle")
        put(formats.serialize(answer.quads, formats.format_of(wanted), prefixes), output)
    else:
        put(_rendered(answer, form_of(form, output, answers.SUFFIXES), question, store, lang), output)
    for line in disputes(store, answer.rows, workspace.names.base):
        settings.say(line)
    if not len(answer) and answer.boolean is None and Query(sparql).names_graphs:
        settings.say("no row in the graphs that FROM names; kg query without FROM asks all of them")
    elif not len(answer) and answer.boolean is None:
        from kg import empties

        for line in empties.why(sparql, store, build.ontology_of(workspace)):
            settings.say(one_line(line))
    return 0


def find(workspace: Workspace, name: str) -> Question:
    """The question `name`: of the workspace, in a file, or on stdin.

    :raises UsageError: if there is none.
    """
    if name == "-":
        return questions.parse(formats.decode(sys.stdin.buffer.read(), "stdin"), "stdin")
    known = workspace.questions()
    if name in known:
        return questions.read(known[name])
    if Path(name).exists():
        return questions.read(Path(name))
    raise UsageError.at(
        None,
        f"no question and no file “{name}”",
        suggestion(name, known, 0.5) or "list them with: kg query --list",
    )


def listed(workspace: Workspace, lang: str) -> str:
    """The questions of `workspace`: name, text, parameters."""
    lines = []
    for path in workspace.questions().values():
        question = questions.read(path)
        parameters = "".join(f" [{p}]" for p in question.parameters)
        lines.append(f"{question.name}{parameters}\n    {question.text(lang)}\n")
    return "".join(lines)


def _explained(
    workspace: Workspace,
    built: Built,
    question: Question,
    answer: Answer,
    sparql: str,
    form: str | None,
    output: Path | None,
    lang: str,
) -> str:
    from kg import rows
    from kg.proofs import rendering
    from kg.proofs.session import Session

    session = Session(workspace, built, lang)
    found = session.rows(question, rows.rows_of(answer), sparql)
    return rendering.render(found, form_of(form, output, rendering.SUFFIXES))


def _rendered(answer: Answer, form: str, question: Question, store: Store, lang: str) -> str:
    head = f"{question.text(lang)}\n" if form == "table" and question.texts else ""
    iris = sorted(answer.iris, key=str) if form in ("table", "markdown") else []
    return head + answers.render(answer, form, questions.labels(store, iris, lang))


def _values(parameters: tuple[str, ...]) -> dict[str, str]:
    for parameter in parameters:
        if "=" not in parameter:
            raise UsageError.at(None, f"“{parameter}” is no parameter", "write it as NAME=VALUE")
    return dict(parameter.split("=", 1) for parameter in parameters)
