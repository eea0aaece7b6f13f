"""Triples, indexed by subject and by object: what shapes, paths and places are read from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Protocol, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg import names

Subject = NamedNode | BlankNode
Object = NamedNode | BlankNode | Literal | Triple
Edge = tuple[Object, NamedNode, Object]

TYPE = NamedNode(names.RDF + "type")
FIRST = NamedNode(names.RDF + "first")
REST = NamedNode(names.RDF + "rest")
NIL = NamedNode(names.RDF + "nil")
SUBCLASS = NamedNode(names.RDFS + "subClassOf")


class Data(Protocol):
    """Triples that can be asked for, wherever they are kept."""

    @property
    def all(self) -> Iterable[tuple[Subject, NamedNode, Object]]:
        """Each triple once."""

    @property
    def predicates(self) -> Collection[Object]:
        """Every property that is used."""

    def objects(self, subject: Object, *predicates: NamedNode) -> list[Object]:
        """The values of `predicates` at `subject`."""

    def uses(self, node: Object) -> list[tuple[NamedNode, Subject]]:
        """Each (property, subject) that has `node` as its value."""

    def between(self, subject: Object, object: Object) -> list[NamedNode]:
        """The properties of `subject` that have `object` as a value."""

    def subjects(self, predicate: NamedNode, object: Object) -> list[Subject]:
        """The subjects with `object` as their `predicate`."""

    def pairs(self, *predicates: NamedNode) -> Iterator[tuple[Subject, Object]]:
        """Each subject and value of `predicates`."""

    def instances(self, of: NamedNode) -> Iterator[Subject]:
        """The nodes whose class is `of`, or a subclass of it."""

    def vocabulary(self) -> Iterable[Edge]:
        """Triples among which is one of each property, and of each class with an instance."""

    def doubtful(self) -> Iterable[Edge]:
        """Triples among which are all whose value may be none of its datatype."""


class Triples:
    """The triples of all graphs of `quads`, each once, in the order of their first sight.

    Nothing is indexed before it is asked for.

    >>> a, b, p = NamedNode("http://e/a"), NamedNode("http://e/b"), NamedNode("http://e/p")
    >>> triples = Triples([Quad(a, p, b), Quad(a, p, b, NamedNode("http://e/graph"))])
    >>> triples.objects(a, p) == [b], triples.subjects(p, b) == [a]
    (True, True)
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._quads = list(quads)

    @cached_property
    def all(self) -> list[tuple[Subject, NamedNode, Object]]:
        """Each triple once."""
        return list(dict.fromkeys((cast("Subject", q.subject), q.predicate, q.object) for q in self._quads))

    @cached_property
    def predicates(self) -> set[Object]:
        """Every property that is used."""
        return {p for _, p, _ in self.all}

    @cached_property
    def _forward(self) -> dict[Object, dict[NamedNode, list[Object]]]:
        index: dict[Object, dict[NamedNode, list[Object]]] = {}
        for s, p, o in self.all:
            here = index.get(s)
            if here is None:
                index[s] = {p: [o]}
            elif p in here:
                here[p].append(o)
            else:
                here[p] = [o]
        return index

    @cached_property
    def _backward(self) -> dict[Object, list[tuple[NamedNode, Subject]]]:
        index: dict[Object, list[tuple[NamedNode, Subject]]] = {}
        for s, p, o in self.all:
            index.setdefault(o, []).append((p, s))
        return index

    def vocabulary(self) -> Iterable[Edge]:
        """All of them: see `Data`."""
        return self.all

    def doubtful(self) -> Iterable[Edge]:
        """All of them: see `Data`."""
        return self.all

    def properties(self, subject: Object) -> dict[NamedNode, list[Object]]:
        """The properties of `subject` with their values; empty for a node that is no subject."""
        return self._forward.get(subject, {})

    def objects(self, subject: Object, *predicates: NamedNode) -> list[Object]:
        """The values of `predicates` at `subject`."""
        here = self._forward.get(subject)
        if here is None:
            return []
        if len(predicates) == 1:  # asked for a hundred thousand times where shapes are many
            return [*here.get(predicates[0], ())]
        return [value for predicate in predicates for value in here.get(predicate, ())]

    def uses(self, node: Object) -> list[tuple[NamedNode, Subject]]:
        """Each (property, subject) that has `node` as its value."""
        return self._backward.get(node, [])

    def between(self, subject: Object, object: Object) -> list[NamedNode]:
        """The properties of `subject` that have `object` as a value."""
        return [prop for prop, values in self.properties(subject).items() if object in values]

    def subjects(self, predicate: NamedNode, object: Object) -> list[Subject]:
        """The subjects with `object` as their `predicate`."""
        return [s for p, s in self.uses(object) if p == predicate]

    def pairs(self, *predicates: NamedNode) -> Iterator[tuple[Subject, Object]]:
        """Each subject and value of `predicates`."""
        wanted = frozenset(predicates)
        if wanted.isdisjoint(self.predicates):
            return iter(())
        return ((s, o) for s, p, o in self.all if p in wanted)

    def items(self, head: Object) -> list[Object]:
        """The members of the RDF list that begins at `head`.

        :raises ValueError: if it is no well-formed list, or one without an end.
        """
        members: list[Object] = []
        seen: set[Object] = set()
        while head != NIL:
            first, rest = self.objects(head, FIRST), self.objects(head, REST)
            if len(first) != 1 or len(rest) != 1 or head in seen:
                raise ValueError("not a well-formed list")
            seen.add(head)
            members.append(first[0])
            head = rest[0]
        return members

    def is_list(self, node: Object) -> bool:
        """Whether `node` is the head of a list, well-formed or not."""
        return node == NIL or FIRST in self.properties(node) or REST in self.properties(node)

    def classes(self, node: Object) -> set[Object]:
        """The classes of `node`, with all that they are subclasses of."""
        found: set[Object] = set()
        todo = self.objects(node, TYPE)
        while todo:
            if (one := todo.pop()) not in found:
                found.add(one)
                todo.extend(self.objects(one, SUBCLASS))
        return found

    def instances(self, of: NamedNode) -> Iterator[Subject]:
        """The nodes whose class is `of`, or a subclass of it."""
        seen: set[Object] = set()
        todo: list[Object] = [of]
        while todo:
            if (one := todo.pop()) not in seen:
                seen.add(one)
                yield from self.subjects(TYPE, one)
                todo.extend(self.subjects(SUBCLASS, one))
