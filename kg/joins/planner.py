"""In which order patterns are joined, and which of them are looked up and which read as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from math import inf

from kg.joins.figures import Figures, variables
from kg.joins.patterns import Pattern, Reader, hanging
from kg.shapes.compile.sparql.tree import (
    Assign,
    Element,
    Expr,
    Filter,
    Group,
    Inside,
    Query,
    Select,
    Triples,
    Union,
    Values,
    Var,
)

Known = set[str]
"""Variables that are bound for certain: the store takes only these for keys of a join by hashing."""

SOME, MANY = 1.5, 10
"""So many triples for a subject are about one; so many are more than the store thinks."""

_NAME = re.compile(r"[?$](\w+)")


class Planner:
    """Reads through a query and notes what is to be written anew: from where, to where, what."""

    def __init__(self, query: Query, figures: Figures, ratio: float) -> None:
        self._reader, self._ratio = Reader(query, figures), ratio
        self.edits: list[tuple[int, int, str]] = []

    def select(self, select: Select) -> tuple[float, Known]:
        """Plan a SELECT: about how many rows it has, and what is known in each."""
        rows, known = self._alone(select.where)
        if select.aggregates and not select.group_by:
            return 1, set()
        return rows, known & {item.name for item in select.columns.items if isinstance(item, Var)}

    # --- groups

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
        head, _, rows = self._reader.text[values.start : values.end].partition("{")
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
        blocks = {block: list(self._reader.patterns(block)) for block in _blocks(group)}
        found = [pattern for patterns in blocks.values() for pattern in patterns]
        lookups = rows * sum(pattern.lookups for pattern in found)
        cheaper = sum(pattern.size for pattern in found) < lookups * self._ratio
        if cheaper and len(hanging(found, known)) == len(found):
            for block, patterns in blocks.items():
                self._put([block], [pattern.whole() for pattern in patterns])

    # --- patterns that stand together

    def _run(self, run: list[Triples], given: set[str], rows: float, known: Known) -> float:
        """Plan the patterns of `run`, joined to the `rows` before; how many rows there are then."""
        found = [pattern for each in run for pattern in self._reader.patterns(each)]
        before = set(known)
        known.update(*(pattern.names for pattern in found))
        if not found or any(p.names & given or not p.text for p in found):
            return min([rows, *(p.size for p in found)])
        if not before:
            return min(rows, self._first(run, found))
        if rows > self._ratio and len(hanging(found, before)) == len(found):
            self._put(run, [p.whole() if p.sizes else p.text for p in found])
        return rows

    def _first(self, run: list[Triples], found: list[Pattern]) -> float:
        """The rarest pattern, then what is looked up for each row, then what is read as a whole."""
        order, rows = self._order(found)
        if len(order) < len(found):
            return rows
        near, whole = _parted(order, self._ratio)
        if not all(pattern.sizes for pattern in whole):
            return rows
        start, count = self._start(near, bool(whole))
        if len(found) > 1:
            self._put(run, [_nested(start, _names(near), whole)])
        return rows if whole or count is None else count

    def _start(self, near: list[Pattern], further: bool) -> tuple[str, int | None]:
        """What is looked up as a sub-select, and how many rows it has, if these are few.

        What only tests these rows stands outside of it where the store would make many more rows of it.
        """
        if len(near) == 1:
            return (near[0].whole() if further and near[0].sizes else near[0].text), None
        tests = [p for n, p in enumerate(near) if p.names <= _names(near[:n]) and self._spread(p, "s") > MANY]
        text = " . ".join([near[0].text, *(self._reader.tested(p) for p in near[1:] if p not in tests)])
        count = self._reader.figures.rows(text, self._reader.prologue)
        limit = "" if count is None else f" LIMIT {count}"
        names = variables(_names(near))
        start = f"{{ SELECT {names} WHERE {{ {text} }}{limit} }}"
        if tests:
            start = f"{start} {' . '.join(pattern.text for pattern in tests)}"
        return (f"{{ SELECT {names} WHERE {{ {start} }} }}" if tests and further else start), count

    def _order(self, found: list[Pattern]) -> tuple[list[tuple[Pattern, float]], float]:
        """The patterns from the rarest on, each with the rows before it, and the rows after all.

        Each hangs on those before it; the rest is left out. `keys`: variables with another value in each row.
        """
        start = min(found, key=lambda p: p.size)
        names, keys, rows, order = set(start.names), self._key(start), start.size, [(start, 0.0)]
        left = [p for p in found if p is not start]
        while near := [p for p in left if p.names & names]:
            after = {p.text: self._after(p, rows, names, keys) for p in near}
            best = min(near, key=lambda p: (after[p.text], p.size))
            order.append((best, rows))
            if after[best.text] > rows:
                keys = set()
            if best.subject[1:] not in names:
                keys = keys | self._key(best)
            rows = after[best.text]
            names |= best.names
            left.remove(best)
        return order, rows

    def _after(self, pattern: Pattern, rows: float, names: Known, keys: set[str]) -> float:
        """About how many rows there are after a pattern is joined to `rows` that have `names`."""
        forward = not pattern.subject.startswith("?") or pattern.subject[1:] in names
        key = pattern.subject if forward else pattern.object
        both = forward and (not pattern.object.startswith("?") or pattern.object[1:] in names)
        spread = 1.0 if both else self._spread(pattern, "s" if forward else "o")
        return min(rows * spread, pattern.size) if key in keys else rows * spread

    def _spread(self, pattern: Pattern, end: str) -> float:
        """How many triples fit a pattern for each of its subjects or objects, at least one."""
        if len(pattern.steps) != 1 or len(pattern.names) < 2:
            return 1.0
        return max(self._reader.figures.spread(pattern.steps[0], end), 1.0)

    def _key(self, pattern: Pattern) -> set[str]:
        """Its subject, if that stands in about one triple that fits."""
        return {pattern.subject} if self._spread(pattern, "s") < SOME else set()

    def _put(self, run: list[Triples], parts: Iterable[str]) -> None:
        """Write `parts` where the first of `run` stands, and nothing where the others stand."""
        for number, each in enumerate(run):
            self.edits.append((each.start, each.end, "" if number else " . ".join(parts)))


def _parted(order: list[tuple[Pattern, float]], ratio: float) -> tuple[list[Pattern], list[Pattern]]:
    """The patterns to be looked up, each hanging on those before it, and those to be read as a whole."""
    near, whole = [order[0][0]], list[Pattern]()
    for pattern, rows in order[1:]:
        if pattern.size <= rows * ratio:
            whole.append(pattern)
        elif hanging([pattern], _names(near)):
            near.append(pattern)
        else:
            near, whole = [*near, *whole, pattern], []
    return near, whole


def _names(patterns: Iterable[Pattern]) -> Known:
    return set().union(*(pattern.names for pattern in patterns))


def _nested(text: str, names: Known, whole: Sequence[Pattern]) -> str:
    """Patterns read as a whole, each joined to all before it: the store joins in just this order."""
    for number, pattern in enumerate(whole, 1):
        names = names | pattern.names
        text = f"{text} {pattern.whole()}"
        if number < len(whole):
            text = f"{{ SELECT {variables(names)} WHERE {{ {text} }} }}"
    return text


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
