"""What a validation found: results, violations with places and messages, and the report as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

from pyoxigraph import BlankNode, NamedNode

from kg.errors import Fault
from kg.places import Place
from kg.shapes import messages, paths
from kg.shapes.graph import Unused, local_name
from kg.shapes.triples import Object, Subject
from kg.shapes.vocabulary import sh
from kg.shapes.words import Words, words

Names = Callable[[NamedNode], str] | Mapping[str, str]
"""How a person writes an IRI: a function, or a table of IRIs; what is not in it goes by its local name."""

INPUT = "input"
"""The rule that a fault of reading breaks."""


class Severity(StrEnum):
    """How bad a finding is, the gravest first."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"

    @property
    def level(self) -> str:
        """What people call it: `error`, `warning` or `info`."""
        return "error" if self is Severity.VIOLATION else self.value

    def reaches(self, other: Severity) -> bool:
        """Whether it is as grave as `other`, or graver."""
        order = list(Severity)
        return order.index(self) <= order.index(other)


SEVERITIES = {sh("Warning"): Severity.WARNING, sh("Info"): Severity.INFO}


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
        return SEVERITIES.get(self.severity_iri, Severity.VIOLATION)


@dataclass(frozen=True, slots=True)
class Violation(Result):
    """A result with what a person needs: the rule that is broken, the places, and words.

    `templates` are the messages by language (`""` where none is said) with their placeholders, and `fills`
    what goes into those.
    """

    rule: str = ""
    templates: Mapping[str, str] = field(default_factory=dict, compare=False)
    fills: Mapping[str, tuple[messages.Fill, ...]] = field(default_factory=dict, compare=False)
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
        template = messages.pick(self.templates, lang)
        return messages.fill(template, self.fills, _named(names))

    @property
    def order(self) -> tuple[Any, ...]:
        """By place, those without one last; never by the name of a blank node, which is another each time."""
        terms = ("" if isinstance(term, BlankNode) else str(term) for term in (self.focus, self.value))
        path = paths.write(self.path) if self.path else ""
        return (
            self.place is None, self.place or Place(""), *terms, path, self.rule, self.component.value,
            self.severity_iri.value,
        )  # fmt: skip

    @property
    def finer_order(self) -> tuple[Any, ...]:
        """What tells apart those of the same order: their words, and their details."""
        details = tuple((detail.order, detail.finer_order) for detail in self.details)
        return sorted(self.messages.items()), details

    def key(self, names: Names = local_name) -> str:
        """The property that is at fault, as an author writes it; else the node."""
        named = _named(names)
        return paths.write(self.path, named) if self.path else messages.show(self.focus, named)

    def got(self, lang: str = "en", names: Names = local_name) -> str:
        """The value at fault, quoted and shortened; empty where there is none, or the message says it."""
        said = messages.mentions(messages.pick(self.templates, lang), "value")
        if self.value is None or said or (self.path is None and self.value == self.focus):
            return ""
        return messages.quote(self.value, _named(names))


class _Ordered(tuple[Violation, ...]):
    """Violations in their order."""


