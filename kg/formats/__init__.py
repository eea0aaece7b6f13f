"""RDF as bytes and as quads: which formats there are, reading, writing, and what is portable."""

from kg.formats.portable import canonical_number, unportable
from kg.formats.reading import decode, parse, read, read_bytes, regraph
from kg.formats.scan import nameless, read_placed
from kg.formats.table import FORMATS, Format, format_of
from kg.formats.wording import place_after
from kg.formats.writing import serialize
from kg.formats.xsd import is_well_typed

__all__ = [
    "FORMATS",
    "Format",
    "canonical_number",
    "decode",
    "format_of",
    "is_well_typed",
    "nameless",
    "parse",
    "place_after",
    "read",
    "read_bytes",
    "read_placed",
    "regraph",
    "serialize",
    "unportable",
]
