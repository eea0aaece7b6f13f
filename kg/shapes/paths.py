"""SHACL property paths: read from a shapes graph, written as SPARQL, followed through data.

Source: SHACL, section 2.3.1, https://www.w3.org/TR/shacl/#property-paths
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode

from kg.shapes.triples import FIRST, NIL, REST, Data, Edge, Object, Triples
from kg.shapes.vocabulary import sh


@dataclass(frozen=True, slots=True)
class Inverse:
    """The path walked from its end to its start."""

    path: Path


@dataclass(frozen=True, slots=True)
class Sequence:
    """Two or more paths, one after the other."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Any one of two or more paths."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A path walked as often as `sign` says: `*`, `+` or `?`."""

    path: Path
    sign: str


Path = NamedNode | Inverse | Sequence | Alternative | Repeated

INVERSE, ALTERNATIVE = sh("inversePath"), sh("alternativePath")
SIGNS = {"*": sh("zeroOrMorePath"), "+": sh("oneOrMorePath"), "?": sh("zeroOrOnePath")}
REPEATED = {kind: sign for sign, kind in SIGNS.items()}
KINDS = (*REPEATED, INVERSE, ALTERNATIVE)


DEEPEST = 100
"""How many paths may stand within one another: Python and the store go down with each. And how many one after
the other: the store takes the third power of that long."""


class PathError(ValueError):
    """What is wrong with a path, in words."""


def read(shapes: Triples, node: Object, above: tuple[Object, ...] = ()) -> Path:
    """The path that `node` stands for in the shapes graph.

    :raises PathError: if it is ill-formed.
    """
    if isinstance(node, NamedNode):
        return node
    if not isinstance(node, BlankNode):
        raise PathError(f"neither an IRI nor a structure of them: {node}")
    if node in above:
        raise PathError("contained in itself")
    if len(above) == DEEPEST:
        raise PathError(f"made of more than {DEEPEST} paths within one another")
    above = (*above, node)
    if shapes.is_list(node):
        members = _members(shapes, node, above)
        if len(members) > DEEPEST:
            raise PathError(f"made of more than {DEEPEST} paths one after the other")
        return Sequence(members)
    found = [(kind, value) for kind in KINDS for value in shapes.objects(node, kind)]
    if len(found) != 1:
        raise PathError("neither a list nor of exactly one kind (sh:inversePath, …)")
    kind, value = found[0]
    if kind == ALTERNATIVE:
        return Alternative(_members(shapes, value, above))
    inner = read(shapes, value, above)
    return Repeated(inner, REPEATED[kind]) if kind in REPEATED else Inverse(inner)


def _members(shapes: Triples, head: Object, above: tuple[Object, ...]) -> tuple[Path, ...]:
    try:
        members = shapes.items(head)
    except ValueError as exc:
        raise PathError(f"made of a list that is {exc}") from exc
    if len(members) < 2:
        raise PathError("made of a list with less than two members")
    return tuple(read(shapes, member, above) for member in members)


def straightened(path: Path) -> Path:
    """The same path with `^` on single properties only.

    >>> a, b = NamedNode("http://e/a"), NamedNode("http://e/b")
    >>> write(straightened(Inverse(Sequence((a, Repeated(b, "+"))))), lambda iri: iri.value[-1])
    '(^b)+/^a'
    """
    if isinstance(path, NamedNode):
        return path
    if isinstance(path, Inverse):
        return path if isinstance(path.path, NamedNode) else _turned(path.path)
    if isinstance(path, Repeated):
        return Repeated(straightened(path.path), path.sign)
    return type(path)(tuple(map(straightened, path.paths)))


def _turned(path: Path) -> Path:
    """The path walked from its end to its start."""
    if isinstance(path, NamedNode):
        return Inverse(path)
    if isinstance(path, Inverse):
        return straightened(path.path)
    if isinstance(path, Repeated):
        return Repeated(_turned(path.path), path.sign)
    parts = tuple(map(_turned, path.paths))
    return Sequence(parts[::-1]) if isinstance(path, Sequence) else Alternative(parts)


def state(path: Path) -> tuple[Object, list[Edge]]:
    """A node that stands for the path, and the triples that make it so: the reverse of `read`."""
    if isinstance(path, NamedNode):
        return path, []
    node = BlankNode()
    if isinstance(path, Sequence | Alternative):
        stated = [state(one) for one in path.paths]
        head, triples = _list([one for one, _ in stated])
        triples += [triple for _, below in stated for triple in below]
        return (
            (head, triples) if isinstance(path, Sequence) else (node, [(node, ALTERNATIVE, head), *triples])
        )
    inner, triples = state(path.path)
    kind = INVERSE if isinstance(path, Inverse) else SIGNS[path.sign]
    return node, [(node, kind, inner), *triples]


def _list(members: list[Object]) -> tuple[Object, list[Edge]]:
    nodes: list[Object] = [*(BlankNode() for _ in members), NIL]
    triples: list[Edge] = []
    for node, following, member in zip(nodes, nodes[1:], members, strict=False):
        triples += [(node, FIRST, member), (node, REST, following)]
    return nodes[0], triples


def write(path: Path, name: Callable[[NamedNode], str] = str) -> str:
    """The path as SPARQL writes it, with `name` for the properties.

    >>> a, b = NamedNode("http://e/a"), NamedNode("http://e/b")
    >>> write(Inverse(Sequence((Inverse(a), Repeated(b, "*")))), lambda iri: iri.value[-1])
    '^(^a/b*)'
    """
    if isinstance(path, NamedNode):
        return name(path)
    if isinstance(path, Alternative):
        return "|".join(_within(p, 1, name) for p in path.paths)
    if isinstance(path, Sequence):
        return "/".join(_within(p, 2, name) for p in path.paths)
    if isinstance(path, Inverse):
        return "^" + _within(path.path, 3, name)
    return _within(path.path, 4, name) + path.sign


BINDING = {Alternative: 0, Sequence: 1, Inverse: 2, Repeated: 3, NamedNode: 4}


def _within(path: Path, binding: int, name: Callable[[NamedNode], str]) -> str:
    """The path as a part of one that binds its parts with at least `binding`."""
    text = write(path, name)
    return text if BINDING[type(path)] >= binding else f"({text})"


def first(path: Path, forwards: bool = True) -> Iterator[tuple[NamedNode, bool]]:
    """The properties that a walk may begin with, and whether each is walked forwards."""
    if isinstance(path, NamedNode):
        yield path, forwards
    elif isinstance(path, Inverse):
        yield from first(path.path, not forwards)
    elif isinstance(path, Sequence):
        yield from first(path.paths[0 if forwards else -1], forwards)
    elif isinstance(path, Alternative):
        for one in path.paths:
            yield from first(one, forwards)
    else:
        yield from first(path.path, forwards)


def walk(path: Path, data: Data, node: Object, forwards: bool = True) -> Iterator[tuple[Object, Edge | None]]:
    """The nodes at the end of `path` from `node`, each with the triple by which it was reached.

    There is no triple where the path has no length (`*` and `?`). A node is given once for each way.

    >>> from pyoxigraph import Quad
    >>> a, b, c, p = (NamedNode("http://e/" + x) for x in "abcp")
    >>> data = Triples([Quad(a, p, b), Quad(b, p, c)])
    >>> [(end.value[-1], edge and edge[0].value[-1]) for end, edge in walk(Repeated(p, "*"), data, a)]
    [('a', None), ('b', 'a'), ('c', 'b')]
    """
    if isinstance(path, NamedNode):
        yield from _steps(path, data, node, forwards)
    elif isinstance(path, Inverse):
        yield from walk(path.path, data, node, not forwards)
    elif isinstance(path, Alternative):
        for one in path.paths:
            yield from walk(one, data, node, forwards)
    elif isinstance(path, Sequence):
        yield from _in_turn(path.paths if forwards else path.paths[::-1], data, node, forwards)
    else:
        yield from _again(path, data, node, forwards)


def _steps(prop: NamedNode, data: Data, node: Object, forwards: bool) -> Iterator[tuple[Object, Edge | None]]:
    if forwards:
        yield from ((value, (node, prop, value)) for value in data.objects(node, prop))
    else:
        yield from ((user, (user, prop, node)) for user in data.subjects(prop, node))


def _in_turn(
    paths: tuple[Path, ...], data: Data, node: Object, forwards: bool
) -> Iterator[tuple[Object, Edge | None]]:
    here: dict[tuple[Object, Edge | None], None] = {(node, None): None}
    for path in paths:
        here = {
            (end, edge or before): None
            for start, before in here
            for end, edge in walk(path, data, start, forwards)
        }
    yield from here


def _again(path: Repeated, data: Data, node: Object, forwards: bool) -> Iterator[tuple[Object, Edge | None]]:
    if path.sign in "*?":
        yield node, None
    seen: set[Object] = set()
    todo: list[tuple[Object, Edge | None]] = [(node, None)]
    while todo:
        start, before = todo.pop()
        if start in seen:
            continue
        seen.add(start)
        for end, edge in walk(path.path, data, start, forwards):
            # a step of no length leads nowhere: `start` is still reached as it was
            yield end, edge or before
            if path.sign != "?":
                todo.append((end, edge or before))
