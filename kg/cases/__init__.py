"""Case files → quads with places.

A case file is YAML, a line of JSON Lines, or RDF. Its quads stand in the case's own named
graph and say nothing of nodes that are not the case's; those of a source's description
stand in the graph `reference`. All faults of a file come at once, with all that is left without them.

What is not used is not loaded: the readers of values alone are wanted more often than all of them.
"""

from typing import TYPE_CHECKING

from kg import lazy

if TYPE_CHECKING:
    from kg.cases.document import (
        SUFFIXES as SUFFIXES,
        Document as Document,
        FaultyError as FaultyError,
        json_line as json_line,
        nothing as nothing,
        read as read,
        read_line as read_line,
        read_lines as read_lines,
        read_text as read_text,
    )
    from kg.cases.swift import Plain as Plain, Swift as Swift
    from kg.cases.values import Values as Values, Wrong as Wrong
    from kg.cases.walk import Gap as Gap
else:
    __getattr__, __dir__, __all__ = lazy.names(
        __name__,
        {
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
        },
    )
