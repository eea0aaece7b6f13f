"""The pattern of a CONSTRUCT as triple patterns in nested groups: what it reads, and what hangs together.

A part of SPARQL is understood: triple patterns, paths of steps, `UNION`, `OPTIONAL`, `MINUS`, `EXISTS`,
`VALUES`, `FILTER`, `BIND` and sub-queries. Of anything else nothing is said, and who asks must take it
that the query may read everything.

Source: the grammar of SPARQL 1.1, https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn

from pyoxigraph import NamedNode, Variable

from kg.rules.model import TYPE, Key
from kg.sparql import Query, Word

Spot = NamedNode | Variable
"""A subject or object; a variable of ours has a name that no query can say."""

CLOSED_BY = {"{": "}", "(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class Link:
    """A triple pattern. `classes`: what the object may be, where the query lists classes for a type."""

    subject: Spot
    predicate: NamedNode
    object: Spot
    classes: tuple[NamedNode, ...] = ()

    def about(self) -> Iterator[Key]:
        """What it is about."""
        given = (self.object,) if isinstance(self.object, NamedNode) else (None,)
        yield from (
            (self.predicate, cls if self.predicate == TYPE else None) for cls in self.classes or given
        )

    def variables(self) -> Iterator[Variable]:
        """Its variables, the subject's first."""
        return (term for term in (self.subject, self.object) if isinstance(term, Variable))


@dataclass(slots=True)
class Group:
    """The triple patterns of a group that all hold at once, and the groups inside it.

    `kind` is `all`, `union` (of its groups), `perhaps` (`OPTIONAL`), `minus`, `exists` or `query`. The
    variables of a sub-query are its own but for those that it `gives` away (none: all of them), and for
    the `minima` of others. `listed`: variables that can only be one of some IRIs. `more`: whether the group
    itself says more than this, so that what is here is only what holds at least.
    """

    kind: str = "all"
    links: list[Link] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    listed: dict[Variable, tuple[NamedNode, ...]] = field(default_factory=dict)
    gives: frozenset[Variable] | None = None
    minima: dict[Variable, Variable] = field(default_factory=dict)
    more: bool = False

    def all(self) -> Iterator[Group]:
        """This group and all inside it."""
        yield self
        for group in self.groups:
            yield from group.all()


@dataclass(frozen=True, slots=True)
class Parts:
    """A CONSTRUCT: what it gives and what it reads. `more`: whether it groups or orders what it finds."""

    template: Group
    where: Group
    more: bool = False

    def links(self) -> Iterator[Link]:
        """All triple patterns, at any depth."""
        return (link for group in self.where.all() for link in group.links)


class _NotUnderstoodError(Exception):
    """The query says what is not read here."""


@lru_cache(maxsize=256)
def parts(sparql: str) -> Parts | None:
    """The parts of a CONSTRUCT that a SPARQL engine accepts; none if it says more than is understood.

    >>> found = parts("PREFIX e: <http://e/> CONSTRUCT { ?x e:p ?y } WHERE { ?x e:q/^e:r ?y }")
    >>> [(str(link.subject), str(link.predicate), str(link.object)) for link in found.links()]
    [('?x', '<http://e/q>', '?__1'), ('?y', '<http://e/r>', '?__1')]
    >>> parts("CONSTRUCT { ?x ?p ?y } WHERE { ?x ?p ?y }") is None
    True
    """
    try:
        return _Reader(Query(sparql).words).query()
    except (_NotUnderstoodError, IndexError):
        return None


