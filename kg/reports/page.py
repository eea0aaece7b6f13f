"""What a renderer is given: a report, for whom it is, and how much of it is shown."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from pyoxigraph import BlankNode

from kg import __version__
from kg.reports.source import Sources
from kg.shapes import Finding, Names, Report, Severity, Violation, local_name, paths
from kg.shapes.catalogue import READING, Rule
from kg.shapes.messages import pick, tag
from kg.shapes.words import Words, words

TOOL = f"casegraph {__version__}"


@dataclass(frozen=True)
class Page:
    """A report, ready to be rendered.

    `most`: how many findings are shown; all if it is not given. `fails_at`: from which severity on
    a finding counts as failed. `sources`: where the lines come from that findings point at.
    """

    report: Report
    lang: str = "en"
    names: Names = local_name
    rules: Mapping[str, Rule] = field(default_factory=dict)
    most: int | None = None
    fails_at: Severity = Severity.VIOLATION
    colour: bool = False
    sources: Sources = field(default_factory=Sources)
    prefixes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def words(self) -> Words:
        """The words around the messages."""
        return words(self.lang)

    @cached_property
    def found(self) -> list[Finding]:
        """All findings, shown or not, in the order of places."""
        return self.report.findings(self.lang, self.names)

    @property
    def shown(self) -> list[Finding]:
        """The findings to be shown."""
        return self.found[: self.most]

    @property
    def more(self) -> int:
        """How many findings are not shown."""
        return len(self.found) - len(self.shown)

    @property
    def rest(self) -> str:
        """How many findings are not shown, in words; empty where all are."""
        return self.words.say("more", number=self.more) if self.more else ""

    @property
    def summary(self) -> str:
        """How many of which level, in how many files; also of what is not shown."""
        return self.report.summary(self.found, self.words)

    @property
    def by_file(self) -> list[tuple[str, list[Finding]]]:
        """The findings to be shown by the file that they stand in, last those in none (`""`)."""
        return [(path, list(group)) for path, group in groupby(self.shown, _file)]

    def rule(self, finding: Finding) -> Rule:
        """The rule that a finding breaks; one with its name alone where nothing is known of it."""
        if finding.rule in self.rules:
            return self.rules[finding.rule]
        if finding.rule == READING.name:
            return READING
        violation = finding.violation
        demands = violation.templates if violation else {"": finding.message}
        return Rule(finding.rule, finding.severity, {"": finding.rule}, demands)

    def spoken(self, finding: Finding) -> str:
        """The language of a finding's message; what neither a shape nor a known rule says is in English."""
        if finding.violation:
            return tag(finding.violation.templates, self.lang)
        known = finding.rule in self.rules and finding.rule != READING.name
        return tag(self.rules[finding.rule].demands, self.lang) if known else "en"

    def value(self, finding: Finding) -> str:
        """The value at fault as it is written; empty where there is none."""
        value = finding.violation.value if finding.violation else None
        return "" if value is None or isinstance(value, BlankNode) else str(getattr(value, "value", value))

    @cached_property
    def fingerprints(self) -> dict[Finding, str]:
        """A name for each finding that stays the same when lines move, and in every language."""
        return dict(zip(self.found, fingerprints(map(_mark, self.found)), strict=True))


def fingerprints(marks: Iterable[str]) -> list[str]:
    """Short names made of marks; of two that are the same the second gets another name.

    >>> len(set(fingerprints(["a", "b", "a"]))), fingerprints(["a"]) == fingerprints(["a", "a"])[:1]
    (3, True)
    """
    seen: Counter[str] = Counter()
    names: list[str] = []
    for mark in marks:
        seen[mark] += 1
        names.append(hashlib.sha256(f"{mark}\0{seen[mark]}".encode()).hexdigest()[:32])
    return names


def mark(violation: Violation) -> str:
    """What makes a violation this one: its rule, node, component, path, value and, in English, words."""
    path = paths.write(violation.path) if violation.path else ""
    file = violation.place.path if violation.place else ""
    node, value = (
        "[]" if isinstance(term, BlankNode) else str(term) for term in (violation.focus, violation.value)
    )
    said = pick(violation.messages, "en") if violation.messages else ""
    where = file if node == "[]" else node
    return "\0".join((violation.rule, where, violation.component.value, path, value, said))


def _file(finding: Finding) -> str:
    return finding.place.path if finding.place else ""


def _mark(finding: Finding) -> str:
    if finding.violation:
        return mark(finding.violation)
    said = finding.mark or finding.message
    return "\0".join((finding.rule, _file(finding), finding.subject, finding.key, said))
