"""RDF as bytes and as quads: which formats there are, reading, writing, and what is portable.

What is not used is not loaded.
"""

from typing import TYPE_CHECKING

from kg import lazy

if TYPE_CHECKING:
    from kg.formats.portable import canonical_number as canonical_number, unportable as unportable
    from kg.formats.reading import parse as parse, read as read, regraph as regraph
    from kg.formats.scan import nameless as nameless, read_placed as read_placed
    from kg.formats.table import FORMATS as FORMATS, Format as Format, format_of as format_of
    from kg.formats.texts import (
        check_is_file as check_is_file,
        check_kind as check_kind,
        decode as decode,
        read_bytes as read_bytes,
    )
    from kg.formats.wording import place_after as place_after
    from kg.formats.writing import serialize as serialize
    from kg.formats.xsd import is_well_typed as is_well_typed
else:
    __getattr__, __dir__, __all__ = lazy.names(
        __name__,
        {
            "portable": ("canonical_number", "unportable"),
            "reading": ("parse", "read", "regraph"),
            "scan": ("nameless", "read_placed"),
            "table": ("FORMATS", "Format", "format_of"),
            "texts": ("check_is_file", "check_kind", "decode", "read_bytes"),
            "wording": ("place_after",),
            "writing": ("serialize",),
            "xsd": ("is_well_typed",),
        },
    )
