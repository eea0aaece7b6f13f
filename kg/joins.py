"""How the patterns of a query are joined in a large store on disk.

The store looks a pattern up anew for each row that it has so far: 10 to 20 µs each time on disk, where
reading a property from one end to the other takes 1 µs a triple, joined. It knows no figures of its data: a
pattern with two constants is taken for rare, and begun at. So a query is written anew. What is cheaper read
as a whole becomes a sub-select, which the store joins by hashing; the rarest pattern stands first. The rows
are the same, in another order: a sub-select of all variables of a pattern has its solutions, and patterns
that stand together may stand in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from pyoxigraph import Store

from kg.errors import DefinitionError
from kg.shapes.compile.sparql.parser import parse
from kg.shapes.compile.sparql.tree import (
    Assign,
    Element,
    Expr,
    Filter,
    Group,
    Inside,
    Path,
    Query,
    Select,
    Term,
    Triple,
    Triples,
    Union,
    Values,
    Var,
)

RATIO = 12
"""As many triples are read in a row, and joined, in the time that looking one up takes."""

SAMPLE = 1000
FRESH = "kgJoin"
_NAME = re.compile(r"[?$](\w+)")

Known = set[str]
"""Variables that are bound for certain: the store takes only these for keys of a join by hashing."""


@dataclass
class Joins:
    """The joins of queries of one store, which must not change; `counts` is what was counted so far."""

    store: Store
    ratio: float = RATIO
    counts: dict[str, int] = field(default_factory=dict)

    def rewrite(self, text: str) -> str:
        """A query with the same rows, in any order; the same text where nothing is to be gained.

        Not touched: CONSTRUCT and DESCRIBE, `SELECT *`, and what names graphs.
        """
        try:
            Store().query(text)
            query = parse(text)
        except (SyntaxError, ValueError, DefinitionError):
            return text
        if query.select.datasets or FRESH in text or any(map(_untouched, query.select.walk())):
            return text
        planner = _Planner(query, self)
        planner.select(query.select)
        for start, end, put in sorted(planner.edits, reverse=True):
            text = text[:start] + put + text[end:]
        return text

    def size(self, step: Step, prologue: str) -> int:
        """How many triples fit a step; literals are read with the prefixes of `prologue`."""
        sparql = f"SELECT (COUNT(*) AS ?n) WHERE {{ {step.told} }}"
        return self._count(sparql if step.object[0] in "?<" else f"{prologue} {sparql}")

    def spread(self, step: Step) -> float:
        """How many triples fit a step for each object, by a sample of them."""
        inner = f"SELECT ?o WHERE {{ {step.told} }} LIMIT {SAMPLE}"
        distinct = self._count(f"SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE {{ {{ {inner} }} }}")
        return min(self.size(step, ""), SAMPLE) / max(distinct, 1)

    def _count(self, sparql: str) -> int:
        if sparql not in self.counts:
            rows: Any = self.store.query(sparql, use_default_graph_as_union=True)
            self.counts[sparql] = int(next(rows)["n"].value)
        return self.counts[sparql]


@dataclass(frozen=True)
class Step:
    """One property from `subject` to `object`, as text: `?name`, `<iri>`, or a literal as it is written."""

    subject: str
    verb: str
    object: str

    @property
    def text(self) -> str:
        """It as a pattern."""
        return f"{self.subject} {self.verb} {self.object}"

    @property
    def names(self) -> list[str]:
        """Its variables."""
        return [end[1:] for end in (self.subject, self.object) if end[0] == "?"]

    @property
    def told(self) -> str:
        """It as a pattern, with the same names for all variables."""
        subject, object = ("?s" if self.subject[0] == "?" else self.subject), self.object
        if object[0] == "?":
            object = "?s" if object == self.subject else "?o"
        return f"{subject} {self.verb} {object}"

    def whole(self, size: int) -> str:
        """It as a sub-select. LIMIT cuts nothing off: by it the store knows how much there is."""
        return f"{{ SELECT {_vars(self.names)} WHERE {{ {self.text} }} LIMIT {size} }}"


def _untouched(part: object) -> bool:
    if isinstance(part, Select):
        return not part.ask and not part.columns.items
    return isinstance(part, Inside) and part.name is not None


@dataclass(frozen=True)
class _Pattern:
    """A triple pattern as text, in `steps` of one property each; `sizes`: how many triples fit each.

    Without text it hangs on others by a blank node; without steps it is no sequence of properties. `test`:
    its constant object, where both that and the property are IRIs.
    """

    text: str
    names: frozenset[str]
    subject: str = ""
    object: str = ""
    steps: tuple[Step, ...] = ()
    sizes: tuple[int, ...] = ()
    test: str = ""

    @property
    def size(self) -> float:
        """How many triples fit; beyond all where that cannot be told."""
        return sum(self.sizes) if self.sizes else inf

    def whole(self) -> str:
        """It read from one end to the other."""
        inner = " ".join(map(Step.whole, self.steps, self.sizes))
        return inner if len(self.steps) == 1 else f"{{ SELECT {_vars(self.names)} WHERE {{ {inner} }} }}"


def _vars(names: Iterable[str]) -> str:
    return " ".join(f"?{name}" for name in sorted(set(names)))


class _Planner:
    """Reads through a query and notes what is to be written anew: from where, to where, what."""

    def __init__(self, query: Query, joins: Joins) -> None:
        self.text, self._joins = query.text, joins
        self._prologue = query.text[: query.select.start]
        self._made = 0
        self.edits: list[tuple[int, int, str]] = []

    # --- groups

    def select(self, select: Select) -> tuple[float, Known]:
        """Plan a SELECT: about how many rows it has, and what is known in each."""
        rows, known = self._alone(select.where)
        if select.aggregates and not select.group_by:
            return 1, set()
        return rows, known & {item.name for item in select.columns.items if isinstance(item, Var)}

    def _alone(self, group: Group) -> tuple[float, Known]:
        """Plan a group that is evaluated by itself."""
        if group.select:
            return self.select(group.select)
        rows, known, run = inf, Known(), list[Triples]()
        given = {name for each in group.elements if isinstance(each, Values) for name in self._given(each)}
        for element in group.elements:
            if isinstance(element, Triples):
                run.append(element)
            elif not isinstance(element, Filter):
                rows = self._run(run, given, rows, known)
                rows = self._other(element, rows, known)
                run = []
        return self._run(run, given, rows, known), known

    def _given(self, values: Values) -> list[str]:
        """The variables to which VALUES gives a value in each row."""
        head, _, rows = self.text[values.start : values.end].partition("{")
        return [] if re.search(r"\bUNDEF\b", rows, re.I) else _NAME.findall(head)

    def _other(self, element: Element, rows: float, known: Known) -> float:
        """Plan what is joined to the `rows` before it; note what it makes known. How many rows there are."""
        if isinstance(element, Union):
            groups = [self._alone(group) for group in element.groups]
            known |= set.intersection(*(names for _, names in groups))
            return min(rows, sum(there for there, _ in groups))
        if isinstance(element, Inside) and element.kind == "MINUS":
            self._alone(element.group)
        elif isinstance(element, Inside):
            self._optional(element.group, rows, known)
        elif isinstance(element, Assign) and _certain(element, known):
            known.add(element.var.name)
        return rows

    def _optional(self, group: Group, rows: float, known: Known) -> None:
        """Plan what may be there for each of the `rows`: looked up for each, or read as a whole."""
        if not _plain(group):
            self._alone(group)
            return
        blocks = {block: list(self._patterns(block)) for block in _blocks(group)}
        found = [pattern for patterns in blocks.values() for pattern in patterns]
        lookups = rows * sum(len(pattern.steps) for pattern in found)
        cheaper = sum(pattern.size for pattern in found) < lookups * self._joins.ratio
        if cheaper and len(_hanging(found, known)) == len(found):
            for block, patterns in blocks.items():
                self._put([block], [pattern.whole() for pattern in patterns])

    # --- patterns that stand together

    def _run(self, run: list[Triples], given: set[str], rows: float, known: Known) -> float:
        """Plan the patterns of `run`, joined to the `rows` before; how many rows there are then."""
        found = [pattern for each in run for pattern in self._patterns(each)]
        before = set(known)
        known.update(*(pattern.names for pattern in found))
        if not found or any(p.names & given or not p.text for p in found):
            return min([rows, *(p.size for p in found)])
        if not before:
            return min(rows, self._first(run, found))
        if rows > self._joins.ratio and len(_hanging(found, before)) == len(found):
            self._put(run, [p.whole() if p.sizes else p.text for p in found])
        return rows

    def _first(self, run: list[Triples], found: list[_Pattern]) -> float:
        """The rarest pattern, then what is looked up for each row, then what is read as a whole."""
        order, rows = self._order(found)
        looked_up = [order[0][0]]
        for pattern, there in order[1:]:
            if pattern.size > there * self._joins.ratio and pattern in _hanging(
                [*looked_up, pattern], looked_up[0].names
            ):
                looked_up.append(pattern)
        whole = [pattern for pattern, _ in order if pattern not in looked_up]
        if len(order) == len(found) and all(pattern.sizes for pattern in whole):
            texts = [looked_up[0].text, *map(self._tested, looked_up[1:])]
            if whole:
                self._put(run, [_nested(looked_up, texts, whole)])
            elif texts != [pattern.text for pattern in found]:
                self._put(run, texts)
        return rows

    def _order(self, found: list[_Pattern]) -> tuple[list[tuple[_Pattern, float]], float]:
        """The patterns from the rarest on, each with the rows before it, and the rows after all.

        Each hangs on those before it; the rest is left out. `keys`: variables with another value in each row.
        """
        start = min(found, key=lambda p: p.size)
        names, keys, rows, order = set(start.names), {start.subject}, start.size, [(start, 0.0)]
        left = [p for p in found if p is not start]
        while near := [p for p in left if p.names & names]:
            after = {p.text: self._after(p, rows, names, keys) for p in near}
            best = min(near, key=lambda p: (after[p.text], p.size))
            order.append((best, rows))
            if best.subject[1:] not in names:
                keys = {best.subject, *(keys if after[best.text] <= rows else ())}
            rows = after[best.text]
            names |= best.names
            left.remove(best)
        return order, rows

    def _after(self, pattern: _Pattern, rows: float, names: Known, keys: set[str]) -> float:
        """About how many rows there are after a pattern is joined to `rows` that have `names`."""
        if pattern.subject[1:] in names or not pattern.subject.startswith("?"):
            return min(rows, pattern.size) if pattern.subject in keys else rows
        if len(pattern.steps) != 1:
            return rows
        spread = self._joins.spread(pattern.steps[0])
        return min(rows * spread, pattern.size) if pattern.object in keys else rows * spread

    def _tested(self, pattern: _Pattern) -> str:
        """A pattern that is not to be begun at: a constant object is tested after it was found."""
        if not pattern.test:
            return pattern.text
        name = self._fresh()
        return f"{pattern.text.removesuffix(pattern.test)}{name} FILTER(sameTerm({name}, {pattern.test}))"

    def _put(self, run: list[Triples], parts: Iterable[str]) -> None:
        """Write `parts` where the first of `run` stands, and nothing where the others stand."""
        for number, each in enumerate(run):
            self.edits.append((each.start, each.end, "" if number else " . ".join(parts)))

    def _fresh(self) -> str:
        self._made += 1
        return f"?{FRESH}{self._made}"

    # --- what patterns are

    def _patterns(self, block: Triples) -> Iterator[_Pattern]:
        for triple in block.triples:
            ends = (triple.subject, triple.verb, triple.object)
            names = frozenset(end.name for end in ends if isinstance(end, Var))
            loose = any(
                isinstance(end, Term) and (end.kind == "blank" or end.start == end.end) for end in ends
            )
            yield _Pattern("", names) if loose else self._pattern(triple, names)

    def _pattern(self, triple: Triple, names: frozenset[str]) -> _Pattern:
        subject, verb, object = map(self._written, (triple.subject, triple.verb, triple.object))
        steps = self._steps(subject, triple.verb, object)
        sizes = tuple(self._joins.size(step, self._prologue) for step in steps)
        constant = isinstance(triple.object, Term) and triple.object.kind == "iri"
        test = object if constant and isinstance(triple.verb, Term) else ""
        return _Pattern(f"{subject} {verb} {object}", names, subject, object, steps, sizes, test)

    def _written(self, part: Var | Term | Path) -> str:
        """A variable by its name, an IRI in full, all else as it is written."""
        text = self.text[part.start : part.end]
        if isinstance(part, Var):
            return f"?{part.name}"
        return f"<{part.value}>" if isinstance(part, Term) and part.kind == "iri" and text[0] != "<" else text

    def _steps(self, subject: str, verb: Var | Term | Path, object: str) -> tuple[Step, ...]:
        """Its steps, one for each property of a path; none where it is no sequence of properties."""
        if isinstance(verb, Term):
            return (Step(subject, self._written(verb), object),)
        if isinstance(verb, Var) or verb.kind not in ("/", "^", "("):
            return ()
        if verb.kind != "/":
            one, other = (object, subject) if verb.kind == "^" else (subject, object)
            return self._steps(one, verb.steps[0], other)
        ends = (subject, *(self._fresh() for _ in verb.steps[1:]), object)
        parts = [self._steps(ends[n], step, ends[n + 1]) for n, step in enumerate(verb.steps)]
        return tuple(step for part in parts for step in part) if all(parts) else ()


def _nested(looked_up: Sequence[_Pattern], texts: Sequence[str], whole: Sequence[_Pattern]) -> str:
    """What is looked up, then one sub-select inside the other: the store joins in just this order."""
    names = set().union(*(pattern.names for pattern in looked_up))
    text = (
        f"{{ SELECT {_vars(names)} WHERE {{ {' . '.join(texts)} }} }}"
        if len(texts) > 1
        else looked_up[0].whole()
    )
    for number, pattern in enumerate(whole, 1):
        names |= pattern.names
        text = f"{text} {pattern.whole()}"
        if number < len(whole):
            text = f"{{ SELECT {_vars(names)} WHERE {{ {text} }} }}"
    return text


def _hanging(found: Sequence[_Pattern], known: Iterable[str]) -> list[_Pattern]:
    """Those of the patterns that hang on what is known, one on the other."""
    names, left, hanging = set(known), list(found), list[_Pattern]()
    while near := [pattern for pattern in left if pattern.names & names]:
        hanging += near
        left = [pattern for pattern in left if pattern not in near]
        names.update(*(pattern.names for pattern in near))
    return hanging


def _plain(group: Group) -> bool:
    """Whether a group may be looked up for each row before it: no join but of patterns, and nothing alone."""
    inner = [element for element in group.elements if isinstance(element, Inside | Union)]
    unions = [element for element in inner if isinstance(element, Union)]
    if group.select or (unions and sum(isinstance(e, Triples | Union) for e in group.elements) > 1):
        return False
    if any(isinstance(e, Values) or (isinstance(e, Inside) and e.kind != "OPTIONAL") for e in group.elements):
        return False
    return all(_plain(each) for e in inner for each in (e.groups if isinstance(e, Union) else (e.group,)))


def _blocks(group: Group) -> Iterator[Triples]:
    """The patterns in a group and the groups in it, but for tests."""
    for element in group.elements:
        if isinstance(element, Triples):
            yield element
        elif isinstance(element, Inside | Union):
            for each in element.groups if isinstance(element, Union) else (element.group,):
                yield from _blocks(each)


def _certain(element: Assign, known: Known) -> bool:
    """Whether BIND gives a variable a value in each row: that of one that has one."""
    expr = element.expr
    args = expr.args if isinstance(expr, Expr) and expr.name == "COALESCE" else (expr,)
    return any(isinstance(arg, Var) and arg.name in known for arg in args)
