"""The ontology by its content: it loads elsewhere, extends nobody else's terms, and names only what there is.

How it is loaded is the subject of `test_ontology_load.py`, its profile of `test_ontology_profile.py`, what
its shapes refuse of `test_domain_shapes.py`.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache
from io import BytesIO
from typing import Any

import pytest
import whole
from pyoxigraph import Literal, NamedNode, Quad
from whole import ROOT, TYPE, cg, onto, shared, short, workspace

from kg import export, formats
from kg.names import CG, CODE, HOME, OA, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, VANN
from kg.places import Place

OURS = (CG, CODE, OA, ORG, PROV)
"""The namespaces of which every term that is used is declared."""

SPOKEN = ("en", "da", "nb", "sv")
ONTOLOGY = NamedNode(HOME + "ns")
LABEL, DEFINED_BY = NamedNode(RDFS + "label"), NamedNode(RDFS + "isDefinedBy")
DEFINITION = NamedNode(SKOS + "definition")
TERM = re.compile(r"<([^<>\s]+)>|(?<![\w?$:/#.-])([a-z][\w-]*):([A-Za-z][\w-]*)")
PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", re.I)


def said(subject: Any, prop: NamedNode, quads: list[Quad] | None = None) -> list[Any]:
    found = onto().terms if quads is None else quads
    return [q.object for q in found if q.subject == subject and q.predicate == prop]


def texts(subject: Any, prop: NamedNode) -> dict[str, set[str]]:
    """Language → texts."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in said(subject, prop):
        found[each.language or ""].add(each.value)
    return found


@cache
def own() -> list[NamedNode]:
    """The classes and properties of this ontology."""
    return [NamedNode(iri) for iri in sorted(onto().classes | onto().properties) if iri.startswith(CG)]


# --- It loads elsewhere


def exported(form: str) -> bytes:
    """What `kg export --ontology` writes."""
    quads = export.select(workspace(), whole.graph().quads, [export.ONTOLOGY])
    return formats.serialize(quads, form, onto().prefixes)


@pytest.mark.parametrize(("form", "parser"), [("turtle", "turtle"), ("rdfxml", "xml"), ("ntriples", "nt")])
def test_rdflib_reads_it_whole(form: str, parser: str):
    import rdflib

    read = rdflib.Graph().parse(data=exported(form), format=parser)
    assert len(read) == len({quad.triple for quad in [*onto().terms, *onto().axioms]})
    classes = {str(node) for node in read.subjects(rdflib.RDF.type, rdflib.OWL.Class)}
    assert onto().classes <= classes


@pytest.mark.parametrize("form", ["rdfxml", "ntriples"])
def test_owlready2_reads_it_whole(form: str):
    import owlready2

    world = owlready2.World()
    read = world.get_ontology("http://example.org/read#").load(fileobj=BytesIO(exported(form)))
    assert {each.iri for each in world.classes()} == onto().classes
    assert onto().properties <= {each.iri for each in (*world.properties(), *world.annotation_properties())}
    champion, role = world[CG + "ChampionRole"], world[CG + "Role"]
    assert world[CG + "Superuser"] in role.subclasses()
    assert champion not in role.subclasses()
    [axiom] = [axiom for axiom in read.general_class_axioms() if champion in axiom.is_a]
    assert role in axiom.left_side.Classes


# --- It says what its terms mean


def test_every_class_and_property_is_named_in_four_languages_and_defined():
    assert len(own()) > 100
    unnamed = [short(t) for t in own() if not texts(t, LABEL).keys() >= set(SPOKEN)]
    assert unnamed == []
    assert [short(t) for t in own() if len(said(t, DEFINITION)) != 1] == []
    assert [short(t) for t in own() if said(t, DEFINED_BY) != [ONTOLOGY]] == []


def test_every_code_has_words_in_four_languages_and_a_definition():
    codes = [NamedNode(iri) for iri in sorted(onto().concepts) if not iri.startswith(CODE + "role-word/")]
    assert len(codes) > 150
    label = NamedNode(SKOS + "prefLabel")
    assert [short(c) for c in codes if not texts(c, label).keys() >= set(SPOKEN)] == []
    assert [short(c) for c in codes if not said(c, DEFINITION)] == []


