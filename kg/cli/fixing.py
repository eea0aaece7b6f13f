"""`kg validate --fix` and `--diff`: mend files, or show how they would be mended."""

from __future__ import annotations

from pathlib import Path

from kg import fixes
from kg.cli.main import Settings
from kg.cli.output import put
from kg.errors import InputError
from kg.fixes import files
from kg.workspace import Workspace


def show(settings: Settings, workspace: Workspace, chosen: tuple[Path, ...], output: Path | None) -> int:
    """Print the unified diff of all that fixes change, and write no file of the workspace; the exit code.

    :raises InputError: if a file cannot be read.
    """
    found = files.find(workspace, chosen)
    put("".join(_diff(change, workspace) for change in found.changes), output)
    if found.faults:
        raise InputError.all(found.faults)
    settings.say(_told(found.changes, "to be made with --fix") or "nothing to fix")
    return 1 if found.changes else 0


def mend(settings: Settings, workspace: Workspace, chosen: tuple[Path, ...]) -> None:
    """Write the files that fixes change, and tell each fix; what cannot be read is left for the check.

    :raises InputError: if a file cannot be written.
    """
    found = files.find(workspace, chosen)
    for change in found.changes:
        files.write(change)
        for line, column, edit in change.mended.done:
            settings.say(f"{workspace.relative(change.path)}:{line}:{column} fixed: {edit}")
    settings.say(_told(found.changes, "made") or "nothing to fix")


def _diff(change: files.Change, workspace: Workspace) -> str:
    return fixes.diff(change.before, change.mended.text, workspace.relative(change.path))


def _told(changes: tuple[files.Change, ...], how: str) -> str:
    """How many fixes there are, in how many files; "" for none."""
    number = sum(len(change.mended.done) for change in changes)
    fixes_ = "1 fix" if number == 1 else f"{number} fixes"
    places = "1 file" if len(changes) == 1 else f"{len(changes)} files"
    return f"{fixes_} in {places} {how}" if number else ""
