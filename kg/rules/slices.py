"""The part of the data that a shortcut can be about, from a few values of one of its variables, its anchor.

What a shortcut gives for those values is what it gives on that part alone, and a change of the data
touches only values that its triple patterns lead to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple, Variable

from kg.rules.construct import Construct
from kg.rules.model import Rule
from kg.rules.parts import Group, Link, Parts, parts

Domains = dict[Variable, set[Any]]
Lot = Mapping[NamedNode, Collection[Triple]]
"""Triples by predicate."""


class View(Protocol):
    """What shortcuts see of the data: triples, or their like with other names of the nodes."""

    def find(self, s: Any, p: NamedNode | None, o: Any, /) -> Iterable[Any]:
        """The triples with the terms that are given."""

    def of(self, subjects: Collection[Any], p: NamedNode, /) -> Iterable[Any]:
        """The triples of a predicate with one of the subjects."""

    def to(self, p: NamedNode, objects: Collection[Any], /) -> Iterable[Any]:
        """The triples of a predicate with one of the objects."""


def slice_of(where: Group, first: Link | None, view: View) -> set[Any]:
    """All triples that a pattern can be about, from those of `first`, which every row must have."""
    found: set[Any] = set()
    domains: Domains = {}
    if first:
        _step(first, domains, view, found)
    _collect(where, domains, view, found)
    return found


def sorted_out(triples: Iterable[Triple]) -> Lot:
    """The triples by predicate."""
    found: dict[NamedNode, list[Triple]] = {}
    for triple in triples:
        found.setdefault(triple.predicate, []).append(triple)
    return found


class Slicer:
    """One shortcut, asked for some values of its anchor, or of all if it has none."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._parts = parts(rule.sparql)
        self.anchor = _anchor(self._parts) if self._parts else None

    def gives(self, lot: Lot) -> Iterator[tuple[Triple, Link]]:
        """Those that a triple pattern of the template may be, each with the pattern."""
        if self._parts is None:
            yield from ((t, Link(Variable("s"), p, Variable("o"))) for p, found in lot.items() for t in found)
            return
        for link in self._parts.template.links:
            yield from ((triple, link) for triple in lot.get(link.predicate, ()) if _fits(link, triple))

    def touched(self, lot: Lot, view: View) -> set[Any] | None:
        """The values of the anchor that the triples can have a part in; none if that may be any."""
        if self._parts is None:
            return None if lot else set()
        found: set[Any] = set()
        for chain in _chains(self._parts.where):
            for link in chain[-1].links:
                pinned = [triple for triple in lot.get(link.predicate, ()) if _fits(link, triple)]
                if pinned:
                    values = self._anchors(chain, _pins(link, pinned), view)
                    if values is None:
                        return None
                    found |= values
        return found

    def behind(self, triple: Triple, view: View) -> set[Any] | None:
        """The values of the anchor that may give the triple; none if that may be any."""
        if self._parts is None or self.anchor is None:
            return None
        found: set[Any] = set()
        for _, link in self.gives({triple.predicate: [triple]}):
            values = self._anchors([self._parts.where], _pins(link, [triple]), view)
            if values is None:
                return None
            found |= values
        return found

    def _anchors(self, chain: list[Group], domains: Domains, view: View) -> set[Any] | None:
        """Where the values lead by patterns that hold wherever the innermost of nested groups does."""
        links: list[Link] = []
        for at in range(len(chain) - 1, -1, -1):
            links += chain[at].links
            given = chain[at].gives if chain[at].kind == "query" else None
            if given is not None:
                domains = {v: values for v, values in _led(links, domains, given, view).items() if v in given}
                links = []
        if self.anchor is None:
            return None
        return _led(links, domains, {self.anchor}, view).get(self.anchor)

    def ask(self, values: set[Any] | None, view: View) -> set[Triple]:
        """What the shortcut gives for these values of its anchor, or for all."""
        if values is not None and not values:
            return set()
        store, sparql = Store(), self.rule.sparql
        if values is not None and any(isinstance(value, BlankNode) for value in values):
            values = None  # VALUES cannot say it
        if values is None or self._parts is None or self.anchor is None:
            triples = self._all(view)
        else:
            triples = set()
            _collect(self._parts.where, {self.anchor: values}, view, triples)
            sparql = _held(sparql, self.anchor, values)
        store.bulk_extend(Quad(*triple) for triple in triples)
        return set(store.query(sparql))  # type: ignore[arg-type]

    def _all(self, view: View) -> set[Triple]:
        """All that the shortcut may read."""
        if self._parts is None:
            return set(view.find(None, None, None))
        found: set[Triple] = set()
        for link in self._parts.links():
            found |= {t for t in view.find(None, link.predicate, _given(link.object)) if _fits(link, t)}
        return found


def _anchor(query: Parts) -> Variable | None:
    """The variable to hold the query to: `$this`, else one of the template; every row must have it."""
    if query.more or any(each.kind == "query" for each in query.where.groups):
        return None
    sure = _sure(query.where)
    spots = [Variable("this"), *(v for link in query.template.links for v in link.variables())]
    return next((variable for variable in spots if variable in sure), None)


