"""The rows: what runs side by side on which data, and what is to be reached.

`limit` is one process that parses the same N-Triples with pyoxigraph and loads them in bulk into a store in
memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.asking import ask, questions, start
from bench.bench import SHAPES, Bench
from bench.building import build, change
from bench.inference import infer, infer_peers, read
from bench.processes import ROOT
from bench.results import Result
from bench.validation import five, peer, to_limit


@dataclass(frozen=True)
class Row:
    """A row: its title, the sizes that it is measured at (none: one that is given), and what measures it."""

    title: str
    sizes: tuple[str, ...]
    run: Callable[[Bench, str], Result]


def _validation(name: str, title: str, sizes: tuple[str, ...], shapes: Path, key: str = "") -> dict[str, Row]:
    """A row of validation beside the limit, or beside the peer `key`."""
    run = peer(name, title, key, shapes) if key else to_limit(name, title, shapes)
    return {name: Row(title, sizes, run)}


ALL = ("10k", "100k", "1M")
DOMAIN, OWN = SHAPES / "domain.ttl", ROOT / "ontology" / "shapes.ttl"
_OWN = "validate, all shapes of the ontology"
ROWS = {
    **_validation("validate", "validate, twelve shapes of the domain", (*ALL, "10M"), DOMAIN),
    **_validation("nested", "validate, shapes nested five deep", ALL, SHAPES / "nested.ttl"),
    **_validation("violating", "validate, every node violating", ALL[:2], SHAPES / "violating.ttl"),
    **_validation("validate-jena", "validate, beside Jena", ALL, DOMAIN, "jena"),
    **_validation("validate-pyshacl", "validate, beside pySHACL", ALL, DOMAIN, "pyshacl"),
    **_validation("validate-pyrudof", "validate, beside pyrudof", ALL, DOMAIN, "pyrudof"),
    **_validation("validate-own", _OWN, ALL, OWN),
    **_validation("validate-own-pyshacl", f"{_OWN}, beside pySHACL", ALL, OWN, "pyshacl"),
    "infer": Row("infer", (*ALL, "10M"), infer),
    "infer-peers": Row("infer, beside owlrl and reasonable", ALL, infer_peers),
    "read": Row("read", (*ALL, "10M"), read),
    "build": Row("full build", (*ALL, "10M"), build),
    "change": Row("one case changed among many", ALL, change),
    "questions": Row("each question", ALL, questions),
    "start": Row("`kg --version`", (), start),
    "ask": Row("`kg query` on the five cases", (), ask),
    "five": Row("`kg validate` on the five cases", (), five),
}  # fmt: skip
