"""`kg evidence`: what it tells, what it writes, and what it leaves as it is."""

from __future__ import annotations

import json
import re
import resource
import shutil
import stat
from pathlib import Path

import pytest
from bees import FIVE, GARDEN, HIVE, Bees

from kg import sources
from kg.cli.main import run

EXAMPLE = Path(__file__).parent.parent / "examples" / "havlunde"
LOCK, DIARY = "data/evidence.lock", "texts/heath-diary.txt"

BARE = HIVE, ", at: [547, 575]", ""


def test_a_quote_that_moved_is_told_and_with_fix_written(own: Bees) -> None:
    own.change(*BARE)
    own.change(HIVE, "[271, 298]", "[270, 297]")
    before = own.read(HIVE)
    said = own("evidence")
    assert (said.code, said.lines) == (
        1,
        [
            f"{HIVE}:24:26: the quote stands at [271, 298], not at [270, 297]",
            f"{HIVE}:34:22: the quote stands at [547, 575]; its place is not given",
        ],
    )
    assert "; 2 to be written with --fix; 0 covered by the lock; 0 to be looked at\n" in said.err
    assert own.read(HIVE) == before
    said = own("evidence", "--fix")
    assert (said.code, said.out) == (0, "")
    assert (
        said.err == "19 quotes found in their sources; 2 written; 0 covered by the lock; 0 to be looked at\n"
    )
    assert "[271, 298]" in own.read(HIVE) and ", at: [547, 575]" in own.read(HIVE)
    assert own("evidence").code == 0


def test_what_cannot_be_mended_is_told_also_with_fix(own: Bees) -> None:
    own.change(HIVE, "Thymol went in for the mites", "Thymol went in for the wasps")
    own.change(*[HIVE, ", at: [271, 298]", ""])
    said = own("evidence", "--fix")
    assert said.code == 1
    assert said.lines == [
        f"{HIVE}:34:22: the quote does not stand in heath-diary; "
        "copy it from the text, word for word, with no ellipsis"
    ]
    assert (
        said.err == "18 quotes found in their sources; 1 written; 0 covered by the lock; 1 to be looked at\n"
    )


def test_half_of_a_quote_that_a_comma_cut_off_gets_no_place(own: Bees) -> None:
    """Without quotation marks YAML takes what stands behind the comma for another key."""
    own.change(HIVE, "Thymol went in for the mites", "Thymol went in, for the mites")
    before = own.read(HIVE)
    for args in ([], ["--fix"]):
        said = own("evidence", *args)
        assert said.code == 1
        assert said.lines == [
            f"{HIVE}:34:38: unknown key “for the mites” of evidence; "
            "if a comma of the quote stands before it, put the quote in quotation marks"
        ]
    assert own.read(HIVE) == before


def test_one_quote_is_told_as_one(own: Bees) -> None:
    own.write(
        "data/cases/hive-one-2021.yaml",
        'id: hive-one-2021\nbooks: [heath-diary]\nnote: {quote: "Thymol"}\n',
    )
    said = own("evidence", "data/cases/hive-one-2021.yaml")
    assert said.err.startswith("1 quote found in their sources")


def test_line_ends_a_bom_and_rights_of_a_file_stay(own: Bees) -> None:
    path = own.folder / HIVE
    text = own.read(HIVE).replace(BARE[1], "")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    assert own("evidence", "--fix").code == 0
    wanted = own.read("../bees/" + HIVE).removeprefix("\ufeff").replace("\r\n", "\n")
    assert path.read_bytes() == b"\xef\xbb\xbf" + wanted.replace("\n", "\r\n").encode()
    assert BARE[1] in wanted and stat.S_IMODE(path.stat().st_mode) == 0o640
    assert not list(path.parent.glob(".*"))


def test_a_text_with_crlf_gives_the_same_places(own: Bees) -> None:
    path = own.folder / DIARY
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert own("evidence").code == 0


