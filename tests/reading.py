"""The ontology of this workspace, and small cases read by it, for the tests of reading."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

from pyoxigraph import Quad

from kg import cases, ontology
from kg.names import Names
from kg.ontology import Ontology

ROOT = Path(__file__).parent.parent
CASE = "https://w3id.org/casegraph/case/a"
CODE = "https://w3id.org/casegraph/code/"


@cache
def onto() -> Ontology:
    return ontology.load([ROOT / "ontology"])


def read(text: str, **more: Any) -> cases.Document:
    """The case `a` with the lines of `text`."""
    return cases.read_text("id: a\n" + dedent(text), "a.yaml", onto(), Names(), **more)


def values(text: str, prop: str, node: str = CASE) -> list[str]:
    """The values of a property of a node in the case `text`, as N-Triples, sorted."""
    return sorted(
        str(q.object) for q in read(text).quads if q.subject.value == node and q.predicate.value == prop
    )


def lines(quads: list[Quad]) -> list[str]:
    return sorted(f"{quad} ." for quad in quads)
