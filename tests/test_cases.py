"""Case files as quads: one small lifelike case through every form, and each rule of reading by itself."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kg import cases, formats, ontology
from kg.cases import compose
from kg.errors import InputError
from kg.names import CG, DCTERMS, ID, OA, RDF, SKOS, XSD, Names
from kg.ontology import Ontology
from kg.places import Place

ROOT = Path(__file__).parent.parent
FJORDBY = ROOT / "tests" / "cases" / "fjordby-planner.yaml"
CASE = "https://w3id.org/casegraph/case/a"
CODE = "https://w3id.org/casegraph/code/"


@cache
def onto() -> Ontology:
    return ontology.load([ROOT / "ontology"])


def read(text: str, **more: Any) -> cases.Document:
    """The case `a` with the lines of `text`."""
    return cases.read_text("id: a\n" + dedent(text), "a.yaml", onto(), Names(), **more)


def values(text: str, prop: str, node: str = CASE) -> list[str]:
    """The values of a property of a node in the case `text`, as N-Triples, sorted."""
    return sorted(
        str(q.object) for q in read(text).quads if q.subject.value == node and q.predicate.value == prop
    )


def lines(quads: list[Quad]) -> list[str]:
    return sorted(f"{quad} ." for quad in quads)


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
        "1:13: this is no JSON: Expecting property name enclosed in double quotes",
        "2:10: byte 0xF8 is not UTF-8: the file looks like Latin-1; save it as UTF-8",
        "3:13: unknown key “holder”; did you mean “holders”?",
        "4:1: a case is a map of keys and values; begin with id: …",
        "5: too many brackets stand inside each other",
        "c",
    ]


def test_json_lines_without_a_case_are_told(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_bytes(b"\n\n")
    assert [str(each) for each in cases.read_lines(path, onto(), Names())] == [f"{path}: no case in it"]


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
    triples = elsewhere if suffix in (".trig", ".nq", ".jsonld") else [q.triple for q in elsewhere]
    path.write_bytes(formats.serialize(triples, formats.format_of(path), onto().prefixes))
    again = cases.read(path, onto(), Names())
    assert lines(again.quads) == lines(document.quads)
    assert again.places.find(Names().case("fjordby-planner"))[0].path == str(path)


def test_rdf_says_nothing_of_what_is_not_the_cases(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        f"<{CASE}> a <{CG}Project> ; <{CG}about> [] . <{CASE}b> a <{CG}Project> .", encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        cases.read(path, onto(), Names())
    assert str(caught.value).replace(str(path), "a.ttl").splitlines() == [
        f"a.ttl: <{CASE}b> is not a node of the case; say only what is under <{CASE}>",
        f"a.ttl: a node has no IRI; name it under <{CASE}/>",
    ]


def test_rdf_without_the_case_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f"<{CASE}> a <{CG}Platform> .", encoding="utf-8")
    with pytest.raises(InputError, match="no case in it: nothing says that"):
        cases.read(path, onto(), Names())
    path = path.rename(tmp_path / "An A.ttl")
    with pytest.raises(InputError, match="the name “An A” cannot be the id of a case"):
        cases.read(path, onto(), Names())


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
        ("a.jsonl", b"{}", "the suffix is not that of a file with one document"),
        ("a.txt", b"id: a", "the suffix is not that of a file with one document"),
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


# --- values


@pytest.mark.parametrize(
    ("text", "prop", "expected"),
    [
        ("holders: 2", "holders", f'"2"^^<{XSD}integer>'),
        ("holders: 007", "holders", f'"7"^^<{XSD}integer>'),
        ("holders: 2.50", "holders", f'"2.5"^^<{XSD}decimal>'),
        ("holders: -5", "holders", f'"-5"^^<{XSD}integer>'),
        ("holders: many", "holders", '"many"'),
        ("holders: 9223372036854775808", "holders", '"9223372036854775808"'),
        ("holders: 0x10", "holders", '"0x10"'),
        ("value: 7566.67", "value", f'"7566.67"^^<{XSD}decimal>'),
        ("value: 7000.0", "value", f'"7000"^^<{XSD}integer>'),
        ("value: 1e3", "value", '"1e3"'),
        ("complete: true", "successorsKnown", f'"true"^^<{XSD}boolean>'),
        ("complete: yes", "successorsKnown", '"yes"'),
        ("coded-on: 2026-11-21", "codedOn", f'"2026-11-21"^^<{XSD}date>'),
        ("coded-on: 2026-02-30", "codedOn", '"2026-02-30"'),
        ("codebook: 1.0", "codebook", '"1.0"'),
        ("country: NO", "country", '"NO"'),
        ("country: no", "country", '"no"'),
        ("codebook: 'null'", "codebook", '"null"'),
        ("firmness: stated", "firmness", f"<{CODE}firmness/stated>"),
        ("speaks-from: 2019~", "speaksFrom", '"2019~"'),
    ],
)
def test_a_value_is_what_its_key_says_or_left_for_a_shape_to_judge(
    text: str, prop: str, expected: str
) -> None:
    assert values(text, CG + prop) == [expected]


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("2023-21", "2023-03-01", "2023-05-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2014/..", "2014-01-01", None),
        ("../2014", None, "2014-12-31"),
    ],
)
def test_the_bounds_of_a_date_are_derived_where_there_are_any(
    edtf: str, earliest: str | None, latest: str | None
) -> None:
    text = f"start: {edtf}"
    assert values(text, CG + "start") == [f'"{edtf}"']
    assert values(text, CG + "startEarliest") == ([f'"{earliest}"^^<{XSD}date>'] if earliest else [])
    assert values(text, CG + "startLatest") == ([f'"{latest}"^^<{XSD}date>'] if latest else [])


@pytest.mark.parametrize("edtf", ["2014/", "2020-10/2019-01", "yesterday", "2020-13"])
def test_a_date_that_is_none_is_refused_at_its_place(edtf: str) -> None:
    with pytest.raises(InputError) as caught:
        read(f"start: {edtf}")
    (fault,) = caught.value.faults
    assert fault.place == Place("a.yaml", 2, 8)
    assert edtf in fault.what


def test_defaults_fill_what_the_author_leaves_out() -> None:
    text = """\
        introductions: {x: {realisation: planned}}
        roles: {r: {kind: Superuser}}
        platforms: {p: {label: {en: P}}}
        """
    given_one, role, neither = f"{CASE}/introductions/x", f"{CASE}/roles/r", f"{CASE}/platforms/p"
    for node, prop, expected in (
        (given_one, "realisation", [f"<{CODE}realisation/planned>"]),
        (given_one, "standing", [f"<{CODE}standing/accepted>"]),
        (given_one, "firmness", [f"<{CODE}firmness/stated>"]),
        (role, "standing", [f"<{CODE}standing/accepted>"]),
        (role, "realisation", []),
        (neither, "standing", []),
    ):
        assert values(text, CG + prop, node) == expected


def test_a_kind_takes_the_place_of_the_class_of_the_map() -> None:
    text = "roles: {r: {kind: [Superuser, Ambassador]}, s: {memo: {en: x}}}"
    assert values(text, RDF + "type", f"{CASE}/roles/r") == [f"<{CG}Ambassador>", f"<{CG}Superuser>"]
    assert values(text, RDF + "type", f"{CASE}/roles/s") == [f"<{CG}Role>"]


def test_texts_keep_their_language_and_spelling() -> None:
    text = "title: {nn: [Eitt, 'To '], sv: \"Å\u0301\"}"
    assert values(text, DCTERMS + "title") == ['"Eitt"@nn', '"To "@nn', '"Å\u0301"@sv']


def test_languages_are_those_of_the_workspace() -> None:
    assert read("title: {fi: Otsikko}", languages=["fi"]).quads
    with pytest.raises(InputError, match="use one of fi"):
        read("title: {en: T}", languages=["fi"])


REFERENCES = {
    "groups: {g: {role: r}}": "/roles/r",
    "groups: {g: {role: roles/r}}": "/roles/r",
    "groups: {g: {about: roles/r/functions/f}}": "/roles/r/functions/f",
    "groups: {g: {about: a}}": "",
    "groups: {g: {about: groups/g}}": "/groups/g",
}


@pytest.mark.parametrize(("text", "path"), REFERENCES.items())
def test_a_reference_leads_into_the_file(text: str, path: str) -> None:
    text += "\nroles: {r: {functions: {f: {function: trains-colleagues}}}}"
    found = values(text, CG + "role", f"{CASE}/groups/g") + values(text, CG + "about", f"{CASE}/groups/g")
    assert found == [f"<{CASE}{path}>"]


def test_a_key_leads_to_the_map_of_what_the_property_leads_to() -> None:
    maps = "\n".join(
        f"{name}: {{x: {{memo: {{en: m}}}}}}" for name in ("platforms", "roles", "outcomes", "groups")
    )
    text = maps + "\nintroductions: {i: {platform: x}}\nactivities: {c: {coordinates: x}}"
    assert values(text, CG + "platform", f"{CASE}/introductions/i") == [f"<{CASE}/platforms/x>"]
    assert values(text, CG + "coordinates", f"{CASE}/activities/c") == [f"<{CASE}/groups/x>"]


def test_a_shared_entity_has_to_be_known_where_that_is_asked() -> None:
    known = {ID + "organisation/nordlys"}
    assert read("involvements: {i: {agent: organisation/nordlys}}", known=known).quads
    assert read("involvements: {i: {agent: organisation/other}}").quads
    with pytest.raises(InputError, match="there is no shared entity “organisation/other”"):
        read("involvements: {i: {agent: organisation/other}}", known=known)


# --- evidence


def test_one_place_in_a_source_is_one_node_that_is_written_in_several_places() -> None:
    text = """\
        sources: [s]
        roles:
          r: {evidence: {quote: abc, at: [5, 8]}}
          q:
            evidence:
              - {quote: abc, at: [5, 8]}
              - {source: register}
        """
    document = read(text)
    node = NamedNode(f"{CASE}/evidence/s-5-8")
    assert document.places.find(node) == [Place("a.yaml", 4, 7), Place("a.yaml", 7, 9)]
    assert sum(q.subject == node and q.predicate.value == OA + "hasSource" for q in document.quads) == 1
    register = [q for q in document.quads if q.subject.value == f"{CASE}/evidence/register"]
    assert {(q.predicate.value, q.object.value) for q in register} == {
        (RDF + "type", CG + "Evidence"),
        (OA + "hasSource", "https://w3id.org/casegraph/source/register"),
    }


def test_each_evidence_of_a_case_with_several_sources_names_its_own() -> None:
    text = "sources: [s, t]\nevidence: {quote: 'æ 😀', at: [0, 3], source: t}"
    assert values(text, CG + "evidence") == [f"<{CASE}/evidence/t-0-3>"]


# --- places

PLACES = """\
title: {en: T}
start: 2023-21
sources: [s]
roles:
  keen:
    kind: Superuser
    called: {da: [x, "y"]}
    evidence: {quote: abc, at: [5, 8]}
