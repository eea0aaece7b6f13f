"""The pages of terms: classes, properties, and the codes of each list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from pyoxigraph import NamedNode

from kg.context import Entry, Kind
from kg.manual.markdown import code, items, table, text
from kg.manual.ontology.material import Material
from kg.manual.ontology.said import anchor, joined, last
from kg.names import CG, OWL, RDFS, SKOS
from kg.shapes.triples import Triples

CHARACTERISTICS = tuple(
    f"{kind}Property"
    for kind in (
        *("Symmetric", "Asymmetric", "Transitive", "Functional", "InverseFunctional"),
        *("Reflexive", "Irreflexive"),
    )
)
"""What a property can be, by the local names of OWL."""


class Terms:
    """What is told of each term of an ontology."""

    def __init__(self, material: Material) -> None:
        self._material, self._said, self._onto = material, material.said, material.ontology

    def classes(self) -> Iterator[str]:
        """All classes that have a label or a definition, in the order of their names; then the others."""
        own = self._onto.classes & self._said.own
        yield self._list_of(own)
        yield from map(self._class, self._said.sorted(own))
        yield self._others(self._onto.classes - own)

    def properties(self) -> Iterator[str]:
        """All properties, likewise."""
        own = self._onto.properties & self._said.own
        yield self._list_of(own)
        yield from map(self._property, self._said.sorted(own))
        yield self._others(self._onto.properties - own)

    def codes(self) -> Iterator[str]:
        """All lists with their codes."""
        yield self._list_of(filter(None, self._said.schemes))
        yield from (self._scheme(scheme, codes) for scheme, codes in self._said.schemes.items())

    def _list_of(self, iris: Iterable[str]) -> str:
        """Links to all that a page tells of."""
        return " · ".join(map(self._said.link, self._said.sorted(iris)))

    # --- one term

    def _class(self, iri: str) -> str:
        said = self._said
        return said.entry(
            iri,
            [
                (said["below"], said.links(said.nodes(iri, RDFS + "subClassOf"))),
                (said["kinds"], said.links(said.users(RDFS + "subClassOf", iri))),
                (said["same"], said.links(self._both(iri, OWL + "equivalentClass"))),
                (said["apart"], said.links(self._apart(iri))),
                (said["key"], ", ".join(map(said.links, self._keyed(iri)))),
                (said["kind"], ", ".join(code(v.value) for v in said.values(iri, CG + "documentKind"))),
                (said["has"], said.links(self._carried.get(iri, ()))),
                *self._rules(iri),
            ],
        )

    def _property(self, iri: str) -> str:
        said = self._said
        nodes = (
            ("of", RDFS + "domain"), ("values", RDFS + "range"), ("default", CG + "defaultValue"),
            ("earliest", CG + "earliestBound"), ("latest", CG + "latestBound"),
            ("below", RDFS + "subPropertyOf"),
        )  # fmt: skip
        return said.entry(
            iri,
            [
                (said["files"], self._keys(iri)),
                *((said[key], said.links(said.nodes(iri, prop))) for key, prop in nodes),
                (said["kinds"], said.links(said.users(RDFS + "subPropertyOf", iri))),
                (said["same"], said.links(self._both(iri, OWL + "equivalentProperty"))),
                (said["apart"], said.links(self._both(iri, OWL + "propertyDisjointWith"))),
                (said["inverse"], said.links(self._both(iri, OWL + "inverseOf"))),
                (said["goes"], "; ".join(self._ways(iri))),
                *self._rules(iri),
            ],
        )

    def _rules(self, iri: str) -> Iterator[tuple[str, str]]:
        """When it follows, what follows from it, which shapes judge it, which questions need it."""
        told = self._material.follows.sentences(iri)
        yield self._said["follows"], "; ".join(one if one.startswith("[") else text(one) for one in told)
        yield self._material.leads(iri)
        yield from self._material.judged(iri)
        yield from self._material.needs(iri)

    def _ways(self, iri: str) -> list[str]:
        """How a property goes: both ways, on and on, to one value at most."""
        return [self._said[kind] for kind in CHARACTERISTICS if kind in self._said.kinds(iri)]

    def _both(self, iri: str, prop: str) -> list[str]:
        """The nodes that are joined to a term by a property that goes both ways."""
        return [*self._said.nodes(iri, prop), *self._said.users(prop, iri)]

    def _apart(self, iri: str) -> set[str]:
        """The classes that have nothing in common with a class."""
        pairs = self._material.follows.rules.disjoint
        found = {d.class_b.value for d in pairs if d.class_a.value == iri}
        return found | {d.class_a.value for d in pairs if d.class_b.value == iri}

    def _keyed(self, iri: str) -> list[list[str]]:
        """The properties that tell the things of a class apart, together."""
        axioms = Triples(self._onto.axioms)
        heads = axioms.objects(NamedNode(iri), NamedNode(OWL + "hasKey"))
        return [[p.value for p in axioms.items(head) if isinstance(p, NamedNode)] for head in heads]

    @cached_property
    def _carried(self) -> dict[str, set[str]]:
        """Class → the properties of its things, by the axioms and by the shapes."""
        found: dict[str, set[str]] = {}
        for iri in self._onto.properties:
            for domain in self._said.nodes(iri, RDFS + "domain"):
                found.setdefault(domain, set()).add(iri)
        for about in self._material.judges.about.values():
            for cls in self._onto.classes.intersection(about):
                found.setdefault(cls, set()).update(self._onto.properties.intersection(about))
        return found

    # --- what files say

    @cached_property
    def _entries(self) -> list[Entry]:
        return sorted(self._onto.context.entries.values(), key=lambda entry: entry.key)

    def _keys(self, iri: str) -> str:
        """The keys that authors write for a property, and how the value of each reads."""
        return "; ".join(f"{code(e.key)}, {self._reads(e)}" for e in self._entries if e.property.value == iri)

    def _reads(self, entry: Entry) -> str:
        reads = self._said[entry.kind.name]
        if entry.kind is Kind.CODE:
            return f"{reads} {self._list(entry.base)}"
        if entry.kind is Kind.LITERAL:
            return f"{reads} {code(self._said.name(entry.datatype))}"
        return reads

    def _list(self, base: str) -> str:
        scheme = base.rstrip("/#")
        return self._said.link(scheme) if scheme in self._said.schemes else code(last(base))

    # --- code lists

    def _scheme(self, iri: str, codes: Iterable[str]) -> str:
        said = self._said
        keys = (code(e.key) for e in self._entries if e.kind is Kind.CODE and e.base.rstrip("/#") == iri)
        heads = ("code", "label", "definition", "judged", "asked")
        facts = [
            (said["list"], code(iri) if iri else ""),
            (said["files"], ", ".join(keys)),
            *(self._rules(iri) if iri else ()),
        ]
        parts = (
            anchor(said.anchor(iri)) if iri else "",
            f"### {text(last(iri) or said['no list'])}",
            said.labels(iri),
            said.definition(iri),
            items([*facts, *said.notes(iri)]),
            table([said[head] for head in heads], map(self._code, codes)),
        )
        return joined(parts)

    def _code(self, iri: str) -> tuple[str, ...]:
        material, said = self._material, self._said
        judged, read = material.judged(iri)
        asked = ", ".join(names for _, names in material.needs(iri) if names)
        rules = ", ".join(names for _, names in (judged, read) if names)
        name = f"{anchor(said.anchor(iri))}{code(last(iri))}"
        return name, said.labels(iri), self._about(iri), rules, asked

    def _about(self, iri: str) -> str:
        """The definition of a code, with its notes, other words for it, and what it stands below."""
        said = self._said
        facts = [
            (said["below"], said.links(said.nodes(iri, SKOS + "broader"))),
            (said["also"], ", ".join(self._other_words(iri))),
            self._material.leads(iri),
            *said.notes(iri),
        ]
        gone = f"**{said['deprecated']}**" if said.is_deprecated(iri) else ""
        told = (f"{what[:1].upper()}{what[1:]}: {how.rstrip('.')}." for what, how in facts if how)
        return " ".join(filter(None, (gone, said.definition(iri), *told)))

    def _other_words(self, iri: str) -> list[str]:
        return sorted({text(value.value) for value in self._said.values(iri, SKOS + "altLabel")})

    # --- terms of others

    def _others(self, iris: Iterable[str]) -> str:
        """The terms that are declared by name alone."""
        heads = [self._said[key] for key in ("term", "files", "judged", "asked")]
        rows = map(self._other, self._said.sorted(iris))
        told = table(heads, rows)
        return f"## {self._said['others']}\n\n{told}" if told else ""

    def _other(self, iri: str) -> tuple[str, ...]:
        material, said = self._material, self._said
        name = f"{anchor(said.anchor(iri))}[{code(said.name(iri))}]({iri})"
        judged = ", ".join(names for _, names in material.judged(iri) if names)
        return name, self._keys(iri), judged, ", ".join(names for _, names in material.needs(iri) if names)
