"""Whether a build is of the files as they are: told without reading them, and never wrongly."""

from __future__ import annotations

import os
import time

import pytest
from bees import HIVE, Bees

from kg import build, store
from kg.building import seen
from kg.workspace import Workspace


@pytest.fixture
def noted(own: Bees) -> Workspace:
    """A built workspace whose files are old, looked at once."""
    old = time.time() - 60
    for path in own.folder.rglob("*"):
        if path.is_file():
            os.utime(path, (old, old))
    workspace = Workspace.load(own.folder)
    build.ensure(workspace)
    return workspace


def is_fresh(workspace: Workspace) -> bool:
    built = store.current(workspace.build)
    assert built
    return seen.is_fresh(workspace, built)


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time goes on: what changed so far is no longer young."""
    now = time.time_ns()
    monkeypatch.setattr(seen.time, "time_ns", lambda: now + 10 * seen.TICK)


def test_files_that_nobody_touched_are_not_read_again(
    noted: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    assert is_fresh(noted)
    monkeypatch.setattr(Workspace, "fingerprint", lambda *_: pytest.fail("the files are read"))
    assert is_fresh(noted)


@pytest.mark.parametrize("change", ["content", "content and times", "more", "less", "name"])
def test_a_change_is_seen(noted: Workspace, own: Bees, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    settle(monkeypatch)
    assert is_fresh(noted)
    path = own.folder / HIVE
    before = path.stat()
    if change.startswith("content"):
        own.change(HIVE, "kilos: 19", "kilos: 18")
    if change == "content and times":
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    if change == "more":
        own.write(
            "data/cases/hive-nine-2021.yaml", own.read(HIVE).replace("hive-three-2021", "hive-nine-2021")
        )
    if change == "less":
        path.unlink()
    if change == "name":
        path.rename(path.with_name("hive-x.yaml"))
    assert not is_fresh(noted)


def test_a_file_as_young_as_the_note_is_read(noted: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a tick of the clock a second change could have the same size and times."""
    youngest = max(path.stat().st_ctime_ns for path in noted.inputs())
    monkeypatch.setattr(seen.time, "time_ns", lambda: youngest + seen.TICK // 2)
    assert is_fresh(noted)
    assert not (noted.build / seen.NAME).exists()


def test_touched_files_with_the_same_content_are_no_change(
    noted: Workspace, own: Bees, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    assert is_fresh(noted)
    own.write(HIVE, own.read(HIVE))
    assert is_fresh(noted)


def test_a_folder_that_cannot_be_written_is_no_hindrance(
    noted: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    (noted.build / seen.NAME).unlink(missing_ok=True)
    (noted.build / seen.NAME).mkdir()
    assert is_fresh(noted)
    assert is_fresh(noted)
