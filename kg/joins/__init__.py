"""How the patterns of a query are joined in a large store on disk.

The store looks a pattern up anew for each row that it has so far: 10 to 20 µs each time on disk, where
reading a property from one end to the other takes 1 µs a triple, joined. It knows no figures of its data: a
pattern with two constants is taken for rare, and begun at. So a query is written anew. What is cheaper read
as a whole becomes a sub-select, which the store joins by hashing; the rarest pattern stands first. The rows
are the same, in another order: a sub-select of all variables of a pattern has its solutions, and patterns
that stand together may stand in any order.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field

from pyoxigraph import Store

from kg.errors import DefinitionError
from kg.joins.figures import Figures
from kg.joins.patterns import FRESH
from kg.joins.planner import Planner
from kg.shapes.compile.sparql.parser import parse
from kg.shapes.compile.sparql.tree import Inside, Node, Select

__all__ = ["RATIO", "Joins"]

RATIO = 12
"""As many triples are read in a row, and joined, in the time that looking one up takes."""

KEPT = 500
"""How many plans are kept: to make one takes a few milliseconds, as much as many a query."""


@dataclass
class Joins:
    """The joins of queries of one store, which must not change.

    `figures` is what was counted so far; `plans`: query → as it was written anew, of the last `KEPT` ones.
    """

    store: InitVar[Store]
    ratio: float = RATIO
    figures: Figures = field(init=False)
    plans: dict[str, str] = field(default_factory=dict)

    def __post_init__(self, store: Store) -> None:
        self.figures = Figures(store)

    def rewrite(self, text: str) -> str:
        """A query with the same rows, in any order; the same text where nothing is to be gained.

        Not touched: CONSTRUCT, DESCRIBE, ASK, `SELECT *`, what names graphs, and what asks for any few rows.
        """
        if text not in self.plans:
            if len(self.plans) >= KEPT:
                self.plans.pop(next(iter(self.plans)), None)
            self.plans[text] = self._anew(text)
        return self.plans[text]

    def _anew(self, text: str) -> str:
        try:
            Store().query(text)
            query = parse(text)
        except (SyntaxError, ValueError, DefinitionError):
            return text
        if FRESH in text or _few(query.select) or any(map(_untouched, query.select.walk())):
            return text
        planner = Planner(query, self.figures, self.ratio)
        planner.select(query.select)
        return planner.edits.written()


def _few(select: Select) -> bool:
    """Whether the store may stop before it has gone through all."""
    return select.ask or (bool(select.slices) and not select.order_by and not select.aggregates)


def _untouched(part: Node) -> bool:
    if isinstance(part, Select):
        return bool(part.datasets) or not part.columns.items
    return isinstance(part, Inside) and part.name is not None
