"""What all commands share: help, exit codes, streams, interruption, and never a traceback."""

from __future__ import annotations

import errno
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import click
import pytest
from bees import HIVE, Bees

from kg import __version__, store
from kg.cli.main import COMMANDS, EXIT_CODES, hear, run
from kg.errors import DefinitionError, InputError, KGError, RemoteError, UsageError

ROOT = Path(__file__).parent.parent
HEAVY = ("rdflib", "pyshacl", "owlready2", "networkx", "edtf", "prettytable", "owlrl")
KG = [sys.executable, "-m", "kg"]


def env(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "KG_DEBUG", "KG_PROGRESS")}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def kg(folder: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`kg` in a process of its own."""
    return subprocess.run(
        [*KG, *args], cwd=folder, env=env(**more), capture_output=True, text=True, check=False
    )


# --- help and version ---------------------------------------------------------------------


def test_help_lists_every_command_without_importing_one() -> None:
    code = "import sys; from kg.cli.main import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = re.findall(r"^  ([a-z]+)  +\w", done.stdout.partition("Commands:")[2], re.M)
    assert listed == list(COMMANDS)
    modules = done.stderr.split()
    assert {m for m in modules if m.startswith("kg.cli.")} == {"kg.cli.main"}
    assert not [m for m in modules if m.split(".")[0] in HEAVY]


def test_the_version_is_told_at_once() -> None:
    code = "import sys; from kg.cli.main import run; run(['--version']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == f"kg, version {__version__}\n"
    assert not [m for m in done.stderr.split() if m.split(".")[0] in HEAVY]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(bees: Bees, command: str) -> None:
    for option in ("--help", "-h"):
        said = bees(command, option)
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith(f"Usage: kg {command} ")
        told = said.out.partition("\n\n")[2].partition("Options:")[0].split()
        assert len(told) > 5, "a sentence says what it does"


def test_the_table_of_exit_codes_is_that_of_the_errors() -> None:
    assert {e.exit_code for e in (UsageError, InputError, DefinitionError, RemoteError, KGError)} <= set(
        EXIT_CODES
    )


# --- what is mistyped ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (["expotr"], "Error: no command “expotr”; did you mean “export”?"),
        (["zzz"], "Error: no command “zzz”"),
        (["query", "--lnag", "en"], "Error: No such option '--lnag'. Did you mean '--lang'?"),
        (["--nope"], "Error: No such option '--nope'."),
        (["export", "nope"], "Error: Got unexpected extra argument (nope)"),
        (["new"], "Error: Missing argument 'ID'."),
        (["-C"], "Error: Option '-C' requires an argument."),
    ],
)
def test_what_is_mistyped_is_told_with_what_was_meant(bees: Bees, args: list[str], what: str) -> None:
    said = bees(*args)
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines()[-1] == what


def test_without_a_command_there_is_help(bees: Bees) -> None:
    said = bees()
    assert said.code == 2 and "Commands:" in said.out + said.err


# --- exit codes, each by what really happens ----------------------------------------------


def break_value(own: Bees) -> None:
    own.change(HIVE, "count: 14", "count: -3")


def break_case(own: Bees) -> None:
    own.change(HIVE, "title: {en: Hive", "title: {en: {Hive")


def break_settings(own: Bees) -> None:
    own.write("kg.toml", "base = 7\n")


def break_ontology(own: Bees) -> None:
    own.write("ontology/axioms.ttl", "<a")


def break_question(own: Bees) -> None:
    own.write("queries/questions/treated-mites.rq", "SELECT ?x { ?x nope:p ?y }")


def break_answer(own: Bees) -> None:
    own.change("queries/expected/honey-by-apiary.csv", "19,1", "18,1")


def break_quote(own: Bees) -> None:
    own.change(HIVE, "fourteen mites", "fifteen mites")


def nothing(_own: Bees) -> None:
    """All is well."""


SITUATIONS: list[tuple[int, Callable[[Bees], None], list[str]]] = [
    (0, nothing, ["build"]),
    (0, nothing, ["validate"]),
    (0, nothing, ["query", "treated-mites"]),
    (0, nothing, ["evidence"]),
    (0, nothing, ["doctor"]),
    (1, break_value, ["validate"]),
    (1, break_value, ["build"]),
    (1, break_answer, ["doctor"]),
    (1, break_quote, ["evidence"]),
    (2, nothing, ["query", "treated-mice"]),
    (2, nothing, ["export", "--case", "nobody"]),
    (2, nothing, ["query", "treated-mites", "-p", "nope=1"]),
    (2, nothing, ["-C", "nowhere", "build"]),
    (3, break_case, ["validate"]),
    (3, break_case, ["build"]),
    (3, break_case, ["query", "treated-mites"]),
    (3, break_case, ["export"]),
    (3, break_case, ["network"]),
    (3, break_case, ["doctor"]),
    (3, nothing, ["export", "-o", "nowhere/a.ttl"]),
    (3, nothing, ["evidence", "--sources", "nowhere"]),
    (4, break_ontology, ["build"]),
    (4, break_ontology, ["validate"]),
    (4, break_ontology, ["schema"]),
    (4, break_ontology, ["evidence"]),
    (4, break_question, ["query", "treated-mites"]),
    (4, break_settings, ["query", "--list"]),
]


@pytest.mark.parametrize(
    ("code", "situation", "args"), SITUATIONS, ids=[f"{c} {' '.join(a)}" for c, _, a in SITUATIONS]
)
def test_an_exit_code_says_what_happened(
    own: Bees, code: int, situation: Callable[[Bees], None], args: list[str]
) -> None:
    situation(own)
    said = own(*args)
    assert said.code == code, said
    assert "Traceback" not in said.out + said.err
    if code in (2, 3, 4) and not said.out:
        assert all(line.startswith("error ") for line in said.err.splitlines() if "building" not in line)


def test_results_are_on_stdout_and_all_else_on_stderr(own: Bees) -> None:
    built = own("build")
    assert built.out == "" and "4 cases" in built.err
    break_case(own)
    asked = own("query", "treated-mites", "-f", "csv")
    assert asked.out == "" and asked.err.startswith("the files have changed")


@pytest.mark.parametrize(
    "args",
    [["build"], ["query", "treated-mites"], ["network"], ["doctor"], ["evidence"], ["export"]],
    ids=" ".join,
)
def test_a_quiet_command_says_only_its_result(
    own: Bees, args: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_PROGRESS", "1")
    loud, quiet = own(*args), own("--quiet", *args)
    assert quiet.err == "" and quiet.out == loud.out
    assert loud.err, "the first time there is something to be said"


# --- bugs, memory, disks ------------------------------------------------------------------


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """A command `fail` that fails with `error`: a bug that we have not made yet."""

    @click.command()
    def command() -> None:
        raise error

    module = ModuleType("kg.cli.fail")
    module.command = command  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "kg.cli.fail", module)
    monkeypatch.setitem(COMMANDS, "fail", "Fail.")


def test_a_bug_of_ours_is_told_as_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, ZeroDivisionError("by nought"))
    monkeypatch.delenv("KG_DEBUG", raising=False)
    assert run(["fail"]) == 70
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "error a bug of kg itself: ZeroDivisionError: by nought\n"
        "  run it again with KG_DEBUG=1 for the details, and please report it\n"
    )
    monkeypatch.setenv("KG_DEBUG", "1")
    assert run(["fail"]) == 70
    assert "raise error\nZeroDivisionError: by nought\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (MemoryError(), 3, "error memory ran short while "),
        (KeyboardInterrupt(), 130, "interrupted; the last good build is kept\n"),
        (FileNotFoundError(errno.ENOENT, "No such file"), 70, "error a bug of kg itself: FileNotFoundError"),
        (InputError.all([]), 3, ""),
    ],
    ids=["memory", "interrupt", "a file that we forgot", "no fault"],
)
def test_what_ends_a_command_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    failing(monkeypatch, error)
    assert run(["fail"]) == code
    err = capsys.readouterr().err
    assert err.lstrip().startswith(said) and bool(err) == bool(said) and "Traceback" not in err


@pytest.mark.parametrize(
    "error", [SystemError("a callback failed"), InputError.all([])], ids=["bug", "fault"]
)
def test_ctrl_c_is_told_whatever_a_library_makes_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    failing(monkeypatch, error)
    monkeypatch.setitem(run.__globals__, "_heard", [])
    with pytest.raises(KeyboardInterrupt):
        hear(signal.SIGINT, None)
    assert run(["fail"]) == 130
    assert capsys.readouterr().err.strip() == "interrupted; the last good build is kept"


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")


def test_the_version_is_told_without_loading_the_command_line() -> None:
    code = "import sys; from kg.__main__ import main; sys.argv = ['kg', '-V']; main(); print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    version, loaded = said.splitlines()
    assert version == f"kg, version {__version__}"
    assert not {"click", "pyoxigraph", "kg.cli", "typing"} & set(loaded.split())
    assert (
        subprocess.run([*KG, "-q", "--version"], capture_output=True, text=True, check=True).stdout
        == version + "\n"
    )


@needs_full
@pytest.mark.parametrize("args", [["export"], ["query", "--list"], ["--version"]], ids=" ".join)
def test_output_that_cannot_be_written_is_no_bug(bees: Bees, args: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*KG, *args],
            cwd=bees.folder,
            env=env(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr == "error the output cannot be written: No space left on device\n"


# --- pipes and terminals ------------------------------------------------------------------


PIPES = [
    "export -f nquads | head -1",
    "query --list | true",
    "validate | true",
    "--help | true",
    "doctor -h | true",
]


@pytest.mark.parametrize("pipe", PIPES)
def test_a_pipe_that_nobody_reads_any_more_ends_in_silence(bees: Bees, pipe: str) -> None:
    args, reader = pipe.split(" | ")
    script = f"{{ {sys.executable} -m kg -q {args}; echo $? >&2; }} | {reader} >/dev/null"
    done = subprocess.run(
        ["sh", "-c", script], cwd=bees.folder, env=env(), capture_output=True, text=True, check=True
    )
    assert done.stderr == "0\n"


def test_an_output_that_is_closed_is_no_failure(bees: Bees) -> None:
    for closed in (">&-", ">&- 2>&-"):
        script = f"{sys.executable} -m kg query treated-mites -f csv {closed}"
        done = subprocess.run(
            ["sh", "-c", script], cwd=bees.folder, env=env(), capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")


def test_letters_that_the_output_cannot_take_are_replaced(bees: Bees) -> None:
    done = kg(bees.folder, "query", "--list", "--lang", "de", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and "?" in done.stdout
    assert "Völker" in kg(bees.folder, "query", "--list", "--lang", "de", PYTHONIOENCODING="utf-8").stdout


def on_a_terminal(folder: Path, *args: str, **more: str) -> str:
    """What `kg` writes on stderr where that is a terminal."""
    reader, writer = pty.openpty()
    process = subprocess.Popen(
        [*KG, *args],
        cwd=folder,
        env=env(**more),
        stdout=subprocess.DEVNULL,
        stderr=writer,
        stdin=subprocess.DEVNULL,
    )
    os.close(writer)
    found = b""
    try:
        while data := os.read(reader, 4096):
            found += data
    except OSError:
        pass  # on Linux a terminal that nobody writes to any more ends so
    process.wait()
    os.close(reader)
    return found.decode()


def test_errors_have_a_colour_on_a_terminal_unless_it_is_not_wanted(bees: Bees) -> None:
    coloured = on_a_terminal(bees.folder, "query", "nobody")
    assert "\x1b[31m" in coloured and "no question and no file “nobody”" in coloured
    plain = on_a_terminal(bees.folder, "query", "nobody", NO_COLOR="1")
    assert plain.startswith("error no question") and "\x1b" not in plain
    assert "\x1b" not in kg(bees.folder, "query", "nobody").stderr, "nor in a pipe"


def test_progress_is_told_on_a_terminal_only(own: Bees) -> None:
    assert "inferring from" in on_a_terminal(own.folder, "build", "--no-validate")
    assert on_a_terminal(own.folder, "--quiet", "build", "--no-validate") == ""
    assert "inferring" not in kg(own.folder, "build", "--no-validate").stderr


# --- interruption -------------------------------------------------------------------------


def _heed() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("step", ["reading", "checking"])
def test_an_interrupted_build_keeps_the_last_one(own: Bees, step: str) -> None:
    own("-q", "build")
    before = store.current(own.folder / "build")
    assert before is not None
    own.change(HIVE, "kilos: 19", "kilos: 20")
    command = [*KG, "build"]
    with subprocess.Popen(
        command,
        cwd=own.folder,
        env=env(KG_PROGRESS="1"),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heed,  # a runner in the background of a shell hands down that Ctrl-C is to be ignored
    ) as process:
        assert process.stderr
        said = ""
        while step not in said:
            said = process.stderr.readline()
            assert said, "the build ended before it was interrupted"
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130
    assert rest.splitlines()[-1] == "interrupted; the last good build is kept" and "Traceback" not in rest
    assert store.current(own.folder / "build") == before
    assert len(before.store) == before.manifest["quads"]
    assert own("-q", "build").code == 0


# --- whatever is typed --------------------------------------------------------------------

ODD = [
    ["-C", "/dev/null", "build"],
    ["-C", "kg.toml", "build"],
    ["-C", "", "build"],
    ["query", ""],
    ["query", "."],
    ["query", "kg.toml"],
    ["query", "\udcff"],
    ["query", "../../etc/passwd"],
    ["query", "treated-mites", "-f", ""],
    ["query", "treated-mites", "-o", "."],
    ["query", "treated-mites", "--lang", "xx"],
    ["query", "treated-mites", "-p", "="],
    ["export", "-f", ""],
    ["export", "-o", ""],
    ["export", "-o", "."],
    ["export", "--case", ""],
    ["export", "--case", "../.."],
    ["validate", ""],
    ["validate", "."],
    ["validate", "/dev/null"],
    ["validate", "\udcff.yaml"],
    ["validate", "--lang", "xx"],
    ["build", "--lang", "xx"],
    ["evidence", ""],
    ["evidence", "/dev/null"],
    ["evidence", "\udcff.yaml"],
    ["evidence", "--sources", ""],
    ["network", ""],
    ["network", "-o", "."],
    ["network", "--lang", ""],
    ["schema", "nothing"],
    ["schema", "-o", "."],
    ["new", ""],
    ["new", "../x"],
    ["init", "."],
    ["init", "kg.toml"],
]


@pytest.mark.parametrize("args", ODD, ids=lambda a: " ".join(repr(each)[1:-1] for each in a))
def test_whatever_is_typed_there_is_no_bug(own: Bees, args: list[str]) -> None:
    said = own(*args)
    assert said.code in set(EXIT_CODES) - {70}, said
    assert "Traceback" not in said.out + said.err and "a bug of kg" not in said.err


ANSWERING = [
    ["query", "treated-mites"],
    ["query", "treated-mites", "--explain"],
    ["explain", "hive-three-2021", "InfestedYear"],
    ["cite", "hive-three-2021"],
    ["network"],
    ["diff", "."],
]


@pytest.mark.parametrize("args", ANSWERING, ids=" ".join)
def test_a_suffix_or_language_that_nobody_has_is_refused(bees: Bees, tmp_path: Path, args: list[str]) -> None:
    said = bees(*args, "-o", str(tmp_path / "found.docx"))
    assert (said.code, (tmp_path / "found.docx").exists()) == (2, False)
    assert "found.docx: the suffix names no format; name one with -f, or use one of .txt, " in said.err
    for name in ("found.TXT", "found"):
        assert bees(*args, "--lang", "de-AT", "-o", str(tmp_path / name)).code == 0
    assert (tmp_path / "found.TXT").read_bytes() == (tmp_path / "found").read_bytes()
    said = bees(*args, "--lang", "xx")
    assert (said.code, said.out) == (2, "")
    assert "nothing is said in the language “xx”; use one of en, da, nb, nn, sv, de" in said.err


DAMAGED = {
    "kg.toml": b"\x00",
    HIVE: b"\xff\xfe\x00",
    "data/cases/garden.jsonl": b"[[[[",
    "data/cases/hive-five-2021.ttl": b"\x00\x01",
    "data/reference/colony.csv": b'"',
    "data/sources/heath-diary.yaml": b"{",
    "data/evidence.lock": b"[1, 2",
    "ontology/bees.ttl": b"<",
    "ontology/context.jsonld": b"[]",
    "ontology/shapes.ttl": b"\xff",
    "ontology/shortcuts.ttl": b"x",
    "queries/questions/treated-mites.rq": b"\xff",
    "queries/networks/pasture.rq": b"SELECT",
    "queries/expected/honey-by-apiary.csv": b"\xff",
    "texts/heath-diary.txt": b"\xff",
}


@pytest.mark.parametrize("file", DAMAGED)
def test_whatever_is_in_a_file_there_is_no_bug(own: Bees, file: str) -> None:
    (own.folder / file).write_bytes(DAMAGED[file])
    codes = set()
    for args in (
        ["build", "--no-validate"],
        ["query", "treated-mites"],
        ["evidence"],
        ["network"],
        ["doctor"],
    ):
        said = own(*args)
        codes.add(said.code)
        assert said.code in set(EXIT_CODES) - {70}, said
        assert "Traceback" not in said.out + said.err
    assert codes - {0} or file == "data/evidence.lock", "somebody has to notice"
