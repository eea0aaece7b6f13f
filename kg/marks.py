"""What an answer says beside its rows: that a value is disputed, say, or was worked out anew.

The ontology marks classes (`cg:mark true`), and a question says which of its variables are the nodes that a
row stands on (`#+ marks: shown`). A row bears the labels of the marked classes that those nodes are of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Store

from kg import questions
from kg.names import RDF, Names, term
from kg.questions import Answer, Cell, Question
from kg.sparql import Query

if TYPE_CHECKING:
    from kg.joins import Joins

MARK, TYPE = term("mark"), NamedNode(RDF + "type")
COLUMN = "marks"
Marks = tuple[tuple[NamedNode, ...], ...]
"""For each row the marked classes that it bears, in the order of their IRIs."""


def ask(
    question: Question,
    store: Store,
    names: Names | None = None,
    values: Mapping[str, str] | None = None,
    joins: Joins | None = None,
) -> tuple[Answer, Marks | None]:
    """The answer of `store` to `question`, and the marks of its rows; none where it says nothing of marks.

    :raises DefinitionError: as `kg.questions.ask` does.

    >>> ask(questions.parse("SELECT ?s { ?s ?p ?o }"), Store())[1] is None
    True
    """
    if not question.marks:
        return questions.ask(question, store, names, values, joins), None
    wide, size = _widened(question), len(question.columns)
    found = questions.ask(wide, store, names, values, joins)
    places = [found.columns.index(name) for name in question.marks if name in found.columns]
    nodes: dict[int, set[Cell]] = {}
    rows: list[tuple[Cell, ...]] = []
    numbers: dict[tuple[Cell, ...], int] = {}
    for row in found.rows:
        shown = row[:size]
        number = numbers.setdefault(shown, len(rows)) if _is_distinct(question) else len(rows)
        if number == len(rows):
            rows.append(shown)
        nodes.setdefault(number, set()).update(row[place] for place in places)
    members = _members(store)
    marks = (
        tuple(cls for cls, some in members.items() if not some.isdisjoint(nodes[number]))
        for number in range(len(rows))
    )
    return Answer(tuple(question.columns), tuple(rows)), tuple(marks)


def beside(answer: Answer, marks: Marks | None, store: Store, lang: str) -> Answer:
    """The answer with a last column, `marks`: their labels, in `lang` if they have any; unbound for none."""
    if marks is None:
        return answer
    classes = sorted({cls for some in marks for cls in some}, key=str)
    called = questions.labels(store, classes, lang)
    cells = (
        Literal("; ".join(called.get(cls, cls.value) for cls in some)) if some else None for some in marks
    )
    rows = tuple((*row, cell) for row, cell in zip(answer.rows, cells, strict=True))
    return replace(answer, columns=(*answer.columns, COLUMN), rows=rows)


def _members(store: Store) -> dict[NamedNode, set[Cell]]:
    """The instances of each marked class."""
    said = store.quads_for_pattern(None, MARK, Literal(True), None)
    classes = sorted({quad.subject for quad in said if isinstance(quad.subject, NamedNode)}, key=str)
    return {cls: {quad.subject for quad in store.quads_for_pattern(None, TYPE, cls, None)} for cls in classes}


def _widened(question: Question) -> Question:
    """The question, also asked for the variables that its marks need; not where a limit counts its rows."""
    query = Query(question.sparql)
    lacking = [name for name in question.marks if name not in question.columns]
    if not lacking or any(
        word.kind == "word" and word.text.upper() in ("LIMIT", "OFFSET") for word in query.words
    ):
        return question
    end = query.words[query.selected[-1] + 1].start
    more = "".join(f"?{name} " for name in lacking)
    columns = {**question.columns, **dict.fromkeys(lacking, "")}
    return replace(question, sparql=question.sparql[:end] + more + question.sparql[end:], columns=columns)


def _is_distinct(question: Question) -> bool:
    query = Query(question.sparql)
    return query.words[query.selected[0]].text.upper() == "DISTINCT"
