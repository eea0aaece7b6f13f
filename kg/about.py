"""What the graph says of itself: a DCAT and VoID description, in a graph of its own.

The settings of the workspace (`[dataset]` in `kg.toml`) give title, description, licence,
creator and version; the figures are counted. No date of building: the same graph, the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.names import DCAT, DCTERMS, OWL, RDF, VOID, XSD, below
from kg.workspace import Workspace

TYPE = NamedNode(RDF + "type")
IRIS = ("license", "creator", "publisher")
PROPERTIES = {"version": NamedNode(DCAT + "version")}


def describe(workspace: Workspace, quads: Iterable[Quad]) -> list[Quad]:
    """The description of the dataset that `quads` make, as quads in the graph `about`."""
    dataset = NamedNode(workspace.base + "dataset")
    graph = workspace.names.graph("about")
    quads = list(quads)
    lines = [*_said(workspace, dataset), *_counted(dataset, quads)]
    return [Quad(s, p, o, graph) for s, p, o in dict.fromkeys(lines)]


Line = tuple[NamedNode, NamedNode, NamedNode | Literal]


def _said(workspace: Workspace, dataset: NamedNode) -> Iterator[Line]:
    for kind in (DCAT + "Dataset", VOID + "Dataset"):
        yield dataset, TYPE, NamedNode(kind)
    for key, value in workspace.dataset:
        prop = PROPERTIES.get(key, NamedNode(DCTERMS + key))
        yield dataset, prop, NamedNode(value) if key in IRIS else Literal(value)
    yield dataset, NamedNode(VOID + "uriSpace"), Literal(workspace.base)
    yield dataset, NamedNode(VOID + "vocabulary"), NamedNode(OWL)


def _counted(dataset: NamedNode, quads: list[Quad]) -> Iterator[Line]:
    yield dataset, NamedNode(VOID + "triples"), _number(len(quads))
    yield dataset, NamedNode(VOID + "entities"), _number(len({q.subject for q in quads}))
    yield dataset, NamedNode(VOID + "properties"), _number(len({q.predicate for q in quads}))
    classes = Counter(q.object for q in quads if q.predicate == TYPE and isinstance(q.object, NamedNode))
    yield dataset, NamedNode(VOID + "classes"), _number(len(classes))
    for prop, count in sorted(Counter(q.graph_name for q in quads).items(), key=str):
        if isinstance(prop, NamedNode):
            yield dataset, NamedNode(VOID + "subset"), prop
            yield prop, TYPE, NamedNode(VOID + "Dataset")
            yield prop, NamedNode(VOID + "triples"), _number(count)
    for cls, count in sorted(classes.items(), key=str):
        part = below(dataset, "classes", cls.value.rsplit("/", 1)[-1].replace("#", "-"))
        yield dataset, NamedNode(VOID + "classPartition"), part
        yield part, NamedNode(VOID + "class"), cls
        yield part, NamedNode(VOID + "entities"), _number(count)


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))
