"""Statements of RDF/XML stand where the scan says, and what is not followed stands nowhere."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings, strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat
from test_scan import E, by_ourselves, by_oxigraph, scanned, stated, three

import kg
from kg.names import OWL, RDF, XSD

XML = RdfFormat.RDF_XML
TYPE = NamedNode(RDF + "type")
DOCUMENT = f"""<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [ <!ENTITY e "{E}"> ]>
<rdf:RDF xmlns:rdf="{RDF}" xmlns="{E}" xmlns:e="{E}" xmlns:owl="{OWL}" xml:base="{E}base" xml:lang="da">
  <!-- Sør --><owl:Class rdf:about="&e;Box">
    <label>kasse</label> <label xml:lang="en">box</label>
    <size rdf:datatype="{XSD}integer">7</size>
    <part rdf:resource="#lid"/><part><Lid rdf:ID="hinge" e:name="hængsel"/></part>
  </owl:Class>
  <rdf:Description rdf:about="other">
    <markup rdf:parseType="Literal"><owl:Class rdf:about="{E}Box"><label>no</label></owl:Class></markup>
    <inner rdf:parseType="Resource"><label>of a node without a name</label></inner>
    <list rdf:parseType="Collection"><Item rdf:about="{E}one"/></list>
    <rdf:li>first</rdf:li>
    <empty/>
    <part><rdf:Description><label>nameless</label></rdf:Description></part>
  </rdf:Description>
  <Box rdf:about="&e;Box" rdf:type="&e;Thing"/>
