"""Quads and shapes → a `Report` of `Violation`s, each at the place where an author wrote the fault.

>>> from pyoxigraph import RdfFormat, parse
>>> turtle = b'''
... prefix : <http://e/> prefix sh: <http://www.w3.org/ns/shacl#>
... :ThingShape sh:targetClass :Thing ;
...     sh:property [ sh:path :size ; sh:maxInclusive 9 ; sh:message "too big"@en ] .
... :a a :Thing ; :size 10 .
... '''
>>> quads = list(parse(turtle, RdfFormat.TURTLE))
>>> print(validate(quads, quads).text())
<http://e/a> error size: too big (got "10") [Thing.size]
1 error
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module

from pyoxigraph import BlankNode, Literal, Quad

from kg.errors import DefinitionError, Fault, UsageError
from kg.places import Places
from kg.shapes.compile.loading import Loaded
from kg.shapes.explaining import explain
from kg.shapes.fallbacks import Fallback, fallbacks
from kg.shapes.graph import Shapes, Unused, local_name
from kg.shapes.report import Finding, Names, Report, Result, Severity, Violation
from kg.shapes.results import Results, severity_of
from kg.shapes.triples import Subject
from kg.shapes.vocabulary import sh
from kg.shapes.wellformed import check_shapes

__all__ = [
    "DEFAULT",
    "ENGINES",
    "Fallback",
    "Finding",
    "Loaded",
    "Names",
    "Report",
    "Result",
    "Severity",
    "Unused",
    "Violation",
    "check_shapes",
    "local_name",
    "validate",
]

Engine = Callable[[Loaded, Shapes], Sequence[Result]]
"""Data and shapes → results; the shapes may be in named graphs, which are taken as one."""

ENGINES = {"compiled": "kg.shapes.compile", "pyshacl": "kg.shapes.reference"}
"""The engines by name, each the module whose `run` it is; imported when it is first used."""

MOST = 250_000
"""How many results are told, and the others counted: more of them nobody reads, and each takes memory."""

DEFAULT = "compiled"
"""The engine that is taken where none is named."""


def validate(
    quads: Iterable[Quad] | Loaded,
    shapes: Iterable[Quad] | Shapes,
    *,
    places: Places | None = None,
    engine: str = DEFAULT,
) -> Report:
    """What `shapes` find wrong with `quads`, which may be in a store already.

    Reads every graph of both, as one graph each; writes none. Literals are judged and reported as given.
    Nothing is inferred, and no other file is read: give the data with all that follows from it.

    :param places: where the data is written, and the shapes where that is known.
    :raises DefinitionError: if the shapes are ill-formed, with all their faults, or cannot be run.
    :raises UsageError: if there is no such engine.
    Source: SHACL, https://www.w3.org/TR/shacl/
    """
    if engine not in ENGINES:
        raise UsageError.at(None, f"there is no engine “{engine}”", f"choose one of {', '.join(ENGINES)}")
    graph, places = Shapes.of(shapes), places or Places()
    if faults := check_shapes(graph, places):
        raise DefinitionError.all(faults)
    run: Engine = import_module(ENGINES[engine]).run
    data = quads if isinstance(quads, Loaded) else Loaded(quads)
    try:
        results = run(data, graph)
    except DefinitionError as exc:
        raise _placed(exc, graph, places, engine) from exc
    found = Results.of(results)
    told = found.first(MOST)
    return Report(
        violations=explain(told, graph, data, places),
        unused_shapes=graph.unused(data),
        files=places.paths(),
        untold=_counted(found, graph) - _counted(told, graph),
        fallbacks=fallbacks(found.asides, graph, places),
    )


def _counted(results: Results, shapes: Shapes) -> Counter[tuple[str, Severity]]:
    """How many results there are of each rule and severity."""
    found: Counter[tuple[str, Severity]] = Counter()
    for group in results.groups:
        source = group.source
        found[shapes.rule(source.shape, source.constraint), severity_of(source.severity_iri)] += len(group)
    return found


def _placed(exc: DefinitionError, shapes: Shapes, places: Places, engine: str) -> DefinitionError:
    """What an engine refuses, with the lines of the shapes that it is about where those are known."""
    found = [*getattr(exc, "circles", ())]
    if not found and engine == "pyshacl" and (circle := shapes.circle()):
        found.append(circle)
    if found:
        why = getattr(exc, "why", "pySHACL runs no shapes in a circle")
        return DefinitionError.all(_circular(shapes, [*circle], places, why) for circle in found)
    if node := getattr(exc, "node", None):
        [fault] = exc.faults
        place = next(iter(places.find(node, sh("select"))), None)
        return DefinitionError.at(place, f"{getattr(exc, 'rule', '')}: {fault.what}", fault.fix)
    if pattern := getattr(exc, "pattern", ""):
        users = (s for s, o in shapes.pairs(sh("pattern")) if isinstance(o, Literal) and o.value == pattern)
        [fault] = exc.faults
        return DefinitionError.all(
            Fault(
                next(iter(places.find(shape, sh("pattern"))), None),
                f"{shapes.rule(shape)}: {fault.what}",
                fault.fix,
            )
            for shape in users
        )
    return exc


def _circular(shapes: Shapes, circle: list[Subject], places: Places, why: str) -> Fault:
    """What to say of shapes in a circle that engines would go round in, each with its line."""
    first = min(range(len(circle)), key=lambda at: (isinstance(circle[at], BlankNode), str(circle[at])))
    steps = [*circle[first:], *circle[: first + 1]]
    places_of = [next(iter(places.find(shape)), None) for shape in steps[:-1]]
    names = [shapes.rule(shape) for shape in steps]
    told = [f"{name} ({place})" if place else name for name, place in zip(names, places_of, strict=False)]
    place = next((place for place in places_of if place), None)
    return Fault(place, f"{' → '.join([*told, names[0]])}: {why}", "take one of the steps out")
