"""Results → violations: each with its rule, its words, and the places where the fault is written."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from kg.places import Places
from kg.shapes import messages
from kg.shapes.graph import Shapes
from kg.shapes.locate import locate_all
from kg.shapes.results import Group, Result, Results
from kg.shapes.triples import Data
from kg.shapes.violations import Kind, Violations


def explain(results: Iterable[Result], shapes: Shapes, data: Data, places: Places) -> Violations:
    """Results with their rules, messages and places; all places are asked for at once."""
    groups = Results.of(results).groups
    every = _with_details(groups)
    rule, templates = cache(shapes.rule), cache(messages.templates)
    kinds: dict[int, Kind] = {}
    for group, spots in zip(every, locate_all(every, places, data), strict=True):
        source = group.source
        said = templates(shapes, source.shape, source.constraint, source.component, source.message)
        parameters = messages.parameters(shapes, source.shape, said)
        kinds[id(group)] = Kind(group, rule(source.shape, source.constraint), said, parameters, spots)
    for group in every:
        if group.details:
            kinds[id(group)].details = [
                tuple((kinds[id(below)], row) for below, row in details) for details in group.details
            ]
    return Violations(kinds[id(group)] for group in groups)


def _with_details(groups: Iterable[Group]) -> list[Group]:
    """The groups with those of their details, and of the details of these."""
    found: dict[int, Group] = {}
    todo = list(groups)
    while todo:
        group = todo.pop()
        if id(group) not in found:
            found[id(group)] = group
            below = (row for details in group.details or () for row in details)
            todo += {id(each): each for each, _ in below}.values()
    return list(found.values())
