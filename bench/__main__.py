"""`python -m bench`: measure the rows, and write what came out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench import machine, report
from bench.bench import Bench
from bench.processes import ROOT
from bench.results import Result
from bench.rows import ROWS
from bench.sizes import size


def main(argv: list[str] | None = None) -> int:
    """Read the arguments, measure, write JSON and Markdown; 1 if an engine of ours missed what is planted."""
    given = _arguments(argv)
    bench = Bench(given.work, _say, given.rounds, given.limit, given.each)
    found: list[Result] = []
    for name in given.only or ROWS:
        row = ROWS[name]
        for each in _sizes(row.sizes, given.sizes, forced=bool(given.only)):
            _say(f"{row.title} {each}".strip())
            found.append(row.run(bench, each))
            entries = report.merged(given.json, [found[-1]], machine.shape())
            given.output.parent.mkdir(parents=True, exist_ok=True)
            given.output.write_text(
                report.page(entries, {key: row.title for key, row in ROWS.items()}), encoding="utf-8"
            )
    for result in found:
        for figure in result.figures:
            print(f"{result.row:18} {result.size:5} {figure.what}: {report.value(figure)}  {figure.verdict}")
    own = [measure for result in found for measure in result.measures if measure.engine == "kg"]
    return 1 if any(measure.found is False for measure in own) else 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, and write the page.")
    known = ", ".join(ROWS)
    parser.add_argument("--only", action="append", choices=list(ROWS), metavar="ROW", help=f"one of {known}")
    parser.add_argument("--sizes", default="10k,100k,1M", help="sizes in triples, such as 10k,100k,1M,10M")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of runs")
    parser.add_argument("--limit", type=float, default=1800, help="seconds of CPU that one process may take")
    parser.add_argument("--each", type=float, default=5, help="seconds of CPU that one query may take")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "bench", help="where data are kept")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench" / "results.json")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "benchmarks.md")
    given = parser.parse_args(argv)
    given.sizes = sorted(given.sizes.split(","), key=size)
    return given


def _sizes(known: tuple[str, ...], wanted: list[str], *, forced: bool) -> list[str]:
    """The sizes to measure a row at: of those wanted the ones that it has, all if it was asked for itself."""
    if not known:
        return [""]
    return [each for each in wanted if forced or each in known]


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
