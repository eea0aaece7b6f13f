"""Reading and inference."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.bench import Bench, endless
from bench.data import Data
from bench.engines import child
from bench.results import Measure, Result, measure, ratio
from bench.sizes import size as number
from bench.targets import LIMIT, of_peer


def read(bench: Bench, size: str) -> Result:
    data = bench.data(size)
    commands = {
        "kg": child("read-kg", data.whole),
        "pyoxigraph": child("read-oxigraph", data.whole),
        "kg, from JSON Lines": child("read-cases", data.folder),
    }
    if number(size) <= 1_000_000:
        commands["rdflib"] = child("read-rdflib", data.whole)
    costs = bench.pairs(commands, min(3, bench.rounds))
    result = Result("read", "read", size, [measure(name, found) for name, found in costs.items()])
    for peer, more in (("pyoxigraph", False), ("rdflib", True)):
        if peer in costs:
            ones, others = (costs[peer], costs["kg"]) if more else (costs["kg"], costs[peer])
            what = of_peer("CPU", peer) if more else f"CPU, to {peer}"
            result.tell(what, ratio(ones, others))
    return result


def infer(bench: Bench, size: str) -> Result:
    data = bench.data(size)
    commands = {
        "kg": child("infer-kg", data.asserted, bench.work / "kg.nt"),
        "limit": child("limit", data.asserted),
    }
    costs = bench.pairs(commands, 1 if number(size) > 1_000_000 else 0)
    found = _lines(bench.work / "kg.nt") == _lines(data.inferred) > 0
    result = Result(
        "infer", "infer", size, [measure("kg", costs["kg"], found), measure("limit", costs["limit"])]
    )
    value = ratio(costs["kg"], costs["limit"]) if found else None
    result.tell(LIMIT, value)
    return result


def _lines(path: Path) -> int:
    if not path.exists():
        return 0
    with path.open("rb") as file:
        return sum(1 for _ in file)


def infer_peers(bench: Bench, size: str) -> Result:
    """Inference beside owlrl and reasonable, which get the shortcuts, for OWL RL cannot draw them."""
    data, result = bench.data(size), Result("infer-peers", "infer, beside owlrl and reasonable", size)
    given, axioms = bench.work / "given.ttl", bench.kept.axioms()
    _with_shortcuts(data, given)
    own = bench.run("kg", child("infer-kg", data.asserted, bench.work / "kg.nt"))
    result.measures.append(measure("kg", [own], True))
    for name in ("reasonable", "owlrl"):
        if why := endless(name, size):
            result.measures.append(Measure(name, note=why))
            continue
        out = bench.work / f"{name}.nt"
        out.unlink(missing_ok=True)
        cost = bench.run(name, child(f"infer-{name}", given, axioms, out))
        if cost.late:
            note = f"over {bench.limit:.0f} s, stopped"
            result.measures.append(measure(name, [cost], None, note))
        elif cost.code:
            result.measures.append(measure(name, [cost], False, f"exit code {cost.code}"))
        else:
            missing = _missing(data.inferred, given, out)
            note = "" if not missing else f"{missing} of what follows is missing"
            result.measures.append(measure(name, [cost], not missing, note))
        result.tell(of_peer("CPU", name), cost.cpu / own.cpu)
    return result


_SHORTCUTS = ("deliversIn", "hasClient", "introduces", "replaces", "wordConcept", "contradicts",
              "interestedParty", "firstEvidence")  # fmt: skip


def _with_shortcuts(data: Data, out: Path) -> None:
    """What is asserted, and the shortcuts that follow."""
    marks = tuple(f"> <https://w3id.org/casegraph/ns#{name}> " for name in _SHORTCUTS)
    shutil.copyfile(data.asserted, out)
    with data.inferred.open(encoding="utf-8") as inferred, out.open("a", encoding="utf-8") as file:
        file.writelines(line for line in inferred if any(mark in line for mark in marks))


def _missing(wanted: Path, given: Path, found: Path) -> int:
    """How many of the inferred triples are neither given nor found."""
    there: set[bytes] = set()
    for path in (given, found):
        with path.open("rb") as file:
            there.update(file)
    with wanted.open("rb") as file:
        return sum(1 for line in file if line not in there)
