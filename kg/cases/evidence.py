"""Evidence: a quote with its span in a source, or a source as a whole, as Web Annotation selectors.

```
CASE/evidence/SOURCE-START-END             oa:hasSource SOURCE ; oa:hasSelector …/position , …/quote
CASE/evidence/SOURCE-START-END/position    a oa:TextPositionSelector ; oa:start, oa:end
CASE/evidence/SOURCE-START-END/quote       a oa:TextQuoteSelector ; oa:exact
```
Start and end count the code points of the text with LF line ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg.cases.compose import Items, Map, Node, Scalar
from kg.cases.values import Wrong, choices, suggestion
from kg.names import OA, RDF, XSD, below, term
from kg.places import Place

if TYPE_CHECKING:
    from kg.cases.walk import Walk

MAX_WORDS, MAX_LENGTH = 12, 90
"""A quote is a few words: sources are other people's texts."""

KEYS = ("quote", "at", "source")
TYPE = NamedNode(RDF + "type")
_FIND = "run kg evidence --fix, which finds it in the text"


@dataclass(frozen=True, slots=True)
class _Span:
    """Two numbers, and where they stand: the key `at`, the start and the end."""

    word: Place
    start: tuple[int, Place]
    end: tuple[int, Place]


class Evidence:
    """The evidence of one case. `sources`: the ids of the sources that the case names as its own."""

    def __init__(self, walk: Walk, case: NamedNode) -> None:
        self.sources: list[str] = []
        self._walk, self._case = walk, case
        self._quotes: dict[NamedNode, Scalar] = {}

    def take(self, node: NamedNode, prop: NamedNode, word: Scalar, value: Node) -> None:
        """State the evidence, one or a list, of `node`."""
        items = value.items if isinstance(value, Items) else [value]
        if not items:
            self._walk.fault(value.place, f"“{word.text}” is empty", "say something, or take it out")
        for item in items:
            at = item.place if isinstance(value, Items) else word.place
            if not isinstance(item, Map):
                fix = "write {quote: …, at: [start, end]}, or {source: …} for a register"
                self._walk.fault(item.place, f"“{word.text}” has to be a map, or a list of maps", fix)
                continue
            try:
                found = self._one(item, at)
            except Wrong as wrong:
                self._walk.fault(at, wrong.what, wrong.fix)
                continue
            if found and not self._walk.state(node, prop, found, word.place, at):
                self._walk.fault(at, "the same evidence is given twice here", "leave one")

    def _one(self, body: Map, at: Place) -> NamedNode | None:
        """State one piece of evidence; its node, or None after a fault."""
        before = len(self._walk.faults)
        for name, (word, _) in body.pairs.items():
            if name not in KEYS:
                fix = suggestion(name, KEYS) or choices(name, KEYS)
                self._walk.fault(word.place, f"unknown key “{name}” of evidence", fix)
        quote, source = self._scalar(body, "quote"), self._source(body)
        span = self._span(body)
        if len(self._walk.faults) > before or source is None:
            return None
        if quote is None and span is None:
            return self._register(source, body, at)
        return self._passage(source, quote, span, body, at)

    def _scalar(self, body: Map, name: str) -> Scalar | None:
        if name not in body.pairs:
            return None
        value = body.pairs[name][1]
        if isinstance(value, Scalar) and not value.empty:
            return value
        what = f"“{name}” is empty" if isinstance(value, Scalar) else f"“{name}” has to be a text"
        self._walk.fault(value.place, what, f"write {name}: …")
        return None

    def _source(self, body: Map) -> str | None:
        """The id of the source: the one that is named, else the case's only one."""
        if "source" in body.pairs:
            scalar = self._scalar(body, "source")
            return scalar.text if scalar else None
        if len(self.sources) == 1:
            return self.sources[0]
        if self.sources:
            raise Wrong("the case has several sources", f"say which: source: {self.sources[0]}")
        raise self._sourceless("x")

    def _sourceless(self, stand_in: str) -> Wrong:
        """What to say where the case names no source; a stand-in is taken, so that it is said once."""
        self.sources = [stand_in]
        return Wrong(
            "the case names no source that it draws on", "write sources: [the-id-of-one] at its head"
        )

    def _span(self, body: Map) -> _Span | None:
        """The span that `at` gives."""
        if "at" not in body.pairs:
            return None
        word, value = body.pairs["at"]
        ends = value.items if isinstance(value, Items) else []
        numbers = [
            (int(end.text), end.place)
            for end in ends
            if isinstance(end, Scalar) and re.fullmatch(r"0|[1-9][0-9]{0,8}", end.text)
        ]
        if len(numbers) != 2 or len(ends) != 2:
            self._walk.fault(
                value.place,
                "“at” has to be two whole numbers, 0 or more",
                "write at: [start, end], or " + _FIND,
            )
            return None
        if numbers[0][0] >= numbers[1][0]:
            self._walk.fault(value.place, "“at” ends before it begins", _FIND)
            return None
        return _Span(word.place, *numbers)

    def _register(self, source: str, body: Map, at: Place) -> NamedNode:
        """A source as a whole."""
        node = self._walk.values.names.evidence(self._case, source)
        self._state_source(node, source, body, at)
        return node

    def _passage(
        self, source: str, quote: Scalar | None, span: _Span | None, body: Map, at: Place
    ) -> NamedNode:
        """A span of a source with its words."""
        if not self.sources:
            raise self._sourceless(source)
        if source not in self.sources:
            raise Wrong(f"“{source}” is not among the sources of the case", "add it there")
        if quote is None or span is None:
            missing = "place: “at” is missing" if span is None else "words: “quote” is missing"
            raise Wrong(f"the evidence has no {missing}", _FIND if span is None else "write quote: …")
        start, end = span.start[0], span.end[0]
        self._measure(quote.text, end - start)
        node = self._walk.values.names.evidence(self._case, source, (start, end))
        first = self._quotes.setdefault(node, quote)
        if first.text != quote.text:
            raise Wrong("the same place is quoted with other words", f"compare line {first.place.line}")
        self._state_source(node, source, body, at)
        self._selectors(node, quote, span, body.pairs["quote"][0].place)
        return node

    def _measure(self, quote: str, length: int) -> None:
        """Refuse a quote that is not as long as its span, or too long."""
        if len(quote) != length:
            raise Wrong(f"“at” spans {length} characters and the quote has {len(quote)}", _FIND)
        if len(quote) > MAX_LENGTH or len(quote.split()) > MAX_WORDS:
            has = f"{len(quote.split())} words and {len(quote)} characters"
            raise Wrong(
                f"the quote has {has}", f"quote at most {MAX_WORDS} words and {MAX_LENGTH} characters"
            )

    def _state_source(self, node: NamedNode, source: str, body: Map, at: Place) -> None:
        named = body.pairs.get("source")
        self._walk.places.add(at, node)
        self._walk.state(node, TYPE, term("Evidence"), at, at)
        target = self._walk.values.source(source)
        self._walk.state(
            node, _oa("hasSource"), target, named[0].place if named else at, named[1].place if named else at
        )

    def _selectors(self, node: NamedNode, quote: Scalar, span: _Span, word: Place) -> None:
        state, add = self._walk.state, self._walk.places.add
        position, words = below(node, "position"), below(node, "quote")
        add(span.word, position)
        state(node, _oa("hasSelector"), position, span.word, span.word)
        state(position, TYPE, _oa("TextPositionSelector"), span.word, span.word)
        for name, (number, at) in (("start", span.start), ("end", span.end)):
            state(
                position, _oa(name), Literal(str(number), datatype=NamedNode(XSD + "integer")), span.word, at
            )
        add(word, words)
        state(node, _oa("hasSelector"), words, word, word)
        state(words, TYPE, _oa("TextQuoteSelector"), word, word)
        state(words, _oa("exact"), Literal(quote.text), word, quote.place)


def _oa(local: str) -> NamedNode:
    return NamedNode(OA + local)
