"""Why a query gave nothing: which of its patterns match nothing, alone or together.

An empty answer is mostly a broken pattern, not a finding: a term that nothing uses, or a misspelt one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Store

from kg.meant import nearest
from kg.names import RDF, last
from kg.ontology import Ontology

PREFIX = re.compile(r"PREFIX\s+([\w.-]*:)\s*<([^>]*)>", re.I)
OTHER = "no row: each pattern matches something, so a filter or what is taken away leaves nothing"


@dataclass(frozen=True)
class Part:
    """What every row needs, in SPARQL: a triple pattern, or the values that a variable may have."""

    sparql: str
    given: tuple[str, str] | None = None

    @property
    def is_pattern(self) -> bool:
        """Whether it is a triple pattern, and not the given values of a variable."""
        return self.given is None


def why(sparql: str, store: Store, ontology: Ontology | None = None) -> list[str]:
    """The reasons, one a line, why `sparql` gives nothing on `store`; the default graph is the union.

    Takes the query's own patterns apart with rdflib's algebra. What is OPTIONAL, taken away, or one
    of several branches is passed over: it cannot empty an answer, or only by what it is to take away.
    """
    parts = list(_needed(_algebra(sparql)))
    alone = [p for p in parts if p.is_pattern and not _any(store, [p])]
    if alone:
        return [f"no row; nothing matches the pattern: {_told(p, sparql)}{_hint(p, ontology)}" for p in alone]
    for end in range(2, len(parts) + 1):
        if not _any(store, parts[:end]):
            told = _told(parts[end - 1], sparql) + _values(parts[end - 1], parts)
            return [f"no row; each pattern matches, but this not with those before it: {told}"]
    given = ", ".join(" is ".join(p.given) for p in parts if p.given)
    return [OTHER + (f" (with {given})" if given else "")]


def _algebra(sparql: str) -> Any:
    """The algebra by rdflib; nothing for what Oxigraph takes and rdflib does not."""
    from rdflib.plugins.sparql import prepareQuery

    log = logging.getLogger("rdflib.term")
    level = log.level
    log.setLevel(logging.CRITICAL)  # it tells of each odd literal, with a traceback
    try:
        return prepareQuery(sparql).algebra
    except Exception:  # noqa: BLE001 - rdflib raises plain exceptions, and the query has already run
        return None
    finally:
        log.setLevel(level)


def _needed(part: Any) -> Iterator[Part]:
    """The triple patterns and given values that every row needs, in the order of the query."""
    name = getattr(part, "name", None)
    if name == "BGP":
        yield from (Part(" ".join(map(_term, triple))) for triple in part["triples"])
    elif name == "values":
        yield from _given(part["res"])
    elif name in ("LeftJoin", "Minus"):
        yield from _needed(part["p1"])
    elif name != "Union" and hasattr(part, "items"):
        for key, value in part.items():
            if key in ("p", "p1", "p2"):
                yield from _needed(value)


def _given(rows: list[dict[Any, Any]]) -> Iterator[Part]:
    for variable in {v: None for row in rows for v in row}:
        values = [row.get(variable, "UNDEF") for row in rows]
        if "UNDEF" not in values:
            terms = " ".join(value.n3() for value in values)
            told = " or ".join(map(str, values))
            yield Part(f"VALUES {variable.n3()} {{ {terms} }}", (variable.n3(), told))


def _term(term: Any) -> str:
    from rdflib import BNode

    return f"?_{term}" if isinstance(term, BNode) else str(term.n3())


def _any(store: Store, parts: list[Part]) -> bool:
    group = " . ".join(p.sparql for p in parts if p.is_pattern)
    values = " ".join(p.sparql for p in parts if not p.is_pattern)
    return bool(store.query(f"ASK {{ {values} {group} }}", use_default_graph_as_union=True))


def _told(part: Part, sparql: str) -> str:
    """The pattern with the prefixes of the query."""
    told = part.sparql.replace(f" <{RDF}type> ", " a ")
    for prefix, space in PREFIX.findall(sparql):
        told = re.sub(rf"<{re.escape(space)}([\w-]+)>", rf"{prefix}\1", told)
    return told


def _values(part: Part, parts: list[Part]) -> str:
    """Which values of the query the variables of a pattern may have."""
    words = part.sparql.split()
    told = [" is ".join(each.given) for each in parts if each.given and each.given[0] in words]
    return f" (where {', and '.join(told)})" if told else ""


def _hint(part: Part, ontology: Ontology | None) -> str:
    """Which term of the pattern the ontology does not declare, though it declares others of the namespace."""
    if ontology is None:
        return ""
    known = ontology.classes | ontology.properties | ontology.concepts
    spaces = {iri.removesuffix(last(iri)) for iri in known}
    for iri in re.findall(r"<([^>]*)>", part.sparql):
        if iri not in known and (space := iri.removesuffix(last(iri))) in spaces:
            near = nearest(iri, (each for each in known if each.startswith(space)))
            meant = f"; did you mean {last(near)}?" if near else ""
            return f" (the ontology has no term {last(iri)}{meant})"
    return ""
