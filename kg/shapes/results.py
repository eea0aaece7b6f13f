"""The results of a validation as SHACL defines them: by the group, or one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import nsmallest
from typing import overload

from pyoxigraph import NamedNode

from kg.shapes import paths
from kg.shapes.triples import Object, Subject
from kg.shapes.vocabulary import sh


class Severity(StrEnum):
    """How bad a finding is, the gravest first."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    __hash__ = str.__hash__  # that of an Enum is Python's own, and slow where very many are counted

    @property
    def level(self) -> str:
        """What people call it: `error`, `warning` or `info`."""
        return "error" if self is Severity.VIOLATION else self.value

    def reaches(self, other: Severity) -> bool:
        """Whether it is as grave as `other`, or graver."""
        order = list(Severity)
        return order.index(self) <= order.index(other)


SEVERITIES = {sh("Warning"): Severity.WARNING, sh("Info"): Severity.INFO}


def severity_of(iri: NamedNode) -> Severity:
    """Violation, warning or info; a severity of the shapes' own counts as a violation."""
    return SEVERITIES.get(iri, Severity.VIOLATION)


@dataclass(frozen=True, slots=True)
class Result:
    """One result of validation as SHACL defines it, from whichever engine.

    `bindings` holds what a constraint's own query bound beside `this`, `path` and `value`.

    Source: https://www.w3.org/TR/shacl/#results-validation-result
    """

    focus: Object
    path: paths.Path | None
    value: Object | None
    source_shape: Subject
    component: NamedNode
    severity_iri: NamedNode
    constraint: Subject | None = None
    bindings: Mapping[str, Object] = field(default_factory=dict, compare=False)
    details: tuple[Result, ...] = ()

    @property
    def severity(self) -> Severity:
        """Violation, warning or info; a severity of the shapes' own counts as a violation."""
        return severity_of(self.severity_iri)


@dataclass(frozen=True, slots=True)
class Source:
    """What results have in common that differ in their nodes alone.

    `message` is what a query bound to `?message`.
    """

    shape: Subject
    component: NamedNode
    severity_iri: NamedNode
    path: paths.Path | None = None
    constraint: Subject | None = None
    message: Object | None = None


@dataclass(eq=False, slots=True)
class Group:
    """The results of one source: a column of focus nodes, one of values, and where there are any, others.

    Millions of results take memory: as columns they take a tenth of what as many objects would.
    """

    source: Source
    focus: list[Object] = field(default_factory=list)
    values: list[Object | None] = field(default_factory=list)
    bindings: list[Mapping[str, Object]] | None = None
    details: list[tuple[Row, ...]] | None = None
    _texts: list[str] | None = field(default=None, repr=False)

    @property
    def texts(self) -> list[str]:
        """The focus nodes as N-Triples has them."""
        if self._texts is None:
            self._texts = list(map(str, self.focus))
        return self._texts

    def __len__(self) -> int:
        return len(self.focus)

    def take(self, rows: Sequence[int]) -> Group:
        """The group of these rows alone."""
        return Group(
            self.source,
            [self.focus[row] for row in rows],
            [self.values[row] for row in rows],
            self.bindings and [self.bindings[row] for row in rows],
            self.details and [self.details[row] for row in rows],
        )

    def result(self, row: int) -> Result:
        """The result of a row."""
        source = self.source
        return Result(
            self.focus[row],
            source.path,
            self.values[row],
            source.shape,
            source.component,
            source.severity_iri,
            source.constraint,
            self.bindings[row] if self.bindings else {},
            tuple(group.result(each) for group, each in self.details[row]) if self.details else (),
        )


Row = tuple[Group, int]
"""A result: where in which group it stands."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A regular expression of a shape, or of a `constraint` in SPARQL, that the store cannot match.

    `why`: what keeps it from that, see `kg.shapes.fallbacks.Fallback`; `by_row`: whether no shape but a row
    of the data says which expression it is.
    """

    shape: Subject
    constraint: Subject | None
    pattern: str
    why: tuple[str, ...]
    by_row: bool = False


class Results(Sequence[Result]):
    """Results by the group; each is made when it is asked for.

    `asides`: what the store did not judge alone.
    """

    def __init__(self, groups: Iterable[Group] = (), asides: Iterable[Aside] = ()) -> None:
        self.groups = [group for group in groups if len(group)]
        self.asides = tuple(asides)

    @classmethod
    def of(cls, results: Iterable[Result]) -> Results:
        """Results, put into groups; those that are in groups already stay in them."""
        return results if isinstance(results, Results) else cls(_grouped(results))

    def first(self, most: int) -> Results:
        """About so many of them at most: of each constraint of a shape an equal share, or all that it has.

        Of one constraint these are the results of the nodes that come first by their names; one at least.
        """
        if len(self) <= most:
            return self
        kinds: dict[tuple[Subject, NamedNode, Subject | None], list[Group]] = defaultdict(list)
        for group in self.groups:
            source = group.source
            kinds[source.shape, source.component, source.constraint].append(group)
        share = _share([sum(map(len, groups)) for groups in kinds.values()], most)
        rows = {id(group): some for kind in kinds.values() for group, some in _first(kind, share)}
        return Results((group.take(rows[id(group)]) for group in self.groups), self.asides)

    def __len__(self) -> int:
        return sum(map(len, self.groups))

    def __iter__(self) -> Iterator[Result]:
        return (group.result(row) for group in self.groups for row in range(len(group)))

    @overload
    def __getitem__(self, at: int) -> Result: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Result]: ...
    def __getitem__(self, at: int | slice) -> Result | Sequence[Result]:
        return list(self)[at]


def _share(sizes: Iterable[int], most: int) -> int:
    """How many each of several may have, so that all together have at most `most`."""
    ordered = sorted(sizes)
    for number, size in enumerate(ordered):
        if (share := most // (len(ordered) - number)) < size:
            return max(share, 1)
        most -= size
    return ordered[-1]


def _first(groups: Sequence[Group], most: int) -> Iterator[tuple[Group, list[int]]]:
    """Of the groups of one constraint the rows of the nodes that come first by their names, then by value."""
    if sum(map(len, groups)) <= most:
        yield from ((group, list(range(len(group)))) for group in groups)
        return
    last = nsmallest(most, (text for group in groups for text in map(str, group.focus)))[-1]
    rows: list[list[int]] = []
    at_last: list[tuple[str, int, int]] = []
    for number, group in enumerate(groups):
        rows.append([])
        for row, text in enumerate(map(str, group.focus)):
            if text < last:
                rows[number].append(row)
            elif text == last:
                at_last.append((str(group.values[row]), number, row))
    for _, number, row in nsmallest(most - sum(map(len, rows)), at_last):
        rows[number].append(row)
    yield from zip(groups, rows, strict=True)


def _grouped(results: Iterable[Result]) -> list[Group]:
    groups: dict[Source, Group] = {}
    for each in results:
        source = Source(
            each.source_shape, each.component, each.severity_iri, each.path, each.constraint,
            each.bindings.get("message"),
        )  # fmt: skip
        group = groups.get(source)
        if group is None:
            group = groups[source] = Group(source, bindings=[], details=[])
        assert group.bindings is not None and group.details is not None
        group.focus.append(each.focus)
        group.values.append(each.value)
        group.bindings.append(each.bindings)
        below = _grouped(each.details)
        group.details.append(tuple((part, row) for part in below for row in range(len(part))))
    for group in groups.values():
        group.bindings = group.bindings if group.bindings and any(group.bindings) else None
        group.details = group.details if group.details and any(group.details) else None
    return list(groups.values())
