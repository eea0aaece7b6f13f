"""What a workspace knows while its files are typed: terms, shared entities, sources and their texts.

Read once, and again when one of its files changes; so it stays quick to ask.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kg import build, evidence, schema, sources
from kg.errors import Fault, InputError
from kg.languages import pick
from kg.names import DCTERMS, ID, RDF, RDFS, SH, SKOS, last
from kg.ontology import Ontology
from kg.places import Place
from kg.workspace import Workspace

TYPE, SUBCLASS = RDF + "type", RDFS + "subClassOf"
LABELS = (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title")
OTHER_LABELS = (SKOS + "altLabel", SKOS + "hiddenLabel")
DEFINITION = SKOS + "definition"

Stamp = frozenset[tuple[str, int, int]]
"""Files with their time and size: another stamp, other contents."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A shared entity: its id and classes, what it is called in each language, and all of its names."""

    id: str
    classes: frozenset[str]
    labels: Mapping[str, str]
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The last part of its id."""
        return self.id.rpartition("/")[2]

    def label(self, lang: str) -> str:
        """Its name in `lang`, or in another language; "" where it has none."""
        return pick(self.labels, lang) if self.labels else ""


@dataclass(frozen=True)
class Ground:
    """All that the cases of a workspace stand on. `lost`: what of it could not be read."""

    workspace: Workspace
    onto: Ontology
    asserted: build.Asserted
    stamp: Stamp
    lost: tuple[Fault, ...] = ()
    _frames: dict[str, schema.Schema] = field(default_factory=dict)
    _fitting: dict[frozenset[str], list[Entity]] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path) -> Ground:
        """What the workspace at `root` knows.

        :raises DefinitionError: if settings or ontology are ill-formed.
        """
        stamp = stamped(root)
        workspace = Workspace.load(root)
        onto = build.ontology_of(workspace)
        asserted = build.read(workspace, onto, ())
        found = asserted.places.paths()
        unread = {str(p) for p in (*workspace.reference(), *workspace.source_descriptions())} - found
        lost = tuple(f for f in asserted.faults if f.place and f.place.path in unread)
        return cls(workspace, onto, asserted, stamp, lost)

    # --- nodes

    @cached_property
    def said(self) -> dict[str, list[Quad]]:
        """What is said of each node, by its IRI."""
        found: dict[str, list[Quad]] = defaultdict(list)
        for quad in self.asserted.quads:
            found[_value(quad.subject)].append(quad)
        return dict(found)

    @cached_property
    def known(self) -> frozenset[str] | None:
        """The IRIs of the shared entities; None where some could not be read, and so none can be missed."""
        return None if self.lost else frozenset(iri for iri in self.said if iri.startswith(ID))

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """The shared entities by their id, as references write it."""
        nodes = ((iri.removeprefix(ID), quads) for iri, quads in self.said.items() if iri.startswith(ID))
        return {id: _entity(id, quads) for id, quads in nodes}

    def label(self, node: NamedNode | str, lang: str) -> str:
        """What people call the node in `lang`; the end of its IRI where nothing says."""
        labels = _texts(self.said.get(_value(node), ()), LABELS)
        return pick(labels, lang) if labels else self.onto.label(node, lang)

    def definition(self, node: NamedNode | str, lang: str) -> str:
        """The definition of a term or a code in `lang`, or ""."""
        texts = _texts(self.said.get(_value(node), ()), (DEFINITION,))
        return pick(texts, lang) if texts else ""

    def near(self, quads: Collection[Quad]) -> list[Quad]:
        """What is said of all that `quads` lead to, step by step; of a class, what it is below.

        Enough to judge `quads` without the rest of the graph, and a thirtieth of it.
        """
        terms = self.onto.classes | self.onto.properties
        todo = [_value(quad.object) for quad in quads if isinstance(quad.object, NamedNode)]
        seen = {_value(quad.subject) for quad in quads}
        found: list[Quad] = []
        while todo:
            if (iri := todo.pop()) in seen:
                continue
            seen.add(iri)
            said = self.said.get(iri, ())
            found += (new := [q for q in said if iri not in terms or q.predicate.value == SUBCLASS])
            todo += [_value(quad.object) for quad in new if isinstance(quad.object, NamedNode)]
        return found

    # --- keys and what they lead to

    def leads_to(self, prop: NamedNode) -> frozenset[str]:
        """The classes that the shapes, else the axioms, want of what `prop` leads to; none if none says."""
        cls = self.onto.range(prop)
        return self._wanted.get(prop.value) or frozenset([cls.value] if cls else ())

    @cached_property
    def _wanted(self) -> dict[str, frozenset[str]]:
        """The classes that property shapes want of the values of each property."""
        stated = (quad for quad in self.onto.shapes if quad.predicate.value == SH + "path")
        paths = {str(quad.subject): _value(quad.object) for quad in stated}
        found: dict[str, set[str]] = defaultdict(set)
        for quad in self.onto.shapes:
            if quad.predicate.value == SH + "class" and (path := paths.get(str(quad.subject))):
                found[path].add(_value(quad.object))
        return {path: frozenset(classes) for path, classes in found.items()}

    def fits(self, classes: Iterable[str], wanted: Collection[str]) -> bool:
        """Whether a node of `classes` may stand where one of `wanted` is to be; anything may if none is."""
        is_below = self.onto.is_subclass
        return not wanted or any(is_below(a, b) or is_below(b, a) for a in classes for b in wanted)

    def fitting(self, wanted: frozenset[str]) -> list[Entity]:
        """The shared entities that may stand where one of the classes `wanted` is."""
        if wanted not in self._fitting:
            self._fitting[wanted] = [e for e in self.entities.values() if self.fits(e.classes, wanted)]
        return self._fitting[wanted]

    @cached_property
    def headings(self) -> frozenset[str]:
        """The codes under which others stand."""
        return frozenset(_value(q.object) for q in self.onto.terms if q.predicate.value == SKOS + "broader")

    def frame(self, kind: str, cls: NamedNode) -> schema.Schema:
        """The JSON Schema of a node of `cls` in a file of `kind`: its properties, and which are required."""
        if kind not in self._frames:
            self._frames[kind] = schema.generate(self.onto, self.workspace.languages, kind)
        whole = self._frames[kind]
        if cls == self.onto.root(kind):
            return whole
        frame: schema.Schema = whole["$defs"].get(last(cls.value), {})
        return frame

    # --- sources

    @cached_property
    def source_files(self) -> dict[str, Path]:
        """The files that describe the sources, by the sources' ids."""
        return {path.stem: path for path in self.workspace.source_descriptions()}

    @cached_property
    def texts(self) -> dict[str, sources.Text]:
        """The texts of the sources, as far as they are at hand."""
        digests = evidence.descriptions(self.source_files.values())
        try:
            return sources.library(self.workspace.sources, digests)
        except InputError:
            return {}

    @cached_property
    def lists(self) -> evidence.WordLists:
        """The lists of words that turn or soften what a sentence says."""
        return evidence.ground_of(self.workspace, {}).lists

    def source(self, name: str) -> str:
        """The IRI of the source `name`."""
        return self.workspace.names.source(name).value

    # --- where things are from

    def origin(self, node: NamedNode) -> Place | None:
        """Where the node is described: a row, or the place in the file that says what kind of thing it is."""
        places = self.asserted.places
        found = places.find(node)
        described = {place.path for place in places.find(node, NamedNode(TYPE))}
        return next((place for place in found if place.path in described), None)