</rdf:RDF>
"""


def at(place: str) -> str:
    """The text of the document at a place."""
    line, column = map(int, place.split(":"))
    return DOCUMENT.splitlines()[line - 1][column - 1 :]


@pytest.mark.parametrize(
    ("terms", "begins"),
    [
        (("Box",), ["<owl:Class", "<Box "]),
        (("Box", TYPE, NamedNode(OWL + "Class")), ["<owl:Class"]),
        (("Box", TYPE, "Box"), ["<Box "]),
        (("Box", TYPE, "Thing"), ["<Box "]),
        (("Box", "label"), ["<label>kasse", "<label xml"]),
        (("Box", "label", Literal("kasse", language="da")), ["kasse"]),
        (("Box", "label", Literal("box", language="en")), ["box"]),
        (("Box", "size", Literal(7)), ["7</size"]),
        (("Box", "part", "base#lid"), ['#lid"']),
        (("Box", "part", "base#hinge"), ["<Lid "]),
        (("base#hinge", "name", Literal("hængsel", language="da")), ["<Lid "]),
        (("other", "markup"), ["<markup "]),
        (("other", "inner"), ["<inner "]),
        (("other", "list"), ["<list "]),
        (("one", TYPE, "Item"), ["<Item "]),
        (("other", "empty"), ["<empty/>"]),
        (("other", "part"), ["<part><rdf:Des"]),
        (("Box", "label", Literal("no")), []),
        (("other", "label"), []),
    ],
)
def test_by_hand(terms: tuple[Any, ...], begins: list[str]) -> None:
    _, found = scanned(DOCUMENT, XML)
    spots = stated(found, *(NamedNode(E + term) if isinstance(term, str) else term for term in terms))
    assert len(spots) == len(begins)
    assert all(at(spot).startswith(start) for spot, start in zip(spots, begins, strict=True)), spots


def test_what_has_no_iri_has_its_file() -> None:
    quads, found = scanned(DOCUMENT, XML)
    nameless = [q for q in quads if isinstance(q.subject, BlankNode)]
    assert len(nameless) > 3
    assert {str(place) for q in nameless for place in found.find(*three(q))} == {"f"}


def test_lines_may_end_in_every_way_and_a_document_be_one_node() -> None:
    quads, found = scanned(DOCUMENT, XML)
    own = [quad.subject for quad in quads if isinstance(quad.subject, NamedNode)]
    for end in ("\r\n", "\r"):
        _, other = scanned(DOCUMENT.replace("\n", end), XML)
        assert [stated(other, node) for node in own] == [stated(found, node) for node in own]
    text = f'<Box xmlns="{E}" xmlns:r="{RDF}" r:about="{E}a"/>'
    [quad], found = scanned(text, XML)
    assert stated(found, *three(quad)) == ["1:1"]


def test_a_statement_that_the_parser_did_not_read_has_no_place() -> None:
    quads = [quad for quad in scanned(DOCUMENT, XML)[0] if quad.predicate != NamedNode(E + "size")]
    found = kg.formats.scan.places(DOCUMENT, XML, quads, "f")
    assert stated(found, NamedNode(E + "Box"), NamedNode(E + "size")) == []
    assert stated(found, NamedNode(E + "Box"), NamedNode(E + "label"))


# --- as others write ---------------------------------------------------------------------

NODES = [NamedNode(E + name) for name in ("a", "b", "x-y", "a.b", "ø")]
VALUES = st.one_of(
    st.sampled_from([*NODES, BlankNode("u"), Literal("x", language="en"), Literal(7), Literal(True)]),
    st.builds(Literal, st.text(st.sampled_from("aæ🜁.;\"'&<> \n"), max_size=6)),
)
SUBJECTS = st.sampled_from([*NODES, BlankNode("v")])
QUADS = st.one_of(
    st.builds(Quad, SUBJECTS, st.sampled_from(NODES[:4]), VALUES),
    st.builds(Quad, SUBJECTS, st.just(TYPE), st.sampled_from(NODES[:4])),
)


def by_rdflib(quads: list[Quad], format: str) -> str:
    import rdflib

    graph = rdflib.Graph()
    graph.parse(data=ox.serialize(quads, format=RdfFormat.N_TRIPLES), format="nt")
    graph.bind("e", E)
    return str(graph.serialize(format=format))


@pytest.mark.parametrize(
    ("write", "format"),
    [(by_ourselves, "rdfxml"), (by_oxigraph, "rdfxml"), (by_rdflib, "xml"), (by_rdflib, "pretty-xml")],
)
@settings(max_examples=40, deadline=None)
@given(st.lists(QUADS, max_size=8, unique=True))
def test_graphs_as_written_by_serialisers(write: Any, format: str, graph: list[Quad]) -> None:
    text = write(graph, format)
    quads, found = scanned(text, XML)
    assert len(quads) == len(graph)
    for quad in quads:
        s, p, o = three(quad)
        if isinstance(s, NamedNode):
            assert [spot for spot in stated(found, s) if f'"{s.value}"' in tag(text, spot)]
            spots = stated(found, s, p)
            assert spots and all(tag(text, spot).startswith("<") for spot in spots)
        if isinstance(s, NamedNode) and not isinstance(o, BlankNode):
            spots = stated(found, s, p, o)
            assert spots and all(says(text, spot, o) for spot in spots), (text, quad, spots)


def rest(text: str, place: str) -> str:
    line, column = map(int, place.split(":"))
    return "".join(re.split("(?<=\n)", text)[line - 1 :])[column - 1 :]


def tag(text: str, place: str) -> str:
    return rest(text, place).partition(">")[0]


def says(text: str, place: str, value: NamedNode | Literal) -> bool:
    """Whether what stands at a place is the value: its words, its element, or its address."""
    there = unescape(rest(text, place))
    if isinstance(value, Literal):
        return there.startswith(value.value.lstrip()) or (not value.value.strip() and there.startswith("<"))
    name = re.split("[/#]", value.value)[-1]
    return there.startswith(value.value) or name in tag(text, place)


def test_a_finding_has_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data.owl").write_text(DOCUMENT, "utf-8")
    Path("shapes.ttl").write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n"
        f"<urn:S> sh:targetNode <{E}Box> ; sh:property [ sh:path <{E}size> ; sh:maxInclusive 6 ] .",
        "utf-8",
    )
    [finding] = kg.validate("data.owl", shapes="shapes.ttl").findings
    assert str(finding.place) == "data.owl:6:67"
