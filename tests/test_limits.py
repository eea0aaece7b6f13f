"""A limit of time: what goes on for ever is ended with all its processes; what does not is as without one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bees import Bees

import kg
from kg.errors import DefinitionError, ShortageError, TimeLimitError, UsageError
from kg.processes import limits

ROOT = Path(__file__).parent.parent
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z . ?d ?s ?w . ?e ?t ?v }"
MANY_ROWS = "SELECT ?a ?b ?c ?d ?e { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z . ?d ?s ?w . ?e ?t ?v }"

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")


def processes(of: int, field: int) -> Iterator[int]:
    """The processes whose parent (field 1) or session (field 3) it is, but for those that have ended."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, *fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if state != "Z" and int(fields[field - 1]) == of:
            yield int(path.parent.name)


def children() -> list[int]:
    return list(processes(os.getpid(), 1))


def gone(session: int) -> bool:
    """Whether all processes of a session have ended, or do so within seconds."""
    end = time.monotonic() + 10
    while (left := list(processes(session, 3))) and time.monotonic() < end:
        time.sleep(0.05)
    return not left


def hears_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def started(bees: Bees, *args: str) -> subprocess.Popen[str]:
    """`kg query` in a session of its own, asked for a query from its stdin."""
    return subprocess.Popen(
        [sys.executable, "-m", "kg", "query", "-", *args],
        cwd=bees.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "KG_PROGRESS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hears_ctrl_c,
    )


# --- the command


@pytest.mark.parametrize("query", [ENDLESS, MANY_ROWS], ids=["one row", "rows without end"])
def test_a_query_without_end_is_given_up_and_nothing_is_left(bees: Bees, query: str, tmp_path: Path) -> None:
    output = tmp_path / "rows.csv"
    process = started(bees, "--timeout", "0.5", "-o", str(output))
    out, err = process.communicate(query, timeout=60)
    assert (process.returncode, out) == (3, "")
    assert err == f"error stdin: no answer within 0.5 seconds; {limits.LESS}\n"
    assert gone(process.pid) and not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_ends_the_command_ends_the_query(bees: Bees, number: signal.Signals) -> None:
    process = started(bees, "--timeout", "600")
    assert process.stdin
    process.stdin.write(ENDLESS)
    process.stdin.close()
    process.stdin = None
    while len(list(processes(process.pid, 3))) < 3:  # it waits, it works, it asks
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    assert gone(process.pid)


ASKED = {
    "a table": ["treated-mites"],
    "csv": ["treated-mites", "-f", "csv", "--keys"],
    "proofs": ["treated-mites", "--explain"],
    "another language": ["treated-mites", "--lang", "de"],
    "triples": ["construct.rq"],
    "yes or no": ["ask.rq"],
    "nothing": ["nothing.rq"],
}


@pytest.fixture
def asking(bees: Bees) -> Iterator[Bees]:
    queries = {
        "construct": "CONSTRUCT { ?s a ?c } { ?s a ?c }",
        "ask": "ASK { ?s a ?c }",
        "nothing": "PREFIX bee: <https://bees.example.net/ns#> SELECT ?s { ?s a bee:Wasp }",
        "wrong": "SELECT ?s { ?s",
    }
    for name, text in queries.items():
        bees.write(f"{name}.rq", text)
    yield bees
    for name in queries:
        (bees.folder / f"{name}.rq").unlink()


@pytest.mark.parametrize("what", ASKED)
def test_an_answer_in_time_is_as_without_a_limit(asking: Bees, what: str) -> None:
    args = ["query", *ASKED[what]]
    within, without = asking(*args, "--timeout", "60"), asking(*args)
    assert within == without
    assert without.code == 0 and without.out + without.err


def test_what_is_wrong_with_a_query_is_said_as_without_a_limit(asking: Bees) -> None:
    within, without = asking("query", "wrong.rq", "--timeout", "60"), asking("query", "wrong.rq")
    assert within == without
    assert without.code == DefinitionError.exit_code


@pytest.mark.parametrize("given", ["0", "-1", "nan", "soon"])
def test_a_limit_is_a_number_above_0(bees: Bees, given: str) -> None:
    said = bees("query", "treated-mites", "--timeout", given)
    assert (said.code, said.out) == (UsageError.exit_code, "")


# --- in Python


def test_in_python_the_process_is_ended_in_any_thread(bees: Bees) -> None:
    graph = kg.open(bees.folder)
    raised: list[BaseException] = []

    def ask() -> None:
        try:
            graph.query(ENDLESS, timeout=0.3)
        except TimeLimitError as exc:
            raised.append(exc)

    ask()
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(60)
    assert [str(each) for each in raised] == [f"query: no answer within 0.3 seconds; {limits.LESS}"] * 2
    assert not children() and threading.active_count() == 1


def test_in_python_an_answer_in_time_is_as_without_a_limit(bees: Bees) -> None:
    graph = kg.open(bees.folder, lang="de")
    for name in graph.questions:
        answer, other = graph.ask(name, timeout=60), graph.ask(name)
        assert (answer, answer.render()) == (other, other.render())
        assert answer.notes == other.notes
    nothing = graph.query("SELECT ?s { ?s a <urn:nothing> }", timeout=60)
    assert nothing.notes and not nothing
    with pytest.raises(DefinitionError, match="query"):
        graph.query("SELECT", timeout=60)
    assert not children()


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_in_python_a_limit_is_above_0(bees: Bees, seconds: float) -> None:
    with pytest.raises(UsageError, match="above 0"):
        kg.open(bees.folder).query("ASK {}", timeout=seconds)


def test_a_parameter_of_that_name_is_not_mistaken(bees: Bees) -> None:
    text = "#+ parameters: {timeout: {type: integer}}\nASK {\nVALUES ?timeout { 5 } # parameter\n}"
    question = kg.questions.parse(text)
    with pytest.raises(UsageError, match="a parameter “timeout”"):
        kg.open(bees.folder).ask(question, timeout=5)


def test_without_a_limit_there_is_no_process(bees: Bees, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    assert kg.open(bees.folder).query("ASK {}").boolean


# --- any work


def test_a_limit_without_end_is_none() -> None:
    assert limits.within(float("inf"), abs, -1) == 1


def test_what_work_raises_and_prints() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        limits.within(60, int, "x")
    assert limits.within(60, print, "among the answer") is None


def test_work_that_ends_its_process_is_told() -> None:
    with pytest.raises(ShortageError, match="the process that answers"):
        limits.within(60, os.abort)
