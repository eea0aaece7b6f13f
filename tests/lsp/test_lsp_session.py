"""A session of `kg lsp`: which files it serves, what is no message, how it starts and ends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bees import HERE as BEES, HIVE
from editor import Editor
from hypothesis import HealthCheck, given, settings, strategies as st
from typed import CASE, ROOT, copy, spot

from kg.cli.main import run
from kg.lsp import completion, definition, documents, findings, hover, symbols
from kg.lsp.ground import Ground
from kg.lsp.outline import Spot

pytest.importorskip("pygls", reason="kg lsp is not tested: pip install 'casegraph[lsp]'")
pytestmark = pytest.mark.xdist_group("lsp")


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
