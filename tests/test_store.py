"""The store on disk: a build is whole or is not there, whatever happens while it is written."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import store
from kg.errors import InputError

ROOT = Path(__file__).parent.parent
MANIFEST = {"fingerprint": "f"}


def graph(size: int, text: str = "x") -> bytes:
    return b"".join(
        b'<http://e.org/%d> <http://e.org/p> "%s" <http://e.org/g> .\n' % (i, text.encode())
        for i in range(size)
    )


def put(folder: Path, graph: bytes, trace: bytes, manifest: dict[str, Any]) -> store.Built:
    with store.making(folder) as target:
        (target / store.GRAPH).write_bytes(graph)
        (target / store.TRACE).write_bytes(trace)
        store.fill(target)
        store.finish(target, manifest)
    return store.Built(target, manifest)


def write(folder: Path, size: int) -> store.Built:
    return put(folder, graph(size), b"", {**MANIFEST, "size": size})


def builds(folder: Path) -> set[str]:
    return {p.name for p in folder.glob("build-*")}


def last(folder: Path) -> store.Built:
    built = store.current(folder)
    assert built is not None
    return built


def test_a_build_is_read_as_it_was_written(tmp_path: Path) -> None:
    odd = b'<http://e.org/a> <http://e.org/p> "007"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    made = put(tmp_path / "build", odd, b"s\tp\to\trule\n", MANIFEST)
    built = last(tmp_path / "build")
    assert built == made and built.manifest == MANIFEST
    assert built.graph.read_bytes() == odd
    assert built.trace.read_bytes() == b"s\tp\to\trule\n"
    (quad,) = built.quads()
    assert isinstance(quad.object, Literal) and quad.object.value == "007", (
        "as parsed, not as the store has it"
    )
    assert len(built.store) == 1


def test_a_store_in_memory_holds_what_it_is_given() -> None:
    node = NamedNode("http://e.org/a")
    assert list(store.load([Quad(node, node, node, node)])) == [Quad(node, node, node, node)]


def test_the_store_is_opened_for_reading_only(tmp_path: Path) -> None:
    opened = write(tmp_path, 1).store
    node = NamedNode("http://e.org/a")
    with pytest.raises((OSError, RuntimeError)):
        opened.add(Quad(node, node, node, node))


@pytest.mark.parametrize("content", ["", "../elsewhere\n", "build-gone\n", "\xff"])
def test_where_current_names_no_build_there_is_none(tmp_path: Path, content: str) -> None:
    write(tmp_path, 1)
    (tmp_path / "current").write_bytes(content.encode("latin-1"))
    assert store.current(tmp_path) is None


@pytest.mark.parametrize("manifest", ["", "[]", "{"])
def test_a_build_without_a_manifest_is_none(tmp_path: Path, manifest: str) -> None:
    (write(tmp_path, 1).folder / "manifest.json").write_text(manifest, encoding="utf-8")
    assert store.current(tmp_path) is None


def test_a_reader_goes_on_while_the_graph_is_built_again(tmp_path: Path) -> None:
    reader = write(tmp_path, 2000).store
    for size in (2001, 2002, 2003):
        write(tmp_path, size)
        assert len(list(reader)) == 2000
    assert len(last(tmp_path).store) == 2003


def test_who_has_found_a_build_can_open_it_after_the_next_one(tmp_path: Path) -> None:
    write(tmp_path, 1)
    found = last(tmp_path)
    write(tmp_path, 2)
    assert len(found.store) == len(found.quads()) == 1
    write(tmp_path, 3)
    assert not found.folder.exists(), "it goes with the build after that"
    with pytest.raises(InputError, match=r"damaged: .*; make it anew with: kg build"):
        _ = found.store
    with pytest.raises(InputError, match="damaged"):
        found.quads()


def test_a_damaged_build_is_told_with_what_to_do(tmp_path: Path) -> None:
    built = write(tmp_path, 1)
    for table in (built.folder / "store").glob("*.sst"):
        table.write_bytes(b"no table")
    with pytest.raises(InputError, match=r"^\S+: the build is damaged: .*; make it anew with: kg build$"):
        _ = built.store
    built.graph.write_bytes(b"<http://e.org/half")
    with pytest.raises(InputError, match="damaged"):
        built.quads()


def test_leftovers_of_builds_that_died_are_swept(tmp_path: Path) -> None:
    (tmp_path / "build-dead" / "store").mkdir(parents=True)
    (tmp_path / "build-dead.new").write_text("build-dead", encoding="utf-8")
    built = write(tmp_path, 1)
    assert builds(tmp_path) == {built.folder.name}


def test_a_build_keeps_the_rights_that_the_user_gives_new_folders(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        assert write(tmp_path, 1).folder.stat().st_mode & 0o777 == 0o750
    finally:
        os.umask(before)


# --- what goes wrong while it is written --------------------------------------------------


@pytest.mark.parametrize("piece", [100, 10_000_000])
def test_a_store_is_the_same_whoever_fills_it_and_in_whatever_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    alone = set(write(tmp_path / "a", 60).store)
    monkeypatch.setattr(store, "WORTHWHILE", 0)
    assert set(write(tmp_path / "b", 60).store) == alone, "filled by another process"
    store.load_into(tmp_path / "c", last(tmp_path / "a").graph)
    store.load_into(tmp_path / "e", last(tmp_path / "a").graph, lambda: False)
    assert len(Store.read_only(str(tmp_path / "e"))) == 0, "nobody wants it any more"
    monkeypatch.setattr(store, "PIECE", piece)
    store.load_into(tmp_path / "d", last(tmp_path / "a").graph)
    assert set(Store.read_only(str(tmp_path / "d"))) == set(Store.read_only(str(tmp_path / "c"))) == alone


WRITER = """
import sys
from pathlib import Path
from kg import store
folder, size = Path(sys.argv[1]), int(sys.argv[2])
graph = b"".join(b'<http://e.org/%d> <http://e.org/p> "x" <http://e.org/g> .\\n' % i for i in range(size))
print("ready", flush=True)
sys.stdin.readline()
while True:
    with store.making(folder) as target:
        (target / store.GRAPH).write_bytes(graph)
        store.fill(target)
        store.finish(target, {"size": size})
