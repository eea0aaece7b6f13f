"""Where a result goes: stdout, or a file."""

from __future__ import annotations

import sys
from pathlib import Path

from kg.errors import InputError
from kg.places import Place

STDOUT = Path("-")


def put(data: str | bytes, output: Path | None) -> None:
    """Write `data` to the file `output`, or to stdout if there is none (or it is `-`).

    :raises InputError: if the file cannot be written.
    """
    raw = data.encode() if isinstance(data, str) else data
    if output in (None, STDOUT):
        sys.stdout.buffer.write(raw)
        return
    try:
        output.write_bytes(raw)
    except OSError as exc:
        raise InputError.at(
            Place(str(output)), f"cannot be written: {exc.strerror}", "choose another file"
        ) from exc
