"""Shortcuts of joins, unions, `MINUS` and minima of whole numbers, answered without a store.

Filling a store with what they read takes longer than that. Literals are compared as written.

Source: https://www.w3.org/TR/sparql11-query/#sparqlAlgebra
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any

from pyoxigraph import Literal, NamedNode, Variable

from kg.names import XSD
from kg.rules.facts import Facts, Pair
from kg.rules.joins import Row, entry, extend
from kg.rules.model import TYPE, Pattern
from kg.rules.parts import Group, Link, Parts

WHOLE = re.compile(r"0|-?[1-9]\d{0,17}")
INTEGER = XSD + "integer"

Binds = frozenset[Variable]


class NotHereError(Exception):
    """What is asked needs a SPARQL engine after all."""


def is_plain(query: Parts) -> bool:
    """Whether `answer` can be asked this."""
    groups = list(query.where.all())
    if any(group.more or group.kind in ("perhaps", "exists") for group in [*groups, query.template]):
        return False
    if query.more:
        return False
    links = [link for group in groups for link in group.links]
    said = _said([*groups, query.template])
    if any(not isinstance(link.subject, Variable) for link in (*links, *query.template.links)):
        return False
    if any(link.classes and said[link.object] > 1 for link in links):
        return False
    bound = _binds(query.where, said)
    given = chain.from_iterable(link.variables() for link in query.template.links)
    return bound is not None and bound.issuperset(given)


def _said(groups: Iterable[Group]) -> Counter[object]:
    """How often each variable is named."""
    found: Counter[object] = Counter()
    for group in groups:
        found.update(chain.from_iterable(link.variables() for link in group.links))
        found.update([*(group.gives or ()), *group.minima, *group.minima.values()])
    return found


def _binds(group: Group, said: Counter[object]) -> Binds | None:
    """The variables that each row has; none if some that are `said` elsewhere are in some rows only."""
    found = [(each.kind, _binds(each, said)) for each in group.groups]
    inner = [(kind, binds) for kind, binds in found if binds is not None]
    if len(inner) < len(found):
        return None
    if group.kind == "union":
        common = frozenset.intersection(*(binds for _, binds in inner))
        here = _said(group.all())
        loose = frozenset.union(*(binds for _, binds in inner)) - common
        return common if all(here[variable] == said[variable] for variable in loose) else None
    own = chain.from_iterable(link.variables() for link in group.links)
    binds = frozenset(own).union(*(each for kind, each in inner if kind != "minus"))
    if any(not binds & each for kind, each in inner if kind == "minus"):
        return None
    if group.kind != "query":
        return binds if binds.issuperset(group.listed) else None
    if not binds.issuperset([*(group.gives or ()), *group.minima.values()]):
        return None
    return binds if group.gives is None else group.gives | frozenset(group.minima)


def answer(query: Parts, facts: Facts) -> dict[NamedNode, set[Pair]]:
    """What a plain query gives, by predicate.

    :raises NotHereError: if it asks for the least of what are not all whole numbers.
    """
    table = _Table.start().extended(query.where, facts)
    found: dict[NamedNode, set[Pair]] = defaultdict(set)
    for link in query.template.links:
        terms = [t if isinstance(t, Variable) else facts.names.number(t) for t in (link.subject, link.object)]
        pick = table.picker(terms)
        found[link.predicate].update(pair for pair in map(pick, table.rows) if pair[0] >= 0)
    return found


@dataclass(slots=True)
class _Table:
    """Rows, and where in them each variable stands."""

    slots: dict[Variable, int]
    rows: list[Row]

    @classmethod
    def start(cls) -> _Table:
        """One row of nothing: what all is joined to."""
        return cls({}, [()])

    def picker(self, terms: Sequence[Any]) -> Callable[[Row], Row]:
        """What picks terms out of a row; a number of a term is the same in all."""
        spots = [self.slots[term] if isinstance(term, Variable) else None for term in terms]
        places = [spot for spot in spots if spot is not None]
        if len(places) < len(spots):
            known = list(zip(spots, terms, strict=True))
            return lambda row: tuple(term if at is None else row[at] for at, term in known)
        if len(places) > 1:
            return itemgetter(*places)
        return (lambda row: (row[places[0]],)) if places else (lambda _row: ())

    def extended(self, group: Group, facts: Facts) -> _Table:
        """These rows joined with those of the group, what is most closely held first."""
        left: list[Link | Group] = [*group.links, *(each for each in group.groups if each.kind != "minus")]
        table = self
        while left:
            if table.slots and (known := _known([each for each in left if isinstance(each, Link)], facts)):
                table = table._joined(known)
                left = [each for each in left if isinstance(each, Group)]
                continue
            item = max(left, key=lambda each: table._hold(each, facts))
            left.remove(item)
            table = table._linked(item, facts) if isinstance(item, Link) else table._nested(item, facts)
        for variable, terms in group.listed.items():
            if variable in table.slots:
                at, some = table.slots[variable], set(map(facts.names.number, terms))
                table = _Table(table.slots, [row for row in table.rows if row[at] in some])
        for each in group.groups:
            table = table._less(each, facts) if each.kind == "minus" else table
        return table

    def _hold(self, item: Link | Group, facts: Facts) -> tuple[int, float]:
        """What to join next: what multiplies the rows least; at the start a sub-query, or the smallest."""
        if isinstance(item, Group):
            is_query = any(each.kind == "query" for each in item.all())
            met = any(variable in self.slots for variable in _variables(item))
            return (1, 0) if is_query and not self.slots else (-1, 0) if met or not self.slots else (-3, 0)
        size = sum(len(facts.about(key)) for key in item.about())
        ends = [end for end in (item.subject, item.object) if end not in self.slots]
        if item.classes or not ends or isinstance(item.object, NamedNode):
            known = item.subject in self.slots
            return (1, 0) if known else (0 if not self.slots else -2, -size)
        if len(ends) == 2:
            return (0 if not self.slots else -2, -size)
        index = facts.behind if ends[0] == item.subject else facts.ahead
        return 0, -size / max(1, len(index(item.predicate)))

    def _linked(self, link: Link, facts: Facts) -> _Table:
        if link.classes:
            return self._typed(link, facts)
        pattern: Pattern = (link.subject, link.predicate, link.object)
        slots = dict(self.slots)
        if not slots:
            rows = entry(pattern, facts.names.number)(facts.about(next(link.about())))
        else:
            rows = extend(pattern, slots, facts.names.number)(self.rows, facts)
        for variable in link.variables():
            slots.setdefault(variable, len(slots))
        return _Table(slots, rows)

    def _typed(self, link: Link, facts: Facts) -> _Table:
        """The subject held to the members of any of the classes."""
        members = set().union(*(facts.about((TYPE, cls)) for cls in link.classes))
        assert isinstance(link.subject, Variable)
        at = self.slots.get(link.subject)
        if at is not None:
            return _Table(self.slots, [row for row in self.rows if row[at] in members])
        slots = self.slots | {link.subject: len(self.slots)}
        return _Table(slots, [(*row, node) for row in self.rows for node in members])

    def _nested(self, group: Group, facts: Facts) -> _Table:
        """A group inside: its rows are found by themselves if they depend on nothing else."""
        if group.kind == "union":
            tables = [self._nested(each, facts) for each in group.groups]
            order = sorted(set.intersection(*(set(table.slots) for table in tables)), key=str)
            rows = [row for table in tables for row in map(table.picker(order), table.rows)]
            return _Table({variable: at for at, variable in enumerate(order)}, list(dict.fromkeys(rows)))
        if self.slots and not any(each.kind in ("query", "minus") for each in group.all()):
            return self.extended(group, facts)
        table = _alone(group, facts)
        return self._joined(table._given(group, facts) if group.kind == "query" else table)

    def _given(self, group: Group, facts: Facts) -> _Table:
        """What a sub-query gives away: some variables, and the minima of others for each of them."""
        if group.gives is None:
            return self
        order = sorted(group.gives, key=str)
        keys = self.picker(order)
        slots = {variable: at for at, variable in enumerate((*order, *group.minima))}
        if not group.minima:
            return _Table(slots, list(dict.fromkeys(map(keys, self.rows))))
        places = [self.slots[variable] for variable in group.minima.values()]
        least: dict[Row, list[int]] = {}
        worth = {
            number: _worth(facts.names.term(number))
            for row in self.rows
            for number in map(row.__getitem__, places)
        }
        for row in self.rows:
            known = least.setdefault(keys(row), [row[at] for at in places])
            for number, at in enumerate(places):
                if worth[row[at]] < worth[known[number]]:
                    known[number] = row[at]
        return _Table(slots, [(*key, *found) for key, found in least.items()])

    def _joined(self, other: _Table) -> _Table:
        """Each row with each of the other's that has the same terms where both have any."""
        if not self.slots:
            return other
        shared = [variable for variable in other.slots if variable in self.slots]
        more = [variable for variable in other.slots if variable not in self.slots]
        by_key: dict[Row, list[Row]] = defaultdict(list)
        pick, rest = other.picker(shared), other.picker(more)
        for row in other.rows:
            by_key[pick(row)].append(rest(row))
        own = self.picker(shared)
        slots = self.slots | {variable: len(self.slots) + at for at, variable in enumerate(more)}
        return _Table(slots, [(*row, *found) for row in self.rows for found in by_key.get(own(row), ())])

    def _less(self, group: Group, facts: Facts) -> _Table:
        """The rows that meet none of the group's."""
        other = _alone(group, facts)
        shared = [variable for variable in other.slots if variable in self.slots]
        gone = set(map(other.picker(shared), other.rows))
        pick = self.picker(shared)
        return _Table(self.slots, [row for row in self.rows if pick(row) not in gone])


