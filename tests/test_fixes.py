"""Fixes: what needs no judgement is mended, and nothing else; layout and comments stay."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import stat
import subprocess
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import permutations
from pathlib import Path
from textwrap import dedent

import pytest
from bees import HIVE, Bees
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from pyoxigraph import Literal, Quad
from reading import ROOT, onto

from kg import cases, fixes
from kg.context import Entry, Kind
from kg.errors import InputError
from kg.fixes import Edit, Facts, Mended, files
from kg.fixes.near import near
from kg.fixes.values import meant
from kg.fixes.written import read as as_written
from kg.names import ID, XSD, Names, term
from kg.sources import Text
from kg.workspace import Workspace

TEXT = Text("The red house has two users. The users are glad.\n")
WORDS = "red house has two"
KNOWN = frozenset(
    ID + each for each in ("organisation/harbour", "organisation/sawmill", "municipality/dk-0340")
)
ORDER = ("involvements", "introductions", "roles", "groups", "outcomes", "statements")


@cache
def facts() -> Facts:
    languages, sources = frozenset({"en", "da", "nb"}), frozenset({"report", "letters"})
    return Facts(onto(), Names(), {"report": TEXT}, languages, KNOWN, sources, ORDER)


def mended(text: str, path: str = "a.yaml", **other: object) -> str:
    return fixes.mend(text, path, replace(facts(), **other)).text  # type: ignore[arg-type]


def case(text: str) -> str:
    return "id: a\nsources: [report]\n" + dedent(text)


# --- what is mended: the text before, and after

VALUES = [
    # numbers
    ("holders: 7000.0", "holders: 7000"),
    ("holders: 007", "holders: 7"),
    ("holders: +5", "holders: 5"),
    ("minimum: 1.50", "minimum: 1.5"),
    ("minimum: .5", "minimum: 0.5"),
    ("minimum: -0.0", "minimum: 0"),
    ("holders: ' 007'", "holders: '7'"),
    ('holders: "7.0"  # quoted', 'holders: "7"  # quoted'),
    ("about: [x]\nmaximum: 1.0 # comment: with a colon", "about: [x]\nmaximum: 1 # comment: with a colon"),
    # truth values
    ("complete: True", "complete: true"),
    ("complete: yes", "complete: true"),
    ('complete: "No"', 'complete: "false"'),
    # days and EDTF
    ("coded-on: 2026-1-2", "coded-on: 2026-01-02"),
    ("coded-on: 21.11.2026", "coded-on: 2026-11-21"),
    ("start: 12.10.2021", "start: 2021-10-12"),
    ("start: våren 2021", "start: 2021-21"),
    ("start: 'spring 2021'", "start: '2021-21'"),
    ("start: ca. 2021", "start: 2021~"),
    ("{start: Q1 2021}", None),
    ("period: from 2019 to 2021", "period: from 2019 to 2021"),
    ("period: 2019-2021", "period: 2019/2021"),
    ("period: 2019 to 2021", "period: 2019/2021"),
    ("period: [2019-x, 2020-xx]", "period: [2019-x, 2020-XX]"),
    # languages
    ("title: {DA: et, En: one}", "title: {da: et, en: one}"),
    ('title: {"DA": et}', 'title: {"da": et}'),
    # codes, classes
    ("silent-on: [Cost, silent_on, procurment]", "silent-on: [cost, silent_on, procurement]"),
    ("roles:\n  r: {kind: superuser}", "roles:\n  r: {kind: Superuser}"),
    ("roles:\n  r: {kind: success-driver}", "roles:\n  r: {kind: SuccessDriver}"),
    ("roles:\n  r: {kind: ambasador}", "roles:\n  r: {kind: Ambassador}"),
    # references
    ("publisher: Organisation/Harbour", "publisher: organisation/harbour"),
    ("publisher: organisation/harbor", "publisher: organisation/harbour"),
    ("groups: {g: {about: A}}", "groups: {g: {about: a}}"),
    ("groups: {g: {about: platform/p}}\nplatforms: {p: {label: {en: x}}}",
     "groups: {g: {about: platforms/p}}\nplatforms: {p: {label: {en: x}}}"),
    ("sources: [Letters]", "sources: [letters]"),
    # keys
    ("Coded_by: coder-1", "coded-by: coder-1"),
    ("codedBy: coder-1", "coded-by: coder-1"),
    ("coded by: coder-1", "coded-by: coder-1"),
    ('"tilte": {en: x}', '"title": {en: x}'),
    ("'codebok': '1'", "'codebook': '1'"),
    ("involvment:\n  x: {agent: organisation/harbour}", "involvements:\n  x: {agent: organisation/harbour}"),
    ("involvements: {My Client: {agent: organisation/harbour}}",
     "involvements: {my-client: {agent: organisation/harbour}}"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [(b, a) for b, a in VALUES if a])
def test_values_and_keys(before: str, after: str) -> None:
    head = "id: a\n" if "sources" in before else "id: a\nsources: [report]\n"
    assert mended(f"{head}{before}\n") == f"{head}{after}\n"


KEPT = [
    "holders: many",
    "holders: 1,5",
    "holders: 1e3",
    "codebook: 1.0",
    "coded-by: 007",
    "title: {en: 'True'}",
    "words: {en: 7000.0}",
    "start: 12/10/2021  # October or December",
    "start: 2021-10-12T09:30  # the time would be lost",
    "silent-on: [cst]  # too short to be sure",
    "publisher: municipality/dk-0341  # another number is another place",
    "publisher: organisation/sawmills-inc",
    "ttl: {en: x}",
    "colour: red",
    "title: {en: x}\ntilte: {en: y}  # both are there",
    "tilte: no map",
    "title: {en: x}\ntilte: {EN: y}  # none of what cannot be kept",
    "coded-on: 10/2021  # no day",
    "memo: {en: x, EN: y}",
    "evidence: {quote: not there, Quote: red house}",
    "involvements: {x: {agent: organisation/harbour, ID: x}}",
    "evidence: &there {quote: red house}\nmemo: *there",
    "title: {no: x}",
    "title:\n  en: >-\n    7000.0\n  da: x",
    "start: |\n  12.10.2021",
    'start: "12.10.\\u0032021"  # an escape',
    "involvements:\n  Client: {agent: organisation/harbour}\n  client: {agent: organisation/harbour}",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_needs_judgement_is_kept(text: str) -> None:
    assert mended(case(text + "\n")) == case(text + "\n")


def test_evidence_gets_its_place_in_every_style() -> None:
    before = case("""\
        evidence: {quote: red house}
        involvements:
          flow: {agent: organisation/harbour, evidence: {quote: "two users", at: [1, 2]}}   # kept
          block:
            agent: organisation/harbour
            evidence:
              quote: 'The red'   # also kept
          list:
            agent: organisation/harbour
            evidence:
              - {qoute: are glad, at: 5-9, Source: report}
              - quote: users are
                at:
                  - 0
                  - 9
              - {quote: users}
              - {quote: not there, at: [0, 9]}
        """)
    after = case("""\
        evidence: {quote: red house, at: [4, 13]}
        involvements:
          flow: {agent: organisation/harbour, evidence: {quote: "two users", at: [18, 27]}}   # kept
          block:
            agent: organisation/harbour
            evidence:
              quote: 'The red'   # also kept
              at: [0, 7]
          list:
            agent: organisation/harbour
            evidence:
              - {quote: are glad, at: [39, 47], source: report}
              - quote: users are
                at: [33, 42]
              - {quote: users}
              - {quote: not there, at: [0, 9]}
        """)
    assert mended(before) == after


def test_a_source_that_is_no_text_gives_no_places() -> None:
    text = "id: a\nsources: [re: port]\nevidence: {quote: red house}\n"
    assert mended(text) == text


def test_places_stay_as_they_are_where_the_text_is_not_at_hand() -> None:
    text = case("evidence: [{quote: red house}, {quote: two users, at: [1, 2]}, {quote: The, at: [4, 7]}]\n")
    assert mended(text, texts={}) == text == mended(text, texts={"letters": TEXT})


def test_a_reference_to_what_may_be_shared_is_kept() -> None:
    text = case("groups: {g: {about: platform/p}}\nplatforms: {p: {label: {en: x}}}\n")
    assert mended(text, known=None) == text


@pytest.mark.parametrize(
    ("word", "options"),
    [
        ("Key", ["key", "KEY"]),
        ("holders-mix", ["holders-min", "holders-max"]),
        ("organisaton/harbor", ["organisation/harbour"]),
        ("organisation/harbour/x", ["organisation/harbour"]),
    ],
)
def test_no_word_is_near_where_there_are_two_or_too_much_differs(word: str, options: list[str]) -> None:
    assert near(word, options) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2021-10-12 09:30:00", "2021-10-12T09:30:00"),
        ("2021-10-12T09:30:00.250", "2021-10-12T09:30:00.25"),
        ("2021-10-12t09:30:00.000", "2021-10-12T09:30:00"),
        ("2021-10-12T09:30", None),
        ("2021-10-12T09:30:00Z", None),
    ],
)
def test_times(before: str, after: str | None) -> None:
    entry = Entry("when", term("when"), Kind.LITERAL, datatype=XSD + "dateTime")
    assert meant(entry, before, facts()) == (after and (after, "date"))


def test_references_follow_the_keys_of_their_nodes() -> None:
    before = case("""\
        Roles:
          Super_User: {called: {da: a}}
        groups:
          all: {role: Super_User}
          some: {role: Roles/super-user, about: [grup/all, municipality/dk-340]}
        """)
    after = case("""\
        roles:
          super-user: {called: {da: a}}
        groups:
          all: {role: super-user}
          some: {role: roles/super-user, about: [grup/all, municipality/dk-340]}
        """)
    assert mended(before) == after


def test_a_misspelt_section_is_not_mended_if_that_brought_other_faults() -> None:
    text = case("involvment:\n  x: {agent: organisation/nobody-knows}\n")
    assert mended(text) == text


def test_one_fix_that_brings_a_fault_does_not_keep_others_back() -> None:
    text = case("involvment:\n  x: {agent: organisation/nobody-knows}\nholders: 7.0\n")
    assert mended(text) == text.replace("7.0", "7")


def test_the_id_is_the_name_of_the_file() -> None:
    assert mended("id: My_Case\n", "my-case.yaml") == "id: my-case\n"
    assert mended("id: my-cage\n", "my-case.yaml") == "id: my-cage\n"


def test_letters_in_two_pieces_are_put_together() -> None:
    entries = {**onto().context.entries, "größe": onto().context.entries["title"]}
    ontology = replace(onto(), context=replace(onto().context, entries=entries))
    in_pieces = case("größe: {en: x}\n").replace("ö", "o\u0308")
    assert mended(in_pieces, ontology=ontology) == case("größe: {en: x}\n")


# --- layout


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\ufeffid: a\n", "id: a\n"),
        ("id: a\r\nsources: [report]\r\n", "id: a\nsources: [report]\n"),
        ("id: a\rsources: [report]\r", "id: a\nsources: [report]\n"),
        ("id: a", "id: a\n"),
        ("id: a  \n  \n# c \nsources: [report]\t\n", "id: a\n\n# c\nsources: [report]\n"),
        ("title:\n\ten: x\n\tda: y\n", "title:\n  en: x\n  da: y\n"),
        ("title:\n    en: x\nmemo:\n\ten: x\n", "title:\n    en: x\nmemo:\n    en: x\n"),
        ("groups:\n\tg:\n\t\tholders: 2 # c\n", "groups:\n  g:\n    holders: 2 # c\n"),
    ],
)
def test_layout(before: str, after: str) -> None:
    assert mended(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "memo:\n  en: |\n    two  \n    lines \n",
        "memo:\n  en: >-\n    two  \n\n    lines\n",
        'memo: {en: "two  \n  lines"}\n',
        'memo: {en: "two \\ \n  lines"}\n',
        "memo:\n  en: |\n    a\n\tb\n",
        "title:\n  en: x\n\tda: y\n    nb: z\n",
        "title: {en: x\n",
    ],
)
def test_layout_that_says_something_or_could_is_kept(text: str) -> None:
    assert mended(text) == text


# --- the order of sections

SORTED = """\
# yaml-language-server: $schema=x
# About this file.

