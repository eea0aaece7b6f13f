"""Shortcuts asked of facts: the plain ones directly, others of a store with the part that they can be about.

The store rewrites literals (`007` becomes `7`); what a query passes on comes back as it was written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import reduce
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple, Variable

from kg.names import XSD
from kg.rules.algebra import NotHereError, answer, is_plain
from kg.rules.facts import Facts, Pair
from kg.rules.model import TYPE, Key, Rule, Term
from kg.rules.parts import Group, Link, Parts, parts
from kg.rules.slices import slice_of
from kg.sparql import Query

PREDICATE = NamedNode("urn:p")
UNCHANGED = XSD + "string"


def reads(rules: Iterable[Rule]) -> frozenset[Key] | None:
    """What the shortcuts read; none if they may read anything."""
    found = [parts(rule.sparql) for rule in rules]
    if any(each is None for each in found):
        return None
    return frozenset(key for each in found if each for link in each.links() for key in link.about())


def gives(rules: Iterable[Rule]) -> frozenset[NamedNode] | None:
    """The predicates that the shortcuts give; none if that may be any."""
    found = [parts(rule.sparql) for rule in rules]
    if any(each is None for each in found):
        return None
    return frozenset(link.predicate for each in found if each for link in each.template.links)


class Asked:
    """Answers shortcuts: without a store where that can be, else out of one with what they can be about."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._whole: Store | None = None
        self._literals: set[Literal] = set()
        self._originals: dict[Literal, Literal] | None = None

    def ask(self, rule: Rule) -> dict[NamedNode, set[Pair]]:
        """What a shortcut gives, by predicate.

        Where several literals in the data are one to the store, the least of them is handed on.
        """
        query = parts(rule.sparql)
        if query is None:
            return self._query(rule.sparql, self._all())
        if is_plain(query):
            try:
                return answer(query, self._facts)
            except NotHereError:
                pass
        return self._query(rule.sparql, self._filled(self._part(query)))

    def _part(self, query: Parts) -> Iterator[Triple]:
        """What a query can be about, found by numbers: terms are made of what is left."""
        links, seen = query.where.links, _Seen(self._facts)
        sizes = list(map(self._size, links))
        where = self._numbered(query.where)
        rarest = where.links[sizes.index(min(sizes))] if links else None
        return map(seen.triple, slice_of(where, rarest, seen))

    def _numbered(self, group: Group) -> Group:
        """The group with numbers in the place of the nodes that it names."""
        number = self._facts.names.number

        def spot(term: Any) -> Any:
            return term if isinstance(term, Variable) else number(term)

        links = [
            Link(spot(link.subject), link.predicate, spot(link.object), tuple(map(spot, link.classes)))
            for link in group.links
        ]
        return replace(group, links=links, groups=list(map(self._numbered, group.groups)))

    def _size(self, link: Link) -> int:
        return sum(len(self._facts.about(key)) for key in link.about())

    def _query(self, sparql: str, store: Store) -> dict[NamedNode, set[Pair]]:
        found: dict[NamedNode, set[Pair]] = defaultdict(set)
        exact, number = not _computes(sparql), self._facts.names.number
        for s, p, o in store.query(sparql):  # type: ignore[union-attr]
            found[p].add((number(s), number(self._as_written(o) if exact else o)))
        return found

    def _filled(self, triples: Iterable[Triple]) -> Store:
        """A store of one flat graph: a triple in two graphs would count twice in an aggregate."""
        store = Store()
        store.bulk_extend(self._noted(triples))
        self._originals = None
        return store

    def _noted(self, triples: Iterable[Triple]) -> Iterator[Quad]:
        for triple in triples:
            if isinstance(triple.object, Literal):
                self._literals.add(triple.object)
            yield Quad(triple.subject, triple.predicate, triple.object)

    def _all(self) -> Store:
        """A store of everything, filled once."""
        if self._whole is None:
            seen = _Seen(self._facts)
            predicates = self._facts.predicates()
            found = (each for p in predicates for each in seen.find(None, p, None))
            self._whole = self._filled(map(seen.triple, found))
        return self._whole

    def add(self, new: dict[NamedNode, set[Pair]]) -> None:
        """Let later questions see what earlier ones gave."""
        if self._whole is not None:
            term = self._facts.names.term
            triples = (Triple(term(s), p, term(o)) for p, pairs in new.items() for s, o in pairs)  # type: ignore[arg-type]
            self._whole.extend(self._noted(triples))
            self._originals = None

    def _as_written(self, term: Term) -> Term:
        if not isinstance(term, Literal):
            return term
        if self._originals is None:
            self._originals = originals(self._literals)
        return self._originals.get(term, term)


