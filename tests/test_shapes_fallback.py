"""Regular expressions that the store cannot match: Python does, all else is as ever, and it is told.

To hunt for longer: KG_EXAMPLES=20000 pytest tests/test_shapes_fallback.py -k takes
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from pyoxigraph import Literal
from test_shapes_engine import judge as validate

import kg
from kg.cli.main import run
from kg.errors import DefinitionError
from kg.shapes import ENGINES, Report
from kg.shapes.compile import patience, searching
from kg.shapes.compile.regexes import Regex

EXAMPLES = int(os.environ.get("KG_EXAMPLES", "0"))
DATA = """
:a a :Thing ; :code "a--b", "a-b", "xyz" ; :size 10 ; :name "the the cat", "le chat"@fr ; :next :b .
:b a :Thing ; :code "A", 7 ; :size 1 ; :name "the cat" ; :next :c, :a .
:c a :Thing ; :code "aa", :a, _:x ; :next :c .
:d a :Thing ; :code "bb" ; :next :a .
"""
HYPHENS = 'sh:path :code ; sh:pattern "^(?!.*--)[a-z-]+$"'
TWICE = 'sh:path :code ; sh:pattern "(.)\\\\1"'
PYTHONS = {
    "in a property shape": f":S sh:targetClass :Thing ; sh:property [ {HYPHENS} ] .",
    "beside what the store can": f""":S sh:targetClass :Thing ;
        sh:property [ {HYPHENS} ; sh:minLength 2 ; sh:node [ sh:pattern "a" ] ; sh:maxCount 1 ] ;
        sh:property [ sh:path :size ; sh:maxInclusive 9 ; sh:minCount 1 ] .""",
    "in a node shape": ':S sh:targetObjectsOf :code ; sh:pattern "(?<=a)a|^.(?!.)" ; sh:nodeKind sh:IRI .',
    "that lets go of nothing": ':S sh:targetObjectsOf :code ; sh:pattern "^a++a" .',
    "with flags": ':S sh:targetObjectsOf :code ; sh:pattern "^(?=A)" ; sh:flags "i" .',
    "below sh:node": f"""
        :S sh:targetClass :Thing ; sh:property [ sh:path :next ; sh:node :Coded ] .
        :Coded sh:property [ {HYPHENS} ] .""",
    "below sh:not": f":S sh:targetClass :Thing ; sh:not [ sh:property [ {TWICE} ] ] .",
    "below sh:or": f":S sh:targetClass :Thing ; sh:or ( [ {HYPHENS} ] [ {TWICE} ] [ sh:hasValue :c ] ) .",
    "below sh:xone": f":S sh:targetClass :Thing ; sh:xone ( [ {HYPHENS} ] [ {TWICE} ] ) .",
    "below sh:and": f":S sh:targetClass :Thing ; sh:and ( [ {HYPHENS} ] [ sh:not [ {TWICE} ] ] ) .",
    "as a qualified shape": """:S sh:targetClass :Thing ; sh:property [ sh:path :code ;
        sh:qualifiedMinCount 2 ; sh:qualifiedMaxCount 2 ;
        sh:qualifiedValueShape [ sh:pattern "^(?!x)" ] ] .""",
    "three shapes deep": """:S sh:targetNode :a, :b ; sh:property [ sh:path :next ; sh:node [
        sh:not [ sh:property [ sh:path :code ; sh:node [ sh:not [ sh:pattern "(.)\\\\1" ] ] ] ] ] ] .""",
    "of a warning": f":S sh:targetClass :Thing ; sh:severity sh:Warning ; sh:property [ {TWICE} ] .",
}
QUERIES = {
    "in a filter": '$this :name ?value . FILTER REGEX(?value, "^(?!the cat).*c")',
    "negated, with flags": '$this :name ?value . FILTER (!REGEX(?value, "^(?!THE CAT).*c", "i"))',
    "of no text": '$this :code ?value . FILTER (!isBlank(?value) && !REGEX(?value, "(?=x)"))',
    "replaced": '$this :name ?x . BIND (REPLACE(?x, "(.)(?! )(t)", "<$2$1>") AS ?value)',
    "below NOT EXISTS": "$this :size ?value . "
    'FILTER NOT EXISTS { $this :name ?x . FILTER REGEX(?x, "(?=le)") }',
    "below OPTIONAL": '$this a :Thing . OPTIONAL { $this :name ?value . FILTER REGEX(?value, "(?<=t)h") } '
    "FILTER bound(?value)",
    "in a path": '$this :next/:next* ?y . ?y :name ?value FILTER REGEX(STR(?value), "([a-z]+) \\\\\\\\1")',
    "with a pattern that a row says": '$this :name ?value . BIND (CONCAT("(?!", LANG(?value), "t)") AS ?p) '
    "FILTER REGEX(?value, CONCAT(?p, 'c|l'))",
}


def found(report: Report) -> Counter[tuple]:
    return Counter(
        (v.focus, str(v.path), v.value, str(v.component), v.severity, v.rule, v.message(), len(v.details))
        for v in report.violations
    )


def both(shapes: str, data: str = DATA) -> list[Report]:
    return [validate(data, shapes, engine=engine) for engine in ENGINES]


def constraint(where: str) -> str:
    return f""":S sh:targetClass :Thing ; sh:sparql [ sh:prefixes : ; sh:message "{{?value}}" ;
        sh:select '''SELECT DISTINCT $this ?value {{ {where} }}''' ] .
        : sh:declare [ sh:prefix "" ; sh:namespace "http://example.org/"^^xsd:anyURI ] ."""


# What is found


@pytest.mark.parametrize("name", PYTHONS)
def test_the_findings_are_those_of_pyshacl(name: str) -> None:
    ours, reference = both(PYTHONS[name])
    assert found(ours) == found(reference)
    assert found(ours)
    assert ours.fallbacks
    assert not reference.fallbacks


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_with_such_an_expression_gives_what_pyshacl_gives(name: str) -> None:
    ours, reference = both(constraint(QUERIES[name].replace("'", '"')))
    assert found(ours) == found(reference)
    assert found(ours)
    assert [each.rule for each in ours.fallbacks] == ["S"] * len(ours.fallbacks) != []


@pytest.mark.parametrize(
    ("call", "value"),
    {
        'REPLACE(?x, "(?=T)", "-", "i")': "-the ca-t",
        'REPLACE(?x, "(.)(?! )(t)", "<$2$$1$12$0>")': "the c<t$aa2at>",
        'REPLACE(?x, "t(?!h)", "\\\\\\\\$1\\\\\\\\\\\\\\\\n")': r"the ca$1\n",
        'REPLACE(?x, "(z)?(?=c)", "<$1$2>")': "the <>cat",
    }.items(),
)
def test_what_is_put_in_its_place_is_as_xpath_has_it(call: str, value: str) -> None:
    report = validate(
        ":b a :Thing ; :name 'the cat' .", constraint(f"$this :name ?x BIND ({call} AS ?value)")
    )
    assert [v.value for v in report.violations] == [Literal(value)]


def test_a_component_may_be_given_such_an_expression() -> None:
    shapes = """:C a sh:ConstraintComponent ; sh:parameter [ sh:path :re ] ; sh:validator [
            sh:ask "ASK { FILTER (!isBlank($value) && REGEX(STR($value), $re)) }" ] .
        :S sh:targetObjectsOf :code ; :re "^(?!x)" . :T sh:targetObjectsOf :code ; :re "^x" ."""
    ours, reference = both(shapes)
    assert found(ours) == found(reference)
    assert [(each.rule, each.pattern) for each in ours.fallbacks] == [("S", "^(?!x)")]


def test_all_together_find_what_each_finds() -> None:
    every = [shape.replace(":S ", f":S{number} ") for number, shape in enumerate(PYTHONS.values())]
    plain = ':P sh:targetClass :Thing ; sh:property [ sh:path :code ; sh:pattern "^a" ; sh:maxCount 1 ] .'
    ours, reference = both("\n".join([*every, plain]))
    assert found(ours) == found(reference)
    without_python = validate(DATA, plain)
    assert found(without_python) <= found(ours)
    assert without_python.fallbacks == ()
    assert {each.pattern for each in ours.fallbacks}.isdisjoint({"^a", "a"})


def test_what_judges_nothing_is_not_told() -> None:
    pattern = 'sh:pattern "(?=a)"'
    shapes = f""":S sh:targetClass :Nobody ; {pattern} . :T {pattern} .
        :U sh:targetNode :a ; sh:deactivated true ; {pattern} . :V sh:targetNode :a ; sh:nodeKind sh:IRI ."""
    assert validate(DATA, shapes).fallbacks == ()


# What an expression means

ATOMS = (
    "a", "B", "b", "-", "&", "~", ".", r"\.", r"\-", "^", "$", r"\d", r"\s", r"\i", r"\C", r"\p{Lu}",
    r"\P{L}", r"\<", r"\>", r"\u0062", "{", "}", "}{", "é", "[ab]", "[^a]", "[a-c]", "[a-c-[b]]",
    "[^a-c-[&]]", "[-a]", "[+--]", "[a&&b]", "[~~-]", "[a-c&&[ab]]", r"[\w-.]", r"[\d-a]",
    "[[a]", "[]a]", r"[\p{Lu}-[B]]", r"[^\c]", r"[\I]",
    "[[:alpha:]]", r"[\]a]", "(a|b)", "(?:ab)", "(?<name>a)",
)  # fmt: skip
OFTEN = ("", "", "", "*", "+", "?", "{2}", "{1,}", "{,2}", "*?", "{0,1}?")
PATTERN = st.lists(st.tuples(st.sampled_from(ATOMS), st.sampled_from(OFTEN)), min_size=1, max_size=4)
TEXTS = [
    "",
    "a",
    "b",
    "ab",
    "aB-",
    "&&",
    "~-",
    "a&b",
    "{",
    "}{",
    "1 a",
    "é",
    "a]",
    "[a]",
    "\\",
    "aab",
    "<b>",
    "-.",
]


@settings(max_examples=EXAMPLES or 300, deadline=None)
@given(PATTERN, st.sampled_from(["", "i", "s", "x", "im"]))
def test_python_takes_an_expression_as_the_store_does(parts: Sequence[tuple[str, str]], flags: str) -> None:
    pattern = "".join(map("".join, parts))
    one, other = Regex(pattern, flags), Regex("(?=)" + pattern, flags)
    if one.fault:  # a named group twice, a quantifier of `^`
        return
    assert one.is_simple
    assert not other.is_simple
    if not other.fault:
        assert one.matching(TEXTS) == other.matching(TEXTS)


ALIKE = tuple(each for each in ATOMS if not re.search(r"[-&]\[|\\[icpPIC<>]|\[:|\w-\.|d-a|[{}<]", each))


@settings(max_examples=EXAMPLES or 200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ALIKE), st.sampled_from(OFTEN)), min_size=1, max_size=4))
def test_what_all_write_alike_means_what_it_means_to_python(parts: Sequence[tuple[str, str]]) -> None:
    pattern = "".join(map("".join, parts))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            wanted = {text for text in TEXTS if re.search(pattern, text)}
        except re.error:
            return
    assert Regex(pattern).matching(TEXTS) == Regex("(?=)" + pattern).matching(TEXTS) == wanted


@pytest.mark.parametrize("prefix", ["", "(?=)"], ids=["store", "python"])
@pytest.mark.parametrize(
    ("pattern", "matching"),
    {
        "^[^a-c-[x]]$": {"-", "&", "#", "["},
        "^[!--]$": {"-", "&", "#"},
        "^[a-c&&[^a]]$": {"b"},
        "^[a&&b]$": {"a", "b", "&"},
        r"^\<a\>$": {"<a>"},
        r"^\i\c*$": {"a", "b", "x", "aaa"},
        "^[[&]$": {"&", "["},
        "^a{,2}$": {"a"},
        "^a++a$": set(),
        r"^[\w-.]$": {"a", "b", "x", "-"},
    }.items(),
)
def test_what_readers_differ_in_is_as_xpath_has_it_or_else_as_python_does(
    prefix: str, pattern: str, matching: set[str]
) -> None:
    texts = {"a", "b", "x", "-", "&", "#", "[", "<a>", "aaa"}
    assert Regex(prefix + pattern).matching(texts) == matching


@pytest.mark.parametrize(
    ("pattern", "why"),
    {
        "(?=a)": ("look-ahead",),
        "(?<!a)(?!b)": ("look-behind", "look-ahead"),
        r"(a)\1": ("back-reference",),
        r"(?<n>a)\k<n>": ("back-reference",),
        "a*+": ("possessive",),
        "(?>a)": ("possessive",),
        "a{1,100000}": ("unreadable",),
        r"[(?=a)\1]": ("unreadable",),
        r"\(?=a": (),
        "a+?": (),
    }.items(),
)
def test_why_it_is_not_the_stores_is_known(pattern: str, why: tuple[str, ...]) -> None:
    assert Regex(pattern).why == why


NOBODYS = {
    'sh:pattern "(?=a"': r"shapes\.ttl:2:29: S0: sh:pattern .* cannot be used: .*; write it as XPath has",
    'sh:pattern "(?=\\\\p{IsFoo})"': r"cannot be used: \[\\p\{IsFoo\}\] is no class of characters",
    'sh:pattern "(?<=a*)b"': "cannot be used: look-behind requires fixed-width pattern",
    'sh:sparql [ sh:select """SELECT $this { $this :code ?x FILTER REGEX(?x, "(?!") }""" ]': (
        "S3: sh:select has the regular expression “.*”, which cannot be used"
    ),
}


def test_what_nobody_can_read_is_refused_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as refused:
        check(
            tmp_path, "\n".join(f":S{n} sh:targetClass :Thing ; {each} ." for n, each in enumerate(NOBODYS))
        )
    told = "\n".join(map(str, refused.value.faults))
    assert len(refused.value.faults) == len(NOBODYS)
    for said in NOBODYS.values():
        assert re.search(said, told)


def test_a_circle_through_a_negation_is_still_refused() -> None:
    shapes = f":S sh:targetClass :Thing ; sh:not :S ; sh:property [ {HYPHENS} ] ."
    with pytest.raises(DefinitionError, match="through a negation"):
        validate(DATA, shapes)


# What goes on for ever

ENDLESS = "^(?=a)(a+)+$"
FOR_EVER = {
    "sh:pattern": f':S sh:targetObjectsOf :code ; sh:pattern "{ENDLESS}" .',
    "REGEX": constraint(f'$this :code ?value . FILTER (!REGEX(?value, "{ENDLESS}"))'),
    "REPLACE": constraint(f'$this :code ?x . BIND (REPLACE(?x, "{ENDLESS}", "") AS ?value)'),
}


AWKWARD = f':a a :Thing ; :code "{"a" * 50}!", "{"a" * 51}!" . :b a :Thing ; :code "{"a" * 52}!" .'


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FOR_EVER)
def test_what_goes_on_for_ever_is_given_up_in_any_thread(
    name: str, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.2)
    said = r"^S: the regular expression “.*” went on for more than 0\.2 seconds; write it so"
    with pytest.raises(DefinitionError, match=said):
        validate(AWKWARD, FOR_EVER[name], engine=engine)
    with ThreadPoolExecutor(1) as pool, pytest.raises(DefinitionError, match=said):
        pool.submit(validate, AWKWARD, FOR_EVER[name], engine=engine).result()


def test_what_searches_for_another_thread_ends_when_nobody_ends_it() -> None:
    asked = [
        json.dumps([seconds, pattern, 0, ["a" * 50 + "!"]]) for seconds, pattern in ((9, "a"), (0.2, ENDLESS))
    ]
    program = [sys.executable, "-I", searching.__file__]
    ended = subprocess.run(program, input="\n".join(asked), capture_output=True, text=True, timeout=60)
    assert (ended.stdout, ended.returncode) == ('["1"]\n', -signal.SIGALRM)


@pytest.mark.parametrize("name", ["in a property shape", "three shapes deep"])
def test_another_thread_finds_the_same(name: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        elsewhere = pool.submit(validate, DATA, PYTHONS[name]).result()
    assert found(elsewhere) == found(validate(DATA, PYTHONS[name]))
    assert elsewhere.fallbacks


def test_ctrl_c_gets_through_while_the_store_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(searching, "search", pressed)
    with pytest.raises(KeyboardInterrupt):
        validate(DATA, constraint(QUERIES["in a filter"]))


def test_many_texts_may_take_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.0)
    texts = [f"{number:06}" for number in range(50_000)]
    assert len(Regex(r"^(?!0*[1-9]$)\d+$").matching(texts)) == 49_991


def test_somebody_elses_alarm_goes_off_as_it_would_have() -> None:
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    signal.setitimer(signal.ITIMER_REAL, 30, 7)
    try:
        assert Regex("(?=a)").matching(["a"]) == {"a"}
        left, interval = signal.getitimer(signal.ITIMER_REAL)
        assert (0 < left <= 30, interval, rung) == (True, 7, [])
        signal.raise_signal(signal.SIGALRM)
        assert rung == [True]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# What is told

SHAPES = """prefix : <http://example.org/> prefix sh: <http://www.w3.org/ns/shacl#> \
prefix xsd: <http://www.w3.org/2001/XMLSchema#>
"""
TOLD = """shapes.ttl:2:69: Thing.code: the regular expression “^(?!.*--)[a-z-]+$” was matched by Python \
instead of the store (it looks ahead)
"""


def write(folder: Path, shapes: str) -> None:
    (folder / "shapes.ttl").write_text(SHAPES + shapes, "utf-8")
    (folder / "data.ttl").write_text(SHAPES + DATA, "utf-8")


def check(folder: Path, shapes: str, **options) -> kg.api.Report:
    write(folder, shapes)
    return kg.validate(folder / "data.ttl", shapes=folder / "shapes.ttl", **options)


def test_the_command_says_on_stderr_what_python_matched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, PYTHONS["in a property shape"])
    monkeypatch.chdir(tmp_path)
    args = ["validate", "data.ttl", "--shapes", "shapes.ttl"]
    assert run(args) == 1
    out, err = capsys.readouterr()
    assert err == TOLD
    assert out.endswith("errors in 1 file\n")
    assert run(["--quiet", *args]) == 1
    assert capsys.readouterr() == (out, "")
    assert run([*args, "--engine", "pyshacl"]) == 1
    assert capsys.readouterr() == (out, "")


def test_python_and_every_format_with_a_place_for_it_have_it(tmp_path: Path) -> None:
    report = check(tmp_path, PYTHONS["in a property shape"] + constraint(QUERIES["in a filter"]))
    one, other = report.fallbacks
    assert (one.rule, one.pattern, one.why) == ("Thing.code", "^(?!.*--)[a-z-]+$", ("look-ahead",))
    assert (one.place.line, other.place.line, other.rule, other.pattern) == (2, 3, "S", "^(?!the cat).*c")
    document = json.loads(report.render("json"))
    assert [each["by"] for each in document["fallbacks"]] == ["python", "python"]
    assert document["fallbacks"][0]["place"]["line"] == 2
    notes = json.loads(report.render("sarif"))["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert [each["properties"]["rule"] for each in notes] == ["Thing.code", "S"]
    for form in ("markdown", "html"):
        assert "was matched by Python" in report.render(form)
    for form in ("turtle", "csv", "text", "junit", "github"):
        assert "Python" not in report.render(form)


def test_what_is_ignored_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, PYTHONS["in a property shape"])
    monkeypatch.chdir(tmp_path)
    assert run(["validate", "data.ttl", "--shapes", "shapes.ttl", "--ignore", "Thing.code"]) == 0
    assert capsys.readouterr() == ("no findings in 1 file\n", "")


def test_of_very_many_some_are_told_to_people_and_all_to_programs(tmp_path: Path) -> None:
    many = "".join(f'sh:property [ sh:path :p{n} ; sh:pattern "^(?!{n}$)" ] ;' for n in range(50))
    report = check(tmp_path, f":S sh:targetClass :Thing ; {many} sh:nodeKind sh:IRI .")
    assert len(report.fallbacks) == len(json.loads(report.render("json"))["fallbacks"]) == 50
    assert len(report.page.notes) == 21
    assert report.page.notes[-1] == "… and 30 more"