id: a
# above sources
sources: [report]
memo:
  en: >-
    folded

# about who took part
speakers: {s: {employer: organisation/harbour}}   # not in the template

involvements:
  x: {agent: organisation/harbour}
  # inside involvements

# --- roles

# about roles
roles:
  r: {called: {en: x}}
phases: {p: {label: {en: x}}}
# right below phases

# about groups
groups: {g: {role: r}}

# the end
"""


def test_sections_stand_in_the_order_of_the_template() -> None:
    marks = ("\n# about who", "\n# --- roles", "\n# about groups", "\n# the end")
    a, b, c, d = (SORTED.index(mark) for mark in marks)
    head, involvements, roles, groups, end = SORTED[:a], SORTED[a:b], SORTED[b:c], SORTED[c:d], SORTED[d:]
    cut = involvements.index("\ninvolvements")
    speakers, involvements = involvements[:cut], involvements[cut:]
    for parts in permutations((involvements, roles, groups)):
        assert mended("".join((head, speakers, *parts, end))) == SORTED
    # what the template does not name stays behind what it followed
    moved = "".join((head, groups, speakers, involvements, roles, end))
    assert mended(moved) == "".join((head, involvements, roles, groups, speakers, end))


def test_what_a_case_says_of_itself_stands_before_its_sections() -> None:
    before = "sources: [report]\nroles: {r: {called: {en: x}}}\n# its id\nid: a # here\nmemo: {en: x}\n"
    after = "sources: [report]\n# its id\nid: a # here\nmemo: {en: x}\nroles: {r: {called: {en: x}}}\n"
    assert mended(before) == after


def test_comments_move_with_what_they_stand_next_to() -> None:
    before = (
        "id: a\nsources: [report]\n"
        "groups:\n  g: {holders: 2}\n  # of the groups\n"
        "# of the roles\nroles: {r: {called: {en: x}}}\n"
        "memo: {en: x}\n# of the memo\n"
    )
    after = (
        "id: a\nsources: [report]\n"
        "memo: {en: x}\n# of the memo\n"
        "# of the roles\nroles: {r: {called: {en: x}}}\n"
        "groups:\n  g: {holders: 2}\n  # of the groups\n"
    )
    assert mended(before) == after


UNSORTED = "groups: {g: {holders: 2}}\nroles: {r: {called: {en: x}}}\nid: a\nsources: [report]\n"


@pytest.mark.parametrize(
    "text",
    [
        "# of the file, or of the groups?\n" + UNSORTED,
        UNSORTED.replace("holders: 2", "holders: 2, colour: red, colour: blue"),
        UNSORTED + "...\n",
        "{" + UNSORTED.replace("\n", ",\n") + "}\n",
        UNSORTED.replace("{g: {holders: 2}}", "&anchor {g: {holders: 2}}"),
    ],
)
def test_the_order_stays_where_it_is_not_clear_what_would_move(text: str) -> None:
    assert mended(text) == text
    assert mended(UNSORTED) == "id: a\nsources: [report]\n" + "".join(UNSORTED.splitlines(True)[1::-1])


def test_a_text_that_keeps_its_empty_lines_keeps_them_when_it_moves() -> None:
    text = "id: a\ngroups:\n  g:\n    memo:\n      en: |+\n        kept\n\n\nroles: {r: {called: {en: x}}}\n"
    assert said(mended(text)) == said(text)


def test_the_order_is_that_of_the_template() -> None:
    template = (ROOT / "ontology" / "templates" / "case.yaml").read_text(encoding="utf-8")
    assert fixes.order(template, onto().context) == (
        "involvements", "introductions", "roles", "groups", "activities", "outcomes", "statements",
    )  # fmt: skip


# --- tables

COLUMNS = "id,kind,label@en,part-of,valid-from,population,complete,source\n"


def table(*rows: str) -> str:
    return COLUMNS.replace("part-of", "region") + "".join(f"{row}\n" for row in rows)


def test_tables() -> None:
    before = (
        table(
            'organisation/b,organisation,"B, b",,spring 2021,7000.0,yes,Report|letters ',
            "organisation/a,Organisation,A,Organisation/Harbour,2019,07,,report",
        )
        .replace("B, b", 'B ""b"" ')
        .replace("\n", "\r\n")
        .replace("label@en", "Label@EN")
        .replace("valid-from", "valid_from")
    )
    after = table(
        "organisation/a,Organisation,A,organisation/harbour,2019,7,,report",
        'organisation/b,Organisation,"B ""b""",,2021-21,7000,true,report|letters',
    )
    assert mended("\ufeff" + before + "\r\n", "b.csv") == after
    assert mended(after, "b.csv") == after