def in_order(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """The violations sorted by place, and where that is the same, by what they say."""
    if isinstance(violations, _Ordered):
        return violations
    keyed = sorted(((violation.order, violation) for violation in violations), key=itemgetter(0))
    found: list[Violation] = []
    for _, group in groupby(keyed, key=itemgetter(0)):
        same = [violation for _, violation in group]
        found += same if len(same) == 1 else sorted(same, key=lambda each: each.finer_order)
    return _Ordered(found)


def _named(names: Names) -> Callable[[NamedNode], str]:
    if callable(names):
        return names
    return lambda iri: names.get(iri.value, local_name(iri))


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report, ready for any output: a violation, a fault of reading, or what no shape finds.

    `mark`: what it says, the same in every language.
    """

    place: Place | None
    severity: Severity
    key: str
    message: str
    rule: str
    subject: str = ""
    details: tuple[Finding, ...] = ()
    violation: Violation | None = field(default=None, compare=False)
    mark: str = field(default="", compare=False)

    @property
    def places(self) -> tuple[Place, ...]:
        """All places where the same thing is written."""
        return self.violation.places if self.violation else (self.place,) if self.place else ()

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


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found, in the order of places; the same for the same input, whatever the hash seed.

    `faults` are parts of the input that could not be read, `others` what no shape finds, `unused_shapes`
    those that judged nothing, and `files` all that were looked at.
    """

    violations: tuple[Violation, ...] = ()
    faults: tuple[Fault, ...] = ()
    unused_shapes: tuple[Unused, ...] = ()
    files: frozenset[str] = frozenset()
    others: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "violations", in_order(self.violations))

    @property
    def conforms(self) -> bool:
        """Whether all was read, and nothing is graver than a warning."""
        return not self.fails(Severity.VIOLATION)

    def fails(self, at: Severity) -> bool:
        """Whether something could not be read, or is as grave as `at`, or graver."""
        return bool(self.faults) or any(severity.reaches(at) for severity in self.counts)

    @property
    def counts(self) -> Counter[Severity]:
        """How many of each severity; faults are not in it."""
        severities = [violation.severity for violation in self.violations]
        return Counter([*severities, *(finding.severity for finding in self.others)])

    def with_faults(self, faults: Iterable[Fault]) -> Report:
        """The same report with parts that could not be read."""
        return replace(self, faults=(*self.faults, *faults))

    def with_findings(self, others: Iterable[Finding]) -> Report:
        """The same report with what no shape finds."""
        return replace(self, others=(*self.others, *others))

    def only(self, wanted: Callable[[str], bool]) -> Report:
        """What breaks the `wanted` rules; what could not be read stays, whatever is wanted."""
        return replace(
            self,
            violations=_Ordered(v for v in self.violations if wanted(v.rule)),
            others=tuple(finding for finding in self.others if wanted(finding.rule)),
        )

    def without(self, follows: Callable[[Violation], bool]) -> Report:
        """The same report but for the violations that only follow from something else."""
        return replace(self, violations=_Ordered(v for v in self.violations if not follows(v)))

    def merge(self, other: Report) -> Report:
        """Both reports as one; a shape is unused only if neither used it."""
        return Report(
            self.violations + other.violations,
            self.faults + other.faults,
            tuple(unused for unused in self.unused_shapes if unused in other.unused_shapes),
            self.files | other.files,
            self.others + other.others,
        )

    def findings(self, lang: str = "en", names: Names = local_name) -> list[Finding]:
        """All violations and faults as lines to be printed, sorted by place; each line once."""
        found = [_of_violation(v, lang, names) for v in self.violations]
        found += [_of_fault(fault) for fault in self.faults]
        return sorted(dict.fromkeys([*found, *self.others]), key=lambda finding: finding.order)

    def text(self, lang: str = "en", names: Names = local_name) -> str:
        """The report in short: a line for each finding, and one that sums up.

        >>> print(Report(faults=(Fault(Place("a.yaml", 3, 5), "a tab", "use spaces"),)).text())
        a.yaml:3:5 error a tab; use spaces [input]
        1 error in 1 file
        >>> print(Report(files=frozenset({"a.yaml", "b.yaml"})).text())
        no findings in 2 files
        """
        found, said = self.findings(lang, names), words(lang)
        return "\n".join(
            [*(line for finding in found for line in _lines(finding, said)), self.summary(found, said)]
        )

    def summary(self, found: Iterable[Finding], words: Words) -> str:
        """How many of which level in how many files: those with findings, or else all that were looked at."""
        found = list(found)
        paths = {place.path for finding in found for place in finding.places[:1]}
        counts = Counter(finding.severity for finding in found)
        said = ", ".join(words.count(each.level, counts[each]) for each in Severity if counts[each])
        files = words.count("file", len(paths if found else self.files))
        where = f" {words['within']} {files}" if (paths or self.files) else ""
        return (said or words["nothing"]) + where


def _of_violation(violation: Violation, lang: str, names: Names) -> Finding:
    got = violation.got(lang, names)
    said = f" ({words(lang)['got']} {got})" if got else ""
    return Finding(
        place=violation.place,
        severity=violation.severity,
        key=violation.key(names),
        message=violation.message(lang, names) + said,
        rule=violation.rule,
        subject="" if isinstance(violation.focus, BlankNode) else str(violation.focus),
        details=tuple(_of_violation(detail, lang, names) for detail in violation.details),
        violation=violation,
    )


def _of_fault(fault: Fault) -> Finding:
    what = fault.what + (f"; {fault.fix}" if fault.fix else "")
    return Finding(fault.place, Severity.VIOLATION, "", what, INPUT)


def _lines(finding: Finding, words: Words) -> list[str]:
    """The line of a finding, with those of its details below it."""
    details = ("  " + line for detail in finding.details for line in _lines(detail, words))
    return [finding.line(words), *details]
