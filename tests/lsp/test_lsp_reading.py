"""What `kg lsp` says of what is written: hover, where things are from, and the keys as a tree."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import Editor
from typed import CASE, ROOT, TEXT, of, place, spot

pytest.importorskip("pygls", reason="kg lsp is not tested: pip install 'casegraph[lsp]'")
pytestmark = pytest.mark.xdist_group("lsp")


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
