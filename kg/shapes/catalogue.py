"""All rules of a shapes graph: what each is called, demands, and is there for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import UsageError
from kg.languages import LANGUAGES, pick
from kg.meant import suggestion
from kg.shapes import generic, messages
from kg.shapes.graph import Shapes, local_name
from kg.shapes.report import INPUT, SEVERITIES, Severity
from kg.shapes.triples import TYPE, Object, Subject
from kg.shapes.vocabulary import COMPONENTS, sh
from kg.shapes.words import words

PARAMETERS = {
    sh(name[0].lower() + name[1:]): sh(name + "ConstraintComponent") for name in COMPONENTS - {"Property"}
} | {sh("sparql"): sh("SPARQLConstraintComponent")}
"""The parameter by which a shape has a constraint, and the component that this one is of."""

SPARQL = sh("sparql")

OPEN = re.compile(r"\{[a-z]+\}")
"""A blank that is filled with what a finding is about."""

Name = Callable[[NamedNode], str]
Declared = Mapping[Object, NamedNode]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a shape, or one constraint of it, demands.

    `titles`, `demands` (the message) and `reasons` (the description) are by language.
    """

    name: str
    severity: Severity
    titles: Mapping[str, str] = field(compare=False)
    demands: Mapping[str, str] = field(compare=False)
    reasons: Mapping[str, str] = field(default_factory=dict, compare=False)
    shape: Subject | None = None

    def title(self, lang: str = "en") -> str:
        """What it is called for readers of `lang`."""
        return pick(self.titles, lang)

    def demand(self, lang: str = "en") -> str:
        """What it demands; what each finding says in its own way is left open."""
        return OPEN.sub("…", pick(self.demands, lang))

    def reason(self, lang: str = "en") -> str:
        """Why it is there; empty where its shape does not say."""
        return pick(self.reasons, lang) if self.reasons else ""


READING = Rule(
    INPUT,
    Severity.VIOLATION,
    {lang: words(lang)["readable"] for lang in LANGUAGES},
    {lang: words(lang)["must be readable"] for lang in LANGUAGES},
    {lang: words(lang)["why readable"] for lang in LANGUAGES},
)
"""The rule that every file keeps, whatever the shapes."""


