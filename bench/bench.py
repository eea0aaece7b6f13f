"""How things are measured: commands in turn, each a whole process; reports held against what is planted."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.data import Data, Kept, Say
from bench.engines import Command, Validator
from bench.processes import ROOT, Cost, run
from bench.results import Measure, measure
from bench.sizes import size as number

SHAPES = ROOT / "bench" / "shapes"
HOURS = {"pySHACL": 1_000_000, "owlrl": 100_000, "rdflib, questions": 1_000_000, "rdflib": 10_000_000}
"""From which number of triples on a peer is known to take hours, or more memory than there is."""


def endless(peer: str, size: str) -> str:
    """Why a peer is not started at a size, or ""."""
    return "not started: known to take hours" if number(size) >= HOURS.get(peer, float("inf")) else ""


@dataclass
class Bench:
    """How to measure: the working folder, how many pairs of runs, how long one may take in seconds.

    `each`: the seconds of CPU that one query may take.
    """

    work: Path
    say: Say
    rounds: int = 5
    limit: float = 1800
    each: float = 5
    kept: Kept = field(init=False)

    def __post_init__(self) -> None:
        self.kept = Kept(self.work, self.say)

    def data(self, size: str) -> Data:
        """The cases of a size with their planted faults."""
        return self.kept.cases(size, size)

    def sound(self, size: str) -> Data:
        """Cases without faults, which can be built."""
        return self.kept.cases(f"{size}-sound", size, "--faults", "0")

    def run(self, name: str, command: Command, folder: Path = ROOT) -> Cost:
        """Run one command; what it prints is kept as NAME.out."""
        self.say(f"running {name}")
        return run(command, self.out(name), limit=self.limit, folder=folder)

    def out(self, name: str) -> Path:
        """What a command prints."""
        return self.work / f"{name}.out"

    def pairs(self, commands: Mapping[str, Command], rounds: int = 0) -> dict[str, list[Cost]]:
        """Run the commands in turn, as often as is asked; one that fails or is late runs no more."""
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(rounds or self.rounds):
            for name, command in commands.items():
                if not any(cost.late for cost in costs[name]):
                    costs[name].append(self.run(name, command))
        return costs

    # --- whether an engine found what is planted

    def judged(self, engine: Validator, data: Data, shapes: Path, costs: list[Cost]) -> Measure:
        """What an engine cost, and whether it found what is planted."""
        if costs[-1].late:
            return measure(engine.name, costs, None, f"over {self.limit:.0f} s, stopped")
        report = self.out(engine.name) if engine.prints else self.report(engine)
        if not report.exists() or report.stat().st_size == 0:
            return measure(engine.name, costs, False, f"no report: exit code {costs[-1].code}")
        judge = [sys.executable, "-m", "bench.judge", engine.form, report, shapes, data.manifest, data.whole]
        if run([str(part) for part in judge], self.out("judge")).code:
            return measure(engine.name, costs, False, "its report cannot be read")
        told = json.loads(self.out("judge").read_text())
        found = not told["missing"] and not told["more"]
        wrong = f", {told['missing']} missing, {told['more']} too many" if not found else ""
        return measure(engine.name, costs, found, f"{told['planted']} planted{wrong}")

    def report(self, engine: Validator) -> Path:
        """The file of the report of an engine."""
        return self.work / f"{engine.name}-report.{'jsonl' if engine.form == 'kg' else engine.form}"

    def command(self, engine: Validator, data: Data, shapes: Path) -> Command:
        """The command by which an engine validates; its last report is gone."""
        self.report(engine).unlink(missing_ok=True)
        return engine.command(data.whole, shapes, self.report(engine))
