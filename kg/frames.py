"""An answer as a data frame of pandas or polars, each column of one type.

| all that a column holds | type | pandas | polars |
|---|---|---|---|
| `xsd:integer` | whole number | `Int64` | `Int64` |
| numbers, not all of them whole | number | `Float64` | `Float64` |
| `xsd:boolean` | yes or no | `boolean` | `Boolean` |
| `xsd:date` | `datetime.date` | `object` | `Date` |
| `xsd:dateTime` without a zone | `datetime.datetime` | `datetime64[us]` | `Datetime("us")` |
| anything else, or of several types | text | `string` | `String` |

An IRI is a text, in full, and so is a number or a day that Python cannot hold. What is unbound is
missing: `NA` (`NaT`), or null. A decimal becomes a float, that it can be reckoned with: its digits as
they are written stand in `Answer.rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import UsageError
from kg.names import XSD
from kg.questions import Answer, Cell

if TYPE_CHECKING:
    import pandas
    import polars

Column = tuple[str, list[Any]]
"""The type of a column, one of `PANDAS`, and its values; None is what is unbound."""

TYPES = {
    XSD + "integer": "integer",
    XSD + "decimal": "number",
    XSD + "double": "number",
    XSD + "float": "number",
    XSD + "boolean": "boolean",
    XSD + "date": "date",
    XSD + "dateTime": "moment",
}
PANDAS = {
    "integer": "Int64", "number": "Float64", "boolean": "boolean",
    "date": "object", "moment": "datetime64[us]", "text": "string",
}  # fmt: skip
POLARS = {
    "integer": "Int64", "number": "Float64", "boolean": "Boolean",
    "date": "Date", "moment": "Datetime", "text": "String",
}  # fmt: skip


def to_pandas(answer: Answer, labels: Mapping[NamedNode, str] | None = None) -> pandas.DataFrame:
    """The rows, or the triples, as a frame of pandas; with `labels`, those in the place of IRIs.

    :raises UsageError: if pandas is not installed, or the answer is yes or no.
    """
    pd = _library("pandas")
    frame = {
        name: pd.Series([pd.NA if value is None else value for value in values], dtype=PANDAS[kind])
        for name, (kind, values) in columns(answer, labels).items()
    }
    made: pandas.DataFrame = pd.DataFrame(frame, index=pd.RangeIndex(len(answer)))
    return made


def to_polars(answer: Answer, labels: Mapping[NamedNode, str] | None = None) -> polars.DataFrame:
    """The rows, or the triples, as a frame of polars; with `labels`, those in the place of IRIs.

    :raises UsageError: if polars is not installed, or the answer is yes or no.
    """
    pl = _library("polars")
    series = [
        pl.Series(name, values, dtype=getattr(pl, POLARS[kind]))
        for name, (kind, values) in columns(answer, labels).items()
    ]
    made: polars.DataFrame = pl.DataFrame(series)
    return made


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as exc:
        what = f"this needs {name}, which is not installed"
        raise UsageError.at(None, what, f"install it with: pip install 'casegraph[{name}]'") from exc


def columns(answer: Answer, labels: Mapping[NamedNode, str] | None = None) -> dict[str, Column]:
    """Name → type and values of each column.

    :raises UsageError: if the answer is yes or no.

    >>> rows = ((Literal(3), None), (Literal(4), Literal("four")))
    >>> columns(Answer(("number", "word"), rows))
    {'number': ('integer', [3, 4]), 'word': ('text', [None, 'four'])}
    """
    if answer.boolean is not None:
        raise UsageError.at(None, "an answer of yes or no has no rows", "read its attribute “boolean”")
    names, rows = answer.columns, answer.rows
    if answer.triples is not None:
        names, rows = ("subject", "predicate", "object"), tuple(tuple(t) for t in answer.triples)
    return {name: typed((row[at] for row in rows), labels or {}) for at, name in enumerate(names)}


def typed(cells: Iterable[Cell], labels: Mapping[NamedNode, str]) -> Column:
    """The type that all of the cells are of, and their values.

    >>> typed([Literal(2), Literal("2.50", datatype=NamedNode(XSD + "decimal")), None], {})
    ('number', [2.0, 2.5, None])
    >>> typed([Literal(2), NamedNode("https://example.org/two")], {})
    ('text', ['2', 'https://example.org/two'])
    """
    cells = list(cells)
    kinds = {_kind(cell) for cell in cells if cell is not None}
    if kinds == {"integer", "number"}:
        kinds = {"number"}
    [kind] = kinds if len(kinds) == 1 else {"text"}
    if kind != "text":
        try:
            return kind, [READ[kind](cell.value) if isinstance(cell, Literal) else None for cell in cells]
        except (ValueError, KeyError):
            kind = "text"
    return kind, [None if cell is None else _text(cell, labels) for cell in cells]


def _kind(cell: Cell) -> str:
    return TYPES.get(cell.datatype.value, "text") if isinstance(cell, Literal) else "text"


def _text(cell: Cell, labels: Mapping[NamedNode, str]) -> str:
    if isinstance(cell, BlankNode):
        return f"_:{cell.value}"
    if isinstance(cell, NamedNode) and cell in labels:
        return labels[cell]
    return str(getattr(cell, "value", cell))


def _integer(text: str) -> int:
    if not -(2**63) <= (value := int(text)) < 2**63:
        raise ValueError(f"{text} is more than 64 bits")
    return value


def _moment(text: str) -> datetime:
    if (value := datetime.fromisoformat(text)).tzinfo:
        raise ValueError(f"{text} has a zone")
    return value


READ: dict[str, Callable[[str], Any]] = {
    "integer": _integer,
    "number": float,
    "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
    "date": date.fromisoformat,
    "moment": _moment,
}
"""Text → value for each type but text.

:raises ValueError, KeyError: from each, where Python has no such value.
"""
