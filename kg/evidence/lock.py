"""The lock: which quotes were found in which text, kept where the texts are not.

`data/evidence.lock` tells a clone that has no texts what was checked, against which text,
and by which version; it holds no words of a source.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from kg import __version__
from kg.evidence.written import Quote, Span
from kg.sources import Text


@dataclass(frozen=True)
class Entry:
    """What was found in one source: the SHA-256 of its text, and span → digest of the words there."""

    sha256: str
    spans: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lock:
    """What was found, by source. What a file does not say in the lock's form is as if it were not there."""

    sources: Mapping[str, Entry] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The lock in the file `path`; an empty one if there is none."""
        try:
            said = json.loads(path.read_text(encoding="utf-8"))["sources"]
        except (OSError, ValueError, KeyError, TypeError):
            return cls()
        pairs = said.items() if isinstance(said, dict) else ()
        return cls({name: entry for name, each in pairs if (entry := _entry(each))})

    @classmethod
    def of(cls, found: Iterable[tuple[Quote, Span]], texts: Mapping[str, Text]) -> Self:
        """The lock of the quotes that were found."""
        spans: dict[str, dict[Span, str]] = {}
        for quote, span in found:
            spans.setdefault(quote.source or "", {})[span] = digest(quote.words)
        return cls({name: Entry(texts[name].sha256, _written(each)) for name, each in spans.items()})

    def knows(self, quote: Quote, sha256: str | None = None) -> bool:
        """Whether these very words were found at this place, in the text of `sha256` if that is known."""
        entry = self.sources.get(quote.source or "")
        if entry is None or quote.span is None or sha256 not in (None, entry.sha256):
            return False
        return entry.spans.get(_key(quote.span)) == digest(quote.words)

    def only(self, wanted: Iterable[Quote]) -> Self:
        """What the lock has of the quotes `wanted`."""
        spans: dict[str, dict[Span, str]] = {}
        for quote in filter(self.knows, wanted):
            if quote.span:
                spans.setdefault(quote.source or "", {})[quote.span] = digest(quote.words)
        return type(self)(
            {name: Entry(self.sources[name].sha256, _written(each)) for name, each in spans.items()}
        )

    def merge(self, other: Self) -> Self:
        """Both; of a source that is in both, what `other` says."""
        return type(self)({**self.sources, **other.sources})

    def text(self) -> str:
        """The lock as JSON, the same for the same quotes."""
        said = {
            name: {"sha256": e.sha256, "spans": dict(e.spans)} for name, e in sorted(self.sources.items())
        }
        return json.dumps({"checker": f"casegraph {__version__}", "sources": said}, indent=1) + "\n"


def _entry(said: Any) -> Entry | None:
    match said:
        case {"sha256": str(sha256), "spans": dict(spans)}:
            return Entry(sha256, spans)
    return None


def _written(spans: Mapping[Span, str]) -> dict[str, str]:
    return {_key(span): words for span, words in sorted(spans.items())}


def _key(span: Span) -> str:
    return f"{span[0]}-{span[1]}"


def digest(words: str) -> str:
    """What the lock keeps of a quote: enough to see that it changed, not its words."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def uncovered(found: Iterable[Quote], path: Path) -> list[Quote]:
    """The quotes that the lock at `path` does not cover: never checked, or changed since."""
    lock = Lock.read(path)
    return [quote for quote in found if not lock.knows(quote)]
