"""What figures may stand for, what their inputs make of them, and which cannot both hold.

The rules of the ontology reckon in SPARQL. Here the same definitions, those of the code lists “qualifier”,
“computation” and “verdict”, are written in exact fractions, and figures that are made up must come to the
same on Oxigraph and on rdflib.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
import rdflib
import whole
from hypothesis import HealthCheck, given, settings, strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize
from whole import cg, onto

from kg import rules
from kg.names import CG, CODE, PROV, XSD

HEAD = f"""
PREFIX : <https://w3id.org/casegraph/case/made/> PREFIX case: <https://w3id.org/casegraph/case/>
PREFIX cg: <{CG}> PREFIX prov: <{PROV}> PREFIX xsd: <{XSD}>
""" + "".join(f"PREFIX {name.replace('-', '_')}: <{CODE}{name}/>\n" for name in (
    "aspect", "computation", "grade", "metric", "qualifier", "realisation", "stage", "standing", "unit",
))  # fmt: skip
FIGURES = ("figure", "recomputed", "counted", "timed", "conflicting")


@cache
def compiled() -> rules.Rules:
    """Only the shortcuts that reckon."""
    every = whole.compiled()
    groups = (
        tuple(r for r in group if r.name.startswith(tuple(f"cg:{f}" for f in FIGURES)))
        for group in every.shortcuts
    )
    return rules.Rules(shortcuts=tuple(group for group in groups if group))


@cache
def tolerances() -> list[Quad]:
    """What the ontology says of qualifiers and grades."""
    return [q for q in onto().terms if q.subject.value.startswith((f"{CODE}qualifier/", f"{CODE}grade/"))]


def said(turtle: str) -> list[Quad]:
    return [*parse((HEAD + turtle).encode(), RdfFormat.TURTLE), *tolerances()]


def follows(turtle: str) -> set[tuple[str, str, str]]:
    """What the rules infer: the last words of subject and property, the text or last word of the value."""
    found = rules.infer(said(turtle), compiled())
    return {(last(t.subject), last(t.predicate), last(t.object)) for t in (i.triple for i in found.triples)}


def last(term: object) -> str:
    return (
        term.value
        if isinstance(term, Literal)
        else str(getattr(term, "value", "")).replace("#", "/").rpartition("/")[2]
    )


def value(found: set[tuple[str, str, str]], node: str, name: str) -> str | None:
    [text] = [o for s, p, o in found if (s, p) == (node, name)] or [None]
    return text


# --- The definitions, in fractions

WIDEST = Fraction(10, 100)
TOLERANCES: dict[str, tuple[int, int]] = {
    "about": (10, 10), "almost": (10, 0), "over": (0, 10), "at-least": (0, 0),
    "at-most": (0, 0), "including": (0, 0),
}  # fmt: skip
OPEN_BELOW, OPEN_ABOVE = {"at-most"}, {"at-least", "including"}


@dataclass(frozen=True)
class Figure:
    """A number as it is written, with its qualifiers."""

    text: str
    qualifiers: tuple[str, ...] = ()

    @property
    def number(self) -> Fraction:
        return Fraction(self.text)

    @property
    def rounding(self) -> Fraction:
        """Half a unit of the last digit that is not zero, and at most a tenth of the figure."""
        digits = Decimal(self.text).normalize()
        half = Fraction(Decimal(1).scaleb(int(digits.as_tuple().exponent))) / 2 if digits else Fraction(0)
        return min(half, abs(self.number) * WIDEST)

    @property
    def least(self) -> Fraction | None:
        return None if OPEN_BELOW & {*self.qualifiers} else self.number - self._away(0)

    @property
    def most(self) -> Fraction | None:
        return None if OPEN_ABOVE & {*self.qualifiers} else self.number + self._away(1)

    def _away(self, side: int) -> Fraction:
        known = [TOLERANCES[q][side] for q in self.qualifiers if q in TOLERANCES]
        return abs(self.number) * Fraction(max(known), 100) if known else self.rounding

    def turtle(self, name: str) -> str:
        type = "decimal" if "." in self.text else "integer"
        words = "".join(f" ; cg:qualifier qualifier:{q}" for q in self.qualifiers)
        return f':{name} cg:value "{self.text}"^^xsd:{type}{words} .\n'


def verdict(kind: str, checked: Figure, base: Figure | None, rest: Sequence[Figure]) -> str:
    """What recomputing says, from the definitions of the code lists."""
    wanted = {"sum": (False, 1, 99), "difference": (True, 1, 99), "part-of": (True, 0, 0)}.get(
        kind, (True, 1, 1)
    )
    inputs = [*([base] if base else []), *rest]
    if checked.least is checked.most is None:
        return "incomplete"
    if (
        bool(base) != wanted[0]
        or not wanted[1] <= len(rest) <= wanted[2]
        or any(f.least is None or f.most is None for f in inputs)
    ):
        return "incomplete"
    if kind in ("percent-change", "product") and any(f.number < 0 for f in inputs):
        return "undefined"
    if kind == "percent-change" and base and base.number <= 0:
        return "undefined"
    as_written = makes(kind, base.number if base else None, [f.number for f in rest])
    ends = [
        makes(kind, b, list(r))
        for b in ([base.least, base.most] if base else [None])
        for r in ([f.least for f in rest], [f.most for f in rest])
    ]
    if inside(kind, checked, as_written, as_written):
        return "agrees"
    return "within-inputs" if inside(kind, checked, min(ends), max(ends)) else "differs"


def makes(kind: str, base: Fraction | None, rest: Sequence[Fraction | None]) -> Fraction:
    others = sum((f for f in rest if f is not None), Fraction(0))
    if kind == "sum" or base is None:
        return others
    return {
        "difference": lambda: base - others, "product": lambda: base * others, "part-of": lambda: base,
        "percent-change": lambda: (others - base) * 100 / base,
    }[kind]()  # fmt: skip


def inside(kind: str, checked: Figure, low: Fraction, high: Fraction) -> bool:
    """Whether what the inputs make, from `low` to `high`, meets what the figure may stand for."""
    above = checked.least is None or checked.least <= high
    return above and (kind == "part-of" or checked.most is None or low <= checked.most)


# --- Made-up figures

KINDS = ["percent-change", "sum", "difference", "product", "part-of"]


@st.composite
def figures(draw: st.DrawFn, *, near: Fraction | None = None) -> Figure:
    """A figure as a source may write it; `near` something, if it is to be held against that."""
    number = Fraction(draw(st.integers(0, 40_000)))
    if near is not None and draw(st.booleans()):
        number = near * draw(
            st.sampled_from([Fraction(1), Fraction(9, 10), Fraction(11, 10), Fraction(105, 100)])
        )
    places = draw(st.sampled_from([-3, -2, -1, 0, 0, 1, 2]))
    rounded = Decimal(round(number * Fraction(10) ** places)).scaleb(-places)
    text = f"{rounded:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    some = st.lists(st.sampled_from([*TOLERANCES, "so-far"]), max_size=2, unique=True)
    return Figure("0" if text == "-0" else text, tuple(draw(st.one_of(st.just([]), some))))


@st.composite
def recomputations(draw: st.DrawFn) -> tuple[str, Figure, Figure | None, list[Figure]]:
    kind = draw(st.sampled_from(KINDS))
    usual = {"sum": 0, "part-of": 0}.get(kind, 1)
    base = draw(figures()) if kind != "sum" or draw(st.integers(0, 9)) == 0 else None
    rest = draw(
        st.lists(
            figures(),
            min_size=usual if kind != "sum" else 1,
            max_size=3 if kind in ("sum", "difference") else usual,
        )
    )
    guess = None
    if not (kind == "percent-change" and (base is None or base.number == 0)):
        guess = abs(makes(kind, base.number if base else None, [f.number for f in rest]))
    return kind, draw(figures(near=guess)), base, rest


def written(kind: str, checked: Figure, base: Figure | None, rest: Sequence[Figure]) -> str:
    inputs = [*(["base"] if base else []), *(f"i{n}" for n, _ in enumerate(rest))]
    lines = [checked.turtle("checked"), base.turtle("base") if base else ""]
    lines += [figure.turtle(f"i{number}") for number, figure in enumerate(rest)]
    ends = "".join(f" ; prov:wasDerivedFrom :{name}" for name in inputs) + (
        " ; cg:base :base" if base else ""
    )
    return "".join(lines) + f":check cg:computation computation:{kind} ; cg:checks :checked{ends} ."


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(recomputations())
def test_the_rules_say_what_the_definitions_say(made: tuple[str, Figure, Figure | None, list[Figure]]):
    kind, checked, base, rest = made
    found = follows(written(kind, checked, base, rest))
    for name, bound in (("figureLeast", checked.least), ("figureMost", checked.most)):
        text = value(found, "checked", name)
        assert (Fraction(text) if text else None) == bound
    wanted = verdict(kind, checked, base, rest)
    assert value(found, "check", "verdict") == value(found, "checked", "verdict") == wanted
    if wanted in ("agrees", "within-inputs", "differs"):
        exact = makes(kind, base.number if base else None, [f.number for f in rest])
        assert abs(Fraction(value(found, "check", "makes") or "") - exact) <= Fraction(1, 200)


def test_what_is_made_up_has_every_verdict():
    seen: set[str] = set()

    @settings(max_examples=200, deadline=None, derandomize=True, database=None)
    @given(recomputations())
    def look(made: tuple[str, Figure, Figure | None, list[Figure]]) -> None:
        seen.add(verdict(*made))

    look()
    assert seen == {"agrees", "within-inputs", "differs", "undefined", "incomplete"}


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(recomputations(), min_size=8, max_size=8))
def test_rdflib_infers_the_same(several: list[tuple[str, Figure, Figure | None, list[Figure]]]):
    texts = []
    for number, made in enumerate(several):
        texts.append(written(*made).replace(" :", f" :n{number}_").replace("\n:", f"\n:n{number}_"))
    turtle = "\n" + "\n".join(t if t.startswith("\n") else f":n{n}_{t[1:]}" for n, t in enumerate(texts))
    assert in_rdflib(turtle) == follows(turtle)


def in_rdflib(turtle: str) -> set[tuple[str, str, str]]:
    """What the same rules infer in rdflib, group by group."""
    graph, found = rdflib.Graph(), set()
    graph.parse(
        data=serialize([q.triple for q in said(turtle)], format=RdfFormat.N_TRIPLES).decode(), format="nt"
    )
    for group in compiled().shortcuts:
        new = [triple for rule in group for triple in graph.query(rule.sparql)]
        found |= {(last_of(s), last_of(p), last_of(o)) for s, p, o in new}
        for triple in new:
            graph.add(triple)
    return found


def last_of(term: object) -> str:
    return str(term) if isinstance(term, rdflib.Literal) else str(term).replace("#", "/").rpartition("/")[2]


# --- Counts and durations


def test_members_are_counted_at_the_time_of_the_figure():
    members = """
    :one cg:agent :a . :a cg:validToLatest "2019-12-31"^^xsd:date .
    :two cg:agent :b . :three cg:agent :c ; cg:startEarliest "2020-01-01"^^xsd:date .
    :four cg:agent :d ; cg:standing standing:rejected .
    :check cg:computation computation:count ; cg:checks :figure ;
        prov:wasDerivedFrom :one , :two , :three , :four .
    :figure cg:standing standing:accepted ; cg:value 2 """
    for begin, end, number in (
        ("2019-03-01", "2019-05-31", 2),
        ("2019-12-01", "2020-01-31", 3),
        ("2020-02-01", "2020-02-29", 2),
    ):
        when = f'; cg:periodEarliest "{begin}"^^xsd:date ; cg:periodLatest "{end}"^^xsd:date .'
        found = follows(members + when)
        assert value(found, "check", "makes") == str(number)
        assert value(found, "check", "verdict") == ("agrees" if number == 2 else "differs")
    assert value(follows(members + "."), "check", "makes") == "3"


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        ("4", "differs"), ("3", "agrees"), ("3 ; cg:qualifier qualifier:so-far", "agrees"),
        ("2 ; cg:qualifier qualifier:at-least", "agrees"), ("4 ; cg:qualifier qualifier:at-least", "differs"),
        ("3.2 ; cg:qualifier qualifier:about", "agrees"),
    ],
)  # fmt: skip
def test_a_count_is_exact_unless_the_figure_is_qualified(figure: str, verdict: str):
    data = f""":check cg:computation computation:count ; cg:checks :figure ;
        prov:wasDerivedFrom :one , :two , :three .
    :figure cg:standing standing:accepted ; cg:value {figure} ."""
    assert value(follows(data), "check", "verdict") == verdict


def test_nobody_is_counted_as_none():
    data = ":check cg:computation computation:count ; cg:checks :f ."
    data += ":f cg:standing standing:accepted ; cg:value 0 ."
    assert value(follows(data), "check", "verdict") == "agrees"


UNITS = {"Y": Fraction(36525, 100), "M": Fraction(36525, 1200), "W": Fraction(7), "D": Fraction(1)}


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_days_between_two_starts_are_held_against_a_duration(data: st.DataObject):
    unit = data.draw(st.sampled_from("YMWD"))
    count = data.draw(st.integers(1, 30))
    first = date(2019, 1, 1) + timedelta(data.draw(st.integers(0, 400)))
    spans = [data.draw(st.sampled_from([0, 0, 30])) for _ in range(2)]
    days = count * UNITS[unit]
    second = first + timedelta(int(days) + data.draw(st.integers(-60, 60)))
    qualifier = data.draw(st.sampled_from(["", "about", "almost", "over", "at-least", "at-most"]))
    known = TOLERANCES.get(qualifier)
    rounding = min(UNITS[unit] / 2, days / 10)
    low, high = (
        days - (days * known[0] / 100 if known else rounding),
        days + (days * known[1] / 100 if known else rounding),
    )
    least, most = (second - first).days - spans[0], (second - first).days + spans[1]
    reached = lambda a, b: (qualifier == "at-most" or low <= a) and (qualifier == "at-least" or b <= high)  # noqa: E731
    wanted = "agrees" if reached(least, most) else "within-inputs" if reached(most, least) else "differs"
    day = lambda name, d: f'{name} "{d}"^^xsd:date'  # noqa: E731
    words = f" ; cg:qualifier qualifier:{qualifier}" if qualifier else ""
    found = follows(f"""
    :from {day("cg:startEarliest", first)} ; {day("cg:startLatest", first + timedelta(spans[0]))} .
    :to {day("cg:startEarliest", second)} ; {day("cg:startLatest", second + timedelta(spans[1]))} .
    :figure cg:duration "P{count}{unit}"{words} .
    :check cg:computation computation:duration ; cg:checks :figure ;
        cg:base :from ; prov:wasDerivedFrom :from , :to .""")
    assert (value(found, "check", "makesLeast"), value(found, "check", "makesMost")) == (
        str(least),
        str(most),
    )
    assert value(found, "check", "verdict") == wanted


def test_a_duration_of_several_parts_is_added_up():
    dates = """:from cg:startEarliest "2020-01-01"^^xsd:date ; cg:startLatest "2020-01-01"^^xsd:date .
    :to cg:startEarliest "2021-07-02"^^xsd:date ; cg:startLatest "2021-07-02"^^xsd:date .
    :check cg:computation computation:duration ; cg:checks :f ; cg:base :from ;
        prov:wasDerivedFrom :from , :to . """
    for text, said in (
        ("P1Y6M", "agrees"),
        ("P1Y", "differs"),
        ("P1Y6M1D", "differs"),
        ("P548D", "agrees"),
        ("PT5H", "incomplete"),
    ):
        assert (text, value(follows(dates + f':f cg:duration "{text}" .'), "check", "verdict")) == (
            text,
            said,
        )


# --- What cannot be reckoned


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (":f cg:value 5 . :b cg:value 0 . :i cg:value 3 .", "undefined"),
        (":f cg:value 5 . :b cg:value 3 .", "incomplete"),
        (":f cg:value 5 . :b cg:value 3 . :i cg:value 12345678901 .", "incomplete"),
        (":f cg:words 'many'@en . :b cg:value 3 . :i cg:value 5 .", "incomplete"),
        (":f cg:value 5 . :b cg:minimum 3 ; cg:maximum 4 . :i cg:value 5 .", "incomplete"),
        (
            ":f cg:value 67 . :b cg:value 3 ; cg:unit unit:nok . :i cg:value 5 ; cg:unit unit:sek .",
            "other-units",
        ),
        (":f cg:value 67 ; cg:unit unit:nok . :b cg:value 3 . :i cg:value 5 .", "other-units"),
        (
            ":f cg:value 67 ; cg:metric metric:a . :b cg:value 3 . :i cg:value 5 ; cg:metric metric:b .",
            "other-scope",
        ),
        (":f cg:minimum 60 ; cg:maximum 70 . :b cg:value 3 . :i cg:value 5 .", "agrees"),
    ],
)
def test_what_makes_no_number_is_told_and_loses_nothing(data: str, verdict: str):
    check = ":check cg:computation computation:percent-change ; cg:checks :f ; cg:base :b ;"
    check += " prov:wasDerivedFrom :b , :i ."
    assert value(follows(data + check), "check", "verdict") == verdict
    assert value({t for t in in_rdflib(data + check) if t[0] == "check"}, "check", "verdict") == verdict


def test_a_figure_of_another_time_is_not_checked():
    data = """:f cg:value 50 ; cg:periodEarliest "2020-02-01"^^xsd:date ;
        cg:periodLatest "2020-05-31"^^xsd:date .
    :b cg:value 40 ; cg:periodEarliest "2020-02-01"^^xsd:date ; cg:periodLatest "2020-02-29"^^xsd:date .
    :i cg:value 60 ; cg:periodEarliest "2020-04-01"^^xsd:date ; cg:periodLatest "END"^^xsd:date .
    :check cg:computation computation:percent-change ; cg:checks :f ; cg:base :b ;
        prov:wasDerivedFrom :b , :i ."""
    for end, said in (("2020-04-30", "other-scope"), ("2020-05-31", "agrees")):
        assert value(follows(data.replace("END", end)), "check", "verdict") == said


# --- What cannot both hold, and what can

ONE = """case:made a cg:Project ; cg:outcome :one , :other .
  :one cg:metric metric:calls ; cg:value 40 ; cg:unit unit:persons ;
  cg:grade grade:reported ; cg:realisation realisation:realised ; cg:standing standing:accepted PERIOD .\n"""
OTHER = """:other cg:metric metric:calls ; cg:value 90 ; cg:unit unit:persons ;
  cg:grade grade:reported ; cg:realisation realisation:realised ; cg:standing standing:accepted PERIOD ."""
DAYS = '; cg:periodEarliest "2021-03-01"^^xsd:date ; cg:periodLatest "2021-03-31"^^xsd:date'
MARCH, IN_DAYS = f'; cg:period "2021-03" {DAYS}', f'; cg:period "2021-03-01/2021-03-31" {DAYS}'
APRIL = MARCH.replace("03", "04").replace("-31", "-30")


def conflict(one: str, other: str) -> bool:
    return any(p == "conflictsWith" for _, p, _ in follows(one + other))


@pytest.mark.parametrize(("one", "other"), [("", ""), (MARCH, MARCH), (MARCH, IN_DAYS)])
def test_figures_of_one_thing_and_time_that_lie_apart_conflict(one: str, other: str):
    assert conflict(ONE.replace("PERIOD", one), OTHER.replace("PERIOD", other))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cg:value 90", "cg:value 40"), ("cg:value 90", "cg:value 44 ; cg:qualifier qualifier:about"),
        ("cg:value 90", "cg:value 30 ; cg:qualifier qualifier:at-least"),
        ("unit:persons", "unit:percent"), ("metric:calls", "metric:visits"),
        ("PERIOD", APRIL), ("PERIOD", ""),
        ("PERIOD", MARCH + " ; cg:per unit:gathering"), ("PERIOD", MARCH + " ; cg:about :somewhere"),
        ("grade:reported", "grade:recomputed"), ("standing:accepted", "standing:rejected"),
        ("realisation:realised", "realisation:intended ; cg:grade grade:target"),
    ],
)  # fmt: skip
def test_what_differs_in_scope_or_firmness_does_not_conflict(old: str, new: str):
    """Another figure that agrees, another unit, measure, time, population; a target, a check."""
    assert conflict(ONE.replace("PERIOD", MARCH), OTHER.replace("PERIOD", MARCH))
    assert not conflict(ONE.replace("PERIOD", MARCH), OTHER.replace(old, new).replace("PERIOD", MARCH))


def statements(one: str, other: str) -> Iterator[str]:
    for name, more in (("one", one), ("other", other)):
        yield f"case:made cg:statement :{name} ."
        yield f":{name} cg:aspect aspect:size ; cg:unit unit:employees ; {more} ."


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("cg:value 6", "cg:value 4", True),
        (f"cg:value 6 {MARCH}", f"cg:value 4 {APRIL}", False),
        ("cg:value 6 ; cg:about :here", "cg:value 4 ; cg:about :there", False),
        ("cg:value 6 ; cg:about :here , :there", "cg:value 4 ; cg:about :there", True),
        ("cg:value 6", "cg:value 4 ; cg:about :there", False),
        ("cg:minimum 4 ; cg:maximum 6", "cg:value 5", False),
        ("cg:minimum 4 ; cg:maximum 6", "cg:value 9", True),
    ],
)
def test_statements_conflict_within_an_aspect_of_one_thing(one: str, other: str, said: bool):
    assert conflict("case:made a cg:Project .", "\n".join(statements(one, other))) is said


@pytest.mark.parametrize(
    ("stage", "come", "day", "said"),
    [
        ("whole", "realised", "2021-09-01", True), ("whole", "realised", "2021-03-15", False),
        ("pilot", "realised", "2021-09-01", False), ("whole", "planned", "2021-09-01", False),
    ],
)  # fmt: skip
def test_a_project_starts_once(stage: str, come: str, day: str, said: bool):
    assert (
        conflict(
            """case:made a cg:Project ; cg:phase :one , :other .
            :one cg:stage stage:whole ; cg:realisation realisation:realised ;
        cg:startEarliest "2021-03-01"^^xsd:date ; cg:startLatest "2021-03-31"^^xsd:date .""",
            f""":other cg:stage stage:{stage} ; cg:realisation realisation:{come} ;
        cg:startEarliest "{day}"^^xsd:date ; cg:startLatest "2021-09-30"^^xsd:date .""",
        )
        is said
    )


def test_no_two_statements_of_the_shipped_cases_conflict_unrecorded():
    """Six municipalities in spring 2019 and four in February 2020 can both be true, and so can the others."""
    assert [q for q in whole.graph().inferred if q.predicate == cg("conflictsWith")] == []
    six, four = (
        NamedNode(f"{CODE[:-5]}case/romsdal-teams/statements/{n}-municipalities") for n in ("six", "four")
    )
    assert [whole.objects(node, cg("figure"))[0].value for node in (six, four)] == ["6", "4"]
