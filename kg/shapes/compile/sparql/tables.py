"""Rows of terms in a graph of the store, for queries to join: that holds terms that have no text, too.

A blank node of the data cannot be named in a query, and a literal may not stand as a subject.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import names
from kg.shapes.triples import Object

SCRATCH = "urn:x-casegraph:"
"""What the names of graphs begin with that are no part of the data; authors' queries do not see them."""

Row = tuple[Object, ...]

_NUMBERS = count()
_PLAIN = (names.XSD + "string", names.RDF + "langString")


class Tables:
    """Tables of terms in `store`, until they are dropped."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._graphs: list[NamedNode] = []

    def add(self, columns: Sequence[str], rows: Iterable[Row]) -> NamedNode:
        """Put rows into a graph of their own."""
        graph = NamedNode(f"{SCRATCH}table:{next(_NUMBERS)}")
        self._graphs.append(graph)
        heads = [_column(name) for name in columns]
        self._store.extend(
            Quad(_row(number), head, term, graph)
            for number, row in enumerate(rows)
            for head, term in zip(heads, row, strict=True)
        )
        return graph

    def drop(self) -> None:
        """Take all tables out of the store."""
        while self._graphs:
            self._store.remove_graph(self._graphs.pop())


@contextmanager
def tables(store: Store) -> Iterator[Tables]:
    """Tables in `store` that are gone at the end."""
    made = Tables(store)
    try:
        yield made
    finally:
        made.drop()


def _row(number: int) -> NamedNode:
    return NamedNode(f"{SCRATCH}row:{number}")


def _column(name: str) -> NamedNode:
    return NamedNode(f"{SCRATCH}column:{name}")


def pattern(graph: NamedNode, columns: Sequence[str], row: str) -> str:
    """The pattern that binds the columns of a table in `row`: a variable for any, or one by its number."""
    subject = row if row.startswith("?") else str(_row(int(row)))
    return f"GRAPH {graph} {{ {' '.join(f'{subject} {_column(name)} ?{name} .' for name in columns)} }}"


def is_rewritten(term: Object) -> bool:
    """Whether the store may hold a term in another form than it is written in."""
    return isinstance(term, Literal) and term.datatype.value not in _PLAIN


def stored(rows: Collection[Row]) -> list[Row]:
    """The rows as the store holds them, in the same order.

    >>> [[str(term) for term in row] for row in stored([(Literal("007", datatype=Literal(7).datatype),)])]
    [['"7"^^<http://www.w3.org/2001/XMLSchema#integer>']]
    """
    literals = list(dict.fromkeys(term for row in rows for term in row if is_rewritten(term)))
    column, scratch = _column("x"), Store()
    scratch.extend(Quad(_row(number), column, literal) for number, literal in enumerate(literals))
    held = {_number(quad.subject.value): quad.object for quad in scratch}
    forms = {literal: held[number] for number, literal in enumerate(literals)}
    return [tuple(forms.get(term, term) for term in row) for row in rows]


def _number(row: str) -> int:
    return int(row.rpartition(":")[2])
