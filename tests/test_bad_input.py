"""Bad input of every kind: a clear line for each fault, the right exit code, no traceback, nothing lost.

The files of `bad_input/` hold the inputs with what is told of each. What cannot be a file, such as a disk
that is full, is below the table.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from bad_input import Row, errors, listening, rows, state
from bees import FIVE, GARDEN, HIVE, Bees, Said

from kg import store
from kg.cli.main import run

ROOT = Path(__file__).parent.parent
ITEMS = """missing file; directory; no rights to read; empty; Latin-1; UTF-16; BOM; NUL; binary; tab indent;
duplicate key; unknown key; wrong type; list for a map; null; alias, anchor, tag; 10 MB on one line;
deep nesting; surrogate pairs in JSON; NFD and look-alike letters in keys; a bad date, a reversed
interval; a negative, fractional or spelt-out head count; an unknown code, organisation, role;
evidence without a quote; quote not in the source; quote at the wrong place; quote too long; two
cases with one id; two nodes with one key; bad Turtle (three faults); undeclared prefix; bad IRI;
bad language tag; bad UTF-8 in the middle; RDF/XML with an external entity; JSON-LD with a remote
context; a 40 MB literal; a query that does not parse; a query that updates; a query that calls
SERVICE; ill-formed, recursive and empty shapes; a number of thousands of
digits; ten faults in a file"""
"""What has to have a row; the rest has a test below."""


def test_every_kind_of_bad_input_has_a_row() -> None:
    wanted = {" ".join(item.split()) for item in ITEMS.split(";")}
    assert {row.item for row in rows()} | {"no rights to read"} == wanted


@cache
def town() -> Path:
    """A workspace with the shipped ontology and the reference data of one town, built."""
    folder = Path(tempfile.mkdtemp(prefix="kg-town-"))
    example = ROOT / "examples" / "havlunde"
    for part in ("data", "sources"):
        shutil.copytree(example / part, folder / part)
    shutil.copytree(ROOT / "ontology", folder / "ontology")
    settings = (example / "kg.toml").read_text("utf-8").replace('extends = "casegraph"\n', "")
    (folder / "kg.toml").write_text(settings, "utf-8")
    assert run(["-q", "-C", str(folder), "build", "--no-validate"]) == 0
    return folder


@pytest.fixture(scope="session", autouse=True)
def _no_town_is_left() -> Iterator[None]:
    yield
    if town.cache_info().currsize:
        shutil.rmtree(town())


@pytest.fixture
def place(
    built_bees: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[Path], Bees]:
    """A copy of a workspace with its build, as the current folder."""

    def copy(origin: Path = built_bees) -> Bees:
        folder = Path(shutil.copytree(origin, tmp_path / "workspace"))
        monkeypatch.chdir(folder)
        monkeypatch.setenv("NO_COLOR", "1")
        return Bees(folder, capsys)

    return copy


def check(kg: Bees, row: Row, port: int) -> None:
    """Run the command of a row, and hold what it says against the row."""
    said = kg(*row.command.split())
    assert "Traceback" not in said.out + said.err
    told = [line.replace("{port}", str(port)).replace("{folder}", str(kg.folder)) for line in row.said]
    if said.code or told:
        assert errors(said) == told
    assert said.code == row.code


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.item}: {row.file or row.command}")
def test_bad_input_is_told_and_the_last_good_build_stays(place: Callable[..., Bees], row: Row) -> None:
    kg = place(town()) if row.table == "town" else place()
    with listening() as listener:
        if row.file:
            (kg.folder / row.file).parent.mkdir(parents=True, exist_ok=True)
            (kg.folder / row.file).write_bytes(row.content(listener.port))
        before = state(kg.folder / "build")
        check(kg, row, listener.port)
        if row.keeps_the_graph_from_being_built:
            assert kg("build", "--no-validate").code == row.code
        assert state(kg.folder / "build") == before
        assert listener.calls == []


EVERY = {
    "validate": (
        HIVE, GARDEN, FIVE, "data/reference/colony.csv", "data/sources/heath-diary.yaml", "kg.toml",
        "ontology/bees.ttl", "ontology/axioms.ttl", "ontology/shapes.ttl", "ontology/shortcuts.ttl",
        "ontology/schemes.ttl", "ontology/context.jsonld",
    ),
    "query treated-mites": ("queries/questions/treated-mites.rq",),
    "doctor": ("queries/checks/two-labels-in-a-language.rq", "queries/expected/treated-mites.csv"),
    "network": ("queries/networks/pasture.rq",),
    "evidence": ("texts/heath-diary.txt",),
}  # fmt: skip
"""Which command reads which files."""

NO_TEXT = {
    "# Völker".encode("latin-1"): "byte 0xF6 is not UTF-8",
    "name: x".encode("utf-16"): "looks like UTF-16",
    b"name: \0x": "bytes that are no text",
    b"PK\x03\x04\x14\x00\x00": "is compressed",
    b"\x1f\x8b\x08\x00": "is compressed",
}


@pytest.mark.parametrize(
    ("command", "file"), [(command, file) for command, files in EVERY.items() for file in files]
)
def test_bytes_that_are_no_text_are_told_of_every_file(
    place: Callable[..., Bees], command: str, file: str
) -> None:
    kg = place()
    before = state(kg.folder / "build")
    for data, what in NO_TEXT.items():
        (kg.folder / file).write_bytes(data)
        said = kg(*command.split())
        told = [line for line in errors(said) if what in line]
        assert len(told) == 1 and file in told[0] and "; " in told[0]
        assert said.code in (3, 4)
        assert state(kg.folder / "build") == before


def test_the_ten_faults_are_ten() -> None:
    (row,) = (row for row in rows() if row.item == "ten faults in a file")
    assert len(row.said) == 10 == len({line.split(" ")[0] for line in row.said})
    rules = {line.rsplit(" ", 1)[1] for line in row.said}
    assert "[input]" in rules and len(rules) == 5, "faults of reading and of four shapes, in one run"


def test_a_call_would_be_noticed() -> None:
    """The engine itself does call: it is `kg` that keeps it from doing so."""
    with listening() as listener:
        with pytest.raises((OSError, SyntaxError, ValueError)):
            query = f"SELECT * {{ SERVICE <http://127.0.0.1:{listener.port}/> {{ ?s ?p ?o }} }}"
            list(ox.Store().query(query))
        assert listener.calls


# --- rights -------------------------------------------------------------------------------


@pytest.fixture
def shared(
    built_bees: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Bees]:
    """A copy that others may read, too, but not write: a folder of pytest's own belongs to one user."""
    with tempfile.TemporaryDirectory(prefix="kg-shared-") as name:
        folder = Path(shutil.copytree(built_bees, Path(name) / "workspace"))
        Path(name).chmod(0o755)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("NO_COLOR", "1")
        kg = Bees(folder, capsys)
        assert kg("validate").code == 0, "all that is imported on the way is there"
        yield kg


