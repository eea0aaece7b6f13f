"""`kg build --watch`: a line for each build, whatever changes, until Ctrl-C; and the bar of long files."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bees import GARDEN, HIVE, Bees

from kg import store
from kg.building import watching
from kg.workspace import Workspace

ROOT = Path(__file__).parent.parent
CODE = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from kg.cli import main; main()"


def _hears_ctrl_c() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def watched(own: Bees, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`kg build --watch` at work, after its first build."""
    command = [sys.executable, "-u", "-c", CODE, "build", "--watch", *options]
    with subprocess.Popen(
        command,
        cwd=own.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hears_ctrl_c,
    ) as process:
        try:
            assert process.stdout
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    """The next line, without the time of day."""
    assert process.stdout
    text = process.stdout.readline()
    assert text[2] == text[5] == ":" if text[:1].isdigit() else text.startswith("  "), text
    return text[9:].strip() if text[:1].isdigit() else text.strip()


def test_each_change_is_built_and_told_and_ctrl_c_ends_it(own: Bees) -> None:
    with watched(own, "--no-validate") as process:
        assert line(process).startswith("4 cases: ")
        own.change(HIVE, "kilos: 19", "kilos: 20")
        assert line(process).startswith(f"{HIVE}: 4 cases: ")
        (own.folder / GARDEN).unlink()
        assert line(process).startswith(f"{GARDEN}: 2 cases: ")
        own.change(HIVE, "count: 14", "cuont: 14")
        assert line(process) == f"{HIVE}: not stored; 1 error in 1 file"
        assert line(process).startswith(f"{HIVE}:23:9 error unknown key “cuont”")
        own.change(HIVE, "cuont: 14", "count: 15")
        assert line(process).startswith(f"{HIVE}: 2 cases: ")
        own.write("kg.toml", own.read("kg.toml") + "\nnonsense = 1\n")
        assert line(process) == "not built"
        assert line(process).startswith("kg.toml:12:1: unknown setting of the dataset “nonsense”")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0
        assert err.strip() == "no longer watching; the last good build is kept"
    built = store.current(own.folder / "build")
    assert built and '"15"' in built.graph.read_text(encoding="utf-8")


def test_each_build_tells_once_what_python_matched(own: Bees) -> None:
    shape = 'shape:S a sh:NodeShape ; sh:targetClass bee:Stay ; sh:not [ sh:pattern "(?=x)y" ] .'
    own.write("ontology/shapes.ttl", own.read("ontology/shapes.ttl") + shape)
    with watched(own) as process:
        assert line(process).startswith("4 cases: ")
        own.change(HIVE, "kilos: 19", "kilos: 20")
        while not line(process).startswith(f"{HIVE}: 4 cases: "):
            pass  # the warnings of the first build
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    told = [each for each in err.splitlines() if "was matched by Python" in each]
    assert len(told) == 2 and told[0] == told[1]


def test_what_changes_while_the_first_build_runs_is_seen(own: Bees) -> None:
    space = Workspace.load(own.folder)
    found = watching.changes(lambda: space, lambda _: None)
    assert next(found) == []
    own.change(HIVE, "kilos: 19", "kilos: 20")
    assert [path.name for path in next(found)] == ["hive-three-2021.yaml"]


def test_files_that_are_still_written_are_waited_for(own: Bees) -> None:
    """What comes while a change is looked at belongs to it."""
    late = [
        lambda: own.write("data/cases/b.yaml", "name: b"),
        lambda: own.write("data/cases/b.yaml", "name: bb"),
    ]
    space = Workspace.load(own.folder)

    def sleep(seconds: float) -> None:
        if late:
            late.pop(0)()
        assert seconds <= 10

    found = watching.changes(lambda: space, sleep)
    assert next(found) == []
    own_change = next(found)
    assert [path.name for path in own_change] == ["b.yaml"] and late == []


def test_the_bar_is_drawn_where_a_person_watches_and_wiped_away(own: Bees) -> None:

    code = CODE.replace("main()", "from kg.cli import bar; bar.LEAST = 0; main()")
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", code, "build", "--no-validate"], cwd=own.folder, stderr=slave, stdout=slave
    ) as process:
        os.close(slave)
        text = b""
        with pytest.raises(OSError):  # the terminal closes with the process
            while part := os.read(master, 1000):
                text += part
        assert process.wait() == 0
    os.close(master)
    shown = text.decode()
    assert "100 %" in shown and "MB/s" in shown and " left " in shown and "\x1b[K" in shown
    assert "MB/s" not in own("build", "--no-validate").err, "no terminal, no bar"


def test_the_bar_is_wiped_away_where_reading_breaks_off(own: Bees) -> None:
    """What is told then does not begin behind it."""
    line = own.read(GARDEN).splitlines()[0]
    many = "".join(line.replace("hive-one-2021", f"hive-{n}-2021") + "\n" for n in range(20_000))
    own.write("data/cases/many.jsonl", many)
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "kg", "build", "--no-validate"],
        cwd=own.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        stderr=slave,
        stdout=slave,
        preexec_fn=_hears_ctrl_c,
    ) as process:
        os.close(slave)
        text, sent = b"", False
        with pytest.raises(OSError):  # the terminal closes with the process
            while part := os.read(master, 1000):
                text += part
                if not sent and b" left " in text:
                    process.send_signal(signal.SIGINT)
                    sent = True
    os.close(master)
    shown, _, rest = text.decode().rpartition(" left ")
    assert process.returncode == 130 and "100 %" not in shown
    assert rest.startswith("\r\x1b[K")
    assert rest.removeprefix("\r\x1b[K").strip() == "interrupted; the last good build is kept"
