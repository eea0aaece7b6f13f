"""A file → documents: which kind it is of, what it is about, and where its quads stand."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad

from kg import formats
from kg.cases.compose import Map, Node, Scalar, compose
from kg.cases.values import Values, Wrong, key
from kg.cases.walk import TYPE, Gap, Walk
from kg.context import Kind
from kg.errors import Fault, InputError
from kg.formats.wording import JSON
from kg.names import Names, is_key
from kg.ontology import Ontology
from kg.places import Place, Places

YAML = (".yaml", ".yml")
RDF = (".ttl", ".trig", ".nt", ".nq", ".jsonld", ".rdf", ".owl")
SUFFIXES = (*YAML, ".jsonl", *RDF)
"""The suffixes of case files."""

CASE, SOURCE = "case", "source"
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_ESCAPE = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|.)")


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says: the id of its case or source, its quads, and where they are written.

    After faults (see `FaultyError`), `gaps` are the nodes and properties of which something could not be
    read, and `lost` is whether there are nodes of which not even the name could.
    """

    id: str
    quads: list[Quad] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    gaps: frozenset[Gap] = frozenset()
    lost: bool = False


class FaultyError(InputError):
    """A file that has been read, but for its faults; `document` is what it says without them."""

    def __init__(self, document: Document, faults: Iterable[Fault]) -> None:
        super().__init__(*InputError.all(dict.fromkeys(faults)).faults)
        self.document = document


def read(
    path: Path,
    ontology: Ontology,
    names: Names,
    known: Collection[str] | None = None,
    *,
    kind: str = CASE,
    languages: Collection[str] | None = None,
) -> Document:
    """The document in the file at `path`, YAML or RDF, whose name is its id.

    `known`: the IRIs of the shared entities that exist, if references are to be checked.
    `kind`: `case` or `source`. `languages`: those that texts may have, else those of the
    ontology's labels.

    :raises InputError: with all faults of the file.
    :raises FaultyError: likewise, where the file can be read but for its faults.
    """
    if path.suffix in RDF and kind == CASE:
        return _rdf(path, ontology, names)
    if path.suffix not in YAML:
        if not path.is_file():
            formats.read_bytes(path)  # which says what it is
        raise InputError.at(Place(str(path)), *_bad_suffix(path, kind))
    text = formats.decode(formats.read_bytes(path), str(path))
    reader = _Reader(_values(ontology, names, known, languages), kind, str(path), stem=path.stem)
    return reader.read(text)


def read_text(
    text: str,
    path: str,
    ontology: Ontology,
    names: Names,
    known: Collection[str] | None = None,
    *,
    kind: str = CASE,
    languages: Collection[str] | None = None,
    stem: str = "",
) -> Document:
    """The document in the YAML, or JSON, `text`; `path` is what its places say. As `read` otherwise.

    `stem`: what its id has to be, if it is to be the name of a file.
    """
    return _Reader(_values(ontology, names, known, languages), kind, path, stem).read(text)


def read_lines(
    path: Path,
    ontology: Ontology,
    names: Names,
    known: Collection[str] | None = None,
    *,
    kind: str = CASE,
    languages: Collection[str] | None = None,
) -> Iterator[Document | InputError]:
    """The documents of a JSON Lines file, one a line, each as it comes; for a faulty one its error.

    :raises InputError: if the file cannot be opened.
    """
    values = _values(ontology, names, known, languages)
    found = False
    for number, line in enumerate(io.BytesIO(formats.read_bytes(path)), 1):
        if line.strip():
            found = True
            try:
                yield read_line(line, path, number, values, kind=kind)
            except InputError as error:
                yield error
    if not found:
        yield nothing(path, kind)


def read_line(line: bytes, path: Path, number: int, values: Values, *, kind: str = CASE) -> Document:
    """The document in `line`, which is the one with `number` in a JSON Lines file.

    :raises InputError: with all its faults.
    :raises FaultyError: likewise, where it can be read but for its faults.
    """
    return _Reader(values, kind, str(path)).read(json_line(line, str(path), number), number)


