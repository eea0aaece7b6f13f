"""`kg query`: questions by name, from files and from a pipe, in every format, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
import whole
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from kg import answers, empties, marks, questions
from kg.cli.main import run
from kg.errors import DefinitionError, UsageError
from kg.names import XSD, Names
from kg.questions import Answer

Ask = Callable[..., tuple[int, str, str]]
NAME = "role-holders"
CG = "PREFIX cg: <https://w3id.org/casegraph/ns#>\n"


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the workspace, so that its build is the tests' own."""
    root = tmp_path_factory.mktemp("workspace")
    for part in ("ontology", "data", "queries"):
        shutil.copytree(whole.ROOT / part, root / part)
    shutil.copy(whole.ROOT / "kg.toml", root)
    assert run(["-C", str(root), "build", "--no-validate"]) == 0
    return root


@pytest.fixture
def kg(workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """`kg query` with arguments, and with bytes on stdin: exit code, stdout, stderr."""

    def ask(*args: str, stdin: str | bytes = b"") -> tuple[int, str, str]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
        monkeypatch.setenv("NO_COLOR", "1")
        capsys.readouterr()
        code = run(["-C", str(workspace), "query", *args])
        out, err = capsys.readouterr()
        return code, out, err

    return ask


def answer(name: str = NAME) -> Answer:
    """The answer, with the marks of its rows if the question has any."""
    found, borne = marks.ask(questions.read(whole.workspace().questions()[name]), whole.store())
    return marks.beside(found, borne, whole.store(), "en")


# --- Which question


@pytest.mark.parametrize("args", [[], ["--list"]])
def test_the_questions_are_listed(kg: Ask, args: list[str]):
    code, out, _ = kg(*args, "--lang", "nb")
    assert code == 0
    lines = out.splitlines()
    assert lines[::2] == sorted(lines[::2]) and len(lines) == 2 * len(whole.workspace().questions())
    assert "clients-on-a-date [date] [case]" in lines
    assert "    Hvilke leverandører brukte nettverk av superbrukere og ambassadører?" in lines


def test_a_question_by_name_is_answered_as_a_table_with_evidence(kg: Ask):
    code, out, _ = kg("champion-network-vendors")
    assert code == 0
    assert out.startswith("Which vendors used champion networks?\n")
    for text in ("Skill AS", "Netcompany", "aety", "champion", "network", "not stated", "trænede"):
        assert text in out
    assert not [name for name in ("BusinessNow", "KMD", "Precio Fishbone") if name in out]


def test_a_file_and_a_pipe_give_the_same(kg: Ask, tmp_path: Path):
    path = shutil.copy(whole.workspace().questions()[NAME], tmp_path / "mine.rq")
    named = kg(NAME, "-f", "csv")
    assert named[0] == 0 and named[1]
    assert kg(str(path), "-f", "csv") == named
    assert kg("-", "-f", "csv", stdin=path.read_bytes()) == named


def test_a_query_without_a_header_is_answered(kg: Ask):
    assert kg("-", "-f", "csv", stdin=CG + "SELECT (COUNT(DISTINCT ?v) AS ?n) { ?v a cg:Vendor }")[1] == (
        "n\r\n5\r\n"
    )


def test_labels_are_in_the_language_asked_for(kg: Ask):
    code, out, _ = kg("tenders", "--lang", "da", "-f", "markdown")
    assert code == 0 and "kombineret udbud" in out
    assert "combined tender" in kg("tenders", "-f", "markdown")[1]


def test_an_unknown_name_is_refused_with_the_nearest(kg: Ask):
    code, out, err = kg("champion-network-vendor")
    assert (code, out) == (2, "")
    assert (
        "no question and no file “champion-network-vendor”; did you mean “champion-network-vendors”?" in err
    )
    assert "list them with: kg query --list" in kg("xyzzy")[2]


# --- In which format


FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "tsv": QueryResultsFormat.TSV,
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", [NAME, "participants-dissolved", "absolute-figures"])
def test_what_programs_read_is_the_answer(kg: Ask, form: str, name: str):
    code, out, _ = kg(name, "-f", form)
    assert code == 0
    read = parse_query_results(out, format=FORMATS[form])
    assert isinstance(read, QuerySolutions)
    assert tuple(v.value for v in read.variables) == answer(name).columns
    assert [tuple(row) for row in read] == list(answer(name).rows)


def test_odd_texts_come_through():
    texts = ["tab\tand\nline", 'a "quote", <b>&amp; \\', "", "ænd—", "bell\x07"]
    given = Answer(("a",), tuple((Literal(text),) for text in texts))
    for form, kind in FORMATS.items():
        read = parse_query_results(answers.render(given, form), format=kind)
        assert isinstance(read, QuerySolutions)
        kept = "bell\ufffd" if form == "xml" else "bell\x07"
        assert [row["a"].value for row in read] == [*texts[:-1], kept]  # type: ignore[union-attr]


def test_csv_and_json_lines_hold_the_values(kg: Ask):
    head, *rows = csv.reader(io.StringIO(kg(NAME, "-f", "csv")[1], newline=""))
    records = list(answer().records())
    assert [{k: v or None for k, v in zip(head, row, strict=True)} for row in rows] == records
    assert [json.loads(line) for line in kg(NAME, "-f", "jsonl")[1].splitlines()] == records


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml", "jsonl", "markdown", "table"])
def test_yes_and_no_come_in_every_format(kg: Ask, form: str):
    for query, words in (
        (CG + "ASK { ?v a cg:Vendor }", ("yes", "true")),
        ("ASK { 1 2 3 }", ("no", "false")),
    ):
        code, out, err = kg("-", "-f", form, stdin=query.replace("1 2 3", "<urn:a> <urn:b> 3"))
        assert (code, err) == (0, "") and any(word in out for word in words)


@pytest.mark.parametrize(
    ("form", "reader"), [("turtle", "turtle"), ("ntriples", "nt"), ("jsonld", "json-ld"), ("rdfxml", "xml")]
)
def test_triples_come_as_rdf(kg: Ask, form: str, reader: str):
    query = CG + "CONSTRUCT { ?v a cg:Vendor } { ?v a cg:Vendor }"
    code, out, _ = kg("-", "-f", form, stdin=query)
    assert code == 0
    assert len(rdflib.Graph().parse(data=out, format=reader)) == 5


@pytest.mark.parametrize(
    ("name", "start"), [("a.csv", "role,"), ("a.srj", "{"), ("a.md", "| role"), ("a.srx", "<?xml")]
)
def test_a_file_has_the_format_of_its_suffix(kg: Ask, tmp_path: Path, name: str, start: str):
    assert kg(NAME, "-o", str(tmp_path / name)) == (0, "", "")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)


