"""Axioms and shortcuts → rules: each axiom becomes SPARQL, or is refused by name.

The left side of an axiom becomes a basic graph pattern with fresh variables: nothing
in it is negated or counted, so a rule stays true when triples are added. A union on the
left gives a rule for each branch, an intersection on the right a rule for each part.

Source: OWL 2 RL/RDF rules, https://www.w3.org/TR/owl2-profiles/#OWL_2_RL
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, combinations, count, product

from pyoxigraph import NamedNode, Quad, Triple, Variable

from kg.errors import DefinitionError, Fault
from kg.names import OWL, PREFIXES, RDFS, short
from kg.places import Places
from kg.rules.axioms import (
    ALL_DISJOINT,
    CHAIN,
    And,
    Axiom,
    Expression,
    Named,
    Or,
    Some,
    Value,
    is_datatype,
    is_everything,
    statement,
)
from kg.rules.model import TYPE, Disjointness, Pattern, Rule, Rules
from kg.rules.reading import read_axioms
from kg.rules.refusals import refuse
from kg.rules.shortcuts import read_shortcuts

Body = tuple[Pattern, ...]
Clause = tuple[Body, Pattern]

X, Y, Z = Variable("x"), Variable("y"), Variable("z")


def compile(
    axioms: Iterable[Quad | Triple],
    shortcuts: Iterable[Quad | Triple] = (),
    prefixes: Mapping[str, str] | None = None,
    skipped: list[Fault] | None = None,
    places: Places | None = None,
) -> Rules:
    """The rules that `axioms` (OWL, of any graph) and `shortcuts` (`sh:SPARQLRule`) amount to.

    `prefixes` (name → namespace) shorten the IRIs in the names and texts of the rules. `skipped`: a list
    for what is wrong with axioms that no rule can be made of; they are left out then. `places`: where
    both are written, for the places of the faults.

    :raises DefinitionError: for all that is not supported or ill-formed, at once.

    >>> len(compile([]))
    0
    """
    prefixes, places = {**PREFIXES, **(prefixes or {})}, places or Places()
    triples = list(axioms)
    known = dict.fromkeys(read_axioms(triples, prefixes))
    statements = sorted(((statement(axiom, prefixes), axiom) for axiom in known), key=lambda s: s[0])
    found, faults = read_shortcuts(shortcuts, triples, prefixes, places)
    refused = {text: _placed(refuse(text, axiom, prefixes), axiom, places) for text, axiom in statements}
    (faults if skipped is None else skipped).extend(chain.from_iterable(refused.values()))
    statements = [(text, axiom) for text, axiom in statements if not refused[text]]
    if faults:
        raise DefinitionError.all(faults)
    rules = tuple(rule for text, axiom in statements for rule in _rules(text, axiom, prefixes))
    return Rules(found, rules, tuple(_disjoint(statements)))


def _placed(faults: list[Fault], axiom: Axiom, places: Places) -> list[Fault]:
    """The faults of an axiom at the place of what it says, else of what it is about."""
    if faults and isinstance(axiom.subject, Named):
        node, kind = axiom.subject.iri, NamedNode(axiom.kind)
        found = places.at(node, TYPE, kind) or places.find(node, kind)
        place = next(iter(found), None)
        return [replace(fault, place=place) for fault in faults]
    return faults


def _rules(text: str, axiom: Axiom, prefixes: Mapping[str, str]) -> Iterator[Rule]:
    if axiom.kind not in CLAUSES:
        return
    clauses = [(body, head) for body, head in CLAUSES[axiom.kind](axiom) if head not in body]
    for number, (body, head) in enumerate(clauses, 1):
        name = f"{text} [{number}]" if len(clauses) > 1 else text
        yield Rule(name, short(axiom.kind, prefixes), text, _sparql(body, head), head, body)


def _sparql(body: Body, head: Pattern) -> str:
    """The query for what the rule adds; one pattern in NOT EXISTS is fast, and spares known triples."""

    def write(patterns: Iterable[Pattern]) -> str:
        return " . ".join(" ".join(map(str, pattern)) for pattern in patterns)

    known = f"FILTER NOT EXISTS {{ {write([head])} }}"
    return f"CONSTRUCT {{ {write([head])} }} WHERE {{ {write(body)} {known} }}"


def _disjoint(statements: Iterable[tuple[str, Axiom]]) -> Iterator[Disjointness]:
    """Each pair of disjoint classes once, with the first axiom that says so."""
    known: set[frozenset[NamedNode]] = set()
    for text, axiom in statements:
        if axiom.kind in (ALL_DISJOINT, OWL + "disjointWith"):
            classes = (*((axiom.subject,) if axiom.subject else ()), *axiom.objects)
            for a, b in combinations((c.iri for c in classes if isinstance(c, Named)), 2):
                if frozenset((a, b)) not in known:
                    known.add(frozenset((a, b)))
                    yield Disjointness(a, b, text)


# What each kind of axiom says, as clauses: the head follows from the body.


def _bodies(part: Expression, node: Variable, fresh: Iterator[Variable]) -> Iterator[Body]:
    """The patterns that `node` meets if it is in `part`: one set for each branch of a union."""
    match part:
        case Named(iri):
            yield ((node, TYPE, iri),)
        case Value(prop, value):
            yield ((node, prop, value),)
        case Some(prop, filler) if is_everything(filler):
            yield ((node, prop, next(fresh)),)
        case Some(prop, filler):
            other = next(fresh)
            for body in _bodies(filler, other, fresh):
                yield ((node, prop, other), *body)
        case And(parts):
            for bodies in product(*(list(_bodies(each, node, fresh)) for each in parts)):
                yield tuple(dict.fromkeys(pattern for body in bodies for pattern in body))
        case Or(parts):
            for each in parts:
                yield from _bodies(each, node, fresh)


def _heads(part: Expression, node: Variable) -> Iterator[Pattern]:
    """The triples that hold of `node` if it is in `part`; none for the class of everything."""
    match part:
        case Named(iri) if not is_everything(part) and not is_datatype(iri):
            yield (node, TYPE, iri)
        case Value(prop, value):
            yield (node, prop, value)
        case And(parts):
            for each in parts:
                yield from _heads(each, node)


def _sub_class(sub: Expression, sup: Expression) -> Iterator[Clause]:
    fresh = (Variable(f"y{number}") for number in count(1))
    for body in _bodies(sub, X, fresh):
        for head in _heads(sup, X):
            yield body, head


def _link(axiom: Axiom, s: Variable = X, o: Variable = Y, at: int = 0) -> Pattern:
    """`s p o`, with the property that stands at `at`: 0 is the subject, 1 the first object."""
    part = (axiom.subject, *axiom.objects)[at]
    assert isinstance(part, Named)
    return s, part.iri, o


def _chain(axiom: Axiom) -> list[Clause]:
    nodes = [X, *(Variable(f"y{number}") for number in range(1, len(axiom.objects))), Y]
    steps = [_link(axiom, nodes[at - 1], nodes[at], at) for at in range(1, len(nodes))]
    return [(tuple(steps), _link(axiom))]


def _class_pair(axiom: Axiom) -> tuple[Expression, Expression]:
    assert axiom.subject
    return axiom.subject, axiom.objects[0]


CLAUSES: dict[str, Callable[[Axiom], list[Clause]]] = {
    RDFS + "subClassOf": lambda a: [*_sub_class(*_class_pair(a))],
    OWL + "equivalentClass": lambda a: [*_sub_class(*_class_pair(a)), *_sub_class(*_class_pair(a)[::-1])],
    RDFS + "domain": lambda a: [((_link(a),), head) for head in _heads(a.objects[0], X)],
    RDFS + "range": lambda a: [((_link(a),), head) for head in _heads(a.objects[0], Y)],
    RDFS + "subPropertyOf": lambda a: [((_link(a),), _link(a, at=1))],
    OWL + "equivalentProperty": lambda a: [((_link(a),), _link(a, at=1)), ((_link(a, at=1),), _link(a))],
    OWL + "inverseOf": lambda a: [((_link(a),), _link(a, Y, X, 1)), ((_link(a, X, Y, 1),), _link(a, Y, X))],
    OWL + "SymmetricProperty": lambda a: [((_link(a),), _link(a, Y, X))],
    OWL + "TransitiveProperty": lambda a: [((_link(a), _link(a, Y, Z)), _link(a, X, Z))],
    CHAIN: _chain,
}
