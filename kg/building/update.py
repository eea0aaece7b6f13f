"""A build that does not start over: what has changed since the last one, and what depends on it.

```
documents.tsv ─ digests ─▶ cases that came and went ─▶ quads − + ─▶ inferences − + ─▶ checks ─▶ the build
```
The bytes that come out are those of a build from nothing. What has changed of reference data and sources
comes and goes as well; where shapes have changed, all is checked. Wherever that cannot be had from a part
(the ontology has changed, a file has a fault), nothing is done here, and all is built.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg import about, rules, shapes, store
from kg.building import tracing
from kg.building.delta import Delta, Shared, read_again
from kg.building.graphs import Merged, Progress
from kg.building.notes import SHARED, Marks, Notes, Odd, by_row, focus_nodes
from kg.building.reading import ontology_of
from kg.building.statements import triples
from kg.building.survey import Fresh, Reader, Spot, Whereabouts, survey
from kg.building.tracing import Traced
from kg.building.where import nowhere
from kg.cases import Values
from kg.errors import InputError
from kg.names import ID, RDF, VOID, Names
from kg.ontology import Ontology
from kg.places import Places
from kg.runs import BLOCK
from kg.shapes import Report, again, reach
from kg.shapes.reach import UnboundedError
from kg.sorted_lines import SortedLines, opened
from kg.store import Built
from kg.workspace import Workspace

MOST = 0.3
"""The part of the cases above which it is quicker to build all."""

TYPE = NamedNode(RDF + "type")


def update(
    workspace: Workspace, base: Built, progress: Progress, *, check: bool
) -> tuple[Report, Built | None] | None:
    """What a build from nothing would give, made of the build `base` and of what has changed since.

    None where that cannot be done. Whoever calls this holds the lock.

    :raises InputError: if the disk refuses.
    """
    notes = Notes.load(base)
    fingerprint = workspace.fingerprint()
    counted = all(isinstance(base.manifest.get(name), int) for name in ("asserted", "inferred", "quads"))
    marks = Marks.of(workspace)
    if notes is None or notes.marks.definitions != marks.definitions or not counted:
        return None
    try:
        spots = survey(workspace.cases(), notes.documents)
    except (InputError, OSError):
        return None
    if not spots:
        return None
    come = {mark: spot for mark, spot in spots.items() if mark not in notes.documents}
    gone = {mark: id for mark, id in notes.documents.items() if mark not in spots}
    if len(come) + len(gone) > max(MOST * len(spots), 2):
        return None
    progress(f"reading {len(come)} of {len(spots):,} cases, which came or changed")
    shared = None
    if notes.marks.shared != marks.shared:
        shared = read_again(workspace, ontology_of(workspace), base)
        if shared is None:
            return None
    with opened(base.graph) as lines:
        job = _Update(workspace, base, notes, lines, marks, shared)
        return job.run(come, gone, spots, fingerprint, progress, check=check)


class _Update:
    """One update of one build."""

    def __init__(
        self,
        workspace: Workspace,
        base: Built,
        notes: Notes,
        lines: SortedLines,
        marks: Marks,
        shared: Shared | None,
    ) -> None:
        self._workspace, self._base, self._notes, self._lines = workspace, base, notes, lines
        self._marks, self._shared = marks, shared
        self._names = workspace.names
        self._onto: Ontology = ontology_of(workspace)

    def run(
        self,
        come: dict[str, Spot],
        gone: dict[str, str],
        spots: dict[str, Spot],
        fingerprint: str,
        progress: Progress,
        *,
        check: bool,
    ) -> tuple[Report, Built | None] | None:
        """Read what came, and make a build of it; None where all has to be built."""
        if (fresh := self._read(come, gone)) is None:
            return None
        documents = {m: id for m, id in self._notes.documents.items() if m not in gone}
        documents |= {mark: each.id for mark, each in fresh.items()}
        asserted = Delta.between(
            (line for id in gone.values() for line in self._case(id)),
            (line for each in fresh.values() for line in each.lines),
        )
        if self._shared:
            asserted |= self._shared.delta
        with store.making(self._workspace.build) as target, ThreadPoolExecutor(1) as beside:
            held = store.copied(self._base, target)
            progress("inferring what follows")
            follows, inferred, traced = self._infer(held, asserted)
            if check and follows.clashes:
                return None
            terms, described = self._describe(held, asserted | inferred)
            self._change(held, described)
            held.flush()
            whole = asserted | inferred | described
            written = beside.submit(self._write, target, whole, traced)
            report = Report()
            if check:
                progress("checking what changed")
                places = self._places({documents[mark]: spot for mark, spot in spots.items()})
                report = self._check(held, written, whole, asserted | inferred, places)
                if not report.conforms:
                    return report, None
            written.result()
            progress("storing the graph")
            number = self._notes.odd + _odd(whole.added) - _odd(whole.removed)
            notes = Notes(self._marks, documents, terms, focus_nodes(report), number, by_row(report))
            for name, data in notes.files().items():
                (target / name).write_bytes(data)
            self._keep_shared(target)
            del held
            manifest = self._manifest(asserted, inferred, whole, documents.values())
            manifest |= {"fingerprint": fingerprint, "checked": check}
            store.finish(target, manifest)
        return report, Built(target, manifest)

    # --- reading

    def _read(self, come: dict[str, Spot], gone: dict[str, str]) -> dict[str, Fresh] | None:
        """The cases that came, by their digests; None if something is wrong with any."""
        reader, described = Reader(self._workspace, self._values), self._described
        taken = {id for mark, id in self._notes.documents.items() if mark not in gone}
        fresh: dict[str, Fresh] = {}
        for mark, spot in come.items():
            try:
                found = reader.read(spot)
            except InputError:
                return None
            if found.id in taken or not all(node[1:-1] in described for node in found.uses):
                return None
            taken.add(found.id)
            fresh[mark] = found
        return fresh

    @cached_property
    def _values(self) -> Values:
        return Values(self._onto, self._names, frozenset(self._workspace.languages), self._described)

    @cached_property
    def _described(self) -> Collection[str]:
        return self._shared.described if self._shared else Described(self._lines, self._names)

    def _case(self, id: str) -> list[bytes]:
        """The lines of the case `id`, as they were written."""
        node, end = self._names.case(id).value, f" {self._names.graph('case/' + id)} .\n".encode()
        found = (line for last in "/>" for line in self._lines.below(f"<{node}{last}".encode()))
        return [line for line in found if line.endswith(end)]

    # --- what follows, what is said of it all

    def _infer(self, held: Store, asserted: Delta) -> tuple[rules.Change | rules.Inferences, Delta, Delta]:
        """Change the store, with all that follows; what changed of that, and in the trace."""
        onto = self._onto
        compiled = rules.compile(onto.axioms, onto.shortcuts, onto.prefixes, places=onto.places)
        if self._notes.odd or _odd(asserted.added):  # the store cannot tell apart what rules may
            return self._infer_anew(held, asserted, compiled)
        graph = self._names.graph("inferred")
        with opened(self._base.trace) as lines:
            trace, (went, came) = Traced(lines), map(_quads, (asserted.removed, asserted.added))
            beside = [self._names.graph("about")]
            change = rules.maintain(held, compiled, trace, went, came, inferred=graph, beside=beside)
            traced = Delta.between(trace.removed(), trace.added())
        removed, added = (
            {f"{each.triple} {graph} .\n".encode() for each in part}
            for part in (change.removed, change.added)
        )
        return change, Delta(removed, added), traced

    def _infer_anew(
        self, held: Store, asserted: Delta, compiled: rules.Rules
    ) -> tuple[rules.Inferences, Delta, Delta]:
        """The same, from all that is asserted now."""
        graph = self._names.graph("inferred")
        ends = tuple(f" {self._names.graph(name)} .\n".encode() for name in ("inferred", "about"))
        text = b"".join(self._lines.patched(asserted.removed, asserted.added)).splitlines(keepends=True)
        said = b"".join(line for line in text if not line.endswith(ends))
        found = rules.infer(rules.Lines([said]), compiled)
        before = (line for line in text if line.endswith(ends[0]))
        inferred = Delta.between(before, found.lines(graph))
        self._change(held, asserted)
        self._change(held, inferred)
        old = self._base.trace.read_bytes().splitlines(keepends=True)
        return found, inferred, Delta.between(old, tracing.lines_of(found))

    def _describe(self, held: Store, delta: Delta) -> tuple[set[NamedNode], Delta]:
        """The terms in use, and the change of the description of the whole."""
        about_graph, dataset = self._names.graph("about"), self._names.dataset()
        came, went = (_quads(lines) for lines in (delta.added, delta.removed))
        old = {*self._notes.terms}
        terms = {*old, *about.terms(came)}
        for term in about.terms(went) - about.terms(came):
            uses = chain(held.quads_for_pattern(None, term, None), held.quads_for_pattern(None, TYPE, term))
            if all(quad.graph_name == about_graph for quad in uses):
                terms.discard(term)
        parts: dict[bool, list[Any]] = {True: [], False: []}
        for graph in {quad.graph_name for quad in (*came, *went)}:
            told = f"{dataset} <{VOID}subset> {graph} {about_graph} .\n".encode() in self._lines
            if told != (now := _holds(held, graph)):
                parts[now].append(graph)
        before = about.description(self._workspace, parts[False], old)
        after = about.description(self._workspace, parts[True], terms)
        return terms, Delta.between(*([f"{q} .\n".encode() for q in part] for part in (before, after)))

    # --- the new build

    def _change(self, held: Store, delta: Delta) -> None:
        """Take out and put in quads; what the store cannot tell from what went is put back."""
        removed = _quads(delta.removed)
        for quad in removed:
            held.remove(quad)
        alike = (
            line
            for quad in removed
            if isinstance(quad.object, Literal)
            for line in self._lines.below(f"{quad.subject} {quad.predicate} ".encode())
            if line not in delta.removed
        )
        held.extend([*_quads(dict.fromkeys(alike)), *_quads(delta.added)])

    def _keep_shared(self, target: Path) -> None:
        """Note what cases share, for the next build."""
        if self._shared:
            (target / SHARED).write_bytes(self._shared.text)
        elif not store.linked(before := self._base.folder / SHARED, target / SHARED):
            shutil.copyfile(before, target / SHARED)

    def _write(self, target: Path, whole: Delta, traced: Delta) -> Path:
        """Write trace and graph as they are now, and give the graph; the system copies nearly all of it."""
        with opened(self._base.trace) as trace:
            trace.write(target / store.TRACE, traced.removed, traced.added)
        self._lines.write(target / store.GRAPH, whole.removed, whole.added)
        return target / store.GRAPH

    def _check(
        self, held: Store, written: Future[Path], whole: Delta, delta: Delta, places: Places
    ) -> Report:
        """What is wrong with the graph as it is now: `whole` has changed, and `delta` of what rules see."""
        try:
            if self._notes.marks.shapes != self._marks.shapes:
                raise UnboundedError
            report = self._check_part(held, whole, delta, places)
        except UnboundedError:
            report = shapes.validate(self._loaded(written.result()), self._onto.shapes, places=places)
        return replace(report, files=places.paths() - {""})

    def _loaded(self, graph: Path) -> shapes.Loaded:
        """All of the graph that rules see, in a store."""
        end, loaded = f" {self._names.graph('about')} .\n".encode(), shapes.Loaded()
        with graph.open("rb") as file:
            blocks = iter(lambda: file.read(BLOCK) + file.readline(), b"")
            loaded.load(Merged(triples(block, end) for block in blocks))
        return loaded

    def _check_part(self, held: Store, whole: Delta, delta: Delta, places: Places) -> Report:
        about_graph, told = self._names.graph("about"), list(self._notes.found)
        end = f" {about_graph} .\n".encode()
        if "" in told or self._notes.by_row:
            raise UnboundedError

        def find(s: Any, p: Any, o: Any) -> Iterator[Quad]:
            return (q for q in held.quads_for_pattern(s, p, o) if q.graph_name != about_graph)

        new = SortedLines(b"".join(sorted(whole.added)))

        def ahead(node: NamedNode) -> list[Quad]:
            start = f"{node} ".encode()
            old = (line for line in self._lines.below(start) if line not in whole.removed)
            found = {*old, *new.below(start)}  # what comes may have been there already
            return _quads(line for line in found if not line.endswith(end))

        changed = {quad.triple for quad in _quads((*delta.removed, *delta.added))}
        data = reach.Graph(find, ahead)
        return again.validate_again(self._onto.shapes, changed, map(NamedNode, told), data, places)

    def _places(self, spots: dict[str, Spot]) -> Places:
        """Where everything is written; files are read again when that is asked."""
        places = Places()
        places.update(self._onto.places)
        for path in (*self._workspace.reference(), *self._workspace.source_descriptions()):
            places.add_file(str(path), nowhere)
        for path in {spot.path for spot in spots.values()}:
            places.add_file(str(path), nowhere)
        places.add_file("", Whereabouts(self._workspace, self._values, spots).look)
        return places

    def _manifest(self, asserted: Delta, inferred: Delta, whole: Delta, ids: Iterable[str]) -> dict[str, Any]:
        def counted(name: str, delta: Delta) -> int:
            return int(self._base.manifest[name]) - len(delta.removed) + len(delta.added)

        return {
            "asserted": counted("asserted", asserted), "inferred": counted("inferred", inferred),
            "quads": counted("quads", whole), "cases": sorted(ids),
        }  # fmt: skip


class Described(Collection[str]):
    """The IRIs of the shared entities and sources that are described, looked up in the lines of a build."""

    def __init__(self, lines: SortedLines, names: Names) -> None:
        self._lines, self._bases = lines, (ID, names.source("").value)
        self._ends = tuple(f" {names.graph(name)} .\n".encode() for name in ("reference", "ontology"))

    def __contains__(self, iri: object) -> bool:
        return any(line.endswith(self._ends) for line in self._lines.below(f"<{iri}> ".encode()))

    def __iter__(self) -> Iterator[str]:
        found = (line for base in self._bases for line in self._lines.below(f"<{base}".encode()))
        yield from {line[1 : line.index(b"> ")].decode() for line in found if line.endswith(self._ends)}

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _quads(lines: Iterable[bytes]) -> list[Quad]:
    return list(parse(b"".join(lines), RdfFormat.N_QUADS))


def _odd(lines: Iterable[bytes]) -> int:
    return Odd()(b"".join(lines))


def _holds(held: Store, graph: Any) -> bool:
    return next(held.quads_for_pattern(None, None, None, graph), None) is not None
