"""Queries of shapes, asked of a store for all focus nodes at once, or where they must for one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.errors import DefinitionError
from kg.shapes.compile.sparql.focus import Focus, FocusSet, Pairs
from kg.shapes.compile.sparql.matching import Matching
from kg.shapes.compile.sparql.parser import parse
from kg.shapes.compile.sparql.rewrite import Given, Rewriter
from kg.shapes.compile.sparql.steps import Sharing, alone
from kg.shapes.compile.sparql.tables import SCRATCH, Row, Tables, is_rewritten, pattern, stored, tables
from kg.shapes.compile.sparql.tree import Inside, Query, Select, Triples, Var, variables
from kg.shapes.compile.written import Written, as_written
from kg.shapes.triples import Object

Solution = dict[str, Object]

_HERE = "\x00"
"""Stands for the pattern that holds inside GRAPH, until it is known whether it is needed."""


def select(
    store: Store,
    query: str,
    focus: FocusSet,
    bound: Mapping[str, Object],
    written: Written | None = None,
    sharing: Sharing = alone,
    matching: Matching | None = None,
) -> Iterator[Solution]:
    """The solutions of a SELECT query for every focus node, with `this`, under pre-binding.

    `bound` holds what else is bound before: parameters, `currentShape`, `shapesGraph`. Columns that have no
    value are left out. `written` says how the store holds literals that it would rewrite: solutions are then
    as the data is written, and so is what the query sees of it. `sharing` tells about how many nodes have the
    same value of a property: what few share is looked up first. `matching` gets what Python is asked.

    :raises DefinitionError: if the store cannot run the query, or a regular expression goes on for too long.
    """
    with tables(store) as made, matching or Matching() as python:
        asking = _Asking(store, parse(query), focus.focus, bound, made, python, written, sharing)
        yield from asking.solutions()


def ask(
    store: Store,
    query: str,
    pairs: Pairs,
    bound: Mapping[str, Object],
    written: Written | None = None,
    sharing: Sharing = alone,
    matching: Matching | None = None,
) -> Iterator[tuple[Object, Object]]:
    """The pairs of `this` and `value` for which an ASK query is false under pre-binding; see `select`.

    :raises DefinitionError: if the store cannot run the query, or a regular expression goes on for too long.
    """
    with tables(store) as made, matching or Matching() as python:
        asking = _Asking(store, parse(query), pairs.focus, bound, made, python, written, sharing)
        for solution in asking.solutions():
            yield solution["this"], solution["value"]


class _Asking:
    """One query, asked for one focus."""

    def __init__(
        self,
        store: Store,
        query: Query,
        focus: Focus,
        bound: Mapping[str, Object],
        made: Tables,
        matching: Matching,
        written: Written | None = None,
        sharing: Sharing = alone,
    ) -> None:
        self._form, self._sharing, self._matching = written, sharing, matching
        self._store, self._query, self._focus, self._made = store, query, focus, made
        spoken_of = variables(query.select)
        self._bound = {name: term for name, term in bound.items() if name in spoken_of}
        self._returned = {*query.select.returned(), *focus.columns}
        self._exact: dict[Row, list[Row]] | None = None

    def solutions(self) -> Iterator[Solution]:
        """All solutions, the focus as it is written in the data."""
        if self._is_by_node():
            yield from self._by_node()
            return
        for row, solution in self._sliced(self._run(self._text(self._given()))):
            for exact in self._written(row):
                yield self._whole(exact, solution)
        if self._is_ungrouped(self._query.select):
            yield from self._of_nothing()

    def _whole(self, row: Row, solution: Solution) -> Solution:
        """A solution with its focus, and with what was bound if the query returns it."""
        found = {**solution, **self._bound, **dict(zip(self._focus.columns, row, strict=True))}
        return {name: as_written(term) for name, term in found.items() if name in self._returned}

    # how it is asked

    def _is_by_node(self) -> bool:
        """Whether a part of the query has to be asked for each node alone."""
        names = {*self._focus.columns}
        parts = (p for p in self._query.select.parts() for p in p.walk() if isinstance(p, Select))
        return any(names & variables(p) and (p.slices or self._is_ungrouped(p)) for p in parts)

    @staticmethod
    def _is_ungrouped(part: Select) -> bool:
        """Whether it has a row where there is nothing."""
        return part.aggregates and not part.group_by

    def _text(self, given: Given, one: bool = False) -> str:
        writer = Rewriter(self._query, given, one, self._form, self._matching)
        text = writer.failing() if self._query.select.ask else writer.select()
        return self._placed(text)

    def _placed(self, text: str) -> str:
        """The text with a pattern that holds inside GRAPH, made if it is needed."""
        if _HERE not in text:
            return text
        graph = self._made.add(self._focus.columns, self._held(self._focus.rows()))
        return text.replace(_HERE, pattern(graph, self._focus.columns, self._any_row()))

    def _any_row(self) -> str:
        name = "?row"
        while name in self._query.text:
            name += "_"
        return name

    def _given(self, text: str = "") -> Given:
        """What is given, with a pattern for the focus, or that of the focus itself."""
        constants, others = {}, {}
        places = _places(self._query.select)
        for name, value in self._bound.items():
            [(term,)] = self._held([(value,)])
            if isinstance(term, NamedNode) or (isinstance(term, Literal) and name not in places):
                constants[name] = str(term)
            else:
                others[name] = pattern(self._made.add((name,), [(term,)]), (name,), "0")
        anywhere = bool(text)
        if not text:
            text, anywhere = self._focus.joined()
        here = text if anywhere else _HERE
        return Given(self._focus.columns, text, here, constants, others, self._graphs(), self._sharing)

    def _graphs(self) -> tuple[str, ...]:
        """The named graphs that authors may see."""
        if not any(isinstance(part, Inside) for part in self._query.select.walk()):
            return ()
        found = (str(name) for name in self._store.named_graphs() if isinstance(name, NamedNode))
        return tuple(sorted(name for name in found if not name.startswith(f"<{SCRATCH}")))

    # all nodes at once

    def _run(self, text: str, width: int = -1) -> Iterator[tuple[Row, Solution]]:
        """The rows of a query, parted behind the focus, or behind as many columns as `width` says."""
        width = len(self._focus.columns) if width < 0 else width
        try:
            found = cast("QuerySolutions", self._store.query(text, custom_functions=self._matching.functions))
            names = [variable.value for variable in found.variables][width:]
            for solution in found:
                terms = tuple(solution)
                others = zip(names, terms[width:], strict=True)
                yield terms[:width], {name: term for name, term in others if term is not None}
        except (SyntaxError, ValueError, RuntimeError, OSError) as exc:
            raise DefinitionError.at(None, f"a query of the shapes cannot be run: {exc}") from exc

    def _sliced(self, rows: Iterator[tuple[Row, Solution]]) -> Iterator[tuple[Row, Solution]]:
        """The rows that LIMIT and OFFSET leave of each node."""
        numbers = {part.word: part.number for part in self._query.select.slices}
        if not numbers or self._query.select.ask:
            yield from rows
            return
        first, seen = numbers.get("OFFSET", 0), Counter[Row]()
        for row, solution in rows:
            seen[row] += 1
            if first < seen[row] <= first + numbers.get("LIMIT", seen[row]):
                yield row, solution

    def _written(self, row: Row) -> list[Row]:
        """The rows of the focus that the store holds as `row`."""
        if self._form or not any(map(is_rewritten, row)):
            return [row]
        if self._exact is None:
            self._exact = {}
            exact = self._focus.rows()
            for held, written in zip(stored(exact), exact, strict=True):
                self._exact.setdefault(held, []).append(written)
        return self._exact.get(row, [row])

    def _held(self, rows: Collection[Row]) -> Collection[Row]:
        """The rows as they are to be put into the store."""
        stored = self._form.stored if self._form else None
        return [tuple(map(stored, row)) for row in rows] if stored else rows

    def _stored(self, rows: Collection[Row]) -> list[Row]:
        """The rows as the store will have them."""
        return [*self._held(rows)] if self._form else stored(rows)

    def _of_nothing(self) -> Iterator[Solution]:
        """The solutions for the nodes for which the group of the query has none: the same for all of them."""
        writer = Rewriter(self._query, self._given(), written=self._form, matching=self._matching)
        text = self._placed(writer.present())
        present = {row for row, _ in self._run(text)}
        exact = self._focus.rows()
        missing = [row for row, held in zip(exact, self._stored(exact), strict=True) if held not in present]
        for solution in self._of_one(missing[:1]):
            for row in missing:
                yield self._whole(row, solution[1])

    # one node after another

    def _by_node(self) -> Iterator[Solution]:
        for row, solution in self._of_one(self._focus.rows()):
            yield self._whole(row, solution)

    def _of_one(self, rows: Collection[Row]) -> Iterator[tuple[Row, Solution]]:
        """The solutions for each row alone."""
        columns = self._focus.columns
        graph = self._made.add(columns, self._held(rows))
        first = pattern(graph, columns, "0")
        text = self._text(self._given(first), one=True)
        width = 0 if self._is_ungrouped(self._query.select) else len(columns)
        for number, row in enumerate(rows):
            asked = text.replace(first, pattern(graph, columns, str(number)))
            for _, solution in self._sliced(self._run(asked, width)):
                yield row, solution


def _places(select: Select) -> set[str]:
    """The variables that stand where a literal may not: as subject, as predicate, as name of a graph."""
    found: set[str] = set()
    for node in select.walk():
        if isinstance(node, Triples):
            ends = [end for triple in node.triples for end in (triple.subject, triple.verb)]
            found |= {end.name for end in ends if isinstance(end, Var)}
        elif isinstance(node, Inside) and isinstance(node.name, Var):
            found.add(node.name.name)
    return found
