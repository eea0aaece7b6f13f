"""The lock: which quotes were found in which text, when and by which version, kept where the texts are not.

`data/evidence.lock` tells a clone that has no texts what was checked, against which text, on which day
and by which version; it holds no words of a source. What is found again as it was keeps its day.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kg import __version__
from kg.evidence.written import Quote, Span
from kg.sources import Text

if TYPE_CHECKING:
    from kg.evidence.checking import Standing

CHECKER = f"casegraph {__version__}"


def today() -> str:
    """The day, in UTC: that of SOURCE_DATE_EPOCH where it is set, so that a build can be repeated."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(said) if said.isdecimal() and len(said) < 12 else time.time()
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


@dataclass(frozen=True)
class Entry:
    """What was found in one source: the SHA-256 of its text, and span → digest of the words there.

    `checked`, `checker`: on which day, and by which version; empty in a lock that does not say.
    """

    sha256: str
    spans: Mapping[str, str] = field(default_factory=dict)
    checked: str = ""
    checker: str = ""


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
    def of(cls, found: Iterable[Standing], texts: Mapping[str, Text]) -> Self:
        """The lock of the quotes that were found, today and by this version."""
        spans: dict[str, dict[Span, str]] = {}
        for each in found:
            spans.setdefault(each.quote.source or "", {})[each.span] = digest(each.words)
        day = today()
        return cls({n: Entry(texts[n].sha256, _written(each), day, CHECKER) for n, each in spans.items()})

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
            {name: replace(self.sources[name], spans=_written(each)) for name, each in spans.items()}
        )

    def merge(self, other: Self) -> Self:
        """Both; of a source that is in both, what `other` says."""
        return type(self)({**self.sources, **other.sources})

    def since(self, before: Self) -> Self:
        """The same; a source of which nothing has changed since `before` keeps the day and version it had."""
        kept = {
            name: old if _same(entry, old) else entry
            for name, entry in self.sources.items()
            if (old := before.sources.get(name, Entry("")))
        }
        return type(self)(kept)

    def when(self) -> str:
        """On which days it was checked, and by which versions; empty where it does not say."""
        days = sorted({entry.checked for entry in self.sources.values() if entry.checked})
        checkers = sorted({entry.checker for entry in self.sources.values() if entry.checker})
        if not days:
            return ""
        return f"checked {' to '.join(dict.fromkeys((days[0], days[-1])))} by {', '.join(checkers)}"

    def text(self) -> str:
        """The lock as JSON, the same for the same quotes."""
        said = {
            name: {"sha256": e.sha256, "checked": e.checked, "checker": e.checker, "spans": dict(e.spans)}
            for name, e in sorted(self.sources.items())
        }
        return json.dumps({"sources": said}, indent=1) + "\n"


def _same(entry: Entry, old: Entry) -> bool:
    return bool(old.checked) and (entry.sha256, dict(entry.spans)) == (old.sha256, dict(old.spans))


def _entry(said: Any) -> Entry | None:
    match said:
        case {"sha256": str(sha256), "spans": dict(spans)}:
            day, checker = said.get("checked"), said.get("checker")
            return Entry(sha256, spans, *(each if isinstance(each, str) else "" for each in (day, checker)))
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
