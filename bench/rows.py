"""The rows: what runs side by side on which data, and what is to be reached.

`limit` is one process that parses the same N-Triples with pyoxigraph and loads them in bulk into a store in
memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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


ALL = ("10k", "100k", "1M")
ROWS = {
    "validate": Row("validate, twelve shapes of the domain", (*ALL, "10M"), to_limit(
        "validate", "validate, twelve shapes of the domain", SHAPES / "domain.ttl")),
    "nested": Row("validate, shapes nested five deep", ALL, to_limit(
        "nested", "validate, shapes nested five deep", SHAPES / "nested.ttl")),
    "violating": Row("validate, every node violating", ("10k", "100k"), to_limit(
        "violating", "validate, every node violating", SHAPES / "violating.ttl")),
    "validate-own": Row("validate, all shapes of the ontology", ALL, to_limit(
        "validate-own", "validate, all shapes of the ontology", ROOT / "ontology" / "shapes.ttl")),
    "validate-jena": Row("validate, beside Jena", ALL, peer("jena")),
    "validate-pyshacl": Row("validate, beside pySHACL", ALL, peer("pyshacl")),
    "validate-pyrudof": Row("validate, beside pyrudof", ALL, peer("pyrudof")),
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
