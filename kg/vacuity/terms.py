"""Classes and properties that are used, and that nothing declares: slips that pass everywhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from kg.meant import SLIP, nearest
from kg.names import OWL, RDF, RDFS, SH, SKOS, VANN
from kg.places import Places
from kg.shapes import paths
from kg.shapes.graph import Shapes
from kg.shapes.triples import TYPE, Data, Edge, Object, Triples
from kg.shapes.vocabulary import TERMS, is_term, sh
from kg.vacuity.rules import Slip

Name = Callable[[str], str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STANDARD: Mapping[str, frozenset[str]] = {
    RDF: _words(
        """Alt Bag CompoundLiteral HTML JSON List PlainLiteral Property Seq Statement XMLLiteral dirLangString
        direction first langString language nil object predicate reifies rest subject type value"""
    ),
    RDFS: _words(
        """Class Container ContainerMembershipProperty Datatype Literal Proposition Resource comment domain
        isDefinedBy label member range seeAlso subClassOf subPropertyOf"""
    ),
    OWL: _words(
        """AllDifferent AllDisjointClasses AllDisjointProperties Annotation AnnotationProperty
        AsymmetricProperty Axiom Class DataRange DatatypeProperty DeprecatedClass DeprecatedProperty
        FunctionalProperty InverseFunctionalProperty IrreflexiveProperty NamedIndividual
        NegativePropertyAssertion Nothing ObjectProperty Ontology OntologyProperty ReflexiveProperty
        Restriction SymmetricProperty Thing TransitiveProperty allValuesFrom annotatedProperty
        annotatedSource annotatedTarget assertionProperty backwardCompatibleWith bottomDataProperty
        bottomObjectProperty cardinality complementOf datatypeComplementOf deprecated differentFrom
        disjointUnionOf disjointWith distinctMembers equivalentClass equivalentProperty hasKey hasSelf
        hasValue imports incompatibleWith intersectionOf inverseOf maxCardinality maxQualifiedCardinality
        members minCardinality minQualifiedCardinality onClass onDataRange onDatatype onProperties
        onProperty oneOf priorVersion propertyChainAxiom propertyDisjointWith qualifiedCardinality rational
        real sameAs someValuesFrom sourceIndividual targetIndividual targetValue topDataProperty
        topObjectProperty unionOf versionIRI versionInfo withRestrictions"""
    ),
    SKOS: _words(
        """Collection Concept ConceptScheme OrderedCollection altLabel broadMatch broader broaderTransitive
        changeNote closeMatch definition editorialNote exactMatch example hasTopConcept hiddenLabel
        historyNote inScheme mappingRelation member memberList narrowMatch narrower narrowerTransitive
        notation note prefLabel related relatedMatch scopeNote semanticRelation topConceptOf"""
    ),
    SH: TERMS,
}
"""The terms of vocabularies that do not change: any other in their namespaces is a slip."""

USUAL: Mapping[str, str] = {
    "http://purl.org/dc/elements/1.1/": "DC",
    "http://purl.org/dc/terms/": "DCTERMS",
    "http://purl.org/linked-data/cube#": "QB",
    "http://purl.org/vocab/vann/": "VANN",
    "http://rdfs.org/ns/void#": "VOID",
    "http://usefulinc.com/ns/doap#": "DOAP",
    "http://www.w3.org/2006/time#": "TIME",
    "http://www.w3.org/ns/dcat#": "DCAT",
    "http://www.w3.org/ns/odrl/2/": "ODRL2",
    "http://www.w3.org/ns/org#": "ORG",
    "http://www.w3.org/ns/prov#": "PROV",
    "http://www.w3.org/ns/sosa/": "SOSA",
    "http://www.w3.org/ns/ssn/": "SSN",
    "http://xmlns.com/foaf/0.1/": "FOAF",
    "https://schema.org/": "SDO",
}
"""Vocabularies that grow: rdflib knows their terms, and what is near to one of these is a slip."""

CLASSES = tuple(NamedNode(iri) for iri in (RDFS + "Class", OWL + "Class", RDFS + "Datatype"))
PROPERTIES = tuple(
    NamedNode(iri)
    for iri in (
        RDF + "Property",
        *(OWL + kind + "Property" for kind in ("Object", "Datatype", "Annotation", "Ontology", "Functional")),
        *(OWL + kind + "Property" for kind in ("Transitive", "Symmetric", "InverseFunctional", "Deprecated")),
    )
)
_RELATED = {
    "class": (RDFS + "subClassOf", OWL + "equivalentClass", OWL + "disjointWith"),
    "property": (RDFS + "subPropertyOf", OWL + "inverseOf", OWL + "equivalentProperty"),
}
_NUMBERED = re.compile("_[1-9][0-9]*")


def namespace(iri: str) -> str:
    """The part of an IRI that its terms share.

    >>> namespace("http://e/ns#Thing"), namespace("http://e/terms/Thing"), namespace("urn:Thing")
    ('http://e/ns#', 'http://e/terms/', 'urn:')
    """
    return iri[: max(iri.rfind(mark) for mark in "#/:") + 1]


@dataclass(frozen=True)
class Vocabulary:
    """The classes and properties that are known, and the namespaces that say themselves which those are.

    `in_shapes`: what shapes are about, and where.
    """

    classes: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()
    owned: frozenset[str] = frozenset()
    in_shapes: tuple[Use, ...] = ()

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """What shapes are about."""
        return frozenset(iri for iri, _, _, _ in self.in_shapes)

    @classmethod
    def of(cls, ontology: Triples, shapes: Shapes, data: Data) -> Vocabulary:
        """What ontology and data declare; what shapes are about is known where no ontology speaks for it."""
        classes, properties = (_declared(ontology, data, kind) for kind in ("class", "property"))
        declared = classes | properties
        homes = _homes(ontology) | _homes(data)
        owned = frozenset(space for space in map(namespace, declared) if space in homes)
        return cls(classes, properties, owned, tuple(uses_in_shapes(shapes)))

    @cached_property
    def _spaces(self) -> dict[str, set[str]]:
        spaces: dict[str, set[str]] = {}
        for iri in self.classes | self.properties | self.mentioned:
            spaces.setdefault(namespace(iri), set()).add(iri)
        return spaces

    def misfit(self, iri: str, kind: str) -> tuple[bool, str]:
        """Whether `iri` is no such term (`class` or `property`), and the term that may have been meant."""
        space = namespace(iri)
        declared = self.classes if kind == "class" else self.properties
        if iri in declared or (iri in self.mentioned and space not in self.owned):
            return False, ""
        if space in STANDARD:
            return _not_standard(space, iri)
        if space in self.owned:
            return True, _near(iri, declared & self._spaces[space])
        if iri in (usual := _usual(space)):
            return False, ""
        here = self._spaces.get(space, ())
        near = _near(iri, usual, 0.8) or _near(iri, here, 0.85) or self._near_space(iri)
        return bool(near), near

    def _near_space(self, iri: str) -> str:
        """The same local name in a namespace that differs in its scheme or last sign alone."""
        space = namespace(iri)
        for other in sorted({*self._spaces, *STANDARD, *USUAL}):
            if other != space and _bare(other) == _bare(space):
                return other + iri.removeprefix(space)
        return ""


def _usual(space: str) -> set[str]:
    """The terms of a usual vocabulary, as far as rdflib knows them."""
    if space not in USUAL:
        return set()
    import rdflib.namespace

    return {str(term) for term in dir(getattr(rdflib.namespace, USUAL[space]))}


def _bare(space: str) -> str:
    return re.sub("^https?:", "", space.rstrip("#/"))


def _not_standard(space: str, iri: str) -> tuple[bool, str]:
    local = iri.removeprefix(space)
    numbered = space == RDF and _NUMBERED.fullmatch(local)
    if local in STANDARD[space] or numbered or (space == SH and is_term(local)):
        return False, ""
    near = nearest(local, STANDARD[space], SLIP)
    return True, near and space + near


def _near(iri: str, known: Iterable[str], cutoff: float = SLIP) -> str:
    """The one of `known`, of the same namespace, that `iri` may be a slip for; digits alone are none."""
    space, known = namespace(iri), set(known)
    local = iri.removeprefix(space)
    others = {other.removeprefix(space) for other in known if _letters(other) != _letters(iri)}
    if iri in known or not (near := nearest(local, others, cutoff) or _exchanged(local, others)):
        return ""
    return space + near


def _exchanged(local: str, others: Iterable[str]) -> str:
    """The one of `others` that has two letters the other way round: in a short word that is much.

    >>> _exchanged("nmae", ["name", "mane", "nick"]), _exchanged("name", ["name"])
    ('name', '')
    """
    spellings = {f"{local[:i]}{local[i + 1]}{local[i]}{local[i + 2 :]}" for i in range(len(local) - 1)}
    found = sorted(spellings.intersection(others) - {local})
    return found[0] if len(found) == 1 else ""


def _letters(iri: str) -> str:
    return re.sub("[0-9]+", "", iri)


def _declared(ontology: Data, data: Data, kind: str) -> frozenset[str]:
    """The terms of a kind that are said to be one, or stand where only those do."""
    types = CLASSES if kind == "class" else PROPERTIES
    links = tuple(map(NamedNode, _RELATED[kind]))
    found: set[Object] = set()
    for graph in (ontology, data):
        found |= {subject for each in types for subject in graph.subjects(TYPE, each)}
        found |= {term for pair in graph.pairs(*links) for term in pair}
    return frozenset(term.value for term in found if isinstance(term, NamedNode))


def _homes(graph: Data) -> set[str]:
    """The namespaces that an ontology of the graph says to be its own."""
    iris = [o.value for o in graph.subjects(TYPE, NamedNode(OWL + "Ontology")) if isinstance(o, NamedNode)]
    said = graph.pairs(NamedNode(VANN + "preferredNamespaceUri"))
    named = [value.value for _, value in said if isinstance(value, Literal | NamedNode)]
    return {*named, *(iri.rstrip("#/") + mark for iri in iris for mark in "#/")}


# --- who uses which term -----------------------------------------------------------------

ABOUT = tuple(
    map(
        sh,
        (
            "class",
            "targetSubjectsOf",
            "targetObjectsOf",
            "equals",
            "disjoint",
            "lessThan",
            "lessThanOrEquals",
        ),
    )
)
"""The parameters whose values are classes and properties."""

NAMING = frozenset({*ABOUT, sh("ignoredProperties")})
"""Those, and the one whose values are lists of them."""

Use = tuple[str, str, Object, tuple[Object, ...]]
"""A term, its kind, the node that uses it, and what `Places.find` is to be asked beside that."""


def uses_in_data(triples: Iterable[Edge]) -> Iterator[Use]:
    """The classes and properties of statements."""
    for subject, prop, value in triples:
        yield prop.value, "property", subject, (prop,)
        if prop == TYPE and isinstance(value, NamedNode):
            yield value.value, "class", subject, (prop, value)


def uses_in_shapes(shapes: Shapes) -> Iterator[Use]:
    """The classes and properties that shapes are about."""
    for shape in shapes.shapes:
        for target in shapes.target_classes(shape):
            yield target.value, "class", shape, (sh("targetClass"), target)
        for prop, value in _terms_of(shapes, shape):
            yield value.value, "class" if prop == sh("class") else "property", shape, (prop, value)
        for prop in _path(shapes, shape):
            yield prop.value, "property", shape, (sh("path"), prop)


def _terms_of(shapes: Shapes, shape: Object) -> Iterator[tuple[NamedNode, NamedNode]]:
    said = shapes.properties(shape)
    if said.keys().isdisjoint(NAMING):  # as most are
        return
    for prop in ABOUT:
        yield from ((prop, value) for value in said.get(prop, ()) if isinstance(value, NamedNode))
    for head in said.get(sh("ignoredProperties"), ()):
        try:
            members = shapes.items(head)
        except ValueError:
            continue
        yield from ((sh("ignoredProperties"), member) for member in members if isinstance(member, NamedNode))


def _path(shapes: Shapes, shape: Object) -> Iterator[NamedNode]:
    try:
        path = shapes.path(shape)
    except paths.PathError:
        return
    todo = [path] if path else []
    while todo:
        one = todo.pop()
        if isinstance(one, NamedNode):
            yield one
        else:
            todo += one.paths if isinstance(one, paths.Sequence | paths.Alternative) else [one.path]


def slips(uses: Iterable[Use], known: Vocabulary, places: Places, name: Name) -> Iterator[Slip]:
    """A slip for each term that is none, at the first of its uses."""
    judged: dict[tuple[str, str], bool] = {}
    for iri, kind, node, spot in uses:
        if (iri, kind) in judged:
            continue
        wrong, near = known.misfit(iri, kind)
        judged[iri, kind] = wrong
        if wrong:
            place = next(iter(places.find(node, *spot)), None)
            shown = str(node) if isinstance(node, NamedNode) else ""
            yield Slip(f"check.unknown-{kind}", place, {"term": name(iri)}, near and name(near), "", shown)
