"""How a YAML, or JSON, text is written: where each scalar ends and in which quotes; how to write one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import yaml

from kg.cases.compose import LOADER, Items, Map, Node, Scalar, compose
from kg.errors import Fault, InputError
from kg.places import Place

Tree = str | tuple[Any, ...] | dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where a scalar goes, and its style: "" (plain), `'`, `"`, `|` or `>`."""

    start: int
    end: int
    style: str


@dataclass(frozen=True, slots=True)
class Written:
    """A document that reads: its nodes, what is wrong with their form, and where its scalars are.

    `ends`: where scalars and brackets end, in the order of the text. `aliases`: whether there are any.
    """

    text: str
    root: Node | None
    faults: list[Fault]
    spans: dict[tuple[int, int], Span] = field(default_factory=dict)
    ends: list[int] = field(default_factory=list)
    aliases: bool = False

    def span(self, scalar: Scalar) -> Span | None:
        """Where `scalar` is written."""
        return self.spans.get((scalar.place.line, scalar.place.column))

    def at(self, place: Place) -> int:
        """The offset of a place."""
        start = 0
        for _ in range(place.line - 1):
            start = self.text.index("\n", start) + 1
        return start + place.column - 1


def read(text: str) -> Written | None:
    """`text` as it is written, or None where it cannot be read to its end."""
    faults: list[Fault] = []
    try:
        written = Written(text, compose(text, "", faults), faults)
    except InputError:
        return None
    aliases = False
    for event in yaml.parse(text, Loader=LOADER):
        aliases |= isinstance(event, yaml.AliasEvent)
        if isinstance(event, yaml.ScalarEvent):
            _take(event, written)
        elif isinstance(event, yaml.CollectionEndEvent):
            written.ends.extend(_closed(event, text))
    return Written(text, written.root, faults, written.spans, written.ends, aliases)


def _take(event: Any, written: Written) -> None:
    start, end = event.start_mark, event.end_mark.index
    style = event.style or ""
    if style in ("|", ">"):
        end = start.index + len(written.text[start.index : end].rstrip())  # the mark is at what comes next
    if end > start.index:
        written.spans[start.line + 1, start.column + 1] = Span(start.index, end, style)
        written.ends.append(end)


def _closed(event: Any, text: str) -> list[int]:
    """Where a list or map ends that has a bracket at its end."""
    start, end = event.start_mark.index, event.end_mark.index
    return [end] if end > start and text[end - 1] in "]}" else []


def tree(text: str) -> tuple[Tree, list[str]] | None:
    """What `text` says, without how it is written, and what is wrong with its form; None if it does not read.

    >>> tree("a: [b, 'c']") == tree('{"a": [b, c]}'), tree("a: [")
    (True, None)
    """
    faults: list[Fault] = []
    try:
        root = compose(text, "", faults)
    except InputError:
        return None
    return _tree(root), sorted(fault.what for fault in faults)


def _tree(node: Node | None) -> Tree:
    match node:
        case Scalar(text=text):
            return text if not node.empty else None
        case Items(items=items):
            return tuple(map(_tree, items))
        case Map(pairs=pairs):
            return {name: _tree(value) for name, (_, value) in pairs.items()}
    return None


def put(new: str, span: Span, text: str, *, strict: bool = False) -> str | None:
    """`new` in the way in which the scalar at `span` of `text` is written; `strict`: as JSON.

    None for one over several lines, or with escapes.

    >>> put("true", Span(3, 6, ""), "a: yes"), put("it's", Span(3, 6, "'"), "a: 'x'")
    ('true', "'it''s'")
    """
    raw = text[span.start : span.end]
    if "\n" in raw or "\\" in raw or span.style in ("|", ">"):
        return None
    if span.style == "'":
        return "'" + new.replace("'", "''") + "'"
    if span.style == '"' or not _is_plain(new, strict=strict):
        return json.dumps(new, ensure_ascii=False)
    return new


def _is_plain(text: str, *, strict: bool) -> bool:
    """Whether `text` can stand without quotes, everywhere."""
    if strict:
        try:
            return json.loads(text) is not None
        except ValueError:
            return False
    return tree("{a: " + text + ", b: c}") == ({"a": text, "b": "c"}, []) and text == text.strip()
