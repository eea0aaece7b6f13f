"""For which nodes a query is asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from kg.shapes.compile.sparql.parser import parse
from kg.shapes.compile.sparql.tables import Row
from kg.shapes.compile.sparql.tree import (
    Assign,
    Group,
    Inside,
    Node,
    Path,
    Term,
    Triples,
    Union,
    Var,
    variables,
)
from kg.shapes.triples import Object

THIS = ("this",)
PAIR = ("this", "value")


@dataclass(frozen=True, slots=True)
class FocusSet:
    """Focus nodes: `pattern` is the body of a group that binds `?this`, `nodes` gives just those nodes.

    IRIs in the pattern are written out. Where it does not hold inside GRAPH, or a query has to be asked for
    one node after another, `nodes` is called: each node once, as it is written in the data.
    """

    pattern: str
    nodes: Callable[[], Collection[Object]]

    @property
    def focus(self) -> Focus:
        """The same, as rows of one column."""
        return Focus(THIS, self.pattern, lambda: [(node,) for node in self.nodes()])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Focus nodes with their value nodes: `pattern` binds `?this` and `?value`; see `FocusSet`."""

    pattern: str
    pairs: Callable[[], Collection[tuple[Object, Object]]]

    @property
    def focus(self) -> Focus:
        """The same, as rows of two columns."""
        return Focus(PAIR, self.pattern, lambda: list(self.pairs()))


@dataclass(frozen=True, slots=True)
class Focus:
    """What a query is asked for: rows of `columns`."""

    columns: tuple[str, ...]
    pattern: str
    rows: Callable[[], Collection[Row]]

    def joined(self) -> tuple[str, bool]:
        """The pattern as it can be put into a group, each row once; whether it holds inside GRAPH."""
        text, elements = _bare(self.pattern.strip())
        anywhere = all(map(_is_anywhere, elements))
        if all(_is_plain(element, set(self.columns)) for element in elements):
            if any(isinstance(element, Assign) for element in elements):
                return f"{{ {text} }}", anywhere
            return (text if text.endswith((".", "}")) else text + " ."), anywhere
        heads = " ".join(f"?{name}" for name in self.columns)
        return f"{{ SELECT DISTINCT {heads} WHERE {{ {text} }} }}", anywhere


def _bare(text: str) -> tuple[str, tuple[Node, ...]]:
    """A pattern without brackets around all of it, and what stands in it."""
    query = parse(f"SELECT * WHERE {{ {text} }}")
    elements = query.select.where.elements
    if len(elements) == 1 and isinstance(elements[0], Union) and len(elements[0].groups) == 1:
        [group] = elements[0].groups
        if not group.select:
            return _bare(query.text[group.start + 1 : group.end - 1].strip())
    return text, elements


def _is_anywhere(node: Node) -> bool:
    """Whether it says itself in which graph it looks."""
    if isinstance(node, Inside):
        return node.kind == "GRAPH" and isinstance(node.name, Term)
    if isinstance(node, Union):
        return all(map(_is_anywhere, node.groups))
    return isinstance(node, Group) and not node.select and all(map(_is_anywhere, node.elements))


def _is_plain(element: Node, columns: set[str]) -> bool:
    """Whether it has no variable but the columns, so that it gives no row twice."""
    if isinstance(element, Inside) and isinstance(element.name, Term):
        return element.kind == "GRAPH" and all(_is_plain(each, columns) for each in _elements(element.group))
    if isinstance(element, Assign):
        return isinstance(element.expr, Var) and variables(element) <= columns
    if not isinstance(element, Triples) or not variables(element) <= columns:
        return False
    ends = (end for triple in element.triples for end in (triple.subject, triple.verb, triple.object))
    return not any(isinstance(end, Path) or (isinstance(end, Term) and end.kind == "blank") for end in ends)


def _elements(group: Group) -> Iterable[Node]:
    return (group.select,) if group.select else group.elements
