"""Findings as a `sh:ValidationReport`, with every property that SHACL gives a result.

Source: https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from kg import formats, names
from kg.reports import fingerprints
from kg.reports.page import Page
from kg.shapes import local_name, paths
from kg.shapes.findings import saying
from kg.shapes.triples import TYPE, Edge, Object
from kg.shapes.violations import Kind
from kg.shapes.vocabulary import sh

TOGETHER = 10_000
"""How many statements are looked through for prefixes at once."""


def turtle(page: Page) -> Iterator[str]:
    """The report as Turtle, with the prefixes that it uses."""
    quads = _quads(page)
    yield formats.serialize(quads, "turtle", dict(_used(quads, {**names.PREFIXES, **page.prefixes}))).decode()


def jsonld(page: Page) -> Iterator[str]:
    """The report as JSON-LD."""
    yield formats.serialize(_quads(page), "jsonld", {}).decode()


def _quads(page: Page) -> list[Quad]:
    return [Quad(*edge) for edge in graph(page)]  # type: ignore[arg-type]


def _used(quads: list[Quad], prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Those of the prefixes that an IRI begins with."""
    left = dict(prefixes)
    for start in range(0, len(quads), TOGETHER):
        text = "\n".join(map(str, quads[start : start + TOGETHER]))
        left = {name: iri for name, iri in left.items() if f"<{iri}" not in text}
    return ((name, iri) for name, iri in prefixes.items() if name not in left)


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
    kinds = _Kinds(ways)
    for fingerprint, (kind, row) in zip(marks, results, strict=True):
        node = names.uuid("result", fingerprint)
        yield report, sh("result"), node
        yield from _result(node, kind, row, kinds)
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


class _Kind:
    """What the results of a kind have in common, and what says their messages in each language."""

    def __init__(self, kind: Kind, ways: _Ways) -> None:
        source = kind.group.source
        self.same: list[tuple[NamedNode, Object]] = [
            (TYPE, sh("ValidationResult")),
            (sh("resultSeverity"), source.severity_iri),
            (sh("sourceConstraintComponent"), source.component),
            (sh("sourceShape"), source.shape),
        ]
        if source.path:
            self.same.append((sh("resultPath"), ways.node(source.path)))
        if source.constraint:
            self.same.append((sh("sourceConstraint"), source.constraint))
        self._says = [(lang, saying(kind, lang, local_name)) for lang in kind.templates]

    def messages(self, row: int) -> Iterator[Literal]:
        """The message in every language that the shape has it in."""
        said = ((lang, say(row)) for lang, say in self._says)
        return (Literal(text, language=lang) if lang else Literal(text) for lang, text in said)


class _Kinds(dict[Kind, _Kind]):
    def __init__(self, ways: _Ways) -> None:
        self._ways = ways

    def __missing__(self, kind: Kind) -> _Kind:
        found = self[kind] = _Kind(kind, self._ways)
        return found


def _result(node: NamedNode, kind: Kind, row: int, kinds: _Kinds) -> Iterator[Edge]:
    group, known = kind.group, kinds[kind]
    yield node, sh("focusNode"), group.focus[row]
    yield from ((node, prop, value) for prop, value in known.same)
    if (value := group.values[row]) is not None:
        yield node, sh("value"), value
    yield from ((node, sh("resultMessage"), message) for message in known.messages(row))
    for number, (detail, at) in enumerate(kind.below(row)):
        below = names.uuid("detail", node.value, str(number))
        yield node, sh("detail"), below
        yield from _result(below, detail, at, kinds)
