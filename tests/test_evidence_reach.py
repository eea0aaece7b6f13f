"""Words that turn or soften what a sentence says: which, how far they reach, and who need not mind."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from bees import GARDEN, HIVE, Bees

import kg
from kg import evidence, ontology
from kg.errors import DefinitionError
from kg.evidence import Quote, cues
from kg.evidence.cues import Cues, WordLists
from kg.places import Place
from kg.sources import Text

ROOT = Path(__file__).parent.parent
LISTS = cues.load(sorted((ROOT / "ontology" / "words").glob("*.yaml")))
MAP = yaml.MappingNode("", [])
TOLD = (
    "Kommunen uddannede læringsagenter i Århus og Fjordby. Læringsagenterne blev – ifølge projektlederen –"
    " ikke brugt i Århus. Prisen var 1,2 mio. kr. (ikke 12 mio. kr.), og alle var glade."
)
"""A text of our own, with what quote checkers are known to overlook."""


def near(language: str, text: str, quote: str) -> list[tuple[str, str]]:
    """The kinds of words around a quote, and the words."""
    start = text.index(quote)
    found = LISTS.of(language).near(text, (start, start + len(quote)))
    return [(each.kind, text[slice(*each.span)]) for each in found]


def checked(words: str) -> str:
    """What is told of a quote of the text, or where it stands."""
    text = {"report": Text(TOLD, language="da")}
    found = evidence.check([Quote(words, None, "report", Place("a.yaml", 1, 1), MAP)], text, LISTS)
    return str(found.faults[0]) if found.faults else f"found at {list(found.found[0].span)}"


# --- ellipses


def test_an_ellipsis_that_swallows_a_negation_is_refused_with_the_word_and_its_place() -> None:
    at = TOLD.index("ikke brugt")
    for words in (
        "Kommunen uddannede ... Læringsagenterne blev ... brugt i Århus",
        "Læringsagenterne blev … brugt i Århus",
        "Læringsagenterne blev […] brugt i Århus",
        "Læringsagenterne blev (...) brugt i A\u030arhus",
    ):
        what = f"the ellipsis swallows “ikke” (negation), which report has at [{at}, {at + 4}]; quote"
        assert what in checked(words), words


def test_other_words_of_weight_and_plain_gaps_are_told_as_well() -> None:
    at = TOLD.index("ifølge")
    assert f"swallows “ifølge” (attribution), which report has at [{at}, {at + 6}]" in checked(
        "Læringsagenterne blev ... projektlederen"
    )
    assert "the ellipsis leaves out 27 characters of report, at [18, 45]" in checked(
        "Kommunen uddannede … Fjordby"
    )
    assert "“Odense”, a part of the quote with an ellipsis" in checked("Kommunen uddannede ... Odense")
    assert "“…”, a part of the quote" in checked("…")


def test_an_ellipsis_of_the_source_itself_may_be_quoted() -> None:
    text = {"a": Text("Ja ... nej, siger han.")}
    found = evidence.check([Quote("Ja ... nej", (0, 10), "a", Place("a"))], text, LISTS)
    assert found.faults == () and found.found[0].span == (0, 10)


def test_without_a_text_an_ellipsis_is_refused_as_such(own: Bees) -> None:
    own.change(HIVE, "fourteen mites on the board", "fourteen ... on the board")
    own.change(HIVE, "[271, 298]", "[271, 296]")
    (own.folder / "texts").rename(own.folder / "elsewhere")
    (line,) = own("evidence").lines
    assert "the quote has an ellipsis, which no text at hand can tell the words of" in line


def test_the_other_probes() -> None:
    assert checked("12 mio. kr.") == f"found at [{TOLD.index('12 mio')}, {TOLD.index('12 mio') + 11}]"
    assert near("da", TOLD, "12 mio. kr.") == [("negation", "ikke")], "the negation is just outside"
    assert near("da", TOLD, "1,2 mio. kr.") == []
    assert "in the midst of “1,2”" in checked("2 mio. kr. (")
    assert near("da", TOLD, "brugt i Århus") == [("negation", "ikke"), ("attribution", "ifølge")][::-1]
    assert ("attribution", "ifølge") in near("da", TOLD, "Læringsagenterne blev")
    assert near("da", TOLD, "alle var glade") == [] == near("da", TOLD, "læringsagenter i Århus")


# --- how far a word reaches


@pytest.mark.parametrize(
    ("language", "text", "quote", "found"),
    [
        ("da", "Det er ikke brugt endnu.", "brugt", ["ikke"]),
        ("da", "Det er ikke blot brugt, det er elsket.", "brugt", []),
        ("da", "Det er ikke dyrt, men det er brugt.", "brugt", []),
        ("da", "Det blev aldrig til noget. Det er brugt.", "Det er brugt", []),
        ("da", "Det kostede ikke 3 mio. kr. i alt.", "kr. i alt", ["ikke"]),
        ("da", "De forventer at spare penge.", "spare penge", ["forventer"]),
        ("da", "Ikke brugt", "brugt", ["Ikke"]),
        ("nb", "De håper at planen holder.", "planen holder", ["håper"]),
        ("nb", "Innføringen ble gjort uten en plan.", "en plan", ["uten"]),
        ("nb", "Ifølge et overslag, som er gammelt, sparte de mye.", "sparte de mye", ["Ifølge"]),
        ("nn", "Det er ikkje brukt.", "brukt", ["ikkje"]),
        ("nn", "Det er berre brukt.", "brukt", []),
        ("sv", "Vi har inte använt det.", "använt det", ["inte"]),
        ("sv", "Inte bara vi har använt det, utan även de.", "använt det", []),
        ("sv", "Enligt Cecilia är det bra.", "är det bra", ["Enligt"]),
        ("en", "They didn't use it.", "use it", ["didn't"]),
        ("en", "There is no doubt that they use it.", "use it", []),
        ("en", "Not only did they use it.", "use it", []),
        ("da", "Der er brug for det, og det er ikke let.", "brug for det", []),
        ("da", "de\n\nbruger det\n\nikke", "bruger det", []),
        ("fi", "ikke brugt", "brugt", []),
    ],
)
def test_a_word_reaches_over_its_clause_and_no_further(
    language: str, text: str, quote: str, found: list[str]
) -> None:
    assert [word for _, word in near(language, text, quote)] == found


def test_a_text_whose_language_is_not_known_is_read_in_all() -> None:
    found = LISTS.of(None).near("Det er ikke brukt", (12, 17))
    assert {(each.kind, each.span) for each in found} == {("negation", (7, 11))}
    assert LISTS.of("nb-NO") == LISTS.of("nb") != LISTS.of("da")


def test_every_list_has_every_kind_and_every_kind_is_graded_somehow() -> None:
    onto = ontology.load([ROOT / "ontology"])
    assert set(LISTS.by_language) == {"da", "en", "nb", "nn", "sv"}
    for language, found in LISTS.by_language.items():
        assert {cue.kind for cue in found.cues} == set(onto.graded) == set(onto.graded_labels), language
    declared = onto.concepts | onto.properties
    assert [iri for kinds in onto.graded.values() for iri in kinds if iri not in declared] == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[]", "the list does not say its language"),
        ("language: da\nwords: [x]", "unknown key “words” of a list of words"),
        ("language: da\ncues: x", "“cues” is no list"),
        ("language: da\ncues: [x]", "an entry of “cues” has keys other than"),
        ("language: da\ncues: [{kind: a, word: [x]}]", "an entry of “cues” has keys other than"),
        ("language: da\ncues: [{kind: a, words: []}]", "lack words, or a reach"),
        ("language: da\ncues: [{kind: a, words: [x], before: far}]", "lack words, or a reach"),
        ("language: da\ncues: [{kind: a, words: ['*']}]", "“words” is no list of words"),
        ("language: da\ncues: [{kind: a, words: [x], within: day}]", "“within” cannot be “day”"),
        ("language: da\nends: men", "“ends” is no list of words"),
        ("language: da\ncues: [{kind: a, words: [*x]}]", "this is no YAML"),
    ],
)
def test_a_list_that_is_none_is_told(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "da.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=what.replace("*", r"\*")):
        cues.load([tmp_path / "da.yaml"])


def test_lists_of_a_language_add_up(tmp_path: Path) -> None:
    for name, word in (("a", "no"), ("b", "nay")):
        text = f"language: en\ncues:\n  - {{kind: negation, words: [{word}], after: 3}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    lists = cues.load([tmp_path / "a.yaml", tmp_path / "b.yaml"])
    said = "no use, nay use"
    assert [said[slice(*each.span)] for each in lists.of("en").within(said, (0, 15))] == ["no", "nay"]
    assert WordLists().of("en") == Cues()


# --- the whole way, in another domain


def test_a_quote_within_reach_is_told_unless_its_entry_says_so(own: Bees) -> None:
    assert own("evidence").code == 0, "the stay is doubtful, and says so"
    own.change(GARDEN, ', "certainty": "doubtful"', "")
    said = own("evidence")
    (first, second) = said.lines
    assert said.code == 1 and first.startswith(f"{GARDEN}:1:")
    assert "the quote stands within the reach of “sollte” (doubt) at [430, 436]" in first
    assert "“vielleicht” (doubt)" in second
    said = own("validate", "--lang", "en")
    assert said.code == 0, "a warning"
    assert said.lines[0].endswith("[evidence.reach]") and " warning the quote stands within" in said.lines[0]
    assert own("validate", "--fail-on", "warning").code == 1
    assert own("validate", "--strict").code == 1


def test_words_of_ones_own_are_looked_for(own: Bees) -> None:
    own.write(
        "ontology/words/mine.yaml", "language: en\ncues: [{kind: doubt, words: [trickled], after: 3}]\n"
    )
    (line,) = own("evidence").lines
    assert "“trickled” (doubt)" in line
    own.change(HIVE, "sight: own}", "sight: own}\n    remark: {en: Not the acid.}")
    assert [each.partition(": ")[2] for each in own("evidence").lines] == [line.partition(": ")[2]]
    own.write("ontology/words/mine.yaml", "language: [")
    said = own("evidence")
    assert said.code == 4 and said.err.startswith("error ontology/words/mine.yaml:2:1: this is no YAML")


def test_evidence_against_is_found_graded_and_shown(own: Bees) -> None:
    own.change(
        HIVE, "sight: own}", "sight: own}\n    seen-otherwise: {quote: The lime gave little, sight: told}"
    )
    said = own("evidence", "--fix")
    assert (said.code, said.out) == (0, "")
    assert ", at: [388, 408], sight: told}" in own.read(HIVE) or "sight: told, at: [388, 408]}" in own.read(
        HIVE
    )
    assert own("validate").code == 0
    exported = own("export", "-f", "ntriples", "--case", "hive-three-2021").out
    node = "evidence/heath-diary-388-408-sight-told>"
    assert (
        f"harvests/lime> <https://w3id.org/casegraph/ns#evidenceAgainst> <https://bees.example.net/case/hive-three-2021/{node}"
        in exported
    )
    told = own("explain", "hive-three-2021/harvests/lime", "bee:kilos", "11.5").out
    assert "against it: “The lime gave little”" in told, told


def test_a_code_that_evidence_does_not_have_is_told(own: Bees) -> None:
    own.change(HIVE, "sight: own", "sight: mine")
    assert "“mine” is no code of “sight”" in own("validate").out
    own.change(HIVE, "sight: mine", "sigth: own")
    assert "unknown key “sigth” of evidence; did you mean “sight”?" in own("validate").out


def test_an_answer_tells_what_disputes_its_quotes(own: Bees) -> None:
    question = "queries/questions/honey-by-apiary.rq"
    assert "disputed" not in own("query", "honey-by-apiary").err
    own.change(
        HIVE, "sight: own}", "sight: own}\n    seen-otherwise: {quote: The lime gave little, at: [388, 408]}"
    )
    select = "SELECT ?quote { ?node oa:exact ?quote }"
    own.write(question, f"PREFIX oa: <http://www.w3.org/ns/oa#>\n{select}\n")
    assert own("query", "honey-by-apiary").err.count("disputed") == 0, "the words against it are shown"
    own.write(
        question,
        f'PREFIX oa: <http://www.w3.org/ns/oa#>\n{select[:-2]} FILTER(CONTAINS(?quote, "kilos")) }}\n',
    )
    line = "disputed: hive-three-2021/harvests/lime; against it: “The lime gave little” (heath-diary)"
    assert own("query", "honey-by-apiary").err.splitlines()[-1] == line
    assert kg.open(own.folder).ask("honey-by-apiary").notes == (line,)
