"""All quotes of a workspace, or of some of its case files: held against texts and lock, told, and mended."""

from __future__ import annotations

import codecs
import contextlib
import os
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kg import build, cases, sources
from kg.cases.compose import Map, Scalar, compose
from kg.errors import Fault, InputError
from kg.evidence.checking import Checked, check
from kg.evidence.lock import Lock
from kg.evidence.placing import fixed
from kg.evidence.written import Quote, quotes, stated
from kg.names import DCTERMS
from kg.places import Place
from kg.sources import Text
from kg.workspace import Workspace

AUTHORED = (".yaml", ".yml", ".jsonl")
"""The suffixes of the case files in which quotes are written by hand; the others are RDF."""


@dataclass(frozen=True)
class File:
    """A case file, its text, and what came of checking its quotes."""

    path: Path
    text: str
    checked: Checked


@dataclass(frozen=True)
class Examined:
    """What came of holding the quotes of case files against their sources.

    `written`: the number of quotes whose places have been written into the files. `texts`: those
    that were at hand. `digests`: source → the SHA-256 that its description gives, if it does.
    """

    workspace: Workspace
    files: tuple[File, ...]
    texts: Mapping[str, Text]
    digests: Mapping[str, str | None]
    written: int = 0

    @property
    def lock(self) -> Path:
        """Where the lock is kept."""
        return self.workspace.root / "data" / "evidence.lock"

    def covered(self) -> list[Quote]:
        """The quotes whose texts are not at hand and that the lock answers for."""
        lock = Lock.read(self.lock)
        return [q for q in self._unchecked() if lock.knows(q, self.digests.get(q.source or ""))]

    def findings(self) -> list[Fault]:
        """What is to be looked at, by file and line."""
        found = [fault for file in self.files for fault in file.checked.faults]
        found += [_moved(quote, span) for file in self.files for quote, span in file.checked.moved]
        covered = self.covered()
        for quote in self._unchecked():
            if quote not in covered:
                what = f"not checked: no text of {quote.source}, and the lock does not cover it"
                found.append(Fault(quote.place, what))
        found += [*self._changed(), *self._unlocked()]
        return sorted(found, key=lambda fault: fault.place or Place(""))

    def told(self) -> str:
        """What came of it, in a line."""
        count = sum(len(file.checked.found) for file in self.files)
        moved = sum(len(file.checked.moved) for file in self.files)
        did = f"; {self.written} written" if self.written else ""
        did += f"; {moved} to be written with --fix" if moved else ""
        covered, rest = len(self.covered()), len(self.findings()) - moved
        found = f"{count} quote{'' if count == 1 else 's'} found in their sources{did}"
        return f"{found}; {covered} covered by the lock; {rest} to be looked at"

    def _unchecked(self) -> list[Quote]:
        return [quote for file in self.files for quote in file.checked.unchecked]

    def _changed(self) -> list[Fault]:
        """The descriptions of texts that have become others."""
        paths = {path.stem: path for path in self.workspace.source_descriptions()}
        changed = {n: t for n, t in self.texts.items() if self.digests.get(n) not in (None, t.sha256)}
        return [
            Fault(
                Place(self.workspace.relative(paths[name])),
                "the text at hand is another than the one that is described here",
                f"if it is the right one, write sha256: {text.sha256}",
            )
            for name, text in changed.items()
        ]

    def _unlocked(self) -> list[Fault]:
        """That the lock is behind, so that it would be so only where the texts are at hand."""
        lock, own = Lock.read(self.lock), {path.resolve() for path in self.workspace.cases()}
        missing = [
            quote
            for file in self.files
            if file.path.resolve() in own
            for quote, span in file.checked.found
            if not lock.knows(replace(quote, span=span), self.texts[quote.source or ""].sha256)
        ]
        if not missing or any(file.checked.moved for file in self.files):
            return []  # what is to be written with --fix brings the lock too
        place = Place(self.workspace.relative(self.lock))
        return [Fault(place, f"does not cover {len(missing)} of the quotes", "run kg evidence --fix")]


