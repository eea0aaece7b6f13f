"""Questions, and how long it takes to begin."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from bench.bench import Bench, endless
from bench.data import Data
from bench.engines import child, kg, script
from bench.processes import ROOT, Cost
from bench.results import Measure, Result, measure, ratio
from bench.targets import SLOWEST, TO_PYSHACL, TO_RAW

LEAST = 0.005
"""Seconds: what is answered faster than this is not compared with raw Oxigraph, for chance is larger."""

_WAYS = ("own", "api", "raw")


@dataclass(frozen=True, slots=True)
class Asked:
    """Seconds that a question took, by `kg`, raw Oxigraph and `kg.open().ask`, and how many rows came out.

    Of what did not end in time the seconds are those that it was given, and rows are None.
    """

    own: float
    raw: float
    api: float
    rows: int | None
    raw_rows: int | None
    missing: int

    @classmethod
    def of(cls, lines: list[list[Any]], limit: float) -> Asked:
        """The medians of what `bench.children question` has printed; what it has not reached was late."""
        seconds = {way: [line[1] for line in lines if line[0] == way] or [limit] for way in _WAYS}
        own, api, raw = (median(seconds[way]) for way in _WAYS)
        told = {way: rows for way, _, rows in lines}
        return cls(own, raw, api, told.get("own"), told.get("raw"), told.get("missing", 0))

    @property
    def fine(self) -> bool:
        """Whether `kg` gave what was planted, and as many rows as raw Oxigraph, if that ended."""
        same = self.raw_rows is None or self.rows == self.raw_rows
        return self.rows is not None and same and not self.missing


def questions(bench: Bench, size: str) -> Result:
    """Each question of a store that is open, by `kg` and raw Oxigraph in turn; and by rdflib."""
    data, result = bench.sound(size), Result("questions", "each question, of a graph that is open", size)
    bench.run("build", kg("-C", data.folder, "build", "--no-validate"))
    costs, told = list[Cost](), dict[str, Asked]()
    for name in sorted(path.stem for path in (ROOT / "queries" / "questions").glob("*.rq")):
        told[name] = _asked(bench, data, name, costs)
    fine = all(each.fine for each in told.values())
    whole = Cost(sum(c.cpu for c in costs), sum(c.wall for c in costs), max(c.peak for c in costs), 0)
    result.measures.append(measure("kg and Oxigraph, in turn", [whole], fine, f"{len(told)} questions"))
    _question_figures(result, told)
    if why := endless("rdflib, questions", size):
        result.measures.append(Measure("rdflib", note=why))
    else:
        _by_rdflib(bench, data, told, result)
    result.notes += [sentence(name, told[name], bench.each) for name in sorted(told)]
    return result


def _asked(bench: Bench, data: Data, name: str, costs: list[Cost]) -> Asked:
    """How long a question takes; where raw Oxigraph is late, which ends the process, again without it."""
    for ways in (_WAYS, _WAYS[:-1]):
        costs.append(bench.run("question", child("question", data.folder, name, bench.each, *ways)))
        found = Asked.of(lines(bench.out("question")), bench.each)
        if found.raw_rows is not None or found.rows is None:
            break
    return found


def sentence(name: str, asked: Asked, limit: float) -> str:
    """What a question took, and what raw Oxigraph did."""
    own = f"{1000 * asked.own:.1f} ms" if asked.rows is not None else f"not within {limit:g} s"
    raw = f"{1000 * asked.raw:.1f}" if asked.raw_rows is not None else f"at least {1000 * limit:.0f}"
    return f"{name} {own} (raw: {raw}), {asked.rows or 0} rows"


def lines(path: Path) -> list[Any]:
    """What a child printed; a line that it was ended at is none."""
    return [
        json.loads(line)
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.endswith(("]", "}"))
    ]


def _question_figures(result: Result, told: dict[str, Asked]) -> None:
    slow = max(told, key=lambda name: told[name].own)
    result.tell(SLOWEST, 1000 * told[slow].own, "ms", slow)
    ratios = {name: each.own / each.raw for name, each in told.items() if each.raw >= LEAST}
    most = max(ratios, key=lambda name: ratios[name], default="")
    result.tell(TO_RAW, ratios.get(most), note=most)
    own, raw, api = (sum(getattr(each, of) for each in told.values()) for of in ("own", "raw", "api"))
    late = sum(each.raw_rows is None for each in told.values())
    note = f"at most: raw Oxigraph was ended at {late}" if late else ""
    result.tell("all, to raw Oxigraph", own / raw, note=note)
    result.tell("all by kg.open().ask, with labels, to raw Oxigraph", api / raw, note=note)


def _by_rdflib(bench: Bench, data: Data, told: dict[str, Asked], result: Result) -> None:
    """The questions that rdflib answers in a third of the time that a process may take."""
    cost = bench.run("questions-rdflib", child("questions-rdflib", data.folder, bench.limit / 3))
    found = lines(bench.out("questions-rdflib"))
    slow = {name: said for line in found for name, said in line.items()}
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
