"""Where a case of a file of lines is written: its line is read again when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pyoxigraph import NamedNode

from kg.cases import FaultyError, Values, read_line
from kg.errors import InputError
from kg.places import Place, Places, Term

KEPT = 256
"""The lines of which the places are kept, for who asks for more in them."""


class Where:
    """The lines of one file by the ids of their cases, and what stands where in them."""

    def __init__(self, path: Path, values: Values) -> None:
        self._path, self._values = path, values
        self._base = values.names.case("").value
        self._starts: dict[str, tuple[int, int]] = {}
        self.places = lru_cache(maxsize=KEPT)(self._read)

    def add(self, id: str, number: int, start: int) -> None:
        """Note that the case `id` stands in the line `number`, which begins at the byte `start`."""
        self._starts[id] = (number, start)

    def look(self, node: Term, prop: Term | None, value: Term | None) -> Iterable[Place]:
        """Where just this is written, for `Places.add_file`."""
        if not isinstance(node, NamedNode) or not node.value.startswith(self._base):
            return ()
        id = node.value.removeprefix(self._base).partition("/")[0]
        return self.places(id).at(node, prop, value) if id in self._starts else ()

    def line(self, start: int) -> bytes:
        """The line that begins at the byte `start`."""
        with self._path.open("rb") as file:
            file.seek(start)
            return file.readline()

    def _read(self, id: str) -> Places:
        number, start = self._starts[id]
        try:
            return read_line(self.line(start), self._path, number, self._values).places
        except FaultyError as exc:
            return exc.document.places
        except (InputError, OSError):  # the file is another one by now
            return Places()


def nowhere(_node: Term, _prop: Term | None, _value: Term | None) -> Iterable[Place]:
    """Tells no place: stands for a file that is known, and that another asks for."""
    return ()