def test_only_the_files_that_are_named_are_checked_and_mended(own: Bees) -> None:
    own.change(*BARE)
    own.write(GARDEN, own.read(GARDEN).replace(', "at": [69, 101]', ""))
    before = own.read(GARDEN)
    assert own("evidence", FIVE).code == 0
    said = own("evidence", HIVE, "--fix")
    assert (said.code, own.read(GARDEN)) == (0, before)
    assert BARE[1] in own.read(HIVE)
    locked = json.loads(own.read(LOCK))["sources"]
    assert "547-575" in locked["heath-diary"]["spans"], "the lock is that of the workspace"
    assert "447-482" in locked["gartenbuch"]["spans"] and "69-101" not in locked["gartenbuch"]["spans"]


def test_a_file_elsewhere_can_be_checked_and_is_not_locked(own: Bees, tmp_path: Path) -> None:
    path = tmp_path / "hive-nine.yaml"
    path.write_text("books: [heath-diary]\nx: {quote: 'Too many, this early'}\n", encoding="utf-8")
    before = own.read(LOCK)
    assert own("evidence", str(path)).code == 1
    assert own("evidence", str(path), "--fix").code == 0
    assert path.read_text(encoding="utf-8").endswith("x: {quote: 'Too many, this early', at: [333, 353]}\n")
    assert own.read(LOCK) == before


def test_the_lock_that_is_behind_is_told(own: Bees) -> None:
    """Else only those would see it who have no texts."""
    (own.folder / LOCK).unlink()
    said = own("evidence")
    assert (said.code, said.lines) == (1, [f"{LOCK}: does not cover 19 of the quotes; run kg evidence --fix"])
    assert own("evidence", "--fix").code == 0
    assert own("evidence").code == 0


def test_the_lock_forgets_what_is_no_longer_quoted(own: Bees) -> None:
    own.change(HIVE, "{quote: about nineteen kilos, at: [636, 656]}", "{source: bee-register}")
    assert "636-656" in own.read(LOCK)
    assert own("evidence", "--fix").code == 0
    assert "636-656" not in own.read(LOCK)


def test_the_lock_keeps_what_it_has_of_texts_that_are_not_at_hand(own: Bees, tmp_path: Path) -> None:
    before = own.read(LOCK)
    (tmp_path / "some").mkdir()
    shutil.copy(own.folder / DIARY, tmp_path / "some")
    said = own("evidence", "--sources", str(tmp_path / "some"), "--fix")
    assert said.code == 0
    assert "; 0 to be looked at" in said.err and " 0 covered" not in said.err
    assert own.read(LOCK) == before


def test_without_any_text_fix_writes_nothing(own: Bees) -> None:
    own.change(*BARE)
    before = own.read(HIVE), own.read(LOCK)
    shutil.rmtree(own.folder / "texts")
    said = own("evidence", "--fix")
    assert said.code == 1
    what = "not checked: no text of heath-diary, and the lock does not cover it"
    assert said.lines == [f"{HIVE}:34:22: {what}"]
    assert (own.read(HIVE), own.read(LOCK)) == before


def test_a_workspace_whose_folder_of_texts_is_not_there_is_checked_by_the_lock(own: Bees) -> None:
    shutil.rmtree(own.folder / "texts")
    said = own("evidence")
    when = r"\(checked 20\d\d-\d\d-\d\d by casegraph [\d.]+\)"
    told = rf"0 quotes found in their sources; 19 covered by the lock {when}; 0 to be looked at\n"
    assert said.code == 0 and re.fullmatch(told, said.err)


def test_a_lock_of_another_text_covers_nothing(own: Bees) -> None:
    shutil.rmtree(own.folder / "texts")
    own.write(
        "data/sources/heath-diary.yaml", own.read("data/sources/heath-diary.yaml") + f"sha256: '{'0' * 64}'\n"
    )
    said = own("evidence")
    assert said.code == 1
    assert {line.split(": ")[1] for line in said.lines} == {"not checked"}
    assert {HIVE} <= {line.split(":")[0] for line in said.lines} <= {HIVE, FIVE}, (
        "the other book is as it was"
    )


