"""Shortcuts asked of facts: the plain ones directly, the others of a store that gets what they can be about.

The store rewrites literals (`007` becomes `7`); what a query passes on comes back as it was written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import reduce

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.names import XSD
from kg.rules.algebra import NotHereError, answer, is_plain
from kg.rules.facts import Facts, Pair
from kg.rules.model import Key, Rule, Term
from kg.rules.parts import Parts, parts
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
    """Answers shortcuts: without a store where that can be, else out of one that is filled once."""

    def __init__(self, facts: Facts, rules: Iterable[Rule]) -> None:
        self._facts = facts
        self._reads = reads(rule for rule in rules if not _is_plain(rule))
        self._store: Store | None = None
        self._literals: set[Literal] = set()
        self._originals: dict[Literal, Literal] | None = None

    def ask(self, rule: Rule) -> dict[NamedNode, set[Pair]]:
        """What a shortcut gives, by predicate.

        Where several literals in the data are one to the store, the least of them is handed on.
        """
        if _is_plain(rule) and (query := parts(rule.sparql)):
            try:
                return answer(query, self._facts)
            except NotHereError:
                self._refill(query)
        return self._query(rule.sparql)

    def _refill(self, query: Parts) -> None:
        """Let the store have what `query` reads too."""
        if self._reads is not None:
            self._reads |= {key for link in query.links() for key in link.about()}
            self._store = None

    def _query(self, sparql: str) -> dict[NamedNode, set[Pair]]:
        if self._store is None:
            self._store = Store()
            self._store.bulk_extend(self._flat())
        found: dict[NamedNode, set[Pair]] = defaultdict(set)
        exact, number = not _computes(sparql), self._facts.names.number
        for s, p, o in self._store.query(sparql):  # type: ignore[union-attr]
            found[p].add((number(s), number(self._as_written(o) if exact else o)))
        return found

    def _flat(self) -> Iterator[Quad]:
        """One flat graph: a triple in two graphs would count twice in an aggregate."""
        every = ((predicate, None) for predicate in self._facts.predicates())
        for predicate, cls in every if self._reads is None else self._reads:
            found = self._facts.about((predicate, cls))
            if cls is None:
                yield from self._quads(predicate, found)
            else:
                yield from (Quad(self._facts.names.term(node), predicate, cls) for node in found)  # type: ignore[arg-type]

    def _quads(self, predicate: NamedNode, pairs: Iterable[Pair]) -> Iterator[Quad]:
        term = self._facts.names.term
        for subject, object in pairs:
            if object < 0 and isinstance(literal := term(object), Literal):
                self._literals.add(literal)
            yield Quad(term(subject), predicate, term(object))  # type: ignore[arg-type]

    def add(self, new: dict[NamedNode, set[Pair]]) -> None:
        """Let later questions see what earlier ones gave."""
        if self._store is not None:
            for predicate, pairs in new.items():
                self._store.extend(self._quads(predicate, pairs))
            self._originals = None

    def _as_written(self, term: Term) -> Term:
        if not isinstance(term, Literal):
            return term
        if self._originals is None:
            self._originals = originals(self._literals)
        return self._originals.get(term, term)


def _is_plain(rule: Rule) -> bool:
    query = parts(rule.sparql)
    return query is not None and is_plain(query)


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
