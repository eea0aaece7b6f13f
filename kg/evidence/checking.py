"""Quotes held against the texts of their sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.errors import Fault
from kg.evidence.written import Quote, Span
from kg.sources import Text, too_long


@dataclass(frozen=True)
class Checked:
    """What came of checking a file: each quote with the span it has been found at, and faults.

    `unchecked` are those of sources whose texts are not at hand.
    """

    found: tuple[tuple[Quote, Span], ...]
    faults: tuple[Fault, ...]
    unchecked: tuple[Quote, ...]

    @property
    def moved(self) -> tuple[tuple[Quote, Span], ...]:
        """The quotes that stand elsewhere than is written, or of which no place is written."""
        return tuple((quote, span) for quote, span in self.found if quote.span != span)


def check(found: Iterable[Quote], texts: Mapping[str, Text]) -> Checked:
    """Hold each quote against the text of its source; a source without a text is left unchecked.

    What a comma has cut off is not looked for: it is half of a quote.
    """
    good: list[tuple[Quote, Span]] = []
    faults: list[Fault] = []
    unchecked: list[Quote] = []
    for quote in found:
        if quote.faults:
            faults += quote.faults
            continue
        if long := too_long(quote.words):
            faults.append(Fault(quote.place, f"the quote {long}", "quote only the words that carry it"))
        if quote.source is None:
            what = "the quote does not say from which of the sources of the case it is"
            faults.append(Fault(quote.place, what, "write source: … beside it"))
        elif (text := texts.get(quote.source)) is None:
            unchecked.append(quote)
        elif isinstance(result := _locate(quote, text), Fault):
            faults.append(result)
        else:
            good.append((quote, result))
    return Checked(tuple(good), tuple(faults), tuple(unchecked))


def _locate(quote: Quote, text: Text) -> Span | Fault:
    if quote.span and text.at(quote.span) == quote.words:
        return quote.span
    spans = text.find(quote.words)
    if not spans:
        return _absent(quote, text)
    if len(spans) > 1:
        where = ", ".join(str(list(span)) for span in spans)
        what = f"the quote stands {len(spans)} times in {quote.source}: {where}"
        return Fault(quote.place, what, "write “at” yourself, or quote more words")
    if quote.map is None:
        return Fault(quote.place, f"“{quote.words}” stands at {list(spans[0])}", "correct its selector")
    return spans[0]


def _absent(quote: Quote, text: Text) -> Fault:
    """That a quote is not in its source, and what nearly the same is."""
    what = f"the quote does not stand in {quote.source}"
    if near := text.near(quote.words):
        span, difference = near
        what += f"; but for {difference}, it stands at {list(span)}"
    return Fault(quote.place, what, "copy it from the text, word for word, with no ellipsis")
