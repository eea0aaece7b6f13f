"""Bytes to quads; what cannot be read is told with its place and what mends it.

Nothing is fetched, and nothing is dropped in silence: what the parsers pass over (half an
RDF/XML file, JSON-LD with a bad IRI, a key that no context knows) is a fault here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple

from kg.errors import Fault, InputError
from kg.formats import guards, recovery
from kg.formats.jsonld import losses
from kg.formats.table import format_of
from kg.formats.wording import LINE_END, fault, place_after
from kg.places import Place

_AS_UTF8 = "save it as UTF-8"
_NO_TEXT = ("the file holds bytes that are no text", "name a text file, or take out the control characters")
_BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UNREADABLE: dict[type[OSError], tuple[str, str]] = {
    FileNotFoundError: ("there is no such file", "look at its name and folder"),
    IsADirectoryError: ("this is a folder", "name the files in it"),
    PermissionError: ("there is no right to read this file", "ask its owner, or change its rights"),
}
_TURTLE_ONLY = re.compile(r"\s*(?:@prefix|@base|prefix|base)\s", re.IGNORECASE)


def read(path: Path) -> list[Quad]:
    """The quads of the file at `path`, its format told by its suffix.

    :raises UsageError: if the suffix names no RDF format.
    :raises InputError: if there is no such file, or it cannot be read.
    """
    data = read_bytes(path)
    return parse(data, format_of(path), path=str(path))


def read_bytes(path: Path) -> bytes:
    """The bytes of the file at `path`.

    :raises InputError: if there is no such file, or no right to read it.
    """
    try:
        return path.read_bytes()
    except OSError as exc:
        unknown = f"the file cannot be read: {exc.strerror or exc}", ""
        raise InputError.at(Place(str(path)), *_UNREADABLE.get(type(exc), unknown)) from exc


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
        if format == RdfFormat.JSON_LD and (lost := losses(text, base, path)):
            raise InputError.all(lost)
        return list(ox.parse(text, format, base_iri=base, rename_blank_nodes=True))
    except SyntaxError as exc:
        raise InputError.all(_all_faults(exc, text, format, base, path)) from exc
    except MemoryError as exc:
        raise guards.too_long(text, format, path) from exc


def regraph(quads: Iterable[Quad | Triple], graph: NamedNode) -> list[Quad]:
    """All triples in one named graph, each once, in the order given; other graph names are dropped."""
    return list(dict.fromkeys(Quad(q.subject, q.predicate, q.object, graph) for q in quads))


# --- bytes to text -----------------------------------------------------------------------


def decode(data: bytes, path: str = "") -> str:
    """The text of a UTF-8 file, without a byte order mark.

    :raises InputError: if it is in another encoding or no text at all; it is said which.

    >>> decode(b"\\xef\\xbb\\xbfS\\xc3\\xb8r")
    'Sør'
    >>> decode("Sør".encode("latin-1"), "a.ttl")
    Traceback (most recent call last):
    kg.errors.InputError: a.ttl:1:2: byte 0xF8 is not UTF-8: the file looks like Latin-1; save it as UTF-8
    """
    if kind := _other_kind(data):
        raise InputError.at(Place(path), *kind)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as exc:
        place = place_after(data[: exc.start].decode(), path)
        raise InputError.at(place, *_bad_byte(data, exc.start)) from exc
    if "\0" in text:
        raise InputError.at(place_after(text[: text.index("\0")], path), *_NO_TEXT)
    return text


def _other_kind(data: bytes) -> tuple[str, str] | None:
    """What a file is that shows by its bytes to be no UTF-8, and what to do."""
    for start, name in _BOMS:
        if data.startswith(start):
            return f"the file looks like {name}", _AS_UTF8
    if data.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        return "the file is compressed", "unpack it first"
    if b"\0" in data and max(data[0::2].count(0), data[1::2].count(0)) > len(data) // 4:
        return "the file looks like UTF-16", _AS_UTF8
    return None


def _bad_byte(data: bytes, at: int) -> tuple[str, str]:
    """What a byte that is not UTF-8 says of the file, and what to do."""
    if len(_CONTROL.findall(data)) > len(data) // 50:
        return _NO_TEXT
    byte = f"byte 0x{data[at]:02X} is not UTF-8"
    if any(ord(char) > 127 for char in data.decode(errors="ignore")):
        return f"{byte}, though other letters of the file are", f"write the letter again, and {_AS_UTF8}"
    name = "Windows-1252" if re.search(rb"[\x80-\x9f]", data) else "Latin-1"
    return f"{byte}: the file looks like {name}", _AS_UTF8


def _all_faults(exc: SyntaxError, text: str, format: RdfFormat, base: str | None, path: str) -> list[Fault]:
    """The faults of a text of which the parser has told one."""
    found: list[Fault] = []
    if format in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
        found = list(_line_faults(text, format, path))
    elif format in (RdfFormat.TURTLE, RdfFormat.TRIG) and exc.lineno is not None:
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
