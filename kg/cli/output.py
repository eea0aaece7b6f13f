"""Where a result goes: stdout, or a file."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import build
from kg.errors import InputError
from kg.places import Place
from kg.workspace import Workspace

if TYPE_CHECKING:
    from kg.build import Attempt

STDOUT = Path("-")


def put(data: str | bytes | Iterable[bytes], output: Path | None) -> None:
    """Write `data`, or part after part, to the file `output`, or to stdout if there is none (or it is `-`).

    :raises InputError: if the file cannot be written.
    """
    parts = [data.encode()] if isinstance(data, str) else [data] if isinstance(data, bytes) else data
    if output in (None, STDOUT):
        sys.stdout.buffer.writelines(parts)
        return
    try:
        with output.open("wb") as file:
            file.writelines(parts)
    except OSError as exc:
        raise InputError.at(
            Place(str(output)), f"cannot be written: {exc.strerror}", "choose another file"
        ) from exc


def tell(attempt: Attempt, workspace: Workspace, lang: str) -> int:
    """Print what was found; the exit code: fine, findings, or input that cannot be read."""
    click.echo(attempt.report.text(lang, build.naming(workspace, build.ontology_of(workspace))))
    if attempt.unread:
        return InputError.exit_code
    return 0 if attempt.report.conforms else 1
