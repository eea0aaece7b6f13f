"""A shapes graph: which nodes are shapes, what each one targets, and what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad

from kg import names
from kg.shapes import paths
from kg.shapes.triples import TYPE, Data, Object, Subject, Triples
from kg.shapes.vocabulary import BUILT_IN, LISTS_OF_SHAPES, SHAPE_VALUED, TARGETS, VALIDATORS, sh

SHAPE_TYPES = (sh("NodeShape"), sh("PropertyShape"))
TRUE, DEACTIVATED, PATH = Literal(True), sh("deactivated"), sh("path")
CLASS_TYPES = (NamedNode(names.RDFS + "Class"), NamedNode(names.OWL + "Class"))

DEEPEST = 50
"""How many shapes within one another may give a shape its name."""


def local_name(iri: NamedNode) -> str:
    """What stands after the last `#`, `/` or `:` of an IRI.

    >>> local_name(NamedNode("http://e/ns#Thing")), local_name(NamedNode("http://e/a/"))
    ('Thing', 'a')
    """
    text = iri.value.rstrip("#/")
    return text[max(text.rfind(mark) for mark in "#/:") + 1 :]


@dataclass(frozen=True, slots=True)
class Unused:
    """A shape that judged nothing: none of its `targets` is in the data, or it has none at all."""

    shape: Subject
    rule: str
    targets: tuple[NamedNode, ...]


class Shapes(Triples):
    """The triples of a shapes graph, asked about its shapes.

    Source: the definition of a shape in SHACL, section 2.1, https://www.w3.org/TR/shacl/#shapes
    """

    @classmethod
    def of(cls, quads: Iterable[Quad] | Shapes) -> Shapes:
        """The shapes of these quads; what they are known for already is kept."""
        return quads if isinstance(quads, Shapes) else cls(quads)

    @cached_property
    def shapes(self) -> dict[Subject, None]:
        """All shapes: declared, with a target, with a part of their own, or used as a shape."""
        declared = (s for t in SHAPE_TYPES for s in self.instances(t))
        stated = (
            s for s, _ in self.pairs(*TARGETS, *SHAPE_VALUED, *LISTS_OF_SHAPES, sh("sparql"), sh("target"))
        )
        return dict.fromkeys([*declared, *stated, *self.used_as_shapes])

    @cached_property
    def used_as_shapes(self) -> dict[Subject, list[Subject]]:
        """Each shape that others refer to, with those others."""
        users: dict[Subject, list[Subject]] = {}
        for user, value in self.pairs(*SHAPE_VALUED):
            if isinstance(value, Subject):
                users.setdefault(value, []).append(user)
        for user, head in self.pairs(*LISTS_OF_SHAPES):
            for member in self._members(head):
                if isinstance(member, Subject):
                    users.setdefault(member, []).append(user)
        return users

    def circle(self) -> list[Subject]:
        """Shapes that each refer to the next, and the last to the first; empty where there are none."""
        uses: dict[Subject, list[Subject]] = {}
        for used, users in self.used_as_shapes.items():
            for user in users:
                uses.setdefault(user, []).append(used)
        done: set[Subject] = set()
        for start in sorted(uses, key=str):
            trail: dict[Subject, Iterator[Subject]] = {start: iter(uses[start])}
            while trail:
                node = next(reversed(trail))
                following = next(trail[node], None)
                if following in trail:
                    return [*trail][[*trail].index(following) :]
                if following is None:
                    done.add(node)
                    del trail[node]
                elif following not in done:
                    trail[following] = iter(uses.get(following, ()))
        return []

    @cached_property
    def parameters(self) -> frozenset[Object]:
        """The parameters of the components that the graph itself declares."""
        nodes = [node for _, node in self.pairs(sh("parameter"))] + self.subjects(TYPE, sh("Parameter"))
        return frozenset(path for node in nodes for path in self.objects(node, sh("path")))

    @cached_property
    def components(self) -> dict[NamedNode, dict[NamedNode, bool]]:
        """The components that the graph itself declares: their parameters, and whether each may be left out.

        SHACL's own are built in: a vocabulary that describes them again does not have them judge twice.
        """
        found: dict[NamedNode, dict[NamedNode, bool]] = {}
        for component, node in self.pairs(sh("parameter")):
            if isinstance(component, NamedNode) and component not in BUILT_IN:
                optional = Literal(True) in self.objects(node, sh("optional"))
                paths = (path for path in self.objects(node, sh("path")) if isinstance(path, NamedNode))
                found.setdefault(component, {}).update(dict.fromkeys(paths, optional))
        return found

    @cached_property
    def queries(self) -> dict[Object, None]:
        """The nodes with the queries that are run: those of shapes, and of components that one may use."""
        found = [node for _, node in self.pairs(sh("sparql"))]
        for component, node in self.pairs(*VALIDATORS):
            if not self.predicates.isdisjoint(self.components.get(component, ())):  # type: ignore[arg-type]
                found.append(node)
        return dict.fromkeys(found)

    def _members(self, head: Object) -> list[Object]:
        try:
            return self.items(head)
        except ValueError:
            return []

    def path(self, shape: Object) -> paths.Path | None:
        """The path of a property shape; nothing for a node shape.

        :raises paths.PathError: if it is ill-formed.
        """
        found = self.properties(shape).get(PATH)
        return paths.read(self, found[0]) if found else None

    def is_active(self, shape: Subject) -> bool:
        """Whether the shape is not switched off by `sh:deactivated`."""
        return TRUE not in self.properties(shape).get(DEACTIVATED, ())

    def target_classes(self, shape: Subject) -> list[NamedNode]:
        """The classes whose instances the shape is for: named, or itself if said to be one and a shape."""
        found = [c for c in self.objects(shape, TARGETS[0]) if isinstance(c, NamedNode)]
        if isinstance(shape, NamedNode) and TYPE in self.properties(shape):
            types = self.classes(shape)
            if not (types.isdisjoint(CLASS_TYPES) or types.isdisjoint(SHAPE_TYPES)):
                found.append(shape)
        return found

    def targets(self, shape: Subject) -> list[NamedNode]:
        """All that the shape targets: classes, properties and named nodes."""
        others = (o for o in self.objects(shape, *TARGETS[1:]) if isinstance(o, NamedNode))
        return [*self.target_classes(shape), *others]

    def has_target(self, shape: Subject) -> bool:
        """Whether the shape has a target of any kind."""
        said = self.properties(shape)
        return not said.keys().isdisjoint(TARGETS) or bool(TYPE in said and self.target_classes(shape))

    def unused(self, data: Data) -> tuple[Unused, ...]:
        """The shapes that have nothing to judge in `data`, but for those that others use or that are off."""
        idle = (s for s in self.shapes if self.is_active(s) and not self.judges(s, data))
        found = (Unused(s, self.rule(s), tuple(self.targets(s))) for s in idle)
        return tuple(sorted(found, key=lambda unused: (unused.rule, str(unused.targets))))

    def judges(self, shape: Subject, data: Data) -> bool:
        """Whether a shape has something to judge in `data`, or others lean on it."""
        if not self.has_target(shape):
            return shape in self.used_as_shapes
        return (
            bool(self.objects(shape, sh("targetNode")))
            or any(next(data.instances(c), None) for c in self.target_classes(shape))
            or any(
                p in data.predicates
                for p in self.objects(shape, sh("targetSubjectsOf"), sh("targetObjectsOf"))
            )
        )

    def rule(self, shape: Subject, constraint: Subject | None = None) -> str:
        """The stable name of what a shape, or one constraint of it, demands.

        A shape or a SPARQL constraint with an IRI is called by the end of it, as its author calls it; a
        property shape without one by the class that it is for and its path (`Thing.size`). What has no name
        of its own is called by its users'.
        """
        named = constraint if isinstance(constraint, NamedNode) else shape
        return local_name(named) if isinstance(named, NamedNode) else self._called(shape, ())

    def _called(self, shape: Subject, below: tuple[Subject, ...]) -> str:
        """A shape by what it is for and its path."""
        owner, path = self._owner(shape, below), self._path_name(shape)
        return f"{owner}.{path}" if path else owner

    def _owner(self, shape: Subject, below: tuple[Subject, ...]) -> str:
        """What a shape is for: its class, else itself or what uses it, else what it targets."""
        classes = self.target_classes(shape)
        if len(classes) == 1:
            return local_name(classes[0])
        if isinstance(shape, NamedNode) and not self._path_name(shape):
            return local_name(shape)
        users = [user for user in self.used_as_shapes.get(shape, ()) if user not in below]
        if users and len(below) < DEEPEST:
            return min(self._called(user, (*below, shape)) for user in users)
        return min(map(local_name, self.targets(shape)), default="shape")

    def _path_name(self, shape: Subject) -> str:
        try:
            path = self.path(shape)
        except paths.PathError:
            return "?"
        return paths.write(path, local_name) if path else ""
