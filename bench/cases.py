"""Made-up cases: what a case file says, and the text of the source that it quotes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from bench.sentences import CURRENCIES, SENTENCES, SUMMARIES, TITLES, WORDS
from bench.world import LANGUAGES, Entity, World

Body = dict[str, Any]

_SLOTS: dict[str, object] = {"n": 3, "y": 2020, "q": "intranet", "w": "superuser"}
COUNTRIES, SHARES = list(LANGUAGES), [0.42, 0.75, 1.0]
SUPPORT = ("trains-colleagues", "helps-colleagues", "shares-knowledge", "documents-for-colleagues")
SILENCES = ("procurement", "cost", "licences", "end", "choice", "measured-figures", "publication-date")
CAPACITIES = ("implementer", "consultant", "trainer", "operations-supplier", "won-procurement")
STAGES = ("preparation", "pilot", "implementation", "launch", "roll-out", "support")
METRICS = ("video-meetings", "video-meeting-participants")


class Case:
    """One case under way: `body` is what its file says, `text` what its source says."""

    def __init__(self, world: World, seed: int, number: int) -> None:
        self.world, self.number = world, number
        self.rng = random.Random(seed * 1_000_003 + number)
        self.country = self.rng.choices(COUNTRIES, cum_weights=SHARES)[0]
        self.language = LANGUAGES[self.country]
        self.id, self.source = f"case-{number:07d}", f"text-{number:07d}"
        self.municipality = world.municipalities[self.country].one(self.rng)
        self.vendor, self.platform = world.vendors.one(self.rng), world.platforms.one(self.rng)
        self.word = ""
        self._text: list[str] = []
        self._length = 0
        self.body: Body = {"id": self.id, "sources": [self.source], "title": self._titles()}

    @property
    def text(self) -> str:
        """The text of the source, as far as it has been cited."""
        return "".join(self._text)

    def _titles(self) -> Body:
        names = {"m": self.municipality.name, "p": self.platform.name}
        return {language: TITLES[language].format(**names) for language in (self.language, "en")}

    def cite(self, topic: str, **slots: object) -> Body:
        """Evidence: a sentence is added to the text, and some of its words are quoted."""
        before, quote, after = self.rng.choice(SENTENCES[self.language][topic])
        names = {"m": self.municipality.name, "v": self.vendor.name, "p": self.platform.name}
        quote = quote.format(**_SLOTS | names | slots)
        start = self._length + len(before)
        end = start + len(quote)
        self._text += (before, quote, after)
        self._length = end + len(after)
        return {"quote": quote, "at": [start, end]}

    def add(self, part: str, key: str, topic: str, body: Mapping[str, Any], **slots: object) -> str:
        """Add a node with evidence to a map of the case; its reference."""
        nodes: dict[str, Body] = self.body.setdefault(part, {})
        nodes[key] = {**body, "evidence": self.cite(topic, **slots)}
        return f"{part}/{key}"

    def summary(self, topic: str) -> Body:
        """A summary in English."""
        return {"en": self.rng.choice(SUMMARIES[topic])}

    # --- the parts of a case

    def begin(self, start: str = "") -> None:
        """When it started, who coded it, and what it is silent on."""
        rng = self.rng
        year = rng.randrange(2014, 2025)
        forms = (
            f"{year}",
            f"{year}-{rng.randrange(1, 13):02d}",
            f"{year}-{rng.randrange(21, 25)}",
            f"{year}~",
        )
        self.body["start"] = start or rng.choice(forms)
        self.body["evidence"] = self.cite("start", y=self.body["start"][:4])
        self.body["coded-by"] = f"coder-{rng.randrange(1, 5)}"
        self.body["coded-on"] = f"2026-{rng.randrange(1, 12):02d}-{rng.randrange(1, 29):02d}"
        self.body["codebook"] = "1.0"

    def client(self, agent: Entity | None = None, key: str = "client", capacity: str = "client") -> str:
        """Who commissioned it."""
        agent = agent or self.municipality
        return self.add(
            "involvements", key, "client", {"agent": agent.ref, "capacity": capacity}, m=agent.name
        )

    def supplier(self, capacity: str = "implementer", key: str = "vendor") -> str:
        """The vendor, in some capacity."""
        return self.add("involvements", key, "vendor", {"agent": self.vendor.ref, "capacity": capacity})

    def introduce(self, key: str = "platform", **more: Any) -> str:
        """The platform that comes in."""
        return self.add("introductions", key, "introduction", {"platform": self.platform.ref, **more})

    def role(self, key: str = "champion", realisation: str = "realised", function: str = "") -> str:
        """A role by a word of the thesaurus, with a function that makes its holders champions."""
        kind, self.word = self.rng.choice(WORDS[self.language])
        body = {"kind": kind, "called": {self.language: self.word}}
        ref = self.add("roles", key, "role", body, w=self.word)
        self.body["roles"][key]["functions"] = {
            "support": {
                "function": function or self.rng.choice(SUPPORT),
                "realisation": realisation,
                "summary": self.summary("function"),
                "evidence": self.cite("function"),
            }
        }
        return ref

    def group(self, key: str = "holders", role: str = "roles/champion", **more: Any) -> str:
        """Who holds a role; how many, unless `more` says something of it."""
        number = self.rng.randrange(2, 60)
        said = {k.replace("_", "-"): v for k, v in more.items()} or {"holders": number}
        return self.add("groups", key, "group", {"role": role, **said}, n=number)

    def outcome(self, key: str, grade: str = "claimed", **more: Any) -> str:
        """What came of it."""
        topic = "figure" if "value" in more else "outcome"
        body = {"grade": grade, "summary": self.summary(topic)}
        return self.add("outcomes", key, "outcome", body | {k.replace("_", "-"): v for k, v in more.items()})


def bare(world: World, seed: int, number: int) -> Case:
    """A case with a beginning, a client, a vendor and a platform, and nothing else."""
    case = Case(world, seed, number)
    case.begin()
    case.client()
    case.supplier()
    case.introduce()
    return case


def whole(world: World, seed: int, number: int) -> Case:
    """A case of which the rest is drawn: most are short, a few are long."""
    case = bare(world, seed, number)
    rng = case.rng
    if rng.random() < 0.5:
        case.body["silent-on"] = rng.sample(SILENCES, rng.randrange(1, 4))
    for chance, part in _PARTS:
        if rng.random() < chance:
            part(case)
    return case


def _partners(case: Case) -> None:
    for at in range(case.rng.randrange(1, 4)):
        other = case.world.municipalities[case.country].one(case.rng)
        if other != case.municipality:
            case.client(other, f"partner-{at}", "partner" if at else "client")


def _second_vendor(case: Case) -> None:
    other = case.world.vendors.one(case.rng)
    body = {"agent": other.ref, "capacity": case.rng.choice(CAPACITIES)}
    case.add("involvements", "second", "vendor", body, v=other.name)


def _replacement(case: Case) -> None:
    old = case.world.platforms.one(case.rng)
    if old != case.platform:
        body = {"successor": case.platform.ref, "predecessor": old.ref, "firmness": "implied"}
        case.add("replacements", "old", "replacement", body, q=old.name)


def _procurement(case: Case) -> None:
    form = case.rng.choice(("tender-round", "combined-tender", "public-procurement", "purchase"))
    body: Body = {"form": form, "covers": case.platform.ref}
    number = case.rng.randrange(2, 8)
    if case.rng.random() < 0.4:
        body |= {"winner": case.vendor.ref, "bidders": number}
    case.add("procurements", "tender", "procurement", body, n=number)


def _champions(case: Case) -> None:
    rng = case.rng
    case.role(realisation=rng.choice(("realised", "realised", "intended", "possible")))
    if rng.random() < 0.7:
        case.group()
        if rng.random() < 0.4:
            _activity(case)
        if rng.random() < 0.5:
            _training(case)


def _activity(case: Case) -> None:
    kind = case.rng.choice(("gathering", "forum", "shared-room"))
    body = {"activity-kind": kind, "coordinates": "groups/holders", "summary": case.summary("activity")}
    case.add("activities", "meeting", "activity", body)


def _training(case: Case) -> None:
    style = case.rng.choice(("train-the-trainer", "hands-on", "workshop"))
    body = {"trainer": case.vendor.ref, "trainees": "groups/holders", "style": style}
    case.add("trainings", "course", "training", body)


def _outcomes(case: Case) -> None:
    rng, year = case.rng, int(case.body["start"][:4]) + 1
    for at in range(rng.choices((1, 2, 3, 5), (50, 30, 15, 5))[0]):
        if rng.random() < 0.65:
            case.outcome(f"claim-{at}")
        else:
            number: float = rng.randrange(3, 90) if rng.random() < 0.8 else rng.randrange(12, 900, 10) / 10
            grade = rng.choice(("reported", "measured", "estimated"))
            metric, month = rng.choice(METRICS), f"{year}-{at + 1:02}"  # two of one month would conflict
            case.outcome(f"figure-{at}", grade, value=number, unit="percent", metric=metric, period=month)


def _saving(case: Case) -> None:
    number = case.rng.randrange(20, 900) * 1000
    body = {"grade": "estimated", "metric": "cost-saved", "value": number, "unit": CURRENCIES[case.language]}
    case.add("outcomes", "saving", "saving", body | {"summary": case.summary("saving")}, n=number)


def _statements(case: Case) -> None:
    for at, aspect in enumerate(case.rng.sample(("problem", "goal", "requirement", "practice", "plan"), 2)):
        body = {"aspect": aspect, "about": case.municipality.ref, "summary": case.summary("statement")}
        case.add("statements", f"said-{at}", "statement", body)


def _speaker(case: Case) -> None:
    body = {"speaker-role": "project-manager", "employer": case.municipality.ref}
    case.add("speakers", "manager", "speaker", body)


def _phases(case: Case) -> None:
    start = int(case.body["start"][:4])
    for at, stage in enumerate(case.rng.sample(STAGES, case.rng.randrange(1, 3))):
        body: Body = {
            "stage": stage,
            "label": {"en": stage.capitalize()},
            "start": f"{start + at}-{at + 3:02d}",
        }
        case.add("phases", stage, "phase", body, y=start + at, n=at + 4)


_PARTS = (
    (0.08, _partners), (0.2, _second_vendor), (0.25, _replacement), (0.3, _procurement), (0.4, _champions),
    (0.6, _outcomes), (0.05, _saving), (0.25, _statements), (0.25, _speaker), (0.3, _phases),
)  # fmt: skip
"""Part of a case → how often a case has it."""
