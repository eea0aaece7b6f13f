"""ORDER BY, taken off a query and done after it.

An engine looks a term up on disk each time that it is compared: rows in order take ten times as long as rows.
Taken off is what needs nothing but the rows: at the end of a query, STR of a column, or COALESCE of that
and a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.sparql import Query, Word


@dataclass(frozen=True)
class Key:
    """What rows are ordered by: the text of a column, or `default` where it has none."""

    column: str
    default: str | None = None
    descending: bool = False

    def of(self, term: Any) -> tuple[bool, str]:
        """What stands for a term; what has no text comes first.

        >>> sorted(map(Key("who").of, [Literal("b"), None, Literal("a")]))
        [(False, ''), (True, 'a'), (True, 'b')]
        """
        text = term.value if isinstance(term, NamedNode | Literal) else self.default
        return (False, "") if text is None else (True, text)


@dataclass(frozen=True)
class Ordering:
    """A query without its ORDER BY, and the keys of that."""

    text: str
    keys: tuple[Key, ...] = ()

    @classmethod
    def of(cls, query: Query) -> Ordering:
        """The query and its keys; the whole query and none where it has none that can be taken off.

        >>> found = Ordering.of(Query("SELECT ?a { ?a ?b ?c } ORDER BY DESC(STR(?a))"))
        >>> found.text, found.keys
        ('SELECT ?a { ?a ?b ?c } ', (Key(column='a', default=None, descending=True),))
        >>> Ordering.of(Query("SELECT ?a { ?a ?b ?c } ORDER BY ?a LIMIT 1")).keys
        ()
        """
        words = query.words
        at = next((n for n in range(len(words) - 1, -1, -1) if words[n].text == "}"), -1) + 1
        tail = [word.text for word in words[at:]]
        if [text.upper() for text in tail[:2]] != ["ORDER", "BY"]:
            return cls(query.text)
        keys = _keys(tail[2:])
        if not keys or not {key.column for key in keys} <= set(_columns(words)):
            return cls(query.text)
        return cls(query.text[: words[at].start], keys)

    def rows(self, rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> tuple[tuple[Any, ...], ...]:
        """The rows in order."""
        found = list(rows)
        for key in reversed(self.keys):
            at, of = columns.index(key.column), key.of
            found.sort(key=lambda row: of(row[at]), reverse=key.descending)
        return tuple(found)


def _columns(words: Sequence[Word]) -> Iterator[str]:
    """The variables that a SELECT returns, as far as they are written out."""
    depth, before = 0, ""
    for word in words:
        if word.text == "{" and depth == 0:
            return
        depth += (word.text == "(") - (word.text == ")")
        if word.kind == "variable" and (depth == 0 or before == "AS"):
            yield word.text[1:]
        before = word.text.upper()


def _keys(tail: list[str]) -> tuple[Key, ...]:
    """The keys that `tail` is, to its end; none where one is of another form."""
    keys: list[Key] = []
    while tail:
        if not (taken := _key(tail)):
            return ()
        key, tail = taken
        keys.append(key)
    return tuple(keys)


def _key(tail: list[str]) -> tuple[Key, list[str]] | None:
    """The first key, and what follows it."""
    word = tail[0].upper()
    if word in ("ASC", "DESC") and tail[1:2] == ["("]:
        inner = _key(tail[2:])
        if not inner or inner[1][:1] != [")"]:
            return None
        return Key(inner[0].column, inner[0].default, word == "DESC"), inner[1][1:]
    if word == "COALESCE" and tail[1:2] == ["("]:
        inner = _key(tail[2:])
        if not inner or inner[0].default is not None or inner[1][:1] != [","] or inner[1][2:3] != [")"]:
            return None
        text = _plain(inner[1][1])
        return None if text is None else (Key(inner[0].column, text), inner[1][3:])
    if word == "STR" and tail[1:2] == ["("] and tail[3:4] == [")"] and tail[2][0] in "?$":
        return Key(tail[2][1:]), tail[4:]
    return None


def _plain(token: str) -> str | None:
    """The text of a literal in quotes; None where it is another term, or has anything in it to be read."""
    inner = token[1:-1]
    quoted = len(token) > 1 and token[0] in "\"'" and token[-1] == token[0]
    return None if not quoted or set(inner) & set("\\\"'") else inner
