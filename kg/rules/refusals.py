"""What no rule can be made of: each fault says what it is, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.errors import Fault
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
    is_datatype,
    is_everything,
)

Wrong = tuple[str, str]
"""What is not supported, and what to write instead."""

ELSE = "state it as a shape, or leave it out"
PLAIN_PROPERTIES = {RDFS + local for local in ("label", "comment", "seeAlso", "isDefinedBy", "member")}


def refuse(text: str, axiom: Axiom, prefixes: Mapping[str, str]) -> list[Fault]:
    """All that keeps `axiom`, whose words are `text`, from becoming a rule; empty if nothing does."""
    found = dict.fromkeys(_Judge(prefixes).axiom(axiom))
    return [Fault(None, f"{text}: {what} is not supported", fix) for what, fix in found]


@dataclass(frozen=True, slots=True)
class _Judge:
    prefixes: Mapping[str, str]

    def axiom(self, axiom: Axiom) -> Iterator[Wrong]:
        parts = (*((axiom.subject,) if axiom.subject else ()), *axiom.objects)
        kind = axiom.kind
        if kind == RDFS + "subClassOf":
            yield from self.left(parts[0])
            yield from self.right(parts[1])
        elif kind == OWL + "equivalentClass":
            yield from self.both(parts)
        elif kind in (RDFS + "domain", RDFS + "range"):
            yield from self.property(parts[0])
            yield from self.reach(parts[1], literals=kind == RDFS + "range")
        elif kind in (OWL + "disjointWith", ALL_DISJOINT):
            yield from self.disjoint(parts)
        elif kind in RELATIONS | CHARACTERISTICS:
            if kind == CHAIN and not axiom.objects:
                yield "an empty chain", "name the properties that lead from one node to the other"
            for part in parts:
                yield from self.property(part)
        else:
            yield short(kind, self.prefixes), ELSE

    def left(self, part: Expression) -> Iterator[Wrong]:
        """A class whose members are to be found."""
        match part:
            case Some(prop, filler):
                yield from self.property(Named(prop))
                if not is_everything(filler):
                    yield from self.left(filler)
            case Value(prop):
                yield from self.property(Named(prop))
            case And(parts) | Or(parts):
                for each in parts:
                    yield from self.left(each)
            case Named(iri) if is_everything(part):
                yield f"{short(iri.value, self.prefixes)} in this place", "name the class that is meant"
            case _:
                yield from self.named(part)

    def right(self, part: Expression) -> Iterator[Wrong]:
        """A class that something is found to be in."""
        match part:
            case Some():
                yield "owl:someValuesFrom on the right", "a rule invents no node: state it as a shape"
            case Or():
                yield "owl:unionOf on the right", "a rule cannot choose: state it as a shape"
            case Value(prop):
                yield from self.property(Named(prop))
            case And(parts):
                for each in parts:
                    yield from self.right(each)
            case _ if not is_everything(part):
                yield from self.named(part)

    def both(self, parts: tuple[Expression, ...]) -> Iterator[Wrong]:
        """Classes that are on the left of one rule and on the right of another."""
        for part in parts:
            turned = [(what, "use rdfs:subClassOf, from it to the class") for what, _ in self.right(part)]
            yield from list(self.left(part)) or turned

    def reach(self, part: Expression, *, literals: bool) -> Iterator[Wrong]:
        """A domain or a range; a range of literals is no rule, and no fault."""
        if not (literals and isinstance(part, Named) and is_datatype(part.iri)):
            yield from self.right(part)

    def disjoint(self, parts: tuple[Expression, ...]) -> Iterator[Wrong]:
        if len(parts) < 2:
            yield "a disjointness of fewer than two classes", "list the classes in owl:members"
        for part in parts:
            if isinstance(part, Named | Unsupported):
                yield from self.left(part)
            else:
                yield "a disjoint class without a name", "name it, and say what is in it with rdfs:subClassOf"

    def named(self, part: Expression) -> Iterator[Wrong]:
        match part:
            case Unsupported(what):
                yield what, ELSE
            case Named(iri) if is_datatype(iri):
                yield f"the datatype {short(iri.value, self.prefixes)} as a class", ELSE
            case Named(iri) if iri.value.startswith((RDF, RDFS, OWL)):
                yield f"{short(iri.value, self.prefixes)} in this place", "name a class of your own"

    def property(self, part: Expression) -> Iterator[Wrong]:
        match part:
            case Unsupported(what):
                yield what, "give it an IRI, and say in an axiom of its own what it is the inverse of"
            case Named(iri) if iri.value.startswith((RDF, RDFS, OWL)) and iri.value not in PLAIN_PROPERTIES:
                yield f"the property {short(iri.value, self.prefixes)}", "name a property of your own"
