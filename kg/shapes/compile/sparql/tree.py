"""A SPARQL query as a tree: each part with where it stands in the text, and its parts in that order.

Only what a rewriter of queries asks for is kept: the text between the parts is taken as it stands.

Source: SPARQL 1.1, section 19.8, https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class Node:
    """A part of a query, from `start` up to `end`."""

    start: int
    end: int

    def parts(self) -> tuple[Node, ...]:
        """What stands directly in it, in the order of the text."""
        return ()

    def walk(self) -> Iterator[Node]:
        """Itself and all that stands in it, however deep."""
        yield self
        for part in self.parts():
            yield from part.walk()


@dataclass(eq=False, slots=True)
class Var(Node):
    """A variable, `?name` or `$name`."""

    name: str


@dataclass(eq=False, slots=True)
class Term(Node):
    """A constant. `kind`: `iri`, `literal` or `blank`; `value`: the whole IRI, or a blank node's name."""

    kind: str
    value: str = ""


@dataclass(eq=False, slots=True)
class Path(Node):
    """A path of properties. `kind`: `^`, `/`, `|`, `!`, or the modifier `*`, `+`, `?` of its one part."""

    kind: str
    steps: tuple[Path | Term, ...]

    def parts(self) -> tuple[Node, ...]:
        """Its steps."""
        return self.steps


Verb = Var | Term | Path
End = Var | Term


@dataclass(frozen=True, slots=True)
class Triple:
    """A triple pattern, written out: what `;`, `,`, `[…]` and `(…)` leave unsaid is said."""

    subject: End
    verb: Verb
    object: End


@dataclass(eq=False, slots=True)
class Triples(Node):
    """Triple patterns that stand together; `ends` are the terms and paths as they stand in the text."""

    triples: tuple[Triple, ...]
    ends: tuple[Verb, ...]

    def parts(self) -> tuple[Node, ...]:
        """The terms and paths, each as often as it is written."""
        return self.ends


@dataclass(eq=False, slots=True)
class Expr(Node):
    """An expression: an operator, a function or an aggregate, called `name` (in capitals if it is no IRI).

    `kind`: `op`, `call` or `aggregate`.
    """

    kind: str
    name: str
    args: tuple[Node, ...]

    def parts(self) -> tuple[Node, ...]:
        """What it is called with."""
        return self.args


@dataclass(eq=False, slots=True)
class Exists(Node):
    """`EXISTS {…}` or `NOT EXISTS {…}`."""

    negated: bool
    group: Group

    def parts(self) -> tuple[Node, ...]:
        """The group."""
        return (self.group,)


@dataclass(eq=False, slots=True)
class Filter(Node):
    """`FILTER …`."""

    expr: Node

    def parts(self) -> tuple[Node, ...]:
        """The condition."""
        return (self.expr,)


@dataclass(eq=False, slots=True)
class Assign(Node):
    """`expr AS ?var`: in BIND, in SELECT, in GROUP BY."""

    expr: Node
    var: Var

    def parts(self) -> tuple[Node, ...]:
        """The expression, then the variable."""
        return (self.expr, self.var)


@dataclass(eq=False, slots=True)
class Inside(Node):
    """A group after a keyword. `kind`: `OPTIONAL`, `MINUS`, or with a `name` `GRAPH` and `SERVICE`."""

    kind: str
    group: Group
    name: End | None = None

    def parts(self) -> tuple[Node, ...]:
        """The name, if there is one, then the group."""
        return (self.name, self.group) if self.name else (self.group,)


@dataclass(eq=False, slots=True)
class Union(Node):
    """Groups with UNION between them; a group by itself is a union of one."""

    groups: tuple[Group, ...]

    def parts(self) -> tuple[Node, ...]:
        """The groups."""
        return self.groups


@dataclass(eq=False, slots=True)
class Values(Node):
    """`VALUES …`, in a group or after a query."""


Element = Triples | Filter | Assign | Inside | Union | Values


