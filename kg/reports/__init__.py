"""A `Report` → text for people and machines: one module a format.

>>> from kg.errors import Fault
>>> from kg.places import Place
>>> from kg.shapes import Report
>>> page = Page(Report(faults=(Fault(Place("a.yaml", 3, 5), "a tab", "use spaces"),)))
>>> print(render(page, "github").decode(), end="")
::error file=a.yaml,line=3,col=5,title=input::a tab; use spaces
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from kg.errors import UsageError
from kg.reports.listing import listing
from kg.reports.page import Page
from kg.reports.source import Sources

__all__ = ["FORMATS", "Format", "Page", "Sources", "format_of", "listing", "render"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the module below `kg.reports` and its function, and the suffixes of its files."""

    module: str
    suffixes: tuple[str, ...] = ()
    function: str = "render"


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


def render(page: Page, form: str = "text") -> bytes:
    """The page in one of `FORMATS`, as UTF-8; the same bytes for the same page.

    :raises UsageError: if there is no such format.
    """
    if form not in FORMATS:
        raise UsageError.at(None, f"no format “{form}” for findings", f"known: {', '.join(FORMATS)}")
    chosen = FORMATS[form]
    text: str = getattr(import_module(f"kg.reports.{chosen.module}"), chosen.function)(page)
    return text.encode("utf-8", "replace")


def format_of(output: Path | None) -> str:
    """The format that the suffix of a file asks for; text where there is no file, or it is the pipe `-`.

    :raises UsageError: if the suffix asks for none.

    >>> format_of(None), format_of(Path("found.SARIF"))
    ('text', 'sarif')
    """
    if output is None or str(output) == "-":
        return "text"
    suffix = output.suffix.lower()
    for name, each in FORMATS.items():
        if suffix in each.suffixes:
            return name
    known = ", ".join(suffix for each in FORMATS.values() for suffix in each.suffixes)
    raise UsageError.at(
        None, f"{output}: the suffix names no format", f"name one with -f, or use one of {known}"
    )
