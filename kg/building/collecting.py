"""Everything that is asserted in a workspace: what cases share first, then case by case."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from hashlib import blake2b
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from kg import cases, formats, reference
from kg.building.lines import Chunk, Line, Meter, chunks, unseen
from kg.building.reading import Asserted, once_a_file, read_shared, shared_nodes
from kg.building.where import Where
from kg.cases import Document, FaultyError, Values
from kg.errors import Fault, InputError
from kg.ontology import Ontology
from kg.workspace import Workspace


def read(
    workspace: Workspace,
    onto: Ontology,
    files: Collection[Path] | None = None,
    meter: Meter = unseen,
    folder: Path | None = None,
) -> Asserted:
    """Everything asserted in the workspace; with `files`, those as the only case files.

    Faults are collected, not raised: what can be read is read. Whether what is referred to
    exists is asked only where all that could describe it has been read. `meter` is told how many
    bytes of files of lines have been read, as they are; what these say is put down in `folder`, or where
    the system has room for such files.
    """
    collecting = Collecting(read_shared(workspace, onto, folder), workspace, onto, meter)
    for path in workspace.cases() if files is None else files:
        collecting.take(path)
    collecting.close()
    return collecting.out


class Collecting:
    """Takes in case files, one after the other; `out` is what comes of it."""

    def __init__(self, shared: Asserted, workspace: Workspace, onto: Ontology, meter: Meter) -> None:
        self.out = shared
        self._workspace, self._onto, self._meter = workspace, onto, meter
        known = shared_nodes(shared)
        self._values = Values(onto, workspace.names, frozenset(workspace.languages), known)
        self._complete = known is not None
        self._described = frozenset(str(quad.subject) for quad in shared.quads)
        self._doubtful = list(shared.quads)

    def close(self) -> None:
        """Find fault with references that lead nowhere, once all is read."""
        if self._complete:
            found = reference.dangling(self._doubtful, self.out.places, self._workspace.names)
            self.out.faults += once_a_file(found)

    def take(self, path: Path) -> None:
        """Take in the case in the file `path`, or the many of a file of lines."""
        try:
            if path.suffix == ".jsonl":
                self._lines(path)
            else:
                self._file(path)
        except InputError as exc:
            self.out.spoilt(exc)

    def _file(self, path: Path) -> None:
        values = self._values
        self._case(
            path,
            lambda: sign(path),
            lambda: cases.read(
                path, self._onto, values.names, values.known, languages=self._workspace.languages
            ),
        )

    def _case(self, path: Path, digest: Callable[[], str], reader: Callable[[], Document]) -> None:
        """Take in a case, unless there is one of its id already.

        :raises InputError: if nothing of it can be read.
        """
        try:
            document = reader()
        except FaultyError as exc:
            self.out.faults += exc.faults
            document = exc.document
        if document.id in self.out.cases:
            self._second(document)
            return
        self.out.cases[document.id] = path
        self.out.documents[digest()] = document.id
        self.out.add(document)
        self._doubtful += document.quads

    def _second(self, document: Document) -> None:
        """Find fault with a case that has the id of another."""
        root = self._workspace.names.case(document.id)
        here, other = (next(iter(p.find(root)), None) for p in (document.places, self.out.places))
        what = f"two cases with the id “{document.id}”"
        self.out.faults.append(Fault(here, what, f"the other is {other}; give this one an id of its own"))

    # --- files of lines

    def _lines(self, path: Path) -> None:
        """Take in the cases of a file of lines; where some are broken, the others are read.

        :raises InputError: if there are none.
        """
        where, first, read, broken = Where(path, self._values), 1, 0, False
        self.out.places.add_file(str(path), where.look)
        for chunk in chunks(path, self._workspace, self._values, self._described):
            again: set[str] = set()
            for line in chunk.lines:
                try:
                    self._line(path, where, line, first + line.number, again)
                    read += 1
                except InputError as exc:
                    self.out.faults += exc.faults
                    broken = True
            self._keep(chunk, again)
            first += chunk.count
            self._meter(chunk.size)
        if not read and not broken:
            raise cases.nothing(path)
        self.out.lost |= broken
        self.out.unread |= not read

    def _line(self, path: Path, where: Where, line: Line, number: int, again: set[str]) -> None:
        """Take in a line that could be read in haste, and read others exactly; `again`: ids met before."""
        if not line.id or line.id in self.out.cases:
            again |= {line.id} & self.out.cases.keys()
            reader = partial(cases.read_line, where.line(line.start), path, number, self._values)
            self._case(path, lambda: line.digest, reader)
            return
        self.out.cases[line.id] = path
        self.out.documents[line.digest] = line.id
        where.add(line.id, number, line.start)
        if line.doubtful:
            self._doubtful += parse(line.doubtful, RdfFormat.N_QUADS)

    def _keep(self, chunk: Chunk, again: Collection[str]) -> None:
        """Put down what a chunk says, but for what cases say whose id another has."""
        names, quads = self._workspace.names, chunk.quads
        if again:
            ends = tuple(f" {names.graph(f'case/{id}')} .\n".encode() for id in again)
            quads = b"".join(line for line in quads.splitlines(keepends=True) if not line.endswith(ends))
        ids = {line.id for line in chunk.lines if line.id}.difference(again)
        terms = map(NamedNode, chunk.terms)
        self.out.quads.take(quads, (names.graph(f"case/{id}") for id in ids), terms)


def sign(path: Path) -> str:
    """The digest of a file that holds one case; its name is the id of the case, and so is part of it."""
    return blake2b(path.name.encode() + b"\0" + formats.read_bytes(path), digest_size=12).hexdigest()
