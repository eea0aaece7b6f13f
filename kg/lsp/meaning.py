"""What an entry of an outline is, by the context and the ontology: what may stand behind its key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg import context
from kg.context import Kind
from kg.languages import pick
from kg.lsp.ground import Ground
from kg.lsp.outline import Entry
from kg.names import CG, DCTERMS, SKOS, term
from kg.ontology import Ontology

TITLES = (SKOS + "prefLabel", DCTERMS + "title", CG + "called", CG + "summary")
"""The properties that say what a node of a file is called, the best first."""


@dataclass(frozen=True, slots=True)
class Node:
    """The keys of a node. `base`: the class that its place gives it; `cls`: what its kind makes of it."""

    base: NamedNode
    cls: NamedNode


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes of `cls` by keys of the author's own."""

    entry: context.Entry
    cls: NamedNode


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by language."""

    entry: context.Entry


@dataclass(frozen=True, slots=True)
class Text:
    """Texts of a language."""

    entry: context.Entry


@dataclass(frozen=True, slots=True)
class Evidence:
    """The keys of a piece of evidence."""

    entry: context.Entry


@dataclass(frozen=True, slots=True)
class Part:
    """One of the values of a piece of evidence: `quote`, `at` or `source`."""

    name: str


@dataclass(frozen=True, slots=True)
class Values:
    """Values of a property of a node of `base`."""

    entry: context.Entry
    base: NamedNode


Meaning = Node | Nodes | Texts | Text | Evidence | Part | Values


def root_meaning(ground: Ground, kind: str) -> Node | None:
    """What a file of `kind` holds."""
    cls = ground.onto.root(kind)
    return Node(cls, cls) if cls else None


def meaning(entry: Entry, ground: Ground, kind: str) -> Meaning | None:
    """What may stand behind the key of `entry`, in a file of `kind`; None where nothing is known of it.

    An item of a list means what its list means.
    """
    if entry.parent is None:
        return root_meaning(ground, kind)
    above = meaning(entry.parent, ground, kind)
    if entry.listed or entry.key is None:
        return above
    match above:
        case Node(cls=cls):
            return _of_key(entry, cls, ground.onto)
        case Nodes(cls=base):
            return Node(base, _kind(entry, base, ground.onto))
        case Texts(entry=texts):
            return Text(texts)
        case Evidence():
            code = ground.onto.gradings.get(entry.name)
            return Values(code, term("Evidence")) if code else Part(entry.name)
    return None


def _of_key(entry: Entry, cls: NamedNode, onto: Ontology) -> Meaning | None:
    found = onto.context.entry(entry.name)
    if found is None:
        return None
    if found.kind is Kind.MAP:
        of = onto.range(found.property)
        return Nodes(found, of) if of else None
    if found.kind is Kind.LANGUAGE:
        return Texts(found)
    return Evidence(found) if found.kind is Kind.EVIDENCE else Values(found, cls)


def _kind(entry: Entry, base: NamedNode, onto: Ontology) -> NamedNode:
    """The class that the node `entry` says it is of, if that is one below `base`."""
    for child in entry.children:
        said = onto.context.entry(child.name) if child.key else None
        if said and said.kind is Kind.CLASS and child.value:
            cls = onto.context.class_named(child.value.text)
            if cls and cls.value in onto.classes and onto.is_subclass(cls, base):
                return cls
    return base


def nodes(root: Entry, ground: Ground, kind: str) -> Iterator[tuple[Entry, Node]]:
    """The nodes of a file that have a key, each with its classes."""
    for entry in root.walk():
        if entry.key and not entry.listed and isinstance(found := meaning(entry, ground, kind), Node):
            yield entry, found


def referent(text: str, of: context.Entry, root: Entry, ground: Ground, kind: str) -> Entry | None:
    """The entry that `map/key`, or a bare key, refers to in a file, as a value of the property `of`."""
    range = ground.onto.range(of.property)
    wanted = (range.value,) if range else ()
    found = [
        entry
        for entry, node in nodes(root, ground, kind)
        if (entry.path() == text if "/" in text else entry.name == text)
        and ("/" in text or ground.fits((node.base.value,), wanted))
    ]
    return found[0] if len(found) == 1 else None


def sources_of(root: Entry, ground: Ground) -> list[str]:
    """The ids of the sources that a case names as its own."""
    found: list[str] = []
    for entry in root.children:
        said = ground.onto.context.entry(entry.name)
        if said and said.property.value == DCTERMS + "source":
            found += [each.value.text for each in (entry, *entry.children) if each.value]
    return found


def title(entry: Entry, ground: Ground, lang: str) -> str:
    """What a node of a file is called in `lang`, or in another language; "" where it says nothing."""
    for prop in TITLES:
        for child in entry.children:
            said = ground.onto.context.entry(child.name)
            if said and said.property.value == prop:
                texts = {each.name: each.value.text for each in child.children if each.key and each.value}
                if texts:
                    return pick(texts, lang)
    return ""
