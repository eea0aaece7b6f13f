"""A question is a `.rq` file that describes itself; asked of a store, it gives an answer.

The file is plain SPARQL to any engine. Lines that begin with `#+` are YAML to us: the
question in several languages, its columns, its parameters, the file of expected rows.
A parameter `NAME` stands in the query as `VALUES ?NAME { … }`, with its default inside,
on a line of its own that ends in `# parameter`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
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

from kg.errors import DefinitionError, Fault, UsageError
from kg.names import XSD, Names, is_key
from kg.places import Place

Cell = NamedNode | BlankNode | Literal | Triple | None
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
HEADER = "#+"
PARAMETER = re.compile(
    r"^(?P<head>\s*VALUES\s+\?(?P<name>\w+)\s*)\{(?P<value>[^}]*)\}(?P<tail>\s*\.?\s*# parameter\s*)$", re.M
)
TOKENS = re.compile(
    r"#[^\n]*|<[^<>\"{}|^`\\\s]*>|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'",
    re.S,
)
TYPES = ("string", "date", "integer", "case")


@dataclass(frozen=True)
class Question:
    """A SPARQL query with what it says of itself.

    `texts`: language → the question. `columns`: variable → what it holds, in the order of
    the answer. `parameters`: name → type. `expected`: the file of the rows it is to give.
    `fix`: what to do about a row, where any row is a fault.
    """

    name: str
    sparql: str
    path: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    expected: str | None = None
    fix: str = ""

    def text(self, lang: str = "en") -> str:
        """The question in `lang`, else in English, else its name."""
        return (
            self.texts.get(lang)
            or self.texts.get("nb" if lang == "nn" else "en")
            or self.texts.get("en", self.name)
        )

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

    :raises DefinitionError: if its header is not YAML, or a parameter has no place in the query.
    """
    try:
        return parse(path.read_text(encoding="utf-8"), path.stem, str(path))
    except OSError as exc:
        raise UsageError.at(Place(str(path)), f"cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise DefinitionError.at(Place(str(path)), "is not UTF-8", "save it as UTF-8") from exc


def parse(text: str, name: str = "query", path: str = "") -> Question:
    """The question that `text` is.

    >>> q = parse("#+ question: {en: 'Who?'}\\n#+ columns: {who: a person}\\nSELECT ?who { ?who ?p ?o }")
    >>> q.text("da"), list(q.columns)
    ('Who?', ['who'])
    """
    lines = text.splitlines()
    header = "\n".join(
        line[len(HEADER) :].removeprefix(" ") if line.startswith(HEADER) else "" for line in lines
    )
    try:
        said: Any = yaml.load(header, LOADER) or {}
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        place = Place(path or name, mark.line + 1 if mark else 1, 1)
        raise DefinitionError.at(place, f"the header is not YAML: {getattr(exc, 'problem', exc)}") from exc
    if not isinstance(said, dict):
        raise DefinitionError.at(Place(path or name, 1), "the header is no map", "write “#+ question: …”")
    return _question(said, text, name, path or name)


def _question(said: dict[str, Any], text: str, name: str, path: str) -> Question:
    parameters = {
        k: v.get("type", "string") if isinstance(v, dict) else str(v)
        for k, v in (said.get("parameters") or {}).items()
    }
    places = {m["name"] for m in PARAMETER.finditer(text)}
    faults = [
        Fault(Place(path), f"parameter “{p}” has no line “VALUES ?{p} {{ … }} # parameter”")
        for p in parameters
        if p not in places
    ]
    faults += [
        Fault(Place(path), f"“VALUES ?{p}” is marked as a parameter that the header does not name")
        for p in sorted(places - set(parameters))
    ]
    faults += [
        Fault(Place(path), f"parameter “{p}” is of unknown type “{t}”", f"known: {', '.join(TYPES)}")
        for p, t in parameters.items()
        if t not in TYPES
    ]
    if faults:
        raise DefinitionError.all(faults)
    question = said.get("question") or {}
    texts = {"en": question} if isinstance(question, str) else dict(question)
    columns = dict(said.get("columns") or {})
    return Question(
        name, text, path, texts, columns, parameters, said.get("expected"), str(said.get("fix", ""))
    )


def ask(
    question: Question, store: Store, names: Names | None = None, values: Mapping[str, str] | None = None
) -> Answer:
    """The answer of `store` to `question`; the default graph is the union of all named graphs.

    :raises DefinitionError: if the query does not parse, would reach out to another server,
        or gives other columns than it says.
    """
    sparql = question.bind(values or {}, names or Names())
    path = question.path or question.name
    guard(sparql, path)
    try:
        return _answer(store.query(sparql, use_default_graph_as_union=True), question)
    except (SyntaxError, ValueError) as exc:
        raise _ill_formed(exc, sparql, path) from exc
    except OSError as exc:
        raise DefinitionError.at(Place(path), f"cannot be evaluated: {exc}") from exc


def check_cases(question: Question, values: Mapping[str, str], cases: Collection[str]) -> None:
    """Refuse a parameter that names a case which there is not: the answer would only be empty.

    :raises UsageError: with the nearest id, or all that there are.
    """
    for name, value in values.items():
        if question.parameters[name] == "case" and value not in cases:
            near = difflib.get_close_matches(value, list(cases), 1, 0.5)
            fix = f"did you mean “{near[0]}”?" if near else f"there are: {', '.join(cases)}"
            raise UsageError.at(None, f"{name}: there is no case “{value}”", fix)


def _answer(result: QuerySolutions | QueryTriples | QueryBoolean, question: Question) -> Answer:
    if isinstance(result, QueryBoolean):
        return Answer(boolean=bool(result))
    if isinstance(result, QueryTriples):
        return Answer(triples=tuple(sorted(result, key=str)))
    columns = tuple(v.value for v in result.variables)
    if question.columns and tuple(question.columns) != columns:
        raise DefinitionError.at(
            Place(question.path),
            f"the header names the columns {list(question.columns)}, the query gives {list(columns)}",
        )
    return Answer(columns, tuple(tuple(solution[c] for c in columns) for solution in result))


def guard(sparql: str, path: str) -> None:
    """Refuse a query that calls another server.

    :raises DefinitionError: if it has a SERVICE clause.
    """
    bare = TOKENS.sub(lambda m: " " * len(m[0]), sparql)
    if found := re.search(r"(?<![\w:?$-])SERVICE(?![\w:-])", bare, re.I):
        line = sparql.count("\n", 0, found.start()) + 1
        raise DefinitionError.at(
            Place(path, line),
            "calls another server with SERVICE; kg never reaches out to the network",
            "ask that server itself",
        )


def _ill_formed(exc: SyntaxError | ValueError, sparql: str, path: str) -> DefinitionError:
    line, column = getattr(exc, "lineno", None) or 0, getattr(exc, "offset", None) or 0
    what = str(getattr(exc, "msg", None) or exc)
    if not line and (found := re.search(r"error at (\d+):(\d+)", what)):
        line, column = int(found[1]), int(found[2])
    bare = TOKENS.sub(" ", sparql)
    if re.match(
        r"\s*(?:(?:PREFIX\s+\S*\s+|BASE\s+))*(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD)\b",
        bare,
        re.I,
    ):
        what, fix = "changes the graph; kg only asks", "write a SELECT, ASK, CONSTRUCT or DESCRIBE"
    elif found := re.search(r"[Pp]refix (?:not found|\S+ not)|undeclared prefix", what):
        what, fix = _undeclared(bare, what)
    else:
        fix = ""
    return DefinitionError.at(
        Place(path, line, column), f"does not parse as SPARQL: {what}" if not fix else what, fix
    )


def _undeclared(bare: str, what: str) -> tuple[str, str]:
    declared = set(re.findall(r"PREFIX\s+([\w.-]*):", bare, re.I))
    used = [p for p in re.findall(r"(?<![\w:?$<-])([A-Za-z][\w.-]*|):[\w%\\]", bare) if p not in declared]
    if not used:
        return f"does not parse as SPARQL: {what}", ""
    return f"the prefix “{used[0]}:” is not declared", f"add: PREFIX {used[0]}: <…>"


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
            raise UsageError.at(None, f"{name}: “{value}” is no whole number")
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
    order = [lang, *(["nb"] if lang == "nn" else []), "en"]
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
