"""Shapes and data made up by choices, as Turtle, so that a case that fails can be read.

Shapes have every component of SHACL Core, three deep; data has literals that stores rewrite or refuse, blank
nodes, cycles and classes below one another; targets are also nodes that the data does not have, and literals.
Who chooses is left open: hypothesis, which then finds the smallest case, or chance, which is fast.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st
from pyoxigraph import Quad, RdfFormat, parse

PREFIXES = """
prefix : <http://e/>
prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#>
prefix sh: <http://www.w3.org/ns/shacl#>
prefix xsd: <http://www.w3.org/2001/XMLSchema#>
"""

TYPED = {
    "integer": "07 +7 7 -0 0 -3 8 seven 99999999999999999999 18446744073709551617 16777217 9007199254740993",
    "decimal": "7 7.0 07.00 7.5 -3.0 .5 1,5 0.1 0.10000000000000000000001",
    "double": "7 7.0E0 NaN INF -INF 0.1 x 1e400 9007199254740993 16777217",
    "float": "7 NaN 0.1 16777217",
    "byte": "007 300",
    "nonNegativeInteger": "7 -7",
    "boolean": "true 1 false 0 TRUE",
    "date": "2020-02-29 2020-02-29Z 2020-02-29+02:00 2019-02-29 2020-03-02 -0044-03-15 12020-01-01",
    "dateTime": "2020-02-29T00:00:00 2020-02-29T00:00:00Z 2020-02-28T24:00:00Z 2020-02-29T00:00:00.000Z"
    " 2020-02-28T19:00:00-05:00 2020-02-29T15:00:00Z 2020-13-01T00:00:00 2020-02-29"
    " 2020-02-29T14:00:00.5Z 2020-02-29T00:00:00-14:00",
    "anyURI": "http://e/a",
    "gYear": "2020",
    "string": "7 true 2020-02-29",
}
"""What is written in the data, by datatype: more than one form of a value, and forms that have none."""

WORDS = """"" "a" "ab" "A_b" "æøå" "7" "a"@en "b"@en "a"@EN "b"@en-GB "a"@da "c"@DA "x"^^:dt "07"^^:dt"""
LITERALS = [f'"{text}"^^xsd:{name}' for name, texts in TYPED.items() for text in texts.split()]
ODD = (*LITERALS, *(word.replace("_", " ") for word in WORDS.split()))
FAMILIES = (
    *(tuple(f'"{text}"^^xsd:{name}' for text in texts.split()) for name, texts in TYPED.items()),
    tuple(literal for literal in ODD if "7" in literal),
    tuple(literal for literal in ODD if "0.1" in literal or "NaN" in literal),
    tuple(literal for literal in ODD if "2020-02-2" in literal),
    tuple(literal for literal in ODD if "@" in literal),
    tuple(literal for literal in ODD if "99999" in literal or "18446" in literal or '"8"' in literal),
)
"""Literals that are near to one another in value or in form; a case has those of one, and few others."""

PLAIN = ["1", "2", "3", "true", '"a"', '"ab"', '"b"', '"a"@en', '"b"@en', '"b"@da', '"2020-02-29"^^xsd:date']
"""Literals that every engine takes for what they are: no two of them have the same value."""

NUMBERS = ["1", "2", "3", "-4", "2.5", "-0.5", "1.5e0"]

IRIS = (":a", ":b", ":c", ":d")
NODES = (*IRIS, "_:x", "_:y")
PROPERTIES = (":p", ":q", ":r")
CLASSES = (":A", ":B", ":C")
DATATYPES = (*(f"xsd:{name}" for name in TYPED), "rdf:langString", ":dt")
KINDS = (
    "sh:IRI",
    "sh:BlankNode",
    "sh:Literal",
    "sh:BlankNodeOrIRI",
    "sh:BlankNodeOrLiteral",
    "sh:IRIOrLiteral",
)
PATTERNS = (
    '"^a"',
    '"a$"',
    '"b" ; sh:flags "i"',
    '"^[0-9]+$"',
    '"."',
    '"^http"',
    '"a b" ; sh:flags "q"',
    '"7|a"',
    '"^(?!a)"',
    '"^(?=.*b).$" ; sh:flags "i"',
    '"(?<!a)b"',
    '"(.)[^a]*\\\\1"',
    '"^a?+b"',
)
RANGES = ('("EN")', '("EN-gb" "DA")', '("*")', '("en" "da")', "()")
CLOSED = ("true", "true ; sh:ignoredProperties ( :p rdf:type )", "false")
REPEATED = ("inverse", "inverse", "zeroOrMore", "oneOrMore", "zeroOrOne")
LIMITS = tuple(
    " ; ".join(f"sh:qualified{one}" for one in limits)
    for limits in (["MinCount 1"], ["MaxCount 0"], ["MaxCount 1"], ["MinCount 2", "MaxCount 2"])
)

VALUES = (
    "equals",
    "disjoint",
    "class",
    "datatype",
    "nodeKind",
    "pattern",
    "languageIn",
    "hasValue",
    "in",
    "closed",
)
BOUNDS = ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive")
LENGTHS = ("minLength", "maxLength")
OF_PATHS = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")
NESTED = ("property", "node", "not", "and", "or", "xone")
MANY = ("class", "disjoint", "equals", "hasValue", "lessThan", "lessThanOrEquals", *NESTED)
"""Parameters of which a shape may have several values."""

CHOICES = {
    **dict.fromkeys(("equals", "disjoint", "lessThan", "lessThanOrEquals"), PROPERTIES),
    **dict.fromkeys(("minCount", "maxCount", *LENGTHS), ("0", "1", "2")),
    "class": CLASSES, "datatype": DATATYPES, "nodeKind": KINDS, "pattern": PATTERNS, "languageIn": RANGES,
    "uniqueLang": ("true", "false"), "closed": CLOSED,
}  # fmt: skip


QUERIES = (
    "SELECT $this { FILTER NOT EXISTS { $this :p ?x } }",
    "SELECT $this { OPTIONAL { $this :p ?x } FILTER (!bound(?x)) }",
    'SELECT $this ?value { $this :p ?value . FILTER (!isBlank(?value) && REGEX(STR(?value), "^(?!http)")) }',
    "SELECT $this { FILTER NOT EXISTS { $this :p ?x . FILTER (!isBlank(?x) && REGEX(STR(?x), "
    '"(.)\\\\\\\\1")) } }',
    "SELECT $this { FILTER (isLiteral($this) || isBlank($this)) }",
    "SELECT $this { BIND ($this AS ?x) FILTER EXISTS { ?x :p $this } }",
    "SELECT $this ?value { $this :p ?value . FILTER NOT EXISTS { ?value :q ?x . ?x a ?type } }",
    "SELECT $this ?path ?value { $this ?path ?value . FILTER (isBlank(?value)) }",
    "SELECT DISTINCT $this { $this (:p|^:q)+ ?x . ?x a :A }",
    "SELECT $this ?value { { $this :p ?value } UNION { $this :q ?value . $this a :A } }",
    "SELECT $this { $this :p ?x } GROUP BY $this HAVING (COUNT(?x) > 1)",
    "SELECT $this ?value { $this :q ?value . { SELECT DISTINCT $this { $this :p ?x } } }",
)
OF_A_PATH = (
    "SELECT $this ?value { $this $PATH ?value . FILTER (isIRI(?value)) }",
    "SELECT DISTINCT $this ?value { $this $PATH ?value . FILTER NOT EXISTS { ?value $PATH ?x } }",
    "SELECT $this { FILTER NOT EXISTS { $this $PATH $this } }",
)
COMPONENTS = """
:Long a sh:ConstraintComponent ; sh:parameter [ sh:path :long ] ;
    sh:validator [ a sh:SPARQLAskValidator ;
        sh:ask "ASK { FILTER (!isBlank($value) && STRLEN(STR($value)) >= $long) }" ] .
