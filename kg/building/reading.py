"""What files say: the ontology, reference data, descriptions of sources, cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

from pyoxigraph import NamedNode

from kg import cases, ontology, reference
from kg.building.statements import Statements
from kg.cases import Document, Gap
from kg.errors import Fault, InputError
from kg.names import ID
from kg.ontology import Ontology
from kg.places import Place, Places
from kg.workspace import Workspace


@dataclass
class Asserted:
    """What files say: quads by graph, where they stand, the cases, and what could not be read.

    The first quads at hand, `shared`, are of what cases share.
    `documents` are the ids of cases by the digests of what they were read from. `gaps` are the nodes and
    properties of which a fault took something, and `lost` is whether it took nodes; `unread` is whether
    there is a file of which nothing could be read at all.
    """

    quads: Statements = field(default_factory=Statements)
    places: Places = field(default_factory=Places)
    faults: list[Fault] = field(default_factory=list)
    cases: dict[str, Path] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    gaps: set[Gap] = field(default_factory=set)
    lost: bool = False
    unread: bool = False
    shared: int = 0

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


def read_shared(workspace: Workspace, onto: Ontology, folder: Path | None = None) -> Asserted:
    """What is asserted of what cases share: ontology, reference data, sources.

    `folder` is where there is room for what is too much to be held in memory.
    """
    out, names = Asserted(Statements(onto.terms, folder)), workspace.names
    out.places.update(onto.places)
    for path in workspace.reference():
        _take(out, partial(reference.read, path, onto, names))
    for path in workspace.source_descriptions():
        _take(out, partial(cases.read, path, onto, names, kind="source"))
    out.shared = len(out.quads)
    return out


def _take(out: Asserted, reader: Callable[[], Document]) -> None:
    try:
        out.add(reader())
    except InputError as exc:
        if document := out.spoilt(exc):
            out.add(document)


def shared_nodes(asserted: Asserted) -> frozenset[str] | None:
    """The shared entities that `asserted` describes; None if some may have been lost."""
    if asserted.lost:
        return None
    subjects = (q.subject.value for q in asserted.quads.at_hand if isinstance(q.subject, NamedNode))
    return frozenset(iri for iri in subjects if iri.startswith(ID))


def once_a_file(faults: Iterable[Fault]) -> list[Fault]:
    """The first of those that say the same of a file: a misspelt name may stand there many times."""
    first: dict[tuple[str, str], Fault] = {}
    for fault in sorted(faults, key=lambda f: f.place or Place("")):
        first.setdefault((fault.place.path if fault.place else "", fault.what), fault)
    return list(first.values())


def shared_lines(asserted: Asserted) -> bytes:
    """What cases share, as sorted lines of N-Quads, each once."""
    lines = {f"{quad} .\n".encode() for quad in asserted.quads.at_hand[: asserted.shared]}
    return b"".join(sorted(lines))