def nothing(path: Path, kind: str = CASE) -> InputError:
    """What is said of a file of lines that holds none."""
    return InputError.at(Place(str(path), 1, 1), f"no {kind} in it", f"write a {kind} in each line")


def _bad_suffix(path: Path, kind: str) -> tuple[str, str]:
    if kind != CASE:
        return f"the suffix is not that of a description of a {kind}", f"use one of {', '.join(YAML)}"
    if path.suffix == ".jsonl":
        return "the file can hold many cases", "read it line by line"
    return "the suffix is not that of a case file", f"use one of {', '.join(SUFFIXES)}"


def _values(
    ontology: Ontology, names: Names, known: Collection[str] | None, languages: Collection[str] | None
) -> Values:
    return Values(ontology, names, frozenset(languages or ontology.languages), known)


def json_line(line: bytes, path: str, number: int) -> str:
    """The text of a line of JSON, in the form that YAML reads too: pairs of surrogates joined.

    :raises InputError: if it is no JSON.
    """
    try:
        text = formats.decode(line, path).rstrip()
        json.loads(text, parse_int=str)  # numbers of any length are told by what reads them
    except InputError as exc:
        moved = (
            Fault(Place(path, number, f.place.column if f.place else 0), f.what, f.fix) for f in exc.faults
        )
        raise InputError.all(moved) from exc
    except json.JSONDecodeError as exc:
        raise InputError.at(Place(path, number, exc.colno), f"this is no JSON: {exc.msg}", JSON) from exc
    except RecursionError as exc:
        raise InputError.at(Place(path, number), "too many brackets stand inside each other") from exc
    return _STRING.sub(_join, text) if "\\u" in text else text


def _join(string: re.Match[str]) -> str:
    """A JSON string with its pairs joined; spaces after it keep the columns of what follows."""
    return _ESCAPE.sub(_character, string[0]).ljust(len(string[0]))