def _alone(group: Group, facts: Facts) -> _Table:
    """The rows of a group by itself; of groups that differ in the names of variables only one is joined."""
    if group.groups or group.listed:
        return _Table.start().extended(group, facts)
    found = _known(group.links, facts)
    if found is None:
        found = _Table.start().extended(group, facts)
        shape, names = _shape(group.links)
        facts.memo[shape] = {names[variable]: at for variable, at in found.slots.items()}, found.rows
    return found


def _known(links: Sequence[Link], facts: Facts) -> _Table | None:
    """The rows of links that have been joined before, whatever the names of their variables were."""
    shape, names = _shape(links)
    if not links or shape not in facts.memo:
        return None
    slots, rows = facts.memo[shape]
    return _Table({variable: slots[number] for variable, number in names.items() if number in slots}, rows)


def _shape(links: Sequence[Link]) -> tuple[object, dict[Any, int]]:
    """What links are but for the names of their variables, and the number that each name has in it."""
    names: dict[Any, int] = {}
    return tuple(
        (names.setdefault(link.subject, len(names)), link.predicate, _spot(link.object, names), link.classes)
        for link in links
    ), names


def _spot(term: Any, names: dict[Any, int]) -> Any:
    return names.setdefault(term, len(names)) if isinstance(term, Variable) else term


def _variables(group: Group) -> set[Variable]:
    if group.kind == "query" and group.gives is not None:
        return {*group.gives, *group.minima}
    own = {variable for link in group.links for variable in link.variables()}
    return own.union(*map(_variables, group.groups))


def _worth(term: Any) -> int:
    """The whole number that a literal is.

    :raises NotHereError: if it is none, or written as no store would write it.
    """
    if isinstance(term, Literal) and term.datatype.value == INTEGER and WHOLE.fullmatch(term.value):
        return int(term.value)
    raise NotHereError
