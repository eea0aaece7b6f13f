"""A `Report` → text for people and machines: one module a format.

>>> from kg.errors import Fault
>>> from kg.places import Place
>>> from kg.shapes import Report
>>> page = Page(Report(faults=(Fault(Place("a.yaml", 3, 5), "a tab", "use spaces"),)))
>>> print(render(page, "github").decode(), end="")
::error file=a.yaml,line=3,col=5,title=input::a tab; use spaces
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path

from kg.errors import UsageError
from kg.reports.listing import listing
from kg.reports.page import Page
from kg.reports.source import Sources

__all__ = ["FORMATS", "Format", "Page", "Sources", "format_of", "listing", "parts", "render"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the module below `kg.reports`, and the suffixes of its files.

    `function`: the one that gives the text of a page part by part.
    """

    module: str
    suffixes: tuple[str, ...] = ()
    function: str = "parts"


FORMATS: dict[str, Format] = {
    "text": Format("text", (".txt",)),
    "json": Format("json", (".json",)),
    "jsonl": Format("jsonl", (".jsonl",)),
    "sarif": Format("sarif", (".sarif",)),
    "github": Format("github"),
    "junit": Format("junit", (".xml",)),
    "csv": Format("csv", (".csv",)),
    "markdown": Format("markdown", (".md",)),
    "html": Format("html", (".html", ".htm")),
    "turtle": Format("rdf", (".ttl",), "turtle"),
    "jsonld": Format("rdf", (".jsonld",), "jsonld"),
}
"""The formats by the names that the command line uses."""

TOGETHER = 1000
"""How many pieces of a report, each mostly a finding, are written at once."""


def render(page: Page, form: str = "text") -> bytes:
    """The page in one of `FORMATS`, as UTF-8; the same bytes for the same page.

    :raises UsageError: if there is no such format.
    """
    return b"".join(parts(page, form))


def parts(page: Page, form: str = "text") -> Iterator[bytes]:
    """The same a part at a time, so that a report of any size takes little memory.

    :raises UsageError: if there is no such format.
    """
    chosen = FORMATS[format_of(form)]
    pieces: Iterator[str] = getattr(import_module(f"kg.reports.{chosen.module}"), chosen.function)(page)
    while some := list(islice(pieces, TOGETHER)):
        yield "".join(some).encode("utf-8", "replace")


def format_of(wanted: str | Path | None) -> str:
    """The format of that name, or that the suffix of a file asks for; text for no file and the pipe `-`.

    :raises UsageError: if there is none of that name or suffix.

    >>> format_of(None), format_of("csv"), format_of(Path("found.SARIF"))
    ('text', 'csv', 'sarif')
    """
    if wanted is None or str(wanted) == "-":
        return "text"
    if isinstance(wanted, Path):
        return _by_suffix(wanted)
    if wanted not in FORMATS:
        raise UsageError.at(None, f"no format “{wanted}” for findings", f"known: {', '.join(FORMATS)}")
    return wanted


def _by_suffix(output: Path) -> str:
    suffixes = {suffix: name for name, each in FORMATS.items() for suffix in each.suffixes}
    if found := suffixes.get(output.suffix.lower()):
        return found
    fix = f"name one with -f, or use one of {', '.join(suffixes)}"
    raise UsageError.at(None, f"{output}: the suffix names no format", fix)
