"""What is told of quotes and texts, and the rules that it is told by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.errors import Fault
from kg.evidence.words import RULE_WORDS, TABLE
from kg.languages import by_language, pick
from kg.places import Place
from kg.shapes import Finding, Severity
from kg.shapes.catalogue import Rule

RULES: Mapping[str, Rule] = {
    name: Rule(name, severity, by_language(title), by_language(title), by_language(reason))
    for name, (severity, title, reason) in RULE_WORDS.items()
}
"""The rules by name, as the catalogue of shapes has them."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is told of a quote or a text: where, which of the `TABLE`, and what goes into its blanks.

    What goes into one may be a text for each language.
    """

    place: Place | None
    said: str
    fills: Mapping[str, str | int | Mapping[str, str]] = field(default_factory=dict, hash=False)

    @property
    def rule(self) -> str:
        """The rule that it is told by."""
        return TABLE[self.said][0]

    def text(self, lang: str = "en") -> str:
        """It in words.

        >>> Remark(None, "moved", {"place": [7, 9], "said": [8, 10]}).text("sv")
        'citatet står på [7, 9], inte på [8, 10]'
        """
        fills = {key: pick(v, lang) if isinstance(v, Mapping) else v for key, v in self.fills.items()}
        return pick(by_language(TABLE[self.said][1]), lang).format_map(fills)

    def fault(self) -> Fault:
        """It in English, on a line."""
        return Fault(self.place, self.text())

    def finding(self, lang: str = "en", *, strict: bool = False) -> Finding:
        """It as a line of a report; a warning is an error if `strict`."""
        severity = RULES[self.rule].severity
        grave = strict and severity is Severity.WARNING
        return Finding(
            place=self.place,
            severity=Severity.VIOLATION if grave else severity,
            key="",
            message=self.fault().what if lang == "en" else Fault(None, self.text(lang)).what,
            rule=self.rule,
            mark=self.fault().what,
        )
