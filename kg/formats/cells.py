"""Terms as the results of queries hold them."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.names import XSD


def json_term(cell: NamedNode | BlankNode | Literal | Triple | None) -> dict[str, str]:
    """A term as the SPARQL 1.1 Query Results JSON Format has it.

    >>> json_term(Literal("ja", language="da"))
    {'type': 'literal', 'value': 'ja', 'xml:lang': 'da'}
    """
    if isinstance(cell, NamedNode):
        return {"type": "uri", "value": cell.value}
    if isinstance(cell, BlankNode):
        return {"type": "bnode", "value": cell.value}
    if not isinstance(cell, Literal):
        return {"type": "triple", "value": str(cell)}
    out = {"type": "literal", "value": cell.value}
    if cell.language:
        out["xml:lang"] = cell.language
    elif cell.datatype.value != XSD + "string":
        out["datatype"] = cell.datatype.value
    return out
