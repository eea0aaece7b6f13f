"""What the text of a value should be, where that can be told: a number, a date, a code, a reference."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import NamedNode

from kg import dates, formats, schema
from kg.cases.values import literal
from kg.context import SOURCE_BASE, Entry, Kind
from kg.fixes.near import near
from kg.names import ID, XSD, Names, last
from kg.ontology import Ontology
from kg.sources import Text

_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_NUMBERS = (XSD + "integer", XSD + "decimal")


@dataclass(frozen=True)
class Facts:
    """What fixes are made from.

    `texts`: those of the sources that are at hand. `known`: the IRIs of the shared entities,
    `sources`: the ids of the sources, None where that is not known. `order`: the sections of a
    case, as its template has them. `kind`: of the files, `case` or `source`.
    """

    ontology: Ontology
    names: Names
    texts: Mapping[str, Text] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    known: Collection[str] | None = None
    sources: Collection[str] | None = None
    order: tuple[str, ...] = ()
    kind: str = "case"

    @cached_property
    def shared(self) -> frozenset[str]:
        """The shared entities, as authors write them."""
        return frozenset(iri.removeprefix(ID) for iri in self.known or () if iri.startswith(ID))

    @cached_property
    def classes(self) -> frozenset[str]:
        """The names of all classes, as authors write them."""
        return frozenset(last(iri) for iri in self.ontology.classes)

    def keys(self, cls: NamedNode) -> frozenset[str]:
        """The keys that a node of `cls` may have."""
        if cls.value not in self._keys:
            self._keys[cls.value] = frozenset(schema.keys(self.ontology, cls))
        return self._keys[cls.value]

    @cached_property
    def _keys(self) -> dict[str, frozenset[str]]:
        return {}


def meant(entry: Entry, text: str, facts: Facts) -> tuple[str, str] | None:
    """What `text` should be, and the rule that says so; None where it is right, or cannot be told.

    >>> from kg.names import term
    >>> facts = Facts(Ontology(), Names())
    >>> meant(Entry("count", term("count"), Kind.NUMBER), "7000.0", facts)
    ('7000', 'number')
    >>> meant(Entry("on", term("on"), Kind.EDTF), "12.10.2021", facts)
    ('2021-10-12', 'date')
    """
    match entry.kind:
        case Kind.EDTF:
            return _other(text, _date(text), "date")
        case Kind.CODE:
            return _spelt(text, facts.ontology.codes(entry.base), "code")
        case Kind.NUMBER | Kind.LITERAL:
            return _literal(entry, text)
        case Kind.REFERENCE if entry.base == SOURCE_BASE and facts.sources is not None:
            return _spelt(text, facts.sources, "reference")
        case Kind.CLASS:
            return _spelt(text, facts.classes, "class")
    return None


def shared(text: str, facts: Facts) -> tuple[str, str] | None:
    """As `meant`, for a reference to a shared entity."""
    return _spelt(text, facts.shared, "reference")


def _spelt(text: str, options: Collection[str], rule: str) -> tuple[str, str] | None:
    return None if text in options else _other(text, near(text, options), rule)


def _other(text: str, new: str | None, rule: str) -> tuple[str, str] | None:
    return (new, rule) if new is not None and new != text else None


def _date(text: str) -> str | None:
    """The only date that `text` can have meant; none for one with a time, which would be lost."""
    try:
        dates.bounds(text)
    except dates.DateError as wrong:
        return None if ":" in text else wrong.suggestion
    return None


def _literal(entry: Entry, text: str) -> tuple[str, str] | None:
    """The one way to write a number, a truth value, a day or a time that every store keeps."""
    if entry.kind is Kind.NUMBER or entry.datatype in _NUMBERS:
        number = formats.canonical_number(text.strip())
        return _other(text, number.value if number else None, "number")
    if entry.datatype not in _WRITTEN:
        return None
    write, rule = _WRITTEN[entry.datatype]
    new = write(text.strip())
    kept = new is not None and literal(entry, new).datatype.value == entry.datatype
    return _other(text, new if kept else None, rule)


def _boolean(text: str) -> str | None:
    lower = text.lower()
    return "true" if lower in _YES else "false" if lower in _NO else None


def _day(text: str) -> str | None:
    return _date(text) or text


def _time(text: str) -> str | None:
    time = text.upper().replace(" ", "T", 1)
    return time.rstrip("0").rstrip(".") if "." in time else time


_WRITTEN: dict[str, tuple[Callable[[str], str | None], str]] = {
    XSD + "boolean": (_boolean, "boolean"),
    XSD + "date": (_day, "date"),
    XSD + "dateTime": (_time, "date"),
}
