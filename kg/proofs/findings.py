"""Why there is a finding: why its rule looks at the node, and why the node has the value at fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from kg import build, rules, store
from kg.build import Graph
from kg.errors import UsageError
from kg.names import RDF
from kg.ontology import Ontology
from kg.proofs import Ground, Proof, prove_triple
from kg.proofs.origins import Origins
from kg.proofs.rendering import render
from kg.proofs.session import called
from kg.proofs.told import Told
from kg.proofs.words import Tongue
from kg.shapes import Report, Violation
from kg.shapes.graph import Shapes
from kg.workspace import Workspace

TYPE = NamedNode(RDF + "type")


def at_line(
    workspace: Workspace, path: Path, line: int, form: str, lang: str, progress: Callable[[str], None]
) -> tuple[str, Report]:
    """The violations of shapes at a line of a case file, explained, and the report that has them.

    :raises UsageError: if there is none.
    """
    attempt = build.check(workspace, progress, [path])
    onto, graph = build.ontology_of(workspace), attempt.graph
    found = [
        violation
        for violation in attempt.report.violations
        if any(
            Path(place.path).resolve() == path.resolve() and place.line == line for place in violation.places
        )
    ]
    if not found:
        fix = f"see them all with: kg validate {path}"
        raise UsageError.at(None, f"{path}:{line}: no finding of a shape points at this line", fix)
    data = store.load(graph.quads)
    name = build.naming(workspace, onto)
    tongue = Tongue(onto, name, lambda node: called(data, node, lang), lang)
    ground = ground_of(workspace, onto, graph)
    told = []
    for violation in found:
        proofs = tuple(_proofs(violation, Shapes(onto.shapes), ground))
        heading = f"{violation.place} {violation.message(lang, name)} [{violation.rule}]"
        origins = Origins(data, graph.asserted.places, {})
        told.append(Told(heading, proofs, tongue, origins))
    return render(told, form), attempt.report


def ground_of(workspace: Workspace, onto: Ontology, graph: Graph) -> Ground:
    """What proofs over a graph in memory stand on."""
    compiled = rules.compile(onto.axioms, onto.shortcuts, onto.prefixes, places=onto.places)
    follows = workspace.names.graph("inferred")
    return Ground(store.load(graph.quads), compiled, follows, graph.inferences.trace())


def _proofs(violation: Violation, shapes: Shapes, ground: Ground) -> Iterator[Proof]:
    """Of the node's class that the shape is for, and of the value at fault."""
    for triple in _behind(violation, shapes):
        if proof := prove_triple(ground, triple):
            yield proof


def _behind(violation: Violation, shapes: Shapes) -> Iterator[Triple]:
    focus, seen = violation.focus, {violation.source_shape}
    todo = [violation.source_shape]
    while todo:
        shape = todo.pop()
        for cls in shapes.target_classes(shape):
            yield Triple(focus, TYPE, cls)  # type: ignore[arg-type]
        users = [user for user in shapes.used_as_shapes.get(shape, ()) if user not in seen]
        seen.update(users)
        todo += users
    if isinstance(violation.path, NamedNode) and violation.value is not None:
        yield Triple(focus, violation.path, violation.value)  # type: ignore[arg-type]
