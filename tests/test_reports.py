"""What `kg validate` writes, in every format: the same bytes each time, and what it says to people.

`reports/golden/` holds a small report in each format; `python tests/test_reports.py` writes them anew.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import (
    Literal,
    Quad,
    RdfFormat,
    parse,
)
from reporting import (
    GOLDEN,
    HERE,
    LANGUAGE,
    Html,
    data,
    golden,
    page,
    places,
    plain,
    rendered,
    report,
    sarif,
    shapes,
)

from kg import reports
from kg.errors import Fault, UsageError
from kg.languages import LANGUAGES
from kg.places import Place
from kg.reports.source import LONGEST, Sources
from kg.shapes import Report, Severity, catalogue, validate
from kg.shapes.words import TABLE

# --- the same bytes


@pytest.mark.parametrize("form", reports.FORMATS)
def test_the_report_is_as_it_was(form: str) -> None:
    lang = LANGUAGE[form]
    assert plain(rendered(form, lang=lang)) == golden(form, lang).read_bytes().decode()


def test_there_is_no_golden_file_but_of_a_format() -> None:
    assert {golden(form, lang).name for form, lang in LANGUAGE.items()} == {p.name for p in GOLDEN.iterdir()}


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    program = "import reporting as t; print([t.rendered(form) for form in t.reports.FORMATS])"
    path = os.pathsep.join([str(HERE.parent), *sys.path])
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            check=True, capture_output=True, text=True,
        ).stdout
        for seed in "012"
    }  # fmt: skip
    assert len(said) == 1
    assert len(said.pop()) > 20_000


@pytest.mark.parametrize("form", reports.FORMATS)
def test_a_report_of_nothing_is_well_formed_too(form: str) -> None:
    text = rendered(form, of=Report())
    readers = {"json": json.loads, "sarif": sarif, "junit": ET.fromstring, "html": Html, "jsonl": str.strip}
    assert readers.get(form, str)(text) is not None
    assert text or form in ("jsonl", "github")


# --- fingerprints


def fingerprints(form: str, **options: Any) -> list[str]:
    if form == "csv":
        return [row["fingerprint"] for row in csv.DictReader(io.StringIO(rendered(form, **options)))]
    if form == "json":
        return [each["fingerprint"] for each in json.loads(rendered(form, **options))["findings"]]
    results = sarif(rendered(form, **options))["runs"][0]["results"]
    return [fingerprint for each in results for fingerprint in each["partialFingerprints"].values()]


@pytest.mark.parametrize("form", ["csv", "json", "sarif"])
def test_a_finding_keeps_its_fingerprint_when_lines_move_and_in_every_language(form: str) -> None:
    first = fingerprints(form)
    assert len(set(first)) == len(first) == len(page().found)
    assert fingerprints(form, of=report(down=40)) == first
    assert [fingerprints(form, lang=lang) for lang in LANGUAGES] == [first] * len(LANGUAGES)


def test_another_value_is_another_finding() -> None:
    other = [q if q.object != Literal(-5) else Quad(q.subject, q.predicate, Literal(-6)) for q in data()]
    changed = page(validate(other, shapes(), places=places())).fingerprints.values()
    kept = page(validate(data(), shapes(), places=places())).fingerprints.values()
    assert len(set(kept) - set(changed)) == 1


# --- text


def test_a_caret_stands_below_what_is_meant() -> None:
    lines = rendered("text").splitlines()
    for message in (" size: must be", " within: is no box", " ^of/size: must not"):
        at = next(n for n, line in enumerate(lines) if message in line)
        place = re.match(r"\S+:(\d+):(\d+) ", lines[at])
        assert place
        source = (HERE / lines[at].split(":")[0]).read_text(encoding="utf-8").splitlines()
        assert lines[at + 1].partition(" | ")[2].rstrip("…") == source[int(place[1]) - 1][:LONGEST]
        assert lines[at + 2].index("^") - lines[at + 2].index("|") - 2 == int(place[2]) - 1


@pytest.mark.parametrize(
    ("line", "column", "shown", "caret"),
    [
        ("a: 12", 4, "a: 12", "   ^^"),
        ("\ta: 12", 5, "\ta: 12", "\t   ^^"),
        ("日本: 12", 5, "日本: 12", "      ^^"),
        ("e\u0301: 12", 5, "e\u0301: 12", "   ^^"),
        ("", 1, "", "^"),
        ("a: 1", 9, "a: 1", "    ^"),
        ("x\x1b[0m 12", 7, "x·[0m 12", "      ^^"),
        ("a\x85b\u2028c", 1, "a·b·c", "^"),
        ("p <http://e/a b> .", 3, "p <http://e/a b> .", "  ^^^^^^^^^^^"),
        ('a: "b c" # d', 4, 'a: "b c" # d', "   ^^^^^"),
    ],
)
def test_the_caret_knows_wide_letters_and_tabs(line: str, column: int, shown: str, caret: str) -> None:
    faulty = Report(faults=(Fault(Place("a", 1, column), "no"),))
    text = reports.render(page(faulty, sources=Sources(lambda _: (line,)))).decode()
    assert text.splitlines()[1:3] == [f"   1 | {shown}", f"     | {caret}"]


def test_a_file_that_has_changed_is_shown_as_it_is_now(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    for text in ("size: -5", "size: -6"):
        file.write_text(text, encoding="utf-8")
        excerpt = Sources().excerpt(Place(str(file), 1, 7))
        assert excerpt
        assert excerpt.before + excerpt.meant == text


def test_of_a_long_line_only_a_part_is_shown() -> None:
    line = "x" * 5_000_000 + " meant " + "y" * 5_000_000
    excerpt = Sources(lambda _: (line,)).excerpt(Place("a", 1, 5_000_002))
    assert excerpt
    assert excerpt.meant == "meant"
    assert len(excerpt.before + excerpt.meant + excerpt.after) <= LONGEST + 2
    assert (excerpt.before[0], excerpt.after[-1]) == ("…", "…")


def test_a_line_that_is_not_there_is_not_shown(tmp_path: Path) -> None:
    for place in (
        Place("nowhere.yaml", 3, 1),
        Place(str(tmp_path), 1, 1),
        Place(str(HERE / "boxes.yaml"), 99, 1),
    ):
        text = reports.render(page(Report(faults=(Fault(place, "no"),)))).decode()
        assert text == f"{place} error no [input]\n\n1 error in 1 file\n"


def test_colour_changes_nothing_but_colour() -> None:
    coloured = rendered("text", colour=True)
    assert coloured.count("\x1b[") > 20
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == rendered("text")
    assert "\x1b" not in rendered("text")


@pytest.mark.parametrize(
    ("lang", "more"), [("en", "… and 9 more"), ("nb", "… og 9 til"), ("sv", "… och 9 till")]
)
def test_only_the_first_are_shown_and_the_rest_counted(lang: str, more: str) -> None:
    text = rendered("text", most=1, lang=lang)
    assert text.count("[") == 1
    assert text.splitlines()[-2] == more
    assert text.splitlines()[-1] == rendered("text", lang=lang).splitlines()[-1], "all are counted"


# --- words


def test_every_word_is_there_in_every_language_and_used() -> None:
    package = Path(reports.__file__).parents[1]
    code = "".join(path.read_text("utf-8") for path in package.rglob("*.py") if path.name != "words.py")
    for key, texts in TABLE.items():
        assert len(texts) == len(LANGUAGES) and all(texts), key
        assert len({tuple(sorted(re.findall(r"\{\w+\}", text))) for text in texts}) == 1, key
        assert f'"{key}"' in code or f"'{key}'" in code or key in {s.level for s in Severity}, key


@pytest.mark.parametrize("form", ["text", "markdown", "html", "junit", "sarif"])
def test_the_frame_is_in_the_reader_s_language(form: str) -> None:
    said = {lang: rendered(form, lang=lang, of=Report(files=frozenset({"a"}))) for lang in LANGUAGES}
    assert len(set(said.values())) >= 4, "nb and nn may agree"


# --- the formats


def test_a_list_of_rules_in_markdown_has_three_cells_a_row() -> None:
    ways = """PREFIX : <http://e/> PREFIX sh: <http://www.w3.org/ns/shacl#>
        :S sh:targetClass :Box ; sh:property [ sh:path [ sh:alternativePath ( :a :b ) ] ;
            sh:minCount 1 ; sh:description "one | *other*"@en ] ."""
    rules = catalogue.rules(parse(ways.encode(), RdfFormat.TURTLE))
    *_, row = reports.listing([rules["Box.a|b"]], "markdown").splitlines()
    assert row == r"| `Box.a\|b` | error | one \| \*other\* |"


def test_formats_and_suffixes_are_told_apart() -> None:
    suffixes = [suffix for each in reports.FORMATS.values() for suffix in each.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert [reports.format_of(Path("a" + suffix)) for suffix in (".SARIF", ".htm", ".xml")] == [
        "sarif",
        "html",
        "junit",
    ]
    with pytest.raises(
        UsageError, match=r"a\.doc: the suffix names no format; name one with -f, or use one of \.txt"
    ):
        reports.format_of(Path("a.doc"))
    with pytest.raises(UsageError, match="no format “word” for findings; known: text, json"):
        reports.render(page(), "word")


def write_golden() -> None:
    """Write the golden files anew: look at what changed before you keep it."""
    for form, lang in LANGUAGE.items():
        golden(form, lang).write_bytes(plain(rendered(form, lang=lang)).encode())


if __name__ == "__main__":
    write_golden()
