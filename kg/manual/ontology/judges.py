"""Which shapes judge a term, and which only read it on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.shapes.catalogue import Rule
from kg.shapes.graph import Shapes
from kg.shapes.sparql import prefixes
from kg.shapes.triples import Object, Subject
from kg.shapes.vocabulary import sh
from kg.sparql import Query
from kg.vacuity.terms import uses_in_shapes

QUERIES = (sh("select"), sh("ask"))
WORDS = frozenset(map(sh, ("name", "message", "description", "severity", "prefixes", "ignoredProperties")))
"""Properties of a shape whose values demand nothing."""


@dataclass(frozen=True)
class Judges:
    """Term → the names of the rules that are about it, and of those that name it beside that.

    `about`: rule → the terms that it is about. `links`: class, property and class of values, as far as
    shapes say which things have the property, and of which class its values are.
    """

    judging: Mapping[str, list[str]] = field(default_factory=dict)
    reading: Mapping[str, list[str]] = field(default_factory=dict)
    about: Mapping[str, list[str]] = field(default_factory=dict)
    links: frozenset[tuple[str, str, str]] = frozenset()


def judges(shapes: Shapes, rules: Iterable[Rule]) -> Judges:
    """The index of these rules of shapes."""
    paths: dict[Subject, list[str]] = defaultdict(list)
    for iri, _, shape, (prop, *_) in uses_in_shapes(shapes):
        if prop == sh("path") and isinstance(shape, NamedNode | BlankNode):
            paths[shape].append(iri)
    judging, reading = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    about: dict[str, list[str]] = {}
    for rule in rules:
        if rule.shape is not None:
            own = [*dict.fromkeys((*_classes(shapes, rule.shape, ()), *paths[rule.shape]))]
            about[rule.name] = own
            for iri in own:
                judging[iri].append(rule.name)
            for iri in sorted(set(_named(shapes, rule.shape, (), rule.shape)) - {*own}):
                reading[iri].append(rule.name)
    return Judges(judging, reading, about, frozenset(_links(shapes, paths)))


def _classes(shapes: Shapes, shape: Subject, below: tuple[Subject, ...]) -> Iterator[str]:
    """The classes (or properties) whose things the shape looks at, itself or as a part of others."""
    yield from (target.value for target in shapes.targets(shape))
    for user in shapes.subjects(sh("property"), shape):
        if user not in below:
            yield from _classes(shapes, user, (*below, shape))


def _named(shapes: Shapes, node: Object, above: tuple[Object, ...], top: Subject) -> Iterator[str]:
    """The IRIs that stand in a shape, in the shapes that it leans on, and in their queries."""
    if node in above or not isinstance(node, NamedNode | BlankNode):
        return
    for prop, values in shapes.properties(node).items():
        for value in values if prop not in WORDS and (prop != sh("property") or node != top) else ():
            if isinstance(value, Literal) and prop in QUERIES:
                known = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in prefixes(shapes, node).items())
                yield from Query(known + value.value).iris
            elif isinstance(value, NamedNode):
                yield value.value
            yield from _named(shapes, value, (*above, node), top)


def _links(shapes: Shapes, paths: Mapping[Subject, list[str]]) -> Iterator[tuple[str, str, str]]:
    for shape, steps in paths.items():
        for cls in shapes.objects(shape, sh("class")) if len(steps) == 1 else ():
            if isinstance(cls, NamedNode):
                yield from ((at, steps[0], cls.value) for at in _classes(shapes, shape, ()))