@dataclass(eq=False, slots=True)
class Group(Node):
    """`{…}`: elements, or one sub-select."""

    elements: tuple[Element, ...]
    select: Select | None = None

    def parts(self) -> tuple[Node, ...]:
        """The sub-select, or the elements."""
        return (self.select,) if self.select else self.elements


@dataclass(eq=False, slots=True)
class Clause(Node):
    """What stands after GROUP BY, HAVING or ORDER BY; from that on. `word` is the first of these."""

    word: str
    items: tuple[Node, ...]

    def parts(self) -> tuple[Node, ...]:
        """The expressions."""
        return self.items


@dataclass(eq=False, slots=True)
class Columns(Node):
    """What a SELECT returns; nothing written out stands for `*`."""

    items: tuple[Var | Assign, ...]

    def parts(self) -> tuple[Node, ...]:
        """The columns."""
        return self.items


@dataclass(eq=False, slots=True)
class Select(Node):
    """A SELECT or ASK, without its prologue. `modifier`: `DISTINCT`, `REDUCED` or nothing."""

    ask: bool
    modifier: str
    columns: Columns
    where: Group
    group_by: Clause | None = None
    having: Clause | None = None
    order_by: Clause | None = None
    slices: tuple[Slice, ...] = ()
    values: Values | None = None
    datasets: tuple[Node, ...] = field(default=())

    def parts(self) -> tuple[Node, ...]:
        """Columns, group, and the clauses after it."""
        clauses = (self.group_by, self.having, self.order_by, *self.slices, self.values)
        return (self.columns, self.where, *(clause for clause in clauses if clause))

    @property
    def aggregates(self) -> bool:
        """Whether its rows are those of groups."""
        heads = (self.columns, self.having, self.order_by)
        return bool(self.group_by) or any(h is not None and _aggregate(h) for h in heads)

    def returned(self) -> list[str]:
        """The names of what it returns."""
        items = self.columns.items
        return [_named(item) for item in items] or [*dict.fromkeys(visible(self.where))]


@dataclass(eq=False, slots=True)
class Slice(Node):
    """`LIMIT n` or `OFFSET n`."""

    word: str
    number: int


@dataclass(eq=False, slots=True)
class Query:
    """A query: its text, its prefixes, and the tree of what follows the prologue."""

    text: str
    prefixes: dict[str, str]
    select: Select


def existence(expr: Node) -> Exists | None:
    """The condition that something is there, or is not, whatever brackets stand around it."""
    if isinstance(expr, Expr) and expr.kind == "op" and expr.name in ("(", "!"):
        inner = existence(expr.args[0])
        turned = inner and Exists(inner.start, inner.end, not inner.negated, inner.group)
        return turned if expr.name == "!" else inner
    return expr if isinstance(expr, Exists) else None


def variables(node: Node) -> set[str]:
    """The names of all variables in it, however deep; `*` is what it stands for."""
    found = {part.name for part in node.walk() if isinstance(part, Var)}
    for part in node.walk():
        if isinstance(part, Select):
            found.update(part.returned())
    return found


def visible(group: Group) -> Iterator[str]:
    """The names of the variables that are in scope after a group.

    Source: SPARQL 1.1, section 18.2.1, https://www.w3.org/TR/sparql11-query/#variableScope
    """
    if group.select:
        yield from group.select.returned()
    for element in group.elements:
        if isinstance(element, Assign):
            yield element.var.name
        elif isinstance(element, Triples | Values):
            yield from (part.name for part in element.walk() if isinstance(part, Var))
        elif isinstance(element, Union):
            for one in element.groups:
                yield from visible(one)
        elif isinstance(element, Inside) and element.kind != "MINUS":
            if isinstance(element.name, Var):
                yield element.name.name
            yield from visible(element.group)


def _named(item: Var | Assign) -> str:
    return item.name if isinstance(item, Var) else item.var.name


def _aggregate(node: Node) -> bool:
    """Whether an aggregate stands in it, but for those of groups within."""
    if isinstance(node, Expr) and node.kind == "aggregate":
        return True
    return any(_aggregate(part) for part in node.parts() if not isinstance(part, Group))
