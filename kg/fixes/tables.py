"""Fixes of tables of shared entities: the names of columns, the values of cells, rows sorted by id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.context import Entry, Kind
from kg.fixes.edits import Edit, lines
from kg.fixes.near import near, plain
from kg.fixes.values import Facts, meant, shared

_CELL = re.compile(r'(?P<quote>"?)(?P<text>(?:(?<=")(?:[^"]|"")*)|[^",\n]*)(?P=quote)(?=,|\n|$)')

_APART = frozenset('",|\n')
"""What parts values, cells and rows."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """The text of a cell, without the quotes around it but as it is written, and where it begins."""

    text: str
    start: int


Row = list[_Cell]


def rows(text: str) -> list[Row] | None:
    """The rows of a table, or None where they do not all have the same number of cells.

    >>> [[cell.text for cell in row] for row in rows('id,name\\na,"B, c"\\n') or ()]
    [['id', 'name'], ['a', 'B, c']]
    >>> rows('id,name\\na\\n'), rows('id\\n"a\\n')
    (None, None)
    """
    found: list[Row] = []
    start = 0
    for line in lines(text):
        row = _row(line.removesuffix("\n"), start)
        if row is None or (found and len(row) != len(found[0])):
            return None
        found.append(row)
        start += len(line)
    return found


def _row(line: str, start: int) -> Row | None:
    cells: Row = []
    at = 0
    while at <= len(line):
        match = _CELL.match(line, at)
        if match is None:
            return None
        cells.append(_Cell(match["text"], start + match.start("text")))
        at = match.end() + 1
    return cells


def ids(text: str, facts: Facts) -> list[str] | None:
    """The ids of the rows of a table, or None where it has none that can be told."""
    table = rows(text)
    at = _column(table, facts, Kind.ID) if table else None
    return [row[at].text for row in table[1:]] if table and at is not None else None


def _column(table: list[Row], facts: Facts, kind: Kind) -> int | None:
    entries = facts.ontology.context.entries
    return next(
        (i for i, c in enumerate(table[0]) if c.text in entries and entries[c.text].kind is kind), None
    )


def cells(text: str, facts: Facts) -> list[Edit]:
    """The edits of the columns and cells of a table."""
    table = rows(text)
    if not table:
        return []
    edits: list[Edit] = []
    columns: list[Entry | None] = []
    for cell in table[0]:
        name = _named(cell.text, [other.text for other in table[0]], facts)
        if name != cell.text:
            edits.append(_edit(cell.start, cell.text, name, "key"))
        columns.append(facts.ontology.context.entry(name.partition("@")[0]))
    for row in table[1:]:
        for entry, cell in zip(columns, row, strict=True):
            edits += _cell(entry, cell, facts) if entry else ()
    return edits


def _named(text: str, others: list[str], facts: Facts) -> str:
    """What the column headed `text` is meant to be."""
    key, at, language = text.partition("@")
    entries = facts.ontology.context.entries
    fitting = {k for k, e in entries.items() if e.kind not in (Kind.MAP, Kind.EVIDENCE)}
    meant_key = key if key in entries else near(key, fitting, most=2) or key
    tag = plain(language) if plain(language) in facts.languages else language
    name = meant_key + at + tag
    known = meant_key in entries and (entries[meant_key].kind is Kind.LANGUAGE) == bool(at)
    return name if known and name not in others else text


def _edit(start: int, old: str, new: str, rule: str) -> Edit:
    return Edit(start, start + len(old), new, f"“{old}” becomes “{new}”", rule)


def _cell(entry: Entry, cell: _Cell, facts: Facts) -> Iterator[Edit]:
    """The edits of the values of a cell, none of which makes it hold a value twice."""
    parts = cell.text.split("|")
    start = cell.start
    for part in parts:
        change = _value(entry, part, facts)
        if change and change[0] not in parts and not _APART & (set(change[0]) - set(part)):
            yield _edit(start, part, *change)
        start += len(part) + 1


def _value(entry: Entry, text: str, facts: Facts) -> tuple[str, str] | None:
    """What one value should be, and the rule."""
    bare = text.strip()
    if not bare:
        return None
    if entry.kind is Kind.REFERENCE and not entry.base:
        change = shared(bare, facts)
    else:
        change = meant(entry, bare, facts)
    return change or ((bare, "spaces") if bare != text else None)


def sort(text: str, facts: Facts) -> list[Edit]:
    """The edit, if there is one, that sorts the rows of a table by their ids, each of which stands once."""
    names = ids(text, facts)
    if names is None or len(set(names)) != len(names) or names == sorted(names):
        return []
    header, *body = lines(text)
    new = "".join(line for _, line in sorted(zip(names, body, strict=True)))
    return [Edit(len(header), len(text), new, "the rows are sorted by id", "order")]
