"""Fuzzing of the readers, led by coverage: `python -m bench.fuzz TARGET`, with `pip install atheris` (Linux).

Begins with the real files of its kind and goes on until the time is up (`--seconds`), or until a reader
raises anything but an error for people. What made it do so is written to a file (`crash-…`), which
`python -m bench.fuzz TARGET FILE` runs again. What is found belongs into `tests/`, as a row or an example.
"""

from __future__ import annotations

import argparse
import importlib
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.fixes import Facts
    from kg.ontology import Ontology

ROOT = Path(__file__).parent.parent
BEES = ROOT / "tests" / "other_domain"
Target = Callable[[bytes], object]


def cases_(data: bytes) -> None:
    """A case file in YAML, and what the editor's outline and the evidence make of it."""
    from kg import cases, evidence, formats
    from kg.lsp import scanner
    from kg.names import Names

    text = formats.decode(data, "a.yaml")
    scanner.parse(text)
    with suppress(_told()):
        list(evidence.quotes(text, "a.yaml"))
    cases.read_text(text, "a.yaml", ontology(), Names(), frozenset(), languages=("da", "en"), stem="a")


def lines(data: bytes) -> None:
    """JSON Lines."""
    from kg import cases
    from kg.names import Names

    for number, line in enumerate(data.split(b"\n"), 1):
        with suppress(_told()):
            cases.read_text(cases.json_line(line, "a.jsonl", number), "a.jsonl", ontology(), Names())


def rdf(suffix: str) -> Target:
    """RDF of one format: the places of its quads lie in its text, and what is written reads as the same."""

    def run(data: bytes) -> None:
        from kg import formats
        from kg.formats import scan

        form = formats.format_of(suffix)
        quads = formats.parse(data, form, path="a")
        text = formats.decode(data, "a")
        places = scan.places(text, form, quads, "a")
        last = len(text.split("\n")) + text.count("\r")
        for quad in quads:
            for place in places.find(quad.subject, quad.predicate, quad.object):
                assert 0 <= place.line <= last, f"{quad} is not at {place}"

    return run


def shapes_(data: bytes) -> None:
    """Turtle as data and as shapes: what is found is told, or the shapes are refused."""
    from kg import formats, shapes

    quads = formats.parse(data, formats.format_of("turtle"), path="a")
    shapes.validate(quads, quads).text()


def dates_(data: bytes) -> None:
    """A date in EDTF: it begins before it ends."""
    from kg import dates

    with suppress(dates.DateError):
        found = dates.bounds(data.decode("utf-8", "replace"))
        assert found[0] is None or found[1] is None or found[0] <= found[1]


def tokens(data: bytes) -> None:
    """The scan of Turtle, also of what the parser refuses: each word begins where it is said to."""
    from kg.formats import tokens as words

    text = data.decode("utf-8", "replace")
    last = -1
    for token in words.tokens(text):
        assert last < token.start and text[token.start] == token.text[0]
        last = token.start


def question(data: bytes) -> None:
    """A query with its header, asked of an empty store."""
    from pyoxigraph import Store

    from kg import formats, questions
    from kg.names import Names

    asked = questions.parse(formats.decode(data, "a.rq"), "a.rq")
    questions.ask(asked, Store(), Names())


def table(data: bytes) -> None:
    """A table of shared entities."""
    from kg import reference
    from kg.names import Names

    path = _scratch() / "a.csv"
    path.write_bytes(data)
    reference.read(path, ontology(), Names())


def settings(data: bytes) -> None:
    """The settings of a workspace."""
    from kg.workspace import SETTINGS, Workspace

    (_scratch() / SETTINGS).write_bytes(data)
    Workspace.load(_scratch())


def context(data: bytes) -> None:
    """The table of keys."""
    from kg import formats
    from kg.context import Context

    Context.load([("context.jsonld", formats.decode(data, "context.jsonld"))])


def mended(data: bytes) -> None:
    """Fixes of a case file: to mend it again changes nothing."""
    from kg import fixes, formats

    text = formats.decode(data, "a.yaml")
    after = fixes.mend(text, "a.yaml", facts()).text
    assert fixes.mend(after, "a.yaml", facts()).text == after