@pytest.mark.parametrize(
    "text",
    [
        table("organisation/b,Organisation,B,,,,", "organisation/a,Organisation,A,,,,,"),
        table(*(f"organisation/{name},Organisation,{name},,,,," for name in "bab")),
        table("organisation/b,Organisation,B,,,,,").replace("valid-from", "Label@EN"),
        table("organisation/b,Organisation,B,,,,,").replace("valid-from", "label@NO"),
        table("organisation/b,Organisation,B,,,,,").replace("valid-from", "Code@en"),
        table('organisation/b,Organisation,"B,,,,,', "organisation/a,Organisation,A,,,,,"),
        table("organisation/a,Organisation,7.0,,12/10/2021,many,perhaps,reports of 2020"),
        table('organisation/a,Organisation,"A ""a"" ",,,,,report|letters|Report').replace(' "', '"'),
        "name,label@en\nb,x\na,y\n",
    ],
)
def test_a_table_with_what_needs_judgement_is_kept(text: str) -> None:
    assert mended(text, "a.csv") == text


# --- JSON Lines


def test_json_lines() -> None:
    face = json.dumps("\N{GRINNING FACE}")  # written as two halves: what stands behind it must not shift
    before = (
        f'{{"id": "a", "sources": ["report"], "memo": {{"en": {face}}}, "holders": 7.0, "start": 20211012, '
        '"evidence": {"quote": "red house"}}\n'
        "not json\n\n"
        '{"id": "b", "Sources": "report", "version": 1, "coded-on": "1.1.2021", "title": {"EN": 7.0}}\n'
    )
    after = (
        f'{{"id": "a", "sources": ["report"], "memo": {{"en": {face}}}, "holders": 7, "start": "2021-10-12", '
        '"evidence": {"quote": "red house", "at": [4, 13]}}\n'
        "not json\n\n"
        '{"id": "b", "sources": "report", "version": 1, "coded-on": "2021-01-01", "title": {"en": 7.0}}\n'
    )
    assert mended(before, "a.jsonl") == after