def _character(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return escape[0]
    return chr(0x10000 + ((int(escape[1], 16) - 0xD800) << 10) + int(escape[2], 16) - 0xDC00)


class _Reader:
    """Reads documents of one kind out of one file."""

    def __init__(self, values: Values, kind: str, path: str, stem: str = "") -> None:
        self._values, self._kind, self._path, self._stem = values, kind, path, stem
        entries = values.ontology.context.entries
        self._key = next((key for key, entry in entries.items() if entry.kind is Kind.ID), "id")

    def read(self, text: str, line: int = 1) -> Document:
        """The document in `text`, which begins in line `line`.

        :raises InputError: with all its faults.
        """
        faults: list[Fault] = []
        body = compose(text, self._path, faults, line)
        if not isinstance(body, Map) or not body.pairs:
            raise InputError.all([*faults, self._nothing(body, line)])
        id = self._id(body, faults)
        walk = self._walk(body, id)
        document = Document(id.text, list(walk.quads), walk.places, frozenset(walk.gaps))
        if faults := [*faults, *walk.faults]:
            raise FaultyError(document, faults)
        return document

    def _nothing(self, body: Node | None, line: int) -> Fault:
        fix = f"begin with {self._key}: …"
        if body is None or (isinstance(body, Scalar) and body.empty) or isinstance(body, Map):
            return Fault(Place(self._path, line, 1), f"no {self._kind} in it", fix)
        return Fault(body.place, f"a {self._kind} is a map of keys and values", fix)

    def _id(self, body: Map, faults: list[Fault]) -> Scalar:
        """The id of the document; a stand-in after a fault, so that the rest is read too."""
        name, stand_in = self._key, self._stem if is_key(self._stem) else f"line-{body.place.line}"
        if name not in body.pairs:
            faults.append(
                Fault(body.place, f"the {self._kind} has no “{name}”", f"write {name}: {self._stem or '…'}")
            )
            return Scalar(stand_in, body.place)
        _, value = body.pairs[name]
        if isinstance(value, Scalar) and value.gone:
            return Scalar(stand_in, value.place)
        if not isinstance(value, Scalar) or value.empty:
            faults.append(
                Fault(value.place, f"“{name}” has to be a text", f"write {name}: {self._stem or '…'}")
            )
            return Scalar(stand_in, value.place)
        try:
            key(value.text)
        except Wrong as wrong:
            faults.append(Fault(value.place, wrong.what, wrong.fix))
            return Scalar(stand_in, value.place)
        if self._stem and value.text != self._stem:
            what = f"the id “{value.text}” is not the name of the file"
            faults.append(Fault(value.place, what, f"write {name}: {self._stem}, or rename the file"))
            return Scalar(stand_in, value.place)
        return value

    def _walk(self, body: Map, id: Scalar) -> Walk:
        names, ontology = self._values.names, self._values.ontology
        cls = ontology.root(self._kind)
        if cls is None:
            what = f"the ontology has no class whose files are of the kind “{self._kind}”"
            raise InputError.at(Place(self._path), what, "say cg:documentKind of a class")
        of_case = self._kind == CASE
        root = names.case(id.text) if of_case else names.source(id.text)
        graph = names.graph(f"case/{id.text}" if of_case else "reference")
        walk = Walk(self._values, root, graph, with_evidence=of_case)
        walk.document(body, cls, id.place)
        return walk


def _rdf(path: Path, ontology: Ontology, names: Names) -> Document:
    """The case that an RDF file describes, under the file's name, in the case's own graph."""
    place = Place(str(path))
    if not is_key(path.stem):
        raise InputError.at(place, f"the name “{path.stem}” cannot be the id of a case", "name it as a key")
    case = names.case(path.stem)
    read, places = formats.read_placed(path)
    quads = formats.regraph(read, names.graph(f"case/{path.stem}"))
    faults = list(_foreign(quads, case, places))
    types = {
        q.object.value
        for q in quads
        if q.subject == case and q.predicate == TYPE and isinstance(q.object, NamedNode)
    }
    root = ontology.root(CASE)
    if root and not any(ontology.is_subclass(each, root) for each in types):
        what = f"no case in it: nothing says that <{case.value}> is one"
        faults.append(
            Fault(
                place, what, f"give it the class <{root.value}>; RDF of another kind is checked with --shapes"
            )
        )
    if faults and not quads:
        raise InputError.all(faults)
    if not faults:
        return Document(path.stem, quads, places)
    kept = [quad for quad in quads if _is_below(case, quad)]
    lost = set(quads) - set(kept)
    gaps = frozenset((q.subject, q.predicate) for q in lost if isinstance(q.subject, NamedNode))
    raise FaultyError(Document(path.stem, kept, places, gaps), faults)


def _is_below(case: NamedNode, quad: Quad) -> bool:
    """Whether a quad is one that the graph of `case` may hold."""
    node = quad.subject
    return (
        isinstance(node, NamedNode)
        and not isinstance(quad.object, BlankNode)
        and (node == case or node.value.startswith(case.value + "/"))
    )


def _foreign(quads: list[Quad], case: NamedNode, places: Places) -> Iterator[Fault]:
    """What a case's graph may not hold: nodes without an IRI, and statements about others' nodes."""
    for place in formats.nameless(quads, places):
        yield Fault(place, "a node has no IRI", f"name it under <{case.value}/>")
    for node in {quad.subject: None for quad in quads if isinstance(quad.subject, NamedNode)}:
        if node != case and not node.value.startswith(case.value + "/"):
            fix = f"say only what is under <{case.value}>"
            yield Fault(places.find(node)[0], f"<{node.value}> is not a node of the case", fix)
