"""`kg lsp` is spoken to as an editor speaks to it: a process of its own, on a copy of the fictional case."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bees import HERE as BEES, HIVE
from hypothesis import HealthCheck, given, settings, strategies as st

from kg import build
from kg.cli.main import run
from kg.lsp import completion, definition, documents, findings, hover, symbols
from kg.lsp.ground import Ground
from kg.lsp.outline import Spot
from kg.names import HOME

pytest.importorskip("pygls", reason="kg lsp is not tested: pip install 'casegraph[lsp]'")

from editor import Editor

ROOT = Path(__file__).parents[1]
CASE = "data/cases/havlunde-kernehus.yaml"
TEXT = """\
id: havlunde-kernehus
sources: [havlunde-kernehus]
title: {da: Kernehus i Havlunde}
start: 2024-23
evidence: {quote: I efteråret 2024 besluttede direktionen, at: [305, 344]}
coded-by: coder-1
involvements:
  client:
    agent: municipality/dk-0999
    capacity: client
    evidence: {quote: "besluttede direktionen, at hele kommunen", at: [322, 362]}
roles:
  digital-mentor:
    kind: Role
    called: {da: digital mentor}
    evidence: {quote: satsede Havlunde på digitale mentorer, at: [1045, 1082]}
groups:
  mentors:
    role: roles/digital-mentor
    holders: 40
    evidence: {quote: 40 mentorer fordelt på alle forvaltninger, at: [1174, 1215]}
