"""What was measured: costs of engines, ratios with what they were to reach, and all of it by row and size."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from bench.processes import Cost
from bench.targets import TARGETS

REACHED, BEYOND, MISSED, OPEN = "reached", "beyond", "missed", "not measured"


@dataclass(frozen=True)
class Measure:
    """What an engine cost: medians of `runs` runs, or why there is nothing to tell.

    `found`: whether it found what is planted; None where that is not asked.
    """

    engine: str
    cpu: float = 0
    wall: float = 0
    peak: int = 0
    runs: int = 0
    found: bool | None = None
    note: str = ""

    @property
    def counts(self) -> bool:
        """Whether its costs can be compared."""
        return self.runs > 0 and self.found is not False and not self.note.startswith("over")


@dataclass(frozen=True)
class Figure:
    """A number with what it was to reach; at most that, or at least that where `more` is better."""

    what: str
    value: float | None
    reach: float | None = None
    beyond: float | None = None
    more: bool = False
    unit: str = "×"
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether it was reached, and what lies beyond; "" where nothing was to be reached."""
        if self.reach is None:
            return ""
        if self.value is None:
            return OPEN
        for bar, word in ((self.beyond, BEYOND), (self.reach, REACHED)):
            if bar is not None and (self.value >= bar if self.more else self.value <= bar):
                return word
        return MISSED


@dataclass
class Result:
    """All that a row told at one size."""

    row: str
    title: str
    size: str
    measures: list[Measure] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def tell(self, what: str, value: float | None, unit: str = "×", note: str = "") -> None:
        """Add a figure, with what it was to reach, if anything."""
        bar = TARGETS.get((self.row, self.size, what))
        if bar is None:
            self.figures.append(Figure(what, value, unit=unit, note=note))
        else:
            self.figures.append(Figure(what, value, bar.reach, bar.beyond, bar.more, unit, note))

    def as_json(self) -> dict[str, Any]:
        """As plain values, with the verdicts."""
        figures = [asdict(figure) | {"verdict": figure.verdict} for figure in self.figures]
        measures = [asdict(measure) for measure in self.measures]
        return {"row": self.row, "title": self.title, "size": self.size, "measures": measures,
                "figures": figures, "notes": self.notes}  # fmt: skip

    @classmethod
    def of_json(cls, said: dict[str, Any]) -> Result:
        """The same again."""
        figures = [
            Figure(**{k: v for k, v in figure.items() if k != "verdict"}) for figure in said["figures"]
        ]
        measures = [Measure(**measure) for measure in said["measures"]]
        return cls(said["row"], said["title"], said["size"], measures, figures, said["notes"])


def measure(engine: str, costs: list[Cost], found: bool | None = None, note: str = "") -> Measure:
    """The medians of what an engine cost."""
    middle = (median(getattr(cost, name) for cost in costs) for name in ("cpu", "wall", "peak"))
    cpu, wall, peak = middle
    return Measure(engine, cpu, wall, int(peak), len(costs), found, note)


def ratio(ones: list[Cost], others: list[Cost], of: str = "cpu") -> float | None:
    """The median of the ratios of pairs of runs; None where there are none."""
    pairs = [getattr(one, of) / getattr(other, of) for one, other in zip(ones, others, strict=False)]
    return median(pairs) if pairs else None
