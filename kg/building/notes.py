"""What a build notes for the next one: what it was made from, so that only what has changed is done again."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.shapes import Report
from kg.shapes.compile.written import Written
from kg.store import Built
from kg.workspace import Workspace

DOCUMENTS, NOTES, SHARED = "documents.tsv", "notes.json", "shared.nq"
FORM = 4
"""The form of a build's files; one of another form is made anew."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The fingerprints of what every case depends on.

    `definitions`: settings and ontology, but for the shapes, which are apart; `shared`: reference data and
    descriptions of sources.
    """

    definitions: str
    shapes: str
    shared: str

    @classmethod
    def of(cls, workspace: Workspace) -> Marks:
        """Those of the files as they are."""
        parts: dict[bool, list[Path]] = {True: [], False: []}
        for path in workspace.definitions():
            parts[path.name == "shapes.ttl"].append(path)
        shared = (*workspace.reference(), *workspace.source_descriptions())
        return cls(*map(workspace.fingerprint, (parts[False], parts[True], shared)))


@dataclass(frozen=True, slots=True)
class Notes:
    """What a build was made from.

    `documents`: the ids of cases by the digests of what they were read from. `terms`: the properties and
    classes in use. `found`: the nodes of which the report told something that is no error. `odd`: how many
    quads have a literal that the store rewrites. `by_row`: whether Python matched a regular expression of
    which only a row of the data said which it is.
    """

    marks: Marks
    documents: Mapping[str, str]
    terms: Iterable[NamedNode]
    found: Iterable[str]
    odd: int = 0
    by_row: bool = False

    def files(self) -> dict[str, bytes]:
        """The notes as files."""
        documents = "".join(f"{digest}\t{id}\n" for digest, id in sorted(self.documents.items()))
        said = {
            "form": FORM, **asdict(self.marks),
            "terms": sorted(term.value for term in self.terms), "found": sorted(self.found),
            "odd": self.odd, "by_row": self.by_row,
        }  # fmt: skip
        return {DOCUMENTS: documents.encode(), NOTES: json.dumps(said, indent=1).encode()}

    @classmethod
    def load(cls, built: Built) -> Notes | None:
        """The notes of a build, if it has any of this form."""
        try:
            said = json.loads((built.folder / NOTES).read_text(encoding="utf-8"))
            text = (built.folder / DOCUMENTS).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None
        if not isinstance(said, dict) or said.get("form") != FORM:
            return None
        documents = dict(line.split("\t") for line in text.splitlines())
        marks = Marks(said["definitions"], said["shapes"], said["shared"])
        terms = [NamedNode(iri) for iri in said["terms"]]
        return cls(marks, documents, terms, said["found"], said["odd"], said["by_row"])


def focus_nodes(report: Report) -> set[str]:
    """The nodes that a report speaks of; "" for one that is no IRI."""
    return {v.focus.value if isinstance(v.focus, NamedNode) else "" for v in report.violations}


def by_row(report: Report) -> bool:
    """Whether Python matched a regular expression of which only a row of the data said which it is."""
    return any(each.by_row for each in report.fallbacks)


_TYPED = re.compile(rb'("(?:[^"\\\n]|\\.)*"\^\^<[^>]*>) (?:<[^>]*> )?\.\n')


class Odd:
    """Counts the quads that have a literal which the store rewrites.

    >>> start, odd = b"<urn:a> <urn:p> ", Odd()
    >>> odd(start + b'"7"^^<http://www.w3.org/2001/XMLSchema#integer> .\\n')
    0
    >>> odd(start + b'"07"^^<http://www.w3.org/2001/XMLSchema#integer> <urn:g> .\\n')
    1
    """

    def __init__(self) -> None:
        self._written = Written()

    def __call__(self, quads: bytes) -> int:
        """How many of the quads, given as lines of N-Quads, are such."""
        if self._written.lines(quads) is quads:  # nearly always, and quickly told
            return 0
        found = Counter(_TYPED.findall(quads))
        if not found:
            return 0
        data = b"".join(b"<urn:x> <urn:x> " + literal + b" .\n" for literal in found)
        literals = (quad.object for quad in parse(data, RdfFormat.N_TRIPLES))
        stored = self._written.stored
        return sum(found[text] for text, each in zip(found, literals, strict=True) if stored(each) != each)
