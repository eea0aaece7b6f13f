"""Findings: the lines of a report, in the words of a language, in the order of their places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby, repeat
from operator import add, itemgetter
from typing import Any, NamedTuple

from kg.errors import Fault
from kg.languages import Words, pick
from kg.places import Place
from kg.shapes import messages, paths
from kg.shapes.graph import local_name
from kg.shapes.results import Severity
from kg.shapes.triples import Object
from kg.shapes.violations import Kind, Names, Violation, by_place, named, sorted_twice
from kg.shapes.words import words

INPUT = "input"
"""The rule that a fault of reading breaks."""

Say = Callable[[int], str]
"""Says something of a row of a kind."""


class Apart(NamedTuple):
    """What else there is to a finding of one's own, which no `Teller` tells."""

    details: tuple[Finding, ...] = ()
    kind: Kind | None = None
    mark: str = ""


class _Parts(NamedTuple):
    place: Place | None
    severity: Severity
    key: str
    message: str
    rule: str
    subject: str
    origin: Teller | Apart
    row: int


class Finding(_Parts):
    """One line of a report, ready for any output: a violation, a fault of reading, or what no shape finds.

    It is light, since a report may have very many: what belongs to a violation is asked of its `origin`.
    """

    __slots__ = ()

    def __new__(
        cls,
        place: Place | None,
        severity: Severity,
        key: str,
        message: str,
        rule: str,
        subject: str = "",
        details: tuple[Finding, ...] = (),
        violation: Violation | None = None,
        mark: str = "",
    ) -> Finding:
        """A finding of one's own; `mark`: what it says, the same in every language."""
        origin = Apart(details, None if violation is None else Kind.of(violation), mark)
        return tuple.__new__(cls, (place, severity, key, message, rule, subject, origin, 0))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (*self[:6], self.details, self.violation, self.mark)

    @property
    def details(self) -> tuple[Finding, ...]:
        """Why a node does not have the shape that it should have."""
        origin = self.origin
        return origin.details if isinstance(origin, Apart) else origin.details(self.row)

    @property
    def kind(self) -> Kind | None:
        """The kind of violation that it tells, if it tells one: that of its `row`."""
        return self.origin.kind

    @property
    def violation(self) -> Violation | None:
        """The violation that it tells, if it tells one."""
        return None if self.kind is None else self.kind.violation(self.row)

    @property
    def mark(self) -> str:
        """What a finding of one's own says, the same in every language."""
        return self.origin.mark if isinstance(self.origin, Apart) else ""

    @property
    def places(self) -> tuple[Place, ...]:
        """All places where the same thing is written."""
        kind = self.origin.kind
        return kind.places[self.row] if kind is not None else (self.place,) if self.place else ()

    @property
    def value(self) -> Object | None:
        """The value at fault, where there is one."""
        return None if self.kind is None else self.kind.group.values[self.row]

    def parts(self, words: Words) -> dict[str, str]:
        """What stands on its line, by what it is: place, level, key, message, rule."""
        key = f"{self.key}:" if self.key else ""
        place, level = str(self.place or self.subject), words[self.severity.level]
        return {"place": place, "level": level, "key": key, "message": self.message, "rule": f"[{self.rule}]"}

    def line(self, words: Words) -> str:
        """The finding on one line, without its details."""
        return " ".join(filter(None, self.parts(words).values()))

    @property
    def order(self) -> tuple[bool, Place, str, str, str, str]:
        """By place, those without one last."""
        return (self.place is None, self.place or Place(""), self.subject, self.key, self.message, self.rule)

    def _same(self) -> tuple[Any, ...]:
        return (*self[:6], self.details)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self._same() == other._same()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._same())

    def __repr__(self) -> str:
        return f"Finding({', '.join(map(repr, self[:6]))})"


