"""Bytes to quads; what cannot be read is told with its place and what mends it.

Nothing is fetched, and nothing is dropped in silence: what the parsers pass over (half an
RDF/XML file, JSON-LD with a bad IRI, a key that no context knows) is a fault here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from kg.errors import Fault, InputError
from kg.formats import guards
from kg.formats.table import format_of
from kg.formats.texts import decode, read_bytes
from kg.formats.wording import LINE_END, fault
from kg.places import Place

_TURTLE_ONLY = re.compile(r"\s*(?:@prefix|@base|prefix|base)\s", re.IGNORECASE)


def read(path: Path) -> list[Quad]:
    """The quads of the file at `path`, its format told by its suffix.

    :raises UsageError: if the suffix names no RDF format.
    :raises InputError: if there is no such file, or it cannot be read.
    """
    data = read_bytes(path)
    return parse(data, format_of(path), path=str(path))


def parse(data: bytes, format: RdfFormat, *, base: str | None = None, path: str = "") -> list[Quad]:
    """The quads of `data`, as written and in its order; none for an empty file.

    Blank nodes get new names, so that those of two files never meet. `base` is what
    relative IRIs are relative to. `path` only says where faults are.

    :raises InputError: with every fault that can be told; of RDF/XML, and of what is no JSON, with
      the first, after which the parser would only guess.

    >>> parse(b"<http://e/x> <http://e/p> 7 .", RdfFormat.TURTLE)[0].object.value
    '7'
    """
    text = decode(data, path)
    if not text.strip():
        return []
    guards.check(text, format, path)
    try:
        if format == RdfFormat.JSON_LD:
            _check_whole(text, base, path)
        return list(ox.parse(text, format, base_iri=base, rename_blank_nodes=True))
    except SyntaxError as exc:
        raise InputError.all(_all_faults(exc, text, format, base, path)) from exc
    except MemoryError as exc:
        raise guards.too_long(text, format, path) from exc


def regraph(quads: Iterable[Quad | Triple], graph: NamedNode) -> list[Quad]:
    """All triples in one named graph, each once, in the order given; other graph names are dropped."""
    return list(dict.fromkeys(Quad(q.subject, q.predicate, q.object, graph) for q in quads))


def _check_whole(text: str, base: str | None, path: str) -> None:
    """Refuse JSON-LD of which something would be lost.

    :raises InputError: with all of it.
    """
    from kg.formats.jsonld import losses

    if lost := losses(text, base, path):
        raise InputError.all(lost)


# --- bytes to text -----------------------------------------------------------------------


def _all_faults(exc: SyntaxError, text: str, format: RdfFormat, base: str | None, path: str) -> list[Fault]:
    """The faults of a text of which the parser has told one."""
    found: list[Fault] = []
    if format in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
        found = list(_line_faults(text, format, path))
    elif format in (RdfFormat.TURTLE, RdfFormat.TRIG) and exc.lineno is not None:
        from kg.formats import recovery

        found = recovery.faults(text, format, base, path, exc)
    return found or [fault(exc, text, path)]


def _line_faults(text: str, format: RdfFormat, path: str) -> Iterator[Fault]:
    """The fault of each bad line; lines do not depend on each other, so none is a guess."""
    for number, line in enumerate(LINE_END.split(text), 1):
        if _TURTLE_ONLY.match(line):
            what, fix = "a prefix or base belongs to Turtle", "name the file .ttl or .trig"
            yield Fault(Place(path, number, 1), what, fix)
            return
        try:
            list(ox.parse(line, format))
        except SyntaxError as exc:
            yield fault(exc, line, path, number)