def test_every_shortcut_is_told_in_four_languages():
    shapes = {q.subject for q in onto().shortcuts if q.predicate.value == SH + "rule"}
    assert len(shapes) > 10
    for shape in shapes:
        labels = {each.language: each.value for each in said(shape, LABEL, onto().shortcuts)}
        assert labels.keys() == set(SPOKEN) and len({*labels.values()}) == len(SPOKEN), shape


def test_the_header_says_what_the_ontology_is():
    [version] = said(ONTOLOGY, NamedNode(OWL + "versionIRI"))
    [number] = said(ONTOLOGY, NamedNode(OWL + "versionInfo"))
    assert version.value == f"{HOME}ns/{number.value}"
    for name in ("license", "creator", "created", "modified", "title", "description"):
        assert said(ONTOLOGY, NamedNode(f"http://purl.org/dc/terms/{name}")), name
    assert said(ONTOLOGY, NamedNode(VANN + "preferredNamespacePrefix")) == [Literal("cg")]
    assert said(ONTOLOGY, NamedNode(VANN + "preferredNamespaceUri")) == [Literal(CG)]
    unread = {each.value for each in said(ONTOLOGY, cg("unreviewedLanguage"))}
    assert unread == set(workspace().languages) - {"en"}


# --- It takes the terms of others as they are


@cache
def foreign() -> set[str]:
    """The terms of other vocabularies that reused.ttl declares."""
    quads = formats.read(ROOT / "ontology" / "reused.ttl")
    return {q.subject.value for q in quads if q.predicate == TYPE and isinstance(q.subject, NamedNode)}


def test_no_axiom_says_anything_of_a_term_of_others():
    theirs = [
        q for q in onto().axioms if isinstance(q.subject, NamedNode) and not q.subject.value.startswith(CG)
    ]
    assert theirs == []


def test_every_term_of_others_in_axioms_and_data_is_declared():
    ground = (RDF, RDFS, OWL)
    used = {q.object.value for q in onto().axioms if isinstance(q.object, NamedNode)}
    data = [q for q in whole.graph().quads if q.graph_name != workspace().names.graph("ontology")]
    used |= {q.predicate.value for q in data}
    used |= {q.object.value for q in data if q.predicate == TYPE}
    theirs = {iri for iri in used if not iri.startswith((HOME, *ground))}
    assert len(theirs) > 20
    assert theirs - foreign() == set()


def test_a_term_of_others_is_only_declared():
    quads = formats.read(ROOT / "ontology" / "reused.ttl")
    said_of_theirs = {q.predicate for q in quads if not str(getattr(q.subject, "value", "")).startswith(CG)}
    assert said_of_theirs == {TYPE}


# --- The thesaurus has every word


