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
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from pyoxigraph import NamedNode

from kg.errors import DefinitionError, Fault
from kg.formats.wording import JSON
from kg.names import CG, RDF, XSD
from kg.places import Place

EVIDENCE = (CG + "evidence", CG + "evidenceAgainst")
"""The properties that lead to evidence: for what a node says, and against it."""

ID = NamedNode(RDF + "about")
"""Stands where an entry has a property: the `id` key names the node itself."""

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
        for path, text in texts:
            terms |= {key: (path, value) for key, value in _terms(path, text).items()}
        read = _Reader({key: value for key, (_, value) in terms.items()})
        entries: dict[str, Entry] = {}
        classes: dict[str, NamedNode] = {}
        faults: list[Fault] = []
        for key, (path, value) in terms.items():
            try:
                if value == "@id" or isinstance(value, dict):
                    entries[key] = read.entry(key, value)
                elif key not in read.prefixes:
                    classes[key] = read.node(value)
            except _UnclearError as exc:
                place = _place(path, dict(texts)[path], key)
                faults.append(Fault(place, f"the term “{key}”: {exc.what}", exc.fix))
        if faults:
            raise DefinitionError.all(faults)
        return cls(entries, read.prefixes, classes)

    def entry(self, key: str) -> Entry | None:
        """What `key` means, or None for a key that the context does not have."""
        return self.entries.get(key)

    @cached_property
    def maps(self) -> dict[str, Entry]:
        """The keys whose values are maps of nodes."""
        return {key: entry for key, entry in self.entries.items() if entry.kind is Kind.MAP}

    @cached_property
    def _keys(self) -> dict[str, str]:
        entries = sorted(self.entries.values(), key=lambda entry: entry.key, reverse=True)
        return {entry.property.value: entry.key for entry in entries}

    def key(self, property: NamedNode | str) -> str | None:
        """The key that authors write for `property`; the first by alphabet where there are several."""
        return self._keys.get(property if isinstance(property, str) else property.value)

    def keys(self, property: str) -> list[str]:
        """All keys that authors may write for the property with that IRI."""
        return [entry.key for entry in self.entries.values() if entry.property.value == property]

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
        place = Place(path, exc.lineno, exc.colno)
        raise DefinitionError.at(place, f"this is no JSON: {exc.msg}", JSON) from exc
    except RecursionError as exc:
        raise DefinitionError.at(Place(path), "too many brackets stand inside each other") from exc
    except ValueError as exc:
        raise DefinitionError.at(Place(path), "a number has thousands of digits", "shorten it") from exc
    context = document.get("@context") if isinstance(document, dict) else None
    if not isinstance(context, dict) or len(document) != 1:
        what = "a context file holds one object “@context” and nothing else"
        raise DefinitionError.at(Place(path), what, "write the terms into the file: nothing is fetched")
    if odd := sorted(_SPECIAL & context.keys() - {"@version"}):
        fix = "write it inside the term that needs it"
        what = f"{odd[0]} is not supported for a whole context"
        raise DefinitionError.at(_place(path, text, odd[0]), what, fix)
    return {key: value for key, value in context.items() if key != "@version"}


def _place(path: str, text: str, key: str) -> Place:
    """Where `key` is first written in the JSON `text`."""
    at = text.find(json.dumps(key, ensure_ascii=False) + ":")
    return Place(path, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) if at >= 0 else Place(path)


class _UnclearError(Exception):
    """A definition that is not one of the supported forms, and how it can be written."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


class _Reader:
    """Reads the definitions of terms.

    :raises _UnclearError: from each method, where one is none of the supported forms.
    """

    def __init__(self, terms: Mapping[str, Any]) -> None:
        self.prefixes = {k: v for k, v in terms.items() if isinstance(v, str) and v.endswith(("/", "#"))}

    def node(self, text: object) -> NamedNode:
        """The IRI that `text`, a full or a compact one, stands for."""
        if isinstance(text, str):
            prefix, _, local = text.partition(":")
            with suppress(ValueError):
                return NamedNode(self.prefixes[prefix] + local if prefix in self.prefixes else text)
        what = f"{json.dumps(text)} is no IRI, nor one with a prefix declared here"
        raise _UnclearError(what, "declare the prefix, or write the IRI in full")

    def entry(self, key: str, value: Any) -> Entry:
        """What the definition `value` of `key` says."""
        if value == "@id":
            return Entry(key, ID, Kind.ID)
        if not value.keys() <= {"@id", "@type", "@container", "@context"}:
            raise _UnclearError("a definition has @id, @type, @container and @context", "leave out the rest")
        if value.get("@id") == "@type":
            return Entry(key, NamedNode(RDF + "type"), Kind.CLASS, base=_scoped(value, "@vocab"))
        node = self.node(value.get("@id"))
        if "@container" in value:
            return self._container(key, node, value)
        return self._typed(key, node, value)

    def _container(self, key: str, node: NamedNode, value: Mapping[str, Any]) -> Entry:
        kind = {"@id": Kind.MAP, "@language": Kind.LANGUAGE}.get(str(value["@container"]))
        if kind is None or value.keys() != {"@id", "@container"}:
            raise _UnclearError("@container is “@id” or “@language”, without @type", "leave one of them out")
        return Entry(key, node, kind)

    def _typed(self, key: str, node: NamedNode, value: Mapping[str, Any]) -> Entry:
        if value.get("@type") == "@vocab":
            return Entry(key, node, Kind.CODE, base=_scoped(value, "@vocab"))
        if value.get("@type") == "@id":
            kind = Kind.EVIDENCE if node.value in EVIDENCE else Kind.REFERENCE
            return Entry(key, node, kind, base=_scoped(value, "@base") if "@context" in value else "")
        datatype = self.node(value.get("@type")).value
        ours = {CG + "edtf": Kind.EDTF, CG + "number": Kind.NUMBER}
        if "@context" in value or datatype not in _LITERALS | ours.keys():
            known = ", ".join(
                sorted(iri.replace(XSD, "xsd:").replace(CG, "cg:") for iri in _LITERALS | ours.keys())
            )
            raise _UnclearError(f"{datatype} is no datatype that the reader knows", f"use one of {known}")
        return Entry(key, node, ours.get(datatype, Kind.LITERAL), datatype=datatype)


def _scoped(value: Mapping[str, Any], word: str) -> str:
    """The `@vocab` or `@base` of the term's own context: an absolute IRI, or `source/`."""
    context = value.get("@context")
    base = context.get(word) if isinstance(context, dict) and len(context) == 1 else None
    if isinstance(base, str) and re.match(r"[a-z][a-z0-9+.-]*:", base) and base.endswith(("/", "#")):
        return base
    if base == SOURCE_BASE and word == "@base":
        return SOURCE_BASE
    wanted = "an IRI that ends in / or #" + (f", or “{SOURCE_BASE}”" if word == "@base" else "")
    raise _UnclearError(f"its @context has to be {{“{word}”: …}}, with {wanted}", "write it so")
