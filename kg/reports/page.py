"""What a renderer is given: a report, for whom it is, and how much of it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress, count, filterfalse, groupby, islice

from pyoxigraph import BlankNode

from kg import __version__
from kg.languages import Words, tag
from kg.reports import fingerprints
from kg.reports.source import Sources
from kg.shapes import Finding, Names, Report, Severity, local_name
from kg.shapes.catalogue import READING, Rule
from kg.shapes.fallbacks import notes
from kg.shapes.findings import INPUT
from kg.shapes.words import words

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

    @cached_property
    def shown(self) -> list[Finding]:
        """The findings to be shown, in the order of places."""
        return [self.found[at] for at in self._kept] if self.most else self.found

    @cached_property
    def _kept(self) -> Sequence[int]:
        """Which findings are shown: what could not be read, and then the first of the others."""
        every = range(len(self.found))
        if self.most is None or self.most >= len(every):
            return every
        unread = [at for at in every if self.found[at].rule == INPUT][: self.most]
        others = filterfalse(set(unread).__contains__, every)
        return sorted([*unread, *islice(others, self.most - len(unread))])

    @property
    def more(self) -> int:
        """How many findings are not shown: beyond `most`, or only counted."""
        return len(self.found) - len(self.shown) + self.report.cut.total()

    @property
    def rest(self) -> str:
        """How many findings are not shown, in words; empty where all are."""
        return self.words.say("more", number=self.more) if self.more else ""

    @property
    def notes(self) -> list[str]:
        """What Python matched and not the store, a sentence each; of very many, how many more there are."""
        return notes(self.report.fallbacks, self.words)

    @property
    def summary(self) -> str:
        """How many of which level, in how many files; also of what is not shown."""
        return self.report.summary(self.found, self.words)

    @property
    def by_file(self) -> list[tuple[str, list[Finding]]]:
        """The findings to be shown by the file that they stand in, last those in none (`""`)."""
        return [(path, list(group)) for path, group in groupby(self.shown, _file)]

    @property
    def broken(self) -> list[Rule]:
        """The rules that the findings to be shown break, by their names."""
        last = {finding.rule: finding for finding in self.shown}
        return [self.rule(last[name]) for name in sorted(last)]

    def rule(self, finding: Finding) -> Rule:
        """The rule that a finding breaks; one with its name alone where nothing is known of it."""
        if finding.rule in self.rules:
            return self.rules[finding.rule]
        if finding.rule == READING.name:
            return READING
        kind = finding.kind
        demands = {"": finding.message} if kind is None else kind.templates
        return Rule(finding.rule, finding.severity, {"": finding.rule}, demands)

    def spoken(self, finding: Finding) -> str:
        """The language of a finding's message; what neither a shape nor a known rule says is in English."""
        if finding.kind is not None:
            return tag(finding.kind.templates, self.lang)
        known = finding.rule in self.rules and finding.rule != READING.name
        return tag(self.rules[finding.rule].demands, self.lang) if known else "en"

    def value(self, finding: Finding) -> str:
        """The value at fault as it is written; empty where there is none."""
        value = finding.value
        return "" if value is None or isinstance(value, BlankNode) else str(getattr(value, "value", value))

    @cached_property
    def fingerprints(self) -> dict[Finding, str]:
        """A name for each finding that stays the same when lines move, and in every language."""
        return dict(zip(self.found, fingerprints.of_findings(self.found), strict=True))

    def named(self) -> Iterator[str]:
        """The fingerprints of the findings to be shown in their order, one by one."""
        every, kept = fingerprints.of_findings(self.found), self._kept
        if isinstance(kept, range):
            return every
        return compress(every, map(set(kept).__contains__, count()))


def _file(finding: Finding) -> str:
    return finding.place.path if finding.place else ""