@pytest.mark.parametrize("suffix", [".ttl", ".trig", ".nt", ".nq", ".jsonld", ".rdf"])
def test_rdf_is_never_changed(suffix: str) -> None:
    assert mended("\ufeffid: a  \r\n", f"a{suffix}") == "\ufeffid: a  \r\n"


# --- nothing happens on clean files

WORKSPACES = [ROOT, ROOT / "examples" / "havlunde"]


@pytest.mark.parametrize("root", WORKSPACES, ids=lambda path: path.name)
def test_nothing_happens_on_clean_files(root: Path) -> None:
    found = files.find(Workspace.load(root))
    assert found.faults == ()
    assert [change.mended.done for change in found.changes] == []


def test_nothing_happens_on_a_frame_that_kg_new_writes() -> None:
    template = (ROOT / "ontology" / "templates" / "case.yaml").read_text(encoding="utf-8")
    frame = template.replace("{{id}}", "a").replace("{{source}}", "report")
    frame = frame.replace("{{title}}", "{en: x}").replace("{{today}}", "2026-11-21")
    bare = re.sub(r"^# (?=[a-z-]+:|  )", "", frame, flags=re.M)
    assert mended(frame) == frame
    assert "\nroles:\n" in bare and mended(bare) == bare


# --- a fault that is planted in a real case is mended to the byte

