"""Whom made-up cases are about: the real municipalities, and vendors and platforms that do not exist.

Municipalities and their mergers are read from `data/reference`; the codes that cases use are those of the
ontology, which every generated file is read against.
"""

from __future__ import annotations

import csv
import itertools
import random
from dataclasses import dataclass
from pathlib import Path

REFERENCE = Path(__file__).parent.parent / "data" / "reference"
LANGUAGES = {"DK": "da", "NO": "nb", "SE": "sv"}
REGISTER = "bench-register"
"""The made-up source that the made-up vendors and platforms are taken from."""

_FIRST = ("Bol", "Ken", "Tan", "Vel", "Ryd", "Mar", "Fos", "Lin")
_LAST = ("vara", "drix", "mora", "nexo", "tuva", "silo", "garda", "plano")
_HEAD = ("Ar", "Bri", "Cir", "Dok", "Flo", "Kon", "Mo", "Sam")
_TAIL = ("desk", "flow", "hub", "room", "spor", "link", "base", "tavle")


@dataclass(frozen=True, slots=True)
class Entity:
    """A shared entity: its reference as a case writes it, and its name."""

    ref: str
    name: str


@dataclass(frozen=True, slots=True)
class Merger:
    """A municipality that became part of another on a day, and the register that tells it."""

    gone: str
    successor: str
    day: str
    register: str


class Draw:
    """Draws from a sequence, some of it more often than the rest; `weights` are shares of any sum."""

    def __init__(self, items: list[Entity], weights: list[float]) -> None:
        self.items, self._sums = items, list(itertools.accumulate(weights))

    def one(self, rng: random.Random) -> Entity:
        """One of the items."""
        return rng.choices(self.items, cum_weights=self._sums)[0]


class World:
    """All that cases can be about."""

    def __init__(self) -> None:
        self.municipalities = {country: _municipalities(country) for country in LANGUAGES}
        self.mergers = _mergers()
        self.vendors = _zipf([Entity(f"organisation/bench-{n.lower()}", n) for n in _names(_FIRST, _LAST)])
        self.platforms = _zipf([Entity(f"platform/bench-{n.lower()}", n) for n in _names(_HEAD, _TAIL)])

    def maker(self, platform: Entity) -> Entity | None:
        """Who makes a platform; of every fourth it is not known."""
        at = self.platforms.items.index(platform)
        return None if at % 4 == 3 else self.vendors.items[(at * 5) % len(self.vendors.items)]


def _names(heads: tuple[str, ...], tails: tuple[str, ...]) -> list[str]:
    return [head + tail for head, tail in itertools.product(heads, tails)]


def _zipf(items: list[Entity]) -> Draw:
    """A few of the items often, most of them seldom: the n-th in proportion to 1/n."""
    return Draw(items, [1 / rank for rank in range(1, len(items) + 1)])


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _municipalities(country: str) -> Draw:
    """Those of a country today; large ones come up more often, by the root of their inhabitants."""
    rows = _rows(f"municipality-{country.lower()}.csv")
    label = f"label@{LANGUAGES[country]}"
    items = [Entity(row["id"], row[label]) for row in rows]
    return Draw(items, [int(row["population"] or 5000) ** 0.5 for row in rows])


def _mergers() -> list[Merger]:
    """What became of whom from 2017 on, where the register knows one day, one successor, no recent start."""
    old = {row["id"] for row in _rows("municipality-no-former.csv") if row["valid-from"] < "2016"}
    found = []
    for row in _rows("change-event-no.csv"):
        if row["change-kind"] == "merger" and "|" not in row["resulting"] and len(row["on"]) == 10:
            gone = [each for each in row["original"].split("|") if each != row["resulting"]]
            last = max(row["source"].split("|"))
            found += [Merger(each, row["resulting"], row["on"], last) for each in gone]
    return [merger for merger in found if merger.day >= "2017" and merger.gone in old]
