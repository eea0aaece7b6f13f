"""Workspace → store: read, infer, validate, write.

```
data/cases  data/reference  data/sources  ontology
      └──────────┴── read ──────┴────────────┘ → infer → validate → store
```
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad

from kg import about, cases, formats, ontology, reference, rules, shapes, store
from kg.cases import Document
from kg.errors import Fault, InputError
from kg.names import ID
from kg.ontology import Ontology
from kg.places import Place, Places
from kg.store import Built
from kg.workspace import Workspace

Progress = Callable[[str], None]


def quiet(_step: str) -> None:
    """Say nothing of the steps."""


@dataclass
class Asserted:
    """What files say: quads by graph, where they stand, the cases, and what could not be read."""

    quads: list[Quad] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    faults: list[Fault] = field(default_factory=list)
    cases: dict[str, Path] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Take in a document."""
        self.quads += document.quads
        self.places.update(document.places)


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
    """What came of a build: the report, and the build itself unless the report kept it from being stored."""

    graph: Graph
    report: shapes.Report
    built: Built | None


@lru_cache(maxsize=8)
def ontology_of(workspace: Workspace) -> Ontology:
    """The ontology of the workspace and of what it builds on.

    :raises DefinitionError: if it is ill-formed.
    """
    return ontology.load(workspace.ontology, workspace.names)


def read(workspace: Workspace, onto: Ontology, files: Collection[Path] | None = None) -> Asserted:
    """Everything asserted in the workspace; with `files`, those as the only case files.

    Faults are collected, not raised: what can be read is read.
    """
    out = Asserted(quads=list(onto.terms))
    for path in workspace.reference():
        _add(out, lambda path=path: reference.read(path, onto, workspace.names))  # type: ignore[misc]
    for path in workspace.source_descriptions():
        _add(out, lambda path=path: cases.read(path, onto, workspace.names, kind="source"))  # type: ignore[misc]
    known = frozenset(s for q in out.quads if (s := _iri(q.subject)).startswith(ID))
    out.faults += reference.dangling(out.quads, out.places, workspace.names)
    for path in workspace.cases() if files is None else files:
        for document in _documents(out, path, onto, workspace, known):
            if other := out.cases.get(document.id):
                what = f"two cases with the id “{document.id}”"
                out.faults.append(Fault(Place(str(path), 1, 1), what, f"the other is {other}"))
            else:
                out.cases[document.id] = path
                out.add(document)
    return out


def _iri(term: Any) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _add(out: Asserted, reader: Callable[[], Document]) -> None:
    try:
        out.add(reader())
    except InputError as exc:
        out.faults += exc.faults


def _documents(
    out: Asserted, path: Path, onto: Ontology, workspace: Workspace, known: Collection[str]
) -> Iterator[Document]:
    try:
        if path.suffix != ".jsonl":
            yield cases.read(path, onto, workspace.names, known, languages=workspace.languages)
            return
        for line in cases.read_lines(path, onto, workspace.names, known, languages=workspace.languages):
            if isinstance(line, InputError):
                out.faults += line.faults
            else:
                yield line
    except InputError as exc:
        out.faults += exc.faults


def infer(workspace: Workspace, onto: Ontology, asserted: Asserted) -> Graph:
    """What is asserted, with all that follows from it by the ontology's shortcuts and axioms."""
    compiled = rules.compile(onto.axioms, onto.shortcuts, onto.prefixes)
    inferences = rules.infer(asserted.quads, compiled)
    return Graph(asserted, inferences, inferences.quads(workspace.names.graph("inferred")))


def validate(workspace: Workspace, onto: Ontology, graph: Graph, engine: str = "pyshacl") -> shapes.Report:
    """What is wrong with the graph: faults of reading, violations of shapes, clashes of classes."""
    report = shapes.validate(graph.quads, onto.shapes, places=graph.asserted.places, engine=engine)
    name = naming(workspace, onto)
    clashes = (Fault(_where(clash, graph), clash.message(name)) for clash in graph.inferences.clashes)
    return report.with_faults([*graph.asserted.faults, *clashes])


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


def build(workspace: Workspace, progress: Progress = quiet, *, check: bool = True) -> Attempt:
    """Build the graph and store it, unless it has errors: then the last good build stays.

    With `check` off the shapes are not run, and only what cannot be read keeps it from being stored.

    :raises InputError: if there is no case to build, or the disk refuses.
    """
    fingerprint = workspace.fingerprint()
    if not workspace.cases():
        raise InputError.at(
            Place(workspace.relative(workspace.root / "data" / "cases")),
            "no case file here",
            "write one with: kg new ID",
        )
    graph = assemble(workspace, progress)
    onto = ontology_of(workspace)
    if check:
        progress(f"checking {len(graph.quads):,} statements against the shapes")
        report = validate(workspace, onto, graph)
    else:
        report = shapes.Report().with_faults(graph.asserted.faults)
    if not report.conforms:
        return Attempt(graph, report, None)
    progress("storing the graph")
    quads = [*graph.quads, *about.describe(workspace, graph.quads)]
    manifest = {
        "fingerprint": fingerprint, "checked": check, "cases": sorted(graph.asserted.cases),
        "asserted": len(graph.asserted.quads), "inferred": len(graph.inferred), "quads": len(quads),
    }  # fmt: skip
    data = formats.serialize(quads, "nquads", onto.prefixes)
    return Attempt(graph, report, store.write(workspace.build, data, _trace(graph.inferences), manifest))


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
    return (
        f"{len(said['cases'])} cases: {said['quads']:,} statements, {said['inferred']:,} of them inferred"
        f"{'' if said['checked'] else '; not checked against the shapes'}"
    )


def graphs(quads: Iterable[Quad], workspace: Workspace) -> dict[str, list[Quad]]:
    """The quads by the name of their graph: `case/ID`, `reference`, `ontology`, `inferred`, `about`."""
    prefix = workspace.names.graph("").value
    out: dict[str, list[Quad]] = {}
    for quad in quads:
        out.setdefault(_iri(quad.graph_name).removeprefix(prefix), []).append(quad)
    return out
