"""A rule explained: what it demands and why, a right and a wrong example, and its shape.

All but the examples is read from the shape. The examples stand beside the shapes in `examples.trig`: for the
shape `S`, the graph `S/right` keeps the rule and the graph `S/wrong` breaks it, and no other. Those of rules
that no shape states are in `kg.vacuity.examples`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from kg import formats, names
from kg.errors import DefinitionError, InputError
from kg.explain.example import shown
from kg.explain.excerpt import shape_text
from kg.ontology import Ontology
from kg.shapes import catalogue, paths
from kg.shapes.catalogue import Rule
from kg.shapes.graph import Shapes
from kg.shapes.triples import Object, Subject
from kg.shapes.vocabulary import LISTS_OF_SHAPES, sh
from kg.vacuity.examples import EXAMPLES

__all__ = ["FILE", "Examples", "Explanation", "explain", "graphs"]

FILE = "examples.trig"
"""The file of examples in the folder of an ontology."""

COMPARED = tuple(map(sh, ("disjoint", "equals", "lessThan", "lessThanOrEquals")))

Name = Callable[[NamedNode], str]


@dataclass(frozen=True, slots=True)
class Example:
    """The statements that keep a rule, and those that break it; none where nobody has written any."""

    right: tuple[Quad, ...] = ()
    wrong: tuple[Quad, ...] = ()


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of an ontology: the statements of each of their graphs."""

    graphs: Mapping[NamedNode, tuple[Quad, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, folders: Sequence[Path]) -> Examples:
        """The examples in `folders`, each of which may have a file of them; a later one takes precedence.

        :raises DefinitionError: if a file cannot be read.
        """
        found: dict[NamedNode, tuple[Quad, ...]] = {}
        for path in (folder / FILE for folder in folders if (folder / FILE).is_file()):
            try:
                quads = formats.read(path)
            except InputError as exc:
                raise DefinitionError(*exc.faults) from exc
            here: dict[NamedNode, list[Quad]] = {}
            for quad in quads:
                if isinstance(quad.graph_name, NamedNode):
                    here.setdefault(quad.graph_name, []).append(quad)
            found |= {graph: tuple(each) for graph, each in here.items()}
        return cls(found)

    def of(self, shape: Subject | None) -> Example:
        """The example of a shape."""
        if not isinstance(shape, NamedNode):
            return Example()
        right, wrong = (self.graphs.get(graph, ()) for graph in graphs(shape))
        return Example(right, wrong)


def graphs(shape: NamedNode) -> tuple[NamedNode, NamedNode]:
    """The graphs of the right and of the wrong example of a shape."""
    return names.below(shape, "right"), names.below(shape, "wrong")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule with what there is to show: examples as an author writes them, and its shape as Turtle."""

    rule: Rule
    right: str = ""
    wrong: str = ""
    shape: str = ""


def explain(
    name: str,
    rules: Mapping[str, Rule],
    ontology: Ontology,
    examples: Examples,
    naming: Name,
    shapes: Shapes | None = None,
) -> Explanation:
    """The explanation of the rule `name`, one of `rules`.

    :param naming: how an author writes an IRI.
    :param shapes: the shapes of the ontology, where they are at hand already.
    :raises UsageError: if there is no such rule.
    """
    if name not in rules:
        raise catalogue.unknown(name, rules)
    rule = rules[name]
    if rule.shape is None:
        return Explanation(rule, *EXAMPLES.get(name, ("", "")))
    graph, example = shapes or Shapes(ontology.shapes), examples.of(rule.shape)
    about = frozenset(_about(graph, rule.shape, ()))
    right, wrong = shown(example.right, example.wrong, about, ontology, naming)
    return Explanation(rule, right, wrong, shape_text(rule.shape, graph, ontology.prefixes))


def _about(graph: Shapes, shape: Object, above: tuple[Object, ...]) -> Iterator[NamedNode]:
    """The properties that a shape is about: of its path and what that is compared with, or of its parts."""
    path = graph.path(shape)
    if path:
        yield from (prop for prop, forwards in paths.first(path) if forwards)
        yield from (prop for prop in graph.objects(shape, *COMPARED) if isinstance(prop, NamedNode))
    elif shape not in above:
        inner = graph.objects(shape, sh("not"), *([sh("property")] if above else []))
        inner += [part for head in graph.objects(shape, *LISTS_OF_SHAPES) for part in graph.items(head)]
        for part in inner:
            yield from _about(graph, part, (*above, shape))
