"""What the values of a case file stand for: literals, dates, codes, references, evidence; with places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st
from pyoxigraph import Literal, NamedNode
from reading import CASE, CODE, ROOT, onto, read, values

from kg import cases, dates, formats, ontology
from kg.errors import InputError
from kg.names import CG, DCTERMS, ID, OA, RDF, RDFS, XSD, Names
from kg.ontology import Ontology
from kg.places import Place

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
    with pytest.raises(dates.DateError) as own:
        dates.bounds(edtf)
    assert (fault.what, fault.fix) == (own.value.what, own.value.fix)


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


def extended(folder: Path, axioms: str) -> Ontology:
    """The ontology of this workspace with more axioms."""
    prefixes = f"PREFIX cg: <{CG}> PREFIX rdfs: <{RDFS}> "
    (folder / "axioms.ttl").write_text(prefixes + axioms, encoding="utf-8")
    return ontology.load([ROOT / "ontology", folder])


def test_a_key_leads_to_a_map_of_a_wider_class(tmp_path: Path) -> None:
    narrow = extended(tmp_path, "cg:about rdfs:range cg:Superuser .")
    text = "id: a\nroles: {x: {kind: Superuser}}\nplatforms: {x: {label: {en: P}}}\ngroups: {g: {about: x}}"
    quads = cases.read_text(text, "a.yaml", narrow, Names()).quads
    assert [q.object.value for q in quads if q.predicate.value == CG + "about"] == [f"{CASE}/roles/x"]


def test_defaults_are_those_of_the_kind(tmp_path: Path) -> None:
    more = extended(tmp_path, 'cg:frequency rdfs:domain cg:Superuser ; cg:defaultValue "P1W" .')
    text = "id: a\nroles: {x: {kind: Superuser}, y: {memo: {en: m}}}"
    quads = cases.read_text(text, "a.yaml", more, Names()).quads
    found = {(q.subject.value, q.object) for q in quads if q.predicate.value == CG + "frequency"}
    assert found == {(f"{CASE}/roles/x", Literal("P1W"))}


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


def test_a_quote_may_be_as_long_as_is_allowed() -> None:
    assert read(f"sources: [s]\nevidence: {{quote: {'x' * 90}, at: [0, 90]}}").quads
    assert read("sources: [s]\nevidence: {quote: a b c d e f g h i j k l, at: [0, 23]}").quads


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
