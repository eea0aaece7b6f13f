"""Case files as quads: one small lifelike case through every form, and each rule of reading by itself."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat
from reading import CASE, CODE, ROOT, lines, onto

from kg import cases, formats
from kg.cases import compose
from kg.errors import InputError
from kg.formats.wording import JSON
from kg.names import CG, DCTERMS, ID, RDF, SKOS, XSD, Names
from kg.places import Place

FJORDBY = ROOT / "tests" / "cases" / "fjordby-planner.yaml"


# --- one case, in every form


def test_a_case_is_the_quads_written_out_by_hand() -> None:
    expected = FJORDBY.with_suffix(".nq").read_text(encoding="utf-8").splitlines()
    assert lines(cases.read(FJORDBY, onto(), Names()).quads) == expected


def turned(value: Any) -> Any:
    """The same value with the keys of all maps in the reverse order."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(each) for each in value] if isinstance(value, list) else value


def as_json(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def test_the_order_of_keys_does_not_matter() -> None:
    text = json.dumps(turned(as_json(FJORDBY)), ensure_ascii=False, indent=1)
    other = cases.read_text(text, "a.yaml", onto(), Names())
    assert set(other.quads) == set(cases.read(FJORDBY, onto(), Names()).quads)


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_line_of_json_is_the_same_case(tmp_path: Path, ascii_only: bool) -> None:
    path = tmp_path / "many.jsonl"
    line = json.dumps(as_json(FJORDBY), ensure_ascii=ascii_only)
    path.write_text(f"\n{line}\r\n\n" + '{"id": "b", "code": "x"}', encoding="utf-8")
    first, second = cases.read_lines(path, onto(), Names())
    assert isinstance(first, cases.Document)
    assert isinstance(second, cases.Document)
    assert first.quads == cases.read(FJORDBY, onto(), Names()).quads
    assert second.places.find(Names().case("b")) == [Place(str(path), 4, 8)]


def test_a_bad_line_does_not_stop_the_others(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    bad = [
        b'{"id": "a", ',
        b'{"id": "s\xf8"}',
        b'{"id": "b", "holder": 2}',
        b"[]",
        b"[" * 100_000,
        b'{"id": "c"}',
    ]
    path.write_bytes(b"\n".join(bad))
    found = [
        str(each) if isinstance(each, InputError) else each.id
        for each in cases.read_lines(path, onto(), Names())
    ]
    assert [each.removeprefix(f"{path}:") for each in found] == [
        f"1:12: this is no JSON: Expecting property name enclosed in double quotes; {JSON}",
        "2:10: byte 0xF8 is not UTF-8: the file looks like Latin-1; save it as UTF-8",
        "3:13: unknown key “holder”; did you mean “holders”?",
        "4:1: a case is a map of keys and values; begin with id: …",
        "5: too many brackets stand inside each other",
        "c",
    ]


def test_json_lines_without_a_case_are_told(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_bytes(b"\n\n")
    assert [str(each) for each in cases.read_lines(path, onto(), Names())] == [
        f"{path}:1:1: no case in it; write a case in each line"
    ]


def test_a_character_beyond_the_plane_keeps_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    text = r'{"id": "a", "title": {"en": "\\ud83d \ud83d\ude00\/", "da": "\u00e6"}, "holder": 1}'
    path.write_text(text, encoding="utf-8")
    (error,) = cases.read_lines(path, onto(), Names())
    assert str(error).startswith(f"{path}:1:{text.index('holder')}: ")
    path.write_text(text.replace(', "holder": 1', ""), encoding="utf-8")
    (document,) = cases.read_lines(path, onto(), Names())
    assert isinstance(document, cases.Document)
    assert {q.object for q in document.quads if q.predicate.value == DCTERMS + "title"} == {
        Literal("\\ud83d 😀/", language="en"),
        Literal("æ", language="da"),
    }


def test_the_parser_in_python_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = cases.read(FJORDBY, onto(), Names())
    monkeypatch.setattr(compose, "LOADER", yaml.BaseLoader)
    slow = cases.read(FJORDBY, onto(), Names())
    assert slow.quads == fast.quads
    assert slow.places == fast.places


@pytest.mark.parametrize("suffix", [".ttl", ".trig", ".nt", ".nq", ".jsonld", ".rdf"])
def test_rdf_is_put_into_the_graph_of_the_case(tmp_path: Path, suffix: str) -> None:
    document = cases.read(FJORDBY, onto(), Names())
    path = tmp_path / f"fjordby-planner{suffix}"
    elsewhere = formats.regraph(document.quads, NamedNode("https://example.org/elsewhere"))
    triples = elsewhere if suffix in (".trig", ".nq", ".jsonld") else [Quad(*q.triple) for q in elsewhere]
    path.write_bytes(formats.serialize(triples, formats.format_of(path), onto().prefixes))
    again = cases.read(path, onto(), Names())
    assert lines(again.quads) == lines(document.quads)
    written = [again.places.find(q.subject, q.predicate, q.object)[0] for q in again.quads]
    assert {place.path for place in written} == {str(path)}
    assert all(place.line for place in written) == (suffix != ".jsonld")


def test_rdf_says_nothing_of_what_is_not_the_cases(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        f"<{CASE}> a <{CG}Project> ;\n  <{CG}about> [] .\n<{CASE}b> a <{CG}Project> .", encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        cases.read(path, onto(), Names())
    assert str(caught.value).replace(str(path), "a.ttl").splitlines() == [
        f"a.ttl:2:{len(f'  <{CG}about> ') + 1}: a node has no IRI; name it under <{CASE}/>",
        f"a.ttl:3:1: <{CASE}b> is not a node of the case; say only what is under <{CASE}>",
    ]


def test_rdf_without_the_case_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f"<{CASE}> a <{CG}Platform> .", encoding="utf-8")
    with pytest.raises(InputError, match="no case in it: nothing says that"):
        cases.read(path, onto(), Names())
    path = path.rename(tmp_path / "An A.ttl")
    with pytest.raises(InputError, match="the name “An A” cannot be the id of a case"):
        cases.read(path, onto(), Names())


def test_a_source_is_not_described_in_rdf(tmp_path: Path) -> None:
    path = tmp_path / "s.ttl"
    path.write_text(f"<https://w3id.org/casegraph/source/s> a <{CG}Source> .", encoding="utf-8")
    with pytest.raises(InputError, match="the suffix is not that of a description of a source"):
        cases.read(path, onto(), Names(), kind="source")


@pytest.mark.parametrize("path", sorted((ROOT / "data" / "cases").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_cases_of_this_workspace_are_read(path: Path) -> None:
    document = cases.read(path, onto(), Names())
    case = Names().case(path.stem).value
    assert all(q.subject.value == case or q.subject.value.startswith(case + "/") for q in document.quads)
    assert {q.graph_name for q in document.quads} == {Names().graph(f"case/{path.stem}")}
    assert len(document.quads) == len(set(document.quads))
    assert formats.unportable(document.quads, onto().languages) == []
    assert all(document.places.find(q.subject, q.predicate, q.object)[0].line for q in document.quads)


# --- files


def test_a_file_bears_the_id_of_its_case(tmp_path: Path) -> None:
    path = tmp_path / "b.yaml"
    path.write_text("id: a\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        cases.read(path, onto(), Names())
    what = "the id “a” is not the name of the file; write id: b, or rename the file"
    assert str(caught.value) == f"{path}:1:5: {what}"


def test_a_byte_order_mark_and_crlf_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / FJORDBY.name
    path.write_bytes(b"\xef\xbb\xbf" + FJORDBY.read_bytes().replace(b"\n", b"\r\n"))
    assert cases.read(path, onto(), Names()).quads == cases.read(FJORDBY, onto(), Names()).quads


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.yaml", None, "there is no such file"),
        ("a.yaml", "id: a\ntitle: {da: Sorø}".encode("latin-1"), ":2:16: byte 0xF8 is not UTF-8"),
        ("a.yaml", "id: a".encode("utf-16"), "the file looks like UTF-16"),
        ("a.yaml", b"id: a\ncode: x\0y", "the file holds bytes that are no text"),
        ("a.jsonl", b"{}", "the file can hold many cases; read it line by line"),
        ("a.txt", b"id: a", "the suffix is not that of a case file; use one of .yaml"),
        ("a.ttl", b"<a> <b> <c> .", "relative"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    tmp_path: Path, name: str, content: bytes | None, what: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=what):
        cases.read(path, onto(), Names())


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    with pytest.raises(InputError):
        cases.read(tmp_path / "a.yaml", onto(), Names())


def test_a_source_is_described_in_the_reference_graph() -> None:
    text = """\
        id: nordlys-report
        title: {da: Rapport}
        publisher: organisation/nordlys
        stance: vendor
        published: 2023
        length: 7000
        wikidata: Q42
        """
    document = cases.read_text(dedent(text), "nordlys-report.yaml", onto(), Names(), kind="source")
    source = "<https://w3id.org/casegraph/source/nordlys-report>"
    graph = "<https://w3id.org/casegraph/graph/reference>"
    assert document.id == "nordlys-report"
    assert lines(document.quads) == sorted(
        f"{source} {statement} {graph} ."
        for statement in (
            f"<{RDF}type> <{CG}Source>",
            f'<{DCTERMS}title> "Rapport"@da',
            f"<{DCTERMS}publisher> <{ID}organisation/nordlys>",
            f"<{CG}stance> <{CODE}stance/vendor>",
            f'<{CG}published> "2023"',
            f'<{CG}publishedEarliest> "2023-01-01"^^<{XSD}date>',
            f'<{CG}publishedLatest> "2023-12-31"^^<{XSD}date>',
            f'<{CG}length> "7000"^^<{XSD}integer>',
            f"<{SKOS}closeMatch> <http://www.wikidata.org/entity/Q42>",
        )
    )


def test_a_workspace_has_its_own_base() -> None:
    names = Names("https://example.org/lab/")
    text = "id: a\nsources: [s]\ninvolvements: {i: {agent: organisation/x, evidence: {quote: q, at: [0, 1]}}}"
    quads = cases.read_text(text, "a.yaml", onto(), names).quads
    assert {q.graph_name.value for q in quads} == {"https://example.org/lab/graph/case/a"}
    assert {q.subject.value[:31] for q in quads} == {
        "https://example.org/lab/case/a",
        "https://example.org/lab/case/a/",
    }
    assert (
        Quad(
            NamedNode("https://example.org/lab/case/a/involvements/i"),
            NamedNode(CG + "agent"),
            NamedNode(ID + "organisation/x"),
            NamedNode("https://example.org/lab/graph/case/a"),
        )
        in quads
    )


# --- JSON-LD


@pytest.mark.parametrize(
    "path", [FJORDBY, *sorted((ROOT / "data" / "cases").glob("*.yaml"))], ids=lambda p: p.stem
)
def test_json_ld_of_a_case_is_the_same_quads_to_other_parsers(
    monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    import rdflib

    quads = cases.read(path, onto(), Names()).quads
    data = formats.serialize(quads, "jsonld", onto().prefixes)
    assert set(formats.parse(data, RdfFormat.JSON_LD)) == set(quads)
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format="json-ld")
    again = {" ".join(term.n3() for term in quad) for quad in dataset.quads()}
    assert again == {str(quad) for quad in quads}
