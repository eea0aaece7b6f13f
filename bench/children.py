"""What runs in a process of its own: `python -m bench.children VERB ARGUMENT …`.

Each verb is what an engine, or the limit, does with a file; it imports only what that needs. What a verb
prints is JSON for the one who started it.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROUNDS = 5
"""How often a question is asked; the median counts."""

PATIENCE = 4
"""Seconds that a question may take in all: what takes longer is asked less often, but once each way."""


def limit(data: str) -> None:
    """Parse N-Triples and load them in bulk into a store in memory: what nothing here can undercut."""
    from pyoxigraph import RdfFormat, Store

    store = Store()
    store.bulk_load(path=data, format=RdfFormat.N_TRIPLES)


# --- reading


def read_kg(data: str) -> None:
    """Read a file as `kg` reads foreign RDF, its places told when they are asked for."""
    from kg import formats

    formats.read_placed(Path(data))


def read_oxigraph(data: str) -> None:
    """Parse a file to Python objects."""
    from pyoxigraph import parse

    list(parse(path=data))


def read_rdflib(data: str) -> None:
    """Parse a file into an rdflib graph."""
    from rdflib import Graph

    Graph().parse(data, format="nt")


def read_cases(workspace: str) -> None:
    """Read the case files of a workspace, with ontology and reference data."""
    from kg import build
    from kg.workspace import Workspace

    found = Workspace.load(Path(workspace))
    build.read(found, build.ontology_of(found))


# --- inference


def infer_quads(data: str, out: str) -> None:
    """Shortcuts and axioms of the ontology over N-Triples, parsed; what follows, as N-Triples."""
    from pyoxigraph import RdfFormat, parse

    _infer(parse(path=data, format=RdfFormat.N_TRIPLES), out)


def infer_kg(data: str, out: str) -> None:
    """The same as a build does it: from lines as Oxigraph writes them, whose terms need no parser."""
    from kg.rules import Lines

    with Path(data).open("rb") as file:
        _infer(Lines(iter(lambda: file.read(2**22) + file.readline(), b""), graphs=False), out)


def _infer(data: Any, out: str) -> None:
    from kg import build, rules
    from kg.workspace import Workspace, packaged

    onto = build.ontology_of(Workspace.load(packaged()))
    compiled = rules.compile(onto.axioms, onto.shortcuts, onto.prefixes, places=onto.places)
    found = rules.infer(data, compiled)
    with Path(out).open("wb") as file:
        file.writelines(found.lines())


def infer_owlrl(data: str, axioms: str, out: str) -> None:
    """The closure of N-Triples and axioms by owlrl."""
    import owlrl
    from rdflib import Graph

    graph = Graph().parse(data, format="nt").parse(axioms, format="turtle")
    before = set(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    _write((tuple(term.n3() for term in triple) for triple in set(graph) - before), out)


def infer_reasonable(data: str, axioms: str, out: str) -> None:
    """The closure of N-Triples and axioms by reasonable."""
    from reasonable import PyReasoner

    reasoner = PyReasoner()
    for path in (data, axioms):
        reasoner.load_file(path)
    _write((tuple(term.n3() for term in triple) for triple in reasoner.reason()), out)


def _write(triples: Iterable[Any], out: str) -> None:
    with Path(out).open("w", encoding="utf-8") as file:
        file.writelines(f"{s} {p} {o} .\n" for s, p, o in triples)


# --- validation


def validate_pyrudof(data: str, shapes: str, out: str) -> None:
    """Validate by pyrudof; its results as lines of focus node and source shape."""
    from pyrudof import RDFFormat, Rudof, RudofConfig

    rudof = Rudof(RudofConfig())
    rudof.read_data(Path(data), RDFFormat.NTriples)
    rudof.read_shacl(Path(shapes))
    report = rudof.validate_shacl()
    with Path(out).open("w", encoding="utf-8") as file:
        file.writelines(f"{entry.focus_node}\t{entry.source_shape}\n" for entry in report)


# --- questions


def question(workspace: str, name: str, seconds: str, *ways: str) -> None:
    """A question asked in turn by `kg` (own), `kg.open().ask` (api), and pyoxigraph alone (raw).

    The second also looks whether files have changed, and looks up labels. Prints a line for each time that
    it was asked: how, seconds, rows; and how many of the planted rows kg did not give. What takes longer than
    so many `seconds` of CPU ends the process, for an engine cannot be asked to stop.
    """
    import kg
    from kg import questions

    graph, (built, texts) = kg.open(workspace), _built(workspace)
    raw: Any = built.store
    asked = questions.read(graph.workspace.questions()[name])
    joins = questions.joins_of(raw, built.manifest["quads"])
    answer = timed("first", lambda: questions.ask(asked, raw, joins=joins), float(seconds))
    records = [dict(record) for record in answer.records()]
    planted = json.loads((Path(workspace) / "manifest.json").read_text(encoding="utf-8"))["answers"]
    wanted = [each["row"] for each in planted if each["question"] == name]
    missing = sum(not any(row.items() <= record.items() for record in records) for row in wanted)
    print(json.dumps(["missing", 0, missing]), flush=True)
    asks: dict[str, Callable[[], Any]] = {
        "own": lambda: questions.ask(asked, raw, joins=joins),
        "api": lambda: graph.ask(name),
        "raw": lambda: _raw(raw, texts[name]),
    }
    begun = time.process_time()
    for number in range(ROUNDS):
        for way in ways:
            if not number or time.process_time() - begun < PATIENCE:
                timed(way, asks[way], float(seconds))


def timed(way: str, ask: Callable[[], Any], seconds: float) -> Any:
    """What asking gives; it is printed how much CPU it took, and the process ends where that is too much."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    begun = time.process_time()
    given = ask()
    taken = time.process_time() - begun
    signal.setitimer(signal.ITIMER_PROF, 0)
    print(json.dumps([way, taken, len(given)]), flush=True)
    return given


def _raw(store: Any, text: str) -> list[tuple[Any, ...]]:
    """The rows of a query, each value looked at."""
    return [tuple(row) for row in store.query(text, use_default_graph_as_union=True)]


def questions_rdflib(workspace: str, seconds: str) -> None:
    """The same texts put to rdflib, each once, as long as there are `seconds` left."""
    from rdflib import Graph

    built, texts = _built(workspace)
    lines = "".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in built.quads())
    graph = Graph().parse(data=lines, format="nt")
    end = time.perf_counter() + float(seconds)
    for name, text in texts.items():
        begun = time.perf_counter()
        if begun > end:
            break
        rows = len(list(graph.query(text)))
        print(json.dumps({name: [time.perf_counter() - begun, rows]}), flush=True)


def _built(workspace: str) -> tuple[Any, dict[str, str]]:
    """The build of a workspace, and the texts of its questions."""
    from kg import store
    from kg.workspace import Workspace

    found = Workspace.load(Path(workspace))
    texts = {name: path.read_text(encoding="utf-8") for name, path in found.questions().items()}
    return store.current(found.build), texts


VERBS = {
    verb.__name__.replace("_", "-"): verb
    for verb in (
        limit, read_kg, read_oxigraph, read_rdflib, read_cases, infer_kg, infer_quads, infer_owlrl,
        infer_reasonable, validate_pyrudof, question, questions_rdflib,
    )
}  # fmt: skip

if __name__ == "__main__":
    VERBS[sys.argv[1]](*sys.argv[2:])
