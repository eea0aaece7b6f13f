"""The engine knows no domain: no word of the shipped ontology and its data stands in the package.

The words are derived, so that a new term is looked for too: names and labels of terms, codes, kinds
of shared entities, ids of cases and sources, names of organisations, platforms and the places of cases.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kg import formats, ontology
from kg.context import Kind
from kg.names import CG, CODE, RDFS, SKOS

ROOT = Path(__file__).parents[1]
PACKAGE = sorted((ROOT / "kg").rglob("*.py"))
NO_TERMS = ("axioms", "shortcuts", "shapes", "reused")
"""Files of the ontology that declare no term of ours."""
GENERIC = "core"
"""The file of terms that any domain of cases needs: its words are the engine's as well."""
INFERRED = tuple(f"{CODE}{name}/" for name in ("criterion", "discovery", "verdict"))
"""Code lists that belong to terms of that file, though no author chooses from them."""
LABELS = {RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel"}

Word = tuple[str, ...]
"""A term in small letters: `("champion", "network")`."""

LEGITIMATE = {
    "RDF calls the parts of a statement so": ["subject", "object", "statement"],
    "SHACL: sh:targetClass, sh:group, the class sh:Function": ["target", "group", "function"],
    "what RDF lists and sh:members have": ["members"],
    "Python: str.split, itertools.product": ["split", "product"],
    "prettytable and click: TableStyle, click.style": ["style"],
    "the library that knows the user's folders": ["platformdirs"],
    "the Danish and the Norwegian word for sh:Info": ["oplysning", "opplysning"],
    "the Danish, Norwegian and Swedish words for rdf:Property": [
        "egenskab", "egenskaber", "egenskap", "egenskaper",
    ],
    "the Danish, Norwegian and Swedish words for sh:Function": ["funktioner", "funksjoner"],
    "SARIF: the part of a file that a result is of": ["region"],
    "JUnit: the tests of a suite": ["test"],
    "the language server protocol: an editor is a client": ["client"],
    "everyday English": [
        "called", "change", "form", "measured", "not known", "reported", "support", "unknown", "whole",
    ],
}  # fmt: skip
"""Why a word may stand in the package all the same."""


def words(text: str) -> Word:
    """The words of `text`, in small letters; `camelCase` and `snake_case` are several."""
    parted = re.sub(r"(?<=[^\W\d_A-Z])(?=[A-ZÆØÅÄÖ])", " ", text)
    return tuple(word.lower() for word in re.findall(r"[^\W\d_]+", parted))


def local(iri: str) -> str:
    return re.split("[/#]", iri)[-1]


def named(path: Path) -> Iterator[tuple[str, Word]]:
    """The IRIs of our terms in a file of the ontology, each with its name and its labels."""
    for quad in formats.read(path):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith((CG, CODE)):
            yield quad.subject.value, words(local(quad.subject.value))
            if quad.predicate.value in LABELS and isinstance(quad.object, Literal):
                yield quad.subject.value, words(quad.object.value)


def of_terms() -> Iterator[Word]:
    """The words of terms and codes, but for the generic terms and the codes that those take."""
    files = [p for p in sorted((ROOT / "ontology").glob("*.ttl")) if p.stem not in NO_TERMS]
    generic = list(named(ROOT / "ontology" / f"{GENERIC}.ttl"))
    terms = {iri for iri, _ in generic}
    entries = ontology.load([ROOT / "ontology"]).context.entries.values()
    lists = tuple(e.base for e in entries if e.kind is Kind.CODE and e.property.value in terms)
    lists += INFERRED
    own = (w for p in files for iri, w in named(p) if iri not in terms and not f"{iri}/".startswith(lists))
    yield from set(own) - {word for _, word in generic}


def of_data() -> Iterator[Word]:
    """The words of reference data and cases: kinds, ids, names."""
    cases = sorted((ROOT / "data" / "cases").iterdir())
    places = {
        place for path in cases for place in re.findall(r"municipality/[a-z]{2}-\w+", path.read_text("utf-8"))
    }
    for path in (*cases, *(ROOT / "data" / "sources").iterdir()):
        yield words(path.stem)
    for path in sorted((ROOT / "data" / "reference").glob("*.csv")):
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            yield words(row["id"].split("/")[0])
            if row["id"] in places or path.stem in ("organisation", "platform"):
                texts = (text for key, text in row.items() if re.match("(alt-)?label@", key))
                yield from (words(name) for text in texts for name in text.split("|"))


@cache
def wanted() -> dict[str, list[Word]]:
    """All words that are looked for, by their first three letters."""
    index: dict[str, list[Word]] = {}
    for word in sorted({*of_terms(), *of_data()} - {()}):
        index.setdefault(word[0][:3], []).append(word)
    return index


def is_form(text: str, word: str) -> bool:
    """Whether `text` is `word` or a form of it: `kommuner` of `kommune`, `vendors` of `vendor`."""
    stem = re.sub("[ey]$", "", word)
    return text in (word, word + "s") or (len(stem) > 4 and text.startswith(stem))


def found(text: str) -> Iterator[tuple[int, str, str]]:
    """Where words of the domain stand in `text`: number of the line, what stands there, the word."""
    for number, line in enumerate(text.splitlines(), 1):
        here = words(line)
        for at, first in enumerate(here):
            for word in wanted().get(first[:3], ()):
                if here[at : at + len(word)] == word or (len(word) == 1 and is_form(first, word[0])):
                    yield number, " ".join(here[at : at + len(word)]), " ".join(word)


def allowed() -> set[str]:
    return {word for several in LEGITIMATE.values() for word in several}


@pytest.mark.parametrize("path", PACKAGE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_word_of_the_domain_stands_in_the_package(path: Path) -> None:
    here = found(path.read_text(encoding="utf-8"))
    assert [f"{path}:{n}: “{text}”" for n, text, word in here if not {text, word} & allowed()] == []


def test_what_stands_there_all_the_same_is_needed() -> None:
    here = {each for path in PACKAGE for _, *both in found(path.read_text(encoding="utf-8")) for each in both}
    assert allowed() <= here


@pytest.mark.parametrize(
    "text",
    [
        '"""Of the municipalities of a region."""', "# en kommune med kommuner", "def vendors(): ...",
        "class ChampionNetwork:", "champion_network = 1", "x = 'leverandøren'", '"""A superuser, say."""',
        "# superbrugere", "project", "roles", "training", "procurements", "the outcome", "an Ambassador",
        "import platform", ">>> names.case('soroe-monday')", "# Sorø", "# as aety has it",
        "municipality/dk-0340", "trains_colleagues",
    ],
)  # fmt: skip
def test_a_word_of_the_domain_would_be_found(text: str) -> None:
    assert [found for _, found, word in found(text) if not {found, word} & allowed()]


def test_words_of_any_domain_are_not_looked_for() -> None:
    text = '"""The evidence of a case: its source, language, value and earliestBound, by cg:documentKind."""'
    assert list(found(text)) == []
