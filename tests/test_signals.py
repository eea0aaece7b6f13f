"""What a script has `kg` ignore (Ctrl-C behind `&`, a hangup under nohup) all its processes ignore."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bees import Bees
from editor import Editor

from kg import store
from kg.processes import limits

ROOT = Path(__file__).parent.parent
KG = [sys.executable, "-m", "kg"]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z . ?d ?s ?w . ?e ?t ?v }"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def having(number: signal.Signals, how: signal.Handlers) -> Callable[[], None]:
    """What a process does before it becomes another program, which inherits what is ignored."""
    return lambda: signal.signal(number, how) and None


def started(own: Bees, command: list[str], before: Callable[[], None]) -> subprocess.Popen[str]:
    """A command in a session of its own, which tells its steps on stderr."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command,
        cwd=own.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "KG_PROGRESS": "1"},
        stdin=pipe, stdout=pipe, stderr=pipe, text=True, preexec_fn=before, start_new_session=True,
    )  # fmt: skip


def signalled_while(process: subprocess.Popen[str], step: str, number: signal.Signals) -> str:
    """The process, and all that it has started, get the signal at a step; what it says from there on."""
    assert process.stderr
    while step not in (line := process.stderr.readline()):
        assert line, "it has ended before"
    os.killpg(process.pid, number)
    return process.communicate(timeout=60)[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("ignored", [True, False])
def test_a_build_goes_on_where_it_is_to_ignore_a_signal(
    own: Bees, number: signal.Signals, ignored: bool
) -> None:
    how = signal.SIG_IGN if ignored else signal.SIG_DFL
    process = started(own, [*KG, "build"], having(number, how))
    rest = signalled_while(process, "reading", number)
    assert (process.returncode == 0) == ignored
    assert ("4 cases: " in rest) == ignored == (store.current(own.folder / "build") is not None)


def test_a_build_in_the_background_of_a_script_is_not_interrupted_by_its_end(own: Bees) -> None:
    """A shell that is no person's has what stands before `&` ignore Ctrl-C."""
    script = f'"{sys.executable}" -m kg build & wait $!; echo "ended with $?"'
    process = started(own, ["sh", "-c", script], having(signal.SIGINT, signal.SIG_DFL))
    assert process.stderr
    while "reading" not in process.stderr.readline():
        pass
    [shell] = [process.pid]
    others = Path(f"/proc/{shell}/task/{shell}/children")
    if not others.exists():
        pytest.skip("looks for processes in /proc")
    for pid in others.read_text().split():
        os.kill(int(pid), signal.SIGINT)
    assert process.communicate(timeout=60)[0] == "ended with 0\n"


@pytest.mark.skipif(shutil.which("nohup") is None, reason="no nohup")
def test_a_hangup_under_nohup_is_ignored(own: Bees) -> None:
    process = started(own, ["nohup", *KG, "build"], having(signal.SIGHUP, signal.SIG_DFL))
    assert "4 cases: " in signalled_while(process, "reading", signal.SIGHUP)
    assert process.returncode == 0


@pytest.mark.parametrize("ignored", [True, False])
def test_a_process_beside_a_command_ignores_what_that_ignores(own: Bees, ignored: bool) -> None:
    assert own("build", "--no-validate").code == 0
    before = having(signal.SIGINT, signal.SIG_IGN if ignored else signal.SIG_DFL)
    process = started(own, [*KG, "query", "-", "--timeout", "1"], before)
    assert process.stdin
    process.stdin.write(ENDLESS)
    process.stdin.close()
    process.stdin = None
    time.sleep(0.3)
    while process.poll() is None:  # at all times that there are
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.02)
    err = process.communicate()[1]
    assert process.returncode == 3 if ignored else process.returncode in (130, -signal.SIGINT)
    assert (limits.LESS in err) == ignored


@pytest.mark.parametrize("ignored", [True, False])
def test_the_server_of_an_editor_ignores_it_too(own: Bees, ignored: bool) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN if ignored else signal.SIG_DFL)
    try:
        editor = Editor(own.folder)
    finally:
        signal.signal(signal.SIGINT, before)
    editor.start()
    editor.process.send_signal(signal.SIGINT)
    assert (editor.end() if ignored else editor.wait()) == (0 if ignored else -signal.SIGINT)
