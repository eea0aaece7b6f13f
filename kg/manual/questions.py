"""The page of the questions that can be asked, and of the other queries that describe themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg.manual.markdown import code, items, page, table, text, tongues
from kg.questions import Question


def questions(asked: Iterable[Question], others: Mapping[str, Iterable[Question]] | None = None) -> str:
    """The page of all questions, with columns and parameters; then of `others`, in short, by kind."""
    parts = ['Asked with `kg query NAME`, or in Python with `graph.ask("NAME")`.']
    for question in asked:
        parts += _question(question)
    for kind, found in (others or {}).items():
        if rows := [(code(q.name), text(q.text()), text(q.fix)) for q in found]:
            parts.append(f"## {kind.capitalize()}\n\n{table(('query', 'what it asks', 'what to do'), rows)}")
    return page("Questions", "the headers of the queries", parts)


def _question(question: Question) -> Iterator[str]:
    yield f"## {text(question.name)}\n\n{tongues(question.texts or {'': question.name})}"
    yield table(("column", "what it holds"), ((code(c), text(w)) for c, w in question.columns.items()))
    parameters = (f"{code(name)} ({text(kind)})" for name, kind in question.parameters.items())
    yield items([("parameters", ", ".join(parameters))])
