"""Axioms and class expressions as small trees, and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.names import OWL, RDF, RDFS, XSD, short


@dataclass(frozen=True, slots=True)
class Named:
    """A class or a property with an IRI."""

    iri: NamedNode


@dataclass(frozen=True, slots=True)
class Some:
    """The things with a `prop` that is in `filler`."""

    prop: NamedNode
    filler: Expression


@dataclass(frozen=True, slots=True)
class Value:
    """The things whose `prop` is `value`."""

    prop: NamedNode
    value: NamedNode | Literal


@dataclass(frozen=True, slots=True)
class And:
    """The things that are in all `parts`."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """The things that are in any of `parts`."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """What stands where a class or property should, and no rule can be made of."""

    what: str


Expression = Named | Some | Value | And | Or | Unsupported


@dataclass(frozen=True, slots=True)
class Axiom:
    """`subject kind objects`; `kind` is the IRI of the term that makes it an axiom.

    A property characteristic has no objects, a set of disjoint classes no subject.
    """

    kind: str
    subject: Expression | None
    objects: tuple[Expression, ...] = ()


CHAIN = OWL + "propertyChainAxiom"
RELATIONS = {
    RDFS + "subClassOf",
    RDFS + "subPropertyOf",
    RDFS + "domain",
    RDFS + "range",
    OWL + "equivalentClass",
    OWL + "equivalentProperty",
    OWL + "inverseOf",
    OWL + "disjointWith",
    CHAIN,
}
CHARACTERISTICS = {OWL + "SymmetricProperty", OWL + "TransitiveProperty"}
ALL_DISJOINT = OWL + "AllDisjointClasses"

EVERYTHING = {OWL + "Thing", RDFS + "Resource"}
DATATYPES = {RDFS + "Literal", RDF + "langString", RDF + "PlainLiteral", RDF + "XMLLiteral", RDF + "HTML"}


def is_datatype(iri: NamedNode) -> bool:
    """Whether the members of `iri` are literals; rules are about things that have an IRI."""
    return iri.value.startswith(XSD) or iri.value in DATATYPES


def is_everything(part: Expression) -> bool:
    """Whether `part` is the class that all things are in."""
    return isinstance(part, Named) and part.iri.value in EVERYTHING


def words(part: Expression, prefixes: Mapping[str, str], inside: bool = False) -> str:
    """A class or property in words, as Manchester syntax has it; in brackets if it is `inside` another.

    >>> cat, legs = NamedNode("http://example.org/Cat"), NamedNode("http://example.org/legs")
    >>> words(And((Named(cat), Value(legs, Literal(4)))), {"": "http://example.org/"})
    ':Cat and (:legs value "4"^^<http://www.w3.org/2001/XMLSchema#integer>)'
    """
    match part:
        case Named(iri):
            return short(iri.value, prefixes)
        case Unsupported(what):
            return f"[{what}]"
        case Some(prop, filler):
            text = f"{short(prop.value, prefixes)} some {words(filler, prefixes, True)}"
        case Value(prop, NamedNode() as value):
            text = f"{short(prop.value, prefixes)} value {short(value.value, prefixes)}"
        case Value(prop, value):
            text = f"{short(prop.value, prefixes)} value {value}"
        case And(parts):
            text = " and ".join(words(each, prefixes, True) for each in parts)
        case Or(parts):
            text = " or ".join(words(each, prefixes, True) for each in parts)
    return f"({text})" if inside else text


def statement(axiom: Axiom, prefixes: Mapping[str, str]) -> str:
    """The axiom in words, nearly as Turtle has it.

    >>> a, b = (Named(NamedNode(f"http://example.org/{x}")) for x in "ab")
    >>> prefixes = {"": "http://example.org/", "owl": OWL}
    >>> statement(Axiom(CHAIN, a, (a, b)), prefixes), statement(Axiom(OWL + "SymmetricProperty", a), prefixes)
    (':a owl:propertyChainAxiom (:a :b)', ':a a owl:SymmetricProperty')
    """
    kind = short(axiom.kind, prefixes)
    if axiom.subject is None:
        return f"{kind} ({' '.join(words(each, prefixes, True) for each in axiom.objects)})"
    subject = words(axiom.subject, prefixes)
    if axiom.kind == CHAIN:
        return f"{subject} {kind} ({' '.join(words(each, prefixes, True) for each in axiom.objects)})"
    if not axiom.objects:
        return f"{subject} a {kind}"
    return f"{subject} {kind} {' , '.join(words(each, prefixes) for each in axiom.objects)}"
