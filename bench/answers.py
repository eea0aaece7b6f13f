"""Answers planted in made-up cases: for each question a row that has to come out.

A scenario adds to a case what a question asks for, and gives the columns by which its row is known; the other
columns are left open.
"""

from __future__ import annotations

from collections.abc import Callable

from bench.cases import Case
from bench.sentences import CURRENCIES
from kg.names import CG, CODE, PROV, Names, shared

Row = dict[str, str]
Scenario = Callable[["Planted"], Row]
KEY = "answer"
NAMES = Names()


class Planted:
    """A case, with the IRIs of what is planted in it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.project = NAMES.case(case.id).value
        self.vendor = shared(case.vendor.ref).value
        self.platform = shared(case.platform.ref).value
        self.municipality = shared(case.municipality.ref).value
        self.source = NAMES.source(case.source).value

    def below(self, path: str) -> str:
        """The IRI of a node of the case."""
        return f"{self.project}/{path}"

    def champions(self) -> str:
        """A role with peer support, and a realised group of its holders; the path of the group."""
        self.case.role()
        return self.case.group()

    def figure(self, key: str, value: int, metric: str, period: str) -> str:
        """A reported figure of a month; its path."""
        return self.case.outcome(
            key, "reported", value=value, unit="participants", metric=metric, period=period
        )


def _code(scheme: str, name: str) -> str:
    return f"{CODE}{scheme}/{name}"


def _absolute(made: Planted) -> Row:
    path = made.figure(KEY, 150, "video-meetings", "2020-02")
    return {"project": made.project, "outcome": made.below(path), "value": "150", "method": "not recorded"}


def _network(made: Planted) -> Row:
    group = made.champions()
    body = {"activity-kind": "forum", "coordinates": group, "organisers": made.case.vendor.ref}
    path = made.case.add("activities", KEY, "activity", body | {"summary": made.case.summary("activity")})
    row = {"vendor": made.vendor, "project": made.project, "part": made.below(path)}
    return row | {"form": CG + "ChampionNetwork"}


def _unrealised(made: Planted) -> Row:
    made.case.role(realisation="intended", function="helps-colleagues")
    row = {"project": made.project, "role": made.case.word, "group_realisation": "not recorded"}
    return row | {"function": _code("function", "helps-colleagues")}


def _clients(made: Planted) -> Row:
    made.case.begin("2018")
    old = made.case.world.municipalities["DK"].one(made.case.rng)  # one that was there in 2019
    made.case.body["involvements"]["client"]["agent"] = old.ref
    return {"project": made.project, "date": "2019-06-01", "municipalities": "1", "under_way": "yes"}


def _conflict(made: Planted) -> Row:
    refs = [made.case.outcome(f"{KEY}-{each}") for each in ("one", "two")]
    body = {"between": refs, "derived-from": refs, "reason": {"en": "Both cannot hold."}}
    made.case.add("contradictions", KEY, "outcome", body)
    return {"one": made.below(refs[0]), "other": made.below(refs[1]), "preferred": "not settled"}


def _against(made: Planted) -> Row:
    against = made.case.cite("outcome")
    path = made.case.outcome(KEY, "claimed", evidence_against=against)
    return {"statement": made.below(path), "against": against["quote"], "source": made.source}


def _unrecorded(made: Planted) -> Row:
    one, other = (made.figure(f"{KEY}-{value}", value, "video-meetings", "2020-03") for value in (50, 90))
    found = {"found": _code("discovery", "found"), "unrecorded": "true"}
    return {"one": made.below(one), "other": made.below(other)} | found


def _recomputed(made: Planted) -> Row:
    figures = [
        made.figure(f"{KEY}-{value}", value, "video-meetings", f"2020-0{value // 10}") for value in (20, 30)
    ]
    said = {"unit": "percent", "metric": "video-meetings", "value": 50, "period": "2020-02/2020-03"}
    growth = made.case.outcome(KEY, "reported", **said)
    check = {"computation": "percent-change", "checks": growth, "base": figures[0], "derived-from": figures}
    made.case.body.setdefault("recomputations", {})[KEY] = check
    row = {"check": made.below(f"recomputations/{KEY}"), "checked": made.below(growth)}
    return row | {"makes": "50", "verdict": _code("verdict", "agrees")}


def _merged(made: Planted) -> tuple[str, str, str]:
    """The client is one that was merged after the start; it, its successor and the register."""
    case = made.case
    merger = case.rng.choice(case.world.mergers)
    case.begin("2016")
    case.body["involvements"]["client"]["agent"] = merger.gone
    return shared(merger.gone).value, shared(merger.successor).value, NAMES.source(merger.register).value


def _current(made: Planted) -> Row:
    _merged(made)
    return {"project": made.project, "how": "successor", "first_participants": "1"}


def _dissolved(made: Planted) -> Row:
    gone, successor, register = _merged(made)
    row = {"project": made.project, "participant": gone, "successor": successor}
    return row | {"told_by": "register only", "register": register}


def _days(made: Planted) -> Row:
    phases = {"first": ("pilot", "2020-03-01"), "second": ("launch", "2020-03-31")}
    paths = [
        made.case.add("phases", key, "phase", {"stage": stage, "label": {"en": stage}, "start": start})
        for key, (stage, start) in phases.items()
    ]
    return {"earlier": made.below(paths[0]), "later": made.below(paths[1]), "days": "30"}


def _past(made: Planted) -> Row:
    path = made.case.outcome(
        KEY,
        "target",
        realisation="intended",
        deadline="2010-12-31",
        value=90,
        unit="percent",
        metric="video-meetings",
    )
    return {"future": made.below(path), "due": "2010-12-31", "past": "certain", "source": made.source}


def _growth(made: Planted) -> Row:
    metric = "video-meetings"
    figures = [
        made.figure(f"{KEY}-{value}", value, metric, month)
        for value, month in ((50, "2020-02"), (75, "2020-04"))
    ]
    said = {"unit": "percent", "metric": metric, "value": 50, "period": "2020-02/2020-04"}
    growth = made.case.outcome(KEY, "reported", **said)
    made.case.outcome(f"{KEY}-check", "recomputed", **said, derived_from=figures, recomputes=growth)
    return {"outcome": made.below(growth), "percent": "50", "figures_percent": "50", "verdict": "agrees"}


def _predecessor(made: Planted) -> Row:
    old = next(each for each in made.case.world.platforms.items if each != made.case.platform)
    body = {"successor": made.case.platform.ref, "predecessor": old.ref, "silent-on": "decommissioning"}
    made.case.add("replacements", KEY, "replacement", body, q=old.name)
    row = {"project": made.project, "predecessor": shared(old.ref).value, "successor": made.platform}
    return row | {"decommissioning": "not stated", "firmness": _code("firmness", "stated")}


def _unmade(made: Planted) -> Row:
    case = made.case
    case.add("platforms", KEY, "statement", {"label": {"en": "A room of their own"}, "silent-on": "maker"})
    case.introduce(KEY, platform=f"platforms/{KEY}")
    return {"product": made.below(f"platforms/{KEY}"), "project": made.project, "said": "not stated"}


def _product(made: Planted) -> Row:
    row = {"project": made.project, "product": made.platform, "name": "stated"}
    return row | {"realisation": _code("realisation", "realised"), "source": made.source}


def _client(made: Planted) -> Row:
    row = {"municipality": made.municipality, "project": made.project, "source": made.source}
    return row | {"standing": _code("standing", "accepted"), "firmness": _code("firmness", "stated")}


def _before(made: Planted) -> Row:
    made.case.begin("2017-03")
    return {"project": made.project, "start": "2017-03", "started": "certain"}


def _claims(made: Planted) -> Row:
    for key in ("one", "two"):
        made.case.outcome(f"{KEY}-{key}")
    return {"project": made.project, "claims": "2"}


def _championless(made: Planted) -> Row:
    made.case.body["silent-on"] = ["champions"]
    return {"project": made.project, "champions": "not stated"}


def _holders(made: Planted) -> Row:
    path = made.champions()
    holders = made.case.body["groups"][path.partition("/")[2]]["holders"]
    return {"role": made.case.word, "project": made.project, "holders": str(holders), "said": "stated"}


def _word(made: Planted) -> Row:
    made.case.role(function="shares-knowledge")
    row = {"word": made.case.word, "language": made.case.language, "project": made.project}
    return row | {"function": _code("function", "shares-knowledge")}


def _saving(made: Planted) -> Row:
    body = {"activity-kind": "gathering", "coordinates": made.champions(), "occurrences": 3}
    meeting = made.case.add("activities", KEY, "activity", body | {"summary": made.case.summary("activity")})
    said = {
        "value": 25000,
        "unit": CURRENCIES[made.case.language],
        "metric": "cost-saved",
        "per": "gathering",
    }
    path = made.case.outcome(KEY, "estimated", **said, about=meeting)
    return {"project": made.project, "outcome": made.below(path), "times": "3", "total": "75000"}


def _standard(made: Planted) -> Row:  # noqa: ARG001 - any case brings it out
    return {"ours": CG + "Project", "kind": "class", "term": PROV + "Activity"}


def _tender(made: Planted) -> Row:
    body = {
        "form": "tender-round",
        "object": {"en": "A platform and help with it"},
        "winner": made.case.vendor.ref,
    }
    made.case.add("procurements", KEY, "procurement", body | {"bidders": 4}, n=4)
    row = {"project": made.project, "winner": made.vendor, "bidders": "4"}
    return row | {"form": _code("form", "tender-round"), "object": "A platform and help with it"}


def _capacity(made: Planted) -> Row:
    made.case.supplier("trainer", KEY)
    return {"vendor": made.vendor, "project": made.project, "capacity": _code("capacity", "trainer")}


def _maker(made: Planted) -> Row:
    body = {"agent": made.case.vendor.ref, "capacity": "maker", "product": made.case.platform.ref}
    made.case.add("involvements", KEY, "vendor", body)
    return {"vendor": made.vendor, "product": made.platform, "project": made.project}


def _trained(made: Planted) -> Row:
    group = made.champions()
    path = made.case.add("trainings", KEY, "training", {"trainer": made.case.vendor.ref, "trainees": group})
    row = {"vendor": made.vendor, "group": made.below(group), "role": made.case.word}
    return row | {"part": made.below(path), "kind": CG + "Training", "project": made.project}


def _voices(made: Planted) -> Row:
    body = {"speaker-role": "executive", "employer": made.case.vendor.ref}
    made.case.add("speakers", KEY, "speaker", body)
    return {"employer": made.vendor, "project": made.project, "voices": "1", "side": "supplier"}


SCENARIOS: dict[str, Scenario] = {
    "absolute-figures": _absolute,
    "champion-network-vendors": _network,
    "champions-not-realised": _unrealised,
    "clients-on-a-date": _clients,
    "conflicts": _conflict,
    "contradictions": _unrecorded,
    "current-clients": _current,
    "days-between-phases": _days,
    "evidence-against": _against,
    "futures-already-past": _past,
    "growth-checked": _growth,
    "participants-dissolved": _dissolved,
    "predecessor-systems": _predecessor,
    "product-makers": _unmade,
    "products-brought-in": _product,
    "project-clients": _client,
    "projects-started-before": _before,
    "projects-with-only-claims": _claims,
    "projects-without-champions": _championless,
    "recomputed-figures": _recomputed,
    "role-holders": _holders,
    "role-names": _word,
    "savings": _saving,
    "standard-terms": _standard,
    "tenders": _tender,
    "vendor-capacities": _capacity,
    "vendors-that-make-the-product": _maker,
    "vendors-that-trained-champions": _trained,
    "voices-by-employer": _voices,
}
"""Question → what plants a row of its answer."""
