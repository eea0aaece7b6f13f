"""What is known while rules run, by what it is about: members of classes, pairs of properties.

Terms are numbered, so that joins compare numbers; the terms stay those of the parser, and no store rewrites
a literal on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.rules.model import TYPE, Key, Term

Pair = tuple[int, int]
"""The numbers of a subject and an object; those of literals are negative."""

Ends = dict[int, list[int]]


class Names:
    """The terms by number: nodes from 0 up, and literals, which are the subject of nothing, from -1 down."""

    def __init__(self) -> None:
        self.numbers: dict[Term, int] = {}
        self._nodes: list[Term] = []
        self._literals: list[Term] = []

    def number(self, term: Term) -> int:
        """The number of a term, old or new."""
        known = self.numbers.get(term)
        if known is not None:
            return known
        if isinstance(term, Literal | Triple):
            self._literals.append(term)
            known = -len(self._literals)
        else:
            self._nodes.append(term)
            known = len(self._nodes) - 1
        self.numbers[term] = known
        return known

    def term(self, number: int) -> Term:
        """The term of a number."""
        return self._nodes[number] if number >= 0 else self._literals[-1 - number]


class Facts:
    """The part of the quads that rules can be about; all graphs are one.

    `keys`: what may be asked for by `about`. `predicates`: what else to keep; everything, if it is None.
    """

    def __init__(
        self, quads: Iterable[Quad], keys: Collection[Key], predicates: Collection[NamedNode] | None = ()
    ) -> None:
        self.names = Names()
        self._members: dict[NamedNode, set[int]] = {c: set() for _, c in keys if c is not None}
        whole = {predicate for predicate, cls in keys if cls is None}.union(predicates or ())
        self._pairs: dict[NamedNode, set[Pair]] = {predicate: set() for predicate in whole}
        self._take(quads, predicates is None)
        self._ahead: dict[NamedNode, Ends] = {}
        self._behind: dict[NamedNode, Ends] = {}
        self.memo: dict[Any, Any] = {}
        """What has been worked out of the facts as they are; empty when they have changed."""

    def _take(self, quads: Iterable[Quad], everything: bool) -> None:
        """Take in what is wanted of the quads; this runs for each of millions, so it is written out."""
        known, number = self.names.numbers.get, self.names.number
        pairs, members = self._pairs, self._members
        whole = everything or TYPE in pairs
        types = pairs.setdefault(TYPE, set())
        for quad in quads:
            predicate = quad.predicate
            found = pairs.get(predicate)
            if found is None:
                if not everything:
                    continue
                found = pairs[predicate] = set()
            subject, object = quad.subject, quad.object
            if found is types:
                cls = members.get(object)  # type: ignore[arg-type]
                if cls is not None:
                    cls.add(number(subject))
                if not whole:
                    continue
            one, other = known(subject), known(object)
            found.add((number(subject) if one is None else one, number(object) if other is None else other))
        if not whole:
            del pairs[TYPE]

    def predicates(self) -> set[NamedNode]:
        """All predicates that something is kept of."""
        return set(self._pairs)

    def about(self, key: Key) -> set[Any]:
        """The members of the class, or the pairs of the predicate; not to be changed."""
        predicate, cls = key
        return self.pairs(predicate) if cls is None else self._members[cls]

    def pairs(self, predicate: NamedNode) -> set[Pair]:
        """Subject and object of each triple of `predicate`; not to be changed."""
        return self._pairs.setdefault(predicate, set())

    def ahead(self, predicate: NamedNode) -> Ends:
        """The objects of each subject."""
        found = self._ahead.get(predicate)
        if found is None:
            found = self._ahead[predicate] = {}
            _link(found, self.pairs(predicate))
        return found

    def behind(self, predicate: NamedNode) -> Ends:
        """The subjects of each object."""
        found = self._behind.get(predicate)
        if found is None:
            found = self._behind[predicate] = {}
            _link(found, ((o, s) for s, o in self.pairs(predicate)))
        return found

    def add(self, key: Key, new: Set[Any]) -> None:
        """Take in members of a class or pairs of a predicate, none of which was known."""
        self.memo.clear()
        predicate, cls = key
        if cls is not None:
            self._members[cls] |= new
            if predicate in self._pairs:
                number = self.names.number(cls)
                self._pairs[predicate] |= {(node, number) for node in new}
            return
        if predicate == TYPE:
            kinds = {self.names.number(cls): members for cls, members in self._members.items()}
            for node, kind in new:
                if kind in kinds:
                    kinds[kind].add(node)
        self.pairs(predicate).update(new)
        if predicate in self._ahead:
            _link(self._ahead[predicate], new)
        if predicate in self._behind:
            _link(self._behind[predicate], ((o, s) for s, o in new))


def _link(ends: Ends, pairs: Iterable[Pair]) -> None:
    for one, other in pairs:
        if (known := ends.get(one)) is None:
            ends[one] = [other]
        else:
            known.append(other)
