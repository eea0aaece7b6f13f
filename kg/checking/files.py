"""Files of RDF that are given for a check: what they say, where, and what they import.

`owl:imports` are looked for among the files at hand, by the IRI of an ontology and by the name of a file.
Nothing is ever fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from kg import formats
from kg.errors import Fault, InputError
from kg.formats import FORMATS
from kg.formats.lines import Lines, is_lines
from kg.names import OWL, RDF
from kg.places import Places
from kg.shapes import Loaded
from kg.vacuity import Slip

SUFFIXES = tuple(suffix for each in FORMATS.values() for suffix in each.suffixes)
TYPE, ONTOLOGY = NamedNode(RDF + "type"), NamedNode(OWL + "Ontology")
IMPORTS, VERSION = NamedNode(OWL + "imports"), NamedNode(OWL + "versionIRI")
GLANCE = 2**16
_PREFIX = re.compile(
    r"""^\s*@?prefix\s+([\w.-]*):\s*<([^<>]*)>|xmlns:([\w.-]+)\s*=\s*["']([^"']*)["']""", re.I | re.M
)


@dataclass
class Source:
    """The files of one use: their quads, and where those stand.

    What is in N-Triples, the form of large files, goes line by line into a `store`, and not into `quads`.
    `broken` are lines of them that cannot be read, while the others are.
    """

    quads: list[Quad] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    files: dict[Path, list[Quad]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    store: Loaded | None = None
    streamed: dict[Path, Lines] = field(default_factory=dict)

    def take(self, path: Path) -> None:
        """Read the file at `path`, unless it has been; why it cannot be read is told in `faults`."""
        if (whole := path.resolve()) in self.files:
            return
        self.files[whole] = []
        try:
            formats.check_is_file(path)
            self.files[whole], places = formats.read_placed(path, whole.as_uri())
        except InputError as exc:
            self.faults += exc.faults
        else:
            self.quads += self.files[whole]
            self.places.update(places)

    def stream(self, path: Path) -> None:
        """The same for a file that may be large: it is kept in the store alone, if it is in N-Triples."""
        whole = path.resolve()
        if whole in self.files or not (path.suffix.lower() == ".nt" and is_lines(path)):
            self.take(path)
            return
        self.files[whole] = []
        self.store = Loaded() if self.store is None else self.store
        lines = self.streamed[whole] = Lines(path, f"f{len(self.streamed)}." if self.streamed else "")
        try:
            self.store.load(lines)
        except InputError as exc:
            self.faults += exc.faults
        self.places.add_file(str(path), lines)

    def says(self, path: Path) -> bool:
        """Whether there is a statement in a file that has been read."""
        whole = path.resolve()
        return bool(self.files[whole]) or (whole in self.streamed and self.streamed[whole].statements > 0)

    @property
    def broken(self) -> list[Fault]:
        """The lines that could not be read, of files that could."""
        return [fault for lines in self.streamed.values() for fault in lines.faults]

    @property
    def statements(self) -> int:
        """How many statements have been read."""
        return len(self.quads) + sum(lines.statements for lines in self.streamed.values())

    def about(self, prop: NamedNode) -> list[Quad]:
        """All statements with a property."""
        stored = self.store.pairs(prop) if self.store else ()
        return [*(q for q in self.quads if q.predicate == prop), *(Quad(s, prop, o) for s, o in stored)]


class AtHand:
    """The files that an import may be found in."""

    def __init__(self, given: Iterable[Path], sources: Sequence[Source]) -> None:
        self._paths = [path for each in given for path in (folder_files(each) if each.is_dir() else [each])]
        self._sources = sources

    def follow(self, source: Source) -> Iterator[Slip]:
        """Read what the files of `source` import, and what that imports; a slip for what is not at hand."""
        asked: set[NamedNode] = set()
        todo = source.about(IMPORTS)
        while todo:
            quad = todo.pop(0)
            if not isinstance(iri := quad.object, NamedNode) or iri in asked:
                continue
            asked.add(iri)
            if path := self._find(iri.value):
                known = len(source.quads)
                source.take(path)
                todo += [quad for quad in source.quads[known:] if quad.predicate == IMPORTS]
            else:
                place = next(iter(source.places.find(quad.subject, IMPORTS, iri)), None)
                yield Slip("check.import", place, {"iri": f"<{iri.value}>"})

    def _find(self, iri: str) -> Path | None:
        """The file of an ontology with that IRI, or else the one of that name."""
        if found := self._by_iri.get(_bare(iri)):
            return found
        name = _bare(iri).rpartition("/")[2]
        return next((path for path in self._paths if name in (path.name, path.stem)), None)

    @cached_property
    def _by_iri(self) -> dict[str, Path]:
        """The files by the IRIs and version IRIs of the ontologies in them; what cannot be read has none."""
        found: dict[str, Path] = {}
        for path in reversed(self._paths):
            quads = self._quads(path)
            own = {q.subject for q in quads if q.predicate == TYPE and q.object == ONTOLOGY}
            named = [*own, *(q.object for q in quads if q.predicate == VERSION and q.subject in own)]
            found |= {_bare(each.value): path for each in named if isinstance(each, NamedNode)}
        return found

    def _quads(self, path: Path) -> list[Quad]:
        """What a file says, read before or for this alone."""
        whole = path.resolve()
        for source in self._sources:
            if whole in source.streamed:
                return [quad for prop in (TYPE, VERSION) for quad in source.about(prop)]
            if found := source.files.get(whole):
                return found
        alone = Source()
        alone.take(path)
        return alone.quads


def _bare(iri: str) -> str:
    return iri.rstrip("#/")


def folder_files(folder: Path) -> list[Path]:
    """The RDF files in a folder, sorted; hidden ones are an editor's own."""
    found = (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return sorted(path for path in found if not path.name.startswith("."))


def prefixes_of(source: Source) -> dict[str, str]:
    """The prefixes of its files, those of the last first."""
    paths = [path for path, quads in source.files.items() if quads]
    return {name: iri for path in paths for name, iri in _prefixes(path)}


def _prefixes(path: Path) -> Iterator[tuple[str, str]]:
    """The prefixes that a file declares at its start, as far as a glance shows them."""
    start = formats.read_bytes(path)[:GLANCE].decode(errors="replace")
    for match in _PREFIX.finditer(start):
        yield match[1] or match[3] or "", match[2] or match[4]
