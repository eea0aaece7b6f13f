"""Where an assertion comes from: its file and line, and the words of its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Store, Triple

from kg import build, evidence, sources
from kg.names import DCTERMS, OA, PROV, below, term
from kg.ontology import Ontology
from kg.places import Place, Places
from kg.sources import Text
from kg.workspace import Workspace

EVIDENCE, AGAINST = term("evidence"), term("evidenceAgainst")
SOURCE, SELECTOR = NamedNode(OA + "hasSource"), NamedNode(OA + "hasSelector")
EXACT, START, END = (NamedNode(OA + name) for name in ("exact", "start", "end"))
DERIVED = (NamedNode(PROV + "wasDerivedFrom"), NamedNode(DCTERMS + "source"))


@dataclass(frozen=True)
class Quote:
    """The words of a source that carry an assertion, where they stand, and the sentence around them.

    `words` are None where the source as a whole is named, `sentence` where its text is not at hand.
    `span`: offsets in code points, the end exclusive. `against`: they speak against it.
    """

    source: NamedNode
    words: str | None = None
    span: tuple[int, int] | None = None
    sentence: str | None = None
    against: bool = False


@dataclass(frozen=True)
class Origins:
    """Finds the places and quotes of assertions in a graph."""

    store: Store
    places: Places
    texts: Mapping[str, Text]

    @classmethod
    def of(cls, workspace: Workspace, onto: Ontology, store: Store, triples: Iterable[Triple]) -> Origins:
        """What tells of `triples`: only the case files that they are from are read.

        :raises InputError: if a source text cannot be read.
        """
        prefix = below(workspace.names.case("x"), "").value.removesuffix("x/")
        nodes = {t.subject.value for t in triples if isinstance(t.subject, NamedNode)}
        cases = {node.removeprefix(prefix).partition("/")[0] for node in nodes if node.startswith(prefix)}
        files = [path for path in workspace.cases() if path.stem in cases]
        if len(files) < len(cases):
            files = workspace.cases()
        places = build.read(workspace, onto, files).places
        return cls(
            store,
            places,
            sources.library(workspace.sources, evidence.descriptions(workspace.source_descriptions())),
        )

    def place(self, triple: Triple) -> Place | None:
        """Where an assertion is written."""
        found = self.places.find(triple.subject, triple.predicate, triple.object)
        return found[0] if found else None

    def quotes(self, triple: Triple) -> list[Quote]:
        """The words that carry an assertion: those of its node, or the sources that the node is from."""
        node = triple.subject
        if not isinstance(node, NamedNode):
            return []
        if self._one(node, SOURCE):
            return list(self._quote(node))
        against = [
            replace(quote, against=True) for place in self._all(node, AGAINST) for quote in self._quote(place)
        ]
        if places := self._all(node, EVIDENCE):
            return [*(quote for place in places for quote in self._quote(place)), *against]
        if against:
            return against
        return [Quote(source) for prop in DERIVED for source in self._all(node, prop)]

    def _quote(self, place: NamedNode) -> Iterator[Quote]:
        source = self._one(place, SOURCE)
        if not isinstance(source, NamedNode):
            return
        words: str | None = None
        ends: dict[NamedNode, int] = {}
        for selector in self._all(place, SELECTOR):
            if isinstance(found := self._one(selector, EXACT), Literal):
                words = found.value
            for edge in (START, END):
                if isinstance(found := self._one(selector, edge), Literal):
                    ends[edge] = int(found.value)
        span = (ends[START], ends[END]) if len(ends) == 2 else None
        text = self.texts.get(_id(source))
        yield Quote(source, words, span, text.sentence(span) if text and span else None)

    def _one(self, node: NamedNode, prop: NamedNode) -> object:
        return next((q.object for q in self.store.quads_for_pattern(node, prop, None, None)), None)

    def _all(self, node: NamedNode, prop: NamedNode) -> list[NamedNode]:
        found = (q.object for q in self.store.quads_for_pattern(node, prop, None, None))
        return sorted({one for one in found if isinstance(one, NamedNode)}, key=str)


def _id(source: NamedNode) -> str:
    return source.value.rpartition("/")[2]
