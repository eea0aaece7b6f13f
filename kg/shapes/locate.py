"""Where a result is written: at the value, else the property, else the node, else what it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pyoxigraph import NamedNode

from kg.places import Asked, Place, Places
from kg.shapes import paths
from kg.shapes.results import Group, Result
from kg.shapes.triples import Data, Object

Spot = tuple[Object, Object | None, Object | None]
"""A node, a property of it, and a value of that: as `Places.find` takes them."""


def locate_all(groups: Sequence[Group], places: Places, data: Data) -> list[list[tuple[Place, ...]]]:
    """The places of all results, as `locate` tells them, those of each group in a list."""
    simple = [group for group in groups if _is_simple(group)]
    asked = [
        Asked(g.focus, g.source.path, g.values if g.source.path else None, g.texts)  # type: ignore[arg-type]
        for g in simple
    ]
    known = dict(zip(map(id, simple), places.find_all(asked), strict=True))
    found = [known.get(id(group)) or [()] * len(group) for group in groups]
    left = {
        (at, row): group.result(row)
        for at, group in enumerate(groups)
        for row, here in enumerate(found[at])
        if not here
    }
    _expect(left.values(), places, data)
    for (at, row), result in left.items():
        found[at][row] = locate(result, places, data)
    return found


def _expect(results: Collection[Result], places: Places, data: Data) -> None:
    """Have the files look for the places of all these results at once, which `locate` will ask for."""
    places.expect(result.focus for result in results)
    places.expect(
        node
        for result in results
        if (result.path and not isinstance(result.path, NamedNode)) or not places.at(result.focus)
        for spots in _spots(result, data)
        for node, _, _ in spots
    )


def _is_simple(group: Group) -> bool:
    """Whether all results are about the values of a property, or about the nodes themselves."""
    if group.source.path is not None:
        return isinstance(group.source.path, NamedNode)
    return all(
        value is None or value == focus for focus, value in zip(group.focus, group.values, strict=True)
    )


def locate(result: Result, places: Places, data: Data) -> tuple[Place, ...]:
    """The places of `result`, nearest first: all of them where the same thing is written more than once.

    What an inference or a reader made stands nowhere: then the place is that of the node it
    belongs to by its IRI, and else of what refers to it.

    :param data: the graph that was judged; read only where a path or a climb needs it.
    """
    for spots in _spots(result, data):
        found = dict.fromkeys(place for spot in spots for place in places.find(*spot))
        if found:
            return tuple(found)
    return ()


def _spots(result: Result, data: Data) -> Iterator[list[Spot]]:
    focus, path, value = result.focus, result.path, result.value
    if isinstance(path, NamedNode):
        yield [(focus, path, value)]
    elif path:
        yield list(_at_the_end(path, data, focus, value))
        yield list(_at_the_start(path, data, focus))
    elif value is not None and value != focus:
        yield [(focus, prop, value) for prop in data.between(focus, value)]
    yield [(focus, None, None)]
    for parent in _parents(focus):
        yield [(parent, None, None)]
    yield [(user, prop, focus) for prop, user in data.uses(focus)]


def _at_the_end(path: paths.Path, data: Data, focus: Object, value: Object | None) -> Iterator[Spot]:
    """The triples by which the path comes to the value."""
    if value is not None:
        yield from (edge for end, edge in paths.walk(path, data, focus) if edge and end == value)


def _at_the_start(path: paths.Path, data: Data, focus: Object) -> Iterator[Spot]:
    """The triples by which the path leaves the focus node."""
    for prop, forwards in paths.first(path):
        yield from (edge for _, edge in paths.walk(prop, data, focus, forwards) if edge)


def _parents(node: Object) -> Iterator[NamedNode]:
    """The nodes that `node` belongs to, as its IRI has it: `case/a` for `case/a/parts/b`."""
    if not isinstance(node, NamedNode):
        return
    scheme, _, rest = node.value.partition("://")
    while (cut := max(rest.rfind("/"), rest.rfind("#"))) > 0:
        rest = rest[:cut]
        yield NamedNode(f"{scheme}://{rest}")
