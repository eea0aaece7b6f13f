"""What runs in a process of its own: `python -m bench.children VERB ARGUMENT …`.

Each verb is what an engine, or the limit, does with a file; it imports only what that needs. What a verb
prints is JSON for the one who started it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

ROUNDS = 5
"""How often a question is asked; the median counts."""

PATIENCE = 10
"""Seconds that a question may take in all: what takes longer is asked less often, but once."""


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


def questions_kg(workspace: str) -> None:
    """Each question asked by `kg`, and the same text by pyoxigraph alone, of one store and in turn.

    Prints by question the seconds of both and of `kg.open().ask`, which also looks whether files have changed
    and looks up labels; the rows of kg and of pyoxigraph, and how many of the planted ones kg did not give.
    """
    import kg
    from kg import questions

    graph, (built, texts) = kg.open(workspace), _built(workspace)
    raw: Any = built.store
    joins = questions.joins_of(raw, built.manifest["quads"])
    planted = json.loads((Path(workspace) / "manifest.json").read_text(encoding="utf-8"))["answers"]
    for path in graph.workspace.questions().values():
        question = questions.read(path)
        name, text = question.name, texts[question.name]
        answer, rows = questions.ask(question, raw, joins=joins), _raw(raw, text)
        asked = (
            partial(questions.ask, question, raw, joins=joins), partial(_raw, raw, text),
            partial(graph.ask, name),
        )  # fmt: skip
        records = [dict(record) for record in answer.records()]
        wanted = [each["row"] for each in planted if each["question"] == name]
        missing = sum(not any(row.items() <= record.items() for record in records) for row in wanted)
        print(json.dumps({name: [*_times(*asked), len(answer), len(rows), missing]}), flush=True)


def _raw(store: Any, text: str) -> list[tuple[Any, ...]]:
    """The rows of a query, each value looked at."""
    return [tuple(row) for row in store.query(text, use_default_graph_as_union=True)]


def _times(*asked: Callable[[], object]) -> list[float]:
    """The median of the seconds of each way of asking, in turn."""
    times: list[list[float]] = [[] for _ in asked]
    for _ in range(ROUNDS):
        for each, ask in zip(times, asked, strict=True):
            if sum(each) < PATIENCE:
                begun = time.perf_counter()
                ask()
                each.append(time.perf_counter() - begun)
    return [median(each) for each in times]


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
        infer_reasonable, validate_pyrudof, questions_kg, questions_rdflib,
    )
}  # fmt: skip

if __name__ == "__main__":
    VERBS[sys.argv[1]](*sys.argv[2:])
