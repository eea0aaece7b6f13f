"""Quotes within the reach of a negation or a hedge, while what they are evidence for does not say so.

A statement is graded by data: the codes and properties that `cg:gradedBy` names of each kind of words.
It is graded by a value that it, or the piece of evidence, has; by a property that either has at all;
or by the property that leads to the evidence, such as that for evidence against.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from kg.context import EVIDENCE
from kg.evidence.cues import Found, WordLists
from kg.evidence.remarks import Remark
from kg.folding import Span
from kg.names import OA, Names
from kg.places import Places
from kg.sources import Text


@dataclass(frozen=True)
class Ground:
    """What reach is judged by: texts by source, lists of words, and what each kind of them is graded by."""

    texts: Mapping[str, Text]
    lists: WordLists
    graded: Mapping[str, frozenset[str]]
    names: Names


class Links:
    """What leads to evidence in the quads of a case, and where that evidence stands."""

    def __init__(self, quads: Iterable[Quad], names: Names) -> None:
        self._said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.links: list[tuple[NamedNode, NamedNode, NamedNode]] = []
        self._base = names.source("").value
        for quad in quads:
            if not isinstance(quad.subject, NamedNode):
                continue
            self._said[quad.subject.value][quad.predicate.value].append(getattr(quad.object, "value", ""))
            if quad.predicate.value in EVIDENCE and isinstance(quad.object, NamedNode):
                self.links.append((quad.subject, quad.predicate, quad.object))

    def spot(self, evidence: NamedNode, texts: Mapping[str, Text]) -> tuple[Text, Span] | None:
        """The text and the span of a piece of evidence, where the text is at hand and has its words there."""
        said = self._said[evidence.value]
        text = texts.get(next(iter(said[OA + "hasSource"]), "").removeprefix(self._base))
        parts = {
            local: value
            for each in said[OA + "hasSelector"]
            for local in ("start", "end", "exact")
            for value in self._said[each][OA + local]
        }
        if text is None or not {"start", "end", "exact"} <= parts.keys():
            return None
        if not (parts["start"].isdecimal() and parts["end"].isdecimal()):
            return None
        span = int(parts["start"]), int(parts["end"])
        return (text, span) if text.at(span) == parts["exact"] else None

    def marks(self, node: NamedNode) -> set[str]:
        """The properties that a node has, but for those that lead to evidence, and their values."""
        said = {prop: values for prop, values in self._said[node.value].items() if prop not in EVIDENCE}
        return {*said, *(value for values in said.values() for value in values)}


def flags(quads: Iterable[Quad], places: Places, ground: Ground) -> Iterator[Remark]:
    """The links to quotes around which a word stands that the statement is not graded by."""
    known = Links(quads, ground.names)
    near: dict[NamedNode, tuple[Text, list[Found]]] = {}
    for statement, prop, evidence in known.links:
        if evidence not in near:
            spot = known.spot(evidence, ground.texts)
            cues = ground.lists.of(spot[0].language).near(spot[0].text, spot[1]) if spot else []
            near[evidence] = (spot[0] if spot else Text(""), cues)
        text, found = near[evidence]
        if not found:
            continue
        marks = {prop.value, *known.marks(statement), *known.marks(evidence)}
        for cue in found:
            if marks.isdisjoint(ground.graded.get(cue.kind, ())):
                place = next(iter(places.find(statement, prop, evidence)), None)
                fills = {"word": text.at(cue.span), "place": str(list(cue.span))}
                yield Remark(place, "within", {**fills, "kind": ground.lists.label(cue.kind)})
