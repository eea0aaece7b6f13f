"""Quotes held against the texts of their sources."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from kg.errors import Fault
from kg.evidence.cues import Found, WordLists
from kg.evidence.remarks import Remark
from kg.evidence.written import Quote, Span
from kg.sources import Text, too_long

ELLIPSIS = re.compile(r"\s*(?:[\[(]\s*)?(?:\.\s?\.\s?\.+|…)(?:\s*[\])])?\s*")
"""Three points or more, or the one character, with or without brackets around them."""


@dataclass(frozen=True)
class Standing:
    """A quote, the span that it has been found at, and the words that stand there."""

    quote: Quote
    span: Span
    words: str

    @property
    def moved(self) -> bool:
        """Whether it stands elsewhere than is written, or no place is written, or in other characters."""
        return self.quote.span != self.span or self.quote.words != self.words

    def remark(self) -> Remark:
        """What is to be said of one that moved."""
        place, said = list(self.span), list(self.quote.span or ())
        if self.quote.words != self.words:
            return Remark(self.quote.place, "characters", {"place": str(place), "words": self.words})
        return Remark(
            self.quote.place, "moved" if said else "placeless", {"place": str(place), "said": str(said)}
        )


@dataclass(frozen=True)
class Checked:
    """What came of checking a file: each quote with where it has been found, and what is to be told.

    `unchecked` are those of sources whose texts are not at hand. `strays`: what a comma has cut off.
    """

    found: tuple[Standing, ...] = ()
    remarks: tuple[Remark, ...] = ()
    unchecked: tuple[Quote, ...] = ()
    strays: tuple[Fault, ...] = ()

    @property
    def moved(self) -> tuple[Standing, ...]:
        """The quotes whose place or characters are to be written."""
        return tuple(each for each in self.found if each.moved)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong, in English; what moved is not."""
        return (*self.strays, *(remark.fault() for remark in self.remarks))


def check(found: Iterable[Quote], texts: Mapping[str, Text], lists: WordLists | None = None) -> Checked:
    """Hold each quote against the text of its source; a source without a text is left unchecked.

    `lists`: by which it is seen what an ellipsis swallows. What a comma has cut off is not looked for: it is
    half of a quote.
    """
    good: list[Standing] = []
    remarks: list[Remark] = []
    unchecked: list[Quote] = []
    strays: list[Fault] = []
    for quote in found:
        if quote.faults:
            strays += quote.faults
            continue
        if long := too_long(quote.words):
            remarks.append(Remark(quote.place, "long", {"long": long}))
        if quote.source is None:
            remarks.append(Remark(quote.place, "unnamed"))
        elif (text := texts.get(quote.source)) is None:
            unchecked.append(quote)
        elif isinstance(result := _locate(quote, text, texts, lists or WordLists()), Remark):
            remarks.append(result)
        else:
            good.append(result)
    return Checked(tuple(good), tuple(remarks), tuple(unchecked), tuple(strays))


def blind(quote: Quote) -> Remark | None:
    """What is wrong with a quote that can be seen without any text: an ellipsis."""
    return Remark(quote.place, "blind") if ELLIPSIS.search(quote.words) else None


def _locate(quote: Quote, text: Text, texts: Mapping[str, Text], lists: WordLists) -> Standing | Remark:
    here = quote.span is not None and text.at(quote.span) == quote.words
    spans = [quote.span] if quote.span and here else text.find(quote.words)
    if not spans:
        return _elided(quote, text, lists) or _absent(quote, text, texts)
    if len(spans) > 1:
        places = ", ".join(str(list(span)) for span in spans)
        source = quote.source or ""
        return Remark(quote.place, "times", {"count": len(spans), "source": source, "places": places})
    if word := text.cut(spans[0]):
        return Remark(quote.place, "cut", {"word": text.at(word), "place": str(list(word))})
    standing = Standing(quote, spans[0], text.at(spans[0]))
    if quote.map is None and standing.moved:
        said = {"words": quote.words, "place": str(list(spans[0])), "source": quote.source or ""}
        return Remark(quote.place, "selector", said)
    return standing


