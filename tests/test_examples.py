"""The fictional case: its text is at hand everywhere, so that what depends on texts is tested everywhere."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from pyoxigraph import NamedNode, Store

from kg import build, evidence, sources, store
from kg.errors import Fault
from kg.names import CG, HOME
from kg.workspace import Workspace

CHECKOUT = Path(__file__).parent.parent
ROOT = CHECKOUT / "examples" / "havlunde"
CASE = ROOT / "data" / "cases" / "havlunde-kernehus.yaml"
SOURCE = ROOT / "data" / "sources" / "havlunde-kernehus.yaml"
TEXT = sources.read(ROOT / "sources" / "havlunde-kernehus.txt")
WRITTEN = CASE.read_text(encoding="utf-8")


@cache
def assembled() -> Store:
    space = Workspace.load(ROOT)
    graph = build.assemble(space)
    assert graph.asserted.faults == [] and list(graph.inferences.clashes) == []
    return store.load(graph.quads)


def check(text: str) -> evidence.Checked:
    return evidence.check(evidence.quotes(text, "a.yaml"), {"havlunde-kernehus": TEXT})


def local(path: str) -> str:
    return f"<https://example.org/havlunde/case/havlunde-kernehus/{path}>"


def holds(pattern: str) -> bool:
    ask = f"PREFIX cg: <{CG}> PREFIX prov: <http://www.w3.org/ns/prov#> ASK {{ {pattern} }}"
    return bool(assembled().query(ask, use_default_graph_as_union=True))


# --- the text and the quotes


def test_the_source_is_described_by_its_length_and_hash() -> None:
    said = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    assert (said["sha256"], said["length"]) == (TEXT.sha256, len(TEXT.text))


def test_every_quote_stands_where_the_case_says() -> None:
    checked = check(WRITTEN)
    assert checked.faults == () and checked.unchecked == ()
    assert len(checked.found) > 45
    assert [each.quote.words for each in checked.moved] == []


def test_no_quote_is_a_whole_sentence() -> None:
    assert [s.words for s in check(WRITTEN).found if TEXT.sentence(s.span).rstrip(".!?") == s.words] == []


def test_the_lock_covers_every_quote_and_notices_a_change() -> None:
    lock = ROOT / "data" / "evidence.lock"
    found = evidence.quotes(WRITTEN, "a.yaml")
    assert evidence.uncovered(found, lock) == []
    changed = evidence.quotes(WRITTEN.replace("lukket den 31. januar", "lukket den 30. januar"), "a.yaml")
    assert [quote.words for quote in evidence.uncovered(changed, lock)] == ["lukket den 30. januar 2025"]


def test_places_that_are_taken_out_are_found_again() -> None:
    bare = re.sub(r", at: \[\d+, \d+\]", "", WRITTEN)
    assert bare != WRITTEN
    assert evidence.fixed(bare, check(bare)) == WRITTEN


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("hjælper kollegerne i gang", "hjælper kolleger i gang", "does not stand in havlunde-kernehus"),
        ("hjælper kollegerne i gang", "mentorer", "stands 3 times"),
        ("omkring 2.900 ansatte på 41 adresser", " ".join(["ord"] * 13), "has 13 words; at most 12"),
    ],
)
def test_a_quote_that_is_wrong_is_told_at_its_line(old: str, new: str, what: str) -> None:
    faults: tuple[Fault, ...] = check(WRITTEN.replace(old, new)).faults
    line = WRITTEN[: WRITTEN.index(old)].count("\n") + 1
    assert [fault.place.line for fault in faults if fault.place and what in fault.what] == [line]


def test_the_text_tells_that_it_is_fictional_and_free() -> None:
    assert TEXT.text.rstrip().endswith("må bruges efter licensen CC BY 4.0.")
    codes = (CHECKOUT / "data" / "reference" / "municipality-dk.csv").read_text(encoding="utf-8")
    assert "dk-0999" not in codes and "Havlunde" not in codes


# --- what follows from it


def test_mentors_are_a_network_by_what_they_do_and_superusers_are_no_champions() -> None:
    assert holds(f"{local('groups/mentors')} a cg:ChampionNetwork")
    assert holds(f"{local('groups/superusers')} a cg:RoleGroup")
    assert not holds(f"{local('groups/superusers')} a cg:ChampionGroup")


def test_only_the_supplier_is_a_vendor() -> None:
    rows = assembled().query(
        f"PREFIX cg: <{CG}> SELECT ?v {{ ?v a cg:Vendor }}", use_default_graph_as_union=True
    )
    assert [row["v"] for row in rows] == [NamedNode(HOME + "id/organisation/tagroer-digital")]


def test_both_sides_of_the_contradiction_stay() -> None:
    one, other = local("groups/mentors"), local("statements/mentors-in-the-lead")
    assert holds(f"{other} cg:contradicts {one} . {one} cg:holders 40 . {other} cg:value 36")


def test_the_director_of_the_vendor_is_an_interested_party() -> None:
    assert holds(f"{local('outcomes/easier-days')} cg:interestedParty ?firm")
    assert not holds(f"{local('statements/laptops')} cg:interestedParty ?firm")


def test_every_trap_that_its_readme_names_is_in_the_case() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    paths = re.findall(r"\| `([a-z/-]+)` \|", readme)
    assert len(paths) > 7
    keyed = yaml.load(WRITTEN, yaml.BaseLoader)
    for path in paths:
        node = keyed
        for key in path.split("/"):
            node = node[key]


def test_the_schema_accepts_it_and_refuses_a_typing_error() -> None:
    schema = json.loads((CHECKOUT / "ontology" / "case.schema.json").read_text(encoding="utf-8"))
    checker = Draft202012Validator(schema)
    case = json.loads(json.dumps(yaml.safe_load(WRITTEN), default=str))
    assert [error.message for error in checker.iter_errors(case)] == []
    case["groups"]["mentors"]["holder"] = case["groups"]["mentors"].pop("holders")
    assert "holder" in next(checker.iter_errors(case)).message
