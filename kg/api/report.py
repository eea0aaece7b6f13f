"""What a check found, as Python has it, and the check of anybody's RDF."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kg import checking, notebook, reports, shapes as shacl
from kg.checking import foreign
from kg.errors import UsageError
from kg.reports import Page
from kg.shapes import Fallback, Finding

File = str | os.PathLike[str]


def validate(
    *files: File,
    shapes: File | Iterable[File],
    ontology: File | Iterable[File] = (),
    imports: File | Iterable[File] = (),
    infer: bool = False,
    strict: bool = False,
    lang: str = "en",
    engine: str = shacl.DEFAULT,
) -> Report:
    """What is wrong with anybody's RDF in `files`, by anybody's `shapes`; no workspace is needed.

    A folder stands for the RDF files in it. `ontology`: what is known of classes and properties. `imports`:
    where `owl:imports` may be found; nothing is fetched. `infer`: what follows by OWL RL is judged as well.
    `strict`: what passes by being empty is an error. `engine`: what runs the shapes, `compiled` or `pyshacl`.
    What of the data cannot be read is told in the report.

    :raises InputError: if shapes or ontologies cannot be opened.
    :raises DefinitionError: if shapes or ontologies are ill-formed, or the engine cannot run them.
    :raises UsageError: if no file is given, the suffix of one names no RDF format, or no engine is so called.

    >>> from tempfile import TemporaryDirectory
    >>> prefixes = "PREFIX : <http://e.org/> PREFIX sh: <http://www.w3.org/ns/shacl#>\\n"
    >>> shape = ":S sh:targetClass :Thing ; sh:property [ sh:path :size ; sh:maxInclusive 9 ] ."
    >>> with TemporaryDirectory() as folder:
    ...     data, shapes = Path(folder, "data.ttl"), Path(folder, "shapes.ttl")
    ...     _ = data.write_text(prefixes + ":a a :Thing ; :size 12 ."), shapes.write_text(prefixes + shape)
    ...     validate(data, shapes=shapes).findings[0].message
    'must not be more than 9 (got "12")'
    """
    if not files:
        raise UsageError.at(None, "no file to check against the shapes", "name RDF files, or a folder")
    found = foreign.read(paths(files), paths(shapes), paths(ontology), paths(imports))
    checked = found.check(infer=infer, strict=strict, lang=lang, engine=engine)
    rules = checking.all_rules(found.shapes.quads, found.name)
    return Report(Page(checked.report, lang=lang, names=found.name, rules=rules, prefixes=found.prefixes))


def paths(files: File | Iterable[File]) -> list[Path]:
    """One file, or several, as paths."""
    given = [files] if isinstance(files, str | os.PathLike) else files
    return [Path(file).expanduser() for file in given]


@dataclass(frozen=True, repr=False)
class Report:
    """What a check found. `page` is the report with what its renderers need.

    >>> report = Report(Page(shacl.Report(files=frozenset({"a.yaml"}))))
    >>> report.conforms, report.findings, report
    (True, [], <kg.Report no findings in 1 file>)
    """

    page: Page

    @property
    def conforms(self) -> bool:
        """Whether there is no error; warnings may be there."""
        return self.page.report.conforms

    @property
    def findings(self) -> list[Finding]:
        """All findings in the order of their places: `place`, `severity`, `key`, `message`, `rule`."""
        return self.page.found

    @property
    def fallbacks(self) -> tuple[Fallback, ...]:
        """What Python matched and not the store: `rule`, `shape`, `pattern`, `why`, `place`."""
        return self.page.report.fallbacks

    def render(self, form: str = "text") -> str:
        """The report in one of the formats of `kg validate`: text, json, sarif, html, turtle and so on.

        :raises UsageError: if there is no such format.
        """
        return reports.render(self.page, form).decode()

    def __repr__(self) -> str:
        return f"<kg.Report {self.page.summary}>"

    def __str__(self) -> str:
        return self.render().rstrip("\n")

    def _repr_html_(self) -> str:
        return notebook.report(self.page)
