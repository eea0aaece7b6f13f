"""Whether an engine found what is planted: `python -m bench.judge FORM REPORT SHAPES MANIFEST DATA`.

An engine's time counts only if it did. `FORM` is that of the report: `kg` (JSON Lines), `ttl`, or `tsv`.
Prints JSON: how many were to be found, how many are missing, and how many there are that nobody planted.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

Finding = tuple[str, str]
"""The local name of a shape, and a focus node."""

SH = "http://www.w3.org/ns/shacl#"
_SHAPE = re.compile(r"^shape:(\S+)\s+a sh:(?:Node|Property)Shape", re.M)
_CASE = re.compile(r"(.*/case/[^/]+).*")
_TYPED = re.compile(r"<([^>]*)> <http://www\.w3\.org/1999/02/22-rdf-syntax-ns#type> ")
NESTED, VIOLATING = "Nested.", "Violating."
CONFLICT, OPEN = "Assertion.conflict", "contradictions"
"""The rule that is broken by what is planted as an answer to a question, and that question."""


def planted(shapes: Path, manifest: Path, data: Path) -> set[Finding]:
    """What the shapes have to find in the data: the faults of rules that they have."""
    names = set(_SHAPE.findall(shapes.read_text(encoding="utf-8")))
    wanted: set[Finding] = set()
    said = json.loads(manifest.read_text(encoding="utf-8"))
    if CONFLICT in names:
        wanted |= {(CONFLICT, each["row"]["one"]) for each in said["answers"] if each["question"] == OPEN}
    for fault in said["faults"]:
        rule, node = fault["rule"], fault["node"]
        if rule in names:
            wanted.add((rule, node))
        if NESTED + rule in names:
            wanted.add((NESTED + rule, _CASE.sub(r"\1", node)))
    if violating := sorted(name for name in names if name.startswith(VIOLATING)):
        wanted |= {(name, node) for node in _typed(data) for name in violating}
    return wanted


def _typed(data: Path) -> set[str]:
    """All nodes with a class."""
    with data.open(encoding="utf-8") as file:
        return {found[1] for line in file if (found := _TYPED.match(line))}


def findings(form: str, report: Path) -> Iterator[Finding]:
    """The findings of a report."""
    if form == "kg":
        with report.open(encoding="utf-8") as file:
            for line in file:
                found = json.loads(line)
                if found.get("shape"):
                    yield _local(found["shape"]["value"]), found["focus"]["value"]
    elif form == "tsv":
        for line in report.read_text(encoding="utf-8").splitlines():
            focus, _, shape = line.partition("\t")
            yield _local(shape.strip("<>")), focus.strip("<>")
    else:
        yield from _graph(report)


def _graph(report: Path) -> Iterator[Finding]:
    from pyoxigraph import NamedNode, RdfFormat, Store

    store = Store()
    store.bulk_load(path=str(report), format=RdfFormat.TURTLE)
    results = {quad.object for quad in store.quads_for_pattern(None, NamedNode(SH + "result"), None)}
    for result in results:
        focus, shape = (
            next(store.quads_for_pattern(result, NamedNode(SH + name), None)).object  # type: ignore[arg-type]
            for name in ("focusNode", "sourceShape")
        )
        yield _local(getattr(shape, "value", "")), getattr(focus, "value", "")


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def main(form: str, report: str, shapes: str, manifest: str, data: str) -> None:
    """Compare, and print the numbers."""
    wanted, found = planted(Path(shapes), Path(manifest), Path(data)), set(findings(form, Path(report)))
    told = {"planted": len(wanted), "missing": len(wanted - found), "more": len(found - wanted)}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
