"""What one writes in Python: open, ask, frames, check, build, export; on the second domain."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import networkx as nx
import pytest
import rdflib
from bees import BASE, CODE, HIVE, Bees, bee, expected, rows
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

import kg
from kg import formats, frames, notebook, questions
from kg.errors import DefinitionError, Fault, InputError, KGError, UsageError
from kg.formats import objects
from kg.names import XSD
from kg.places import Place
from kg.questions import Answer
from kg.reports import Page
from kg.shapes import Report

HEAVY = {
    "click", "edtf", "kg.api", "networkx", "owlready2", "pandas", "polars", "prettytable", "pyoxigraph",
    "pyshacl", "rdflib", "yaml",
}  # fmt: skip
ID = "https://w3id.org/casegraph/id/"


def typed(text: str, kind: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


class Seen(HTMLParser):
    """The elements and the text of a piece of HTML, held to be well-formed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.open.append(tag)
        self.tags.append(tag)
        if tag in ("td", "th", "caption", "p"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.cells[-1] += data


@pytest.fixture
def graph(bees: Bees) -> kg.Graph:
    """The graph of the built copy, found from the current folder."""
    assert Path.cwd() == bees.folder
    return kg.open()


# --- Loading and opening


def test_import_kg_loads_nothing_and_names_are_there() -> None:
    code = "import sys, kg; print(*sys.modules); print(*kg.__all__); print(*dir(kg))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded, names, listed = (set(line.split()) for line in done.stdout.splitlines())
    assert not loaded & HEAVY
    assert names <= listed
    assert {"open", "Graph", "Answer", "Report", "KGError"} <= names


def test_every_name_is_what_it_says() -> None:
    for name in kg.__all__:
        assert getattr(kg, name) is not None
    assert kg.KGError is KGError
    with pytest.raises(AttributeError, match="no attribute 'opne'"):
        _ = kg.opne


def test_every_name_is_in_the_docs() -> None:
    said = (Path(__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
    kinds = (kg.Graph, kg.Answer, kg.Report)
    names = {name for kind in kinds for name in dir(kind) if not name.startswith("_")}
    assert {"ask", "fallbacks", "to_pandas"} <= names
    assert sorted(name for name in {*names, *kg.__all__} - {"__version__"} if name not in said) == []


def test_without_a_folder_the_nearest_upwards_is_opened(bees: Bees, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bees.folder / "data" / "cases")
    assert kg.open().workspace.root == bees.folder
    assert kg.open(str(bees.folder)).workspace.root == bees.folder


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no kg\.toml here; make a workspace with: kg init"):
        kg.open(tmp_path)


def test_opening_builds_and_a_changed_file_is_read_again(own: Bees) -> None:
    assert not (own.folder / "build").exists()
    graph = kg.open(own.folder)
    assert (own.folder / "build" / "current").exists()
    assert graph.cases == ["hive-five-2021", "hive-one-2021", "hive-three-2021", "hive-two-2021"]
    before = {row["apiary"]: row["kilos"] for row in graph.ask("honey-by-apiary").records()}
    own.change(HIVE, "kilos: 19", "kilos: 20")
    after = {row["apiary"]: row["kilos"] for row in graph.ask("honey-by-apiary").records()}
    assert (before[ID + "apiary/heath"], after[ID + "apiary/heath"]) == ("19", "20")


def test_what_cannot_be_read_is_raised_with_all_faults(own: Bees) -> None:
    own.change(HIVE, "kilos: 19", "kilo: 19")
    own.change(HIVE, "count: 14", "cuont: 14")
    with pytest.raises(InputError) as caught:
        kg.open(own.folder)
    assert [(f.place.line, f.what) for f in caught.value.faults if f.place] == [
        (23, "unknown key “cuont”"),
        (41, "unknown key “kilo”"),
    ]


# --- Asking


def test_an_answer_is_that_of_the_command(bees: Bees) -> None:
    graph = kg.open()
    for name in graph.questions:
        answer, said = graph.ask(name), bees("query", name, "-f", "csv")
        if answer.triples is None:
            assert answer.render("csv").replace("\r\n", "\n") == said.out.replace("\r\n", "\n")
    assert sorted(rows(graph.ask("treated-mites").render("csv"))[1:]) == sorted(expected("treated-mites")[1:])


def test_a_large_graph_is_asked_by_its_figures_and_answers_the_same(
    graph: kg.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {name: graph.ask(name) for name in graph.questions}
    monkeypatch.setattr(questions, "LARGE", 0)
    large = kg.open()
    for name, answer in small.items():
        again = large.ask(name)
        assert sorted(map(str, again.rows)) == sorted(map(str, answer.rows))
        assert again.triples == answer.triples
    assert large._open[2].figures.counts


def test_graph_and_answer_can_be_copied_and_kept(graph: kg.Graph) -> None:
    answer = graph.ask("treated-mites")
    kept = pickle.loads(pickle.dumps(answer))
    assert kept == answer
    assert kept.labels == dict(answer.labels) != {}
    assert pickle.loads(pickle.dumps(graph)).ask("treated-mites") == answer


def test_questions_and_labels_are_in_the_language_asked_for(graph: kg.Graph) -> None:
    english, german = graph, kg.open(lang="de")
    assert english.questions["where-on-a-day"] == "Where did the colonies stand on a day?"
    assert german.questions["where-on-a-day"] == "Wo standen die Völker an einem Tag?"
    heather = NamedNode(CODE + "plant/heather")
    said = {g.ask("colonies-on-a-plant", called="heather").labels[heather] for g in (english, german)}
    assert said == {"heather", "Heide"}
    assert str(german.ask("where-on-a-day")).startswith("Wo standen die Völker an einem Tag?\n┌")


def test_parameters_are_given_as_python_has_them(graph: kg.Graph) -> None:
    by_day, by_text = (graph.ask("where-on-a-day", day=day) for day in (date(2021, 7, 1), "2021-07-01"))
    assert by_day.rows == by_text.rows != graph.ask("where-on-a-day").rows
    assert graph.ask("where-on-a-day", day=None).rows == graph.ask("where-on-a-day").rows


@pytest.mark.parametrize(
    ("question", "parameters", "said"),
    [
        ("where-on-a-dya", {}, "no question “where-on-a-dya”; did you mean “where-on-a-day”?"),
        ("where-on-a-day", {"date": "2021-07-01"}, "where-on-a-day has no parameter “date”; it has: day"),
        ("where-on-a-day", {"day": "July"}, "day: “July” is no day; write it as 2020-02-15"),
        (Path("no-such.rq"), {}, "no-such.rq: there is no such file; look at its name and folder"),
    ],
)
def test_a_wrong_question_is_refused(
    graph: kg.Graph, question: str | Path, parameters: dict[str, object], said: str
) -> None:
    with pytest.raises(KGError) as caught:
        graph.ask(question, **parameters)
    assert str(caught.value) == said


def test_a_case_that_there_is_not_is_refused(graph: kg.Graph) -> None:
    query = (
        "#+ parameters: {hive: case}\nSELECT ?hive ?p {\n VALUES ?hive { UNDEF } # parameter\n ?hive a ?p }"
    )
    question = questions.parse(query)
    assert len(graph.ask(question, hive="hive-five-2021"))
    with pytest.raises(UsageError, match="hive: there is no case “hive-six-2021”; did you mean “hive-"):
        graph.ask(question, hive="hive-six-2021")


def test_queries_of_ones_own_and_files_are_asked(graph: kg.Graph, tmp_path: Path) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    file = tmp_path / "count.rq"
    file.write_text(query, encoding="utf-8")
    assert graph.query(query).rows == graph.ask(file).rows == ((Literal(len(set(graph.quads()))),),)
    with pytest.raises(DefinitionError, match="changes the graph; kg only asks"):
        graph.query("DELETE WHERE { ?s ?p ?o }")


def test_an_answer_is_true_where_there_is_something(graph: kg.Graph) -> None:
    assert graph.query("ASK {}") and not graph.query("ASK { <a:b> ?p ?o }")
    assert graph.ask("pedigree") and graph.ask("treated-mites")
    assert not graph.query("SELECT ?o { <a:b> ?p ?o }")


def test_an_empty_answer_says_why(graph: kg.Graph) -> None:
    answer = graph.query(f"SELECT ?year {{ ?year <{BASE}ns#harvets> ?harvest }}")
    told = f"?year <{BASE}ns#harvets> ?harvest (the ontology has no term harvets; did you mean harvest?)"
    assert answer.notes == (f"no row; nothing matches the pattern: {told}",)
    assert str(answer).endswith(answer.notes[-1])
    assert answer.notes[0] in Seen(answer._repr_html_()).cells


# --- Data frames

COLUMNS: list[tuple[str, list[object], str, str, str, list[object]]] = [
    ("whole", [Literal(3), None], "integer", "Int64", "Int64", [3, None]),
    ("decimal", [typed("2.50", "decimal"), Literal(2)], "number", "Float64", "Float64", [2.5, 2.0]),
    ("double", [typed("1e3", "double"), None], "number", "Float64", "Float64", [1000.0, None]),
    ("yes or no", [Literal(True), Literal(False)], "boolean", "boolean", "Boolean", [True, False]),
    ("day", [typed("2021-07-01", "date"), None], "date", "object", "Date", [date(2021, 7, 1), None]),
    (
        "moment", [typed("2021-07-01T12:30:00", "dateTime"), None],
        "moment", "datetime64[us]", "Datetime(time_unit='us', time_zone=None)",
        [datetime(2021, 7, 1, 12, 30), None],
    ),
    ("IRI", [NamedNode("a:b"), None], "text", "string", "String", ["a:b", None]),
    ("language", [Literal("Heide", language="de"), Literal("")], "text", "string", "String", ["Heide", ""]),
    ("blank", [BlankNode("b"), None], "text", "string", "String", ["_:b", None]),
    ("of several", [Literal(3), Literal("three")], "text", "string", "String", ["3", "three"]),
    ("unbound", [None, None], "text", "string", "String", [None, None]),
    ("too large", [Literal(1), typed(str(2**63), "integer")], "text", "string", "String", ["1", str(2**63)]),
    (
        "too small", [Literal(1), typed(str(-(2**63) - 1), "integer")], "text", "string", "String",
        ["1", str(-(2**63) - 1)],
    ),
    (
        "the ends", [typed(str(-(2**63)), "integer"), typed(str(2**63 - 1), "integer")],
        "integer", "Int64", "Int64", [-(2**63), 2**63 - 1],
    ),
    ("no such day", [typed("2021-02-30", "date"), None], "text", "string", "String", ["2021-02-30", None]),
    (
        "a zone", [typed("2021-07-01T12:30:00Z", "dateTime"), None], "text", "string", "String",
        ["2021-07-01T12:30:00Z", None],
    ),
    ("no number", [typed("many", "integer"), None], "text", "string", "String", ["many", None]),
]  # fmt: skip
WHAT = Answer(
    tuple(c[0] for c in COLUMNS),
    tuple(zip(*(c[1] for c in COLUMNS), strict=True)),  # type: ignore[arg-type]
)


def test_each_column_has_the_type_of_all_that_it_holds() -> None:
    assert frames.columns(WHAT) == {name: (kind, values) for name, _, kind, _, _, values in COLUMNS}
    for _, _, _, _, _, values in COLUMNS:
        assert {type(v) for v in values if v is not None} <= {int, float, bool, date, datetime, str}


def test_rows_go_to_pandas() -> None:
    pd = pytest.importorskip("pandas")
    frame = frames.to_pandas(WHAT)
    assert {str(name): str(kind) for name, kind in frame.dtypes.items()} == {c[0]: c[3] for c in COLUMNS}
    for name, _, _, _, _, values in COLUMNS:
        assert [None if pd.isna(v) else v for v in frame[name]] == values
    assert all(frame[c[0]][1] is pd.NA for c in COLUMNS if c[5][1] is None and c[2] != "moment")
    assert frame["whole"].sum() == 3


def test_rows_go_to_polars() -> None:
    pytest.importorskip("polars")
    frame = frames.to_polars(WHAT)
    assert {name: str(kind) for name, kind in frame.schema.items()} == {c[0]: c[4] for c in COLUMNS}
    assert frame.to_dict(as_series=False) == {c[0]: c[5] for c in COLUMNS}


def test_answers_of_a_graph_go_to_both(graph: kg.Graph) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    answer = graph.ask("honey-by-apiary")
    pandas, polars = answer.to_pandas(), answer.to_polars()
    kilos = {r["apiary"]: Decimal(str(r["kilos"])) for r in answer.records()}
    assert dict(zip(pandas["apiary"], pandas["kilos"], strict=True)) == kilos
    assert dict(zip(polars["apiary"], polars["kilos"], strict=True)) == kilos
    assert set(answer.to_pandas(labels=True)["apiary"]) == set(answer.to_polars(labels=True)["apiary"])
    assert not any(text.startswith("http") for text in answer.to_polars(labels=True)["apiary"])


@pytest.mark.parametrize("rows", [(), ((None,),)])
def test_frames_of_little_keep_their_columns(rows: tuple[tuple[None], ...]) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    answer = Answer(("a",), rows)
    assert frames.to_pandas(answer).shape == frames.to_polars(answer).shape == (len(rows), 1)


def test_triples_have_three_columns() -> None:
    answer = Answer(triples=(Triple(NamedNode("a:s"), NamedNode("a:p"), Literal(3)),))
    found = {"subject": ("text", ["a:s"]), "predicate": ("text", ["a:p"]), "object": ("integer", [3])}
    assert frames.columns(answer) == found


def test_yes_or_no_has_no_rows() -> None:
    with pytest.raises(UsageError, match="an answer of yes or no has no rows; read its attribute “boolean”"):
        frames.columns(Answer(boolean=True))


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_library_that_is_not_there_is_named_with_what_brings_it(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError) as caught:
        getattr(kg.Answer(("a",)), f"to_{library}")()
    install = f"install it with: pip install 'casegraph[{library}]'"
    assert str(caught.value) == f"this needs {library}, which is not installed; {install}"


# --- In a notebook


def test_an_answer_shows_itself_as_a_table_with_labels(bees: Bees) -> None:
    html = kg.open(bees.folder, lang="de").ask("colonies-on-a-plant", called="heather")._repr_html_()
    seen = Seen(html)
    assert seen.cells[:4] == [
        "Welche Völker beflogen eine Tracht, und an welchen Ständen?", "colony", "plant", "apiary"
    ]  # fmt: skip
    assert seen.cells.count("Heide") == 2
    assert f'title="{CODE}plant/heather"' in html


def test_what_is_in_an_answer_is_escaped() -> None:
    evil = '<script>alert("1")</script>&\x00'
    node = NamedNode("a:b")
    answer = kg.Answer((evil, "b_c"), ((Literal(evil), node),), text=evil, labels={node: evil}, notes=(evil,))
    seen = Seen(answer._repr_html_())
    assert "script" not in seen.tags
    shown = evil.replace("\x00", "\ufffd")
    assert seen.cells == [shown, shown, "b c", shown, shown, shown]


def test_a_language_is_marked_and_what_is_unbound_is_empty() -> None:
    html = kg.Answer(("a", "b"), ((Literal("Heide", language="de"), None),))._repr_html_()
    assert '<td lang="de">Heide</td><td></td>' in html
    assert Seen(html).cells == ["a", "b", "Heide", ""]


def test_long_answers_are_cut_and_counted() -> None:
    cells = Seen(
        kg.Answer(("n",), tuple((Literal(n),) for n in range(notebook.MOST + 5)))._repr_html_()
    ).cells
    assert (len(cells), cells[-2:]) == (notebook.MOST + 2, [str(notebook.MOST - 1), "… and 5 more"])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (kg.Answer(("a",)), ["a", "no row"]),
        (kg.Answer(boolean=True, text="Is it?"), ["Is it? yes"]),
        (kg.Answer(boolean=False), ["no"]),
        (
            kg.Answer(triples=(Triple(NamedNode("a:s"), NamedNode("a:p"), Literal("o")),)),
            ["subject", "predicate", "object", "a:s", "a:p", "o"],
        ),
    ],
)
def test_every_kind_of_answer_shows_itself(answer: kg.Answer, said: list[str]) -> None:
    assert Seen(answer._repr_html_()).cells == said


def test_a_report_shows_itself_with_places_and_rules(own: Bees) -> None:
    graph = kg.open(own.folder, lang="de")
    own.change(HIVE, "count: 14", "count: -14")
    cells = Seen(graph.validate()._repr_html_()).cells
    assert cells[:5] == ["1 error, 1 warning in 1 file", "file", "level", "finding", "rule"]
    [at] = [n for n, cell in enumerate(cells) if cell.startswith(f"{HIVE}:23:")]
    assert cells[at + 2].startswith("count: ")


def test_what_is_in_a_report_is_escaped() -> None:
    fault = Fault(Place("<b>.yaml", 1, 1), "<script>", "<i>")
    html = notebook.report(Page(Report(faults=(fault,))))
    assert not {"script", "b", "i"} & set(Seen(html).tags)
    assert "<b>.yaml:1:1" in Seen(html).cells


# --- Checking and building


def test_a_report_has_findings_with_their_places(own: Bees) -> None:
    graph = kg.open(own.folder)
    report = graph.validate()
    assert report.conforms
    assert [(f.severity.level, f.rule) for f in report.findings] == [("warning", "Treatment.against")]
    assert repr(report) == "<kg.Report 1 warning in 1 file>"
    own.change(HIVE, "count: 14", "count: -14")
    report = graph.validate()
    found = [(str(f.place), f.severity.level, f.key) for f in report.findings[:1]]
    assert (report.conforms, found) == (False, [(f"{HIVE}:23:16", "error", "count")])
    assert json.loads(report.render("sarif"))["runs"][0]["results"]
    assert str(report).startswith(f"{HIVE}:23:16 error count: ")
    with pytest.raises(UsageError, match="no format “pdf” for findings"):
        report.render("pdf")


def test_what_passes_by_being_empty_is_told_and_an_error_if_strict(own: Bees) -> None:
    graph = kg.open(own.folder)
    shapes = own.read("ontology/shapes.ttl")
    own.write("ontology/shapes.ttl", shapes + "\n<urn:idle> a sh:NodeShape ; sh:targetClass bee:Wasp .\n")
    said = {(f.rule, f.severity.level) for f in graph.validate().findings}
    assert ("check.unknown-class", "warning") in said and graph.validate().conforms
    strict = graph.validate(strict=True)
    assert not strict.conforms
    assert "check.unknown-class" in {f.rule for f in strict.findings if f.severity.level == "error"}


def test_files_may_be_chosen_for_a_check(own: Bees) -> None:
    graph = kg.open(own.folder)
    own.change(HIVE, "count: 14", "count: -14")
    assert not graph.validate(HIVE).conforms
    assert graph.validate(own.folder / "data" / "cases" / "garden.jsonl").conforms


def test_a_graph_with_errors_is_not_stored(own: Bees) -> None:
    graph = kg.open(own.folder)
    assert graph.build().conforms
    assert "not checked" not in repr(graph)
    before = (own.folder / "build" / "current").read_text(encoding="utf-8")
    own.change(HIVE, "count: 14", "count: -14")
    assert not graph.build().conforms
    assert (own.folder / "build" / "current").read_text(encoding="utf-8") == before


# --- Taking it elsewhere


@pytest.mark.parametrize("form", list(formats.FORMATS))
def test_an_export_is_that_of_the_command(bees: Bees, form: str) -> None:
    out = bees.folder.parent / f"out-{form}"
    assert bees("export", "-f", form, "-o", str(out), "--asserted", "--case", "hive-five-2021").code == 0
    assert kg.open().export(form, parts=["asserted"], cases=["hive-five-2021"]) == out.read_bytes()


def test_a_dataset_of_rdflib_holds_the_same_quads(graph: kg.Graph) -> None:
    dataset = graph.rdflib()
    other = rdflib.Dataset()
    other.parse(data=graph.export("nquads"), format="nquads")
    assert set(dataset.quads()) == set(other.quads())
    assert len(set(dataset.quads())) == len(set(graph.quads()))
    assert (rdflib.URIRef(BASE + "case/hive-five-2021"), rdflib.RDF.type, None) in dataset
    assert dataset.query(f"ASK {{ ?year <{bee('colony').value}> ?colony }}").askAnswer
    assert dict(dataset.namespaces())["bee"] == rdflib.URIRef(BASE + "ns#")


def test_a_part_of_it_goes_to_rdflib(graph: kg.Graph) -> None:
    dataset = graph.rdflib(parts=["asserted"], cases=["hive-five-2021"])
    names = {name for _, _, _, name in dataset.quads()}
    assert {str(name) for name in names} == {BASE + "graph/case/hive-five-2021"}
    with pytest.raises(UsageError, match="no part of the graph “assertd”; did you mean “asserted”"):
        graph.quads(parts=["assertd"])


def test_terms_are_kept_as_written() -> None:
    s, p = NamedNode("a:s"), NamedNode("a:p")
    values = [
        typed("007", "integer"), typed("1.50", "decimal"), Literal("x"), Literal("x", language="da"),
        typed("true", "boolean"), BlankNode("b"), NamedNode("a:o"),
    ]  # fmt: skip
    dataset = objects.dataset((Quad(s, p, value, DefaultGraph()) for value in values), {"a": "a:"})
    assert {o.n3() for _, _, o, _ in dataset.quads()} == {
        str(value).replace(f"^^<{XSD}string>", "") for value in values
    }
    with pytest.raises(DefinitionError, match="rdflib does not know the triple term"):
        objects.term(Triple(s, p, s))


def test_a_network_is_that_of_networkx(graph: kg.Graph) -> None:
    network = kg.open(lang="de").network()
    assert isinstance(network, nx.MultiDiGraph)
    assert network.name == "pasture" and len(network) > 4
    assert network.nodes[CODE + "plant/heather"]["label"] == "Heide"
    with pytest.raises(UsageError, match="no network “pastures”; did you mean “pasture”"):
        graph.network("pastures")


def test_a_graph_says_what_it_is(bees: Bees) -> None:
    assert repr(kg.open()).startswith(f"<kg.Graph {bees.folder}: 4 cases: ")


# --- explaining and citing


def test_an_explanation_is_that_of_the_command(bees: Bees, graph: kg.Graph) -> None:
    found = graph.explain("hive-three-2021", "InfestedYear")
    assert found.holds
    assert str(found) + "\n" == bees("explain", "hive-three-2021", "InfestedYear").out
    assert found.render("json") == bees("explain", "hive-three-2021", "InfestedYear", "-f", "json").out
    assert (found._repr_svg_() or "").startswith("<svg ")
    row = graph.explain("treated-mites", row=1)
    assert row.render() == bees("explain", "treated-mites", "--row", "1").out
    assert "treated-mites" in repr(row)


def test_what_does_not_hold_is_explained_with_what_lacks(bees: Bees, graph: kg.Graph) -> None:
    found = graph.explain("hive-three-2021/treatments/heath", "AcidTreatment")
    assert not found.holds and found._repr_svg_() is None
    assert found.render() == bees("explain", "hive-three-2021/treatments/heath", "AcidTreatment").out
    with pytest.raises(UsageError, match="has a row with"):
        graph.explain("treated-mites", "hive-three-2021", why_not=True)
    with pytest.raises(UsageError, match="it holds"):
        graph.explain("InfestedYear", "hive-three-2021", why_not=True)
    for wrong in ((), ("treated-mites",)):
        with pytest.raises(UsageError, match="two words"):
            graph.explain(*wrong)
    with pytest.raises(UsageError, match="no row"):
        graph.explain("treated-mites", row="00000000")


def test_a_citation_is_that_of_the_command(bees: Bees, graph: kg.Graph) -> None:
    assert graph.cite() == bees("cite").out
    assert graph.cite("hive-three-2021", form="bibtex") == bees("cite", "hive-three-2021", "-f", "bibtex").out
    said = bees("cite", "treated-mites", "--row", "1").out
    assert graph.cite("treated-mites", row=1) == said
    with pytest.raises(UsageError, match="a row goes with a question"):
        graph.cite(row="1")
