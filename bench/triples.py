"""What a case says, as N-Triples: a second, small reader of the same form, by the same table of keys.

It knows no places and refuses nothing, for what it reads was made here, which makes it many times as fast; a
test holds it equal to what `kg` reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg import dates, formats
from kg.context import Entry, Kind
from kg.names import OA, RDF, XSD, Names, shared, term
from kg.ontology import Ontology

TYPE = f" <{RDF}type> "
_CACHED = 50_000
"""Most values that are kept as triples; codes and dates come up again and again."""


class Writer:
    """Writes cases, sources and shared entities by the keys of one ontology, each triple a line."""

    def __init__(self, ontology: Ontology, names: Names) -> None:
        self._ontology, self._names = ontology, names
        self._entries = ontology.context.entries
        self._maps = tuple(f"{key}/" for key in ontology.context.maps)
        self._cache: dict[tuple[str, Any], tuple[str, ...]] = {}
        self._classes: dict[str, str] = {}
        self._defaults: dict[str, list[tuple[frozenset[str], str]]] = {}

    def case(self, body: Mapping[str, Any]) -> list[str]:
        """The triples of a case, each once."""
        return _Document(self, self._names.case(body["id"]).value, body).lines("case")

    def source(self, body: Mapping[str, Any]) -> list[str]:
        """The triples of the description of a source."""
        return _Document(self, self._names.source(body["id"]).value, body).lines("source")

    def entity(self, body: Mapping[str, Any]) -> list[str]:
        """The triples of a shared entity, whose `kind` says what it is."""
        return _Document(self, shared(body["id"]).value, body).lines("")

    # --- what the ontology says

    def root(self, kind: str) -> str:
        """The class of documents of a kind."""
        cls = self._ontology.root(kind)
        return cls.value if cls else ""

    def range(self, entry: Entry) -> str:
        """The class of the nodes of a map."""
        cls = self._ontology.range(entry.property)
        assert cls, entry.key
        return cls.value

    def named(self, text: str) -> str:
        """The class that a `kind` names."""
        if text not in self._classes:
            node = self._ontology.context.class_named(text)
            assert node, text
            self._classes[text] = node.value
        return self._classes[text]

    def defaults(self, cls: str) -> list[tuple[frozenset[str], str]]:
        """For each property of the class with a default, the keys that keep it away, and what it says."""
        if cls not in self._defaults:
            self._defaults[cls] = [
                (frozenset(k for k, e in self._entries.items() if e.property == p), f" {p} {value} .\n")
                for p, value in self._ontology.defaults(cls)
            ]
        return self._defaults[cls]

    def entry(self, key: str) -> Entry:
        """What a key means."""
        return self._entries[key]

    def source_iri(self, name: str) -> str:
        """The IRI of a source."""
        return self._names.source(name).value

    # --- values

    def said(self, entry: Entry, value: Any, root: str) -> tuple[str, ...]:
        """` property value .` for one value; for a date also the days that it allows."""
        key = (entry.key, value)
        if found := self._cache.get(key):
            return found
        if entry.kind is Kind.REFERENCE and (own := self._own(entry, value, root)):
            return (f" <{entry.property.value}> <{own}> .\n",)
        found = tuple(f" {prop} {term} .\n" for prop, term in self._terms(entry, value))
        if len(self._cache) < _CACHED:
            self._cache[key] = found
        return found

    def _own(self, entry: Entry, text: str, root: str) -> str:
        """The IRI of a node of the case itself, or of a source; "" for what many cases refer to."""
        if entry.base == "source/":
            return self.source_iri(text)
        return f"{root}/{text}" if text.startswith(self._maps) else ""

    def _terms(self, entry: Entry, value: Any) -> list[tuple[Any, str]]:
        prop = entry.property
        match entry.kind:
            case Kind.CODE:
                return [(prop, f"<{entry.base}{value}>")]
            case Kind.REFERENCE:
                return [(prop, f"<{entry.base}{value}>" if entry.base else str(shared(value)))]
            case Kind.EDTF:
                bounds = zip(self._ontology.bounds(prop), dates.bounds(value), strict=True)
                days = [(p, f'"{day.isoformat()}"^^<{XSD}date>') for p, day in bounds if p and day]
                return [(prop, f'"{value}"'), *days]
            case _:
                return [(prop, _literal(entry, value))]


def _literal(entry: Entry, value: Any) -> str:
    """A number, a typed literal, or a text, which also stands where a number should be and is none."""
    if entry.kind is Kind.NUMBER or entry.datatype == XSD + "integer":
        return str(formats.canonical_number(str(value)) or f'"{escaped(str(value))}"')
    if entry.datatype in (None, "", XSD + "string"):
        return f'"{escaped(value)}"'
    return f'"{escaped(value)}"^^<{entry.datatype}>'


def escaped(text: str) -> str:
    """Text as it stands between the quotes of N-Triples.

    >>> escaped('a "b"')
    'a \\\\"b\\\\"'
    """
    if '"' in text or "\\" in text or "\n" in text:
        return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return text


class _Document:
    """Walks one document."""

    def __init__(self, writer: Writer, root: str, body: Mapping[str, Any]) -> None:
        self._writer, self._root, self._body = writer, root, body
        self._cited: set[tuple[int, int]] = set()
        self._lines: list[str] = []

    def lines(self, kind: str) -> list[str]:
        """All that it says."""
        self._node(self._root, self._body, self._writer.root(kind) if kind else "")
        return self._lines

    def _node(self, node: str, body: Mapping[str, Any], cls: str) -> None:
        subject, add, writer = f"<{node}>", self._lines.append, self._writer
        if "kind" in body:
            cls = writer.named(body["kind"])
        add(f"{subject}{TYPE}<{cls}> .\n")
        for key, value in body.items():
            entry = writer.entry(key)
            match entry.kind:
                case Kind.MAP:
                    self._map(node, entry, value)
                case Kind.LANGUAGE:
                    for language, text in value.items():
                        add(f'{subject} <{entry.property.value}> "{escaped(text)}"@{language} .\n')
                case Kind.EVIDENCE:
                    self._evidence(subject, entry, value)
                case Kind.ID | Kind.CLASS:
                    pass
                case _:
                    for each in value if isinstance(value, list) else (value,):
                        self._lines.extend([subject + said for said in writer.said(entry, each, self._root)])
        for keys, said in writer.defaults(cls):
            if keys.isdisjoint(body):
                add(subject + said)

    def _map(self, node: str, entry: Entry, value: Mapping[str, Any]) -> None:
        cls = self._writer.range(entry)
        for key, body in value.items():
            child = f"{node}/{entry.key}/{key}"
            self._lines.append(f"<{node}> <{entry.property.value}> <{child}> .\n")
            self._node(child, body, cls)

    def _evidence(self, subject: str, entry: Entry, value: Any) -> None:
        for each in value if isinstance(value, list) else (value,):
            start, end = each["at"]
            source = self._body["sources"][0]
            node = f"{self._root}/evidence/{source}-{start}-{end}"
            self._lines.append(f"{subject} <{entry.property.value}> <{node}> .\n")
            if (start, end) not in self._cited:
                self._cited.add((start, end))
                self._lines.extend(self._passage(node, source, start, end, each["quote"]))

    def _passage(self, node: str, source: str, start: int, end: int, quote: str) -> tuple[str, ...]:
        return (
            f"<{node}>{TYPE}{_EVIDENCE} .\n",
            f"<{node}> <{OA}hasSource> <{self._writer.source_iri(source)}> .\n",
            f"<{node}> <{OA}hasSelector> <{node}/position> .\n",
            f"<{node}> <{OA}hasSelector> <{node}/quote> .\n",
            f"<{node}/position>{TYPE}<{OA}TextPositionSelector> .\n",
            f'<{node}/position> <{OA}start> "{start}"^^<{XSD}integer> .\n',
            f'<{node}/position> <{OA}end> "{end}"^^<{XSD}integer> .\n',
            f"<{node}/quote>{TYPE}<{OA}TextQuoteSelector> .\n",
            f'<{node}/quote> <{OA}exact> "{escaped(quote)}" .\n',
        )


_EVIDENCE = str(term("Evidence"))
