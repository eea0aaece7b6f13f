"""What one writes in a notebook: open a graph, ask it, check it, take it elsewhere.

Each verb is a command of the same name, and does the same. `import kg` brings all of this, and loads
nothing until it is used. What goes wrong is a `KGError` that says where, what, and what to do.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad, Store

from kg import (
    answers,
    build,
    cite,
    export,
    foreign,
    formats,
    frames,
    marks,
    network,
    notebook,
    questions,
    reports,
    shapes as shacl,
    store,
    vacuity,
)
from kg.cases.values import choices
from kg.errors import UsageError
from kg.questions import Answer as Rows, Question
from kg.reports import Page
from kg.shapes import Finding
from kg.vacuity import workspaces
from kg.workspace import Workspace

if TYPE_CHECKING:
    import networkx as nx
    import pandas
    import polars
    from rdflib import Dataset

    from kg.joins import Joins
    from kg.proofs.why import Why

__all__ = ["Answer", "Graph", "Report", "open", "validate"]

File = str | os.PathLike[str]


def open(folder: str | os.PathLike[str] | None = None, *, lang: str = "en") -> Graph:
    """The graph of the workspace in `folder`; without one, of the nearest upwards from here.

    Where there is none upwards either, it is the workspace that the package carries. It is built
    where there is no build yet, or files have changed since. `lang`: the language of labels,
    questions and messages, as far as they are in it.

    :raises UsageError: if `folder` is no workspace.
    :raises InputError, DefinitionError: if a file of it cannot be read, or is ill-formed.

    >>> open("no/such/folder")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    kg.errors.UsageError: ...folder: no kg.toml here; make a workspace with: kg init ...folder
    """
    workspace = Workspace.find(None if folder is None else Path(folder).expanduser())
    build.ensure(workspace)
    return Graph(workspace, lang)


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
    found = foreign.read(_paths(files), _paths(shapes), _paths(ontology), _paths(imports))
    checked = found.check(infer=infer, strict=strict, lang=lang, engine=engine)
    rules = vacuity.all_rules(found.shapes.quads, found.name)
    return Report(Page(checked.report, lang=lang, names=found.name, rules=rules, prefixes=found.prefixes))


def _paths(files: File | Iterable[File]) -> list[Path]:
    """One file, or several, as paths."""
    given = [files] if isinstance(files, str | os.PathLike) else files
    return [Path(file).expanduser() for file in given]


@dataclass(frozen=True, repr=False)
class Graph:
    """The graph of a workspace, as its files say it now: it is built anew once they have changed."""

    workspace: Workspace
    lang: str = "en"
    _open: list[Any] = field(default_factory=list, init=False, compare=False)

    def __repr__(self) -> str:
        built = store.current(self.workspace.build)
        return f"<kg.Graph {self.workspace.root}: {build.told(built) if built else 'not built'}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Graph, (self.workspace, self.lang)  # without the store that is open here

    # --- what there is

    @property
    def cases(self) -> list[str]:
        """The ids of the cases, sorted."""
        return list(build.ensure(self.workspace).manifest["cases"])

    @property
    def questions(self) -> dict[str, str]:
        """Name → text of each question that can be asked."""
        found = map(questions.read, self.workspace.questions().values())
        return {question.name: question.text(self.lang) for question in found}

    def quads(self, *, parts: Collection[str] = (), cases: Collection[str] = ()) -> list[Quad]:
        """The statements, as they were written; all, or those of `parts` and `cases`.

        A part is `asserted`, `inferred`, `ontology` or `about`.

        :raises UsageError: if there is no such part or case.
        """
        built = build.ensure(self.workspace)
        return export.select(self.workspace, built.quads(), parts, cases)

    # --- asking

    def ask(self, question: str | Path | Question, /, **parameters: object) -> Answer:
        """The answer to a question: the name of one, or the `Path` of a file with one.

        A parameter is given as text, or as what Python has for it, such as a day; None leaves it open.

        :raises UsageError: if there is no such question, parameter or case.
        :raises InputError: if there is no such file.
        :raises DefinitionError: if the query is ill-formed, or would call another server.
        """
        found = self._question(question)
        values = {name: str(value) for name, value in parameters.items() if value is not None}
        sparql = found.bind(values, self.workspace.names)
        built = build.ensure(self.workspace)
        questions.check_cases(found, values, built.manifest["cases"])
        data, joins = self._opened(built)
        bare, borne = marks.ask(found, data, self.workspace.names, values, joins)
        answer = marks.beside(bare, borne, data, self.lang)
        return Answer(
            answer.columns, answer.rows, answer.boolean, answer.triples,
            text=found.text(self.lang) if found.texts else "",
            labels=answers.LabelsOf(answer, data, self.lang),
            notes=self._notes(sparql, answer, data),
        )  # fmt: skip

    def query(self, sparql: str, /) -> Answer:
        """The answer to a query of SPARQL; the default graph is the union of all.

        :raises DefinitionError: if the query is ill-formed, would change the graph or call another server.
        """
        return self.ask(questions.parse(sparql))

    def _opened(self, built: store.Built) -> tuple[Store, Joins | None]:
        """The store of a build, and how queries are joined in it; kept until there is another build."""
        if self._open[:1] != [built.folder]:
            data = built.store
            self._open[:] = [built.folder, data, questions.joins_of(data, built.manifest.get("quads", 0))]
        return self._open[1], self._open[2]

    def _question(self, question: str | Path | Question) -> Question:
        if isinstance(question, Question):
            return question
        if isinstance(question, Path):
            return questions.read(question)
        known = self.workspace.questions()
        if question not in known:
            raise UsageError.at(None, f"no question “{question}”", choices(question, known))
        return questions.read(known[question])

    def _notes(self, sparql: str, answer: Rows, data: Any) -> tuple[str, ...]:
        """What is to be said of an answer: what disputes its quotes, or why it is empty."""
        from kg import empties
        from kg.evidence.disputes import disputes

        if answer.boolean is not None or len(answer):
            return tuple(disputes(data, answer.rows, self.workspace.names.base))

        return tuple(empties.why(sparql, data, build.ontology_of(self.workspace)))

    def explain(self, *what: str, row: str | int | None = None, why_not: bool = False) -> Why:
        """Why something holds, back to the words of the sources; of what does not hold, what lacks.

        `what`: a node and a class; a node, a property and a value; or a question with the key or number of
        a `row`. With `why_not`, a class and a node, or a question and a node that is in none of its rows.

        :raises UsageError: if a word means nothing, there is no such row, or what holds is asked why not.
        """
        from kg.proofs import why
        from kg.proofs.session import Session

        session = Session(self.workspace, build.ensure(self.workspace), self.lang)
        if row is not None:
            if len(what) != 1:
                raise UsageError.at(
                    None, "a row goes with one question", "name it: explain(QUESTION, row=KEY)"
                )
            return why.of_row(session, self._question(what[0]), str(row))
        if why_not and len(what) == 2 and what[0] in self.workspace.questions():
            return why.of_no_row(session, self._question(what[0]), what[1])
        return why.of_words(session, what, why_not=why_not)

    def cite(self, what: str | None = None, *, row: str | int | None = None, form: str = "text") -> str:
        """How to cite the dataset, or `what`: a case, a source, or a question with the key of a `row`.

        `form`: `text`, `bibtex` or `csl-json`.

        :raises UsageError: if there is no such case, source, question, row or form.
        """
        built = build.ensure(self.workspace)
        if row is None:
            works = cite.Citing(self.workspace, built.store, self.lang).find(what)
        elif what is None:
            raise UsageError.at(None, "a row goes with a question", "name it: cite(QUESTION, row=KEY)")
        else:
            works = cite.row(self.workspace, built, self._question(what), str(row), self.lang)
        return cite.render(works, form)

    # --- building and checking

    def validate(self, *files: File, strict: bool = False, engine: str = shacl.DEFAULT) -> Report:
        """What is wrong with the case files of the workspace, or with these `files`.

        What passes by being empty, such as a shape that judges nothing, is a warning; if `strict`, an error.
        `engine`: what runs the shapes, `compiled` or `pyshacl`.

        :raises InputError: if there is no case to check.
        :raises DefinitionError: if ontology or shapes are ill-formed, or the engine cannot run them.
        :raises UsageError: if there is no such engine.
        """
        checked = workspaces.check(
            self.workspace, _paths(files), lang=self.lang, strict=strict, engine=engine
        )
        return self._report(checked.report)

    def build(self, *, check: bool = True) -> Report:
        """Build the graph, checked against the shapes; with errors it is not stored, and the last one stays.

        :raises InputError: if there is no case to build, or the disk refuses.
        :raises DefinitionError: if ontology or shapes are ill-formed.
        """
        return self._report(build.build(self.workspace, check=check).report)

    def _report(self, found: shacl.Report) -> Report:
        onto = build.ontology_of(self.workspace)
        names = build.naming(self.workspace, onto)
        rules = vacuity.all_rules(onto.shapes, names)
        return Report(Page(found, lang=self.lang, names=names, rules=rules, prefixes=onto.prefixes))

    # --- taking it elsewhere

    def export(
        self, form: str = "turtle", *, parts: Collection[str] = (), cases: Collection[str] = ()
    ) -> bytes:
        """The graph, or `parts` of it, as `turtle`, `trig`, `ntriples`, `nquads`, `jsonld` or `rdfxml`.

        :raises UsageError: if there is no such format, part or case.
        """
        chosen = formats.format_of(form)
        quads = self.quads(parts=parts, cases=cases)
        return formats.serialize(quads, chosen, build.ontology_of(self.workspace).prefixes)

    def rdflib(self, *, parts: Collection[str] = (), cases: Collection[str] = ()) -> Dataset:
        """The graph, or `parts` of it, as a dataset of rdflib in memory, in its named graphs.

        A query of the dataset sees the union of them. Changing it changes nothing here.

        :raises UsageError: if there is no such part or case.
        """
        from kg.formats import objects

        quads = self.quads(parts=parts, cases=cases)
        return objects.dataset(quads, build.ontology_of(self.workspace).prefixes)

    def network(self, name: str | None = None) -> nx.MultiDiGraph[str]:
        """The network `name`, or the first there is.

        Nodes are IRIs, with `label` and `kind`; edges have a `relation`.

        :raises UsageError: if there is none.
        """
        question = network.find(self.workspace, name)
        return network.of(build.ensure(self.workspace).store, question, self.lang)


@dataclass(frozen=True)
class Answer(questions.Answer):
    """An answer with its question, the labels of what is in it, and why it is empty, if it is.

    `columns` and `rows` hold the terms as they are; `boolean` is set for ASK, `triples` for CONSTRUCT.

    >>> from pyoxigraph import Literal
    >>> answer = Answer(("a", "b"), ((Literal("x"), None),))
    >>> len(answer), list(answer.records())
    (1, [{'a': 'x', 'b': None}])
    >>> answer.render("csv")
    'a,b\\r\\nx,\\r\\n'
    """

    text: str = ""
    labels: Mapping[NamedNode, str] = field(default_factory=dict, repr=False, compare=False)
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return len(self) > 0 if self.boolean is None else self.boolean

    def __str__(self) -> str:
        return "\n".join(filter(None, [self.text, self.render().rstrip("\n"), *self.notes]))

    def render(self, form: str = "table") -> str:
        """The answer as `table`, `markdown`, `csv`, `tsv`, `json`, `xml` or `jsonl`.

        :raises UsageError: if there is no such form.
        """
        return answers.render(self, form, self.labels)

    def to_pandas(self, *, labels: bool = False) -> pandas.DataFrame:
        """The rows as a frame of pandas; with `labels`, those in the place of IRIs. Types: `kg.frames`.

        :raises UsageError: if pandas is not installed, or the answer is yes or no.
        """
        return frames.to_pandas(self, self.labels if labels else None)

    def to_polars(self, *, labels: bool = False) -> polars.DataFrame:
        """The rows as a frame of polars; with `labels`, those in the place of IRIs. Types: `kg.frames`.

        :raises UsageError: if polars is not installed, or the answer is yes or no.
        """
        return frames.to_polars(self, self.labels if labels else None)

    def _repr_html_(self) -> str:
        return notebook.answer(self, self.text, self.labels, self.notes)


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
