"""What an ontology says of its terms, as Markdown: names, labels, definitions, links to where they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from kg.languages import nearest, words
from kg.manual.markdown import code, items, text, tongues
from kg.manual.ontology.words import TABLE
from kg.names import OWL, RDF, RDFS, SKOS, VANN, short
from kg.ontology import Ontology

LABELS = (RDFS + "label", SKOS + "prefLabel")
INDEX, CLASSES, PROPERTIES, CODES = "README.md", "classes.md", "properties.md", "codes.md"
INFERENCE, SHAPES = "inference.md", "shapes.md"


class Said:
    """The statements about each term, and the words of `lang` around them."""

    def __init__(self, ontology: Ontology, lang: str = "en") -> None:
        self.ontology, self.lang = ontology, lang
        self._values: dict[tuple[str, str], list[NamedNode | Literal]] = defaultdict(list)
        self._users: dict[tuple[str, str], list[str]] = defaultdict(list)
        for quad in dict.fromkeys(quad.triple for quad in (*ontology.terms, *ontology.axioms)):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self._values[quad.subject.value, quad.predicate.value].append(quad.object)
                self._users[quad.predicate.value, quad.object.value].append(quad.subject.value)

    def __getitem__(self, key: str) -> str:
        return words(TABLE, self.lang)[key]

    # --- terms, and where they stand

    @cached_property
    def own(self) -> frozenset[str]:
        """The terms that are told of: those with a label or a definition."""
        onto = self.ontology
        return frozenset(
            iri
            for iri in onto.classes | onto.properties | onto.concepts
            if self.labels(iri) or self.definition(iri)
        )

    @cached_property
    def schemes(self) -> dict[str, list[str]]:
        """The codes of each list; those that are in none under the empty name."""
        listed = {iri for codes in self.ontology.schemes.values() for iri in codes}
        loose = sorted(self.ontology.concepts - listed)
        found = sorted(self.ontology.schemes.items(), key=lambda pair: (last(pair[0]), pair[0]))
        return dict(found) | ({"": loose} if loose else {})

    @cached_property
    def spots(self) -> dict[str, str]:
        """The page and anchor of each term, code and list."""
        found: dict[str, str] = {}
        for page, terms in (
            (CODES, self._anchors([*filter(None, self.schemes)]) | self._codes),
            (PROPERTIES, self._anchors(self.sorted(self.ontology.properties))),
            (CLASSES, self._anchors(self.sorted(self.ontology.classes))),
        ):
            found |= {iri: f"{page}#{anchor}" for iri, anchor in terms.items()}
        return found

    @property
    def _codes(self) -> dict[str, str]:
        """Each code by its list and name."""
        pairs = ((scheme, iri) for scheme, codes in self.schemes.items() for iri in codes)
        return {iri: "/".join(filter(None, (last(scheme), last(iri)))) for scheme, iri in pairs}

    def _anchors(self, iris: Iterable[str]) -> dict[str, str]:
        """The local name of each; with its prefix where it is another's, or another has that name already."""
        found: dict[str, str] = {}
        taken: set[str] = set()
        for iri in sorted(iris, key=lambda iri: not iri.startswith(self.home)):
            name = last(iri) if iri in self.own or iri in self.schemes else self.name(iri).strip("<>")
            name = name if name.casefold() not in taken else self.name(iri).strip("<>")
            taken.add(name.casefold())
            found[iri] = name
        return found

    @cached_property
    def home(self) -> tuple[str, ...]:
        """The namespaces that the ontologies call their own."""
        prop = VANN + "preferredNamespaceUri"
        found = {v.value for (_, p), vs in self._values.items() if p == prop for v in vs}
        return tuple(sorted(found))

    def anchor(self, iri: str) -> str:
        """What a link to a term, code or list ends in."""
        return self.spots[iri].partition("#")[2]

    def link(self, iri: str) -> str:
        """A link to where the term is told of, or to the term itself."""
        if spot := self.spots.get(iri):
            return f"[{text(self._called(iri))}]({spot})"
        return f"<{iri}>" if re.match("https?:", iri) else code(self.name(iri))

    def _called(self, iri: str) -> str:
        is_code = iri in self.schemes or iri in self.ontology.concepts
        return self.anchor(iri) if is_code else self.name(iri)

    def links(self, iris: Iterable[str]) -> str:
        """Links to several terms, in the order of their names."""
        return ", ".join(map(self.link, self.sorted(set(iris))))

    def name(self, iri: str) -> str:
        """The term with its prefix."""
        return short(iri, self.ontology.prefixes)

    def sorted(self, iris: Iterable[str]) -> list[str]:
        """Terms in the order of their names."""
        return sorted(iris, key=lambda iri: (self.name(iri).casefold(), iri))

    # --- what is said of one

    def values(self, iri: str, prop: str) -> list[NamedNode | Literal]:
        """The values of a property that are no blank nodes."""
        return self._values.get((iri, prop), [])

    def nodes(self, iri: str, prop: str) -> list[str]:
        """The IRIs that are values of a property."""
        return self.sorted({v.value for v in self.values(iri, prop) if isinstance(v, NamedNode)})

    def users(self, prop: str, value: str) -> list[str]:
        """The terms that have the value of the property."""
        return self.sorted(set(self._users.get((prop, value), ())))

    def texts(self, iri: str, *props: str) -> list[str]:
        """The texts of properties in the language of the page, else in English, else all; sorted."""
        found = [v for prop in props for v in self.values(iri, prop) if isinstance(v, Literal)]
        tags = {v.language or "" for v in found}
        tag = next((tag for tag in (*nearest(self.lang), "") if tag in tags), None)
        return sorted({text(v.value) for v in found if tag is None or (v.language or "") == tag})

    def labels(self, iri: str) -> str:
        """The labels in all languages, that of the page first."""
        found: dict[str, str] = {}
        for prop in LABELS:
            for value in self.values(iri, prop):
                if isinstance(value, Literal):
                    found[value.language or ""] = value.value
        return tongues(found, self.lang)

    def definition(self, iri: str) -> str:
        """What it means."""
        return " ".join(self.texts(iri, SKOS + "definition"))

    def is_deprecated(self, iri: str) -> bool:
        """Whether it is no longer to be used."""
        return any(v.value in ("true", "1") for v in self.values(iri, OWL + "deprecated"))

    def notes(self, iri: str) -> list[tuple[str, str]]:
        """What else is said: that it is not to be used any more, matches, examples, notes."""
        instead = self.nodes(iri, "http://purl.org/dc/terms/isReplacedBy")
        matches = [
            (self[kind], self.links(self.nodes(iri, SKOS + kind)))
            for kind in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
        ]
        return [
            *matches,
            (self["instead"], self.links(instead)),
            (self["example"], "; ".join(self.texts(iri, SKOS + "example"))),
            (self["note"], " ".join(self.texts(iri, SKOS + "scopeNote", SKOS + "note", RDFS + "comment"))),
        ]

    def kinds(self, iri: str) -> list[str]:
        """What the ontology says that it is: the local names of its types in OWL."""
        return [n.removeprefix(OWL) for n in self.nodes(iri, RDF + "type") if n.startswith(OWL)]

    # --- one entry

    def entry(self, iri: str, facts: Iterable[tuple[str, str]]) -> str:
        """The part of a page about one term: anchor, head, labels, definition, and the facts as a list."""
        gone = f"**{self['deprecated']}**" if self.is_deprecated(iri) else ""
        lines = [("IRI", code(iri)), *facts, *self.notes(iri)]
        head = f"{anchor(self.anchor(iri))}\n\n### {text(self.name(iri))}"
        return joined((head, self.labels(iri), gone, self.definition(iri), items(lines)))


def anchor(name: str) -> str:
    """The place that a link leads to.

    >>> anchor("Thing")
    '<a id="Thing"></a>'
    """
    return f'<a id="{name}"></a>'


def joined(parts: Iterable[str]) -> str:
    """Parts with an empty line between them, but for those that say nothing."""
    return "\n\n".join(part.rstrip("\n") for part in parts if part)


def last(iri: str) -> str:
    """The last part of an IRI: what a code or a list is called.

    >>> last("https://example.org/code/shade/"), last("")
    ('shade', '')
    """
    return re.split("[/#]", iri.rstrip("/#"))[-1]
