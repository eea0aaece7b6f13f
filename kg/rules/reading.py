"""Triples → axioms: reads what OWL writes with blank nodes and lists.

Nothing is judged here: a construct that is not known becomes `Unsupported` in its
place, so that the axiom can be named with all that is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.names import OWL, RDF, RDFS, short
from kg.rules.axioms import (
    ALL_DISJOINT,
    CHAIN,
    CHARACTERISTICS,
    RELATIONS,
    And,
    Axiom,
    Expression,
    Named,
    Or,
    Some,
    Unsupported,
    Value,
)
from kg.rules.model import TYPE

Term = NamedNode | BlankNode | Literal | Triple
About = dict[str, list[Term]]
"""The predicates of one subject, each with its objects."""

DECLARATIONS = {
    OWL + local
    for local in (
        "AnnotationProperty",
        "Axiom",
        "Class",
        "DatatypeProperty",
        "DeprecatedClass",
        "DeprecatedProperty",
        "NamedIndividual",
        "ObjectProperty",
        "Ontology",
        "OntologyProperty",
        "Restriction",
        "Thing",
    )
}
ANNOTATIONS = {
    OWL + local
    for local in (
        "annotatedProperty",
        "annotatedSource",
        "annotatedTarget",
        "backwardCompatibleWith",
        "deprecated",
        "imports",
        "incompatibleWith",
        "priorVersion",
        "versionIRI",
        "versionInfo",
    )
}
EXPRESSIONS = {
    OWL + local for local in ("onProperty", "someValuesFrom", "hasValue", "intersectionOf", "unionOf")
}
KNOWN_TYPES = DECLARATIONS | CHARACTERISTICS | {ALL_DISJOINT}
KNOWN_PREDICATES = RELATIONS | ANNOTATIONS

_EMPTY_LIST = NamedNode(RDF + "nil")
_VOCABULARY = (OWL, RDFS + "subClassOf", RDFS + "subPropertyOf", RDFS + "domain", RDFS + "range", RDF)


def is_about_terms(triple: Quad | Triple) -> bool:
    """Whether a triple may be a part of an axiom, so that those of an ontology are found among data.

    >>> a, b = NamedNode("http://e/a"), NamedNode("http://e/b")
    >>> [is_about_terms(Triple(a, NamedNode(iri), b)) for iri in (OWL + "sameAs", "http://e/p")]
    [True, False]
    """
    if triple.predicate == TYPE:
        return _iri(triple.object).startswith((OWL, RDFS, RDF))
    return triple.predicate.value.startswith(_VOCABULARY)


def index(triples: Iterable[Quad | Triple]) -> dict[Term, About]:
    """Subject → predicate → objects, of all graphs as one."""
    about: dict[Term, About] = {}
    for triple in triples:
        objects = about.setdefault(triple.subject, {}).setdefault(triple.predicate.value, [])
        if triple.object not in objects:
            objects.append(triple.object)
    return about


def read_axioms(triples: Iterable[Quad | Triple], prefixes: Mapping[str, str]) -> Iterator[Axiom]:
    """The axioms in `triples`, of any graph; declarations, annotations and plain facts are none.

    `prefixes` shorten the IRIs in what is said of unsupported constructs.
    """
    yield from _Reader(index(triples), prefixes).axioms()


@dataclass(slots=True)
class _Reader:
    """One pass over the triples, which remembers the blank nodes that it has come through."""

    about: Mapping[Term, About]
    prefixes: Mapping[str, str]
    seen: set[Term] = field(default_factory=set)

    def axioms(self) -> Iterator[Axiom]:
        """The known kinds first, since only they tell which blank nodes are in use."""
        for s, about in self.about.items():
            for p, objects in about.items():
                for o in objects:
                    yield from self._known(s, p, o)
        for s, about in self.about.items():
            yield from self._unknown(s, about)

    def _known(self, s: Term, p: str, o: Term) -> Iterator[Axiom]:
        if p in (RDFS + "subClassOf", OWL + "equivalentClass", OWL + "disjointWith"):
            yield Axiom(p, self._class(s), (self._class(o),))
        elif p in (RDFS + "domain", RDFS + "range"):
            yield Axiom(p, self._property(s), (self._class(o),))
        elif p == CHAIN:
            yield Axiom(p, self._property(s), tuple(map(self._property, self._list(o))))
        elif p in RELATIONS:
            yield Axiom(p, self._property(s), (self._property(o),))
        elif p == TYPE.value and _iri(o) in CHARACTERISTICS:
            yield Axiom(_iri(o), self._property(s))
        elif p == TYPE.value and _iri(o) == ALL_DISJOINT:
            self.seen.add(s)
            heads = self.about[s].get(OWL + "members", [])
            yield Axiom(ALL_DISJOINT, None, tuple(self._class(m) for head in heads for m in self._list(head)))

    def _unknown(self, s: Term, about: About) -> Iterator[Axiom]:
        """What else OWL says of `s`, and a class expression that no axiom has come through."""
        odd = [p for p in about if p.startswith(OWL) and p not in KNOWN_PREDICATES and s not in self.seen]
        odd_types = [
            t for t in map(_iri, about.get(TYPE.value, ())) if t.startswith(OWL) and t not in KNOWN_TYPES
        ]
        for kind in odd_types:
            yield Axiom(kind, self._whatever(s))
        if isinstance(s, NamedNode):
            for p in odd:
                yield Axiom(p, Named(s), tuple(map(self._whatever, about[p])))
        elif odd and not odd_types:
            p = min(odd, key=lambda p: (p == OWL + "onProperty", p))
            unused = Unsupported("a class expression that no axiom uses")
            yield Axiom(p, unused, tuple(map(self._whatever, about[p])))

    def _name(self, iri: str) -> str:
        return short(iri, self.prefixes)

    def _whatever(self, term: Term) -> Expression:
        return Named(term) if isinstance(term, NamedNode) else Unsupported("…")

    def _property(self, term: Term) -> Expression:
        if isinstance(term, NamedNode):
            return Named(term)
        self.seen.add(term)
        inverse = OWL + "inverseOf" in self.about.get(term, ())
        return Unsupported("an anonymous inverse" if inverse else "a property without an IRI")

    def _class(self, term: Term, within: frozenset[Term] = frozenset()) -> Expression:
        if isinstance(term, NamedNode):
            return Named(term)
        if not isinstance(term, BlankNode):
            return Unsupported(f"the literal {term} as a class")
        self.seen.add(term)
        if term in within:
            return Unsupported("an expression inside itself")
        about = {p: o for p, o in self.about.get(term, {}).items() if p.startswith(OWL)}
        return self._expression(
            {p: o for p, o in about.items() if p not in KNOWN_PREDICATES}, within | {term}
        )

    def _expression(self, about: About, within: frozenset[Term]) -> Expression:
        """The class that the OWL triples of one blank node describe."""
        match {p.removeprefix(OWL): objects for p, objects in about.items()}:
            case {"intersectionOf": [head], **rest} if not rest:
                return And(self._classes(head, within))
            case {"unionOf": [head], **rest} if not rest:
                return Or(self._classes(head, within))
            case {"onProperty": [NamedNode() as prop], "someValuesFrom": [filler], **rest} if not rest:
                return Some(prop, self._class(filler, within))
            case {
                "onProperty": [NamedNode() as prop],
                "hasValue": [NamedNode() | Literal() as value],
                **rest,
            } if not rest:
                return Value(prop, value)
            case {"onProperty": [BlankNode() as prop], **_rest}:
                return self._property(prop)
            case _:
                return Unsupported(self._strange(set(about)))

    def _classes(self, head: Term, within: frozenset[Term]) -> tuple[Expression, ...]:
        classes = tuple(self._class(part, within) for part in self._list(head))
        return classes or (Unsupported("an empty list"),)

    def _strange(self, predicates: set[str]) -> str:
        """What makes an expression one of those that no rule is made of."""
        if not predicates:
            return "a blank node that describes no class"
        if strange := predicates - EXPRESSIONS:
            return " with ".join(sorted(map(self._name, strange)))
        return f"an ill-formed expression of {' with '.join(sorted(map(self._name, predicates)))}"

    def _list(self, head: Term) -> list[Term]:
        """The members of an RDF list; a broken one ends in a blank node that describes nothing."""
        members: list[Term] = []
        passed: set[Term] = set()
        while head != _EMPTY_LIST:
            cell = self.about.get(head, {})
            first, rest = cell.get(RDF + "first", []), cell.get(RDF + "rest", [])
            if head in passed or len(first) != 1 or len(rest) != 1:
                return [*members, BlankNode()]
            passed.add(head)
            members.append(first[0])
            head = rest[0]
        return members


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""
