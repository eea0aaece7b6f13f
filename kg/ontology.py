"""The folder `ontology/`: terms and code lists, axioms, shortcuts, shapes, context, and look-ups in them.

```
*.ttl            terms, code lists   → `terms`, in the named graph `ontology`; no blank nodes
axioms.ttl       what the reasoner uses        → `axioms`      shapes.ttl   → `shapes`
shortcuts.ttl    rules drawn before it         → `shortcuts`   context.jsonld → `context`
```
Several folders add up: statements are joined, a key of a later context takes the place of an earlier one's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kg import formats
from kg.context import Context, Entry, Kind
from kg.errors import DefinitionError, Fault, InputError
from kg.languages import pick
from kg.names import CG, OWL, PREFIXES, RDF, RDFS, SKOS, VANN, Names, last, split, term
from kg.places import Place, Places

TYPE = NamedNode(RDF + "type")
_APART = ("axioms", "shortcuts", "shapes")
_LABELS = (SKOS + "prefLabel", RDFS + "label")
_PROPERTIES = tuple(OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"))


def load(directories: Sequence[Path], names: Names | None = None) -> Ontology:
    """The ontology of the folders, a later one adding to the earlier.

    :raises DefinitionError: if a file cannot be read, a part is missing, or they do not fit together.
    """
    read: dict[str, list[Quad]] = {part: [] for part in ("terms", *_APART)}
    places = Places()
    contexts: list[tuple[str, str]] = []
    try:
        for directory in directories:
            # Terms first: where one is declared is its first place.
            for path in sorted(directory.glob("*.ttl"), key=lambda path: (path.stem in _APART, path.name)):
                read[path.stem if path.stem in _APART else "terms"] += _read(path, places)
            if (path := directory / "context.jsonld").is_file():
                contexts.append((str(path), formats.decode(formats.read_bytes(path), str(path))))
    except InputError as exc:
        raise DefinitionError(*exc.faults) from exc
    if not read["terms"] or not contexts:
        where = Place(", ".join(map(str, directories)) or "ontology")
        what = "no file with terms" if not read["terms"] else "no context.jsonld"
        raise DefinitionError.at(where, f"there is {what} here", "name the folder of an ontology")
    terms = formats.regraph(read.pop("terms"), (names or Names()).graph("ontology"))
    apart = {part: list(dict.fromkeys(quads)) for part, quads in read.items()}
    ontology = Ontology(terms, Context.load(contexts), **apart, places=places)
    ontology.check(Place(contexts[-1][0]))
    return ontology


def _read(path: Path, places: Places) -> list[Quad]:
    """The quads of one file, its places added to `places`."""
    quads, found = formats.read_placed(path)
    places.update(found)
    if path.stem not in _APART and (nameless := formats.nameless(quads, found)):
        what = "a node without an IRI among the terms"
        fix = "axioms with brackets belong in axioms.ttl, rules in shortcuts.ttl"
        raise DefinitionError.all(Fault(place, what, fix) for place in nameless)
    return quads


@dataclass(frozen=True)
class Ontology:
    """The parts of an ontology. `terms` stand in the graph `ontology`, the others in the default graph.

    `places`: where all of it is written.
    """

    terms: list[Quad] = field(default_factory=list)
    context: Context = field(default_factory=Context)
    axioms: list[Quad] = field(default_factory=list)
    shortcuts: list[Quad] = field(default_factory=list)
    shapes: list[Quad] = field(default_factory=list)
    places: Places = field(default_factory=Places)

    # --- what is declared

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes for reading and writing: the standard ones, those that ontologies ask for by
        `vann:preferredNamespacePrefix`, and those of the context.
        """
        wanted = dict(self._pairs(VANN + "preferredNamespacePrefix"))
        spaces = dict(self._pairs(VANN + "preferredNamespaceUri"))
        asked = {wanted[iri]: spaces[iri] for iri in sorted(wanted.keys() & spaces.keys())}
        return asked | PREFIXES | dict(self.context.prefixes)

    @cached_property
    def classes(self) -> frozenset[str]:
        """The IRIs of the declared classes."""
        return frozenset(self._subjects(RDF + "type", OWL + "Class"))

    @cached_property
    def properties(self) -> frozenset[str]:
        """The IRIs of the declared properties of all three kinds."""
        return frozenset(s for kind in _PROPERTIES for s in self._subjects(RDF + "type", kind))

    @cached_property
    def concepts(self) -> frozenset[str]:
        """The IRIs of the declared concepts: codes and words."""
        return frozenset(self._subjects(RDF + "type", SKOS + "Concept"))

    @cached_property
    def schemes(self) -> dict[str, list[str]]:
        """The concepts of each scheme, as they are written one after the other."""
        found: dict[str, list[str]] = defaultdict(list)
        for subject, scheme in self._pairs(SKOS + "inScheme"):
            found[scheme].append(subject)
        return dict(found)

    @cached_property
    def _codes(self) -> dict[str, dict[str, NamedNode]]:
        codes: dict[str, dict[str, NamedNode]] = defaultdict(dict)
        for subject in self._subjects(RDF + "type", SKOS + "Concept"):
            vocabulary, code = split(subject)
            codes[vocabulary][code] = NamedNode(subject)
        return dict(codes)

    def codes(self, vocabulary: str) -> dict[str, NamedNode]:
        """The concepts below the IRI `vocabulary`, by their last part, in the order of the file."""
        return self._codes.get(vocabulary, {})

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages of its labels."""
        return frozenset(lang for texts in self._labels.values() for lang in texts if lang)

    # --- what follows from its axioms

    @cached_property
    def _above(self) -> dict[str, set[str]]:
        above: dict[str, set[str]] = defaultdict(set)
        for subject, parent in self._pairs(RDFS + "subClassOf"):
            above[subject].add(parent)
        return above

    @cached_property
    def _closures(self) -> dict[str, frozenset[str]]:
        return {}

    def superclasses(self, cls: NamedNode | str) -> frozenset[str]:
        """The IRIs of the named classes that `cls` is below, itself among them."""
        start = cls if isinstance(cls, str) else cls.value
        if start not in self._closures:
            seen, todo = {start}, [start]
            while todo:
                todo += (new := self._above.get(todo.pop(), set()) - seen)
                seen |= new
            self._closures[start] = frozenset(seen)
        return self._closures[start]

    def is_subclass(self, cls: NamedNode | str, of: NamedNode | str) -> bool:
        """Whether `cls` is `of`, or below it by axioms between named classes."""
        return (of if isinstance(of, str) else of.value) in self.superclasses(cls)

    def subclasses(self, cls: NamedNode | str) -> list[str]:
        """The IRIs of the declared classes that are `cls` or below it, sorted."""
        return sorted(each for each in self.classes if self.is_subclass(each, cls))

    def range(self, property: NamedNode | str) -> NamedNode | None:
        """The named class that the values of `property` belong to."""
        return self._one(RDFS + "range", property)

    def domain(self, property: NamedNode | str) -> NamedNode | None:
        """The named class that whatever has `property` belongs to."""
        return self._one(RDFS + "domain", property)

    def defaults(self, cls: NamedNode | str) -> list[tuple[NamedNode, NamedNode | Literal]]:
        """The properties that an instance of `cls` has unless its author says otherwise, and their values."""
        above = self.superclasses(cls)
        return [(prop, value) for prop, domain, value in self._defaults if domain in above]

    @cached_property
    def _defaults(self) -> list[tuple[NamedNode, str, NamedNode | Literal]]:
        return sorted(
            (
                (quad.subject, domain.value, quad.object)
                for quad in self._facts.get(CG + "defaultValue", ())
                if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal)
                if (domain := self.domain(quad.subject))
            ),
            key=str,
        )

    @cached_property
    def gradings(self) -> dict[str, Entry]:
        """The keys of the codes that evidence may be graded by: those of properties of its own."""
        entries = self.context.entries
        return {
            key: entries[key]
            for key in sorted(entries)
            if entries[key].kind is Kind.CODE and self.domain(entries[key].property) == term("Evidence")
        }

    def bounds(self, property: NamedNode | str) -> tuple[NamedNode | None, NamedNode | None]:
        """The properties that hold the earliest and the latest day of the EDTF values of `property`."""
        return self._one(CG + "earliestBound", property), self._one(CG + "latestBound", property)

    @cached_property
    def dated(self) -> dict[str, str]:
        """The property of EDTF values by each of the two that hold its days."""
        pairs = (*self._pairs(CG + "earliestBound"), *self._pairs(CG + "latestBound"))
        return {bound: dated for dated, bound in pairs}

    @cached_property
    def graded(self) -> dict[str, frozenset[str]]:
        """The codes and properties that statements are graded by, by the notations of the kinds of words."""
        names = dict(self._pairs(SKOS + "notation"))
        found: dict[str, set[str]] = defaultdict(set)
        for subject, by in self._pairs(CG + "gradedBy"):
            found[names.get(subject, subject)].add(by)
        return {kind: frozenset(by) for kind, by in found.items()}

    @cached_property
    def graded_labels(self) -> dict[str, dict[str, str]]:
        """What those kinds are called, by language."""
        names = dict(self._pairs(SKOS + "notation"))
        return {names.get(s, s): self._labels.get(s, {}) for s, _ in self._pairs(CG + "gradedBy")}

    def root(self, kind: str) -> NamedNode | None:
        """The class that the files of a kind (`case`, `source`) each describe one instance of."""
        return next((NamedNode(s) for s in self._subjects(CG + "documentKind", kind)), None)

    @cached_property
    def document_kinds(self) -> tuple[str, ...]:
        """The kinds of files that describe an instance of a class."""
        return tuple(sorted({value for _, value in self._pairs(CG + "documentKind")}))

    # --- words

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        labels: dict[str, dict[str, str]] = defaultdict(dict)
        for predicate in _LABELS:
            for quad in self._facts.get(predicate, ()):
                if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
                    labels[quad.subject.value].setdefault(quad.object.language or "", quad.object.value)
        return dict(labels)

    def label(self, node: NamedNode | str, language: str = "en") -> str:
        """The label in `language`, or one near to it, or English, or any; else the end of the IRI.

        >>> Ontology().label("https://example.org/ns#Thing")
        'Thing'
        """
        iri = node if isinstance(node, str) else node.value
        texts = self._labels.get(iri, {})
        return pick(texts, language) if texts else last(iri)

    # --- whether the parts fit together

    def check(self, place: Place) -> None:
        """Refuse a context that speaks of properties and codes that are not declared.

        :raises DefinitionError: with all that does not fit.
        """
        if faults := [Fault(place, f"the term “{key}”: {what}", fix) for key, what, fix in self._misfits()]:
            raise DefinitionError.all(faults)

    def _misfits(self) -> Iterable[tuple[str, str, str]]:
        for key, entry in self.context.entries.items():
            if entry.kind in (Kind.ID, Kind.CLASS):
                continue
            if entry.property.value not in self.properties:
                yield key, f"{entry.property.value} is not declared", "declare the property in the ontology"
            elif entry.kind is Kind.MAP and self.range(entry.property) is None:
                yield key, f"{entry.property.value} has no rdfs:range", "say which class its nodes are of"
            elif entry.kind is Kind.CODE and not self.codes(entry.base):
                yield key, f"no concept is declared below {entry.base}", "add the code list"
        for name, node in self.context.classes.items():
            if node.value not in self.classes:
                yield name, f"{node.value} is no declared class", "declare the class in the ontology"

    # --- the index

    @cached_property
    def _facts(self) -> dict[str, list[Quad]]:
        """The statements of terms and axioms, by predicate."""
        facts: dict[str, list[Quad]] = defaultdict(list)
        for quad in (*self.terms, *self.axioms):
            facts[quad.predicate.value].append(quad)
        return dict(facts)

    def _pairs(self, predicate: str) -> list[tuple[str, str]]:
        """Subject and object of each statement of `predicate` between named nodes, or a node and a text."""
        return [
            (quad.subject.value, quad.object.value)
            for quad in self._facts.get(predicate, ())
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal)
        ]

    def _subjects(self, predicate: str, value: str) -> list[str]:
        return [subject for subject, found in self._pairs(predicate) if found == value]

    @cached_property
    def _ones(self) -> dict[tuple[str, str], NamedNode]:
        wanted = (RDFS + "range", RDFS + "domain", CG + "earliestBound", CG + "latestBound")
        return {(p, s): NamedNode(o) for p in wanted for s, o in sorted(self._pairs(p), reverse=True)}

    def _one(self, predicate: str, subject: NamedNode | str) -> NamedNode | None:
        return self._ones.get((predicate, subject if isinstance(subject, str) else subject.value))
