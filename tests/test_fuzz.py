"""Whatever stands in a file: a clear line and a documented exit code, never a traceback, and nothing is lost.

The files of the second domain, and the cases of this one, are changed by `mutants.py` and go through the real
commands. `KG_FUZZ=100` tries a hundred times as many (CONTRIBUTING.md says when).
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import shutil
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from bees import HERE, SHOWN, Said
from hypothesis import HealthCheck, given, note, reject, settings, strategies as st
from mutants import encoded, mutants
from pyoxigraph import Literal, Quad, Store
from reading import ROOT, onto

from kg import answers, cases, fixes, formats, questions
from kg.cli.main import EXIT_CODES, run
from kg.context import Kind
from kg.errors import InputError, KGError
from kg.fixes import Facts, files as fixing
from kg.lsp import documents, findings
from kg.lsp.ground import Ground
from kg.names import XSD, Names
from kg.workspace import Workspace

TIMES = int(os.environ.get("KG_FUZZ", "1"))
"""How many times as many examples are tried as in the tests of every day."""

PLACE = r"(?P<path>[^:\s][^:]*?)(?::(?P<line>\d+))?(?::(?P<column>\d+))?"
FINDING = re.compile(rf"{PLACE} (?P<level>error|warning|info) (?P<what>.+) \[(?P<rule>[^\s\]]+)\]")
ERROR = re.compile(rf"error (?:{PLACE}: )?(?P<what>.+)")


def some(examples: int) -> settings:
    """That many examples, or a multiple of them."""
    return settings(max_examples=examples * TIMES, deadline=None, suppress_health_check=list(HealthCheck))


# --- commands -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Bench:
    """A workspace, the current folder, whose files are changed for one run at a time."""

    folder: Path

    def run(self, file: str, data: bytes, *args: str) -> Said:
        """What `kg ARGS` says while `file` holds `data`."""
        with self.holding(file, data):
            return self(*args)

    @contextlib.contextmanager
    def holding(self, file: str, data: bytes) -> Iterator[Path]:
        """`file`, which holds `data` as long as the block goes on."""
        path = self.folder / file
        before = path.read_bytes() if path.exists() else None
        path.write_bytes(data)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True) if before is None else path.write_bytes(before)

    def __call__(self, *args: str) -> Said:
        with _pipe() as out, _pipe() as err, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(list(args))
            return Said(code, _read(out), _read(err))


def _pipe() -> io.TextIOWrapper:
    """A stream that takes letters and bytes, as a pipe does."""
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8")


def _read(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A copy of the second domain, built."""
    folder = Path(shutil.copytree(HERE, tmp_path_factory.mktemp("fuzz") / "bees"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("NO_COLOR", "1")
        made = Bench(folder)
        assert made("build").code == 0
        yield made


def check(said: Said, folder: Path, data: bytes, file: str) -> None:
    """Nothing is thrown; the exit code is documented; what is wrong is told with its place and its remedy."""
    note(f"exit {said.code}\n{said.out}{said.err}")
    assert said.code in EXIT_CODES and said.code not in (5, 70, 130)
    assert "Traceback" not in said.out + said.err
    lines = [line for line in said.err.splitlines() if line.startswith("error ")]
    assert said.code < 2 or lines or " error " in said.out, "nothing is said"
    for line in lines:
        told = ERROR.fullmatch(line)
        assert told and told["what"].strip()
        assert told["path"] is None or _is_place(told, folder, data, file)


def check_findings(said: Said, folder: Path, data: bytes, file: str) -> None:
    """Each line of what is found has a place that there is, and a rule."""
    for line in said.out.splitlines():
        if line and not SHOWN.match(line):
            told = FINDING.fullmatch(line)
            if told:
                assert _is_place(told, folder, data, file), line
                assert told["rule"] != "input" or "; " in told["what"], f"what to do is not said: {line}"
            else:
                assert re.match(r"\d+ (error|warning|finding)|no |empty|error |warning |and \d|[ <]", line), (
                    line
                )


def _is_place(told: re.Match[str], folder: Path, data: bytes, file: str) -> bool:
    """Whether the place is in a file that there is, on a line that it has."""
    path = folder / told["path"]
    if told["line"] is None or not path.is_file():
        return True
    text = data if told["path"] == file else path.read_bytes()
    lines = len(re.split(rb"\r\n?|\n|\xc2\x85|\xe2\x80[\xa8\xa9]", text))
    return 1 <= int(told["line"]) <= lines and (told["column"] is None or int(told["column"]) >= 1)


def text_of(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


CASE = "data/cases/hive-three-2021.yaml"
GARDEN = "data/cases/garden.jsonl"
TTL = "data/cases/hive-five-2021.ttl"
OTHERS = {suffix: f"data/cases/hive-x.{suffix}" for suffix in ("trig", "nt", "nq", "jsonld", "rdf")}


@cache
def originals(file: str) -> tuple[str, ...]:
    """The texts that take the place of `file`, before they are changed: its own, and others of its kind."""
    suffix = file.rpartition(".")[2]
    if file in OTHERS.values():
        quads = formats.parse(
            text_of(TTL).replace("hive-five-2021", "hive-x").encode(), formats.format_of("ttl")
        )
        return (
            formats.serialize(
                quads, formats.format_of(suffix), {"bee": "https://bees.example.net/ns#"}
            ).decode(),
        )
    folder = (HERE / file).parent
    found = sorted(folder.glob(f"*.{suffix}"))
    own = [text_of(file)]
    return (*own, *(path.read_text("utf-8") for path in found if path.name != Path(file).name))


COMMANDS = (
    "validate", "validate {file}", "validate {file} --strict", "build", "build --no-validate", "doctor",
    "export -f trig", "query treated-mites -f csv", "evidence", "evidence {file}", "validate --fix --diff",
    "validate --fix --diff {file}", "network -f csv", "query --list",
)  # fmt: skip
FOREIGN = "validate {file} --shapes ontology/shapes.ttl --ontology ontology/bees.ttl"


@pytest.mark.parametrize("file", [CASE, GARDEN, TTL, *OTHERS.values()])
@some(5)
@given(data=st.data())
def test_a_case_file(bench: Bench, file: str, data: st.DataObject) -> None:
    mutant = data.draw(mutants(originals(file)))
    foreign = (FOREIGN,) if file in (TTL, *OTHERS.values()) else ()
    command = data.draw(st.sampled_from((*COMMANDS, *foreign))).format(file=file)
    said = bench.run(file, mutant, *command.split())
    check(said, bench.folder, mutant, file)
    if command.startswith("validate") and "--diff" not in command:
        check_findings(said, bench.folder, mutant, file)
    assert said.code in (0, 1, 3)


TABLES = ("data/reference/apiary.csv", "data/reference/colony.csv", "data/sources/heath-diary.yaml")
TEXTS = ("data/evidence.lock", "texts/heath-diary.txt", "queries/expected/treated-mites.csv")


@pytest.mark.parametrize("file", [*TABLES, *TEXTS])
@some(4)
@given(data=st.data())
def test_a_table_a_source_a_text(bench: Bench, file: str, data: st.DataObject) -> None:
    mutant = data.draw(mutants(originals(file)))
    command = data.draw(st.sampled_from(COMMANDS)).format(file=file)
    said = bench.run(file, mutant, *command.split())
    check(said, bench.folder, mutant, file)
    assert said.code in (0, 1, 3)


@some(8)
@given(data=st.data())
def test_the_settings(bench: Bench, data: st.DataObject) -> None:
    mutant = data.draw(mutants(originals("kg.toml")))
    command = data.draw(st.sampled_from(COMMANDS)).format(file=CASE)
    said = bench.run("kg.toml", mutant, *command.split())
    check(said, bench.folder, mutant, "kg.toml")


ONTOLOGY = tuple(f"ontology/{path.name}" for path in sorted((HERE / "ontology").glob("*.*")))


@pytest.mark.parametrize("file", ONTOLOGY)
@some(3)
@given(data=st.data())
def test_the_ontology(bench: Bench, file: str, data: st.DataObject) -> None:
    mutant = data.draw(mutants([text_of(file)]))
    command = data.draw(st.sampled_from(COMMANDS)).format(file=CASE)
    said = bench.run(file, mutant, *command.split())
    check(said, bench.folder, mutant, file)


QUESTIONS = "queries/questions/treated-mites.rq"


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
@some(15)
@given(data=st.data())
def test_a_question(bench: Bench, data: st.DataObject) -> None:
    """What is asked may take as long as it likes: it is asked of an empty store."""
    mutant = data.draw(mutants(originals(QUESTIONS)))
    command = data.draw(
        st.sampled_from(["query treated-mites --show", f"query {QUESTIONS} --show", "query --list"])
    )
    said = bench.run(QUESTIONS, mutant, *command.split())
    check(said, bench.folder, mutant, QUESTIONS)
    with contextlib.suppress(KGError):
        question = questions.parse(formats.decode(mutant, "a.rq"), "a.rq")
        answer = questions.ask(question, Store(), Names())
        for form in () if answer.triples is not None else answers.FORMS:
            answers.render(answer, form, {})


@some(12)
@given(data=st.data())
def test_what_is_found_is_well_formed_in_every_format(bench: Bench, data: st.DataObject) -> None:
    mutant, form = data.draw(mutants(originals(CASE))), data.draw(st.sampled_from(FORMS))
    said = bench.run(
        CASE, mutant, "validate", CASE, "-f", form, "--lang", data.draw(st.sampled_from(LANGUAGES))
    )
    note(said.out + said.err)
    assert said.code in (0, 1, 3)
    PARSED[form](said.out)


def _rdf(text: str, form: str) -> None:
    formats.parse(text.encode(), formats.format_of(form))


LANGUAGES = ("en", "da", "nb", "sv", "de")
PARSED: dict[str, Callable[[str], object]] = {
    "text": str.splitlines,
    "json": json.loads,
    "jsonl": lambda text: [json.loads(line) for line in text.splitlines()],
    "sarif": json.loads,
    "github": lambda text: [line.index("::") for line in text.splitlines()],
    "junit": ET.fromstring,
    "csv": lambda text: list(csv.reader(io.StringIO(text), strict=True)),
    "markdown": str.splitlines,
    "html": str.splitlines,
    "turtle": lambda text: _rdf(text, "turtle"),
    "jsonld": lambda text: _rdf(text, "jsonld"),
}
FORMS = tuple(PARSED)


# --- fixes --------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [CASE, GARDEN, "data/reference/colony.csv"])
@some(4)
@given(data=st.data())
def test_a_fix_is_what_the_diff_shows_and_the_second_one_does_nothing(
    bench: Bench, file: str, data: st.DataObject
) -> None:
    mutant = data.draw(mutants(originals(file), 2))
    with bench.holding(file, mutant) as path:
        shown = bench("validate", "--fix", "--diff", file)
        assert path.read_bytes() == mutant, "a diff writes nothing"
        fixed = bench("validate", "--fix", file)
        check(fixed, bench.folder, path.read_bytes(), file)
        after = path.read_bytes()
        assert (after != mutant) == bool(shown.out)
        assert sum(" fixed: " in line for line in fixed.err.splitlines()) >= (after != mutant)
        bench("validate", "--fix", file)
        assert path.read_bytes() == after


@pytest.fixture(scope="module")
def ground(bench: Bench) -> Ground:
    """What an editor knows of the workspace."""
    return Ground.load(bench.folder)


@dataclass(frozen=True)
class Meaning:
    """What a file says, as far as it can be read, and what is wrong with it."""

    quads: frozenset[Quad]
    faults: Counter[str]
    gaps: bool = False


def meaning(text: str, facts: Facts) -> Meaning | None:
    """What the text of a case says; None where not even a part of it reads."""
    try:
        said = cases.read_text(text, "", facts.ontology, facts.names, facts.known, languages=facts.languages)
    except cases.FaultyError as exc:
        told = Counter(fault.what for fault in exc.faults)
        return Meaning(frozenset(exc.document.quads), told, bool(exc.document.gaps) or exc.document.lost)
    except InputError:
        return None
    return Meaning(frozenset(said.quads), Counter())


@cache
def facts() -> Facts:
    """What the cases of this workspace are mended from; no source text is at hand."""
    return replace(fixing.facts(Workspace.load(ROOT)), texts={})


@cache
def real() -> tuple[str, ...]:
    """The case files of this workspace."""
    return tuple(path.read_text("utf-8") for path in sorted((ROOT / "data" / "cases").glob("*.yaml")))


def decoded(mutant: bytes) -> str:
    """Its text; examples that have none are of no use here."""
    try:
        return formats.decode(mutant, "")
    except InputError:
        reject()


@some(40)
@given(mutant=mutants(real()))
def test_a_fix_keeps_what_a_file_says(mutant: bytes) -> None:
    """What reads, reads; no fault is new; and all that was said is said, but for how values are written."""
    text = decoded(mutant)
    before = meaning(text, facts())
    mended = fixes.mend(text, "a.yaml", facts())
    note("\n".join(map(str, mended.done)))
    assert fixes.mend(mended.text, "a.yaml", facts()).text == mended.text
    if before is None:
        return
    after = meaning(mended.text, facts())
    assert after is not None
    assert not after.faults - before.faults
    lost = {quad for quad in before.quads - after.quads if not _is_value(quad)}
    if not before.faults:
        assert not lost and all(map(_is_value, after.quads - before.quads))
    assert {edit.rule for _, _, edit in mended.done} - {"layout", "order"} or not lost


def _is_value(quad: Quad) -> bool:
    """Whether a fix may write its value otherwise: a number, a date, yes or no."""
    return isinstance(quad.object, Literal) and (
        quad.object.datatype.value != XSD + "string" or quad.predicate.value in DATED
    )


DATED = {entry.property.value for entry in onto().context.entries.values() if entry.kind is Kind.EDTF}


# --- readers ------------------------------------------------------------------------------


@some(40)
@given(mutant=mutants(real()))
def test_a_case_that_reads_says_the_same_when_yaml_or_json_writes_it(mutant: bytes) -> None:
    text = decoded(mutant)
    said = meaning(text, facts())
    if said is None or said.faults:
        return
    plain = yaml.load(text, Loader=yaml.BaseLoader)
    written = yaml.dump(plain, default_style='"', allow_unicode=True, sort_keys=False)
    assert meaning(written, facts()) == said
    line = cases.json_line(json.dumps(plain).encode(), "", 1)
    assert meaning(line, facts()) == said


@some(12)
@given(data=st.data())
def test_an_editor_is_told_what_the_command_tells(bench: Bench, ground: Ground, data: st.DataObject) -> None:
    text = decoded(data.draw(mutants(originals(CASE))))
    path = bench.folder / CASE
    document = documents.opened(path, text, 1)
    assert document is not None
    reading = findings.read(document, ground)
    for mark in reading.faults:
        start, end = mark.span.start, mark.span.end
        assert (start.line, start.column) <= (end.line, end.column)
        assert end.line < len(document.lines) and end.column <= len(document.lines[end.line])
    marks = findings.judge(reading.said, document, ground, "en") if reading.said else reading.faults
    with bench.holding(CASE, encoded(text)):
        said = bench("validate", CASE, "-f", "jsonl")
    told = [json.loads(line) for line in said.out.splitlines()]
    lines = {(each["rule"], each["places"][0]["line"]) for each in told if each["places"]}
    assert {(mark.rule, mark.span.start.line + 1) for mark in marks if mark.rule != "evidence"} <= lines
