"""Triple → proof: the shortest way from what somebody has said to what follows from it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf

from pyoxigraph import Triple

from kg.proofs.ground import Ground, Step
from kg.rules import Rule

WIDEST = 2_000
"""How many triples are looked at on the way back to what was said."""


@dataclass(frozen=True)
class Proof:
    """A triple, the rule that gives it, and the proofs of what that needs; neither where it is asserted.

    `others`: in how many other ways it follows by one step, which are not shown. A premise that several
    steps need is one proof.
    """

    triple: Triple
    rule: Rule | None = None
    premises: tuple[Proof, ...] = ()
    others: int = 0

    @cached_property
    def leaves(self) -> frozenset[Triple]:
        """What it rests on: triples that were asserted."""
        return frozenset(proof.triple for proof in self.walk() if proof.rule is None)

    def walk(self) -> Iterator[Proof]:
        """The proof, and all proofs within it, each once."""
        seen: set[Triple] = set()
        todo = [self]
        while todo:
            one = todo.pop()
            if one.triple not in seen:
                seen.add(one.triple)
                yield one
                todo += reversed(one.premises)


def prove(ground: Ground, triple: Triple) -> Proof | None:
    """The proof of a triple that rests on the fewest steps; None where it does not hold.

    Where too much lies behind the triple to be looked at, it is the proof by which it was inferred.

    Source: Knuth, A generalization of Dijkstra's algorithm, 1977: what costs least is found first.
    """
    if not ground.holds(triple):
        return None
    steps = _backwards(ground, triple)
    best = _cheapest(steps)
    if triple in best:
        return _tree(ground, triple, {one: step for one, (_, step) in best.items()})
    return _tree(ground, triple, _as_inferred(ground, triple))


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


def _as_inferred(ground: Ground, triple: Triple) -> dict[Triple, Step | None]:
    """The step by which each triple behind this one was inferred first; each rests on earlier rounds."""
    found: dict[Triple, Step | None] = {}
    todo = [triple]
    while todo:
        one = todo.pop()
        if one not in found:
            step = found[one] = None if ground.is_asserted(one) else ground.first(one)
            todo += step.premises if step else ()
    return found


def _tree(ground: Ground, triple: Triple, steps: Mapping[Triple, Step | None]) -> Proof:
    """The proof by the step of each triple, none of which rests on itself."""
    made: dict[Triple, Proof] = {}
    todo = [triple]
    while todo:
        one = todo[-1]
        step = steps[one]
        if open_ones := [each for each in (step.premises if step else ()) if each not in made]:
            todo += open_ones
            continue
        todo.pop()
        if step is None:
            made[one] = Proof(one)
        elif one not in made:
            premises = tuple(made[each] for each in step.premises)
            made[one] = Proof(one, step.rule, premises, ground.ways(one) - 1)
    return made[triple]


def leaves(proofs: Iterable[Proof]) -> frozenset[Triple]:
    """What several proofs rest on together."""
    return frozenset(leaf for proof in proofs for leaf in proof.leaves)
