"""What the specification forbids in the queries of shapes.

Source: SHACL, sections 5.2.1 and 6.2.1 and appendix A, https://www.w3.org/TR/shacl/#pre-binding
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kg.shapes.compile.regexes import Regex
from kg.shapes.compile.sparql.matching import BY_NAME, asked_by
from kg.shapes.compile.sparql.parser import parse
from kg.shapes.compile.sparql.tree import Assign, Expr, Inside, Node, Select, Values

OPTIONAL = ("currentShape", "shapesGraph")
"""Variables that are bound before a query begins, and need not be returned by queries within it."""


def check(query: str, parameters: Collection[str] = ()) -> list[str]:
    """What of a SELECT or ASK query is forbidden, in words; `parameters` are those of its component.

    :raises DefinitionError: if it is no SPARQL 1.1.

    >>> check("SELECT ?x WHERE { ?x ?p $this MINUS { ?x ?p 'VALUES' } }")
    ['uses MINUS', 'does not return $this']
    """
    top = parse(query).select
    needed = dict.fromkeys(["this", *(["value"] if top.ask else []), *parameters])
    found = [word for part in top.walk() for word in _forbidden(part, {*needed, *OPTIONAL})]
    for part in top.walk():
        if isinstance(part, Select) and part is not top:
            lost = [f"${name}" for name in needed if name not in part.returned()]
            found += [f"has a SELECT within it that does not return {', '.join(lost)}"] if lost else []
    if not top.ask and "this" not in top.returned():
        found.append("does not return $this")
    return list(dict.fromkeys(found))


def expressions(query: str) -> list[Regex]:
    """The regular expressions that a query names in REGEX and REPLACE; not those that its rows say.

    :raises DefinitionError: if it is no SPARQL 1.1.

    >>> query = "SELECT * { $this ?p ?x FILTER (REGEX(?x, '^a') || REGEX(?x, ?p)) }"
    >>> [each.pattern for each in expressions(query)]
    ['^a']
    """
    parsed = parse(query)
    calls = (part for part in parsed.select.walk() if isinstance(part, Expr) and part.name in BY_NAME)
    asked = (
        asked_by(call.name, [query[arg.start : arg.end] for arg in call.args], parsed.prefixes)
        for call in calls
    )
    return [each for each in asked if each]


def unreadable(query: str) -> list[str]:
    """The regular expressions of a query that neither the store nor Python can read, in words.

    :raises DefinitionError: if it is no SPARQL 1.1.

    >>> unreadable("SELECT * { $this ?p ?x FILTER (REGEX(?x, '(') || REGEX(?x, '(?=a)')) }")
    ['has the regular expression “(”, which cannot be used: missing ), unterminated subpattern at position 0']
    """
    return [
        f"has the regular expression “{asked.pattern}”, which cannot be used: {asked.fault}"
        for asked in expressions(query)
        if asked.fault
    ]


def _forbidden(part: Node, bound: set[str]) -> Iterator[str]:
    if isinstance(part, Inside) and part.kind in ("MINUS", "SERVICE"):
        yield f"uses {part.kind}"
    elif isinstance(part, Values):
        yield "uses VALUES"
    elif isinstance(part, Assign) and part.var.name in bound:
        yield f"uses AS ${part.var.name}, which is bound before it begins"
    elif isinstance(part, Select) and part.datasets:
        yield "uses FROM"