"""
"""A case that the shapes find nothing wrong with."""
HEAD = "id: havlunde-kernehus\nsources: [havlunde-kernehus]\ntitle: {da: Kernehus}\n"
pytestmark = pytest.mark.xdist_group("lsp")

Finding = dict[str, Any]


def copy(source: Path, target: Path) -> Path:
    return Path(shutil.copytree(source, target, ignore=shutil.ignore_patterns("build")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = copy(ROOT / "examples" / "havlunde", tmp_path_factory.mktemp("lsp") / "havlunde")
    (made / CASE).write_text(TEXT, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def session(folder: Path) -> Iterator[Editor]:
    """One session for many tests, of a Danish editor."""
    editor = Editor(folder)
    editor.start("da-DK")
    yield editor
    assert editor.end() == 0
    assert editor.err == []


@pytest.fixture
def editor(session: Editor, folder: Path) -> Editor:
    """That session with the case open, as it stands in the file."""
    if session.uri == (folder / CASE).as_uri():
        session.type(TEXT)
    else:
        session.open(folder / CASE)
    return session


@pytest.fixture
def fresh(editor: Editor, folder: Path) -> Editor:
    """The same, with nothing found in it before."""
    editor.close()
    editor.open(folder / CASE)
    assert editor.findings() == []
    return editor


@pytest.fixture
def bees(tmp_path: Path) -> Iterator[Editor]:
    """A session of its own, in the small domain, which is read in no time."""
    editor = Editor(copy(BEES, tmp_path / "bees"))
    yield editor
    editor.kill()


def spot(text: str, words: str = "|") -> tuple[str, int, int]:
    """The text without the bar in it, and where that stood, in UTF-16; or where `words` begin."""
    at = text.index(words)
    line = text.count("\n", 0, at)
    column = len(text[text.rfind("\n", 0, at) + 1 : at].encode("utf-16-le")) // 2
    return (text.replace("|", "", 1) if words == "|" else text), line, column


def place(finding: Finding) -> tuple[int, int, int, int]:
    start, end = finding["range"]["start"], finding["range"]["end"]
    return start["line"], start["character"], end["line"], end["character"]


def of(text: str, words: str, skip: int = 0, end: int | None = None) -> tuple[int, int, int, int]:
    """The place of `words` in `text`, from the character `skip` of them up to `end`."""
    _, line, column = spot(text, words)
    return line, column + skip, line, column + (len(words) if end is None else end)


def offered(editor: Editor, text: str) -> dict[str, dict[str, Any]]:
    """What is offered at the bar in `text`: label → item, the likeliest first."""
    text, line, column = spot(text)
    editor.type(text)
    found = editor.at("completion", line, column)
    items = sorted(found["items"], key=lambda item: item["sortText"]) if found else []
    return {item["label"]: item for item in items}


# --- findings


def test_faults_of_reading_have_exact_places_and_go_when_they_are_mended(fresh: Editor) -> None:
    broken = (
        TEXT.replace("start: 2024-23", "start: 2024-13")
        .replace("dk-0999", "dk-9990")
        .replace("capacity: client", "capacity: klient")
        .replace("    holders: 40", "    holder: 40")
    )
    fresh.type(broken)
    found = fresh.findings(bool)
    assert [place(each) for each in found] == [
        of(broken, "start: 2024-13", 7),
        of(broken, "agent: municipality/dk-9990", 7),
        of(broken, "capacity: klient", 10),
        of(broken, "holder: 40", 0, 6),
    ]
    assert {(each["severity"], each["code"], each["source"]) for each in found} == {(1, "input", "kg")}
    assert "did you mean “client”?" in found[2]["message"]
    fresh.type(TEXT)
    assert fresh.findings() == []


def test_findings_of_the_shapes_come_in_the_language_of_the_editor(fresh: Editor) -> None:
    broken = TEXT.replace("holders: 40", "holders: -5").replace("coded-by: coder-1\n", "")
    fresh.type(broken)
    coded, holders = fresh.findings(bool)
    assert (place(holders), holders["code"]) == (of(broken, "holders: -5", 9), "RoleGroup.holders")
    assert holders["message"] == 'holders: skal være et helt tal, 0 eller mere (fik "-5")'
    assert (place(coded), coded["code"]) == (of(broken, "id: havlunde-kernehus", 4), "Project.coded")
    assert (holders["severity"], coded["severity"]) == (1, 2)
    fresh.type(TEXT)
    assert fresh.findings(lambda found: not found) == []


def test_quotes_are_held_against_the_text_that_is_at_hand(fresh: Editor) -> None:
    text = TEXT.replace("quote: 40 mentorer", "quote: 41 mentorer").replace(
        "at: [305, 344]", "at: [306, 345]"
    )
    fresh.type(text)
    moved, absent = fresh.findings(bool)
    assert (moved["code"], absent["code"]) == ("evidence", "evidence")
    assert place(absent) == of(text, "quote: 41 mentorer fordelt på alle forvaltninger", 7)
    assert "stands at [305, 344]" in moved["message"]


def test_a_text_that_is_broken_while_it_is_typed_keeps_what_was_found(fresh: Editor) -> None:
    text = TEXT.replace("holders: 40", "holders: -5")
    fresh.type(text)
    fresh.findings(bool)
    text = text.replace("start: 2024-23\n", "start: 2024-23\nend: [2025,\nmemo")
    fresh.type(text)
    broken, holders = sorted(fresh.findings(), key=place)
    assert (broken["code"], place(broken)[0]) == ("input", 4)
    assert place(holders) == of(text, "holders: -5", 9)


def test_what_was_found_goes_with_the_line_that_has_changed(fresh: Editor) -> None:
    fresh.type(TEXT.replace("holders: 40", "holders: -5"))
    fresh.findings(bool)
    fresh.type(TEXT.replace("holders: 40", "holders: 41"))
    assert fresh.findings() == []


def test_only_the_newest_text_is_looked_at(fresh: Editor) -> None:
    fresh.told.clear()
    for number in range(1, 30):
        fresh.type(TEXT.replace("holders: 40", f"holders: -{number}"))
    assert "-29" in fresh.findings(bool)[0]["message"]
    time.sleep(0.3)
    fresh.at("hover", 0, 0)
    told = [m["params"] for m in fresh.told if m.get("method") == "textDocument/publishDiagnostics"]
    versions = [params["version"] for params in told]
    assert versions.count(fresh.version) == 2
    assert len(versions) < 15


def test_columns_are_counted_as_the_editor_counts(editor: Editor) -> None:
    text = HEAD + 'memo: {en: "😀 æøå", xx: "y"}\n'
    editor.type(text)
    assert place(editor.findings(bool)[0]) == of(text, "xx")
    assert next(iter(offered(editor, HEAD + 'memo: {en: "😀😀", |'))) == "da"


def test_another_way_to_count_is_agreed_upon(bees: Editor, tmp_path: Path) -> None:
    assert bees.start(encodings=["utf-7", "utf-8", "utf-16"])["positionEncoding"] == "utf-8"
    bees.open(tmp_path / "bees" / HIVE, 'name: hive-three-2021\ntitle: {en: "😀 æøå", xx: "y"}\n')
    assert place(bees.findings(bool)[0]) == (1, 27, 1, 29)


def test_a_changed_table_counts_from_the_next_look_on(editor: Editor, folder: Path) -> None:
    table = folder / "data/reference/organisation.csv"
    before = table.read_text(encoding="utf-8")
    editor.type(TEXT.replace("municipality/dk-0999", "organisation/ny"))
    assert "organisation/ny" in editor.findings(bool)[0]["message"]
    try:
        table.write_text(before + "organisation/ny,Organisation,Ny,DK,,havlunde-kernehus\n", encoding="utf-8")
        editor.save()
        editor.findings(lambda found: all("organisation/ny" not in each["message"] for each in found))
    finally:
        table.write_text(before, encoding="utf-8")


def test_the_findings_are_those_of_kg_validate(folder: Path) -> None:
    wrong = re.sub(r"(?m)^(coded-by|    (kind|capacity|role)): .*\n", "", TEXT).replace(
        "holders: 40", "holders: -4"
    )
    ground = Ground.load(folder)
    document = documents.opened(folder / CASE, wrong, 1)
    assert document
    reading = findings.read(document, ground)
    assert reading.said
    marks = findings.judge(reading.said, document, ground, "en")
    here = {(m.span.start.line + 1, m.span.start.column + 1, m.rule, m.message) for m in marks}

    workspace, onto = ground.workspace, ground.onto
    asserted = build.read(workspace, onto, ())
    far = (
        "id/municipality/no-",
        "id/municipality/se-",
        "id/change-event/",
    )  # half the time, and no difference
    asserted.quads = build.Statements(
        quad
        for quad in asserted.quads
        if not str(quad.subject)[1:].startswith(tuple(HOME + each for each in far))
    )
    asserted.add(reading.said)
    report = build.validate(workspace, onto, build.infer(workspace, onto, asserted))
    found = report.findings("en", build.naming(workspace, onto))
    assert here == {
        (f.place.line, f.place.column, f.rule, f"{f.key}: {f.message}")
        for f in found
        if f.place and f.place.path == str(document.path)
    }
    assert len(here) > 4


# --- completion


def test_keys_are_those_of_the_class_that_are_not_there_the_required_first(editor: Editor) -> None:
    found = offered(editor, HEAD + "groups:\n  mentors:\n    |\n    holders: 40\n")
    assert next(iter(found)) == "role"
    assert {"evidence", "silent-on", "members"} < set(found)
    assert not {"holders", "grade", "id", "groups"} & set(found)
    assert found["role"]["documentation"]["value"]
    assert found["role"]["textEdit"]["newText"] == "role: $1"
    assert found["role"]["detail"] == "rolle"


@pytest.mark.parametrize("typed", ["ki|", "ki|\n    called: {da: x}", "ki|nd: Superuser", "|"])
def test_a_line_needs_no_end_to_be_understood(editor: Editor, typed: str) -> None:
    item = offered(editor, HEAD + f"roles:\n  superuser:\n    {typed}\ngroups:\n  a: {{holders: 1}}\n")[
        "kind"
    ]
    edit = item["textEdit"]["range"]
    end = 8 if "nd:" in typed else 4 + typed.index("|")
    assert (edit["start"], edit["end"]) == ({"line": 5, "character": 4}, {"line": 5, "character": end})
    assert item["textEdit"]["newText"] == ("kind" if "nd:" in typed else "kind: $1")


def test_codes_come_with_their_labels_and_definitions(editor: Editor) -> None:
    found = offered(editor, HEAD + "involvements:\n  client:\n    capacity: [client, |")
    assert found["trainer"]["detail"] == "underviser"
    assert found["trainer"]["documentation"]["value"] == "Trained people."
    assert "client" not in found
    assert list(found)[-1] == "supplier"  # a heading, under which others stand


@pytest.mark.parametrize("typed", ["sor", "Sorø", "SORØ", "soroe", "municipality/dk-0340", "dk-0340", "'Sor"])
def test_references_are_found_by_label_and_by_id(editor: Editor, typed: str) -> None:
    found = offered(editor, HEAD + f"involvements:\n  client:\n    agent: {typed}|\n    capacity: client\n")
    label, item = next(iter(found.items()))
    assert (label, item["textEdit"]["newText"]) == ("dk-0340 Sorø", "municipality/dk-0340")
    assert item["textEdit"]["range"]["start"]["character"] == 11 + typed.startswith("'")
    assert item["filterText"] == typed.strip("'")


def test_references_into_the_file_fit_what_they_are_for(editor: Editor) -> None:
    nodes = "roles:\n  mentor:\n    called: {da: digital mentor}\n  superuser:\n    kind: Superuser\n"
    found = offered(editor, HEAD + nodes + "groups:\n  mentors:\n    role: |\n")
    assert list(found) == ["roles/mentor", "roles/superuser"]
    assert found["roles/mentor"]["documentation"]["value"] == "digital mentor"
    assert found["roles/superuser"]["detail"] == "superbruger"
    assert list(offered(editor, HEAD + nodes + "groups:\n  mentors:\n    role: sup|\n")) == [
        "roles/superuser"
    ]


def test_sources_languages_and_kinds_are_offered(editor: Editor) -> None:
    assert "havlunde-kernehus" in offered(editor, "id: x\nsources: [|")
    assert list(offered(editor, HEAD + "evidence: {quote: x, source: |}")) == ["havlunde-kernehus"]
    assert list(offered(editor, "id: x\ntitle: {da: y, |")) == ["en", "nb", "nn", "sv"]
    assert list(offered(editor, "id: x\ntitle:\n  |")) == ["en", "da", "nb", "nn", "sv"]
    kinds = offered(editor, HEAD + "roles:\n  a:\n    kind: |")
    assert kinds["Superuser"]["detail"] == "superbruger"


def test_evidence_is_a_snippet_with_holes(editor: Editor) -> None:
    item = offered(editor, HEAD + "phases:\n  trial:\n    ev|")["evidence"]
    assert item["textEdit"]["newText"] == "evidence: {quote: ${1:…}, at: [${2:0}, ${3:0}]}"
    assert item["insertTextFormat"] == 2
    inside = offered(editor, HEAD + "phases:\n  trial:\n    evidence:\n      - {quote: x, |}")
    assert list(inside) == ["at", "source", "directness", "reach", "strength"]
    codes = offered(editor, HEAD + "phases:\n  trial:\n    evidence:\n      - {quote: x, reach: |}")
    assert list(codes) == ["carried", "elsewhere"]
    assert "{quote, at}" in offered(editor, HEAD + "phases:\n  trial:\n    evidence:\n      - |")


@pytest.mark.parametrize(
    "text",
    [
        "memo: {en: so|",
        "start: 20|",
        "# so|",
        "groups:\n  |",
        "memo:\n  en: >-\n    so|",
        "evidence: {quote: so|",
        "involvements:\n  client:\n    capacity: cli|\n      ent",
        "involvements:\n  client:\n    capacity: >-\n      cli|",
    ],
)
def test_nothing_is_offered_where_the_words_are_the_authors_own(editor: Editor, text: str) -> None:
    assert offered(editor, HEAD + text) == {}


def test_an_editor_without_snippets_gets_plain_text(bees: Editor, tmp_path: Path) -> None:
    bees.start("de", snippets=False)
    bees.open(tmp_path / "bees" / HIVE, "")
    found = offered(bees, "name: hive-three-2021\nbooks: [heath-diary]\nstays:\n  winter:\n    |\n")
    assert found["seen-in"]["textEdit"]["newText"] == "seen-in: {quote: …, at: [0, 0]}"
    assert found["from"]["textEdit"]["newText"] == "from: "
    assert list(offered(bees, "name: x\nstays:\n  winter:\n    apiary: obst|")) == ["orchard Der Obstgarten"]
    assert "oxalic-acid" in offered(bees, "name: x\ntreatments:\n  a:\n    substance: |")


# --- hover, definition, symbols


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("capacity: client", ["**egenskab**", "In which capacity"]),
        ("client\n", ["**kunde**", "commissioned the project"]),
        ("municipality/dk-0999", ["**Havlunde**", "kommune"]),
        ("roles/digital-mentor", ["**rolle**", "digital mentor"]),
        ("havlunde-kernehus]", ["**Tre gange så mange"]),
        ("I efteråret 2024", ["> **I efteråret 2024 besluttede direktionen**, at hele kommunen", "305–344"]),
        ("at: [322, 362]", ["> I efteråret 2024 **besluttede direktionen, at hele kommunen** skulle"]),
        ("Role\n    called", ["**rolle**"]),
        ("2024-23\nevidence", ["2024-09-01 – 2024-11-30"]),
    ],
)
def test_hover_says_what_it_is(editor: Editor, words: str, said: list[str]) -> None:
    _, line, column = spot(TEXT, words)
    found = editor.at("hover", line, column + 1)
    assert found["contents"]["kind"] == "markdown"
    assert [part for part in said if part not in found["contents"]["value"]] == []


def test_hover_has_the_words_that_it_is_about_and_else_is_silent(editor: Editor) -> None:
    found = editor.at("hover", *spot(TEXT, "municipality/dk-0999")[1:])
    assert place(found) == of(TEXT, "municipality/dk-0999")
    assert editor.at("hover", *spot(TEXT, "{da: Kernehus")[1:]) is None
    assert editor.at("hover", 9999, 0) is None


def test_evidence_without_a_text_says_where_it_stands(editor: Editor, folder: Path) -> None:
    text = folder / "sources/havlunde-kernehus.txt"
    away = text.rename(text.with_suffix(".away"))
    try:
        found = editor.at("hover", *spot(TEXT, "I efteråret 2024")[1:])
        assert found["contents"]["value"] == "`havlunde-kernehus` 305–344"
    finally:
        away.rename(text)


@pytest.mark.parametrize(
    ("words", "file", "line"),
    [
        ("municipality/dk-0999", "data/reference/municipality.csv", "municipality/dk-0999,"),
        ("havlunde-kernehus]", "data/sources/havlunde-kernehus.yaml", ""),
        ("roles/digital-mentor", CASE, "  digital-mentor:"),
        ("client\n", "schemes.ttl", "capacity:client"),
        ("capacity: client", "actors.ttl", "cg:capacity"),
        ("Role\n    called", "people.ttl", "cg:Role"),
    ],
)
def test_definitions_lead_to_where_things_are_from(
    editor: Editor, folder: Path, words: str, file: str, line: str
) -> None:
    _, row, column = spot(TEXT, words)
    found = editor.at("definition", row, column + 1)
    target = folder / file if "/" in file else ROOT / "ontology" / file
    assert found["uri"] == target.as_uri()
    start = found["range"]["start"]["line"]
    assert target.read_text(encoding="utf-8").splitlines()[start].startswith(line)


def test_symbols_are_the_keys_as_a_tree(editor: Editor) -> None:
    found = editor.ask("textDocument/documentSymbol", textDocument={"uri": editor.uri})
    names = {each["name"]: each for each in found}
    assert list(names)[:3] == ["id", "sources", "title"]
    (mentor,) = names["roles"]["children"]
    assert (mentor["name"], mentor["detail"]) == ("digital-mentor", "digital mentor")
    assert place({"range": mentor["selectionRange"]}) == of(TEXT, "digital-mentor:", 0, 14)
    assert mentor["range"]["end"]["line"] == spot(TEXT, "groups:")[1] - 1


# --- what is not a case, and what is no message


def test_other_files_get_nothing(session: Editor, folder: Path, tmp_path: Path) -> None:
    paths = [folder / "notes.yaml", tmp_path / "data/cases/a.yaml", folder / "data/cases/deeper/a.yaml"]
    for path in paths:
        session.open(path, "id: [\n")
        assert session.at("hover", 0, 0) is None
        assert session.at("completion", 0, 0) is None
        session.type("unknown: 1\n")
        session.save()
    session.open(folder / CASE, "unknown: 1\n")
    assert session.findings(bool)
    told = (m["params"]["uri"] for m in session.told if m.get("method") == "textDocument/publishDiagnostics")
    assert not {path.as_uri() for path in paths} & set(told)


def test_the_description_of_a_source_is_served_too(session: Editor, folder: Path) -> None:
    path = folder / "data/sources/havlunde-kernehus.yaml"
    text = path.read_text(encoding="utf-8")
    session.open(path)
    assert session.findings() == []
    session.type(text.replace("language: da", "langage: da"))
    assert [each["code"] for each in session.findings(bool)] == ["input"]


def test_what_is_no_message_does_not_end_it(bees: Editor, tmp_path: Path) -> None:
    bees.start()
    for junk in (
        b"hello\r\n\r\n", b"\x00\x01\n", b"Content-Length: -1\r\n\r\n", b"Content-Length: 0\r\n\r\n",
        b"Content-Length: 5\r\n\r\n{oops", b"Content-Length: 4\r\n\r\nnull", b"Content-Length: 3\r\n\r\n[1]",
        b"Content-Length: 2\r\n\r\n\xff\xfe", b"Content-Length: 90\r\n\r\nshorter than it says",
    ):  # fmt: skip
        bees.raw(junk)
    bees.notify("textDocument/didOpen", textDocument={"uri": 7})
    bees.notify("textDocument/didChange", textDocument={"uri": "file:///x", "version": 1}, contentChanges=[])
    bees.notify("textDocument/didSave", textDocument={"uri": "file:///never-opened.yaml"})
    bees.notify("no/such/method", a=1)
    bees.open(tmp_path / "bees" / HIVE, 'name: hive-three-2021\ntitle: {en: "\ud83d"}\n')
    bees.findings()
    bees.type("name: a\n" + "# long\n" * 200_000)
    assert "kg validate" in bees.findings(bool)[0]["message"]
    assert bees.at("completion", 0, 0) is None
    assert bees.end() == 0
    assert not [line for line in bees.err if "Traceback" in line]


HONEY = (BEES / HIVE).read_text(encoding="utf-8")
BEE_GROUND = Ground.load(BEES)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, len(HONEY)),
    st.text(st.sampled_from("{}[]:,-'\"#\n |>&\t😀\u2028\ue000"), max_size=4),
    st.integers(0, 9),
)
def test_every_question_about_any_text_has_an_answer(at: int, typed: str, gone: int) -> None:
    text = HONEY[:at] + typed + HONEY[at + gone :]
    document = documents.opened(BEES / HIVE, text, 1)
    assert document
    for column in (0, 4, 9, 99):
        here = Spot(text.count("\n", 0, at), column)
        completion.complete(text, here, BEE_GROUND, "case", "de")
        hover.hover(document.outline, here, BEE_GROUND, "case", "de")
        definition.define(document.outline, here, BEE_GROUND, "case")
    symbols.symbols(document.outline, BEE_GROUND, "case", "de")
    for mark in findings.read(document, BEE_GROUND).faults:
        assert mark.span.start <= mark.span.end < Spot(len(document.lines), 0)


def test_what_is_printed_does_not_come_between_messages() -> None:
    code = """
