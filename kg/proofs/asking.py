"""What a person asks to have explained → the triples meant: nodes, classes and properties by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Store, Triple

from kg.errors import UsageError
from kg.meant import choices, suggestion
from kg.names import ID, OWL, RDF, below, last
from kg.ontology import Ontology
from kg.rules.model import Pattern
from kg.workspace import Workspace

TYPE = NamedNode(RDF + "type")
OBJECT_PROPERTY = NamedNode(OWL + "ObjectProperty")


@dataclass(frozen=True)
class Asking:
    """Finds what names mean, in a graph and its ontology."""

    workspace: Workspace
    ontology: Ontology
    store: Store

    def node(self, name: str) -> NamedNode:
        """The node that a name means: an IRI, one with a prefix, or as files write it (`ID`, `ID/things/a1`).

        :raises UsageError: if there is none.
        """
        for iri in self._readings(name):
            if self._is_there(iri):
                return iri
        raise UsageError.at(None, f"there is no node “{name}”", choices(name, self._known(name)))

    def _readings(self, name: str) -> Iterator[NamedNode]:
        yield from self._iris(name)
        if re.fullmatch(r"[\w./-]+", name):
            for base in (self.workspace.names.case("").value, ID, self.workspace.base):
                yield NamedNode(base + name)
            yield self.workspace.names.source(name)
            yield from self._shared(name)

    def _shared(self, key: str) -> list[NamedNode]:
        """The shared entity with a key, where only one kind of them has it."""
        found = {
            quad.subject
            for quad in self.store.quads_for_pattern(None, TYPE, None, None)
            if isinstance(quad.subject, NamedNode)
            and quad.subject.value.startswith(ID)
            and quad.subject.value.endswith("/" + key)
        }
        return sorted(found, key=str) if len(found) == 1 else []

    def _iris(self, name: str) -> Iterator[NamedNode]:
        if re.fullmatch(r"<?[a-z][a-z0-9+.-]*://[^\s<>\"{}|\\^`]+>?", name, re.IGNORECASE):
            yield NamedNode(name.strip("<>"))
        prefix, colon, local = name.partition(":")
        if colon and prefix in self.ontology.prefixes and re.fullmatch(r"[\w./-]*", local):
            yield NamedNode(self.ontology.prefixes[prefix] + local)

    def _is_there(self, iri: NamedNode) -> bool:
        patterns = ((iri, None, None), (None, None, iri))
        return any(True for s, p, o in patterns for _ in self.store.quads_for_pattern(s, p, o, None))

    def _known(self, name: str) -> list[str]:
        """What could have been meant: cases, else nodes of the case that is named."""
        root = self.workspace.names.case("").value
        case = name.partition("/")[0]
        nodes = {
            quad.subject.value.removeprefix(root)
            for quad in self.store.quads_for_pattern(None, TYPE, None, None)
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(root)
        }
        within = sorted(node for node in nodes if node.startswith(case + "/"))
        return within or sorted(node for node in nodes if "/" not in node)

    def cls(self, name: str) -> NamedNode | None:
        """The class that a name means: its key, its local name in any writing, or a label of it."""
        return self._term(name, self.ontology.classes)

    def property(self, name: str) -> NamedNode:
        """The property that a name means, by its key, its local name or a label; `a` is the class of a node.

        :raises UsageError: if there is none.
        """
        if name == "a":
            return TYPE
        entry = self.ontology.context.entry(name)
        if entry is not None:
            return entry.property
        known = self.ontology.properties
        if (found := self._term(name, known)) is not None:
            return found
        keys = sorted({*self.ontology.context.entries, *(self.ontology.label(iri) for iri in known)})
        raise UsageError.at(None, f"there is no property “{name}”", choices(name, keys))

    def _term(self, name: str, among: Iterable[str]) -> NamedNode | None:
        for iri in self._iris(name):
            if iri.value in among:
                return iri
        if name in self.ontology.context.classes:
            return self.ontology.context.classes[name]
        wanted = _plain(name)
        found = sorted(iri for iri in among if wanted in self._called(iri))
        return NamedNode(found[0]) if found else None

    def _called(self, iri: str) -> set[str]:
        return {_plain(last(iri)), *(_plain(self.ontology.label(iri, lang)) for lang in self._languages)}

    @cached_property
    def _languages(self) -> list[str]:
        return sorted(self.ontology.languages)

    def value(self, subject: NamedNode, prop: NamedNode, name: str) -> NamedNode | Literal:
        """The value that a name means: one that the node has, else a class, a code or a node, else a text.

        :raises UsageError: if it cannot be told.
        """
        values = [q.object for q in self.store.quads_for_pattern(subject, prop, None, None)]
        for value in values:
            if isinstance(value, Literal) and value.value == name:
                return value
        if prop == TYPE:
            if (cls := self.cls(name)) is not None:
                return cls
            raise self._no_class(name)
        key = self.ontology.context.key(prop)
        entry = self.ontology.context.entry(key) if key else None
        codes = self.ontology.codes(entry.base) if entry and entry.base else {}
        if name in codes:
            return codes[name]
        try:
            return self.node(name)
        except UsageError:
            if any(isinstance(value, NamedNode) for value in values) or codes or self._leads_on(prop):
                raise
            return Literal(name)

    def _leads_on(self, prop: NamedNode) -> bool:
        """Whether the ontology says that the values of a property are nodes."""
        return any(q.subject == prop and q.object == OBJECT_PROPERTY for q in self.ontology.terms)

    def triple(self, words: tuple[str, ...]) -> Triple:
        """The triple that two words (a node and a class, in either order) or three mean.

        :raises UsageError: if a word means nothing, or there are not two or three.
        """
        if len(words) == 2:
            first, second = words
            if (cls := self.cls(second)) is None and (other := self.cls(first)) is not None:
                first, second, cls = second, first, other
            if cls is None:
                raise self._no_class(second, first)
            return Triple(self.node(first), TYPE, cls)
        subject, prop = self.node(words[0]), self.property(words[1])
        return Triple(subject, prop, self.value(subject, prop, words[2]))

    def _no_class(self, *words: str) -> UsageError:
        """That none of some words is a class: of the first that is no node either, else of the first."""
        nodeless = (word for word in words if not any(map(self._is_there, self._readings(word))))
        word, classes = next(nodeless, words[0]), self.ontology.classes
        labels = sorted({self.ontology.label(iri) for iri in classes})
        fix = suggestion(word, {*labels, *map(last, classes)}) or choices(word, labels)
        return UsageError.at(None, f"there is no class “{word}”", fix)

    def goals(self, triple: Triple) -> list[Pattern]:
        """What may be meant by a triple that does not hold: of a class, of the nodes within the node too."""
        subject, prop, value = triple
        assert isinstance(subject, NamedNode)
        nodes = [subject]
        if prop == TYPE:
            inside = below(subject, "").value
            found = {q.subject for q in self.store.quads_for_pattern(None, TYPE, None, None)}
            nodes += sorted(
                (n for n in found if isinstance(n, NamedNode) and n.value.startswith(inside)), key=str
            )
        return [(node, prop, value) for node in nodes]


def _plain(name: str) -> str:
    """A name without what its writings differ in.

    >>> _plain("ShinyThing") == _plain("shiny-thing") == _plain("shiny thing")
    True
    """
    return re.sub(r"[\W_]+", "", name).lower()
