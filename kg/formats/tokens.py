"""Turtle and its kin as tokens: where each term stands in the text, and which term it is.

Only the extent of a token is told here. What it stands for (escapes, prefixes, a base) is asked of the
parser itself, all tokens under the same prefixes at once.

Source: the terminals of RDF 1.2 Turtle and TriG, https://www.w3.org/TR/rdf12-turtle/#terminals
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

Value = NamedNode | Literal | Triple

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = r"\-" + _BASE + "_0-9\u00b7\u0300-\u036f\u203f\u2040"
_ESCAPE = r"\\[_~.\-!$&'()*+,;=/?#@%]|%[0-9A-Fa-f]{2}"
TOKEN = re.compile(
    rf"""(?P<skip>(?:[ \t\r\n]++|\#[^\r\n]*+)++)
    |(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
    |(?P<string>\"{{3}}(?:\"{{0,2}}+(?:[^"\\]|\\.))*+\"{{3}}|'{{3}}(?:'{{0,2}}+(?:[^'\\]|\\.))*+'{{3}}
        |"(?:[^"\\\r\n]|\\.)*+"|'(?:[^'\\\r\n]|\\.)*+')
    |(?P<blank>_:[{_BASE}_0-9](?:\.*+[{_CHARS}])*+)
    |(?P<name>(?:[{_BASE}](?:\.*+[{_CHARS}])*+)?:(?:(?:[{_BASE}_:0-9]|{_ESCAPE})(?:\.*+(?:[{_CHARS}:]|{_ESCAPE}))*+)?)
    |(?P<number>[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))
    |(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
    |(?P<word>[A-Za-z][A-Za-z0-9_]*)
    |(?P<mark><<\(|\)>>|<<|>>|\{{\||\|\}}|\^\^|[.,;()\[\]{{}}~])
    |(?P<junk>.)""",
    re.VERBOSE | re.DOTALL,
)
DIRECTIVES = ("prefix", "base", "version")
_BOOLEANS = ("true", "false")


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


@dataclass(slots=True)
class _Scope:
    """The tokens that are read under the same prefixes and base."""

    base: str | None
    prefixes: dict[str, str] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)

    def resolve(self) -> None:
        """Have the parser say what each token is."""
        texts = list(dict.fromkeys(token.text for token in self.tokens))
        values = dict(zip(texts, self._read(texts), strict=False))
        for token in self.tokens:
            token.value = values.get(token.text)

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

    def absolute(self, iri: str) -> str:
        """An IRI, in its brackets, as it is meant here."""
        return next((f"<{v.value}>" for v in self._parse([iri]) if isinstance(v, NamedNode)), iri)


def tokens(text: str, base: str | None = None) -> list[Token]:
    """The tokens of `text` but for comments and directives, which the terms are read by.

    >>> found = tokens('PREFIX e: <http://e/> e:a a "x # y"@EN . # "z"')
    >>> [(token.start, str(token.value or token.text)) for token in found]
    [(22, '<http://e/a>'), (26, 'a'), (28, '"x # y"@en'), (39, '.')]
    """
    matches = TOKEN.finditer(text)
    raw = ((m.lastgroup or "", m.start(), m[0]) for m in matches if m.lastgroup != "skip")
    scopes = [_Scope(base)]
    found = list(_read([*raw], scopes))
    for scope in scopes:
        scope.resolve()
    return found


Raw = tuple[str, int, str]


def _read(raw: list[Raw], scopes: list[_Scope]) -> Iterator[Token]:
    """The tokens, with those that are terms noted in the scope of their time."""
    at = 0
    while at < len(raw):
        kind, _, text = raw[at]
        if kind in ("word", "tag") and text.lstrip("@").lower() in DIRECTIVES:
            at = _directive(raw, at, scopes)
            continue
        token, at = _token(raw, at)
        if token.kind in ("term", "literal", "string"):
            scopes[-1].tokens.append(token)
        yield token


def _token(raw: list[Raw], at: int) -> tuple[Token, int]:
    """The token at `at`, a literal with its language or datatype, and where the next one is."""
    kind, start, text = raw[at]
    if kind == "string":
        following = [*raw[at + 1 : at + 3], ("", 0, ""), ("", 0, "")]
        if following[0][0] == "tag":
            return Token("literal", start, text + following[0][2]), at + 2
        if following[0][2] == "^^" and following[1][0] in ("iri", "name"):
            return Token("literal", start, f"{text}^^{following[1][2]}"), at + 3
        return Token("string", start, text), at + 1
    is_term = kind in ("iri", "name", "number") or text in _BOOLEANS
    return Token("term" if is_term else kind, start, text), at + 1


def _directive(raw: list[Raw], at: int, scopes: list[_Scope]) -> int:
    """Take note of the directive at `at`; where the next token is."""
    word, scope = raw[at][2], scopes[-1]
    parts = [text for _, _, text in raw[at + 1 : at + 3]]
    kind = word.lstrip("@").lower()
    if kind == "prefix" and len(parts) == 2:
        scopes.append(_Scope(scope.base, scope.prefixes | {parts[0]: scope.absolute(parts[1])}))
    elif kind == "base" and parts:
        scopes.append(_Scope(scope.absolute(parts[0])[1:-1], scope.prefixes))
    end = at + (3 if kind == "prefix" else 2)
    return end + (word[0] == "@" and end < len(raw) and raw[end][2] == ".")
