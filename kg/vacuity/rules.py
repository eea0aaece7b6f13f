"""The rules that are looked after beside the shapes, and a slip against one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.languages import by_language, pick
from kg.places import Place
from kg.shapes import Finding, Severity
from kg.shapes.catalogue import Rule
from kg.vacuity.words import NEAR, TABLE

RULES: Mapping[str, Rule] = {
    name: Rule(name, severity, by_language(title), by_language(demand), by_language(reason))
    for name, (severity, title, demand, reason) in TABLE.items()
}
"""The rules by name, as the catalogue of shapes has them."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One place where a rule is broken; `fills` goes into the blanks of what the rule says of it.

    `near`: what may have been meant. `key`: the property or shape that it is about, as an author writes it.
    """

    rule: str
    place: Place | None
    fills: Mapping[str, str] = field(default_factory=dict, hash=False)
    near: str = ""
    key: str = ""
    subject: str = ""

    def finding(self, lang: str = "en", *, strict: bool = False) -> Finding:
        """The slip as a line of a report; a warning is an error if `strict`.

        >>> slip = Slip("check.unknown-class", Place("a.ttl", 3, 7), {"term": "e:Thng"}, near="e:Thing")
        >>> slip.finding("da").message
        'der er ingen klasse e:Thng; mente du e:Thing?'
        """
        rule = RULES[self.rule]
        grave = strict and rule.severity is Severity.WARNING
        return Finding(
            place=self.place,
            severity=Severity.VIOLATION if grave else rule.severity,
            key=self.key,
            message=self._said(lang),
            rule=self.rule,
            subject=self.subject,
            mark=self._said("en"),
        )

    def _said(self, lang: str) -> str:
        said = pick(RULES[self.rule].demands, lang).format_map(self.fills)
        return said + (pick(by_language(NEAR), lang).format(near=self.near) if self.near else "")
