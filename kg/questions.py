"""A question is a `.rq` file that describes itself; asked of a store, it gives an answer.

The file is plain SPARQL to any engine. Lines that begin with `#+` are YAML to us: the
question in several languages, its columns, its parameters, the file of expected rows.
A parameter `NAME` stands in the query as `VALUES ?NAME { … }`, with its default inside,
on a line of its own that ends in `# parameter`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

from kg import formats
from kg.errors import DefinitionError, UsageError
from kg.header import Header
from kg.interrupts import interruptible
from kg.languages import nearest, pick
from kg.meant import suggestion
from kg.names import XSD, Names, is_key
from kg.ordering import Ordering
from kg.places import Place
from kg.sparql import Query

if TYPE_CHECKING:
    from kg.joins import Joins

Cell = NamedNode | BlankNode | Literal | Triple | None
PARAMETER = re.compile(
    r"^(?P<head>\s*VALUES\s+\?(?P<name>\w+)\s*)\{(?P<value>[^}]*)\}(?P<tail>\s*\.?\s*# parameter\s*)$", re.M
)


@dataclass(frozen=True)
class Question:
    """A SPARQL query with what it says of itself.

    `texts`: language → the question. `columns`: variable → what it holds, in the order of
    the answer. `parameters`: name → type. `expected`: the file of the rows it is to give.
    `fix`: what to do about a row, where any row is a fault. `marks`: the variables that are the nodes a row
    stands on, whose marks are shown beside it (`kg.marks`). `sides`, `finding`: of a question that is told as
    a report, the columns of what is told with its words and places, and the one that is true of a finding.
    `heads`: what a column holds, by language.
    """

    name: str
    sparql: str
    path: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    expected: str | None = None
    fix: str = ""
    marks: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    finding: str = ""
    heads: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def head(self, column: str, lang: str = "en") -> str:
        """What a column holds, in `lang`, else in English, else its name."""
        return _said(self.heads.get(column, {}), lang, column)

    def text(self, lang: str = "en") -> str:
        """The question in `lang`, else in English, else its name."""
        return _said(self.texts, lang, self.name)

    def bind(self, values: Mapping[str, str], names: Names) -> str:
        """The query with its parameters set to `values`, given as a person writes them.

        :raises UsageError: if there is no such parameter, or a value is not of its type.
        """
        for name in values:
            if name not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                raise UsageError.at(None, f"{self.name} has no parameter “{name}”", f"it has: {known}")

        def put(match: re.Match[str]) -> str:
            name = match["name"]
            if name not in values:
                return match[0]
            term = _term(values[name], self.parameters[name], name, names)
            return f"{match['head']}{{ {term} }}{match['tail']}"

        return PARAMETER.sub(put, self.sparql)


@dataclass(frozen=True)
class Answer:
    """What a question gave: columns and rows, or triples, or yes and no.

    `boolean` is set for ASK; `triples` for CONSTRUCT and DESCRIBE, and then there are no rows.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    boolean: bool | None = None
    triples: tuple[Triple, ...] | None = None

    def __len__(self) -> int:
        return len(self.rows) if self.triples is None else len(self.triples)

    def records(self) -> Iterator[dict[str, str | None]]:
        """Each row as a record of plain texts; an unbound cell is None."""
        for row in self.rows:
            yield {
                c: None if v is None else getattr(v, "value", str(v))
                for c, v in zip(self.columns, row, strict=True)
            }

    @property
    def quads(self) -> list[Quad]:
        """The triples of a CONSTRUCT or DESCRIBE, as quads of the default graph."""
        return [Quad(t.subject, t.predicate, t.object) for t in self.triples or ()]

    @cached_property
    def iris(self) -> frozenset[NamedNode]:
        """All IRIs in the rows."""
        return frozenset(v for row in self.rows for v in row if isinstance(v, NamedNode))


def read(path: Path) -> Question:
    """The question in the file `path`.

    :raises InputError: if the file cannot be read, or is no UTF-8.
    :raises DefinitionError: if its header is ill-formed, or a parameter has no place in the query.
    """
    return parse(formats.decode(formats.read_bytes(path), str(path)), path.stem, str(path))


def parse(text: str, name: str = "query", path: str = "") -> Question:
    """The question that `text` is.

    :raises DefinitionError: with all faults of its header, or if a parameter has no place in the query.

    >>> q = parse("#+ question: {en: 'Who?'}\\n#+ columns: {who: a person}\\nSELECT ?who { ?who ?p ?o }")
    >>> q.text("da"), list(q.columns)
    ('Who?', ['who'])
    """
    header = Header.read(text, path or name)
    parameters = header.parameters()
    header.check_places(parameters, {m["name"]: m.start("name") for m in PARAMETER.finditer(text)})
    heads = header.heads()
    variables = {word.text[1:] for word in Query(text).words if word.kind == "variable"}
    marks = header.names("marks", variables, "variable of the query")
    sides = header.names("sides", heads, "column")
    finding = header.names("finding", heads, "column")
    if header.faults:
        raise DefinitionError.all(header.faults)
    texts = header.texts("question", bare="en")
    columns = {name: said.get("en", name) for name, said in heads.items()}
    return Question(
        name,
        text,
        path or name,
        texts,
        columns,
        parameters,
        header.text("expected"),
        header.text("fix") or "",
        marks,
        sides,
        "".join(finding[:1]),
        heads,
    )