def test_an_unknown_format_is_refused(kg: Ask):
    code, _, err = kg(NAME, "-f", "xslx")
    assert code == 2 and "no format “xslx” for answers; known: table, markdown, csv" in err


def test_a_wide_answer_is_shown_as_records_and_an_entity_without_a_label_by_its_iri():
    given = Answer(("a", "b_c"), ((NamedNode("https://w3id.org/casegraph/case/x"), None),))
    assert answers.render(given, "markdown") == "| a | b_c |\n| --- | --- |\n| case/x |  |\n"
    assert "b c" in answers.render(given, "table", width=60)


# --- Parameters


def test_a_parameter_is_put_in(kg: Ask):
    for date, number in (("2019-06-01", 6), ("2020-02-15", 4)):
        out = kg("clients-on-a-date", "-p", f"date={date}", "-p", "case=romsdal-teams", "-f", "csv")[1]
        assert f",{date},{number},yes," in out.splitlines()[1]
    out = kg("project-clients", "-p", "country=SE", "-f", "csv")[1]
    assert len(out.splitlines()) == 3 and "dk-" not in out


def test_the_query_is_shown_with_its_parameters(kg: Ask):
    out = kg("clients-on-a-date", "-p", "case=sala-omnia", "--show")[1]
    assert "VALUES ?case { <https://w3id.org/casegraph/case/sala-omnia> } # parameter\n" in out
    assert 'VALUES ?date { "2019-06-01"^^xsd:date } # parameter\n' in out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["project-clients", "-p", "land=DK"], "project-clients has no parameter “land”; it has: country"),
        (["savings", "-p", "case=sala-omnia"], "savings has no parameter “case”; it has: none"),
        (
            ["clients-on-a-date", "-p", "date=15.2.2020"],
            "date: “15.2.2020” is no day; write it as 2020-02-15",
        ),
        (["clients-on-a-date", "-p", "date=2020-02-30"], "date: “2020-02-30” is no day"),
        (["clients-on-a-date", "-p", "case=Sala Omnia"], "case: “Sala Omnia” is no id of a case"),
        (
            ["clients-on-a-date", "-p", "case=sala"],
            "case: there is no case “sala”; did you mean “sala-omnia”?",
        ),
        (["clients-on-a-date", "-p", "date"], "“date” is no parameter; write it as NAME=VALUE"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(kg: Ask, args: list[str], told: str):
    code, out, err = kg(*args)
    assert (code, out) == (2, "")
    assert told in err


def test_a_value_stays_a_value_whatever_it_says(kg: Ask):
    text = '"} ?s ?p ?o . { \\ # parameter'
    code, out, err = kg("project-clients", "-p", f"country={text}", "-f", "csv")
    assert code == 0 and len(out.splitlines()) == 1
    assert "?municipality cg:country ?country" in err and text in err


PARAMETERS = """#+ parameters: {n: integer, t: string}
SELECT ?n ?t {
  VALUES ?n { 1 } # parameter
  VALUES ?t { UNDEF } # parameter
}"""


def test_parameters_of_all_types():
    asked = questions.ask(questions.parse(PARAMETERS), whole.store(), values={"n": "-07", "t": "a\tb"})
    integer = NamedNode(XSD + "integer")
    assert asked.rows == ((Literal("-7", datatype=integer), Literal("a\tb")),)
    assert questions.ask(questions.parse(PARAMETERS), whole.store()).rows[0][1] is None
    with pytest.raises(UsageError, match="n: “seven” is no whole number"):
        questions.parse(PARAMETERS).bind({"n": "seven"}, Names())


# --- Empty answers


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "SELECT ?x { ?x a cg:Vendr }",
            "?x a cg:Vendr (the ontology has no term Vendr; did you mean Vendor?)",
        ),
        ("SELECT ?x { ?x a cg:Vendor ; cg:holders ?n }", "not with those before it: ?x cg:holders ?n"),
        ("SELECT ?x { VALUES ?n { 7 } ?x cg:holders ?n }", "?x cg:holders ?n (where ?n is 7)"),
        ("SELECT ?x { ?x a cg:Vendor FILTER(?x = 1) }", "each pattern matches something, so a filter"),
        (
            "SELECT ?x { { SELECT ?x { ?x cg:holder ?n } } }",
            "?x cg:holder ?n (the ontology has no term holder",
        ),
        ("SELECT ?x { ?x a cg:Vendor OPTIONAL { ?x cg:no ?y } MINUS { ?x a cg:Vendor } }", "so a filter"),
        ("SELECT ?x { ?x a cg:Vendor MINUS { ?x cg:no ?y } FILTER(?x = 1) }", "so a filter"),
        ("SELECT ?x { ?x a cg:Vendor { ?x cg:no ?y } UNION { ?x cg:nor ?y } }", "so a filter"),
        ("SELECT ?x { ?x cg:agent/cg:holders ?y }", "nothing matches the pattern: ?x cg:agent/cg:holders ?y"),
    ],
)
def test_an_empty_answer_says_which_pattern_matched_nothing(kg: Ask, query: str, told: str):
    code, _, err = kg("-", "-f", "csv", stdin=CG + query)
    assert code == 0
    assert err.startswith("no row") and told in err