def _sure(group: Group) -> set[Variable]:
    """The variables that every row of the group has."""
    if group.kind == "union":
        return set.intersection(*map(_sure, group.groups))
    found = {variable for link in group.links for variable in link.variables()}
    for each in group.groups:
        found |= _sure(each) if each.kind in ("all", "union", "query") else set()
    return found if group.gives is None else found & group.gives


def _held(sparql: str, anchor: Variable, values: set[Any]) -> str:
    """The query with its anchor held to some values."""
    rows = " ".join(sorted(map(str, values)))
    return Construct(sparql).with_first(f" VALUES {anchor} {{ {rows} }}")


def _chains(group: Group, above: tuple[Group, ...] = ()) -> Iterator[list[Group]]:
    """Each group with those that it stands in, the outermost first."""
    yield [*above, group]
    for each in group.groups:
        yield from _chains(each, (*above, group))


def _given(term: Any) -> Any:
    return None if isinstance(term, Variable) else term


def _fits(link: Link, triple: Triple) -> bool:
    s, p, o = triple.subject, triple.predicate, triple.object
    same = not isinstance(link.subject, Variable) or link.subject != link.object or s == o
    held = _given(link.subject) in (None, s) and _given(link.object) in (None, o)
    return p == link.predicate and held and same and (not link.classes or o in link.classes)


def _pins(link: Link, triples: Iterable[Triple]) -> Domains:
    found: Domains = {}
    for triple in triples:
        for term, value in ((link.subject, triple.subject), (link.object, triple.object)):
            if isinstance(term, Variable):
                found.setdefault(term, set()).add(value)
    return found


def _led(links: list[Link], domains: Domains, targets: Collection[Variable], view: View) -> Domains:
    """The domains, and those of the targets that the links lead to by the fewest steps."""
    found = dict(domains)
    while missing := [target for target in targets if target not in found]:
        path = _path(links, found, missing)
        if path is None:
            break
        for link in path:
            _step(link, found, view, set())
    return found


def _path(links: list[Link], known: Collection[Variable], targets: Collection[Variable]) -> list[Link] | None:
    """The fewest links that lead from what is known to one of the targets."""
    ways: dict[Variable, list[Link]] = {variable: [] for variable in known}
    todo = list(ways)
    for variable in todo:
        for link in links:
            ends = list(link.variables())
            for end in ends:
                if variable in ends and end not in ways:
                    ways[end] = [*ways[variable], link]
                    todo.append(end)
    return next((ways[target] for target in targets if target in ways), None)


def _collect(group: Group, domains: Domains, view: View, found: set[Triple]) -> Domains:
    """Gather all triples that the group can be about for what is known of variables; what is known then."""
    left = list(group.links)
    inner = [each for each in group.groups if each.kind in ("all", "union", "query")]
    while left or inner:
        if link := _next(left, domains):
            left.remove(link)
            _step(link, domains, view, found)
        elif inner:
            each = min(inner, key=lambda one: not any(v in domains for v in _spoken(one)))
            inner.remove(each)
            domains |= _collect_inner(each, domains, view, found)
        else:
            _step(left.pop(), domains, view, found)
    for each in group.groups:
        if each.kind in ("perhaps", "minus", "exists"):
            _collect(each, dict(domains), view, found)
    return domains


def _spoken(group: Group) -> Iterator[Variable]:
    return (v for each in group.all() for link in each.links for v in link.variables())


def _collect_inner(group: Group, domains: Domains, view: View, found: set[Triple]) -> Domains:
    if group.kind == "union":
        ends = [_collect(each, dict(domains), view, found) for each in group.groups]
        shared = set.intersection(*(set(each) for each in ends))
        return {variable: set().union(*(each[variable] for each in ends)) for variable in shared}
    if group.kind == "query" and group.gives is not None:
        given = {v: values for v, values in domains.items() if v in group.gives}
        return {v: values for v, values in _collect(group, given, view, found).items() if v in group.gives}
    return _collect(group, dict(domains), view, found)


def _next(links: list[Link], domains: Domains) -> Link | None:
    """A link that something is known of; best of its subject, which seldom has many."""
    known = [link for link in links if any(v in domains for v in link.variables())]
    return min(known, key=lambda link: link.subject not in domains, default=None)


def _step(link: Link, domains: Domains, view: View, found: set[Triple]) -> None:
    """Follow a link from what is known of its ends, and know the other by it."""
    subjects, objects = domains.get(link.subject), domains.get(link.object)  # type: ignore[arg-type]
    if subjects is not None:
        lot = view.of(subjects, link.predicate)
    elif objects is not None:
        lot = view.to(link.predicate, objects)
    else:
        lot = view.find(_given(link.subject), link.predicate, _given(link.object))
    fit = {t for t in lot if _fits(link, t) and (objects is None or t.object in objects)}
    found |= fit
    for variable, values in _pins(link, fit).items():
        domains.setdefault(variable, values)
    for variable in link.variables():
        domains.setdefault(variable, set())
