"""Findings as a `sh:ValidationReport`, with every property that SHACL gives a result.

Source: https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg import formats, names
from kg.reports.page import Page
from kg.shapes import Finding, Violation, paths
from kg.shapes.triples import TYPE, Edge, Object
from kg.shapes.vocabulary import sh


def turtle(page: Page) -> str:
    """The report as Turtle."""
    return _serialized(page, "turtle")


def jsonld(page: Page) -> str:
    """The report as JSON-LD."""
    return _serialized(page, "jsonld")


def _serialized(page: Page, form: str) -> str:
    quads = [Quad(*edge) for edge in graph(page)]  # type: ignore[arg-type]
    return formats.serialize(quads, form, {**names.PREFIXES, **page.prefixes}).decode()


def graph(page: Page) -> Iterator[Edge]:
    """The triples of the report: what shapes found and is shown.

    Report and results are named after what they hold, so that two reports of the same data are the same
    triples. It conforms where nothing was found and all could be read, as SHACL has it; what could not be
    read, or no shape found, has no result.
    """
    results = [(finding, finding.violation) for finding in page.shown if finding.violation]
    report = names.uuid("report", *(page.fingerprints[finding] for finding, _ in results))
    fine = not page.report.violations and not page.report.faults
    yield report, TYPE, sh("ValidationReport")
    yield report, sh("conforms"), Literal(fine)
    ways = _Ways()
    for finding, violation in results:
        node = names.uuid("result", page.fingerprints[finding])
        yield report, sh("result"), node
        yield from _result(node, finding, violation, ways)
    yield from ways.triples


class _Ways:
    """The nodes that stand for paths: the same path, the same node."""

    def __init__(self) -> None:
        self.triples: list[Edge] = []
        self._nodes: dict[paths.Path, Object] = {}

    def node(self, path: paths.Path) -> Object:
        if path not in self._nodes:
            self._nodes[path], triples = paths.state(path)
            self.triples += triples
        return self._nodes[path]


def _result(node: NamedNode, finding: Finding, violation: Violation, ways: _Ways) -> Iterator[Edge]:
    yield node, TYPE, sh("ValidationResult")
    yield node, sh("focusNode"), violation.focus
    yield node, sh("resultSeverity"), violation.severity_iri
    yield node, sh("sourceConstraintComponent"), violation.component
    yield node, sh("sourceShape"), violation.source_shape
    if violation.path:
        yield node, sh("resultPath"), ways.node(violation.path)
    if violation.value is not None:
        yield node, sh("value"), violation.value
    if violation.constraint:
        yield node, sh("sourceConstraint"), violation.constraint
    yield from ((node, sh("resultMessage"), message) for message in _messages(violation))
    for number, (detail, below) in enumerate(zip(finding.details, violation.details, strict=True)):
        inner = names.uuid("detail", node.value, str(number))
        yield node, sh("detail"), inner
        yield from _result(inner, detail, below, ways)


def _messages(violation: Violation) -> Iterable[Literal]:
    """The message in every language that the shape has it in."""
    said = violation.messages.items()
    return (Literal(text, language=lang) if lang else Literal(text) for lang, text in said)