class _Reader:
    """Goes through the words of a query once, from left to right."""

    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._at = 0
        self._prefixes: dict[str, str] = {}
        self._fresh = 0

    def query(self) -> Parts:
        while self._takes("PREFIX"):
            name, iri = self._next(), self._next()
            self._prefixes[name.text.removesuffix(":")] = iri.text[1:-1]
        self._takes("CONSTRUCT") or self._stop()
        template = Group()
        if self._here.text == "{":
            self._next()
            while not self._takes("}"):
                self._triples(template)
        self._takes("WHERE")
        where = self._group("all")
        more = self._at < len(self._words)
        self._modifiers()
        if self._at < len(self._words):
            self._stop()
        return Parts(template if template.links else where, where, more)

    # --- Words

    @property
    def _here(self) -> Word:
        return self._words[self._at]

    def _next(self) -> Word:
        self._at += 1
        return self._words[self._at - 1]

    def _is(self, *texts: str) -> bool:
        return self._at < len(self._words) and self._here.text.upper() in texts

    def _takes(self, *texts: str) -> bool:
        found = self._is(*texts)
        self._at += found
        return found

    def _stop(self) -> NoReturn:
        raise _NotUnderstoodError

    def _skip(self) -> None:
        """Pass over a bracket and all that is in it; what asks the graph in there is not understood."""
        closing = [CLOSED_BY[self._next().text]]
        while closing:
            word = self._next()
            if word.text == closing[-1]:
                closing.pop()
            elif word.text in CLOSED_BY:
                closing.append(CLOSED_BY[word.text])
            elif word.kind == "word" and word.text.upper() == "EXISTS":
                self._stop()

    # --- Groups

    def _group(self, kind: str) -> Group:
        self._takes("{") or self._stop()
        if self._is("SELECT"):
            return Group(kind, groups=[self._select()])
        group = Group(kind)
        while not self._takes("}"):
            self._member(group)
        return group

    def _member(self, group: Group) -> None:
        word = self._here.text.upper()
        known: dict[str, Callable[[Group], None]] = {
            "FILTER": self._filter, "BIND": self._bind, "VALUES": self._values,
            "OPTIONAL": self._optional, "MINUS": self._minus, "{": self._union,
        }  # fmt: skip
        if word == ".":
            self._next()
            return
        # A MINUS takes from what stands before it only.
        group.more |= word != "MINUS" and any(each.kind == "minus" for each in group.groups)
        if word in known:
            known[word](group)
        else:
            self._triples(group)

    def _optional(self, group: Group) -> None:
        self._next()
        group.groups.append(self._group("perhaps"))
        group.more = True

    def _minus(self, group: Group) -> None:
        self._next()
        group.groups.append(self._group("minus"))

    def _union(self, group: Group) -> None:
        branches = [self._group("all")]
        while self._takes("UNION"):
            branches.append(self._group("all"))
        group.groups.append(Group("union", groups=branches) if len(branches) > 1 else branches[0])

    def _select(self) -> Group:
        self._next()
        given, minima, more = self._selected()
        self._takes("WHERE")
        inner = self._group("all")
        start = self._at
        self._modifiers()
        behind = [word.text for word in self._words[start : self._at]]
        grouped = frozenset(Variable(text[1:]) for text in behind if text[0] in "?$")
        if minima:
            # Without GROUP BY there is one row for all; what orders or filters groups is left to the engine.
            more |= [text.upper() for text in behind[:2]] != ["GROUP", "BY"] or len(behind) > 2 + len(grouped)
            more |= grouped != given
        else:
            more |= bool(behind)
        self._takes("}") or self._stop()
        return Group("query", [], [inner], gives=given, minima=minima, more=more)

    def _selected(self) -> tuple[frozenset[Variable] | None, dict[Variable, Variable], bool]:
        """The variables that a SELECT names, those that are minima of others, and whether it says more."""
        given: set[Variable] = set()
        minima: dict[Variable, Variable] = {}
        everything = more = False
        while not self._is("WHERE", "{"):
            start = self._at
            if self._is("("):
                self._skip()
                words = [word.text for word in self._words[start : self._at]]
                match [text.upper() if text.isalpha() else text for text in words]:
                    case ["(", "MIN", "(", of, ")", "AS", name, ")"] if of[0] in "?$":
                        minima[Variable(name[1:])] = Variable(of[1:])
                    case _:
                        more = True
            elif (word := self._next()).kind == "variable":
                given.add(Variable(word.text[1:]))
            else:
                everything |= word.text == "*"
        return None if everything else frozenset(given), minima, more

    def _modifiers(self) -> None:
        """What stands behind a pattern, up to the end or a bracket; a limit is not understood."""
        while self._at < len(self._words) and not self._is("}"):
            if self._is("LIMIT", "OFFSET", "VALUES"):
                self._stop()
            self._pass()

    def _pass(self) -> None:
        if self._is("("):
            self._skip()
        else:
            self._next()

    def _filter(self, group: Group) -> None:
        group.more = True
        self._next()
        self._takes("NOT")
        if self._takes("EXISTS"):
            group.groups.append(self._group("exists"))
            return
        while not self._is("("):
            self._next()
        self._skip()

    def _bind(self, group: Group) -> None:
        group.more = True
        self._next()
        self._skip()

    def _values(self, group: Group) -> None:
        self._next()
        if self._here.kind != "variable":
            group.more = True
            self._skip()
            self._skip()
            return
        name = self._next()
        start = self._at + 1
        self._skip()
        words = self._words[start : self._at - 1]
        if all(word.kind in ("iri", "name") for word in words):
            group.listed[Variable(name.text[1:])] = tuple(map(self._iri, words))
        else:
            group.more = True

    # --- Triples

    def _triples(self, group: Group) -> None:
        """A subject and all that is said of it, up to the dot or whatever else comes next."""
        bracket = self._is("[")
        subject = self._spot(group)
        if not (bracket and self._is(".", "}")):
            self._properties(subject, group)
        self._takes(".")

    def _properties(self, subject: Spot, group: Group) -> None:
        while not self._is(".", "}", "]", "{", "FILTER", "BIND", "VALUES", "OPTIONAL", "MINUS"):
            path = self._path()
            while True:
                self._lead(subject, path, self._spot(group), group)
                if not self._takes(","):
                    break
            if not self._takes(";"):
                return
            while self._takes(";"):
                pass

    def _lead(self, subject: Spot, path: list[tuple[NamedNode, bool]], object: Spot, group: Group) -> None:
        """The steps of a path as triple patterns, with a variable of its own at each place between them."""
        for number, (predicate, turned) in enumerate(path, 1):
            end = object if number == len(path) else self._own()
            ends = (end, subject) if turned else (subject, end)
            listed = group.listed.get(ends[1], ()) if predicate == TYPE else ()  # type: ignore[arg-type]
            group.links.append(Link(ends[0], predicate, ends[1], listed))
            subject = end

    def _path(self) -> list[tuple[NamedNode, bool]]:
        steps = [self._step()]
        while self._takes("/"):
            steps.append(self._step())
        if self._is("|", "*", "+", "?"):
            self._stop()
        return steps

    def _step(self) -> tuple[NamedNode, bool]:
        turned = self._takes("^")
        word = self._next()
        if word.text == "a" and word.kind == "word":
            return TYPE, turned
        if word.kind not in ("iri", "name"):
            self._stop()
        return self._iri(word), turned

    def _spot(self, group: Group) -> Spot:
        """A subject or object; what has no name becomes a variable that no query can say."""
        word = self._next()
        if word.kind == "variable":
            return Variable(word.text[1:])
        if word.kind in ("iri", "name"):
            return self._iri(word)
        if word.kind == "blank":
            return Variable("__" + re.sub(r"\W", "_", word.text[2:]) + "_")
        own = self._own()
        if word.text == "[":
            self._properties(own, group)
            self._takes("]") or self._stop()
        elif word.kind == "string":
            group.more = True
            if self._here.kind == "tag" or self._takes("^^"):
                self._next()
        elif word.kind == "number" or word.text in ("true", "false"):
            group.more = True
        else:
            self._stop()
        return own

    def _own(self) -> Variable:
        self._fresh += 1
        return Variable(f"__{self._fresh}")

    def _iri(self, word: Word) -> NamedNode:
        if word.kind == "iri":
            if "\\" in word.text or not re.match(r"<[A-Za-z][\w+.-]*:", word.text):
                self._stop()
            return NamedNode(word.text[1:-1])
        prefix, _, local = word.text.partition(":")
        if prefix not in self._prefixes:
            self._stop()
        return NamedNode(self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local))
