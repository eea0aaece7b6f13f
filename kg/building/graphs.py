"""What follows from what is asserted, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, islice
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad

from kg import rules, shapes
from kg.building.collecting import read
from kg.building.lines import Meter, unseen
from kg.building.reading import Asserted, ontology_of
from kg.errors import DefinitionError, Fault
from kg.formats.lines import Block, Lines
from kg.names import ID
from kg.ontology import Ontology
from kg.places import Place
from kg.shapes import consequences
from kg.shapes.compile.written import Written
from kg.workspace import Workspace

Progress = Callable[[str], None]

BATCH = 20_000
"""How many lines are put together at once."""


def quiet(_step: str) -> None:
    """Say nothing of the steps."""


@dataclass(frozen=True)
class Graph:
    """A whole graph: what is asserted, and what follows, in the named graph `home`."""

    asserted: Asserted
    inferences: rules.Inferences
    home: NamedNode

    @property
    def inferred(self) -> list[Quad]:
        """What follows, made anew each time."""
        return self.inferences.quads(self.home)

    @property
    def quads(self) -> list[Quad]:
        """All quads: asserted, and then inferred."""
        return [*self.asserted.quads, *self.inferred]

    def __len__(self) -> int:
        return len(self.asserted.quads) + len(self.inferences)


def infer(workspace: Workspace, onto: Ontology, asserted: Asserted) -> Graph:
    """What is asserted, with all that follows from it by the ontology's shortcuts and axioms."""
    compiled = rules.compile(onto.axioms, onto.shortcuts, onto.prefixes, places=onto.places)
    inferences = rules.infer(asserted.quads.data(), compiled)
    return Graph(asserted, inferences, workspace.names.graph("inferred"))


def validate(
    workspace: Workspace,
    onto: Ontology,
    graph: Graph,
    engine: str = shapes.DEFAULT,
    written: Written | None = None,
) -> shapes.Report:
    """What is wrong with the graph: faults of reading, violations of shapes, clashes of classes.

    The default engine tells `written` which literals the store would rewrite.
    """
    asserted = graph.asserted
    try:
        data = _loaded(graph, written) if engine == shapes.DEFAULT else graph.quads
        report = shapes.validate(data, onto.shapes, places=asserted.places, engine=engine)
    except DefinitionError as exc:
        file = Place(str(workspace.ontology[-1] / "shapes.ttl"))
        raise DefinitionError.all(replace(fault, place=fault.place or file) for fault in exc.faults) from exc
    described = cache(lambda: {quad.subject for quad in asserted.quads.at_hand})
    bases = (ID, workspace.names.source("").value)
    report = consequences.left_out(
        report,
        onto.shapes,
        asserted.gaps,
        lambda node: node.value.startswith(bases) and node not in described(),
    )
    name = naming(workspace, onto)
    clashes = (Fault(_where(clash, graph), clash.message(name)) for clash in graph.inferences.clashes)
    return report.with_faults([*asserted.faults, *clashes])


def _loaded(graph: Graph, written: Written | None) -> shapes.Loaded:
    """The graph in a store, block by block."""
    loaded = shapes.Loaded(written=written)
    lines = graph.inferences.lines()
    inferred = iter(lambda: b"".join(islice(lines, BATCH)), b"")
    loaded.load(Merged(chain(graph.asserted.quads.triples(), inferred)))
    return loaded


class Merged(Lines):
    """Lines of N-Triples as they are made, which stand in no file; given once."""

    def __init__(self, texts: Iterable[bytes]) -> None:
        super().__init__(Path())
        self._given = texts

    def blocks(self) -> Iterator[Block]:
        """The text, as it comes."""
        return (Block(text, 0) for text in self._given)


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
        if key := onto.context.key(iri) or onto.context.key(onto.dated.get(iri.value, "")):
            return key
        if iri.value in terms:
            return shapes.local_name(iri)
        for prefix in (f"{workspace.base}case/", ID, workspace.base):
            if iri.value.startswith(prefix):
                return iri.value.removeprefix(prefix)
        return shapes.local_name(iri)

    return name


def assemble(
    workspace: Workspace,
    progress: Progress = quiet,
    files: Collection[Path] | None = None,
    meter: Meter = unseen,
    folder: Path | None = None,
) -> Graph:
    """Read and infer: the graph, not yet validated; `folder` has room for the lines of many cases.

    :raises DefinitionError: if the ontology is ill-formed.
    """
    progress("reading the ontology")
    onto = ontology_of(workspace)
    progress("reading cases, sources and reference data")
    asserted = read(workspace, onto, files, meter, folder)
    progress(f"inferring from {len(asserted.quads):,} statements")
    return infer(workspace, onto, asserted)
