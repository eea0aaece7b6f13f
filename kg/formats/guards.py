"""What the parsers below would crash on, pass over or chew on for hours, refused before they see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pyoxigraph import RdfFormat

from kg.errors import InputError
from kg.formats.tokens import pattern_of
from kg.formats.wording import place_after
from kg.places import Place

DEEPEST = 200
"""How many triples, brackets or elements may stand inside each other."""

LONGEST = 16 * 2**20
"""The bytes of a word or text from which on the parser gives up."""

_UNCLOSED = "look for a bracket that is not closed"
_JSON = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]]')
_OPENERS = ("<<(", "<<", "{", "[")
_CLOSERS = (")>>", ">>", "}", "]")


def check(text: str, format: RdfFormat, path: str) -> None:
    """Refuse what nests without end, and in RDF/XML what is not well-formed or stands outside of the file.

    :raises InputError: with the place.

    >>> check('<<( <x:a> <x:b> ' * 1000, RdfFormat.TURTLE, "a.ttl")
    Traceback (most recent call last):
    kg.errors.InputError: a.ttl:1:3201: more than 200 triples stand inside each other; write them apart
    """
    if format == RdfFormat.RDF_XML:
        _check_xml(text, path)
    elif format == RdfFormat.JSON_LD:
        _check_depth(text, path, _JSON.finditer(text), "levels", _UNCLOSED)
    elif text.count("<<") > DEEPEST:
        marks = (
            match
            for match in pattern_of(text).finditer(text)
            if match.lastgroup == "mark" and len(match[0]) > 1
        )
        _check_depth(text, path, marks, "triples", "write them apart")


def _check_depth(text: str, path: str, marks: Iterable[re.Match[str]], what: str, fix: str) -> None:
    depth = 0
    for mark in marks:
        depth += (mark[0] in _OPENERS) - (mark[0] in _CLOSERS)
        if depth > DEEPEST:
            place = place_after(text[: mark.start()], path)
            raise InputError.at(place, f"more than {DEEPEST} {what} stand inside each other", fix)


def too_long(text: str, format: RdfFormat, path: str) -> InputError:
    """The error for a text in which a word is longer than the parser takes, for which it raises MemoryError.

    :raises MemoryError: if there is no such word, so that memory is short indeed.
    """
    words = _JSON if format == RdfFormat.JSON_LD else pattern_of(text)
    long = (m for m in words.finditer(text) if len(m[0]) * 4 >= LONGEST and len(m[0].encode()) >= LONGEST)
    place = next((place_after(text[: match.start()], path) for match in long), None)
    if place is None:
        raise MemoryError
    what = f"a word or text of more than {LONGEST // 2**20} MiB"
    return InputError.at(place, what, "keep it in a file of its own, and write here where that is")


def _check_xml(text: str, path: str) -> None:
    """Refuse XML that is not well-formed, or whose entities explode or stand outside of it."""
    from xml.parsers import expat

    reader, open_elements = expat.ParserCreate("utf-8"), 0

    def refuse(what: str, fix: str) -> None:
        raise InputError.at(Place(path, reader.CurrentLineNumber, reader.CurrentColumnNumber + 1), what, fix)

    def declared(name: str, _parameter: bool, _value: str | None, _base: str | None, outside: str | None,
                 *_more: str | None) -> None:  # fmt: skip
        if outside is not None:
            refuse(f"the entity {name} stands elsewhere, and is not fetched", "write its text here")

    def opened(_name: str, _attributes: object) -> None:
        nonlocal open_elements
        open_elements += 1
        if open_elements > DEEPEST:
            refuse(f"more than {DEEPEST} elements stand inside each other", "write them apart")

    def closed(_name: str) -> None:
        nonlocal open_elements
        open_elements -= 1

    reader.EntityDeclHandler, reader.StartElementHandler, reader.EndElementHandler = declared, opened, closed
    _parse(lambda: reader.Parse(text.encode(), True), path)


def _parse(run: Callable[[], object], path: str) -> None:
    from xml.parsers import expat

    try:
        run()
    except expat.ExpatError as exc:
        what = f"this is not well-formed XML: {expat.ErrorString(exc.code)}"
        fix = "look here and before for an unclosed tag, or for a bare & or <"
        raise InputError.at(Place(path, exc.lineno, exc.offset + 1), what, fix) from exc
