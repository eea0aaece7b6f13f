"""Anybody's RDF held against anybody's shapes: no workspace is needed, and nothing of one is mixed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, NamedNode, Quad

from kg import formats, rules, shapes as shacl
from kg.checking import Checked
from kg.checking.files import AtHand, Source, folder_files, prefixes_of
from kg.errors import DefinitionError, Fault, InputError
from kg.names import PREFIXES, short
from kg.places import Place, Places
from kg.shapes import Loaded, sparql
from kg.shapes.graph import Shapes
from kg.vacuity import Slip, Subject, examine
from kg.vacuity.shacl import borrowed

if TYPE_CHECKING:
    from kg.ontology import Ontology
    from kg.workspace import Workspace

INFERRED = NamedNode("urn:x-casegraph:inferred")


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
        """Read all files, and what they import.

        :raises InputError, DefinitionError: as `read` does.
        """
        uses = ((self.data, files), (self.shapes, shapes), (self.ontology, ontologies))
        _open([*shapes, *ontologies])
        for source, paths in uses:
            for path in paths:
                self._read(source, path)
        at_hand = AtHand([*files, *shapes, *ontologies, *imports], [source for source, _ in uses])
        for source, _ in uses:
            self.slips += at_hand.follow(source)
        if faults := [*self.shapes.faults, *self.ontology.faults]:
            raise DefinitionError.all(faults)
        if not self.graph.shapes:
            where = Place(", ".join(map(str, shapes)))
            raise DefinitionError.at(where, "no shape in it", "give a file that holds SHACL shapes")

    def _read(self, source: Source, path: Path) -> None:
        """Read a file, or those of a folder; a slip if they say nothing."""
        found = folder_files(path) if path.is_dir() else [path]
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
        del self.graph
        self.data.faults += asserted.faults

    @cached_property
    def graph(self) -> Shapes:
        """The shapes as they are written."""
        return Shapes(self.shapes.quads)

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of the files, the shapes' first."""
        known = self.taken_over.prefixes if self.taken_over else PREFIXES
        return dict(known) | prefixes_of(self.data) | prefixes_of(self.ontology) | prefixes_of(self.shapes)

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
        complete, lacking = sparql.complete(self.shapes.quads, prefixes_of(self.shapes))
        shapes = Shapes(complete) if lacking else self.graph
        slips += borrowed(lacking, shapes, places)
        judged = Loaded() if data.store is None else data.store
        judged.extend([*data.quads, *self.ontology.quads])
        subject = self._subject(places, shapes)
        clashes: list[Fault] = []
        if infer:
            inferences = self._inferences([Quad(s, p, o) for s, p, o in judged.all], slips, places)
            judged.extend(inferences.quads(INFERRED))
            clashes = [
                Fault(next(iter(places.find(clash.individual)), None), clash.message(self.name))
                for clash in inferences.clashes
            ]
        report = shacl.validate(judged, shapes, places=places, engine=engine)
        report = replace(report, files=data.places.paths())
        report = report.with_faults([*data.faults, *data.broken, *clashes])
        # That shapes of the workspace have nothing to judge is no slip of these files.
        own = self.taken_over.places if self.taken_over else Places()
        idle = tuple(unused for unused in report.unused_shapes if not own.find(unused.shape))
        found = examine(replace(report, unused_shapes=idle), subject, lang=lang, strict=strict, more=slips)
        return Checked(replace(found, unused_shapes=report.unused_shapes), bool(data.faults))

    def _subject(self, places: Places, shapes: Shapes) -> Subject:
        return Subject.of(
            self.data.quads if self.data.store is None else self.data.store,
            shapes,
            self.ontology.quads,
            places=places,
            prefixes=self.prefixes,
            naming=self.name,
        )

    def _inferences(self, quads: list[Quad], slips: list[Slip], places: Places) -> rules.Inferences:
        """What follows from the quads by the axioms among them; what makes no rule is told in `slips`."""
        skipped: list[Fault] = []
        shortcuts = self.taken_over.shortcuts if self.taken_over else []
        axioms = filter(rules.is_about_terms, quads)
        compiled = rules.compile(axioms, shortcuts, self.prefixes, skipped, places)
        slips += [Slip("check.axiom", fault.place, {"what": fault.what}) for fault in skipped]
        return rules.infer(quads, compiled)


def _open(paths: Iterable[Path]) -> None:
    """Refuse files that cannot be opened.

    :raises InputError: with all of them.
    """
    faults: list[Fault] = []
    for path in paths:
        try:
            if not path.is_dir():
                formats.check_is_file(path)
                formats.read_bytes(path)
        except InputError as exc:
            faults += exc.faults
    if faults:
        raise InputError.all(faults)
