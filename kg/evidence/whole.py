"""All quotes of a workspace, or of some of its case files: held against texts and lock, and told."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Quad

from kg import build, cases, sources
from kg.cases.compose import Items, Map, Node, Scalar, compose
from kg.errors import Fault, InputError
from kg.evidence import cues
from kg.evidence.checking import Checked, blind, check
from kg.evidence.lock import Lock
from kg.evidence.reach import Ground, flags
from kg.evidence.remarks import Remark
from kg.evidence.written import Quote, quotes, stated, stated_in
from kg.names import DCTERMS
from kg.places import Place, Places
from kg.sources import Described, Text
from kg.workspace import Workspace

AUTHORED = (".yaml", ".yml", ".jsonl")
"""The suffixes of the case files in which quotes are written by hand; the others are RDF."""

TELLING = 3
"""How many quotes of three words or more show which text a file was before it was shortened."""

SHORTER = {
    "en": ", shorter by {} characters", "da": ", {} tegn kortere",
    "nb": ", {} tegn kortere", "sv": ", {} tecken kortare",
}  # fmt: skip


@dataclass(frozen=True)
class File:
    """A case file, its text, what came of checking its quotes, and what was flagged."""

    path: Path
    text: str
    checked: Checked
    flags: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Examined:
    """What came of holding the quotes of case files against their sources.

    `written`: the number of quotes whose places have been written into the files. `texts`: those
    that were at hand. `described`: what the descriptions of the sources say of their texts. `strangers`: the
    files beside the texts that are the text of no source.
    """

    workspace: Workspace
    files: tuple[File, ...]
    texts: Mapping[str, Text]
    described: Mapping[str, Described]
    written: int = 0
    strangers: tuple[str, ...] = ()

    @property
    def lock(self) -> Path:
        """Where the lock is kept."""
        return lock_of(self.workspace)

    def covered(self) -> list[Quote]:
        """The quotes whose texts are not at hand and that the lock answers for."""
        lock = Lock.read(self.lock)
        return [q for q in self._unchecked() if lock.knows(q, self._digest(q.source))]

    def remarks(self) -> list[Remark]:
        """What is to be looked at, but for what a comma has cut off, in no order."""
        found = [remark for file in self.files for remark in (*file.checked.remarks, *file.flags)]
        found += [each.remark() for file in self.files for each in file.checked.moved]
        covered = self.covered()
        for quote in self._unchecked():
            if quote not in covered:
                unchecked = Remark(quote.place, "unchecked", {"source": quote.source or ""})
                found.append(blind(quote) or unchecked)
        return [*found, *self._changed(), *self._unlocked()]

    def findings(self) -> list[Fault]:
        """What is to be looked at, by file and line."""
        strays = [fault for file in self.files for fault in file.checked.strays]
        found = [*strays, *(remark.fault() for remark in self.remarks())]
        return sorted(found, key=lambda fault: fault.place or Place(""))

    def told(self) -> str:
        """What came of it, in a line."""
        count = sum(len(file.checked.found) for file in self.files)
        moved = sum(len(file.checked.moved) for file in self.files)
        did = f"; {self.written} written" if self.written else ""
        did += f"; {moved} to be written with --fix" if moved else ""
        covered, rest = self.covered(), len(self.findings()) - moved
        when = Lock.read(self.lock).only(covered).when()
        by = "by the lock" + (f" ({when})" if when else "")
        found = f"{count} quote{'' if count == 1 else 's'} found in their sources{did}"
        others = f"; of no source: {', '.join(self.strangers)}" if self.strangers else ""
        return f"{found}; {len(covered)} covered {by}; {rest} to be looked at{others}"

    def _digest(self, source: str | None) -> str | None:
        described = self.described.get(source or "")
        return described.sha256 if described else None

    def _unchecked(self) -> list[Quote]:
        return [quote for file in self.files for quote in file.checked.unchecked]

    def _changed(self) -> Iterator[Remark]:
        """The descriptions of texts that have become others, and what became of their quotes."""
        paths = {path.stem: path for path in self.workspace.source_descriptions()}
        for name, text in self.texts.items():
            said = self.described[name]
            if said.sha256 in (None, text.sha256):
                continue
            found = [each for f in self.files for each in f.checked.found if each.quote.source == name]
            told = [r.said for f in self.files for r in f.checked.remarks if r.fills.get("source") == name]
            stand = sum(not each.moved for each in found)
            moved = len(found) - stand + told.count("selector")
            gone = len(told) - told.count("selector")
            less = (said.length or 0) - len(text.text)
            shorter = {lang: words.format(less) if less > 0 else "" for lang, words in SHORTER.items()}
            place = Place(self.workspace.relative(paths[name]))
            counts = {"stand": stand, "moved": moved, "gone": gone}
            yield Remark(place, "changed", {**counts, "sha256": text.sha256, "shorter": shorter})

    def _unlocked(self) -> list[Remark]:
        """That the lock is behind, so that it would be so only where the texts are at hand."""
        lock, own = Lock.read(self.lock), {path.resolve() for path in self.workspace.cases()}
        missing = [
            each
            for file in self.files
            if file.path.resolve() in own
            for each in file.checked.found
            if not lock.knows(
                replace(each.quote, span=each.span, words=each.words),
                self.texts[each.quote.source or ""].sha256,
            )
        ]
        if not missing or any(file.checked.moved for file in self.files):
            return []  # what is to be written with --fix brings the lock too
        return [Remark(Place(self.workspace.relative(self.lock)), "unlocked", {"count": len(missing)})]


def examine(
    workspace: Workspace,
    files: Collection[Path] = (),
    folder: Path | None = None,
    *,
    lenient: bool = False,
    told: Collection[Place] = (),
) -> Examined:
    """Hold the quotes of `files`, or of all case files, against the texts in `folder`, or the workspace's.

    `lenient`: files that cannot be read are passed over, for those who have told of them already; so are
    quotes with which something is wrong at a place that was `told`.

    :raises InputError: for all files that cannot be read, or if there is no case file, or no `folder`.
    """
    described = {each.name: each for each in descriptions(workspace.source_descriptions())}
    texts = sources.library(folder or at_hand(workspace), described.values())
    paths = build.case_files(workspace, files)
    texts |= _by_quotes(workspace, paths, folder or at_hand(workspace), described, texts)
    ground = ground_of(workspace, texts)
    checked: list[File] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            checked.append(file_of(workspace, path, ground, told))
        except InputError as exc:
            faults += exc.faults
    if faults and not lenient:
        raise InputError.all(faults)
    strangers = tuple(sources.unclaimed(folder, texts)) if folder else ()
    return Examined(workspace, tuple(checked), texts, described, strangers=strangers)


def _by_quotes(
    workspace: Workspace,
    paths: Iterable[Path],
    folder: Path | None,
    described: Mapping[str, Described],
    texts: Mapping[str, Text],
) -> dict[str, Text]:
    """The texts of sources that have neither their digest nor their name, but their quotes: most, or a few.

    A text that has changed, in a file of whatever name, would else be taken for one that is not there.
    """
    missing = [each for name, each in described.items() if each.sha256 and name not in texts]
    spare = [*sources.unclaimed(folder, texts).values()] if folder and missing else []
    if not spare:
        return {}
    words: dict[str, set[str]] = {each.name: set() for each in missing}
    for path in paths:
        with contextlib.suppress(InputError):
            for quote in _quotes(workspace, path)[1]:
                words.get(quote.source or "", set()).add(quote.words)
    found: dict[str, Text] = {}
    for each in missing:
        quoted = [{said for said in words[each.name] if said in text.text} for text in spare]
        best = max(quoted, key=len)
        if len(best) > len(words[each.name]) / 2 or sum(said.count(" ") > 1 for said in best) >= TELLING:
            text = spare[quoted.index(best)]
            found[each.name] = replace(text, spliced=each.spliced, language=each.language)
    return found


def file_of(workspace: Workspace, path: Path, ground: Ground, told: Collection[Place] = ()) -> File:
    """A case file with what came of checking it, but for quotes with which something `told` is wrong.

    :raises InputError: if it does not read, with all faults.
    """
    text, found = _quotes(workspace, path)
    if own := [place for place in told if place.path == workspace.relative(path)]:
        found = [quote for quote in found if not any(map(quote.holds, own))]
    checked = check(found, ground.texts, ground.lists)
    reached: list[Remark] = []
    if checked.found:
        for quads, places in _stated(workspace, path, text):
            reached += flags(quads, places, ground)
    return File(path, text, checked, tuple(reached))


def ground_of(workspace: Workspace, texts: Mapping[str, Text]) -> Ground:
    """What quotes of the workspace are judged by.

    :raises DefinitionError: if the ontology, or a list of words, is ill-formed.
    """
    onto = build.ontology_of(workspace)
    return Ground(texts, cues.load(workspace.words(), onto.graded_labels), onto.graded, workspace.names)


def without_texts(workspace: Workspace, quads: Iterable[Quad], places: Places) -> str:
    """What the lock says of the quotes in `quads`, in a line; empty without quotes."""
    lock = Lock.read(lock_of(workspace))
    if not lock.sources:
        return "no quote is checked: no text is at hand, and there is no data/evidence.lock"
    digests = dict(each[:2] for each in descriptions(workspace.source_descriptions()))
    found = stated_in(quads, places, workspace.names)
    open_ = [quote for quote in found if not lock.knows(quote, digests.get(quote.source or ""))]
    when = lock.when()
    told = f"{len(found) - len(open_)} quoted places covered by the lock" + (f" ({when})" if when else "")
    if not open_:
        return f"{told}; no text at hand" if found else ""
    spots = ", ".join(str(quote.place) for quote in open_[:3]) + (", …" if len(open_) > 3 else "")
    return f"{told}, {len(open_)} not covered: {spots}; no text at hand"


def lock_of(workspace: Workspace) -> Path:
    """Where the lock of a workspace is kept."""
    return workspace.root / "data" / "evidence.lock"


def descriptions(paths: Iterable[Path]) -> list[Described]:
    """What the descriptions of sources say of their texts, as far as they can be read."""
    found: list[Described] = []
    for path in paths:
        try:
            said = compose(sources.read(path).raw, str(path), [])
        except InputError:
            said = None
        pairs = said.pairs if isinstance(said, Map) else {}
        texts = {key: _texts(value) for key, (_, value) in pairs.items()}
        one = {key: next(iter(texts.get(key, ())), None) for key in ("sha256", "language", "length")}
        length = int(one["length"]) if one["length"] and one["length"].isdecimal() else None
        spliced = tuple(texts.get("alternative-text", ()))
        found.append(Described(path.stem, one["sha256"], one["language"], length, spliced))
    return found


def at_hand(workspace: Workspace) -> Path | None:
    """The workspace's folder of texts; whoever clones it need not have one."""
    return workspace.sources if workspace.sources and workspace.sources.is_dir() else None


