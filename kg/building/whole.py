"""The whole way: read, infer, validate, store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from kg import about, formats, rules, shapes, store
from kg.building import tracing
from kg.building.graphs import Graph, Progress, assemble, quiet, validate
from kg.building.lines import Meter, unseen
from kg.building.notes import SHARED, Marks, Notes, Odd, by_row, focus_nodes
from kg.building.reading import ontology_of, shared_lines
from kg.building.update import update
from kg.errors import InputError
from kg.locks import locked
from kg.places import Place
from kg.rules.cycles import unwatched
from kg.runs import Runs, merged
from kg.shapes.compile.written import Written
from kg.store import Built
from kg.workspace import Workspace


@dataclass(frozen=True)
class Attempt:
    """What came of a build or a check: the report, and the build if there is one.

    There is none where nothing was to be stored, or the report kept it from being stored. `unread` is
    whether there is a file of which nothing could be read. `make` gives the graph, which a build that
    only redid what had changed does not have at hand. `plain` is whether it is known that the store
    rewrites none of its literals.
    """

    report: shapes.Report
    built: Built | None
    unread: bool
    make: Callable[[], Graph]
    plain: bool = False

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
    folder: Path | None = None,
) -> Attempt:
    graph = assemble(workspace, progress, files, meter, folder)
    faults, unread = graph.asserted.faults, graph.asserted.unread
    if not check:
        return Attempt(shapes.Report().with_faults(faults), None, unread, lambda: graph)
    progress(f"checking {len(graph):,} statements against the shapes")
    written = Written()
    report = validate(workspace, ontology_of(workspace), graph, engine, written)
    plain = engine == shapes.DEFAULT and not written.marked
    return Attempt(report, None, unread, lambda: graph, plain)


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
    with locked(workspace.build, say), unwatched():
        return _build(workspace, progress, check=check, say=say, meter=meter)


def _build(
    workspace: Workspace, progress: Progress, *, check: bool, say: Progress, meter: Meter = unseen
) -> Attempt:
    base = store.current(workspace.build, store.CHECKED if check else store.CURRENT)
    if base and (done := _updated(workspace, base, progress, say, check=check)):
        return Attempt(*done, unread=False, make=partial(assemble, workspace))
    fingerprint = workspace.fingerprint()  # of what is read, should it change while it is read
    marks = Marks.of(workspace)
    files, folder = case_files(workspace), workspace.build
    attempt = _attempt(workspace, progress, files, check=check, meter=meter, folder=folder)
    if not attempt.report.conforms:
        return attempt
    progress("storing the graph")
    return replace(attempt, built=_store(workspace, attempt, fingerprint, marks, checked=check))


def _updated(
    workspace: Workspace, base: Built, progress: Progress, say: Progress, *, check: bool
) -> tuple[shapes.Report, Built | None] | None:
    """What has changed since `base`; none where that is damaged, or all has to be built for other reasons."""
    try:
        if base.is_whole():
            return update(workspace, base, progress, check=check)
    except (InputError, OSError, RuntimeError, SyntaxError, ValueError) as exc:
        if not store.is_damage(exc):
            raise
    say("the last build is damaged: all is built anew")
    return None


def _store(workspace: Workspace, attempt: Attempt, fingerprint: str, marks: Marks, *, checked: bool) -> Built:
    graph = attempt.graph
    asserted, inferences = graph.asserted, graph.inferences
    terms = asserted.quads.terms | _terms(inferences)
    parts = asserted.quads.graphs | ({graph.home} if len(inferences) else set())
    described = about.description(workspace, parts, terms)
    with store.making(workspace.build) as target:
        shared = shared_lines(asserted)
        odd = None if attempt.plain else Odd()
        quads, strange = _write(target / store.GRAPH, _runs(graph, shared, described, workspace.build), odd)
        if attempt.plain:
            strange = Odd()("".join(f"{quad} .\n" for quad in described).encode())
        trace = Runs(workspace.build)
        trace.add_lines(tracing.lines_of(inferences))
        _write(target / store.TRACE, [trace])
        del trace
        report = attempt.report
        notes = Notes(marks, asserted.documents, terms, focus_nodes(report), strange, by_row(report))
        for name, data in notes.files().items():
            (target / name).write_bytes(data)
        (target / SHARED).write_bytes(shared)
        store.fill(target)
        manifest = {
            "fingerprint": fingerprint, "checked": checked, "cases": sorted(asserted.cases), "quads": quads,
            "asserted": quads - len(inferences) - len(described), "inferred": len(inferences),
        }  # fmt: skip
        store.finish(target, manifest)
    return Built(target, manifest)


def _terms(inferences: rules.Inferences) -> set[NamedNode]:
    """The properties and classes that were inferred."""
    classes = (term for batch in inferences.batches for term in batch.classes())
    named = {term for term in classes if isinstance(term, NamedNode)}
    return named | {batch.predicate for batch in inferences.batches}


def _runs(graph: Graph, shared: bytes, described: list[Quad], folder: Path) -> list[Runs]:
    """All lines of the graph, in runs that are sorted; blank nodes named for what they are.

    `shared`: the lines of what cases share.
    """
    asserted, rest = graph.asserted.quads, Runs(folder)
    others = (*asserted.at_hand[graph.asserted.shared :], *described)
    lines = [f"{quad} .\n".encode() for quad in others]
    inferred = graph.inferences.lines(graph.home)
    if b"_:" in shared or any(b"_:" in line for line in lines):
        quads = [*asserted.at_hand, *described, *graph.inferred]
        rest.add(formats.serialize(quads, "nquads", {}))
    else:
        rest.add(shared)
        rest.add_lines(chain(lines, inferred))
    return [asserted.runs, rest] if asserted.runs else [rest]


def _write(path: Path, runs: list[Runs], odd: Odd | None = None) -> tuple[int, int]:
    """Write the lines of all runs, sorted; how many there are, and how many are `odd`."""
    number = strange = 0
    with path.open("wb") as file:
        for block, lines in merged(runs):
            file.write(block)
            number += lines
            strange += odd(block) if odd else 0
    return number, strange


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
        attempt = _build(workspace, progress, check=False, say=say)
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
