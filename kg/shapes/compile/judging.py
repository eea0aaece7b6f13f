"""What fails of demands on single values: the store finds suspects, Python has the last word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from kg.shapes import paths
from kg.shapes.compile.demands import Demand
from kg.shapes.compile.focus import Part
from kg.shapes.compile.sites import QUERY, Hits, Site, ends, is_nullable, is_simple
from kg.shapes.triples import Object

FACTOR = 6
"""How much longer it takes to come to a value from the nodes of a class than from its property."""

NEARLY = 1.5
"""How many times as many values a property has as there are nodes that are asked, if nearly all have it."""

LOOKING_UP = 2
"""By how much less longer where the test looks something up as well."""


def judge(site: Site, demands: Iterable[Demand]) -> Iterator[tuple[Demand, Hits]]:
    """What fails of demands on single values; one query for each part of the focus finds all suspects."""
    asked = [(demand, demand.suspects(site.var, site.run.scratch)) for demand in demands]
    asked = [(demand, suspects) for demand, suspects in asked if suspects]
    if not asked:
        return
    pairs = _suspects(site, " || ".join(f"({suspects})" for _, suspects in asked))
    exact = len(asked) == 1 and asked[0][0].is_exact(site.run.data)
    values = set() if exact else {value for _, value in pairs}
    for demand, _ in asked:
        bad = values if exact else demand.failing(values, site.run.data)
        if wrong := pairs if exact else [pair for pair in pairs if pair[1] in bad]:
            yield demand, Hits(*zip(*wrong, strict=True))


def _suspects(site: Site, test: str) -> Collection[tuple[Object, Object]]:
    """The focus nodes and values that pass a test.

    A test of a property's values alone is four times as quick as one of a class's nodes, and mostly finds
    next to nothing.
    """
    run, path = site.run, site.path
    factor = FACTOR / LOOKING_UP if "EXISTS" in test else FACTOR
    if path and not is_simple(path):
        failing = _failing_ends(site, path, test, factor)
        if failing is not None:
            return site.pairs(run.scratch.pattern(failing, site.var)) if failing else ()
    elif path and not all(map(site.says, site.focus.parts)):
        [part] = ends(path)
        if way := _way_to_all(site, test, part, factor):
            found = run.rare(way, test)
            if found is not None and len(found) < FACTOR * (site.size + QUERY):
                return [(this, value) for this, value in found if site.focus.holds(this, run.data)]
    return site.pairs(f"FILTER({test})")


def _way_to_all(site: Site, test: str, end: Part, factor: float) -> str:
    """The pattern of more nodes than those of the focus, where to ask all of them is less; else empty."""
    run = site.run
    if not site.among:
        return site.link if run.pays(site.link, test, end, site.size, factor) else ""
    if run.size(end) < NEARLY * run.size(site.among):  # others may have other values of the property
        return site.link
    return f"{site.among.pattern('?this', run.scratch)} {site.link}"


def _failing_ends(site: Site, path: paths.Path, test: str, factor: float) -> frozenset[Object] | None:
    """All values by a path of several steps that pass a test; nothing if they are many, or take too long.

    From few of them the path is walked back far quicker than it is walked from all focus nodes.
    """
    parts = dict.fromkeys([*ends(path), *(site.focus.parts if is_nullable(path) else ())])
    if sum(map(site.run.size, parts)) >= factor * site.size:
        return None
    found: set[Object] = set()
    for part in parts:
        some = site.run.rare(part.pattern("?value", site.run.scratch), test, "DISTINCT ?value")
        if some is None:
            return None
        found.update(value for [value] in some)
    return frozenset(found)
