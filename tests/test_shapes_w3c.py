"""The W3C SHACL test suite, core and sparql, through `validate` and the judge: every part of every result."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse
from shacl_judge import RefusedError, judge

from kg.errors import DefinitionError
from kg.shapes import Result, paths, validate
from kg.shapes.triples import TYPE, Object, Triples
from kg.shapes.vocabulary import sh

SHARED = Path(os.environ.get("KG_SHARED", Path(__file__).parents[2] / "shared"))
SUITE = SHARED / "w3c" / "shacl"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
ENGINES = ("compiled", "pyshacl", "judge")
NOT_YET = {
    ("pyshacl", "sparql/pre-binding/shapesGraph-001"): "pySHACL has no $shapesGraph, which is optional",
}


def cases():
    if not SUITE.is_dir():
        return [pytest.param(None, None, marks=pytest.mark.skip(f"no W3C suite in {SUITE}; set KG_SHARED"))]
    found = [f for part in ("core", "sparql") for f in sorted((SUITE / part).rglob("*.ttl")) if entries(f)]
    return [
        pytest.param(engine, file, id=f"{engine}-{name}", marks=marks(engine, name))
        for engine in ENGINES
        for file in found
        for name in [file.relative_to(SUITE).with_suffix("").as_posix()]
    ]


def marks(engine, name):
    why = NOT_YET.get((engine, name))
    return [pytest.mark.xfail(strict=True, raises=DefinitionError, reason=why)] if why else []


def load(file: Path) -> list[Quad]:
    return list(parse(file.read_bytes(), RdfFormat.TURTLE, base_iri=file.as_uri()))


def entries(file: Path) -> list[Object]:
    return Triples(load(file)).subjects(TYPE, NamedNode(SHT + "Validate"))


def test_the_whole_suite_is_there():
    if not SUITE.is_dir():
        pytest.skip(f"no W3C suite in {SUITE}; set KG_SHARED")
    count = Counter(file.relative_to(SUITE).parts[0] for file in SUITE.rglob("*.ttl") if entries(file))
    assert count == {"core": 98, "sparql": 23}


def results(engine: str, data: list[Quad], shapes: list[Quad]) -> Sequence[Result]:
    if engine == "judge":
        return judge(data, shapes)
    report = validate(data, shapes, engine=engine)
    assert report.fallbacks == ()  # the store judges all of the suite
    return report.violations


@pytest.mark.parametrize(("engine", "file"), cases())
def test_w3c(engine: str, file: Path):
    manifest = Triples(quads := load(file))
    [entry] = manifest.subjects(TYPE, NamedNode(SHT + "Validate"))
    [action] = manifest.objects(entry, NamedNode(MF + "action"))
    [expected] = manifest.objects(entry, NamedNode(MF + "result"))
    graphs = {file: quads}
    data, shapes = (used_file(manifest, action, name) for name in ("dataGraph", "shapesGraph"))
    for other in (data, shapes):
        graphs.setdefault(other, load(other))
    if expected == NamedNode(SHT + "Failure"):
        with pytest.raises((DefinitionError, RefusedError)):
            results(engine, graphs[data], graphs[shapes])
        return

    # a blank node of another file has no name in this one
    def named(term: Object | None, home: Path) -> str:
        return "[]" if isinstance(term, BlankNode) and home != file else str(term)

    wanted = Counter()
    for result in manifest.objects(expected, sh("result")):
        focus, path, value, shape, component, severity = (
            next(iter(manifest.objects(result, sh(local))), None) for local in PARTS
        )
        way = paths.write(paths.read(manifest, path)) if path else ""
        ends = named(focus, data), named(value, data), named(shape, shapes)
        wanted[*ends, way, str(component), str(severity)] += 1
    found = Counter(
        (
            named(v.focus, data),
            named(v.value, data),
            named(v.source_shape, shapes),
            paths.write(v.path) if v.path else "",
            str(v.component),
            str(v.severity_iri),
        )
        for v in results(engine, graphs[data], graphs[shapes])
    )
    assert found == wanted


PARTS = (
    "focusNode",
    "resultPath",
    "value",
    "sourceShape",
    "sourceConstraintComponent",
    "resultSeverity",
)


def used_file(manifest: Triples, action: Object, name: str) -> Path:
    [iri] = manifest.objects(action, NamedNode(SHT + name))
    return Path(unquote(urlparse(iri.value).path))