"""


def test_a_killed_build_leaves_the_last_good_one(tmp_path: Path) -> None:
    """Killed at points all over the writing of a build, again and again."""
    write(tmp_path, 50)
    sizes, unfinished = {50}, set()
    moment = random.Random(7)
    for size in (3001, 3002, 3003, 3004, 3005, 3006, 3007, 3008):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, tmp_path, str(size)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert writer.stdout and writer.stdin and writer.stdout.readline() == "ready\n"
        sizes.add(size)
        writer.stdin.write("\n")
        writer.stdin.flush()
        time.sleep(moment.uniform(0.0, 0.12))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        built = last(tmp_path)
        assert built.manifest.get("size", 50) in sizes
        assert len(built.store) == len(built.quads()) == built.manifest["size"]
        unfinished |= {p for p in builds(tmp_path) if not (tmp_path / p / "manifest.json").exists()}
    assert unfinished, "no build was killed while it was being written"
    assert len(write(tmp_path, 60).store) == 60


@contextmanager
def limited(size: int) -> Iterator[None]:
    """No file may become larger than `size` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_that_cannot_grow_keeps_the_last_build(tmp_path: Path) -> None:
    write(tmp_path, 50)
    with limited(10_000), pytest.raises(InputError) as failed:
        write(tmp_path, 5000)
    assert (
        str(failed.value)
        == f"{tmp_path}: the build cannot be written: File too large; the last good build is kept"
    )
    assert len(last(tmp_path).store) == 50
    assert builds(tmp_path) == {last(tmp_path).folder.name}, "what was half written gives its room back"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("size", [0, store.WORTHWHILE], ids=["a process of its own", "this process"])
@pytest.mark.parametrize("spare", [-100_000, 100_000], ids=["for the graph", "for the store"])
def test_no_room_on_the_disk_keeps_the_last_build(
    small_disk: Path, spare: int, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`spare`: the bytes that the text of the graph leaves free; a store of it needs twice as many."""
    monkeypatch.setattr(store, "WORTHWHILE", size)
    write(small_disk, 50)
    room = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_bsize
    data = graph(1, "y" * (room - spare))
    with pytest.raises(InputError, match=r"No space left on device.*; the last good build is kept"):
        put(small_disk, data, b"", MANIFEST)
    assert len(last(small_disk).store) == 50
    assert len(write(small_disk, 60).store) == 60, "there is room again"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot be written: .+; make room, or see to the rights"):
        write(tmp_path / "build", 1)
