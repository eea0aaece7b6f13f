"""A difference as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from kg import answers, build, questions
from kg.answers import shown
from kg.diff import Difference, RowChange
from kg.diff.changes import TYPE, Change, Triples
from kg.errors import UsageError
from kg.formats.cells import json_term
from kg.names import term
from kg.phrases import phrases
from kg.questions import Answer, Cell

SIGNS = {"added": "+", "removed": "-", "changed": "~"}
LONGEST = 60
"""Characters of a text that are shown."""


@dataclass(frozen=True)
class Page:
    """A difference, and how nodes and values are called in `lang`."""

    found: Difference
    lang: str = "en"

    def __post_init__(self) -> None:
        workspace = self.found.before.workspace
        name = build.naming(workspace, build.ontology_of(workspace))
        sides = [Triples.of(state.triples) for state in (self.found.before, self.found.after)]
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "_sides", sides)

    name: Callable[[NamedNode | BlankNode], str] = str
    _sides: tuple[Triples, ...] = ()

    def value(self, value: NamedNode | Literal) -> str:
        """A value as an author writes it; of a place in a source, the words that stand there."""
        if isinstance(value, Literal):
            return _short(value.value if _bare(value) else f"“{value.value}”")
        for side in self._sides:
            quote, source, span = side.quote(value)
            if source:
                words = f"“{quote}”" if quote else "the whole"
                at = f" {span[0]}–{span[1]}" if span else ""
                return f"{_short(words)} ({source.rpartition('/')[2]}{at})"
        return self.name(value).rpartition("/")[2]

    def change(self, change: Change) -> str:
        """What a change is, without its node."""
        if change.prop is None:
            kinds = sorted(self.name(o) for o in _kinds(change))
            return ", ".join(kinds)
        key = "evidence" if change.prop == term("evidence") else self.name(change.prop)
        old, new = (", ".join(map(self.value, side)) for side in (change.before, change.after))
        return f"{key} {old} → {new}" if old and new else f"{key} {old or new}"

    def node(self, change: Change) -> str:
        """The node of a change, below its case."""
        return self.name(change.node).removeprefix(change.group.removeprefix("case/") + "/")

    def line(self, change: Change) -> str:
        """A change with its sign and its node."""
        return f"{SIGNS[change.how]} {self.node(change)}: {self.change(change)}"


def _bare(value: Literal) -> bool:
    return value.value.replace(".", "").replace("-", "").isalnum() and " " not in value.value


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _kinds(change: Change) -> Iterator[NamedNode]:
    for triple in change.added | change.removed:
        about = triple.subject == change.node and triple.predicate == TYPE
        if about and isinstance(triple.object, NamedNode):
            yield triple.object


def render(found: Difference, form: str = "text", lang: str = "en") -> str:
    """The difference as `text`, `markdown` or `json`.

    :raises UsageError: if there is no such form.
    """
    if form not in FORMS:
        raise UsageError.at(None, f"no format “{form}” for differences", f"known: {', '.join(FORMS)}")
    return FORMS[form](Page(found, lang))


# --- for reading -------------------------------------------------------------------------


@dataclass(frozen=True)
class Marks:
    """How the lines of a form for reading begin."""

    heading: str
    item: str
    below: str


def _text(page: Page) -> str:
    return _read(page, Marks("", "  ", "      "))


def _markdown(page: Page) -> str:
    return _read(page, Marks("## ", "- ", "  - "))


def _read(page: Page, marks: Marks) -> str:
    blocks = [
        "\n".join([marks.heading + heading, *([""] if marks.heading else []), *lines]) + "\n"
        for heading, lines in (*_of_rules(page, marks), *_of_cases(page, marks), *_of_answers(page, marks))
    ]
    return "\n".join([*blocks, summary(page.found) + "\n"])


def _of_rules(page: Page, marks: Marks) -> Iterator[tuple[str, list[str]]]:
    if page.found.rules:
        yield "rules", [f"{marks.item}{SIGNS[how]} {name}" for name, how in page.found.rules.items()]


def _of_cases(page: Page, marks: Marks) -> Iterator[tuple[str, list[str]]]:
    gone, come = page.found.cases
    for group, changes in groupby(page.found.changes, key=lambda change: change.group):
        name, some = group.removeprefix("case/"), list(changes)
        if name in (*gone, *come) and group.startswith("case/"):
            sign, word = ("+", "new") if name in come else ("-", "gone")
            yield f"{sign} {name}", [f"{marks.item}{word}, with {len(some)} nodes"]
        else:
            yield name, [marks.item + page.line(change) for change in some]


def _of_answers(page: Page, marks: Marks) -> Iterator[tuple[str, list[str]]]:
    for question, rows in groupby(page.found.answers, key=lambda row: row.question):
        some = list(rows)
        tell = _teller(page, some)
        lines: list[str] = []
        for pair in _paired(some):
            lines.append(marks.item + tell(pair))
            for change in dict.fromkeys(change for row in pair for change in row.cause):
                where = change.group.removeprefix("case/")
                lines.append(f"{marks.below}because {where} {page.line(change)[2:]}")
            if page.found.rules and not any(row.cause for row in pair):
                lines.append(f"{marks.below}because the rules differ")
        yield f"{question.name}: {question.text(page.lang)}", _few(lines)


def _few(lines: list[str], most: int = 200) -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], f"… and {len(lines) - most} lines more"]


def _paired(rows: list[RowChange]) -> list[tuple[RowChange, ...]]:
    """Each lost row with the won one that differs from it least, if most of their cells are the same."""
    won = [row for row in rows if row.added]
    pairs: list[tuple[RowChange, ...]] = []
    for lost in (row for row in rows if not row.added):
        alike = [(_same(lost, row), -at) for at, row in enumerate(won)]
        best, at = max(alike, default=(0, 0))
        if 2 * best > len(lost.row):
            pairs.append((lost, won.pop(-at)))
        else:
            pairs.append((lost,))
    return [*pairs, *((row,) for row in won)]


def _same(a: RowChange, b: RowChange) -> int:
    return sum(x == y for x, y in zip(a.row, b.row, strict=True))


def _teller(page: Page, rows: list[RowChange]) -> Callable[[tuple[RowChange, ...]], str]:
    """What says a row, or what has changed of it."""
    labels = _labels(page, rows)
    said = phrases(rows[0].question, page.found.after.workspace, page.lang)

    def cell(value: Cell) -> str:
        known = said.get(value) if isinstance(value, Literal) else None
        return _short(known or shown(value, labels)) or "–"

    def tell(pair: tuple[RowChange, ...]) -> str:
        if len(pair) == 1:
            cells = [cell(value) for value in pair[0].row if value is not None]
            return f"{'+' if pair[0].added else '-'} {' · '.join(cells)}"
        old, new = pair
        same = [cell(a) for a, b in zip(old.row, new.row, strict=True) if a == b and a is not None]
        columns = list(old.question.columns) or [str(at) for at in range(1, len(old.row) + 1)]
        differ = [
            f"{column.replace('_', ' ')} {cell(a)} → {cell(b)}"
            for column, a, b in zip(columns, old.row, new.row, strict=True)
            if a != b
        ]
        return f"~ {' · '.join(same[:2])}: {'; '.join(differ)}"

    return tell


def _labels(page: Page, rows: list[RowChange]) -> Mapping[NamedNode, str]:
    answer = Answer(tuple(str(at) for at in range(len(rows[0].row))), tuple(row.row for row in rows))
    iris = sorted(answer.iris, key=str)
    labels: dict[NamedNode, str] = {}
    for state in (page.found.before, page.found.after):
        labels |= questions.labels(state.store, iris, page.lang)
    return answers.told_apart(answer, labels)


def summary(found: Difference) -> str:
    """How much differs, in a line; a row that is told as changed is one."""
    if not found:
        return "no difference"
    places = {change.group for change in found.changes}
    asked = [list(rows) for _, rows in groupby(found.answers, key=lambda row: row.question)]
    rows = [pair for some in asked for pair in _paired(some)]
    said = f"{_count(len(found.changes), 'statement')} in {_count(len(places), 'place')}"
    said = f"{_count(len(found.rules), 'rule')} and {said}" if found.rules else said
    if not found.answers:
        return f"{said} differ" + (", and no answer does" if found.asked else "")
    return f"{said} differ, and {_count(len(rows), 'row')} of {_count(len(asked), 'answer')}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


# --- for programs ------------------------------------------------------------------------


def _json(page: Page) -> str:
    found = page.found
    gone, come = found.cases
    numbers = {change: at for at, change in enumerate(found.changes)}
    out = {
        "before": found.before.name, "after": found.after.name,
        "cases": {"removed": gone, "added": come}, "rules": found.rules,
        "changes": [_change(change) for change in found.changes],
        "answers": [_row(row, numbers) for row in found.answers],
    }  # fmt: skip
    return json.dumps(out, ensure_ascii=False, indent=1) + "\n"


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.how, "group": change.group, "node": change.node.value,
        "property": change.prop.value if change.prop else None,
        "before": _terms(change.before), "after": _terms(change.after),
    }  # fmt: skip


def _terms(values: Iterable[Cell]) -> list[dict[str, str]]:
    return [json_term(value) for value in values]


def _row(row: RowChange, numbers: Mapping[Change, int]) -> dict[str, Any]:
    columns = list(row.question.columns) or [str(at) for at in range(1, len(row.row) + 1)]
    cells = {c: json_term(v) for c, v in zip(columns, row.row, strict=True) if v is not None}
    kind = "added" if row.added else "removed"
    because = [numbers[change] for change in row.cause]
    return {"question": row.question.name, "kind": kind, "row": cells, "because": because}


FORMS: dict[str, Callable[[Page], str]] = {"text": _text, "markdown": _markdown, "json": _json}