def test_regular_expressions_that_are_read_or_that_rows_bring_are_asked(kg: Ask):
    which = "BIND('(?=' AS ?p) FILTER(REGEX('ab', 'B', 'i') || REGEX('a', ?p))"
    query = f"SELECT (REPLACE('aba', 'b', '(') AS ?x) {{ {which} }}"
    assert kg("-", "-f", "csv", stdin=query)[:2] == (0, "x\r\na(a\r\n")


def test_an_answer_with_rows_says_no_such_thing(kg: Ask):
    assert kg(NAME, "-f", "csv")[2] == ""


def test_what_only_oxigraph_reads_is_not_taken_apart():
    query = "SELECT ?s { ?s a ?c LATERAL { ?s <urn:none> ?o } }"
    assert empties.why(query, whole.store()) == [empties.OTHER]


# --- What is refused


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "SELECT ?s {\n SERVICE <http://e.org/> { ?s ?p ?o } }",
            "stdin:2:2: calls another server with SERVICE",
        ),
        ("SELECT * { service silent <http://e.org/> { ?s ?p ?o } }", "calls another server with SERVICE"),
        (
            "SELECT * {\n ?s ?p ?o FILTER(!regex(str(?o), '(?!a)', \"i\")) }",
            "stdin:2:34: the store cannot read the regular expression '(?!a)' with the flags \"i\"; write",
        ),
        ("SELECT (REPLACE('a', '(a)\\\\1', 'b', 'i') AS ?x) { }", "the regular expression '(a)\\\\1'"),
        ("ASK { FILTER(REGEX('a', 'a', 'k')) }", "cannot read the regular expression 'a' with the flags 'k'"),
        ("DELETE WHERE { ?s ?p ?o }", "changes the graph; kg only asks"),
        ("#+ question: Ok?\n" + CG + "INSERT DATA { cg:a cg:b cg:c }", "changes the graph; kg only asks"),
        ("LOAD <http://e.org/>", "changes the graph; kg only asks"),
        (
            "SELECT ?s {\n ?s a org:Role }",
            "the prefix “org:” is not declared; add: PREFIX org: <http://www.w3.org/ns/org#>",
        ),
        ("SELECT ?s {\n ?s a ; }", "stdin:2:"),
        ("#+ columns: {a: b}\nSELECT ?s { ?s a ?o }", "names the columns ['a'], the query gives ['s']"),
        ("#+ columns: {a: b\nSELECT ?s { ?s a ?o }", "the header is not YAML"),
        ("#+ columns: {a:", "stdin:1:16: the header is not YAML: a value is missing"),
        ("#+ - a\nSELECT ?s { ?s a ?o }", "the header is no map; write “#+ question: …”"),
        ("#+ parameters: {d: date}\nASK {}", "parameter “d” has no line “VALUES ?d { … } # parameter”"),
        ("ASK {\nVALUES ?d { 1 } # parameter\n}", "marked as a parameter that the header does not name"),
        ("#+ parameters: {d: year}\nASK {\nVALUES ?d { 1 } # parameter\n}", "of unknown type “year”; known:"),
        ("", "does not parse as SPARQL"),
    ],
)
@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_query_that_cannot_be_asked_is_refused_with_its_place(kg: Ask, query: str, told: str):
    code, out, err = kg("-", stdin=query)
    assert (code, out) == (4, "")
    assert told in err and "stdin" in err


