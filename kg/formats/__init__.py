"""RDF as bytes and as quads: which formats there are, reading, writing, and what is portable.

What is not used is not loaded.
"""

from typing import TYPE_CHECKING

from kg import lazy

if TYPE_CHECKING:
    from kg.formats.portable import canonical_number, unportable
    from kg.formats.reading import parse, read, regraph
    from kg.formats.scan import nameless, read_placed
    from kg.formats.table import FORMATS, Format, format_of
    from kg.formats.texts import decode, read_bytes
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

_HOMES = {
    "portable": ("canonical_number", "unportable"),
    "reading": ("parse", "read", "regraph"),
    "scan": ("nameless", "read_placed"),
    "table": ("FORMATS", "Format", "format_of"),
    "texts": ("decode", "read_bytes"),
    "wording": ("place_after",),
    "writing": ("serialize",),
    "xsd": ("is_well_typed",),
}
"""The names that each module has."""

__getattr__ = lazy.attributes(__name__, _HOMES)
