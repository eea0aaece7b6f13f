"""Nodes of a file → quads with places, by the entries of the context.

A node's place is its key, a property's its key, a value's its text. References into the
file wait until all its nodes are known, so the order of the keys does not matter. What
does not read is left out, and noted as a gap: whoever judges the rest knows what is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from pyoxigraph import NamedNode, Quad

from kg.cases.compose import Items, Map, Node, Scalar
from kg.cases.evidence import Evidence
from kg.cases.values import Term, Values, Wrong, key, lookalike, slug
from kg.context import Entry, Kind
from kg.errors import Fault
from kg.meant import nearest, suggestion
from kg.names import DCTERMS, RDF, below
from kg.places import Place, Places

Gap = tuple[NamedNode, NamedNode | None]
"""A node, and the property of which a value could not be read; None where it is the node itself."""

TYPE = NamedNode(RDF + "type")
SOURCE = DCTERMS + "source"


class Walk:
    """Walks one document; `quads`, `places`, `faults` and `gaps` are what comes of it."""

    def __init__(self, values: Values, root: NamedNode, graph: NamedNode, *, with_evidence: bool) -> None:
        self.quads: dict[Quad, None] = {}
        self.places = Places()
        self.faults: list[Fault] = []
        self.gaps: set[Gap] = set()
        self._values, self._root, self._graph = values, root, graph
        self._context = values.ontology.context
        self._evidence = Evidence(self, root) if with_evidence else None
        self._waiting: list[tuple[NamedNode, Entry, Scalar, Scalar]] = []
        self._paths: dict[str, NamedNode] = {}
        self._by_key: dict[tuple[str, str], list[str]] = defaultdict(list)

    # --- what the parts share

    @property
    def values(self) -> Values:
        """What reads the values."""
        return self._values

    def fault(self, place: Place, what: str, fix: str = "") -> None:
        """Note a fault."""
        self.faults.append(Fault(place, what, fix))

    def gap(self, node: NamedNode, prop: NamedNode | None) -> None:
        """Note that a value of `prop`, and what is derived from it, is missing; or all that `node` is."""
        derived = self._values.ontology.bounds(prop) if prop else ()
        self.gaps |= {(node, prop), *((node, each) for each in derived if each)}

    def state(self, node: NamedNode, prop: NamedNode, value: Term, at: Place, of: Place) -> bool:
        """Add a quad; its property is written at `at`, its value at `of`. False if it was there already."""
        quad = Quad(node, prop, value, self._graph)
        self.places.add(at, node, prop)
        self.places.add(of, node, prop, value)
        if quad in self.quads:
            return False
        self.quads[quad] = None
        return True

    # --- nodes

    def document(self, body: Map, cls: NamedNode, at: Place) -> None:
        """Walk the whole document, an instance of `cls`, whose id stands at `at`."""
        if self._evidence:
            self._evidence.sources = self._listed_sources(body)
        self._node(self._root, "", body, cls, at)
        self._resolve(cls)

    def _listed_sources(self, body: Map) -> list[str]:
        """The sources that the document names as its own; what is no id is a fault elsewhere."""
        return [
            slug(item.text) or "x"
            for name, (_, value) in body.pairs.items()
            if (entry := self._context.entry(name)) and entry.property.value == SOURCE
            for item in (value.items if isinstance(value, Items) else [value])
            if isinstance(item, Scalar)
        ]

    def _node(self, node: NamedNode, path: str, body: Map, cls: NamedNode, at: Place) -> None:
        """State what the map `body` says of `node`, and the defaults of its classes."""
        self.places.add(at, node)
        classes = self._classes(node, body, cls, at)
        given: set[NamedNode] = set()
        for name, (word, value) in body.pairs.items():
            entry = self._context.entry(name)
            if entry is None:
                self.fault(word.place, *self._unknown(name))
                if meant := self._context.entry(nearest(slug(name) or name, self._context.entries)):
                    self.gap(node, meant.property)
            elif entry.kind is Kind.ID and path:
                fix = "take it out: a part is named by its key"
                self.fault(word.place, f"“{name}” names the whole file, not a part of it", fix)
            elif entry.kind not in (Kind.ID, Kind.CLASS):
                given.add(entry.property)
                self._property(node, path, entry, word, value)
        for each in classes:
            for prop, default in self._values.ontology.defaults(each):
                if prop not in given:
                    self.quads[Quad(node, prop, default, self._graph)] = None

    def _classes(self, node: NamedNode, body: Map, cls: NamedNode, at: Place) -> list[NamedNode]:
        """State the classes of `node`: those that its `kind` names, else `cls`."""
        found: list[NamedNode] = []
        for name, (word, value) in body.pairs.items():
            entry = self._context.entry(name)
            if entry is None or entry.kind is not Kind.CLASS:
                continue
            for scalar in self._scalars(node, entry, word, value):
                with self._noting(scalar.place, node, entry):
                    found.append(self._values.cls(scalar.text, cls))
                    self._state_once(node, TYPE, found[-1], word, scalar)
        if not found:
            self.state(node, TYPE, cls, at, at)
        return found or [cls]

    def _unknown(self, name: str) -> tuple[str, str]:
        """What is wrong with a key that the context does not have, and what may be meant."""
        entries = self._context.entries
        if name.startswith("@"):
            return f"“{name}” belongs to JSON-LD, not to a case file", "use the keys of the context"
        if odd := lookalike(name):
            return f"the key “{name}” holds {odd}", suggestion(slug(name) or name, entries) or "type it anew"
        if " " in name.strip() or name != name.strip():
            fix = suggestion(slug(name), entries) or "take it out, or put a text in quotes"
            return f"the key “{name}” has a space in it", fix
        return f"unknown key “{name}”", suggestion(name, entries) or "the ontology's context lists the keys"

    # --- properties

    def _property(self, node: NamedNode, path: str, entry: Entry, word: Scalar, value: Node) -> None:
        match entry.kind:
            case Kind.MAP:
                self._map(node, path, entry, word, value)
            case Kind.LANGUAGE:
                self._language(node, entry, word, value)
            case Kind.EVIDENCE if self._evidence:
                self._evidence.take(node, entry.property, word, value)
            case Kind.EVIDENCE:
                self.fault(word.place, f"“{entry.key}” belongs to a case, not here", "take it out")
            case _:
                for scalar in self._scalars(node, entry, word, value):
                    self._value(node, entry, word, scalar)

    def _map(self, node: NamedNode, path: str, entry: Entry, word: Scalar, value: Node) -> None:
        """State the nodes of a map, and that `node` leads to them."""
        cls = self._values.ontology.range(entry.property)
        if not isinstance(value, Map) or cls is None:
            self._shape(node, entry, value, f"write {entry.key}: {{a-key: {{…}}}}")
            return
        if not value.pairs:
            self.fault(value.place, f"“{entry.key}” is empty", "say something, or take it out")
            self.gap(node, entry.property)
        for name, (own, body) in value.pairs.items():
            child, inner = below(node, entry.key, self._key(own)), f"{path}{entry.key}/{name}"
            self._paths[inner] = child
            self._by_key[entry.key, name].append(inner)
            self.state(node, entry.property, child, word.place, own.place)
            if isinstance(body, Map) and body.pairs:
                self._node(child, inner + "/", body, cls, own.place)
            else:
                self._shape(child, Entry(name, entry.property, Kind.MAP), body, f"write {name}: {{…}}")
                self.gap(child, None)

    def _key(self, word: Scalar) -> str:
        """The key `word`; after a fault one that no author writes, so that the node is read all the same."""
        try:
            return key(word.text)
        except Wrong as wrong:
            self.fault(word.place, wrong.what, wrong.fix)
            return f"{slug(word.text)}--{word.place.line}-{word.place.column}"

    def _language(self, node: NamedNode, entry: Entry, word: Scalar, value: Node) -> None:
        """State texts by language."""
        if not isinstance(value, Map) or not value.pairs:
            example = min(self._values.languages, default="en")
            self._shape(node, entry, value, f"say in which language: {entry.key}: {{{example}: …}}")
            return
        for name, (own, texts) in value.pairs.items():
            with self._noting(own.place, node, entry):
                for scalar in self._scalars(node, Entry(name, entry.property, Kind.LITERAL), own, texts):
                    text = self._values.text(entry, name, scalar.text)
                    self._state_once(node, entry.property, text, word, scalar)

    def _value(self, node: NamedNode, entry: Entry, word: Scalar, scalar: Scalar) -> None:
        """State what one scalar stands for, or keep it until the file's nodes are known."""
        if entry.kind is Kind.REFERENCE and not entry.base:
            self._waiting.append((node, entry, word, scalar))
            return
        with self._noting(scalar.place, node, entry):
            (prop, term), *derived = self._values.read(entry, scalar.text)
            self._state_once(node, prop, term, word, scalar)
            for prop, term in derived:
                self.state(node, prop, term, word.place, scalar.place)

    def _state_once(
        self, node: NamedNode, prop: NamedNode, value: Term, word: Scalar, scalar: Scalar
    ) -> None:
        if not self.state(node, prop, value, word.place, scalar.place):
            self.fault(scalar.place, f"“{scalar.text}” is given twice", "leave one")

    # --- shapes of values

    def _scalars(self, node: NamedNode, entry: Entry, word: Scalar, value: Node) -> Iterator[Scalar]:
        """The texts of a value: one, or a list of them; anything else is a fault."""
        items = value.items if isinstance(value, Items) else [value]
        if not items:
            self.fault(value.place, f"“{word.text}” is empty", "say something, or take it out")
        for item in items:
            if isinstance(item, Scalar) and not item.empty and not item.gone:
                yield item
            elif isinstance(item, Scalar):
                self._shape(node, Entry(word.text, entry.property, entry.kind), item, "")
            else:
                self._shape(node, entry, item, f"write {word.text}: a value, or [a list, of values]")

    def _shape(self, node: NamedNode, entry: Entry, value: Node, fix: str) -> None:
        """Note that a value has the wrong shape, or is empty, or has been refused before."""
        self.gap(node, entry.property)
        if isinstance(value, Scalar) and value.gone:
            return
        if (isinstance(value, Scalar) and value.empty) or (isinstance(value, Map) and not value.pairs):
            self.fault(value.place, f"“{entry.key}” is empty", "say something, or take it out")
            return
        what = {Scalar: "a text", Items: "a list", Map: "a map"}[type(value)]
        self.fault(value.place, f"“{entry.key}” cannot be {what}", fix)

    @contextmanager
    def _noting(self, place: Place, node: NamedNode, entry: Entry) -> Iterator[None]:
        """Turn what does not read into a fault at `place`, and a gap in `node`."""
        try:
            yield
        except Wrong as wrong:
            self.fault(place, wrong.what, wrong.fix)
            self.gap(node, entry.property)

    # --- references into the file

    def _resolve(self, cls: NamedNode) -> None:
        for node, entry, word, scalar in self._waiting:
            with self._noting(scalar.place, node, entry):
                self._state_once(node, entry.property, self._find(entry, scalar.text, cls), word, scalar)

    def _find(self, entry: Entry, text: str, cls: NamedNode) -> NamedNode:
        """The node that `text` refers to: `map/key` or `key` in this file, or `kind/name` shared by all.

        :raises Wrong: if there is none, or more than one.
        """
        head, slash, _ = text.partition("/")
        if slash and head not in self._context.maps:
            return self._values.shared(text)
        if slash:
            if text in self._paths:
                return self._paths[text]
            raise Wrong(f"nothing in this file is “{text}”", suggestion(text, self._paths))
        return self._bare(entry, key(text), cls)

    def _bare(self, entry: Entry, text: str, cls: NamedNode) -> NamedNode:
        """The node with the key `text` in one of the maps whose nodes the property can lead to."""
        wanted = self._values.ontology.range(entry.property)
        if self._comparable(wanted, cls) and self._root.value.endswith(f"/{text}"):
            return self._root
        if wanted is None:
            near = [path for (_, name), paths in self._by_key.items() if name == text for path in paths]
            fix = f"did you mean “{near[0]}”?" if near else "write map/key of this file, or kind/name"
            raise Wrong(f"“{text}” does not say where it stands", fix)
        maps = [
            k
            for k, e in self._context.maps.items()
            if self._comparable(wanted, self._values.ontology.range(e.property))
        ]
        found = [path for name in maps for path in self._by_key.get((name, text), ())]
        if len(found) == 1:
            return self._paths[found[0]]
        if found:
            raise Wrong(f"“{text}” can be {' or '.join(sorted(found))}", "write which")
        options = [name for (map_key, name) in self._by_key if map_key in maps]
        fix = suggestion(text, options) or "write map/key of this file, or kind/name of a shared entity"
        raise Wrong(f"nothing under {' or '.join(sorted(maps)) or 'any key'} is “{text}”", fix)

    def _comparable(self, one: NamedNode | None, other: NamedNode | None) -> bool:
        """Whether one class is the other or below it; no class at all goes with every class."""
        if one is None or other is None:
            return True
        ontology = self._values.ontology
        return ontology.is_subclass(one, other) or ontology.is_subclass(other, one)
