"""Findings as a `sh:ValidationReport`, with every property that SHACL gives a result.

Source: https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg import formats, names
from kg.reports import fingerprints
from kg.reports.page import Page
from kg.shapes import Violation, paths
from kg.shapes.triples import TYPE, Edge, Object
from kg.shapes.vocabulary import sh


def turtle(page: Page) -> Iterator[str]:
    """The report as Turtle."""
    yield _serialized(page, "turtle")


def jsonld(page: Page) -> Iterator[str]:
    """The report as JSON-LD."""
    yield _serialized(page, "jsonld")


def _serialized(page: Page, form: str) -> str:
    quads = [Quad(*edge) for edge in graph(page)]  # type: ignore[arg-type]
    text = "\n".join(map(str, quads))
    known = {**names.PREFIXES, **page.prefixes}
    used = {name: iri for name, iri in known.items() if f"<{iri}" in text}
    return formats.serialize(quads, form, used).decode()


def graph(page: Page) -> Iterator[Edge]:
    """The triples of the report: what shapes found, each result once for each time that SHACL has it.

    Report and results are named after what they hold, so that two reports of the same data are the same
    triples. It conforms where nothing was found and all could be read, as SHACL has it; what could not be
    read, or no shape found, has no result.
    """
    results = page.report.told.order[: page.most]
    marks = list(fingerprints.of_violations(results))
    report = names.uuid("report", *marks)
    fine = not results and not page.report.faults
    yield report, TYPE, sh("ValidationReport")
    yield report, sh("conforms"), Literal(fine)
    ways = _Ways()
    for fingerprint, (kind, row) in zip(marks, results, strict=True):
        node = names.uuid("result", fingerprint)
        yield report, sh("result"), node
        yield from _result(node, kind.violation(row), ways)
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


def _result(node: NamedNode, violation: Violation, ways: _Ways) -> Iterator[Edge]:
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
    for number, detail in enumerate(violation.details):
        below = names.uuid("detail", node.value, str(number))
        yield node, sh("detail"), below
        yield from _result(below, detail, ways)


def _messages(violation: Violation) -> Iterable[Literal]:
    """The message in every language that the shape has it in."""
    said = violation.messages.items()
    return (Literal(text, language=lang) if lang else Literal(text) for lang, text in said)