from kg.lsp.server import private_stdout
with private_stdout() as out:
    print("noise")
    out.write(b"message")
print("end")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("messageend\n", "noise\n")


# --- the session


def test_it_ends_when_asked_to_also_while_it_judges(bees: Editor, folder: Path) -> None:
    bees.start()
    bees.open(folder / CASE)
    assert bees.findings() == []
    assert bees.end() == 0
    assert bees.process.poll() == 0


def test_leaving_without_asking_is_told_by_the_exit_code(bees: Editor) -> None:
    bees.start()
    bees.notify("exit")
    assert bees.wait() == 1


def test_it_ends_with_the_editor_that_dies(bees: Editor) -> None:
    bees.start()
    assert bees.process.stdin
    bees.process.stdin.close()
    assert bees.process.wait(10) == 0


def test_a_broken_ontology_is_told_and_what_was_known_stays(bees: Editor, tmp_path: Path) -> None:
    bees.start()
    bees.open(tmp_path / "bees" / HIVE)
    bees.findings()
    context = tmp_path / "bees/ontology/context.jsonld"
    whole = context.read_text(encoding="utf-8")
    context.write_text(whole[:300], encoding="utf-8")
    bees.save()
    bees.findings()
    told = [m["params"]["message"] for m in bees.told if m.get("method") == "window/showMessage"]
    assert len(told) == 1
    assert "context.jsonld" in told[0]
    assert bees.at("completion", 1, 10) is not None
    context.write_text(whole.replace('"colony":', '"kolonie":'), encoding="utf-8")
    bees.save()
    assert "colony" in bees.findings(bool)[0]["message"]
    assert bees.end() == 0


