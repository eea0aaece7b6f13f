"""Evidence: a quote with its span in a source, or a source as a whole, as Web Annotation selectors.

```
CASE/evidence/SOURCE-START-END             oa:hasSource SOURCE ; oa:hasSelector …/position , …/quote
CASE/evidence/SOURCE-START-END/position    a oa:TextPositionSelector ; oa:start, oa:end
CASE/evidence/SOURCE-START-END/quote       a oa:TextQuoteSelector ; oa:exact
```
Start and end count the code points of the text with LF line ends. Codes by which it is graded, such as how
strong it is, stand behind the numbers (`…-104-strength-weak`): what is graded otherwise is other evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg.cases.compose import Items, Map, Node, Scalar, nodes
from kg.cases.values import Wrong
from kg.meant import choices, suggestion
from kg.names import DCTERMS, OA, RDF, XSD, below, is_key, term
from kg.places import Place
from kg.sources import too_long

if TYPE_CHECKING:
    from kg.cases.walk import Walk

KEYS = ("quote", "at", "source")
Codes = dict[str, tuple[NamedNode, NamedNode, Scalar]]
"""Key → the property, the code, and where it is written."""

TYPE = NamedNode(RDF + "type")
CUT = "if a comma of the quote stands before it, put the quote in quotation marks"
PLACELESS = "the evidence has no place: “at” is missing"
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
            self._walk.gap(node, prop)
        for item in items:
            at = item.place if isinstance(value, Items) else word.place
            if any(scalar.gone for scalar in nodes(item)):
                self._walk.gap(node, prop)
                continue
            try:
                found = self._one(item, at)
                if found is None:
                    self._walk.gap(node, prop)
                elif not self._walk.state(node, prop, found, word.place, at):
                    raise Wrong("the same evidence is given twice here", "leave one")
            except Wrong as wrong:
                self._walk.fault(wrong.place or at, wrong.what, wrong.fix)
                self._walk.gap(node, prop)

    def _one(self, body: Node, at: Place) -> NamedNode | None:
        """State one piece of evidence; its node, or None after a fault that is noted."""
        if not isinstance(body, Map) or not body.pairs:
            fix = "write {quote: …, at: [start, end]}, or {source: …} for a register"
            raise Wrong("evidence is a map, or a list of maps", fix, body.place)
        gradings = self._walk.values.ontology.gradings
        unknown = [pair for name, pair in body.pairs.items() if name not in KEYS and name not in gradings]
        for word, said in unknown:
            empty = isinstance(said, Scalar) and said.empty
            cut = empty and is_cut_off(word.text)
            self._walk.fault(word.place, *stray(word.text, cut=cut, keys=(*KEYS, *gradings)))
        if unknown:
            return None
        source, quote, span = self._source(body), _text(body, "quote"), _span(body)
        codes = self._codes(body)
        if quote is None and span is None:
            node = self._walk.values.names.evidence(self._case, source.text, None, _suffix(codes))
            self._state(node, source, body, at, codes)
            return node
        return self._passage(source, quote, span, body, at, codes)

    def _codes(self, body: Map) -> Codes:
        """The codes by which the evidence is graded, by their keys.

        :raises Wrong: if one is no code.
        """
        values, found = self._walk.values, {}
        for name, entry in values.ontology.gradings.items():
            if (scalar := _text(body, name)) is None:
                continue
            try:
                found[name] = entry.property, values.code(entry, scalar.text), scalar
            except Wrong as wrong:
                raise Wrong(wrong.what, wrong.fix, scalar.place) from wrong
        return found

    def _source(self, body: Map) -> Scalar:
        """The source: the one that is named, else the case's only one."""
        named = _text(body, "source")
        if named and is_key(named.text):
            return named
        if named:
            raise Wrong(f"“{named.text}” is no key of a source", "write the id of a source", named.place)
        if len(self.sources) > 1:
            raise Wrong("the case has several sources", f"say which: source: {self.sources[0]}")
        if not self.sources:
            raise self._sourceless("x")
        return Scalar(self.sources[0], body.place)

    def _sourceless(self, stand_in: str) -> Wrong:
        """What to say where the case names no source; a stand-in is taken, so that it is said once."""
        self.sources = [stand_in]
        keys = self._walk.values.ontology.context.keys(DCTERMS + "source")
        fix = f"write {keys[-1] if keys else 'sources'}: [its-id] at its head"
        return Wrong("the case names no source that it draws on", fix)

    def _passage(
        self, source: Scalar, quote: Scalar | None, span: _Span | None, body: Map, at: Place, codes: Codes
    ) -> NamedNode:
        """A span of a source with its words."""
        if quote is None:
            raise Wrong("the evidence has no words: “quote” is missing", "write quote: …")
        if span is None:
            raise Wrong(PLACELESS, _FIND, quote.place)
        if not self.sources:
            raise self._sourceless(source.text)
        if source.text not in self.sources:
            what = f"“{source.text}” is not among the sources of the case"
            fix = suggestion(source.text, self.sources) or f"add {source.text} to them"
            raise Wrong(what, fix, source.place)
        _measure(quote, span)
        ends = (span.start[0], span.end[0])
        names = self._walk.values.names
        node = names.evidence(self._case, source.text, ends, _suffix(codes))
        first = self._quotes.setdefault(names.evidence(self._case, source.text, ends), quote)
        if first.text != quote.text:
            fix = f"compare line {first.place.line}"
            raise Wrong("the same place is quoted with other words", fix, quote.place)
        self._state(node, source, body, at, codes)
        self._selectors(node, quote, span, body.pairs["quote"][0].place)
        return node

    def _state(self, node: NamedNode, source: Scalar, body: Map, at: Place, codes: Codes) -> None:
        """State that `node` is evidence from `source`, and how it is graded."""
        word, value = (body.pairs["source"][0].place, source.place) if "source" in body.pairs else (at, at)
        self._walk.places.add(at, node)
        self._walk.state(node, TYPE, term("Evidence"), at, at)
        self._walk.state(node, _oa("hasSource"), self._walk.values.source(source.text), word, value)
        for name, (prop, code, scalar) in codes.items():
            self._walk.state(node, prop, code, body.pairs[name][0].place, scalar.place)

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


