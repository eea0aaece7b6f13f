"""What files say: the ontology, reference data, descriptions of sources, cases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad

from kg import cases, ontology, reference
from kg.cases import Document, Gap
from kg.errors import Fault, InputError
from kg.names import ID, Names
from kg.ontology import Ontology
from kg.places import Place, Places
from kg.workspace import Workspace


@dataclass
class Asserted:
    """What files say: quads by graph, where they stand, the cases, and what could not be read.

    `gaps` are the nodes and properties of which a fault took something, and `lost` is whether it took
    nodes; `unread` is whether there is a file of which nothing could be read at all.
    """

    quads: list[Quad] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    faults: list[Fault] = field(default_factory=list)
    cases: dict[str, Path] = field(default_factory=dict)
    gaps: set[Gap] = field(default_factory=set)
    lost: bool = False
    unread: bool = False

    def add(self, document: Document) -> None:
        """Take in a document."""
        self.quads += document.quads
        self.places.update(document.places)
        self.gaps |= document.gaps
        self.lost |= document.lost

    def spoilt(self, error: InputError) -> Document | None:
        """Take note of the faults of a file; what it says without them, if it could be read."""
        self.faults += error.faults
        if isinstance(error, cases.FaultyError):
            return error.document
        self.lost = self.unread = True
        return None


def ontology_of(workspace: Workspace) -> Ontology:
    """The ontology of the workspace and of what it builds on; read once, and again if its files change.

    :raises DefinitionError: if it is ill-formed.
    """
    return _ontology(workspace, workspace.fingerprint(workspace.definitions()), workspace.ontology)


@lru_cache(maxsize=8)
def _ontology(workspace: Workspace, _fingerprint: str, folders: tuple[Path, ...]) -> Ontology:
    return ontology.load(folders, workspace.names)


def read(workspace: Workspace, onto: Ontology, files: Collection[Path] | None = None) -> Asserted:
    """Everything asserted in the workspace; with `files`, those as the only case files.

    Faults are collected, not raised: what can be read is read. Whether what is referred to
    exists is asked only where all that could describe it has been read.
    """
    out, names = Asserted(quads=list(onto.terms)), workspace.names
    out.places.update(onto.places)
    for path in workspace.reference():
        _take(out, partial(reference.read, path, onto, names))
    for path in workspace.source_descriptions():
        _take(out, partial(cases.read, path, onto, names, kind="source"))
    complete = not out.lost
    shared = frozenset(s for q in out.quads if (s := _iri(q.subject)).startswith(ID))
    for path in workspace.cases() if files is None else files:
        _take_cases(out, path, onto, workspace, shared if complete else None)
    if complete:
        out.faults += _once_a_file(reference.dangling(out.quads, out.places, names))
    return out


def _iri(term: Any) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _take(out: Asserted, reader: Callable[[], Document]) -> None:
    try:
        out.add(reader())
    except InputError as exc:
        if document := out.spoilt(exc):
            out.add(document)


def _take_cases(
    out: Asserted, path: Path, onto: Ontology, workspace: Workspace, known: Collection[str] | None
) -> None:
    """Take in the case in the file `path`, or the many of a file of lines."""
    try:
        for found in _documents(path, onto, workspace, known):
            document = out.spoilt(found) if isinstance(found, InputError) else found
            if document:
                _take_case(out, document, path, workspace.names)
    except InputError as exc:
        out.spoilt(exc)


def _documents(
    path: Path, onto: Ontology, workspace: Workspace, known: Collection[str] | None
) -> Iterable[Document | InputError]:
    names, languages = workspace.names, workspace.languages
    if path.suffix == ".jsonl":
        return cases.read_lines(path, onto, names, known, languages=languages)
    try:
        return [cases.read(path, onto, names, known, languages=languages)]
    except InputError as exc:
        return [exc]


def _take_case(out: Asserted, document: Document, path: Path, names: Names) -> None:
    """Take in a case, unless there is one of its id already."""
    if document.id not in out.cases:
        out.cases[document.id] = path
        out.add(document)
        return
    root = names.case(document.id)
    here, other = (next(iter(p.find(root)), None) for p in (document.places, out.places))
    what = f"two cases with the id “{document.id}”"
    out.faults.append(Fault(here, what, f"the other is {other}; give this one an id of its own"))


def _once_a_file(faults: Iterable[Fault]) -> list[Fault]:
    """The first of those that say the same of a file: a misspelt name may stand there many times."""
    first: dict[tuple[str, str], Fault] = {}
    for fault in sorted(faults, key=lambda f: f.place or Place("")):
        first.setdefault((fault.place.path if fault.place else "", fault.what), fault)
    return list(first.values())
