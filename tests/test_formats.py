"""Bytes and quads: what is written is reread as the same graph; what cannot be read says where and why."""

from __future__ import annotations

import difflib
import json
import os
import random
import string
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple

from kg import formats
from kg.errors import UsageError
from kg.formats import FORMATS, format_of, indented, parse, serialize, unportable
from kg.names import PREFIXES, RDF, XSD

pytestmark = pytest.mark.filterwarnings("ignore:.*Dataset:DeprecationWarning")  # inside rdflib's parsers

E = "http://e.org/"
A, B, P, Q, G = (NamedNode(E + name) for name in ("a", "b", "p", "q", "g"))
TYPE = NamedNode(RDF + "type")
HEAD = {**PREFIXES, "e": E, "": E + "deep/", "x-1": "urn:x:", "_bad": "http://bad/"}

# --- graphs of nasty terms -----------------------------------------------------------------

LOCAL = st.lists(
    st.sampled_from(
        [*string.ascii_letters, *"0123456789", *"()'.,-_~!$&*+;=:@/?#", "%20", "%C3%A6", *"æøåÄλж漢𝒳é·"]
    ),
    max_size=8,
).map("".join)


def is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


iris = st.builds(
    str.__add__,
    st.sampled_from([E, E + "deep/", E + "ns#", "urn:x:", XSD, "https://w3id.org/casegraph/ns#"]),
    LOCAL,
)
nodes = iris.filter(is_iri).map(NamedNode)
NASTY = [
    "",
    " ",
    "\n",
    "\r\n",
    'a "b"',
    "'''",
    '"""',
    "\\",
    "\\n",
    "\t",
    "\ufeff",
    "\x85\u2028",
    "\x7f",
    " x ",
]
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec="utf-8"), max_size=12))
TYPED = """
    integer 7, integer -7, integer 007, integer -0, integer 999999999999999999999999999999, decimal 7.5,
    decimal 1.50, decimal .5, decimal 7000, decimal -0.000000001, boolean true, boolean 1, double 1e3,
    date 2021-10-12, date 2021-02-30, gYear twenty, dateTime 2021-10-12T09:30:00, anyURI urn:(x), string x
"""
typed = st.sampled_from([pair.split() for pair in TYPED.split(",")])
literals = st.one_of(
    texts.map(Literal),
    st.builds(
        lambda text, tag: Literal(text, language=tag),
        texts,
        st.sampled_from(["en", "da", "nb", "sv-fi", "zh-hant"]),
    ),
    typed.map(lambda pair: Literal(pair[1], datatype=NamedNode(XSD + pair[0]))),
    st.builds(lambda text, iri: Literal(text, datatype=iri), texts, nodes),
)
graphs_of = st.one_of(st.just(DefaultGraph()), nodes)
quads_of = st.builds(
    Quad,
    st.one_of(st.sampled_from([A, B]), nodes),
    st.one_of(st.sampled_from([P, TYPE]), nodes),
    st.one_of(nodes, literals),
    st.one_of(st.sampled_from([DefaultGraph(), G]), nodes),
)
graphs = st.lists(quads_of, max_size=8)
thorough = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def merged(quads: list[Quad]) -> set[Quad]:
    return {Quad(q.subject, q.predicate, q.object) for q in quads}


def expected(quads: list[Quad], name: str) -> set[Quad]:
    return set(quads) if FORMATS[name].rdf.supports_datasets else merged(quads)


@contextmanager
def literals_as_written(normalize: bool) -> Iterator[None]:
    import rdflib

    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, normalize
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before


