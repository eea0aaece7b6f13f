"""The nodes that a shape judges: patterns that the store joins, and the exact nodes where they are wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from pyoxigraph import NamedNode, Quad

from kg.shapes.compile.loading import Loaded
from kg.shapes.triples import TYPE, Object, Subject

FEW = 8
"""How many classes are asked for one by one: each is a query, and a list of two terms is walked quickest."""

_IN = NamedNode("urn:x-casegraph:in")
_NUMBERS = count()


class Scratch:
    """Sets of nodes in named graphs of the store: as subjects, or where a literal is among them as objects.

    To look a quad up, the store walks all quads with one of its terms. A node that very many others have as a
    value (the end of all lists, a unit) mostly has few properties itself.
    """

    def __init__(self, data: Loaded) -> None:
        self.data = data
        self._graphs: dict[frozenset[Object], tuple[NamedNode, bool]] = {}

    def pattern(self, nodes: frozenset[Object], var: str) -> str:
        """The pattern that `var` is one of `nodes`, as the store holds them; put into the store once."""
        if nodes not in self._graphs:
            self._graphs[nodes] = self._added(nodes)
        graph, subjects = self._graphs[nodes]
        return f"GRAPH {graph} {{ {f'{var} {_IN} {_IN}' if subjects else f'{_IN} {_IN} {var}'} }}"

    def _added(self, nodes: frozenset[Object]) -> tuple[NamedNode, bool]:
        """The graph of some nodes, and whether they are its subjects."""
        graph = NamedNode(f"urn:x-casegraph:set:{next(_NUMBERS)}")
        held = [node for node in nodes if isinstance(node, Subject)]
        subjects = len(held) == len(nodes)
        quads = (Quad(node, _IN, _IN, graph) for node in held)
        self.data.store.extend(quads if subjects else (Quad(_IN, _IN, node, graph) for node in nodes))
        return graph, subjects

    def clear(self) -> None:
        """Take all sets out of the store."""
        for graph, _ in self._graphs.values():
            self.data.store.remove_graph(graph)
        self._graphs.clear()


@dataclass(frozen=True, slots=True)
class Instances:
    """The nodes that are said to be of just this class."""

    cls: NamedNode

    def pattern(self, var: str, _scratch: Scratch) -> str:
        """The pattern that binds `var` to them."""
        return f"{var} {TYPE} {self.cls} ."

    def holds(self, node: Object, data: Loaded) -> bool:
        """Whether `node` is one of them."""
        return self.cls in data.types(node)


@dataclass(frozen=True, slots=True)
class OfMany:
    """The nodes that are said to be of one of many classes, asked for together."""

    classes: frozenset[Object]

    def pattern(self, var: str, scratch: Scratch) -> str:
        """The pattern that binds `var` to them, each as often as it is of one of the classes."""
        cls = f"?{var[1:]}_class"
        return f"{scratch.pattern(self.classes, cls)} {var} {TYPE} {cls} ."

    def holds(self, node: Object, data: Loaded) -> bool:
        """Whether `node` is one of them."""
        return not self.classes.isdisjoint(data.types(node))


@dataclass(frozen=True, slots=True)
class Ends:
    """The nodes that have a property, or if not `subjects`, those that are a value of it."""

    prop: NamedNode
    subjects: bool

    def pattern(self, var: str, _scratch: Scratch) -> str:
        """The pattern that binds `var` to them, each as often as it is there."""
        other = f"?{var[1:]}_end"
        return f"{var} {self.prop} {other} ." if self.subjects else f"{other} {self.prop} {var} ."

    def holds(self, node: Object, data: Loaded) -> bool:
        """Whether `node` is one of them."""
        return data.has(node, self.prop) if self.subjects else data.is_used(self.prop, node)


@dataclass(frozen=True, slots=True)
class Nodes:
    """Just these nodes, as the store holds them."""

    nodes: frozenset[Object]

    def pattern(self, var: str, scratch: Scratch) -> str:
        """The pattern that binds `var` to them."""
        return scratch.pattern(self.nodes, var)

    def holds(self, node: Object, _data: Loaded) -> bool:
        """Whether `node` is one of them."""
        return node in self.nodes


@dataclass(frozen=True, slots=True)
class Through:
    """The nodes at the end of a path of one triple from another part, each as often as it is there.

    `link` is the pattern of the path, with `{0}` and `{1}` for its ends.
    """

    part: Instances | OfMany | Ends | Nodes
    link: str

    def pattern(self, var: str, scratch: Scratch) -> str:
        """The pattern that binds `var` to them."""
        start = f"?{var[1:]}_from"
        return f"{self.part.pattern(start, scratch)} {self.link.format(start, var)}"

    def holds(self, _node: Object, _data: Loaded) -> bool:
        """Any node may be one of them: what is nested is judged of more nodes than need be."""
        return True


Part = Instances | OfMany | Ends | Nodes | Through


@dataclass(frozen=True, slots=True)
class Focus:
    """The nodes of all parts together.

    Each part is asked for itself, since a pattern of triples alone is what the store joins best.
    """

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, parts: Iterable[Part]) -> Focus:
        """The parts, each once."""
        return cls(tuple(dict.fromkeys(parts)))

    def patterns(self, scratch: Scratch, var: str = "?this") -> Iterator[str]:
        """A pattern for each part."""
        return (part.pattern(var, scratch) for part in self.parts)

    def union(self, scratch: Scratch) -> str:
        """One pattern for all of them."""
        patterns = list(self.patterns(scratch))
        return patterns[0] if len(patterns) == 1 else " UNION ".join(f"{{ {each} }}" for each in patterns)

    def holds(self, node: Object, data: Loaded) -> bool:
        """Whether `node` is one of them."""
        return any(part.holds(node, data) for part in self.parts)

    def nodes(self, data: Loaded, scratch: Scratch) -> set[Object]:
        """The nodes themselves, as the store holds them."""
        found: set[Object] = set()
        for part in self.parts:
            if isinstance(part, Nodes):
                found |= part.nodes
            else:
                once = "" if isinstance(part, Instances | OfMany) else "DISTINCT "
                query = f"SELECT {once}?this {{ {part.pattern('?this', scratch)} }}"
                found |= {row[0] for row in data.select(query)}
        return found


def instances(classes: Collection[NamedNode], data: Loaded) -> Iterator[Part]:
    """The instances of classes and of those below them; a class without a name can stand in no query."""
    found = dict.fromkeys(each for cls in classes for each in data.classes_below(cls))
    named = [each for each in found if isinstance(each, NamedNode)]
    if len(found) > FEW or len(named) < len(found):
        yield OfMany(frozenset(found))
    else:
        yield from map(Instances, named)