def examine(workspace: Workspace, files: Collection[Path] = (), folder: Path | None = None) -> Examined:
    """Hold the quotes of `files`, or of all case files, against the texts in `folder`, or the workspace's.

    :raises InputError: for all files that cannot be read, or if there is no case file, or no `folder`.
    """
    digests = dict(described(workspace.source_descriptions()))
    texts = sources.library(folder or _at_hand(workspace), digests.items())
    checked: list[File] = []
    faults: list[Fault] = []
    for path in build.case_files(workspace, files):
        try:
            text, found = _quotes(workspace, path)
            checked.append(File(path, text, check(found, texts)))
        except InputError as exc:
            faults += exc.faults
    if faults:
        raise InputError.all(faults)
    return Examined(workspace, tuple(checked), texts, digests)


def fix(examined: Examined) -> Examined:
    """Write the places of quotes into the files, and the lock of the whole workspace; what is then so.

    The lock keeps what it has of quotes whose texts are not at hand. Without any text nothing is written.

    :raises InputError: if a file cannot be written.
    """
    workspace, written = examined.workspace, 0
    files: list[File] = []
    for file in examined.files:
        if file.checked.moved:
            _replace(file.path, fixed(file.text, file.checked))
            written += len(file.checked.moved)
            text, found = _quotes(workspace, file.path)
            file = File(file.path, text, check(found, examined.texts))
        files.append(file)
    after = replace(examined, files=tuple(files), written=written)
    if examined.texts:
        _write_lock(after)
    return after


def described(paths: Iterable[Path]) -> list[tuple[str, str | None]]:
    """Of each description of a source, its name and the SHA-256 that it gives, if it can be read and does."""
    found: list[tuple[str, str | None]] = []
    for path in paths:
        try:
            said = compose(sources.read(path).raw, str(path), [])
        except InputError:
            said = None
        _, digest = said.pairs.get("sha256", (None, None)) if isinstance(said, Map) else (None, None)
        found.append((path.stem, digest.text if isinstance(digest, Scalar) else None))
    return found


def _at_hand(workspace: Workspace) -> Path | None:
    """The workspace's folder of texts; whoever clones it need not have one."""
    return workspace.sources if workspace.sources and workspace.sources.is_dir() else None


def _quotes(workspace: Workspace, path: Path) -> tuple[str, list[Quote]]:
    """The text of a case file, and its quotes.

    :raises InputError: if it does not read, with all faults.
    """
    onto, name = build.ontology_of(workspace), workspace.relative(path)
    if path.suffix not in AUTHORED:
        return "", stated(cases.read(path, onto, workspace.names), workspace.names)
    text = sources.read(path).raw
    if path.suffix != ".jsonl":
        faults: list[Fault] = []
        compose(text, name, faults)  # refuses what could not be walked: aliases, too many levels
        if faults:
            raise InputError.all(faults)
    return text, quotes(text, name, onto.context.keys(DCTERMS + "source"))


def _moved(quote: Quote, span: tuple[int, int]) -> Fault:
    said = f", not at {list(quote.span)}" if quote.span else "; its place is not given"
    return Fault(quote.place, f"the quote stands at {list(span)}{said}")


def _write_lock(examined: Examined) -> None:
    """The lock of all case files of the workspace, also those that were not asked for."""
    workspace = examined.workspace
    known = {file.path.resolve(): file.checked for file in examined.files}
    own = [
        known.get(path.resolve()) or check(_quotes(workspace, path)[1], examined.texts)
        for path in workspace.cases()
    ]
    found = [(quote, span) for each in own for quote, span in each.found if quote.span == span]
    before = Lock.read(examined.lock).only(quote for each in own for quote in each.unchecked)
    _replace(examined.lock, before.merge(Lock.of(found, examined.texts)).text())


def _replace(path: Path, text: str) -> None:
    """Put `text` in place of what the file holds, in one step; a BOM and the file's rights stay.

    :raises InputError: if the disk refuses; the file then is as it was.
    """
    target = path.resolve()
    new = target.with_name(f".{target.name}.new")
    try:
        bom = target.exists() and target.read_bytes().startswith(codecs.BOM_UTF8)
        new.write_bytes(text.encode("utf-8-sig" if bom else "utf-8"))
        if target.exists():
            shutil.copymode(target, new)
        os.replace(new, target)  # noqa: PTH105
    except OSError as exc:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise InputError.at(Place(str(path)), f"cannot be written: {exc.strerror}") from exc
