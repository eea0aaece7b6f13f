"""Which nodes shapes have to judge again after some triples came or went, and what data that takes.

What a shape finds at a node depends on the triples that its paths and queries walk from there, and on no
others. So each shape with a target has its steps, properties with the way they are walked; from a triple that
changed they are walked back to the nodes whose result may be another now, and from those forth again to
all that has to be known to judge them. A step more than needed makes more work, never another result.
Where a shape's steps cannot be told (an unbounded query, a component of the author's own), there is
no answer.

Source: SHACL, sections 2 to 5, https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.errors import DefinitionError
from kg.names import SH
from kg.shapes import paths, sparql
from kg.shapes.compile.sparql import tree
from kg.shapes.compile.sparql.parser import parse
from kg.shapes.graph import CLASS_TYPES, Shapes
from kg.shapes.triples import SUBCLASS, TYPE, Object, Subject
from kg.shapes.vocabulary import LISTS_OF_SHAPES, PROPERTIES, SHAPE_VALUED, TARGETS, sh

Step = tuple[NamedNode, bool]
"""A property, and whether it is walked from subject to object."""

COMPARED = tuple(map(sh, ("equals", "disjoint", "lessThan", "lessThanOrEquals")))
OWN = (sh("ConstraintComponent"),)
_KNOWN = {sh(local) for local in PROPERTIES}
_NOT_HERE = {sh("qualifiedValueShapesDisjoint"), sh("shapesGraph"), sh("entailment")}
"""What makes a shape depend on its siblings, or on what is no data."""


class UnboundedError(Exception):
    """A shape may look anywhere."""


@dataclass(slots=True)
class Reach:
    """What a shape with a target looks at: steps, classes, and whether at all that is said of a node.

    `classes` are those of `sh:class`; their subclasses count as well.
    """

    steps: set[Step] = field(default_factory=set)
    classes: set[NamedNode] = field(default_factory=set)
    closed: bool = False


def reaches(shapes: Shapes) -> dict[Subject, Reach]:
    """What each shape with a target looks at.

    :raises UnboundedError: if that cannot be told of one.
    """
    if any(True for kind in OWN for _ in shapes.subjects(TYPE, kind)):
        raise UnboundedError
    targeted = (s for s in shapes.shapes if shapes.is_active(s) and shapes.has_target(s))
    return {shape: _reach(shapes, shape) for shape in targeted}


def _reach(shapes: Shapes, top: Subject) -> Reach:
    """What `top` looks at, with all shapes that it refers to."""
    found, todo, seen = Reach(), [top], {top}
    while todo:
        shape = todo.pop()
        for prop, values in shapes.properties(shape).items():
            if prop.value.startswith(SH) and (prop not in _KNOWN or prop in _NOT_HERE):
                raise UnboundedError
            if prop in COMPARED:
                found.steps |= {(value, True) for value in values if isinstance(value, NamedNode)}
            elif prop == sh("class"):
                found.classes |= {value for value in values if isinstance(value, NamedNode)}
            elif prop == sh("closed"):
                found.closed |= any(getattr(value, "value", "") in ("true", "1") for value in values)
            elif prop == sh("path"):
                found.steps |= {step for value in values for step in _steps(paths.read(shapes, value))}
            elif prop == sh("sparql"):
                found.steps |= {step for value in values for step in _asked(shapes, value)}
            below: list[Object] = [*values] if prop in SHAPE_VALUED else []
            if prop in LISTS_OF_SHAPES:
                below = [member for value in values for member in shapes.items(value)]
            new = [each for each in below if isinstance(each, Subject) and each not in seen]
            seen.update(new)
            todo += new
    return found


def _steps(path: paths.Path, forwards: bool = True) -> Iterator[Step]:
    match path:
        case NamedNode():
            yield path, forwards
        case paths.Inverse(inner):
            yield from _steps(inner, not forwards)
        case paths.Repeated(inner):
            yield from _steps(inner, forwards)
        case paths.Sequence(parts) | paths.Alternative(parts):
            for part in parts:
                yield from _steps(part, forwards)


# --- queries ------------------------------------------------------------------------------


def _asked(shapes: Shapes, constraint: Object) -> set[Step]:
    """The steps by which a SPARQL constraint comes from `$this` to all that it looks at."""
    if not isinstance(constraint, Subject):
        raise UnboundedError
    found: set[Step] = set()
    declared = "".join(f"PREFIX {k}: <{iri}>\n" for k, iri in sparql.prefixes(shapes, constraint).items())
    for text in shapes.objects(constraint, sh("select"), sh("ask")):
        if not isinstance(text, Literal) or "PATH" in text.value or "shapesGraph" in text.value:
            raise UnboundedError
        try:
            query = parse(declared + text.value)
        except DefinitionError as exc:
            raise UnboundedError from exc
        found |= _connected(list(_patterns(query.select)))
    return found


def _patterns(part: tree.Node) -> Iterator[tree.Triple]:
    """The triple patterns of a query of a plain kind."""
    for each in part.walk():
        is_named = isinstance(each, tree.Inside) and each.kind not in ("OPTIONAL", "MINUS")
        if is_named or isinstance(each, tree.Values) or (isinstance(each, tree.Select) and each is not part):
            raise UnboundedError
        if isinstance(each, tree.Triples):
            yield from each.triples


def _connected(patterns: list[tree.Triple]) -> set[Step]:
    """Each pattern as steps from where it is come to first; all have to be come to from `$this`."""
    reached, found = {"this"}, set[Step]()
    while patterns:
        left = []
        for pattern in patterns:
            ends = [_name(end) for end in (pattern.subject, pattern.object)]
            if not reached.intersection(ends):
                left.append(pattern)
                continue
            found |= set(_verb(pattern.verb, ends[0] in reached))
            reached.update(end for end in ends if end)
        if len(left) == len(patterns):
            raise UnboundedError
        patterns = left
    return found


def _name(end: tree.End) -> str | None:
    """What a pattern shares with others: a variable, or a node in brackets."""
    if isinstance(end, tree.Var):
        return end.name
    return f"_:{end.value}" if end.kind == "blank" else None


def _verb(verb: tree.Verb, forwards: bool) -> Iterator[Step]:
    match verb:
        case tree.Term(value=iri) if verb.kind == "iri":
            yield NamedNode(iri), forwards
        case tree.Path(kind="^"):
            for step in verb.steps:
                yield from _verb(step, not forwards)
        case tree.Path(kind=kind) if kind != "!":
            for step in verb.steps:
                yield from _verb(step, forwards)
        case _:
            raise UnboundedError


# --- nodes --------------------------------------------------------------------------------

Find = Callable[[Any, Any, Any], Iterable[Quad]]
"""The quads with the terms that are given, as `Store.quads_for_pattern` tells them."""


class Graph:
    """The data as it is now: `ahead` tells the quads of a subject as they were written."""

    def __init__(self, find: Find, ahead: Callable[[NamedNode], list[Quad]]) -> None:
        self.find, self.ahead = find, ahead
        self._above: dict[Object, set[Object]] = {}
        for quad in find(None, SUBCLASS, None):
            self._above.setdefault(cast("Object", quad.subject), set()).add(quad.object)

    def is_below(self, cls: Object, tops: Collection[Object]) -> bool:
        """Whether the class is one of `tops`, or below one."""
        todo, seen = [cls], {cls}
        while todo:
            if (one := todo.pop()) in tops:
                return True
            new = self._above.get(one, set()) - seen
            seen |= new
            todo += new
        return False

    def below(self, top: NamedNode) -> list[Object]:
        """The class, and all classes below it."""
        return [top, *(cls for cls in self._above if cls != top and self.is_below(cls, (top,)))]

    def back(self, node: Object, steps: Iterable[Step]) -> Iterator[Object]:
        """The nodes from which one of `steps` leads to `node`."""
        for prop, forwards in steps:
            if forwards:
                yield from (q.subject for q in self.find(None, prop, node))
            elif not isinstance(node, Literal):
                yield from (q.object for q in self.find(node, prop, None))

    def is_target(self, node: Object, shapes: Shapes, shape: Subject) -> bool:
        """Whether `shape` judges `node` by a target of its own."""
        if node in shapes.objects(shape, sh("targetNode")):
            return True
        classes = shapes.target_classes(shape)
        types = self.find(node, TYPE, None) if classes and isinstance(node, NamedNode) else ()
        if any(self.is_below(quad.object, classes) for quad in types):
            return True
        if any(self._has(None, prop, node) for prop in shapes.objects(shape, TARGETS[2])):
            return True
        subjects = () if isinstance(node, Literal) else shapes.objects(shape, TARGETS[3])
        return any(self._has(node, prop, None) for prop in subjects)

    def _has(self, subject: Any, prop: Any, value: Any) -> bool:
        return next(iter(self.find(subject, prop, value)), None) is not None


def affected(
    shapes: Shapes, changed: Collection[Triple], told: Collection[Object], graph: Graph, most: int
) -> dict[Subject, set[Object]]:
    """The nodes that each shape with a target has to judge again.

    `changed`: the triples that came or went. `told`: the nodes that were found fault with before; what led
    to them is judged again, so that their results are known. `most`: how many nodes may be looked at for
    a shape.

    :raises UnboundedError: if that cannot be told, or is too much.
    """
    if any(triple.predicate == SUBCLASS for triple in changed):
        raise UnboundedError
    found: dict[Subject, set[Object]] = {}
    for shape, reach in reaches(shapes).items():
        # a node told of need be no target: results of nested properties are at the values of a path
        starts = {*_starts(shapes, shape, reach, changed, graph), *told}
        nodes = _looked_at(starts, reach, graph, most)
        if targets := {node for node in nodes if graph.is_target(node, shapes, shape)}:
            found[shape] = targets
    return found


def _starts(
    shapes: Shapes, shape: Subject, reach: Reach, changed: Iterable[Triple], graph: Graph
) -> Iterator[Object]:
    """The ends of changed triples at which the shape may see that something has changed."""
    classes = {*reach.classes, *shapes.target_classes(shape)}
    subjects, objects = (shapes.objects(shape, prop) for prop in (TARGETS[3], TARGETS[2]))
    for triple in changed:
        ends = cast("tuple[Object, NamedNode, Object]", tuple(triple))
        prop = ends[1]
        by_class = prop == TYPE and graph.is_below(ends[2], classes)
        if reach.closed or by_class or (prop, True) in reach.steps or prop in subjects:
            yield ends[0]
        if (prop, False) in reach.steps or prop in objects:
            yield ends[2]


def _looked_at(starts: set[Object], reach: Reach, graph: Graph, most: int) -> set[Object]:
    """All nodes from which the steps lead to one of `starts`."""
    seen, todo = set(starts), list(starts)
    while todo:
        for node in graph.back(todo.pop(), reach.steps):
            if node not in seen:
                seen.add(node)
                todo.append(node)
        if len(seen) > most:
            raise UnboundedError
    return seen


def needed(shapes: Shapes, judged: dict[Subject, set[Object]], graph: Graph, most: int) -> list[Quad]:
    """The quads that have to be known to judge the nodes, each once.

    :raises UnboundedError: if that is too much.
    """
    found: dict[Quad, None] = dict.fromkeys(graph.find(None, SUBCLASS, None))
    whole: set[Object] = set()
    for shape, nodes in judged.items():
        reach = _reach(shapes, shape)
        inverse = [prop for prop, forwards in reach.steps if not forwards]
        ahead = {prop for prop, forwards in reach.steps if forwards}
        seen, todo = set(nodes), list(nodes)
        while todo:
            node, reached = todo.pop(), list[Object]()
            if isinstance(node, NamedNode):
                quads = graph.ahead(node)
                if node not in whole:
                    whole.add(node)
                    found |= dict.fromkeys(quads)
                reached += [quad.object for quad in quads if quad.predicate in ahead]
            for prop in inverse:
                quads = list(graph.find(None, prop, node))
                found |= dict.fromkeys(quads)
                reached += [cast("Object", quad.subject) for quad in quads]
            new = {each for each in reached if each not in seen}
            seen |= new
            todo += new
            if len(seen) > most:
                raise UnboundedError
    return list(found)


def aimed(shapes: Shapes, judged: dict[Subject, set[Object]]) -> list[Quad]:
    """The shapes graph, each shape with the nodes that it has to judge as its only targets."""
    quads = [
        Quad(s, p, o) for s, p, o in shapes.all if p not in TARGETS and not (p == TYPE and o in CLASS_TYPES)
    ]
    return [*quads, *(Quad(s, sh("targetNode"), node) for s, nodes in judged.items() for node in nodes)]
