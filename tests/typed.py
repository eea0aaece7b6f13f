"""A case that is typed in an editor: places in it, and what is offered there."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

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

Finding = dict[str, Any]


def copy(source: Path, target: Path) -> Path:
    return Path(shutil.copytree(source, target, ignore=shutil.ignore_patterns("build")))


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
