"""`kg explain`: a rule, a fact, a row of an answer, a finding; and why something does not hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import build
from kg.cli.checking import of_workspace
from kg.cli.main import Settings
from kg.cli.output import check_spoken, form_of, put, tell_fallbacks
from kg.cli.query import find
from kg.cli.validate import check_language
from kg.errors import UsageError
from kg.processes import underway
from kg.questions import Question

if TYPE_CHECKING:
    from kg.proofs.why import Why

PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?")


@click.command()
@click.argument("what", nargs=-1, required=True)
@click.option(
    "--row", metavar="KEY", help="A row of the answer to the question WHAT: its key, or its number."
)
@click.option("--why-not", is_flag=True, help="Why it does not hold: which conditions fail.")
@click.option(
    "-f", "--format", "form", metavar="FORMAT", help="text, markdown, json, svg; text if not given."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to a file; the format follows its suffix."
)
@click.option("--lang", default="en", show_default=True, help="The language: en, da, nb, nn or sv.")
@click.pass_obj
def command(
    settings: Settings,
    what: tuple[str, ...],
    row: str | None,
    why_not: bool,
    form: str | None,
    output: Path | None,
    lang: str,
) -> int:
    """Explain WHAT, back to the words of the sources.

    \b
    kg explain RULE                    what a rule demands, and why it is there
    kg explain NODE CLASS              why a node is of a class
    kg explain NODE PROPERTY VALUE     why a node has a value
    kg explain QUESTION --row KEY      why a row stands in an answer
    kg explain FILE:LINE               why there is a finding at that line
    kg explain --why-not CLASS NODE, or QUESTION NODE

    A proof ends in what case files say, each with its line, its quote, and the sentence around that
    where the source is at hand. Nothing of it can be left out. Exits with 1 for what does not hold.
    """
    from kg.proofs.rendering import SUFFIXES

    form = form_of(form, output, SUFFIXES)
    if len(what) == 1 and not row and not why_not:
        place = PLACE.fullmatch(what[0])
        if place and Path(place["path"]).is_file():
            put(_finding(settings, Path(place["path"]), int(place["line"]), form, lang), output)
        elif place:
            fix = "look at its name and folder, or list the rules with: kg validate --rules"
            raise UsageError.at(None, f"there is no file “{place['path']}”", fix)
        else:
            put(_rule(settings, what[0], form, lang), output)
        return 0
    found = _explained(settings, what, row, why_not, lang)
    put(found.render(form), output)
    return 0 if found.holds else 1


def _rule(settings: Settings, rule: str, form: str, lang: str) -> str:
    from kg.explain import Examples, explain
    from kg.explain.rendering import render

    workspace = settings.workspace
    if rule in workspace.questions():
        fix = f"name a row with --row; the keys stand in: kg query {rule} --keys"
        raise UsageError.at(None, f"“{rule}” is a question, and has as many reasons as rows", fix)
    onto = build.ontology_of(workspace)
    checking = of_workspace(settings, ())
    check_language(lang, checking.rules)
    examples = Examples.read(workspace.ontology)
    return render(explain(rule, checking.rules, onto, examples, build.naming(workspace, onto)), form, lang)


def _explained(settings: Settings, what: tuple[str, ...], row: str | None, why_not: bool, lang: str) -> Why:
    from kg.proofs import why
    from kg.proofs.session import Session

    check_spoken(settings.workspace, lang)
    built = build.ensure(settings.workspace, settings.say, settings.progress)
    underway.step("looking for a proof")
    session = Session(settings.workspace, built, lang)
    if row is not None:
        return why.of_row(session, _question(settings, what), row)
    if why_not and len(what) == 2 and what[0] in settings.workspace.questions():
        return why.of_no_row(session, find(settings.workspace, what[0]), what[1])
    return why.of_words(session, what, why_not=why_not)


def _question(settings: Settings, what: tuple[str, ...]) -> Question:
    if len(what) != 1:
        raise UsageError.at(None, "--row goes with one question", "name it: kg explain QUESTION --row KEY")
    return find(settings.workspace, what[0])


def _finding(settings: Settings, path: Path, line: int, form: str, lang: str) -> str:
    """The findings at a line of a file, each with its rule and why the shape looks at the node."""
    from kg.proofs.findings import at_line

    told, report = at_line(settings.workspace, path, line, form, lang, settings.progress)
    tell_fallbacks(settings, report, lang)
    return told
