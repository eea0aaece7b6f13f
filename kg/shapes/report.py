"""What a validation found: violations, what could not be read, what no shape finds; and it as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

from kg.errors import Fault
from kg.languages import Words
from kg.shapes import findings as lines
from kg.shapes.fallbacks import Fallback
from kg.shapes.findings import INPUT, Finding, of_fault
from kg.shapes.graph import Unused, local_name
from kg.shapes.results import SEVERITIES, Result, Severity
from kg.shapes.violations import Names, Violation, Violations
from kg.shapes.words import words

__all__ = ["INPUT", "SEVERITIES", "Fallback", "Finding", "Names", "Report", "Result", "Severity", "Violation"]


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found, in the order of places; the same for the same input, whatever the hash seed.

    `violations` are made one by one when they are asked for: there may be very many. `faults` are parts of
    the input that could not be read, `others` what no shape finds, `unused_shapes` those that judged nothing,
    and `files` all that were looked at. `untold` are violations that are only counted, by rule and severity,
    since there are too many. `fallbacks` are the regular expressions that Python matched, not the store.
    """

    violations: Sequence[Violation] = ()
    faults: tuple[Fault, ...] = ()
    unused_shapes: tuple[Unused, ...] = ()
    files: frozenset[str] = frozenset()
    others: tuple[Finding, ...] = ()
    untold: Counter[tuple[str, Severity]] = field(default_factory=Counter)
    fallbacks: tuple[Fallback, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "violations", Violations.of(self.violations))

    @property
    def told(self) -> Violations:
        """The violations as they are kept."""
        assert isinstance(self.violations, Violations)
        return self.violations

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
        found = Counter(finding.severity for finding in self.others)
        for kind in self.told.kinds:
            found[kind.severity] += len(kind)
        return found + self.cut

    @property
    def cut(self) -> Counter[Severity]:
        """How many violations of each severity are counted and not told."""
        found: Counter[Severity] = Counter()
        for (_, severity), number in self.untold.items():
            found[severity] += number
        return found

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
            violations=Violations(kind for kind in self.told.kinds if wanted(kind.rule)),
            others=tuple(finding for finding in self.others if wanted(finding.rule)),
            untold=Counter({key: number for key, number in self.untold.items() if wanted(key[0])}),
            fallbacks=tuple(each for each in self.fallbacks if wanted(each.rule)),
        )

    def without(self, follows: Callable[[Violation], bool]) -> Report:
        """The same report but for the violations that only follow from something else."""
        return replace(self, violations=self.told.where(lambda violation: not follows(violation)))

    def merge(self, other: Report) -> Report:
        """Both reports as one; a shape is unused only if neither used it."""
        return Report(
            Violations((*self.told.kinds, *other.told.kinds)),
            self.faults + other.faults,
            tuple(unused for unused in self.unused_shapes if unused in other.unused_shapes),
            self.files | other.files,
            self.others + other.others,
            self.untold + other.untold,
            tuple(dict.fromkeys(self.fallbacks + other.fallbacks)),
        )

    def findings(self, lang: str = "en", names: Names = local_name) -> list[Finding]:
        """All violations and faults as lines to be printed, sorted by place; each line once."""
        others = [*map(of_fault, self.faults), *self.others]
        return lines.findings(self.told.kinds, others, lang, names)

    def text(self, lang: str = "en", names: Names = local_name) -> str:
        """The report in short: a line for each finding, and one that sums up.

        >>> from kg.places import Place
        >>> print(Report(faults=(Fault(Place("a.yaml", 3, 5), "a tab", "use spaces"),)).text())
        a.yaml:3:5 error a tab; use spaces [input]
        1 error in 1 file
        >>> print(Report(files=frozenset({"a.yaml", "b.yaml"})).text())
        no findings in 2 files
        """
        found, said = self.findings(lang, names), words(lang)
        lines = [line for finding in found for line in _lines(finding, said)]
        rest = [said.say("more", number=self.cut.total())] if self.cut else []
        return "\n".join([*lines, *rest, self.summary(found, said)])

    def summary(self, found: Iterable[Finding], words: Words) -> str:
        """How many of which level in how many files: those with findings, or else all that were looked at."""
        found = list(found)
        paths = {place.path for place in map(itemgetter(0), found) if place}
        counts = Counter(finding.severity for finding in found) + self.cut
        said = ", ".join(words.count(each.level, counts[each]) for each in Severity if counts[each])
        files = words.count("file", len(paths if found else self.files))
        where = f" {words['within']} {files}" if (paths or self.files) else ""
        return (said or words["nothing"]) + where


def _lines(finding: Finding, words: Words) -> list[str]:
    """The line of a finding, with those of its details below it."""
    details = ("  " + line for detail in finding.details for line in _lines(detail, words))
    return [finding.line(words), *details]
