"""The JSON Schema of case files, for completion and hints in editors: made from context, ontology and shapes.

Editors read it through `# yaml-language-server: $schema=…`. The shapes stay the judge: the
schema knows keys, codes, cardinalities and datatypes, not what needs the rest of the graph.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.context import Entry, Kind
from kg.errors import DefinitionError
from kg.names import KEY, SH, XSD, last
from kg.ontology import Ontology
from kg.sources import MOST_CHARACTERS

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
DEFINITION = "http://www.w3.org/2004/02/skos/core#definition"
TEXT = {"type": ["string", "number", "boolean"]}
"""A text as editors see it: YAML reads an unquoted 1.0 or 2023 as a number."""

EVIDENCE: Schema = {
    "type": "object",
    "properties": {
        "quote": {
            "type": "string", "maxLength": MOST_CHARACTERS,
            "description": "The words of the source, exactly: a few.",
        },
        "at": {
            "type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2,
            "description": "Where they stand; `kg evidence --fix` writes it.",
        },
        "source": {"type": "string", "description": "Which source, if the case has several."},
    },
    "additionalProperties": False,
    "anyOf": [{"required": ["quote"]}, {"required": ["source"]}],
}  # fmt: skip


@dataclass
class Limits:
    """What the shapes say of a property at a class."""

    least: int = 0
    most: int | None = None
    lower: int | None = None


def generate(ontology: Ontology, languages: Collection[str], kind: str = "case") -> Schema:
    """The JSON Schema of files of `kind` (`case` or `source`), with texts in `languages`.

    :raises DefinitionError: if the ontology has no class for such files.
    """
    root = ontology.root(kind)
    if root is None:
        raise DefinitionError.at(None, f"the ontology has no class whose files are of the kind “{kind}”")
    writer = _Writer(ontology, sorted(languages))
    schema = writer.node(root)
    named = [key for key, entry in ontology.context.entries.items() if entry.kind is Kind.ID]
    schema["required"] = [*named, *schema.get("required", [])]
    return {
        "$schema": DRAFT,
        "title": ontology.label(root),
        **schema,
        "$defs": dict(sorted(writer.definitions.items())),
    }


def text(ontology: Ontology, languages: Collection[str], kind: str = "case") -> str:
    """The JSON Schema as the text of a file."""
    return json.dumps(generate(ontology, languages, kind), ensure_ascii=False, indent=1) + "\n"


def keys(ontology: Ontology, cls: NamedNode) -> list[str]:
    """The keys that a node of `cls` may have, sorted."""
    return list(_Writer(ontology, []).node(cls)["properties"])


@dataclass
class _Writer:
    ontology: Ontology
    languages: list[str]
    definitions: dict[str, Schema] = field(default_factory=dict)

    @cached_property
    def shapes(self) -> dict[str, list[Quad]]:
        """The statements of the shapes, by subject."""
        index: dict[str, list[Quad]] = defaultdict(list)
        for quad in self.ontology.shapes:
            index[str(quad.subject)].append(quad)
        return index

    @cached_property
    def said(self) -> dict[str, str]:
        """The definition of each term."""
        quads = (q for q in self.ontology.terms if q.predicate.value == DEFINITION)
        return {_value(q.subject): _value(q.object) for q in quads}

    def limits(self, cls: NamedNode) -> dict[str, Limits]:
        """Property → what the shapes of the class, and of those above it, say of it."""
        found: dict[str, Limits] = {}
        above = self.ontology.superclasses(cls)
        for shape, quads in self.shapes.items():
            if any(
                q.predicate.value == SH + "targetClass" and getattr(q.object, "value", "") in above
                for q in quads
            ):
                for quad in quads:
                    if quad.predicate.value == SH + "property" and isinstance(
                        quad.object, NamedNode | BlankNode
                    ):
                        self._take(str(quad.object), found)
                self._take(shape, found)
        return found

    def _take(self, shape: str, found: dict[str, Limits]) -> None:
        values = {q.predicate.value.removeprefix(SH): q.object for q in self.shapes.get(shape, ())}
        path = values.get("path")
        if not isinstance(path, NamedNode):
            return
        limits = found.setdefault(path.value, Limits())
        if _value(values.get("severity", SH + "Violation")) != SH + "Violation":
            return
        limits.least = max(limits.least, _int(values.get("minCount"), 0))
        most = _int(values.get("maxCount"), -1)
        limits.most = most if most >= 0 and limits.most is None else limits.most
        if "minInclusive" in values:
            limits.lower = _int(values["minInclusive"], 0)

    def node(self, cls: NamedNode) -> Schema:
        """The schema of a node of `cls`."""
        limits = self.limits(cls)
        given = {p.value for p, _ in self.ontology.defaults(cls)}
        properties: Schema = {}
        needed: dict[str, list[str]] = defaultdict(list)
        roots = {self.ontology.root(kind) for kind in self.ontology.document_kinds}
        for key, entry in self.ontology.context.entries.items():
            if entry.kind is Kind.ID:
                if cls in roots:
                    properties[key] = {"type": "string", "pattern": f"^{KEY.pattern}$"}
            elif entry.kind is Kind.CLASS:
                if len(self.ontology.subclasses(cls)) > 1:
                    properties[key] = {"enum": self._kinds(cls)}
            elif (limit := limits.get(entry.property.value)) is not None or self._has(cls, entry):
                properties[key] = self._described(entry, self.value(entry, limit or Limits()))
                if limit and limit.least and entry.property.value not in given:
                    needed[entry.property.value].append(key)
        schema: Schema = {
            "type": "object",
            "properties": dict(sorted(properties.items())),
            "additionalProperties": False,
        }
        return schema | _needed(list(needed.values()))

    def _has(self, cls: NamedNode, entry: Entry) -> bool:
        """Whether a node of `cls` may have the property, as far as no shape says.

        It may if nothing says whose the property is, or if `cls` and its domain are below one class.
        """
        domain = self.ontology.domain(entry.property)
        if domain is None:
            return entry.property.value not in self.placed
        above = self.ontology.superclasses(cls)
        return any(self.ontology.is_subclass(domain, each) for each in above)

    @cached_property
    def placed(self) -> frozenset[str]:
        """The properties that some shape has a place for."""
        quads = (q for quads in self.shapes.values() for q in quads)
        return frozenset(_value(q.object) for q in quads if q.predicate.value == SH + "path")

    def _kinds(self, cls: NamedNode) -> list[str]:
        return [
            word
            for iri in self.ontology.subclasses(cls)
            if self.ontology.context.class_named(word := last(iri))
        ]

    def _described(self, entry: Entry, schema: Schema) -> Schema:
        said = self.said.get(entry.property.value)
        return {"description": said, **schema} if said else schema

    def value(self, entry: Entry, limits: Limits) -> Schema:
        """The schema of what may stand behind a key."""
        if entry.kind is Kind.MAP:
            return self._map(entry)
        if entry.kind is Kind.LANGUAGE:
            texts: Schema = {
                "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
            }
            return {
                "type": "object",
                "properties": dict.fromkeys(self.languages, texts),
                "additionalProperties": False,
                "minProperties": 1,
            }
        if entry.kind is Kind.EVIDENCE:
            self.definitions["evidence"] = self._evidence()
            return _some({"$ref": "#/$defs/evidence"})
        single = self._single(entry, limits)
        return single if limits.most == 1 else _some(single)

    def _evidence(self) -> Schema:
        """A piece of evidence, with the codes that it may be graded by."""
        gradings = self.ontology.gradings.items()
        codes = {key: self._described(entry, self._single(entry, Limits())) for key, entry in gradings}
        return EVIDENCE | {"properties": {**EVIDENCE["properties"], **codes}}

    def _map(self, entry: Entry) -> Schema:
        cls = self.ontology.range(entry.property)
        if cls is None:
            return {"type": "object"}
        name = last(cls.value)
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = self.node(cls)
        nodes = {f"^{KEY.pattern}$": {"$ref": f"#/$defs/{name}"}}
        return {
            "type": "object",
            "patternProperties": nodes,
            "additionalProperties": False,
            "minProperties": 1,
        }

    def _single(self, entry: Entry, limits: Limits) -> Schema:
        if entry.kind is Kind.CODE:
            name = "code-" + last(entry.base.rstrip("/#"))
            self.definitions[name] = {"enum": list(self.ontology.codes(entry.base))}
            return {"$ref": f"#/$defs/{name}"}
        if entry.kind is Kind.NUMBER:
            return {"type": "number"}
        if entry.datatype == XSD + "integer":
            return {"type": "integer"} | ({} if limits.lower is None else {"minimum": limits.lower})
        if entry.datatype == XSD + "boolean":
            return {"type": "boolean"}
        return {"type": "string"} if entry.kind is Kind.REFERENCE else TEXT


def _value(term: object) -> str:
    return str(getattr(term, "value", term))


def _needed(groups: list[list[str]]) -> Schema:
    """What must be there: one key of each group, which are keys of one property.

    >>> _needed([["title"], ["source", "sources"]])
    {'required': ['title'], 'allOf': [{'anyOf': [{'required': ['source']}, {'required': ['sources']}]}]}
    """
    required = sorted(keys[0] for keys in groups if len(keys) == 1)
    choices = [{"anyOf": [{"required": [key]} for key in keys]} for keys in groups if len(keys) > 1]
    return ({"required": required} if required else {}) | ({"allOf": choices} if choices else {})


def _some(schema: Schema) -> Schema:
    """One, or a list of at least one."""
    return {"anyOf": [schema, {"type": "array", "items": schema, "minItems": 1}]}


def _int(term: object, otherwise: int) -> int:
    return int(term.value) if isinstance(term, Literal) and term.value.lstrip("+-").isdigit() else otherwise