def test_what_only_looks_like_a_call_of_a_server_is_asked(kg: Ask):
    query = """SELECT ?service {
      ?service a cg:Vendor . # SERVICE <http://e.org/>
      FILTER(?service != 'SERVICE {' && ?service != <urn:SERVICE>)
    }"""
    assert kg("-", "-f", "csv", stdin=CG + query)[0] == 0


def test_bytes_that_are_no_text_are_refused(kg: Ask, tmp_path: Path):
    (tmp_path / "a.rq").write_bytes("SELECT ?ø {}".encode("latin-1"))
    assert kg(str(tmp_path / "a.rq"))[0] in (3, 4)
    assert kg("-", stdin="SELECT ?ø {}".encode("latin-1"))[0] == 3


def test_a_folder_that_is_not_there_is_told(kg: Ask, tmp_path: Path):
    code, _, err = kg(NAME, "-o", str(tmp_path / "no" / "a.csv"))
    assert code == 3 and "cannot be written" in err


def test_a_refusal_is_an_error_of_the_library_too():
    with pytest.raises(DefinitionError, match="kg never reaches out"):
        questions.ask(questions.parse("ASK { SERVICE <http://e.org/> {} }"), whole.store())


def test_why_there_is_no_row_is_told_without_a_word_of_the_library(kg: Ask):
    """rdflib tells of an odd literal with a traceback."""
    query = (
        'SELECT ?x { ?x cg:earliest ?d FILTER(?d < "2021-13-01"^^<http://www.w3.org/2001/XMLSchema#date>) }'
    )
    code, _, err = kg("-", stdin=CG + query)
    assert code == 0 and len(err.splitlines()) == 1 and err.startswith("no row")