HAVLUNDE = ROOT / "examples" / "havlunde"
EXAMPLES = int(os.environ.get("KG_EXAMPLES", "30"))
PATH = HAVLUNDE / "data" / "cases" / "havlunde-kernehus.yaml"
CLEAN = PATH.read_text(encoding="utf-8")


@cache
def real() -> Facts:
    return files.facts(Workspace.load(HAVLUNDE))


def said(text: str) -> frozenset[Quad]:
    return frozenset(cases.read_text(text, "a.yaml", onto(), Names(), languages=("da", "en", "nb")).quads)


def faults(text: str) -> Counter[str]:
    try:
        cases.read_text(text, "a.yaml", real().ontology, Names(), real().known, languages=real().languages)
    except InputError as error:
        return Counter(fault.what for fault in error.faults)
    return Counter()


def places(pattern: str) -> list[tuple[int, int]]:
    return [match.span(1) for match in re.finditer(pattern, CLEAN, re.M)]


KEYS = [
    span
    for span in places(r"(?:^ *(?:- )?|[{,] ?)([a-z-]{3,}):")
    if CLEAN[slice(*span)] in onto().context.entries or CLEAN[slice(*span)] in ("quote", "source")
]
SPELLINGS = [str.upper, str.title, lambda word: word.replace("-", "_"), lambda word: f"'{word} '"]
NUMBERS = places(r"\b(?:value|holders|holders-min|minimum|maximum): ([0-9]+)$")
CODES = places(r"\b(?:capacity|stage|function|aspect|grade|metric|unit): ([a-z-]{4,})$")
DAYS = places(r"\b(?:start|end|coded-on): ([0-9]{4}-[0-9]{2}-[0-9]{2})\b")
MONTHS = places(r"\b(?:start|end): ([0-9]{4}-(?:0[1-9]|1[0-2]))$")
TAGS = places(r"[{ ](da|en):")
SPANS = places(r"(, at: \[[0-9]+, [0-9]+\])\}")
REFERENCES = places(r": ((?:organisation|roles|groups|platform)/[a-z-]{4,})$")


