"""Faults planted in made-up cases: each breaks one rule at one node, and no other rule anywhere.

A fault adds what is wrong to a case that is in order, and gives the node at which it is found: its path below
the case, as `outcomes/planted`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.cases import Case

Plant = Callable[[Case], str]
KEY = "planted"


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule, what breaks it, and how severe that is."""

    rule: str
    plant: Plant
    severity: str = "error"


def _outcome(grade: str = "claimed", **more: Any) -> Plant:
    def plant(case: Case) -> str:
        return case.outcome(KEY, grade, **more)

    return plant


def _group(**more: Any) -> Plant:
    def plant(case: Case) -> str:
        case.role(KEY)
        return case.group(KEY, f"roles/{KEY}", **more)

    return plant


def _add(part: str, topic: str, body: dict[str, Any]) -> Plant:
    """Add a node; `:client`, `:vendor` and `:platform` in its values stand for those of the case."""

    def plant(case: Case) -> str:
        known = {
            ":client": case.municipality.ref,
            ":vendor": case.vendor.ref,
            ":platform": case.platform.ref,
        }
        return case.add(
            part, KEY, topic, {k: known.get(v, v) if isinstance(v, str) else v for k, v in body.items()}
        )

    return plant


def _without(plant: Plant, *keys: str) -> Plant:
    """What `plant` adds, but for some keys."""

    def less(case: Case) -> str:
        part, _, key = (path := plant(case)).partition("/")
        for each in keys:
            case.body[part][key].pop(each, None)
        return path

    return less


def _document(**said: Any) -> Plant:
    """Say of the case itself; a key with None is left out."""

    def plant(case: Case) -> str:
        for key, value in said.items():
            case.body[key.replace("_", "-")] = value
            if value is None:
                del case.body[key.replace("_", "-")]
        return ""

    return plant


def _function(body: dict[str, Any]) -> Plant:
    def plant(case: Case) -> str:
        case.role(KEY)
        case.body["roles"][KEY]["functions"]["support"] |= body
        return f"roles/{KEY}/functions/support"

    return plant


def _stranger(case: Case) -> str:
    """No client at all: the one there is becomes a partner."""
    case.body["involvements"]["client"]["capacity"] = "partner"
    return ""


def _contradiction(between: int, prefers: int | None) -> Plant:
    """A contradiction between the first of three outcomes; one of the three, if any, is preferred."""

    def plant(case: Case) -> str:
        refs = [case.outcome(f"{KEY}-{each}") for each in ("one", "two", "three")]
        body: dict[str, Any] = {
            "between": refs[:between],
            "derived-from": refs,
            "reason": {"en": "Both cannot hold."},
        }
        if prefers is not None:
            body["prefers"] = refs[prefers]
        return case.add("contradictions", KEY, "outcome", body)

    return plant


_SUMMARY = {"en": "The holders meet."}
_PHASE = {"stage": "pilot", "label": {"en": "Pilot"}}
_SUPPLY = {"agent": ":vendor"}
_SWAP = {"successor": ":platform", "predecessor": ":platform"}
_BUY = {"form": "purchase", "covers": ":platform"}
_ROLE = {"kind": "Superuser", "called": {"sv": "superanvändare"}}
_ACTIVITY = {"activity-kind": "forum", "summary": _SUMMARY}
_SAID = {"aspect": "problem", "about": ":client", "summary": {"en": "There were many systems."}}

FAULTS = (
    Fault("RoleGroup.holders", _group(holders=-5)),
    Fault("Outcome.grade", _without(_outcome(), "grade")),
    Fault("Involvement.agent", _add("involvements", "client", {"capacity": "partner"})),
    Fault("Text.english", _outcome(summary={"da": "Der er fundet en vej."})),
    Fault("Outcome.figure", _outcome("reported")),
    Fault("Outcome.claim", _outcome(value=12, unit="percent", metric="video-meetings")),
    Fault("Outcome.unit", _outcome("reported", value=12, metric="video-meetings")),
    Fault("Outcome.measure", _outcome("reported", value=12, unit="percent"), "warning"),
    Fault("Outcome.ahead", _outcome("target", value=12, unit="percent", metric="video-meetings")),
    Fault("Outcome.recomputed", _outcome("recomputed", value=12, unit="percent", metric="video-meetings")),
    Fault("Figure.figure", _outcome(qualifier="about")),
    Fault("Figure.value", _outcome("reported", value="many", unit="percent", metric="video-meetings")),
    Fault("Figure.minimum", _outcome("reported", minimum=90, maximum=12, unit="percent")),
    Fault("RoleGroup.count", _group(holders=4, holders_min=2)),
    Fault("RoleGroup.silence", _group(holders=4, silent_on="holders")),
    Fault("RoleGroup.holdersMinimum", _group(holders_min=9, holders_max=3)),
    Fault("RoleGroup.size", _group(members={"en": "All who wanted to."}), "warning"),
    Fault("RoleGroup", _group(holders=4, bidders=3)),
    Fault("Involvement.seller", _add("involvements", "vendor", {**_SUPPLY, "capacity": "seller"})),
    Fault("Involvement.capacity", _add("involvements", "vendor", {**_SUPPLY, "capacity": "supplier"})),
    Fault("Replacement.predecessor", _add("replacements", "replacement", _SWAP)),
    Fault("Procurement.bidders", _add("procurements", "procurement", {**_BUY, "bidders": -1})),
    Fault("Procurement.bought", _add("procurements", "procurement", {"form": "purchase"})),
    Fault("Text.summary", _outcome(summary={"en": "Ring to 12 34 56 78 for more."})),
    Fault("Text.memo", _outcome(memo={"en": "Told by somebody@example.org."})),
    Fault("Time.duration", _add("phases", "phase", {**_PHASE, "duration": "two weeks"})),
    Fault("Time.order", _add("phases", "phase", {**_PHASE, "start": "2021", "end": "2019"})),
    Fault("Phase.stage", _add("phases", "phase", {"label": {"en": "Pilot"}})),
    Fault("Phase.label", _add("phases", "phase", {"stage": "pilot"})),
    Fault("Coding.codedBy", _document(coded_by="Coder One")),
    Fault("Coding.codebook", _document(codebook="first")),
    Fault("Project.coded", _document(coded_by=None), "warning"),
    Fault("Project.client", _stranger, "warning"),
    Fault("Assertion.grounded", _without(_outcome(), "evidence")),
    Fault("Assertion.attributedTo", _outcome(attributed_to="platform/bench-arhub")),
    Fault("Assertion.assertedBy", _outcome(asserter="platform/bench-arhub")),
    Fault("Speaker.employer", _add("speakers", "speaker", {"speaker-role": "executive"})),
    Fault("Introduction.platform", _add("introductions", "introduction", {"realisation": "realised"})),
    Fault("Role.called", _without(_add("roles", "function", _ROLE), "called")),
    Fault("RoleFunction.function", _function({"function": "peer-support"})),
    Fault("NetworkActivity.coordinates", _add("activities", "activity", _ACTIVITY)),
    Fault("Statement.aspect", _without(_add("statements", "statement", _SAID), "aspect")),
    Fault("Statement", _add("statements", "statement", {**_SAID, "grade": "claimed"})),
    Fault("Contradiction.sides", _contradiction(2, 2)),
    Fault("Contradiction.between", _contradiction(1, None)),
)  # fmt: skip
"""Every rule that can be broken by what a case file says alone, and without breaking another."""
