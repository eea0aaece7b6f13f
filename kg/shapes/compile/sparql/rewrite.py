"""Pre-binding as text: a query whose solutions for each focus node are those of the query for that node.

The specification joins what is given (the focus node, the parameters) to every pattern of triples of the
query. Here all focus nodes are joined at once, by a pattern of their own. Each part of the query then has,
for each node, the solutions that it has for that node alone, as long as its solutions bind the node; and a
part that never speaks of the node may go without, since the part that it is joined to binds it. So the
pattern is put at the start of each group that speaks of the node, but for groups

- that begin with triples that bind it: more nodes than asked for are kept out by the group around it;
- that stand directly after EXISTS: the solution that is tested binds it.

Rows that are put together are put together by node; LIMIT and OFFSET within a query, and aggregates
within it that have a row where there is nothing, can be asked for one node at a time only.

Source: SHACL, appendix A, https://www.w3.org/TR/shacl/#pre-binding
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from kg.shapes.compile.sparql import chains, values
from kg.shapes.compile.sparql.matching import BY_NAME, Matching
from kg.shapes.compile.sparql.steps import Sharing, Steps, alone, chooses, is_labelled
from kg.shapes.compile.sparql.tree import (
    Assign,
    Clause,
    Exists,
    Expr,
    Filter,
    Group,
    Inside,
    Node,
    Query,
    Select,
    Term,
    Triples,
    Union,
    Var,
    existence,
    variables,
    visible,
)
from kg.shapes.compile.written import Written


@dataclass(frozen=True, slots=True)
class Given:
    """What is bound before a query begins.

    `focus`: the variables that `pattern` binds, each row of it once; `anywhere` is a pattern for the same
    rows that also holds inside GRAPH. `constants`: the text of what other variables are; `tables`: patterns
    that hold anywhere for those whose value has no text, or may not stand where the variable does. `graphs`:
    the named graphs that authors may see. `sharing` is what is known of the graph.
    """

    focus: tuple[str, ...]
    pattern: str
    anywhere: str
    constants: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    graphs: tuple[str, ...] = ()
    sharing: Sharing = alone

    @property
    def names(self) -> set[str]:
        """The variables that patterns bind."""
        return {*self.focus, *self.tables}


class Rewriter:
    """Writes `query` anew for all that is `given`, or for `one` node of it.

    `written`: how the store holds literals; `matching`: what the query may ask of Python.
    """

    def __init__(
        self,
        query: Query,
        given: Given,
        one: bool = False,
        written: Written | None = None,
        matching: Matching | None = None,
    ) -> None:
        self.text = query.text
        self._matching = matching
        self._written = written if written and written.marked else None
        self.given = given
        self._query = query
        self._one = one
        selects = (part for part in query.select.walk() if isinstance(part, Select))
        self._aggregates = any(part.aggregates for part in selects)
        self._spreads = _counts(query.select) and any(map(_chooses, query.select.walk()))
        optional = (part for part in query.select.walk() if isinstance(part, Inside))
        self._conditions = {part.group for part in optional if part.kind == "OPTIONAL"}
        self._gone: set[Node] = set()
        self._depth = 0
        self._renamed: dict[str, str] = {}
        self._heads = " ".join(f"?{name}" for name in given.focus)

    # whole queries

    def select(self) -> str:
        """A SELECT query for rows that begin with the focus."""
        top = self._query.select
        modifier = f"{top.modifier} " if top.modifier else ""
        columns = " ".join(map(self.column, self.columns())) or (
            "(0 AS ?row)" if self._ungrouped(top) else ""
        )
        head = f"SELECT {modifier}{'' if self._ungrouped(top) else self._heads + ' '}{columns}"
        clauses = [self._group_by(top), top.having and self.write(top.having)]
        if top.slices and top.order_by:
            clauses.append(self.write(top.order_by))
        where = self.group(top.where, {*self.given.focus, *self._used(top)})
        return "\n".join(
            [self.text[: top.start] + head, f"WHERE {where}", *(clause for clause in clauses if clause)]
        )

    def present(self) -> str:
        """A SELECT query for the focus nodes for which the group of the query has a solution."""
        top = self._query.select
        where = self.group(top.where, {*self.given.focus, *self._used(top)})
        return f"{self.text[: top.start]}SELECT DISTINCT {self._heads} WHERE {where}"

    def failing(self) -> str:
        """A SELECT query for the focus for which an ASK query has no solution."""
        top = self._query.select
        group = top.where
        if top.group_by or top.having:
            inner = (
                f"{{ SELECT {self._heads} WHERE {self.group(group, {*self.given.focus, *self._used(top)})}"
            )
            having = self.write(top.having) if top.having else ""
            test = f"FILTER NOT EXISTS {inner} {self._group_by(top)} {having} }}"
        else:
            exists = Exists(group.start, group.end, True, group)
            test = "" if chains.nested(group, self, False) else chains.once(exists, None, self, False)
            test = test or f"FILTER {self.write(exists)}"
        tables = " ".join(self._pattern({*self.given.focus, *self._used(top)}, False))
        return f"{self.text[: top.start]}SELECT {self._heads} WHERE {{ {tables} {test} }}"

    def columns(self) -> list[Var | Assign]:
        """What a SELECT query returns besides focus and constants."""
        top = self._query.select
        items = top.columns.items or tuple(Var(0, 0, name) for name in top.returned())
        left_out = {*self.given.focus, *self.given.constants}
        return [item for item in items if isinstance(item, Assign) or item.name not in left_out]

    def column(self, item: Var | Assign) -> str:
        """What a row has, as SELECT says it."""
        return f"?{item.name}" if isinstance(item, Var) else f"({self.write(item.expr)} AS ?{item.var.name})"

    def _ungrouped(self, select: Select) -> bool:
        """Whether it has a row where there is nothing, and is asked for one node: it cannot name that."""
        return self._one and select.aggregates and not select.group_by

    def _group_by(self, select: Select) -> str:
        if not select.aggregates or self._ungrouped(select):
            return ""
        items = select.group_by.items if select.group_by else ()
        known = {*self.given.names, *self.given.constants}
        others = [
            f"({self.write(item.expr)} AS {self._var(item.var.name)})"
            if isinstance(item, Assign)
            else self.write(item)
            for item in items
            if not (isinstance(item, Var) and item.name in known)
        ]
        used = {*self.given.focus, *self._used(select)}
        return " ".join(["GROUP BY", *(f"?{name}" for name in sorted(used)), *others])

    def _used(self, node: Node) -> set[str]:
        """Which of the variables that patterns bind it speaks of."""
        return self.given.names & variables(node)

    def outside(self, group: Group) -> set[str]:
        """The variables that the query has outside of a group, and those that patterns bind."""
        found, todo = set(self.given.names), list[Node]([self._query.select])
        while todo:
            if (node := todo.pop()) is group:
                continue
            if isinstance(node, Var):
                found.add(node.name)
            todo += node.parts()
        return found

    # parts of queries

    def write(self, node: Node, inside: bool = False) -> str:
        """A part of the query anew; `inside` if it stands in GRAPH."""
        if isinstance(node, Var):
            return self.given.constants.get(node.name, self._var(node.name))
        if isinstance(node, Expr) and self._is_bound(node):
            return "(true)"
        if node in self._gone:
            return ""
        if self._written and isinstance(node, Term) and node.kind == "literal":
            return values.held(self.text[node.start : node.end], self._query.prefixes, self._written)
        if self._written and isinstance(node, Expr) and node.name == "DATATYPE":
            return values.datatype(self.write(node.args[0], inside))
        if isinstance(node, Expr) and node.name in BY_NAME and self._matching:
            args = [self._part(node, arg, inside) for arg in node.args]
            asked = self._matching.call(node.name, args, self._query.prefixes)
            return asked or self.splice(node, inside)
        if isinstance(node, Exists):
            return self._exists(node, inside)
        if isinstance(node, Group):
            return self.group(node, set(), inside)
        if isinstance(node, Inside) and node.kind == "GRAPH":
            return self.graph(node, inside)
        if isinstance(node, Select):
            return self._sub_select(node, inside)
        if isinstance(node, Triples):
            return self._triples(node, inside)
        return self.splice(node, inside)

    def _triples(self, node: Triples, inside: bool) -> str:
        steps = Steps(self.text, lambda part: self.write(part, inside), node.start)
        if self._is_spread(node):
            return steps.spread(node, " ".join(self._pattern(self._used(node), inside)))
        given = {*self.given.names, *self.given.constants}
        blocks = (
            part for part in self._query.select.walk() if isinstance(part, Triples) and part is not node
        )
        bound = {name for block in blocks for name in variables(block)}
        return steps.reordered(node, given, bound, self.given.sharing) or self.splice(node, inside)

    def _is_spread(self, block: Triples) -> bool:
        """Whether it has a choice of paths, or may share a blank node with one that has."""
        if self._depth and not self._aggregates:
            return False
        return self._spreads and (_chooses(block) or any(map(is_labelled, block.ends)))

    def splice(self, node: Node, inside: bool) -> str:
        """The text of a part, with the parts of it anew."""
        found, at = [], node.start
        for part in node.parts():
            text = self._part(node, part, inside)
            bare = isinstance(node, Clause) and isinstance(part, Var) and not text.startswith("?")
            found += [self.text[at : part.start], f"({text})" if bare else text]
            at = part.end
        return "".join(found) + self.text[at : node.end]

    def _part(self, node: Node, part: Node, inside: bool) -> str:
        """A part of `node` anew, by its value if that is asked for."""
        if not self._written or not values.asks_value(node, part):
            return self.write(part, inside)
        if isinstance(part, Term):
            return self.text[part.start : part.end]
        if isinstance(part, Expr) and part.name == "(":
            return f"({self._part(node, part.args[0], inside)})"
        text = self.write(part, inside)
        return values.value(text) if values.may_be_held(part) else text

    def _is_bound(self, node: Expr) -> bool:
        """Whether it is BOUND of a constant."""
        if node.name != "BOUND" or not node.args:
            return False
        return isinstance(node.args[0], Var) and node.args[0].name in self.given.constants

    def _exists(self, node: Exists, inside: bool) -> str:
        word = "NOT EXISTS" if node.negated else "EXISTS"
        with self.testing():
            group = chains.nested(node.group, self, inside) or self.splice(node.group, inside)
        return f"{word} {group}"

    @contextmanager
    def testing(self) -> Iterator[None]:
        """Within, parts are written that stand after EXISTS."""
        self._depth += 1
        yield
        self._depth -= 1

    def group(self, node: Group, needed: set[str], inside: bool = False) -> str:
        """A group that binds what is `needed`, and what it speaks of."""
        tests = {element: self._test(element, node, inside) for element in node.elements}
        gone = {element for element, test in tests.items() if test}
        self._gone |= gone
        text = self.splice(node, inside)
        self._gone -= gone
        if node.select:
            return text
        text = f"{text[:-1]}{''.join(tests.values())}}}"
        missing = needed | (self._used(node) - self._led(node))
        if not missing:
            return text
        return " ".join(["{", *self._pattern(missing, inside), text[1:]])

    def _test(self, element: Node, group: Group, inside: bool) -> str:
        """What stands at the end of the group for a condition of it; nothing if it stays where it is."""
        if self._depth or not isinstance(element, Filter):
            return ""
        exists = existence(element.expr)
        if exists is None or chains.nested(exists.group, self, inside):
            return ""
        tested = group if group in self._conditions or not exists.negated else None
        return chains.once(exists, tested, self, inside)

    def _pattern(self, missing: set[str], inside: bool) -> list[str]:
        """The patterns that bind what is missing."""
        found = [pattern for name, pattern in self.given.tables.items() if name in missing]
        if missing.isdisjoint(self.given.focus):
            return found
        return [self.given.anywhere if inside else self.given.pattern, *found]

    def _led(self, node: Group) -> set[str]:
        """What the group binds before anything else can ask whether it is bound."""
        found: set[str] = set()
        for element in node.elements:
            if isinstance(element, Triples):
                found |= self._used(element)
            elif isinstance(element, Union):
                found |= set.intersection(*(self._used(group) for group in element.groups))
            elif isinstance(element, Inside) and element.kind == "GRAPH":
                found |= self._used(element)
            elif not isinstance(element, Filter):
                break
        return found

    def graph(self, node: Inside, inside: bool, body: str = "") -> str:
        """GRAPH, with its group as `body` if that is written already.

        A variable goes through the graphs one by one: the store takes it for bound within the group, and
        forgets it where a SELECT stands there. A graph that is not there has no solution.
        """
        name = self.write(node.name, inside) if node.name else ""
        body = body or self.write(node.group, True)
        if name.startswith("?"):
            graphs = (
                f"{{ VALUES {name} {{ {graph} }} GRAPH {graph} {body} }}" for graph in self.given.graphs
            )
            return " UNION ".join(graphs) or f"VALUES {name} {{ }}"
        whole = f"<{node.name.value}>" if isinstance(node.name, Term) else name
        is_there = whole in self.given.graphs or ":" not in whole
        return f"GRAPH {name} {body}" if is_there else "{ FILTER(false) }"

    def _var(self, name: str) -> str:
        return f"?{self._renamed.get(name, name)}"

    @contextmanager
    def _apart(self, node: Select) -> Iterator[None]:
        """Within, what a sub-select does not return has a name of its own, if it stands after EXISTS.

        The store takes it for the variable of that name in the solution that is tested.
        """
        before = self._renamed
        kept = {*node.returned(), *self.given.names, *self.given.constants}
        hidden = variables(node) - kept if self._depth else set()
        self._renamed = before | {name: self._new(f"{name}_{node.start}") for name in hidden}
        yield
        self._renamed = before

    def _new(self, name: str) -> str:
        """A name that the query does not have."""
        while name in self.text:
            name += "_"
        return name

    def _sub_select(self, node: Select, inside: bool) -> str:
        with self._apart(node):
            return self._selected(node, inside)

    def _selected(self, node: Select, inside: bool) -> str:
        used = self._used(node)
        columns = self._sub_columns(node, inside)
        modifier = f"{node.modifier} " if node.modifier else ""
        clauses = [self._group_by(node) if used else node.group_by and self.write(node.group_by, inside)]
        clauses += [self.write(part, inside) for part in (node.having, node.order_by, *node.slices) if part]
        where = self.group(node.where, used, inside)
        return "\n".join(
            [f"SELECT {modifier}{columns} WHERE {where}", *(clause for clause in clauses if clause)]
        )

    def _sub_columns(self, node: Select, inside: bool) -> str:
        if not node.columns.items:
            names = [*dict.fromkeys(visible(node.where))]
            return " ".join(self._var(name) for name in names if name not in self.given.constants)
        left_out = {*self.given.constants, *(self.given.names if self._ungrouped(node) else ())}
        found = []
        for item in node.columns.items:
            if isinstance(item, Assign):
                found.append(f"({self.write(item.expr, inside)} AS {self._var(item.var.name)})")
            elif item.name not in left_out:
                found.append(self._var(item.name))
        return " ".join(found)


def _chooses(node: Node) -> bool:
    return isinstance(node, Triples) and any(chooses(triple.verb) for triple in node.triples)


def _counts(select: Select) -> bool:
    """Whether it matters how often a solution is found."""
    once = select.ask or select.modifier == "DISTINCT"
    return not once or any(isinstance(part, Select) and part.aggregates for part in select.walk())