def planted(draw: st.DrawFn, spans: list[tuple[int, int]], *spoil: object) -> str:
    start, end = draw(st.sampled_from(spans))
    change = draw(st.sampled_from(spoil))
    return CLEAN[:start] + change(CLEAN[start:end]) + CLEAN[end:]  # type: ignore[operator]


def exchanged(word: str) -> str:
    at = next((i for i in range(1, len(word) - 2) if word[i] != word[i + 1]), 0)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def doubled(word: str) -> str:
    return word[:2] + word[1:]


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """The case with one fault that can be mended without judgement."""
    long = [span for span in KEYS if len(CLEAN[slice(*span)]) > 4 and "-" not in CLEAN[slice(*span)]]
    kinds = (
        (KEYS, str.upper, str.title, lambda word: word.replace("-", "_")),
        (long, exchanged, doubled),
        (NUMBERS, lambda n: f"{n}.0", lambda n: f"+{n}", lambda n: f"00{n}", lambda n: f"{n}."),
        (CODES, str.upper, str.title, lambda word: word.replace("-", " ")),
        ([span for span in CODES if len(CLEAN[slice(*span)]) > 5], doubled),
        (DAYS, lambda day: day.replace("-", "."), lambda day: day.replace("-0", "-")),
        (MONTHS, lambda month: ".".join(reversed(month.split("-"))), lambda month: month.replace("-", "/")),
        (TAGS, str.upper, str.title),
        (SPANS, lambda _: "", lambda _: ", at: [1, 2]", lambda _: ", at: soon", lambda _: ", at: [ 5 ]"),
        (REFERENCES, str.upper, str.title),
    )
    return planted(draw, *draw(st.sampled_from(kinds)))


def restored(text: str) -> Mended:
    return fixes.mend(text, str(PATH), real())


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=spoilt())
def test_a_planted_fault_is_mended_to_the_byte(text: str) -> None:
    assume(text != CLEAN)
    assert restored(text).text == CLEAN


PARTS = re.split(r"(?m)^(?=[a-z-]+:|\n)", CLEAN)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text.replace("\n", "\r"),
        lambda text: text.removesuffix("\n"),
        lambda text: re.sub(r"(?m)^(involvements|groups):$", r"\1:  \t", text),
        lambda text: re.sub(r"(?m)^$", "   ", text, count=3),
        lambda text: re.sub(r"(?m)^(?:  )+(?!The mun|from )", lambda m: "\t" * (len(m[0]) // 2), text),
    ],
    ids=["mark", "crlf", "cr", "end", "trailing", "empty lines", "tabs"],
)
def test_planted_layout_is_mended_to_the_byte(spoil: object) -> None:
    text = spoil(CLEAN)  # type: ignore[operator]
    assert text != CLEAN
    assert restored(text).text == CLEAN


def test_many_faults_at_once_are_mended_to_the_byte() -> None:
    rng = random.Random(7)
    for _ in range(2):
        text = CLEAN
        chosen = [(span, str.upper) for span in rng.sample([*TAGS, *CODES], 10)]
        chosen += [(span, doubled) for span in KEYS if len(CLEAN[slice(*span)]) > 6][::7]
        chosen += [(span, lambda _: "") for span in rng.sample(SPANS, 10)]
        for (start, end), change in sorted(dict(chosen).items(), reverse=True):
            text = text[:start] + change(text[start:end]) + text[end:]
        assert restored(text.replace("\n", "\r\n")).text == CLEAN


