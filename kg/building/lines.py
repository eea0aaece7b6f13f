"""Files of JSON Lines, read in chunks by processes side by side, with bounded memory.

A chunk is what begins between two bytes of a file, so that nobody has to look for its lines
first. Processes are started as `python -c`, which runs nothing of whoever calls: `kg` works so
from any script. One that dies takes its chunk with it, and that is told.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from kg import formats
from kg.cases import Swift, Values
from kg.errors import Fault, InputError
from kg.ontology import Ontology
from kg.places import Place
from kg.workspace import Workspace

CHUNK = 2_000_000
"""The bytes of a chunk; a process works on one at a time."""

Meter = Callable[[int], None]
"""Is told how many bytes more have been read."""

WORTHWHILE = 8_000_000
"""The bytes below which starting processes takes longer than reading."""


def unseen(_bytes: int) -> None:
    """Nobody watches what has been read."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its number in the chunk, where it begins in the file, its digest, and what it says.

    `quads` are N-Quads, and `uses` the shared nodes and sources in them; both are None where the exact
    reader has to look at it.
    """

    number: int
    start: int
    digest: str
    id: str = ""
    quads: bytes | None = None
    uses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chunk:
    """The lines that begin in a part of a file of `size` bytes, but for empty ones; `count` is with those."""

    size: int
    lines: list[Line]
    count: int


def digest(line: bytes) -> str:
    """What tells lines apart: 24 hexadecimal digits.

    >>> digest(b'{"id": "a"}') == digest(b'{"id": "a"}\\n')
    True
    """
    return blake2b(line.rstrip(), digest_size=12).hexdigest()


def read_chunk(path: Path, start: int, end: int, swift: Swift) -> Chunk:
    """What the lines say that begin from `start` to before `end`.

    :raises InputError: if the file cannot be read.
    """
    found, count = [], 0
    for at, line in _lines(path, start, end):
        count += 1
        if line.strip():
            plain = swift.read(line)
            number, sign = count - 1, digest(line)
            if plain is None:
                found.append(Line(number, at, sign))
            else:
                found.append(Line(number, at, sign, plain.id, "".join(plain.lines).encode(), plain.uses))
    return Chunk(end - start, found, count)


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


def chunks(path: Path, workspace: Workspace, values: Values) -> Iterator[Chunk]:
    """The chunks of the file at `path`, in order; read by several processes if it is large.

    :raises InputError: if the file cannot be read, or a process dies.
    """
    size = path.stat().st_size if path.is_file() else len(formats.read_bytes(path))
    ranges = [(path, start, min(start + CHUNK, size)) for start in range(0, size, CHUNK)]
    readers = min(max((os.cpu_count() or 1) - 1, 1), len(ranges))
    if size < WORTHWHILE or (os.cpu_count() or 1) < 2:
        swift = Swift(values)
        yield from (read_chunk(*each, swift) for each in ranges)
        return
    with ExitStack() as stack:
        team = [stack.enter_context(_reader(workspace, values)) for _ in range(readers)]
        yield from _shared_out(ranges, team, path)


def _shared_out(
    ranges: list[tuple[Path, int, int]], team: list[subprocess.Popen[bytes]], path: Path
) -> Iterator[Chunk]:
    """The chunks in order; each process has a job to begin with when it is done with one."""
    waiting, busy = deque(ranges), deque[subprocess.Popen[bytes]]()
    try:
        for process in [*team, *team]:
            if waiting:
                _give(process, waiting.popleft())
                busy.append(process)
        while busy:
            process = busy.popleft()
            yield _take(process)
            if waiting:
                _give(process, waiting.popleft())
                busy.append(process)
    except (OSError, EOFError, pickle.UnpicklingError) as exc:
        what = "a process that read the file has ended before it was done: is memory short?"
        raise InputError.at(Place(str(path)), what, "the last good build is kept") from exc


def _give(process: subprocess.Popen[bytes], job: Any) -> None:
    assert process.stdin
    pickle.dump(job, process.stdin, pickle.HIGHEST_PROTOCOL)
    process.stdin.flush()


def _take(process: subprocess.Popen[bytes]) -> Chunk:
    assert process.stdout
    found = pickle.load(process.stdout)
    if isinstance(found, Chunk):
        return found
    raise InputError(*found)


@contextmanager
def _reader(workspace: Workspace, values: Values) -> Iterator[subprocess.Popen[bytes]]:
    """A process that reads chunks, which it is given and gives through its pipes."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from kg.building.lines import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    try:
        _give(process, (workspace, values.languages, values.known))
        yield process
    finally:
        process.kill()
        process.communicate()


def serve() -> None:
    """Read chunks for another process, as long as it asks for them."""
    import signal

    from kg.building.reading import ontology_of

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    workspace, languages, known = pickle.load(source)
    onto: Ontology = ontology_of(workspace)
    swift = Swift(Values(onto, workspace.names, languages, known))
    while (job := _next(source)) is not None:
        try:
            path, start, end = job
            found: Chunk | tuple[Fault, ...] = read_chunk(path, start, end, swift)
        except InputError as exc:
            found = exc.faults
        pickle.dump(found, sink, pickle.HIGHEST_PROTOCOL)
        sink.flush()


def _next(source: IO[bytes]) -> Any:
    try:
        return pickle.load(source)
    except EOFError:
        return None
