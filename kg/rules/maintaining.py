"""What follows, kept up to date when what is asserted changes, without starting over.

A triple has the first rule that gives it in the first round in which one does; rounds are distances, and
are kept as shortest paths are in a graph that changes. First, by round, all that may have lost its step:
what still has as good a one stays, the rest goes. Then, by round again, what new and lost triples lead to.
So only what depends on the change is looked at, and the steps are those of inference from the start.

Source: G. Ramalingam and T. Reps, An Incremental Algorithm for a Generalization of the Shortest-Path
Problem, Journal of Algorithms 21 (1996)
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable
from itertools import count
from typing import cast

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg.rules.chaining import Chaining
from kg.rules.data import Data, View
from kg.rules.model import TYPE, Change, Clash, Inference, Node, Rule, Rules, Step, Trace
from kg.rules.slices import Lot, Slicer, sorted_out


def maintain(
    store: Store,
    rules: Rules,
    trace: Trace,
    removed: Iterable[Quad],
    added: Iterable[Quad],
    *,
    inferred: NamedNode,
    beside: Collection[NamedNode] = (),
) -> Change:
    """Take `removed` out of the store and put `added` in, and change what follows; tell what that was.

    `store` holds asserted graphs, all that follows from them under `rules` in the graph `inferred`, and
    graphs that no rule reads (`beside`). `trace` is that of its inferences, and is changed with it. Both
    are then as `infer` makes them of what is asserted then. Literals must be portable: the store rewrites
    others. When rules change, infer anew.

    :raises ValueError: if an edited quad stands in `inferred` or `beside`.
    """
    data = Data(store, rules, trace, inferred, beside)
    data.edit(removed, added)
    doubted = _shortcuts(data, rules)
    _Axioms(data, rules).change({*doubted, *data.gone, *data.come})
    return _change(data, rules)


# --- Shortcuts ---------------------------------------------------------------------------


def _shortcuts(data: Data, rules: Rules) -> set[Triple]:
    """Change what shortcuts give, group by group; the triples that were looked into."""
    gone, come, doubted = set(data.gone), set(data.come), set[Triple]()
    for number, group in enumerate(rules.shortcuts, 1):
        old, new = View(data, number, come, gone), View(data, number)
        asked = [_Asked(Slicer(rule), new) for rule in group]
        went, came = sorted_out(gone), sorted_out(come)
        for each in asked:
            doubted |= each.changed(old, went, came)
            doubted |= {t for lot in (went, came) for t, _ in each.slicer.gives(lot)}
        for triple in doubted:
            _judge(data, triple, number, asked, new)
        seen_now = {triple for triple in doubted if data.is_asserted(triple) or _given(data, triple, number)}
        for triple in doubted:
            step = data.step_before(triple)
            before = data.was_asserted(triple) or (step is not None and step.round <= number)
            (gone.add if before and triple not in seen_now else gone.discard)(triple)
            (come.add if triple in seen_now and not before else come.discard)(triple)
    return doubted


def _given(data: Data, triple: Triple, number: int) -> bool:
    step = data.step(triple)
    return step is not None and step.round <= number


def _judge(data: Data, triple: Triple, number: int, asked: list[_Asked], view: View) -> None:
    """The step of a triple in this group of shortcuts, if it has none before and is not asserted."""
    if view.sees(triple):
        return
    step = data.step(triple)
    if rule := next((each.slicer.rule for each in asked if each.gives(triple)), None):
        if step != (rule.name, number):
            data.note(triple, Step(rule.name, number))
    elif step is not None and step.round == number:
        data.forget(triple)


class _Asked:
    """A shortcut, and what it gives now for the values of its anchor that the change has touched."""

    def __init__(self, slicer: Slicer, view: View) -> None:
        self.slicer = slicer
        self._view = view
        self._values: set[object] | None = set()
        self._found: set[Triple] = set()

    def changed(self, old: View, gone: Lot, come: Lot) -> set[Triple]:
        """What it gave before and does not now for these values, or the reverse."""
        before, now = self.slicer.touched(gone, old), self.slicer.touched(come, self._view)
        self._values = None if before is None or now is None else before | now
        self._found = self.slicer.ask(self._values, self._view)
        return self._found ^ self.slicer.ask(self._values, old)

    def gives(self, triple: Triple) -> bool:
        """Whether it gives the triple now, for whatever values."""
        if triple in self._found or self._values is None:
            return triple in self._found
        if not any(True for _ in self.slicer.gives({triple.predicate: [triple]})):
            return False
        values = self.slicer.behind(triple, self._view)
        left = None if values is None else values - self._values
        return triple in self.slicer.ask(left, self._view)


# --- Axioms ------------------------------------------------------------------------------


class _Axioms:
    """Changes what axioms give, when some of what they start from has come or gone."""

    def __init__(self, data: Data, rules: Rules) -> None:
        self._data = data
        self._chaining = Chaining(rules.axioms, data)
        self._order = count()
        self._heap: list[tuple[int, int, int, Triple]] = []

    def change(self, doubted: Iterable[Triple]) -> None:
        gone, come = [], []
        for triple in doubted:
            step = self._data.step_before(triple)
            before = self._data.was_asserted(triple) or (step is not None and step.round <= self._data.base)
            now = self._data.holds(triple) and self._data.is_base(triple)
            if before and not now:
                gone.append(triple)
            elif now and not before:
                come.append(triple)
        lost = self._lose(gone)
        for triple in lost:
            for rule, last in self._chaining.rests(triple):
                self._push(last, rule, triple)
        for triple in come:
            self._lead(triple, self._data.base)
        self._gain()

    def _push(self, last: int, rule: int, triple: Triple) -> None:
        """Let the triple be found by a rule from what the round `last` had."""
        heapq.heappush(self._heap, (max(last, self._data.base) + 1, rule, next(self._order), triple))

    def _lose(self, gone: list[Triple]) -> list[Triple]:
        """Take out what has lost its step, by round: when it is looked at, earlier rounds are settled."""
        data, lost, base = self._data, list(gone), set(gone)
        suspects = [(data.base, next(self._order), triple) for triple in gone]
        for triple in gone:
            data.haunt(triple)
        met: set[Triple] = set(gone)
        while suspects:
            number, _, triple = heapq.heappop(suspects)
            if triple not in base:
                if self._stays(triple, number):
                    continue
                lost.append(triple)
            for rule, head, last in self._chaining.uses(triple):
                step = data.step(head)
                if step is None or head in met or self._chaining.numbers.get(step.rule) != rule:
                    continue
                if step.round > data.base and max(last, number, data.base) + 1 <= step.round:
                    met.add(head)
                    heapq.heappush(suspects, (step.round, next(self._order), head))
            data.forget(triple)
        return lost

    def _stays(self, triple: Triple, number: int) -> bool:
        """Whether the triple is still found in that round, by its rule or else by a later one."""
        step = self._data.step(triple)
        assert step
        known = self._chaining.numbers[step.rule]
        for rule, last in self._chaining.rests(triple, known):
            if max(last, self._data.base) < number:
                if rule != known:
                    self._data.note(triple, Step(self._chaining.rules[rule].name, number))
                return True
        return False

    def _gain(self) -> None:
        """Find what is to be found, by round and rule."""
        data, chaining = self._data, self._chaining
        while self._heap:
            number, rule, _, triple = heapq.heappop(self._heap)
            step = data.step(triple)
            if step is None and data.is_asserted(triple):
                continue
            if step and (
                step.round <= data.base or (step.round, chaining.numbers[step.rule]) <= (number, rule)
            ):
                continue
            data.note(triple, Step(chaining.rules[rule].name, number))
            if step is None or number < step.round:
                self._lead(triple, number)

    def _lead(self, triple: Triple, number: int) -> None:
        """Follow the triple, which is of that round, to what it gives with others."""
        for rule, head, last in self._chaining.uses(triple):
            self._push(max(last, number), rule, head)


# --- What that was -----------------------------------------------------------------------


def _change(data: Data, rules: Rules) -> Change:
    by_name: dict[str, Rule] = {rule.name: rule for rule in reversed(list(rules))}
    removed, added, retraced = [], [], []
    for triple in sorted(data.before, key=str):
        before, now = data.before[triple], data.step(triple)
        if now is None and before is not None:
            removed.append(Inference(triple, by_name[before.rule], before.round))
        elif now is not None and before is None:
            added.append(Inference(triple, by_name[now.rule], now.round))
        elif now is not None and now != before:
            retraced.append(Inference(triple, by_name[now.rule], now.round))
    settled, clashes = _clashes(data, rules)
    return Change(tuple(removed), tuple(added), tuple(retraced), settled, clashes)


def _clashes(data: Data, rules: Rules) -> tuple[tuple[Clash, ...], tuple[Clash, ...]]:
    """The clashes that are no more, and those that are new."""
    touched = (*data.before, *data.gone, *data.come)
    kinds = {(cast("Node", t.subject), t.object) for t in touched if t.predicate == TYPE}
    settled: list[Clash] = []
    new: list[Clash] = []
    for pair in rules.disjoint:
        both = (pair.class_a, pair.class_b)
        for node in sorted({node for node, cls in kinds if cls in both}, key=str):
            triples = [Triple(node, TYPE, cls) for cls in both]
            before, now = all(_held(data, t) for t in triples), all(map(data.holds, triples))
            if before != now:
                (new if now else settled).append(Clash(node, pair.class_a, pair.class_b, pair.axiom))
    return tuple(settled), tuple(new)


def _held(data: Data, triple: Triple) -> bool:
    return data.was_asserted(triple) or data.step_before(triple) is not None
