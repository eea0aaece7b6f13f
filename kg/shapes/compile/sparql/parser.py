"""SPARQL 1.1 queries, SELECT and ASK, read into trees by descent over the grammar.

The engine itself says whether a query is well-formed; what is read here is taken to be.

Source: SPARQL 1.1, section 19.8, https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

from functools import lru_cache

from kg.errors import DefinitionError
from kg.shapes.compile.sparql.terms import Terms
from kg.shapes.compile.sparql.tree import (
    Assign,
    Clause,
    Columns,
    Element,
    Exists,
    Expr,
    Filter,
    Group,
    Inside,
    Node,
    Query,
    Select,
    Slice,
    Union,
    Values,
    Var,
)

_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_LEVELS = (("||",), ("&&",), ("!=", "<=", ">=", "=", "<", ">", "IN"), ("+", "-"), ("*", "/"))
"""Operators of two sides, those that bind least first."""

_COMPARING = 2
_CLAUSES = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")


@lru_cache(maxsize=1000)
def parse(text: str) -> Query:
    """The tree of a SELECT or ASK query.

    :raises DefinitionError: if it is neither, or no SPARQL 1.1.

    >>> query = parse("SELECT $this WHERE { $this <urn:p>/<urn:q> ?x . FILTER(?x < 3) }")
    >>> query.select.returned(), [type(part).__name__ for part in query.select.where.elements]
    (['this'], ['Triples', 'Filter'])
    """
    try:
        return _Parser(text).query()
    except RecursionError as exc:
        raise DefinitionError.at(None, "too much of the query stands inside each other") from exc


class _Parser(Terms):
    """Reads expressions, groups and whole queries."""

    def query(self) -> Query:
        while self.sees("PREFIX", "BASE", "VERSION"):
            self._declaration()
        found = self._select(top=True)
        if self.at < len(self.text):
            self.fail("the end")
        return Query(self.text, dict(self.prefixes), found)

    def _declaration(self) -> None:
        if self.need("PREFIX", "BASE", "VERSION") != "PREFIX":
            self.take()
            return
        name = self.take()[2]
        iri = self.iri()
        self.prefixes[name.rstrip(":")] = iri.value

    # expressions

    def expression(self, lowest: int = 0) -> Node:
        """Take an expression whose operators bind as closely as those of the level `lowest`, or closer."""
        left = self._unary()
        while found := self._operator(lowest):
            level, name = found
            right = self._listed() if name in ("IN", "NOT IN") else (self.expression(level + 1),)
            left = Expr(left.start, self.last, "op", name, (left, *right))
        return left

    def _operator(self, lowest: int) -> tuple[int, str] | None:
        """Take an operator of two sides: how closely it binds, and what it is."""
        for level in range(lowest, len(_LEVELS)):
            if level == _COMPARING and self.eat("NOT"):
                return level, "NOT " + self.need("IN")
            if name := self.eat(*_LEVELS[level]):
                return level, name
        return None

    def _listed(self) -> tuple[Node, ...]:
        self.need("(")
        found: list[Node] = []
        while not self.eat(")"):
            found.append(self.expression())
            self.eat(",")
        return tuple(found)

    def _unary(self) -> Node:
        start = self.at
        if self.token[0] != "number" and (mark := self.eat("!", "+", "-")):
            inner = self._unary()
            return Expr(start, self.last, "op", mark, (inner,))
        return self.primary()

    def primary(self) -> Node:
        """Take a variable, a constant, a call, or what stands in brackets."""
        start = self.at
        if self.variable:
            return self.var()
        if self.eat("("):
            inner = self.expression()
            self.need(")")
            return Expr(start, self.last, "op", "(", (inner,))
        if self.sees("NOT", "EXISTS"):
            negated = bool(self.eat("NOT"))
            self.need("EXISTS")
            group = self.group()
            return Exists(start, self.last, negated, group)
        if self.word and self.word not in ("TRUE", "FALSE"):
            return self._call(start, self.take()[2].upper())
        term = self.constant()
        return self._call(start, term.value) if term.kind == "iri" and self.sees("(") else term

    def _call(self, start: int, name: str) -> Expr:
        """Take what a function is called with."""
        self.need("(")
        args: list[Node] = []
        while not self.eat(")"):
            if self.eat("DISTINCT", "*", ",") or self._separator():
                continue
            args.append(self.expression())
        kind = "aggregate" if name in _AGGREGATES else "call"
        return Expr(start, self.last, kind, name, tuple(args))

    def _separator(self) -> bool:
        """Take what parts the texts of GROUP_CONCAT, if it comes next."""
        if not self.eat(";"):
            return False
        self.need("SEPARATOR")
        self.need("=")
        self.take()
        return True

    # groups

    def group(self) -> Group:
        """Take a group, with its brackets."""
        start = self.at
        self.need("{")
        if self.sees("SELECT"):
            select = self._select()
            self.need("}")
            return Group(start, self.last, (), select)
        elements: list[Element] = []
        while not self.eat("}"):
            if not self.eat("."):
                elements.append(self._element())
        return Group(start, self.last, tuple(elements))

    def _element(self) -> Element:
        start = self.at
        if self.eat("FILTER"):
            expr = self.primary()
            return Filter(start, self.last, expr)
        if self.eat("BIND"):
            self.need("(")
            return self._assign(start)
        if self.sees("VALUES"):
            return self._values()
        if self.sees("OPTIONAL", "MINUS", "GRAPH", "SERVICE"):
            return self._inside(start)
        if self.sees("{"):
            return self._union(start)
        if not self.sees_term():
            self.fail("a pattern")
        return self.triples()

    def _assign(self, start: int) -> Assign:
        """Take `expr AS ?var)`."""
        expr = self.expression()
        self.need("AS")
        var = self.var()
        self.need(")")
        return Assign(start, self.last, expr, var)

    def _inside(self, start: int) -> Inside:
        kind = self.need("OPTIONAL", "MINUS", "GRAPH", "SERVICE")
        name = None
        if kind in ("GRAPH", "SERVICE"):
            self.eat("SILENT")
            name = self.var() if self.variable else self.iri()
        group = self.group()
        return Inside(start, self.last, kind, group, name)

    def _union(self, start: int) -> Union:
        groups = [self.group()]
        while self.eat("UNION"):
            groups.append(self.group())
        return Union(start, self.last, tuple(groups))

    def _values(self) -> Values:
        start = self.at
        self.need("VALUES")
        while not self.eat("{"):
            self._skip_one()
        while not self.eat("}"):
            if self.eat("("):
                while not self.eat(")"):
                    self._skip_one()
            else:
                self._skip_one()
        return Values(start, self.last)

    def _skip_one(self) -> None:
        if self.variable:
            self.take_variable()
        else:
            self.take()

    # queries

    def _select(self, top: bool = False) -> Select:
        start = self.at
        ask = self.need("SELECT", "ASK") == "ASK" if top else not self.need("SELECT")
        modifier = "" if ask else self.eat("DISTINCT", "REDUCED")
        columns = Columns(self.at, self.at, ()) if ask else self._columns()
        datasets = self._datasets()
        self.eat("WHERE")
        where = self.group()
        found = Select(start, self.last, ask, modifier, columns, where, datasets=datasets)
        self._modifiers(found)
        found.end = self.last
        return found

    def _columns(self) -> Columns:
        start, items = self.at, list[Var | Assign]()
        if not self.eat("*"):
            while self.variable or self.sees("("):
                items.append(self.var() if self.variable else self._column())
        return Columns(start, self.last, tuple(items))

    def _column(self) -> Assign:
        start = self.at
        self.need("(")
        return self._assign(start)

    def _datasets(self) -> tuple[Node, ...]:
        found = []
        while self.eat("FROM"):
            self.eat("NAMED")
            found.append(self.iri())
        return tuple(found)

    def _modifiers(self, found: Select) -> None:
        if self.sees("GROUP"):
            found.group_by = self._clause("GROUP", "BY")
        if self.sees("HAVING"):
            found.having = self._clause("HAVING")
        if self.sees("ORDER"):
            found.order_by = self._clause("ORDER", "BY")
        while self.sees("LIMIT", "OFFSET"):
            start, word = self.at, self.need("LIMIT", "OFFSET")
            number = int(self.take()[2])
            found.slices = (*found.slices, Slice(start, self.last, word, number))
        if self.sees("VALUES"):
            found.values = self._values()

    def _clause(self, *words: str) -> Clause:
        start = self.at
        for word in words:
            self.need(word)
        items: list[Node] = []
        while self.at < len(self.text) and not self.sees("}", *_CLAUSES):
            self.eat("ASC", "DESC")
            items.append(self._key())
        return Clause(start, self.last, words[0], tuple(items))

    def _key(self) -> Node:
        """Take what rows are put together or in order by."""
        start = self.at
        if not self.sees("("):
            return self.primary()
        self.need("(")
        expr = self.expression()
        if not self.eat("AS"):
            self.need(")")
            return Expr(start, self.last, "op", "(", (expr,))
        var = self.var()
        self.need(")")
        return Assign(start, self.last, expr, var)
