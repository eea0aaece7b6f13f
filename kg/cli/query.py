"""`kg query`: ask a question by name, from a file or from a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from pyoxigraph import Store

from kg import answers, build, formats, marks, questions
from kg.cli.main import Settings
from kg.cli.output import check_spoken, form_of, put
from kg.errors import UsageError, one_line
from kg.evidence.disputes import disputes
from kg.meant import suggestion
from kg.phrases import phrases, spoken
from kg.places import Place
from kg.processes import underway
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
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Give up if there is no answer by then; a build before it does not count.",
)
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
    timeout: float | None,
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
    underway.step(f"asking {question.name}")
    asked = _Asked(workspace, built, question, values, sparql, form, output, lang, keys, explain)
    data, lines = asked.told() if timeout is None else _within(timeout, asked)
    put(data, output)
    for line in lines:
        settings.say(line)
    return 0


@dataclass(frozen=True)
class _Asked:
    """A question, and all that its answer depends on."""

    workspace: Workspace
    built: Built
    question: Question
    values: dict[str, str]
    sparql: str
    form: str | None
    output: Path | None
    lang: str
    keys: bool
    explain: bool

    def told(self) -> tuple[str | bytes, Iterator[str]]:
        """The answer as it is written, and then what is to be said of it."""
        store, names = self.built.store, self.workspace.names
        joins = questions.joins_of(store, self.built.manifest.get("quads", 0))
        answer, borne = marks.ask(self.question, store, names, self.values, joins)
        if self.explain:
            return self._explained(answer), iter(())
        if self.keys:
            from kg import rows

            answer = rows.with_keys(self.question.name, answer)
        answer = marks.beside(answer, borne, store, self.lang)
        return self._rendered(answer, store), self._notes(answer, store)

    def _explained(self, answer: Answer) -> str:
        from kg import rows
        from kg.proofs import rendering
        from kg.proofs.session import Session

        session = Session(self.workspace, self.built, self.lang)
        found = session.rows(self.question, rows.rows_of(answer), self.sparql)
        return rendering.render(found, form_of(self.form, self.output, rendering.SUFFIXES))

    def _rendered(self, answer: Answer, store: Store) -> str | bytes:
        if answer.triples is not None:
            prefixes = build.ontology_of(self.workspace).prefixes
            wanted = self.form or (self.output if self.output and str(self.output) != "-" else "turtle")
            return formats.serialize(answer.quads, formats.format_of(wanted), prefixes)
        form = form_of(self.form, self.output, answers.SUFFIXES)
        if form in answers.READERS:
            answer = spoken(answer, phrases(self.question, self.workspace, self.lang))
        head = f"{self.question.text(self.lang)}\n" if form == "table" and self.question.texts else ""
        iris = sorted(answer.iris, key=str) if form in answers.READERS else []
        return head + answers.render(answer, form, questions.labels(store, iris, self.lang))

    def _notes(self, answer: Answer, store: Store) -> Iterator[str]:
        """What disputes the answer, or why it is empty."""
        yield from disputes(store, answer.rows, self.workspace.names.base)
        if len(answer) or answer.boolean is not None:
            return
        if Query(self.sparql).names_graphs:
            yield "no row in the graphs that FROM names; kg query without FROM asks all of them"
            return
        from kg import empties

        yield from map(one_line, empties.why(self.sparql, store, build.ontology_of(self.workspace)))


def _within(seconds: float, asked: _Asked) -> tuple[str | bytes, Iterable[str]]:
    """What is told, made by a process of its own, which has so many seconds.

    :raises TimeLimitError: if it is not done by then.
    """
    from kg.processes import limits

    return limits.within(seconds, _all_told, asked, place=Place(asked.question.path))


def _all_told(asked: _Asked) -> tuple[str | bytes, list[str]]:
    data, lines = asked.told()
    return data, list(lines)


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


def _values(parameters: tuple[str, ...]) -> dict[str, str]:
    for parameter in parameters:
        if "=" not in parameter:
            raise UsageError.at(None, f"“{parameter}” is no parameter", "write it as NAME=VALUE")
    return dict(parameter.split("=", 1) for parameter in parameters)