def by_rdflib(data: bytes, name: str, normalize: bool = False) -> set[Quad]:
    """What rdflib reads, as quads; its own terms compare by value, these by what is written."""
    import rdflib

    def term(node: Any) -> Any:
        if isinstance(node, rdflib.URIRef):
            return NamedNode(node)
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(node.datatype or XSD + "string"))

    kinds = {"ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}
    with literals_as_written(normalize):
        found = rdflib.Dataset()
        found.parse(data=data, format=kinds.get(name, name))
        default = found.default_graph.identifier
        return {
            Quad(term(s), term(p), term(o), DefaultGraph() if g in (None, default) else term(g))
            for s, p, o, g in found.quads()
        }


@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads", "jsonld"])
@given(quads=graphs)
@thorough
def test_two_readers_find_the_graph_that_was_written(name: str, quads: list[Quad]) -> None:
    data = serialize(quads, name, HEAD)
    assert set(parse(data, format_of(name))) == expected(quads, name)
    assert by_rdflib(data, name) == expected(quads, name)


simple = st.builds(
    Quad,
    nodes,
    st.one_of(
        st.sampled_from([P, TYPE]),
        st.builds(E.__add__, st.from_regex("[a-zæ_][a-z0-9.-]{0,5}", fullmatch=True)).map(NamedNode),
    ),
    st.one_of(nodes, literals.filter(lambda x: not formats.portable.NOT_XML.search(x.value))),
)


@given(quads=st.lists(simple, max_size=8))
@example(
    quads=[Quad(A, P, Literal("a\rb\r\nc\n")), Quad(A, TYPE, NamedNode(E + "C/")), Quad(A, P, Literal(" "))]
)
@thorough
def test_rdfxml_is_reread(quads: list[Quad]) -> None:
    data = serialize(quads, "rdfxml", HEAD)
    assert set(parse(data, RdfFormat.RDF_XML)) == merged(quads)
    assert by_rdflib(data, "rdfxml") == merged(quads)


def test_rdfxml_has_a_statement_a_line() -> None:
    quads = [Quad(A, P, Literal("two\n<lines>", language="en")), Quad(A, NamedNode("urn:x:y"), B)]
    assert serialize(quads, "rdfxml", {"e": E}).decode().splitlines()[2:] == [
        '  xmlns:e="http://e.org/"',
        '  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"',
        ">",
        '<rdf:Description rdf:about="http://e.org/a">',
        '  <e:p xml:lang="en">two&#10;&lt;lines&gt;</e:p>',
        '  <ns:y xmlns:ns="urn:x:" rdf:resource="http://e.org/b"/>',
        "</rdf:Description>",
        "</rdf:RDF>",
    ]


def test_rdfxml_names_all_that_it_cannot_hold() -> None:
    bad = [Quad(A, NamedNode(E + "p/1"), A), Quad(A, P, Literal("\x01")), Quad(A, P, Triple(A, P, A))]
    with pytest.raises(UsageError) as caught:
        serialize(bad, "rdfxml", {})
    assert [fault.what for fault in caught.value.faults] == [
        "RDF/XML cannot hold the character U+0001 in a text of <http://e.org/a>",
        "RDF/XML cannot hold the property <http://e.org/p/1>: it does not end in a name",
        "RDF/XML cannot hold the value <http://e.org/a> <http://e.org/p> <http://e.org/a>",
    ]


def test_jsonld_refuses_what_it_cannot_hold() -> None:
    with pytest.raises(UsageError, match=r"RDF 1\.2.*another format"):
        serialize([Quad(A, P, Triple(A, P, A))], "jsonld", {})


@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads"])
def test_triples_as_values_are_reread(name: str) -> None:
    quads = [Quad(A, P, Triple(A, P, Literal("x")))]
    assert parse(serialize(quads, name, HEAD), format_of(name)) == quads


# --- the same bytes ------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
@given(quads=st.lists(simple, max_size=8), seed=st.integers())
@thorough
def test_order_and_doubles_do_not_matter(name: str, quads: list[Quad], seed: int) -> None:
    other = quads * 2
    random.Random(seed).shuffle(other)
    backwards = dict(reversed(HEAD.items()))
    assert serialize(quads, name, HEAD) == serialize(other, name, backwards)


HASHING = """
import hashlib, sys
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from kg.formats import FORMATS, serialize
n = lambda x: NamedNode(f"http://e.org/{x}")
quads = {Quad(n(i % 7), n(f"p{i % 3}"), Literal(i), n(i % 2)) for i in range(60)}
quads |= {Quad(BlankNode(), n(f"p{i}"), BlankNode()) for i in range(5)}
prefixes = {f"e{i}": f"http://e.org/{i}" for i in {str(i) for i in range(9)}}
for name in FORMATS:
    print(name, hashlib.sha256(serialize(quads, name, prefixes)).hexdigest())
"""


def test_the_hash_seed_does_not_matter() -> None:
    def run(seed: str) -> str:
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(formats.__file__).parents[2])}
        return subprocess.run(
            [sys.executable, "-c", HASHING], env=env, check=True, capture_output=True, text=True
        ).stdout

    outputs = [run(seed) for seed in ("0", "1", "4242")]
    assert len(outputs[0].split()) == 2 * len(FORMATS)
    assert outputs[0] == outputs[1] == outputs[2]