@cache
def words() -> list[dict[str, str]]:
    with shared("terms/champion_terms.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def thesaurus() -> dict[str, set[tuple[str, str]]]:
    """Property → texts with their language, of all words for roles."""
    scheme = set(onto().schemes[CODE + "role-word"])
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for quad in onto().terms:
        if isinstance(quad.object, Literal) and getattr(quad.subject, "value", "") in scheme:
            found[quad.predicate.value.removeprefix(SKOS)].add(
                (quad.object.value, quad.object.language or "")
            )
    return found


def test_every_word_of_the_list_is_in_the_thesaurus():
    named = thesaurus()["prefLabel"] | thesaurus()["altLabel"]
    assert len(words()) > 50
    assert [row["lemma"] for row in words() if (row["lemma"], row["lang"]) not in named] == []


def test_every_inflected_form_leads_to_its_word():
    found = thesaurus()["prefLabel"] | thesaurus()["altLabel"] | thesaurus()["hiddenLabel"]
    forms = [
        (row[kind], row["lang"]) for row in words() for kind in ("indef_sg", "def_sg", "indef_pl", "def_pl")
    ]
    assert [form for form in forms if form[0] and form not in found] == []
    hidden = {form for form in forms if form[0]} - {(row["lemma"], row["lang"]) for row in words()}
    assert hidden <= thesaurus()["hiddenLabel"]


def test_every_ambiguity_is_told():
    degrees = {
        "low": "seldom means anything else",
        "medium": "may mean something else",
        "high": "often means something else",
    }
    notes = {note for note, _ in thesaurus()["scopeNote"]}
    untold = [
        row["lemma"]
        for row in words()
        if not any(
            n.startswith(f"{row['lemma']} ({row['lang']}): {degrees[row['ambiguity']]}") for n in notes
        )
    ]
    assert untold == []


def test_roles_are_named_in_nynorsk_where_the_list_has_a_word():
    listed = {row["concept"] for row in words() if row["lang"] == "nn" and row["concept"]}
    classes = [cg(name) for name in sorted(listed) if CG + name in onto().classes]
    assert len(classes) >= 3
    assert [short(c) for c in classes if "nn" not in texts(c, LABEL)] == []


# --- It names only what there is


@cache
def things() -> set[str]:
    """The IRIs that the ontology describes."""
    return {quad.subject.value for quad in onto().terms if isinstance(quad.subject, NamedNode)}


def sparql(kind: str) -> dict[str, str]:
    """Where it stands → SPARQL: of the shapes or shortcuts, with their prefixes, or of the query files."""
    if kind == "queries":
        return {p.name: p.read_text(encoding="utf-8") for p in sorted((ROOT / "queries").rglob("*.rq"))}
    quads = getattr(onto(), kind)
    declared = {q.subject: {} for q in quads if q.predicate.value == SH + "prefix"}
    for quad in quads:
        if quad.subject in declared:
            declared[quad.subject][quad.predicate.value] = quad.object.value
    head = "".join(f"PREFIX {d[SH + 'prefix']}: <{d[SH + 'namespace']}>\n" for d in declared.values())
    bodies = {SH + name for name in ("construct", "select", "ask")}
    return {f"{kind} {n}": head + q.object.value for n, q in enumerate(quads) if q.predicate.value in bodies}


def terms_of(text: str) -> set[str]:
    """The IRIs in a query, its prefixed names written out."""
    prefixes = dict(PREFIX.findall(text))
    bare = re.sub(r'(?m)^\s*#.*$|"[^"\n]*"', "", PREFIX.sub("", text))
    found = ((full, prefixes.get(name, ""), local) for full, name, local in TERM.findall(bare))
    return {full or base + local for full, base, local in found if full or base}


@pytest.mark.parametrize("kind", ["shortcuts", "shapes", "queries"])
def test_queries_name_only_terms_and_codes_that_there_are(kind: str):
    found = {where: terms_of(text) for where, text in sparql(kind).items()}
    assert any(found.values())
    lost = {
        where: iri
        for where, iris in found.items()
        for iri in iris
        if iri.startswith(OURS) and iri not in things() and iri not in OURS
    }
    assert lost == {}


def test_axioms_and_shapes_name_only_terms_and_codes_that_there_are():
    quads = [*onto().axioms, *onto().shapes, *onto().shortcuts]
    defined = {quad.subject for quad in quads} | {NamedNode(iri) for iri in things()}
    named = {t for q in quads for t in (q.predicate, q.object) if isinstance(t, NamedNode)}
    assert [t for t in named - defined if t.value.startswith((CG, CODE))] == []


def test_a_name_that_there_is_not_would_be_seen():
    prefixes = f"PREFIX cg: <{CG}>\nPREFIX code: <{CODE}>\n"
    text = prefixes + "# cg:no\nSELECT ?x { ?x cg:rolle code:nope ; a cg:Role }"
    assert terms_of(text) - things() == {CG + "rolle", CODE + "nope"}


def test_the_context_names_only_declared_terms():
    onto().check(Place("context.jsonld"))
    entries = onto().context.entries.values()
    assert {e.property.value for e in entries if e.kind.name not in ("ID", "CLASS")} <= onto().properties
    codes = {e.base for e in entries if e.kind.name == "CODE"}
    assert len(codes) > 15
    assert [base for base in codes if not onto().codes(base)] == []
    coded = {base.rstrip("/") for base in codes}
    of_words = {CODE + "role-word", CODE + "cue"}  # those that authors do not write
    inferred = {CODE + name for name in ("criterion", "discovery", "verdict")}
    assert set(onto().schemes) - coded == of_words | inferred
