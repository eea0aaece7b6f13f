"""All that is checked at once: anybody's RDF (`foreign`), or the case files of a workspace (`workspaces`).

Shapes judge, what passes by being empty is told, and quotes are held against their sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Quad

from kg import evidence, vacuity
from kg.shapes import Report, catalogue, local_name
from kg.shapes.catalogue import Rule
from kg.shapes.graph import Shapes


@dataclass(frozen=True)
class Checked:
    """What came of a check; `unread` says whether some of the data could not be read.

    `told`: what is to be said of it beside the report, in a line.
    """

    report: Report
    unread: bool = False
    told: str = ""


def all_rules(shapes: Iterable[Quad] | Shapes, name: catalogue.Name = local_name) -> Mapping[str, Rule]:
    """The rules of the shapes, and those that are looked after beside them, by name."""
    return catalogue.rules(shapes, name) | dict(sorted({**vacuity.RULES, **evidence.RULES}.items()))
