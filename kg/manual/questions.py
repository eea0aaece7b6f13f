"""The page of the questions that can be asked, and of the other queries that describe themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.manual.markdown import code, items, page, table, text, tongues
from kg.questions import Question


def questions(
    asked: Iterable[Question],
    others: Mapping[str, Iterable[Question]] | None = None,
    terms: Callable[[Question], str] = lambda _: "",
) -> str:
    """The page of all questions, with columns and parameters; then of `others`, in short, by kind.

    `terms`: what is said of the terms that a question names.
    """
    parts = ['Asked with `kg query NAME`, or in Python with `graph.ask("NAME")`.']
    for question in asked:
        parts += _question(question, terms(question))
    for kind, found in (others or {}).items():
        if rows := [(code(q.name), text(q.text()), text(q.fix)) for q in found]:
            parts.append(f"## {_head(kind)}\n\n{table(('query', 'what it asks', 'what to do'), rows)}")
    return page("Questions", "the headers of the queries", parts)


def _question(question: Question, terms: str) -> Iterator[str]:
    yield f"## {text(question.name)}\n\n{tongues(question.texts or {'': question.name})}"
    yield table(("column", "what it holds"), ((code(c), text(w)) for c, w in question.columns.items()))
    parameters = (f"{code(name)} ({text(kind)})" for name, kind in question.parameters.items())
    yield items([("parameters", ", ".join(parameters)), ("terms", terms)])


def _head(kind: str) -> str:
    """What a folder of queries is called.

    >>> _head("checks"), _head("checks/ontology")
    ('Checks', 'Checks of the ontology')
    """
    first, _, part = kind.partition("/")
    return first.capitalize() + (f" of the {part}" if part else "")