def stamped(root: Path) -> Stamp:
    """The stamp of all that a ground is read from; a file that comes or goes changes it too.

    :raises DefinitionError: if the settings are ill-formed.
    """
    workspace = Workspace.load(root)
    own = set(workspace.cases())
    files = [path for path in workspace.inputs() if path not in own]
    if workspace.sources:
        files += sorted(workspace.sources.glob("*.txt"))
    return frozenset(filter(None, map(_stamp, files)))


def _stamp(path: Path) -> tuple[str, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return str(path), stat.st_mtime_ns, stat.st_size


def _entity(id: str, quads: Iterable[Quad]) -> Entity:
    quads = list(quads)
    classes = frozenset(_value(quad.object) for quad in quads if quad.predicate.value == TYPE)
    labels = _texts(quads, LABELS)
    more = (quad.object for quad in quads if quad.predicate.value in OTHER_LABELS)
    others = (text.value for text in more if isinstance(text, Literal))
    return Entity(id, classes, labels, (*labels.values(), *others))


def _texts(quads: Iterable[Quad], properties: tuple[str, ...]) -> dict[str, str]:
    """The texts of the first of `properties` in each language."""
    found: dict[str, tuple[int, str]] = {}
    for quad in quads:
        if quad.predicate.value in properties and isinstance(quad.object, Literal):
            rank = properties.index(quad.predicate.value), quad.object.value
            lang = quad.object.language or ""
            found[lang] = min(rank, found.get(lang, rank))
    return {lang: text for lang, (_, text) in found.items()}


def _value(term: Any) -> str:
    return str(getattr(term, "value", term))
