"""Reports as graphs: what SHACL's own suite expects, each result whole, one graph in Turtle and JSON-LD."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import test_shapes_w3c as w3c
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm as Algorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)
from reporting import iri, rendered, report, shapes

from kg import reports
from kg.errors import Fault
from kg.shapes import ENGINES, Report, paths, validate
from kg.shapes.triples import TYPE, Object, Triples
from kg.shapes.vocabulary import sh

# --- RDF


def canonical(quads: list[Quad]) -> set[Quad]:
    dataset = Dataset(quads)
    dataset.canonicalize(Algorithm.RDFC_1_0)
    return set(dataset)


def results(quads: list[Quad], home: Any = str) -> Counter[tuple[str, ...]]:
    """The results of a report graph, each with all that SHACL gives one."""
    graph = Triples(quads)
    found: Counter[tuple[str, ...]] = Counter()
    for at in graph.subjects(TYPE, sh("ValidationReport")):
        for node in graph.objects(at, sh("result")):
            one = {local: next(iter(graph.objects(node, sh(local))), None) for local in w3c.PARTS}
            way = paths.write(paths.read(graph, one["resultPath"])) if one["resultPath"] else ""
            found[way, *(home(one[local]) for local in w3c.PARTS if local != "resultPath")] += 1
    return found


def nameless(term: Object | None) -> str:
    return "[]" if isinstance(term, BlankNode) else str(term)


def test_turtle_and_json_ld_hold_one_graph() -> None:
    turtle = list(parse(rendered("turtle"), RdfFormat.TURTLE))
    jsonld = list(parse(rendered("jsonld"), RdfFormat.JSON_LD))
    assert canonical(turtle) == canonical(jsonld)
    assert len(turtle) > 60


def test_a_report_graph_holds_every_result_whole() -> None:
    graph = list(parse(rendered("turtle"), RdfFormat.TURTLE))
    wanted = Counter(
        (
            paths.write(v.path) if v.path else "",
            *(nameless(term) for term in (v.focus, v.value, v.source_shape, v.component, v.severity_iri)),
        )
        for v in report().violations
    )
    assert results(graph, nameless) == wanted
    triples = Triples(graph)
    said = {text for _, text in triples.pairs(sh("resultMessage")) if isinstance(text, Literal)}
    assert {(v, lang) for each in report().violations for lang, v in each.messages.items()} <= {
        (text.value, text.language or "") for text in said
    }
    [detail] = [o for _, o in triples.pairs(sh("detail"))]
    assert triples.objects(detail, sh("focusNode")) == [iri("green")]


@pytest.mark.parametrize(
    ("given", "conforms"),
    [
        (Report(), "true"),
        (Report(faults=(Fault(None, "no"),)), "false"),
        (
            validate(
                [Quad(iri("a"), TYPE, iri("Box")), Quad(iri("a"), iri("label"), Literal("long"))], shapes()
            ),
            "false",
        ),
    ],
)
def test_a_graph_conforms_as_shacl_has_it(given: Report, conforms: str) -> None:
    graph = Triples(parse(rendered("turtle", of=given), RdfFormat.TURTLE))
    assert [str(o.value) for _, o in graph.pairs(sh("conforms"))] == [conforms]


OWN = [case for case in w3c.cases() if case.values[0] in (None, *ENGINES)]
"""The cases of the suite that `validate` runs; the judge of the tests gives no report."""


@pytest.mark.parametrize(("engine", "file"), OWN)
def test_the_w3c_suite_gets_the_report_graphs_that_it_expects(engine: str, file: Path) -> None:
    """A result, read back from Turtle, has all that the suite asks of it; pySHACL found it."""
    manifest = Triples(quads := w3c.load(file))
    [entry] = manifest.subjects(TYPE, NamedNode(w3c.SHT + "Validate"))
    [action] = manifest.objects(entry, NamedNode(w3c.MF + "action"))
    [expected] = manifest.objects(entry, NamedNode(w3c.MF + "result"))
    if expected == NamedNode(w3c.SHT + "Failure"):
        pytest.skip("there is no report")
    given = [w3c.used_file(manifest, action, name) for name in ("dataGraph", "shapesGraph")]
    found = validate(*(w3c.load(each) for each in given), engine=engine)
    written = list(parse(reports.render(reports.Page(found), "turtle"), RdfFormat.TURTLE))
    wanted = [q for q in quads if q.subject == expected and q.predicate in (sh("result"), sh("conforms"))]
    kept = [Quad(expected, TYPE, sh("ValidationReport")), *quads, *wanted]
    assert results(written, nameless) == results(kept, nameless)
    told = {o for _, o in Triples(written).pairs(sh("conforms"))}
    assert told == {q.object for q in wanted if q.predicate == sh("conforms")}