def test_a_text_that_is_not_the_one_described_is_told(own: Bees) -> None:
    file = "data/sources/heath-diary.yaml"
    own.write(file, own.read(file) + f"sha256: '{'0' * 64}'\n")
    digest = sources.read(own.folder / DIARY).sha256
    said = own("evidence")
    assert said.code == 1
    assert said.lines == [
        f"{file}: the text at hand is another than the one that is described here: of its quotes 9 stand, "
        f"0 moved, 0 are gone; if it is the right one, write sha256: {digest}"
    ]
    own.change(file, "0" * 64, digest)
    assert own("evidence").code == 0


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (("--sources", "nowhere"), "error nowhere: no such folder of source texts\n"),
        (("--sources", "kg.toml"), "error kg.toml: no such folder of source texts\n"),
        (("nowhere.yaml",), "error nowhere.yaml: there is no such file; look at its name and folder\n"),
        (("texts",), "error texts: no case file here; write one with: kg new ID\n"),
    ],
)
def test_what_is_not_there_is_told_in_a_line(bees: Bees, args: tuple[str, ...], what: str) -> None:
    said = bees("evidence", *args)
    assert (said.code, said.out, said.err) == (3, "", what)


def test_all_files_that_do_not_read_are_told_and_none_is_changed(own: Bees) -> None:
    own.change(*BARE)
    own.write("data/cases/tabs.yaml", "a:\n\t- b\n")
    own.write("data/cases/loop.yaml", "a: &x [*x]\n")
    own.write("data/cases/deep.yaml", "a: " + "[" * 3000)
    own.write("data/cases/lines.jsonl", '{"a": 1}\n{"a": \n')
    before = own.read(HIVE)
    said = own("evidence", "--fix")
    assert (said.code, said.out) == (3, "")
    files = [line.split(":")[0].removeprefix("error data/cases/") for line in said.err.splitlines()]
    assert set(files) == {"tabs.yaml", "loop.yaml", "deep.yaml", "lines.jsonl"}
    assert own.read(HIVE) == before


def test_a_file_that_cannot_be_written_stays_as_it_was(own: Bees) -> None:
    own.change(*BARE)
    before = own.read(HIVE)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limit[1]))  # no file may become larger
    try:
        said = own("evidence", "--fix")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert (said.code, said.err) == (3, f"error {HIVE}: cannot be written: File too large\n")
    assert not list((own.folder / "data/cases").glob(".*")), "nothing is left beside it"
    assert own.read(HIVE) == before


# --- texts that changed, or are not what they should be


def described(own: Bees) -> None:
    """Give the diary's description the digest and the length of its text."""
    text = sources.read(own.folder / DIARY)
    file = "data/sources/heath-diary.yaml"
    own.write(file, own.read(file) + f"sha256: {text.sha256}\nlength: {len(text.text)}\n")


def test_what_a_changed_text_does_to_its_quotes_is_told_and_mended(own: Bees) -> None:
    described(own)
    own.change(DIARY, "Hive three in the year", "Of hive three in the year")
    own.change(DIARY, "nineteen", "twenty")
    said = own("evidence")
    moved = [line for line in said.lines if "the quote stands at" in line]
    assert len(moved) == 7 and ": the quote stands at [53, 84], not at [50, 81]" in moved[0]
    assert next(line for line in said.lines if "of its quotes" in line).endswith(
        f"of its quotes 0 stand, 8 moved, 1 are gone; if it is the right one, write sha256: {digest(own)}"
    )
    before = own.read(HIVE)
    shown = own("evidence", "--diff")
    assert shown.code == 1 and own.read(HIVE) == before
    assert f"--- {HIVE}\n+++ {HIVE}\n" in shown.out
    assert "-    seen-in: {quote: Hive three went into the winter, at: [50, 81]}\n" in shown.out
    assert "+    seen-in: {quote: Hive three went into the winter, at: [53, 84]}\n" in shown.out
    said = own("evidence", "--fix")
    assert "7 written" in said.err and "[53, 84]" in own.read(HIVE)
    assert own("evidence", "--diff").out == ""