class Catalogue(Mapping[str, Rule]):
    """Rules by name, each made when it is asked for: mostly a few are, of what may be thousands.

    >>> found = Catalogue({"input": lambda: READING})
    >>> [*found], found["input"] is READING
    (['input'], True)
    """

    def __init__(self, builders: Mapping[str, Callable[[], Rule]]) -> None:
        self._builders = dict(builders)
        self._made: dict[str, Rule] = {}

    def __getitem__(self, name: str) -> Rule:
        if name not in self._made:
            self._made[name] = self._builders[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._builders

    def __iter__(self) -> Iterator[str]:
        return iter(self._builders)

    def __len__(self) -> int:
        return len(self._builders)

    def __or__(self, others: Mapping[str, Rule]) -> Catalogue:
        """These rules and others; of two of one name the other."""
        return Catalogue(self._builders | {name: partial(others.__getitem__, name) for name in others})


def rules(shapes: Iterable[Quad] | Shapes, name: Name = local_name) -> Catalogue:
    """The rules of the shapes graph by name, sorted; the one of reading first.

    Those of shapes that are off, or that only other shapes lean on (`sh:node`, `sh:or`, …), are not among
    them: what breaks such a shape is reported for the one that leans on it.

    >>> from pyoxigraph import RdfFormat, parse
    >>> turtle = b'''
    ... prefix : <http://e/> prefix sh: <http://www.w3.org/ns/shacl#>
    ... :S sh:targetClass :Thing ; sh:property [ sh:path :size ; sh:maxInclusive 9 ; sh:name "size"@en ] .
    ... '''
    >>> rule = rules(parse(turtle, RdfFormat.TURTLE))["Thing.size"]
    >>> rule.severity.level, rule.title(), rule.demand()
    ('error', 'size', 'must not be more than 9')
    """
    graph = Shapes.of(shapes)
    declared = _declared(graph)
    found = {
        graph.rule(shape, query): partial(_rule, graph, shape, query, declared, name)
        for shape in _reporting(graph)
        for query in _judging(graph, shape, declared)
    }
    return Catalogue({INPUT: lambda: READING, **dict(sorted(found.items()))})


def _reporting(graph: Shapes) -> list[Subject]:
    """The shapes whose results stand in a report: those with a target, and property shapes below them."""
    todo = [shape for shape in graph.shapes if graph.has_target(shape)]
    seen: dict[Subject, None] = {}
    while todo:
        shape = todo.pop()
        if shape not in seen and graph.is_active(shape):
            seen[shape] = None
            todo += [below for below in graph.objects(shape, sh("property")) if isinstance(below, Subject)]
    return sorted(seen, key=str)


def _judging(graph: Shapes, shape: Subject, declared: Declared) -> Iterator[Subject | None]:
    """The queries of a shape that have a name of their own, and nothing for what else it demands."""
    own = [c for c in graph.properties(shape).get(SPARQL, ()) if isinstance(c, NamedNode)]
    yield from own
    used = graph.properties(shape).keys()
    if not own:
        is_judging = not (used.isdisjoint(PARAMETERS) and used.isdisjoint(declared))
    else:
        is_judging = _components(graph, shape, declared) not in ([], [PARAMETERS[SPARQL]])
    if is_judging:
        yield None


def _declared(graph: Shapes) -> Declared:
    """The components that the graph declares, by their parameters."""
    return {
        path: component
        for component in graph.subjects(TYPE, sh("ConstraintComponent"))
        for parameter in graph.objects(component, sh("parameter"))
        for path in graph.objects(parameter, sh("path"))
        if isinstance(component, NamedNode)
    }


def _components(graph: Shapes, shape: Subject, declared: Declared) -> list[NamedNode]:
    """The constraint components that the shape uses: SHACL's own, and those that the graph declares."""
    found = {PARAMETERS.get(prop) or declared.get(prop) for prop in graph.properties(shape)}
    return sorted((component for component in found if component), key=str)


def _rule(graph: Shapes, shape: Subject, query: Subject | None, declared: Declared, name: Name) -> Rule:
    called = graph.rule(shape, query)
    [severity, *_] = [*graph.objects(shape, sh("severity")), sh("Violation")]
    near = [query, shape] if query else [shape]
    titles, reasons = (_first(graph, near, sh(prop)) for prop in ("name", "description"))
    demands = {
        lang: _demand(graph, shape, text, name)
        for lang, text in (
            _first(graph, near, sh("message")) or generic.demand(_components(graph, shape, declared))
        ).items()
    }
    level = (
        SEVERITIES.get(severity, Severity.VIOLATION)
        if isinstance(severity, NamedNode)
        else Severity.VIOLATION
    )
    return Rule(called, level, titles or {"": called.rpartition(".")[2]}, demands, reasons, shape)


def _first(graph: Shapes, nodes: list[Subject], prop: NamedNode) -> dict[str, str]:
    """The texts of `prop` by language, of the first node that has any."""
    for node in nodes:
        texts = [text for text in graph.objects(node, prop) if isinstance(text, Literal)]
        if texts:
            return {text.language or "": text.value for text in sorted(texts, key=str, reverse=True)}
    return {}


def _demand(graph: Shapes, shape: Subject, template: str, name: Name) -> str:
    """The message with the parameters of the shape in its blanks; what findings fill in is left open."""
    found = {blank: messages.parameter(graph, shape, blank) for blank in messages.blanks(template)}
    return messages.fill(template, {k: v or (Literal("…"),) for k, v in found.items()}, name)


def matching(patterns: Iterable[str], known: Mapping[str, Rule]) -> frozenset[str]:
    """The names of the rules that any of `patterns` names; `*` and `?` stand for any letters, for any one.

    :raises UsageError: if a pattern names none.

    >>> known = {name: READING for name in ("Thing.size", "Thing.shade", "Part.size")}
    >>> sorted(matching(["Thing.*"], known))
    ['Thing.shade', 'Thing.size']
    >>> matching(["Thing.sise"], known)
    Traceback (most recent call last):
    kg.errors.UsageError: there is no rule “Thing.sise”; did you mean “Thing.size”?
    """
    from fnmatch import fnmatchcase

    found: set[str] = set()
    for pattern in patterns:
        here = {name for name in known if fnmatchcase(name, pattern)}
        if not here:
            raise unknown(pattern, known)
        found |= here
    return frozenset(found)


def unknown(name: str, known: Iterable[str]) -> UsageError:
    """The error that no rule is called `name`, with the nearest that there is."""
    fix = suggestion(name, known) or "list them with: kg validate --rules"
    return UsageError.at(None, f"there is no rule “{name}”", fix)
