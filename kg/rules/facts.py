"""What is known while rules run, by what it is about: members of classes, pairs of properties.

Terms are numbered, so that joins compare numbers (`terms`); they stay as they were written, and no store
rewrites a literal on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from typing import Any

from pyoxigraph import NamedNode, Quad

from kg.rules.model import TYPE, Key
from kg.rules.terms import Lines, Names, Texts

Pair = tuple[int, int]
"""The numbers of a subject and an object; those of literals are negative."""

Ends = dict[int, list[int]]


class Facts:
    """The part of the quads that rules can be about; all graphs are one.

    `keys`: what may be asked for by `about`. `predicates`: what else to keep; everything, if it is None.
    """

    def __init__(
        self,
        data: Iterable[Quad] | Lines,
        keys: Collection[Key],
        predicates: Collection[NamedNode] | None = (),
    ) -> None:
        self.names: Names = Names()
        self._members: dict[NamedNode, set[int]] = {c: set() for _, c in keys if c is not None}
        whole = {predicate for predicate, cls in keys if cls is None}.union(predicates or ())
        self._pairs: dict[NamedNode, set[Pair]] = {predicate: set() for predicate in whole}
        types_too = predicates is None or TYPE in self._pairs
        types = self._pairs.setdefault(TYPE, set())
        if isinstance(data, Lines):
            self.names = names = Texts()
            self._take_lines(data, names, types if types_too else None, predicates is None)
        else:
            self._take(data, types if types_too else None, predicates is None)
        if not types_too:
            del self._pairs[TYPE]
        self._ahead: dict[NamedNode, Ends] = {}
        self._behind: dict[NamedNode, Ends] = {}
        self.memo: dict[Any, Any] = {}
        """What has been worked out of the facts as they are; empty when they have changed."""

    def _take(self, quads: Iterable[Quad], types: set[Pair] | None, everything: bool) -> None:
        """Take in what is wanted of the quads; this runs for each of millions, so it is written out."""
        known, number = self.names.numbers.get, self.names.number
        pairs, members = self._pairs, self._members
        kinds = pairs[TYPE]
        for quad in quads:
            predicate = quad.predicate
            found = pairs.get(predicate)
            if found is None:
                if not everything:
                    continue
                found = pairs[predicate] = set()
            subject, object = quad.subject, quad.object
            if found is kinds:
                cls = members.get(object)  # type: ignore[arg-type]
                if cls is not None:
                    cls.add(number(subject))
                if types is None:
                    continue
            one, other = known(subject), known(object)
            found.add((number(subject) if one is None else one, number(object) if other is None else other))

    def _take_lines(self, lines: Lines, names: Texts, types: set[Pair] | None, everything: bool) -> None:
        """The same of lines, whose terms stay texts: four times as quick as parsing them."""
        known, add, after = names.known.get, names.add, 2 if lines.graphs else 1
        pairs = {str(predicate).encode(): found for predicate, found in self._pairs.items()}
        members = {str(cls).encode(): found for cls, found in self._members.items()}
        kinds = self._pairs[TYPE]
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            found = pairs.get(predicate)
            if found is None:
                if not everything:
                    continue
                found = pairs[predicate] = self._pairs.setdefault(NamedNode(predicate[1:-1].decode()), set())
            object = rest.rsplit(b" ", after)[0]
            one = known(subject)
            if one is None:
                one = add(subject)
            if found is kinds:
                cls = members.get(object)
                if cls is not None:
                    cls.add(one)
                if types is None:
                    continue
            other = known(object)
            found.add((one, add(object) if other is None else other))

    def predicates(self) -> set[NamedNode]:
        """All predicates that something is kept of."""
        return set(self._pairs)

    def about(self, key: Key) -> set[Any]:
        """The members of the class, or the pairs of the predicate; not to be changed."""
        predicate, cls = key
        return self.pairs(predicate) if cls is None else self._members[cls]

    def kinds(self) -> dict[int, set[int]] | None:
        """The members of each class that is kept, by its number; none where all types are kept as pairs."""
        if TYPE in self._pairs:
            return None
        return {self.names.number(cls): members for cls, members in self._members.items()}

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
