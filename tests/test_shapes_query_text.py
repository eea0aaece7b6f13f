"""Queries of shapes as trees: read as rdflib reads them, and what SHACL forbids in them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from prebinding_cases import ASKS, PREFIX, SELECTS
from prebinding_queries import queries
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from kg.errors import DefinitionError
from kg.shapes.compile.sparql import check
from kg.shapes.compile.sparql.parser import parse
from kg.shapes.compile.sparql.tree import Exists, Inside, Triples, Var

ALL = [*SELECTS.values(), *ASKS.values()]


def parts(part):
    """A part of rdflib's algebra, and all within it."""
    if isinstance(part, CompValue):
        yield part
        inner = [value for name, value in part.items() if name not in ("_vars", "graph")]
        part = [*inner, getattr(part, "graph", None)]
    if isinstance(part, list | tuple):
        for each in part:
            yield from parts(each)


def read_by_rdflib(text):
    """How often each part stands in a query, and its variables: those of triples, and those it returns."""
    algebra = translateQuery(parseQuery(PREFIX + text)).algebra
    found = [*parts(algebra)]
    triples = [triple for part in found if part.name == "BGP" for triple in part.triples]
    return {
        "returned": {str(name) for name in algebra.PV} if algebra.name == "SelectQuery" else set(),
        "triples": len(triples),
        "variables": sorted(str(end) for triple in triples for end in triple if isinstance(end, Variable)),
        "exists": sum(part.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS") for part in found),
        "graphs": sum(part.name == "Graph" for part in found),
        "optional": sum(part.name == "LeftJoin" for part in found),
    }


def read_here(text):
    select = parse(PREFIX + text).select
    found = [*select.walk()]
    triples = [triple for part in found if isinstance(part, Triples) for triple in part.triples]
    ends = [end for t in triples for end in (t.subject, t.verb, t.object)]
    return {
        "returned": set() if select.ask else set(select.returned()),
        "triples": len(triples),
        "variables": sorted(end.name for end in ends if isinstance(end, Var)),
        "exists": sum(isinstance(part, Exists) for part in found),
        "graphs": sum(isinstance(part, Inside) and part.kind == "GRAPH" for part in found),
        "optional": sum(isinstance(part, Inside) and part.kind == "OPTIONAL" for part in found),
    }


@pytest.mark.parametrize("text", ALL)
def test_a_query_is_read_as_rdflib_reads_it(text):
    assert read_here(text) == read_by_rdflib(text)


@settings(max_examples=100, deadline=None)
@given(queries())
def test_any_query_is_read_as_rdflib_reads_it(text):
    assert read_here(text) == read_by_rdflib(text)


@pytest.mark.parametrize("text", ALL)
def test_each_part_stands_where_it_says(text):
    query = parse(PREFIX + text)
    for node in query.select.walk():
        at = node.start
        for part in node.parts():
            assert at <= part.start <= part.end
            at = part.end
        assert at <= node.end
        if isinstance(node, Var):
            assert query.text[node.start : node.end] in (f"?{node.name}", f"${node.name}")


ODD = {
    "less than that looks like an IRI": ("SELECT $this { $this e:v ?a, ?b FILTER(?a <?b && ?b> 1) }", 2),
    "names with dots, escapes and digits": (
        "SELECT $this { $this e:a.b\\-c ?1a ; e:1 ?_x . ?é e:p%20 1.5e3 }",
        3,
    ),
    "texts with brackets": ("SELECT $this { $this e:p '''a ' } # {''', \"\\\"}\"@en-GB, '{'^^e:p . } # }", 3),
    "lists": ("SELECT $this { $this e:p (1 [ e:q 2 ] ?x) . () e:p () }", 9),
    "a path question mark before a variable": ("SELECT $this { $this e:p??x . $this e:p? ?y }", 2),
    "nothing of a property list": ("SELECT $this { [ e:p $this ; ; ] . [] e:q $this ; . }", 2),
    "signs": (
        "SELECT $this (-?n+-1 AS ?m) { $this e:v ?n FILTER(?n-1>-2 && !!bound(?n) && ?n NOT IN (1,-1)) }",
        1,
    ),
    "calls": ("SELECT $this { FILTER(<urn:f>(DISTINCT $this, e:g()) || REGEX(STR($this), 'a', 'i')) }", 0),
    "clauses": (
        """SELECT $this (GROUP_CONCAT(DISTINCT ?x ; SEPARATOR = ', ') AS ?all) { $this e:p ?x }
           GROUP BY $this (STR(?x) AS ?s) LCASE(?s) HAVING (COUNT(*) > 1) (MAX(?x) < 3)
           ORDER BY DESC(?all) ?s LIMIT 3 OFFSET 1""",
        1,
    ),
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_ways_to_write_are_read(kind):
    text, triples = ODD[kind]
    found = [part for part in parse(PREFIX + text).select.walk() if isinstance(part, Triples)]
    assert sum(len(part.triples) for part in found) == triples


FORBIDDEN = {
    "SELECT $this { $this ?p ?o MINUS { $this ?p 1 } }": ["uses MINUS"],
    "SELECT $this { VALUES ?x { 1 } }": ["uses VALUES"],
    "SELECT $this { $this ?p ?o } VALUES (?o) { (1) (UNDEF) }": ["uses VALUES"],
    "SELECT $this { FILTER NOT EXISTS { SERVICE <urn:s> { ?a ?b ?c } } }": ["uses SERVICE"],
    "SELECT $this FROM <urn:g> { }": ["uses FROM"],
    "SELECT $this { BIND(1 AS $this) }": ["uses AS $this, which is bound before it begins"],
    "SELECT (1 AS ?this) { }": ["uses AS $this, which is bound before it begins"],
    "SELECT $this { ?x ?p ?o } GROUP BY $this (1 AS ?max)": ["uses AS $max, which is bound before it begins"],
    "ASK { BIND(true AS ?value) }": ["uses AS $value, which is bound before it begins"],
    "SELECT ?x { ?x ?p $this }": ["does not return $this"],
    "SELECT $this { { SELECT ?x { ?x ?p $this } } }": [
        "has a SELECT within it that does not return $this, $max"
    ],
    "SELECT $this { { SELECT * { FILTER($this = $max) } } }": [
        "has a SELECT within it that does not return $this, $max"
    ],
    "ASK { { SELECT $this $max { } } }": ["has a SELECT within it that does not return $value"],
    "SELECT $this { { SELECT * { $this ?p $max } } }": [],
    "SELECT $this ?minus { ?minus <urn:VALUES> 'SERVICE' . # MINUS { }\n }": [],
    "SELECT * { $this ?service ?values BIND($this AS ?value) }": [],
}


@pytest.mark.parametrize("text", FORBIDDEN)
def test_what_shacl_forbids_is_told(text):
    assert check(text, ["max"]) == FORBIDDEN[text]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("SELECT $this { $this <urn:p> }", "1:30"),
        ("SELECT $this {\n  LATERAL { } }", "2:3"),
        ("SELECT $this { << $this <urn:p> 1 >> ?p ?o }", "1:16"),
        ("CONSTRUCT { } WHERE { }", "1:1"),
        ("SELECT $this { } more", "1:18"),
        ("SELECT $this { FILTER(1 +) }", "1:26"),
    ],
)
def test_what_is_no_sparql_is_refused_at_its_place(text, where):
    with pytest.raises(DefinitionError, match="no SPARQL") as refused:
        parse(text)
    assert f"{refused.value.faults[0].place}".endswith(where)


def test_what_is_far_too_deep_is_refused():
    with pytest.raises(DefinitionError, match="inside each other"):
        parse("SELECT $this { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }")
