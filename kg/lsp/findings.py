"""What is wrong with an open file: faults of reading at once, findings of the shapes when they are ready.

The shapes judge what the file says and what that leads to, not the rest of the graph: a second
instead of several. Quotes are held against the texts that are at hand. While a file cannot be
read, what was found before stays, moved with its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kg import build, cases, evidence
from kg.cases.compose import compose
from kg.errors import Fault, InputError
from kg.lsp.documents import Document
from kg.lsp.ground import Ground
from kg.lsp.outline import Span, Spot
from kg.names import DCTERMS
from kg.places import Place
from kg.shapes.report import INPUT, Finding, Severity

EVIDENCE = "evidence"
"""The rule that a quote breaks which is not in its source."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A span with what is wrong there; `others` are more places where the same thing is written."""

    span: Span
    severity: Severity
    rule: str
    message: str
    others: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of a document: what it says, or its faults. `whole`: it is YAML to its end."""

    said: cases.Document | None
    faults: tuple[Mark, ...] = ()
    whole: bool = True


def read(document: Document, ground: Ground) -> Reading:
    """Read the text of the document as the file would be read."""
    workspace, path = ground.workspace, str(document.path)
    try:
        said = cases.read_text(
            document.text,
            path,
            ground.onto,
            workspace.names,
            ground.known,
            kind=document.kind,
            languages=workspace.languages if document.kind == "case" else None,
            stem=document.path.stem,
        )
    except InputError as exc:
        marks = (_of_fault(fault, document) for fault in exc.faults)
        return Reading(None, tuple(marks), _is_whole(document.text, path))
    return Reading(said)


def _is_whole(text: str, path: str) -> bool:
    try:
        compose(text, path, [])
    except InputError:
        return False
    return True


def judge(said: cases.Document, document: Document, ground: Ground, lang: str) -> tuple[Mark, ...]:
    """What the shapes, and classes that exclude each other, find wrong with what the document says."""
    workspace, onto, path = ground.workspace, ground.onto, str(document.path)
    quads = [*ground.near(said.quads), *said.quads]
    graph = build.infer(workspace, onto, build.Asserted(build.Statements(quads), said.places))
    report = build.validate(workspace, onto, graph)
    names = workspace.names
    about = (names.case if document.kind == "case" else names.source)(said.id).value
    found = report.findings(lang, build.naming(workspace, onto))
    here = (each for each in found if each.place and each.place.path == path and _is_about(each, about))
    return (*_of_quotes(document, ground), *(_of_finding(each, document) for each in here))


def _of_quotes(document: Document, ground: Ground) -> Iterator[Mark]:
    """The quotes that do not stand in their sources, or elsewhere than is said."""
    keys = ground.onto.context.keys(DCTERMS + "source")
    found = evidence.quotes(document.text, str(document.path), keys)
    checked = evidence.check(found, ground.texts, ground.lists)
    elsewhere = (
        Fault(each.quote.place, f"the quote stands at {list(each.span)}", "run kg evidence --fix")
        for each in checked.moved
    )
    for fault in (*checked.faults, *elsewhere):
        yield replace(_of_fault(fault, document), rule=EVIDENCE)


def _is_about(finding: Finding, iri: str) -> bool:
    """Whether it is about the document's own nodes, and not about what they lead to."""
    if finding.violation is None:
        return True
    focus = str(getattr(finding.violation.focus, "value", ""))
    return focus == iri or focus.startswith(iri + "/")


def _of_fault(fault: Fault, document: Document) -> Mark:
    place = fault.place or Place("", 1, 1)
    message = fault.what + (f"; {fault.fix}" if fault.fix else "")
    return Mark(document.span_at(place.line, place.column), Severity.VIOLATION, INPUT, message)


def _of_finding(finding: Finding, document: Document) -> Mark:
    place = finding.place or Place("", 1, 1)
    said = f"{finding.key}: {finding.message}" if finding.key else finding.message
    details = (f"\n{detail.key}: {detail.message}" for detail in finding.details)
    others = finding.violation.places[1:] if finding.violation else ()
    span = document.span_at(place.line, place.column)
    return Mark(span, finding.severity, finding.rule, said + "".join(details), others)


def carried(marks: Iterable[Mark], old: Sequence[str], new: Sequence[str]) -> tuple[Mark, ...]:
    """The marks of the lines `old`, where those lines stand in `new`; none for lines that have changed.

    >>> mark = Mark(Span(Spot(2, 0), Spot(2, 1)), Severity.INFO, "", "")
    >>> [each.span.start.line for each in carried([mark], ["a", "b", "c"], ["a", "x", "b", "c"])]
    [3]
    >>> carried([mark], ["a", "b", "c"], ["a", "b", "d"])
    ()
    """
    most = min(len(old), len(new))
    above = next((i for i in range(most) if old[i] != new[i]), most)
    below = next((i for i in range(most - above) if old[-1 - i] != new[-1 - i]), most - above)
    moved = len(new) - len(old)
    found: list[Mark] = []
    for mark in marks:
        if mark.span.end.line < above:
            found.append(mark)
        elif mark.span.start.line >= len(old) - below:
            found.append(replace(mark, span=_moved(mark.span, moved)))
    return tuple(found)


def _moved(span: Span, lines: int) -> Span:
    start, end = span.start, span.end
    return Span(Spot(start.line + lines, start.column), Spot(end.line + lines, end.column))
