"""A workspace held against its own shapes: its data, its ontology, its queries, and its quotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from pyoxigraph import Store

from kg import build, evidence, questions
from kg.build import Graph
from kg.cases.evidence import PLACELESS
from kg.checking import Checked
from kg.errors import DefinitionError
from kg.evidence.remarks import Remark
from kg.ontology import Ontology
from kg.shapes import DEFAULT, Report
from kg.shapes.graph import Unused
from kg.vacuity import Slip, Subject, examine
from kg.workspace import Workspace


def check(
    workspace: Workspace,
    files: Sequence[Path] = (),
    progress: build.Progress = build.quiet,
    *,
    lang: str = "en",
    strict: bool = False,
    engine: str = DEFAULT,
    texts: Path | None = None,
) -> Checked:
    """What is wrong with the case files of the workspace, or with these `files`, and what is empty of it.

    Quotes are held against the source texts in the folder `texts`, or in the workspace's own; where there
    are none, it is told what the lock says of them. `engine`: one of `kg.shapes.ENGINES`.

    :raises InputError: if there is no case to check, or no folder `texts`.
    :raises DefinitionError: if ontology or shapes are ill-formed.
    """
    attempt = build.check(workspace, progress, files, engine=engine)
    asserted, onto = attempt.graph.asserted, build.ontology_of(workspace)
    whole = not files and not asserted.faults
    found = examine_workspace(
        workspace, onto, attempt.graph, attempt.report, whole=whole, lang=lang, strict=strict
    )
    if not (texts or evidence.at_hand(workspace)):
        told = evidence.without_texts(workspace, asserted.quads, asserted.places)
        return Checked(found, asserted.unread, told)
    unread = [fault.place for fault in asserted.faults if fault.place and fault.what != PLACELESS]
    examined = evidence.examine(workspace, files, texts, lenient=True, told=unread)
    found, remarks = _said_once(found, examined.remarks())
    remarked = (remark.finding(lang, strict=strict) for remark in remarks)
    return Checked(found.with_findings(remarked), asserted.unread, examined.told())


def _said_once(report: Report, remarks: Sequence[Remark]) -> tuple[Report, list[Remark]]:
    """A quote without a place is told once: by reading, and where it is not found, what is wrong with it."""
    placeless = {fault.place for fault in report.faults if fault.what == PLACELESS}
    left = [each for each in remarks if each.said != "placeless" or each.place not in placeless]
    sought = {remark.place for remark in left}
    faults = (
        replace(fault, fix="") if fault.what == PLACELESS and fault.place in sought else fault
        for fault in report.faults
    )
    return replace(report, faults=tuple(faults)), left


def examine_workspace(
    workspace: Workspace,
    onto: Ontology,
    graph: Graph,
    report: Report,
    *,
    whole: bool = True,
    lang: str = "en",
    strict: bool = False,
) -> Report:
    """The report with the slips of the workspace, as warnings, or if `strict` as errors.

    Only if it is looked at as a `whole`, with all its cases, is it told which of its own shapes had nothing
    to judge, which terms no shape is about, and which of its own queries cannot be asked.
    """
    terms = workspace.names.graph("ontology")
    subject = Subject.of(
        (quad for quad in graph.asserted.quads if quad.graph_name != terms),
        onto.shapes,
        [*onto.terms, *onto.axioms],
        places=graph.asserted.places,
        prefixes=onto.prefixes,
        naming=build.naming(workspace, onto),
        derived=frozenset(p.value for each in onto.properties for p in onto.bounds(each) if p),
    )
    idle = [unused for unused in report.unused_shapes if whole and _is_own(unused, workspace, onto)]
    found = examine(
        replace(report, unused_shapes=tuple(idle)),
        subject,
        lang=lang,
        strict=strict,
        more=_queries(workspace) if whole else (),
        spare=() if whole else ("vacuity.unlooked-term",),
    )
    return replace(found, unused_shapes=report.unused_shapes)


def _is_own(unused: Unused, workspace: Workspace, onto: Ontology) -> bool:
    """Whether a shape is written in the workspace, and not in what it builds on."""
    return any(_below(Path(place.path), workspace) for place in onto.places.find(unused.shape))


def _below(path: Path, workspace: Workspace) -> bool:
    return path.resolve().is_relative_to(workspace.root.resolve())


def _queries(workspace: Workspace) -> Iterator[Slip]:
    """A slip for each fault of a query of the workspace's own."""
    store = Store()
    kinds = (workspace.queries(kind).values() for kind in ("checks", "networks"))
    for path in chain(workspace.questions().values(), *kinds):
        if _below(path, workspace):
            try:
                questions.ask(questions.read(path), store, workspace.names)
            except DefinitionError as exc:
                for fault in exc.faults:
                    what = fault.what + (f"; {fault.fix}" if fault.fix else "")
                    yield Slip("check.query", fault.place, {"what": what})