def test_a_changed_text_is_known_by_its_quotes_whatever_its_file_is_called(own: Bees) -> None:
    described(own)
    own.change(DIARY, "nineteen", "eighteen")
    (own.folder / DIARY).rename(own.folder / "texts" / "000_x.txt")
    said = own("evidence")
    assert said.code == 1 and "of its quotes 8 stand, 0 moved, 1 are gone" in said.out
    (own.folder / "texts" / "000_x.txt").write_text("Something else.", encoding="utf-8")
    assert "9 covered by the lock" in own("evidence").err, "that is no text of the source"


def test_a_shortened_text_is_known_by_a_few_quotes_and_files_of_no_source_are_told(own: Bees) -> None:
    described(own)
    text = own.read(DIARY)
    (own.folder / DIARY).unlink()
    own.write("texts/000_x.txt", text[:400])
    said = own("evidence")
    assert said.code == 1 and "shorter by 436 characters" in said.out
    (own.folder / "shelf").mkdir()
    own.write("shelf/000_x.txt", text[:100])
    (own.folder / "shelf" / "garbled.txt").write_bytes("rødgrød".encode("latin-1"))
    said = own("evidence", "--sources", "shelf")
    assert said.err.endswith("; of no source: 000_x.txt, garbled.txt\n")


def digest(own: Bees) -> str:
    return sources.read(own.folder / DIARY).sha256


def test_a_text_that_was_shortened_is_told(own: Bees) -> None:
    described(own)
    text = own.read(DIARY)
    own.write(DIARY, text[:500])
    said = own("evidence")
    assert "here, shorter by 336 characters: of its quotes 5 stand, 0 moved, 4 are gone" in said.out
    what = "whose text ends at 500, before the place of the quote: is all of it there?"
    assert sum(what in line for line in said.lines) == 4


def test_a_quote_of_another_source_is_told_with_that_source(own: Bees) -> None:
    own.change(HIVE, "fourteen mites on the board", "sieben Milben auf dem Brett")
    (line,) = own("evidence").lines
    what = "the quote does not stand in heath-diary; it stands in gartenbuch, at [364, 391]; write source:"
    assert what in line


@pytest.mark.parametrize(
    ("encoding", "what"), [("latin-1", "looks like Latin-1"), ("utf-16", "looks like UTF-16")]
)
@pytest.mark.parametrize("name", ["gartenbuch", "003_abc"])
def test_a_text_in_another_encoding_is_told_plainly(own: Bees, encoding: str, what: str, name: str) -> None:
    """By the name of its source, or by its digest."""
    text = own.read("texts/gartenbuch.txt")
    file = "data/sources/gartenbuch.yaml"
    own.write(file, own.read(file) + f"sha256: {sources.Text(text).sha256}\n")
    (own.folder / "texts" / "gartenbuch.txt").unlink()
    (own.folder / "texts" / f"{name}.txt").write_bytes(text.encode(encoding))
    for command in ("evidence", "validate"):
        said = own(command)
        assert said.code == 3 and f"{name}.txt" in said.err and what in said.err


def test_a_text_with_a_mark_of_byte_order_is_the_same_text(own: Bees) -> None:
    own.write(DIARY, "\ufeff" + own.read(DIARY))
    assert own("evidence").code == 0


def test_a_text_that_was_garbled_once_is_told(own: Bees) -> None:
    own.write("texts/gartenbuch.txt", own.read("texts/gartenbuch.txt").encode().decode("cp1252", "ignore"))
    said = own("evidence")
    assert said.code == 1
    own.write("texts/gartenbuch.txt", "Es bekam AmeisensÃ¤ure, vielleicht zurück".replace("ü", "Ã¼"))
    assert "whose text is garbled (“Ã¸” for “ø”)" in own("evidence").out


def test_the_characters_of_the_source_are_written(own: Bees) -> None:
    own.change(DIARY, "fourteen mites on the board", "four\u00adteen\u00a0mites on the\nboard")
    own.change(DIARY, "cold and still. I", "cold and still. “I”")
    own.change(HIVE, "I trickled oxalic acid", "'I trickled oxalic acid")
    own.change(HIVE, "the frames, at: [179, 220]", "the frames', at: [179, 220]")
    said = own("evidence")
    assert said.code == 1
    assert "the quote stands at [273, 301] in other characters" in said.out
    assert own("evidence", "--fix").code == 1, "a mark stands between the words that is not in the quote"
    assert '"four\\u00adteen\\u00a0mites on the\\nboard"' in own.read(HIVE)
    assert own.read(HIVE).count("[273, 301]") == 1


