"""Anybody's RDF held against anybody's shapes: no workspace is needed, and nothing of one is mixed in.

`owl:imports` are looked for among the files at hand, by the IRI of an ontology and by the name of a file.
Nothing is ever fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad

from kg import formats, rules, shapes as shacl
from kg.errors import DefinitionError, Fault, InputError
from kg.formats import FORMATS
from kg.formats.lines import Lines, is_lines
from kg.names import OWL, PREFIXES, RDF
from kg.places import Place, Places
from kg.rules.axioms import short
from kg.shapes import Loaded, Report, sparql
from kg.shapes.graph import Shapes
from kg.vacuity import Slip, Subject, examine
from kg.vacuity.shacl import borrowed

if TYPE_CHECKING:
    from kg.ontology import Ontology
    from kg.workspace import Workspace

SUFFIXES = tuple(suffix for each in FORMATS.values() for suffix in each.suffixes)
TYPE, ONTOLOGY = NamedNode(RDF + "type"), NamedNode(OWL + "Ontology")
IMPORTS, VERSION = NamedNode(OWL + "imports"), NamedNode(OWL + "versionIRI")
INFERRED = NamedNode("urn:x-casegraph:inferred")
GLANCE = 2**16
_PREFIX = re.compile(
    r"""^\s*@?prefix\s+([\w.-]*):\s*<([^<>]*)>|xmlns:([\w.-]+)\s*=\s*["']([^"']*)["']""", re.I | re.M
)


@dataclass(frozen=True)
class Checked:
    """What came of a check; `unread` says whether some of the data could not be read.

    `told`: what is to be said of it beside the report, in a line.
    """

    report: Report
    unread: bool = False
    told: str = ""


def read(
    files: Sequence[Path],
    shapes: Sequence[Path],
    ontologies: Sequence[Path] = (),
    imports: Sequence[Path] = (),
    workspace: Workspace | None = None,
) -> Foreign:
    """The RDF in `files`, the `shapes` to hold it against, and what all of them import.

    A folder stands for the RDF files in it. The `ontologies` are part of what is judged, since classes below
    others are known from them. `imports`: files and folders that `owl:imports` may be found in. `workspace`:
    one whose ontology, shapes and reference data are to be used beside the given ones.

    :raises InputError: if shapes or ontologies cannot be opened. What of the data cannot be read is told in
      the report.
    :raises DefinitionError: if shapes or ontologies are ill-formed.
    :raises UsageError: if the suffix of a file names no RDF format.
    """
    found = Foreign()
    found.take(files, shapes, ontologies, imports)
    if workspace:
        found.add(workspace)
    return found


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


@dataclass
class Foreign:
    """What has been read for a check, and the slips that came to light."""

    data: Source = field(default_factory=Source)
    shapes: Source = field(default_factory=Source)
    ontology: Source = field(default_factory=Source)
    slips: list[Slip] = field(default_factory=list)
    taken_over: Ontology | None = None

    def take(
        self,
        files: Sequence[Path],
        shapes: Sequence[Path],
        ontologies: Sequence[Path],
        imports: Sequence[Path],
    ) -> None:
        """Read all files, and what they import."""
        uses = ((self.data, files), (self.shapes, shapes), (self.ontology, ontologies))
        _open([*shapes, *ontologies])
        for source, paths in uses:
            for path in paths:
                self._read(source, path)
        at_hand = _AtHand([*files, *shapes, *ontologies, *imports], [source for source, _ in uses])
        for source, _ in uses:
            self.slips += at_hand.follow(source)
        if faults := [*self.shapes.faults, *self.ontology.faults]:
            raise DefinitionError.all(faults)
        if not Shapes(self.shapes.quads).shapes:
            where = Place(", ".join(map(str, shapes)))
            raise DefinitionError.at(where, "no shape in it", "give a file that holds SHACL shapes")

    def _read(self, source: Source, path: Path) -> None:
        """Read a file, or those of a folder; a slip if they say nothing."""
        found = _in(path) if path.is_dir() else [path]
        for each in found:
            faults = len(source.faults)
            (source.stream if source is self.data else source.take)(each)
            if not source.says(each) and len(source.faults) == faults and not source.broken:
                self.slips.append(Slip("vacuity.no-data", Place(str(each))))
        if not found:
            self.slips.append(Slip("vacuity.no-data", Place(str(path))))

    def add(self, workspace: Workspace) -> None:
        """Take in the ontology, shapes and reference data of `workspace`."""
        from kg import build

        self.taken_over = onto = build.ontology_of(workspace)
        asserted = build.read(workspace, onto, [])
        self.ontology.quads += [*asserted.quads, *onto.axioms]
        self.ontology.places.update(asserted.places)
        self.shapes.quads += onto.shapes
        self.data.faults += asserted.faults

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of the files, the shapes' first."""
        known = self.taken_over.prefixes if self.taken_over else PREFIXES
        return dict(known) | _of_files(self.data) | _of_files(self.ontology) | _of_files(self.shapes)

    def name(self, iri: NamedNode | BlankNode) -> str:
        """An IRI as the files write it."""
        return short(iri.value, self.prefixes) if isinstance(iri, NamedNode) else str(iri)

    def check(
        self, *, infer: bool = False, strict: bool = False, lang: str = "en", engine: str = shacl.DEFAULT
    ) -> Checked:
        """What comes of holding all data against all shapes."""
        places, slips, data = Places(), list(self.slips), self.data
        for source in (data, self.ontology, self.shapes):
            places.update(source.places)
        shapes, lacking = sparql.complete(self.shapes.quads, _of_files(self.shapes))
        slips += borrowed(lacking, Shapes(shapes), places)
        judged = Loaded() if data.store is None else data.store
        judged.extend([*data.quads, *self.ontology.quads])
        subject = self._subject(places, shapes)
        inferences = rules.Inferences()
        if infer:
            inferences = self._inferences([Quad(s, p, o) for s, p, o in judged.all], slips)
            judged.extend(inferences.quads(INFERRED))
        report = shacl.validate(judged, shapes, places=places, engine=engine)
        clashes = [
            Fault(next(iter(places.find(clash.individual)), None), clash.message(self.name))
            for clash in inferences.clashes
        ]
        report = replace(report, files=data.places.paths())
        report = report.with_faults([*data.faults, *data.broken, *clashes])
        # That shapes of the workspace have nothing to judge is no slip of these files.
        own = self.taken_over.places if self.taken_over else Places()
        idle = tuple(unused for unused in report.unused_shapes if not own.find(unused.shape))
        found = examine(replace(report, unused_shapes=idle), subject, lang=lang, strict=strict, more=slips)
        return Checked(replace(found, unused_shapes=report.unused_shapes), bool(data.faults))

    def _subject(self, places: Places, shapes: list[Quad]) -> Subject:
        return Subject.of(
            self.data.quads if self.data.store is None else self.data.store,
            shapes,
            self.ontology.quads,
            places=places,
            prefixes=self.prefixes,
            naming=self.name,
        )

    def _inferences(self, quads: list[Quad], slips: list[Slip]) -> rules.Inferences:
        """What follows from the quads; axioms that no rule can be made of are told in `slips`."""
        skipped: list[Fault] = []
        shortcuts = self.taken_over.shortcuts if self.taken_over else []
        compiled = rules.compile(self.ontology.quads, shortcuts, self.prefixes, skipped)
        slips += [Slip("check.axiom", None, {"what": fault.what}) for fault in skipped]
        return rules.infer(quads, compiled)


