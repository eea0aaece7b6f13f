"""`kg build --profile`: what steps and rules cost, and nothing that did not run."""

from __future__ import annotations

import json
import re

from bees import Bees
from test_rules import PREFIXES, turtle

from kg import rules
from kg.errors import UsageError


def test_stages_and_rules_are_told_as_json(own: Bees):
    said = own("build", "--no-validate", "--profile", "-f", "json")
    assert said.code == 0
    found = json.loads(said.out)
    steps = [each["step"] for each in found["steps"]]
    assert steps == ["start", "read", "infer", "store"]
    assert all(each["cpu_ms"] >= 0 and each["wall_ms"] > 0 for each in found["steps"])
    assert found["rules"]
    assert {*found["rules"][0]} == {"rule", "kind", "rounds", "rows", "new", "cpu_ms"}
    inferred = json.loads(own.read(f"build/{own.read('build/current').strip()}/manifest.json"))["inferred"]
    assert sum(each["new"] for each in found["rules"]) == inferred > 0


def test_the_table_has_the_dearest_rule_first(own: Bees):
    lines = own("build", "--no-validate", "--profile").out.splitlines()
    head = next(at for at, line in enumerate(lines) if line.endswith(" rule"))
    assert re.split(" {2,}", lines[0].strip()) == ["CPU ms", "wall ms", "of CPU", "step"]
    costs = [float(line.split()[0].replace(",", "")) for line in lines[head + 1 :]]
    assert costs == sorted(costs, reverse=True)
    assert len(costs) > 3


def test_without_the_option_nothing_is_told(own: Bees):
    assert own("build", "--no-validate").out == ""


def test_another_format_is_refused(own: Bees):
    assert own("build", "--profile", "-f", "csv").code == UsageError.exit_code


def test_rules_are_told_of_with_what_they_did():

    compiled = rules.compile(turtle(":A rdfs:subClassOf :B . :B rdfs:subClassOf :C ."), (), PREFIXES)
    with rules.watched() as costs:
        rules.infer(turtle(":i a :A . :j a :A , :B ."), compiled)
    rules.infer(turtle(":k a :A ."), compiled)
    assert [(cost.rule, cost.rounds, cost.rows, cost.new) for cost in costs] == [
        (":A rdfs:subClassOf :B", 1, 2, 1),
        (":B rdfs:subClassOf :C", 2, 2, 2),
    ]
