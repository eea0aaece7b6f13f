"""The embedded Oxigraph store: written once by a build, then only read.

A build writes a folder of its own, and `current` is swapped to name it at the very end:
whoever reads goes on with the build that was there before, and a build that dies leaves it whole.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, Store, parse

from kg.errors import InputError, ShortageError
from kg.places import Place
from kg.processes import underway

CURRENT, CHECKED = "current", "checked"
GRAPH, TRACE, MANIFEST, STORE = "graph.nq", "trace.tsv", "manifest.json", "store"

PIECE = 64_000_000
"""How many bytes of N-Quads are loaded at once: more take more memory, fewer more merging of tables."""

WORTHWHILE = 32_000_000
"""The bytes of N-Quads below which starting a process takes longer than loading them."""

QUICK = {"MALLOC_TRIM_THRESHOLD_": "1000000000", "MALLOC_MMAP_THRESHOLD_": "1000000000"}
"""What keeps the memory that is let go for what is asked for next, where the system's library is GNU's."""


_REFUSALS = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM),
    *(errno.EMFILE, errno.ENFILE),
)
"""What the system answers where it would refuse another build as well."""


@dataclass(frozen=True)
class Built:
    """A finished build: its folder, and what it says of itself."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def store(self) -> Store:
        """The store, opened for reading only.

        :raises InputError: if its files are damaged or gone.
        """
        underway.step("opening the store")
        try:
            return Store.read_only(str(self.folder / STORE))
        except (OSError, RuntimeError) as exc:
            from kg.processes import shortage

            if shortage.is_meant(exc):
                raise
            raise self._damaged(exc) from exc

    @property
    def graph(self) -> Path:
        """All quads as they were parsed, as sorted N-Quads: the store itself rewrites literals."""
        return self.folder / GRAPH

    def quads(self) -> list[Quad]:
        """All quads as they were parsed.

        :raises InputError: if their file is damaged or gone.
        """
        try:
            return list(parse(path=str(self.graph), format=RdfFormat.N_QUADS))
        except (OSError, SyntaxError) as exc:
            raise self._damaged(exc) from exc

    @property
    def trace(self) -> Path:
        """Which rule gave each inferred triple: tab-separated subject, predicate, object, rule."""
        return self.folder / TRACE

    def is_whole(self) -> bool:
        """Whether its files are as long as they were when they were written."""
        sizes = self.manifest.get("bytes")
        return sizes is None or sizes == _sizes(self.folder)

    def _damaged(self, exc: Exception) -> InputError:
        reason = str(exc).splitlines()[0]
        return InputError.at(
            Place(str(self.folder)), f"the build is damaged: {reason}", "make it anew with: kg build"
        )


