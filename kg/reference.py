"""Tables of shared entities → quads with places: one row one node, one column one key of the context.

```
id,kind,label@en,part-of,source
thing/b,Thing,B,thing/a|thing/c,a-register
```
`id` is the part of the IRI after `id/`. `key@language` holds texts of a language. Several
values of a cell are parted by `|`; an empty cell says nothing. RDF is taken as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from kg import formats
from kg.cases import Document, FaultyError, Gap, Values, Wrong
from kg.cases.values import Term
from kg.context import Entry, Kind
from kg.errors import Fault, InputError
from kg.meant import choices, suggestion
from kg.names import ID, Names
from kg.ontology import Ontology
from kg.places import Place, Places

GRAPH = "reference"
_CELL = re.compile(r'"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^",]*)')


def read(
    path: Path, ontology: Ontology, names: Names, *, languages: Collection[str] | None = None
) -> Document:
    """What the file at `path`, a table or RDF, says of shared entities, in the graph `reference`.

    The document's id is the name of the file. `languages`: those that texts may have, else
    those of the ontology's labels. Whether the entities that it refers to exist is for
    `dangling` to tell, once all files are read.

    :raises InputError: with all faults of the file.
    :raises FaultyError: likewise, where the file can be read but for its faults.
    """
    if path.suffix != ".csv":
        return _rdf(path, names)
    values = Values(ontology, names, frozenset(languages or ontology.languages))
    table = _Table(values, str(path), names.graph(GRAPH))
    table.read(formats.decode(formats.read_bytes(path), str(path)))
    document = Document(path.stem, list(table.quads), table.places, frozenset(table.gaps), table.lost)
    if table.faults:
        raise FaultyError(document, table.faults)
    return document


def dangling(quads: Iterable[Quad], places: Places, names: Names) -> list[Fault]:
    """The references to shared entities and sources that nothing in `quads` describes, and their places.

    >>> a, b = NamedNode(ID + "thing/a1"), NamedNode(ID + "thing/a2")
    >>> quads = [Quad(a, NamedNode("https://example.org/part"), b)]
    >>> print(*dangling(quads, Places(), Names()))
    nothing describes “thing/a2”; did you mean “thing/a1”?
    """
    quads = list(quads)
    known = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
    bases = (ID, names.source("").value)
    faults: dict[Fault, None] = {}
    for quad in quads:
        node = quad.object
        if isinstance(node, NamedNode) and node.value.startswith(bases) and node.value not in known:
            found: list[Place | None] = [*places.find(quad.subject, quad.predicate, node)]
            faults |= {_undescribed(node.value, place, known, names): None for place in found or [None]}
    return list(faults)


def _undescribed(iri: str, place: Place | None, known: Iterable[str], names: Names) -> Fault:
    folder, local = iri.rpartition("/")[0] + "/", _local(iri, names)
    near = suggestion(local, (_local(other, names) for other in known if other.startswith(folder)))
    return Fault(place, f"nothing describes “{local}”", near or "describe it, or take this out")


def _local(iri: str, names: Names) -> str:
    """What of an IRI an author writes, or nearly: `thing/a1`, `source/a-text`."""
    return iri.removeprefix(ID).removeprefix(names.base)


def _rdf(path: Path, names: Names) -> Document:
    """What an RDF file says, in the graph `reference`."""
    read, places = formats.read_placed(path)
    quads = formats.regraph(read, names.graph(GRAPH))
    if found := formats.nameless(quads, places):
        raise InputError.all(Fault(place, "a node has no IRI", "give it one") for place in found)
    if not quads:
        raise InputError.at(Place(str(path)), "no statement in it", "take the file out")
    return Document(path.stem, quads, places)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell, or one of its values, and where its text begins."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column means: the entry of its key, and the language after the `@`."""

    entry: Entry
    language: str


