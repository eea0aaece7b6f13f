"""What a query looks at: rdflib runs it over a view of the store that takes note of each triple given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from kg.formats import objects

if TYPE_CHECKING:
    from rdflib import Graph

Term = NamedNode | BlankNode | Literal | Triple
Seen = Callable[[Triple], bool]


def touched(
    sparql: str, store: Store, given: Mapping[str, Term] | None = None, seen: Seen | None = None
) -> list[Triple]:
    """The triples that a query comes upon, each once; all that its rows rest on is among them.

    The default graph is the union of all. `given`: what variables are; only IRIs are held to that.
    `seen`: which triples the query may see.
    """
    view, notes = _view(store, seen or (lambda _: True))
    known: dict[str, Any] = {
        name: objects.term(term) for name, term in (given or {}).items() if isinstance(term, NamedNode)
    }
    try:
        list(view.query(parsed(sparql), initBindings=known))
    except Exception:  # noqa: BLE001 - rdflib raises plain exceptions; Oxigraph has answered the query
        return []
    return list(notes)


@lru_cache(maxsize=256)
def parsed(sparql: str) -> Any:
    """A query as rdflib has parsed it."""
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(sparql)


def _view(store: Store, seen: Seen) -> tuple[Graph, dict[Triple, None]]:
    import rdflib
    from rdflib.paths import Path

    notes: dict[Triple, None] = {}

    class View(rdflib.Graph):
        def triples(self, pattern: Any) -> Iterator[Any]:  # type: ignore[override]
            if isinstance(pattern[1], Path):
                yield from super().triples(pattern)
                return
            s, p, o = (None if part is None else back(part) for part in pattern)
            if isinstance(s, Literal | Triple) or not isinstance(p, NamedNode | None):
                return
            for triple in dict.fromkeys(quad.triple for quad in store.quads_for_pattern(s, p, o, None)):
                if seen(triple):
                    notes[triple] = None
                    yield tuple(map(objects.term, triple))

        def __contains__(self, pattern: Any) -> bool:
            return any(True for _ in self.triples(pattern))

    return View(bind_namespaces="none"), notes


def back(term: Any) -> Term:
    """The term of rdflib as one of pyoxigraph."""
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    if term.language:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=NamedNode(str(term.datatype or objects.STRING)))


@dataclass(frozen=True)
class Template:
    """The triples that a CONSTRUCT makes: constants, and variables by their names."""

    patterns: tuple[tuple[Term | str, ...], ...]

    @classmethod
    def of(cls, sparql: str) -> Template:
        """The template of a CONSTRUCT."""
        from rdflib.term import Variable

        def part(one: Any) -> Term | str:
            return str(one) if isinstance(one, Variable) else back(one)

        return cls(tuple(tuple(map(part, each)) for each in parsed(sparql).algebra.template))

    def may_give(self, triple: Triple) -> bool:
        """Whether it can make the triple at all."""
        return any(_fits(pattern, triple) is not None for pattern in self.patterns)

    def bindings(self, triple: Triple) -> dict[str, Term]:
        """What the variables are if it makes the triple; none where several patterns could."""
        found = [fit for pattern in self.patterns if (fit := _fits(pattern, triple)) is not None]
        return found[0] if len(found) == 1 else {}


def _fits(pattern: tuple[Term | str, ...], triple: Triple) -> dict[str, Term] | None:
    known: dict[str, Term] = {}
    for part, term in zip(pattern, triple, strict=True):
        if isinstance(part, str):
            if known.setdefault(part, term) != term:
                return None
        elif part != term:
            return None
    return known
