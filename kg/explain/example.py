"""Examples as an author writes them: keys and values as in a case file, or else Turtle.

Only what the rule is about, and what tells the two apart, is shown: `# – key` is a key that is not there,
and `…` stands for the rest of a node.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from kg.context import Entry, Kind
from kg.explain.excerpt import Writer
from kg.names import ID
from kg.ontology import Ontology
from kg.shapes.triples import TYPE, Object, Subject, Triples

Name = Callable[[NamedNode], str]
Properties = Collection[NamedNode]
PLAIN = re.compile(r"[\w-](?:[\w /.+()’'-]*[\w.)])?")
REST = "…"


def shown(
    right: Sequence[Quad], wrong: Sequence[Quad], about: Properties, ontology: Ontology, name: Name
) -> tuple[str, str]:
    """Both examples as text; empty where there is none.

    :param about: the properties that the rule is about.
    """
    writer, keeps, breaks = _Author(ontology, name), Triples(right), Triples(wrong)
    texts = writer.text(keeps, breaks, about), writer.text(breaks, keeps, about, missing=True)
    if texts[0] == texts[1]:
        return writer.turtle(keeps), writer.turtle(breaks)
    return texts


def _telling(node: Subject, one: Triples, other: Triples, about: Properties) -> set[NamedNode]:
    """The properties of a node to be shown: those of the rule, and those that tell the examples apart.

    Where the other example is about another node, those that this one has, too.
    """
    has, had = one.properties(node), other.properties(node)
    if not had:
        return {*about, *(prop for each in _subjects(other) for prop in other.properties(each))} & set(has)
    differ = {p for p in {**has, **had} if set(has.get(p, ())) != set(had.get(p, ()))}
    return differ | (set(about) & {*has, *had})


def _subjects(graph: Triples) -> list[Subject]:
    """The nodes that are described, those first that no other leans on."""
    nodes = [node for node in dict.fromkeys(s for s, _, _ in graph.all) if graph.objects(node, TYPE)]
    leaning = {o for s, _, o in graph.all if s in nodes and s != o}
    return sorted(nodes, key=lambda node: (node in leaning, str(node)))


class _Author:
    """Writes nodes as the context has it."""

    def __init__(self, ontology: Ontology, name: Name) -> None:
        self._ontology, self._name = ontology, name

    def text(self, graph: Triples, other: Triples, about: Properties, *, missing: bool = False) -> str:
        """The nodes of an example, one below the other.

        :param missing: whether what is not there is told, and nodes that the other has not are shown whole.
        """
        return "\n".join(self._node(node, graph, other, about, missing) for node in _subjects(graph))

    def turtle(self, graph: Triples) -> str:
        """All that the example states."""
        return "\n".join(self._turtle(node, graph, graph.properties(node)) for node in _subjects(graph))

    def _turtle(self, node: Subject, graph: Triples, props: Collection[NamedNode]) -> str:
        kept = {
            prop: values for prop, values in graph.properties(node).items() if prop == TYPE or prop in props
        }
        return Writer(graph, self._ontology.prefixes | _spaces(graph)).subject(node, kept)

    def _node(self, node: Subject, graph: Triples, other: Triples, about: Properties, missing: bool) -> str:
        has = graph.properties(node)
        telling = set(has) if missing and not other.properties(node) else _telling(node, graph, other, about)
        telling = telling - {TYPE} or set(has) - {TYPE}
        props = [prop for prop in telling if not self._derived(prop)]
        entries = {entry.key: entry for entry in map(self._entry, props) if entry}
        if not isinstance(node, NamedNode) or not props or len(entries) < len(props):
            return self._turtle(node, graph, telling)
        told = [(entry, has.get(entry.property, [])) for _, entry in sorted(entries.items())]
        lines = [self._line(entry, values) for entry, values in told if values or missing]
        return "\n".join(self._within(node, graph, [*lines, REST]))

    def _derived(self, prop: NamedNode) -> bool:
        """Whether the reader of case files works it out: a first or a last day."""
        return prop.value in {
            bound.value
            for each in self._ontology.properties
            for bound in self._ontology.bounds(each)
            if bound is not None
        }

    def _entry(self, prop: NamedNode) -> Entry | None:
        key = self._ontology.context.key(prop)
        return self._ontology.context.entry(key) if key else None

    def _within(self, node: NamedNode, graph: Triples, lines: list[str]) -> Iterator[str]:
        """The lines of a node, below its key, and that below the key of the map that it stands in."""
        classes = [cls for cls in graph.objects(node, TYPE) if isinstance(cls, NamedNode)]
        if any(self._is_document(cls) for cls in classes):
            yield from lines
            return
        held = None if node.value.startswith(ID) else self._map(classes)
        own = _last(node) if held else self._name(node)
        if held:
            yield f"{held.key}:"
        step = "  " if held else ""
        yield f"{step}{own}:"
        kind = [cls for cls in classes if held and cls != self._ontology.range(held.property)]
        yield from (f"{step}  {line}" for line in [*(f"kind: {self._name(cls)}" for cls in kind), *lines])

    def _is_document(self, cls: NamedNode) -> bool:
        roots = map(self._ontology.root, self._ontology.document_kinds)
        return any(root is not None and self._ontology.is_subclass(cls, root) for root in roots)

    def _map(self, classes: list[NamedNode]) -> Entry | None:
        """The key under which nodes of these classes stand."""
        for entry in self._ontology.context.maps.values():
            reach = self._ontology.range(entry.property)
            if reach and any(self._ontology.is_subclass(cls, reach) for cls in classes):
                return entry
        return None

    def _line(self, entry: Entry, values: list[Object]) -> str:
        if not values:
            return f"# – {entry.key}"
        return f"{entry.key}: {self._values(entry, values)}"

    def _values(self, entry: Entry, values: list[Object]) -> str:
        """The values: nodes by key, texts by language, and the rest as a list, or alone."""
        nodes = [v for v in values if isinstance(v, NamedNode) and entry.kind is Kind.MAP]
        texts = [v for v in values if isinstance(v, Literal) and v.language]
        pairs = [f"{text.language}: {_scalar(text.value)}" for text in texts]
        pairs += [f"{_last(node)}: {REST}" for node in nodes]
        others = {self._value(entry, v) for v in values if v not in texts and v not in nodes}
        said = sorted(others) + ([f"{{{', '.join(sorted(pairs))}}}"] if pairs else [])
        return said[0] if len(said) == 1 else f"[{', '.join(said)}]"

    def _value(self, entry: Entry, value: Object) -> str:
        """A code by its name, a node by its key, a shared entity by kind and name, a literal as it is."""
        if isinstance(value, Literal):
            return _scalar(value.value)
        if not isinstance(value, NamedNode) or entry.kind is Kind.EVIDENCE:
            return REST
        if entry.base and value.value.startswith(entry.base):
            return value.value.removeprefix(entry.base)
        return self._name(value) if value.value.startswith(ID) else _last(value)


def _last(node: NamedNode) -> str:
    """What stands after the last `/` or `#` of an IRI."""
    return re.split("[/#]", node.value)[-1]


def _spaces(graph: Triples) -> dict[str, str]:
    """Prefixes for the nodes of an example: the last folder that they stand in."""
    iris = [term.value for edge in graph.all for term in edge if isinstance(term, NamedNode)]
    spaces = sorted({iri[: len(iri) - len(_last(NamedNode(iri)))] for iri in iris if "#" not in iri})
    return {name: space for space in spaces if re.fullmatch("[a-z-]+", name := space.split("/")[-2])}


def _scalar(text: str) -> str:
    """A scalar of YAML: plain where that is the same, else in quotes."""
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
