"""What a shapes graph says to no effect: terms that SHACL does not have, what is not run, shapes of nothing.

Nothing of it makes a shapes graph ill-formed: a processor goes on, and what its author meant is not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from kg.meant import SLIP, nearest
from kg.names import SH, XSD
from kg.places import Place, Places
from kg.shapes.graph import Shapes, local_name
from kg.shapes.sparql import Borrowed, unknown_function
from kg.shapes.triples import TYPE, Object, Subject
from kg.shapes.vocabulary import COMPANIONS, NOT_RUN, VALIDATORS, VALUES, sh
from kg.shapes.wellformed import is_silent, unknown_terms
from kg.vacuity.rules import Slip

Name = Callable[[str], str]

SELECT, ASK, VALIDATOR = map(sh, ("select", "ask", "validator"))
NOW = {sh("shape"): sh("node")}
"""What stood in earlier drafts, and what it has become."""


def slips(shapes: Shapes, places: Places, name: Name, said: Collection[str] = ()) -> Iterator[Slip]:
    """All slips of a shapes graph; unknown terms but for those that are `said` to be unknown already."""
    yield from (slip for slip in unknown(shapes, places, name) if slip.fills["term"] not in said)
    yield from not_run(shapes, places, name)
    yield from silent(shapes, places)
    yield from tagged(shapes, places, name)
    yield from numbered(shapes, places)


def unknown(shapes: Shapes, places: Places, name: Name) -> Iterator[Slip]:
    """A slip for each use of a term that SHACL does not have."""
    for node, prop, term, near in unknown_terms(shapes):
        kind = "property" if term == prop else "datatype" if prop == sh("datatype") else "class"
        meant = XSD + local_name(term) if kind == "datatype" else near and SH + near
        place = _first(places, (node, prop, None if term == prop else term))
        yield Slip(f"check.unknown-{kind}", place, {"term": name(term.value)}, meant and name(meant))


def not_run(shapes: Shapes, places: Places, name: Name) -> Iterator[Slip]:
    """A slip for each constraint or target that is passed over."""
    for prop in _used(shapes, map(sh, sorted(NOT_RUN))):
        for node, value in shapes.pairs(prop):
            place = _first(places, (node, prop, value))
            near = name(NOW[prop].value) if prop in NOW else ""
            yield Slip("check.not-run", place, {"what": f"sh:{local_name(prop)}"}, near, _key(shapes, node))
    for prop in _used(shapes, (sh("sparql"), *VALIDATORS)):
        for node, query in shapes.pairs(prop):
            if function := unknown_function(shapes, query):
                place = _first(places, (query, sh("select"), None), (node, prop, query))
                what = f"sh:{local_name(prop)} ({name(function[1:-1])})"
                yield Slip("check.not-run", place, {"what": what}, "", _key(shapes, node))
    for prop in _used(shapes, COMPANIONS):
        for node in dict.fromkeys(node for node, _ in shapes.pairs(prop)):
            if not shapes.objects(node, *COMPANIONS[prop]):
                what = f"sh:{local_name(prop)} (0 × sh:{local_name(COMPANIONS[prop][0])})"
                place = _first(places, (node, prop, None))
                yield Slip("check.not-run", place, {"what": what}, "", _key(shapes, node))
    yield from _without_validator(shapes, places, name)


def _without_validator(shapes: Shapes, places: Places, name: Name) -> Iterator[Slip]:
    """A slip for each use of a component that has no query for the kind of shape that uses it."""
    for component in dict.fromkeys(component for component, _ in shapes.pairs(sh("parameter"))):
        own = isinstance(component, NamedNode) and component.value.startswith(SH)
        judges = shapes.objects(component, *VALIDATORS)
        if own or not judges or sh("ConstraintComponent") not in shapes.classes(component):
            continue
        needed = [
            path
            for node in shapes.objects(component, sh("parameter"))
            for path in shapes.objects(node, sh("path"))
            if Literal(True) not in shapes.objects(node, sh("optional")) and isinstance(path, NamedNode)
        ]
        users = {user for path in needed[:1] for user, _ in shapes.pairs(path)}
        for user in sorted((u for u in users if all(shapes.objects(u, each) for each in needed)), key=str):
            kind = "propertyValidator" if shapes.objects(user, sh("path")) else "nodeValidator"
            selects = (
                query
                for node in shapes.objects(component, sh(kind))
                for query in shapes.objects(node, SELECT)
            )
            asks = (
                query for node in shapes.objects(component, VALIDATOR) for query in shapes.objects(node, ASK)
            )
            if not any((*selects, *asks)):
                place = _first(places, (user, needed[0], None))
                yield Slip(
                    "check.not-run", place, {"what": name(str(component.value))}, "", _key(shapes, user)
                )


def silent(shapes: Shapes, places: Places) -> Iterator[Slip]:
    """A slip for each use of a shape of which nothing is said, and for property shapes without a path."""
    named = [s for s in shapes.shapes if isinstance(s, NamedNode) and shapes.properties(s)]
    for shape, users in shapes.used_as_shapes.items():
        below = bool(shapes.subjects(sh("property"), shape))
        if not _is_nothing(shapes, shape, below):
            continue
        local = local_name(shape) if isinstance(shape, NamedNode) else ""
        near = nearest(local, map(local_name, named), SLIP) if local and not shapes.properties(shape) else ""
        for user in dict.fromkeys(users):
            spots = [(user, prop, shape) for prop, by in shapes.uses(shape) if by == user]
            place = _first(places, *spots)
            yield Slip("vacuity.no-constraint", place, {}, near, local or _key(shapes, user))
    typed = (s for s in shapes.subjects(TYPE, sh("PropertyShape")) if s not in shapes.used_as_shapes)
    for shape in typed:
        if _is_nothing(shapes, shape, True) and not shapes.has_target(shape):
            yield Slip(
                "vacuity.no-constraint", _first(places, (shape, None, None)), {}, "", _key(shapes, shape)
            )


def _is_nothing(shapes: Shapes, shape: Subject, is_property: bool) -> bool:
    """Whether nothing is said of it at all, or of a property shape not even of which property it is."""
    if not shapes.properties(shape):
        return True
    return is_property and not shapes.objects(shape, sh("path")) and is_silent(shapes, shape)


def tagged(shapes: Shapes, places: Places, name: Name) -> Iterator[Slip]:
    """A slip for each pattern with a language: it is taken for the text that it is."""
    for shape, pattern in shapes.pairs(sh("pattern")):
        if isinstance(pattern, Literal) and pattern.language:
            fills = {"value": str(pattern), "datatype": name(XSD + "string"), "example": f'"{pattern.value}"'}
            place = _first(places, (shape, sh("pattern"), pattern))
            yield Slip("check.ill-typed", place, fills, "", _key(shapes, shape))


def numbered(shapes: Shapes, places: Places) -> Iterator[Slip]:
    """A slip for each 1 and 0 that is meant for true or false: of those SHACL knows the words alone."""
    meant = {"1": "true", "0": "false"}
    for prop in _used(shapes, (sh(local) for local, kind in VALUES.items() if kind == "boolean")):
        for shape, value in shapes.pairs(prop):
            if isinstance(value, Literal) and value.value in meant:
                said = meant[value.value]
                fills = {"value": value.value, "datatype": "true or false", "example": said}
                yield Slip(
                    "check.ill-typed", _first(places, (shape, prop, value)), fills, "", _key(shapes, shape)
                )


def borrowed(found: Iterable[Borrowed], shapes: Shapes, places: Places) -> Iterator[Slip]:
    """A slip for each query that has its prefixes from its file."""
    for node, prop, prefixes in found:
        place = _first(places, (node, prop, None))
        said = ", ".join(f"{prefix}:" for prefix in prefixes)
        yield Slip("check.prefix", place, {"prefixes": said}, "", _key(shapes, node))


def _used(shapes: Shapes, props: Iterable[NamedNode]) -> list[NamedNode]:
    return [prop for prop in props if prop in shapes.predicates]


def _first(places: Places, *spots: tuple[Object, Object | None, Object | None]) -> Place | None:
    return next((found[0] for spot in spots if (found := places.find(*spot))), None)


def _key(shapes: Shapes, node: Subject) -> str:
    """The name of the shape that a node is, or is a part of."""
    seen: set[Object] = set()
    while node not in shapes.shapes and node not in seen:
        seen.add(node)
        node = min((user for _, user in shapes.uses(node)), default=node, key=str)
    return shapes.rule(node)
