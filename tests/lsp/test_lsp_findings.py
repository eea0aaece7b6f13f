"""What `kg lsp` finds wrong while one types: at exact places, in the editor's language, never late."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from bees import HIVE
from editor import Editor
from typed import CASE, HEAD, TEXT, of, offered, place

from kg import build
from kg.lsp import documents, findings
from kg.lsp.ground import Ground
from kg.names import HOME

pytest.importorskip("pygls", reason="kg lsp is not tested: pip install 'casegraph[lsp]'")
pytestmark = pytest.mark.xdist_group("lsp")


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


def test_a_pattern_that_the_store_cannot_match_is_judged_while_one_types(
    bees: Editor, tmp_path: Path
) -> None:
    shapes = tmp_path / "bees/ontology/shapes.ttl"
    shape = """shape:ColonyYear sh:property shape:ColonyYear.title .
        shape:ColonyYear.title a sh:PropertyShape ; sh:path <http://purl.org/dc/terms/title> ;
            sh:pattern "^(?!.*four)" ; sh:message "must not name its hive"@en ."""
    shapes.write_text(shapes.read_text("utf-8") + shape, "utf-8")
    bees.start()
    bees.open(tmp_path / "bees" / HIVE)
    text = (tmp_path / "bees" / HIVE).read_text("utf-8")
    bees.type(text.replace("{en: Hive three", "{en: Hive four"))
    found = bees.findings(lambda found: any(each["code"] == "ColonyYear.title" for each in found))
    assert [place(each)[0] for each in found if each["code"] == "ColonyYear.title"] == [2]
