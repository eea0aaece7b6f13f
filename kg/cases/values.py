"""The text of a value → the terms that it stands for, by the entry of its key; for case files and tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from kg import dates, formats
from kg.context import SOURCE_BASE, Entry, Kind
from kg.meant import choices, nearest
from kg.names import ID, XSD, Names, is_key, last, shared
from kg.ontology import Ontology
from kg.places import Place

Term = NamedNode | Literal
DATE = NamedNode(XSD + "date")

_NUMBERS = {XSD + "integer", XSD + "decimal"}
_LOCAL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._~/-]*[A-Za-z0-9])?")
_SPELT = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Wrong(ValueError):  # noqa: N818 - a judgement on a text, which becomes a Fault with its place
    """A text that does not read: what is wrong, and what mends it; who reads mostly knows the place."""

    def __init__(self, what: str, fix: str = "", place: Place | None = None) -> None:
        super().__init__(what)
        self.what, self.fix, self.place = what, fix, place


@dataclass(frozen=True, slots=True)
class Values:
    """Reads values. `known`: the IRIs of the shared entities that exist; None where that is not asked."""

    ontology: Ontology
    names: Names
    languages: frozenset[str]
    known: Collection[str] | None = None

    def read(self, entry: Entry, text: str) -> list[tuple[NamedNode, Term]]:
        """The properties and terms that `text` stands for: one, and the bounds of a date.

        Codes, shared references, classes, dates, numbers and other literals; not what needs
        a document around it: maps, texts by language, evidence, references inside a case.

        :raises Wrong: if it does not read.
        """
        match entry.kind:
            case Kind.EDTF:
                return self._edtf(entry, text)
            case Kind.CODE:
                return [(entry.property, self.code(entry, text))]
            case Kind.REFERENCE:
                return [(entry.property, self.reference(entry, text))]
            case Kind.CLASS:
                return [(entry.property, self.cls(text))]
            case _:
                return [(entry.property, literal(entry, text))]

    def _edtf(self, entry: Entry, text: str) -> list[tuple[NamedNode, Term]]:
        """The date as written, and the first and last day that it allows, where those have properties."""
        try:
            days = dates.bounds(text)
        except dates.DateError as exc:
            raise Wrong(exc.what, exc.fix) from exc
        found: list[tuple[NamedNode, Term]] = [(entry.property, Literal(text))]
        for prop, day in zip(self.ontology.bounds(entry.property), days, strict=True):
            if prop is not None and day is not None:
                found.append((prop, Literal(day.isoformat(), datatype=DATE)))
        return found

    def code(self, entry: Entry, text: str) -> NamedNode:
        """The concept `text` of the entry's code list."""
        codes = self.ontology.codes(entry.base)
        if text in codes:
            return codes[text]
        raise Wrong(f"“{text}” is no code of “{entry.key}”", choices(text, codes))

    def cls(self, text: str, above: NamedNode | None = None) -> NamedNode:
        """The declared class `text`, which has to be `above` or below it."""
        node = self.ontology.context.class_named(text)
        declared = node is not None and node.value in self.ontology.classes
        if node is not None and declared and (above is None or self.ontology.is_subclass(node, above)):
            return node
        fitting = self.ontology.subclasses(above) if above else sorted(self.ontology.classes)
        words = {last(iri) for iri in fitting}
        raise Wrong(
            f"“{text}” is no {f'kind of {last(above.value)}' if above else 'class'}",
            choices(text, sorted(words)),
        )

    def reference(self, entry: Entry, text: str) -> NamedNode:
        """The node below the entry's base, or the shared entity, that `text` names."""
        if entry.base == SOURCE_BASE:
            return self.source(text)
        if entry.base:
            local = text.removeprefix(entry.base)
            if not _LOCAL.fullmatch(local):
                raise Wrong(f"“{text}” cannot stand after {entry.base}", "write the last part of the address")
            return NamedNode(entry.base + local)
        return self.shared(text)

    def source(self, text: str) -> NamedNode:
        """The source `text`."""
        return self.names.source(key(text))

    def shared(self, text: str) -> NamedNode:
        """The shared entity `kind/name`."""
        if "://" in text:
            raise Wrong("an address on the web is no reference", "write kind/name of a shared entity")
        parts = text.split("/")
        if len(parts) != 2:
            raise Wrong(f"“{text}” is not of the form kind/name", "write kind/name of a shared entity")
        kind, name = map(key, parts)
        node = shared(text)
        if self.known is not None and node.value not in self.known:
            fix = self._near(kind, name) or "add it to the reference data"
            raise Wrong(f"there is no shared entity “{text}”", fix)
        return node

    def _near(self, kind: str, name: str) -> str:
        """“did you mean …?” with the known entity nearest to `kind/name`, or ""."""
        known = [iri.removeprefix(ID).partition("/") for iri in self.known or () if iri.startswith(ID)]
        kind = nearest(kind, {each for each, _, _ in known})
        name = nearest(name, [each for its_kind, _, each in known if its_kind == kind])
        return f"did you mean “{kind}/{name}”?" if name else ""

    def text(self, entry: Entry, language: str, text: str) -> Literal:
        """`text` in `language`, which has to be one of the workspace's."""
        if language not in self.languages:
            what = f"“{language}” is no language that “{entry.key}” can be in"
            raise Wrong(what, choices(language, sorted(self.languages)))
        return Literal(text, language=language)


