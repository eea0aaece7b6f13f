"""Namespaces, prefixes, and every IRI that is minted. No other module puts an IRI together.

A workspace's *base* is where its cases and sources live; `ns#`, `code/` and the
shared entities under `id/` are the same for everybody.

>>> names = Names()
>>> names.case("a-case").value
'https://w3id.org/casegraph/case/a-case'
>>> names.evidence(names.case("a-case"), "a-text", (84, 104)).value
'https://w3id.org/casegraph/case/a-case/evidence/a-text-84-104'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

HOME = "https://w3id.org/casegraph/"
CG = HOME + "ns#"
ID = HOME + "id/"
CODE = HOME + "code/"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SH = "http://www.w3.org/ns/shacl#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
OA = "http://www.w3.org/ns/oa#"
ORG = "http://www.w3.org/ns/org#"
DCAT = "http://www.w3.org/ns/dcat#"
VOID = "http://rdfs.org/ns/void#"
VANN = "http://purl.org/vocab/vann/"

PREFIXES: dict[str, str] = {
    "cg": CG,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "oa": OA,
    "org": ORG,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "sh": SH,
    "skos": SKOS,
    "vann": VANN,
    "void": VOID,
    "xsd": XSD,
}
"""Prefixes of the standard vocabularies; an ontology's context adds its own."""

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What a key or an id looks like: it becomes a part of an IRI."""


def is_key(text: str) -> bool:
    """Whether `text` may be a key, and so a part of an IRI.

    >>> is_key("a-key-2"), is_key("A Key"), is_key("nøgle")
    (True, False, False)
    """
    return KEY.fullmatch(text) is not None


def split(iri: str) -> tuple[str, str]:
    """The namespace of an IRI, with its `#` or `/`, and the last part.

    >>> split("http://e.org/ns#Thing"), split("http://e.org/terms/title")
    (('http://e.org/ns#', 'Thing'), ('http://e.org/terms/', 'title'))
    """
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:cut], iri[cut:]


def last(iri: str) -> str:
    """The last part of an IRI."""
    return split(iri)[1]


def term(local: str) -> NamedNode:
    """The engine's own term `local`, in the namespace of the ontology."""
    return NamedNode(CG + local)


def shared(reference: str) -> NamedNode:
    """A shared entity: `thing/a1` stands under `id/` for everybody."""
    return NamedNode(ID + reference)


def uuid(*parts: str) -> NamedNode:
    """A node that nobody minted, such as a result, named after what makes it this one.

    >>> uuid("result", "a") == uuid("result", "a") != uuid("result", "b")
    True
    """
    from uuid import NAMESPACE_URL, uuid5

    return NamedNode(uuid5(NAMESPACE_URL, HOME + "\0".join(parts)).urn)


def below(node: NamedNode, *parts: str) -> NamedNode:
    """A node that belongs to `node`: `case/ID` and `things`, `a1` make `case/ID/things/a1`."""
    return NamedNode("/".join((node.value, *parts)))


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs of one workspace, below its base (which ends in `/` or `#`)."""

    base: str = HOME

    def case(self, id: str) -> NamedNode:
        """The case `id`."""
        return NamedNode(f"{self.base}case/{id}")

    def source(self, id: str) -> NamedNode:
        """The source `id`: a text or a register."""
        return NamedNode(f"{self.base}source/{id}")

    def dataset(self) -> NamedNode:
        """The whole of the workspace's graph, as what it says of itself calls it."""
        return NamedNode(f"{self.base}dataset")

    def graph(self, name: str) -> NamedNode:
        """The named graph `name`: `case/ID`, `reference`, `ontology`, `inferred` or `about`."""
        return NamedNode(f"{self.base}graph/{name}")

    def evidence(
        self, case: NamedNode, source: str, span: tuple[int, int] | None = None, codes: str = ""
    ) -> NamedNode:
        """The evidence of `case` in `source`: a span of code points, or the source as a whole.

        `codes`: what it is graded by; the same place graded otherwise is other evidence.
        """
        place = source if span is None else f"{source}-{span[0]}-{span[1]}"
        return below(case, "evidence", place + codes)


def short(iri: str, prefixes: Mapping[str, str]) -> str:
    """The IRI with the longest prefix that fits, else in angle brackets.

    >>> short("http://example.org/ns#Cat", {"": "http://example.org/ns#"}), short("urn:x", {})
    (':Cat', '<urn:x>')
    """
    fits = [(len(space), prefix) for prefix, space in prefixes.items() if iri.startswith(space)]
    if not fits:
        return f"<{iri}>"
    length, prefix = max(fits)
    return f"{prefix}:{iri[length:]}"
