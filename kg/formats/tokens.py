"""Turtle and its kin as tokens: where each term stands in the text, and which term it is.

Only the extent of a token is told here. What it stands for (escapes, prefixes, a base) is asked of the
parser itself, all tokens under the same prefixes at once.

Source: the terminals of RDF 1.2 Turtle and TriG, https://www.w3.org/TR/rdf12-turtle/#terminals
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

Value = NamedNode | Literal | Triple

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MORE = "\u00b7\u0300-\u036f\u203f\u2040"
_ESCAPE = r"\\[_~.\-!$&'()*+,;=/?#@%]|%[0-9A-Fa-f]{2}"
DIRECTIVES = ("prefix", "base", "version")
_BOOLEANS = ("true", "false")
AT_ONCE = 20_000
"""How many tokens the parser is asked about at once."""

Raw = tuple[str, int, str]
"""Kind, offset and text of a token."""
NOTHING: Raw = ("", -1, "")


def pattern_of(text: str) -> re.Pattern[str]:
    """The pattern of the tokens in a text: that for ASCII alone is compiled in a tenth of the time.

    >>> [match[0] for match in pattern_of("a:b .").finditer("a:b .")], pattern_of("å:b").match("å:b")[0]
    (['a:b', ' ', '.'], 'å:b')
    """
    return _pattern("A-Za-z", "") if text.isascii() else _pattern(_BASE, _MORE)


@cache
def _pattern(base: str, more: str) -> re.Pattern[str]:
    """The pattern where names begin with letters of `base`, and hold `more` beside them."""
    chars = rf"\-{base}_0-9{more}"
    return re.compile(
        rf"""(?P<skip>(?:[ \t\r\n]++|\#[^\r\n]*+)++)
        |(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
        |(?P<string>\"{{3}}(?:\"{{0,2}}+(?:[^"\\]|\\.))*+\"{{3}}|'{{3}}(?:'{{0,2}}+(?:[^'\\]|\\.))*+'{{3}}
            |"(?:[^"\\\r\n]|\\.)*+"|'(?:[^'\\\r\n]|\\.)*+')
        |(?P<blank>_:[{base}_0-9](?:\.*+[{chars}])*+)
        |(?P<name>(?:[{base}](?:\.*+[{chars}])*+)?:(?:(?:[{base}_:0-9]|{_ESCAPE})(?:\.*+(?:[{chars}:]|{_ESCAPE}))*+)?)
        |(?P<number>[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))
        |(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
        |(?P<word>[A-Za-z][A-Za-z0-9_]*)
        |(?P<mark><<\(|\)>>|<<|>>|\{{\||\|\}}|\^\^|[.,;()\[\]{{}}~])
        |(?P<junk>.)""",
        re.VERBOSE | re.DOTALL,
    )


@dataclass(slots=True)
class Token:
    """A piece of the text from `start` on.

    `kind` is `term` (also a number), `literal` (with a language or datatype), `string` (without), `blank` (a
    label), `word` or `mark`; `value` is the term itself, where the parser takes it for one.
    """

    kind: str
    start: int
    text: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class _Scope:
    """The base and the prefixes that terms are read by."""

    base: str | None
    prefixes: Mapping[str, str] = field(default_factory=dict)

    def resolved(self, tokens: list[Token]) -> list[Token]:
        """The tokens, with what the parser says that they are."""
        terms = [token for token in tokens if token.kind in ("term", "literal", "string")]
        texts = list(dict.fromkeys(token.text for token in terms))
        values = dict(zip(texts, self._read(texts), strict=False))
        for token in terms:
            token.value = values.get(token.text)
        return tokens

    def _read(self, texts: list[str]) -> list[Value | None]:
        """The values of `texts`; one by one, if they cannot be read all together."""
        found = self._parse(texts)
        if len(found) == len(texts):
            return [*found]
        return [next(iter(self._parse([text])), None) for text in texts]

    def _parse(self, texts: Iterable[str]) -> list[Value]:
        header = "".join(f"PREFIX {name} {iri}\n" for name, iri in self.prefixes.items())
        statement = f"{header}<x:s> <x:p> {' , '.join(texts)} ."
        try:
            quads = list(ox.parse(statement, RdfFormat.TURTLE, base_iri=self.base))
        except (SyntaxError, ValueError):
            return []
        return [q.object for q in quads if isinstance(q.object, Value)]

    def within(self, kind: str, parts: list[str]) -> _Scope:
        """The scope after a directive: `prefix` with its name and IRI, or `base` with its IRI."""
        if kind == "prefix" and len(parts) == 2:
            return _Scope(self.base, {**self.prefixes, parts[0]: self._absolute(parts[1])})
        if kind == "base" and parts:
            return _Scope(self._absolute(parts[0])[1:-1], self.prefixes)
        return self

    def _absolute(self, iri: str) -> str:
        """An IRI, in its brackets, as it is meant here."""
        return next((f"<{v.value}>" for v in self._parse([iri]) if isinstance(v, NamedNode)), iri)


def tokens(text: str, base: str | None = None) -> Iterator[Token]:
    """The tokens of `text` but for comments and directives, which the terms are read by.

    >>> found = tokens('PREFIX e: <http://e/> e:a a "x # y"@EN . # "z"')
    >>> [(token.start, str(token.value or token.text)) for token in found]
    [(22, '<http://e/a>'), (26, 'a'), (28, '"x # y"@en'), (39, '.')]
    """
    raw, scope = _Raw(text), _Scope(base)
    waiting: list[Token] = []
    while (first := raw.ahead(0)) is not NOTHING:
        kind, _, word = first
        if kind in ("word", "tag") and word.lstrip("@").lower() in DIRECTIVES:
            yield from scope.resolved(waiting)
            waiting, scope = [], scope.within(*_directive(raw))
        else:
            waiting.append(_token(raw))
            if len(waiting) >= AT_ONCE:
                yield from scope.resolved(waiting)
                waiting = []
    yield from scope.resolved(waiting)


class _Raw:
    """The tokens of a text as they stand, with a look at those ahead."""

    def __init__(self, text: str) -> None:
        self._matches = (match for match in pattern_of(text).finditer(text) if match.lastgroup != "skip")
        self._ahead: deque[Raw] = deque()

    def ahead(self, distance: int) -> Raw:
        """Kind, offset and text of the token that stands so far ahead; empty after the end."""
        while len(self._ahead) <= distance:
            match = next(self._matches, None)
            if match is None:
                return NOTHING
            self._ahead.append((match.lastgroup or "", match.start(), match[0]))
        return self._ahead[distance]

    def take(self, number: int) -> list[Raw]:
        """The next tokens, as many as there are."""
        return [self._ahead.popleft() for _ in range(number) if self.ahead(0) is not NOTHING]


def _token(raw: _Raw) -> Token:
    """The next token; a literal with its language or datatype."""
    ((kind, start, text),) = raw.take(1)
    if kind == "string":
        if raw.ahead(0)[0] == "tag":
            return Token("literal", start, text + raw.take(1)[0][2])
        if raw.ahead(0)[2] == "^^" and raw.ahead(1)[0] in ("iri", "name"):
            return Token("literal", start, f"{text}^^{raw.take(2)[1][2]}")
        return Token("string", start, text)
    is_term = kind in ("iri", "name", "number") or text in _BOOLEANS
    return Token("term" if is_term else kind, start, text)


def _directive(raw: _Raw) -> tuple[str, list[str]]:
    """Take the next directive: its kind, and what stands in it."""
    ((_, _, word),) = raw.take(1)
    kind = word.lstrip("@").lower()
    parts = [text for _, _, text in raw.take(2 if kind == "prefix" else 1)]
    if word[0] == "@" and raw.ahead(0)[2] == ".":
        raw.take(1)
    return kind, parts
