"""Where a thing under the cursor is from: a node of the file, a row of a table, a line of the ontology."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from kg.context import SOURCE_BASE, Kind
from kg.lsp import outline
from kg.lsp.ground import Ground
from kg.lsp.meaning import Node, Part, Values, meaning, referent
from kg.lsp.outline import Entry, Span, Spot, Word
from kg.names import shared


@dataclass(frozen=True, slots=True)
class Target:
    """A span of another file, or, without a path, of this one."""

    path: Path | None
    span: Span


def define(root: Entry, spot: Spot, ground: Ground, kind: str) -> Target | None:
    """Where that is from which stands at `spot` in the outline `root` of a file of `kind`."""
    found = outline.at(root, spot)
    if found is None:
        return None
    entry, word = found
    return _of_key(entry, ground, kind) if word is entry.key else _of_value(root, entry, word, ground, kind)


def _of_key(entry: Entry, ground: Ground, kind: str) -> Target | None:
    """The property of a key, or the class of the node that it names."""
    found = meaning(entry, ground, kind)
    if isinstance(found, Node):
        return _described(found.cls, ground)
    said = ground.onto.context.entry(entry.name)
    above = meaning(entry.parent, ground, kind) if entry.parent else None
    return _described(said.property, ground) if said and isinstance(above, Node) else None


def _of_value(root: Entry, entry: Entry, word: Word, ground: Ground, kind: str) -> Target | None:
    found, text = meaning(entry, ground, kind), word.text
    if isinstance(found, Part):
        return _file(ground.source_files.get(text)) if found.name == "source" else None
    if not isinstance(found, Values):
        return None
    match found.entry.kind:
        case Kind.CODE:
            return _described(ground.onto.codes(found.entry.base).get(text), ground)
        case Kind.CLASS:
            return _described(ground.onto.context.class_named(text), ground)
        case Kind.REFERENCE if found.entry.base == SOURCE_BASE:
            return _file(ground.source_files.get(text))
        case Kind.REFERENCE if text in ground.entities:
            return _described(shared(text), ground)
        case Kind.REFERENCE:
            node = referent(text, found.entry, root, ground, kind)
            return Target(None, node.key.span) if node and node.key else None
    return None


def _described(node: NamedNode | None, ground: Ground) -> Target | None:
    place = ground.origin(node) if node else None
    if place is None:
        return None
    spot = Spot(max(place.line - 1, 0), max(place.column - 1, 0))
    return Target(Path(place.path), Span(spot, spot))


def _file(path: Path | None) -> Target | None:
    return Target(path, Span(Spot(0, 0), Spot(0, 0))) if path else None
