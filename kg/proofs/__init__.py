"""Why something holds: from a triple or a row of an answer back to what somebody has said.

A proof is sound and minimal: its premises alone give the conclusion by the rules, and none of them can be
left out. It is found over the whole graph, its premises are then made as few as can be, and what is shown
is the shortest proof from those alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg import questions
from kg.proofs.ground import Ground
from kg.proofs.least import fewest, needed
from kg.proofs.search import Proof, leaves, prove
from kg.proofs.tracing import touched
from kg.questions import Cell, Question
from kg.rows import rows_of

__all__ = ["MANY", "Ground", "Proof", "RowProof", "leaves", "prove_row", "prove_triple"]

Row = tuple[Cell, ...]
MANY = 60
"""Of how many assertions it is tried whether each is needed: each try infers from all of the others."""


@dataclass(frozen=True)
class RowProof:
    """A row of an answer, and the proofs of the triples that the question found it by."""

    question: Question
    row: Row
    premises: tuple[Proof, ...]


def prove_triple(ground: Ground, triple: Triple) -> Proof | None:
    """The proof of a triple from the fewest assertions; None where it does not hold."""
    if (first := prove(ground, triple)) is None:
        return None

    def does(some: Sequence[Triple]) -> bool:
        return Ground.of(some, ground.rules).holds(triple)

    if len(first.leaves) > MANY:
        return first
    few = needed(sorted(first.leaves, key=str), does)
    shown = prove(Ground.of(few, ground.rules), triple)
    return shown and Proof(shown.triple, shown.rule, shown.premises, first.others)


def prove_row(ground: Ground, question: Question, row: Row, sparql: str) -> RowProof | None:
    """The proof of a row of the answer to a question; None where the answer has no such row.

    `sparql`: its query, with its parameters set. What a question asks not to be there is no premise: the
    question itself says that it is not.
    """
    found = _found_by(ground.store, question, row, sparql)
    if found is None:
        return None
    proofs = [proof for triple in found if (proof := prove(ground, triple))]

    def does(some: Sequence[Triple]) -> bool:
        return _gives(Ground.of(some, ground.rules).store, question, row, sparql)

    if len(rests := leaves(proofs)) > MANY:
        return RowProof(question, row, tuple(proofs))
    few = needed(sorted(rests, key=str), does)
    alone = Ground.of(few, ground.rules)
    found = _found_by(alone.store, question, row, sparql) or []
    shown = [proof for triple in found if (proof := prove(alone, triple))]
    return RowProof(question, row, tuple(shown))


def _gives(store: Store, question: Question, row: Row, sparql: str) -> bool:
    result = store.query(sparql, use_default_graph_as_union=True)
    return row in rows_of(questions.answer_of(result, question))


def _found_by(store: Store, question: Question, row: Row, sparql: str) -> list[Triple] | None:
    """The fewest triples of a store that give the row by the question alone; None where it does not."""

    def does(some: Sequence[Triple]) -> bool:
        small = Store()
        small.extend(Quad(t.subject, t.predicate, t.object) for t in some)
        return _gives(small, question, row, sparql)

    given = {c: v for c, v in zip(question.columns, row, strict=False) if isinstance(v, NamedNode)}
    for known in (given, {}):  # the first is quicker, and misses what a variable of the query hides
        if does(candidates := touched(sparql, store, known)):
            return fewest(candidates, does)
    return None
