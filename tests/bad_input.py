"""The tables of bad input, `bad_input/*.yaml`: files that are wrong, what is run, and what has to be told."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from bees import SHOWN, Said

HERE = Path(__file__).parent / "bad_input"
TABLES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(HERE.glob("*.yaml"))}
DEFAULTS = {"definitions": "validate", "queries": "query {file}"}
SUMMARY = re.compile(
    r"\d+ errors?\b.* in \d+ files?|\d+ warnings? in \d+ files?|no findings\b.*|\d+ quotes found .*"
)


@dataclass(frozen=True)
class Row:
    """One bad input: what is wrong, the file, the command, the exit code, and the lines of errors."""

    table: str
    item: str
    file: str
    command: str
    code: int
    said: tuple[str, ...]
    made: dict[str, Any]

    def content(self, port: int) -> bytes:
        """The bytes of the file."""
        if "hex" in self.made:
            return bytes.fromhex(self.made["hex"])
        text = str(self.made["text"]) if "text" in self.made else _repeated(**self.made["repeat"])
        return text.replace("{port}", str(port)).encode(self.made.get("encoding", "utf-8"))

    @property
    def keeps_the_graph_from_being_built(self) -> bool:
        """Whether the file belongs to the graph, and does not read or has faults."""
        return bool(self.file) and self.table != "queries" and any("[input]" in line for line in self.said)


def _repeated(
    body: str, times: int, before: str = "", middle: str = "", close: str = "", after: str = ""
) -> str:
    return before + body * times + middle + close * times + after


def rows() -> list[Row]:
    """All rows of all tables."""
    return [_row(name, said) for name, table in TABLES.items() for said in table]


def _row(table: str, said: dict[str, Any]) -> Row:
    file = said.get("file", "")
    command = said.get("run") or DEFAULTS.get(table, "validate {file}").format(file=file)
    made = {key: said[key] for key in ("text", "hex", "repeat", "encoding") if key in said}
    return Row(table, said["item"], file, command, said.get("code", -1), tuple(said.get("said", ())), made)


def errors(said: Said) -> list[str]:
    """The lines of errors that a command printed, without the lines of files that it shows with them."""
    lines = [line for line in (said.out + said.err).splitlines() if line and not SHOWN.match(line)]
    return [line for line in lines if " warning " not in line and not SUMMARY.fullmatch(line)]


def state(folder: Path) -> dict[str, bytes]:
    """What a build holds: the bytes of its files, but for the log that every opening adds to.

    Left out too is the note of when the files were last compared, which any command may renew.
    """
    notes = ("LOG", "seen")
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(notes))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@dataclass
class Listener:
    """A server on the loopback that nobody is to call; `calls` counts those that do."""

    port: int
    calls: list[str] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener, as long as the block goes on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server.getsockname()[1])

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                listener.calls.append("called")
                connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
