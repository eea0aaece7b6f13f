"""Rules + quads → what follows: shortcuts once, then the axioms round by round until nothing is new.

A round joins what the round before gave with all that is known, set by set (semi-naive evaluation), so
nothing is joined a second time. Only what some rule can be about is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from time import process_time
from typing import Any

from pyoxigraph import NamedNode, Quad

from kg.rules.asking import Asked, gives, reads
from kg.rules.cycles import unwatched
from kg.rules.facts import Facts, Pair
from kg.rules.joins import Join
from kg.rules.model import TYPE, Batch, Clash, Cost, Disjointness, Inferences, Key, Pattern, Rule, Rules, key
from kg.rules.terms import Lines
from kg.rules.watching import tell


def infer(data: Iterable[Quad] | Lines, rules: Rules) -> Inferences:
    """The triples that follow from `data` under `rules`, and no others; and where they clash.

    Reads all graphs as one, once; a triple that is asserted in any of them is not inferred. `Lines` are
    quicker than quads, and take less memory.
    Shortcuts see what is asserted and what earlier groups of them gave, the axioms all.
    Literals are compared and handed on as they are written; none becomes a subject.

    >>> infer([], Rules()).triples
    ()
    """
    with unwatched():
        return _Run(data, rules).inferences()


class _Tally:
    """What a rule has cost so far."""

    def __init__(self) -> None:
        self.rounds = self.rows = self.new = 0
        self.seconds = 0.0

    def add(self, rows: int, new: int, since: float) -> None:
        self.rounds += 1
        self.rows += rows
        self.new += new
        self.seconds += process_time() - since


class _Run:
    """One inference, from the data to what follows."""

    def __init__(self, data: Iterable[Quad] | Lines, rules: Rules) -> None:
        self._rules = rules
        self._shortcuts = [rule for group in rules.shortcuts for rule in group]
        keys = {key(pattern) for rule in rules.axioms for pattern in (_head(rule), *rule.body)}
        keys |= {(TYPE, cls) for pair in rules.disjoint for cls in (pair.class_a, pair.class_b)}
        read, given = reads(self._shortcuts), gives(self._shortcuts)
        keys |= read or set()
        more = None if read is None or given is None else given
        self._facts = Facts(data, keys, more)
        self._joins = [Join(rule, self._facts.names.number) for rule in rules.axioms]
        self._batches: list[Batch] = []
        self._tallies: dict[str, _Tally] = defaultdict(_Tally)

    def inferences(self) -> Inferences:
        """All that follows."""
        self._shorten()
        self._close()
        clashes = tuple(clash for pair in self._rules.disjoint for clash in _clashes(self._facts, pair))
        kinds = {rule.name: rule.kind for rule in self._rules}
        costs = (
            Cost(name, kind, t.rounds, t.rows, t.new, t.seconds)
            for name, kind in kinds.items()
            if (t := self._tallies.get(name))
        )
        found = Inferences(tuple(self._batches), clashes, tuple(costs))
        tell(found.costs)
        return found

    def _shorten(self) -> None:
        """Run the shortcuts; those of one group do not see each other's triples."""
        if not self._shortcuts:
            return
        asked = Asked(self._facts)
        for number, group in enumerate(self._rules.shortcuts, 1):
            new: dict[NamedNode, set[Pair]] = defaultdict(set)
            for rule in group:
                since, size = process_time(), sum(map(len, new.values()))
                found = asked.ask(rule)
                for predicate, pairs in self._unknown(found, new).items():
                    new[predicate] |= pairs
                    self._note(rule, number, (predicate, None), pairs)
                self._tallies[rule.name].add(
                    sum(map(len, found.values())), sum(map(len, new.values())) - size, since
                )
            for predicate, pairs in new.items():
                self._facts.add((predicate, None), pairs)
            asked.add(new)

    def _unknown(
        self, found: dict[NamedNode, set[Pair]], new: dict[NamedNode, set[Pair]]
    ) -> dict[NamedNode, set[Pair]]:
        """The pairs that are not known, by predicate."""
        left = ((p, found[p] - self._facts.pairs(p) - new[p]) for p in sorted(found, key=str))
        return {predicate: pairs for predicate, pairs in left if pairs}

    def _close(self) -> None:
        """Run the axioms; a rule runs in a round only if the one before gave what it is about."""
        facts, number = self._facts, len(self._rules.shortcuts)
        fresh: dict[Key, Any] = {key: facts.about(key) for join in self._joins for key in join.keys}
        everything = True
        while fresh:
            number += 1
            pending: dict[Key, set[Any]] = {}
            for join in self._joins:
                if starts := join.starts(fresh, everything):
                    self._run(join, starts, fresh, pending, number)
            for head, new in pending.items():
                facts.add(head, new)
            fresh, everything = pending, False

    def _run(
        self, join: Join, starts: list[int], fresh: dict[Key, Any], pending: dict[Key, set[Any]], number: int
    ) -> None:
        """What the rule gives in this round, by what is new of each of its patterns, less what is known."""
        since, rows, known = process_time(), 0, self._facts.about(join.head)
        before = pending.get(join.head, set())
        new: set[Any] = set()
        for start in starts:
            joined, found = join.run(start, fresh[join.keys[start]], self._facts)
            new |= found - known - before
            rows += joined
        if new:
            pending[join.head] = before | new
            self._note(join.rule, number, join.head, new)
        self._tallies[join.rule.name].add(rows, len(new), since)

    def _note(self, rule: Rule, number: int, about: Key, found: set[Any]) -> None:
        self._batches.append(
            Batch(rule, number, *about, found, self._facts.names.term, self._facts.names.text)
        )


def _head(rule: Rule) -> Pattern:
    assert rule.head
    return rule.head


def _clashes(facts: Facts, pair: Disjointness) -> list[Clash]:
    both = facts.about((TYPE, pair.class_a)) & facts.about((TYPE, pair.class_b))
    members = sorted(map(facts.names.term, both), key=str)
    return [Clash(node, pair.class_a, pair.class_b, pair.axiom) for node in members]  # type: ignore[arg-type]
