"""Results as JSON and as the page `docs/benchmarks.md`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.results import Figure, Measure, Result
from bench.targets import TARGETS

Entry = dict[str, Any]
"""A result as plain values, with the machine that it was measured on."""

_HEAD = Path(__file__).parent / "head.md"
_WORDS = {
    "reached": "yes",
    "beyond": "yes, and beyond",
    "missed": "**no**",
    "not measured": "not measured",
    "": "",
}


def merged(path: Path, results: Iterable[Result], machine: dict[str, str]) -> list[Entry]:
    """What is in the file of results, with new ones in the place of old ones; and the file says so."""
    old: list[Entry] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    entries = {(entry["row"], entry["size"]): entry for entry in old}
    for result in results:
        entries[result.row, result.size] = result.as_json() | {"machine": machine}
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(list(entries.values()), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return list(entries.values())


def page(entries: list[Entry], titles: Mapping[str, str]) -> str:
    """The whole page, rows in the order of their titles and sizes as they grow."""
    order = list(titles)
    ranked = sorted(entries, key=lambda entry: (order.index(entry["row"]), _rank(entry["size"])))
    parts = [
        _HEAD.read_text(encoding="utf-8"),
        "## What was to be reached\n",
        *_bars(ranked, titles),
        "\n## What was measured\n",
    ]
    for entry in ranked:
        parts += _section(Result.of_json(entry))
    parts += ["## On what\n", *_machines(ranked)]
    return "\n".join(parts).rstrip() + "\n"


def _rank(size: str) -> float:
    return {"": 0, "k": 1e3, "M": 1e6}[size[-1:] if size[-1:] in "kM" else ""] * float(size.rstrip("kM") or 0)


def _bars(entries: list[Entry], titles: Mapping[str, str]) -> Iterator[str]:
    """A line for each figure that was to be reached, also where it has not been measured."""
    yield "| what | triples | figure | measured | to reach | beyond | reached |"
    yield "|---|---|---|---|---|---|---|"
    told = {
        (entry["row"], entry["size"], figure.what): figure
        for entry in entries
        for figure in Result.of_json(entry).figures
    }
    for (row, size, what), bar in TARGETS.items():
        empty = Figure(what, None, bar.reach, bar.beyond, bar.more, bar.unit)
        figure = told.get((row, size, what), empty)
        bars = " | ".join(_bar(figure, each) for each in (bar.reach, bar.beyond))
        said = f"| {titles[row]} | {size} | {what} | {value(figure)} | {bars} |"
        yield f"{said} {_WORDS[figure.verdict]} |"


def _bar(figure: Figure, bar: float | None) -> str:
    return "" if bar is None else f"{'≥' if figure.more else '≤'} {_number(bar)} {figure.unit}"


def value(figure: Figure) -> str:
    """The value of a figure with its unit and note; a dash where there is none."""
    if figure.value is None:
        return "–"
    note = f" ({figure.note})" if figure.note else ""
    return f"{_number(figure.value)} {figure.unit}{note}"


def _number(number: float) -> str:
    """A number with three digits that count.

    >>> [_number(n) for n in (0.1234, 3, 12.345, 1234.5)]
    ['0.123', '3', '12.3', '1234']
    """
    return f"{number:.0f}" if number >= 100 or number == int(number) else f"{number:.3g}"


def _section(result: Result) -> Iterator[str]:
    """The measures and figures of a row at a size."""
    size = f", {result.size} triples" if result.size else ""
    yield f"### {result.title[0].upper()}{result.title[1:]}{size}\n"
    yield "| engine | CPU, s | wall, s | memory, MB | runs | found what is planted | |"
    yield "|---|---:|---:|---:|---:|---|---|"
    yield from map(_line, result.measures)
    if result.figures:
        yield ""
        yield from (f"- {figure.what}: {value(figure)}" for figure in result.figures)
    if result.notes:
        yield "\n" + "; ".join(result.notes)
    yield ""


def _line(measure: Measure) -> str:
    found = {None: "", True: "yes", False: "**no**"}[measure.found]
    if not measure.runs:
        return f"| {measure.engine} | | | | 0 | | {measure.note} |"
    numbers = f"{measure.cpu:.2f} | {measure.wall:.2f} | {measure.peak / 1e6:,.0f} | {measure.runs}"
    return f"| {measure.engine} | {numbers} | {found} | {measure.note} |"


def _machines(entries: list[Entry]) -> Iterator[str]:
    """Each machine and day, with the rows measured on it."""
    by_machine: dict[str, list[str]] = {}
    for entry in entries:
        machine = entry["machine"]
        said = "; ".join(f"{key}: {machine[key]}" for key in machine if machine[key])
        by_machine.setdefault(said, []).append(f"{entry['row']} {entry['size']}".strip())
    for said, rows in by_machine.items():
        yield f"- {said}. Rows: {', '.join(rows)}."
