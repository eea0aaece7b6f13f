"""`kg contradictions` on the shipped cases, and where somebody plants what cannot both hold; marks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import whole
from pyoxigraph import Literal, NamedNode, Quad, Store

import kg
from kg import marks, questions, rows
from kg.cli.main import run
from kg.errors import DefinitionError
from kg.names import CG, RDF
from kg.questions import Question

HAVLUNDE = whole.ROOT / "examples" / "havlunde"
CASE = "data/cases/havlunde-kernehus.yaml"
MENTORS = "statements/mentors-in-the-lead"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the fictional case, to be changed."""
    folder = Path(shutil.copytree(HAVLUNDE, tmp_path / "own", ignore=shutil.ignore_patterns("build")))
    monkeypatch.chdir(folder)
    return folder


def told(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    capsys.readouterr()
    code = run(["-q", "contradictions", *args])
    return code, capsys.readouterr().out


def plant(folder: Path, more: str) -> None:
    """Add statements to the case."""
    path = folder / CASE
    text = path.read_text(encoding="utf-8")
    assert text.count("\nstatements:\n") == 1
    path.write_text(text.replace("\nstatements:\n", f"\nstatements:\n{more}"), encoding="utf-8")


def staff(key: str, number: int, more: str = "") -> str:
    return (
        f"  {key}: {{aspect: organisation-size, value: {number}, unit: employees, "
        "about: involvements/client, "
        f"summary: {{en: Staff.}}, {more}evidence: {{quote: 2.900 ansatte}}}}\n"
    )


# --- The report


def test_what_the_shipped_cases_record_is_told_with_words_and_places(
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    code = run(["-q", "-C", str(whole.ROOT), "contradictions", "-f", "json"])
    conflicts, figures = json.loads(capsys.readouterr().out)
    assert code == 0
    [client] = [row for row in conflicts["rows"] if row["sides"]["one"]["node"].endswith("/koege")]
    assert client["columns"]["counts"]["value"].endswith("involvements/sala")
    assert client["columns"]["because"]["text"] == "the case prefers it"
    assert client["sides"]["one"]["place"]["file"].endswith("sala-omnia.yaml")
    assert client["sides"]["one"]["quotes"][0]["words"].startswith("Køge kommun")
    assert [q.get("against", False) for q in client["sides"]["other"]["quotes"]] == [False, False, True]
    [growth] = [
        row for row in figures["rows"] if row["sides"]["check"]["node"].endswith("recomputations/growth")
    ]
    words = {quote["words"] for quote in growth["sides"]["check"]["quotes"]}
    assert "i april var dette tallet nesten 11 500" in words
    assert growth["columns"]["makes"]["value"] == "7566.67"
    assert growth["columns"]["verdict"]["text"] == "of another scope"
    assert not any(row["finding"] for section in (conflicts, figures) for row in section["rows"])


@pytest.mark.parametrize(
    ("lang", "words"),
    [("da", "det der tæller"), ("nb", "det som teller"), ("nn", "det som teller"), ("sv", "den som räknas")],
)
def test_it_is_told_in_the_reader_s_language(
    capsys: pytest.CaptureFixture[str], lang: str, words: str
) -> None:
    capsys.readouterr()
    assert run(["-q", "-C", str(whole.ROOT), "contradictions", "--lang", lang]) == 0
    assert f"  {words}: " in capsys.readouterr().out


def test_what_a_rule_finds_and_nobody_records_is_a_finding(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys)[0] == 0
    plant(own, staff("many", 2900) + staff("few", 1200, "firmness: inferred, "))
    assert run(["-q", "evidence", "--fix"]) == 0
    code, text = told(capsys)
    assert code == 1
    assert "(no contradiction records it)" in text
    assert "  the one that counts: " in text and "  why it counts: stated before inferred" in text
    capsys.readouterr()
    assert run(["-q", "validate"]) == 0
    warned = [line for line in capsys.readouterr().out.splitlines() if "[Assertion.conflict]" in line]
    assert len(warned) == 1 and "two statements cannot both hold; record which counts" in warned[0]
    path = own / CASE
    record = "\n  sizes:\n    between: [statements/many, statements/few]\n    reason: {en: Two sizes.}\n"
    record += "    derived-from: [statements/many, statements/few]\n"
    text = path.read_text(encoding="utf-8").replace("\ncontradictions:\n", f"\ncontradictions:{record}")
    path.write_text(text, encoding="utf-8")
    code, text = told(capsys)
    assert (code, "recorded, and found by a rule" in text) == (0, True)


@pytest.mark.parametrize(
    "other", [staff("few", 1200, "period: 2024, "), staff("few", 2950, "qualifier: about, ")]
)
def test_another_time_or_about_as_much_is_no_contradiction(
    own: Path, capsys: pytest.CaptureFixture[str], other: str
) -> None:
    plant(own, staff("many", 2900) + other)
    assert run(["-q", "evidence", "--fix"]) == 0
    assert told(capsys)[0] == 0


def test_division_by_zero_and_two_units_are_findings_of_validate(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(own, staff("none", 0) + staff("many", 2900, "period: 2024, ").replace("employees", "percent"))
    path = own / CASE
    text = (
        path.read_text(encoding="utf-8").rstrip("\n")
        + """

recomputations:
  growth:
    computation: percent-change
    checks: statements/many
    base: statements/none
    derived-from: [statements/none, statements/mentors-in-the-lead]
  both:
    {computation: sum, checks: statements/none, derived-from: [statements/none, statements/many]}
"""
    )
    path.write_text(text, encoding="utf-8")
    assert run(["-q", "evidence", "--fix"]) == 0
    capsys.readouterr()
    assert run(["-q", "validate"]) == 1
    out = capsys.readouterr().out
    assert "must not divide by zero" in out and "[Recomputation.defined]" in out
    assert "must not mix units" in out and "[Recomputation.units]" in out


def test_a_format_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-q", "-C", str(whole.ROOT), "contradictions", "-f", "pdf"]) == 2
    assert "known: text, markdown, json" in capsys.readouterr().err


# --- Which side counts


def question() -> Question:
    return questions.read(whole.workspace().questions()["contradictions"])


def test_the_order_of_reasons_is_data() -> None:
    """By firmness the one counts, by its grade the other: the criterion of the lower rank decides."""
    one, other = (NamedNode(f"https://w3id.org/casegraph/case/x/outcomes/{name}") for name in ("a", "b"))
    code = "https://w3id.org/casegraph/code/"
    said = [(one, "firmness", "firmness/stated"), (other, "firmness", "firmness/inferred")]
    said += [(one, "grade", "grade/claimed"), (other, "grade", "grade/measured")]
    store = Store()
    store.extend(
        [*(Quad(*q.triple) for q in whole.onto().terms), Quad(one, NamedNode(CG + "conflictsWith"), other)]
    )
    store.extend(Quad(node, NamedNode(CG + name), NamedNode(code + value)) for node, name, value in said)

    def counts() -> tuple[object, object]:
        [row] = [
            dict(zip(a.columns, row, strict=True))
            for a in [questions.ask(question(), store)]
            for row in a.rows
        ]
        return row["counts"], row["because"]

    assert counts() == (other, NamedNode(code + "criterion/grade"))
    rank = NamedNode(CG + "rank")
    for name, number in (("grade", 4), ("firmness", 3)):
        criterion = NamedNode(f"{code}criterion/{name}")
        for quad in list(store.quads_for_pattern(criterion, rank, None, None)):
            store.remove(quad)
        store.add(Quad(criterion, rank, Literal(number)))
    assert counts() == (one, NamedNode(code + "criterion/firmness"))


# --- Marks


def test_marks_stand_beside_the_values_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("csv", "json", "jsonl", "markdown", "table"):
        capsys.readouterr()
        assert run(["-q", "-C", str(whole.ROOT), "query", "role-holders", "-f", form]) == 0
        assert "recomputed: agrees" in " ".join(capsys.readouterr().out.split())
    graph = kg.open(whole.ROOT, lang="nb")
    answer = graph.ask("project-clients")
    assert answer.columns[-1] == marks.COLUMN
    sala = [row["marks"] for row in answer.records() if (row["project"] or "").endswith("sala-omnia")]
    assert sala == ["omstridt", "omstridt"]
    assert {row["marks"] for row in answer.records()} == {"omstridt", None}


def test_an_explained_row_says_its_marks(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["-q", "-C", str(whole.ROOT), "explain", "participants-dissolved", "--row", "1"]) == 0
    assert "[" not in capsys.readouterr().out.splitlines()[0]
    assert run(["-q", "-C", str(whole.ROOT), "explain", "growth-checked", "--row", "1", "--lang", "da"]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith("[omstridt; efterregnet: kan ikke efterprøves]")


def test_every_question_that_shows_an_assertion_says_what_its_rows_stand_on() -> None:
    found = [questions.read(path) for path in whole.workspace().questions().values()]
    without = {each.name for each in found if not each.marks and not each.sides}
    assert without == {"projects-started-before", "standard-terms"}  # of projects, and of terms alone


def test_rows_keep_their_keys_and_their_number_beside_marks() -> None:
    for path in whole.workspace().questions().values():
        asked = questions.read(path)
        plain = questions.ask(asked, whole.store(), whole.workspace().names)
        marked, borne = marks.ask(asked, whole.store(), whole.workspace().names)
        assert marked == plain
        assert borne is None or len(borne) == len(rows.rows_of(plain))


def test_a_row_of_several_nodes_bears_the_marks_of_all() -> None:
    a, b, c, marked = (NamedNode(f"urn:{name}") for name in "abcm")
    store = Store()
    store.add(Quad(marked, NamedNode(CG + "mark"), Literal(True)))
    store.add(Quad(b, NamedNode(RDF + "type"), marked))
    store.extend(Quad(node, NamedNode("urn:p"), Literal(v)) for node, v in ((a, "x"), (b, "x"), (c, "y")))
    text = (
        "#+ columns: {v: value}\n#+ marks: s\nSELECT {} ?v WHERE {{ ?s <urn:p> ?v }} ORDER BY STR(?v) STR(?s)"
    )
    text = text.replace("{v: value}", "{{v: value}}")
    for distinct, number in (("DISTINCT", 2), ("", 3)):
        answer, borne = marks.ask(questions.parse(text.format(distinct)), store)
        assert len(answer) == number and borne is not None
        assert sorted(map(len, borne)) == sorted([1] + [0] * (number - 1))


def test_a_mark_of_no_variable_is_refused() -> None:
    with pytest.raises(
        kg.DefinitionError if hasattr(kg, "DefinitionError") else Exception, match="no variable"
    ):
        questions.parse("#+ columns: {s: it}\n#+ marks: shwon\nSELECT ?s WHERE { ?s ?p ?o }")


def test_a_side_of_no_column_is_refused() -> None:
    with pytest.raises(DefinitionError, match="no column"):
        questions.parse("#+ columns: {s: it}\n#+ sides: t\nSELECT ?s WHERE { ?s ?p ?o }")