class Numbered(NamedTuple):
    """A triple whose subject and object are numbers."""

    subject: int
    predicate: NamedNode
    object: int


class _Seen:
    """The facts, as triples of numbers."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def triple(self, said: Numbered) -> Triple:
        """The triple itself."""
        term = self._facts.names.term
        return Triple(term(said.subject), said.predicate, term(said.object))  # type: ignore[arg-type]

    def find(self, s: int | None, p: NamedNode | None, o: int | None, /) -> Iterable[Numbered]:
        """The triples of a predicate with the terms that are given."""
        assert p
        if s is not None:
            return [each for each in self.of([s], p) if o in (None, each.object)]
        return self._triples(p, self._pairs(p)) if o is None else self.to(p, [o])

    def of(self, subjects: Collection[int], p: NamedNode, /) -> Iterable[Numbered]:
        """The triples of a predicate with one of the subjects."""
        if p == TYPE and self._facts.kinds() is not None:
            some = set(subjects)
            return self._triples(p, (pair for pair in self._pairs(p) if pair[0] in some))
        ahead = self._facts.ahead(p)
        return self._triples(p, ((one, other) for one in subjects if one in ahead for other in ahead[one]))

    def to(self, p: NamedNode, objects: Collection[int], /) -> Iterable[Numbered]:
        """The triples of a predicate with one of the objects."""
        if p == TYPE and self._facts.kinds() is not None:
            return self._triples(p, self._typed(objects))
        behind = self._facts.behind(p)
        return self._triples(
            p, ((one, other) for other in objects if other in behind for one in behind[other])
        )

    def _pairs(self, p: NamedNode) -> Iterable[Pair]:
        kinds = self._facts.kinds() if p == TYPE else None
        return self._facts.pairs(p) if kinds is None else self._typed(kinds)

    def _typed(self, wanted: Collection[int]) -> Iterator[Pair]:
        kinds = self._facts.kinds() or {}
        return ((one, kind) for kind in wanted if kind in kinds for one in kinds[kind])

    def _triples(self, p: NamedNode, pairs: Iterable[Pair]) -> Iterable[Numbered]:
        return [Numbered(one, p, other) for one, other in pairs]


def _computes(sparql: str) -> bool:
    """Whether some of what the query gives may be no term of the data."""
    return any(word.kind == "word" and word.text.upper() == "AS" for word in Query(sparql).words)


def originals(literals: Iterable[Literal]) -> dict[Literal, Literal]:
    """How literals that the store rewrites were written, by what it makes of them.

    Where it makes the same of several, it is the least of them.

    >>> integer = NamedNode(XSD + "integer")
    >>> found = originals([Literal("07", datatype=integer), Literal("8", datatype=integer), Literal("x")])
    >>> [(new.value, old.value) for new, old in found.items()]
    [('7', '07')]
    """
    distinct = {each for each in literals if each.datatype.value != UNCHANGED}
    ordered = sorted(distinct, key=str, reverse=True)
    store = Store()
    store.bulk_extend(Quad(NamedNode(f"urn:n:{at}"), PREDICATE, each) for at, each in enumerate(ordered))
    rewritten = ((quad.object, ordered[int(quad.subject.value[6:])]) for quad in store)
    pairs = [(new, old) for new, old in rewritten if new != old and new not in distinct]
    return reduce(_least, pairs, {})


def _least(found: dict[Literal, Literal], pair: tuple[Literal, Literal]) -> dict[Literal, Literal]:
    new, old = pair
    found[new] = min(found.get(new, old), old, key=str)
    return found
