"""What is cited, and how: the dataset, a case, a source, or a row of an answer, as text, BibTeX and CSL-JSON.

A source is cited as far as it says: what it does not state (its date, who published it) is said to be not
stated, and a publisher that the coder inferred is marked so.

Sources: BibTeX, https://www.bibtex.org/Format/; CSL-JSON, https://docs.citationstyles.org/en/stable/
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Store

from kg import questions, rows
from kg.errors import UsageError
from kg.languages import nearest
from kg.meant import choices
from kg.names import CODE, DCTERMS, term
from kg.questions import Question
from kg.store import Built
from kg.workspace import Workspace

if TYPE_CHECKING:
    from kg.proofs import RowProof
    from kg.proofs.origins import Origins, Quote

TITLE, PUBLISHER = NamedNode(DCTERMS + "title"), NamedNode(DCTERMS + "publisher")
SOURCE = NamedNode(DCTERMS + "source")
INFERRED = NamedNode(CODE + "firmness/inferred")
DAY = re.compile(r"(-?\d{4})(?:-(0\d|1[0-2])(?:-(\d\d))?)?")
"""A year, a month or a day; of other EDTF only the year goes into BibTeX."""

NOT_STATED = "not stated"


@dataclass(frozen=True)
class Work:
    """One thing to be cited. `issued` is EDTF, or a day; None where it is not stated."""

    key: str
    kind: str
    title: str
    authors: tuple[str, ...] = ()
    publisher: str = ""
    issued: str | None = None
    version: str = ""
    licence: str = ""
    url: str = ""
    language: str = ""
    notes: tuple[str, ...] = ()

    @property
    def year(self) -> str:
        """The year that it begins with, if one is stated."""
        match = re.match(r"-?\d{4}", self.issued or "")
        return match[0] if match else ""


@dataclass(frozen=True)
class Citing:
    """Makes citations of what is in a graph."""

    workspace: Workspace
    store: Store
    lang: str = "en"

    def find(self, what: str | None) -> list[Work]:
        """The works that `what` means: the dataset if it is None, a case with its sources, or a source.

        :raises UsageError: if there is neither case nor source of that name.
        """
        if what is None:
            return [self.dataset()]
        names = self.workspace.names
        if self._one(names.case(what), TITLE) or self._all(names.case(what), SOURCE):
            return [self.case(what), *map(self.source, self._all(names.case(what), SOURCE))]
        if self._one(names.source(what), TITLE):
            return [self.source(names.source(what))]
        raise UsageError.at(None, f"there is no case or source “{what}”", choices(what, self._known()))

    def dataset(self, *notes: str) -> Work:
        """The dataset, by the settings of its workspace."""
        said = dict(self.workspace.dataset)
        authors = [self._label(NamedNode(iri)) for key in ("creator", "publisher") if (iri := said.get(key))]
        return Work(
            key=_key(said.get("title", self.workspace.root.name)), kind="dataset",
            title=said.get("title", self.workspace.root.name), authors=tuple(dict.fromkeys(authors)),
            version=said.get("version", ""), licence=said.get("license", ""),
            url=self.workspace.names.dataset().value, notes=notes,
        )  # fmt: skip

    def case(self, id: str) -> Work:
        """A case, as a part of the dataset: it is the work of who coded it."""
        node, whole = self.workspace.names.case(id), self.dataset()
        said = {name: self._text(node, term(name)) for name in ("codedBy", "codedOn", "codebook")}
        coded = " ".join(filter(None, ["coded", said["codedBy"] and f"by {said['codedBy']}"]))
        codebook = f", codebook {said['codebook']}" if said["codebook"] else ""
        return Work(
            key=f"case-{id}", kind="case", title=self._text(node, TITLE) or id, authors=whole.authors,
            issued=said["codedOn"] or None, version=whole.version, licence=whole.licence, url=node.value,
            notes=(f"Case in: {whole.title}", coded + codebook),
        )  # fmt: skip

    def source(self, node: NamedNode, *notes: str) -> Work:
        """A source, as far as it says of itself; other notes before what it does not state."""
        publisher = self._one(node, PUBLISHER)
        name = self._label(publisher) if isinstance(publisher, NamedNode) else ""
        name = name or self._text(node, term("publisherName"))
        issued = self._text(node, term("published")) or None
        if name and self._one(node, term("publisherFirmness")) == INFERRED:
            notes = (*notes, f"publisher {name} inferred, {NOT_STATED} in the text")
        missing = [
            what for what, there in (("publisher", name), ("date of publication", issued)) if not there
        ]
        if missing:
            notes = (*notes, f"{' and '.join(missing)} {NOT_STATED}")
        return Work(
            key=node.value.rpartition("/")[2], kind="source", title=self._text(node, TITLE) or node.value,
            publisher=name, issued=issued, version=self._text(node, term("version")),
            licence=self._text(node, term("licence")), url=node.value,
            language=self._text(node, term("language")), notes=notes,
        )  # fmt: skip

    def row(self, proof: RowProof, origins: Origins, key: str) -> list[Work]:
        """The dataset with the row, and each source with the words that the row rests on."""
        from kg.proofs import leaves

        quotes = {quote for leaf in leaves(proof.premises) for quote in origins.quotes(leaf)}
        found: dict[NamedNode, dict[str, None]] = {}
        for quote in sorted(quotes, key=lambda one: (str(one.source), one.span or (0, 0), one.words or "")):
            found.setdefault(quote.source, {}).update(dict.fromkeys(_words(quote)))
        note = f"question {proof.question.name}, row {key}"
        works = [self.source(node, *words) for node, words in found.items()]
        whole = self.dataset(note)
        return [replace(whole, key=f"{whole.key}-{key}"), *works]

    # --- reading the graph

    def _one(self, node: NamedNode, prop: NamedNode) -> object:
        return next((quad.object for quad in self.store.quads_for_pattern(node, prop, None, None)), None)

    def _all(self, node: NamedNode, prop: NamedNode) -> list[NamedNode]:
        found = {quad.object for quad in self.store.quads_for_pattern(node, prop, None, None)}
        return sorted((one for one in found if isinstance(one, NamedNode)), key=str)

    def _text(self, node: NamedNode, prop: NamedNode) -> str:
        """A text of a node, in its own language first: a title is cited as it stands."""
        own = self._one(node, term("language"))
        quads = self.store.quads_for_pattern(node, prop, None, None)
        found = [quad.object for quad in quads if isinstance(quad.object, Literal)]
        order = [*([own.value] if isinstance(own, Literal) else []), *nearest(self.lang)]
        found.sort(key=lambda one: (order.index(one.language) if one.language in order else 9, str(one)))
        return found[0].value if found else ""

    def _label(self, node: NamedNode) -> str:
        return questions.labels(self.store, [node], self.lang).get(node) or node.value

    def _known(self) -> list[str]:
        bases = (self.workspace.names.case("").value, self.workspace.names.source("").value)
        nodes = {quad.subject for quad in self.store.quads_for_pattern(None, TITLE, None, None)}
        iris = sorted(node.value for node in nodes if isinstance(node, NamedNode))
        found = [iri.removeprefix(base) for iri in iris for base in bases if iri.startswith(base)]
        return list(dict.fromkeys(name for name in found if "/" not in name))


def row(workspace: Workspace, built: Built, question: Question, key: str, lang: str = "en") -> list[Work]:
    """The dataset with a row of an answer, by its key or number, and each source with its words.

    :raises UsageError: if the answer has no such row.
    """
    from kg.proofs import leaves, prove_row
    from kg.proofs.session import Session

    session = Session(workspace, built, lang)
    answer = questions.ask(question, session.store, workspace.names)
    found = rows.find(question, answer, key)
    proof = prove_row(session.ground, question, found, question.bind({}, workspace.names))
    if proof is None:
        fix = f"ask again: kg query {question.name} --keys"
        raise UsageError.at(None, f"the row {key} of {question.name} has gone", fix)
    origins = session.origins(leaves(proof.premises))
    return Citing(workspace, session.store, lang).row(proof, origins, rows.key(question.name, found))


def _words(quote: Quote) -> list[str]:
    """The words of a quote with their place; nothing for a source as a whole."""
    if quote.words is None:
        return []
    at = f" (characters {quote.span[0]}–{quote.span[1]})" if quote.span else ""
    return [f"“{quote.words}”{at}"]


def _key(title: str) -> str:
    """What a title is called in a bibliography.

    >>> _key("Bees: a year of colonies")
    'bees'
    """
    return re.sub(r"[^a-z0-9]+", "-", title.partition(":")[0].lower()).strip("-") or "dataset"


def render(works: Sequence[Work], form: str = "text") -> str:
    """The works as `text`, `bibtex` or `csl-json`.

    :raises UsageError: if there is no such form.
    """
    if form not in FORMS:
        raise UsageError.at(None, f"no format “{form}” for citations", f"known: {', '.join(FORMS)}")
    return FORMS[form](works)


def _text(works: Iterable[Work]) -> str:
    return "".join(_line(work) + "\n" for work in works)


def _line(work: Work) -> str:
    authors = ", ".join(work.authors or filter(None, [work.publisher]))
    head = f"{authors} ({work.issued or 'n.d.'})" if authors else f"({work.issued or 'n.d.'})"
    if work.kind == "dataset" and not work.issued:
        head = authors
    parts = [
        head, work.title, work.version and f"version {work.version}", *work.notes,
        work.licence and f"licence {work.licence}", work.url,
    ]  # fmt: skip
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


SPECIAL = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip
"""What LaTeX would read as its own."""


def _bibtex(works: Iterable[Work]) -> str:
    return "\n".join(map(_entry, works))


def _entry(work: Work) -> str:
    fields = {
        "title": "{" + work.title.translate(SPECIAL) + "}",
        "author": " and ".join("{" + name.translate(SPECIAL) + "}" for name in work.authors),
        "publisher": work.publisher.translate(SPECIAL),
        "year": work.year,
        "version": work.version.translate(SPECIAL),
        "language": work.language,
        "url": work.url.replace("{", "%7B").replace("}", "%7D"),
        "note": "; ".join(work.notes + ((f"licence {work.licence}",) if work.licence else ())).translate(
            SPECIAL
        ),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{work.key},\n{lines}}}\n"


def _csl(works: Iterable[Work]) -> str:
    return json.dumps([_item(work) for work in works], ensure_ascii=False, indent=1) + "\n"


def _item(work: Work) -> dict[str, Any]:
    item = {
        "id": work.key,
        "type": "document" if work.kind == "source" else "dataset",
        "title": work.title,
        "author": [{"literal": name} for name in work.authors],
        "publisher": work.publisher,
        "issued": _issued(work.issued),
        "version": work.version,
        "language": work.language,
        "URL": work.url,
        "note": "; ".join((*work.notes, *([f"licence {work.licence}"] if work.licence else []))),
    }
    return {key: value for key, value in item.items() if value}


def _issued(edtf: str | None) -> dict[str, Any]:
    """The date as CSL has it: in parts where it is a year, a month or a day, else as it is written."""
    if not edtf:
        return {}
    if match := DAY.fullmatch(edtf):
        return {"date-parts": [[int(part) for part in match.groups() if part]]}
    return {"literal": edtf}


FORMS: dict[str, Callable[[Sequence[Work]], str]] = {"text": _text, "bibtex": _bibtex, "csl-json": _csl}
