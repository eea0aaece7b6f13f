"""What may be written at a spot: keys, codes, references, languages, kinds.

A mark is put where the cursor is, and the outline of that text says what the mark is part of;
so a line needs no end, and no colon, for its place to be understood.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from kg import context
from kg.cases.values import slug
from kg.context import SOURCE_BASE, Kind
from kg.lsp import outline, scanner
from kg.lsp.ground import Entity, Ground
from kg.lsp.meaning import (
    Evidence,
    Node,
    Part,
    Texts,
    Values,
    meaning,
    nodes,
    sources_of,
    title,
)
from kg.lsp.outline import Entry, Span, Spot, Word
from kg.names import XSD

MARK = "\ue000"
"""Stands where the cursor is; a character of private use."""
MOST = 100
"""How many references are offered at once."""
AT = "at: [${1:0}, ${2:0}]"
QUOTE = "{quote: ${1:…}, at: [${2:0}, ${3:0}]}"


class Sort(Enum):
    """What is offered."""

    KEY = "key"
    CODE = "code"
    CLASS = "class"
    REFERENCE = "reference"
    SOURCE = "source"
    LANGUAGE = "language"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that may be written: how it is listed, and what is `inserted` (with the holes of a snippet).

    `rank`: those with a lower one come first. `search`: what a typed word may match.
    """

    label: str
    inserted: str
    sort: Sort
    detail: str = ""
    documentation: str = ""
    rank: int = 0
    search: str = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """All that may stand at `span`, where `typed` stands. `whole`: there is no more, whatever comes."""

    span: Span
    typed: str
    items: tuple[Suggestion, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Cursor:
    """What is asked: the outline with the mark, the entry and word that hold it, and what is typed of it."""

    root: Entry
    entry: Entry
    word: Word
    span: Span
    typed: str
    behind: str
    ground: Ground
    kind: str
    lang: str

    def present(self, entries: Iterable[Entry]) -> set[str]:
        """The keys of `entries`, but for the one that is being typed."""
        return {each.name for each in entries if each.key and MARK not in each.key.raw}


def complete(text: str, spot: Spot, ground: Ground, kind: str, lang: str) -> Suggestions | None:
    """What may be written at `spot` of `text`, a file of `kind`; None where nothing is known of it."""
    cursor = _cursor(text, spot, ground, kind, lang)
    if cursor is None:
        return None
    found = list(_at_key(cursor) if cursor.word is cursor.entry.key else _at_value(cursor))
    if any(each.sort is Sort.REFERENCE for each in found):
        best = sorted(found, key=lambda each: (each.rank, each.inserted))[:MOST]
        return Suggestions(cursor.span, cursor.typed, tuple(best), whole=False)
    return Suggestions(cursor.span, cursor.typed, tuple(found)) if found else None


def _cursor(text: str, spot: Spot, ground: Ground, kind: str, lang: str) -> _Cursor | None:
    lines = outline.lines(text)
    if spot.line >= len(lines):
        return None
    line = lines[spot.line]
    lines[spot.line] = line[: spot.column] + MARK + line[spot.column :]
    root = scanner.parse("\n".join(lines))
    for entry, word in root.words():
        if MARK in word.raw:
            start, end = _ends(word)
            if word.raw[:1] in ("|", ">") or start.line != spot.line or end.line != spot.line:
                return None
            typed, behind = line[start.column : spot.column], line[end.column :]
            return _Cursor(root, entry, word, Span(start, end), typed, behind, ground, kind, lang)
    return None


def _ends(word: Word) -> tuple[Spot, Spot]:
    """From where to where a word reaches, without its quotes and without the mark in it."""
    raw, start, end = word.raw, word.span.start, word.span.end
    quoted = raw[:1] in ("'", '"')
    closed = quoted and len(raw) > 1 and raw[-1] == raw[0]
    return Spot(start.line, start.column + quoted), Spot(end.line, end.column - closed - 1)


# --- keys


def _at_key(cursor: _Cursor) -> Iterator[Suggestion]:
    parent = cursor.entry.parent
    assert parent
    above = meaning(parent, cursor.ground, cursor.kind)
    if isinstance(above, Values):
        yield from _values(cursor, above, parent)
        return
    colon = re.match(r"[\"']?[ \t]*:", cursor.behind) is not None
    for found in _keys(cursor, above, cursor.present(parent.children)):
        yield replace(found, inserted=found.label) if colon else found


def _at_value(cursor: _Cursor) -> Iterator[Suggestion]:
    """What stands behind a key, or is an item; below a key it may as well be a key of a node."""
    entry = cursor.entry
    found = meaning(entry, cursor.ground, cursor.kind)
    if isinstance(found, Values):
        yield from _values(cursor, found, entry)
    elif isinstance(found, Part) and found.name == "source":
        yield from _sources(cursor, sources_of(cursor.root, cursor.ground))
    elif entry.key is None or entry.key.span.end.line < cursor.span.start.line:
        if entry.listed and isinstance(found, Evidence):
            yield Suggestion("{quote, at}", QUOTE, Sort.KEY, rank=-1)
        yield from _keys(cursor, found, cursor.present(entry.children))
    elif isinstance(found, Evidence):
        yield Suggestion("{quote, at}", QUOTE, Sort.KEY)
    elif isinstance(found, Texts):
        for tag in _languages(cursor, ()):
            yield replace(tag, label=f"{{{tag.label}}}", inserted=f"{{{tag.label}: $1}}")


def _keys(cursor: _Cursor, of: object, present: Collection[str]) -> Iterator[Suggestion]:
    """The keys of a map, without those that it has."""
    match of:
        case Node():
            yield from _properties(cursor, of, present)
        case Texts():
            yield from _languages(cursor, present)
        case Evidence():
            codes = {name: f"{name}: $1" for name in cursor.ground.onto.gradings}
            parts = {"quote": "quote: $1", "at": AT, "source": "source: $1", **codes}
            for rank, (name, inserted) in enumerate(parts.items()):
                if name not in present:
                    yield Suggestion(name, inserted, Sort.KEY, rank=rank)


def _properties(cursor: _Cursor, node: Node, present: Collection[str]) -> Iterator[Suggestion]:
    ground, onto = cursor.ground, cursor.ground.onto
    frame = ground.frame(cursor.kind, node.base)
    choices = [choice for group in frame.get("allOf", ()) for choice in group.get("anyOf", ())]
    required = {key for each in (frame, *choices) for key in each.get("required", ())}
    given = {entry.property for key in present if (entry := onto.context.entry(key))}
    for key in frame.get("properties", {}):
        entry = onto.context.entry(key)
        if entry is None or entry.property in given:
            continue
        domain = onto.domain(entry.property)
        own = domain is not None and onto.is_subclass(domain, node.base)
        yield Suggestion(
            key,
            _inserted(entry, cursor),
            Sort.KEY,
            "" if entry.kind in (Kind.ID, Kind.CLASS) else ground.label(entry.property, cursor.lang),
            ground.definition(entry.property, cursor.lang),
            0 if key in required else 1 if own or entry.kind in (Kind.CLASS, Kind.EVIDENCE, Kind.MAP) else 2,
        )


def _inserted(entry: context.Entry, cursor: _Cursor) -> str:
    """A key with what comes behind it, as a snippet."""
    if entry.kind is Kind.EVIDENCE:
        return f"{entry.key}: {QUOTE}"
    if entry.kind is Kind.LANGUAGE:
        languages = cursor.ground.workspace.languages
        tag = cursor.lang if cursor.lang in languages else languages[0]
        return f"{entry.key}: {{${{1:{tag}}}: $2}}"
    if entry.kind is Kind.MAP and not cursor.entry.inside:
        return f"{entry.key}:\n  $1"
    return f"{entry.key}: $1"


def _languages(cursor: _Cursor, present: Collection[str]) -> Iterator[Suggestion]:
    for rank, tag in enumerate(cursor.ground.workspace.languages):
        if tag not in present:
            yield Suggestion(tag, f"{tag}: $1", Sort.LANGUAGE, rank=rank)


# --- values


def _values(cursor: _Cursor, of: Values, entry: Entry) -> Iterator[Suggestion]:
    """What the values of a property may be, without those that it has."""
    owner = entry.parent if entry.listed else entry
    others = (each for each in (owner.children if owner else ()) if each is not entry)
    listed = {each.value.text for each in others if each.value}
    for each in _every_value(cursor, of):
        if each.label not in listed and each.inserted not in listed:
            yield each


def _every_value(cursor: _Cursor, of: Values) -> Iterator[Suggestion]:
    ground, lang, entry = cursor.ground, cursor.lang, of.entry
    match entry.kind:
        case Kind.CODE:
            for rank, (code, node) in enumerate(ground.onto.codes(entry.base).items()):
                label, said = ground.label(node, lang), ground.definition(node, lang)
                rank += 1000 * (node.value in ground.headings)
                yield Suggestion(code, code, Sort.CODE, label, said, rank, f"{code} {label}")
        case Kind.CLASS:
            yield from _kinds(cursor, of)
        case Kind.REFERENCE if entry.base == SOURCE_BASE:
            yield from _sources(cursor, ground.source_files)
        case Kind.REFERENCE if not entry.base:
            yield from _references(cursor, entry)
        case Kind.LITERAL if entry.datatype == XSD + "boolean":
            yield from (Suggestion(text, text, Sort.VALUE) for text in ("true", "false"))


def _kinds(cursor: _Cursor, of: Values) -> Iterator[Suggestion]:
    ground, lang = cursor.ground, cursor.lang
    frame = ground.frame(cursor.kind, of.base)
    for word in frame.get("properties", {}).get(of.entry.key, {}).get("enum", ()):
        cls = ground.onto.context.class_named(word)
        if cls:
            label = ground.label(cls, lang)
            yield Suggestion(
                word, word, Sort.CLASS, label, ground.definition(cls, lang), search=f"{word} {label}"
            )


def _sources(cursor: _Cursor, names: Iterable[str]) -> Iterator[Suggestion]:
    for name in names:
        label = cursor.ground.label(cursor.ground.source(name), cursor.lang)
        yield Suggestion(name, name, Sort.SOURCE, "" if label == name else label, search=f"{name} {label}")


def _references(cursor: _Cursor, entry: context.Entry) -> Iterator[Suggestion]:
    """The nodes of this file, and the shared entities, that a property can lead to and `typed` may mean."""
    ground, lang, typed = cursor.ground, cursor.lang, cursor.typed.lower()
    wanted = ground.leads_to(entry.property)
    for each, node in nodes(cursor.root, ground, cursor.kind):
        path, called = each.path(), title(each, ground, lang)
        near = _closeness((path, called), typed)
        if near < FAR and MARK not in path and ground.fits((node.base.value,), wanted):
            label = ground.label(node.cls, lang)
            yield Suggestion(path, path, Sort.REFERENCE, label, called, near * 2)
    for entity in ground.fitting(wanted):
        if (near := _closeness((entity.id, entity.name, *entity.names), typed)) < FAR:
            yield _entity(entity, cursor, near * 2 + 1)


def _entity(entity: Entity, cursor: _Cursor, rank: int) -> Suggestion:
    label = f"{entity.name} {entity.label(cursor.lang)}".strip()
    classes = sorted(cursor.ground.label(cls, cursor.lang) for cls in entity.classes)
    return Suggestion(label, entity.id, Sort.REFERENCE, ", ".join(classes), rank=rank)


FAR = 4


def _closeness(names: Iterable[str], typed: str) -> int:
    """How well `typed`, in small letters, goes with the names: from 0, one begins so, to FAR, not at all.

    >>> names = ("things/a-1", "Røde Øer")
    >>> [_closeness(names, typed) for typed in ("røde", "øer", "a-", "de", "roe", "x")]
    [0, 1, 1, 2, 3, 4]
    """
    low = [name.lower() for name in names]
    if any(name.startswith(typed) for name in low):
        return 0
    if any(typed in name for name in low):
        words = (word for name in low for word in re.split(r"[\s/]", name))
        return 1 if any(word.startswith(typed) for word in words) else 2
    return 3 if any(spelt(name).startswith(typed) for name in low) else FAR


@lru_cache(maxsize=10_000)
def spelt(name: str) -> str:
    """A name as it is written in keys, which people without its letters type."""
    return slug(name)