class _Table:
    """Reads one table; `quads`, `places`, `faults` and so on are what comes of it."""

    def __init__(self, values: Values, path: str, graph: NamedNode) -> None:
        self.quads: dict[Quad, None] = {}
        self.places = Places()
        self.faults: list[Fault] = []
        self.gaps: set[Gap] = set()
        self.lost = False
        self._values, self._path, self._graph = values, path, graph
        self._lines: dict[str, int] = {}

    def read(self, text: str) -> None:
        """Read the whole `text`: a row of keys, and the rows of values.

        :raises InputError: if there are none.
        """
        rows = list(self._rows(text))
        if len(rows) + len(self.faults) < 2 or not text.strip():
            fix = "write the keys in the first line, and a row for each entity"
            raise InputError.at(Place(self._path, 1, 1), "no row in it", fix)
        if rows:
            columns = self._columns(rows[0])
            for row in rows[1:]:
                self._row(columns, row)

    def _fault(self, place: Place, what: str, fix: str = "") -> None:
        self.faults.append(Fault(place, what, fix))

    def _rows(self, text: str) -> Iterator[list[_Cell]]:
        """The rows of comma-separated `text` (RFC 4180, but no cell goes on in the next line)."""
        for number, line in enumerate(text.replace("\r\n", "\n").removesuffix("\n").split("\n"), 1):
            try:
                yield _cells(line, self._path, number)
            except InputError as error:
                self.faults += error.faults
                self.lost = True

    # --- the keys

    def _columns(self, header: list[_Cell]) -> list[_Column | None]:
        """What the columns mean; None and a fault for one without a meaning."""
        columns: list[_Column | None] = []
        for at, cell in enumerate(header):
            twice = any(other.text == cell.text for other in header[:at])
            try:
                columns.append(self._column(cell.text, twice))
            except Wrong as wrong:
                self._fault(cell.place, wrong.what, wrong.fix)
                columns.append(None)
        entries = self._values.ontology.context.entries.values()
        for kind in (Kind.ID, Kind.CLASS):
            key = next((entry.key for entry in entries if entry.kind is kind), kind.value)
            if None not in columns and not any(column and column.entry.kind is kind for column in columns):
                self._fault(header[0].place, f"there is no column “{key}”", "each row needs one")
        return columns

    def _column(self, text: str, twice: bool) -> _Column:
        """What the column headed `text` means.

        :raises Wrong: if nothing.
        """
        key, at, language = text.partition("@")
        entry = self._values.ontology.context.entry(key)
        if twice:
            raise Wrong(f"the column “{text}” stands twice", "join their cells with |")
        if ";" in text or "\t" in text:
            raise Wrong("the columns are not parted by commas", "save the table with commas")
        if entry is None:
            near = suggestion(key, self._values.ontology.context.entries)
            raise Wrong(f"unknown column “{text}”", near or "the ontology's context lists the keys")
        if entry.kind in (Kind.MAP, Kind.EVIDENCE):
            raise Wrong(f"“{key}” cannot stand in a table", "take the column out")
        if entry.kind is not Kind.LANGUAGE and at:
            raise Wrong(f"“{key}” has no language", f"write {key}")
        if entry.kind is Kind.LANGUAGE and language not in self._values.languages:
            options = [f"{key}@{each}" for each in sorted(self._values.languages)]
            raise Wrong(f"“{text}” names no language of this workspace", choices(text, options))
        return _Column(entry, language)

    # --- the rows

    def _row(self, columns: list[_Column | None], row: list[_Cell]) -> None:
        """State what a row says of its node."""
        if len(row) != len(columns):
            what = f"{len(row)} of {len(columns)} cells in this row"
            self._fault(row[0].place, what, "count the commas; a cell that holds one needs double quotes")
            self.lost = True
            return
        filled = [(column, cell) for column, cell in zip(columns, row, strict=True) if column]
        node = self._node(next((cell for column, cell in filled if column.entry.kind is Kind.ID), None))
        for column, cell in filled:
            if column.entry.kind is Kind.CLASS and not cell.text:
                self._fault(cell.place, f"“{column.entry.key}” is empty", "say what kind of thing it is")
            if column.entry.kind is not Kind.ID:
                self._values_of(node, column, cell)

    def _node(self, cell: _Cell | None) -> NamedNode | None:
        """The node that a row is about; None and a fault where the id is none."""
        if cell is None:
            self.lost = True
            return None
        try:
            node = self._values.shared(cell.text)
        except Wrong as wrong:
            self._fault(cell.place, wrong.what, wrong.fix)
            self.lost = True
            return None
        first = self._lines.setdefault(cell.text, cell.place.line)
        if first != cell.place.line:
            self._fault(cell.place, f"the id “{cell.text}” stands twice", f"the first is in line {first}")
            return None
        self.places.add(Place(self._path, cell.place.line, 1), node)
        return node

    def _values_of(self, node: NamedNode | None, column: _Column, cell: _Cell) -> None:
        """State the values of a cell; without a node, only see whether they read."""
        for value in _parts(cell):
            try:
                found = self._terms(column, value.text)
            except Wrong as wrong:
                self._fault(value.place, wrong.what, wrong.fix)
                if node:
                    is_kind = column.entry.kind is Kind.CLASS
                    self.gaps.add((node, None if is_kind else column.entry.property))
                continue
            if node:
                self._state(node, column, found, cell, value)

    def _state(
        self,
        node: NamedNode,
        column: _Column,
        found: list[tuple[NamedNode, Term]],
        cell: _Cell,
        value: _Cell,
    ) -> None:
        """Add what `value`, one of those of `cell`, says of `node`."""
        for prop, term in found:
            quad = Quad(node, prop, term, self._graph)
            if quad in self.quads and prop == column.entry.property:
                self._fault(value.place, f"“{value.text}” is given twice", "leave one")
            self.quads[quad] = None
            self.places.add(cell.place, node, prop)
            self.places.add(value.place, node, prop, term)

    def _terms(self, column: _Column, text: str) -> list[tuple[NamedNode, Term]]:
        """The properties and terms that one value stands for.

        :raises Wrong: if it does not read.
        """
        if not text.strip():
            raise Wrong("a value is empty", "take out the | beside it, or the spaces")
        if text != text.strip():
            raise Wrong(f"a space stands beside “{text.strip()}”", "take it out")
        if column.entry.kind is Kind.LANGUAGE:
            return [(column.entry.property, self._values.text(column.entry, column.language, text))]
        return self._values.read(column.entry, text)


