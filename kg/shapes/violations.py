"""Violations: results with what a person needs of them, in the order of their places.

What all results of a group have in common is kept once (`Kind`); a `Violation` is made when somebody asks
for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, overload

from pyoxigraph import BlankNode, NamedNode

from kg.languages import pick
from kg.places import Place
from kg.shapes import messages, paths
from kg.shapes.graph import local_name
from kg.shapes.messages import Fill
from kg.shapes.results import Group, Result, Severity, Source, severity_of
from kg.shapes.triples import Object

Names = Callable[[NamedNode], str] | Mapping[str, str]
"""How a person writes an IRI: a function, or a table of IRIs; what is not in it goes by its local name."""


def named(names: Names) -> messages.Name:
    """Names as a function."""
    if callable(names):
        return names
    return lambda iri: names.get(iri.value, local_name(iri))


@dataclass(frozen=True, slots=True)
class Violation(Result):
    """A result with what a person needs: the rule that is broken, the places, and words.

    `templates` are the messages by language (`""` where none is said) with their placeholders, and `fills`
    what goes into those.
    """

    rule: str = ""
    templates: Mapping[str, str] = field(default_factory=dict, compare=False)
    fills: Mapping[str, tuple[Fill, ...]] = field(default_factory=dict, compare=False)
    places: tuple[Place, ...] = ()
    details: tuple[Violation, ...] = ()

    @property
    def place(self) -> Place | None:
        """The first place; none where nothing is known."""
        return self.places[0] if self.places else None

    @property
    def messages(self) -> dict[str, str]:
        """The message in each language that the shapes have it in."""
        return {lang: self.message(lang) for lang in self.templates}

    def message(self, lang: str = "en", names: Names = local_name) -> str:
        """The message in `lang`, or in the nearest language there is: nn, nb, en, and then any."""
        template = pick(self.templates, lang)
        return messages.fill(template, self.fills, named(names))

    def key(self, names: Names = local_name) -> str:
        """The property that is at fault, as an author writes it; else the node."""
        name = named(names)
        return paths.write(self.path, name) if self.path else messages.show(self.focus, name)

    def got(self, lang: str = "en", names: Names = local_name) -> str:
        """The value at fault, quoted and shortened; empty where there is none, or the message says it."""
        said = messages.mentions(pick(self.templates, lang), "value")
        if self.value is None or said or (self.path is None and self.value == self.focus):
            return ""
        return messages.quote(self.value, named(names))


@dataclass(eq=False, slots=True)
class Kind:
    """A group of results with the rule that they break, the words for it, and the places of each.

    `parameters` are what a shape's own parameters put into the blanks of the `templates`. `details` are in
    the order of their places.
    """

    group: Group
    rule: str
    templates: Mapping[str, str]
    parameters: Mapping[str, tuple[Fill, ...]]
    places: list[tuple[Place, ...]]
    details: list[tuple[Told, ...]] | None = None
    given: Sequence[Violation] = ()

    def __len__(self) -> int:
        return len(self.group)

    @property
    def severity(self) -> Severity:
        """How grave each of them is."""
        return severity_of(self.group.source.severity_iri)

    @property
    def bound(self) -> set[str]:
        """What their queries have bound."""
        return {name for bindings in self.group.bindings or () for name in bindings}

    def take(self, rows: Sequence[int]) -> Kind:
        """The kind with these rows alone."""
        return Kind(
            self.group.take(rows),
            self.rule,
            self.templates,
            self.parameters,
            [self.places[row] for row in rows],
            self.details and [self.details[row] for row in rows],
            self.given and [self.given[row] for row in rows],
        )

    def fills(self, row: int) -> dict[str, tuple[Fill, ...]]:
        """What goes into the blanks: the result's own parts, then what its query bound, then parameters."""
        if self.given:
            return dict(self.given[row].fills)
        group, found = self.group, dict(self.parameters)
        if group.bindings:
            found |= {name: (term,) for name, term in group.bindings[row].items()}
        value, path = group.values[row], group.source.path
        found["this"] = (group.focus[row],)
        found["value"] = () if value is None else (value,)
        found["path"] = found["PATH"] = () if path is None else (path,)
        return found

    def violation(self, row: int) -> Violation:
        """The violation of a row."""
        if self.given:
            return self.given[row]
        group, source = self.group, self.group.source
        return Violation(
            focus=group.focus[row],
            path=source.path,
            value=group.values[row],
            source_shape=source.shape,
            component=source.component,
            severity_iri=source.severity_iri,
            constraint=source.constraint,
            bindings=group.bindings[row] if group.bindings else {},
            details=tuple(kind.violation(below) for kind, below in self.below(row)),
            rule=self.rule,
            templates=self.templates,
            fills=self.fills(row),
            places=self.places[row],
        )

    def below(self, row: int) -> tuple[Told, ...]:
        """The details of a row, in order."""
        return in_order(self.details[row]) if self.details else ()

    def order(self, row: int) -> tuple[str, ...]:
        """The order of those at one place, never by the name of a blank node, which is another each time."""
        group, source = self.group, self.group.source
        terms = ("" if isinstance(t, BlankNode) else str(t) for t in (group.focus[row], group.values[row]))
        path = paths.write(source.path) if source.path else ""
        return (*terms, path, self.rule, source.component.value, source.severity_iri.value)

    def finer_order(self, row: int) -> tuple[Any, ...]:
        """What tells apart those of the same order: their words, and their details."""
        details = (
            (_place(told), told[0].order(told[1]), told[0].finer_order(told[1])) for told in self.below(row)
        )
        return sorted(self.violation(row).messages.items()), tuple(details)

    @classmethod
    def of(cls, violation: Violation) -> Kind:
        """The kind of one violation that somebody has made."""
        v = violation
        source = Source(v.source_shape, v.component, v.severity_iri, v.path, v.constraint)
        details = [tuple((cls.of(detail), 0) for detail in v.details)] if v.details else None
        group = Group(source, [v.focus], [v.value])
        return cls(group, v.rule, v.templates, v.fills, [v.places], details, [v])


