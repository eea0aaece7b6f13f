"""Which folder a command works in, what its settings may say, and which files are its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg import cases, workspace
from kg.errors import DefinitionError, UsageError
from kg.workspace import Workspace

ROOT = Path(__file__).parent.parent


def make(folder: Path, settings: str = "") -> Path:
    """A workspace in `folder`."""
    return put(folder / "kg.toml", settings).parent


def put(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


# --- finding ------------------------------------------------------------------------------


def test_the_nearest_workspace_upwards_is_worked_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "outer")
    inner = make(tmp_path / "outer" / "a" / "inner")
    below = inner / "data" / "cases"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert Workspace.find().root == inner
    monkeypatch.chdir(inner.parent)
    assert Workspace.find().root == tmp_path / "outer"


def test_where_there_is_none_upwards_it_is_the_packaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Workspace.find().root == workspace.packaged() == ROOT


def test_a_named_folder_is_taken_and_none_above_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = make(tmp_path / "here")
    monkeypatch.chdir(tmp_path)
    assert Workspace.find(Path("here")).root == here
    (here / "below").mkdir()
    for wrong in ("here/below", "nowhere"):
        with pytest.raises(
            UsageError, match=rf"{wrong}: no kg.toml here; make a workspace with: kg init .*{wrong}"
        ):
            Workspace.find(Path(wrong))


def test_a_workspace_builds_in_itself(tmp_path: Path) -> None:
    assert Workspace.load(make(tmp_path)).build == tmp_path / "build"


def test_the_packaged_one_builds_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `kg` is installed, its own folder may not be written."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    package = Path(workspace.__file__).parent
    assert Workspace(package / "_data").build == workspace.cache()
    assert workspace.cache().name == "0.1.0"


# --- settings -----------------------------------------------------------------------------


def test_settings_are_what_the_file_says(tmp_path: Path) -> None:
    space = Workspace.load(
        make(
            tmp_path,
            'base = "https://e.org/ours#"\nlanguages = ["nb", "zh-hant"]\nsources = "texts"\ndemo = "who"\n'
            '[dataset]\nversion = "2"\ntitle = "Ours"\nlicense = "https://e.org/free"\n',
        )
    )
    assert space.base == "https://e.org/ours#" and space.names.base == space.base
    assert space.languages == ("nb", "zh-hant")
    assert (space.sources, space.demo, space.extends) == (tmp_path / "texts", "who", None)
    assert dict(space.dataset) == {"title": "Ours", "license": "https://e.org/free", "version": "2"}


def test_nothing_has_to_be_said(tmp_path: Path) -> None:
    space = Workspace.load(make(tmp_path))
    assert (space.languages, space.sources, space.dataset) == (("en",), None, ())
    assert space.base == "https://w3id.org/casegraph/"


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ('languges = ["en"]', "unknown setting “languges”; did you mean “languages”?"),
        ("colour = 1", "unknown setting “colour”; known: base, dataset, demo, extends, languages, sources"),
        (
            'base = "https://e.org/ours"',
            "base is no http(s) IRI that ends in / or # (got 'https://e.org/ours')",
        ),
        ("base = 7", "base is no http(s) IRI that ends in / or # (got 7)"),
        ('extends = "other"', "extends names no workspace; it can only be “casegraph”"),
        ("sources = 7", "sources is no text; write it in quotes"),
        ("demo = []", "demo is no text"),
        ('languages = "en"', "languages is no list of language tags"),
        ("languages = []", "languages is no list of language tags"),
        ('languages = ["en-GB"]', "'en-GB' is no language tag; write it in small letters"),
        ("languages = [7]", "7 is no language tag"),
        ('dataset = "ours"', "dataset is no table; write [dataset] and below it title = …"),
        ("[dataset]\ntitle = 7", "dataset.title is no text"),
        ('[dataset]\ntitle = " "', "dataset.title is no text"),
        ('[dataset]\nlicence = "x"', "unknown setting of the dataset “licence”; did you mean “license”?"),
        (
            '[dataset]\nlicense = "CC BY 4.0"',
            "dataset.license is no IRI (got 'CC BY 4.0'); write it as https://…",
        ),
        ("[dataset]\ncreator = 'us'", "dataset.creator is no IRI (got 'us')"),
    ],
)
def test_a_setting_that_cannot_be_is_told(tmp_path: Path, settings: str, what: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        Workspace.load(make(tmp_path, settings))
    (fault,) = refused.value.faults
    line = settings.count("\n") + 1
    assert str(fault).startswith(f"{tmp_path / 'kg.toml'}:{line}:1: {what}")


def test_all_faults_of_the_settings_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as refused:
        Workspace.load(make(tmp_path, "base = 7\ncolour = 1\n[dataset]\nlicense = 'x'\nname = 'y'\n"))
    assert [str(fault.place).rpartition("/")[2] for fault in refused.value.faults] == [
        "kg.toml:1:1", "kg.toml:2:1", "kg.toml:4:1", "kg.toml:5:1"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ("# a\n  'colour' = 1", "2:3"),
        ("dataset = {title = 7}", "1:1"),
        ("[dataset]\n[colour]\nbase = 'x'", "2:1"),
        ("dataset.title = 7", "1:1"),
        ("[ dataset ]\n\n title = 7", "3:2"),
    ],
)
def test_a_setting_has_its_place_however_it_is_written(tmp_path: Path, settings: str, place: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        Workspace.load(make(tmp_path, settings))
    assert str(refused.value.faults[0].place) == f"{tmp_path / 'kg.toml'}:{place}"


def test_a_byte_order_mark_is_no_part_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_bytes(b"\xef\xbb\xbflanguages = ['de']")
    assert Workspace.load(tmp_path).languages == ("de",)


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        (
            b'base = "https://e.org/\nlanguages = ["en"]',
            ":1:23: is not TOML: Illegal character '\\n'; write NAME = VALUE, texts in quotes",
        ),
        (
            b"base",
            ":1:5: is not TOML: Expected '=' after a key in a key/value pair; "
            "write NAME = VALUE, texts in quotes",
        ),
        (b"base = " + b"9" * 5000, ": a number has thousands of digits; shorten it"),
        (b"base = '\xe5'", ":1:9: byte 0xE5 is not UTF-8: the file looks like Latin-1; save it as UTF-8"),
        (b"base = " + b"[" * 100_000, ": too many brackets stand inside each other"),
    ],
    ids=["quote not closed", "end of the file", "digits", "Latin-1", "endless"],
)
def test_settings_that_do_not_read_are_told_with_their_place(
    tmp_path: Path, settings: bytes, what: str
) -> None:
    (tmp_path / "kg.toml").write_bytes(settings)
    with pytest.raises(DefinitionError) as refused:
        Workspace.load(tmp_path)
    assert str(refused.value) == f"{tmp_path / 'kg.toml'}{what}"


def test_settings_that_are_a_folder_are_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kg.toml").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DefinitionError, match=r"kg.toml: this is a folder"):
        Workspace.find()


def test_a_file_that_cannot_be_read_is_not_an_empty_one(tmp_path: Path) -> None:
    space = Workspace(tmp_path)
    path = tmp_path / "shapes.ttl"
    path.write_bytes(b"")
    empty = space.fingerprint([path])
    path.unlink()
    gone = space.fingerprint([path])
    path.mkdir()
    assert len({empty, gone, space.fingerprint([path])}) == 3


def test_no_settings_at_all(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"kg.toml: there is no such file"):
        Workspace.load(tmp_path)


# --- files --------------------------------------------------------------------------------


def test_every_form_of_case_that_is_read_is_a_case_file(tmp_path: Path) -> None:
    assert set(workspace.CASE_SUFFIXES) == set(cases.SUFFIXES)
    for suffix in (*cases.SUFFIXES, ".md", ".bak", ".yaml~"):
        put(tmp_path / "data" / "cases" / f"a{suffix}")
    found = Workspace.load(make(tmp_path)).cases()
    assert {p.suffix for p in found} == set(cases.SUFFIXES) and found == sorted(found)


def test_an_editors_hidden_files_are_no_cases(tmp_path: Path) -> None:
    folder = put(tmp_path / "data" / "cases" / "a.yaml").parent
    put(folder / ".a.yaml")
    (folder / ".#a.yaml").symlink_to("nobody@nowhere")
    assert names(Workspace.load(make(tmp_path)).cases()) == ["a.yaml"]


def test_files_are_named_as_a_person_here_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = Workspace.load(make(tmp_path))
    put(tmp_path / "data" / "cases" / "a.yaml")
    assert space.cases() == [tmp_path / "data" / "cases" / "a.yaml"]
    monkeypatch.chdir(tmp_path / "data")
    assert space.cases() == [Path("cases/a.yaml")]
    assert space.relative(tmp_path / "data" / "cases" / "a.yaml") == "cases/a.yaml"
    assert space.relative(tmp_path / "kg.toml") == "kg.toml"
    assert space.relative(Path("/elsewhere/b.yaml")) == "/elsewhere/b.yaml"


@pytest.fixture
def both(tmp_path: Path) -> Workspace:
    """A workspace that builds on another, which stands for the packaged one."""
    below = Workspace.load(make(tmp_path / "below"))
    for folder in (tmp_path / "below", tmp_path / "own"):
        put(folder / "queries" / "questions" / f"{folder.name}.rq")
        put(folder / "queries" / "questions" / "shared.rq")
        put(folder / "queries" / "expected" / "shared.csv")
        put(folder / "data" / "cases" / f"{folder.name}-case.yaml")
        put(folder / "data" / "sources" / f"{folder.name}.yaml")
        put(folder / "data" / "reference" / "things.csv")
        put(folder / "ontology" / "terms.ttl")
    put(tmp_path / "below" / "queries" / "expected" / "below.csv")
    return Workspace(make(tmp_path / "own"), extends=below)


def test_a_workspace_adds_to_the_one_that_it_builds_on(both: Workspace, tmp_path: Path) -> None:
    own, below = tmp_path / "own", tmp_path / "below"
    assert both.ontology == (below / "ontology", own / "ontology")
    assert both.reference() == [f / "data" / "reference" / "things.csv" for f in (below, own)]
    assert names(both.source_descriptions()) == ["below.yaml", "own.yaml"]
    assert names(both.cases()) == ["own-case.yaml"], "cases are its own alone"


def test_its_own_questions_take_the_place_of_the_others(both: Workspace, tmp_path: Path) -> None:
    own, below = tmp_path / "own" / "queries", tmp_path / "below" / "queries"
    questions = both.questions()
    assert list(questions) == ["below", "shared", "own"]
    assert questions["shared"] == own / "questions" / "shared.rq"
    assert both.expected("shared.csv") == own / "expected" / "shared.csv"
    assert both.expected("below.csv") == below / "expected" / "below.csv"
    assert both.expected("new.csv") == own / "expected" / "new.csv"


def test_extends_is_the_packaged_workspace(tmp_path: Path) -> None:
    space = Workspace.load(make(tmp_path, 'extends = "casegraph"\nbase = "https://e.org/"'))
    assert space.extends == Workspace.load(ROOT)
    assert [p.resolve() for p in space.ontology] == [ROOT / "ontology"], "it has no ontology of its own"
    assert set(space.questions()) == set(Workspace.load(ROOT).questions())


# --- the fingerprint ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        "own/kg.toml", "own/ontology/terms.ttl", "own/data/cases/own-case.yaml", "own/data/sources/own.yaml",
        "own/data/reference/things.csv", "below/kg.toml", "below/ontology/terms.ttl",
        "below/data/sources/below.yaml", "below/data/reference/things.csv",
    ],
)  # fmt: skip
def test_every_input_changes_the_fingerprint(both: Workspace, tmp_path: Path, changed: str) -> None:
    before = both.fingerprint()
    put(tmp_path / changed, "# changed")
    assert both.fingerprint() != before
    put(tmp_path / changed, "")
    assert both.fingerprint() == before
    (tmp_path / changed).unlink()
    assert changed.endswith("kg.toml") or both.fingerprint() != before


def test_a_new_case_and_a_moved_line_change_the_fingerprint(both: Workspace, tmp_path: Path) -> None:
    first = put(tmp_path / "own" / "data" / "cases" / "a.yaml", "one\ntwo\n")
    second = put(tmp_path / "own" / "data" / "cases" / "b.yaml", "three\n")
    before = both.fingerprint()
    first.write_text("one\n", encoding="utf-8")
    second.write_text("two\nthree\n", encoding="utf-8")
    assert both.fingerprint() != before
    second.write_text("three\n", encoding="utf-8")
    before = both.fingerprint()
    second.unlink()
    first.write_bytes(b"one\n\0b.yaml\0three\n")
    assert both.fingerprint() != before, "nor is one file taken for two"


@pytest.mark.parametrize(
    "other", ["below/data/cases/below-case.yaml", "own/queries/questions/own.rq", "own/ontology/notes.md"]
)
def test_what_is_not_built_from_does_not(both: Workspace, tmp_path: Path, other: str) -> None:
    before = both.fingerprint()
    put(tmp_path / other, "changed")
    assert both.fingerprint() == before


def test_a_file_that_cannot_be_read_is_told_by_who_reads_it(both: Workspace, tmp_path: Path) -> None:
    before = both.fingerprint()
    (tmp_path / "own" / "data" / "cases" / "lost.yaml").symlink_to("nowhere")
    (tmp_path / "own" / "data" / "cases" / "folder.yaml").mkdir()
    assert both.fingerprint() != before


def test_a_copy_elsewhere_has_the_same_fingerprint(both: Workspace, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "own", tmp_path / "copy")
    assert Workspace(tmp_path / "copy", extends=both.extends).fingerprint() == both.fingerprint()
