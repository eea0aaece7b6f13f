"""The RDF formats: their names, file suffixes and media types.

>>> format_of("nt") == format_of("data/all.nt") == FORMATS["ntriples"].rdf
True
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat

from kg.errors import UsageError


@dataclass(frozen=True, slots=True)
class Format:
    """One RDF format: the parser's name for it, its suffixes (the usual one first) and its media type."""

    rdf: RdfFormat
    suffixes: tuple[str, ...]
    media_type: str
    aliases: tuple[str, ...] = ()


FORMATS: dict[str, Format] = {
    "turtle": Format(RdfFormat.TURTLE, (".ttl",), "text/turtle", ("ttl",)),
    "trig": Format(RdfFormat.TRIG, (".trig",), "application/trig"),
    "ntriples": Format(RdfFormat.N_TRIPLES, (".nt",), "application/n-triples", ("nt", "n-triples")),
    "nquads": Format(RdfFormat.N_QUADS, (".nq",), "application/n-quads", ("nq", "n-quads")),
    "jsonld": Format(RdfFormat.JSON_LD, (".jsonld",), "application/ld+json", ("json-ld",)),
    "rdfxml": Format(RdfFormat.RDF_XML, (".rdf", ".owl"), "application/rdf+xml", ("rdf", "xml", "rdf/xml")),
}
"""The formats by the names that the command line uses."""

_BY_NAME = {
    word: each.rdf for name, each in FORMATS.items() for word in (name, each.media_type, *each.aliases)
}
_BY_SUFFIX = {suffix: each.rdf for each in FORMATS.values() for suffix in each.suffixes}


def format_of(name_or_path: str | Path) -> RdfFormat:
    """The format that a name, an alias, a media type or the suffix of a path stands for.

    A `Path` is judged by its suffix alone; upper and lower case are the same.

    :raises UsageError: if it stands for none; the names (or suffixes) that do are listed.

    >>> str(format_of("turtle")), str(format_of(Path("A.TTL"))), str(format_of("application/n-quads"))
    ('Turtle', 'Turtle', 'N-Quads')
    """
    word = str(name_or_path).lower()
    if not isinstance(name_or_path, Path) and word in _BY_NAME:
        return _BY_NAME[word]
    if found := _BY_SUFFIX.get(Path(word).suffix):
        return found
    if isinstance(name_or_path, Path):
        raise UsageError.at(None, f"{name_or_path}: the suffix names no RDF format", _choices(_BY_SUFFIX))
    raise UsageError.at(None, f"unknown RDF format “{name_or_path}”", _choices(FORMATS))


def _choices(names: dict[str, Format] | dict[str, RdfFormat]) -> str:
    """The names that would do, in words."""
    return "use one of " + ", ".join(names)
