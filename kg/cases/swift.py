"""Lines of JSON → N-Quads, for cases by the thousand: what is in order is read here, and nothing else.

The same quads as `kg.cases.walk` gives, in a tenth of the time: keys are looked up in a plan that
is made once of the context, terms are written as text, and no places are kept. Whatever is
unusual, faults above all, is left to the exact reader: then `Swift.read` gives None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.cases.evidence import KEYS
from kg.cases.usual import UnusualError, load, span, text_of, texts, unusual
from kg.cases.values import Values, Wrong
from kg.context import Entry, Kind
from kg.errors import KGError
from kg.names import CG, DCTERMS, ID, OA, RDF, XSD, is_key
from kg.sources import too_long

MAX_MAPS = 8
MAX_CACHED = 200_000
MAX_KEY = 300

_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f]')
_TYPE = f"<{RDF}type>"
_INTEGER = f"<{XSD}integer>"
_EVIDENCE = f" {_TYPE} <{CG}Evidence>"


@dataclass(frozen=True, slots=True)
class Plain:
    """A case without a fault: id, quads as lines of N-Quads, the shared nodes and sources that it uses.

    `terms` are the properties and classes in it.
    """

    id: str
    lines: list[str]
    uses: frozenset[str]
    terms: frozenset[str]


def quoted(text: str) -> str:
    """`text` as N-Quads have it, in quotes.

    >>> print(quoted('a "b"'))
    "a \\"b\\""
    """
    return str(Literal(text)) if _ESCAPED.search(text) else f'"{text}"'


Step = Callable[[str, str, Any], None]
"""States what a value says of a node; takes the node, its path in the case, and the value."""


class Swift:
    """Reads lines of JSON, as long as they hold cases in which nothing is unusual."""

    def __init__(self, values: Values) -> None:
        self._values, self._ontology = values, values.ontology
        self._context = values.ontology.context
        self.bases = (ID, values.names.source("").value)
        root = self._ontology.root("case")
        self._root_class = root.value if root else ""
        entries = self._context.entries
        self._id_key = next((key for key, entry in entries.items() if entry.kind is Kind.ID), "id")
        self._class_keys = [key for key, entry in entries.items() if entry.kind is Kind.CLASS]
        self._source_keys = [key for key, e in entries.items() if e.property.value == DCTERMS + "source"]
        self._maps = self._context.maps
        self._gradings = self._ontology.gradings
        self._evidence_keys = {*KEYS, *self._gradings}
        self._cached: dict[tuple[str, str], list[str]] = {}
        self._classes: dict[tuple[str, str], str] = {}
        self._added: dict[tuple[str, ...], list[tuple[frozenset[str], str]]] = {}
        self._homes: dict[str, list[str]] = {}
        self._below: dict[tuple[str, str], bool] = {}
        self._steps = {key: self._step(entry) for key, entry in entries.items() if entry.kind is not Kind.ID}

    def read(self, line: bytes) -> Plain | None:
        """The case in `line`; None where the exact reader has to look at it."""
        try:
            return self._case(load(line))
        except (UnusualError, Wrong, KGError, ValueError, RecursionError):
            return None

    # --- a case

    def _case(self, body: dict[str, Any]) -> Plain:
        id = body.get(self._id_key)
        if not isinstance(id, str) or not is_key(id) or not self._root_class:
            unusual()
        self._lines: list[str] = []
        self._uses: set[str] = set()
        self._paths: dict[str, str] = {}
        self._by_key: dict[tuple[str, str], list[str]] = {}
        self._waiting: list[tuple[str, Entry, str]] = []
        self._quotes: dict[str, str] = {}
        self._stated: set[str] = set()
        self._root = self._values.names.case(id).value
        self._sources = [source for key in self._source_keys if key in body for source in texts(body[key])]
        if not all(map(is_key, self._sources)):
            unusual()
        self._node(self._root, "", body, self._root_class)
        for node, entry, text in self._waiting:
            self._lines.append(f"<{node}> {entry.property} <{self._find(entry, text)}>")
        if len(set(self._lines)) != len(self._lines):
            unusual()  # said twice, which may be a fault
        end = f" {self._values.names.graph('case/' + id)} .\n"
        return Plain(id, [line + end for line in self._lines], frozenset(self._uses), _terms(self._lines))

    def _node(self, node: str, path: str, body: Any, cls: str) -> None:
        """State what the map `body` says of `node`, and the defaults of its classes."""
        if not isinstance(body, dict) or not body or path.count("/") > 2 * MAX_MAPS:
            unusual()
        classes = [
            self._class(text, cls) for key in self._class_keys if key in body for text in texts(body[key])
        ]
        for each in classes or (cls,):
            self._lines.append(f"<{node}> {_TYPE} <{each}>")
        for key, value in body.items():
            if step := self._steps.get(key):
                step(node, path, value)
            elif path or key != self._id_key:
                unusual()
        for keys, stated in self._defaults(tuple(classes) or (cls,)):
            if keys.isdisjoint(body):
                self._lines.append(f"<{node}> {stated}")

    def _class(self, text: str, above: str) -> str:
        if (text, above) not in self._classes:
            self._classes[text, above] = self._values.cls(text, NamedNode(above)).value
        return self._classes[text, above]

    def _defaults(self, classes: tuple[str, ...]) -> list[tuple[frozenset[str], str]]:
        """What is stated of instances of `classes` unless one of certain keys is given."""
        if classes not in self._added:
            found = dict.fromkeys(default for each in classes for default in self._ontology.defaults(each))
            keys = {prop: frozenset(self._context.keys(prop.value)) for prop, _ in found}
            self._added[classes] = [(keys[prop], f"{prop} {value}") for prop, value in found]
        return self._added[classes]

    # --- what a key says

    def _step(self, entry: Entry) -> Step:
        """What to do with the values of a key."""
        match entry.kind:
            case Kind.CLASS:
                return lambda _node, _path, _value: None
            case Kind.MAP:
                return self._map_step(entry)
            case Kind.LANGUAGE:
                return self._language_step(entry)
            case Kind.EVIDENCE:
                return self._evidence_step(entry)
            case Kind.REFERENCE if not entry.base:
                return self._reference_step(entry)
            case Kind.LITERAL if entry.datatype == XSD + "string":
                return self._string_step(entry)
            case _:
                return self._value_step(entry)

    def _map_step(self, entry: Entry) -> Step:
        cls, key, prop = self._ontology.range(entry.property), entry.key, str(entry.property)
        range = cls.value if cls else ""

        def step(node: str, path: str, value: Any) -> None:
            if not isinstance(value, dict) or not value or not range:
                unusual()
            for name, body in value.items():
                if not is_key(name) or len(name) > MAX_KEY:
                    unusual()
                child, inner = f"{node}/{key}/{name}", f"{path}{key}/{name}"
                self._paths[inner] = child
                self._by_key.setdefault((key, name), []).append(inner)
                self._lines.append(f"<{node}> {prop} <{child}>")
                self._node(child, inner + "/", body, range)

        return step

    def _language_step(self, entry: Entry) -> Step:
        prop, languages = str(entry.property), self._values.languages

        def step(node: str, _path: str, value: Any) -> None:
            if not isinstance(value, dict) or not value or not languages.issuperset(value):
                unusual()
            for language, said in value.items():
                for text in texts(said):
                    self._lines.append(f"<{node}> {prop} {quoted(text)}@{language}")

        return step

    def _string_step(self, entry: Entry) -> Step:
        prop = str(entry.property)

        def step(node: str, _path: str, value: Any) -> None:
            for text in texts(value):
                self._lines.append(f"<{node}> {prop} {quoted(text)}")

        return step

    def _reference_step(self, entry: Entry) -> Step:
        prop, maps = str(entry.property), self._maps

        def step(node: str, _path: str, value: Any) -> None:
            for text in texts(value):
                head, slash, _ = text.partition("/")
                if slash and head not in maps:
                    self._lines.append(f"<{node}> {prop} {self._shared(text)}")
                else:
                    self._waiting.append((node, entry, text))

        return step

    def _shared(self, text: str) -> str:
        if not (found := self._cached.get(("", text))):
            found = self._keep("", text, [str(self._values.shared(text))])
        self._uses.add(found[0])
        return found[0]

    def _value_step(self, entry: Entry) -> Step:
        key, read, cached = entry.key, self._values.read, self._cached
        uses = entry.kind is Kind.REFERENCE

        def step(node: str, _path: str, value: Any) -> None:
            for text in texts(value):
                if not (found := cached.get((key, text))):
                    found = self._keep(key, text, [f"{p} {term}" for p, term in read(entry, text)])
                for each in found:
                    self._lines.append(f"<{node}> {each}")
                if uses and (iri := found[0].partition(" ")[2])[1:-1].startswith(self.bases):
                    self._uses.add(iri)

        return step

    def _keep(self, key: str, text: str, found: list[str]) -> list[str]:
        if len(self._cached) >= MAX_CACHED:
            self._cached.clear()
        self._cached[key, text] = found
        return found

    # --- evidence

    def _evidence_step(self, entry: Entry) -> Step:
        prop = str(entry.property)

        def step(node: str, _path: str, value: Any) -> None:
            items = value if isinstance(value, list) else [value]
            for item in items or unusual():
                self._lines.append(f"<{node}> {prop} <{self._evidence(item)}>")

        return step

    def _evidence(self, body: Any) -> str:
        """State one piece of evidence; its node."""
        if not isinstance(body, dict) or not body or not body.keys() <= self._evidence_keys:
            unusual()
        source = text_of(body["source"]) if "source" in body else self._only_source()
        if not is_key(source):
            unusual()
        root, found = f"{self._root}/evidence/{source}", self._values.names.source(source)
        suffix, graded = self._graded(body) if len(body) > 2 else ("", [])
        if "quote" not in body and "at" not in body:
            node = root + suffix
            if self._is_new(node):
                self._source(node, str(found), graded)
            return node
        quote, (start, end) = text_of(body.get("quote")), span(body.get("at"))
        if source not in self._sources or len(quote) != int(end) - int(start) or too_long(quote):
            unusual()
        place = f"{root}-{start}-{end}"
        if self._quotes.setdefault(place, quote) != quote:
            unusual()
        node = place + suffix
        if self._is_new(node):
            self._source(node, str(found), graded)
            self._selectors(node, quote, start, end)
        return node

    def _only_source(self) -> str:
        return self._sources[0] if len(self._sources) == 1 else unusual()

    def _is_new(self, node: str) -> bool:
        """Whether the evidence has not been stated yet."""
        if new := node not in self._stated:
            self._stated.add(node)
        return new

    def _graded(self, body: dict[str, Any]) -> tuple[str, list[str]]:
        """What the codes of a piece of evidence add to its name, and what they state of it."""
        given = [(key, entry, text_of(body[key])) for key, entry in self._gradings.items() if key in body]
        suffix = "".join(f"-{key}-{text}" for key, _, text in given)
        return suffix, [f"{entry.property} {self._values.code(entry, text)}" for _, entry, text in given]

    def _source(self, node: str, source: str, graded: list[str]) -> None:
        self._uses.add(source)
        self._lines += (f"<{node}>{_EVIDENCE}", f"<{node}> <{OA}hasSource> {source}")
        self._lines += [f"<{node}> {each}" for each in graded]

    def _selectors(self, node: str, quote: str, start: str, end: str) -> None:
        position, words = f"<{node}/position>", f"<{node}/quote>"
        self._lines += (
            f"<{node}> <{OA}hasSelector> {position}",
            f"{position} {_TYPE} <{OA}TextPositionSelector>",
            f'{position} <{OA}start> "{start}"^^{_INTEGER}',
            f'{position} <{OA}end> "{end}"^^{_INTEGER}',
            f"<{node}> <{OA}hasSelector> {words}",
            f"{words} {_TYPE} <{OA}TextQuoteSelector>",
            f"{words} <{OA}exact> {quoted(quote)}",
        )

    # --- references into the case

    def _find(self, entry: Entry, text: str) -> str:
        """The node of the case that `text` refers to."""
        if "/" in text:
            return self._paths.get(text) or unusual()
        wanted = self._ontology.range(entry.property)
        if not is_key(text) or wanted is None:
            unusual()
        if self._comparable(wanted, self._root_class) and self._root.endswith(f"/{text}"):
            return self._root
        found = [path for name in self._maps_of(wanted) for path in self._by_key.get((name, text), ())]
        return self._paths[found[0]] if len(found) == 1 else unusual()

    def _maps_of(self, wanted: NamedNode) -> list[str]:
        """The keys of the maps whose nodes can be of the class `wanted`."""
        if wanted.value not in self._homes:
            ranges = {key: self._ontology.range(entry.property) for key, entry in self._maps.items()}
            self._homes[wanted.value] = [
                key for key, cls in ranges.items() if cls is None or self._comparable(wanted, cls.value)
            ]
        return self._homes[wanted.value]

    def _comparable(self, one: NamedNode, other: str) -> bool:
        """Whether one class is the other or below it."""
        if (known := self._below.get((one.value, other))) is None:
            is_subclass = self._ontology.is_subclass
            known = is_subclass(one, other) or is_subclass(other, one)
            self._below[one.value, other] = known
        return known


def _terms(lines: list[str]) -> frozenset[str]:
    """The properties and classes of triples as text.

    >>> sorted(_terms([f"<urn:a> {_TYPE} <urn:C>", '<urn:a> <urn:p> "b c"']))[1:]
    ['urn:C', 'urn:p']
    """
    words = [line.split(" ", 2) for line in lines]
    properties = {predicate[1:-1] for _, predicate, _ in words}
    return frozenset(properties.union(cls[1:-1] for _, predicate, cls in words if predicate == _TYPE))
