"""Quotes held against their sources: checked, given their places, and the result kept in a lock.

`data/evidence.lock` tells a clone that has no texts what was checked, against which text,
and by which version; it holds no words of a source.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from kg import __version__
from kg.errors import Fault, InputError
from kg.places import Place
from kg.sources import Text, too_long

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Quote:
    """A quote as a case file has it: words, claimed span, source, and where it is written.

    `map` is the YAML node that holds it; `default` the source of a case that has only one.
    """

    words: str
    span: tuple[int, int] | None
    source: str | None
    place: Place
    map: yaml.MappingNode


@dataclass(frozen=True)
class Checked:
    """What came of checking a file: each quote with the span it has been found at, and faults."""

    found: tuple[tuple[Quote, tuple[int, int]], ...]
    faults: tuple[Fault, ...]
    unchecked: tuple[Quote, ...]


def quotes(text: str, path: str) -> list[Quote]:
    """The quotes in the case file `text`, in the order in which they stand there."""
    try:
        root = yaml.compose(text, LOADER)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
        raise InputError.at(place, f"is not YAML: {getattr(exc, 'problem', None) or exc}") from exc
    if not isinstance(root, yaml.MappingNode):
        return []
    top = _entries(root).get("sources")
    names = [n.value for n in top.value] if isinstance(top, yaml.SequenceNode) else [top.value] if top else []
    return list(_quotes(root, names[0] if len(names) == 1 else None, path))


def _entries(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _quotes(node: yaml.Node, default: str | None, path: str) -> Iterator[Quote]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _quotes(item, default, path)
    elif isinstance(node, yaml.MappingNode):
        entries = _entries(node)
        if isinstance(words := entries.get("quote"), yaml.ScalarNode):
            yield _quote(words, entries, node, default, path)
            return
        for child in entries.values():
            yield from _quotes(child, default, path)


def _quote(
    words: yaml.ScalarNode,
    entries: Mapping[str, yaml.Node],
    node: yaml.MappingNode,
    default: str | None,
    path: str,
) -> Quote:
    at, source = entries.get("at"), entries.get("source")
    ends = [n.value for n in at.value] if isinstance(at, yaml.SequenceNode) else []
    span = (int(ends[0]), int(ends[1])) if len(ends) == 2 and all(e.isdigit() for e in ends) else None
    place = Place(path, words.start_mark.line + 1, words.start_mark.column + 1)
    return Quote(
        words.value, span, source.value if isinstance(source, yaml.ScalarNode) else default, place, node
    )


def check(found: list[Quote], texts: Mapping[str, Text]) -> Checked:
    """Hold each quote against the text of its source; a source without a text is left unchecked."""
    good: list[tuple[Quote, tuple[int, int]]] = []
    faults: list[Fault] = []
    unchecked: list[Quote] = []
    for quote in found:
        if long := too_long(quote.words):
            faults.append(Fault(quote.place, f"the quote {long}", "quote only the words that carry it"))
        text = texts.get(quote.source or "")
        if text is None:
            unchecked.append(quote)
        elif isinstance(result := _locate(quote, text), Fault):
            faults.append(result)
        else:
            good.append((quote, result))
    return Checked(tuple(good), tuple(faults), tuple(unchecked))


def _locate(quote: Quote, text: Text) -> tuple[int, int] | Fault:
    if quote.span and text.at(quote.span) == quote.words:
        return quote.span
    spans = text.find(quote.words)
    if len(spans) == 1:
        return spans[0]
    if spans:
        where = ", ".join(str(list(s)) for s in spans)
        return Fault(
            quote.place,
            f"the quote stands {len(spans)} times in {quote.source}: {where}",
            "write “at” yourself, or quote more words",
        )
    return Fault(
        quote.place,
        f"the quote does not stand in {quote.source}",
        "copy it from the text, word for word, with no ellipsis",
    )


def fixed(text: str, checked: Checked) -> str:
    """`text` with the found place of each quote written beside it; all else stays as it is.

    >>> found = quotes("evidence: {quote: two superusers}\\n", "a.yaml")
    >>> fixed("evidence: {quote: two superusers}\\n", Checked(((found[0], (7, 21)),), (), ()))
    'evidence: {quote: two superusers, at: [7, 21]}\\n'
    """
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    edits = [_edit(quote, span, starts, text) for quote, span in checked.found if quote.span != span]
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _edit(quote: Quote, span: tuple[int, int], starts: list[int], text: str) -> tuple[int, int, str]:
    entries = _entries(quote.map)
    new = f"[{span[0]}, {span[1]}]"
    if (at := entries.get("at")) is not None:
        return _index(at.start_mark, starts), _index(at.end_mark, starts), new
    key = next(k for k, v in quote.map.value if v is entries["quote"])
    end = _index(entries["quote"].end_mark, starts)
    end = len(text[:end].rstrip())
    if quote.map.flow_style:
        return end, end, f", at: {new}"
    return end, end, f"\n{' ' * key.start_mark.column}at: {new}"


def _index(mark: yaml.Mark, starts: list[int]) -> int:
    return starts[mark.line] + mark.column


def digest(words: str) -> str:
    """What the lock keeps of a quote: enough to see that it changed, not its words."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def lock(found: list[tuple[Quote, tuple[int, int]]], texts: Mapping[str, Text]) -> str:
    """The lock of all quotes that were found, as JSON: per source its SHA-256, and span → digest."""
    sources: dict[str, dict[str, object]] = {}
    for quote, span in sorted(found, key=lambda pair: (pair[0].source or "", pair[1])):
        name = quote.source or ""
        entry = sources.setdefault(name, {"sha256": texts[name].sha256, "spans": {}})
        spans = entry["spans"]
        assert isinstance(spans, dict)
        spans[f"{span[0]}-{span[1]}"] = digest(quote.words)
    return json.dumps({"checker": f"casegraph {__version__}", "sources": sources}, indent=1) + "\n"


def uncovered(found: list[Quote], path: Path) -> list[Quote]:
    """The quotes that the lock at `path` does not cover: never checked, or changed since."""
    try:
        sources = json.loads(path.read_text(encoding="utf-8"))["sources"]
    except (OSError, ValueError, KeyError):
        return list(found)

    def covered(quote: Quote) -> bool:
        spans = sources.get(quote.source or "", {}).get("spans", {})
        return quote.span is not None and spans.get(f"{quote.span[0]}-{quote.span[1]}") == digest(quote.words)

    return [quote for quote in found if not covered(quote)]
