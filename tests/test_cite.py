"""`kg cite`: the dataset, cases, sources and rows, as text, BibTeX and CSL-JSON."""

from __future__ import annotations

import json
import subprocess
import venv
from pathlib import Path

import pytest
from bees import Bees

from kg import cite
from kg.cite import Work

ROOT = Path(__file__).parents[1]


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch, bees: Bees) -> Bees:
    """`kg` in the checkout, with the real cases."""
    monkeypatch.chdir(ROOT)
    return bees


def test_the_dataset_is_cited_by_its_settings(bees: Bees) -> None:
    said = bees("cite")
    assert said.code == 0
    assert said.out == (
        "https://bees.example.net/keepers. Colonies of bees from spring to winter. "
        "licence https://creativecommons.org/publicdomain/zero/1.0/. https://bees.example.net/dataset.\n"
    )


def test_a_case_is_cited_with_its_sources_as_far_as_they_say(cases: Bees) -> None:
    case, source = cases("cite", "soroe-monday").out.splitlines()
    assert case.startswith("The Casegraph contributors (2026-11-21). Cross-organisational project management")
    assert "coded by coder-1, codebook 1.0" in case
    assert source.startswith("aety (n.d.). Sorø Kommune – Casestudie. ")
    assert "publisher aety inferred, not stated in the text" in source
    assert "date of publication not stated" in source


def test_a_row_is_cited_with_the_words_it_rests_on(cases: Bees) -> None:
    table = cases("query", "champion-network-vendors", "--keys", "-f", "csv").out.splitlines()
    key = table[1].split(",")[0]
    dataset, source = json.loads(
        cases("cite", "champion-network-vendors", "--row", key, "-f", "csl-json").out
    )
    assert dataset["id"] == f"casegraph-{key}", "several rows can be cited side by side"
    assert dataset["note"].startswith(f"question champion-network-vendors, row {key}; licence https://")
    assert dataset["version"] == "0.1.0"
    assert source["id"] == "aety-soroe"
    assert "“trænede en af vores konsulenter de to superbrugere” (characters 1486–1536)" in source["note"]
    assert "issued" not in source, "it does not state its date"


def test_bibtex_is_read_by_others(cases: Bees) -> None:
    bibtexparser = pytest.importorskip("bibtexparser")
    for what in ("soroe-monday", "csdata"):
        library = bibtexparser.parse_string(cases("cite", what, "-f", "bibtex").out)
        assert not library.failed_blocks
        assert library.entries
    assert library.entries[0].key == "csdata"
    assert library.entries[0]["publisher"] == "Norwegian Institute of Public Health"
    assert library.entries[0]["year"] == "2026"


def test_what_latex_reads_as_its_own_is_escaped() -> None:
    work = Work("k", "source", "50 % of {all} & $x_1$ \\ ~ #^", issued="2021-23")
    assert cite.render([work], "bibtex") == (
        "@misc{k,\n"
        r"  title = {{50 \% of \{all\} \& \$x\_1\$ \textbackslash{} \textasciitilde{} \#\textasciicircum{}}},"
        "\n  year = {2021},\n}\n"
    )


@pytest.mark.parametrize(
    ("issued", "csl"),
    [
        ("2021", {"date-parts": [[2021]]}),
        ("2021-10", {"date-parts": [[2021, 10]]}),
        ("2021-10-05", {"date-parts": [[2021, 10, 5]]}),
        ("2021-23", {"literal": "2021-23"}),
        ("2021~", {"literal": "2021~"}),
    ],
)
def test_dates_are_cited_as_they_are(issued: str, csl: dict[str, object]) -> None:
    (item,) = json.loads(cite.render([Work("k", "source", "T", issued=issued)], "csl-json"))
    assert item["issued"] == csl


def test_csl_json_holds_against_its_schema(cases: Bees) -> None:
    import jsonschema

    date = {"type": "object", "properties": {"date-parts": {"type": "array"}, "literal": {"type": "string"}}}
    name = {"type": "object", "properties": {"literal": {"type": "string"}}, "additionalProperties": False}
    texts = ("id", "title", "publisher", "version", "language", "URL", "note")
    properties = {key: {"type": "string"} for key in texts} | {
        "type": {"enum": ["dataset", "document"]}, "author": {"type": "array", "items": name}, "issued": date,
    }  # fmt: skip
    schema = {"type": "array", "items": {"required": ["type", "id"], "properties": properties,
              "additionalProperties": False}}  # fmt: skip
    for what in ("soroe-monday", "romsdal-teams", "csdata"):
        jsonschema.validate(json.loads(cases("cite", what, "-f", "csl-json").out), schema)


def test_a_case_and_its_source_of_the_same_name_have_keys_of_their_own(own: Bees) -> None:
    for file in (own.folder / "data").rglob("*.*"):
        if b"heath-diary" in (data := file.read_bytes()):
            file.write_bytes(data.replace(b"heath-diary", b"hive-three-2021"))
    own.folder.joinpath("data/sources/heath-diary.yaml").rename(
        own.folder / "data/sources/hive-three-2021.yaml"
    )
    keys = [work["id"] for work in json.loads(own("cite", "hive-three-2021", "-f", "csl-json").out)]
    assert keys == ["case-hive-three-2021", "hive-three-2021"]


def test_the_format_follows_the_suffix(bees: Bees) -> None:
    assert bees("cite", "-o", "bees.bib").code == 0
    assert bees.read("bees.bib").startswith("@misc{colonies-of-bees-from-spring-to-winter,")
    (bees.folder / "bees.bib").unlink()


@pytest.mark.xdist_group("package")
def test_the_citation_file_is_valid(tmp_path: Path) -> None:
    """By cffconvert, in an environment of its own: it wants an older jsonschema than the project."""
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env/bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "cffconvert>=2"], check=True)
    command = [tmp_path / "env/bin/cffconvert", "--validate", "-i", ROOT / "CITATION.cff"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["hive-tree-2021"], "there is no case or source “hive-tree-2021”; did you mean “hive-three-2021”?"),
        (["treated-mites"], "“treated-mites” is a question; name a row with --row"),
        (["treated-mites", "--row", "zzz"], "has no row “zzz”"),
        (["--row", "1"], "--row goes with a question"),
        (["-f", "ris"], "no format “ris” for citations; known: text, bibtex, csl-json"),
    ],
)
def test_what_cannot_be_cited_is_refused(bees: Bees, args: list[str], told: str) -> None:
    said = bees("cite", *args)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
