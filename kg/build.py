"""Workspace → store: read, infer, validate, write.

```
data/cases  data/reference  data/sources  ontology
      └──────────┴── read ──────┴────────────┘ → infer → validate → store
```
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad

from kg import about, cases, formats, ontology, reference, rules, shapes, store
from kg.cases import Document, Gap
from kg.errors import DefinitionError, Fault, InputError
from kg.names import ID, Names
from kg.ontology import Ontology
from kg.places import Place, Places
from kg.shapes import consequences
from kg.store import Built
from kg.workspace import Workspace

Progress = Callable[[str], None]


def quiet(_step: str) -> None:
    """Say nothing of the steps."""


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


@dataclass(frozen=True)
class Graph:
    """A whole graph in memory: what is asserted and what follows, in their named graphs."""

    asserted: Asserted
    inferences: rules.Inferences
    inferred: list[Quad]

    @property
    def quads(self) -> list[Quad]:
        """All quads: asserted, and then inferred."""
        return self.asserted.quads + self.inferred


@dataclass(frozen=True)
class Attempt:
    """What came of a build or a check: the graph, the report, and the build if there is one.

    There is none where nothing was to be stored, or the report kept it from being stored.
    """

    graph: Graph
    report: shapes.Report
    built: Built | None


def ontology_of(workspace: Workspace) -> Ontology:
    """The ontology of the workspace and of what it builds on; read once, and again if its files change.

    :raises DefinitionError: if it is ill-formed.
    """
    return _ontology(workspace, workspace.fingerprint(workspace.definitions()), workspace.ontology)


@lru_cache(maxsize=8)
def _ontology(workspace: Workspace, _fingerprint: str, folders: tuple[Path, ...]) -> Ontology:
    return ontology.load(folders, workspace.names)


# --- reading -----------------------------------------------------------------------------


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


# --- inferring and validating ------------------------------------------------------------


def infer(workspace: Workspace, onto: Ontology, asserted: Asserted) -> Graph:
    """What is asserted, with all that follows from it by the ontology's shortcuts and axioms."""
    compiled = rules.compile(onto.axioms, onto.shortcuts, onto.prefixes, places=onto.places)
    inferences = rules.infer(asserted.quads, compiled)
    return Graph(asserted, inferences, inferences.quads(workspace.names.graph("inferred")))


def validate(workspace: Workspace, onto: Ontology, graph: Graph, engine: str = "pyshacl") -> shapes.Report:
    """What is wrong with the graph: faults of reading, violations of shapes, clashes of classes."""
    asserted = graph.asserted
    try:
        report = shapes.validate(graph.quads, onto.shapes, places=asserted.places, engine=engine)
    except DefinitionError as exc:
        file = Place(str(workspace.ontology[-1] / "shapes.ttl"))
        raise DefinitionError.all(replace(fault, place=fault.place or file) for fault in exc.faults) from exc
    described = {quad.subject for quad in asserted.quads}
    bases = (ID, workspace.names.source("").value)
    report = consequences.left_out(
        report,
        onto.shapes,
        asserted.gaps,
        lambda node: node not in described and node.value.startswith(bases),
    )
    name = naming(workspace, onto)
    clashes = (Fault(_where(clash, graph), clash.message(name)) for clash in graph.inferences.clashes)
    return report.with_faults([*asserted.faults, *clashes])


def _where(clash: rules.Clash, graph: Graph) -> Place | None:
    """Where a clash is written: at what makes the individual one of the two, else at the individual."""
    node, places = clash.individual, graph.asserted.places
    kinds = {(node, clash.class_a), (node, clash.class_b)}
    made = [i for i in graph.inferences.triples if (i.triple.subject, i.triple.object) in kinds]
    links = {predicate for each in made for _, predicate, _ in each.rule.body}
    uses = (q for q in graph.asserted.quads if q.object == node and q.predicate in links)
    spots = (places.find(quad.subject, quad.predicate, node) for quad in uses)
    return next((found[0] for found in (*spots, places.find(node)) if found), None)


def naming(workspace: Workspace, onto: Ontology) -> Callable[[NamedNode | BlankNode], str]:
    """How an author writes an IRI: the key of a property, `a-case/things/a1`, a local name."""
    terms = onto.classes | onto.properties | onto.concepts

    def name(iri: NamedNode | BlankNode) -> str:
        if isinstance(iri, BlankNode):
            return str(iri)
        if key := onto.context.key(iri):
            return key
        if iri.value in terms:
            return shapes.local_name(iri)
        for prefix in (f"{workspace.base}case/", ID, workspace.base):
            if iri.value.startswith(prefix):
                return iri.value.removeprefix(prefix)
        return shapes.local_name(iri)

    return name


def assemble(
    workspace: Workspace, progress: Progress = quiet, files: Collection[Path] | None = None
) -> Graph:
    """Read and infer: the graph in memory, not yet validated.

    :raises DefinitionError: if the ontology is ill-formed.
    """
    progress("reading the ontology")
    onto = ontology_of(workspace)
    progress("reading cases, sources and reference data")
    asserted = read(workspace, onto, files)
    progress(f"inferring from {len(asserted.quads):,} statements")
    return infer(workspace, onto, asserted)


