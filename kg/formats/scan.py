"""Where the statements of a text of Turtle, TriG, N-Triples, N-Quads or RDF/XML stand in it.

The parser gives no places. A tolerant scan of the tokens guesses which statements there are and where; what
the parser has read decides which of them are so, and nothing else gets a place. Blank nodes have no name in
both: their statements have places only if those of the scan and of the parser are the same, one by one and
in their order, but for the names of blank nodes.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat

from kg.formats.reading import parse
from kg.formats.statements import Statement, confirmed, same, statements
from kg.formats.table import format_of
from kg.formats.texts import decode, read_bytes
from kg.formats.tokens import tokens
from kg.formats.wording import LINE_END
from kg.places import Place, Places, Term, Wanted

LINES = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
SCANNED = (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML, *LINES)
"""The formats whose statements have lines and columns; JSON-LD has only its file."""

Row = tuple[Term | None, Term | None, Sequence[int]]
"""A property, its value, and the offsets of subject, property and value, or -1."""

LINE = re.compile(
    r"""[ \t]*+(?:(?P<s><[^>]*+>|_:[^\s<]++)[ \t]*+(?P<p><[^>]*+>)[ \t]*+(?P<o>[<_"]).*+|(?:\#.*+)?)""",
    re.VERBOSE,
)


def places(text: str, format: RdfFormat, quads: Sequence[Quad], path: str, base: str | None = None) -> Places:
    """Where the subjects, properties and values of `quads` stand in the `text` that they were parsed from.

    The quads have to be those that `parse` gives, in their order. What is not found has its file as place.
    Nothing is looked up before it is asked for.

    >>> text = "<http://e/a> <http://e/p> 7, 8 ."
    >>> quads = parse(text.encode(), RdfFormat.TURTLE)
    >>> found = places(text, RdfFormat.TURTLE, quads, "a.ttl")
    >>> [str(found.find(q.subject, q.predicate, q.object)[0]) for q in quads]
    ['a.ttl:1:27', 'a.ttl:1:30']
    """
    found = Places()
    found.add_file(path, _Written(text, format, quads, path, base))
    return found


def read_placed(path: Path, base: str | None = None) -> tuple[list[Quad], Places]:
    """The quads of the file at `path`, and where they stand in it.

    :raises UsageError: if the suffix names no RDF format.
    :raises InputError: if there is no such file, or it cannot be read.
    """
    data, format = read_bytes(path), format_of(path)
    quads = parse(data, format, base=base, path=str(path))
    return quads, places(decode(data, str(path)), format, quads, str(path), base)


def nameless(quads: Iterable[Quad], places: Places) -> list[Place]:
    """Where nodes without an IRI stand, each place once."""
    spots: list[tuple[Term, ...]] = []
    for quad in quads:
        if isinstance(quad.subject, BlankNode):
            spots.append((quad.subject,))
        if isinstance(quad.object, BlankNode):
            spots.append((quad.subject, quad.predicate, quad.object))
    return list(dict.fromkeys(places.find(*spot)[0] for spot in spots))


@dataclass
class _Written:
    """A text and what was parsed from it, asked where something is written."""

    text: str
    format: RdfFormat
    quads: Sequence[Quad]
    path: str
    base: str | None

    def __call__(self, node: Term, prop: Term | None = None, value: Term | None = None) -> list[Place]:
        """The places of just this; of a node in a format of lines the first one, since there are many."""
        if node not in self._subjects:
            return []
        offsets: dict[int, None] = {}
        for own_prop, own_value, spots in self._rows(node):
            if prop is None:
                offsets[spots[0]] = None
            elif prop == own_prop and (value is None or value == own_value):
                offsets[spots[1 if value is None else 2]] = None
        return list(self._told(offsets, prop is None))

    def all(self, wanted: Wanted) -> Iterator[tuple[int, Place]]:
        """The places of all of these, by their numbers: see `kg.places.Wholesale`."""
        own = {str(node).encode(): node for node in self._subjects}
        found: dict[int, dict[int, None]] = {}
        for text in own.keys() & self._about(wanted):
            for prop, value, spots in self._rows(own[text]):
                for form, numbers, offset in zip(_forms(text, prop, value), wanted.kinds, spots, strict=True):
                    if form in numbers:
                        found.setdefault(numbers[form], {})[offset] = None
        nodes = {wanted.nodes.get(text) for text in own}
        return ((key, place) for key, spots in found.items() for place in self._told(spots, key in nodes))

    def _about(self, wanted: Wanted) -> Set[bytes]:
        """What some words are about, or rather, where there are many, what this text says of that."""
        nodes, pairs, statements = wanted.kinds
        if len(self.quads) > len(pairs) + len(statements):
            return {*nodes, *(key.partition(b" ")[0] for key in chain(pairs, statements))}
        every = (_forms(str(s).encode(), p, o) for s, p, o, _ in self.quads)
        return {s for s, sp, spo in every if s in nodes or sp in pairs or spo in statements}

    def uses(self, prop: NamedNode) -> bool:
        """Whether the text says anything by a property."""
        return any(quad.predicate == prop for quad in self.quads)

    def _told(self, offsets: Iterable[int], of_node: bool) -> tuple[Place, ...]:
        """The places at some offsets; of a node in a format of lines the first one, since there are many."""
        found = [self._place(offset) for offset in offsets if offset >= 0]
        if of_node and (self.format in LINES or not found):
            found = found[:1] or [Place(self.path)]
        return tuple(found)

    @cached_property
    def _subjects(self) -> dict[Term, list[int]]:
        """The numbers of the statements of each subject."""
        found: dict[Term, list[int]] = {}
        for number, quad in enumerate(self.quads):
            found.setdefault(quad.subject, []).append(number)
        return found

    def _rows(self, node: Term) -> Iterator[Row]:
        """What is said of `node`, and where."""
        if self._offsets is None:
            yield from self._known.get(node, ())
            return
        for number in self._subjects[node]:
            quad = self.quads[number]
            yield quad.predicate, quad.object, self._offsets[3 * number : 3 * number + 3]

    @cached_property
    def _offsets(self) -> array[int] | None:
        """Three for each statement, one statement after the other; None where only some can be told."""
        if self.format in LINES and (found := _of_lines(self.text, self.quads)):
            return found
        if self.format not in SCANNED:
            return None
        scanned, followed = self._scanned()
        if followed and same(scanned, self.quads):
            return array("q", (at for statement in scanned for _, at in statement))
        self._known = {}
        for (s, at), (p, p_at), (o, o_at) in confirmed(scanned, self.quads):
            self._known.setdefault(s, []).append((p, o, (at, p_at, o_at)))
        return None

    def _scanned(self) -> tuple[list[Statement], bool]:
        """The statements of a scan, and whether they are all, in the order of the parser's."""
        if self.format == RdfFormat.RDF_XML:
            from kg.formats import xmlscan

            return xmlscan.statements(self.text, self.base), False
        return statements(tokens(self.text, self.base))

    @cached_property
    def _known(self) -> dict[Term, list[Row]]:
        """What can be told where not all can."""
        return {}

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return Place(self.path, line, offset - self._starts[line - 1] + 1)

    @cached_property
    def _starts(self) -> array[int]:
        """The offsets at which lines begin."""
        return array("q", (0, *(end.end() for end in LINE_END.finditer(self.text))))


def _forms(node: bytes, prop: object, value: object) -> tuple[bytes, bytes, bytes]:
    """A node, a property of it, and the statement, in the words of N-Triples."""
    pair = b"%b %b" % (node, str(prop).encode())
    return node, pair, b"%b %b ." % (pair, str(value).encode())


def _of_lines(text: str, quads: Sequence[Quad]) -> array[int] | None:
    """The offsets of statements that have a line each; None if these are not just the quads."""
    found, start = array("q"), 0
    for line in LINE_END.finditer(text + "\n"):
        match = LINE.fullmatch(text, start, line.start())
        if match is None:
            return None
        if match["s"]:
            found.extend(match.start(name) for name in "spo")
        start = line.end()
    return found if len(found) == 3 * len(quads) else None
