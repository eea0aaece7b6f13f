"""Literals in queries of a store that holds them as they are written: by value where SPARQL takes that.

`kg.shapes.compile.written` puts a literal that the store would rewrite under a datatype of its own. To
patterns, STR, COUNT and sameTerm that is as good as the literal itself. Where its value is asked for, an
expression gives that; DATATYPE is told without the mark.
"""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Literal, RdfFormat, parse

from kg.shapes.compile.sparql.tree import Clause, Expr, Filter, Node, Var
from kg.shapes.compile.written import MARK, Written

_FUNCTIONS = """ABS ROUND CEIL FLOOR YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ ISNUMERIC
    SUM AVG MIN MAX"""
_OF_VALUES = frozenset(_FUNCTIONS.split())
_PASS_ON = ("COALESCE", "IF", "SAMPLE")


def asks_value(node: Node, part: Node) -> bool:
    """Whether what stands directly in a part of a query is taken by its value."""
    if isinstance(node, Expr):
        is_condition = node.name == "IF" and part is node.args[0]
        named_by_iri = node.kind == "call" and ":" in node.name
        is_op = node.kind == "op" and node.name != "("
        return is_op or is_condition or named_by_iri or node.name in _OF_VALUES
    return isinstance(node, Filter) or (isinstance(node, Clause) and node.word != "GROUP")


def may_be_held(node: Node) -> bool:
    """Whether an expression may give a literal as the store holds it."""
    return isinstance(node, Var) or (isinstance(node, Expr) and node.name in _PASS_ON)


def value(text: str) -> str:
    """The expression for the value of one.

    >>> value("?x")[:24]
    'COALESCE(STRDT(STR(?x), '
    """
    return f'COALESCE(STRDT(STR({text}), IRI(STRAFTER(STR(DATATYPE({text})), "{MARK}"))), {text})'


def datatype(text: str) -> str:
    """The expression for the datatype of one, as it is written."""
    return f'IRI(REPLACE(STR(DATATYPE({text})), "^{MARK}", ""))'


def held(text: str, prefixes: Mapping[str, str], written: Written) -> str:
    """A literal of a query as the store holds it.

    >>> held("'07'^^<http://www.w3.org/2001/XMLSchema#integer>", {}, Written())
    '"07"^^<urn:x-casegraph:as-written:http://www.w3.org/2001/XMLSchema#integer>'
    """
    declared = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items())
    [quad] = parse(f"{declared}<urn:s> <urn:p> {text} .", RdfFormat.TURTLE)
    literal = quad.object
    return str(written.stored(literal)) if isinstance(literal, Literal) else text
