"""Places and words of quotes written into case files, and the lock; or shown as a diff, and not written."""

from __future__ import annotations

import codecs
import difflib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kg.errors import InputError
from kg.evidence.lock import Lock
from kg.evidence.placing import fixed
from kg.evidence.whole import Examined, File, file_of, ground_of
from kg.files import put
from kg.places import Place


def fix(examined: Examined) -> Examined:
    """Write the places of quotes into the files, and the lock of the whole workspace; what is then so.

    Words that only look like those of the source become the source's own. The lock keeps what it has of
    quotes whose texts are not at hand. Without any text nothing is written.

    :raises InputError: if a file cannot be written.
    """
    workspace, written = examined.workspace, 0
    ground = ground_of(workspace, examined.texts)
    files: list[File] = []
    for file in examined.files:
        if file.checked.moved:
            _replace(file.path, fixed(file.text, file.checked))
            written += len(file.checked.moved)
            file = file_of(workspace, file.path, ground)
        files.append(file)
    after = replace(examined, files=tuple(files), written=written)
    if examined.texts:
        _replace(after.lock, _lock(after).text())
    return after


def diff(examined: Examined) -> Iterator[str]:
    """The lines of the unified diffs of the case files that `fix` would change."""
    for file in examined.files:
        if file.checked.moved:
            name = examined.workspace.relative(file.path)
            before, after = file.text, fixed(file.text, file.checked)
            yield from difflib.unified_diff(
                before.splitlines(keepends=True), after.splitlines(keepends=True), name, name
            )


def _lock(examined: Examined) -> Lock:
    """The lock of all case files of the workspace, also those that were not asked for."""
    workspace = examined.workspace
    known = {file.path.resolve(): file for file in examined.files}
    ground = ground_of(workspace, examined.texts)
    own = [
        (known.get(path.resolve()) or file_of(workspace, path, ground)).checked for path in workspace.cases()
    ]
    found = [standing for each in own for standing in each.found if not standing.moved]
    before = Lock.read(examined.lock)
    kept = before.only(quote for each in own for quote in each.unchecked)
    return kept.merge(Lock.of(found, examined.texts)).since(before)


def _replace(path: Path, text: str) -> None:
    """Put `text` in place of what the file holds, in one step; a BOM and the file's rights stay.

    :raises InputError: if the disk refuses; the file then is as it was.
    """
    target = path.resolve()
    try:
        bom = target.exists() and target.read_bytes().startswith(codecs.BOM_UTF8)
        put(path, [text.encode("utf-8-sig" if bom else "utf-8")])
    except OSError as exc:
        raise InputError.at(Place(str(path)), f"cannot be written: {exc.strerror}") from exc
