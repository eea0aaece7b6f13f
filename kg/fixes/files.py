"""Files of a workspace mended: tables and descriptions of sources first, since cases refer to them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import NamedNode

from kg import build, evidence, formats, sources
from kg.errors import Fault, InputError
from kg.files import put
from kg.fixes import TABLE, Facts, Mended, mend, order, tables
from kg.names import ID, is_key
from kg.places import Place
from kg.scaffold import TEMPLATES
from kg.sources import Text
from kg.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Change:
    """What a file holds, and what it holds with all fixes made."""

    path: Path
    before: str
    mended: Mended


@dataclass(frozen=True, slots=True)
class Found:
    """The files that fixes change, and why others could not be read."""

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]


def find(workspace: Workspace, files: Collection[Path] = ()) -> Found:
    """What fixes change in `files`, else in all tables, descriptions of sources and cases of the workspace.

    A folder stands for the case files in it. Nothing is written, and RDF is not looked at.

    :raises DefinitionError: if the ontology is ill-formed.
    """
    chosen = _Chosen.of(workspace, files)
    faults: list[Fault] = []
    tables_ = list(_changes(chosen.tables, _bare(workspace), faults))
    all_ = facts(workspace, tables_)
    described = list(_changes(chosen.sources, replace(all_, kind="source"), faults))
    return Found((*tables_, *described, *_changes(chosen.cases, all_, faults)), tuple(faults))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Files by what is in them."""

    tables: list[Path]
    sources: list[Path]
    cases: list[Path]

    @classmethod
    def of(cls, workspace: Workspace, files: Collection[Path]) -> _Chosen:
        described = {path.resolve() for path in workspace.source_descriptions()}
        if not files:
            shared = (*workspace.reference(), *workspace.source_descriptions())
            root = workspace.root.resolve()
            own = (path for path in shared if path.resolve().is_relative_to(root))
            files = [*own, *workspace.cases()]
        each = [p for file in files for p in (workspace.cases(file) if file.is_dir() else [file])]
        unique = list({path.resolve(): path for path in each}.values())
        rest = [path for path in unique if path.suffix != TABLE]
        return cls(
            [path for path in unique if path.suffix == TABLE],
            [path for path in rest if path.resolve() in described],
            [path for path in rest if path.resolve() not in described],
        )


def _changes(paths: Iterable[Path], facts: Facts, faults: list[Fault]) -> Iterator[Change]:
    """The changes of those of the files that change; why one cannot be read is added to `faults`."""
    for path in paths:
        try:
            data = formats.read_bytes(path)
            formats.decode(data, str(path))
        except InputError as error:
            faults += error.faults
            continue
        before = data.decode()
        mended = mend(before, str(path), facts)
        if mended.text != before:
            yield Change(path, before, mended)


# --- what is known


def facts(workspace: Workspace, changed: Iterable[Change] = ()) -> Facts:
    """What the cases of a workspace are mended from, once the tables among `changed` are written.

    The shared entities are known only where all that describes some can be read.

    :raises DefinitionError: if the ontology is ill-formed.
    """
    bare = _bare(workspace)
    texts = {change.path.resolve(): change.mended.text for change in changed}
    ids = [_ids(path, texts, bare) for path in workspace.reference()]
    return replace(
        bare,
        texts=_texts(workspace),
        known=None if None in ids else frozenset().union(*(each or () for each in ids)),
        sources=frozenset(path.stem for path in workspace.source_descriptions() if is_key(path.stem)),
        order=_order(workspace, bare),
    )


def _bare(workspace: Workspace) -> Facts:
    onto = build.ontology_of(workspace)
    return Facts(onto, workspace.names, languages=frozenset(workspace.languages))


def _ids(path: Path, texts: Mapping[Path, str], bare: Facts) -> set[str] | None:
    """The IRIs of what a file of reference data describes, or None where that cannot be told."""
    try:
        if path.suffix != TABLE:
            quads = formats.read(path)
            return {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}
        text = texts.get(path.resolve()) or formats.decode(formats.read_bytes(path), str(path))
    except InputError:
        return None
    ids = tables.ids(text, bare)
    return None if ids is None else {ID + id for id in ids}


def _order(workspace: Workspace, bare: Facts) -> tuple[str, ...]:
    """The order of sections in the template of cases: the workspace's own, else that of what it builds on."""
    templates = (folder / TEMPLATES / "case.yaml" for folder in reversed(workspace.layers))
    template = next((path for path in templates if path.is_file()), None)
    return order(sources.read(template).text, bare.ontology.context) if template else ()


def _texts(workspace: Workspace) -> dict[str, Text]:
    if workspace.sources is None or not workspace.sources.is_dir():
        return {}
    return sources.library(workspace.sources, evidence.descriptions(workspace.source_descriptions()))


# --- writing


def write(change: Change) -> None:
    """Put the mended text in the place of the file, whole or not at all; its rights stay.

    :raises InputError: if the file may not be written, has changed meanwhile, or the disk refuses.
    """
    path = change.path.resolve()
    place = Place(str(change.path))
    if not os.access(path, os.W_OK):
        fix = "ask its owner, or change its rights"
        raise InputError.at(place, "there is no right to write this file", fix)
    if formats.read_bytes(path) != change.before.encode():
        raise InputError.at(place, "the file has just been changed by another", "run it again")
    try:
        put(path, [change.mended.text.encode()])
    except OSError as exc:
        what = f"cannot be written: {exc.strerror or exc}"
        raise InputError.at(place, what, "it is as it was") from exc
