"""The graph of a workspace, as Python has it: what there is, what it answers, whether it is in order."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Quad, Store

from kg import (
    answers,
    build,
    checking,
    cite,
    export,
    formats,
    marks,
    network,
    questions,
    shapes as shacl,
    store,
)
from kg.api.answer import Answer
from kg.api.report import File, Report, paths
from kg.checking import workspaces
from kg.errors import UsageError
from kg.meant import choices
from kg.phrases import phrases
from kg.places import Place
from kg.questions import Answer as Rows, Question
from kg.reports import Page
from kg.workspace import Workspace

if TYPE_CHECKING:
    import networkx as nx
    from rdflib import Dataset

    from kg.joins import Joins
    from kg.proofs.why import Why


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

    def ask(
        self, question: str | Path | Question, /, *, timeout: float | None = None, **parameters: object
    ) -> Answer:
        """The answer to a question: the name of one, or the `Path` of a file with one.

        A parameter is given as text, or as what Python has for it, such as a day; None leaves it open.
        `timeout`: how many seconds it may take, in a process of its own, which is ended then; a build before
        it does not count.

        :raises UsageError: if there is no such question, parameter or case.
        :raises TimeLimitError: if there is no answer in that time.
        :raises InputError: if there is no such file.
        :raises DefinitionError: if the query is ill-formed, or would call another server.
        """
        found = self._question(question)
        if timeout is not None and "timeout" in found.parameters:
            what = f"{found.name} has a parameter “timeout”, which a limit of time hides"
            raise UsageError.at(None, what, "call the parameter otherwise")
        values = {name: str(value) for name, value in parameters.items() if value is not None}
        sparql = found.bind(values, self.workspace.names)
        built = build.ensure(self.workspace)
        questions.check_cases(found, values, built.manifest["cases"])
        data, joins = self._opened(built)
        if timeout is None:
            answer, notes = _asked(self, found, values, sparql, data, joins)
        else:
            from kg.processes import limits

            args = self, found, values, sparql, built
            answer, notes = limits.within(timeout, _asked_apart, *args, place=Place(found.path))
        return Answer(
            answer.columns, answer.rows, answer.boolean, answer.triples,
            text=found.text(self.lang) if found.texts else "",
            labels=answers.LabelsOf(answer, data, self.lang),
            notes=notes,
            phrases=phrases(found, self.workspace, self.lang),
        )  # fmt: skip

    def query(self, sparql: str, /, *, timeout: float | None = None) -> Answer:
        """The answer to a query of SPARQL; the default graph is the union of all. `timeout`: as of `ask`.

        :raises TimeLimitError: if there is no answer in that time.
        :raises DefinitionError: if the query is ill-formed, would change the graph or call another server.
        """
        return self.ask(questions.parse(sparql), timeout=timeout)

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
        checked = workspaces.check(self.workspace, paths(files), lang=self.lang, strict=strict, engine=engine)
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
        rules = checking.all_rules(onto.shapes, names)
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


Asked = tuple[Rows, tuple[str, ...]]


def _asked(
    graph: Graph, question: Question, values: dict[str, str], sparql: str, data: Store, joins: Joins | None
) -> Asked:
    """The answer with the marks of its rows, and what is to be said of it."""
    bare, borne = marks.ask(question, data, graph.workspace.names, values, joins)
    answer = marks.beside(bare, borne, data, graph.lang)
    return answer, _notes(graph.workspace, sparql, answer, data)


def _asked_apart(
    graph: Graph, question: Question, values: dict[str, str], sparql: str, built: store.Built
) -> Asked:
    """The same in a process that has not opened the store yet."""
    return _asked(graph, question, values, sparql, *graph._opened(built))


def _notes(workspace: Workspace, sparql: str, answer: Rows, data: Store) -> tuple[str, ...]:
    """What is to be said of an answer: what disputes its quotes, or why it is empty."""
    from kg import empties
    from kg.evidence.disputes import disputes

    if answer.boolean is not None or len(answer):
        return tuple(disputes(data, answer.rows, workspace.names.base))
    return tuple(empties.why(sparql, data, build.ontology_of(workspace)))
