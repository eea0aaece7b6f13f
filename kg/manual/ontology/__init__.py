"""The reference of an ontology as pages of Markdown, for people and for links from elsewhere.

```
README.md       what the ontology says of itself, its prefixes, two diagrams
classes.md      properties.md    each term: labels in all languages, definition, what is said of it in words,
                which shapes judge it, which questions need it; its anchor is the local name of its IRI
codes.md        each code list, at LIST, and each code, at LIST/NAME
inference.md    shortcuts and axioms in words
shapes.md       each rule of the shapes, at its name, with a right and a wrong example
```
The words around the terms are those of the reader's language. The same bytes each time.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.manual.markdown import page
from kg.manual.ontology.index import index
from kg.manual.ontology.inference import inference
from kg.manual.ontology.material import Material, terms_of
from kg.manual.ontology.said import CLASSES, CODES, INDEX, INFERENCE, PROPERTIES, SHAPES
from kg.manual.ontology.shapes import shapes
from kg.manual.ontology.terms import Terms

__all__ = ["Material", "pages", "terms_of"]


def pages(material: Material) -> dict[str, str]:
    """File name → text of each page."""
    said, terms = material.said, Terms(material)

    def written(title: str, source: str, parts: Iterable[str]) -> str:
        return page(said[title], said[source], parts, said["written"])

    return {
        INDEX: written("ontology", "the terms", index(material)),
        CLASSES: written("classes", "the terms", terms.classes()),
        CODES: written("codes", "the terms", terms.codes()),
        INFERENCE: written("inference", "the axioms", inference(material)),
        PROPERTIES: written("properties", "the terms", terms.properties()),
        SHAPES: written("shapes", "the shapes", shapes(material)),
    }
