"""Builds at once and at the worst moments: they wait, are killed or interrupted; readers go on."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bees import FIVE, HIVE, Bees

from kg import build, locks, store
from kg.building import whole as whole_way
from kg.errors import InputError
from kg.workspace import Workspace

ROOT = Path(__file__).parent.parent
KG = (sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); from kg.cli import main; main()")


def start(own: Bees, *args: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*KG, *args], cwd=own.folder, stdout=pipe, stderr=pipe, text=True, preexec_fn=_hears_ctrl_c
    )


def _hears_ctrl_c() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def soon(true: Callable[[], bool]) -> bool:
    """Whether something comes true within a minute."""
    return any(true() or time.sleep(0.02) for _ in range(3000))


def whole(own: Bees) -> store.Built:
    """The last good build, of which all parts hold the same number of quads."""
    built = store.current(own.folder / "build")
    assert built is not None
    assert len(built.store) == len(built.quads()) == built.manifest["quads"]
    return built


def test_the_second_of_two_builds_waits_and_says_so(own: Bees) -> None:
    said: list[str] = []
    with locks.locked(own.folder / "build", said.append):
        second = start(own, "build", "--no-validate")
        assert second.stderr is not None
        line = second.stderr.readline()
        assert re.fullmatch(r"another build is at work \(process \d+\): waiting until it is done\n", line)
        assert store.current(own.folder / "build") is None and second.poll() is None
    assert said == [] and second.communicate()[1].startswith("4 cases: ")
    assert second.returncode == 0 and whole(own)


def test_a_lock_file_that_lies_about_locks_nothing(own: Bees) -> None:
    (own.folder / "build").mkdir()
    (own.folder / "build" / "lock").write_text("12345", encoding="utf-8")
    assert re.match(r"4 cases: ", own("build", "--no-validate").err)


def test_the_lock_goes_with_its_holder(own: Bees) -> None:
    code = "from kg import locks; from pathlib import Path; import time\n"
    code += "with locks.locked(Path('build'), print): print('held', flush=True); time.sleep(60)"
    env = {"PYTHONPATH": str(ROOT)}
    holder = subprocess.Popen(
        [sys.executable, "-c", code], cwd=own.folder, env=env, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout and holder.stdout.readline() == "held\n"
    holder.kill()
    holder.communicate()
    said: list[str] = []
    with locks.locked(own.folder / "build", said.append):
        assert said == []


def test_threads_of_one_process_wait_for_each_other(own: Bees) -> None:
    said: list[str] = []
    space = Workspace.load(own.folder)
    with locks.locked(space.build, said.append):
        thread = threading.Thread(target=lambda: build.build(space, check=False, say=said.append))
        thread.start()
        assert soon(lambda: bool(said))
        assert store.current(space.build) is None
    thread.join()
    assert len(said) == 1 and whole(own)


def test_who_waited_to_ask_takes_the_build_that_was_made_meanwhile(own: Bees) -> None:
    space, said = Workspace.load(own.folder), list[str]()
    with locks.locked(space.build, said.append):
        thread = threading.Thread(target=lambda: build.ensure(space, said.append))
        thread.start()
        assert soon(lambda: bool(said))
        made = whole_way._build(space, build.quiet, check=False, say=build.quiet).built
    thread.join()
    assert len(said) == 1 and made == store.current(space.build), "it was not built again"


def test_a_folder_that_cannot_be_locked_is_told(own: Bees) -> None:
    (own.folder / "build").write_text("a file is in the way", encoding="utf-8")
    said = own("build")
    assert (said.code, said.out) == (3, "")
    assert re.match(r"error \S*build: the build cannot be written: .+; make room, or see to the", said.err)
    with pytest.raises(InputError):
        build.ensure(Workspace.load(own.folder))


def test_a_build_that_is_killed_leaves_the_last_good_one(own: Bees) -> None:
    """Killed at random moments of the whole command, again and again."""
    assert own("build", "--no-validate").code == 0
    begun = time.monotonic()
    start(own, "build", "--no-validate").communicate()
    length = time.monotonic() - begun
    moment, kilos = random.Random(11), 19
    for _ in range(8):
        own.change(HIVE, f"kilos: {kilos}", f"kilos: {kilos + 1}")
        kilos += 1
        process = start(own, "build", "--no-validate")
        time.sleep(moment.uniform(0.3, 1.1) * length)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        whole(own)
    assert own("build", "--no-validate").code == 0
    assert f'"{kilos}"' in whole(own).graph.read_text(encoding="utf-8")
    assert len(list((own.folder / "build").glob("build-*"))) <= 2, "nothing is left of those that died"


def test_ctrl_c_ends_the_waiting(own: Bees) -> None:
    with locks.locked(own.folder / "build", print):
        process = start(own, "build")
        assert process.stderr and process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.communicate()[1].strip() == "interrupted; the last good build is kept"
        assert process.returncode == 130


def test_readers_go_on_while_it_is_built_and_each_sees_one_build_whole(own: Bees) -> None:
    assert own("build", "--no-validate").code == 0
    reader, first = whole(own).store, whole(own)
    (own.folder / FIVE).unlink()
    process = start(own, "build", "--no-validate")
    seen = set()
    while process.poll() is None:
        seen.add(len(whole(own).store))
    process.communicate()
    assert seen <= {first.manifest["quads"], whole(own).manifest["quads"]}
    assert len(list(reader)) == first.manifest["quads"] != whole(own).manifest["quads"]
