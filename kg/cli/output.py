"""Where a result goes, in which form and language."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import files
from kg.errors import InputError, UsageError
from kg.languages import LANGUAGES
from kg.places import Place

if TYPE_CHECKING:
    from kg.build import Attempt
    from kg.cli.main import Settings
    from kg.shapes import Report
    from kg.workspace import Workspace

STDOUT = Path("-")


def put(data: str | bytes | Iterable[bytes], output: Path | None) -> None:
    """Write `data`, or part after part, to the file `output`, or to stdout if there is none (or it is `-`).

    The file is put in place whole: one that was there before stays as it is until then.

    :raises InputError: if the file cannot be written.
    """
    parts = [data.encode()] if isinstance(data, str) else [data] if isinstance(data, bytes) else data
    if output in (None, STDOUT):
        sys.stdout.buffer.writelines(parts)
        return
    try:
        files.put(output, parts)
    except OSError as exc:
        raise InputError.at(
            Place(str(output)), f"cannot be written: {exc.strerror}", "choose another file"
        ) from exc


def form_of(form: str | None, output: Path | None, suffixes: Mapping[str, str]) -> str:
    """The format `form`, else that of the suffix of `output`; the first of `suffixes` where it has none.

    :raises UsageError: if the suffix is that of no format.

    >>> forms = {".txt": "text", ".md": "markdown"}
    >>> form_of(None, Path("found.MD"), forms), form_of(None, Path("found"), forms), form_of("x", None, forms)
    ('markdown', 'text', 'x')
    """
    suffix = "" if output is None else output.suffix.lower()
    if not form and suffix and suffix not in suffixes:
        known = ", ".join(filter(None, suffixes))
        raise UsageError.at(
            None, f"{output}: the suffix names no format", f"name one with -f, or use one of {known}"
        )
    return form or (suffixes[suffix] if suffix else next(iter(suffixes.values())))


def check_spoken(workspace: Workspace, lang: str) -> None:
    """Refuse a language that neither the workspace nor this program has.

    :raises UsageError: with those that there are.
    """
    known = dict.fromkeys((*LANGUAGES, *workspace.languages))
    if lang.lower().split("-")[0] not in {tag.lower().split("-")[0] for tag in known}:
        fix = f"use one of {', '.join(known)}"
        raise UsageError.at(None, f"nothing is said in the language “{lang}”", fix)


def tell_passed_over(settings: Settings) -> None:
    """Say which files are no case files for their suffix alone."""
    from kg.workspace import CASE_SUFFIXES

    for path in settings.workspace.passed_over():
        fix = f"use one of {', '.join(CASE_SUFFIXES)}"
        settings.say(f"{path}: passed over, since the suffix is not that of a case file; {fix}")


def tell_fallbacks(settings: Settings, report: Report, lang: str) -> None:
    """Say which regular expressions of the shapes Python matched, and not the store."""
    if report.fallbacks:
        from kg.shapes.fallbacks import notes
        from kg.shapes.words import words

        settings.say("\n".join(notes(report.fallbacks, words(lang))))


def tell(attempt: Attempt, workspace: Workspace, lang: str) -> int:
    """Print what was found; the exit code: fine, findings, or input that cannot be read."""
    from kg import build

    click.echo(attempt.report.text(lang, build.naming(workspace, build.ontology_of(workspace))))
    if attempt.unread:
        return InputError.exit_code
    return 0 if attempt.report.conforms else 1
