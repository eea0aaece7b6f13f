"""A build of what has changed gives the bytes of a build from nothing, whatever is edited."""

from __future__ import annotations

import json
import random
import resource
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bees import FIVE, GARDEN, HERE, HIVE, Bees
from hypothesis import given, settings, strategies as st

from kg import build, store
from kg.building import update, whole
from kg.building.notes import DOCUMENTS, NOTES, SHARED
from kg.errors import InputError
from kg.store import Built
from kg.workspace import Workspace

FILES = (store.GRAPH, store.TRACE, store.MANIFEST, DOCUMENTS, NOTES, SHARED)
AXIOMS, COLONY = "ontology/axioms.ttl", "data/reference/colony.csv"
SHAPES, DIARY = "ontology/shapes.ttl", "data/sources/heath-diary.yaml"
OTHER = "data/sources/moor-diary.yaml"


@pytest.fixture
def updates(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each build that had one to start from was an update; any number of cases may change."""
    done: list[bool] = []
    run = update.update

    def noting(*args: object, **options: object) -> object:
        found = run(*args, **options)  # type: ignore[arg-type]
        done.append(found is not None)
        return found

    monkeypatch.setattr(whole, "update", noting)
    monkeypatch.setattr(update, "MOST", 2.0)
    return done


def outcome(folder: Path, *, check: bool) -> tuple[object, ...]:
    """What a build of the workspace says and leaves behind."""
    space = Workspace.load(folder)
    attempt = build.build(space, check=check)
    report = attempt.report.text("en", build.naming(space, build.ontology_of(space)))
    if attempt.built is None:
        return report.replace(str(folder), "."), attempt.unread
    return report.replace(str(folder), ".") if attempt.report.violations else "", contents(attempt.built)


def contents(built: Built) -> tuple[object, ...]:
    """The bytes of a build, and what its store holds."""
    return [(built.folder / name).read_bytes() for name in FILES], {str(quad) for quad in built.store}


def from_nothing(folder: Path, *, check: bool) -> tuple[object, ...]:
    """What a build of the same files in a new folder gives."""
    other = folder.parent / "anew"
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("build"))
    return outcome(other, check=check)


# --- single edits ---------------------------------------------------------------------------

SIX = HIVE.replace("three", "six")


def add_six(own: Bees) -> None:
    own.write(SIX, own.read(HIVE).replace("three-2", "six-2"))


def rename_three(own: Bees) -> None:
    add_six(own)
    (own.folder / HIVE).unlink()


def use_moor(own: Bees) -> None:
    own.write(OTHER, own.read(DIARY).replace("heath-diary", "moor-diary"))
    own.change(HIVE, "books: [heath-diary]", "books: [moor-diary]")


def lines(own: Bees) -> list[str]:
    return own.read(GARDEN).splitlines(keepends=True)


Edit = Callable[[Bees], object]
PARTLY: dict[str, Edit] = {
    "nothing": lambda own: own.read(HIVE),
    "a value": lambda own: own.change(HIVE, "kilos: 19", "kilos: 20"),
    "a class": lambda own: own.change(HIVE, "sign: mites", "sign: chalkbrood"),
    "a line": lambda own: own.change(GARDEN, '"count": 7', '"count": 8'),
    "the order of lines": lambda own: own.write(GARDEN, "".join(lines(own)[::-1])),
    "an empty line": lambda own: own.write(GARDEN, "\n" + own.read(GARDEN)),
    "a line less": lambda own: own.write(GARDEN, lines(own)[0]),
    "a name of a file of lines": lambda own: (own.folder / GARDEN).rename("data/cases/orchard.jsonl"),
    "a case less": lambda own: (own.folder / FIVE).unlink(),
    "a case more": add_six,
    "a case under another name": rename_three,
    "a comment": lambda own: own.write(HIVE, own.read(HIVE) + "# a word\n"),
    "Turtle": lambda own: own.change(FIVE, "bee:count 22", "bee:count 023"),
    "an error": lambda own: own.change(HIVE, "count: 14", "count: -3"),
    "a row": lambda own: own.change(COLONY, "Hive two", "Hive II"),
    "a mother": lambda own: own.change(COLONY, "drei,colony/two", "drei,colony/one"),
    "a row more": lambda own: own.write(
        COLONY, own.read(COLONY) + "colony/six,Colony,Hive six,,colony/one,\n"
    ),
    "a source": lambda own: own.change(DIARY, "Hive three", "Hive 3"),
    "a source more": lambda own: own.write(OTHER, own.read(DIARY).replace("heath-diary", "moor-diary")),
    "a source more, and who uses it": use_moor,
    "a comment on shapes": lambda own: own.write(SHAPES, own.read(SHAPES) + "\n"),
    "a shape": lambda own: own.change(SHAPES, "bee:kilos ; sh:minCount 1", "bee:kilos ; sh:minCount 2"),
    "a shape that warns": lambda own: own.change(
        SHAPES, "bee:against ; sh:minCount 1", "bee:against ; sh:minCount 3"
    ),
    "a shape and a case": lambda own: (EDITS["a shape that warns"](own), EDITS["a value"](own)),
}
"""Edits after which a part is built."""

WHOLLY: dict[str, Edit] = {
    "a fault": lambda own: own.change(HIVE, "count: 14", "cuont: 14"),
    "a broken line": lambda own: own.change(GARDEN, '"count": 7', '"count" 7'),
    "an id that is there": lambda own: own.write(GARDEN, own.read(GARDEN) + lines(own)[0]),
    "a reference to nothing": lambda own: own.change(HIVE, "books: [heath-diary]", "books: [heath]"),
    "a row less": lambda own: own.write(COLONY, "".join(own.read(COLONY).splitlines(keepends=True)[:-1])),
    "a row of another name": lambda own: own.change(COLONY, "colony/five,", "colony/four,"),
    "a row that is wrong": lambda own: own.change(
        COLONY, "colony/two,bee-register", "colony/tvo,bee-register"
    ),
    "a source that leads nowhere": lambda own: own.change(
        COLONY, "colony/two,bee-register", "colony/two,bee"
    ),
    "a source less": lambda own: (own.folder / DIARY).unlink(),
    "an axiom": lambda own: own.change(AXIOMS, "subClassOf bee:InfestedYear", "subClassOf bee:Entry"),
}
"""Edits after which all is built."""
EDITS = PARTLY | WHOLLY


@pytest.mark.parametrize("check", [True, False], ids=["checked", "unchecked"])
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_gives_the_bytes_of_a_build_from_nothing(
    own: Bees, updates: list[bool], edit: str, check: bool
) -> None:
    outcome(own.folder, check=check)
    EDITS[edit](own)
    found = outcome(own.folder, check=check)
    assert updates == [edit in PARTLY]
    shutil.rmtree(own.folder / "build")
    assert found == outcome(own.folder, check=check)


def test_the_build_before_an_update_is_not_touched(own: Bees, updates: list[bool]) -> None:
    first = build.build(Workspace.load(own.folder), check=False).built
    assert first is not None
    before, reader = contents(first), first.store
    own.change(HIVE, "kilos: 19", "kilos: 20")
    build.build(Workspace.load(own.folder), check=False)
    assert updates == [True] and contents(first) == before
    assert {str(quad) for quad in reader} == before[1]


def test_an_update_with_errors_keeps_the_last_build_and_mends_with_the_next(
    own: Bees, updates: list[bool]
) -> None:
    space = Workspace.load(own.folder)
    first = build.build(space).built
    own.change(HIVE, "count: 14", "count: -3")
    assert build.build(space).built is None and store.current(space.build) == first
    own.change(HIVE, "count: -3", "count: 15")
    assert build.build(space).built and updates == [True, True]
    assert len(list(space.build.glob("build-*"))) == 2, "what was not stored has gone"


def test_an_update_that_finds_no_room_keeps_the_last_build(own: Bees, updates: list[bool]) -> None:
    space = Workspace.load(own.folder)
    first = build.build(space, check=False).built
    assert first is not None
    own.change(HIVE, "kilos: 19", "kilos: 20")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (first.graph.stat().st_size // 2, before[1]))
    try:
        with pytest.raises(InputError, match=r"cannot be written: .*; the last good build is kept"):
            build.build(space, check=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert store.current(space.build) == first and len(list(space.build.glob("build-*"))) == 1
    assert build.build(space, check=False).built and updates == [True], "there is room again"


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("store/CURRENT", b"\0\0"), ("store/CURRENT", None), ("graph.nq", None), ("graph.nq", b"<http://e.org/half"),
        ("trace.tsv", b""), ("documents.tsv", b"half"), ("notes.json", b"{}"), ("shared.nq", b"none"),
    ],
)  # fmt: skip
def test_where_the_last_build_is_damaged_all_is_built_anew(own: Bees, name: str, left: bytes | None) -> None:
    space, said = Workspace.load(own.folder), list[str]()
    first = build.build(space).built
    assert first is not None
    (first.folder / name).unlink()
    if left is not None:
        (first.folder / name).write_bytes(left)
    own.change(HIVE, "kilos: 19", "kilos: 20")
    done = build.build(space, say=said.append).built
    assert said == ["the last build is damaged: all is built anew"]
    assert done is not None
    same = contents(done) == from_nothing(own.folder, check=True)[1]
    assert same  # of what differs pytest would tell for minutes


def test_what_was_built_unchecked_is_checked_from_the_last_checked_build(
    own: Bees, updates: list[bool]
) -> None:
    space = Workspace.load(own.folder)
    build.build(space)
    for kilos in (19, 20, 21, 22):
        own.change(HIVE, f"kilos: {kilos}", f"kilos: {kilos + 1}")
        build.ensure(space)
    assert build.build(space).built and updates == [True] * 5
    found = contents(store.current(space.build))  # type: ignore[arg-type]
    shutil.rmtree(space.build)
    build.build(space)
    assert found == contents(store.current(space.build))  # type: ignore[arg-type]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(("form", "number"), [("07", 1), ("7", 0)])
def test_literals_that_the_store_rewrites_are_counted(own: Bees, form: str, number: int, check: bool) -> None:
    note = f'<hive-five-2021> <http://www.w3.org/2004/02/skos/core#note> "{form}"^^xsd:integer .\n'
    own.write(FIVE, own.read(FIVE) + note)
    built = build.build(Workspace.load(own.folder), check=check).built
    assert built and json.loads((built.folder / NOTES).read_text())["odd"] == number


def test_a_build_of_another_form_is_not_updated(own: Bees, updates: list[bool]) -> None:
    space = Workspace.load(own.folder)
    built = build.build(space, check=False).built
    assert built is not None
    for text in ("{}", "[]", "", json.dumps({"form": 0})):
        (built.folder / NOTES).write_text(text, encoding="utf-8")
        assert build.build(space, check=False).built
        built = store.current(space.build)
        assert built is not None and (built.folder / NOTES).stat().st_size > 20
    assert not any(updates)


# --- edits at random ------------------------------------------------------------------------


def edit_at_random(folder: Path, moment: random.Random) -> None:
    """Change, add, delete or rename something: cases, sources, rows of tables, shapes."""
    cases = sorted((folder / "data/cases").iterdir())
    path = moment.choice(cases)
    text = path.read_text(encoding="utf-8")
    match moment.randrange(9):
        case 0 if len(cases) > 2:
            path.unlink()
        case 1 if path.suffix in (".yaml", ".ttl"):
            name = f"{path.stem}-{moment.randrange(3)}"
            path.with_stem(name).write_text(text.replace(path.stem, name), encoding="utf-8")
        case 2 if path.suffix == ".jsonl":
            lines = text.splitlines(keepends=True)
            number = moment.randrange(len(lines))
            new = json.dumps(json.loads(lines[number]) | {"name": f"hive-{moment.randrange(9)}-2020"}) + "\n"
            lines[number : number + moment.randrange(2)] = [new]
            path.write_text("".join(lines), encoding="utf-8")
        case 3:
            reference = folder / COLONY
            rows = reference.read_text(encoding="utf-8").replace("Hive", moment.choice(["Hive", "Volk"]), 1)
            reference.write_text(rows, encoding="utf-8")
        case 4 if moment.randrange(2):
            source = folder / DIARY
            year = moment.choice(["year of the heath", "year of the moor"])
            source.write_text(
                f"name: heath-diary\ntitle: {{en: Hive three in the {year}}}\n", encoding="utf-8"
            )
        case 4:
            shapes = folder / "ontology/shapes.ttl"
            limit = f"sh:maxExclusive {moment.choice([10, 500])}"
            old = shapes.read_text(encoding="utf-8")
            shapes.write_text(
                old.replace("sh:maxCount 1", f"sh:maxCount {moment.randrange(1, 3)}", 1), "utf-8"
            )
            assert limit
        case _:
            words = [
                ("count: 14", "count: 0"), ("mites", "chalkbrood"), ("chalkbrood", "mites"),
                ("thymol", "formic-acid"), ("against: mites", ""), ("colony/one", "colony/two"),
                ("colony/three", "colony/one"), ("certainty: doubtful", "certainty: certain"),
                ("bee:count 22", "bee:count 0022"), ("2021", "2020"), ("apiary/heath", "apiary/orchard"),
                ("bee:Stay", "bee:Entry"), ("colony/three", "apiary/heath"), ("count: 14", "count: -3"),
            ]  # fmt: skip
            old, new = moment.choice(words)
            path.write_text(text.replace(old, new, 1), encoding="utf-8")


@given(st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=12)
def test_random_edits_give_the_bytes_of_builds_from_nothing(
    tmp_path_factory: pytest.TempPathFactory, moment: random.Random, check: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(update, "MOST", 2.0)
        folder = Path(shutil.copytree(HERE, tmp_path_factory.mktemp("edits") / "bees"))
        for _ in range(4):
            assert outcome(folder, check=check) == from_nothing(folder, check=check)
            for _ in range(moment.randrange(1, 3)):
                edit_at_random(folder, moment)
        assert outcome(folder, check=check) == from_nothing(folder, check=check)
