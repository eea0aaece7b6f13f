"""What a case file may not hold: each fault at its line and column, in words that say what to do."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from reading import ROOT, onto

from kg import cases, ontology
from kg.errors import InputError
from kg.names import ID, Names

EMPTY = "is empty; say something, or take it out"
KEY = "is no key: small letters a-z, digits, and single hyphens between them"


def faults(text: str) -> list[str]:
    """The faults of a case, as `line:column: what; fix`."""
    with pytest.raises(InputError) as caught:
        cases.read_text(text, "a.yaml", onto(), Names(), {ID + "organisation/nordlys"})
    return [str(fault).removeprefix("a.yaml:") for fault in caught.value.faults]


KEYS = {
    "holder: 2": "2:1: unknown key “holder”; did you mean “holders”?",
    "zzzz: 2": "2:1: unknown key “zzzz”; the ontology's context lists the keys",
    "groups:\n  g: {holder: 2}": "3:7: unknown key “holder”; did you mean “holders”?",
    "code: x\ncode: y": "3:1: the key “code” stands here twice; the first is in line 2",
    "roles:\n  r: {memo: {en: x}}\n  r: {memo: {en: y}}": (
        "4:3: the key “r” stands here twice; the first is in line 3"
    ),
    '"@type": x': "2:1: “@type” belongs to JSON-LD, not to a case file; use the keys of the context",
    "coded by: x": "2:1: the key “coded by” has a space in it; did you mean “coded-by”?",
    "zzzz zzzz: x": "2:1: the key “zzzz zzzz” has a space in it; take it out, or put a text in quotes",
    "ro\u0301le: x": (
        "2:1: the key “ro\u0301le” holds an accent that is a character of its own (U+0301); "
        "did you mean “role”?"
    ),
    "r\u043ele: x": (
        "2:1: the key “r\u043ele” holds “\u043e” (CYRILLIC SMALL LETTER O), "
        "which only looks like a Latin letter; did you mean “role”?"
    ),
    "'': x": "2:1: a key is empty; write the key before the “:”",
    "? [x]\n: y": "2:3: a key has to be a text; write the key before the “:”, without brackets",
    "roles: {Keen User: {memo: {en: x}}}": f"2:9: “Keen User” {KEY}; write “keen-user”",
    "roles: {ildsjæl: {memo: {en: x}}}": f"2:9: “ildsjæl” {KEY}; write “ildsjael”",
    "roles: {r\u043ele: {memo: {en: x}}}": (
        "2:9: “r\u043ele” holds “\u043e” (CYRILLIC SMALL LETTER O), which only looks like a Latin letter; "
        "type the letter anew"
    ),
    "roles: {r: {id: x}}": (
        "2:13: “id” names the whole file, not a part of it; take it out: a part is named by its key"
    ),
}
"""Lines below `id: a` → their fault."""

SHAPES = {
    "code:": f"2:6: “code” {EMPTY}",
    "code: ~": f"2:7: “code” {EMPTY}",
    "code: null": f"2:7: “code” {EMPTY}",
    "code: '  '": f"2:7: “code” {EMPTY}",
    "code: []": f"2:7: “code” {EMPTY}",
    "code:\n  - x\n  -": f"4:4: “code” {EMPTY}",
    "roles: {}": f"2:8: “roles” {EMPTY}",
    "roles:": f"2:7: “roles” {EMPTY}",
    "roles: {r: {}}": f"2:12: “r” {EMPTY}",
    "roles:\n  r:": f"3:5: “r” {EMPTY}",
    "roles: {r: {kind: }}": f"2:19: “kind” {EMPTY}",
    "roles: [r]": "2:8: “roles” cannot be a list; write roles: {a-key: {…}}",
    "roles: r": "2:8: “roles” cannot be a text; write roles: {a-key: {…}}",
    "roles: {r: x}": "2:12: “r” cannot be a text; write r: {…}",
    "code: {x: y}": "2:7: “code” cannot be a map; write code: a value, or [a list, of values]",
    "code: [[x]]": "2:8: “code” cannot be a list; write code: a value, or [a list, of values]",
    "title: T": "2:8: “title” cannot be a text; say in which language: title: {da: …}",
    "title: {}": f"2:8: “title” {EMPTY}",
    "title: {en: {x: T}}": "2:13: “en” cannot be a map; write en: a value, or [a list, of values]",
    "title: {en: }": f"2:13: “en” {EMPTY}",
}

VALUES = {
    "title: {EN: T}": "2:9: “EN” is no language that “title” can be in; did you mean “en”?",
    "title: {de: T}": "2:9: “de” is no language that “title” can be in; use one of da, en, nb, nn, sv",
    "silent-on: [cost, proccurement]": (
        "2:19: “proccurement” is no code of “silent-on”; did you mean “procurement”?"
    ),
    "standing: zz": "2:11: “zz” is no code of “standing”; use one of accepted, disputed, rejected",
    "silent-on: [cost, cost]": "2:19: “cost” is given twice; leave one",
    "title: {en: [T, T]}": "2:17: “T” is given twice; leave one",
    "roles: {r: {kind: Superusr}}": "2:19: “Superusr” is no kind of Role; did you mean “Superuser”?",
    "roles: {r: {kind: Platform}}": (
        "2:19: “Platform” is no kind of Role; "
        "use one of Ambassador, LearningAgent, Role, SuccessDriver, Superuser"
    ),
    "kind: Role": "2:7: “Role” is no kind of Project; use one of Project",
    "kind: sk:x": "2:7: “sk:x” is no kind of Project; use one of Project",
    "wikidata: Q 1": (
        "2:11: “Q 1” cannot stand after http://www.wikidata.org/entity/; write the last part of the address"
    ),
    "sources: [Nordlys Rapport]": f"2:11: “Nordlys Rapport” {KEY}; write “nordlys-rapport”",
    'code: "a\\0b"': "2:7: the text holds the control character U+0000; take it out",
}

REFERENCES = {
    "groups: {g: {role: superusers}}": "3:20: nothing under roles is “superusers”; did you mean “superuser”?",
    "groups: {g: {role: zz}}": (
        "3:20: nothing under roles is “zz”; write map/key of this file, or kind/name of a shared entity"
    ),
    "groups: {g: {role: a}}": (
        "3:20: nothing under roles is “a”; write map/key of this file, or kind/name of a shared entity"
    ),
    "groups: {g: {role: roles/superusers}}": (
        "3:20: nothing in this file is “roles/superusers”; did you mean “roles/superuser”?"
    ),
    "groups: {g: {role: functions/train}}": (
        "3:20: nothing in this file is “functions/train”; did you mean “roles/superuser/functions/train”?"
    ),
    "statements: {s: {about: superuser}}": (
        "3:25: “superuser” does not say where it stands; did you mean “roles/superuser”?"
    ),
    "statements: {s: {about: zz}}": (
        "3:25: “zz” does not say where it stands; write map/key of this file, or kind/name"
    ),
    "groups: {g: {about: https://example.org/x}}": (
        "3:21: an address on the web is no reference; write kind/name of a shared entity"
    ),
    "groups: {g: {about: organisation/Nord Lys}}": f"3:21: “Nord Lys” {KEY}; write “nord-lys”",
    "groups: {g: {about: organisation/nordlys/x}}": (
        "3:21: “organisation/nordlys/x” is not of the form kind/name; write kind/name of a shared entity"
    ),
    "groups: {g: {about: organisation/nordly}}": (
        "3:21: there is no shared entity “organisation/nordly”; did you mean “organisation/nordlys”?"
    ),
    "groups: {g: {about: organisations/nordlys}}": (
        "3:21: there is no shared entity “organisations/nordlys”; did you mean “organisation/nordlys”?"
    ),
    "groups: {g: {about: organisation/a-long-other-name}}": (
        "3:21: there is no shared entity “organisation/a-long-other-name”; add it to the reference data"
    ),
    "groups: {g: {about: country/dk}}": (
        "3:21: there is no shared entity “country/dk”; add it to the reference data"
    ),
    "groups: {g: {about: [roles/superuser, roles/superuser]}}": (
        "3:39: “roles/superuser” is given twice; leave one"
    ),
}
"""Lines below a case with one role → their fault."""

EVIDENCE = {
    "evidence: x": (
        "3:11: evidence is a map, or a list of maps; write {quote: …, at: [start, end]}, "
        "or {source: …} for a register"
    ),
    "evidence: {qoute: x, at: [0, 1]}": "3:12: unknown key “qoute” of evidence; did you mean “quote”?",
    "evidence: {quote: x, at: [0, 1], souce: }": (
        "3:34: unknown key “souce” of evidence; did you mean “source”?"
    ),
    "evidence: {quote: the mayor of Sala, Town, at: [0, 17]}": (
        "3:38: unknown key “Town” of evidence; "
        "if a comma of the quote stands before it, put the quote in quotation marks"
    ),
    "evidence: {quote: x, at: [0, 1], Town: x}": (
        "3:34: unknown key “Town” of evidence; use one of quote, at, source, directness, reach, strength"
    ),
    "evidence: {quote: x}": (
        "3:19: the evidence has no place: “at” is missing; run kg evidence --fix, which finds it in the text"
    ),
    "evidence: {at: [0, 1]}": "3:1: the evidence has no words: “quote” is missing; write quote: …",
    "evidence: {quote: xyz, at: [0, 1]}": (
        "3:29: the quote has the length 3, “at” the length 1; "
        "run kg evidence --fix, which finds it in the text"
    ),
    "evidence: {quote: x, at: [1, 0]}": (
        "3:26: “at” has to end after it begins; run kg evidence --fix, which finds it in the text"
    ),
    "evidence: {quote: x, at: [1, 1]}": (
        "3:26: “at” has to end after it begins; run kg evidence --fix, which finds it in the text"
    ),
    "evidence: {quote: x, at: [0, x, 1]}": (
        "3:26: “at” has to be two whole numbers, 0 or more; write at: [start, end]"
    ),
    "evidence: {quote: x, at: 1}": (
        "3:26: “at” has to be two whole numbers, 0 or more; write at: [start, end]"
    ),
    "evidence: {quote: x, at: [-1, 0]}": (
        "3:26: “at” has to be two whole numbers, 0 or more; write at: [start, end]"
    ),
    "evidence: {quote: x, at: [0, 1, 2]}": (
        "3:26: “at” has to be two whole numbers, 0 or more; write at: [start, end]"
    ),
    f"evidence: {{quote: {'x' * 91}, at: [0, 91]}}": (
        "3:19: the quote has 91 characters; at most 90 may be quoted; quote only the words that carry it"
    ),
    "evidence: {quote: a b c d e f g h i j k l m, at: [0, 25]}": (
        "3:19: the quote has 13 words; at most 12 may be quoted; quote only the words that carry it"
    ),
    "evidence: []": f"3:11: “evidence” {EMPTY}",
    "evidence: {quote: , at: [0, 1]}": "3:19: “quote” is empty; write quote: …",
    "evidence: {quote: [x], at: [0, 1]}": "3:19: “quote” has to be a text; write quote: …",
    "evidence:\n- {quote: x, at: [0, 1]}\n- {quote: y, at: [0, 1]}": (
        "5:11: the same place is quoted with other words; compare line 4"
    ),
    "evidence:\n- {quote: x, at: [0, 1]}\n- {quote: x, at: [0, 1]}": (
        "5:3: the same evidence is given twice here; leave one"
    ),
    "evidence: {quote: x, at: [0, 1], source: t}": (
        "3:42: “t” is not among the sources of the case; add t to them"
    ),
    "evidence: {quote: x, at: [0, 1], source: ss}": (
        "3:42: “ss” is not among the sources of the case; did you mean “s”?"
    ),
    "evidence: {source: The T}": "3:20: “The T” is no key of a source; write the id of a source",
}
"""Lines below a case with the source `s` → their fault."""

SYNTAX = {
    "id: a\nroles:\n\tr: {}": "3:1: a tab stands where the indentation is; indent with spaces",
    "id: a\ncode: x\n\tlength: 3": "3:1: a tab stands where the indentation is; indent with spaces",
    "id: a\ncode: [x\nlength: 3": "2:7: this list is not closed, or lacks a comma; close it with ]",
    "id: a\nroles: {r: {x: 1}": "2:8: this { is not closed, or lacks a comma; close it with }",
    "id: a\ncode: 'x\nlength: 3": "2:7: a quote is not closed; close it",
    "id: a\ncode: b: c": (
        "2:8: a “:” where none can be; indent it as its neighbours are, or put the text in quotes"
    ),
    "id: a\ncode\nlength: 3": "2:1: a key without “:”; write “key: value”, or put the text in quotes",
    "id: a\nroles:\n    r: {x: y}\n  s: {x: y}": (
        "4:3: this fits neither the line above nor its indentation; indent it as its neighbours are"
    ),
    "id: a\ncode: {x:": "2:10: a value is missing; write it, or take the comma out",
    "id: a\ncode: *": "2:8: “*” and “&” begin no text; put the text in quotes",
    " code: a\nid: a": "2:1: this does not go on from what stands above; write each line as “key: value”",
    "id: a\ncode: @x": "2:7: a value cannot begin with “@”; put the text in quotes",
    'id: a\ncode: "\\q"': (
        "2:8: a backslash before what is no escape; write a backslash as \\\\, or use single quotes"
    ),
    'id: a\ncode: "\\ud800"': "2:10: half a character is written here; write the whole character",
    "id: a\ncode: [x, , y]": "2:11: a value is missing; write it, or take the comma out",
    "id: a\ncode: x\x01y": "2:8: the control character U+0001; take it out",
    'id: a\ncode: "x\u2028y"': (
        "2:9: the line break U+2028 would be lost; write it in double quotes, as \\u2028"
    ),
    "id: a\ncode: !!str x": "2:7: the tag !!str is not allowed; put the text in quotes, without a tag",
    "id: a\nroles: !r {x: {memo: {en: y}}}": (
        "2:8: the tag !r is not allowed; put the text in quotes, without a tag"
    ),
    "id: a\ncode: &x y": "2:7: the anchor &x is not allowed; write the value out where it is used",
    "id: a\ncode: *x": "2:7: the alias *x is not allowed; write the value out",
    "id: a\n---\nid: b": "2:1: a second document begins here; give each its own file",
    "id: a\ncode: " + "[" * 30 + "]" * 30: (
        "2:26: more than 20 levels stand inside each other; look for a bracket that is not closed"
    ),
}

DOCUMENTS = {
    "": "1:1: no case in it; begin with id: …",
    "# nothing but this\n": "1:1: no case in it; begin with id: …",
    "null": "1:1: no case in it; begin with id: …",
    "{}": "1:1: no case in it; begin with id: …",
    "- id: a": "1:1: a case is a map of keys and values; begin with id: …",
    "code: x": "1:1: the case has no “id”; write id: …",
    "id: [a]": "1:5: “id” has to be a text; write id: …",
    "id: Fjordby Plan": f"1:5: “Fjordby Plan” {KEY}; write “fjordby-plan”",
}


def _below(head: str, table: dict[str, str]) -> list[tuple[str, str]]:
    return [(head + lines, fault) for lines, fault in table.items()]


ROLE = "id: a\nroles: {superuser: {functions: {train: {function: trains-colleagues}}}}\n"
TABLE = [
    *_below("id: a\n", KEYS | SHAPES | VALUES),
    *_below(ROLE, REFERENCES),
    *_below("id: a\nsources: [s]\n", EVIDENCE),
    *_below("", SYNTAX | DOCUMENTS),
]


@pytest.mark.parametrize(("text", "fault"), TABLE, ids=[fault.partition(";")[0] for _, fault in TABLE])
def test_a_fault_is_told_at_its_place(text: str, fault: str) -> None:
    assert faults(text) == [fault]


def test_all_faults_come_at_once_in_the_order_of_the_file() -> None:
    text = """\
        id: A
        sources: [s]
        holder: 2
        title: {de: T}
        roles:
          r: {kind: X, evidence: [{quote: x, at: [0, 2]}, {quote: y}]}
          S: {memo: {en: x}}
        groups: {g: {role: s, about: r}}
        """
    assert [fault.partition(": ")[0] for fault in faults(dedent(text))] == [
        "1:5", "3:1", "4:9", "6:13", "6:43", "6:59", "7:3", "8:20", "8:30"
    ]  # fmt: skip


def test_the_first_of_two_documents_is_read_on() -> None:
    assert faults("id: a\nholder: 2\n---\nid: b\nmember: 2") == [
        "2:1: unknown key “holder”; did you mean “holders”?",
        "3:1: a second document begins here; give each its own file",
    ]


def test_an_alias_is_refused_where_it_stands_and_not_followed() -> None:
    bomb = "id: a\n" + "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 40))
    found = faults(bomb)
    assert "2:5: the anchor &x1 is not allowed; write the value out where it is used" in found
    assert "2:10: the alias *x0 is not allowed; write the value out" in found


@pytest.mark.parametrize("bracket", ["[", "{", "- ", "{a: "])
def test_any_depth_is_refused_not_crashed_on(bracket: str) -> None:
    (found,) = faults("id: a\ncode:\n" + bracket * 100_000)
    assert "more than 20 levels" in found or "“:”" in found


def test_with_several_sources_the_evidence_says_which() -> None:
    assert faults("id: a\nsources: [s, t]\nevidence: {quote: x, at: [0, 1]}") == [
        "3:1: the case has several sources; say which: source: s"
    ]


def test_a_case_without_sources_is_told_once() -> None:
    evidence = "evidence: {quote: x, at: [0, 1]}"
    assert faults(f"id: a\n{evidence}\nroles: {{r: {{{evidence}}}, s: {{{evidence}}}}}") == [
        "2:1: the case names no source that it draws on; write sources: [its-id] at its head"
    ]


def test_a_source_that_is_no_id_is_told_where_it_is_named_and_not_again() -> None:
    evidence = "evidence: [{quote: x, at: [0, 1]}, {quote: x, at: [1, 2], source: the-report}]"
    assert faults(f"id: a\nsources: [The Report]\n{evidence}") == [
        f"2:11: “The Report” {KEY}; write “the-report”"
    ]


def test_a_key_that_two_maps_have_says_which(tmp_path: Path) -> None:
    cg = "PREFIX cg: <https://w3id.org/casegraph/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
    (tmp_path / "axioms.ttl").write_text(f"{cg} cg:about rdfs:range cg:Assertion .", encoding="utf-8")
    wider = ontology.load([ROOT / "ontology", tmp_path])
    text = "id: a\nroles: {x: {memo: {en: m}}, y: {memo: {en: m}}}\ngroups: {x: {about: [x, y]}}"
    with pytest.raises(InputError) as caught:
        cases.read_text(text, "a.yaml", wider, Names())
    assert str(caught.value) == "a.yaml:3:22: “x” can be groups/x or roles/x; write which"


def test_a_description_of_a_source_has_no_evidence() -> None:
    with pytest.raises(InputError) as caught:
        cases.read_text("id: s\nevidence: {source: t}\n", "s.yaml", onto(), Names(), kind="source")
    assert str(caught.value) == "s.yaml:2:1: “evidence” belongs to a case, not here; take it out"
