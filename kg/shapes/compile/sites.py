"""Where a constraint is judged: a shape's focus nodes, and the way from them to their values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode, QuerySolution

from kg.shapes import paths
from kg.shapes.compile.focus import Ends, Focus, Instances, Nodes, OfMany, Part, Through
from kg.shapes.triples import TYPE, Object

if TYPE_CHECKING:
    from kg.shapes.compile.evaluation import Evaluation


WHOLE = 6
"""How many times as much is read in a row in the time in which it is looked up node by node."""

MANY = 1000
"""Of how many nodes on that is worth asking."""


QUERY = 20
"""How many nodes are asked in the time that a query takes which asks nothing."""

STEPS = 3
"""How many times as many triples of its steps are counted in the time that a path is walked from a node."""

WHOLLY = "{ SELECT"
"""What a pattern begins with that is read as a whole."""


class Hit(NamedTuple):
    """A focus node that fails, with the value that is at fault; terms as the store holds them.

    `path` is that of the result where it is not the shape's; `other` tells apart hits that are otherwise
    the same.
    """

    this: Object
    value: Object | None = None
    path: NamedNode | None = None
    other: object = None


class Hits(NamedTuple):
    """What fails, as columns: `more` are path and `other` of each hit, where any has one."""

    nodes: Sequence[Object]
    values: Sequence[Object | None]
    more: Sequence[tuple[NamedNode | None, object]] = ()

    @classmethod
    def of(cls, hits: Iterable[Hit]) -> Hits:
        """Each of the hits once."""
        if not (once := dict.fromkeys(hits)):
            return cls((), ())
        nodes, values, paths, others = zip(*once, strict=True)
        plain = paths.count(None) == len(paths) and others.count(None) == len(others)
        return cls(nodes, values, () if plain else tuple(zip(paths, others, strict=True)))


def is_simple(path: paths.Path | None) -> bool:
    """Whether a path is one triple."""
    return isinstance(path.path if isinstance(path, paths.Inverse) else path, NamedNode)


def is_nullable(path: paths.Path) -> bool:
    """Whether a path may have no length, and so leads from any node to itself."""
    match path:
        case NamedNode():
            return False
        case paths.Repeated(inner, sign):
            return sign != "+" or is_nullable(inner)
        case paths.Inverse(inner):
            return is_nullable(inner)
        case paths.Sequence(parts):
            return all(map(is_nullable, parts))
    return any(map(is_nullable, path.paths))


def ends(path: paths.Path) -> Iterator[Part]:
    """The nodes that a path may lead to, other than where it begins: not less than those, maybe more."""
    match paths.straightened(path):
        case NamedNode() as prop:
            yield Ends(prop, subjects=False)
        case paths.Inverse(NamedNode() as prop):
            yield Ends(prop, subjects=True)
        case paths.Sequence(parts):
            for part in reversed(parts):
                yield from ends(part)
                if not is_nullable(part):
                    return
        case paths.Alternative(parts):
            for part in parts:
                yield from ends(part)
        case paths.Repeated(inner, _):
            yield from ends(inner)


def link(path: paths.Path, this: str = "?this", value: str = "?value") -> str:
    """The pattern that leads from `this` to `value`."""
    match paths.straightened(path):
        case NamedNode() as prop:
            return f"{this} {prop} {value} ."
        case paths.Inverse(NamedNode() as prop):
            return f"{value} {prop} {this} ."
        case other:
            return f"{this} {paths.write(other)} {value} ."


def reaches(path: paths.Path, this: str = "?this") -> str:
    """The pattern that a path leads from `this` anywhere, with no join in it, to stand after EXISTS."""
    match paths.straightened(path):
        case paths.Sequence((first, *others)):
            nodes = [this, *(f"?kg_step{number}" for number, _ in enumerate(others, 1)), "?value"]
            steps = [
                link(step, *ends) for step, *ends in zip((first, *others), nodes, nodes[1:], strict=False)
            ]
            text = steps.pop()
            while steps:
                text = f"{steps.pop()} FILTER EXISTS {{ {text} }}"
            return text
        case paths.Repeated(inner, "+"):  # which leads somewhere if its first step does
            return reaches(inner, this)
    return link(path, this)


def steps(path: paths.Path) -> Iterator[paths.Path]:
    """The steps of one triple that a path is made of."""
    match path:
        case NamedNode() | paths.Inverse(NamedNode()):
            yield path
        case paths.Inverse(inner) | paths.Repeated(inner):
            yield from steps(inner)
        case paths.Sequence(parts) | paths.Alternative(parts):
            for part in parts:
                yield from steps(part)


@dataclass(frozen=True)
class Site:
    """A way from focus nodes to values; without a path each node is its own value.

    `among`: classes with those of the focus among them, of all of which the same is asked. `counted`: those
    of which values of the same property are counted.
    """

    run: Evaluation
    focus: Focus
    path: paths.Path | None
    among: OfMany | None = None
    counted: OfMany | None = None

    @property
    def var(self) -> str:
        """The variable of the values."""
        return "?value" if self.path else "?this"

    @property
    def link(self) -> str:
        """The pattern from focus node to value."""
        return link(self.path) if self.path else ""

    @property
    def size(self) -> int:
        """How many focus nodes there are, some maybe counted more than once."""
        return sum(map(self.run.size, self.focus.parts))

    def bodies(self, whole: bool = False) -> Iterator[str]:
        """For each part of the focus a pattern that binds `?this`, and `?value` if there is a path.

        With `whole`, a property is read as a whole, and not looked up for each node, where that is quicker.
        """
        for part in self.focus.parts:
            pattern = part.pattern("?this", self.run.scratch)
            link = self.link
            if whole and self._is_few(part):
                link = f"{WHOLLY} ?this ?value {{ {link} }} }}"
            body = self.link if self.says(part) else f"{pattern} {link}"
            if not self.path and self._repeats(part):  # before each is tested
                body = f"{{ SELECT DISTINCT ?this {{ {pattern} }} }}"
            # A node that the data does not know has itself at the end of a path without length.
            if self.path and isinstance(part, Nodes) and is_nullable(self.path):
                body = f"{{ {body} }} UNION {{ {pattern} BIND(?this AS ?value) }}"
            yield body

    def _repeats(self, part: Part) -> bool:
        """Whether rows come more than once; the store tells them apart far quicker than Python."""
        return isinstance(part, Ends | Through) and not self.says(part)

    def says(self, part: Part) -> bool:
        """Whether the way to the values says already that a node is one of a part."""
        match self.path:
            case NamedNode() as prop:
                return part == Ends(prop, subjects=True)
            case paths.Inverse(NamedNode() as prop):
                return part == Ends(prop, subjects=False)
        return False

    def _is_few(self, part: Part) -> bool:
        """Whether all pairs of the property are few beside the nodes of a part, of which there are many."""
        if not self.path or not is_simple(self.path):
            return False
        [end] = ends(self.path)
        return self._is_quick(end, part, WHOLE)

    def _is_quick(self, end: Part, part: Part, factor: int = 1) -> bool:
        size = self.run.size
        return isinstance(part, Instances | OfMany) and size(part) >= MANY and size(end) < factor * size(part)

    def beside(self, prop: NamedNode, var: str) -> str:
        """The pattern that leads from focus nodes to the values of another property."""
        pattern, end = f"?this {prop} {var} .", Ends(prop, subjects=True)
        quick = all(self._is_quick(end, part) for part in self.focus.parts)
        return f"{WHOLLY} ?this {var} {{ {pattern} }} }}" if quick else pattern

    def beyond(self, most: int) -> list[Object] | None:
        """The nodes with more values than so many, where that is asked of several classes at once."""
        run = self.run
        if not self.counted or most < 2:
            return None
        found = run.beyond(f"{self.counted.pattern('?this', run.scratch)} {self.link}", most)
        return None if found is None else [this for this in found if self.focus.holds(this, run.data)]

    def has_at_most(self, most: int) -> bool:
        """Whether mere counts prove that no node at all has more values than so many by the path."""
        if not self.path:
            return False
        if not is_simple(self.path):
            every = {part for step in steps(self.path) for part in ends(step)}
            if sum(map(self.run.size, every)) > STEPS * self.size:
                return False
        elif most > 1:
            [end] = ends(self.path)
            if not self.run.pays(self.link, "", end, self.size, 1.5):
                return False
        bound = self._bound(paths.straightened(self.path), most)
        return bound is not None and bound <= most

    def _bound(self, path: paths.Path, most: int) -> int | None:
        """A number that no node has more values than by a path; nothing where there is none up to `most`."""
        match path:
            case paths.Sequence(parts):
                found = 1
                for part in parts:
                    if (bound := self._bound(part, most)) is None or (found := found * bound) > most:
                        return None
                return found
            case paths.Alternative(parts):
                found = 0
                for part in parts:
                    if (bound := self._bound(part, most)) is None or (found := found + bound) > most:
                        return None
                return found
            case paths.Repeated(inner, "?"):
                bound = self._bound(inner, most)
                return None if bound is None else bound + 1
            case paths.Repeated():
                return None
        if self.run.is_single(way := link(path)):
            return 1
        return self.run.most(way) if most > 1 else None

    def is_met(self, where: str, least: int, most: int | None) -> bool:
        """Whether mere counts prove that no node has too few or too many of the values that `where` holds of.

        That is so where each of the nodes has one.
        """
        return (
            least < 2
            and most != 0
            and all(self._has_one(part, where, least, most) for part in self.focus.parts)
        )

    def _has_one(self, part: Part, where: str, least: int, most: int | None) -> bool:
        """Whether that is so for the nodes of a part."""
        if not isinstance(part, Instances | OfMany) or not is_simple(self.path):
            return False
        pattern, inner = part.pattern("?this", self.run.scratch), f"{self.link} {where}"
        if self._is_few(part):
            inner = f"{WHOLLY} ?this ?value {{ {inner} }} }}"
        pairs, nodes = self.run.counts(f"{inner} {pattern}")
        return (not least or nodes == self.run.size(part)) and (most is None or pairs == nodes)

    def rows(self, where: str = "", select: str = "?this ?value", tail: str = "") -> Iterator[QuerySolution]:
        """The rows of what stands behind focus and link, some maybe more than once."""
        if not self.path:
            select = select.replace("?value", "(?this AS ?value)")
        for body in self.bodies(whole=not where or where.startswith(("FILTER", WHOLLY))):
            yield from self.run.data.select(f"SELECT {select} {{ {body} {where} }} {tail}")

    def pairs(self, where: str = "") -> Collection[tuple[Object, Object]]:
        """All focus nodes with their values, each pair once, in the order of the store."""
        repeats = any(map(self._repeats, self.focus.parts))
        rows = self.rows(where, "DISTINCT ?this ?value" if repeats else "?this ?value")
        return dict.fromkeys([(row[0], row[1]) for row in rows])

    def values(self) -> set[Object]:
        """All values."""
        if not self.path:
            return self.nodes()
        return {row[0] for row in self.rows(select="?value")}

    def nodes(self) -> set[Object]:
        """All focus nodes."""
        return self.focus.nodes(self.run.data, self.run.scratch)

    def without(self, where: str) -> Iterator[Object]:
        """The focus nodes for which there is no `where`, which has no join in it."""
        for part in self.focus.parts:
            if isinstance(part, Instances | OfMany) and (found := self._lacking(part, where)) is not None:
                yield from found
                continue
            pattern = part.pattern("?this", self.run.scratch)
            if isinstance(part, Ends | Through):
                pattern = f"{{ SELECT DISTINCT ?this {{ {pattern} }} }}"
            lacks = "MINUS" if self._is_few(part) else "FILTER NOT EXISTS"
            query = f"SELECT ?this {{ {pattern} {lacks} {{ {where} }} }}"
            yield from (row[0] for row in self.run.data.select(query))

    def _lacking(self, part: Instances | OfMany, where: str) -> list[Object] | None:
        """The same for a part, where it is less to ask other classes as well, or all nodes that have one."""
        run, typed = self.run, Ends(TYPE, subjects=True)
        every: Part = self.among or typed
        if not self.among and not run.pays("", where, typed, run.size(part), 1.5):
            return None
        pattern = every.pattern("?this", run.scratch)
        found = run.rare(pattern, f"NOT EXISTS {{ {where} }}", "DISTINCT ?this")
        if found is None or len(found) >= run.size(part) + QUERY:
            return None
        return [this for [this] in found if part.holds(this, run.data)]