groups:
  g: {role: keen, holders: 2}
"""
EV = "evidence/s-5-8"


@pytest.mark.parametrize(
    ("node", "prop", "value", "place"),
    [
        ("", None, None, "1:5"),
        ("", DCTERMS + "title", None, "2:1"),
        ("", DCTERMS + "title", '"T"@en', "2:13"),
        ("", CG + "start", '"2023-21"', "3:8"),
        ("", CG + "startEarliest", None, "3:1"),
        ("", CG + "startEarliest", f'"2023-03-01"^^<{XSD}date>', "3:8"),
        ("", DCTERMS + "source", "<https://w3id.org/casegraph/source/s>", "4:11"),
        ("", CG + "hasRole", None, "5:1"),
        ("", CG + "hasRole", f"<{CASE}/roles/keen>", "6:3"),
        ("roles/keen", None, None, "6:3"),
        ("roles/keen", RDF + "type", f"<{CG}Superuser>", "7:11"),
        ("roles/keen", CG + "called", '"x"@da', "8:19"),
        ("roles/keen", CG + "called", '"y"@da', "8:22"),
        ("roles/keen", CG + "standing", f"<{CODE}standing/accepted>", "6:3"),
        ("roles/keen", CG + "evidence", None, "9:5"),
        (EV, None, None, "9:5"),
        (EV, OA + "hasSource", None, "9:5"),
        (f"{EV}/position", None, None, "9:28"),
        (f"{EV}/position", OA + "end", f'"8"^^<{XSD}integer>', "9:36"),
        (f"{EV}/quote", None, None, "9:16"),
        (f"{EV}/quote", OA + "exact", '"abc"', "9:23"),
        ("groups/g", None, None, "11:3"),
        ("groups/g", RDF + "type", f"<{CG}RoleGroup>", "11:3"),
        ("groups/g", CG + "role", f"<{CASE}/roles/keen>", "11:13"),
        ("groups/g", CG + "holders", None, "11:19"),
        ("groups/g", CG + "holders", f'"2"^^<{XSD}integer>', "11:28"),
    ],
)
def test_everything_has_its_place(node: str, prop: str | None, value: str | None, place: str) -> None:
    document = read(PLACES)
    subject = NamedNode(f"{CASE}/{node}" if node else CASE)
    (quad,) = (
        [q for q in document.quads if str(q.object) == value and q.subject == subject] if value else [None]
    )
    found = document.places.find(subject, NamedNode(prop) if prop else None, quad.object if quad else None)
    assert list(map(str, found)) == [f"a.yaml:{place}"]


# --- JSON-LD


@pytest.mark.parametrize(
    "path", [FJORDBY, *sorted((ROOT / "data" / "cases").glob("*.yaml"))], ids=lambda p: p.stem
)
def test_json_ld_of_a_case_is_the_same_quads_to_other_parsers(path: Path) -> None:
    import rdflib

    quads = cases.read(path, onto(), Names()).quads
    data = formats.serialize(quads, "jsonld", onto().prefixes)
    assert set(formats.parse(data, RdfFormat.JSON_LD)) == set(quads)
    rdflib.NORMALIZE_LITERALS = False
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format="json-ld")
    again = {" ".join(term.n3() for term in quad) for quad in dataset.quads()}
    assert again == {str(quad) for quad in quads}


# --- whatever is written


SCALARS = st.one_of(
    st.text(max_size=30), st.text("aà-/:1.~[]{},&*!|>'\"%@#\t \n", max_size=12), st.integers(), st.floats()
)
KEYS = sorted(onto().context.entries)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(key=st.sampled_from(KEYS), value=SCALARS, quoted=st.booleans())
@example(key="start", value="2014/", quoted=False)
@example(key="wikidata", value="a b", quoted=True)
def test_any_scalar_is_read_or_is_a_fault_with_a_place(key: str, value: object, quoted: bool) -> None:
    text = json.dumps(value) if quoted else str(value)
    for inside in (
        f"{key}: {text}",
        f"roles: {{r: {{{key}: {text}}}}}",
        f"groups:\n  g:\n    {key}:\n    - {text}",
    ):
        _read_or_fault(inside)


@settings(deadline=None, max_examples=200)
@given(value=st.recursive(SCALARS, lambda inner: st.one_of(
    st.lists(inner, max_size=3),
    st.dictionaries(st.sampled_from(["quote", "at", "source", "en", "x", *KEYS]), inner, max_size=3),
), max_leaves=12))  # fmt: skip
def test_any_structure_is_read_or_is_a_fault_with_a_place(value: object) -> None:
    for key in ("evidence", "roles", "title", "silent-on"):
        _read_or_fault(json.dumps({key: value})[1:-1])


@settings(deadline=None, max_examples=200)
@given(data=st.binary(max_size=60))
def test_any_bytes_are_read_or_are_a_fault(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    for name in ("a.yaml", "b.jsonl"):
        (folder / name).write_bytes(data)
    with pytest.raises(InputError):
        cases.read(folder / "a.yaml", onto(), Names())
    assert not any(
        isinstance(each, cases.Document) for each in cases.read_lines(folder / "b.jsonl", onto(), Names())
    )


def _read_or_fault(inside: str) -> None:
    try:
        document = read(inside)
    except InputError as error:
        assert all(fault.place and fault.place.line for fault in error.faults)
    else:
        assert formats.unportable(document.quads, onto().languages) == []
