"""The second domain, `other_domain/`, for tests: a copy to read or to change, and `kg` run in it."""

from __future__ import annotations

import csv
import io
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple

from kg import formats
from kg.cli.main import run
from kg.names import RDF

HERE = Path(__file__).parent / "other_domain"
BASE = "https://bees.example.net/"
NS, CODE, CASE = BASE + "ns#", BASE + "code/", BASE + "case/"
TYPE = NamedNode(RDF + "type")
HIVE = "data/cases/hive-three-2021.yaml"
GARDEN = "data/cases/garden.jsonl"
FIVE = "data/cases/hive-five-2021.ttl"
SHOWN = re.compile(r" *\d* \| ")
TABLES = sorted(path.stem for path in (HERE / "queries" / "expected").glob("*.csv"))
"""The questions whose answers are written down."""


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What stands on stdout, but for empty lines and the lines of files that findings show."""
        return [line for line in self.out.splitlines() if line and not SHOWN.match(line)]


@dataclass(frozen=True)
class Bees:
    """A copy of the workspace, the current folder of a test; calling it runs `kg` there."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *args: str) -> Said:
        self.capsys.readouterr()
        code = run(list(args))
        return Said(code, *self.capsys.readouterr())

    def read(self, file: str) -> str:
        return (self.folder / file).read_text(encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        (self.folder / file).write_text(text, encoding="utf-8")

    def change(self, file: str, old: str, new: str) -> None:
        """Change what stands once in a file."""
        text = self.read(file)
        assert text.count(old) == 1, f"{file} holds {old!r} {text.count(old)} times"
        self.write(file, text.replace(old, new))


@pytest.fixture(scope="session")
def built_bees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with its graph built."""
    folder = Path(shutil.copytree(HERE, tmp_path_factory.mktemp("bees") / "workspace"))
    assert run(["-q", "-C", str(folder), "build"]) == 0
    return folder


@pytest.fixture
def bees(built_bees: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bees:
    """The built copy, which a test only reads."""
    monkeypatch.chdir(built_bees)
    return Bees(built_bees, capsys)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bees:
    """A copy that a test may change."""
    folder = Path(shutil.copytree(HERE, tmp_path / "bees"))
    monkeypatch.chdir(folder)
    return Bees(folder, capsys)


def bee(local: str) -> NamedNode:
    return NamedNode(NS + local)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def expected(name: str) -> list[list[str]]:
    return rows((HERE / "queries" / "expected" / f"{name}.csv").read_text(encoding="utf-8"))


def triples(data: str, form: str | RdfFormat) -> set[Triple]:
    rdf = formats.format_of(form) if isinstance(form, str) else form
    return {quad.triple for quad in formats.parse(data.encode(), rdf)}
