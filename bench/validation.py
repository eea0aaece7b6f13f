"""Validation: beside the limit, and beside other engines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bench.bench import Bench, endless
from bench.engines import child, kg, validators
from bench.processes import Cost
from bench.results import Measure, Result, measure, ratio
from bench.sizes import size as number
from bench.targets import GROWTH, LIMIT, PEAK, TO_PYSHACL, of_peer

GB = 1e9


def to_limit(name: str, title: str, shapes: Path) -> Callable[[Bench, str], Result]:
    """Validation by `kg` beside the limit, in pairs."""

    def go(bench: Bench, size: str) -> Result:
        data, engine = bench.data(size), validators(bench.work)["kg"]
        commands = {engine.name: bench.command(engine, data, shapes), "limit": child("limit", data.whole)}
        costs = bench.pairs(commands, 1 if number(size) > 1_000_000 else 0)
        found = bench.judged(engine, data, shapes, costs["kg"])
        value = ratio(costs["kg"], costs["limit"]) if found.counts else None
        result = Result(name, title, size, [found, measure("limit", costs["limit"])])
        result.tell(LIMIT, value)
        if size == "10M":
            _ten(bench, found, shapes, result)
        return result

    return go


def _ten(bench: Bench, found: Measure, shapes: Path, result: Result) -> None:
    """How much of memory ten million triples take, and how the CPU grows from one million, in pairs."""
    engine = validators(bench.work)["kg"]
    commands = {size: bench.command(engine, bench.data(size), shapes) for size in ("1M", "10M")}
    costs = bench.pairs(commands, min(3, bench.rounds))
    growth = ratio(costs["10M"], costs["1M"])
    result.tell(PEAK, found.peak / GB if found.counts else None, "GB")
    result.tell(GROWTH, growth / 10 if found.counts and growth else None)


def peer(name: str, title: str, key: str, shapes: Path) -> Callable[[Bench, str], Result]:
    """Validation by `kg` beside a peer."""

    def go(bench: Bench, size: str) -> Result:
        known = validators(bench.work)
        own, peer = known["kg"], known[key]
        result = Result(name, title, size)
        if why := peer.lacks or endless(peer.name, size):
            result.measures.append(Measure(peer.name, note=why))
            costs: dict[str, list[Cost]] = {}
        else:
            data = bench.data(size)
            commands = {each.name: bench.command(each, data, shapes) for each in (own, peer)}
            costs = bench.pairs(commands, bench.rounds if number(size) < 100_000 else 1)
            result.measures = [bench.judged(each, data, shapes, costs[each.name]) for each in (own, peer)]
        whole = bool(costs) and result.measures[0].counts and result.measures[1].found is not False
        least = bool(costs) and costs[peer.name][-1].late
        for of, label in (("cpu", "CPU"), ("peak", "memory")):
            value = ratio(costs[peer.name], costs["kg"], of) if whole else None
            result.tell(of_peer(label, peer.name), value, note="at least" if least else "")
        return result

    return go


def five(bench: Bench, size: str) -> Result:
    """`kg validate` of the cases of this project beside pySHACL, for the same data and shapes."""
    folder, result = (
        bench.kept.five(),
        Result("five", "`kg validate` on the five cases, inference included", size),
    )
    data = bench.work / "five.nt"
    bench.run("five-export", kg("-C", folder, "build", "--no-validate"))
    bench.run("five-data", kg("-C", folder, "export", "-f", "ntriples", "-o", data))
    peer = validators(bench.work)["pyshacl"]
    shapes = folder / "ontology" / "shapes.ttl"
    commands = {
        "kg": kg("-C", folder, "validate"),
        "pySHACL": peer.command(data, shapes, bench.work / "five.ttl"),
    }
    costs = bench.pairs(commands, min(3, bench.rounds))
    result.measures = [measure(name, costs[name]) for name in commands]
    result.tell(TO_PYSHACL, ratio(costs["kg"], costs["pySHACL"], "wall"))
    codes = [costs[name][-1].code for name in commands]
    if codes[0] != codes[1]:
        result.notes.append(f"The two do not agree: exit codes {codes[0]} and {codes[1]}.")
    return result