# --- the whole way -----------------------------------------------------------------------


def check(workspace: Workspace, progress: Progress = quiet, files: Collection[Path] | None = None) -> Attempt:
    """Read, infer and validate, and store nothing; with `files`, those as the only case files.

    A folder stands for the case files in it; reference data and descriptions of sources are read
    as what they are.

    :raises InputError: if there is no case to check.
    """
    return _attempt(workspace, progress, case_files(workspace, files), check=True)


def case_files(workspace: Workspace, files: Collection[Path] | None = None) -> list[Path]:
    """The case files of the workspace; with `files`, those, each once, and for a folder the ones in it.

    What the workspace has as reference data or description of a source is none, and is left out.

    :raises InputError: if there is none.
    """
    if not files:
        return _cases_in(workspace, workspace.root / "data" / "cases")
    others = {p.resolve() for p in (*workspace.reference(), *workspace.source_descriptions())}
    chosen: dict[Path, Path] = {}
    for file in files:
        for path in _cases_in(workspace, file) if file.is_dir() else [file]:
            if path.resolve() not in others:
                chosen.setdefault(path.resolve(), path)
    return list(chosen.values())


def _cases_in(workspace: Workspace, folder: Path) -> list[Path]:
    if found := workspace.cases(folder):
        return found
    raise InputError.at(Place(workspace.relative(folder)), "no case file here", "write one with: kg new ID")


def _attempt(workspace: Workspace, progress: Progress, files: list[Path], *, check: bool) -> Attempt:
    graph = assemble(workspace, progress, files)
    if not check:
        return Attempt(graph, shapes.Report().with_faults(graph.asserted.faults), None)
    progress(f"checking {len(graph.quads):,} statements against the shapes")
    return Attempt(graph, validate(workspace, ontology_of(workspace), graph), None)


def build(workspace: Workspace, progress: Progress = quiet, *, check: bool = True) -> Attempt:
    """Build the graph and store it, unless it has errors: then the last good build stays.

    With `check` off the shapes are not run, and only what cannot be read keeps it from being stored.

    :raises InputError: if there is no case to build, or the disk refuses.
    """
    fingerprint = workspace.fingerprint()  # of what is read, should it change while it is read
    attempt = _attempt(workspace, progress, case_files(workspace), check=check)
    if not attempt.report.conforms:
        return attempt
    progress("storing the graph")
    return replace(attempt, built=_store(workspace, attempt.graph, fingerprint, checked=check))


def _store(workspace: Workspace, graph: Graph, fingerprint: str, *, checked: bool) -> Built:
    quads = [*graph.quads, *about.describe(workspace, graph.quads)]
    manifest = {
        "fingerprint": fingerprint, "checked": checked, "cases": sorted(graph.asserted.cases),
        "asserted": len(graph.asserted.quads), "inferred": len(graph.inferred), "quads": len(quads),
    }  # fmt: skip
    data = formats.serialize(quads, "nquads", {})
    return store.write(workspace.build, data, _trace(graph.inferences), manifest)


def _trace(inferences: rules.Inferences) -> bytes:
    lines = (
        f"{i.triple.subject}\t{i.triple.predicate}\t{i.triple.object}\t{i.rule.name}\n"
        for i in inferences.triples
    )
    return "".join(sorted(lines)).encode()


def ensure(workspace: Workspace, say: Callable[[str], None] = quiet, progress: Progress = quiet) -> Built:
    """The current build, made anew where there is none or the files have changed since.

    It is made without the shapes, so that asking stays quick: `build` and `validate` run those.

    :raises InputError: if a file cannot be read.
    """
    built = store.current(workspace.build)
    if built is not None and built.manifest.get("fingerprint") == workspace.fingerprint():
        return built
    say("building the graph" if built is None else "the files have changed: building the graph again")
    attempt = build(workspace, progress, check=False)
    if attempt.built is None:
        raise InputError.all(attempt.report.faults)
    return attempt.built


def told(built: Built) -> str:
    """What a build holds, in a line."""
    said = built.manifest
    number = len(said["cases"])
    cases = "1 case" if number == 1 else f"{number} cases"
    unchecked = "" if said["checked"] else "; not checked against the shapes"
    return f"{cases}: {said['quads']:,} statements, {said['inferred']:,} of them inferred{unchecked}"


def graphs(quads: Iterable[Quad], workspace: Workspace) -> dict[str, list[Quad]]:
    """The quads by the name of their graph: `case/ID`, `reference`, `ontology`, `inferred`, `about`."""
    prefix = workspace.names.graph("").value
    out: dict[str, list[Quad]] = {}
    for quad in quads:
        out.setdefault(_iri(quad.graph_name).removeprefix(prefix), []).append(quad)
    return out
