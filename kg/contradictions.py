"""What the questions tell that are told as a report: row by row, both sides with their words and places.

A question with `#+ sides:` names the columns that hold the sides, and `#+ finding:` the one that is true of a
row which the files do not account for. What cannot hold together, and which of it counts, is said by the
rules and the questions of the workspace; nothing of it is known here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from kg import answers, questions
from kg.errors import UsageError
from kg.formats.cells import json_term
from kg.names import PROV, RDF
from kg.places import Place
from kg.proofs.origins import Origins, Quote
from kg.proofs.rendering import json_quote
from kg.proofs.session import Session
from kg.proofs.told import source
from kg.questions import Cell, Question
from kg.rows import key

TYPE, DERIVED = NamedNode(RDF + "type"), NamedNode(PROV + "wasDerivedFrom")
TRUE = Literal(True)


@dataclass(frozen=True)
class Side:
    """A node that a row is about: what it is called, where it is written, and the words that carry it.

    Where it has no words of its own, they are those of the nodes that it is derived from.
    """

    column: str
    node: NamedNode
    label: str
    place: Place | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Entry:
    """A row: its key, its sides, its other cells, and whether it is a finding."""

    key: str
    sides: tuple[Side, ...]
    cells: tuple[tuple[str, Cell], ...]
    finding: bool


@dataclass(frozen=True)
class Section:
    """A question, with what its answer tells."""

    question: Question
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Told:
    """All sections, and what it takes to tell them."""

    sections: tuple[Section, ...]
    session: Session

    @property
    def findings(self) -> int:
        """How many rows the files do not account for."""
        return sum(entry.finding for section in self.sections for entry in section.entries)

    def shown(self, cell: Cell) -> str:
        """What a person sees of a cell."""
        if isinstance(cell, NamedNode):
            called = questions.labels(self.session.store, [cell], self.session.lang)
            return answers.shown(cell, called)
        return answers.shown(cell, {})


def tell(session: Session) -> Told:
    """What the questions that are told as a report say of the graph.

    :raises UsageError: if the workspace has no such question.
    """
    found = [questions.read(path) for path in session.workspace.questions().values()]
    asked = [question for question in found if question.sides]
    if not asked:
        fix = "write “#+ sides: …” into the header of a question that finds what cannot both hold"
        raise UsageError.at(None, "no question of the workspace is told as a report", fix)
    return Told(tuple(_section(session, question) for question in asked), session)


def _section(session: Session, question: Question) -> Section:
    answer = questions.ask(question, session.store, session.workspace.names)
    places = [answer.columns.index(name) for name in question.sides]
    nodes = {
        cell for row in answer.rows for cell in (row[at] for at in places) if isinstance(cell, NamedNode)
    }
    origins = session.origins(Triple(node, TYPE, node) for node in nodes)
    return Section(
        question,
        tuple(_entry(session, question, origins, row) for row in answer.rows),
    )


def _entry(session: Session, question: Question, origins: Origins, row: tuple[Cell, ...]) -> Entry:
    cells = dict(zip(question.columns, row, strict=True))
    sides = tuple(
        _side(session, origins, name, node)
        for name in question.sides
        if isinstance(node := cells[name], NamedNode)
    )
    others = tuple(
        (name, cell) for name, cell in cells.items() if name not in (*question.sides, question.finding)
    )
    return Entry(key(question.name, row), sides, others, cells.get(question.finding) == TRUE)


def _side(session: Session, origins: Origins, column: str, node: NamedNode) -> Side:
    called = questions.labels(session.store, [node], session.lang).get(node, "")
    place = next(iter(origins.places.find(node)), None)
    return Side(column, node, called, place, tuple(dict.fromkeys(_quotes(session, origins, node, set()))))


def _quotes(session: Session, origins: Origins, node: NamedNode, seen: set[NamedNode]) -> Iterator[Quote]:
    """The words of a node, or of what it is derived from, however far that is."""
    seen.add(node)
    own = [quote for quote in origins.quotes(Triple(node, TYPE, node)) if quote.words]
    yield from own
    for quad in () if own else session.store.quads_for_pattern(node, DERIVED, None, None):
        if isinstance(quad.object, NamedNode) and quad.object not in seen:
            yield from _quotes(session, origins, quad.object, seen)


# --- In forms


def render(told: Told, form: str = "text") -> str:
    """The report as `text`, `markdown` or `json`.

    :raises UsageError: if there is no such form.
    """
    if form not in FORMS:
        raise UsageError.at(None, f"no format “{form}” for this report", f"known: {', '.join(FORMS)}")
    return FORMS[form](told)


def _text(told: Told) -> str:
    return "\n".join(_lines(told, "", "", "  "))


def _markdown(told: Told) -> str:
    return "\n".join(_lines(told, "## ", "- ", "  - "))


def _lines(told: Told, top: str, bullet: str, step: str) -> Iterator[str]:
    session, deeper = told.session, "    - " if bullet else "    "
    for section in told.sections:
        question = section.question
        yield f"{top}{question.text(session.lang)}\n"
        for entry in section.entries:
            mark = f"  ({question.head(question.finding, session.lang)})" if entry.finding else ""
            yield f"{bullet}{entry.key}{mark}"
            for side in entry.sides:
                name = session.tongue.name(side.node)
                label = f" “{side.label}”" if side.label else ""
                at = f"  [{side.place}]" if side.place else ""
                yield f"{step}{question.head(side.column, session.lang)}: {name}{label}{at}"
                yield from (f"{deeper}{source(session.tongue, quote)}" for quote in side.quotes)
            for column, cell in entry.cells:
                if cell is not None:
                    yield f"{step}{question.head(column, session.lang)}: {told.shown(cell)}"
            yield ""


def _json(told: Told) -> str:
    out = [
        {
            "question": section.question.name,
            "text": section.question.text(told.session.lang),
            "rows": [_row(told, entry) for entry in section.entries],
        }
        for section in told.sections
    ]
    return json.dumps(out, ensure_ascii=False, indent=1) + "\n"


def _row(told: Told, entry: Entry) -> dict[str, Any]:
    cells = {column: json_term(cell) | {"text": told.shown(cell)} for column, cell in entry.cells if cell}
    sides = {side.column: _json_side(side) for side in entry.sides}
    return {"key": entry.key, "finding": entry.finding, "sides": sides, "columns": cells}


def _json_side(side: Side) -> dict[str, Any]:
    out: dict[str, Any] = {"node": side.node.value, "label": side.label}
    if side.place:
        out["place"] = {"file": side.place.path, "line": side.place.line, "column": side.place.column}
    return out | {"quotes": [json_quote(quote) for quote in side.quotes]}


FORMS: dict[str, Callable[[Told], str]] = {"text": _text, "markdown": _markdown, "json": _json}
