"""The whole way: read, infer, validate, store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from kg import about, formats, shapes, store
from kg.building import tracing
from kg.building.graphs import Graph, Progress, assemble, quiet, validate
from kg.building.lines import Meter, unseen
from kg.building.notes import Marks, Notes, focus_nodes, odd
from kg.building.reading import ontology_of
from kg.building.update import update
from kg.errors import InputError
from kg.locks import locked
from kg.places import Place
from kg.store import Built
from kg.workspace import Workspace


@dataclass(frozen=True)
class Attempt:
    """What came of a build or a check: the report, and the build if there is one.

    There is none where nothing was to be stored, or the report kept it from being stored. `unread` is
    whether there is a file of which nothing could be read. `make` gives the graph, which a build that
    only redid what had changed does not have at hand.
    """

    report: shapes.Report
    built: Built | None
    unread: bool
    make: Callable[[], Graph]

    @cached_property
    def graph(self) -> Graph:
        """The whole graph in memory."""
        return self.make()


def check(
    workspace: Workspace,
    progress: Progress = quiet,
    files: Collection[Path] | None = None,
    *,
    engine: str = shapes.DEFAULT,
) -> Attempt:
    """Read, infer and validate, and store nothing; with `files`, those as the only case files.

    A folder stands for the case files in it; reference data and descriptions of sources are read
    as what they are. `engine`: one of `kg.shapes.ENGINES`.

    :raises InputError: if there is no case to check.
    """
    return _attempt(workspace, progress, case_files(workspace, files), check=True, engine=engine)


def case_files(workspace: Workspace, files: Collection[Path] | None = None) -> list[Path]:
    """The case files of the workspace; with `files`, those, each once, and for a folder the ones in it.

    What the workspace has as reference data or description of a source is none, and is left out.

    :raises InputError: if there is none.
    """
    if not files:
        return _cases_in(workspace, workspace.root / "data" / "cases")
    others = {p.resolve() for p in (*workspace.reference(), *workspace.source_descriptions())}
    chosen: dict[Path, Path] = {}
    for file in files:
        for path in _cases_in(workspace, file) if file.is_dir() else [file]:
            if path.resolve() not in others:
                chosen.setdefault(path.resolve(), path)
    return list(chosen.values())


def _cases_in(workspace: Workspace, folder: Path) -> list[Path]:
    if found := workspace.cases(folder):
        return found
    raise InputError.at(Place(workspace.relative(folder)), "no case file here", "write one with: kg new ID")


def _attempt(
    workspace: Workspace,
    progress: Progress,
    files: list[Path],
    *,
    check: bool,
    meter: Meter = unseen,
    engine: str = shapes.DEFAULT,
) -> Attempt:
    graph = assemble(workspace, progress, files, meter)
    faults, unread = graph.asserted.faults, graph.asserted.unread
    if not check:
        return Attempt(shapes.Report().with_faults(faults), None, unread, lambda: graph)
    progress(f"checking {len(graph.quads):,} statements against the shapes")
    report = validate(workspace, ontology_of(workspace), graph, engine)
    return Attempt(report, None, unread, lambda: graph)


def build(
    workspace: Workspace,
    progress: Progress = quiet,
    *,
    check: bool = True,
    say: Progress = quiet,
    meter: Meter = unseen,
) -> Attempt:
    """Build the graph and store it, unless it has errors: then the last good build stays.

    With `check` off the shapes are not run, and only what cannot be read keeps it from being stored.
    Of two builds at once the second waits for the first, and `say` is told so. `meter` is told how many
    bytes of files of lines have been read, as they are.

    :raises InputError: if there is no case to build, or the disk refuses.
    """
    with locked(workspace.build, say):
        return _build(workspace, progress, check=check, meter=meter)


def _build(workspace: Workspace, progress: Progress, *, check: bool, meter: Meter = unseen) -> Attempt:
    base = store.current(workspace.build, store.CHECKED if check else store.CURRENT)
    if base and (done := update(workspace, base, progress, check=check)):
        return Attempt(*done, unread=False, make=partial(assemble, workspace))
    fingerprint = workspace.fingerprint()  # of what is read, should it change while it is read
    marks = Marks.of(workspace)
    attempt = _attempt(workspace, progress, case_files(workspace), check=check, meter=meter)
    if not attempt.report.conforms:
        return attempt
    progress("storing the graph")
    return replace(attempt, built=_store(workspace, attempt, fingerprint, marks, checked=check))


def _store(workspace: Workspace, attempt: Attempt, fingerprint: str, marks: Marks, *, checked: bool) -> Built:
    graph = attempt.graph
    found, terms = graph.quads, about.terms(graph.quads)
    parts = {q.graph_name for q in found if isinstance(q.graph_name, NamedNode)}
    data = _lines([*found, *about.description(workspace, parts, terms)])
    manifest = {
        "fingerprint": fingerprint, "checked": checked, "cases": sorted(graph.asserted.cases),
        "asserted": len(set(graph.asserted.quads)), "inferred": len(graph.inferred),
        "quads": data.count(b"\n"),
    }  # fmt: skip
    notes = Notes(marks, graph.asserted.documents, terms, focus_nodes(attempt.report), odd(data))
    return store.write(
        workspace.build, data, tracing.lines_of(graph.inferences.triples), manifest, notes.files()
    )


def _lines(quads: list[Quad]) -> bytes:
    """The quads as sorted lines, each once, as `kg.formats` has them; faster, where no node is blank."""
    data = serialize(quads, format=RdfFormat.N_QUADS) or b""
    if b" _:" in data or data.startswith(b"_:"):
        return formats.serialize(quads, "nquads", {})
    return b"".join(sorted(set(data.splitlines(keepends=True))))


def ensure(workspace: Workspace, say: Callable[[str], None] = quiet, progress: Progress = quiet) -> Built:
    """The current build, made anew where there is none or the files have changed since.

    It is made without the shapes, so that asking stays quick: `build` and `validate` run those.

    :raises InputError: if a file cannot be read.
    """
    if built := _fresh(workspace):
        return built
    with locked(workspace.build, say):
        if built := _fresh(workspace):  # by whoever held the lock
            return built
        old = store.current(workspace.build)
        say("the files have changed: building the graph again" if old else "building the graph")
        attempt = _build(workspace, progress, check=False)
    if attempt.built is None:
        raise InputError.all(attempt.report.faults)
    return attempt.built


def _fresh(workspace: Workspace) -> Built | None:
    """The last good build, if it is of the files as they are."""
    built = store.current(workspace.build)
    return built if built and built.manifest.get("fingerprint") == workspace.fingerprint() else None


def told(built: Built) -> str:
    """What a build holds, in a line."""
    said = built.manifest
    number = len(said["cases"])
    cases = "1 case" if number == 1 else f"{number} cases"
    unchecked = "" if said["checked"] else "; not checked against the shapes"
    return f"{cases}: {said['quads']:,} statements, {said['inferred']:,} of them inferred{unchecked}"


def graphs(quads: Iterable[Quad], workspace: Workspace) -> dict[str, list[Quad]]:
    """The quads by the name of their graph: `case/ID`, `reference`, `ontology`, `inferred`, `about`."""
    prefix = workspace.names.graph("").value
    out: dict[str, list[Quad]] = {}
    for quad in quads:
        name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        out.setdefault(name.removeprefix(prefix), []).append(quad)
    return out
