"""Answers and reports as pieces of HTML, as notebooks show them: no style, no script, every text escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from kg.answers import shown
from kg.questions import Answer, Cell
from kg.reports import Page
from kg.shapes import Finding

MOST = 100
"""How many rows are shown; the others are counted."""


def answer(
    found: Answer, text: str = "", labels: Mapping[NamedNode, str] | None = None, notes: Sequence[str] = ()
) -> str:
    """The answer as a table below its question; entities by their labels, `notes` below it.

    >>> print(answer(Answer(("a",), ((Literal("1 < 2"),),)), "Which?"))
    <table>
    <caption>Which?</caption>
    <thead><tr><th scope="col">a</th></tr></thead>
    <tbody>
    <tr><td>1 &lt; 2</td></tr>
    </tbody>
    </table>
    """
    if found.boolean is not None:
        said = "yes" if found.boolean else "no"
        return _paragraphs([f"{text} {said}".strip(), *notes])
    heads, rows = found.columns, found.rows
    if found.triples is not None:
        heads, rows = ("subject", "predicate", "object"), tuple(tuple(t) for t in found.triples)
    cells = ("".join(_cell(cell, labels or {}) for cell in row) for row in rows[:MOST])
    table = _table(text, [head.replace("_", " ") for head in heads], cells)
    return table + _paragraphs([*_more(len(rows), "row"), *notes])


def _cell(cell: Cell, labels: Mapping[NamedNode, str]) -> str:
    inner = _text(shown(cell, labels))
    if isinstance(cell, NamedNode):
        return f'<td><span title="{_text(cell.value)}">{inner}</span></td>'
    if isinstance(cell, Literal) and cell.language:
        return f'<td lang="{_text(cell.language)}">{inner}</td>'
    return f"<td>{inner}</td>"


def report(page: Page) -> str:
    """The findings as a table below how many there are: place, level, what was found, rule."""
    summary = page.summary
    if not page.found:
        return _paragraphs([summary])
    heads = [page.words[word] for word in ("file", "level", "finding", "rule")]
    rows = (_finding(finding, page) for finding in page.found[:MOST])
    return _table(summary, [head.split("/")[0] for head in heads], rows) + _paragraphs(
        _more(len(page.found), "finding")
    )


def _finding(finding: Finding, page: Page) -> str:
    place = str(finding.place or finding.subject.strip("<>"))
    key = f"<strong>{_text(finding.key)}</strong>: " if finding.key else ""
    title = f' title="{_text(page.rule(finding).title(page.lang))}"'
    return (
        f"<td><code>{_text(place)}</code></td><td>{_text(page.words[finding.severity.level])}</td>"
        f"<td>{key}{_text(finding.message)}</td><td><code{title}>{_text(finding.rule)}</code></td>"
    )


def _table(caption: str, heads: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{_text(each)}</th>' for each in heads)
    said = f"<caption>{_text(caption)}</caption>\n" if caption else ""
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table>\n{said}<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _more(number: int, what: str) -> list[str]:
    """What is said of the rows that are not shown, or of there being none."""
    if not number:
        return [f"no {what}"]
    return [f"… and {number - MOST:,} more"] if number > MOST else []


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"\n<p>{_text(text)}</p>" for text in texts)


def _text(text: str) -> str:
    return html.escape("".join(c if c in "\t\n" or c.isprintable() else "\ufffd" for c in text))
