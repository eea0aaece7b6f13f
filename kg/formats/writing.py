"""Quads to bytes: the same bytes for the same graph, whatever the order, the machine or the hash seed.

All but JSON-LD are written here: the serialisers at hand let two statements share a line,
or end the last one differently, so that adding a statement rewrites lines. Here every
statement has a line of its own, and no other line depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
Row: TypeAlias = tuple[str, str, str, str]

KEPT = 100_000
"""How many lines are remembered: many subjects are of the same class."""

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
        quads = (q if _is_default(q) else Quad(q.subject, q.predicate, q.object) for q in quads)
    return _WRITERS[kind](_canonical(quads), prefixes)


def _canonical(quads: Iterable[Quad]) -> Collection[Quad]:
    """`quads` without duplicates, blank nodes named for what they are.

    They stay in their order: what is made one after the other is read quicker so.
    """
    unique = dict.fromkeys(quads)
    if not any(_has_blank(quad) for quad in unique if "_:" in str(quad)):
        return unique
    dataset = ox.Dataset(unique)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def _has_blank(quad: Quad | Triple) -> bool:
    return any(isinstance(t, BlankNode) or (isinstance(t, Triple) and _has_blank(t)) for t in quad)


def _order(quad: Quad) -> Row:
    """Graph, subject, predicate and object as N-Triples, ready to be sorted.

    The default graph and rdf:type are "", and so first; IRIs of graph and subject have no
    brackets, so that `case/a` precedes `case/a/b`.
    """
    graph, text = _parts(quad)
    subject, predicate, value = text.split(" ", 2)
    return graph, _bare(subject), "" if predicate == str(_TYPE) else predicate, value


def _parts(quad: Quad) -> tuple[str, str]:
    """The graph as above, and the statement as N-Triples: a quad is quicker written than taken apart."""
    return ("", str(quad)) if _is_default(quad) else (_bare(str(quad.graph_name)), str(quad.triple))


def _is_default(quad: Quad) -> bool:
    return type(quad.graph_name) is DefaultGraph


def _bare(term: str) -> str:
    return term[1:-1] if term[0] == "<" else term


# --- lines -------------------------------------------------------------------------------


def _lines(quads: Collection[Quad], _prefixes: Prefixes) -> bytes:
    """N-Triples and N-Quads, in the canonical form of RDF 1.2, the lines sorted."""
    return "".join(sorted(f"{quad} .\n" for quad in quads)).encode()


# --- Turtle and TriG ---------------------------------------------------------------------


def _turtle(quads: Collection[Quad], prefixes: Prefixes) -> bytes:
    """The header, the default graph, then a block for each named graph."""
    usable = {name: space for name, space in sorted(prefixes.items()) if _PREFIX.fullmatch(name)}
    longest_first = sorted(usable.items(), key=lambda item: -len(item[1]))
    # Graphs, subjects and predicates come again and again: each is shortened once.
    short = cache(partial(_short, spaces=longest_first))
    out = [f"@prefix {name}: {NamedNode(space)} ." for name, space in usable.items()]
    graphs: dict[str, dict[str, list[str]]] = {}
    is_type = f"{_TYPE} "
    for graph, text in map(_parts, quads):
        subject, _, rest = text.partition(" ")
        said = rest.removeprefix(is_type[:-1]) if rest.startswith(is_type) else rest
        graphs.setdefault(graph, {}).setdefault(_bare(subject), []).append(said)
    said_of = _Said(short)
    for graph, subjects in sorted(graphs.items()):
        blocks = _blocks(subjects, short, said_of)
        out += ["", f"{short(graph)} {{", *blocks, "}"] if graph else blocks
    return "".join(line + "\n" for line in out).encode()


def _blocks(
    subjects: Mapping[str, list[str]], short: Callable[[str], str], said: Mapping[str, str]
) -> Iterator[str]:
    """A block for each subject; the dot stands alone, so that no statement is the last one."""
    for subject in sorted(subjects):
        yield from ("", short(subject))
        yield from map(said.__getitem__, sorted(subjects[subject]))
        yield "."


class _Said(dict[str, str]):
    """The lines of what is said of subjects, by predicate and object as N-Triples; without `rdf:type`."""

    def __init__(self, short: Callable[[str], str]) -> None:
        self._short = short

    def __missing__(self, said: str) -> str:
        predicate, _, value = said.partition(" ")
        line = f"    {self._short(_bare(predicate)) if predicate else 'a'} {_value(value, self._short)} ;"
        if len(self) < KEPT:
            self[said] = line
        return line


def _value(term: str, short: Callable[[str], str]) -> str:
    """The Turtle form of an object: a prefixed name or a bare number wherever that is safe."""
    if term[0] == '"' and term[-1] == ">":
        text, _, kind = term[1:-1].rpartition('"^^<')
        return text if _is_bare(text, kind) else f'"{text}"^^{short(kind)}'
    if term[0] == "<" and not term.startswith("<<"):
        return short(term[1:-1])
    return term


def _is_bare(text: str, kind: str) -> bool:
    """Whether a literal may stand without quotes and datatype.

    Tiny decimals may not: some readers go through a type that makes 1E-7 of 0.0000001.
    """
    if kind in (INTEGER.value, DECIMAL.value):
        return canonical_number(text) == Literal(text, datatype=NamedNode(kind)) and "0.00000" not in text
    return kind == BOOLEAN.value and text in ("true", "false")


def _short(name: str, spaces: list[tuple[str, str]]) -> str:
    """The prefixed name, if its local part needs no escapes (readers differ on those), else the IRI."""
    if name.startswith("_:"):
        return name
    for prefix, space in spaces:
        if name.startswith(space) and _LOCAL.fullmatch(name, len(space)):
            return f"{prefix}:{name[len(space) :]}"
    return f"<{name}>"


# --- JSON-LD -----------------------------------------------------------------------------


def _jsonld(quads: Collection[Quad], _prefixes: Prefixes) -> bytes:
    """Expanded JSON-LD, a value a line."""
    import json

    from kg.formats import indented

    try:
        found = json.loads(ox.serialize(sorted(quads, key=_order), format=RdfFormat.JSON_LD) or b"[]")
    except OSError as exc:
        raise UsageError.at(None, str(exc), _ANOTHER) from exc
    return (indented.dumps(found) + "\n").encode()


# --- RDF/XML -----------------------------------------------------------------------------

_RESERVED = {
    *(RDF + name for name in ("Description", "RDF", "ID", "about", "parseType", "resource", "nodeID")),
    *(RDF + name for name in ("datatype", "li", "aboutEach", "aboutEachPrefix", "bagID")),
}


def _rdfxml(quads: Collection[Quad], prefixes: Prefixes) -> bytes:
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
    for subject, members in groupby(sorted(quads, key=_order), key=lambda q: q.subject):
        out.append(f"<rdf:Description {_node('about', subject)}>")
        out += [_property(quad, spaces) for quad in members]
        out.append("</rdf:Description>")
    return "".join(line + "\n" for line in [*out, "</rdf:RDF>"]).encode()


def _not_xml(quads: Iterable[Quad]) -> Iterator[str]:
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
    return f"rdf:{attribute}={_attribute(_bare(str(term)))}"


def _attribute(text: str) -> str:
    return '"' + _escaped(text).replace('"', "&quot;") + '"'


def _escaped(text: str) -> str:
    """Text for XML, on one line: parsers turn a bare carriage return into a line feed."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")


_WRITERS: dict[RdfFormat, Callable[[Collection[Quad], Prefixes], bytes]] = {
    RdfFormat.TURTLE: _turtle,
    RdfFormat.TRIG: _turtle,
    RdfFormat.N_TRIPLES: _lines,
    RdfFormat.N_QUADS: _lines,
    RdfFormat.JSON_LD: _jsonld,
    RdfFormat.RDF_XML: _rdfxml,
}
