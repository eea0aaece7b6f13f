"""The nodes and keys of a file as a tree: what an editor lists beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.lsp.ground import Ground
from kg.lsp.meaning import Node, meaning, title
from kg.lsp.outline import Entry, Span


@dataclass(frozen=True, slots=True)
class Symbol:
    """A key: its name, what it is called, the span of all that belongs to it, and of the key alone."""

    name: str
    detail: str
    is_node: bool
    whole: Span
    key: Span
    children: tuple[Symbol, ...]


def symbols(root: Entry, ground: Ground, kind: str, lang: str) -> list[Symbol]:
    """The keys at the top of the outline `root`, each with those below it; not those in brackets."""
    return list(_below(root, ground, kind, lang))


def _below(entry: Entry, ground: Ground, kind: str, lang: str) -> Iterator[Symbol]:
    for child in entry.children:
        if child.key and not child.inside:
            found = meaning(child, ground, kind)
            is_node = isinstance(found, Node)
            detail = (
                (title(child, ground, lang) or ground.label(found.cls, lang))
                if isinstance(found, Node)
                else ""
            )
            whole = Span(child.key.span.start, child.end)
            below = tuple(_below(child, ground, kind, lang))
            yield Symbol(child.name, detail, is_node, whole, child.key.span, below)
