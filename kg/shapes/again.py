"""The report of a graph that has changed, from what may be judged otherwise than before: see `reach`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.places import Places
from kg.shapes.compile import run
from kg.shapes.compile.asides import asides
from kg.shapes.explaining import explain
from kg.shapes.fallbacks import fallbacks
from kg.shapes.graph import Shapes
from kg.shapes.reach import Graph, affected, aimed, needed
from kg.shapes.report import Report, Result
from kg.shapes.results import Results
from kg.shapes.triples import TYPE, Object, Subject, Triples
from kg.shapes.vocabulary import TARGETS

MOST = 20_000
"""How many nodes are looked at for a shape; beyond that it is quicker to judge everything."""


def validate_again(
    shapes: Iterable[Quad],
    changed: Collection[Triple],
    told: Iterable[NamedNode],
    graph: Graph,
    places: Places,
) -> Report:
    """What `shapes` find wrong with `graph`, which conformed before the triples `changed` came or went.

    `told`: the nodes that the report before spoke of. The shapes are those of before, and of none of their
    regular expressions that Python matched did only a row say which it is.

    :raises UnboundedError: if a part is not enough to tell.
    """
    judges = Shapes(shapes)
    judged = affected(judges, changed, frozenset(told), graph, MOST)
    quads = needed(judges, judged, graph, MOST) if judged else []
    results = run(quads, aimed(judges, judged)) if judged else Results()
    data, held = Triples([*quads, *_uses(results, graph)]), _Held(judges, graph)
    return Report(
        violations=explain(results, judges, data, places),
        unused_shapes=judges.unused(held),
        fallbacks=fallbacks([*asides(judges, held), *results.asides], judges, places),
    )


def _uses(results: Iterable[Result], graph: Graph) -> Iterator[Quad]:
    """What refers to the nodes of the results: places are looked for there."""
    nodes = {node for result in results for node in (result.focus, result.value) if node is not None}
    for node in nodes:
        if not isinstance(node, Literal):
            yield from graph.find(None, None, node)


class _Held(Triples):
    """As much of the data as tells which shapes have something to judge."""

    def __init__(self, shapes: Shapes, graph: Graph) -> None:
        super().__init__(())
        self._shapes, self._graph = shapes, graph

    @cached_property
    def predicates(self) -> set[Object]:
        """Those properties in use that shapes have as targets."""
        named = {prop for _, prop in self._shapes.pairs(*TARGETS[2:])}
        return {prop for prop in named if next(iter(self._graph.find(None, prop, None)), None)}

    def instances(self, of: NamedNode) -> Iterator[Subject]:
        """The nodes whose class is `of`, or a subclass of it."""
        for cls in self._graph.below(of):
            yield from (cast("Subject", quad.subject) for quad in self._graph.find(None, TYPE, cls))