@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "nquads", "rdfxml"])
@given(quads=st.lists(simple, max_size=8), new=simple, graph=graphs_of)
@thorough
def test_a_new_statement_only_adds_lines(name: str, quads: list[Quad], new: Quad, graph: Any) -> None:
    new = Quad(new.subject, new.predicate, new.object, graph)
    before = serialize(quads, name, HEAD).decode().split("\n")
    rest = iter(serialize([*quads, new], name, HEAD).decode().split("\n"))
    assert all(line in rest for line in before), "a line of the old file is gone or moved"


def test_a_diff_shows_the_new_statement_alone() -> None:
    old = [Quad(A, P, Literal("x")), Quad(A, Q, Literal("y"))]
    old_lines, new_lines = (
        serialize(quads, "turtle", {"e": E}).decode().splitlines()
        for quads in (old, [*old, Quad(A, P, Literal("z"))])
    )
    changes = [line for line in difflib.ndiff(old_lines, new_lines) if line[0] != " "]
    assert changes == ['+     e:p "z" ;']


def test_turtle_as_people_see_it() -> None:
    number = NamedNode(XSD + "decimal")
    quads = [
        Quad(B, P, NamedNode(E + "deep/x")),
        Quad(A, P, Literal("two\nlines", language="en"), G),
        Quad(A, P, Literal(7)),
        Quad(A, P, Literal("7566.67", datatype=number)),
        Quad(A, P, Literal("7.0", datatype=number)),
        Quad(A, P, Literal(True)),
        Quad(A, TYPE, NamedNode(E + "C/1")),
    ]
    head = {"e": E, "deep": E + "deep/", "xsd": XSD}
    assert (
        serialize(quads, "turtle", head).decode()
        == """\
@prefix deep: <http://e.org/deep/> .
@prefix e: <http://e.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

e:a
    a <http://e.org/C/1> ;
    e:p 7 ;
    e:p "7.0"^^xsd:decimal ;
    e:p 7566.67 ;
    e:p true ;
    e:p "two\\nlines"@en ;
.

e:b
    e:p deep:x ;
.
"""
    )
    assert (
        serialize(quads, "trig", head).decode().endswith('\ne:g {\n\ne:a\n    e:p "two\\nlines"@en ;\n.\n}\n')
    )


def test_blank_nodes_get_the_same_names_from_file_to_file() -> None:
    data = b'_:x <http://e/p> _:y . _:y <http://e/p> [ <http://e/q> "z" ] .'
    first, second = (parse(data, RdfFormat.TURTLE) for _ in range(2))
    assert set(first).isdisjoint(second), "two files must never share a blank node"
    assert serialize(first, "turtle", {}) == serialize(second[::-1], "turtle", {})
    again = parse(serialize(first, "turtle", {}), RdfFormat.TURTLE)
    assert serialize(again, "turtle", {}) == serialize(first, "turtle", {})


def test_jsonld_has_a_value_a_line() -> None:
    data = serialize([Quad(A, P, Literal("ø", language="da"), G)], "jsonld", {})
    assert json.loads(data)[0]["@id"] == G.value
    assert '"@value": "ø"\n' in data.decode()


@given(st.lists(quads_of, max_size=6))
@thorough
def test_what_is_portable_comes_back_from_a_store_and_from_rdflib_as_it_was(quads: list[Quad]) -> None:
    bad = {quad for quad, _ in unportable(quads, ["en", "da", "nb", "sv-fi", "zh-hant"])}
    good = {quad for quad in quads if quad not in bad}
    store = ox.Store()
    store.extend(good)
    assert {str(quad) for quad in store} == {str(quad) for quad in good}
    assert by_rdflib(serialize(store, "nquads", {}), "nquads", normalize=True) == good


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(VALUES, st.integers(0, 4))
def test_json_on_many_lines_is_that_of_python(value: Any, depth: int) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1).replace("\n", "\n" + " " * depth)
    assert indented.dumps(value, depth) == text