class Teller:
    """Tells the results of a kind in a language, with a person's names for IRIs."""

    def __init__(self, kind: Kind, lang: str, names: Names) -> None:
        self.kind, self.lang, self.names = kind, lang, names

    def findings(self) -> Iterator[Finding]:
        """A finding for each row."""
        kind, group, name = self.kind, self.kind.group, named(self.names)
        count = len(kind)
        path = group.source.path
        keys = repeat(paths.write(path, name)) if path else (messages.show(n, name) for n in group.focus)
        parts = zip(
            [places[0] if places else None for places in kind.places],
            repeat(kind.severity),
            keys,
            self._messages(name),
            repeat(kind.rule),
            ["" if text.startswith("_:") else text for text in group.texts],
            repeat(self),
            range(count),
            strict=False,
        )
        return map(partial(tuple.__new__, Finding), parts)

    def details(self, row: int) -> tuple[Finding, ...]:
        """The findings of what a result is made of."""
        below = self.kind.below(row)
        return tuple(
            finding
            for kind, at in below
            for finding in Teller(kind.take([at]), self.lang, self.names).findings()
        )

    def _messages(self, name: messages.Name) -> Iterable[str]:
        """What is said of each row, and the value at fault where the message does not say it."""
        kind, values = self.kind, self.kind.group.values
        same = _same(kind, self.lang, name)
        said = map(saying(kind, self.lang, name), range(len(kind)))
        if messages.mentions(pick(kind.templates, self.lang), "value"):
            return said
        if not kind.group.source.path:
            pairs = zip(values, kind.group.focus, strict=True)
            values = [None if value == node else value for value, node in pairs]
        got = _Got(same or "", self.lang, name)
        ends = map(got.__getitem__, values)
        return ends if same is not None else map(add, said, ends)


class _Got(dict["Object | None", str]):
    """What is said, and the value at the end of it: many findings have the same."""

    def __init__(self, said: str, lang: str, name: messages.Name) -> None:
        self._said, self._got, self._name = said, words(lang)["got"], name

    def __missing__(self, value: Object | None) -> str:
        end = "" if value is None else f" ({self._got} {messages.quote(value, self._name)})"
        text = self[value] = self._said + end
        return text


def saying(kind: Kind, lang: str, name: messages.Name) -> Say:
    """Says the messages of a kind; what is the same in all of them is worked out once."""
    if (same := _same(kind, lang, name)) is not None:
        return lambda _row: same
    template = pick(kind.templates, lang)
    return lambda row: messages.fill(template, kind.fills(row), name)


def _same(kind: Kind, lang: str, name: messages.Name) -> str | None:
    """What all of a kind say; None if each may say something else."""
    template = pick(kind.templates, lang)
    blanks = set(messages.blanks(template))
    if kind.given or not blanks.isdisjoint(("this", "value", *kind.bound)):
        return None
    return messages.fill(template, kind.fills(0), name) if blanks else template


def of_fault(fault: Fault) -> Finding:
    """What could not be read."""
    what = fault.what + (f"; {fault.fix}" if fault.fix else "")
    return Finding(fault.place, Severity.VIOLATION, "", what, INPUT)


def findings(
    kinds: Iterable[Kind], others: Iterable[Finding], lang: str = "en", names: Names = local_name
) -> list[Finding]:
    """The violations of some kinds and `others` as lines to be printed, sorted by place; each line once."""
    found = [finding for kind in kinds for finding in Teller(kind, lang, names).findings()]
    found += others

    order = by_place([finding[0] for finding in found], lambda same: _once(found, same))
    return [found[at] for at in order]


_ORDER = itemgetter(5, 2, 3, 4)


def _once(found: Sequence[Finding], same: Iterable[int]) -> Iterator[int]:
    """Findings of one place, each once: by what they say, else in the order of violations."""
    keyed = sorted(((_ORDER(found[at]), at) for at in same), key=itemgetter(0))
    for _, group in groupby(keyed, key=itemgetter(0)):
        alike = [at for _, at in group]
        if len(alike) > 1:
            alike = sorted_twice(alike, lambda at: _as_violation(found[at]), lambda at: _finer(found[at]))
            first: dict[Finding, int] = {}
            for at in alike:
                first.setdefault(found[at], at)
            alike = list(first.values())
        yield from alike


def _as_violation(finding: Finding) -> tuple[str, ...]:
    """The order of those that say the same; what is no violation stands last, and stays as it was."""
    origin = finding.origin
    return ("~",) if isinstance(origin, Apart) else ("", *origin.kind.order(finding.row))


def _finer(finding: Finding) -> tuple[Any, ...]:
    origin = finding.origin
    return () if isinstance(origin, Apart) else origin.kind.finer_order(finding.row)
