"""What can be mended without judgement: texts of case files, sources and tables → edits of them.

```
layout     byte order mark, line ends, tabs, spaces at line ends, empty rows
key        of the context, or of the author's own; id    language, class, code, reference
number, boolean, date      as every store keeps them
place      where a quote stands, if it stands once in a text that is at hand
order      of sections, as in the template; of rows, by id
```
A word is only changed into the one that is near it. No edit brings a fault that was not
there; comments and layout stay; what is right already stays byte for byte.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from kg import cases, evidence
from kg.cases import json_line
from kg.errors import InputError
from kg.fixes import tables
from kg.fixes.authored import SOURCE, Walk
from kg.fixes.edits import Edit, apart, apply, diff
from kg.fixes.layout import BOM, layout
from kg.fixes.sections import order, sections
from kg.fixes.values import Facts
from kg.fixes.written import Written, read
from kg.names import Names
from kg.ontology import Ontology
from kg.sources import Text

__all__ = ["Edit", "Facts", "Mended", "apply", "diff", "fixes", "mend", "order"]

YAML, LINES, TABLE = (".yaml", ".yml"), ".jsonl", ".csv"
ROUNDS = 10
"""One fix can make the next one possible; more rounds than there are kinds of them are a fault of ours."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A text with all its fixes made, and each of them with the line and column where it was made."""

    text: str
    done: tuple[tuple[int, int, Edit], ...] = ()


def fixes(
    text: str,
    path: str,
    ontology: Ontology,
    names: Names,
    texts: Mapping[str, Text],
    *,
    known: Collection[str] | None = None,
    languages: Collection[str] | None = None,
) -> list[Edit]:
    """The edits that mend the case file, or the table, `text`, as far as they can be told now.

    `texts`: those of the sources that are at hand. `known`: the IRIs of the shared entities,
    `languages`: those that texts may have, else those of the ontology's labels. Others may
    be told when these are made; see `mend`.

    >>> [str(edit) for edit in fixes("a: b  \\r\\n", "a.yaml", Ontology(), Names(), {})]
    ['lines end with LF [layout]']
    """
    speaks = frozenset(languages or ontology.languages)
    return step(text, path, Facts(ontology, names, texts, speaks, known))


def mend(text: str, path: str, facts: Facts) -> Mended:
    """`text` with all fixes made, round after round until there is none; to mend it again changes nothing.

    >>> mend("a: b  \\r\\n", "a.yaml", Facts(Ontology(), Names())).text
    'a: b\\n'
    """
    done: list[tuple[int, int, Edit]] = []
    for _ in range(ROUNDS):
        if not (edits := step(text, path, facts)):
            break
        done += ((*_place(text, edit.start), edit) for edit in edits)
        text = apply(text, edits)
    return Mended(text, tuple(done))


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def step(text: str, path: str, facts: Facts) -> list[Edit]:
    """The edits of one round: of the layout, else of what is said, else of the order."""
    suffix, stem = PurePath(path).suffix, PurePath(path).stem
    if suffix == TABLE:
        return layout(text, table=True) or apart(tables.cells(text, facts)) or tables.sort(text, facts)
    if suffix == LINES:
        return layout(text) if _has_marks(text) else list(_of_lines(text, facts))
    if suffix not in YAML:
        return []
    if edits := layout(text):
        return edits
    written = read(text)
    if written is None:
        return []
    return _said(written, facts, stem) or sections(written, facts.order, facts.ontology.context)


def _has_marks(text: str) -> bool:
    return text.startswith(BOM) or "\r" in text


def _of_lines(text: str, facts: Facts) -> Iterator[Edit]:
    """The edits of JSON Lines: those of each line."""
    start = 0
    for line in text.split("\n"):
        try:
            written = read(json_line(line.encode(), "", 1)) if line.strip() else None
        except InputError:
            written = None
        if written is not None:
            yield from (edit.moved(start) for edit in _said(written, facts, strict=True))
        start += len(line) + 1


def _said(written: Written, facts: Facts, stem: str = "", *, strict: bool = False) -> list[Edit]:
    """The edits of what one document says, without those that would bring a fault."""
    edits = apart([*Walk(written, facts, stem, strict=strict).walk(), *_quotes(written, facts)])
    if not edits:
        return []
    before = _faults(written.text, facts)

    def good(some: list[Edit]) -> bool:
        return not _faults(apply(written.text, some), facts) - before

    return _together(edits, [], good)


def _together(edits: list[Edit], kept: list[Edit], good: Callable[[list[Edit]], bool]) -> list[Edit]:
    """Those of the edits that are good together with `kept`: all, else those of each half."""
    if good([*kept, *edits]):
        return edits
    if len(edits) == 1:
        return []
    half = len(edits) // 2
    first = _together(edits[:half], kept, good)
    return [*first, *_together(edits[half:], [*kept, *first], good)]


def _faults(text: str, facts: Facts) -> Counter[str]:
    """What is wrong with a document, and how often."""
    try:
        cases.read_text(
            text, "", facts.ontology, facts.names, facts.known, kind=facts.kind, languages=facts.languages
        )
    except InputError as error:
        return Counter(fault.what for fault in error.faults)
    return Counter()


def _quoted(new: str) -> str:
    """What the edit of a quote does: it writes its place, or the source's own characters."""
    place = re.search(r"\[\d+, \d+\]\Z", new)
    return f"the quote stands at {place[0]}" if place else f"the source has {new}"


def _quotes(written: Written, facts: Facts) -> Iterator[Edit]:
    """The places of quotes that stand once in their text, where another or none is given."""
    if not facts.texts or written.aliases or facts.kind != "case":
        return
    found = evidence.quotes(written.text, "a.yaml", facts.ontology.context.keys(SOURCE))
    for start, end, new in evidence.edits(written.text, evidence.check(found, facts.texts)):
        yield Edit(start, end, new, _quoted(new), "place")
