"""The quotes of a case, as its author wrote them or as its quads state them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import yaml
from pyoxigraph import NamedNode, Quad

from kg import cases
from kg.cases.compose import LOADER, compose
from kg.cases.evidence import is_cut_off, stray
from kg.errors import Fault, InputError
from kg.names import OA, Names
from kg.places import Place, Places

Span = tuple[int, int]


@dataclass(frozen=True)
class Quote:
    """A quote as a case file has it: words, span, source, and where it is written.

    `map` is the YAML node that holds it, in a document that begins at the character `offset` of the file;
    None where the case is RDF. `faults`: what a comma has cut off from it. `extent`: where that map begins,
    and what stands behind it.
    """

    words: str
    span: Span | None
    source: str | None
    place: Place
    map: yaml.MappingNode | None = None
    offset: int = 0
    faults: tuple[Fault, ...] = ()
    extent: tuple[Place, Place] | None = None

    def holds(self, place: Place) -> bool:
        """Whether a place lies in the map that holds the quote."""
        return self.extent is not None and self.extent[0] <= place < self.extent[1]


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
    faults: list[Fault] = []
    compose(
        text, path, faults, line
    )  # tells what does not read, and refuses depths that the parser crashes on
    try:
        root = yaml.compose(text, LOADER)
    except yaml.YAMLError as exc:  # an alias of nothing, or an anchor that stands twice
        raise InputError.all(faults) from exc
    if not isinstance(root, yaml.MappingNode):
        return
    top = [value for key, value in entries(root).items() if key in keys]
    named = [n for value in top for n in (value.value if isinstance(value, yaml.SequenceNode) else [value])]
    default = named[0].value if len(named) == 1 and isinstance(named[0], yaml.ScalarNode) else None
    for words, node in _quoted(root):
        yield _quote(words, node, default, Place(path, line), offset)


def entries(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    """The values of a map by their keys."""
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _quoted(node: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, yaml.MappingNode]]:
    """The words of each quote below `node`, and the map that holds them."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _quoted(item)
    elif isinstance(node, yaml.MappingNode):
        said = entries(node)
        if isinstance(words := said.get("quote"), yaml.ScalarNode):
            yield words, node
            return
        for child in said.values():
            yield from _quoted(child)


def _quote(
    words: yaml.ScalarNode, node: yaml.MappingNode, default: str | None, start: Place, offset: int
) -> Quote:
    said = entries(node)
    at, source = said.get("at"), said.get("source")
    ends = [str(n.value) for n in at.value] if isinstance(at, yaml.SequenceNode) else []
    place = _place(words, start)
    strays = tuple(_strays(node, start))
    named = source.value if isinstance(source, yaml.ScalarNode) else default
    extent = (_place(node, start), _mark(node.end_mark, start))
    return Quote(words.value, _span(ends), named, place, node, offset, strays, extent)


def _strays(node: yaml.MappingNode, start: Place) -> Iterator[Fault]:
    """A fault for each part of a quote that YAML takes for a key without a value."""
    for key, value in node.value:
        empty = isinstance(value, yaml.ScalarNode) and not value.value
        if isinstance(key, yaml.ScalarNode) and empty and is_cut_off(key.value):
            yield Fault(_place(key, start), *stray(key.value, cut=True))


def _place(node: yaml.Node, start: Place) -> Place:
    return _mark(node.start_mark, start)


def _mark(mark: yaml.Mark, start: Place) -> Place:
    return Place(start.path, start.line + mark.line, mark.column + 1)


def _span(ends: Sequence[str]) -> Span | None:
    """The span that two numbers give, or None where they are none."""
    if len(ends) == 2 and all(re.fullmatch(r"[0-9]{1,9}", end) for end in ends):
        return int(ends[0]), int(ends[1])
    return None


def stated(case: cases.Document, names: Names) -> list[Quote]:
    """The quotes that the quads of a case state, in the order of their evidence's IRIs."""
    return stated_in(case.quads, case.places, names, case.id)


def stated_in(quads: Iterable[Quad], places: Places, names: Names, path: str = "") -> list[Quote]:
    """The quotes that `quads` state, by the IRIs of their evidence; `path` is where no place is known."""
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            said[quad.subject.value, quad.predicate.value].append(getattr(quad.object, "value", ""))

    def selected(node: str, local: str) -> str:
        selectors = said.get((node, OA + "hasSelector"), ())
        return next((value for each in selectors for value in said.get((each, OA + local), ())), "")

    found: list[Quote] = []
    for node in sorted(node for node, prop in said if prop == OA + "hasSource"):
        start, end = selected(node, "start"), selected(node, "end")
        if words := selected(node, "exact"):
            source = said[node, OA + "hasSource"][0].removeprefix(names.source("").value)
            place = next(iter(places.find(NamedNode(node))), Place(path))
            found.append(Quote(words, _span((start, end)), source, place))
    return found
