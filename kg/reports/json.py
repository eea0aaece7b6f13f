"""Findings as JSON; `docs/validate.md` has its schema."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from json.encoder import encode_basestring as quoted
from typing import Any

from pyoxigraph import BlankNode

from kg.formats.cells import json_term
from kg.places import Place
from kg.reports.page import TOOL, Page
from kg.shapes import Fallback, Finding, Severity, paths
from kg.shapes.fallbacks import BY
from kg.shapes.triples import Object
from kg.shapes.violations import Kind

VERSION = 1
"""Changed when a program that reads the output would have to be."""

KEPT = 10_000
"""How many terms and texts are remembered as they are written."""

Record = Callable[[Finding, str | None], str]
"""Writes a finding with its fingerprint."""

SLOT = "\0"
"""What stands for a part that differs between the findings of a kind: no IRI, rule or path has it."""


def parts(page: Page) -> Iterator[str]:
    """One object: what was looked at, how much was found, and each finding."""
    counts = Counter(finding.severity for finding in page.found) + page.report.cut
    document = {
        "version": VERSION,
        "tool": TOOL,
        "lang": page.words.lang,
        "failed": page.report.fails(page.fails_at),
        "counts": {each.level: counts[each] for each in Severity},
        "files": sorted(page.report.files | {place.path for f in page.found for place in f.places}),
        "more": page.more,
        "fallbacks": list(map(fallback, page.report.fallbacks)),
        "findings": [],
    }
    yield json.dumps(document, ensure_ascii=False, indent=1).removesuffix("]\n}")
    record, before = Records(page, indent=1, depth=2), "\n  "
    for finding, fingerprint in zip(page.shown, page.named(), strict=False):
        yield before + record(finding, fingerprint)
        before = ",\n  "
    yield "\n ]\n}\n" if page.shown else "]\n}\n"


def fallback(one: Fallback) -> dict[str, Any]:
    """What Python matched, as an object."""
    return {
        "rule": one.rule,
        "shape": _term(one.shape),
        "by": BY,
        "pattern": one.pattern,
        "why": list(one.why),
        "place": _place(one.place) if one.place else None,
    }


class Records:
    """Findings as objects, one after another; `indent` as `json.dumps` has it, `depth` how deep they stand.

    IRIs are whole; what a shape did not find has no shape, component and value. What the findings of a kind
    have in common is most of a large report: it is written once.
    """

    def __init__(self, page: Page, indent: int | None = None, depth: int = 0) -> None:
        self._page, self._indent, self._depth = page, indent, depth
        self._kinds, self._terms, self._texts = _Kinds(self), _Terms(self), _Texts()
        self._uri = self._slotted({"type": "uri", "value": SLOT}, 1)
        self._spot = self._slotted([{"file": SLOT, "line": SLOT, "column": SLOT}], 1)

    def __call__(self, finding: Finding, fingerprint: str | None) -> str:
        """The object of a finding."""
        kind = finding[6].kind
        return self._apart(finding, fingerprint) if kind is None else self._kinds[kind](finding, fingerprint)

    def of_kind(self, kind: Kind) -> Record:
        """What writes the findings of a kind."""
        start, to_key, to_places, to_focus, to_value, to_name, to_details, end = self._slots(kind)
        nodes, values, places, details = kind.group.focus, kind.group.values, kind.places, kind.details
        (iri, after_iri), texts, terms = self._uri, self._texts, self._terms
        file, to_line, to_column, after_spot = self._spot

        def record(finding: Finding, fingerprint: str | None) -> str:
            _, _, key, message, _, subject, _, row = finding
            where, spots = "[]", places[row]
            if len(spots) == 1 and all(spots[0]):
                [(path, line, column)] = spots
                where = f"{file}{texts[path]}{to_line}{line}{to_column}{column}{after_spot}"
            elif spots:
                where = self.dumps(list(map(_place, spots)), 1)
            node = f"{iri}{quoted(subject[1:-1])}{after_iri}" if _is_iri(subject) else terms[nodes[row]]
            name = "null" if fingerprint is None else f'"{fingerprint}"'
            below = self._details(finding) if details else "[]"
            return (
                f"{start}{texts[message]}{to_key}{texts[key]}{to_places}{where}{to_focus}{node}{to_value}"
                f"{terms[values[row]]}{to_name}{name}{to_details}{below}{end}"
            )

        return record

    def dumps(self, value: object, deeper: int = 0) -> str:
        """A value as JSON, where it stands."""
        text = json.dumps(value, ensure_ascii=False, indent=self._indent)
        return text.replace("\n", "\n" + " " * (self._depth + deeper)) if self._indent else text

    def _slotted(self, value: object, deeper: int = 0) -> list[str]:
        return self.dumps(value, deeper).split(quoted(SLOT))

    def _slots(self, kind: Kind) -> list[str]:
        """What stands before, between and behind the parts of a finding that differ."""
        source = kind.group.source
        same = {
            "rule": kind.rule,
            "severity": kind.severity.level,
            **dict.fromkeys(("message", "key", "places", "focus"), SLOT),
            "path": paths.write(source.path) if source.path else None,
            "value": SLOT,
            "shape": _term(source.shape),
            "component": source.component.value,
            **dict.fromkeys(("fingerprint", "details"), SLOT),
        }
        return self._slotted(same)

    def _apart(self, finding: Finding, fingerprint: str | None) -> str:
        """The object of a finding that no shape has found."""
        said = {
            "rule": finding.rule,
            "severity": finding.severity.level,
            "message": finding.message,
            "key": finding.key,
            "places": list(map(_place, finding.places)),
            **dict.fromkeys(("focus", "path", "value", "shape", "component")),
            "fingerprint": fingerprint,
            "details": SLOT,
        }
        return self._details(finding).join(self._slotted(said))

    def _details(self, finding: Finding) -> str:
        if not finding.details:
            return "[]"
        below, known = Records(self._page, self._indent, self._depth + 2), self._page.fingerprints
        told = [below(detail, known.get(detail)) for detail in finding.details]
        if not self._indent:
            return f"[{', '.join(told)}]"
        end, line = "\n" + " " * (self._depth + 1), "\n" + " " * (self._depth + 2)
        return f"[{line}{f',{line}'.join(told)}{end}]"


def _is_iri(subject: str) -> bool:
    """Whether it is one, and no triple."""
    return subject[:1] == "<" != subject[1:2]


class _Kinds(dict[Kind, Record]):
    """What writes the findings of each kind."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def __missing__(self, kind: Kind) -> Record:
        record = self[kind] = self._records.of_kind(kind)
        return record


class _Terms(dict[Object | None, str]):
    """Terms as objects: many findings have the same value."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def __missing__(self, term: Object | None) -> str:
        text = self._records.dumps(None if term is None else _term(term), 1)
        if len(self) < KEPT:
            self[term] = text
        return text


class _Texts(dict[str, str]):
    """Texts in quotes: many findings say the same."""

    def __missing__(self, text: str) -> str:
        said = quoted(text)
        if len(self) < KEPT:
            self[text] = said
        return said


def _term(term: Object) -> dict[str, str]:
    """A term as SPARQL's JSON has it, but for the name of a blank node, which is another with each run."""
    return {"type": "bnode"} if isinstance(term, BlankNode) else json_term(term)


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.path, "line": place.line or None, "column": place.column or None}
