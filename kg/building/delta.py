"""What has changed since the last build, as lines of N-Quads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from kg import reference
from kg.building.notes import SHARED
from kg.building.reading import read_shared, shared_lines
from kg.ontology import Ontology
from kg.store import Built
from kg.workspace import Workspace

PART = 0.05
"""How much of all statements may change of what cases share; where it is more it is quicker to build all."""


@dataclass(slots=True)
class Delta:
    """Lines of N-Quads that go, and lines that come; none is in both."""

    removed: set[bytes] = field(default_factory=set)
    added: set[bytes] = field(default_factory=set)

    @classmethod
    def between(cls, before: Iterable[bytes], after: Iterable[bytes]) -> Delta:
        """What makes `after` of `before`."""
        old, new = set(before), set(after)
        return cls(old - new, new - old)

    def __or__(self, other: Delta) -> Delta:
        return Delta(self.removed | other.removed, self.added | other.added)

    def __len__(self) -> int:
        return len(self.removed) + len(self.added)


@dataclass(frozen=True, slots=True)
class Shared:
    """What cases share, read again: its lines, what has changed of them, and the IRIs that are described."""

    text: bytes
    delta: Delta
    described: frozenset[str]


def read_again(workspace: Workspace, onto: Ontology, built: Built) -> Shared | None:
    """What cases share now; None where all has to be built.

    That is where something has a fault, where much has changed, or where something is no longer described
    that a case may speak of.
    """
    asserted, names = read_shared(workspace, onto), workspace.names
    quads, places = asserted.quads.at_hand, asserted.places
    if asserted.faults or asserted.lost or any(reference.dangling(quads, places, names)):
        return None
    text = shared_lines(asserted)
    described = frozenset(quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))
    try:
        before = (built.folder / SHARED).read_bytes().splitlines(keepends=True)
    except OSError:
        return None
    was = {line[1 : line.index(b"> ")].decode() for line in before if line.startswith(b"<")}
    delta = Delta.between(before, text.splitlines(keepends=True))
    many = len(delta) > max(PART * int(built.manifest["quads"]), 500)
    nameless = any(b"_:" in line for line in (*delta.removed, *delta.added))
    return None if many or nameless or not was <= described else Shared(text, delta, described)
