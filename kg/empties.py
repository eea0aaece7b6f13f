"""Why a query gave nothing: which of its patterns match nothing, alone or together.

An empty answer is mostly a broken pattern, not a finding: a term that nothing uses, or a misspelt one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from pyoxigraph import Store

from kg.cases.values import short
from kg.ontology import Ontology


def why(sparql: str, store: Store, ontology: Ontology | None = None) -> list[str]:
    """The reasons, one a line, why `sparql` gives nothing on `store`; the default graph is the union.

    Takes the query's own basic graph patterns apart with rdflib's algebra. OPTIONAL, MINUS and
    NOT EXISTS are passed over: they cannot empty an answer, or only by what they are to take away.
    """
    groups = list(_groups(_algebra(sparql)))
    lines = [
        f"no row; nothing matches the pattern: {p}{_hint(p, ontology)}"
        for g in groups
        for p in g
        if not _any(store, [p])
    ]
    if not lines:
        lines = [line for group in groups for line in _together(group, store)]
    return lines or ["no row: each pattern matches something, so a filter, a value or a join leaves nothing"]


def _algebra(sparql: str) -> Any:
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(sparql).algebra


def _groups(part: Any) -> Iterator[list[str]]:
    """The basic graph patterns that every row needs, each as a list of triple patterns in SPARQL."""
    name = getattr(part, "name", None)
    if name == "BGP":
        yield [_pattern(t) for t in part["triples"]]
    elif name in ("LeftJoin", "Minus"):
        yield from _groups(part["p1"])
    elif name == "Union" or not hasattr(part, "items"):
        return
    else:
        for key, value in part.items():
            if key in ("p", "p1", "p2"):
                yield from _groups(value)


def _pattern(triple: tuple[Any, Any, Any]) -> str:
    from rdflib import BNode

    return " ".join(f"?_{term}" if isinstance(term, BNode) else term.n3() for term in triple)


def _together(group: list[str], store: Store) -> Iterator[str]:
    for end in range(2, len(group) + 1):
        if not _any(store, group[:end]):
            yield f"no row; each pattern matches, but this not with those before it: {group[end - 1]}"
            return


def _any(store: Store, patterns: list[str]) -> bool:
    return bool(store.query(f"ASK {{ {' . '.join(patterns)} }}", use_default_graph_as_union=True))


def _hint(pattern: str, ontology: Ontology | None) -> str:
    """Which term of the pattern the ontology does not declare, though it declares others of the namespace."""
    if ontology is None:
        return ""
    known = ontology.classes | ontology.properties | ontology.concepts
    spaces = {iri.removesuffix(short(iri)) for iri in known}
    for iri in (token.strip("<>") for token in pattern.split()):
        if iri not in known and (space := iri.removesuffix(short(iri))) in spaces:
            near = difflib.get_close_matches(iri, (each for each in known if each.startswith(space)), 1)
            meant = f"; did you mean {short(near[0])}?" if near else ""
            return f" (the ontology has no term {short(iri)}{meant})"
    return ""
