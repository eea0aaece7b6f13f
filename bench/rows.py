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
    "validate": Row("validate, twelve shapes", (*ALL, "10M"), to_limit(
        "validate", "validate, twelve shapes of the domain", SHAPES / "domain.ttl",
        {"100k": (3.5, 2.5), "1M": (3, 2)})),
    "validate-own": Row("validate, all shapes", ALL, to_limit(
        "validate-own", "validate, all shapes of the ontology", ROOT / "ontology" / "shapes.ttl", {})),
    "nested": Row("deeply nested shapes", ALL, to_limit(
        "nested", "validate, shapes nested five deep", SHAPES / "nested.ttl", {"1M": (4, 2.5)})),
    "violating": Row("every node violating", ("10k", "100k"), to_limit(
        "violating", "validate, every node violating", SHAPES / "violating.ttl", {"100k": (4, 2.5)})),
    "validate-jena": Row("beside Jena", ALL, peer("jena", {"1M": (("cpu", 3.5, 6), ("peak", 4, 6))})),
    "validate-pyshacl": Row("beside pySHACL", ALL, peer("pyshacl", {"100k": (("cpu", 300, 600),)})),
    "validate-pyrudof": Row("beside pyrudof", ALL, peer("pyrudof", {})),
    "infer": Row("infer", (*ALL, "10M"), infer),
    "infer-peers": Row("infer, beside owlrl and reasonable", ALL, infer_peers),
    "read": Row("read", (*ALL, "10M"), read),
    "build": Row("full build", (*ALL, "10M"), build),
    "change": Row("one case changed", ALL, change),
    "questions": Row("questions", ALL, questions),
    "start": Row("start-up", (), start),
    "ask": Row("a question of the five cases", (), ask),
    "five": Row("check of the five cases", (), five),
}  # fmt: skip
