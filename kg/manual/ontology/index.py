"""The first page: what the ontology says of itself, its pages and prefixes, and two diagrams."""

from __future__ import annotations

from collections.abc import Iterator

from kg.manual.markdown import code, items, table, tongues
from kg.manual.ontology.diagram import flowchart
from kg.manual.ontology.material import Material
from kg.manual.ontology.said import CLASSES, CODES, INFERENCE, PROPERTIES, SHAPES, Said, joined
from kg.names import CG, DCTERMS, OWL, RDF, RDFS, VANN

HEAD = (
    ("version", OWL + "versionInfo"),
    ("version IRI", OWL + "versionIRI"),
    ("prior", OWL + "priorVersion"),
    ("licence", DCTERMS + "license"),
    ("creator", DCTERMS + "creator"),
    ("created", DCTERMS + "created"),
    ("modified", DCTERMS + "modified"),
    ("prefix", VANN + "preferredNamespacePrefix"),
    ("unread", CG + "unreviewedLanguage"),
)
"""What an ontology says of itself, in this order."""

PAGES = (
    ("classes", CLASSES),
    ("properties", PROPERTIES),
    ("codes", CODES),
    ("inference", INFERENCE),
    ("shapes", SHAPES),
)


def index(material: Material) -> Iterator[str]:
    """The parts of the page."""
    said = material.said
    for iri in said.users(RDF + "type", OWL + "Ontology"):
        yield _ontology(said, iri)
    if material.added:
        terms = said.sorted(material.added & said.spots.keys())
        lines = [*map(said.link, terms), material.rules(material.added & material.explained.keys())]
        yield f"## {said['here']}\n\n{' · '.join(filter(None, lines))}"
    yield f"## {said['pages']}\n\n" + "".join(f"- [{said[title]}]({file})\n" for title, file in PAGES)
    yield f"## {said['links']}\n\n{said['links told']}\n\n{_links(material)}"
    yield f"## {said['tree']}\n\n{said['tree told']}\n\n{_tree(material)}"
    yield f"## {said['prefixes']}\n\n{table((said['prefix'], said['stands for']), _prefixes(said))}"


def _ontology(said: Said, iri: str) -> str:
    """What one ontology says of itself; nothing where it only holds prefixes."""
    titles = {
        v.language or "": v.value for v in said.values(iri, DCTERMS + "title") if hasattr(v, "language")
    }
    facts = [("IRI", f"<{iri}>"), *((said[key], _values(said, iri, prop)) for key, prop in HEAD)]
    about = " ".join(said.texts(iri, DCTERMS + "description", RDFS + "comment"))
    told = any(how for _, how in facts[1:])
    return joined((tongues(titles, said.lang), about, items(facts))) if titles or about or told else ""


def _values(said: Said, iri: str, prop: str) -> str:
    found = sorted({value.value for value in said.values(iri, prop)})
    return ", ".join(f"<{each}>" if each.startswith("http") else code(each) for each in found)


def _prefixes(said: Said) -> Iterator[tuple[str, str]]:
    onto = said.ontology
    terms = onto.classes | onto.properties | onto.concepts
    used = {said.name(iri).partition(":")[0] for iri in terms}
    for prefix, space in sorted(onto.prefixes.items()):
        if prefix in used:
            yield code(f"{prefix}:"), code(space)


# --- diagrams


def _links(material: Material) -> str:
    """Which classes lead to which, as axioms and shapes say it."""
    said, onto = material.said, material.ontology
    arrows = set(material.judges.links)
    for prop in onto.properties:
        ends = ((d, r) for d in said.nodes(prop, RDFS + "domain") for r in said.nodes(prop, RDFS + "range"))
        arrows |= {(start, prop, end) for start, end in ends}
    found = {(start, prop, end) for start, prop, end in arrows if {start, end} <= onto.classes}
    boxes = {end for start, _, end in found} | {start for start, _, end in found}
    called = [(said.name(s), onto.label(prop, said.lang), said.name(o)) for s, prop, o in found]
    return flowchart(said["links"], said["links told"], _boxes(said, boxes), called)


def _tree(material: Material) -> str:
    """Which class is below which."""
    said, onto = material.said, material.ontology
    pairs = {(cls, up) for cls in onto.classes for up in said.nodes(cls, RDFS + "subClassOf")}
    boxes = {cls for pair in pairs for cls in pair}
    return flowchart(
        said["tree"],
        said["tree told"],
        _boxes(said, boxes),
        [(said.name(one), "", said.name(up)) for one, up in pairs],
    )


def _boxes(said: Said, classes: set[str]) -> dict[str, str]:
    """The boxes of classes by name: with their labels, those of other vocabularies with their names."""
    found = {}
    for cls in said.sorted(classes):
        is_own = cls in said.own
        found[said.name(cls)] = said.ontology.label(cls, said.lang) if is_own else said.name(cls)
    return found
