"""A network of the graph as NetworkX sees it: its edges are the rows of a query, its measures a table.

The query stands in `queries/networks/` and gives the columns `from`, `kind_of_from`, `relation`,
`to`, `kind_of_to`, all IRIs; each row is a directed edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Store

from kg import questions
from kg.errors import DefinitionError
from kg.names import XSD
from kg.places import Place
from kg.questions import Answer, Question

if TYPE_CHECKING:
    import networkx as nx

COLUMNS = ("from", "kind_of_from", "relation", "to", "kind_of_to")
MEASURES = ("node", "kind", "degree", "betweenness")


def of(store: Store, question: Question, lang: str = "en") -> nx.MultiDiGraph[str]:
    """The network whose edges `question` gives: nodes by IRI, with `label` and `kind`; edges with `relation`.

    :raises DefinitionError: if the query has other columns.
    """
    import networkx as nx

    answer = questions.ask(question, store)
    if answer.columns != COLUMNS:
        what = (
            f"a network needs the columns {', '.join(COLUMNS)}, the query gives {', '.join(answer.columns)}"
        )
        raise DefinitionError.at(Place(question.path), what)
    labels = questions.labels(store, sorted(answer.iris, key=str), lang)
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=question.name)
    for row in answer.rows:
        source, kind, relation, target, other = (c for c in row if isinstance(c, NamedNode))
        for node, cls in ((source, kind), (target, other)):
            network.add_node(node.value, label=labels.get(node, node.value), kind=cls.value)
        network.add_edge(source.value, target.value, key=relation.value, relation=relation.value)
    return network


def measures(network: nx.MultiDiGraph[str]) -> Answer:
    """Degree and betweenness of each node, the most connected first: columns node, kind, degree, betweenness.

    Degree counts the nodes that a node is linked with, whatever the direction and however many
    relations; betweenness is the share of shortest paths through the node, from 0 to 1, in the
    undirected network.

    Source: U. Brandes, On variants of shortest-path betweenness centrality, 2008, as in NetworkX.
    """
    import networkx as nx

    plain = nx.Graph(network)
    between: Mapping[str, float] = nx.betweenness_centrality(plain)
    order = sorted(plain, key=lambda n: (-plain.degree(n), -round(between[n], 6), n))
    rows = tuple(
        (
            NamedNode(n),
            NamedNode(network.nodes[n]["kind"]),
            _number(plain.degree(n)),
            _number(round(between[n], 4)),
        )
        for n in order
    )
    return Answer(MEASURES, rows)


def _number(value: Any) -> Literal:
    from kg.formats import canonical_number

    return canonical_number(f"{value:.4f}") or Literal(str(value), datatype=NamedNode(XSD + "string"))


def graphml(network: nx.MultiDiGraph[str]) -> bytes:
    """The network as GraphML, for Gephi, yEd, igraph and others; the same bytes each time."""
    import networkx as nx

    out = BytesIO()
    nx.write_graphml_xml(network, out, encoding="utf-8", prettyprint=True)
    return out.getvalue() + b"\n"