def _parts(cell: _Cell) -> Iterator[_Cell]:
    """The values of a cell, each with its own place."""
    column = cell.place.column
    for text in cell.text.split("|") if cell.text else ():
        yield _Cell(text, Place(cell.place.path, cell.place.line, column))
        column += len(text) + 1


def _cells(line: str, path: str, number: int) -> list[_Cell]:
    """The cells of a line, each with the place of its text.

    :raises InputError: if a quote is not closed, or stands inside a cell that is not quoted.

    >>> [(str(cell.place), cell.text) for cell in _cells('thing/a,,"A, ""a"", b"', "t", 2)]
    [('t:2:1', 'thing/a'), ('t:2:9', ''), ('t:2:11', 'A, "a", b')]
    """
    cells: list[_Cell] = []
    at = 0
    while at <= len(line):
        match = _CELL.match(line, at)
        if match is None or line[match.end() : match.end() + 1] not in (",", ""):
            fix = "quote the cell, write each quote in it twice, and end it in the same line"
            place = Place(path, number, at + 1)
            raise InputError.at(place, "a quote is not closed, or stands inside a cell", fix)
        name = "plain" if match["quoted"] is None else "quoted"
        text = match[name].replace('""', '"')
        cells.append(_Cell(text, Place(path, number, match.start(name) + 1)))
        at = match.end() + 1
    return cells
