"""What the JSON-LD parser would drop in silence: bad IRIs and tags, unknown or doubled keys.

Its lenient mode keeps bad terms, which shows what the strict one leaves out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kg.errors import Fault
from kg.formats.wording import in_words, place_after, shown
from kg.places import Place

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:]')
_KEYWORD = re.compile(
    '"@(?:base|container|context|direction|graph|id|import|included|index|json|language|list|nest|none'
    '|prefix|propagate|protected|reverse|set|type|value|version|vocab)"'
)
_REMOTE = re.compile(r'"@(?:context|import)"\s*:\s*(?:\[\s*)?(?=")')
_CONTEXT = re.compile(r'(?="@context")')


def losses(text: str, base: str | None, path: str) -> list[Fault]:
    """The faults of a JSON-LD text that cost statements, each with its place.

    :raises SyntaxError: if it is no JSON, or no JSON-LD.
    """
    try:
        quads = list(ox.parse(text, RdfFormat.JSON_LD, base_iri=base, lenient=True))
    except SyntaxError as exc:
        well_formed = exc.lineno is None
        if well_formed and (faults := [*_remote(exc, text, path), *_bad_keys(text, path)]):
            return faults
        raise
    bad = dict.fromkeys(found for quad in quads for found in _bad_terms(quad))
    lost = [Fault(_find(word, text, path), f"{what}: “{shown(word)}”", fix) for word, what, fix in bad]
    return [*_bad_keys(text, path), *lost]


def _remote(exc: SyntaxError, text: str, path: str) -> Iterator[Fault]:
    """The fault of a context that would have to be fetched."""
    if "LoadDocument" in exc.msg:
        found = _REMOTE.search(text) or _CONTEXT.search(text)
        place = place_after(text[: found.end()], path) if found else Place(path)
        yield Fault(place, *in_words(exc.msg))


def _bad_keys(text: str, path: str) -> Iterator[Fault]:
    """The keys of a (well-formed) JSON text that are no keyword, or that one object has twice."""
    keys: list[set[str]] = []
    last, at = "", 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "{[":
            keys.append(set())
        elif token in "}]":
            keys.pop()
        elif token != ":":
            last, at = token, match.start()
        elif fault := _key_fault(last, keys[-1]):
            yield Fault(place_after(text[:at], path), *fault)
        else:
            keys[-1].add(last)


def _key_fault(key: str, before: set[str]) -> tuple[str, str] | None:
    """What is wrong with a key (in its quotes), given those `before` it in its object."""
    if key in before:
        return f"the key {shown(key)} is written twice", "join the two, or rename one"
    if re.fullmatch('"@[A-Za-z]+"', key) and not _KEYWORD.fullmatch(key):
        return f"{key} is no keyword of JSON-LD", "keywords are @id, @type, @value, …"
    return None


def _bad_terms(quad: Quad) -> Iterator[tuple[str, str, str]]:
    """The IRIs and language tags of a leniently read quad that are none: the word, what is wrong, the fix."""
    if why := _reason(NamedNode, quad.predicate.value):
        yield quad.predicate.value, *_bad_key(quad.predicate.value, why)
    for term in (quad.subject, quad.object, quad.graph_name):
        if isinstance(term, Literal) and term.language is not None:
            if _reason(_tagged, term.language):
                yield term.language, *in_words("language tag")
            continue
        iri = term.datatype if isinstance(term, Literal) else term
        if isinstance(iri, NamedNode) and (why := _reason(NamedNode, iri.value)):
            yield iri.value, *in_words(why)


def _bad_key(key: str, why: str) -> tuple[str, str]:
    """What is wrong with a key that makes no property, and what mends it."""
    if key.startswith("_:"):
        return "a blank node cannot be a property", "give it an IRI"
    if ":" not in key:
        return "the @context does not know this key", "add it there, as null if it is to be left out"
    return in_words(why)


def _tagged(language: str) -> Literal:
    return Literal("", language=language)


def _reason(make: Callable[[str], object], text: str) -> str:
    """Why `make` does not take `text`, or ""."""
    try:
        make(text)
    except ValueError as exc:
        return str(exc)
    return ""


def _find(word: str, text: str, path: str) -> Place:
    """The place of the JSON string that became `word`: written so, or with a prefix or base before."""
    found = [(len(_local(value, word)), -at) for at, value in _strings(text)]
    length, at = max(found, default=(0, 0))
    return place_after(text[:-at], path) if length else Place(path)


def _strings(text: str) -> Iterator[tuple[int, str]]:
    """The offset and value of each string of a JSON text."""
    for match in _TOKEN.finditer(text):
        if match[0][0] == '"':
            yield match.start(), json.loads(match[0], strict=False)


def _local(value: str, word: str) -> str:
    """As much of `value` as `word` ends in: all of it, or what follows its prefix."""
    if word.endswith(value):
        return value
    local = value.partition(":")[2]
    return local if word.endswith(local) else ""
