"""RDF/XML → the statements that it seems to make, and where each stands.

What is said of nodes without an IRI is left out, and so are lists and numbered members. The parser's word
decides which of the statements are so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urldefrag, urljoin

from pyoxigraph import Literal, NamedNode

from kg.formats.statements import Spot, Statement
from kg.names import RDF

XML = "http://www.w3.org/XML/1998/namespace"
DESCRIPTION, ROOT = RDF + "Description", RDF + "RDF"
TYPE = NamedNode(RDF + "type")
SYNTAX = frozenset(RDF + name for name in ("about", "ID", "nodeID", "resource", "datatype", "parseType"))
_RESOURCE = re.compile(r"""\bresource\s*=\s*["']""")


class _Kind(Enum):
    NODES = "holds elements of nodes"
    NODE = "is a node, and holds elements of properties"
    PROPERTY = "is a property, and holds its value"
    OTHER = "is not followed"


@dataclass(slots=True)
class _Frame:
    """An open element: its subject and property with their offsets, and what holds for all within it."""

    kind: _Kind
    base: str
    lang: str
    subject: Spot = (None, -1)
    prop: Spot = (None, -1)
    datatype: str = ""
    text: list[str] = field(default_factory=list)
    text_at: int = -1
    valued: bool = False


def statements(text: str, base: str | None = None) -> list[Statement]:
    """The statements of a text that is well-formed XML, of which no entity stands elsewhere.

    >>> rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    >>> text = f'<e:Thing xmlns:e="http://e/" xmlns:r="{rdf}" r:about="http://e/a"><e:p>x</e:p></e:Thing>'
    >>> for (s, at), (p, p_at), (o, o_at) in statements(text):
    ...     print(at, s, p_at, p, o_at, o)
    0 <http://e/a> 0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> 0 <http://e/Thing>
    0 <http://e/a> 104 <http://e/p> 109 "x"
    """
    from xml.parsers import expat

    reader = expat.ParserCreate("utf-8", "")
    scan = _Scan(text, base or "")

    def opened(name: str, attributes: Mapping[str, str]) -> None:
        scan.open(name, attributes, reader.CurrentByteIndex)

    def said(words: str) -> None:
        scan.say(words, reader.CurrentByteIndex)

    reader.StartElementHandler, reader.CharacterDataHandler = opened, said
    reader.EndElementHandler = lambda _name: scan.close()
    reader.Parse(scan.data, True)
    return scan.found


class _Scan:
    """Elements → statements. Names are namespace and local name in one, as RDF/XML joins them."""

    def __init__(self, text: str, base: str) -> None:
        self.text, self.data = text, text.encode()
        self.found: list[Statement] = []
        self._frames = [_Frame(_Kind.NODES, base, "")]
        self._bytes, self._characters = 0, 0

    def open(self, name: str, attributes: Mapping[str, str], at: int) -> None:
        """An element begins."""
        above, offset = self._frames[-1], self._offset(at)
        base = urljoin(above.base, attributes[XML + "base"]) if XML + "base" in attributes else above.base
        frame = _Frame(_Kind.OTHER, base, attributes.get(XML + "lang", above.lang))
        self._frames.append(frame)
        if above.kind is _Kind.NODES and name == ROOT:
            frame.kind = _Kind.NODES
        elif above.kind in (_Kind.NODES, _Kind.PROPERTY):
            self._node(frame, above, name, attributes, offset)
        elif above.kind is _Kind.NODE:
            self._property(frame, above, name, attributes, offset)

    def say(self, words: str, at: int) -> None:
        """Text stands within an element."""
        frame = self._frames[-1]
        if frame.kind is _Kind.PROPERTY:
            if frame.text_at < 0 and words.strip():
                frame.text_at = self._offset(at) + len(words) - len(words.lstrip())
            frame.text.append(words)

    def close(self) -> None:
        """An element ends: a property that held no node has a text for its value."""
        frame = self._frames.pop()
        if frame.kind is _Kind.PROPERTY and not frame.valued:
            value = _literal("".join(frame.text), frame)
            self._state(frame, value, frame.text_at if frame.text_at >= 0 else frame.prop[1])

    def _node(self, frame: _Frame, above: _Frame, name: str, attributes: Mapping[str, str], at: int) -> None:
        frame.kind, frame.subject = _Kind.NODE, (_subject(attributes, frame.base), at)
        if above.kind is _Kind.PROPERTY:
            above.valued = True
            self._state(above, frame.subject[0], at)
        kind = _iri(name, "") if name != DESCRIPTION else None
        self.found.append((frame.subject, (TYPE if kind else None, at), (kind, at)))
        for key, value in attributes.items():
            if not key.startswith(XML) and key not in SYNTAX:
                said = _iri(value, frame.base) if key == TYPE.value else _literal(value, frame)
                self.found.append((frame.subject, (_iri(key, ""), at), (said, at)))

    def _property(
        self, frame: _Frame, above: _Frame, name: str, attributes: Mapping[str, str], at: int
    ) -> None:
        frame.subject, frame.prop = above.subject, (_iri(name, ""), at)
        frame.datatype = attributes.get(RDF + "datatype", "")
        kinds = {"Resource": _Kind.NODE, "Collection": _Kind.NODES, None: _Kind.PROPERTY}
        frame.kind = kinds.get(attributes.get(RDF + "parseType"), _Kind.OTHER)
        if frame.kind is not _Kind.PROPERTY:
            self._state(frame, None, at)
            frame.subject = (None, -1)
        elif RDF + "resource" in attributes:
            frame.valued = True
            written = _RESOURCE.search(self.text, at)
            self._state(
                frame, _iri(attributes[RDF + "resource"], frame.base), written.end() if written else at
            )

    def _state(self, frame: _Frame, value: NamedNode | Literal | None, at: int) -> None:
        self.found.append((frame.subject, frame.prop, (value, at)))

    def _offset(self, at: int) -> int:
        """Bytes → characters; asked for places that follow each other."""
        if at > self._bytes:
            self._characters += len(self.data[self._bytes : at].decode(errors="replace"))
            self._bytes = at
        return self._characters


def _subject(attributes: Mapping[str, str], base: str) -> NamedNode | None:
    if RDF + "about" in attributes:
        return _iri(attributes[RDF + "about"], base)
    return _iri("#" + attributes[RDF + "ID"], base) if RDF + "ID" in attributes else None


def _iri(written: str, base: str) -> NamedNode | None:
    """The IRI as it is against `base`; None for what is none."""
    try:
        return NamedNode(urljoin(urldefrag(base).url, written) if base else written)
    except ValueError:
        return None


def _literal(text: str, frame: _Frame) -> Literal | None:
    try:
        if frame.datatype:
            return Literal(text, datatype=NamedNode(urljoin(frame.base, frame.datatype)))
        return Literal(text, language=frame.lang) if frame.lang else Literal(text)
    except ValueError:
        return None
