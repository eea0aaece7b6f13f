"""Triple → proof: the shortest way from what somebody has said to what follows from it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf

from pyoxigraph import Triple

from kg.proofs.ground import Ground, Step
from kg.rules import Rule

WIDEST = 2_000
"""How many triples are looked at on the way back to what was said."""


@dataclass(frozen=True)
class Proof:
    """A triple, the rule that gives it, and the proofs of what that needs; neither where it is asserted.

    `others`: in how many other ways it follows by one step, which are not shown.
    """

    triple: Triple
    rule: Rule | None = None
    premises: tuple[Proof, ...] = ()
    others: int = 0

    @property
    def leaves(self) -> frozenset[Triple]:
        """What it rests on: triples that were asserted."""
        if self.rule is None:
            return frozenset((self.triple,))
        return frozenset(leaf for premise in self.premises for leaf in premise.leaves)

    def walk(self) -> Iterator[Proof]:
        """The proof, and all proofs within it."""
        yield self
        for premise in self.premises:
            yield from premise.walk()


def prove(ground: Ground, triple: Triple) -> Proof | None:
    """The proof of a triple that rests on the fewest steps; None where it does not hold.

    Source: Knuth, A generalization of Dijkstra's algorithm, 1977: what costs least is found first.
    """
    if not ground.holds(triple):
        return None
    steps = _backwards(ground, triple)
    best = _cheapest(steps)
    return _tree(triple, steps, best) if triple in best else None


def _backwards(ground: Ground, triple: Triple) -> dict[Triple, list[Step]]:
    """All steps that may lead to a triple; none for what is asserted, where the way back ends."""
    found: dict[Triple, list[Step]] = {}
    todo = deque([triple])
    while todo and len(found) < WIDEST:
        one = todo.popleft()
        if one not in found:
            found[one] = [] if ground.is_asserted(one) else ground.steps(one)
            todo.extend(premise for step in found[one] for premise in step.premises)
    return found


def _cheapest(steps: dict[Triple, list[Step]]) -> dict[Triple, tuple[float, Step | None]]:
    """The least cost of each triple, with the step that has it: one for each assertion and each step."""
    best: dict[Triple, tuple[float, Step | None]] = {t: (1, None) for t, ways in steps.items() if not ways}
    changed = True
    while changed:
        changed = False
        for triple, ways in steps.items():
            for step in ways:
                cost = 1 + sum(best.get(premise, (inf, None))[0] for premise in step.premises)
                if cost < best.get(triple, (inf, None))[0]:
                    best[triple] = (cost, step)
                    changed = True
    return best


def _tree(
    triple: Triple, steps: dict[Triple, list[Step]], best: dict[Triple, tuple[float, Step | None]]
) -> Proof:
    step = best[triple][1]
    if step is None:
        return Proof(triple)
    premises = tuple(_tree(premise, steps, best) for premise in step.premises)
    return Proof(triple, step.rule, premises, len(steps[triple]) - 1)


def leaves(proofs: Iterable[Proof]) -> frozenset[Triple]:
    """What several proofs rest on together."""
    return frozenset(leaf for proof in proofs for leaf in proof.leaves)
