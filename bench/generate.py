"""`python -m bench.generate N -o DIR`: a workspace of made-up cases, of about N triples.

```
DIR/kg.toml                         a workspace that builds on the one of the package
DIR/data/cases/cases.jsonl          a case a line
DIR/data/reference/generated.ttl    the sources of the cases; vendors and platforms that do not exist
DIR/triples.nt                      the same as N-Triples, with --triples; --merged: and all around it
DIR/texts/*.txt                     the texts that the cases quote, with --texts
DIR/manifest.json                   what is in it: how much, which faults, and which rows must come out
```
The same N and seed give the same bytes. Memory does not grow with N but for the manifest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from pyoxigraph import RdfFormat, Triple, serialize

from bench.answers import SCENARIOS, Planted
from bench.cases import Case, bare, whole
from bench.faults import FAULTS
from bench.sizes import size
from bench.triples import Writer
from bench.world import REGISTER, World
from kg import build
from kg.names import Names
from kg.workspace import Workspace, packaged

CASES, SHARED, TRIPLES, MANIFEST = (
    "data/cases/cases.jsonl",
    "data/reference/generated.ttl",
    "triples.nt",
    "manifest.json",
)
SETTINGS = """# Made-up cases: python -m bench.generate
base = "https://w3id.org/casegraph/"
languages = ["en", "da", "nb", "nn", "sv"]
extends = "casegraph"
"""


@dataclass(frozen=True)
class Order:
    """What is to be made: about `triples` triples, or exactly `cases` cases where that is given.

    Of every `faulty` cases one has a fault, and of every `asked` one a planted answer; 0 for none.
    """

    triples: int
    seed: int = 1
    cases: int = 0
    faulty: int = 10
    asked: int = 10


@dataclass
class Manifest:
    """What was made. `faults`: rule, severity, node, place; `answers`: question and columns of a row."""

    order: Order
    cases: int = 0
    triples: int = 0
    merged: int = 0
    faults: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        data = vars(self) | {"order": vars(self.order)}
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


class Generator:
    """Makes cases one after the other, and writes what each is."""

    def __init__(self, order: Order) -> None:
        self.order, self.world, self.names = order, World(), Names()
        self.workspace = Workspace.load(packaged())
        self.writer = Writer(build.ontology_of(self.workspace), self.names)
        self.manifest = Manifest(order)

    def made(self) -> Iterator[Case]:
        """The cases, until there are enough triples of them; what is planted goes into the manifest."""
        wanted, number = self.order, 0
        while number < wanted.cases if wanted.cases else self.manifest.triples < wanted.triples:
            yield self._case(number)
            number += 1
        self.manifest.cases = number

    def _case(self, number: int) -> Case:
        seed, faulty, asked = self.order.seed, self.order.faulty, self.order.asked
        if faulty and number % faulty == 0:
            return self._faulty(bare(self.world, seed, number), number)
        if asked and number % asked == asked // 2:
            return self._answering(bare(self.world, seed, number), number)
        return whole(self.world, seed, number)

    def _faulty(self, case: Case, number: int) -> Case:
        fault = FAULTS[number // self.order.faulty % len(FAULTS)]
        path = fault.plant(case)
        node = self.names.case(case.id).value + (f"/{path}" if path else "")
        where = {"file": CASES, "line": number + 1}
        self.manifest.faults.append({"rule": fault.rule, "severity": fault.severity, "node": node, **where})
        return case

    def _answering(self, case: Case, number: int) -> Case:
        question = list(SCENARIOS)[number // self.order.asked % len(SCENARIOS)]
        row = SCENARIOS[question](Planted(case))
        self.manifest.answers.append({"question": question, "row": row, "file": CASES, "line": number + 1})
        return case

    # --- what the shared files say

    def shared(self) -> Iterator[str]:
        """The triples of the vendors, the platforms and the register that they are taken from."""
        yield from self.writer.source(
            {"id": REGISTER, "title": {"en": "Made-up vendors and platforms"}, "stance": "register",
             "licence": "CC0-1.0", "publisher-name": "Nobody"}
        )  # fmt: skip
        for vendor in self.world.vendors.items:
            named = {"label": {"en": vendor.name}, "source": REGISTER}
            yield from self.writer.entity({"id": vendor.ref, "kind": "Organisation", **named})
        for platform in self.world.platforms.items:
            maker = self.world.maker(platform)
            made = {"maker": maker.ref, "maker-firmness": "stated"} if maker else {}
            named = {"label": {"en": platform.name}, "source": REGISTER}
            yield from self.writer.entity({"id": platform.ref, "kind": "Platform", **named, **made})

    def source(self, case: Case) -> list[str]:
        """The triples of the description of the source of a case."""
        rng, text = case.rng, case.text
        year = rng.randrange(2021, 2026)
        return self.writer.source(
            {"id": case.source, "title": case.body["title"], "language": case.language, "stance": "vendor",
             "publisher": case.vendor.ref, "publisher-firmness": rng.choice(("stated", "inferred")),
             "published": f"{year}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}",
             "speaks-from": f"{year - 1}",
             "rights": {"en": "Made up; free to use."}, "length": len(text),
             "sha256": hashlib.sha256(text.encode()).hexdigest()}
        )  # fmt: skip

    def surroundings(self) -> bytes:
        """Ontology, reference data and sources of the package as N-Triples, sorted."""
        asserted = build.read(self.workspace, build.ontology_of(self.workspace), [])
        triples = {Triple(quad.subject, quad.predicate, quad.object) for quad in asserted.quads}
        lines = serialize(triples, format=RdfFormat.N_TRIPLES)
        assert lines is not None
        return b"".join(sorted(lines.splitlines(keepends=True)))


def generate(
    folder: Path, order: Order, *, triples: bool = False, merged: bool = False, texts: bool = False
) -> Manifest:
    """Make what is ordered in `folder`; see the head of this file for what is written."""
    generator = Generator(order)
    manifest = generator.manifest
    for path in (CASES, SHARED, "texts/x"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / "kg.toml").write_text(SETTINGS, encoding="utf-8")
    with ExitStack() as stack:
        cases, shared = (_open(stack, folder / name) for name in (CASES, SHARED))
        flat = _open(stack, folder / TRIPLES) if triples or merged else None

        def put(lines: list[str], file: TextIO | None) -> None:
            text = "".join(lines)
            manifest.triples += len(lines)
            for each in (file, flat):
                if each:
                    each.write(text)

        put(list(generator.shared()), shared)
        for case in generator.made():
            cases.write(json.dumps(case.body, ensure_ascii=False) + "\n")
            put(generator.writer.case(case.body), None)
            put(generator.source(case), shared)
            if texts:
                (folder / "texts" / f"{case.source}.txt").write_text(case.text, encoding="utf-8")
        if merged and flat:
            around = generator.surroundings()
            manifest.merged = around.count(b"\n") + manifest.triples
            flat.write(around.decode())
    manifest.write(folder / MANIFEST)
    return manifest


def _open(stack: ExitStack, path: Path) -> TextIO:
    return stack.enter_context(path.open("w", encoding="utf-8", newline="\n", buffering=2**20))


def main(argv: list[str] | None = None) -> int:
    """Read the arguments, make the cases, and say what was made."""
    parser = argparse.ArgumentParser(prog="python -m bench.generate", description="Make up cases.")
    parser.add_argument("triples", type=size, metavar="N", help="about how many triples: 10k, 1M")
    parser.add_argument("-o", "--output", type=Path, default=Path("build/bench/cases"), metavar="DIR")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=0, metavar="N", help="exactly so many cases instead")
    parser.add_argument(
        "--faults", type=int, default=10, metavar="K", help="a fault in every Kth case; 0: none"
    )
    parser.add_argument("--answers", type=int, default=10, metavar="K", help="likewise a planted answer")
    parser.add_argument("--triples", dest="flat", action="store_true", help="also write triples.nt")
    parser.add_argument("--merged", action="store_true", help="triples.nt with ontology and reference data")
    parser.add_argument("--texts", action="store_true", help="also write the texts that are quoted")
    given = parser.parse_args(argv)
    order = Order(given.triples, given.seed, given.cases, given.faults, given.answers)
    begun = time.perf_counter()
    made = generate(given.output, order, triples=given.flat, merged=given.merged, texts=given.texts)
    rate = made.triples / (time.perf_counter() - begun)
    planted = f"{len(made.faults)} faults and {len(made.answers)} answers planted"
    print(
        f"{made.cases:,} cases, {made.triples:,} triples, {planted}; {rate:,.0f} triples/s", file=sys.stderr
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