:Only a sh:ConstraintComponent ; sh:parameter [ sh:path :only ], [ sh:path :of ; sh:optional true ] ;
    sh:nodeValidator [ a sh:SPARQLSelectValidator ;
        sh:select "SELECT $this { FILTER (!sameTerm($this, $only) && !bound($of)) }" ] ;
    sh:propertyValidator [ a sh:SPARQLSelectValidator ;
        sh:select "SELECT DISTINCT $this ?value { $this $PATH ?value FILTER (!sameTerm(?value, $only)) }" ] .
"""
"""Components of the shapes' own: one that asks of each value, one that selects."""

OWN = {"long": ("0", "2"), "only": (":a", ":a ; :of :b")}
LOCAL, IN_FULL = re.compile(":([pqA])"), r"<http://e/\1>"

PROPERTY_SHAPES = (":P0", ":P1", ":P2")


class Case(NamedTuple):
    """Data and shapes, in Turtle without its prefixes."""

    data: str
    shapes: str

    def quads(self) -> tuple[list[Quad], list[Quad]]:
        """Both, parsed."""
        return read(self.data), read(self.shapes)


def read(turtle: str) -> list[Quad]:
    return list(parse(PREFIXES + turtle, RdfFormat.TURTLE))


@cache
def _sampled(choices: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(choices)


@st.composite
def cases(draw: Callable[..., Any], **options: Any) -> Case:
    """Cases of which hypothesis chooses the parts."""
    return Maker(lambda choices: draw(_sampled(tuple(choices))), **options).case()


def by_chance(seed: int, **options: Any) -> Case:
    """The case of a number."""
    return Maker(Random(seed).choice, **options).case()


class Maker:
    """Makes cases; the first of all choices are the simplest.

    :param literals: what the data may have.
    :param circles: whether shapes may lead back to themselves.
    :param positive: whether that is by no negation, and often.
    :param queries: whether shapes have queries, and components of their own.
    """

    def __init__(
        self, choose: Callable[[Sequence[Any]], Any], literals: Sequence[str] = ODD, *,
        circles: bool = False, positive: bool = False, queries: bool = False,
    ) -> None:  # fmt: skip
        self._choose, self._literals, self._queries = choose, literals, queries
        self._circles, self._positive = circles or positive, positive

    def case(self) -> Case:
        """Data, and one to three shapes with targets, of which the later lean on the earlier, or on any."""
        if self._literals is ODD:
            self._literals = (*self._choose(FAMILIES), *(self._choose(ODD) for _ in range(3)))
        names = [f":{self._choose('NNNP')}{number}" for number in range(self._choose((1, 2, 3)))]
        shapes = []
        for at, name in enumerate(names):
            near, path = names if self._circles else names[:at], name in PROPERTY_SHAPES
            plain = path or self._choose(range(6)) < 5
            body = self._shape(3, near, path) if plain else self._siblings()
            targets = " ; ".join(self._target() for _ in range(self._choose((1, 2))))
            shapes.append(f"{name} a sh:{'Property' if path else 'Node'}Shape ; {targets} ; {body} .")
        if self._choose(range(6)) == 5:
            shapes.append(f":A a sh:NodeShape, rdfs:Class ; {self._shape(1, names, False)} .")
        shapes += [COMPONENTS] * self._queries
        data = [self._triple() for _ in range(self._choose(range(15)))]
        return Case("\n".join(data), "\n".join(shapes))

    def _triple(self) -> str:
        node, kind = self._choose(NODES), self._choose(range(7))
        if kind == 5:
            return f"{node} a {self._choose(CLASSES)} ."
        if kind == 6:
            return f"{self._choose(CLASSES)} rdfs:subClassOf {self._choose(CLASSES)} ."
        return f"{node} {self._choose(PROPERTIES)} {self._choose(self._literals if kind > 2 else NODES)} ."

    def _target(self) -> str:
        kind = self._choose(("Node", "Node", "Node", "SubjectsOf", "ObjectsOf", "Class", "Class", "Literal"))
        if kind == "Literal":
            return f"sh:targetNode {self._choose(self._literals)}"
        of = {"Node": (*IRIS, ":absent"), "Class": CLASSES}.get(kind, PROPERTIES)
        return f"sh:target{kind} {self._choose(of)}"

    def _path(self, depth: int = 2) -> str:
        kind = self._choose(range(5)) if depth else 0
        if kind < 2:
            return self._choose(PROPERTIES)
        if kind == 2:
            return f"[ sh:{self._choose(REPEATED)}Path {self._path(depth - 1)} ]"
        members = " ".join(self._path(depth - 1) for _ in range(self._choose((2, 3))))
        return f"( {members} )" if kind == 3 else f"[ sh:alternativePath ( {members} ) ]"

    def _shape(self, depth: int, near: Sequence[str], path: bool | None) -> str:
        """What stands between the brackets of a shape, which may refer to those that are `near`.

        :param path: whether it has one; chosen where this is not said.
        """
        has_path = self._choose((False, True)) if path is None else path
        kinds = [VALUES, VALUES, BOUNDS, LENGTHS, *[OF_PATHS] * 3 * has_path]
        kinds += [("sparql", "sparql", *OWN)] * 6 * self._queries
        if "@" in self._literals[0]:
            kinds += [("languageIn",)] * 3
        if depth:
            kinds += [("property", "node", "and", "or") if self._positive else NESTED] * 3 + (
                [("qualified",)] if has_path else [("property",)] * 6
            )
        parts, seen = [f"sh:path {self._path()}"] if has_path else [], set()
        for _ in range(self._choose((1, 1, 2, 3))):
            name = self._choose(self._choose(kinds))
            if name == "sparql":
                parts.append(self._query(has_path))
            elif name in MANY or name not in seen:
                parts.append(self._constraint(name, depth, near))
            seen.add(name)
        if self._choose(range(10)) == 9:
            parts.append(
                f"sh:{self._choose(('severity sh:Warning', 'deactivated true', 'deactivated false'))}"
            )
        return " ; ".join(parts)

    def _constraint(self, name: str, depth: int, near: Sequence[str]) -> str:
        """A parameter with its value."""
        if name in CHOICES:
            return f"sh:{name} {self._choose(CHOICES[name])}"
        if name in BOUNDS:
            return f"sh:{name} {self._choose(self._literals)}"
        if name in OWN:
            return f":{name} {self._choose(OWN[name])}"
        if name == "hasValue":
            return f"sh:hasValue {self._term()}"
        if name == "in":
            return f"sh:in ( {' '.join(self._term() for _ in range(self._choose(range(4))))} )"
        if name in ("and", "or", "xone"):
            members = " ".join(self._inner(depth, near, None) for _ in range(self._choose((1, 2, 3))))
            return f"sh:{name} ( {members} )"
        if name == "qualified":
            return self._qualified(depth, near)
        return f"sh:{name} {self._inner(depth, near, {'property': True, 'node': False}.get(name))}"

    def _query(self, has_path: bool) -> str:
        query = self._choose(QUERIES + OF_A_PATH * has_path)
        return f"sh:sparql [ sh:select '{LOCAL.sub(IN_FULL, query)}' ]"

    def _term(self) -> str:
        return self._choose((*self._literals, *IRIS))

    def _inner(self, depth: int, near: Sequence[str], path: bool | None) -> str:
        """A shape within a shape, or the name of one."""
        known = [name for name in near if path is None or path == (name in PROPERTY_SHAPES)]
        if known and self._choose(range(2 if self._positive else 4)) > (0 if self._positive else 2):
            return self._choose(known)
        return f"[ {self._shape(depth - 1, near, path)} ]"

    def _qualified(self, depth: int, near: Sequence[str]) -> str:
        if self._positive:
            inner = self._inner(depth, near, None)
            return f"sh:qualifiedValueShape {inner} ; sh:qualifiedMinCount {self._choose((1, 2))}"
        apart = self._choose(("", " ; sh:qualifiedValueShapesDisjoint true"))
        return f"sh:qualifiedValueShape {self._inner(depth, near, None)} ; {self._choose(LIMITS)}{apart}"

    def _siblings(self) -> str:
        """Property shapes side by side, of which some count the value nodes that no other counts."""
        path = self._path(1)
        parts = (
            f"sh:property [ sh:path {path} ; {self._qualified(2, ())} ]" for _ in range(self._choose((2, 3)))
        )
        return " ; ".join(parts)
