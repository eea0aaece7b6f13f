"""What a proof stands on: a graph with all that follows, the rules, and what each rule gives in one step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple, Variable

from kg import rules as inference
from kg.names import Names
from kg.proofs.least import fewest
from kg.proofs.tracing import Template, touched
from kg.rules import Rule, Rules
from kg.rules.model import Pattern, Step as Traced

Term = NamedNode | BlankNode | Literal | Triple
Bindings = dict[str, Term]

MOST = 100
"""How many ways of one rule to give a triple are looked at."""

GIVEN, FOLLOWS = (NamedNode(f"urn:kg:{name}") for name in ("given", "follows"))


@dataclass(frozen=True, slots=True)
class Step:
    """One rule, what it gives, and what it needs for that."""

    conclusion: Triple
    rule: Rule
    premises: tuple[Triple, ...]


@dataclass(frozen=True)
class Ground:
    """A graph with all that follows from it, by rules; asks the union of its named graphs.

    `inferred` is the graph of what follows, `traced` tells which rule gave a triple first, in which round.
    """

    store: Store
    rules: Rules
    inferred: NamedNode
    traced: Mapping[Triple, Traced] = field(repr=False, default_factory=dict)
    _known: dict[Triple, list[Step]] = field(repr=False, default_factory=dict)

    @classmethod
    def of(cls, given: Iterable[Triple], rules: Rules) -> Ground:
        """The ground that `given` makes, with all that follows from it alone."""
        quads = [Quad(t.subject, t.predicate, t.object, GIVEN) for t in given]
        found = inference.infer(quads, rules)
        store = Store()
        store.extend([*quads, *found.quads(FOLLOWS)])
        return cls(store, rules, FOLLOWS, found.trace())

    @classmethod
    def built(cls, store: Store, rules: Rules, names: Names, trace: Mapping[Triple, Traced]) -> Ground:
        """The ground that a build is; `trace` is what it says of its rules."""
        return cls(store, rules, names.graph("inferred"), trace)

    # --- what there is

    def holds(self, triple: Triple) -> bool:
        """Whether the triple is asserted or follows."""
        return any(True for _ in self._quads(triple))

    def is_asserted(self, triple: Triple) -> bool:
        """Whether somebody has said it: it does not only follow."""
        return any(quad.graph_name != self.inferred for quad in self._quads(triple))

    def _quads(self, triple: Triple) -> Iterator[Quad]:
        return iter(self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))

    # --- what follows in one step

    def steps(self, triple: Triple) -> list[Step]:
        """All ways in which one rule gives the triple, those of fewest premises first."""
        if triple not in self._known:
            found = {step.premises: step for rule in self.rules for step in self._steps(rule, triple)}
            self._known[triple] = sorted(
                found.values(), key=lambda step: (len(step.premises), step.rule.name, str(step.premises))
            )
        return self._known[triple]

    def ways(self, triple: Triple) -> int:
        """In how many ways one rule gives the triple, also where they are too many to be looked at."""
        found = self.steps(triple)
        by = Counter(step.rule.name for step in found)
        many = [rule for rule in self.rules if by[rule.name] >= MOST]
        return len(found) + sum(self._number(rule, triple) - by[rule.name] for rule in many)

    def _number(self, rule: Rule, triple: Triple) -> int:
        """In how many ways the rule of an axiom gives the triple."""
        known = unify(rule.head, triple) if rule.head else None
        query = f"SELECT (COUNT(*) AS ?n) WHERE {{ {_group(rule.body, known or {})} }}"
        (row,) = self.store.query(query, use_default_graph_as_union=True)  # type: ignore[misc]
        return int(row[0].value)

    def first(self, triple: Triple) -> Step | None:
        """The step by which the triple was inferred first, from what is asserted or of an earlier round."""
        traced = self.traced.get(triple)
        rule = next((rule for rule in self.rules if traced and rule.name == traced.rule), None)
        if traced is None or rule is None:
            return None
        if rule.head is None:
            return next(iter(self._steps(rule, triple)), None)
        found = self.solutions(rule.body, unify(rule.head, triple) or {}, most=None)
        earlier = (some for some in found if all(self._round(one) < traced.round for one in some))
        return next((Step(triple, rule, premises) for premises in earlier), None)

    def _round(self, triple: Triple) -> int:
        step = None if self.is_asserted(triple) else self.traced.get(triple)
        return step.round if step else 0

    def _steps(self, rule: Rule, triple: Triple) -> Iterator[Step]:
        if rule.head is None:
            premises = self._of_shortcut(rule, triple)
            if premises is not None:
                yield Step(triple, rule, premises)
            return
        known = unify(rule.head, triple)
        for premises in self.solutions(rule.body, known) if known is not None else ():
            if triple not in premises:
                yield Step(triple, rule, premises)

    def solutions(
        self, body: Sequence[Pattern], known: Bindings, most: int | None = MOST
    ) -> Iterator[tuple[Triple, ...]]:
        """The triples that meet `body`, one set for each way; at most so many."""
        query = f"SELECT * WHERE {{ {_group(body, known)} }}" + (f" LIMIT {most}" if most else "")
        rows = self.store.query(query, use_default_graph_as_union=True)
        names = [variable.value for variable in rows.variables]  # type: ignore[union-attr]
        for row in rows:  # type: ignore[union-attr]
            found: Bindings = {**known, **{name: row[name] for name in names}}
            met = (Triple(*(put(part, found) for part in pattern)) for pattern in body)  # type: ignore[arg-type]
            yield tuple(dict.fromkeys(met))

    def _of_shortcut(self, rule: Rule, triple: Triple) -> tuple[Triple, ...] | None:
        """The fewest triples from which a shortcut gives the triple."""
        template = self._templates[rule.name]
        if not template.may_give(triple):
            return None

        def gives(some: Sequence[Triple]) -> bool:
            store = Store()
            store.extend(Quad(t.subject, t.predicate, t.object) for t in some)
            return triple in set(store.query(rule.sparql))  # type: ignore[arg-type]

        candidates = touched(rule.sparql, self.store, template.bindings(triple), self._before(rule))
        return tuple(fewest(candidates, gives)) if gives(candidates) else None

    @cached_property
    def _templates(self) -> dict[str, Template]:
        return {rule.name: Template.of(rule.sparql) for group in self.rules.shortcuts for rule in group}

    def _before(self, rule: Rule) -> Callable[[Triple], bool]:
        """Whether a shortcut sees a triple: it is asserted, or of an earlier group of shortcuts."""
        groups = self.rules.shortcuts
        at = next(at for at, group in enumerate(groups) if rule in group)
        earlier = {each.name for group in groups[:at] for each in group}

        def is_before(triple: Triple) -> bool:
            step = self.traced.get(triple)
            return (step is not None and step.rule in earlier) or self.is_asserted(triple)

        return is_before


def unify(pattern: Pattern, triple: Triple) -> Bindings | None:
    """What the variables of the pattern must be for it to be the triple; None if it cannot be.

    >>> x, p, a = Variable("x"), NamedNode("urn:p"), NamedNode("urn:a")
    >>> unify((x, p, x), Triple(a, p, a)) == {"x": a}, unify((x, p, x), Triple(a, p, p))
    (True, None)
    """
    found: Bindings = {}
    for part, term in zip(pattern, triple, strict=True):
        if isinstance(part, Variable):
            if found.setdefault(part.value, term) != term:
                return None
        elif part != term:
            return None
    return found


def _group(body: Sequence[Pattern], known: Bindings) -> str:
    """The patterns as SPARQL, with what is known of them."""
    return " . ".join(" ".join(str(put(part, known)) for part in pattern) for pattern in body)


def put(part: Variable | Term, known: Bindings) -> Variable | Term:
    """The part of a pattern, with what is known of it."""
    return known.get(part.value, part) if isinstance(part, Variable) else part
