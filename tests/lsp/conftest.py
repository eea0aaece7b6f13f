"""Sessions of an editor, one for many tests or one for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bees import HERE as BEES
from editor import Editor
from typed import CASE, ROOT, TEXT, copy


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
