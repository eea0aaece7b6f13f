"""Questions, and how long it takes to begin."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.bench import Bench, endless
from bench.data import Data
from bench.engines import child, kg, script
from bench.results import Measure, Result, measure, ratio
from bench.targets import SLOWEST, TO_PYSHACL, TO_RAW

LEAST = 0.005
"""Seconds: what is answered faster than this is not compared with raw Oxigraph, for chance is larger."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Seconds that a question took, by `kg`, raw Oxigraph and `kg.open().ask`, and what came out."""

    own: float
    raw: float
    api: float
    rows: int
    raw_rows: int
    missing: int


def questions(bench: Bench, size: str) -> Result:
    """Each question of a store that is open, by `kg` and raw Oxigraph in turn; and by rdflib."""
    data, result = bench.sound(size), Result("questions", "each question, of a graph that is open", size)
    bench.run("build", kg("-C", data.folder, "build", "--no-validate"))
    cost = bench.run("questions-kg", child("questions-kg", data.folder))
    told = {name: Asked(*said) for name, said in _told(bench.out("questions-kg")).items()}
    missing = sum(each.missing for each in told.values())
    fine = not cost.code and not missing and all(each.rows == each.raw_rows for each in told.values())
    result.measures.append(measure("kg and Oxigraph, in turn", [cost], fine, f"{len(told)} questions"))
    if told:
        _question_figures(result, told)
    if why := endless("rdflib, questions", size):
        result.measures.append(Measure("rdflib", note=why))
    else:
        _by_rdflib(bench, data, told, result)
    times = (f"{name} {1000 * told[name].own:.1f} ms, {told[name].rows} rows" for name in sorted(told))
    result.notes.append("; ".join(times))
    return result


def _told(path: Path) -> dict[str, list[Any]]:
    """What a child printed, by question."""
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {name: said for line in lines for name, said in line.items()}


def _question_figures(result: Result, told: dict[str, Asked]) -> None:
    slow = max(told, key=lambda name: told[name].own)
    result.tell(SLOWEST, 1000 * told[slow].own, "ms", slow)
    ratios = {name: each.own / each.raw for name, each in told.items() if each.raw >= LEAST}
    most = max(ratios, key=lambda name: ratios[name], default="")
    result.tell(TO_RAW, ratios.get(most), note=most)
    own, raw, api = (sum(getattr(each, of) for each in told.values()) for of in ("own", "raw", "api"))
    result.tell("all, to raw Oxigraph", own / raw)
    result.tell("all by kg.open().ask, with labels, to raw Oxigraph", api / raw)


def _by_rdflib(bench: Bench, data: Data, told: dict[str, Asked], result: Result) -> None:
    """The questions that rdflib answers in a third of the time that a process may take."""
    cost = bench.run("questions-rdflib", child("questions-rdflib", data.folder, bench.limit / 3))
    slow = _told(bench.out("questions-rdflib"))
    same = all(told[name].rows == said[1] for name, said in slow.items() if name in told)
    result.measures.append(measure("rdflib", [cost], same and not cost.code, f"{len(slow)} questions"))
    if slow and told:
        own = sum(told[name].own for name in slow)
        result.tell("rdflib, to kg, for those that it answered", sum(s[0] for s in slow.values()) / own)


def start(bench: Bench, size: str) -> Result:
    commands = {"kg": kg("--version"), "pySHACL": [*script("pyshacl", "pyshacl"), "--version"]}
    costs = bench.pairs(commands, 2 * bench.rounds)
    result = Result("start", "`kg --version`, beside `pyshacl --version`", size)
    result.measures = [measure(name, found) for name, found in costs.items()]
    result.tell(TO_PYSHACL, ratio(costs["kg"], costs["pySHACL"], "wall"))
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
    result.tell(TO_PYSHACL, ratio(costs["kg"], costs["pySHACL"], "wall"))
    return result
