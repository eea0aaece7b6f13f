"""Memory that runs short, and processes that are ended: it is told, and nothing is left half done."""

from __future__ import annotations

import os
import pty
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from bees import HIVE, Bees

from kg import files, store
from kg.errors import ShortageError
from kg.processes import beside, shortage, underway

ROOT = Path(__file__).parent.parent
KG = (sys.executable, "-m", "kg")
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir() or not hasattr(os, "memfd_create"),
    reason="the process that waits is Linux's, and so is /proc, by which the test finds the one that works",
)

ROW = "f1786c6f"
"""The key of the first row of that answer."""

SHORT = re.compile(
    r"error memory ran short while \S.+: the process had \d+ MB and was refused more; the limit is \d+ MB of "
    r"address space \(ulimit -v\), in which what is only reserved counts too; give it more "
    r"\(ulimit -v unlimited\).*; the last good build is kept\n"
)


def surroundings(**more: str) -> dict[str, str]:
    own = {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": ""}
    return {k: v for k, v in os.environ.items() if k not in ("KG_DEBUG", "KG_PROGRESS")} | own | more


def start(
    folder: Path, *args: str, before: Callable[[], object] = lambda: None, code: str = ""
) -> subprocess.Popen[str]:
    """`kg` with its arguments, or a program, in a folder; it tells its steps, and hears Ctrl-C."""

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        before()

    pipe, command = subprocess.PIPE, [sys.executable, "-c", code] if code else KG
    return subprocess.Popen(
        [*command, *args], cwd=folder, env=surroundings(KG_PROGRESS="1"), stdout=pipe, stderr=pipe, text=True,
        preexec_fn=prepare,
    )  # fmt: skip


def worker(process: subprocess.Popen[str]) -> int:
    """The process that works, of the one that waits for it."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not (found := children.read_text().split()):
        time.sleep(0.005)
    return int(found[0])


def runs(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def soon(true: Callable[[], bool]) -> bool:
    """Whether something comes true within a minute."""
    return any(true() or time.sleep(0.02) for _ in range(3000))


def until(process: subprocess.Popen[str], step: str) -> None:
    """Wait until a build tells of a step."""
    assert process.stderr
    assert any(step in line for line in process.stderr), f"it ended before it came to “{step}”"


def whole(folder: Path) -> store.Built:
    """The last good build, of which all parts hold the same number of quads."""
    built = store.current(folder / "build")
    assert built is not None and len(built.store) == len(built.quads()) == built.manifest["quads"]
    return built


def unfinished(folder: Path) -> set[str]:
    """What builds that did not come to their end have left."""
    builds = (folder / "build").glob("build-*")
    left = {path.name for path in builds if not (path / store.MANIFEST).exists()}
    return left | {path.name for path in folder.rglob(".kg-*")}


# --- limits of memory


SPARE = 1_000_000_000
"""Each thread may reserve 64 MB for itself, or not."""


@cache
def needs(folder: Path, *args: str) -> int:
    """The address space that a command takes, or without one what Python takes to start, in bytes."""
    told = (
        "import sys; print(open('/proc/self/status').read().split('VmPeak:')[1].split()[0], file=sys.stderr)"
    )
    code = f"from kg.cli.main import run; run({list(args)!r}); {told}" if args else told
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stderr.split()[-1]) * 1024


def limited(folder: Path, size: int, *args: str) -> subprocess.CompletedProcess[str]:
    """`kg` with so many bytes of address space."""
    return subprocess.run(
        [*KG, *args],
        cwd=folder,
        env=surroundings(RUST_BACKTRACE="1"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size)),
    )


def between(low: int, high: int, number: int) -> list[int]:
    return [low + (high - low) * n // (number - 1) for n in range(number)]


def test_a_build_with_too_little_memory_says_so_and_keeps_the_last(own: Bees) -> None:
    """Eight limits, from what Python takes to start to more than the build takes."""
    assert own("build").code == 0
    folder, kilos, codes = own.folder, 19, []
    most = needs(folder, "build")
    for size in between(needs(folder) * 5 // 4, most + SPARE, 8):
        own.change(HIVE, f"kilos: {kilos}", f"kilos: {kilos + 1}")
        kilos += 1
        before = store.current(folder / "build")
        done = limited(folder, size, "build")
        codes.append(done.returncode)
        if done.returncode == 0:
            assert re.fullmatch(r"(warning .+\n)?4 cases: .+\n", done.stderr)
            assert f'"{kilos}"' in whole(folder).graph.read_text(encoding="utf-8")
            continue
        assert (done.returncode, done.stdout) == (3, "") and SHORT.fullmatch(done.stderr), done.stderr
        assert whole(folder) == before and unfinished(folder) == set()
    assert codes[0] == 3 and codes[-1] == 0, f"the limits were not those that tell: {codes}"


@pytest.mark.parametrize(
    "args",
    [
        ("query", "honey-by-apiary", "-f", "csv"),
        ("validate", "-f", "json"),
        ("export", "-f", "nquads"),
        ("explain", "honey-by-apiary", "--row", ROW),
    ],
    ids=lambda args: args[0],
)
def test_a_command_with_too_little_memory_says_so_and_writes_no_half_file(
    bees: Bees, tmp_path: Path, args: tuple[str, ...]
) -> None:
    usual = subprocess.run(
        [*KG, *args], cwd=bees.folder, env=surroundings(), capture_output=True, text=True, check=False
    )
    most, codes = needs(bees.folder, *args), []
    for number, size in enumerate(between(needs(bees.folder) * 5 // 4, most + SPARE, 4)):
        output = tmp_path / f"out-{number}"
        done = limited(bees.folder, size, *args, "-o", str(output))
        codes.append(done.returncode)
        if SHORT.fullmatch(done.stderr):
            assert (done.returncode, done.stdout, output.exists()) == (3, "", False)
        else:
            assert done.returncode == usual.returncode and "Traceback" not in done.stderr, done.stderr
            assert output.exists() == bool(usual.stdout)
            assert not usual.stdout or output.read_text(encoding="utf-8") == usual.stdout
    assert codes[0] == 3 and codes[-1] == usual.returncode
    assert list(tmp_path.glob(".*")) == []


# --- processes that are ended


@pytest.fixture
def changed(own: Bees) -> Bees:
    """A copy with its build, and with a change that is to be built."""
    assert own("build").code == 0
    own.change(HIVE, "kilos: 19", "kilos: 20")
    return own


@pytest.mark.parametrize("step", ["reading", "inferring", "checking", "storing"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT], ids=lambda number: number.name)
def test_a_build_whose_process_is_ended_says_where_and_leaves_nothing(
    changed: Bees, step: str, number: signal.Signals
) -> None:
    before = store.current(changed.folder / "build")
    process = start(changed.folder, "build")
    at_work = worker(process)
    until(process, step)
    with suppress(ProcessLookupError):  # it was done already
        os.kill(at_work, number)
    out, err = process.communicate(timeout=60)
    if process.returncode == 0:
        assert step == "storing"
        return
    assert (process.returncode, out) == (3 if number == signal.SIGKILL else process.returncode, "")
    last = err.splitlines()[-1]
    if number == signal.SIGKILL:
        assert re.match(
            rf"error the process was ended from outside \(SIGKILL\) while {step}[^;]*: by hand", last
        )
    else:
        assert process.returncode in (3, 70)
        assert re.match(rf"error (memory ran short|a bug .+ was ended by SIGABRT) while {step}", last)
    assert "the last good build is kept" in last and not runs(at_work)
    assert unfinished(changed.folder) == set()
    assert step == "storing" or whole(changed.folder) == before
    assert changed("build").code == 0, "nobody holds the lock"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGUSR1])
def test_a_signal_is_passed_on(changed: Bees, number: signal.Signals) -> None:
    process = start(changed.folder, "build")
    at_work = worker(process)
    until(process, "reading")
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    if number == signal.SIGINT:
        assert process.returncode in (130, -number)
        assert err.splitlines()[-1] == "interrupted; the last good build is kept"
    else:
        assert (process.returncode, "error" in err) == (-number, False)
    assert not runs(at_work) and unfinished(changed.folder) == set()


def test_the_process_that_works_ends_with_the_one_that_waits(changed: Bees) -> None:
    process = start(changed.folder, "build", "--watch")
    at_work = worker(process)
    process.kill()
    process.communicate(timeout=60)
    assert soon(lambda: not runs(at_work))


def test_ctrl_c_at_a_terminal_is_heard_once(changed: Bees) -> None:
    """The terminal sends it to both; what is on the terminal is still seen as one."""
    person, terminal = pty.openpty()
    process = subprocess.Popen(
        [*KG, "build", "--watch"],
        cwd=changed.folder, env=surroundings(), stdin=terminal, stdout=terminal, stderr=terminal,
        start_new_session=True,
        preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR)),  # the terminal of the session
    )  # fmt: skip
    os.close(terminal)
    seen = b""
    while b"statements" not in seen:
        seen += os.read(person, 1000)
    os.write(person, b"\x03")
    with suppress(OSError):  # the terminal is closed
        while more := os.read(person, 1000):
            seen += more
    os.close(person)
    assert process.wait(60) == 0
    assert seen.count(b"no longer watching; the last good build is kept") == 1
    assert b"  reading" in seen, "steps are told to a person"


def test_exit_codes_are_those_of_the_command(bees: Bees) -> None:
    ignored = {"preexec_fn": lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN)}
    for args, code in {
        ("query", "nothing-such"): 2,
        ("query", "honey-by-apiary"): 0,
        ("explain", "no"): 2,
    }.items():
        for more in ({}, ignored):
            done = subprocess.run(
                [*KG, *args], cwd=bees.folder, env=surroundings(), capture_output=True, check=False, **more
            )
            assert done.returncode == code


def ended(tmp_path: Path, code: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A process that does something else in place of a build, and for which another waits."""
    program = f"import os, sys\nfrom kg.processes import supervisor\nsupervisor.supervise(['build'])\n{code}"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path, env=surroundings(**more), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_what_libraries_say_is_told_where_it_is_not_about_memory(tmp_path: Path) -> None:
    said = "os.write(2, b'a warning\\n'); print('told', file=sys.stderr); "
    for code in (0, 1, 70):
        done = ended(tmp_path, f"{said}os._exit({code})")
        assert (done.returncode, done.stderr) == (code, "told\na warning\n")
    refused = "os.write(2, b'memory allocation of 9 bytes failed\\n'); "
    assert ended(tmp_path, f"{refused}os._exit(3)").stderr == ""
    assert (
        ended(tmp_path, f"{refused}os._exit(3)", KG_DEBUG="1").stderr
        == "memory allocation of 9 bytes failed\n"
    )
    done = ended(tmp_path, f"{refused}os.abort()")
    assert done.returncode == 3 and done.stderr.startswith(
        "error memory ran short while starting: the process had"
    )
    thread = "os.write(2, b'what():  Resource temporarily unavailable\\n'); os.abort()"
    if not shortage.control_group():
        assert ended(tmp_path, thread).stderr.startswith("error no thread could be started while starting: ")


def test_a_crash_that_is_not_about_memory_is_a_bug(tmp_path: Path) -> None:
    if shortage.control_group() or shortage.address_space():
        pytest.skip("memory is limited here, so that any crash may come of it")
    done = ended(tmp_path, "os.write(2, b'assertion failed\\n'); os.abort()")
    assert done.returncode == 70
    assert done.stderr.startswith(
        "error a bug of kg or of a library: it was ended by SIGABRT while starting (assertion failed); "
    )


def test_a_process_that_may_not_take_longer_is_ended_as_ever(tmp_path: Path) -> None:
    spin = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n"
    program = f"{spin}from kg.processes import supervisor\nsupervisor.supervise(['build'])\nwhile True: pass"
    done = subprocess.run(
        [sys.executable, "-c", program], env=surroundings(), cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, b"")


# --- processes beside a build


@pytest.fixture
def tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of work for processes beside this one."""
    code = "import os, time\nfrom kg.processes import shortage\ndef short(): raise MemoryError\n"
    code += "def large(): filled = bytes([1]) * (shortage.peak() + 10**8); os.abort()\n"
    code += "def broken(): return 1 // 0\ndef idle(): time.sleep(300)\n"
    (tmp_path / "some_tasks.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("some_tasks:short", "memory ran short while starting: the helper was refused more"),
        ("os:abort", "memory ran short while starting: the helper was refused more"),
        ("some_tasks:large", "memory ran short while starting: the helper had"),
        ("some_tasks:broken", "the helper has ended with 1 while starting, before it was done"),
    ],
)
@pytest.mark.usefixtures("tasks")
def test_why_a_process_beside_this_one_has_ended(
    task: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    underway.step(underway.START)
    with beside.Helper(task) as helper:
        assert helper.stdout.read() == b""
        assert helper.why("the helper").startswith(said)
    assert ("Traceback" in capfd.readouterr().err) == task.endswith("broken"), "only of a bug"


@pytest.mark.usefixtures("tasks")
def test_a_process_beside_one_that_is_killed_ends_at_once(tmp_path: Path) -> None:
    code = (
        f"import sys, time; sys.path.insert(0, {str(tmp_path)!r}); from kg.processes.beside import Helper\n"
        "helper = Helper('some_tasks:idle'); print(helper.process.pid, flush=True); time.sleep(60)"
    )
    caller = start(tmp_path, code=code)
    assert caller.stdout
    helper = int(caller.stdout.readline())
    assert runs(helper)
    caller.kill()
    caller.communicate()
    assert soon(lambda: not runs(helper))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT], ids=lambda number: number.name)
def test_a_process_that_fills_a_store_and_is_ended_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setattr(store, "WORTHWHILE", 0)
    begin = beside.Helper.__init__

    def begun(self: beside.Helper, *args: str, env: Mapping[str, str] | None = None) -> None:
        begin(self, *args, env=env)
        self.process.send_signal(number)

    monkeypatch.setattr(beside.Helper, "__init__", begun)
    underway.step(underway.START)
    who = "the process that fills the store"
    said = {
        signal.SIGKILL: f"{who} was ended from outside (SIGKILL) while starting: by hand, or because memory "
        "ran short; the limit is ",
        signal.SIGABRT: f"memory ran short while starting: {who} was refused more; the limit is ",
    }[number]
    with pytest.raises(ShortageError, match=re.escape(said)), store.making(tmp_path) as target:
        (target / store.GRAPH).write_bytes(b"<urn:a> <urn:b> <urn:c> .\n")
        store.fill(target)
    assert list(tmp_path.iterdir()) == []


# --- what may be known of limits


@pytest.mark.parametrize(
    ("groups", "limits", "size"),
    [
        ("0::/a/b\n", {"a/b/memory.max": "max", "a/memory.max": "5000000"}, 5_000_000),
        ("0::/a/b\n", {"a/b/memory.max": "4000000", "a/memory.max": "5000000"}, 4_000_000),
        ("0::/a\n", {"a/memory.max": "max"}, None),
        ("0::/\n", {"memory.max": "7000000"}, 7_000_000),
        ("0::/../x\n", {}, None),
        ("4:memory:/a\n0::/\n", {"memory/a/memory.limit_in_bytes": "6000000"}, 6_000_000),
        ("4:cpu,memory:/a\n", {"memory/a/memory.limit_in_bytes": str(2**63 - 4096)}, None),
        ("4:memory:/of-the-host\n", {"memory/memory.limit_in_bytes": "3000000"}, 3_000_000),
        ("no such line\n", {}, None),
        (None, {}, None),
    ],
)
def test_limits_of_control_groups(
    tmp_path: Path, groups: str | None, limits: dict[str, str], size: int
) -> None:
    for name, text in limits.items():
        path = tmp_path / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    if groups is not None:
        (tmp_path / "proc/self").mkdir(parents=True)
        (tmp_path / "proc/self/cgroup").write_text(groups, encoding="utf-8")
    found = shortage.control_group(tmp_path)
    assert (found and found.size) == size


@pytest.mark.parametrize(
    ("exc", "meant"),
    [
        (MemoryError(), True),
        (OSError(12, "Cannot allocate memory"), True),
        (OSError(28, "No space left on device"), False),
        (ImportError("a.so: failed to map segment from shared object"), True),
        (ImportError("No module named 'nothing'"), False),
        (RuntimeError("can't start new thread"), True),
        (RuntimeError("memory"), False),
        (SystemError("error return without exception set"), True),
        (SystemError("bad argument to internal function"), False),
        (ValueError("memory allocation of 9 bytes failed"), False),
    ],
    ids=repr,
)
def test_which_exceptions_mean_that_memory_is_short(exc: BaseException, meant: bool) -> None:
    assert shortage.is_meant(exc) == meant


def test_what_is_plainly_too_much_is_told_before(bees: Bees, tmp_path: Path) -> None:
    """It is a warning: the work is tried."""
    large, least = tmp_path / "large.nt", needs(bees.folder, "validate") + SPARE
    with large.open("wb") as file:
        file.truncate(2 * least)
    done = limited(bees.folder, least, "validate", str(large), "--shapes", str(tmp_path / "none.ttl"))
    takes, limit = shortage.amount(round(2.6 * least)), shortage.amount(least)
    warning = done.stderr.splitlines()[0]
    assert warning.startswith(
        f"warning memory may run short: this takes {takes} or more, and the limit is {limit}"
    )
    assert done.returncode == 3 and "none.ttl" in done.stderr.splitlines()[1]
    small = limited(bees.folder, least, "validate", "-f", "json")
    assert (small.returncode, "may run short" in small.stderr) == (0, False), "nothing where there is room"


# --- files put in place whole


@pytest.mark.parametrize("exc", [MemoryError, KeyboardInterrupt, OSError])
def test_a_file_stays_as_it_was_whatever_happens(tmp_path: Path, exc: type[BaseException]) -> None:
    def parts() -> Iterator[bytes]:
        yield b"half"
        raise exc

    path = tmp_path / "file"
    path.write_text("before", encoding="utf-8")
    path.chmod(0o640)
    for target in (path, tmp_path / "new"):
        with pytest.raises(exc):
            files.put(target, parts())
    assert (path.read_text(encoding="utf-8"), [p.name for p in tmp_path.iterdir()]) == ("before", ["file"])
    link = tmp_path / "link"
    link.symlink_to(path)
    files.put(link, [b"after"])
    assert link.is_symlink() and path.read_text(encoding="utf-8") == "after"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_device_is_written_as_it_is() -> None:
    files.put(Path(os.devnull), [b"anything"])
    assert not Path(os.devnull).is_file()


def test_notes_are_read_by_another_process(tmp_path: Path) -> None:
    file = os.memfd_create("notes")
    assert underway.read(file) == (underway.START, [])
    underway.note_in(file)
    try:
        with underway.unfinished(tmp_path / "a"), underway.unfinished(tmp_path / "b"):
            underway.step("storing the graph")
            assert underway.read(file) == ("storing the graph", [str(tmp_path / "a"), str(tmp_path / "b")])
            underway.finished(tmp_path / "b")
            assert underway.read(file)[1] == [str(tmp_path / "a")]
        underway.step("x")
        assert underway.read(file) == ("x", [])
    finally:
        underway._notes.file = None
        os.close(file)
