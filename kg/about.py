"""What the graph says of itself: a DCAT and VoID description, in a graph of its own.

The settings of the workspace (`[dataset]` in `kg.toml`) give title, description, licence,
creator and version. The description has no figures and no date of building, so that one
statement more in a case adds lines to an export and changes none; the figures are apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from kg.names import DCAT, DCTERMS, RDF, VOID, XSD, below, split
from kg.workspace import IRIS, Workspace

TYPE = NamedNode(RDF + "type")
DATASET = NamedNode(VOID + "Dataset")
PROPERTIES = {"version": NamedNode(DCAT + "version")}
"""The properties of settings that DCTERMS has no better one for."""

Line = tuple[NamedNode, NamedNode, NamedNode | Literal]


def describe(workspace: Workspace, quads: Iterable[Quad]) -> list[Quad]:
    """The description of the dataset that `quads` make: what it is, its graphs, the vocabularies used.

    A quad more adds to it at most. Reads all graphs; the result stands in the graph `about`.
    """
    quads = list(quads)
    return description(workspace, _graphs(quads), terms(quads))


def description(workspace: Workspace, graphs: Iterable[NamedNode], terms: Iterable[NamedNode]) -> list[Quad]:
    """The same of a dataset with these named graphs and these properties and classes."""
    said = [*_said(workspace), *_parts(workspace, graphs), *_vocabularies(workspace, terms)]
    return _about(workspace, said)


def terms(quads: Iterable[Quad]) -> set[NamedNode]:
    """The properties and classes that `quads` use."""
    quads = list(quads)
    return {q.predicate for q in quads} | set(_instances(quads))


def figures(workspace: Workspace, quads: Iterable[Quad]) -> list[Quad]:
    """The counts of VoID: statements, subjects, properties and classes, statements of each graph,
    instances of each class.

    Reads all graphs; the result stands in the graph `about`.
    """
    return _about(workspace, _counted(workspace.names.dataset(), list(quads)))


def _about(workspace: Workspace, lines: Iterable[Line]) -> list[Quad]:
    graph = workspace.names.graph("about")
    return [Quad(s, p, o, graph) for s, p, o in dict.fromkeys(lines)]


def _said(workspace: Workspace) -> Iterator[Line]:
    dataset = workspace.names.dataset()
    yield dataset, TYPE, NamedNode(DCAT + "Dataset")
    yield dataset, TYPE, DATASET
    yield dataset, NamedNode(VOID + "uriSpace"), Literal(workspace.base)
    for key, value in workspace.dataset:
        prop = PROPERTIES.get(key, NamedNode(DCTERMS + key))
        yield dataset, prop, NamedNode(value) if key in IRIS else Literal(value)


def _parts(workspace: Workspace, graphs: Iterable[NamedNode]) -> Iterator[Line]:
    dataset = workspace.names.dataset()
    for graph in graphs:
        yield dataset, NamedNode(VOID + "subset"), graph
        yield graph, TYPE, DATASET


def _vocabularies(workspace: Workspace, terms: Iterable[NamedNode]) -> Iterator[Line]:
    """The namespaces of the properties and classes in use."""
    dataset = workspace.names.dataset()
    for space in sorted({split(term.value)[0] for term in terms}):
        yield dataset, NamedNode(VOID + "vocabulary"), NamedNode(space)


def _counted(dataset: NamedNode, quads: list[Quad]) -> Iterator[Line]:
    classes = _instances(quads)
    yield dataset, _void("triples"), _number(len(quads))
    yield dataset, _void("distinctSubjects"), _number(len({q.subject for q in quads}))
    yield dataset, _void("properties"), _number(len({q.predicate for q in quads}))
    yield dataset, _void("classes"), _number(len(classes))
    for graph, count in _graphs(quads).items():
        yield graph, _void("triples"), _number(count)
    for cls, count in sorted(classes.items(), key=str):
        part = below(dataset, "class", quote(cls.value, safe=""))
        yield dataset, _void("classPartition"), part
        yield part, _void("class"), cls
        yield part, _void("entities"), _number(count)


def _graphs(quads: Iterable[Quad]) -> Counter[NamedNode]:
    """The named graphs, and how many quads each has."""
    return Counter(q.graph_name for q in quads if isinstance(q.graph_name, NamedNode))


def _instances(quads: Iterable[Quad]) -> Counter[NamedNode]:
    """The classes, and how many instances each has."""
    return Counter(q.object for q in quads if q.predicate == TYPE and isinstance(q.object, NamedNode))


def _void(local: str) -> NamedNode:
    return NamedNode(VOID + local)


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))
