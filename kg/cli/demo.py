"""`kg demo`: build the packaged graph with all checks, and answer a first question."""

from __future__ import annotations

import click

from kg import answers, build, marks, questions
from kg.cli.main import Settings
from kg.cli.output import check_spoken, tell, tell_fallbacks
from kg.errors import DefinitionError
from kg.phrases import phrases, spoken
from kg.places import Place
from kg.workspace import SETTINGS, Workspace, packaged

NEXT = """
try next
  kg query --list              the questions there are
  kg query {other:<20}another of them
  kg query --help              formats, parameters, queries of your own
  kg export -o graph.ttl       the graph as Turtle
  kg init my-cases             a workspace of your own"""


@click.command()
@click.option("--lang", default="en", show_default=True, help="The language of question and labels.")
@click.pass_obj
def command(settings: Settings, lang: str) -> int:
    """Build the graph of the packaged cases, check it, and answer a first question.

    With -C DIR, that of the workspace DIR.
    """
    workspace: Workspace = settings.workspace if settings.directory else Workspace.load(packaged())
    check_spoken(workspace, lang)
    question = first_question(workspace)
    attempt = build.build(workspace, lambda step: settings.say(f"  {step}"))
    tell_fallbacks(settings, attempt.report, lang)
    if attempt.built is None:
        return tell(attempt, workspace, lang)
    settings.say(f"  {build.told(attempt.built)}\n")
    store = attempt.built.store
    answer = marks.beside(*marks.ask(question, store, workspace.names), store, lang)
    answer = spoken(answer, phrases(question, workspace, lang))
    labels = questions.labels(store, sorted(answer.iris, key=str), lang)
    click.echo(question.text(lang))
    click.echo(answers.render(answer, "table", labels), nl=False)
    others = [name for name in workspace.questions() if name != question.name]
    settings.say(NEXT.format(other=others[0] if others else question.name))
    return 0


def first_question(workspace: Workspace) -> questions.Question:
    """The question that the settings of `workspace` name as its demo, else the first there is.

    :raises DefinitionError: if there is no such question.
    """
    known = workspace.questions()
    name = workspace.demo or next(iter(known), "")
    if name not in known:
        place = Place(workspace.relative(workspace.root / SETTINGS))
        raise DefinitionError.at(
            place, f"demo names no question: “{name}”", f"known: {', '.join(known) or 'none'}"
        )
    return questions.read(known[name])
