"""Quads to bytes: the same bytes for the same graph, whatever the order, the machine or the hash seed.

All but JSON-LD are written here: the serialisers at hand let two statements share a line,
or end the last one differently, so that adding a statement rewrites lines. Here every
statement has a line of its own, and no other line depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from itertools import groupby
from typing import TypeAlias

import pyoxigraph as ox
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
)

from kg.errors import Fault, UsageError
from kg.formats.portable import BOOLEAN, DECIMAL, INTEGER, NOT_XML, canonical_number
from kg.formats.table import format_of
from kg.names import RDF, XSD

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple | DefaultGraph
Prefixes: TypeAlias = Mapping[str, str]

_TYPE = NamedNode(RDF + "type")
_STRING = NamedNode(XSD + "string")
_ANOTHER = "choose another format"
_PREFIX = re.compile(r"(?:[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)?")
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
# Parsers differ on the letters beyond; a property without such an end is refused.
_NAME_END = re.compile(r"[A-Z_a-zÀ-ÖØ-öø-ÿ][A-Z_a-zÀ-ÖØ-öø-ÿ0-9.-]*$")


def serialize(quads: Iterable[Quad], format: RdfFormat | str, prefixes: Prefixes) -> bytes:
    """The graph as bytes (UTF-8, lines end in LF), without duplicates.

    Order: by code point, of whole lines in N-Triples and N-Quads, of subject, predicate
    (`a` first) and object elsewhere. Formats without named graphs hold the merged triples.
    All `prefixes` stand in the header, used or not, so that a new statement changes none.
    Blank nodes are named by RDFC-1.0, and so may all change when one is added.

    :raises UsageError: if `format` is unknown, or RDF/XML cannot hold the graph.

    >>> p, x = NamedNode("http://e.org/p"), NamedNode("http://e.org/x")
    >>> print(serialize([Quad(x, p, Literal(7))], "turtle", {"e": "http://e.org/"}).decode(), end="")
    @prefix e: <http://e.org/> .
    <BLANKLINE>
    e:x
        e:p 7 ;
    .
    """
    kind = format_of(format) if isinstance(format, str) else format
    if not kind.supports_datasets:
        quads = (Quad(q.subject, q.predicate, q.object) for q in quads)
    return _WRITERS[kind](_canonical(quads), prefixes)


def _canonical(quads: Iterable[Quad]) -> list[Quad]:
    """`quads` sorted and without duplicates, blank nodes named for what they are."""
    unique = set(quads)
    if any(map(_has_blank, unique)):
        dataset = ox.Dataset(unique)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        unique = set(dataset)
    return sorted(unique, key=_order)


def _has_blank(quad: Quad | Triple) -> bool:
    terms = (quad.subject, quad.object, getattr(quad, "graph_name", None))
    return any(isinstance(t, BlankNode) or (isinstance(t, Triple) and _has_blank(t)) for t in terms)


def _order(quad: Quad) -> tuple[str, str, str, str]:
    """Graph, subject, predicate and object; the default graph and `a` come first."""
    graph = "" if isinstance(quad.graph_name, DefaultGraph) else _name(quad.graph_name)
    predicate = "" if quad.predicate == _TYPE else quad.predicate.value
    return graph, _name(quad.subject), predicate, str(quad.object)


def _name(term: Term) -> str:
    """What a term is sorted by: an IRI without its brackets, so that `case/a` precedes `case/a/b`."""
    return term.value if isinstance(term, NamedNode) else str(term)


# --- lines -------------------------------------------------------------------------------


def _lines(quads: list[Quad], _prefixes: Prefixes) -> bytes:
    """N-Triples and N-Quads, in the canonical form of RDF 1.2, the lines sorted."""
    return "".join(sorted(f"{quad} .\n" for quad in quads)).encode()


def _turtle(quads: list[Quad], prefixes: Prefixes) -> bytes:
    """Turtle and TriG: the header, the default graph, then a block for each named graph."""
    usable = {name: space for name, space in sorted(prefixes.items()) if _PREFIX.fullmatch(name)}
    longest_first = sorted(usable.items(), key=lambda item: -len(item[1]))
    # Subjects and predicates come again and again: each is written once.
    short = cache(partial(_short, spaces=longest_first))
    out = [f"@prefix {name}: {NamedNode(space)} ." for name, space in usable.items()]
    for graph, members in groupby(quads, key=lambda q: q.graph_name):
        blocks = _blocks(members, short)
        named = not isinstance(graph, DefaultGraph)
        out += ["", f"{short(graph)} {{", *blocks, "}"] if named else blocks
    return "".join(line + "\n" for line in out).encode()


def _blocks(quads: Iterable[Quad], short: Callable[[Term], str]) -> Iterator[str]:
    """A block for each subject; the dot stands alone, so that no statement is the last one."""
    for subject, members in groupby(quads, key=lambda q: q.subject):
        yield from ("", short(subject))
        for quad in members:
            verb = "a" if quad.predicate == _TYPE else short(quad.predicate)
            yield f"    {verb} {short(quad.object)} ;"
        yield "."


def _short(term: Term, spaces: list[tuple[str, str]]) -> str:
    """The Turtle form of a term: a prefixed name or a bare number wherever that is safe."""
    if isinstance(term, NamedNode):
        return _short_iri(term, spaces)
    if isinstance(term, Triple):
        return f"<<( {term} )>>"
    if not isinstance(term, Literal) or term.language is not None or term.datatype == _STRING:
        return str(term)
    if term.datatype in (INTEGER, DECIMAL) and canonical_number(term.value) == term:
        # Readers go through a decimal type that turns 0.0000001 into 1E-7.
        return term.value if "0.00000" not in term.value else f'"{term.value}"^^{_short(DECIMAL, spaces)}'
    if term.datatype == BOOLEAN and term.value in ("true", "false"):
        return term.value
    return f"{Literal(term.value)}^^{_short_iri(term.datatype, spaces)}"


def _short_iri(iri: NamedNode, spaces: list[tuple[str, str]]) -> str:
    """The prefixed name, if its local part needs no escapes (readers differ on those), else the IRI."""
    for prefix, space in spaces:
        if iri.value.startswith(space) and _LOCAL.fullmatch(iri.value, len(space)):
            return f"{prefix}:{iri.value[len(space) :]}"
    return str(iri)


# --- JSON-LD -----------------------------------------------------------------------------


def _jsonld(quads: list[Quad], _prefixes: Prefixes) -> bytes:
    """Expanded JSON-LD, a value a line."""
    import json

    try:
        found = json.loads(ox.serialize(quads, format=RdfFormat.JSON_LD) or b"[]")
    except OSError as exc:
        raise UsageError.at(None, str(exc), _ANOTHER) from exc
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


# --- RDF/XML -----------------------------------------------------------------------------

_RESERVED = {
    *(RDF + name for name in ("Description", "RDF", "ID", "about", "parseType", "resource", "nodeID")),
    *(RDF + name for name in ("datatype", "li", "aboutEach", "aboutEachPrefix", "bagID")),
}


def _rdfxml(quads: list[Quad], prefixes: Prefixes) -> bytes:
    """RDF/XML without abbreviations; pyoxigraph's own is not always well-formed.

    :raises UsageError: if XML cannot hold the graph, with every property and text at fault.
    """
    if faults := list(dict.fromkeys(_not_xml(quads))):
        raise UsageError.all(Fault(None, what, _ANOTHER) for what in faults)
    spaces = {p: s for p, s in prefixes.items() if _PREFIX.fullmatch(p) and not p.lower().startswith("xml")}
    spaces = dict(sorted({**spaces, "rdf": RDF}.items()))
    out = ['<?xml version="1.0" encoding="UTF-8"?>', "<rdf:RDF"]
    out += [f"  xmlns{':' if prefix else ''}{prefix}={_attribute(space)}" for prefix, space in spaces.items()]
    out.append(">")
    for subject, members in groupby(quads, key=lambda q: q.subject):
        out.append(f"<rdf:Description {_node('about', subject)}>")
        out += [_property(quad, spaces) for quad in members]
        out.append("</rdf:Description>")
    return "".join(line + "\n" for line in [*out, "</rdf:RDF>"]).encode()


def _not_xml(quads: list[Quad]) -> Iterator[str]:
    """What in `quads` RDF/XML cannot hold."""
    for quad in quads:
        name, value = quad.predicate.value, quad.object
        if not _NAME_END.search(name) or name in _RESERVED:
            yield f"RDF/XML cannot hold the property <{name}>: it does not end in a name"
        if isinstance(value, Triple) or (isinstance(value, Literal) and value.direction):
            yield f"RDF/XML cannot hold the value {value}"
        elif isinstance(value, Literal) and (odd := NOT_XML.search(value.value)):
            yield f"RDF/XML cannot hold the character U+{ord(odd[0]):04X} in a text of {quad.subject}"


def _property(quad: Quad, spaces: Prefixes) -> str:
    """The element of one statement, on one line."""
    name, declared = _element(quad.predicate.value, spaces)
    value = quad.object
    if not isinstance(value, Literal):
        return f"  <{name}{declared} {_node('resource', value)}/>"
    kind = f" xml:lang={_attribute(value.language)}" if value.language else ""
    if not value.language and value.datatype != _STRING:
        kind = f" rdf:datatype={_attribute(value.datatype.value)}"
    return f"  <{name}{declared}{kind}>{_escaped(value.value)}</{name}>"


def _element(iri: str, spaces: Prefixes) -> tuple[str, str]:
    """The element's name for a property, and the namespace it has to declare for itself."""
    for prefix, space in spaces.items():
        if iri.startswith(space) and (match := _NAME_END.match(iri, len(space))):
            return (f"{prefix}:{match[0]}" if prefix else match[0]), ""
    match = _NAME_END.search(iri)
    start = match.start() if match else len(iri)
    return f"ns:{iri[start:]}", f" xmlns:ns={_attribute(iri[:start])}"


def _node(attribute: str, term: Term) -> str:
    """The attribute that names a node: `rdf:about` or `rdf:resource`, `rdf:nodeID` for a blank one."""
    if isinstance(term, BlankNode):
        return f'rdf:nodeID="{term.value}"'
    return f"rdf:{attribute}={_attribute(_name(term))}"


def _attribute(text: str) -> str:
    return '"' + _escaped(text).replace('"', "&quot;") + '"'


def _escaped(text: str) -> str:
    """Text for XML, on one line: parsers turn a bare carriage return into a line feed."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")


_WRITERS: dict[RdfFormat, Callable[[list[Quad], Prefixes], bytes]] = {
    RdfFormat.TURTLE: _turtle,
    RdfFormat.TRIG: _turtle,
    RdfFormat.N_TRIPLES: _lines,
    RdfFormat.N_QUADS: _lines,
    RdfFormat.JSON_LD: _jsonld,
    RdfFormat.RDF_XML: _rdfxml,
}
