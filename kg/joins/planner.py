"""Reads through a query, and plans the joins of each of its groups by what is before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import inf, prod

from kg.joins.conditions import conditions, steady
from kg.joins.edits import Edits
from kg.joins.figures import MOST, Figures, variables
from kg.joins.orders import WORTH, Orders
from kg.joins.patterns import Pattern, Reader, connected, hanging
from kg.joins.seeds import Few, bound, leading
from kg.shapes.compile.sparql.tree import (
    Assign,
    Element,
    Expr,
    Filter,
    Group,
    Inside,
    Query,
    Select,
    Term,
    Triples,
    Union,
    Values,
    Var,
    variables as mentioned,
    visible,
)

Known = set[str]
"""Variables that are bound for certain: the store takes only these for keys of a join by hashing."""

GUESSED = 1e12
"""From how many rows on that it expects of an OPTIONAL the store does not look it up for each row."""

_NAME = re.compile(r"[?$](\w+)")


class Planner:
    """Reads through a query and notes what is to be written anew: from where, to where, what."""

    def __init__(self, query: Query, figures: Figures, ratio: float) -> None:
        self._reader, self._ratio = Reader(query, figures), ratio
        self._orders = Orders(self._reader, ratio)
        self.edits = Edits(query.text)
        self._closed = set[Group]()

    def select(self, select: Select) -> tuple[float, Known]:
        """Plan a SELECT: about how many rows it has, and what is known in each."""
        rows, known = self._alone(select.where)
        if select.aggregates and not select.group_by:
            return 1, set()
        return rows, known & {item.name for item in select.columns.items if isinstance(item, Var)}

    # --- groups

    def _alone(self, group: Group, few: Few | None = None) -> tuple[float, Known]:
        """Plan a group that is evaluated by itself, and then joined to `few` rows."""
        if group.select:
            return self.select(group.select)
        rows, known, run, before = inf, Known(), list[Triples](), list[Element]()
        seed = few.seed(group) if few else None
        if seed and not leading(group):
            self.edits.put(group.start + 1, group.start + 1, f" {seed.text} ")
            rows, known, seed = seed.size, set(seed.names), None
        for element in group.elements:
            if isinstance(element, Triples):
                run.append(element)
            elif not isinstance(element, Filter):
                rows = self._run(run, group, rows, known, seed)
                rows, run = self._other(element, rows, known, [] if group in self._closed else before), []
            before.append(element)
        return self._run(run, group, rows, known, seed), known

    def _given(self, values: Values) -> list[str]:
        """The variables to which VALUES gives a value in each row."""
        head, _, rows = self._reader.text[values.start : values.end].partition("{")
        return [] if re.search(r"\bUNDEF\b", rows, re.I) else _NAME.findall(head)

    def _other(self, element: Element, rows: float, known: Known, before: list[Element]) -> float:
        """Plan what is joined to the `rows` before it; note what it makes known. How many rows there are."""
        if isinstance(element, Union):
            few = self._few(before, rows, known)
            groups = [self._alone(group, few) for group in element.groups]
            known |= set.intersection(*(names for _, names in groups))
            return min(rows, sum(there for there, _ in groups))
        if isinstance(element, Inside) and element.kind == "MINUS":
            self._alone(element.group)
        elif isinstance(element, Inside):
            self._optional(element.group, rows, known, before)
        elif isinstance(element, Assign) and _certain(element, known):
            known.add(element.var.name)
        return rows

    def _few(self, before: list[Element], rows: float, known: Known) -> Few | None:
        """What was before, where that is few rows: of it what may be said twice, and is known by that."""
        if rows > MOST:
            return None
        said = [each for each in before if self._repeatable(each)]
        names = known & set().union(*map(bound, said))
        parts = [part for each in said if (part := self.edits.written(each.start, each.end)).strip()]
        text = " ".join(f"{{ {part} }}" for part in parts)
        size = self._reader.figures.rows(text, self._reader.prologue) if names else None
        return None if size is None else Few(text, size, frozenset(names))

    def _repeatable(self, element: Element) -> bool:
        """Whether it means the same where it is said once more: patterns alone, without blank nodes."""
        if isinstance(element, Triples):
            return all(pattern.text for pattern in self._reader.patterns(element))
        if not isinstance(element, Union) or any(group.select for group in element.groups):
            return False
        return all(self._repeatable(each) for group in element.groups for each in group.elements)

    def _optional(self, group: Group, rows: float, known: Known, before: list[Element]) -> None:
        """Plan what may be there for each of the `rows`: looked up for each, or read as a whole.

        The store reads as a whole what it thinks is very much: that begins at the rows, if these are few.
        """
        if not _plain(group):
            self._alone(group)
            return
        blocks = {block: list(self._reader.patterns(block)) for block in _blocks(group)}
        found = [pattern for patterns in blocks.values() for pattern in patterns]
        lookups = rows * sum(pattern.lookups for pattern in found)
        cheaper = sum(pattern.size for pattern in found) < lookups * self._ratio
        if len(hanging(found, known)) < len(found):
            return
        if not cheaper and prod(p.guessed(known) for p in found) > GUESSED:
            self._alone(group, self._few(before, rows, known))
        elif cheaper:
            for block, patterns in blocks.items():
                self._put([block], [pattern.whole() for pattern in patterns])

    # --- patterns that stand together

    def _run(
        self, run: list[Triples], group: Group, rows: float, known: Known, seed: Pattern | None
    ) -> float:
        """Plan the patterns of `run`, joined to the `rows` before; how many rows there are then.

        `seed`: what leads to the rows that count, where nothing is before.
        """
        demands, before = conditions(group, self._reader.text), set(known)
        found = [pattern for each in run for pattern in self._reader.patterns(each, demands)]
        known.update(*(pattern.names for pattern in found))
        given = {name for each in group.elements if isinstance(each, Values) for name in self._given(each)}
        if not found or any(p.names & given or not p.text for p in found):
            return min([rows, *(p.size for p in found)])
        if not before:
            return min(rows, self._first(run, found, seed))
        if rows > self._ratio and len(hanging(found, before)) == len(found):
            return self._further(run, found, group, rows, before)
        return rows

    def _further(
        self, run: list[Triples], found: list[Pattern], group: Group, rows: float, known: Known
    ) -> float:
        """Plan patterns that hang on the rows before them: looked up for each, or read as a whole."""
        count = None
        if sum(p.size for p in found) > WORTH:
            count = self._close(group, run[0].start, known)
        most = inf if count is None else count * self._ratio
        self._put(run, [p.whole() if p.sizes and p.size <= most else p.text for p in found])
        return rows if count is None else count

    def _close(self, group: Group, end: int, known: Known) -> int | None:
        """Make what a group has up to `end` a sub-select that says how many rows it has, if these are few.

        Without that the store would think that these are more than any pattern has, and begin at a pattern.
        Not where a filter looks ahead, where a blank node may stand on both sides, or where chance or the day
        say how many these are.
        """
        inner = [each for each in group.elements if each.start < end]
        after = set().union(*(mentioned(each) for each in group.elements if each.start >= end))
        ahead = set().union(*(mentioned(each) for each in inner if isinstance(each, Filter))) & after
        blank = any(isinstance(part, Term) and part.kind == "blank" for each in inner for part in each.walk())
        names = {*visible(Group(group.start, end, tuple(inner))), *self._headed(inner)}
        if blank or ahead - known or not names or not all(map(steady, inner)):
            return None
        text = self.edits.written(group.start + 1, end)
        count = self._reader.figures.rows(text, self._reader.prologue)
        if count is not None:
            self.edits.put(group.start + 1, group.start + 1, f" {{ SELECT {variables(names)} WHERE {{")
            self.edits.put(end, end, f"}} LIMIT {count} }} ")
            self._closed.add(group)
        return count

    def _headed(self, elements: list[Element]) -> Iterator[str]:
        """The variables of VALUES."""
        for each in elements:
            if isinstance(each, Values):
                yield from _NAME.findall(self._reader.text[each.start : each.end].partition("{")[0])

    def _first(self, run: list[Triples], found: list[Pattern], seed: Pattern | None) -> float:
        """Plan what nothing is before: what hangs together by itself. How many rows there are."""
        seeded = connected([seed, *found])[0] if seed else []
        if seed and self._wanted(seed, seeded[1:]) and (plan := self._orders.arranged(seeded, seed)):
            found, plans = [p for p in found if p not in seeded], [plan]
        else:
            plans = []
        for part in connected(found):
            plan = self._orders.arranged(part)
            if not plan and not plans and len(part) == len(found):
                return min(p.size for p in part)
            plans.append(plan or (" . ".join(p.text for p in part), min(p.size for p in part)))
        if len(plans) > 1 or len(found) > 1 or seeded:
            self._put(run, [text for text, _ in plans])
        return prod(rows for _, rows in plans)

    def _wanted(self, seed: Pattern, found: list[Pattern]) -> bool:
        """Whether patterns are better begun at a seed: it is rarer than they are, or all that joins them."""
        return bool(found) and (seed.size < min(p.size for p in found) or len(connected(found)) > 1)

    def _put(self, run: list[Triples], parts: Iterable[str]) -> None:
        """Write `parts` where the first of `run` stands, and nothing where the others stand."""
        for number, each in enumerate(run):
            self.edits.put(each.start, each.end, "" if number else " . ".join(parts))


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
