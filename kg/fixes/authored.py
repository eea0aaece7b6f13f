"""Fixes of what stands in a case file or a description of a source: keys, languages, values, references.

A document is walked by the entries of the context, as it is when it is read. What is
misspelt is walked on as what it is meant to be, so that all fixes come at once. Whether one
brings a fault, since the key is there already or the value is none for it, is not asked here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator

from pyoxigraph import NamedNode

from kg.cases.compose import Items, Map, Node, Scalar
from kg.cases.evidence import KEYS
from kg.cases.values import slug
from kg.context import Entry, Kind
from kg.fixes.edits import Edit
from kg.fixes.near import near, plain
from kg.fixes.values import Facts, meant
from kg.fixes.written import Written, put
from kg.names import DCTERMS, is_key, last

SOURCE = DCTERMS + "source"
_SPELT = re.compile(r"[A-Za-z0-9 _-]+")


class Walk:
    """Walks one document; `edits` are what comes of it. `stem`: the id that its file's name gives it."""

    def __init__(self, written: Written, facts: Facts, stem: str = "", *, strict: bool = False) -> None:
        self.edits: list[Edit] = []
        self._written, self._facts, self._stem, self._strict = written, facts, stem, strict
        self._ontology, self._context = facts.ontology, facts.ontology.context
        self._listed: list[str] = []
        self._waiting: list[tuple[Entry, Scalar]] = []
        self._keys: dict[str, list[str]] = defaultdict(list)
        """The keys of the nodes of each map, as they stand after the fixes."""
        self._paths: list[str] = []

    def walk(self) -> list[Edit]:
        """The edits of the whole document."""
        root, cls = self._written.root, self._ontology.root(self._facts.kind)
        if isinstance(root, Map) and cls is not None:
            self._list_sources(root)
            self._node(root, cls, "")
            for entry, scalar in self._waiting:
                self._change(scalar, self._reference(entry, scalar.text))
        return self.edits

    def _list_sources(self, root: Map) -> None:
        for name, (_, value) in root.pairs.items():
            entry = self._context.entry(name)
            if entry and entry.property.value == SOURCE:
                self._listed += [scalar.text for scalar in _scalars(value)]

    def _change(self, scalar: Scalar, change: tuple[str, str] | None) -> str:
        """Note what `scalar` should be, if there is anything; what then stands there."""
        span = self._written.span(scalar)
        if change is None or span is None:
            return scalar.text
        new, rule = change
        if (put_as := put(new, span, self._written.text, strict=self._strict)) is None:
            return scalar.text
        self.edits.append(Edit(span.start, span.end, put_as, f"“{scalar.text}” becomes “{new}”", rule))
        return new

    # --- nodes and keys

    def _node(self, body: Map, cls: NamedNode, path: str) -> None:
        own = self._class(body, cls)
        for name, (word, value) in body.pairs.items():
            entry = self._context.entry(name) or self._respelt(word, body, own)
            if entry is not None:
                self._property(entry, value, cls, path)

    def _class(self, body: Map, cls: NamedNode) -> NamedNode:
        """The class of a node: what its `kind` says, if that reads, else `cls`."""
        for name, (_, value) in body.pairs.items():
            entry = self._context.entry(name)
            if entry and entry.kind is Kind.CLASS and isinstance(value, Scalar):
                named = self._context.class_named(self._kind(value.text, cls) or value.text)
                if named and named.value in self._ontology.classes:
                    return named
        return cls

    def _kind(self, text: str, cls: NamedNode) -> str | None:
        """The kind of `cls` that a misspelt `text` means."""
        words = {last(iri) for iri in self._ontology.subclasses(cls)}
        return None if text in words else near(text, words)

    def _respelt(self, word: Scalar, body: Map, cls: NamedNode) -> Entry | None:
        """The entry that a misspelt key of a node means; the key is changed."""
        key = near(word.text, self._facts.keys(cls), most=2)
        entry = self._context.entry(key) if key else None
        if key is None or key in body.pairs or self._change(word, (key, "key")) != key:
            return None
        return entry

    def _property(self, entry: Entry, value: Node, cls: NamedNode, path: str) -> None:
        match entry.kind:
            case Kind.ID:
                self._id(value, root=not path)
            case Kind.MAP if isinstance(value, Map):
                self._map(entry, value, path)
            case Kind.LANGUAGE if isinstance(value, Map):
                self._languages(value)
            case Kind.EVIDENCE:
                self._evidence(value)
            case Kind.CLASS:
                for scalar in _scalars(value):
                    kind = self._kind(scalar.text, cls)
                    self._change(scalar, (kind, "class") if kind else None)
            case Kind.REFERENCE if not entry.base:
                self._waiting += [(entry, scalar) for scalar in _scalars(value)]
            case _:
                for scalar in _scalars(value):
                    self._change(scalar, meant(entry, scalar.text, self._facts))

    def _id(self, value: Node, *, root: bool) -> None:
        """An id that is another spelling of the file's name."""
        if root and isinstance(value, Scalar) and value.text != self._stem:
            same = is_key(self._stem) and plain(value.text) == self._stem
            self._change(value, (self._stem, "key") if same else None)

    def _map(self, entry: Entry, value: Map, path: str) -> None:
        cls = self._ontology.range(entry.property)
        for name, (own, body) in value.pairs.items():
            key = self._change(own, _own_key(name))
            self._keys[entry.key].append(key)
            self._paths.append(f"{path}{entry.key}/{key}")
            if isinstance(body, Map) and cls is not None:
                self._node(body, cls, f"{path}{entry.key}/{key}/")

    def _languages(self, value: Map) -> None:
        for name, (own, _) in value.pairs.items():
            tag = plain(name)
            if name not in self._facts.languages and tag in self._facts.languages:
                self._change(own, (tag, "language"))

    def _evidence(self, value: Node) -> None:
        bodies = value.items if isinstance(value, Items) else [value]
        for body in (each for each in bodies if isinstance(each, Map)):
            for name, (word, part) in body.pairs.items():
                known = (*KEYS, *self._ontology.gradings)
                key = name if name in known else near(name, known, most=2)
                self._change(word, (key, "key") if key and key != name else None)
                if key == "source" and isinstance(part, Scalar) and part.text not in self._listed:
                    source = near(part.text, self._listed)
                    self._change(part, (source, "reference") if source else None)

    # --- references into the file, or to what all share

    def _reference(self, entry: Entry, text: str) -> tuple[str, str] | None:
        """What a reference to nothing means, and the rule."""
        if "/" not in text:
            options = self._bare(entry)
            found = None if text in options else near(text, options)
            return (found, "reference") if found else None
        if text in self._paths or text in self._facts.shared:
            return None
        if self._facts.known is None and text.partition("/")[0] not in self._context.maps:
            return None
        found = near(text, {*self._paths, *self._facts.shared})
        return (found, "reference") if found else None

    def _bare(self, entry: Entry) -> Collection[str]:
        """The keys that a reference without a map can name: those of the maps that the property leads to."""
        wanted = self._ontology.range(entry.property)
        root = self._ontology.root(self._facts.kind)
        names = {self._stem} if self._comparable(wanted, root) else set()
        for key, other in self._context.maps.items():
            if wanted is not None and self._comparable(wanted, self._ontology.range(other.property)):
                names.update(self._keys[key])
        return names

    def _comparable(self, one: NamedNode | None, other: NamedNode | None) -> bool:
        """Whether one class is the other or below it; no class at all goes with every class."""
        if one is None or other is None:
            return True
        return self._ontology.is_subclass(one, other) or self._ontology.is_subclass(other, one)


def _scalars(value: Node) -> Iterator[Scalar]:
    """The texts of a value: one, or those of a list."""
    for item in value.items if isinstance(value, Items) else [value]:
        if isinstance(item, Scalar) and not item.empty:
            yield item


def _own_key(name: str) -> tuple[str, str] | None:
    """The key that a name becomes which has capitals, spaces or `_` where a key has none."""
    key = slug(name) if _SPELT.fullmatch(name) and not is_key(name) else ""
    return (key, "key") if key else None
