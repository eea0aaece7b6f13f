"""A small report with something of everything, and others' readers of what it is written as."""

from __future__ import annotations

import json
from contextlib import chdir
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from kg import __version__, reports
from kg.errors import Fault
from kg.places import Place, Places
from kg.shapes import Finding, Report, Severity, catalogue, validate
from kg.shapes.triples import TYPE

HERE = Path(__file__).parent / "reports"
GOLDEN = HERE / "golden"
DOCS = Path(__file__).parents[1] / "docs"
EX = "http://example.org/"
NASTY = "<script>alert('1')</script> | 100 %, a: b & `c` “d”\n\x1b[31m,\r\u202e"
SUFFIXES = {name: (each.suffixes or (".txt",))[0] for name, each in reports.FORMATS.items()}


def iri(name: str) -> NamedNode:
    return NamedNode(EX + name)


@cache
def shapes() -> list[Quad]:
    return list(parse((HERE / "shapes.ttl").read_bytes(), RdfFormat.TURTLE))


def data() -> list[Quad]:
    red, long, crate, green = map(iri, ("red", "long", "crate", "green"))
    edges = [
        (red, TYPE, iri("Box")),
        (red, iri("size"), Literal(-5)),
        (red, iri("colour"), Literal("red", language="en")),
        (red, iri("colour"), Literal("blue")),
        (crate, iri("of"), red),
        (crate, iri("size"), Literal(12)),
        (long, TYPE, iri("Box")),
        (long, iri("label"), Literal(NASTY)),
        (long, iri("inner"), green),
        (BlankNode("nameless"), TYPE, iri("Box")),
        (BlankNode("nameless"), iri("size"), BlankNode("big")),
    ]
    return [Quad(*edge) for edge in edges]


def places(down: int = 0) -> Places:
    """Where the data stands, `down` lines further down."""
    found = Places()
    for file, line, column, *spot in (
        ("boxes.yaml", 2, 1, iri("red")),
        ("boxes.yaml", 3, 9, iri("red"), iri("size"), Literal(-5)),
        ("boxes.yaml", 4, 3, iri("red"), iri("colour")),
        ("crates.yaml", 1, 9, iri("red"), iri("colour")),
        ("boxes.yaml", 5, 1, iri("long")),
        ("boxes.yaml", 6, 10, iri("long"), iri("label"), Literal(NASTY)),
        ("boxes.yaml", 7, 10, iri("long"), iri("inner"), iri("green")),
        ("crates.yaml", 1, 24, iri("crate"), iri("size"), Literal(12)),
        ("empty.yaml", 1, 1, iri("nothing")),
    ):
        found.add(Place(file, line + down, column), *spot)
    return found


def report(down: int = 0) -> Report:
    faults = [
        Fault(Place("crates.yaml", 2 + down, 1), "a tab at the beginning of a line", "use spaces"),
        Fault(Place("boxes.yaml"), "no licence"),
        Fault(Place("boxes.yaml"), "no licence", ""),
        Fault(None, "nobody knows where this is"),
    ]
    other = Finding(Place("empty.yaml", 1, 1), Severity.WARNING, "", "holds nothing", "empty")
    return validate(data(), shapes(), places=places(down)).with_faults(faults).with_findings([other])


def page(of: Report | None = None, **options: Any) -> reports.Page:
    given = {"names": {EX + "inner": "within"}, "rules": catalogue.rules(shapes()), "prefixes": {"ex": EX}}
    return reports.Page(of or report(), **{**given, **options})


def rendered(form: str, **options: Any) -> str:
    with chdir(HERE):
        return reports.render(page(**options), form).decode()


def golden(form: str, lang: str) -> Path:
    return GOLDEN / f"{form}.{lang}{SUFFIXES[form]}"


LANGUAGE = dict.fromkeys(reports.FORMATS, "en") | {"html": "da", "markdown": "nn", "junit": "sv"}


def plain(text: str) -> str:
    """The text without the version, which is another with each release."""
    return text.replace(__version__, "VERSION")


@cache
def schema() -> Draft202012Validator:
    text = (HERE.parent / "third_party" / "sarif" / "sarif-2.1.0.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text), format_checker=FormatChecker())


def sarif(text: str) -> dict[str, Any]:
    """The log, after it was held against the published schema."""
    log: dict[str, Any] = json.loads(text)
    schema().validate(log)
    return log


class Html(HTMLParser):
    """A page, taken apart: every element is closed, and nothing comes from elsewhere."""

    VOID = ("meta", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def each(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in names]

    @property
    def text(self) -> str:
        return "".join(self.words)
