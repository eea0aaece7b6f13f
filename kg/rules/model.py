"""What inference is made of: rules, what they gave, and the clashes that they brought to light."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple, Variable

from kg.names import RDF

TYPE = NamedNode(RDF + "type")

Pattern = tuple[Variable | NamedNode, NamedNode, Variable | NamedNode | Literal]
"""A triple pattern; its predicate is always given, and so is the class of a type pattern."""

Key = tuple[NamedNode, NamedNode | None]
"""What a pattern is about: its predicate, and for a type pattern the class too."""


def key(pattern: Pattern) -> Key:
    """What `pattern` is about.

    >>> key((Variable("x"), NamedNode("http://example.org/p"), Variable("y")))
    (<NamedNode value=http://example.org/p>, None)
    """
    _, predicate, object = pattern
    return predicate, object if predicate == TYPE and isinstance(object, NamedNode) else None


@dataclass(frozen=True, slots=True)
class Rule:
    """One CONSTRUCT query, and the axiom or shortcut that it was compiled from.

    `name` is unique among the rules; `kind` is `shortcut`, or the term that makes the
    axiom (`rdfs:domain`); `axiom` is the axiom in words, or the IRI of the shortcut.
    A rule of an axiom has one `head` pattern that follows from the `body` patterns;
    a shortcut has neither, only its query.
    """

    name: str
    kind: str
    axiom: str
    sparql: str
    head: Pattern | None = None
    body: tuple[Pattern, ...] = ()

    @property
    def reads(self) -> frozenset[Key]:
        """What the body is about: only new triples about these can make the rule give more."""
        return frozenset(map(key, self.body))


@dataclass(frozen=True, slots=True)
class Disjointness:
    """Two classes that the axiom says have no member in common."""

    class_a: NamedNode
    class_b: NamedNode
    axiom: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that infers: `shortcuts` in the groups in which they run, `axioms`, and `disjoint`."""

    shortcuts: tuple[tuple[Rule, ...], ...] = ()
    axioms: tuple[Rule, ...] = ()
    disjoint: tuple[Disjointness, ...] = ()

    def __iter__(self) -> Iterator[Rule]:
        for group in self.shortcuts:
            yield from group
        yield from self.axioms

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, slots=True)
class Inference:
    """A new triple, and the rule that gave it first."""

    triple: Triple
    rule: Rule


@dataclass(frozen=True, slots=True)
class Clash:
    """An individual that is in two classes which an axiom keeps apart."""

    individual: NamedNode | BlankNode
    class_a: NamedNode
    class_b: NamedNode
    axiom: str

    def message(self, name: Callable[[NamedNode | BlankNode], str] = str) -> str:
        """The clash in words; `name` makes a label or a short form of an IRI.

        >>> nodes = (NamedNode(f"http://example.org/{n}") for n in ("tom", "Cat", "Dog"))
        >>> print(Clash(*nodes, axiom=":Cat owl:disjointWith :Dog").message(lambda n: n.value[19:]))
        tom is both Cat and Dog, which :Cat owl:disjointWith :Dog excludes
        """
        a, b = name(self.class_a), name(self.class_b)
        return f"{name(self.individual)} is both {a} and {b}, which {self.axiom} excludes"


@dataclass(frozen=True, slots=True)
class Inferences:
    """What follows from the data, in the order in which it was found, and where it clashes.

    The premises of each inference are asserted, or stand earlier in `triples`.
    """

    triples: tuple[Inference, ...] = ()
    clashes: tuple[Clash, ...] = ()

    def quads(self, graph: NamedNode) -> list[Quad]:
        """The inferred triples as quads of `graph`."""
        found = (inference.triple for inference in self.triples)
        return [Quad(t.subject, t.predicate, t.object, graph) for t in found]
