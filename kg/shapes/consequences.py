"""Violations that only follow from what could not be read, and so are not told beside it.

A value that does not read is a fault with its own line. That it is missing then from its node is no second
fault; what the shapes find wrong with anything that was read, is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.shapes.graph import Shapes
from kg.shapes.report import Report, Violation
from kg.shapes.triples import Object
from kg.shapes.vocabulary import sh

Gap = tuple[NamedNode, NamedNode | None]
_SPARQL = sh("SPARQLConstraintComponent")


def left_out(
    report: Report, shapes: Iterable[Quad], gaps: Collection[Gap], untold: Callable[[NamedNode], bool]
) -> Report:
    """`report` without what follows from `gaps`: properties of which a node has lost a value, or all it is.

    A value that has lost all it is, its class above all, is not said to be another than was asked for.

    :param untold: whether an IRI is that of a node that nothing describes, which is told elsewhere.
    """
    mentioned = cache(_Mentions(Shapes(shapes)).of)
    lost: dict[Object, list[NamedNode | None]] = {}
    for node, prop in gaps:
        lost.setdefault(node, []).append(prop)

    def follows(violation: Violation) -> bool:
        value = violation.value
        other = value if isinstance(value, NamedNode) and value != violation.focus else None
        if other and (untold(other) or None in lost.get(other, ())):
            return True
        if violation.focus not in lost or _judges_a_value(violation):
            return None in lost.get(violation.focus, ())
        seen = mentioned(violation.constraint or violation.source_shape)
        return any(prop is None or seen(prop) for prop in lost[violation.focus])

    return report.without(follows)


def _judges_a_value(violation: Violation) -> bool:
    """Whether it is about one value that was read, and not about what is there or missing as a whole."""
    return violation.value not in (None, violation.focus) and violation.component != _SPARQL


class _Mentions:
    """Which properties a shape speaks of: in its path, in what it is made of, in its queries."""

    def __init__(self, shapes: Shapes) -> None:
        self._parts: dict[Object, list[Object]] = {}
        for subject, _, value in shapes.all:
            self._parts.setdefault(subject, []).append(value)

    def of(self, shape: Object) -> Callable[[NamedNode], bool]:
        """Whether `shape` speaks of a property."""
        iris: set[NamedNode] = set()
        texts: list[str] = []
        todo, seen = [shape], {shape}
        while todo:
            for value in self._parts.get(todo.pop(), ()):
                if isinstance(value, NamedNode):
                    iris.add(value)
                elif isinstance(value, Literal):
                    texts.append(value.value)
                if isinstance(value, NamedNode | BlankNode) and value not in seen:
                    seen.add(value)
                    todo.append(value)
        said = "\n".join(texts)
        return lambda prop: prop in iris or _names(prop, said)


def _names(prop: NamedNode, query: str) -> bool:
    """Whether a query names a property, in full or with a prefix."""
    local = re.split(r"[/#]", prop.value)[-1]
    return f"<{prop.value}>" in query or re.search(rf":{re.escape(local)}(?![\w-])", query) is not None