def test_validate_tells_what_evidence_does(own: Bees) -> None:
    own.change(HIVE, "fourteen mites on the board", "fifteen mites on the board")
    own.change(HIVE, "[271, 298]", "[271, 297]")
    said = own("validate")
    assert said.code == 1 and said.err == ""
    assert said.lines[0] == (
        f"{HIVE}:24:26 error the quote does not stand in heath-diary; "
        "copy it from the text, word for word, with no ellipsis [evidence.quote]"
    )
    shutil.move(own.folder / "texts", own.folder / "elsewhere")
    said = own("validate")
    assert said.code == 0 and re.fullmatch(
        rf"18 quoted places covered by the lock \(checked [\d-]+ by casegraph [\d.]+\),"
        rf" 1 not covered: {HIVE}:24:9; no text at hand\n",
        said.err,
    )
    said = own("validate", "--sources", "elsewhere", "--select", "evidence.*")
    assert said.code == 1 and len(said.lines) == 2 and "18 quotes found in their sources" in said.err
    assert own("validate", "--sources", "nowhere").code == 3
    assert own("validate", "--sources", "elsewhere", "--shapes", "ontology/shapes.ttl", HIVE).code == 2
    (own.folder / LOCK).unlink()
    what = "no quote is checked: no text is at hand, and there is no data/evidence.lock\n"
    assert own("validate").err == what


# --- the example: what rests on itself, and evidence of nothing


def test_a_derivation_in_a_circle_and_evidence_on_nothing_are_told_at_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "space", ignore=shutil.ignore_patterns("build"))
    monkeypatch.chdir(tmp_path / "space")
    case = Path("data/cases/havlunde-kernehus.yaml")
    text = case.read_text(encoding="utf-8")
    inputs = "derived-from: [outcomes/participants-march, "
    case.write_text(text.replace(inputs, inputs + "outcomes/growth-recomputed, "), encoding="utf-8")
    header = "PREFIX cg: <https://w3id.org/casegraph/ns#>\nPREFIX oa: <http://www.w3.org/ns/oa#>\n"
    base, source = "BASE <https://example.org/havlunde/case/>\n", "<https://example.org/havlunde/source/"
    Path("data/cases/two.ttl").write_text(
        header + base + "<two> a cg:Project ; cg:evidence <two/nothing> .\n"
        f"<two/lost> a cg:Evidence ; oa:hasSource {source}havlunde-kernehus> .\n",
        encoding="utf-8",
    )
    assert run(["validate"]) == 1
    lines = capsys.readouterr().out.splitlines()
    circle = text[: text.index("  growth-recomputed:")].count("\n") + 1
    for place, rule in (
        (f"{case.as_posix()}:{circle}:3", "Assertion.derivation"),
        ("data/cases/two.ttl:4:1", "Evidence.source"),
        ("data/cases/two.ttl:5:1", "Evidence.used"),
    ):
        assert any(line.startswith(place) and line.endswith(f"[{rule}]") for line in lines), (place, rule)


def test_a_quote_without_a_place_is_told_once_with_what_mends_it(own: Bees) -> None:
    own.change(HIVE, "the board, at: [271, 298]}", "the board}")
    own.change(HIVE, "for the mites, at: [547, 575]}", "for the moths}")
    said = own("validate", "--fail-on", "error")
    assert said.code == 1
    found = [line for line in said.out.splitlines() if line.startswith(HIVE) and " error " in line]
    absent = "error the quote does not stand in heath-diary; copy it from the text, word for word"
    missing = "error the evidence has no place: “at” is missing"
    assert [line.partition(" ")[2].partition(" [")[0] for line in found] == [
        f"{missing}; run kg evidence --fix, which finds it in the text",
        missing,
        f"{absent}, with no ellipsis",
    ]
    own("evidence", "--fix")
    own.change(HIVE, "for the moths}", "for the mites, at: [547, 575]}")
    assert own("validate").code == 0
