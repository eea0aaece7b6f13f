"""SHACL compiled to SPARQL: each constraint is judged for all its focus nodes at once, in the store."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad

from kg.errors import DefinitionError
from kg.shapes.compile.evaluation import Evaluation
from kg.shapes.compile.loading import Loaded
from kg.shapes.graph import Shapes
from kg.shapes.report import Result


def run(quads: Iterable[Quad] | Loaded, shapes: Iterable[Quad]) -> list[Result]:
    """The results of validating all graphs of `quads` as one, by all graphs of `shapes` as one.

    :raises DefinitionError: if the shapes cannot be run.
    Source: SHACL, https://www.w3.org/TR/shacl/
    """
    data = quads if isinstance(quads, Loaded) else Loaded(quads)
    try:
        return list(Evaluation(data, Shapes(shapes)).results())
    except RecursionError as exc:
        raise DefinitionError.at(None, "the shapes stand too deep within one another") from exc