# --- whatever stands in a file, it reads at least as well, and a second time nothing changes


@st.composite
def broken(draw: st.DrawFn) -> str:
    text = draw(spoilt())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        gone = draw(st.integers(0, 12))
        put = draw(
            st.sampled_from(
                ["", " ", "\t", "\n", "# x\n", ": ", "{", "]", "-", "|", "x", "0", ".", "&a ", "*a"]
            )
        )
        text = text[:at] + put + text[at + gone :]
    return text


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=broken())
def test_a_mended_file_reads_at_least_as_well(text: str) -> None:
    after = restored(text)
    again = restored(after.text)
    assert again == Mended(after.text)
    if as_written(text) is None:
        return
    assert not faults(after.text) - faults(text)
    comments = (sorted(re.findall(r"(?m)^[ \t]*#.*?(?=[ \t]*$)", each)) for each in (text, after.text))
    assert next(comments) == next(comments)


TYPED = {
    entry.property.value
    for entry in onto().context.entries.values()
    if entry.kind is Kind.LITERAL and entry.datatype != XSD + "string"
}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=spoilt())
def test_a_file_without_faults_says_the_same_but_for_what_is_fixed(text: str) -> None:
    try:
        before = said(text)
    except InputError:
        return
    bare = replace(real(), texts={}, sources=None)
    after = said(fixes.mend(text, str(PATH), bare).text)
    changed = before ^ after
    assert {quad.predicate.value for quad in changed} <= TYPED
    assert all(isinstance(quad.object, Literal) for quad in changed)


# --- edits


def test_edits_of_the_same_characters_are_refused() -> None:
    with pytest.raises(ValueError, match="two edits"):
        fixes.apply("abc", [Edit(0, 2, "x", "", ""), Edit(1, 3, "y", "", "")])


def test_each_fix_is_told_with_its_place_and_rule() -> None:
    done = fixes.mend(case("title: {EN: x}\nholders: 7.0\n"), "a.yaml", facts()).done
    assert [f"{line}:{column} {edit}" for line, column, edit in done] == [
        "3:9 “EN” becomes “en” [language]",
        "4:10 “7.0” becomes “7” [number]",
    ]


def test_the_edits_of_a_text_are_those_of_the_first_round() -> None:
    text = case("involvment: {Client: {agent: Organisation/harbour, evidence: {quote: two users}}}\n")
    edits = fixes.fixes(text, "a.yaml", onto(), Names(), {"report": TEXT}, known=KNOWN, languages=["en"])
    assert fixes.apply(text, edits) == mended(text)
    assert [edit.rule for edit in edits] == ["key", "key", "reference", "place"]


# --- the command


@pytest.fixture
def hives(own: Bees) -> Bees:
    """The second domain, all in order; before, the rows of one table are not sorted."""
    assert own("validate", "--fix").err == (
        "data/reference/colony.csv:2:1 fixed: the rows are sorted by id [order]\n1 fix in 1 file made\n"
    )
    return own


