"""A full build, and one after a change."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

from bench.bench import Bench
from bench.engines import child, kg
from bench.processes import Cost
from bench.results import Result, measure, ratio
from bench.sizes import size as number
from bench.targets import LIMIT, TO_FULL


def build(bench: Bench, size: str) -> Result:
    data = bench.sound(size)

    def fresh() -> Cost:
        shutil.rmtree(data.folder / "build", ignore_errors=True)
        return bench.run("build", kg("-C", data.folder, "build"))

    own: list[Cost] = []
    limits: list[Cost] = []
    for _ in range(1 if number(size) > 1_000_000 else min(3, bench.rounds)):
        own.append(fresh())
        limits.append(bench.run("limit", child("limit", data.whole)))
    built = (data.folder / "build" / "current").exists() and own[-1].code == 0
    result = Result("build", "full build from JSON Lines: read, infer, validate, store on disk", size)
    note = "" if built else f"nothing was built: exit code {own[-1].code}"
    result.measures = [measure("kg", own, built, note), measure("limit", limits)]
    result.tell(LIMIT, ratio(own, limits) if built else None)
    return result


def change(bench: Bench, size: str) -> Result:
    """One case of many is changed after a full build; as many as 10,000 at 1M."""
    cases = number(size) // 100
    data = bench.kept.cases(f"{size}-change", size, "--cases", str(cases), "--faults", "0", inferred=False)
    shutil.rmtree(data.folder / "build", ignore_errors=True)
    full = bench.run("build", kg("-C", data.folder, "build"))
    again: list[Cost] = []
    for turn in range(min(3, bench.rounds)):
        _edit(data.folder / "data" / "cases" / "cases.jsonl", turn)
        again.append(bench.run("build-again", kg("-C", data.folder, "build")))
    fine = not full.code and not any(cost.code for cost in again)
    result = Result("change", f"one case changed among {cases:,}", size)
    result.measures = [measure("full build", [full], fine), measure("build after the change", again, fine)]
    value = 100 * result.measures[1].wall / full.wall if fine else None
    result.tell(TO_FULL, value, "%")
    return result


def _edit(path: Path, turn: int) -> None:
    """Change the title of one case, another each time."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = random.Random(turn).randrange(len(lines))
    case = json.loads(lines[at])
    case["title"]["en"] += f", told anew {turn}"
    lines[at] = json.dumps(case, ensure_ascii=False) + "\n"
    path.write_text("".join(lines), encoding="utf-8")