def _in(folder: Path) -> list[Path]:
    """The RDF files in a folder, sorted; hidden ones are an editor's own."""
    found = (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return sorted(path for path in found if not path.name.startswith("."))


def _open(paths: Iterable[Path]) -> None:
    """Refuse files that cannot be opened.

    :raises InputError: with all of them.
    """
    faults: list[Fault] = []
    for path in paths:
        try:
            if not path.is_dir():
                formats.read_bytes(path)
        except InputError as exc:
            faults += exc.faults
    if faults:
        raise InputError.all(faults)


def _of_files(source: Source) -> dict[str, str]:
    """The prefixes of its files, those of the last first."""
    paths = [path for path, quads in source.files.items() if quads]
    return {name: iri for path in paths for name, iri in _prefixes(path)}


def _prefixes(path: Path) -> Iterator[tuple[str, str]]:
    """The prefixes that a file declares at its start, as far as a glance shows them."""
    start = formats.read_bytes(path)[:GLANCE].decode(errors="replace")
    for match in _PREFIX.finditer(start):
        yield match[1] or match[3] or "", match[2] or match[4]


# --- imports -----------------------------------------------------------------------------


class _AtHand:
    """The files that an import may be found in."""

    def __init__(self, given: Iterable[Path], sources: Sequence[Source]) -> None:
        self._paths = [path for each in given for path in (_in(each) if each.is_dir() else [each])]
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
