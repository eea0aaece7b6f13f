"""Which axioms and facts are thought to clash: those that our own rules find a thing in two classes by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode, Quad, Triple

from kg.build import Graph
from kg.names import RDF
from kg.ontology import Ontology
from kg.proofs.ground import Ground
from kg.proofs.search import Proof, prove
from kg.reasoning import Statement, statements
from kg.rules import compile

TYPE = NamedNode(RDF + "type")


def facts(graph: Graph) -> tuple[list[Quad], list[list[Quad]]]:
    """What a reasoner is to judge: what is asserted, and what shortcuts add; shared, and case by case."""
    drawn = {one.triple for one in graph.inferences.triples if one.rule.head is None}
    quads = [*graph.asserted.quads, *(quad for quad in graph.inferred if quad.triple in drawn)]
    cases: dict[str, list[Quad]] = {}
    shared: list[Quad] = []
    for quad in quads:
        name = getattr(quad.graph_name, "value", "").partition("/graph/case/")[2]
        (cases.setdefault(name, []) if name else shared).append(quad)
    return shared, list(cases.values())


def suspects(graph: Graph, ontology: Ontology, ground: Ground) -> list[Statement]:
    """The axioms and facts behind the first thing that is in two classes which exclude one another."""
    axioms = _axioms(ontology)
    for clash in graph.inferences.clashes[:1]:
        both = [Triple(clash.individual, TYPE, cls) for cls in (clash.class_a, clash.class_b)]
        proofs = [proof for triple in both if (proof := prove(ground, triple))]
        found = [one for proof in proofs for one in _of(proof, axioms)]
        kinds = [one for one in statements(ontology.axioms) if one.is_declaration]
        return list(dict.fromkeys([*kinds, axioms[clash.axiom], *found]))
    return []


def _axioms(ontology: Ontology) -> Mapping[str, Statement]:
    """Each axiom by its text."""
    found: dict[str, Statement] = {}
    for one in statements([*ontology.terms, *ontology.axioms]):
        if not one.is_declaration:
            compiled = compile(one.triples, prefixes=ontology.prefixes, skipped=[])
            found |= {each.axiom: one for each in (*compiled, *compiled.disjoint)}
    return found


def _of(proof: Proof, axioms: Mapping[str, Statement]) -> Iterator[Statement]:
    """The axioms of a proof, and the facts that it stands on; what a shortcut draws is such a fact."""
    if proof.rule is None or proof.rule.head is None:
        yield Statement(frozenset((proof.triple,)))
        return
    if proof.rule.axiom in axioms:
        yield axioms[proof.rule.axiom]
    for premise in proof.premises:
        yield from _of(premise, axioms)