def ask(
    question: Question,
    store: Store,
    names: Names | None = None,
    values: Mapping[str, str] | None = None,
    joins: Joins | None = None,
) -> Answer:
    """The answer of `store` to `question`.

    The default graph is the union of all named graphs, unless the query says FROM. `joins`: how its patterns
    are best joined in this very store (`joins_of`).

    :raises DefinitionError: if the query does not parse, would reach out to another server,
        or gives other columns than it says.
    """
    sparql = question.bind(values or {}, names or Names())
    path = question.path or question.name
    query, ordering = _understood(sparql, path)
    union = not query.names_graphs

    def put(text: str) -> Answer:
        return _taken(store.query(text, use_default_graph_as_union=union), question, ordering)

    try:
        answer = interruptible(lambda: put(joins.rewrite(ordering.text) if joins else ordering.text))
    except (SyntaxError, ValueError) as exc:
        raise query.ill_formed(exc) from exc
    except RuntimeError as exc:  # a function that the engine does not have
        raise DefinitionError.at(query.place_of(str(exc)), f"cannot be answered: {exc}", _PLAIN) from exc
    except OSError as exc:
        raise DefinitionError.at(Place(path), f"cannot be answered: {exc}", _PLAIN) from exc
    return _checked(answer, question)


@lru_cache(maxsize=500)
def _understood(sparql: str, path: str) -> tuple[Query, Ordering]:
    """A query that may be asked, and its order: to read its words takes as long as many an answer.

    :raises DefinitionError: if it must not reach an engine.
    """
    query = Query(sparql, path)
    query.guard()
    return query, Ordering.of(query)


LARGE = 100_000
"""From how many statements on it pays to plan how patterns are joined."""


def joins_of(store: Store, statements: int) -> Joins | None:
    """How queries of a store of so many statements are joined; None where that is as well left to it.

    What is counted for one query serves the next: keep it as long as the store, which must not change.
    """
    if statements < LARGE:
        return None
    from kg.joins import Joins

    return Joins(store)


_PLAIN = "ask it with what SPARQL 1.1 has"


def _said(texts: Mapping[str, str], lang: str, name: str) -> str:
    """The text nearest to `lang`; the `name` stands for one in English."""
    return pick({"en": name} | {tag: text for tag, text in texts.items() if text}, lang)


def check_cases(question: Question, values: Mapping[str, str], cases: Collection[str]) -> None:
    """Refuse a parameter that names a case which there is not: the answer would only be empty.

    :raises UsageError: with the nearest id, or all that there are.
    """
    for name, value in values.items():
        if question.parameters[name] == "case" and value not in cases:
            fix = suggestion(value, cases, 0.5) or f"there are: {', '.join(cases)}"
            raise UsageError.at(None, f"{name}: there is no case “{value}”", fix)


def answer_of(result: QuerySolutions | QueryTriples | QueryBoolean, question: Question) -> Answer:
    """The answer that an engine has given to `question`.

    :raises DefinitionError: if it has other columns than the question says.
    """
    return _checked(_taken(result, question, Ordering("")), question)


def _taken(
    result: QuerySolutions | QueryTriples | QueryBoolean, question: Question, ordering: Ordering
) -> Answer:
    """What the engine gives, in order, without rows where it has other columns than the question says.

    Nothing is raised here: an exception would carry the engine's rows into another thread, where they
    cannot be let go.
    """
    if isinstance(result, QueryBoolean):
        return Answer(boolean=bool(result))
    if isinstance(result, QueryTriples):
        return Answer(triples=tuple(sorted(result, key=str)))
    columns = tuple(v.value for v in result.variables)
    if question.columns and tuple(question.columns) != columns:
        return Answer(columns)
    return Answer(columns, ordering.rows([tuple(solution) for solution in result], columns))


def _checked(answer: Answer, question: Question) -> Answer:
    rows = answer.triples is None and answer.boolean is None
    if rows and question.columns and tuple(question.columns) != answer.columns:
        what = (
            f"the header names the columns {list(question.columns)}, the query gives {list(answer.columns)}"
        )
        raise DefinitionError.at(Place(question.path), what, "make them the same")
    return answer


def _term(value: str, type: str, name: str, names: Names) -> str:
    if type == "string":
        return str(Literal(value))
    if type == "case":
        if not is_key(value):
            raise UsageError.at(
                None,
                f"{name}: “{value}” is no id of a case",
                "write small letters, digits, and single hyphens between them",
            )
        return str(names.case(value))
    if type == "integer":
        if not re.fullmatch(r"[+-]?\d{1,18}", value):
            raise UsageError.at(None, f"{name}: “{value}” is no whole number", "write digits only")
        return str(int(value))
    return str(Literal(_day(value, name), datatype=NamedNode(XSD + "date")))


def _day(value: str, name: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as exc:
        raise UsageError.at(None, f"{name}: “{value}” is no day", "write it as 2020-02-15") from exc


def labels(store: Store, iris: Sequence[NamedNode], lang: str) -> dict[NamedNode, str]:
    """What a person calls each of `iris`, in `lang` as far as it goes: a label, a title, or a summary."""
    order = nearest(lang)
    out: dict[NamedNode, str] = {}
    for iri in iris:
        found: list[tuple[int, int, str, str]] = []
        for rank, prop in enumerate(LABELS):
            for quad in store.quads_for_pattern(iri, prop, None):
                if isinstance(quad.object, Literal):
                    tag = quad.object.language or ""
                    near = order.index(tag) if tag in order else len(order)
                    found.append((rank, near, tag, quad.object.value))
        if found:
            out[iri] = min(found)[-1]
    return out


LABELS = tuple(
    NamedNode(iri)
    for iri in (
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://purl.org/dc/terms/title",
        "https://w3id.org/casegraph/ns#summary",
    )
)