def current(folder: Path, pointer: str = CURRENT) -> Built | None:
    """The last good build in `folder`, if there is one; with `CHECKED`, the last that was checked."""
    name = _named(folder, pointer)
    try:
        manifest = json.loads((folder / name / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Built(folder / name, manifest) if name and isinstance(manifest, dict) else None


def load(quads: Iterable[Quad]) -> Store:
    """A store in memory that holds `quads`."""
    store = Store()
    store.bulk_extend(quads)
    return store


@contextmanager
def making(folder: Path) -> Iterator[Path]:
    """A new folder for a build, which takes the place of the last one if it was finished (`finish`).

    If not, it is removed. The build before stays until the next: somebody may be about to open it.
    The last one that was checked stays as well, for the next that is checked to start from.

    :raises InputError: if the disk is full or the folder cannot be written; the last build stays.
    """
    import secrets

    before, target = {_named(folder), _named(folder, CHECKED)}, folder / f"build-{secrets.token_hex(4)}"
    try:
        with underway.unfinished(target):
            target.mkdir(parents=True)
            yield target
        done = target / MANIFEST
        if done.exists():
            if json.loads(done.read_text(encoding="utf-8")).get("checked"):
                _point(folder, target.name, CHECKED)
            _point(folder, target.name)
    except BaseException as exc:
        shutil.rmtree(target, ignore_errors=True)
        from kg.processes import shortage

        if isinstance(exc, OSError | RuntimeError) and not shortage.is_meant(exc):
            raise _unwritten(folder, exc) from exc
        raise
    if done.exists():
        _sweep(folder, {target.name, _named(folder, CHECKED), *before})
    else:
        shutil.rmtree(target, ignore_errors=True)


def fill(target: Path) -> None:
    """Make the store of a build out of its graph, which has been parsed before.

    A process of its own does it where there is much: what is let go goes to the system at once, and not
    back and forth, and the caller's memory does not grow by it.

    :raises OSError: if the disk is full.
    :raises ShortageError: if the process has ended before it was done.
    """
    if (target / GRAPH).stat().st_size < WORTHWHILE:
        load_into(target / STORE, target / GRAPH)
        return
    from kg.processes.beside import Helper

    with Helper("kg.store:serve", str(target / STORE), str(target / GRAPH), env=QUICK) as helper:
        said = helper.stdout.read().decode()
        if helper.process.wait():
            if said:
                raise OSError(said)
            raise ShortageError.at(None, helper.why("the process that fills the store"))


def serve(folder: str, graph: str) -> None:
    """Make a store for another process, as long as that lives; what keeps from it is printed."""
    from kg.processes import shortage

    parent = os.getppid()
    try:
        load_into(Path(folder), Path(graph), lambda: os.getppid() == parent)
    except (OSError, RuntimeError) as exc:
        if shortage.is_meant(exc):
            raise
        print(getattr(exc, "strerror", None) or str(exc).splitlines()[0], end="")
        sys.exit(1)


def load_into(folder: Path, graph: Path, wanted: Callable[[], bool] = lambda: True) -> None:
    """Make a store in a folder out of a file of N-Quads, piece by piece, as long as it is `wanted`.

    :raises OSError: if the disk is full.
    """
    store = Store(str(folder))
    with graph.open("rb") as file:
        while wanted() and (piece := file.read(PIECE)):
            store.bulk_load(piece + file.readline(), RdfFormat.N_QUADS, lenient=True)
    store.flush()


def finish(target: Path, manifest: dict[str, Any]) -> None:
    """Note in the folder of a build that it is whole, and how long its files are."""
    manifest["bytes"] = _sizes(target)
    text = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
    (target / MANIFEST).write_text(text, encoding="utf-8")  # last: what has one is whole


def _sizes(folder: Path) -> dict[str, int]:
    """How long the files of a build are, but for those of the store, which notes that itself."""
    files = (each for each in os.scandir(folder) if each.is_file() and each.name != MANIFEST)
    return {each.name: each.stat().st_size for each in files}


def is_damage(exc: Exception) -> bool:
    """Whether an exception says that files of a build are damaged or gone; not that the disk refuses.

    >>> is_damage(RuntimeError("Corruption: block checksum")), is_damage(OSError(errno.ENOSPC, "full"))
    (True, False)
    """
    from kg.processes import shortage

    cause = exc.__cause__ if isinstance(exc, InputError) else exc
    refused = any(os.strerror(code) in str(cause) or code == getattr(cause, "errno", 0) for code in _REFUSALS)
    return cause is not None and not refused and not shortage.is_meant(cause)


def copied(built: Built, target: Path) -> Store:
    """The store of a build, copied into the folder of a new one, where it may be changed.

    Its tables are never changed once they are written: they are linked, and take no room.

    :raises OSError: if the disk is full.
    """
    underway.step("opening the store of the last build")
    (target / STORE).mkdir()
    for each in os.scandir(built.folder / STORE):
        there = target / STORE / each.name
        if each.name.endswith(".sst") and linked(Path(each.path), there):
            continue
        if each.name not in ("LOCK", "LOG") and not each.name.startswith("LOG.old"):
            shutil.copyfile(each.path, there)
    return Store(str(target / STORE))


def linked(source: Path, target: Path) -> bool:
    """Whether the file system has links, and has made this one."""
    try:
        target.hardlink_to(source)
    except OSError:
        return False
    return True


def _named(folder: Path, pointer: str = CURRENT) -> str:
    """The name of the last good build in `folder`, or an empty string."""
    try:
        return (folder / pointer).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def _point(folder: Path, name: str, pointer: str = CURRENT) -> None:
    new = folder / f"{name}.new"
    try:
        new.write_text(name + "\n", encoding="utf-8")
        new.replace(folder / pointer)
    finally:
        new.unlink(missing_ok=True)


def _unwritten(folder: Path, exc: OSError | RuntimeError) -> InputError:
    reason = getattr(exc, "strerror", None) or str(exc).splitlines()[0]
    what = f"the build cannot be written: {reason}"
    fix = "the last good build is kept" if _named(folder) else "make room, or see to the rights of the folder"
    return InputError.at(Place(str(folder)), what, fix)


def _sweep(folder: Path, keep: set[str]) -> None:
    """Remove earlier builds, and what builds that died have left: who writes holds the lock, alone."""
    for old in folder.glob("build-*"):
        if old.name in keep:
            continue
        if old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.unlink(missing_ok=True)
