"""An answer in the form that a person or a program wants: table, Markdown, CSV, TSV, JSON, XML, JSON Lines.

The forms for programs follow the W3C's SPARQL 1.1 result formats and hold terms as they are;
table and Markdown are for reading: an entity is shown by its label.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any
from xml.etree import ElementTree as ET

from pyoxigraph import BlankNode, NamedNode, Store

from kg import questions
from kg.errors import UsageError
from kg.formats.cells import json_term
from kg.names import HOME
from kg.questions import Answer, Cell

Labels = Mapping[NamedNode, str]
SUFFIXES = {
    ".txt": "table",
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".srj": "json",
    ".xml": "xml",
    ".srx": "xml",
    ".md": "markdown",
    ".jsonl": "jsonl",
}
RESULTS = "http://www.w3.org/2005/sparql-results#"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def render(answer: Answer, form: str, labels: Labels | None = None, width: int | None = None) -> str:
    """`answer` in the form `form`, one of `FORMS`; `width` is that of a table, in characters.

    :raises UsageError: if there is no such form.
    """
    if form not in FORMS:
        raise UsageError.at(None, f"no format “{form}” for answers", f"known: {', '.join(FORMS)}")
    if form in ("table", "markdown"):
        return READERS[form](answer, told_apart(answer, labels or {}), width)
    return PROGRAMS[form](answer)


def told_apart(answer: Answer, labels: Labels) -> Labels:
    """`labels`, with the key of an entity after its label where another of the answer has the same.

    That is another in the same column, or of the same kind in any: `Two Rivers (no-1)` and `(no-2)`.

    >>> a, b = NamedNode("http://e.org/place/no-1"), NamedNode("http://e.org/place/no-2")
    >>> sorted(told_apart(Answer(("from", "to"), ((a, b),)), {a: "Two Rivers", b: "Two Rivers"}).values())
    ['Two Rivers (no-1)', 'Two Rivers (no-2)']
    """
    alike: dict[tuple[str, str | int], set[NamedNode]] = {}
    for row in answer.rows:
        for column, cell in enumerate(row):
            if isinstance(cell, NamedNode) and cell in labels:
                for where in (column, cell.value.rpartition("/")[0]):
                    alike.setdefault((labels[cell], where), set()).add(cell)
    out = dict(labels)
    for (label, _), group in alike.items():
        keys = {iri.value.rpartition("/")[2] for iri in group}
        for iri in group if len(group) > 1 else ():
            key = iri.value.rpartition("/")[2] if len(keys) == len(group) else shown(iri, {})
            out[iri] = f"{label} ({key})"
    return out


class LabelsOf(Mapping[NamedNode, str]):
    """The labels of what is in an answer, looked up once one of them is asked for."""

    def __init__(self, answer: Answer, data: Store, lang: str) -> None:
        self._answer, self._data, self._lang = answer, data, lang

    @cached_property
    def _found(self) -> Labels:
        iris = sorted(self._answer.iris, key=str)
        return told_apart(self._answer, questions.labels(self._data, iris, self._lang))

    def __getitem__(self, iri: NamedNode) -> str:
        return self._found[iri]

    def __iter__(self) -> Iterator[NamedNode]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self._found),)  # a store can neither be copied nor kept in a file


def shown(cell: Cell, labels: Labels) -> str:
    """What a person sees of `cell`: a label, a short IRI, or the text."""
    if isinstance(cell, NamedNode):
        return labels.get(cell) or cell.value.removeprefix(HOME)
    return "" if cell is None else getattr(cell, "value", str(cell))


def _table(answer: Answer, labels: Labels, width: int | None) -> str:
    """A table; in a window too narrow for one, a record for each row."""
    if answer.boolean is not None:
        return "yes\n" if answer.boolean else "no\n"
    heads = [column.replace("_", " ") for column in answer.columns]
    rows = [[shown(cell, labels) for cell in row] for row in answer.rows]
    wide = width or max(shutil.get_terminal_size((120, 24)).columns, 60)
    widths = fit(list(zip(heads, *rows, strict=True)), wide - 3 * len(heads) - 1)
    return _boxed(heads, rows, widths) if widths else _records(heads, rows, wide)


def _boxed(heads: list[str], rows: list[list[str]], widths: list[int]) -> str:
    from prettytable import HRuleStyle, PrettyTable, TableStyle

    table = PrettyTable(heads)
    table.set_style(TableStyle.SINGLE_BORDER)
    table.align = "l"
    table.hrules = HRuleStyle.ALL if rows else HRuleStyle.FRAME
    table.add_rows(rows)
    table.max_width = dict(zip(heads, widths, strict=True))
    return table.get_string() + "\n"


def _records(heads: list[str], rows: list[list[str]], width: int) -> str:
    margin = max(map(len, heads), default=0) + 2
    lines: list[str] = []
    for row in rows:
        lines.append("─" * width)
        for head, text in zip(heads, row, strict=True):
            wrapped = textwrap.wrap(text, width - margin) or [""]
            lines += [f"{head:{margin}}{wrapped[0]}".rstrip(), *(" " * margin + rest for rest in wrapped[1:])]
    return "\n".join([*lines, "─" * width]) + "\n"


def fit(columns: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """The widths of columns, in `room` characters: narrow ones keep theirs, wide ones share what is left.

    A column is as wide as its longest word, or nearly so, and no long text is squeezed below twelve
    characters; None where there is no room for that.

    >>> fit([["once"], ["all of the long sentences"], ["that were written on the wall"]], 34)
    [4, 15, 15]
    >>> fit([["a", "storyteller"], ["nineteenth-century"]], 20)
    """
    whole = [max(map(len, column)) for column in columns]
    words = [max(len(word) for text in column for word in text.split() or [""]) for column in columns]
    top = max(words, default=0)
    for longest in range(top, min(top, 14) - 1, -1):
        for level in range(max([12, *whole]), 11, -1):
            widths = [min(w, max(level, min(word, longest))) for w, word in zip(whole, words, strict=True)]
            if sum(widths) <= room:
                return widths
    return None


def _markdown(answer: Answer, labels: Labels, _width: int | None) -> str:
    if answer.boolean is not None:
        return "yes\n" if answer.boolean else "no\n"
    rows = [
        [shown(cell, labels).replace("|", "\\|").replace("\n", " ") for cell in row] for row in answer.rows
    ]
    lines = [answer.columns, ["---"] * len(answer.columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _csv(answer: Answer) -> str:
    if answer.boolean is not None:
        return f"{str(answer.boolean).lower()}\r\n"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow(
            [
                ""
                if c is None
                else f"_:{c.value}"
                if isinstance(c, BlankNode)
                else getattr(c, "value", str(c))
                for c in row
            ]
        )
    return out.getvalue()


def _tsv(answer: Answer) -> str:
    if answer.boolean is not None:
        return f"{str(answer.boolean).lower()}\n"
    rows = ["\t".join("" if c is None else str(c) for c in row) for row in answer.rows]
    return "\n".join(["\t".join(f"?{c}" for c in answer.columns), *rows]) + "\n"


def _json(answer: Answer) -> str:
    if answer.boolean is not None:
        return json.dumps({"head": {}, "boolean": answer.boolean}) + "\n"
    bindings = [
        {c: json_term(v) for c, v in zip(answer.columns, row, strict=True) if v is not None}
        for row in answer.rows
    ]
    result = {"head": {"vars": list(answer.columns)}, "results": {"bindings": bindings}}
    return json.dumps(result, ensure_ascii=False, indent=1) + "\n"


def _xml(answer: Answer) -> str:
    ET.register_namespace("", RESULTS)
    root = ET.Element(f"{{{RESULTS}}}sparql")
    head = ET.SubElement(root, f"{{{RESULTS}}}head")
    if answer.boolean is not None:
        ET.SubElement(root, f"{{{RESULTS}}}boolean").text = str(answer.boolean).lower()
    else:
        for column in answer.columns:
            ET.SubElement(head, f"{{{RESULTS}}}variable", name=column)
        results = ET.SubElement(root, f"{{{RESULTS}}}results")
        for row in answer.rows:
            _xml_row(ET.SubElement(results, f"{{{RESULTS}}}result"), answer.columns, row)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _xml_row(result: ET.Element, columns: tuple[str, ...], row: tuple[Cell, ...]) -> None:
    for column, cell in zip(columns, row, strict=True):
        if cell is None:
            continue
        term = json_term(cell)
        attributes = {
            k: v for k, v in (("xml:lang", term.get("xml:lang")), ("datatype", term.get("datatype"))) if v
        }
        binding = ET.SubElement(result, f"{{{RESULTS}}}binding", name=column)
        # XML 1.0 has no way to write most control characters.
        ET.SubElement(binding, f"{{{RESULTS}}}{term['type']}", attributes).text = CONTROL.sub(
            "�", term["value"]
        )


def _jsonl(answer: Answer) -> str:
    if answer.boolean is not None:
        return json.dumps(answer.boolean) + "\n"
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in answer.records())


READERS: dict[str, Callable[[Answer, Labels, int | None], str]] = {"table": _table, "markdown": _markdown}
PROGRAMS: dict[str, Callable[[Answer], str]] = {
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "xml": _xml,
    "jsonl": _jsonl,
}
FORMS = (*READERS, *PROGRAMS)
