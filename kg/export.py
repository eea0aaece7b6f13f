"""Which part of a built graph goes out: all, what is asserted, what follows, the ontology, or some cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pyoxigraph import NamedNode, Quad

from kg import about, build
from kg.errors import UsageError
from kg.meant import choices
from kg.names import below
from kg.workspace import Workspace

ASSERTED, INFERRED, ONTOLOGY, ABOUT = "asserted", "inferred", "ontology", "about"
PARTS = (ASSERTED, INFERRED, ONTOLOGY, ABOUT)

Graphs = dict[str, list[Quad]]


def select(
    workspace: Workspace, quads: Iterable[Quad], parts: Collection[str] = (), cases: Collection[str] = ()
) -> list[Quad]:
    """The quads of the `parts` (`asserted`, `inferred`, `ontology`, `about`); all, if neither are named.

    With `cases`, what is asserted is their own graphs, and what is inferred is about their
    nodes; those two are the parts if none are named. The ontology comes with its axioms,
    which have blank nodes; nothing else has. `about` comes with its figures, which are of the
    whole graph and change with every statement; without it they are left out, and so a
    statement more in a case adds quads and takes none away.

    :raises UsageError: if there is no such part or case.
    """
    graphs = build.graphs(quads, workspace)
    _refuse_unknown("part of the graph", parts, PARTS)
    _refuse_unknown("case", cases, sorted(_cases(graphs)))
    if not parts and not cases:
        return _flat(graphs)
    chosen = set(parts) or {ASSERTED, INFERRED}
    out: list[Quad] = []
    if ASSERTED in chosen:
        out += _asserted(graphs, cases)
    if INFERRED in chosen:
        out += _inferred(workspace, graphs, cases)
    if ONTOLOGY in chosen:
        out += _ontology(workspace)
    if ABOUT in chosen:
        out += [*graphs.pop(ABOUT, []), *about.figures(workspace, _flat(graphs))]
    return out


def _refuse_unknown(what: str, names: Iterable[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise UsageError.at(None, f"no {what} “{name}”", choices(name, known))


def _cases(graphs: Graphs) -> dict[str, list[Quad]]:
    """Case → its quads."""
    return {name.removeprefix("case/"): group for name, group in graphs.items() if name.startswith("case/")}


def _flat(graphs: Graphs) -> list[Quad]:
    return [quad for group in graphs.values() for quad in group]


def _asserted(graphs: Graphs, cases: Collection[str]) -> list[Quad]:
    own = _cases(graphs)
    if cases:
        return [quad for case in cases for quad in own[case]]
    return [*graphs.get("reference", []), *_flat(own)]


def _inferred(workspace: Workspace, graphs: Graphs, cases: Collection[str]) -> list[Quad]:
    quads = graphs.get("inferred", [])
    if not cases:
        return quads
    roots = [workspace.names.case(case) for case in cases]
    return [quad for quad in quads if any(_within(quad, root) for root in roots)]


def _within(quad: Quad, root: NamedNode) -> bool:
    """Whether `quad` is about a node of the case `root`."""
    inside = below(root, "").value
    return any(
        isinstance(t, NamedNode) and (t == root or t.value.startswith(inside))
        for t in (quad.subject, quad.object)
    )


def _ontology(workspace: Workspace) -> list[Quad]:
    onto, graph = build.ontology_of(workspace), workspace.names.graph("ontology")
    return [*onto.terms, *(Quad(q.subject, q.predicate, q.object, graph) for q in onto.axioms)]
