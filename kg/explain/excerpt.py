"""A part of a graph as Turtle that people read: what has no name stands inside of what has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.names import RDF, XSD
from kg.shapes.triples import TYPE, Object, Subject, Triples
from kg.shapes.vocabulary import sh

WORDS = frozenset(map(sh, ("name", "message", "description")))
PLAIN = {XSD + "integer": r"[+-]?\d+", XSD + "decimal": r"[+-]?\d*\.\d+", XSD + "boolean": "true|false"}
LOCAL = re.compile(r"[A-Za-z0-9_](?:[\w.-]*[\w-])?", re.ASCII)
WIDTH = 90
STEP = "    "


def shape_text(shape: Subject, shapes: Triples, prefixes: Mapping[str, str]) -> str:
    """The shape without its words, which are told elsewhere.

    >>> from pyoxigraph import RdfFormat, parse
    >>> turtle = b'''prefix : <http://e/> prefix sh: <http://www.w3.org/ns/shacl#>
    ... :S sh:path :size ; sh:in ( 1 2 ) ; sh:not [ sh:class :Big ] ; sh:message "is 1 or 2"@en .'''
    >>> print(shape_text(NamedNode("http://e/S"), Triples(parse(turtle, RdfFormat.TURTLE)), {"": "http://e/"}))
    :S
        <http://www.w3.org/ns/shacl#in> ( 1 2 ) ;
        <http://www.w3.org/ns/shacl#not> [ <http://www.w3.org/ns/shacl#class> :Big ] ;
        <http://www.w3.org/ns/shacl#path> :size .
    """
    own = {p: vs for p, vs in shapes.properties(shape).items() if p not in WORDS}
    return Writer(shapes, prefixes).subject(shape, own)


class Writer:
    """Writes nodes of a graph."""

    def __init__(self, graph: Triples, prefixes: Mapping[str, str]) -> None:
        self._graph = graph
        self._spaces = sorted(((iri, name) for name, iri in prefixes.items()), reverse=True)

    def subject(self, node: Subject, properties: Mapping[NamedNode, list[Object]]) -> str:
        """The node with its properties, one a line."""
        lines = list(self._properties(properties, STEP, (node,)))
        name = "[]" if isinstance(node, BlankNode) else self._term(node)
        return f"{name}\n{STEP}" + f" ;\n{STEP}".join(lines) + " ."

    def _properties(
        self, properties: Mapping[NamedNode, list[Object]], indent: str, above: tuple[Object, ...]
    ) -> Iterator[str]:
        for prop, values in sorted(properties.items(), key=lambda item: (item[0] != TYPE, item[0].value)):
            said = sorted(self._value(value, indent + STEP, above) for value in values)
            name = "a" if prop == TYPE else self._term(prop)
            short = sum(map(len, said)) + 3 * len(said) + len(name) + len(indent) <= WIDTH
            yield f"{name} " + (" , " if short or len(said) == 1 else f" ,\n{indent}{STEP}").join(said)

    def _value(self, value: Object, indent: str, above: tuple[Object, ...]) -> str:
        if not isinstance(value, BlankNode):
            return self._term(value)
        if value in above:
            return "[]"
        above = (*above, value)
        if self._graph.is_list(value):
            members = [self._value(member, indent + STEP, above) for member in self._members(value)]
            return _joined("(", members, ")", "", indent)
        inner = list(self._properties(self._graph.properties(value), indent, above))
        return _joined("[", inner, "]", " ;", indent)

    def _members(self, head: Object) -> list[Object]:
        try:
            return self._graph.items(head)
        except ValueError:
            return []

    def _term(self, term: Object) -> str:
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        if isinstance(term, Literal):
            datatype = term.datatype.value
            if re.fullmatch(PLAIN.get(datatype, "(?!)"), term.value):
                return term.value
            text = str(Literal(term.value))
            if term.language:
                return f"{text}@{term.language}"
            return text if datatype == XSD + "string" else f"{text}^^{self._iri(datatype)}"
        return str(term)

    def _iri(self, iri: str) -> str:
        for space, name in self._spaces:
            if iri.startswith(space) and LOCAL.fullmatch(iri.removeprefix(space)):
                return f"{name}:{iri.removeprefix(space)}"
        return f"<{iri}>" if iri != RDF + "nil" else "()"


def _joined(start: str, parts: Iterable[str], end: str, between: str, indent: str) -> str:
    """The parts on one line where they fit, else each on its own."""
    parts = list(parts)
    line = f"{start} {f'{between} '.join(parts)} {end}" if parts else f"{start}{end}"
    if len(indent) + len(line) <= WIDTH and "\n" not in line:
        return line
    return f"{start}\n{indent}" + f"{between}\n{indent}".join(parts) + f" {end}"