def _absent(quote: Quote, text: Text, texts: Mapping[str, Text]) -> Remark:
    """That a quote is not in its source, and why that may be."""
    source = quote.source or ""
    for name, other in texts.items():
        if name != source and len(spans := other.find(quote.words)) == 1:
            fills = {"source": source, "other": name, "place": str(list(spans[0]))}
            return Remark(quote.place, "elsewhere", fills)
    if span := text.capitals(quote.words):
        return Remark(quote.place, "capitals", {"source": source, "place": str(list(span))})
    if span := _spliced(quote, text):
        return Remark(
            quote.place, "spliced", {"source": source, "place": str(list(span)), "words": text.at(span)}
        )
    if _is_garbled(text.text):
        return Remark(quote.place, "garbled", {"source": source})
    if quote.span and quote.span[1] > len(text.text):
        return Remark(quote.place, "shortened", {"source": source, "length": len(text.text)})
    return Remark(quote.place, "absent", {"source": source})


def _spliced(quote: Quote, text: Text) -> Span | None:
    """Where a few words that stand in the text a second time stand in the midst of the quote."""
    parts = [match.start() for match in re.finditer(r"(?<=\s)\S", quote.words)]
    for at in parts:
        head, tail = quote.words[:at].rstrip(), quote.words[at:]
        for first in text.find(head):
            second = text.folded.after(first[1], tail)
            if second is None or not 0 < second[0] - first[1] <= 60:
                continue
            start, end = first[1], second[0]
            while start < end and text.text[start].isspace():
                start += 1
            while end > start and text.text[end - 1].isspace():
                end -= 1
            if end > start and text.text.count(text.text[start:end]) > 1:
                return start, end
    return None


def _is_garbled(text: str) -> bool:
    """Whether a text in UTF-8 was once read in another encoding, and saved."""
    if not re.search("Ã[\x80-\xbf¦¸¥¤¶…†˜]", text):
        return False
    for encoding in ("cp1252", "latin-1"):
        with contextlib.suppress(UnicodeError):
            text.encode(encoding).decode()
            return True
    return False


# --- ellipses


def _elided(quote: Quote, text: Text, lists: WordLists) -> Remark | None:
    """What an ellipsis leaves out, above all words that turn the rest; None where there is no ellipsis."""
    if not ELLIPSIS.search(quote.words):
        return None
    parts = [part for part in ELLIPSIS.split(quote.words) if part]
    source = quote.source or ""
    chains = [
        chain for start in (text.find(parts[0]) if parts else []) if (chain := _chain(start, parts, text))
    ]
    if not chains:
        lost = next((part for part in parts if not text.find(part)), parts[-1] if parts else "…")
        return Remark(quote.place, "part", {"words": lost, "source": source})
    chain = min(chains, key=lambda spans: spans[-1][1] - spans[0][0])
    gaps = [(one[1], other[0]) for one, other in pairwise(chain)] or [(chain[0][1], chain[0][1])]
    if word := next(_swallowed(gaps, text, lists), None):
        said = {"word": text.at(word.span), "source": source, "place": str(list(word.span))}
        return Remark(quote.place, "swallowed", {**said, "kind": lists.label(word.kind)})
    longest = max(gaps, key=lambda gap: gap[1] - gap[0])
    count = longest[1] - longest[0]
    return Remark(quote.place, "ellipsis", {"count": count, "source": source, "place": str(list(longest))})


def _chain(first: Span, parts: list[str], text: Text) -> list[Span] | None:
    """Where the parts stand, one behind the other, the first at `first`; None where they do not."""
    spans = [first]
    for part in parts[1:]:
        found = text.folded.after(spans[-1][1], part)
        if found is None:
            return None
        spans.append(found)
    return spans


def _swallowed(gaps: list[Span], text: Text, lists: WordLists) -> Iterator[Found]:
    """The words of the lists that stand in the gaps, kinds in the order of the list."""
    cues = lists.of(text.language)
    order = list(dict.fromkeys(cue.kind for cue in cues.cues))
    found = [each for gap in gaps for each in cues.within(text.text, gap)]
    yield from sorted(found, key=lambda each: (order.index(each.kind), each.span))
