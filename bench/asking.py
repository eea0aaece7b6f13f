"""Questions, and how long it takes to begin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bench.bench import Bench, endless
from bench.engines import child, kg, script
from bench.results import Figure, Measure, Result, measure, ratio


def questions(bench: Bench, size: str) -> Result:
    data, result = bench.sound(size), Result("questions", "each question, of a graph that is open", size)
    bench.run("build", kg("-C", data.folder, "build", "--no-validate"))
    told: dict[str, dict[str, tuple[float, int]]] = {}
    for name, verb in (
        ("kg", "questions-kg"),
        ("Oxigraph", "questions-oxigraph"),
        ("rdflib", "questions-rdflib"),
    ):
        if why := endless(f"{name}, questions", size):
            result.measures.append(Measure(name, note=why))
            continue
        more = (str(bench.limit / 3),) if name == "rdflib" else ()
        cost = bench.run(verb, child(verb, data.folder, *more))
        told[name] = _told(bench.out(verb))
        result.measures.append(measure(name, [cost], not cost.code, f"{len(told[name])} questions answered"))
    _question_figures(result, told, bars=size == "1M")
    return result


def _told(path: Path) -> dict[str, tuple[float, int]]:
    """Question → seconds and rows."""
    found = {}
    for line in path.read_text().splitlines():
        for name, (seconds, rows) in json.loads(line).items():
            found[name] = (float(seconds), int(rows))
    return found


def _question_figures(result: Result, told: dict[str, dict[str, tuple[float, int]]], *, bars: bool) -> None:
    own, raw, slow = (told.get(name, {}) for name in ("kg", "Oxigraph", "rdflib"))
    worst = max(own, key=lambda name: own[name][0], default="")
    seconds = 1000 * own[worst][0] if own else None
    shared = [name for name in own if name in raw]
    factor = max((own[name][0] / max(raw[name][0], 1e-6) for name in shared), default=None)
    reach, beyond = (1000, 100) if bars else (None, None)
    result.figures = [
        Figure("slowest question, median", seconds, reach, beyond, unit="ms", note=worst),
        Figure("largest ratio to raw Oxigraph", factor, 1.1 if bars else None),
        Figure("all of them, to raw Oxigraph", _sum(own, shared) / _sum(raw, shared) if shared else None),
    ]
    if slow and own:
        figure = Figure(
            "rdflib, to kg, for those that it answered", _sum(slow, list(slow)) / _sum(own, list(slow))
        )
        result.figures.append(figure)
    unlike = [name for name in shared if own[name][1] != raw[name][1]]
    if unlike:
        result.notes.append(f"Not as many rows as on raw Oxigraph: {', '.join(unlike)}.")
    result.notes += [f"{name}: {1000 * own[name][0]:.1f} ms, {own[name][1]} rows" for name in sorted(own)]


def _sum(told: Mapping[str, tuple[float, int]], names: list[str]) -> float:
    return sum(told[name][0] for name in names)


def start(bench: Bench, size: str) -> Result:
    commands = {"kg": kg("--version"), "pySHACL": [*script("pyshacl", "pyshacl"), "--version"]}
    costs = bench.pairs(commands, 2 * bench.rounds)
    result = Result("start", "`kg --version`, beside `pyshacl --version`", size)
    result.measures = [measure(name, found) for name, found in costs.items()]
    result.figures = [Figure("wall, to pySHACL", ratio(costs["kg"], costs["pySHACL"], "wall"), 0.25, 0.15)]
    return result


def ask(bench: Bench, size: str) -> Result:
    folder = bench.kept.five()
    bench.run("build", kg("-C", folder, "build", "--no-validate"))
    own = kg("-C", folder, "query", "champion-network-vendors")
    costs = bench.pairs(
        {"kg": own, "pySHACL": [*script("pyshacl", "pyshacl"), "--version"]}, 2 * bench.rounds
    )
    title = "`kg query champion-network-vendors` on the five cases, beside `pyshacl --version`"
    result = Result("ask", title, size, [measure(name, found) for name, found in costs.items()])
    result.measures[0] = replace(result.measures[0], found=not costs["kg"][-1].code)
    result.figures = [Figure("wall, to pySHACL", ratio(costs["kg"], costs["pySHACL"], "wall"), 1, 0.5)]
    return result
