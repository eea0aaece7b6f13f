"""Results → violations: each with its rule, its words, and the places where the fault is written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pyoxigraph import NamedNode

from kg.places import Places
from kg.shapes import messages
from kg.shapes.graph import Shapes
from kg.shapes.locate import locate
from kg.shapes.report import Result, Violation, in_order
from kg.shapes.triples import Data, Subject


class Explained:
    """Explains results, one by one; what is the same for all of a constraint is worked out once."""

    def __init__(self, shapes: Shapes, data: Data, places: Places) -> None:
        self._shapes, self._data, self._places = shapes, data, places
        self._rule = cache(shapes.rule)
        self._templates = cache(self._said)

    def __call__(self, result: Result) -> Violation:
        """The result with its rule, messages and places."""
        templates = (
            messages.templates(self._shapes, result)
            if "message" in result.bindings
            else self._templates(result.source_shape, result.constraint, result.component)
        )
        return Violation(
            focus=result.focus,
            path=result.path,
            value=result.value,
            source_shape=result.source_shape,
            component=result.component,
            severity_iri=result.severity_iri,
            constraint=result.constraint,
            bindings=result.bindings,
            details=in_order(map(self, result.details)),
            rule=self._rule(result.source_shape, result.constraint),
            templates=templates,
            fills=messages.fills(self._shapes, result, templates),
            places=locate(result, self._places, self._data),
        )

    def _said(self, shape: Subject, constraint: Subject | None, component: NamedNode) -> Mapping[str, str]:
        return messages.own_templates(self._shapes, shape, constraint, component)
