"""What follows from what is asserted, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad

from kg import rules, shapes
from kg.building.collecting import read
from kg.building.lines import Meter, unseen
from kg.building.reading import Asserted, ontology_of
from kg.errors import DefinitionError, Fault
from kg.names import ID
from kg.ontology import Ontology
from kg.places import Place
from kg.shapes import consequences
from kg.workspace import Workspace

Progress = Callable[[str], None]


def quiet(_step: str) -> None:
    """Say nothing of the steps."""


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


def infer(workspace: Workspace, onto: Ontology, asserted: Asserted) -> Graph:
    """What is asserted, with all that follows from it by the ontology's shortcuts and axioms."""
    compiled = rules.compile(onto.axioms, onto.shortcuts, onto.prefixes, places=onto.places)
    inferences = rules.infer(asserted.quads, compiled)
    return Graph(asserted, inferences, inferences.quads(workspace.names.graph("inferred")))


def validate(workspace: Workspace, onto: Ontology, graph: Graph, engine: str = "compiled") -> shapes.Report:
    """What is wrong with the graph: faults of reading, violations of shapes, clashes of classes."""
    asserted = graph.asserted
    try:
        report = shapes.validate(graph.quads, onto.shapes, places=asserted.places, engine=engine)
    except DefinitionError as exc:
        file = Place(str(workspace.ontology[-1] / "shapes.ttl"))
        raise DefinitionError.all(replace(fault, place=fault.place or file) for fault in exc.faults) from exc
    described = cache(lambda: {quad.subject for quad in asserted.quads})
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
    workspace: Workspace,
    progress: Progress = quiet,
    files: Collection[Path] | None = None,
    meter: Meter = unseen,
) -> Graph:
    """Read and infer: the graph in memory, not yet validated.

    :raises DefinitionError: if the ontology is ill-formed.
    """
    progress("reading the ontology")
    onto = ontology_of(workspace)
    progress("reading cases, sources and reference data")
    asserted = read(workspace, onto, files, meter)
    progress(f"inferring from {len(asserted.quads):,} statements")
    return infer(workspace, onto, asserted)