def is_cut_off(word: str) -> bool:
    """Whether a key without a value is what YAML takes for one behind a comma of a quote.

    >>> is_cut_off("Town"), is_cut_off("souce")
    (True, False)
    """
    return word not in KEYS and not suggestion(word, KEYS)


def stray(word: str, *, cut: bool, keys: Iterable[str] = KEYS) -> tuple[str, str]:
    """What to say of a key that evidence, with its `keys`, does not have; `cut`: a comma has made it one."""
    fix = CUT if cut else choices(word, keys)
    return f"unknown key “{word}” of evidence", fix


def _suffix(codes: Codes) -> str:
    return "".join(f"-{name}-{scalar.text}" for name, (_, _, scalar) in codes.items())


def _text(body: Map, name: str) -> Scalar | None:
    """The text of the key `name`, or None where it is not given."""
    if name not in body.pairs:
        return None
    value = body.pairs[name][1]
    if isinstance(value, Scalar) and not value.empty:
        return value
    what = f"“{name}” is empty" if isinstance(value, Scalar) else f"“{name}” has to be a text"
    raise Wrong(what, f"write {name}: …", value.place)


def _span(body: Map) -> _Span | None:
    """The span that `at` gives, or None where it is not given."""
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
        raise Wrong("“at” has to be two whole numbers, 0 or more", "write at: [start, end]", value.place)
    if numbers[0][0] >= numbers[1][0]:
        raise Wrong("“at” has to end after it begins", _FIND, value.place)
    return _Span(word.place, *numbers)


def _measure(quote: Scalar, span: _Span) -> None:
    """Refuse a quote that is not as long as its span, or too long.

    :raises Wrong: with both lengths.
    """
    length = len(quote.text)
    if length != (spanned := span.end[0] - span.start[0]):
        raise Wrong(f"the quote has the length {length}, “at” the length {spanned}", _FIND, span.start[1])
    if long := too_long(quote.text):
        raise Wrong(f"the quote {long}", "quote only the words that carry it", quote.place)


def _oa(local: str) -> NamedNode:
    return NamedNode(OA + local)
