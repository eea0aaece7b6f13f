"""What a group demands of one variable: where that is rare, its patterns begin with what meets it."""

from __future__ import annotations

from collections.abc import Iterator

from kg.names import XSD
from kg.shapes.compile.sparql.tree import Exists, Expr, Filter, Group, Node, Var

_OTHERWISE = ("RAND", "UUID", "STRUUID", "BNODE", "NOW")
"""Functions that give something else each time."""


def conditions(group: Group, text: str) -> dict[str, list[str]]:
    """Variable → the conditions of a group that speak of it alone, as they are written in `text`."""
    found: dict[str, list[str]] = {}
    for element in group.elements:
        for part in _parts(element.expr) if isinstance(element, Filter) else ():
            names = {each.name for each in part.walk() if isinstance(each, Var)}
            if len(names) == 1 and steady(part) and not any(isinstance(each, Exists) for each in part.walk()):
                found.setdefault(names.pop(), []).append(text[part.start : part.end])
    return found


def _parts(condition: Node) -> Iterator[Node]:
    """The conditions that all have to be met."""
    if isinstance(condition, Expr) and condition.kind == "op" and condition.name in ("(", "&&"):
        for each in condition.args:
            yield from _parts(each)
    else:
        yield condition


def steady(part: Node) -> bool:
    """Whether a part of a query gives the same whenever it is asked: no chance, no day, no foreign call."""
    called = [each.name for each in part.walk() if isinstance(each, Expr) and each.kind == "call"]
    return all(name.startswith(XSD) or (name.isupper() and name not in _OTHERWISE) for name in called)
