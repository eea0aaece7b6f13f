"""A network of the graph as NetworkX sees it: its edges are the rows of a query, its measures a table.

The query stands in `queries/networks/` and gives the columns `from`, `kind_of_from`, `relation`,
`to`, `kind_of_to`, all IRIs; each row is a directed edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Store

from kg import questions
from kg.errors import DefinitionError, UsageError
from kg.formats.portable import NOT_XML, canonical_number
from kg.meant import choices
from kg.places import Place
from kg.questions import Answer, Question
from kg.workspace import Workspace

if TYPE_CHECKING:
    import networkx as nx

COLUMNS = ("from", "kind_of_from", "relation", "to", "kind_of_to")
MEASURES = ("node", "kind", "degree", "betweenness")


def find(workspace: Workspace, name: str | None = None) -> Question:
    """The query of the network `name`, or of the first there is.

    :raises UsageError: if there is none.
    """
    known = workspace.queries("networks")
    if name is None and known:
        name = next(iter(known))
    if name is None:
        raise UsageError.at(None, "there is no network", "write one as queries/networks/NAME.rq")
    if name not in known:
        raise UsageError.at(None, f"no network “{name}”", choices(name, known))
    return questions.read(known[name])


def of(store: Store, question: Question, lang: str = "en") -> nx.MultiDiGraph[str]:
    """The network whose edges `question` gives: nodes by IRI, with `label` and `kind`; edges with `relation`.

    Nodes and edges come in the order of their IRIs. A node of several kinds has the first of them.

    :raises DefinitionError: if the query has other columns, or a row with anything but IRIs.
    """
    import networkx as nx

    answer = questions.ask(question, store)
    labels = questions.labels(store, sorted(answer.iris, key=str), lang)
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=question.name)
    edges = sorted(set(_edges(answer, question)), key=_iris)
    kinds = {pair for edge in edges for pair in (edge[:2], edge[3:])}
    # The first kind is put in last, and stays.
    kind_of = {node: kind for node, kind in sorted(kinds, key=_iris, reverse=True)}  # noqa: C416
    for node in sorted(kind_of, key=str):
        label = NOT_XML.sub("\ufffd", labels.get(node, node.value))
        network.add_node(node.value, label=label, kind=kind_of[node].value)
    for number, (source, _, relation, target, _) in enumerate(edges):
        network.add_edge(source.value, target.value, key=f"e{number}", relation=relation.value)
    return network


def _edges(answer: Answer, question: Question) -> Iterator[tuple[NamedNode, ...]]:
    place = Place(question.path or question.name)
    if answer.columns != COLUMNS:
        given = ", ".join(answer.columns) or "none"
        what = f"a network needs the columns {', '.join(COLUMNS)}; the query gives {given}"
        raise DefinitionError.at(place, what)
    for row in answer.rows:
        for column, cell in zip(COLUMNS, row, strict=True):
            if not isinstance(cell, NamedNode):
                what = f"an edge has {cell or 'nothing'} as “{column}”"
                raise DefinitionError.at(place, what, "let the query give IRIs")
        yield tuple(cell for cell in row if isinstance(cell, NamedNode))


def _iris(nodes: tuple[NamedNode, ...]) -> list[str]:
    """What tuples of nodes are sorted by."""
    return [node.value for node in nodes]


def measures(network: nx.MultiDiGraph[str]) -> Answer:
    """Degree and betweenness of each node, the most connected first: columns node, kind, degree, betweenness.

    Degree counts the nodes that a node is linked with, whatever the direction and however many
    relations, itself left out; betweenness is the share of shortest paths through the node, from
    0 to 1 with four decimals, in the undirected network.

    Source: U. Brandes, On variants of shortest-path betweenness centrality, 2008, as in NetworkX.
    """
    import networkx as nx

    plain = nx.Graph(network)
    plain.remove_edges_from(list(nx.selfloop_edges(plain)))
    between = {node: round(share, 4) for node, share in nx.betweenness_centrality(plain).items()}
    order = sorted(plain, key=lambda node: (-plain.degree(node), -between[node], node))
    kind_of = network.nodes(data="kind")
    rows = (
        (NamedNode(n), NamedNode(kind_of[n]), Literal(plain.degree(n)), _share(between[n])) for n in order
    )
    return Answer(MEASURES, tuple(rows))


def _share(value: float) -> Literal:
    """`value` as a number that every store keeps."""
    return canonical_number(f"{value:.4f}") or Literal(value)


def graphml(network: nx.MultiDiGraph[str]) -> bytes:
    """The network as GraphML, for Gephi, yEd, igraph and others; the same bytes each time."""
    import networkx as nx

    out = BytesIO()
    nx.write_graphml_xml(network, out, encoding="utf-8", prettyprint=True)
    return out.getvalue().rstrip() + b"\n"
