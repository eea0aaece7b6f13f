"""What a group demands of one variable: where that is rare, its patterns begin with what meets it."""

from __future__ import annotations

from collections.abc import Iterator

from kg.shapes.compile.sparql.tree import Exists, Expr, Filter, Group, Node, Var

_OTHERWISE = ("RAND", "UUID", "STRUUID", "BNODE", "NOW")
"""Functions that give something else each time."""


def conditions(group: Group, text: str) -> dict[str, list[str]]:
    """Variable → the conditions of a group that speak of it alone, as they are written in `text`."""
    found: dict[str, list[str]] = {}
    for element in group.elements:
        for part in _parts(element.expr) if isinstance(element, Filter) else ():
            names = {each.name for each in part.walk() if isinstance(each, Var)}
            if len(names) == 1 and all(map(_same, part.walk())):
                found.setdefault(names.pop(), []).append(text[part.start : part.end])
    return found


def _parts(condition: Node) -> Iterator[Node]:
    """The conditions that all have to be met."""
    if isinstance(condition, Expr) and condition.kind == "op" and condition.name in ("(", "&&"):
        for each in condition.args:
            yield from _parts(each)
    else:
        yield condition


def _same(part: Node) -> bool:
    """Whether a part of a condition gives the same whenever it is asked, and by whatever engine."""
    if isinstance(part, Expr):
        return part.kind == "op" or (
            part.kind == "call" and part.name.isupper() and part.name not in _OTHERWISE
        )
    return not isinstance(part, Exists)
