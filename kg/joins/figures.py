"""How much there is of each property, counted in the store once it is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import Store

SAMPLE, FEW = 1000, 20
MOST = 10_000
"""Of how many rows a start of a query is counted."""


@dataclass(frozen=True)
class Step:
    """One property from `subject` to `object`, as text: `?name`, `<iri>`, or a literal as it is written.

    `condition`: what it has to meet, as FILTER has it.
    """

    subject: str
    verb: str
    object: str
    condition: str = ""

    @property
    def text(self) -> str:
        """It as a pattern."""
        condition = f" FILTER({self.condition})" if self.condition else ""
        return f"{self.subject} {self.verb} {self.object}{condition}"

    @property
    def names(self) -> list[str]:
        """Its variables."""
        return [end[1:] for end in (self.subject, self.object) if end[0] == "?"]

    @property
    def told(self) -> str:
        """It as a pattern, with the same names for all variables."""
        subject, object = ("?s" if self.subject[0] == "?" else self.subject), self.object
        if object[0] == "?":
            object = "?s" if object == self.subject else "?o"
        return f"{subject} {self.verb} {object}"

    def whole(self, size: int) -> str:
        """It as a sub-select. LIMIT cuts nothing off: by it the store knows how much there is."""
        return f"{{ SELECT {variables(self.names)} WHERE {{ {self.text} }} LIMIT {size} }}"


def variables(names: Iterable[str]) -> str:
    """Names as SELECT has them."""
    return " ".join(f"?{name}" for name in sorted(set(names)))


@dataclass
class Figures:
    """What was counted in a store that does not change; `counts`: query → its one number."""

    store: Store
    counts: dict[str, int] = field(default_factory=dict)

    def size(self, step: Step, prologue: str) -> int:
        """How many triples fit a step; literals are read with the prefixes of `prologue`."""
        if step.condition:
            return self._count(f"{prologue} SELECT (COUNT(*) AS ?n) WHERE {{ {step.text} }}")
        sparql = f"SELECT (COUNT(*) AS ?n) WHERE {{ {step.told} }}"
        return self._count(sparql if step.object[0] in "?<" else f"{prologue} {sparql}")

    def spread(self, step: Step, end: str) -> float:
        """How many triples fit a step, of two variables, for each value of its `end`: `s` or `o`.

        By a sample, which the store gives in the order of objects: if it has few of these, all are looked at;
        where most subjects of it are there more than once, it has seen them all.
        """
        step = replace(step, condition="")
        size = self.size(step, "")
        sample = min(size, SAMPLE)
        found = self._distinct(end, f"{{ SELECT ?{end} WHERE {{ {step.told} }} LIMIT {SAMPLE} }}")
        if end == "o" and found < FEW and sample < size:
            return size / max(self._distinct(end, step.told), 1)
        return (size if end == "s" and 2 * found < sample else sample) / max(found, 1)

    def _distinct(self, end: str, pattern: str) -> int:
        return self._count(f"SELECT (COUNT(DISTINCT ?{end}) AS ?n) WHERE {{ {pattern} }}")

    def rows(self, patterns: str, prologue: str) -> int | None:
        """How many solutions patterns have, if these are few."""
        inner = f"SELECT * WHERE {{ {patterns} }} LIMIT {MOST + 1}"
        count = self._count(f"{prologue} SELECT (COUNT(*) AS ?n) WHERE {{ {{ {inner} }} }}")
        return None if count > MOST else count

    def _count(self, sparql: str) -> int:
        if sparql not in self.counts:
            rows: Any = self.store.query(sparql, use_default_graph_as_union=True)
            self.counts[sparql] = int(next(rows)["n"].value)
        return self.counts[sparql]
