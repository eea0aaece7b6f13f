"""What a validation found: results, violations with places and messages, and the report as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from pyoxigraph import BlankNode, NamedNode

from kg.errors import Fault
from kg.places import Place
from kg.shapes import messages, paths
from kg.shapes.graph import Unused, local_name
from kg.shapes.triples import Object, Subject
from kg.shapes.vocabulary import sh

Names = Callable[[NamedNode], str] | Mapping[str, str]
"""How a person writes an IRI: a function, or a table of IRIs; what is not in it goes by its local name."""

INPUT = "input"
"""The rule that a fault of reading breaks."""


class Severity(StrEnum):
    """How bad a finding is."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


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
            self.severity_iri.value, sorted(self.messages.items()),
            tuple(detail.order for detail in self.details),
        )  # fmt: skip

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


def in_order(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """The violations sorted by place, and where that is the same, by what they say."""
    return tuple(sorted(violations, key=lambda violation: violation.order))


def _named(names: Names) -> Callable[[NamedNode], str]:
    if callable(names):
        return names
    return lambda iri: names.get(iri.value, local_name(iri))


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report, ready for any output: a violation, or a fault of reading."""

    place: Place | None
    severity: Severity
    key: str
    message: str
    rule: str
    subject: str = ""
    details: tuple[Finding, ...] = ()
    violation: Violation | None = field(default=None, compare=False)

    @property
    def order(self) -> tuple[bool, Place, str, str, str, str]:
        """By place, those without one last."""
        return (self.place is None, self.place or Place(""), self.subject, self.key, self.message, self.rule)


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found, in the order of places; the same for the same input, whatever the hash seed.

    `faults` are parts of the input that could not be read, `unused_shapes` those that judged nothing, and
    `files` all that were looked at.
    """

    violations: tuple[Violation, ...] = ()
    faults: tuple[Fault, ...] = ()
    unused_shapes: tuple[Unused, ...] = ()
    files: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "violations", in_order(self.violations))

    @property
    def conforms(self) -> bool:
        """Whether all was read, and nothing is graver than a warning."""
        return not self.faults and not self.counts[Severity.VIOLATION]

    @property
    def counts(self) -> Counter[Severity]:
        """How many violations of each severity; faults are not in it."""
        return Counter(violation.severity for violation in self.violations)

    def with_faults(self, faults: Iterable[Fault]) -> Report:
        """The same report with parts that could not be read."""
        return replace(self, faults=(*self.faults, *faults))

    def merge(self, other: Report) -> Report:
        """Both reports as one; a shape is unused only if neither used it."""
        return Report(
            self.violations + other.violations,
            self.faults + other.faults,
            tuple(unused for unused in self.unused_shapes if unused in other.unused_shapes),
            self.files | other.files,
        )

    def findings(self, lang: str = "en", names: Names = local_name) -> list[Finding]:
        """All violations and faults as lines to be printed, sorted by place; each line once."""
        found = [_of_violation(v, lang, names) for v in self.violations]
        found += [_of_fault(fault) for fault in self.faults]
        return sorted(dict.fromkeys(found), key=lambda finding: finding.order)

    def text(self, lang: str = "en", names: Names = local_name) -> str:
        """The report as a linter prints it: a line for each finding, and one that sums up.

        >>> print(Report(faults=(Fault(Place("a.yaml", 3, 5), "a tab", "use spaces"),)).text())
        a.yaml:3:5 error a tab; use spaces [input]
        1 error in 1 file
        >>> print(Report(files=frozenset({"a.yaml", "b.yaml"})).text())
        no findings in 2 files
        """
        found = self.findings(lang, names)
        words = messages.pick(FRAME, lang)
        lines = [line for finding in found for line in _lines(finding, words)]
        return "\n".join([*lines, self._summary(found, words)])

    def _summary(self, found: list[Finding], words: Frame) -> str:
        with_findings = {finding.place.path for finding in found if finding.place}
        files = words.count("file", len(with_findings if found else self.files))
        counts = Counter(finding.severity for finding in found)
        said = ", ".join(words.count(level, counts[level]) for level in Severity if counts[level])
        where = f" {words.within} {files}" if (with_findings or self.files) else ""
        return (said or words.nothing) + where


def _of_violation(violation: Violation, lang: str, names: Names) -> Finding:
    got = violation.got(lang, names)
    said = f" ({messages.pick(FRAME, lang).got} {got})" if got else ""
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


def _lines(finding: Finding, words: Frame) -> list[str]:
    """The line of a finding, with those of its details below it."""
    details = ("  " + line for detail in finding.details for line in _lines(detail, words))
    return [_line(finding, words), *details]


def _line(finding: Finding, words: Frame) -> str:
    where = str(finding.place or finding.subject)
    level = words.nouns[finding.severity][0]
    key = f"{finding.key}:" if finding.key else ""
    return " ".join(filter(None, (where, level, key, finding.message, f"[{finding.rule}]")))


@dataclass(frozen=True, slots=True)
class Frame:
    """The words around the messages, in one language: nouns in singular and plural."""

    nouns: Mapping[str, tuple[str, str]]
    got: str
    nothing: str
    within: str

    def count(self, noun: str, number: int) -> str:
        """The number with its noun."""
        return f"{number} {self.nouns[noun][number != 1]}"


def _frame(error: str, warning: str, info: str, file: str, got: str, nothing: str, within: str) -> Frame:
    said = zip((*Severity, "file"), (error, warning, info, file), strict=True)
    nouns = {str(noun): (words.split("/")[0], words.split("/")[-1]) for noun, words in said}
    return Frame(nouns, got, nothing, within)


FRAME: Mapping[str, Frame] = {
    "en": _frame("error/errors", "warning/warnings", "info/infos", "file/files", "got", "no findings", "in"),
    "da": _frame(
        "fejl", "advarsel/advarsler", "oplysning/oplysninger", "fil/filer", "fik", "ingen fund", "i"
    ),
    "nb": _frame(
        "feil", "advarsel/advarsler", "opplysning/opplysninger", "fil/filer", "fikk", "ingen funn", "i"
    ),
    "nn": _frame(
        "feil", "åtvaring/åtvaringar", "opplysning/opplysningar", "fil/filer", "fekk", "ingen funn", "i"
    ),
    "sv": _frame(
        "fel", "varning/varningar", "upplysning/upplysningar", "fil/filer", "fick", "inga fynd", "i"
    ),
}
"""The frame of the report. Nobody whose language it is has read it yet, but for English."""
