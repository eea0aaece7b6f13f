"""The page of the terms of an ontology: classes, properties, and the codes of each list."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from kg.context import Entry, Kind
from kg.manual.markdown import code, items, page, table, text, tongues
from kg.names import CG, OWL, RDFS, SKOS
from kg.ontology import Ontology
from kg.rules.axioms import short

READS = {
    Kind.ID: "the id of the node",
    Kind.CLASS: "a class",
    Kind.EVIDENCE: "evidence",
    Kind.MAP: "nodes by their keys",
    Kind.LANGUAGE: "texts by language",
    Kind.CODE: "a code",
    Kind.REFERENCE: "a reference",
    Kind.EDTF: "a date in EDTF",
    Kind.NUMBER: "a number",
    Kind.LITERAL: "a value",
}
"""How the value of a key reads, in words."""


def terms(ontology: Ontology) -> str:
    """The page of all declared classes, properties and codes, each kind in the order of names.

    Terms of which no label and no definition is given, mostly of other vocabularies, come last.
    """
    return page("Terms", "the ontology and the context of case files", _Terms(ontology).parts())


class _Terms:
    """The parts of the page, and what is said of each term."""

    def __init__(self, ontology: Ontology) -> None:
        self._onto = ontology
        self._said: dict[tuple[str, str], list[NamedNode | Literal]] = defaultdict(list)
        for quad in (*ontology.terms, *ontology.axioms):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self._said[quad.subject.value, quad.predicate.value].append(quad.object)

    def parts(self) -> Iterator[str]:
        """All sections, with the prefixes first."""
        own = {iri for iri in self._all if self._labels(iri) or self._definition(iri)}
        yield table(("prefix", "stands for"), self._prefixes())
        yield "## Classes"
        yield from map(self._class, self._sorted(self._onto.classes & own))
        yield "## Properties"
        yield from map(self._property, self._sorted(self._onto.properties & own))
        yield "## Code lists"
        for scheme, codes in sorted(self._schemes.items(), key=lambda pair: _last(pair[0])):
            yield self._scheme(scheme, codes)
        if others := self._sorted(self._all - own - self._onto.concepts):
            rows = ((code(self._name(iri)), self._keys(iri)) for iri in others)
            yield "## Declared by name alone\n\n" + table(("term", "in files"), rows)

    @property
    def _all(self) -> frozenset[str]:
        return self._onto.classes | self._onto.properties | self._onto.concepts

    @cached_property
    def _schemes(self) -> dict[str, list[str]]:
        """The codes of each list; those that are in none under the empty name."""
        listed = {iri for codes in self._onto.schemes.values() for iri in codes}
        loose = sorted(self._onto.concepts - listed)
        return self._onto.schemes | ({"": loose} if loose else {})

    def _prefixes(self) -> Iterator[tuple[str, str]]:
        used = {self._name(iri).partition(":")[0] for iri in (*self._all, *self._schemes)}
        for prefix, space in sorted(self._onto.prefixes.items()):
            if prefix in used:
                yield code(f"{prefix}:"), code(space)

    # --- one term

    def _class(self, iri: str) -> str:
        kinds = ", ".join(code(text.value) for text in self._said.get((iri, CG + "documentKind"), ()))
        return self._entry(
            iri, [("below", self._nodes(iri, RDFS + "subClassOf")), ("files of the kind", kinds)]
        )

    def _property(self, iri: str) -> str:
        facts = [
            ("in files", self._keys(iri)),
            ("of", self._nodes(iri, RDFS + "domain")),
            ("values", self._nodes(iri, RDFS + "range")),
            ("unless said otherwise", self._nodes(iri, CG + "defaultValue")),
            ("earliest day", self._nodes(iri, CG + "earliestBound")),
            ("latest day", self._nodes(iri, CG + "latestBound")),
            ("below", self._nodes(iri, RDFS + "subPropertyOf")),
            ("the other way round", self._nodes(iri, OWL + "inverseOf")),
        ]
        return self._entry(iri, facts)

    def _keys(self, iri: str) -> str:
        """The keys that authors write for a property, and how the value of each reads."""
        return "; ".join(f"{code(e.key)}, {self._reads(e)}" for e in self._entries if e.property.value == iri)

    @cached_property
    def _entries(self) -> list[Entry]:
        return sorted(self._onto.context.entries.values(), key=lambda entry: entry.key)

    def _reads(self, entry: Entry) -> str:
        if entry.kind is Kind.CODE:
            return f"a code of the list {code(_last(entry.base))}"
        if entry.kind is Kind.LITERAL:
            return f"a value of {code(self._name(entry.datatype))}"
        return READS[entry.kind]

    def _entry(self, iri: str, facts: Iterable[tuple[str, str]]) -> str:
        lines = [*facts, ("example", "; ".join(self._texts(iri, SKOS + "example")))]
        parts = (f"### {text(self._name(iri))}", self._labels(iri), self._definition(iri), items(lines))
        return "\n\n".join(part.rstrip("\n") for part in parts if part)

    def _scheme(self, iri: str, codes: Iterable[str]) -> str:
        keys = (code(e.key) for e in self._entries if e.kind is Kind.CODE and e.base.rstrip("/#") == iri)
        rows = ((code(_last(c)), self._labels(c), self._about(c)) for c in codes)
        parts = (
            f"### {text(_last(iri) or 'In no list')}",
            self._labels(iri),
            self._definition(iri),
            items([("in files", ", ".join(keys)), ("list", code(iri) if iri else "")]),
            table(("code", "label", "definition"), rows),
        )
        return "\n\n".join(part.rstrip("\n") for part in parts if part)

    def _about(self, iri: str) -> str:
        """The definition of a code, with its notes and other words for it."""
        also = self._texts(iri, SKOS + "altLabel")
        said = [self._definition(iri), *self._texts(iri, SKOS + "scopeNote")]
        broader = [code(_last(v.value)) for v in self._said.get((iri, SKOS + "broader"), ())]
        said += [f"Below {', '.join(broader)}."] if broader else []
        return " ".join([*said, f"Also: {', '.join(also)}."] if also else said)

    # --- what is said of it

    def _name(self, iri: str) -> str:
        return short(iri, self._onto.prefixes)

    def _sorted(self, iris: Iterable[str]) -> list[str]:
        return sorted(iris, key=lambda iri: (self._name(iri).casefold(), iri))

    def _nodes(self, iri: str, prop: str) -> str:
        """The named values of a property."""
        values = self._said.get((iri, prop), ())
        return ", ".join(
            code(n) for n in sorted({self._name(v.value) for v in values if isinstance(v, NamedNode)})
        )

    def _texts(self, iri: str, prop: str) -> list[str]:
        """The texts of a property, sorted, each once."""
        return sorted({text(v.value) for v in self._said.get((iri, prop), ()) if isinstance(v, Literal)})

    def _labels(self, iri: str) -> str:
        found: dict[str, str] = {}
        for prop in (RDFS + "label", SKOS + "prefLabel"):
            for value in self._said.get((iri, prop), ()):
                if isinstance(value, Literal):
                    found[value.language or ""] = value.value
        return tongues(found)

    def _definition(self, iri: str) -> str:
        return " ".join(self._texts(iri, SKOS + "definition"))


def _last(iri: str) -> str:
    """The last part of an IRI: what a code or a list is called.

    >>> _last("https://example.org/code/shade/"), _last("")
    ('shade', '')
    """
    return re.split("[/#]", iri.rstrip("/#"))[-1]
