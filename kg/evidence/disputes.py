"""What sources say against the statements whose words an answer shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, QuerySolutions, Store

from kg.names import CG, OA
from kg.questions import Cell

_DISPUTES = f"""
PREFIX cg: <{CG}> PREFIX oa: <{OA}>
SELECT DISTINCT ?statement ?quote ?against ?source WHERE {{
  ?statement cg:evidenceAgainst ?dispute .
  ?dispute oa:hasSource ?source ; oa:hasSelector ?selector .
  ?selector oa:exact ?against .
  ?statement cg:evidence ?place .
  ?place oa:hasSelector ?words .
  ?words oa:exact ?quote .
}} ORDER BY STR(?statement) ?quote ?against"""


def disputes(store: Store, rows: Sequence[Sequence[Cell]], base: str) -> Iterator[str]:
    """A line for each statement with a quote in `rows` that other words dispute which are not in them.

    `base`: what the IRIs of cases and sources begin with.
    """
    found = store.query(_DISPUTES, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    known = [tuple(str(getattr(cell, "value", "")) for cell in row) for row in found]
    if not known:
        return
    shown = {cell.value for row in rows for cell in row if isinstance(cell, Literal)}
    told: dict[str, list[str]] = {}
    for statement, quote, against, source in known:
        if quote in shown and against not in shown:
            words = f"“{against}” ({source.rpartition('/')[2]})"
            told.setdefault(statement.removeprefix(f"{base}case/"), []).append(words)
    for name, lines in told.items():
        yield f"disputed: {name}; against it: {', '.join(dict.fromkeys(lines))}"
