"""What inference is made of: rules, what they gave, and the clashes that they brought to light."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple, Variable

from kg.names import RDF
from kg.rules.cycles import unwatched

TYPE = NamedNode(RDF + "type")

Pattern = tuple[Variable | NamedNode, NamedNode, Variable | NamedNode | Literal]
"""A triple pattern; its predicate is always given, and so is the class of a type pattern."""

Key = tuple[NamedNode, NamedNode | None]
"""What a pattern is about: its predicate, and for a type pattern the class too."""

Node = NamedNode | BlankNode
Term = Node | Literal | Triple


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
    """A new triple, the rule that gave it, and the round in which it did, from 1."""

    triple: Triple
    rule: Rule
    round: int = 0


class Step(NamedTuple):
    """How a triple was found: the name of the rule, and the round; what it rests on was there before it."""

    rule: str
    round: int


Trace = MutableMapping[Triple, Step]
"""The step of each inferred triple."""


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
class Batch:
    """What one rule gave in one round: members of the class `object`, or pairs of `predicate`.

    They are numbers; `term` gives the terms, `text` those terms as N-Triples have them.
    """

    rule: Rule
    round: int
    predicate: NamedNode
    object: NamedNode | None
    found: Set[Any]
    term: Callable[[int], Term]
    text: Callable[[int], bytes]

    def terms(self) -> Iterator[tuple[Any, NamedNode, Any]]:
        """Subject, predicate and object of each triple, in no order."""
        term = self.term
        if self.object is None:
            return ((term(s), self.predicate, term(o)) for s, o in self.found)
        return ((term(s), self.predicate, self.object) for s in self.found)

    def lines(self, end: bytes = b" .\n", between: bytes = b" ") -> Iterator[bytes]:
        """The triples as lines, in no order; with what is said between the terms, and behind them."""
        text, predicate = self.text, str(self.predicate).encode()
        if self.object is None:
            middle = between + predicate + between
            return (text(s) + middle + text(o) + end for s, o in self.found)
        rest = between + predicate + between + str(self.object).encode() + end
        return (text(s) + rest for s in self.found)

    def classes(self) -> Iterator[Term]:
        """The classes that something was found to be of."""
        if self.predicate == TYPE:
            yield from map(self.term, {o for _, o in self.found}) if self.object is None else [self.object]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a rule took: rounds that it ran in, rows that it joined, triples that were new, CPU seconds."""

    rule: str
    kind: str
    rounds: int
    rows: int
    new: int
    seconds: float


@dataclass(frozen=True, eq=False)
class Inferences:
    """What follows from the data, where it clashes, and what each rule cost.

    Each triple has the first rule that gives it in the first round in which any does: what it rests on is
    asserted, or of an earlier round. This does not depend on the order of the data.
    """

    batches: tuple[Batch, ...] = ()
    clashes: tuple[Clash, ...] = ()
    costs: tuple[Cost, ...] = ()

    @cached_property
    def triples(self) -> tuple[Inference, ...]:
        """The inferences by round, rule and text."""
        with unwatched():
            return tuple(
                Inference(triple, batch.rule, batch.round)
                for batch in self.batches
                for triple in sorted((Triple(*terms) for terms in batch.terms()), key=str)
            )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Inferences):
            return NotImplemented
        return (self.triples, self.clashes) == (other.triples, other.clashes)

    def __len__(self) -> int:
        return sum(len(batch.found) for batch in self.batches)

    def __bool__(self) -> bool:
        return bool(self.batches or self.clashes)

    def quads(self, graph: NamedNode) -> list[Quad]:
        """The inferred triples as quads of `graph`."""
        with unwatched():
            return [Quad(*terms, graph) for batch in self.batches for terms in batch.terms()]

    def lines(self, graph: NamedNode | None = None) -> Iterator[bytes]:
        """The inferred triples as lines of N-Triples, or of N-Quads with a graph; quicker than quads."""
        end = f" {graph} .\n".encode() if graph else b" .\n"
        return (line for batch in self.batches for line in batch.lines(end))

    def trace(self) -> dict[Triple, Step]:
        """The step of each inferred triple."""
        with unwatched():
            return {
                Triple(*terms): Step(batch.rule.name, batch.round)
                for batch in self.batches
                for terms in batch.terms()
            }


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit of the data did to what follows from it, by triple.

    `retraced` are those that followed before and do still, by another rule or in another round.
    """

    removed: tuple[Inference, ...] = ()
    added: tuple[Inference, ...] = ()
    retraced: tuple[Inference, ...] = ()
    settled: tuple[Clash, ...] = ()
    clashes: tuple[Clash, ...] = ()