def as_nobody(run: Callable[[], Said]) -> Said:
    """Run what root would be allowed to do as a user who has no rights; as any other user, just run it."""
    if os.geteuid() != 0:
        return run()
    os.seteuid(65534)
    try:
        return run()
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(
    ("file", "command", "code"),
    [
        (HIVE, f"validate {HIVE}", 3),
        ("data/reference/colony.csv", "validate", 3),
        ("kg.toml", "validate", 4),
        ("ontology/shapes.ttl", "validate", 4),
        ("queries/questions/treated-mites.rq", "query treated-mites", 3),
    ],
)
def test_no_rights_to_read(shared: Bees, file: str, command: str, code: int) -> None:
    (shared.folder / file).chmod(0)
    said = as_nobody(lambda: shared(*command.split()))
    what = "there is no right to read this file; ask its owner, or change its rights"
    data = file.startswith("data/")
    assert errors(said) == [f"{file} error {what} [input]" if data else f"error {file}: {what}"]
    assert said.code == code


@pytest.mark.parametrize("folder", ["data/cases", "data/reference"])
def test_a_folder_that_may_not_be_read_is_not_taken_for_an_empty_one(shared: Bees, folder: str) -> None:
    (shared.folder / folder).chmod(0)
    said = as_nobody(lambda: shared("validate"))
    (shared.folder / folder).chmod(0o755)
    told = "there is no right to read this folder; ask its owner, or change its rights"
    assert (said.code, errors(said)) == (3, [f"error {folder}: {told}"])


@pytest.mark.parametrize("command", ["validate", "build", "query treated-mites"])
@pytest.mark.parametrize("folder", ["data/cases", "data/reference", "ontology"])
def test_a_pipe_among_the_files_is_refused_and_not_waited_for(
    shared: Bees, folder: str, command: str
) -> None:
    pipe = {"data/cases": "pipe.yaml", "data/reference": "pipe.csv", "ontology": "pipe.ttl"}[folder]
    os.mkfifo(shared.folder / folder / pipe)
    said = shared(*command.split())
    what = "this is a pipe or a device; write it to a file first"
    assert (said.code, errors(said)) == (3, [f"error {folder}/{pipe}: {what}"])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder that others may not write")
