"""What `kg lsp` offers: keys, codes, references, sources, snippets; nothing in an author's own words."""

from __future__ import annotations

from pathlib import Path

import pytest
from bees import HIVE
from editor import Editor
from typed import HEAD, offered

pytest.importorskip("pygls", reason="kg lsp is not tested: pip install 'casegraph[lsp]'")
pytestmark = pytest.mark.xdist_group("lsp")


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
