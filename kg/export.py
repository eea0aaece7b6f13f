"""Which part of a built graph goes out: all, what is asserted, what follows, the ontology, or some cases."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from pyoxigraph import NamedNode, Quad

from kg import build
from kg.errors import UsageError
from kg.names import below
from kg.workspace import Workspace

ASSERTED, INFERRED, ONTOLOGY = "asserted", "inferred", "ontology"
PARTS = (ASSERTED, INFERRED, ONTOLOGY)


def select(
    workspace: Workspace, quads: Iterable[Quad], parts: Collection[str] = (), cases: Collection[str] = ()
) -> list[Quad]:
    """The quads of the `parts` (`asserted`, `inferred`, `ontology`), or all; of `cases` only, if any are named.

    Reads all graphs. Of a case come its own graph and what follows about its nodes. The
    ontology comes with its axioms, which have blank nodes; nothing else has.

    :raises UsageError: if there is no such case.
    """
    graphs = build.graphs(quads, workspace)
    if cases:
        return _cases(workspace, graphs, parts, cases)
    if not parts:
        return [q for group in graphs.values() for q in group]
    out: list[Quad] = []
    if ASSERTED in parts:
        out += [
            q
            for name, group in graphs.items()
            if name == "reference" or name.startswith("case/")
            for q in group
        ]
    if INFERRED in parts:
        out += graphs.get("inferred", [])
    if ONTOLOGY in parts:
        onto = build.ontology_of(workspace)
        graph = workspace.names.graph("ontology")
        out += [*onto.terms, *(Quad(q.subject, q.predicate, q.object, graph) for q in onto.axioms)]
    return out


def _cases(
    workspace: Workspace, graphs: dict[str, list[Quad]], parts: Collection[str], cases: Collection[str]
) -> list[Quad]:
    out: list[Quad] = []
    for case in cases:
        if (name := f"case/{case}") not in graphs:
            known = [g.removeprefix("case/") for g in graphs if g.startswith("case/")]
            near = difflib.get_close_matches(case, known, 1)
            raise UsageError.at(
                None,
                f"no case “{case}”",
                f"did you mean “{near[0]}”?" if near else f"there are: {', '.join(known)}",
            )
        if not parts or ASSERTED in parts:
            out += graphs[name]
        if not parts or INFERRED in parts:
            root = workspace.names.case(case)
            out += [q for q in graphs.get("inferred", []) if _within(q, root)]
    return out


def _within(quad: Quad, root: NamedNode) -> bool:
    inside = below(root, "").value
    return any(
        isinstance(t, NamedNode) and (t == root or t.value.startswith(inside))
        for t in (quad.subject, quad.object)
    )
