"""What questions say by themselves is in the language of whoever reads; for programs it stays as it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import whole
from bees import Bees
from pyoxigraph import Literal

import kg
from kg import marks, phrases, questions
from kg.errors import DefinitionError
from kg.sparql import Query

LANGUAGES = ("da", "nb", "nn", "sv")
QUESTION = """SELECT ?hive ?said WHERE {
  ?hive a <https://bees.example.net/ns#ColonyYear> . BIND("no" AS ?said) }"""
FROM_DATA = 'SELECT ?sort { VALUES ?made { "n" } BIND(CONCAT(?made, "o") AS ?sort) }'


def strings(question: questions.Question) -> set[str]:
    return {word.text[1:-1] for word in Query(question.sparql).words if word.kind == "string"}


def every() -> Iterator[questions.Question]:
    yield from map(questions.read, whole.workspace().questions().values())


def listed() -> dict[str, dict[str, str]]:
    [path] = whole.workspace().phrases()
    return {text: dict(said) for text, said in phrases.read(path).items()}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the workspace, so that its build is the tests' own."""
    folder = tmp_path_factory.mktemp("workspace")
    for part in ("ontology", "data", "queries"):
        shutil.copytree(whole.ROOT / part, folder / part)
    shutil.copy(whole.ROOT / "kg.toml", folder)
    return folder


def test_all_that_questions_say_by_themselves_is_in_four_languages() -> None:
    known = listed()
    for question in every():
        answer, _ = marks.ask(question, whole.store())
        cells = {cell.value for row in answer.rows for cell in row if isinstance(cell, Literal)}
        own = {text for text in cells & strings(question) if any(map(str.isalpha, text))}
        assert own <= known.keys(), question.name
    assert all(tuple(said) == LANGUAGES and all(said.values()) for said in known.values())


def test_nothing_is_listed_that_no_question_says() -> None:
    assert listed().keys() - set().union(*map(strings, every())) == set()


@pytest.mark.parametrize(
    ("lang", "said"),
    {"da": "ikke oplyst", "nn": "ikkje oppgjeve", "sv": "anges inte", "en": "not stated"}.items(),
)
def test_people_read_it_in_their_language(root: Path, lang: str, said: str) -> None:
    answer = kg.open(root, lang=lang).ask("savings")
    for text in (str(answer), answer.render("markdown"), answer._repr_html_()):
        assert said in text and ("not stated" in text) == (lang == "en")
    for form in ("csv", "tsv", "json", "xml", "jsonl"):
        assert "not stated" in answer.render(form)
    assert next(iter(answer.records()))["estimator"] == "not stated"


def test_frames_have_it_where_they_have_labels(root: Path) -> None:
    answer = kg.open(root, lang="da").ask("savings")
    pytest.importorskip("pandas")
    assert list(answer.to_pandas(labels=True)["estimator"]) == ["ikke oplyst"]
    assert list(answer.to_pandas()["estimator"]) == ["not stated"]


def test_a_workspace_says_its_own(own: Bees) -> None:
    own.write("asked.rq", QUESTION)
    assert "| no |" in own("query", "asked.rq", "--lang", "da", "-f", "markdown").out
    own.write("queries/words.yaml", 'no: {da: nej, de: "nein|doch"}\n')
    assert "| nej |" in own("query", "asked.rq", "--lang", "da", "-f", "markdown").out
    assert r"| nein\|doch |" in own("query", "asked.rq", "--lang", "de", "-f", "markdown").out
    assert " nej " in own("query", "asked.rq", "--lang", "da").out
    for lang in ("sv", "en"):
        assert "| no |" in own("query", "asked.rq", "--lang", lang, "-f", "markdown").out
    said = json.loads(own("query", "asked.rq", "--lang", "da", "-f", "json").out)
    assert {row["said"]["value"] for row in said["results"]["bindings"]} == {"no"}
    assert "· nej" in own("query", "asked.rq", "--lang", "da", "--explain").out


def test_what_is_no_word_of_the_query_is_told_as_it_is(own: Bees) -> None:
    own.write("queries/words.yaml", "no: {da: nej}\n")
    own.write("asked.rq", FROM_DATA)
    assert "| no |" in own("query", "asked.rq", "--lang", "da", "-f", "markdown").out


@pytest.mark.parametrize(
    ("text", "said"),
    [("no: nej", "not the words"), ("- no", "not the words"), ("no: {da: [a]}", "not"), ("a: {", "no YAML")],
)
def test_an_ill_formed_list_is_refused_where_it_is_needed(own: Bees, text: str, said: str) -> None:
    own.write("queries/words.yaml", text)
    own.write("asked.rq", QUESTION)
    assert own("query", "asked.rq").code == 0
    wrong = own("query", "asked.rq", "--lang", "da")
    assert (wrong.code, wrong.out) == (DefinitionError.exit_code, "")
    assert "words.yaml" in wrong.err and said in wrong.err and "write lines such as" in wrong.err


def test_what_differs_between_answers_is_told_so_too(own: Bees) -> None:
    own.write(
        "queries/questions/heavy.rq",
        """SELECT ?said { ?harvest <https://bees.example.net/ns#kilos> ?kilos .
        BIND(IF(?kilos > 19, "much", "little") AS ?said) }""",
    )
    own.write("queries/words.yaml", "much: {da: meget}\nlittle: {da: lidt}\n")
    assert own("build").code == 0
    own.change("data/cases/hive-three-2021.yaml", "kilos: 19", "kilos: 20")
    for lang, said in {"en": "much", "da": "meget"}.items():
        assert f"  + {said}\n" in own("diff", "build/current", "--lang", lang).out
