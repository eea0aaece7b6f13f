"""A right and a wrong example of each rule that no shape states; the prefixes are left out.

>>> right, wrong = EXAMPLES["check.ill-typed"]
>>> print(wrong)
:a :made "twenty"^^xsd:gYear .
"""

from __future__ import annotations

from collections.abc import Mapping

PREFIXES = {
    "": "http://example.org/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes of the examples in Turtle."""

EXAMPLES: Mapping[str, tuple[str, str]] = {
    "check.axiom": (
        ":Box rdfs:subClassOf :Container .",
        ":Box owl:disjointUnionOf ( :Open :Closed ) .",
    ),
    "check.contradiction": (
        ":S sh:targetClass :Box ;\n    sh:property [ sh:path :size ; sh:minCount 1 ; sh:maxCount 2 ] .",
        ":S sh:targetClass :Box ;\n    sh:property [ sh:path :size ; sh:minCount 2 ; sh:maxCount 1 ] .",
    ),
    "check.ill-typed": (
        ':a :made "2021"^^xsd:gYear .',
        ':a :made "twenty"^^xsd:gYear .',
    ),
    "check.import": (
        "# given with --import: boxes.ttl\n:crates a owl:Ontology ; owl:imports :boxes .",
        "# boxes.ttl is not given\n:crates a owl:Ontology ; owl:imports :boxes .",
    ),
    "check.not-run": (
        ":S sh:targetClass :Box ;\n    sh:property [ sh:path :size ; sh:minCount 1 ] .",
        ":S sh:targetClass :Box ; sh:rule [\n"
        "    a sh:TripleRule ; sh:subject sh:this ; sh:predicate :kind ; sh:object :large ] .",
    ),
    "check.prefix": (
        ': a owl:Ontology ; sh:declare [ sh:prefix "" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .\n'
        ":S sh:targetClass :Box ; sh:sparql [\n"
        '    sh:prefixes : ; sh:select "SELECT $this { $this :size 0 }" ] .',
        ':S sh:targetClass :Box ; sh:sparql [ sh:select "SELECT $this { $this :size 0 }" ] .',
    ),
    "check.query": (
        "PREFIX : <http://example.org/>\nSELECT ?box { ?box a :Box }",
        "SELECT ?box { ?box a :Box }",
    ),
    "check.unknown-class": (
        ":Crate a owl:Class .\n:c a :Crate .",
        ":Crate a owl:Class .\n:c a :Crat .",
    ),
    "check.unknown-datatype": (
        ':a :made "2021-10-12"^^xsd:date .',
        ':a :made "2021-10-12"^^xsd:Date .',
    ),
    "check.unknown-property": (
        ':a rdfs:label "a box"@en .',
        ':a rdfs:lable "a box"@en .',
    ),
    "input": (
        "title: A box",
        "title: A box\ntitle: A crate",
    ),
    "vacuity.no-constraint": (
        ":S sh:targetClass :Box ;\n    sh:property [ sh:path :size ; sh:minCount 1 ] .",
        ":S a sh:NodeShape ; sh:targetClass :Box .",
    ),
    "vacuity.no-data": (
        ":a a :Box .",
        "# :a a :Box .",
    ),
    "vacuity.no-focus": (
        ":S sh:targetClass :Crate ; sh:nodeKind sh:IRI .\n:c a :Crate .",
        ":S sh:targetClass :Crate ; sh:nodeKind sh:IRI .\n:c a :Barrel .",
    ),
    "vacuity.no-target": (
        ":S sh:targetClass :Box ; sh:nodeKind sh:IRI .",
        ":S a sh:NodeShape ; sh:nodeKind sh:IRI .",
    ),
    "vacuity.unlooked-term": (
        "<http://example.org/> a owl:Ontology .\n:Box a owl:Class . :size a owl:DatatypeProperty .\n"
        ":S sh:targetClass :Box ; sh:property [ sh:path :size ; sh:minCount 1 ] .",
        "<http://example.org/> a owl:Ontology .\n:Box a owl:Class . :size a owl:DatatypeProperty .\n"
        ":S sh:targetClass :Box ; sh:nodeKind sh:IRI .",
    ),
}
"""Rule → what keeps it, and what breaks it: Turtle, but for a query and the keys of a case file."""