def test_no_rights_to_write(shared: Bees) -> None:
    before = state(shared.folder / "build")
    shared.change(HIVE, "kilos: 19", "kilos: 20")
    said = as_nobody(lambda: shared("build"))
    assert said.code == 3
    folder = shared.folder / "build"
    why = "the build cannot be written: Permission denied; make room, or see to the rights of the folder"
    assert errors(said) == [f"error {folder}: {why}"]
    assert state(folder) == before


# --- the disk, and the end of a process ---------------------------------------------------


def start(folder: Path, *args: str, **more: object) -> subprocess.Popen[str]:
    """`kg` in a process of its own."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "KG_PROGRESS": "1", "PYTHONSAFEPATH": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    return subprocess.Popen(
        [sys.executable, "-m", "kg", *args], cwd=folder, env=env, text=True, encoding="utf-8", **pipes
    )  # type: ignore[call-overload]


def until(process: subprocess.Popen[str], step: str) -> None:
    """Wait until a build tells of a step."""
    assert process.stderr
    for line in process.stderr:
        if step in line:
            return
    raise AssertionError(f"it ended before it came to “{step}”")


@pytest.fixture
def changed(place: Callable[..., Bees]) -> Bees:
    """A copy with its build, and with a change that is to be built."""
    kg = place()
    kg.change(HIVE, "kilos: 19", "kilos: 20")
    return kg


STEPS = ("reading", "inferring", "checking", "storing")


def test_a_full_disk(changed: Bees) -> None:
    """No file may grow beyond a few kilobytes."""
    before = state(changed.folder / "build")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    process = start(changed.folder, "build", preexec_fn=limit)
    out, err = process.communicate()
    what = "the build cannot be written: File too large; the last good build is kept"
    assert err.splitlines()[-1] == f"error {changed.folder / 'build'}: {what}"
    assert (process.returncode, out, "Traceback" in err) == (3, "", False)
    assert state(changed.folder / "build") == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_for_the_output(bees: Bees) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        process = start(bees.folder, "query", "treated-mites", stdout=full)
        _, err = process.communicate()
    assert process.returncode == 3
    assert err.splitlines() == ["error the output cannot be written: No space left on device"]


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_process(changed: Bees, step: str) -> None:
    before = store.current(changed.folder / "build")
    process = start(changed.folder, "build")
    until(process, step)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    after = store.current(changed.folder / "build")
    assert after is not None and len(after.store) == len(after.quads())
    assert step == "storing" or after == before
    assert changed("build").code == 0
    assert "20" in changed("query", "honey-by-apiary", "-f", "csv").out


@pytest.mark.parametrize("step", STEPS)
def test_ctrl_c_in_mid_run(changed: Bees, step: str) -> None:
    before = state(changed.folder / "build")
    process = start(changed.folder, "build")
    until(process, step)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    if process.returncode == 0:
        assert step == "storing", "it was done before it heard of it"
        return
    assert process.returncode in (130, -signal.SIGINT)
    assert err.splitlines()[-1] == "interrupted; the last good build is kept"
    assert (out, "Traceback" in err) == ("", False)
    assert state(changed.folder / "build") == before


def test_ctrl_c_ends_a_query_that_takes_long(bees: Bees, tmp_path: Path) -> None:
    slow = tmp_path / "slow.rq"
    pairs = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(4))
    slow.write_text(f"SELECT (COUNT(*) AS ?n) {{ {pairs} FILTER(STR(?a0) > STR(?c3)) }}", "utf-8")
    process = start(bees.folder, "query", str(slow))
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert process.returncode in (130, -signal.SIGINT)
    assert err.splitlines()[-1] == "interrupted; the last good build is kept"


@pytest.mark.parametrize(
    "args",
    [["query", "treated-mites"], ["query", "--list"], ["export"], ["validate"], ["network"], ["schema"]],
)
def test_a_closed_pipe(bees: Bees, args: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = start(bees.folder, *args, stdout=writer)
    os.close(writer)
    _, err = process.communicate()
    assert process.returncode == 0
    assert "rror" not in err and "Broken" not in err
