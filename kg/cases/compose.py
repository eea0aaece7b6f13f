"""YAML, or JSON, to nodes that know their place; what a case file may not hold is refused here.

Built from the parser's events and not its node graph: aliases stay visible, nothing is
expanded, depth is bounded, and it takes three quarters of the time. Every scalar is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from kg.errors import Fault, InputError
from kg.places import Place

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml's parser where PyYAML was built with it; the same events, a dozen times slower, where not."""

MAX_DEPTH = 20
MAX_TEXT = 1_000_000
"""The characters of one text: what is longer is no case, and nothing that a person could look at."""

MAX_KEY = 1024
"""The characters of a key; the parser takes no longer ones."""

_NULLS = {"", "~", "null", "Null", "NULL"}
_BREAKS = re.compile("[\x85\u2028\u2029]")
_CONTROL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Scalar:
    """A text, and where it begins.

    `plain`: it is written without quotes. `gone`: it has been refused, and stands for what is not known.
    """

    text: str
    place: Place
    plain: bool = True
    gone: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is said: `null`, or no text."""
        return self.text in _NULLS if self.plain else not self.text.strip()


@dataclass(slots=True)
class Items:
    """A list, and where it begins."""

    place: Place
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Map:
    """Keys with their values, in the order of the file, each key once."""

    place: Place
    pairs: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)


Node = Scalar | Items | Map


def compose(text: str, path: str, faults: list[Fault], line: int = 1) -> Node | None:
    """The document that `text` holds, or None where there is none; `line` is the number of its first line.

    What is wrong in it is added to `faults`, and left out.

    :raises InputError: if it cannot be read to its end.
    """
    builder = _Builder(path, faults, line)
    for match in _BREAKS.finditer(text):
        code = f"U+{ord(match[0]):04X}"
        fix = f"write it in double quotes, as \\u{ord(match[0]):04x}"
        faults.append(
            Fault(_place(text, match.start(), path, line), f"the line break {code} would be lost", fix)
        )
    try:
        for event in yaml.parse(text, Loader=LOADER):
            builder.take(event)
    except yaml.YAMLError as exc:
        raise InputError.all([*faults, _syntax(exc, text, path, line)]) from exc
    builder.join()
    return builder.document


class _Builder:
    """Takes the parser's events one by one."""

    def __init__(self, path: str, faults: list[Fault], line: int) -> None:
        self.document: Node | None = None
        self._path, self._faults, self._line = path, faults, line
        self._stack: list[Items | Map] = []
        self._keys: list[Scalar | None] = []
        self._documents = 0
        self._later: list[tuple[Map, Map]] = []

    def take(self, event: Any) -> None:
        """Add what `event` says."""
        match event:
            case yaml.ScalarEvent():
                self._add(self._scalar(event))
            case yaml.MappingStartEvent():
                self._open(Map(self._at(event)), event)
            case yaml.SequenceStartEvent():
                self._open(Items(self._at(event)), event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._keys.pop()
                self._stack.pop()
            case yaml.AliasEvent():
                self._fault(
                    self._at(event), f"the alias *{event.anchor} is not allowed", "write the value out"
                )
                self._add(Scalar("", self._at(event), gone=True))
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents == 2:
                    fix = "give each its own file"
                    self._fault(self._at(event), "a second document begins here", fix)

    def _at(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self._path, self._line + mark.line, mark.column + 1)

    def _fault(self, place: Place, what: str, fix: str) -> None:
        self._faults.append(Fault(place, what, fix))

    def _scalar(self, event: Any) -> Scalar:
        scalar = Scalar(event.value, self._at(event), not event.style)
        if len(event.value) > MAX_TEXT:
            what = f"a text of {len(event.value):,} characters"
            self._fault(scalar.place, what, f"it may have {MAX_TEXT:,}: say here where it is to be found")
            return Scalar("", scalar.place, gone=True)
        if odd := _CONTROL.search(event.value):
            self._fault(
                scalar.place, f"the text holds the control character U+{ord(odd[0]):04X}", "take it out"
            )
        self._mark(event, scalar.place)
        return scalar

    def _mark(self, event: Any, place: Place) -> None:
        """Refuse an anchor or a tag."""
        if event.anchor is not None:
            self._fault(
                place, f"the anchor &{event.anchor} is not allowed", "write the value out where it is used"
            )
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._fault(place, f"the tag {tag} is not allowed", "put the text in quotes, without a tag")

    def _open(self, node: Items | Map, event: Any) -> None:
        self._mark(event, node.place)
        if len(self._stack) == MAX_DEPTH:
            what = f"more than {MAX_DEPTH} levels stand inside each other"
            raise InputError.all(
                [*self._faults, Fault(node.place, what, "look for a bracket that is not closed")]
            )
        self._add(node)
        self._stack.append(node)
        self._keys.append(None)

    def _add(self, node: Node) -> None:
        """Put `node` where it belongs: as the document, an item, a key or the value of the key before."""
        if not self._stack:
            if self._documents == 1:
                self.document = node
            return
        parent = self._stack[-1]
        if isinstance(parent, Items):
            parent.items.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = self._key(node)
        else:
            key, self._keys[-1] = self._keys[-1], None
            if not key.gone:
                self._pair(parent, key, node)

    def _key(self, node: Node) -> Scalar:
        """The key that `node` is, gone if it is none."""
        if not isinstance(node, Scalar):
            fix = "write the key before the “:”, without brackets"
            self._fault(node.place, "a key has to be a text", fix)
            return Scalar("", node.place, gone=True)
        if node.empty and not node.gone:
            self._fault(node.place, "a key is empty", "write the key before the “:”")
            return Scalar("", node.place, gone=True)
        return node

    def _pair(self, parent: Map, key: Scalar, node: Node) -> None:
        """Give `parent` a pair; of a key that it has already the first value stays, and maps are joined."""
        if key.text not in parent.pairs:
            parent.pairs[key.text] = (key, node)
            return
        first, value = parent.pairs[key.text]
        what = f"the key “{key.text}” stands here twice"
        self._fault(key.place, what, f"the first is in line {first.place.line}")
        if isinstance(value, Map) and isinstance(node, Map):
            self._later.append((value, node))

    def join(self) -> None:
        """Join the maps of keys that stand twice, once all is read; what both have is the first one's."""
        for first, second in self._later:
            for name, pair in second.pairs.items():
                first.pairs.setdefault(name, pair)


def nodes(node: Node) -> Iterator[Scalar]:
    """All scalars below `node` that are values."""
    todo: list[Node] = [node]
    while todo:
        match todo.pop():
            case Scalar() as scalar:
                yield scalar
            case Items(items=items):
                todo += items
            case Map(pairs=pairs):
                todo += [value for _, value in pairs.values()]


# --- what the parser says, in words for people -------------------------------------------

_QUOTE = "put the text in quotes"
_LOOK = "look at this line, and at the one above"
_WORDS: tuple[tuple[str, str, str], ...] = (
    ("tab character", "a tab stands where the indentation is", "indent with spaces"),
    (
        "mapping values are not allowed",
        "a “:” where none can be",
        "indent it as its neighbours are, or " + _QUOTE,
    ),
    ("expected ',' or ']'", "this list is not closed, or lacks a comma", "close it with ]"),
    ("expected ',' or '}'", "this { is not closed, or lacks a comma", "close it with }"),
    ("could not find expected ':'", "a key without “:”", "write “key: value”, or " + _QUOTE),
    (
        "did not find expected key",
        "this fits neither the line above nor its indentation",
        "indent it as its neighbours are",
    ),
    (
        "did not find expected '-' indicator",
        "this fits neither the list nor its indentation",
        "begin it with “- ”",
    ),
    ("unexpected end of stream", "a quote is not closed", "close it"),
    ("invalid Unicode character escape", "half a character is written here", "write the whole character"),
    ("node content", "a value is missing", "write it, or take the comma out"),
    ("escape c", "a backslash before what is no escape", "write a backslash as \\\\, or use single quotes"),
    ("block sequence entries", "a list cannot begin here", "begin it on a line of its own, or write [a, b]"),
    ("<document start>", "this does not go on from what stands above", "write each line as “key: value”"),
    ("alphabetic or numeric", "“*” and “&” begin no text", _QUOTE),
    ("undefined alias", "an alias is not allowed", "write the value out, or " + _QUOTE),
)
"""What the parser's message holds, and what is said instead."""

_LONG_KEYS = ("expected ',' or '}'", "could not find expected ':'", "mapping values are not allowed")
"""What the parser says of a key that is too long for it, among others."""

_AT_BEGINNING = ("expected ',' or", "unexpected end of stream", "could not find expected ':'")
"""Messages for which the place to look at is where the thing began, not where the parser gave up."""


def _syntax(exc: yaml.YAMLError, text: str, path: str, line: int) -> Fault:
    if not isinstance(exc, yaml.MarkedYAMLError):
        at = getattr(exc, "position", 0)
        code = getattr(exc, "character", 0)
        code = ord(code) if isinstance(code, str) else code
        return Fault(_place(text, at, path, line), f"the control character U+{code:04X}", "take it out")
    problem = exc.problem or "this is no YAML"
    mark = exc.problem_mark or exc.context_mark
    if any(words in problem for words in _AT_BEGINNING):
        mark = exc.context_mark or mark
    place = Place(path, line + mark.line, mark.column + 1) if mark else Place(path)
    if mark and mark.line > text.count("\n"):  # the parser gives the end a line of its own
        place = _place(text, len(text), path, line)
    if "cannot start any token" in problem and mark:
        return Fault(place, *_bad_start(text[mark.index : mark.index + 1]))
    what, fix = next(((what, fix) for words, what, fix in _WORDS if words in problem), (problem, _LOOK))
    if mark and any(words in problem for words in _LONG_KEYS) and len(_line(text, mark)) > MAX_KEY:
        what, fix = f"{what}; or a key has more than {MAX_KEY:,} characters", fix
    return Fault(place, what, fix)


def _line(text: str, mark: Any) -> str:
    """What follows `mark` on its line."""
    end = text.find("\n", mark.index)
    return text[mark.index : end if end >= 0 else len(text)]


def _bad_start(char: str) -> tuple[str, str]:
    if char == "\t":
        return _WORDS[0][1:]
    return f"a value cannot begin with “{char}”", _QUOTE


def _place(text: str, at: int, path: str, line: int) -> Place:
    """The place of the character `at` of `text`."""
    return Place(path, line + text.count("\n", 0, at), at - text.rfind("\n", 0, at))
