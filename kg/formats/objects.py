"""Terms and quads as rdflib's objects, for those who go on with rdflib; every term as it is written.

>>> from pyoxigraph import NamedNode
>>> term(Literal("007", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))).n3()
'"007"^^<http://www.w3.org/2001/XMLSchema#integer>'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.errors import DefinitionError
from kg.names import XSD

if TYPE_CHECKING:
    from rdflib import Dataset
    from rdflib.term import IdentifiedNode, Node

STRING = XSD + "string"


def term(one: NamedNode | BlankNode | Literal | Triple) -> Node:
    """The term as rdflib has it, its lexical form kept; `"x"^^xsd:string` is `"x"`.

    :raises DefinitionError: for a triple term, which rdflib does not have.
    """
    import rdflib

    if isinstance(one, Triple):
        raise DefinitionError.at(None, f"rdflib does not know the triple term {one}", "leave it out")
    if not isinstance(one, Literal):
        return _node(one)
    if one.language:
        return rdflib.Literal(one.value, lang=one.language)
    # rdflib holds "x" and "x"^^xsd:string for two things
    datatype = None if one.datatype.value == STRING else rdflib.URIRef(one.datatype.value)
    return rdflib.Literal(one.value, datatype=datatype, normalize=False)


def _node(one: NamedNode | BlankNode) -> IdentifiedNode:
    import rdflib

    return rdflib.URIRef(one.value) if isinstance(one, NamedNode) else rdflib.BNode(one.value)


def dataset(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> Dataset:
    """The quads as a dataset in memory, in their named graphs; a query sees all of them as one.

    :raises DefinitionError: for a triple term, which rdflib does not have.
    """
    import rdflib

    out = rdflib.Dataset(default_union=True)
    for prefix, namespace in prefixes.items():
        out.bind(prefix, namespace, replace=True)
    default = out.default_graph
    for quad in quads:
        name = quad.graph_name
        graph = default if isinstance(name, DefaultGraph) else out.graph(_node(name))
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return out
