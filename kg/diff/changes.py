"""Two sets of triples → what differs, node by node and property by property, as an author sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kg import context
from kg.names import CODE, ID, OA, RDF, below
from kg.workspace import Workspace

TYPE = NamedNode(RDF + "type")
EVIDENCE = frozenset(map(NamedNode, context.EVIDENCE))
"""The properties that lead to evidence."""
SOURCE, SELECTOR = NamedNode(OA + "hasSource"), NamedNode(OA + "hasSelector")
EXACT, START, END = (NamedNode(OA + name) for name in ("exact", "start", "end"))

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Change:
    """What differs of one property of one node, or a node that came or went with all it says.

    `before` and `after` are the values of the property `prop` that only one side has; for a whole node it is
    None.
    `removed` and `added` are the triples behind it, those of its evidence among them.
    """

    group: str
    node: NamedNode
    prop: NamedNode | None
    before: tuple[NamedNode | Literal, ...]
    after: tuple[NamedNode | Literal, ...]
    removed: frozenset[Triple]
    added: frozenset[Triple]

    @property
    def how(self) -> str:
        """`added`, `removed` or `changed`."""
        if self.prop is not None and self.before and self.after:
            return CHANGED
        return REMOVED if self.removed and not self.added else ADDED


@dataclass(frozen=True)
class Triples:
    """The triples of a state, by subject; what belongs to a place in a source stands with what it is for."""

    by_subject: dict[NamedNode, set[Triple]]

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> Triples:
        """The triples whose subject is a named node; blank nodes are the ontology's own."""
        found: dict[NamedNode, set[Triple]] = {}
        for triple in triples:
            if isinstance(triple.subject, NamedNode):
                found.setdefault(triple.subject, set()).add(triple)
        return cls(found)

    def places(self) -> set[NamedNode]:
        """The nodes that are places in sources, or the selectors of such."""
        places = {s for s, about in self.by_subject.items() if any(t.predicate == SOURCE for t in about)}
        return places | {s for place in places for s in self._selectors(place)}

    def _selectors(self, place: NamedNode) -> Iterator[NamedNode]:
        for triple in self.by_subject.get(place, ()):
            if triple.predicate == SELECTOR and isinstance(triple.object, NamedNode):
                yield triple.object

    def with_places(self, triples: Iterable[Triple]) -> frozenset[Triple]:
        """The triples, with what is said of the places that they lead to."""
        out = set(triples)
        for triple in list(out):
            place = triple.object
            if triple.predicate in EVIDENCE and isinstance(place, NamedNode):
                out |= self.by_subject.get(place, set())
                for selector in self._selectors(place):
                    out |= self.by_subject.get(selector, set())
        return frozenset(out)

    def quote(self, place: NamedNode) -> tuple[str | None, str, tuple[str, str] | None]:
        """The words at a place, its source, and the offsets of the words, as far as there are any."""
        words: dict[NamedNode, str] = {}
        for node in (place, *self._selectors(place)):
            words |= {t.predicate: getattr(t.object, "value", "") for t in self.by_subject.get(node, ())}
        span = (words[START], words[END]) if START in words and END in words else None
        return words.get(EXACT), words.get(SOURCE, ""), span


class Side:
    """One of the two: all its triples, and those that only it has."""

    def __init__(self, triples: set[Triple], own: set[Triple]) -> None:
        self.all, self.own = Triples.of(triples), own

    def behind(self, triples: set[Triple]) -> frozenset[Triple]:
        """The triples, with what only this side says of the places that they lead to."""
        return self.all.with_places(triples) & self.own


def group_of(node: NamedNode, workspace: Workspace) -> str:
    """What a node belongs to: `case/ID`, `source`, `reference`, or `ontology`."""
    cases = below(workspace.names.case("x"), "").value.removesuffix("x/")
    if node.value.startswith(cases):
        return "case/" + node.value.removeprefix(cases).partition("/")[0]
    if node.value.startswith(workspace.names.source("").value):
        return "source"
    return "reference" if node.value.startswith(ID) and not node.value.startswith(CODE) else "ontology"


def between(before: Iterable[Triple], after: Iterable[Triple], workspace: Workspace) -> list[Change]:
    """What is to be changed in `before` to make it `after`, sorted by group, node and property."""
    old, new = set(before), set(after)
    sides = Side(old, old - new), Side(new, new - old)
    gone, come = (Triples.of(side.own).by_subject for side in sides)
    places = sides[0].all.places() | sides[1].all.places()
    found: list[Change] = []
    told: set[Triple] = set()
    for node in sorted({*gone, *come} - places, key=str):
        pair = gone.get(node, set()), come.get(node, set())
        found += _of_node(group_of(node, workspace), node, pair, sides)
    for change in found:
        told |= change.removed | change.added
    return sorted([*found, *_moved(gone, come, told, workspace)], key=_order)


def _order(change: Change) -> tuple[str, str, str]:
    return change.group, change.node.value, str(change.prop or "")


def _of_node(
    group: str, node: NamedNode, pair: tuple[set[Triple], set[Triple]], sides: tuple[Side, Side]
) -> Iterator[Change]:
    """The changes of one node: as a whole where only one side has it, else property by property."""
    gone, come = pair
    if node not in sides[1].all.by_subject:
        yield Change(group, node, None, (), (), sides[0].behind(gone), frozenset())
    elif node not in sides[0].all.by_subject:
        yield Change(group, node, None, (), (), frozenset(), sides[1].behind(come))
    else:
        for prop in sorted({t.predicate for t in gone | come}, key=str):
            lost, won = ({t for t in side if t.predicate == prop} for side in pair)
            yield Change(
                group, node, prop, _values(lost), _values(won), sides[0].behind(lost), sides[1].behind(won)
            )  # fmt: skip


def _values(triples: Iterable[Triple]) -> tuple[NamedNode | Literal, ...]:
    found = [t.object for t in triples if isinstance(t.object, NamedNode | Literal)]
    return tuple(sorted(found, key=str))


def _moved(
    gone: dict[NamedNode, set[Triple]],
    come: dict[NamedNode, set[Triple]],
    told: set[Triple],
    workspace: Workspace,
) -> Iterator[Change]:
    """What differs of places in sources that the same nodes lead to before and after."""
    for node in sorted({*gone, *come}, key=str):
        lost, won = gone.get(node, set()) - told, come.get(node, set()) - told
        for prop in sorted({t.predicate for t in lost | won}, key=str):
            pair = [{t for t in side if t.predicate == prop} for side in (lost, won)]
            yield Change(
                group_of(node, workspace), node, prop, _values(pair[0]), _values(pair[1]),
                frozenset(pair[0]), frozenset(pair[1]),
            )  # fmt: skip
