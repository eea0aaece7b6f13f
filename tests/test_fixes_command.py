"""`kg validate --fix` and `--diff`: what is shown, what is written, and what is left alone."""

from __future__ import annotations

import resource
import stat
import subprocess

import pytest
from bees import HIVE, Bees

from kg.errors import InputError
from kg.fixes import files
from kg.workspace import Workspace

# --- the command


@pytest.fixture
def hives(own: Bees) -> Bees:
    """The second domain, all in order; before, the rows of one table are not sorted."""
    assert own("validate", "--fix").err == (
        "data/reference/colony.csv:2:1 fixed: the rows are sorted by id [order]\n1 fix in 1 file made\n"
    )
    return own


def test_diff_shows_what_fix_does_and_writes_nothing(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: 19.0  # by the scale")
    hives.change("data/reference/colony.csv", "known-as@de", "known-as@DE")
    before = {path: path.read_bytes() for path in hives.folder.rglob("*") if path.is_file()}
    looked = hives("validate", "--diff")
    assert looked.code == 1
    assert "-    kilos: 19.0  # by the scale\n+    kilos: 19  # by the scale\n" in looked.out
    assert f"--- a/{HIVE}\n+++ b/{HIVE}\n@@ " in looked.out
    assert "2 fixes in 2 files to be made with --fix" in looked.err
    assert {path: path.read_bytes() for path in hives.folder.rglob("*") if path.is_file()} == before
    fixed = hives("validate", "--fix")
    assert fixed.code == 0
    assert f"{HIVE}:41:12 fixed: “19.0” becomes “19” [number]" in fixed.err
    after = {path: path.read_bytes() for path in before}
    assert [path for path in before if before[path] != after[path]] != []
    for path, data in before.items():
        path.write_bytes(data)
    subprocess.run(["git", "apply", "-"], input=looked.out.encode(), cwd=hives.folder, check=True)
    assert {path: path.read_bytes() for path in before} == after
    assert hives("validate", "--diff").out == ""
    assert hives("validate", "--diff").code == 0


def test_what_is_left_is_reported_after_the_fixes(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: -19.0")
    hives.change(HIVE, "  lime:", "  Lime:")
    said_ = hives("validate", "--fix", HIVE)
    assert said_.code == 1
    assert "-19.0" not in hives.read(HIVE) and "  lime:" in hives.read(HIVE)
    assert "kilos" in said_.out and "-19" in said_.out and "Lime" not in said_.out


def test_only_the_named_files_are_written(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: 19.0")
    garden = hives.read("data/cases/garden.jsonl")
    hives.write("data/cases/garden.jsonl", garden.replace('"kilos": 13', '"kilos": 13.0'))
    assert hives("validate", "--fix", "data/cases/garden.jsonl").code == 0
    assert hives.read("data/cases/garden.jsonl") == garden
    assert "kilos: 19.0" in hives.read(HIVE)
    assert hives("validate", "--fix", "data/cases").code == 0
    assert "kilos: 19\n" in hives.read(HIVE)


def test_the_rights_of_a_file_and_a_link_to_it_stay(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: 19.0")
    target = hives.folder / HIVE
    target.chmod(0o640)
    link = hives.folder / "data" / "cases" / "hive-three-2021.yml"
    elsewhere = hives.folder / "elsewhere.yaml"
    target.rename(elsewhere)
    target.symlink_to(elsewhere)
    assert hives("validate", "--fix").code == 0
    assert target.is_symlink() and "kilos: 19\n" in elsewhere.read_text(encoding="utf-8")
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o640
    assert not link.exists() and not list(hives.folder.rglob(".kg-*"))


def test_a_file_that_cannot_be_written_stays_as_it_is(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: 19.0")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))  # no file may become larger
    try:
        said_ = hives("validate", "--fix", HIVE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert said_.code == 3 and f"{HIVE}: cannot be written: File too large; it is as it was" in said_.err
    assert "kilos: 19.0" in hives.read(HIVE) and not list(hives.folder.rglob(".kg-*"))


def test_a_file_that_changes_meanwhile_is_not_overwritten(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: 19.0")
    (change,) = files.find(Workspace.load(hives.folder)).changes
    hives.change(HIVE, "kilos: 19.0", "kilos: 20.0")
    with pytest.raises(InputError, match="has just been changed"):
        files.write(change)
    assert "kilos: 20.0" in hives.read(HIVE)


def test_what_cannot_be_read_is_told_and_the_rest_is_mended(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: 19.0")
    latin = hives.folder / "data" / "cases" / "latin.yaml"
    latin.write_bytes("name: latin\ntitle: {en: Sorø}\n".encode("latin-1"))
    looked = hives("validate", "--diff")
    assert looked.code == 3 and "+    kilos: 19\n" in looked.out and "latin.yaml:2:" in looked.err
    fixed = hives("validate", "--fix")
    assert fixed.code == 3 and "latin.yaml:2:" in fixed.out
    assert "kilos: 19\n" in hives.read(HIVE) and b"\xf8" in latin.read_bytes()


def test_shared_entities_of_a_table_that_is_mended_at_once_are_known(hives: Bees) -> None:
    hives.change("data/reference/apiary.csv", "name,", "Name,")
    hives.change(
        HIVE, "    apiary: apiary/orchard\n    from: 2020-23", "    apiary: apiary/orchrd\n    from: 2020-23"
    )
    assert hives("validate", "--diff").out.count("\n+") == 4  # a header and a line of either file
    assert hives("validate", "--fix").code == 0
    assert hives("validate", "--diff").out == ""


def test_references_stay_where_what_is_shared_is_not_all_known(hives: Bees) -> None:
    hives.write("data/reference/apiary.csv", hives.read("data/reference/apiary.csv") + "one,cell\n")
    hives.change(
        HIVE, "    apiary: apiary/orchard\n    from: 2020-23", "    apiary: apiary/orchrd\n    from: 2020-23"
    )
    assert hives("validate", "--diff").out == ""
