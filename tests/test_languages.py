"""A reader is given the same language everywhere: labels, questions, messages, pages, words around."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import languages, questions
from kg.languages import Table
from kg.manual.markdown import tongues
from kg.names import RDFS
from kg.ontology import Ontology

THING, LABEL = NamedNode("urn:thing"), NamedNode(RDFS + "label")
SAID = {"en": "thing", "da": "ting", "nb": "greie", "sv": "sak"}
TABLE: Table = {"thing": ("thing", "ting", "greie", "greie", "sak")}
WANTED = {"en": "en", "da": "da", "da-DK": "da", "nn": "nb", "nn-NO": "nb", "SV": "sv", "fi": "en"}


@pytest.mark.parametrize(("asked", "given"), WANTED.items())
def test_one_choice_for_all_that_is_said(asked: str, given: str) -> None:
    labels = [Quad(THING, LABEL, Literal(text, language=tag)) for tag, text in SAID.items()]
    store = Store()
    store.extend(labels)
    question = questions.Question("q", "", texts=SAID, columns={"a": ""}, heads={"a": SAID})
    found = {
        "a message": languages.pick(SAID, asked),
        "a word": languages.words(TABLE, asked)["thing"],
        "a term": Ontology(terms=labels).label(THING, asked),
        "a node": questions.labels(store, [THING], asked)[THING],
        "a question": question.text(asked),
        "a column": question.head("a", asked),
        "a page": tongues(SAID, asked).split("**")[1],
    }
    assert found == dict.fromkeys(found, SAID[given])


def test_a_question_without_words_is_told_by_its_name() -> None:
    question = questions.Question("q", "", texts={"en": ""}, heads={"a": {"en": ""}})
    assert (question.text("da"), question.head("a", "da")) == ("q", "a")


def test_a_row_of_a_table_has_all_languages_or_all_but_one() -> None:
    with pytest.raises(ValueError, match="zip"):
        languages.by_language(("yes", "ja"))
