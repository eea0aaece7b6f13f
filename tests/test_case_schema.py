"""The JSON Schema of case files, made from context, ontology and shapes: it takes cases, and no broken ones.

Files are loaded as editors load them, by the core schema of YAML 1.2: a date stays a text, `no` too.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from whole import ROOT, onto, workspace

from kg import schema
from kg.names import CG

CASES = [*workspace().cases(), *sorted((ROOT / "examples").glob("*/data/cases/*.yaml"))]
SOURCES = workspace().source_descriptions()
Case = dict[str, Any]


class Core(yaml.SafeLoader):
    """YAML 1.2 core: null, booleans and numbers, and all else as text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012


for tag, pattern, first in (
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


def load(path: Path) -> Case:
    found = yaml.load(path.read_text(encoding="utf-8"), Core)
    assert isinstance(found, dict)
    return found


@cache
def validator(kind: str = "case") -> Any:
    made = schema.generate(onto(), workspace().languages, kind)
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


def faults(case: Case, kind: str = "case") -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(kind).iter_errors(case)]


def test_the_file_is_what_the_ontology_makes():
    written = (ROOT / "ontology" / "case.schema.json").read_text(encoding="utf-8")
    assert written == schema.text(onto(), workspace().languages), (
        "write it anew: kg schema -o ontology/case.schema.json"
    )


def test_it_tells_what_the_keys_mean():
    """Those of our properties; of the terms of others the ontology gives no definition."""
    made = schema.generate(onto(), workspace().languages)
    ours = {key for key, entry in onto().context.entries.items() if entry.property.value.startswith(CG)}
    parts = [made["properties"], *(part.get("properties", {}) for part in made["$defs"].values())]
    keys = {key: what for part in parts for key, what in part.items() if key in ours}
    assert len(keys) > 60
    assert [key for key, what in keys.items() if "description" not in what] == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_accepted(path: Path):
    assert faults(load(path)) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_source_description_is_accepted(path: Path):
    assert faults(load(path), "source") == []


def test_there_are_six_cases_and_an_example():
    assert len(workspace().cases()) == 6
    assert len(CASES) == 7


# --- Broken cases


@cache
def whole_case() -> Case:
    return load(ROOT / "data" / "cases" / "soroe-monday.yaml")


def put(*path: str | int, value: Any) -> Callable[[Case], None]:
    """Sets what stands at the path."""

    def edit(case: Case) -> None:
        at: Any = case
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value

    return edit


def drop(*path: str) -> Callable[[Case], None]:
    def edit(case: Case) -> None:
        at: Any = case
        for key in path[:-1]:
            at = at[key]
        del at[path[-1]]

    return edit


GROUP = ("groups", "superusers")
QUOTE = ("groups", "superusers", "evidence", 0)
BROKEN: dict[str, tuple[Callable[[Case], None], str]] = {
    "unknown key of the case": (put("colour", value="blue"), "'colour' was unexpected"),
    "unknown key of a node": (put(*GROUP, "holder", value=2), "'holder' was unexpected"),
    "key of another class": (put(*GROUP, "capacity", value="client"), "'capacity' was unexpected"),
    "no id": (drop("id"), "'id' is a required property"),
    "no sources": (drop("sources"), "is not valid under any"),
    "no title": (drop("title"), "'title' is a required property"),
    "no agent": (drop("involvements", "aety", "agent"), "'agent' is a required property"),
    "no role of a group": (drop(*GROUP, "role"), "'role' is a required property"),
    "no grade of an outcome": (drop("outcomes", "success", "grade"), "'grade' is a required property"),
    "wrong code": (put("involvements", "client", "capacity", value="customer"), "'customer' is not"),
    "wrong code in a list": (put("silent-on", value=["procurement", "wages"]), "is not valid under any"),
    "wrong kind": (put("roles", "superuser", "kind", value="Wizard"), "'Wizard' is not one of"),
    "negative holders": (put(*GROUP, "holders", value=-5), "-5 is less than the minimum of 0"),
    "half a holder": (put(*GROUP, "holders", value=2.5), "2.5 is not of type 'integer'"),
    "holders in words": (put(*GROUP, "holders", value="two"), "'two' is not of type 'integer'"),
    "two values for one": (put("outcomes", "success", "grade", value=["claimed", "hoped"]), "is not one of"),
    "a list for a map": (put("groups", value=[{"role": "roles/superuser"}]), "is not of type 'object'"),
    "a text for a map": (put("groups", value="superusers"), "'superusers' is not of type 'object'"),
    "an empty map": (put("groups", value={}), "should be non-empty"),
    "nothing for a map": (put("groups", value=None), "None is not of type 'object'"),
    "bad key": (put("groups", "Super users", value={"role": "roles/superuser"}), "'Super users' does not"),
    "bad id": (put("id", value="Sorø Monday"), "'Sorø Monday' does not match"),
    "unknown language": (put("title", value={"dk": "Projekt"}), "'dk' was unexpected"),
    "text without language": (put("title", value="Projekt"), "'Projekt' is not of type 'object'"),
    "quote too long": (put(*QUOTE, "quote", value="a " * 46), "is not valid under"),
    "three offsets": (put(*QUOTE, "at", value=[1, 2, 3]), "is not valid under any"),
    "negative offset": (put(*QUOTE, "at", value=[-1, 2]), "is not valid under any"),
    "evidence without a quote": (put(*GROUP, "evidence", value={"at": [1, 2]}), "is not valid under any"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_case_is_refused(name: str):
    edit, message = BROKEN[name]
    broken = copy.deepcopy(whole_case())
    edit(broken)
    assert broken != whole_case()
    found = faults(broken)
    assert any(message in each for each in found), found


def test_a_date_stays_a_text_and_a_number_may_have_a_fraction():
    text = "start: 2023-21\ncoded-on: 2026-11-21\nlanguage: no\nvalue: 7566.67\nsize: 7000"
    assert yaml.load(text, Core) == {
        "start": "2023-21", "coded-on": "2026-11-21", "language": "no", "value": 7566.67, "size": 7000,
    }  # fmt: skip


def test_every_case_names_the_schema_in_its_first_line():
    assert len(CASES) > 6
    for path in CASES:
        line = (ROOT / path).read_text(encoding="utf-8").splitlines()[0]
        [target] = re.findall(r"^# yaml-language-server: \$schema=(\S+)$", line)
        assert ((ROOT / path).parent / target).resolve() == ROOT / "ontology" / "case.schema.json"
