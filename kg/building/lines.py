"""Files of JSON Lines, read in chunks by processes side by side, with bounded memory.

A chunk is what begins between two bytes of a file, so that nobody has to look for its lines
first. A process that dies takes its chunk with it, and that is told.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from kg import formats
from kg.cases import Swift, Values
from kg.errors import Fault, InputError, ShortageError
from kg.ontology import Ontology
from kg.places import Place
from kg.processes.beside import Helper
from kg.workspace import Workspace

CHUNK = 1_000_000
"""The bytes of a chunk, which become twenty times as many of statements; a process works on one at a time."""

Meter = Callable[[int], None]
"""Is told how many bytes more have been read."""

WORTHWHILE = 8_000_000
"""The bytes below which starting processes takes longer than reading."""


def unseen(_bytes: int) -> None:
    """Nobody watches what has been read."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its number in the chunk, where it begins in the file, its digest, and the id of its case.

    There is none where the exact reader has to look at it. `doubtful` is what it says, as N-Quads, if it
    uses a shared node or source that is not described.
    """

    number: int
    start: int
    digest: str
    id: str = ""
    doubtful: bytes = b""


@dataclass(frozen=True, slots=True)
class Chunk:
    """The lines that begin in a part of a file of `size` bytes, but for empty ones; `count` is with those.

    `quads` is what is said by the lines that have an id: sorted lines of N-Quads, each once; `terms` the
    properties and classes that they use.
    """

    size: int
    lines: list[Line]
    count: int
    quads: bytes = b""
    terms: frozenset[str] = frozenset()


def digest(line: bytes) -> str:
    """What tells lines apart: 24 hexadecimal digits.

    >>> digest(b'{"id": "a"}') == digest(b'{"id": "a"}\\n')
    True
    """
    return blake2b(line.rstrip(), digest_size=12).hexdigest()


def read_chunk(path: Path, start: int, end: int, swift: Swift, described: Collection[str] = ()) -> Chunk:
    """What the lines say that begin from `start` to before `end`; `described` are shared nodes and sources.

    :raises InputError: if the file cannot be read.
    """
    found: list[Line] = []
    quads: list[str] = []
    terms, ids, count = set[str](), set[str](), 0
    for at, line in _lines(path, start, end):
        count += 1
        if not line.strip():
            continue
        plain, number, sign = swift.read(line), count - 1, digest(line)
        if plain is None or plain.id in ids:
            found.append(Line(number, at, sign))
            continue
        ids.add(plain.id)
        quads += plain.lines
        terms |= plain.terms
        sure = all(node in described for node in plain.uses)
        found.append(Line(number, at, sign, plain.id, b"" if sure else "".join(plain.lines).encode()))
    return Chunk(end - start, found, count, "".join(sorted(quads)).encode(), frozenset(terms))


def _lines(path: Path, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            at = start
            if start:
                file.seek(start - 1)
                at += len(file.readline()) - 1
            while at < end and (line := file.readline()):
                yield at, line
                at += len(line)
    except OSError as exc:
        formats.read_bytes(path)  # which says what is wrong
        raise InputError.at(Place(str(path)), f"the file cannot be read: {exc.strerror}") from exc


def chunks(
    path: Path, workspace: Workspace, values: Values, described: Collection[str] = ()
) -> Iterator[Chunk]:
    """The chunks of the file at `path`, in order; read by several processes if it is large.

    `described`: the shared nodes and sources that are.

    :raises InputError: if the file cannot be read.
    :raises ShortageError: if a process dies.
    """
    formats.check_kind(path)
    size = path.stat().st_size if path.is_file() else len(formats.read_bytes(path))
    ranges = [(path, start, min(start + CHUNK, size)) for start in range(0, size, CHUNK)]
    readers = min(max((os.cpu_count() or 1) - 1, 1), len(ranges))
    if size < WORTHWHILE or (os.cpu_count() or 1) < 2:
        swift = Swift(values)
        yield from (read_chunk(*each, swift, described) for each in ranges)
        return
    with ExitStack() as stack:
        team = [stack.enter_context(Helper("kg.building.lines:serve")) for _ in range(readers)]
        knows = (workspace, values.languages, values.known, described)
        yield from _shared_out(knows, ranges, team, path)


def _shared_out(
    knows: tuple[Any, ...], ranges: list[tuple[Path, int, int]], team: list[Helper], path: Path
) -> Iterator[Chunk]:
    """The chunks in order; each process has a job to begin with when it is done with one."""
    waiting, busy = deque(ranges), deque[Helper]()
    asked = team[0]
    try:
        for asked in team:
            _give(asked, knows)
        for asked in [*team, *team]:
            if waiting:
                _give(asked, waiting.popleft())
                busy.append(asked)
        while busy:
            asked = busy.popleft()
            yield _take(asked)
            if waiting:
                _give(asked, waiting.popleft())
                busy.append(asked)
    except (OSError, EOFError, pickle.UnpicklingError) as exc:
        raise ShortageError.at(None, asked.why(f"the process that read {path.name}")) from exc


def _give(helper: Helper, job: Any) -> None:
    pickle.dump(job, helper.stdin, pickle.HIGHEST_PROTOCOL)
    helper.stdin.flush()


def _take(helper: Helper) -> Chunk:
    found = pickle.load(helper.stdout)
    if isinstance(found, Chunk):
        return found
    raise InputError(*found)


def serve() -> None:
    """Read chunks for another process, as long as it asks for them."""
    import gc

    from kg.building.reading import ontology_of

    gc.disable()  # of what is made here nothing has cycles
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    workspace, languages, known, described = pickle.load(source)
    onto: Ontology = ontology_of(workspace)
    swift = Swift(Values(onto, workspace.names, languages, known))
    while (job := _next(source)) is not None:
        try:
            path, start, end = job
            found: Chunk | tuple[Fault, ...] = read_chunk(path, start, end, swift, described)
        except InputError as exc:
            found = exc.faults
        pickle.dump(found, sink, pickle.HIGHEST_PROTOCOL)
        sink.flush()


def _next(source: IO[bytes]) -> Any:
    try:
        return pickle.load(source)
    except EOFError:
        return None