def _texts(value: Node) -> list[str]:
    items = value.items if isinstance(value, Items) else [value]
    return [item.text for item in items if isinstance(item, Scalar) and item.text.strip()]


def _quotes(workspace: Workspace, path: Path) -> tuple[str, list[Quote]]:
    """The text of a case file, and its quotes.

    :raises InputError: if it does not read, with all faults.
    """
    onto, name = build.ontology_of(workspace), workspace.relative(path)
    if path.suffix not in AUTHORED:
        return "", stated(cases.read(path, onto, workspace.names), workspace.names)
    text = sources.read(path).raw
    if path.suffix != ".jsonl":
        faults: list[Fault] = []
        compose(text, name, faults)  # refuses what could not be walked: aliases, too many levels
        if faults:
            raise InputError.all(faults)
    return text, quotes(text, name, onto.context.keys(DCTERMS + "source"))


def _stated(workspace: Workspace, path: Path, text: str) -> Iterator[tuple[list[Quad], Places]]:
    """The quads of each case in a file, as far as it reads, and where they stand."""
    onto, names, name = build.ontology_of(workspace), workspace.names, workspace.relative(path)
    documents: Iterable[cases.Document | InputError]
    try:
        if path.suffix == ".jsonl":
            documents = cases.read_lines(path, onto, names, languages=workspace.languages)
        elif path.suffix in AUTHORED:
            documents = [cases.read_text(text, name, onto, names, languages=workspace.languages)]
        else:
            documents = [cases.read(path, onto, names)]
    except cases.FaultyError as error:
        documents = [error.document]
    except InputError:
        return
    for each in documents:
        document = each.document if isinstance(each, cases.FaultyError) else each
        if isinstance(document, cases.Document):
            yield document.quads, document.places