def literal(entry: Entry, text: str) -> Literal:
    """`text` as a literal of the datatype of its key; else as a number or a string, for shapes to judge.

    >>> from kg.names import term
    >>> count = Entry("count", term("count"), Kind.LITERAL, datatype=XSD + "integer")
    >>> [last(str(literal(count, text))) for text in ("07", "2.50", "many")]
    ['integer>', 'decimal>', '"many"']
    """
    if entry.kind is Kind.NUMBER or entry.datatype in _NUMBERS:
        return formats.canonical_number(text) or Literal(text)
    typed = Literal(text, datatype=NamedNode(entry.datatype))
    return typed if entry.datatype == XSD + "string" or _portable(typed) else Literal(text)


def _portable(typed: Literal) -> bool:
    node = NamedNode(XSD)
    return not formats.unportable([Quad(node, node, typed)], ())


def key(text: str) -> str:
    """`text`, if it may become a part of an IRI.

    :raises Wrong: with a key that would do.

    >>> key("Røde Æbler")
    Traceback (most recent call last):
    kg.cases.values.Wrong: “Røde Æbler” is no key: small letters a-z, digits, and single hyphens between them
    """
    if is_key(text):
        return text
    if odd := lookalike(text):
        raise Wrong(f"“{text}” holds {odd}", "type the letter anew")
    what = f"“{text}” is no key: small letters a-z, digits, and single hyphens between them"
    raise Wrong(what, f"write “{plain}”" if (plain := slug(text)) else "")


def slug(text: str) -> str:
    """A key made of `text`, or "".

    >>> slug("Røde Æbler"), slug("É 2"), slug("東")
    ('roede-aebler', 'e-2', '')
    """
    spelt = unicodedata.normalize("NFC", text).lower().translate(_SPELT)
    bare = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def lookalike(text: str) -> str:
    """What in `text` only looks like a letter of its neighbours: of another script, or an accent alone.

    >>> lookalike("n\\u043ede")
    '“о” (CYRILLIC SMALL LETTER O), which only looks like a Latin letter'
    """
    for char in text:
        if unicodedata.combining(char):
            return f"an accent that is a character of its own (U+{ord(char):04X})"
        name = unicodedata.name(char, "")
        if char.isalpha() and re.match(r"GREEK|CYRILLIC|FULLWIDTH|MATHEMATICAL", name):
            return f"“{char}” ({name}), which only looks like a Latin letter"
    return ""
