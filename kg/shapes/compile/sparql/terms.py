"""Terms, paths and triple patterns of SPARQL."""

from __future__ import annotations

import re
from collections.abc import Callable

from kg import names
from kg.shapes.compile.sparql.lexer import Lexer
from kg.shapes.compile.sparql.tree import End, Path, Term, Triple, Triples, Var, Verb

_TERMS = ("iri", "name", "string", "number", "blank")
_RDF_PARTS = {part: names.RDF + part for part in ("first", "rest", "nil", "type")}


class Terms(Lexer):
    """Reads terms, paths and triple patterns."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.prefixes: dict[str, str] = {}
        self._count = 0
        self._found: list[Triple] = []
        self._ends: list[Verb] = []

    def sees_term(self) -> bool:
        """Whether a variable or a constant comes next."""
        kind, text = self.token
        return bool(self.variable) or kind in _TERMS or text in ("true", "false", "[", "(")

    def var(self) -> Var:
        """Take a variable."""
        start, name = self.take_variable()
        return Var(start, self.last, name)

    def iri(self) -> Term:
        """Take an IRI, whole or with a prefix."""
        start, kind, text = self.take()
        if kind not in ("iri", "name"):
            self.at = start
            self.fail("an IRI")
        return Term(start, self.last, "iri", self._whole(kind, text))

    def _whole(self, kind: str, text: str) -> str:
        if kind == "iri":
            return _unescaped(text[1:-1])
        prefix, _, local = text.partition(":")
        return self.prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)

    def constant(self) -> Term:
        """Take an IRI, a literal or the label of a blank node."""
        kind, text = self.token
        if kind in ("iri", "name"):
            return self.iri()
        if kind not in ("string", "number", "blank") and text not in ("true", "false"):
            self.fail("a term")
        start, _, _ = self.take()
        if kind == "blank":
            return Term(start, self.last, "blank", text)
        if kind == "string":
            self._tail()
        return Term(start, self.last, "literal")

    def _tail(self) -> None:
        """What follows the text of a literal, if anything does."""
        if self.token[0] == "tag":
            self.take()
        elif self.eat("^^"):
            self.iri()

    # paths

    def verb(self) -> Verb:
        """Take the predicate of a triple pattern."""
        return self.var() if self.variable else self.path()

    def path(self) -> Path | Term:
        """Take a path."""
        return self._joined("|", lambda: self._joined("/", self._step))

    def _joined(self, mark: str, part: Callable[[], Path | Term]) -> Path | Term:
        start, parts = self.at, [part()]
        while self.eat(mark):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Path(start, self.last, mark, tuple(parts))

    def _step(self) -> Path | Term:
        start = self.at
        if self.eat("^"):
            inner = self._repeated()
            return Path(start, self.last, "^", (inner,))
        return self._repeated()

    def _repeated(self) -> Path | Term:
        start, inner = self.at, self._primary_path()
        if self.sees("*", "+") or (self.sees("?") and not self.variable):
            mark = self.need("*", "+", "?")
            return Path(start, self.last, mark, (inner,))
        return inner

    def _primary_path(self) -> Path | Term:
        start = self.at
        if self.eat("("):
            inner = self.path()
            self.need(")")
            return Path(start, self.last, "(", (inner,))
        if self.eat("!"):
            excluded = tuple(self._excluded())
            return Path(start, self.last, "!", excluded)
        return self.property()

    def _excluded(self) -> list[Path | Term]:
        """What a path must not go by."""
        if not self.eat("("):
            return [self._one_excluded()]
        found: list[Path | Term] = []
        while not self.eat(")"):
            found.append(self._one_excluded())
            self.eat("|")
        return found

    def _one_excluded(self) -> Path | Term:
        start = self.at
        if self.eat("^"):
            inner = self.property()
            return Path(start, self.last, "^", (inner,))
        return self.property()

    def property(self) -> Term:
        """Take a property: an IRI, or `a`."""
        if self.token == ("word", "a"):
            start, _, _ = self.take()
            return Term(start, self.last, "iri", _RDF_PARTS["type"])
        return self.iri()

    # triple patterns

    def triples(self) -> Triples:
        """Take triple patterns, up to what is none."""
        start, self._found, self._ends = self.at, [], []
        while True:
            bare = self.sees("[", "(")
            subject = self._end()
            if not (bare and self._is_over()):
                self._properties(subject)
            end = self.last
            if not self.eat(".") or not self.sees_term():
                return Triples(start, end, tuple(self._found), tuple(self._ends))

    def _is_over(self) -> bool:
        return not (self.variable or self.token[0] in ("iri", "name") or self.sees("^", "!", "(", "A"))

    def _properties(self, subject: End) -> None:
        while True:
            verb = self.verb()
            self._ends.append(verb)
            self._objects(subject, verb)
            while self.eat(";"):
                pass
            if self._is_over():
                return

    def _objects(self, subject: End, verb: Verb) -> None:
        while True:
            self._found.append(Triple(subject, verb, self._end()))
            if self.sees("~", "{|"):
                self.fail("no annotation")
            if not self.eat(","):
                return

    def _end(self) -> End:
        """Take a subject or object, with what stands in its brackets."""
        if self.sees("["):
            return self._bracketed()
        if self.sees("("):
            return self._collection()
        end = self.var() if self.variable else self.constant()
        self._ends.append(end)
        return end

    def _fresh(self, start: int) -> Term:
        self._count += 1
        return Term(start, start, "blank", f"[{self._count}]")

    def _bracketed(self) -> Term:
        node = self._fresh(self.at)
        self.need("[")
        if not self.sees("]"):
            self._properties(node)
        self.need("]")
        return node

    def _collection(self) -> Term:
        """A list, as the triples that it stands for."""
        start, items = self.at, []
        self.need("(")
        while not self.eat(")"):
            items.append(self._end())
        rest = Term(start, start, "iri", _RDF_PARTS["nil"])
        for item in reversed(items):
            node = self._fresh(start)
            self._found.append(Triple(node, Term(start, start, "iri", _RDF_PARTS["first"]), item))
            self._found.append(Triple(node, Term(start, start, "iri", _RDF_PARTS["rest"]), rest))
            rest = node
        return rest


def _unescaped(iri: str) -> str:
    """An IRI without its `\\u` escapes."""
    return re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", lambda m: chr(int(m[1] or m[2], 16)), iri)
