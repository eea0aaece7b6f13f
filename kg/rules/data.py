"""A store of asserted graphs and one inferred graph, as rules see it while it changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from kg.rules.model import Rules, Step, Trace

NODES = (NamedNode, BlankNode)


class Data:
    """The store and the trace of what is inferred in it, with what they were before they changed."""

    def __init__(
        self, store: Store, rules: Rules, trace: Trace, inferred: NamedNode, beside: Collection[NamedNode]
    ) -> None:
        self._store = store
        self._trace = trace
        self._steps: dict[Triple, Step | None] = {}
        self._inferred = inferred
        self._beside = frozenset(beside)
        self.base = len(rules.shortcuts)
        self.before: dict[Triple, Step | None] = {}
        """The step that each triple that was touched had, or none if it was not inferred."""
        self.gone: set[Triple] = set()
        """What was asserted, and is no more."""
        self.come: set[Triple] = set()
        """What is asserted, and was not before."""

    def step(self, triple: Triple) -> Step | None:
        """The step of a triple, or none if it is not inferred."""
        if triple not in self._steps:
            self._steps[triple] = self._trace.get(triple)
        return self._steps[triple]

    def quads(self, s: Any, p: NamedNode | None, o: Any) -> Iterator[tuple[Triple, bool]]:
        """The triples of all graphs with the terms that are given, each with whether it is asserted."""
        if s is not None and not isinstance(s, NODES):
            return
        for quad in self._store.quads_for_pattern(s, p, o):
            if quad.graph_name not in self._beside:
                yield quad.triple, quad.graph_name != self._inferred

    def holds(self, triple: Triple) -> bool:
        """Whether the triple is asserted or inferred."""
        return any(True for _ in self.quads(*triple))

    def is_asserted(self, triple: Triple) -> bool:
        """Whether the triple stands in an asserted graph."""
        return any(asserted for _, asserted in self.quads(*triple))

    def was_asserted(self, triple: Triple) -> bool:
        """Whether it did so before."""
        return triple in self.gone or (triple not in self.come and self.is_asserted(triple))

    def round(self, triple: Triple) -> int:
        """The round of what holds; that of what the axioms start from is the last of the shortcuts."""
        step = self.step(triple)
        return self.base if step is None else max(self.base, step.round)

    def is_base(self, triple: Triple) -> bool:
        """Whether the axioms start from what holds."""
        step = self.step(triple)
        return step is None or step.round <= self.base

    def step_before(self, triple: Triple) -> Step | None:
        """The step that the triple had at first."""
        return self.before[triple] if triple in self.before else self.step(triple)

    def edit(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Take quads of asserted graphs out, and put others in.

        :raises ValueError: if one stands in the inferred graph, or in one that no rule reads.
        """
        removed, added = list(removed), list(added)
        if any(quad.graph_name in {self._inferred, *self._beside} for quad in (*removed, *added)):
            raise ValueError("what is edited stands in asserted graphs")
        triples = {quad.triple for quad in (*removed, *added)}
        known = {triple for triple in triples if self.is_asserted(triple)}
        for quad in removed:
            self._store.remove(quad)
        self._store.extend(added)
        now = {triple for triple in triples if self.is_asserted(triple)}
        self.gone, self.come = known - now, now - known
        for triple in self.come:
            self.forget(triple)

    def note(self, triple: Triple, step: Step) -> None:
        """Infer the triple by that step."""
        self.before.setdefault(triple, self.step(triple))
        self._trace[triple] = self._steps[triple] = step
        self.haunt(triple)

    def forget(self, triple: Triple) -> None:
        """Infer the triple no more."""
        if (step := self.step(triple)) is not None:
            self.before.setdefault(triple, step)
            self._steps[triple] = None
            del self._trace[triple]
        self.lay(triple)

    def _inferred_quad(self, triple: Triple) -> Quad:
        return Quad(triple.subject, triple.predicate, triple.object, self._inferred)

    def haunt(self, triple: Triple) -> None:
        """Let the triple be found in the inferred graph."""
        self._store.add(self._inferred_quad(triple))

    def lay(self, triple: Triple) -> None:
        """Let it not be found there."""
        self._store.remove(self._inferred_quad(triple))


class View:
    """What shortcuts of one group see: what is asserted, and what earlier groups gave.

    `hidden` is left out of it, and `shown` is there beside: so it is what it was before.
    """

    def __init__(
        self, data: Data, group: int, hidden: Collection[Triple] = (), shown: Collection[Triple] = ()
    ) -> None:
        self._data = data
        self._group = group
        self._hidden = hidden
        self._shown: dict[NamedNode, list[Triple]] = {}
        for triple in shown:
            self._shown.setdefault(triple.predicate, []).append(triple)

    def find(self, s: Any, p: NamedNode | None, o: Any) -> set[Triple]:
        """The triples with the terms that are given."""
        found = {
            triple
            for triple, asserted in self._data.quads(s, p, o)
            if (asserted or self._is_earlier(triple)) and triple not in self._hidden
        }
        shown = self._shown.get(p, ()) if p else [t for each in self._shown.values() for t in each]
        return found | {t for t in shown if s in (None, t.subject) and o in (None, t.object)}

    def of(self, subjects: Collection[Any], p: NamedNode) -> Iterator[Triple]:
        """The triples of a predicate with one of the subjects."""
        return (triple for subject in subjects for triple in self.find(subject, p, None))

    def to(self, p: NamedNode, objects: Collection[Any]) -> Iterator[Triple]:
        """The triples of a predicate with one of the objects."""
        return (triple for each in objects for triple in self.find(None, p, each))

    def _is_earlier(self, triple: Triple) -> bool:
        step = self._data.step(triple)
        return step is not None and step.round < self._group

    def sees(self, triple: Triple) -> bool:
        """Whether it is there."""
        return triple in self.find(*cast("tuple[Any, NamedNode, Any]", tuple(triple)))


def is_literal(term: object) -> bool:
    """Whether a term is the subject of nothing."""
    return isinstance(term, Literal | Triple)
