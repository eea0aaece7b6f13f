"""What is measured on: made-up workspaces by size, each made once and kept below the working folder."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.engines import child
from bench.processes import ROOT, run

Say = Callable[[str], None]
LIMIT = 7200


@dataclass(frozen=True)
class Data:
    """A made-up workspace: `asserted` is what it says and all around it, `whole` that and what follows."""

    folder: Path

    @property
    def asserted(self) -> Path:
        """What is stated, as N-Triples."""
        return self.folder / "triples.nt"

    @property
    def inferred(self) -> Path:
        """What follows from it, as N-Triples."""
        return self.folder / "inferred.nt"

    @property
    def whole(self) -> Path:
        """Both, as N-Triples."""
        return self.folder / "whole.nt"

    @property
    def manifest(self) -> Path:
        """What is planted in it."""
        return self.folder / "manifest.json"


class Kept:
    """Makes data once, and again where what makes it has changed."""

    def __init__(self, work: Path, say: Say) -> None:
        self.work, self._say, self._of = work, say, _fingerprint()
        work.mkdir(parents=True, exist_ok=True)

    def cases(self, name: str, *arguments: str, inferred: bool = True) -> Data:
        """A workspace of made-up cases, by the arguments of the generator."""
        data = Data(self.work / name)
        mark, made = data.folder / "made", f"{self._of} {' '.join(arguments)} {inferred}"
        if not mark.exists() or mark.read_text() != made:
            shutil.rmtree(data.folder, ignore_errors=True)
            data.folder.mkdir(parents=True)
            self._say(f"making {name}")
            self._do([sys.executable, "-m", "bench.generate", *arguments, "-o", str(data.folder), "--merged"])
            if inferred:
                self._say(f"inferring from {name}")
                self._do(child("infer-quads", data.asserted, data.inferred))
                _join(data.whole, data.asserted, data.inferred)
            mark.write_text(made)
        return data

    def five(self) -> Path:
        """A copy of the workspace of this project, with nothing built."""
        folder = self.work / "five"
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("ontology", "data", "queries"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "kg.toml", folder)
        return folder

    def axioms(self) -> Path:
        """The ontology's axioms with what they stand on, in one Turtle file."""
        path = self.work / "axioms.ttl"
        path.write_text((ROOT / "ontology" / "axioms.ttl").read_text(encoding="utf-8"), encoding="utf-8")
        return path

    def _do(self, command: list[str]) -> None:
        out = self.work / "making.out"
        if (cost := run(command, out, limit=LIMIT)).code:
            raise SystemExit(f"{command[2]}: exit code {cost.code}\n{Path(f'{out}.err').read_text()}")


def _join(out: Path, *parts: Path) -> None:
    with out.open("wb") as file:
        for part in parts:
            with part.open("rb") as each:
                shutil.copyfileobj(each, file, 2**20)


def _fingerprint() -> str:
    """The hash of what data are made by and of."""
    digest = hashlib.sha256()
    made_by = ("answers", "cases", "faults", "generate", "sentences", "triples", "world")
    own = [ROOT / "bench" / f"{name}.py" for name in made_by]
    for path in [
        *own,
        *sorted((ROOT / "ontology").glob("*.*")),
        *sorted((ROOT / "data/reference").glob("*")),
    ]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
