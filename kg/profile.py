"""What the steps of a build and each of its rules cost, as a table and as JSON."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field

from kg.errors import UsageError
from kg.rules import Cost

STEPS = {"reading": "read", "inferring": "infer", "checking": "validate", "storing": "store"}
"""The steps by the first word of what is said when they begin; what stands before the first is `start`."""

FORMS = ("text", "json")


@dataclass
class Profile:
    """A watch that the steps of a build are told to, and the costs of rules.

    `steps`: CPU seconds, those of processes that were started with them, and seconds on the clock.
    """

    say: Callable[[str], None]
    costs: list[Cost] = field(default_factory=list)
    steps: dict[str, list[float]] = field(default_factory=dict)
    _step: str = "start"
    _since: tuple[float, float] = field(default_factory=lambda: _clocks())

    def progress(self, step: str) -> None:
        """Take note that a step begins, and hand that on."""
        self.stop()
        word = step.split(maxsplit=1)[0]
        self._step = STEPS.get(word, word)
        self.say(step)

    def stop(self) -> None:
        """Count what has passed to the step that was under way."""
        now = _clocks()
        known = self.steps.setdefault(self._step, [0.0, 0.0])
        for at, (later, before) in enumerate(zip(now, self._since, strict=True)):
            known[at] += later - before
        self._since = now

    def render(self, form: str = "text", fallbacks: Sequence[object] = ()) -> str:
        """Steps and rules, the dearest rule first, as `text` or `json`; times in milliseconds.

        `fallbacks`: what Python matched and not the store, for `json`.

        :raises UsageError: if there is no such form.
        """
        if form not in FORMS:
            raise UsageError.at(None, f"no format “{form}” for a profile", f"known: {', '.join(FORMS)}")
        return self._json(fallbacks) if form == "json" else self._text()

    def _json(self, fallbacks: Sequence[object]) -> str:
        steps = [
            {"step": step, "cpu_ms": _ms(cpu), "wall_ms": _ms(wall)}
            for step, (cpu, wall) in self.steps.items()
        ]
        rules = [_told(cost) for cost in self._ordered()]
        told = {"steps": steps, "rules": rules, "fallbacks": [*fallbacks]}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"

    def _text(self) -> str:
        total = sum(cpu for cpu, _ in self.steps.values()) or 1.0
        steps = [
            (f"{_ms(cpu):,.1f}", f"{_ms(wall):,.1f}", f"{cpu / total:.0%}", step)
            for step, (cpu, wall) in self.steps.items()
        ]
        rules = [
            (f"{_ms(c.seconds):,.1f}", str(c.rounds), f"{c.rows:,}", f"{c.new:,}", c.rule)
            for c in self._ordered()
        ]
        parts = [_table(("CPU ms", "wall ms", "of CPU", "step"), steps)]
        if rules:
            parts.append(_table(("CPU ms", "rounds", "rows", "new", "rule"), rules))
        return "\n".join(parts)

    def _ordered(self) -> list[Cost]:
        return sorted(self.costs, key=lambda cost: (-cost.seconds, cost.rule))


def _clocks() -> tuple[float, float]:
    """CPU seconds of this process and of its children that have ended, and seconds."""
    return time.process_time() + sum(os.times()[2:4]), time.perf_counter()


def _told(cost: Cost) -> dict[str, object]:
    told = asdict(cost)
    seconds = told.pop("seconds")
    return told | {"cpu_ms": _ms(seconds)}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns, numbers to the right and the last to the left.

    >>> print(_table(("new", "rule"), [("7", "a")]), end="")
    new  rule
      7  a
    """
    lines = [head, *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head) - 1)]
    return "".join(
        "  ".join([*(cell.rjust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]) + "\n"
        for line in lines
    )
