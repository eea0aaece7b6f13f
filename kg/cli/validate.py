"""`kg validate`: check case files against the SHACL shapes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from kg import reports
from kg.cli.checking import PATH, Given, given_options
from kg.cli.main import Settings, keep
from kg.cli.output import STDOUT, put, tell_passed_over
from kg.errors import InputError, UsageError
from kg.languages import LANGUAGES
from kg.rules.cycles import unwatched
from kg.shapes import DEFAULT, ENGINES, Severity, catalogue
from kg.shapes.catalogue import Rule

READABLE = 10_000
"""How many findings are shown as text where nothing is said of it."""

LEVELS = {severity.level: severity for severity in Severity}


@click.command()
@click.argument("files", nargs=-1, type=PATH)
@click.option("-f", "--format", "form", metavar="FORMAT", help=f"{', '.join(reports.FORMATS)}.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to a file; the format follows its suffix."
)
@click.option(
    "--fail-on",
    type=click.Choice(list(LEVELS)),
    default="error",
    show_default=True,
    help="From which level on a finding makes the command fail.",
)
@click.option("--select", multiple=True, metavar="RULE", help="Only this rule, or all of a class: Thing.*")
@click.option("--ignore", multiple=True, metavar="RULE", help="All rules but this, or these.")
@click.option("--max", "most", type=click.IntRange(min=1), metavar="N", help="Show the first N findings.")
@click.option("--lang", default="en", show_default=True, help="The language: en, da, nb, nn or sv.")
@click.option("--rules", "listing", is_flag=True, help="List the rules instead.")
@click.option("--fix", is_flag=True, help="Mend first what needs no judgement.")
@click.option("--diff", "looking", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option("--strict", is_flag=True, help="What passes by being empty is an error, not a warning.")
@given_options
@click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default=DEFAULT,
    show_default=True,
    help="What runs the shapes; pySHACL is slow, and the reference.",
)
@click.pass_obj
def command(
    settings: Settings,
    files: tuple[Path, ...],
    form: str | None,
    output: Path | None,
    fail_on: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    most: int | None,
    lang: str,
    listing: bool,
    fix: bool,
    looking: bool,
    strict: bool,
    given: Given,
    engine: str,
) -> int:
    """Check FILES, or all case files of the workspace, against the SHACL shapes.

    Quotes are checked as by `kg evidence`; without the source texts it is told what the lock says.
    With --shapes, FILES are anybody's RDF, and nothing of the workspace is used.

    Prints a line for each finding: file, line, column, what must be, and the rule.
    Exits with 1 if there are errors, with 3 if a file cannot be read; with --diff, with 1 if
    there is something to fix.
    """
    form = reports.format_of(form or output)
    with unwatched():
        checking = given.checking(settings, files, listing=listing)
    rules = checking.rules
    check_language(lang, rules)
    wanted = chosen(rules, select, ignore)
    if listing:
        put(reports.listing([rules[name] for name in rules if name in wanted], form, lang), output)
        return 0
    if looking or fix:
        if given.shapes:
            raise UsageError.at(None, "--fix and --diff mend the files of a workspace", "leave out --shapes")
        from kg.cli import fixing

        if looking:
            return fixing.show(settings, settings.workspace, files, output)
        fixing.mend(settings, settings.workspace, files)
    if not (files or given.shapes):
        tell_passed_over(settings)
    with unwatched():
        checked = checking.run(lang=lang, strict=strict, engine=engine)
        page = reports.Page(
            checked.report.only(wanted.__contains__), lang, checking.names, rules,
            most or (READABLE if form == "text" else None), LEVELS[fail_on], _is_coloured(output),
            prefixes=checking.prefixes,
        )  # fmt: skip
        put(reports.parts(page, form), output)
        keep(checked, page)
    if form != "text" or output not in (None, STDOUT):
        settings.say("\n".join(filter(None, (page.rest, page.summary))))
    if form not in ("markdown", "html") and page.notes:
        settings.say("\n".join(page.notes))
    if checked.told and _wants_told(settings, given):
        settings.say(checked.told)
    return InputError.exit_code if checked.unread else int(page.report.fails(page.fails_at))


def _is_coloured(output: Path | None) -> bool:
    return output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _wants_told(settings: Settings, given: Given) -> bool:
    """Whether it is said how quotes were checked: not where they are, as ever, by the texts of kg.toml."""
    from kg import evidence

    return given.texts is not None or not evidence.at_hand(settings.workspace)


def chosen(rules: Mapping[str, Rule], select: tuple[str, ...], ignore: tuple[str, ...]) -> frozenset[str]:
    """The names of the rules that are selected and not ignored; what cannot be read is never ignored.

    :raises UsageError: if a name or pattern is that of no rule.
    """
    wanted = catalogue.matching(select, rules) if select else frozenset(rules)
    return wanted - catalogue.matching(ignore, rules)


def check_language(lang: str, rules: Mapping[str, Rule]) -> None:
    """Refuse a language that neither the frame nor any rule speaks.

    :raises UsageError: with those that there are.
    """
    wanted = lang.lower().split("-")[0]
    if wanted in {tag.split("-")[0] for tag in LANGUAGES}:
        return
    spoken = {*LANGUAGES, *(tag for rule in rules.values() for tag in rule.demands if tag)}
    if wanted not in {tag.split("-")[0] for tag in spoken}:
        known = ", ".join(sorted(spoken))
        raise UsageError.at(None, f"no message is in the language “{lang}”", f"use one of {known}")
