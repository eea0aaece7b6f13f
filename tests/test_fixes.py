"""Fixes: what needs no judgement is mended, and nothing else; layout and comments stay."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations

import pytest
from fixing import KNOWN, TEXT, case, facts, mended, said
from reading import ROOT, onto

from kg import fixes
from kg.context import Entry, Kind
from kg.fixes import Edit
from kg.fixes.near import near
from kg.fixes.values import meant
from kg.names import XSD, Names, term

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
