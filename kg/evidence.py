"""Quotes held against their sources: checked, given their places, and the result kept in a lock.

`data/evidence.lock` tells a clone that has no texts what was checked, against which text,
and by which version; it holds no words of a source.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pyoxigraph import NamedNode

from kg import __version__, cases
from kg.errors import Fault, InputError
from kg.names import OA, Names
from kg.places import Place
from kg.sources import Text, too_long

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Quote:
    """A quote as a case file has it: words, span, source, and where it is written.

    `map` is the YAML node that holds it, in a document that begins at the character `offset` of the file;
    None where the case is RDF.
    """

    words: str
    span: tuple[int, int] | None
    source: str | None
    place: Place
    map: yaml.MappingNode | None = None
    offset: int = 0


@dataclass(frozen=True)
class Checked:
    """What came of checking a file: each quote with the span it has been found at, and faults."""

    found: tuple[tuple[Quote, tuple[int, int]], ...]
    faults: tuple[Fault, ...]
    unchecked: tuple[Quote, ...]


def described(paths: Iterable[Path]) -> list[tuple[str, str | None]]:
    """Of each description of a source, its name and the SHA-256 that it gives, if it can be read and does."""
    found: list[tuple[str, str | None]] = []
    for path in paths:
        try:
            said = yaml.load(path.read_text(encoding="utf-8"), LOADER)
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            said = None
        digest = said.get("sha256") if isinstance(said, dict) else None
        found.append((path.stem, digest if isinstance(digest, str) else None))
    return found


def quotes(text: str, path: str, keys: Collection[str] = ("sources",)) -> list[Quote]:
    """The quotes in the case file `text`, YAML or JSON Lines, in the order in which they stand there.

    `keys`: those by which a case names its sources; a quote of a case with only one is from that.

    :raises InputError: if the file does not read.
    """
    if not path.endswith(".jsonl"):
        return list(_document(text, path, keys))
    found: list[Quote] = []
    offset = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            found += _document(cases.json_line(line.encode(), path, number), path, keys, number, offset)
        offset += len(line) + 1
    return found


def _document(text: str, path: str, keys: Collection[str], line: int = 1, offset: int = 0) -> Iterator[Quote]:
    """The quotes of one document, which begins in `line`, at the character `offset` of the file."""
    try:
        root = yaml.compose(text, LOADER)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        place = Place(path, line + mark.line, mark.column + 1) if mark else Place(path)
        raise InputError.at(place, f"is not YAML: {getattr(exc, 'problem', None) or exc}") from exc
    if not isinstance(root, yaml.MappingNode):
        return
    top = [value for key, value in _entries(root).items() if key in keys]
    named = [n for value in top for n in (value.value if isinstance(value, yaml.SequenceNode) else [value])]
    default = named[0].value if len(named) == 1 else None
    for words, node in _quoted(root):
        yield _quote(words, node, default, Place(path, line), offset)


def _entries(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _quoted(node: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, yaml.MappingNode]]:
    """The words of each quote below `node`, and the map that holds them."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _quoted(item)
    elif isinstance(node, yaml.MappingNode):
        entries = _entries(node)
        if isinstance(words := entries.get("quote"), yaml.ScalarNode):
            yield words, node
            return
        for child in entries.values():
            yield from _quoted(child)


def _quote(
    words: yaml.ScalarNode, node: yaml.MappingNode, default: str | None, start: Place, offset: int
) -> Quote:
    entries = _entries(node)
    at, source = entries.get("at"), entries.get("source")
    ends = [n.value for n in at.value] if isinstance(at, yaml.SequenceNode) else []
    span = (int(ends[0]), int(ends[1])) if len(ends) == 2 and all(e.isdigit() for e in ends) else None
    place = Place(start.path, start.line + words.start_mark.line, words.start_mark.column + 1)
    named = source.value if isinstance(source, yaml.ScalarNode) else default
    return Quote(words.value, span, named, place, node, offset)


def stated(case: cases.Document, names: Names) -> list[Quote]:
    """The quotes that the quads of a case state, in the order of their evidence's IRIs."""
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for quad in case.quads:
        if isinstance(quad.subject, NamedNode):
            said[quad.subject.value, quad.predicate.value].append(getattr(quad.object, "value", ""))

    def selected(node: str, local: str) -> str:
        selectors = said.get((node, OA + "hasSelector"), ())
        return next((value for each in selectors for value in said.get((each, OA + local), ())), "")

    found: list[Quote] = []
    for node in sorted(node for node, prop in said if prop == OA + "hasSource"):
        start, end = selected(node, "start"), selected(node, "end")
        if words := selected(node, "exact"):
            span = (int(start), int(end)) if start.isdigit() and end.isdigit() else None
            source = said[node, OA + "hasSource"][0].removeprefix(names.source("").value)
            place = next(iter(case.places.find(NamedNode(node))), Place(case.id))
            found.append(Quote(words, span, source, place))
    return found


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
        elif quote.map is None and result != quote.span:
            faults.append(
                Fault(quote.place, f"“{quote.words}” stands at {list(result)}", "correct its selector")
            )
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

    >>> found = quotes("evidence: {quote: two hives}\\n", "a.yaml")
    >>> fixed("evidence: {quote: two hives}\\n", Checked(((found[0], (7, 16)),), (), ()))
    'evidence: {quote: two hives, at: [7, 16]}\\n'
    """
    for start, end, new in sorted(edits(text, checked), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def edits(text: str, checked: Checked) -> list[tuple[int, int, str]]:
    """From where to where `text` changes, and what then stands there, for each quote with another place."""
    return [_edit(quote, span, text) for quote, span in checked.found if quote.span != span]


def _edit(quote: Quote, span: tuple[int, int], text: str) -> tuple[int, int, str]:
    """From where to where the file changes, and what then stands there."""
    assert quote.map is not None
    entries = _entries(quote.map)
    new = f"[{span[0]}, {span[1]}]"
    if (at := entries.get("at")) is not None:
        return quote.offset + at.start_mark.index, quote.offset + at.end_mark.index, new
    key = next(k for k, v in quote.map.value if v is entries["quote"])
    if key.style == '"':  # JSON: at the end of the map, whose own end is known to the character
        end = len(text[: quote.offset + quote.map.end_mark.index - 1].rstrip())
        return end, end, f', "at": {new}'
    end = len(text[: quote.offset + entries["quote"].end_mark.index].rstrip())
    return end, end, f", at: {new}" if quote.map.flow_style else f"\n{' ' * key.start_mark.column}at: {new}"


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
