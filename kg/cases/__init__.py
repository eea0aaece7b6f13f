"""Case files → quads with places.

A case file is YAML, a line of JSON Lines, or RDF. Its quads stand in the case's own named
graph and say nothing of nodes that are not the case's; those of a source's description
stand in the graph `reference`. All faults of a file come at once, with all that is left without them.
"""

from typing import TYPE_CHECKING

from kg import lazy

if TYPE_CHECKING:
    from kg.cases.document import (
        SUFFIXES,
        Document,
        FaultyError,
        json_line,
        nothing,
        read,
        read_line,
        read_lines,
        read_text,
    )
    from kg.cases.swift import Plain, Swift
    from kg.cases.values import Values, Wrong
    from kg.cases.walk import Gap

__all__ = [
    "SUFFIXES",
    "Document",
    "FaultyError",
    "Gap",
    "Plain",
    "Swift",
    "Values",
    "Wrong",
    "json_line",
    "nothing",
    "read",
    "read_line",
    "read_lines",
    "read_text",
]

_HOMES = {
    "document": (
        "SUFFIXES",
        "Document",
        "FaultyError",
        "json_line",
        "nothing",
        "read",
        "read_line",
        "read_lines",
        "read_text",
    ),
    "swift": ("Plain", "Swift"),
    "values": ("Values", "Wrong"),
    "walk": ("Gap",),
}
"""The names that each module has: the readers of values alone are wanted more often than all of them."""

__getattr__ = lazy.attributes(__name__, _HOMES)
