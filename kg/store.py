"""The embedded Oxigraph store: written once by a build, then only read.

A build writes a folder of its own, and `current` is swapped to name it at the very end:
whoever reads goes on with the build that was there before, and a build that dies leaves it whole.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, Store

from kg.errors import InputError
from kg.places import Place

CURRENT = "current"


@dataclass(frozen=True)
class Built:
    """A finished build: its folder, and what it says of itself."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def store(self) -> Store:
        """The store, opened for reading only."""
        return Store.read_only(str(self.folder / "store"))

    @property
    def graph(self) -> Path:
        """All quads as they were parsed, as sorted N-Quads: the store itself rewrites literals."""
        return self.folder / "graph.nq"

    def quads(self) -> list[Quad]:
        """All quads as they were parsed."""
        from pyoxigraph import parse

        return list(parse(path=str(self.graph), format=RdfFormat.N_QUADS))

    @property
    def trace(self) -> Path:
        """Which rule gave each inferred triple: tab-separated subject, predicate, object, rule."""
        return self.folder / "trace.tsv"


def current(folder: Path) -> Built | None:
    """The last good build in `folder`, if there is one."""
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
        manifest = json.loads((folder / name / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Built(folder / name, manifest)


def load(quads: Iterable[Quad]) -> Store:
    """A store in memory that holds `quads`."""
    store = Store()
    store.bulk_extend(quads)
    return store


def write(folder: Path, graph: bytes, trace: bytes, manifest: dict[str, Any]) -> Built:
    """Write a build beside the last one, and then put it in its place in one step.

    `graph` is N-Quads, `trace` tab-separated, `manifest` what the build says of itself.

    :raises InputError: if the disk is full or the folder cannot be written; the last build stays.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = Path(tempfile.mkdtemp(prefix="build-", dir=folder))
        target.chmod(0o755)
        _fill(target, graph, trace, manifest)
        _point(folder, target.name)
    except OSError as exc:
        raise InputError.at(
            Place(str(folder)),
            f"the build cannot be written: {exc.strerror or exc}",
            "the last good build is kept",
        ) from exc
    _sweep(folder, target.name)
    return Built(target, manifest)


def _fill(target: Path, graph: bytes, trace: bytes, manifest: dict[str, Any]) -> None:
    (target / "graph.nq").write_bytes(graph)
    (target / "trace.tsv").write_bytes(trace)
    store = Store(str(target / "store"))
    store.bulk_load(input=graph, format=RdfFormat.N_QUADS)
    store.flush()
    del store  # closes it: RocksDB holds a lock as long as it lives
    (target / "manifest.json").write_text(
        json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def _point(folder: Path, name: str) -> None:
    new = folder / f"{name}.new"
    new.write_text(name + "\n", encoding="utf-8")
    new.replace(folder / CURRENT)


def _sweep(folder: Path, keep: str) -> None:
    """Remove earlier builds; one that somebody still reads goes with its last reader."""
    for old in folder.glob("build-*"):
        if old.is_dir() and old.name != keep:
            shutil.rmtree(old, ignore_errors=True)
