"""SHACL compiled to SPARQL: each constraint is judged for all its focus nodes at once, in the store."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad

from kg.errors import DefinitionError
from kg.shapes.compile.evaluation import Evaluation
from kg.shapes.compile.loading import Loaded
from kg.shapes.graph import Shapes
from kg.shapes.results import Results


def run(quads: Iterable[Quad] | Loaded, shapes: Iterable[Quad] | Shapes) -> Results:
    """The results of validating all graphs of `quads` as one, by all graphs of `shapes` as one.

    :raises DefinitionError: if the shapes cannot be run.
    Source: SHACL, https://www.w3.org/TR/shacl/
    """
    data = quads if isinstance(quads, Loaded) else Loaded(quads)
    try:
        return Evaluation(data, Shapes.of(shapes)).results()
    except RecursionError as exc:
        what = "too many property shapes stand within one another for the data to be followed through them"
        raise DefinitionError.at(None, what, "take hundreds of them apart by sh:node") from exc