TARGETS: dict[str, tuple[Target, tuple[str, ...]]] = {
    "case": (cases_, ("data/cases/*.yaml", "data/sources/*.yaml")),
    "jsonl": (lines, ("data/cases/*.jsonl",)),
    "turtle": (rdf("turtle"), ("data/cases/*.ttl", "ontology/*.ttl")),
    "trig": (rdf("trig"), ("ontology/*.trig", "data/cases/*.ttl")),
    "nquads": (rdf("nquads"), ("build/*/graph.nq",)),
    "jsonld": (rdf("jsonld"), ("ontology/*.jsonld",)),
    "rdfxml": (rdf("rdfxml"), ("ontology/*.rdf",)),
    "ntriples": (rdf("ntriples"), ()),
    "shapes": (shapes_, ("ontology/shapes.ttl", "tests/shapes/*.ttl", "tests/domain_shapes/*.ttl")),
    "date": (dates_, ()),
    "tokens": (tokens, ("data/cases/*.ttl", "ontology/shapes.ttl")),
    "question": (question, ("queries/*/*.rq",)),
    "table": (table, ("data/reference/*.csv",)),
    "settings": (settings, ("kg.toml",)),
    "context": (context, ("ontology/*.jsonld",)),
    "fix": (mended, ("data/cases/*.yaml",)),
}
"""What is run, and which files it begins with; texts of the tables of bad input are added."""

LONGEST = 20_000
"""Bytes of a file to begin with: of longer ones nothing new would be learnt in time."""


# --- what the readers need ----------------------------------------------------------------


def _told() -> type[Exception]:
    from kg.errors import KGError

    return KGError


@cache
def ontology() -> Ontology:
    """That of the second domain: small, and with everything in it."""
    from kg import ontology as ontologies

    return ontologies.load([BEES / "ontology"])


@cache
def facts() -> Facts:
    """What cases are mended from."""
    from kg.fixes import files
    from kg.workspace import Workspace

    return files.facts(Workspace.load(BEES))


@cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="kg-fuzz-"))


# --- running ------------------------------------------------------------------------------


def seeds(name: str) -> Iterator[bytes]:
    """The texts that a target begins with."""
    import yaml

    for pattern in TARGETS[name][1]:
        for folder in (BEES, ROOT):
            yield from (p.read_bytes() for p in folder.glob(pattern) if p.stat().st_size <= LONGEST)
    for folder in ("faults", "bad_input"):
        for path in sorted((ROOT / "tests" / folder).glob("*.yaml")):
            yield from (text.encode() for text in _texts(yaml.load(path.read_text("utf-8"), yaml.BaseLoader)))


def _texts(value: object) -> Iterator[str]:
    """All texts of a table."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *_texts(item))


def judged(target: Target) -> Target:
    """The target, for which errors for people are as good as none."""

    def run(data: bytes) -> None:
        with suppress(_told()):
            target(data)

    return run


def main(argv: list[str] | None = None) -> int:
    """Read the arguments, then fuzz, or run the files that are named."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description="Fuzz a reader.")
    parser.add_argument("target", choices=list(TARGETS))
    parser.add_argument("files", nargs="*", type=Path, help="run these once, and do not fuzz")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--corpus", type=Path, help="where what was found is kept; else a folder for once")
    given = parser.parse_args(argv)
    target = judged(TARGETS[given.target][0])
    for path in given.files:
        target(path.read_bytes())
    return (
        0 if given.files else fuzz(given.target, target, given.seconds, given.corpus or _scratch() / "corpus")
    )


def fuzz(name: str, target: Target, seconds: int, corpus: Path) -> int:
    """Fuzz until the time is up; libFuzzer ends the process with another code where it found something."""
    atheris = importlib.import_module("atheris")

    corpus.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(seeds(name)):
        (corpus / f"seed-{number:03}").write_bytes(text)
    words = sorted({word for text in seeds(name) for word in re.findall(rb"[\w@-]{2,20}|[^\w\s]+", text)})
    (corpus.parent / "words").write_text("\n".join(f'"{_escaped(word)}"' for word in words), "ascii")
    with atheris.instrument_imports(include=["kg", "yaml"]):
        for text in islice(seeds(name), 3):  # what is imported late is instrumented too
            target(text)
    options = [
        f"-dict={corpus.parent / 'words'}",
        f"-max_total_time={seconds}",
        "-timeout=20",
        "-rss_limit_mb=3000",
        f"-max_len={LONGEST}",
    ]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={corpus.parent}/", str(corpus)], target)
    atheris.Fuzz()
    return 0


def _escaped(word: bytes) -> str:
    """A word as a dictionary of libFuzzer has it."""
    return "".join(f"\\x{byte:02x}" for byte in word)


if __name__ == "__main__":
    sys.exit(main())
