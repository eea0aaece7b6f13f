"""The JSON-LD context as a table: which key of a case file means which property, and how its values read.

Only the forms below are supported, so that the table says all there is; anything else is
refused when the context is loaded, not passed over when a case is read.

```
"key":  {"@id": P, "@container": "@id"}                             a map of nodes, by their keys
        {"@id": P, "@container": "@language"}                       texts by language
        {"@id": P, "@type": "@id"}                                  references
        {"@id": P, "@type": "@id", "@context": {"@base": B}}        references below B
        {"@id": P, "@type": "@vocab", "@context": {"@vocab": V}}    codes of the list V
        {"@id": P, "@type": D}                                      literals; cg:edtf and cg:number are ours
"id": "@id"    "kind": {"@id": "@type", …}    "Name": "prefix:Name" (a class)    "prefix": "https://…#"
```
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from pyoxigraph import NamedNode

from kg.errors import DefinitionError, Fault
from kg.names import CG, RDF, XSD
from kg.places import Place

EVIDENCE = CG + "evidence"
SOURCE_BASE = "source/"
"""The `@base` of references to the workspace's own sources."""

_LITERALS = {XSD + name for name in ("string", "integer", "decimal", "boolean", "date", "dateTime", "anyURI")}
_SPECIAL = {"@version", "@vocab", "@base", "@language"}


class Kind(Enum):
    """How the value of a key reads."""

    ID = "id"
    CLASS = "class"
    EVIDENCE = "evidence"
    MAP = "map"
    LANGUAGE = "language"
    CODE = "code"
    REFERENCE = "reference"
    EDTF = "edtf"
    NUMBER = "number"
    LITERAL = "literal"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a key means: its property, how the value reads, and the datatype or the base of its values."""

    key: str
    property: NamedNode
    kind: Kind
    datatype: str = ""
    base: str = ""


@dataclass(frozen=True)
class Context:
    """The entries of one or several contexts, the prefixes that they declare, and the names of classes."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, NamedNode] = field(default_factory=dict)

    @classmethod
    def load(cls, texts: Sequence[tuple[str, str]]) -> Context:
        """The context of (path, text) pairs; a key of a later one takes the place of an earlier one's.

        :raises DefinitionError: with all that is not understood.
        """
        terms: dict[str, tuple[str, Any]] = {}
        faults: list[Fault] = []
        for path, text in texts:
            terms |= {key: (path, value) for key, value in _terms(path, text).items()}
        read = _Reader({k: v for k, (_, v) in terms.items()}, faults)
        entries, classes = {}, {}
        for key, (path, value) in terms.items():
            if isinstance(value, str) and value != "@id":
                if key not in read.prefixes:
                    classes[key] = read.node(path, key, value)
            elif entry := read.entry(path, key, value):
                entries[key] = entry
        if faults:
            raise DefinitionError.all(faults)
        return cls(entries, read.prefixes, {k: v for k, v in classes.items() if v})

    def entry(self, key: str) -> Entry | None:
        """What `key` means, or None for a key that the context does not have."""
        return self.entries.get(key)

    @cached_property
    def maps(self) -> dict[str, Entry]:
        """The keys whose values are maps of nodes."""
        return {key: entry for key, entry in self.entries.items() if entry.kind is Kind.MAP}

    @cached_property
    def _keys(self) -> dict[str, str]:
        return {e.property.value: e.key for e in sorted(self.entries.values(), key=lambda e: e.key, reverse=True)}

    def key(self, property: NamedNode | str) -> str | None:
        """The key that authors write for `property`; the first by alphabet where there are several."""
        return self._keys.get(property if isinstance(property, str) else property.value)

    def class_named(self, word: str) -> NamedNode | None:
        """The class that the context names `word`; else `word` in the vocabulary of the `kind` key."""
        if word in self.classes:
            return self.classes[word]
        kind = next((e for e in self.entries.values() if e.kind is Kind.CLASS), None)
        return NamedNode(kind.base + word) if kind and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", word) else None