Told = tuple[Kind, int]
"""A violation: the row of a kind."""


def _place(told: Told) -> tuple[bool, Place]:
    places = told[0].places[told[1]]
    return (False, places[0]) if places else (True, Place(""))


def in_order(told: Iterable[Told]) -> tuple[Told, ...]:
    """The violations sorted by place, and where that is the same, by what they say."""
    told = list(told)
    if len(told) < 2:
        return tuple(told)
    places = [places[0] if (places := kind.places[row]) else None for kind, row in told]

    def finer(same: list[int]) -> list[int]:
        return sorted_twice(same, lambda at: _order(told[at]), lambda at: _finer_order(told[at]))

    return tuple(told[at] for at in by_place(places, finer))


def _order(told: Told) -> tuple[str, ...]:
    return told[0].order(told[1])


def _finer_order(told: Told) -> tuple[Any, ...]:
    return told[0].finer_order(told[1])


def sorted_twice(these: Iterable[int], order: Callable[[int], Any], finer: Callable[[int], Any]) -> list[int]:
    """Some numbers sorted by a key, and those where that is the same by one that takes longer to work out."""
    keyed = sorted(((order(at), at) for at in these), key=lambda each: each[0])
    found: list[int] = []
    for _, group in groupby(keyed, key=lambda each: each[0]):
        same = [at for _, at in group]
        found += same if len(same) == 1 else sorted(same, key=finer)
    return found


def by_place(places: Sequence[Place | None], finer: Callable[[list[int]], Iterable[int]]) -> list[int]:
    """The numbers of places in their order, those of none last; `finer` sorts those of the same place."""
    known = [place for place in places if place]
    ranks = {path: rank for rank, path in enumerate(sorted(set(map(itemgetter(0), known))))}
    line = max(map(itemgetter(2), known), default=0).bit_length()
    file = line + max(map(itemgetter(1), known), default=0).bit_length()
    last = len(ranks) << file
    # One small number for each: those are compared quickest.
    keys = [(ranks[p[0]] << file) | (p[1] << line) | p[2] if p else last for p in places]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    starts = [at for at, (one, other) in enumerate(pairwise(order), 1) if keys[one] != keys[other]]
    if len(starts) == len(order) - 1:
        return order
    found: list[int] = []
    for start, end in zip([0, *starts], [*starts, len(order)], strict=True):
        found += order[start:end] if end - start == 1 else finer(order[start:end])
    return found


class Violations(Sequence[Violation]):
    """The violations of some kinds in their order, each made when it is asked for."""

    def __init__(self, kinds: Iterable[Kind] = ()) -> None:
        self.kinds = tuple(kind for kind in kinds if len(kind))

    @classmethod
    def of(cls, violations: Iterable[Violation]) -> Violations:
        """Violations, of kinds each by itself; or as they are."""
        return violations if isinstance(violations, Violations) else cls(map(Kind.of, violations))

    @cached_property
    def order(self) -> tuple[Told, ...]:
        """Where each stands."""
        return in_order((kind, row) for kind in self.kinds for row in range(len(kind)))

    def where(self, wanted: Callable[[Violation], bool]) -> Violations:
        """Those that are `wanted`."""
        return Violations(
            kind.take([row for row in range(len(kind)) if wanted(kind.violation(row))]) for kind in self.kinds
        )

    def values(self) -> Iterator[tuple[Object, Object | None]]:
        """Focus node and value of each, in no order."""
        return (pair for kind in self.kinds for pair in zip(kind.group.focus, kind.group.values, strict=True))

    def __len__(self) -> int:
        return sum(map(len, self.kinds))

    def __iter__(self) -> Iterator[Violation]:
        return (kind.violation(row) for kind, row in self.order)

    @overload
    def __getitem__(self, at: int) -> Violation: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Violation, ...]: ...
    def __getitem__(self, at: int | slice) -> Violation | tuple[Violation, ...]:
        if isinstance(at, slice):
            return tuple(kind.violation(row) for kind, row in self.order[at])
        kind, row = self.order[at]
        return kind.violation(row)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
