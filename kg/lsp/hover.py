"""What stands under the cursor: definitions of keys and codes, names of entities, a quote's sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg import dates
from kg.context import SOURCE_BASE, Kind
from kg.lsp import outline
from kg.lsp.ground import Ground
from kg.lsp.meaning import Evidence, Node, Part, Values, meaning, referent, sources_of, title
from kg.lsp.outline import Entry, Span, Spot, Word

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|])")


@dataclass(frozen=True, slots=True)
class Hover:
    """A text in Markdown, and the words that it is about."""

    text: str
    span: Span


def hover(root: Entry, spot: Spot, ground: Ground, kind: str, lang: str) -> Hover | None:
    """What is to be said of `spot` in the outline `root` of a file of `kind`, if possible in `lang`."""
    found = outline.at(root, spot)
    if found is None:
        return None
    entry, word = found
    asked = _Asked(root, ground, kind, lang)
    paragraphs = asked.of_key(entry) if word is entry.key else asked.of_value(entry, word)
    text = "\n\n".join(filter(None, paragraphs))
    return Hover(text, word.span) if text else None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Gives paragraphs of Markdown; empty ones say nothing."""

    root: Entry
    ground: Ground
    kind: str
    lang: str

    def of_key(self, entry: Entry) -> Iterable[str]:
        """What a key means, or the node that it names."""
        found = meaning(entry, self.ground, self.kind)
        parent = meaning(entry.parent, self.ground, self.kind) if entry.parent else None
        if isinstance(found, Part) and entry.parent:
            return self.evidence(entry.parent)
        if isinstance(found, Evidence) and len(entry.children) and entry.bracket != "[":
            return (*self.term(found.entry.property), *self.evidence(entry))
        if isinstance(found, Node) and entry.key:
            return (*self.term(found.cls), title(entry, self.ground, self.lang))
        said = self.ground.onto.context.entry(entry.name)
        if isinstance(parent, Node) and said and said.kind not in (Kind.ID, Kind.CLASS):
            return self.term(said.property)
        return ()

    def of_value(self, entry: Entry, word: Word) -> Iterable[str]:
        """What a value refers to, or the words around a quote."""
        found = meaning(entry, self.ground, self.kind)
        if isinstance(found, Part):
            return self.evidence(_holder(entry))
        if not isinstance(found, Values):
            return ()
        onto, text = self.ground.onto, word.text
        match found.entry.kind:
            case Kind.CODE:
                code = onto.codes(found.entry.base).get(text)
                return self.term(code) if code else ()
            case Kind.CLASS:
                cls = onto.context.class_named(text)
                return self.term(cls) if cls and cls.value in onto.classes else ()
            case Kind.REFERENCE if found.entry.base == SOURCE_BASE:
                return self.source(text)
            case Kind.REFERENCE:
                return self.reference(found, text)
            case Kind.EDTF:
                return _days(text)
        return ()

    def term(self, node: NamedNode) -> Iterable[str]:
        """A term or a code: its label and its definition."""
        label, said = self.ground.label(node, self.lang), self.ground.definition(node, self.lang)
        return (f"**{_plain(label)}**", _plain(said))

    def reference(self, of: Values, text: str) -> Iterable[str]:
        """A shared entity, or a node of this file."""
        entity = self.ground.entities.get(text)
        if entity:
            classes = ", ".join(sorted(self.ground.label(cls, self.lang) for cls in entity.classes))
            label = entity.label(self.lang) or entity.name
            others = ", ".join(name for name in dict.fromkeys(entity.names) if name != label)
            return (f"**{_plain(label)}** ({_plain(classes)})", _plain(others))
        node = referent(text, of.entry, self.root, self.ground, self.kind)
        return self.of_key(node) if node else ()

    def source(self, name: str) -> Iterable[str]:
        """A source: its title."""
        if name not in self.ground.source_files:
            return ()
        label = self.ground.label(self.ground.source(name), self.lang)
        return (f"**{_plain(label)}**", "" if label == name else f"`{name}`")

    def evidence(self, entry: Entry) -> Iterable[str]:
        """The sentence of a quote, where its text is at hand; else only where it stands."""
        parts = {child.name: child for child in entry.children}
        quote = parts["quote"].value.text if "quote" in parts and parts["quote"].value else ""
        named = [parts["source"].value.text] if "source" in parts and parts["source"].value else []
        source = next(iter(named or sources_of(self.root, self.ground)), "")
        ends = [each.value.text for each in parts["at"].children if each.value] if "at" in parts else []
        plain = len(ends) == 2 and all(e.isdecimal() and len(e) < 10 for e in ends)
        span = (int(ends[0]), int(ends[1])) if plain else None
        text = self.ground.texts.get(source)
        if text and quote:
            found = [span] if span and text.at(span) == quote else text.find(quote)
            span = found[0] if len(found) == 1 else span
            if len(found) == 1:
                before, _, after = text.sentence(found[0]).partition(quote)
                yield f"> {_plain(before)}**{_plain(quote)}**{_plain(after)}"
        if source:
            yield " ".join(filter(None, (f"`{source}`", f"{span[0]}–{span[1]}" if span else "")))


def _holder(entry: Entry) -> Entry:
    """The map that a value of a piece of evidence belongs to; `at` is a list in it."""
    while entry.listed and entry.parent:
        entry = entry.parent
    return entry.parent or entry


def _days(text: str) -> Iterable[str]:
    """The first and the last day that a date allows.

    >>> list(_days("2024-23")), list(_days("soon"))
    (['2024-09-01 – 2024-11-30'], [])
    """
    try:
        first, last = dates.bounds(text)
    except dates.DateError:
        return
    yield " – ".join(day.isoformat() if day else ".." for day in dict.fromkeys((first, last)))


def _plain(text: str) -> str:
    """The text as Markdown that shows it as it is.

    >>> _plain("a_b <c>")
    'a\\\\_b \\\\<c\\\\>'
    """
    return _MARKS.sub(r"\\\1", text)