def _terms(path: str, text: str) -> dict[str, Any]:
    """The terms that the text of one context defines."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for key in (keys := [key for key, _ in pairs]):
            if keys.count(key) > 1:
                raise DefinitionError.at(_place(path, text, key), f"“{key}” is defined twice", "leave one")
        return dict(pairs)

    try:
        document = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as exc:
        raise DefinitionError.at(Place(path, exc.lineno, exc.colno), f"this is no JSON: {exc.msg}") from exc
    context = document.get("@context") if isinstance(document, dict) else None
    if not isinstance(context, dict) or len(document) != 1:
        what = "a context file holds one object “@context” and nothing else"
        raise DefinitionError.at(Place(path), what, "write the terms into the file: nothing is fetched")
    if odd := sorted(_SPECIAL & context.keys() - {"@version"}):
        fix = "write it inside the term that needs it"
        raise DefinitionError.at(_place(path, text, odd[0]), f"{odd[0]} is not supported for a whole context", fix)
    return {key: value for key, value in context.items() if key != "@version"}


def _place(path: str, text: str, key: str) -> Place:
    """Where `key` is first written in the JSON `text`."""
    at = text.find(json.dumps(key, ensure_ascii=False) + ":")
    return Place(path, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) if at >= 0 else Place(path)


class _Reader:
    """Reads the definitions of terms, noting what is not understood."""

    def __init__(self, terms: Mapping[str, Any], faults: list[Fault]) -> None:
        self.prefixes = {k: v for k, v in terms.items() if isinstance(v, str) and v.endswith(("/", "#"))}
        self._faults = faults

    def node(self, path: str, key: str, text: object) -> NamedNode | None:
        """The IRI that `text`, a full or a compact one, stands for; a fault where it is none."""
        if isinstance(text, str):
            prefix, colon, local = text.partition(":")
            iri = self.prefixes[prefix] + local if colon and prefix in self.prefixes else text
            try:
                return NamedNode(iri)
            except ValueError:
                pass
        return self._fault(path, key, f"{text!r} is no IRI, nor one with a prefix declared here")

    def entry(self, path: str, key: str, value: Any) -> Entry | None:
        """What the definition `value` of `key` says."""
        if value == "@id":
            return Entry(key, NamedNode(RDF + "about"), Kind.ID)
        if not isinstance(value, dict) or not value.keys() <= {"@id", "@type", "@container", "@context"}:
            return self._fault(path, key, "a definition has @id, @type, @container and @context, and no more")
        if value.get("@id") == "@type":
            base = self._scoped(path, key, value, "@vocab")
            return Entry(key, NamedNode(RDF + "type"), Kind.CLASS, base=base) if base else None
        node = self.node(path, key, value.get("@id"))
        if node is None:
            return None
        if "@container" in value:
            return self._container(path, key, node, value)
        return self._typed(path, key, node, value)

    def _container(self, path: str, key: str, node: NamedNode, value: Mapping[str, Any]) -> Entry | None:
        kind = {"@id": Kind.MAP, "@language": Kind.LANGUAGE}.get(str(value["@container"]))
        if kind is None or value.keys() != {"@id", "@container"}:
            return self._fault(path, key, "@container is “@id” or “@language”, without @type")
        return Entry(key, node, kind)

    def _typed(self, path: str, key: str, node: NamedNode, value: Mapping[str, Any]) -> Entry | None:
        if value.get("@type") == "@vocab":
            base = self._scoped(path, key, value, "@vocab")
            return Entry(key, node, Kind.CODE, base=base) if base else None
        if value.get("@type") == "@id":
            if node.value == EVIDENCE:
                return Entry(key, node, Kind.EVIDENCE)
            base = self._scoped(path, key, value, "@base") if "@context" in value else ""
            return None if base is None else Entry(key, node, Kind.REFERENCE, base=base)
        datatype = self.node(path, key, value.get("@type", "xsd:string"))
        ours = {CG + "edtf": Kind.EDTF, CG + "number": Kind.NUMBER}
        if datatype is None or "@context" in value or datatype.value not in _LITERALS | ours.keys():
            return self._fault(path, key, "@type is none that the reader knows")
        return Entry(key, node, ours.get(datatype.value, Kind.LITERAL), datatype=datatype.value)

    def _scoped(self, path: str, key: str, value: Mapping[str, Any], word: str) -> str | None:
        """The `@vocab` or `@base` of the term's own context: an absolute IRI, or `source/`."""
        context = value.get("@context")
        base = context.get(word) if isinstance(context, dict) and len(context) == 1 else None
        if base == SOURCE_BASE and word == "@base":
            return SOURCE_BASE
        if isinstance(base, str) and re.match(r"[a-z][a-z0-9+.-]*:", base) and base.endswith(("/", "#")):
            return base
        wanted = "an IRI that ends in / or #" + (f", or “{SOURCE_BASE}”" if word == "@base" else "")
        return self._fault(path, key, f"@context has to be {{“{word}”: …}}, with {wanted}")

    def _fault(self, path: str, key: str, what: str) -> None:
        self._faults.append(Fault(Place(path), f"the term “{key}”: {what}"))