def test_a_language_can_be_given(tmp_path: Path) -> None:
    folder = copy(BEES, tmp_path / "bees")
    editor = Editor(tmp_path, "--lang", "de", "--stdio")
    try:
        editor.start("en")
        editor.open(folder / HIVE)
        _, line, column = spot((folder / HIVE).read_text(encoding="utf-8"), "oxalic-acid")
        assert "Oxalsäure" in editor.at("hover", line, column)["contents"]["value"]
        assert editor.end() == 0
    finally:
        editor.kill()


def test_the_settings_in_the_docs_are_whole_and_start_it() -> None:
    text = (ROOT / "docs/editors.md").read_text(encoding="utf-8")
    code, schema = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, flags=re.S))
    assert [code["glspc.server.command"], *code["glspc.server.commandArguments"]] == ["kg", "lsp"]
    assert "cmd = { 'kg', 'lsp' }" in text
    ((path, files),) = schema["yaml.schemas"].items()
    assert (ROOT / path).is_file()
    assert list(ROOT.glob(files))


def test_which_files_are_served(folder: Path, tmp_path: Path) -> None:
    def kind(path: Path, only: Path | None = None) -> str | None:
        found = documents.opened(path, "", None, only)
        return found and found.kind

    assert kind(folder / CASE) == kind(folder / CASE, folder) == kind(folder / "data/cases/b.yml") == "case"
    assert kind(folder / "data/sources/a.yaml") == "source"
    assert kind(folder / CASE, tmp_path) is None
    assert kind(folder / "data/cases/a.ttl") is None


def test_without_its_extra_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("pygls", "lsprotocol"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in [name for name in sys.modules if name.startswith(("pygls.", "lsprotocol.", "kg.lsp"))]:
        monkeypatch.delitem(sys.modules, name)
    assert run(["lsp"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "pip install 'casegraph[lsp]'" in lines[0]


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(tmp_path), "lsp"]) == 2
    assert "no kg.toml here" in capsys.readouterr().err