def test_diff_shows_what_fix_does_and_writes_nothing(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: 19.0  # by the scale")
    hives.change("data/reference/colony.csv", "known-as@de", "known-as@DE")
    before = {path: path.read_bytes() for path in hives.folder.rglob("*") if path.is_file()}
    looked = hives("validate", "--diff")
    assert looked.code == 1
    assert "-    kilos: 19.0  # by the scale\n+    kilos: 19  # by the scale\n" in looked.out
    assert f"--- a/{HIVE}\n+++ b/{HIVE}\n@@ " in looked.out
    assert "2 fixes in 2 files to be made with --fix" in looked.err
    assert {path: path.read_bytes() for path in hives.folder.rglob("*") if path.is_file()} == before
    fixed = hives("validate", "--fix")
    assert fixed.code == 0
    assert f"{HIVE}:41:12 fixed: “19.0” becomes “19” [number]" in fixed.err
    after = {path: path.read_bytes() for path in before}
    assert [path for path in before if before[path] != after[path]] != []
    for path, data in before.items():
        path.write_bytes(data)
    subprocess.run(["git", "apply", "-"], input=looked.out.encode(), cwd=hives.folder, check=True)
    assert {path: path.read_bytes() for path in before} == after
    assert hives("validate", "--diff").out == ""
    assert hives("validate", "--diff").code == 0


def test_what_is_left_is_reported_after_the_fixes(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: -19.0")
    hives.change(HIVE, "  lime:", "  Lime:")
    said_ = hives("validate", "--fix", HIVE)
    assert said_.code == 1
    assert "-19.0" not in hives.read(HIVE) and "  lime:" in hives.read(HIVE)
    assert "kilos" in said_.out and "-19" in said_.out and "Lime" not in said_.out


def test_only_the_named_files_are_written(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: 19.0")
    garden = hives.read("data/cases/garden.jsonl")
    hives.write("data/cases/garden.jsonl", garden.replace('"kilos": 13', '"kilos": 13.0'))
    assert hives("validate", "--fix", "data/cases/garden.jsonl").code == 0
    assert hives.read("data/cases/garden.jsonl") == garden
    assert "kilos: 19.0" in hives.read(HIVE)
    assert hives("validate", "--fix", "data/cases").code == 0
    assert "kilos: 19\n" in hives.read(HIVE)


def test_the_rights_of_a_file_and_a_link_to_it_stay(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: 19.0")
    target = hives.folder / HIVE
    target.chmod(0o640)
    link = hives.folder / "data" / "cases" / "hive-three-2021.yml"
    elsewhere = hives.folder / "elsewhere.yaml"
    target.rename(elsewhere)
    target.symlink_to(elsewhere)
    assert hives("validate", "--fix").code == 0
    assert target.is_symlink() and "kilos: 19\n" in elsewhere.read_text(encoding="utf-8")
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o640
    assert not link.exists() and not list(hives.folder.rglob(".kg-*"))


def test_a_file_that_cannot_be_written_stays_as_it_is(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: 19.0")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))  # no file may become larger
    try:
        said_ = hives("validate", "--fix", HIVE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert said_.code == 3 and f"{HIVE}: cannot be written: File too large; it is as it was" in said_.err
    assert "kilos: 19.0" in hives.read(HIVE) and not list(hives.folder.rglob(".kg-*"))


def test_a_file_that_changes_meanwhile_is_not_overwritten(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: 19.0")
    (change,) = files.find(Workspace.load(hives.folder)).changes
    hives.change(HIVE, "kilos: 19.0", "kilos: 20.0")
    with pytest.raises(InputError, match="has just been changed"):
        files.write(change)
    assert "kilos: 20.0" in hives.read(HIVE)


def test_what_cannot_be_read_is_told_and_the_rest_is_mended(hives: Bees) -> None:
    hives.change(HIVE, "kilos: 19", "kilos: 19.0")
    latin = hives.folder / "data" / "cases" / "latin.yaml"
    latin.write_bytes("name: latin\ntitle: {en: Sorø}\n".encode("latin-1"))
    looked = hives("validate", "--diff")
    assert looked.code == 3 and "+    kilos: 19\n" in looked.out and "latin.yaml:2:" in looked.err
    fixed = hives("validate", "--fix")
    assert fixed.code == 3 and "latin.yaml:2:" in fixed.out
    assert "kilos: 19\n" in hives.read(HIVE) and b"\xf8" in latin.read_bytes()


def test_shared_entities_of_a_table_that_is_mended_at_once_are_known(hives: Bees) -> None:
    hives.change("data/reference/apiary.csv", "name,", "Name,")
    hives.change(
        HIVE, "    apiary: apiary/orchard\n    from: 2020-23", "    apiary: apiary/orchrd\n    from: 2020-23"
    )
    assert hives("validate", "--diff").out.count("\n+") == 4  # a header and a line of either file
    assert hives("validate", "--fix").code == 0
    assert hives("validate", "--diff").out == ""


def test_references_stay_where_what_is_shared_is_not_all_known(hives: Bees) -> None:
    hives.write("data/reference/apiary.csv", hives.read("data/reference/apiary.csv") + "one,cell\n")
    hives.change(
        HIVE, "    apiary: apiary/orchard\n    from: 2020-23", "    apiary: apiary/orchrd\n    from: 2020-23"
    )
    assert hives("validate", "--diff").out == ""
