"""The rows of an answer, each by a key that is the same from build to build."""

from __future__ import annotations

from hashlib import sha256

from pyoxigraph import Literal

from kg.errors import UsageError
from kg.meant import choices
from kg.questions import Answer, Cell, Question

Row = tuple[Cell, ...]
LENGTH = 8
"""Characters of a key."""


def rows_of(answer: Answer) -> dict[Row, None]:
    """The rows of an answer in its order: of triples their parts, of yes and no that one word."""
    if answer.boolean is not None:
        return {(Literal("yes" if answer.boolean else "no"),): None}
    if answer.triples is not None:
        return dict.fromkeys((t.subject, t.predicate, t.object) for t in answer.triples)
    return dict.fromkeys(answer.rows)


def key(question: str, row: Row) -> str:
    """The key of a row: it depends on the question and on what the row says, and on nothing else.

    >>> key("who", (Literal("a"),)), key("who", (Literal("a"), None))
    ('79dd7f6e', 'a614fcb8')
    """
    said = "\0".join([question, *("" if cell is None else str(cell) for cell in row)])
    return sha256(said.encode()).hexdigest()[:LENGTH]


def find(question: Question, answer: Answer, wanted: str) -> Row:
    """The row of an answer with a key, or with its number, counted from 1.

    :raises UsageError: if it has none of that key.
    """
    rows = list(rows_of(answer))
    if wanted.isdigit() and len(wanted) < LENGTH and 0 < int(wanted) <= len(rows):
        return rows[int(wanted) - 1]
    keys = {key(question.name, row): row for row in rows}
    if wanted in keys:
        return keys[wanted]
    what = f"the answer to {question.name} has no row “{wanted}”"
    fix = (
        f"{choices(wanted, keys)}; the keys stand in: kg query {question.name} --keys"
        if keys
        else "it is empty"
    )
    raise UsageError.at(None, what, fix)


def with_keys(question: str, answer: Answer) -> Answer:
    """The answer with a first column, `key`; as it is where it has no rows."""
    if answer.boolean is not None or answer.triples is not None:
        return answer
    keyed = tuple((Literal(key(question, row)), *row) for row in answer.rows)
    return Answer(("key", *answer.columns), keyed)
