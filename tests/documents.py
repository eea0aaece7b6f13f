"""Documents that run: their commands, the output that they show, and the files that the reader is to write.

- A `console` block holds commands (`$ …`) and lines of their output, which have to come in that order; a line
  `…` stands for any lines, and `…` within one for any words. A command has to succeed.
- A block below a line such as "`data/cases/a.yaml`:" is the content of that file; a `diff` block, a change.
- The `python` blocks of a document are one program, run at its end; a `text` block right after one is what it
  prints, in the way of a `console` block. Blocks of other languages, such as `sh`, are not run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
_FENCE = re.compile(r"^(?P<indent> *)```(?P<lang>\w*)\n(?P<body>.*?)^(?P=indent)```$", re.M | re.S)
_FILE = re.compile(r"`([^`\n]+)`:\s*\Z")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the file that it is the content of, and its line."""

    lang: str
    body: str
    file: str | None
    line: int


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a document, in their order."""
    for match in _FENCE.finditer(text):
        named = _FILE.search(text[: match.start()])
        line = text.count("\n", 0, match.start()) + 1
        body = re.sub(f"^{match['indent']}", "", match["body"], flags=re.M)
        yield Block(match["lang"], body, named[1] if named else None, line)


def commands(body: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block, with the lines of output shown below it."""
    for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        yield command, shown


def programs(text: str) -> list[tuple[Block, list[str]]]:
    """The python blocks of a document, each with the lines that it is shown to print.

    >>> [(b.line, shown) for b, shown in programs("```python\\na\\n```\\n```text\\nb\\n```\\n")]
    [(1, ['b'])]
    """
    found = list(blocks(text))
    after = [*found[1:], Block("", "", None, 0)]
    return [
        (block, next_.body.splitlines() if next_.lang == "text" else [])
        for block, next_ in zip(found, after, strict=True)
        if block.lang == "python"
    ]


def missing(shown: list[str], output: str) -> str | None:
    """The first shown line that does not come in its turn in `output`, or None.

    >>> missing(["a", "…", "c … e"], "a\\nb\\nc d e\\n"), missing(["b", "a"], "a\\nb\\n")
    (None, 'a')
    """
    lines = iter(output.splitlines())
    for want in shown:
        pattern = re.compile(".*".join(map(re.escape, want.strip().split("…"))))
        if want.strip() not in ("", "…") and not any(pattern.fullmatch(line.strip()) for line in lines):
            return want
    return None


def patch(text: str, diff: str) -> str:
    """`text` with the one change that `diff` shows; lines of context begin with a space.

    >>> patch("a\\nb\\nc\\n", "-b\\n+d\\n")
    'a\\nd\\nc\\n'
    """
    lines = diff.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] in " -")
    new = "".join(line[1:] for line in lines if line[0] in " +")
    assert text.count(old) == 1, f"the lines to be changed stand {text.count(old)} times:\n{old}"
    return text.replace(old, new)


@dataclass
class Runner:
    """Runs a document in `folder`, with the `kg` of a copy of the checkout."""

    folder: Path
    bin: Path
    checkout: Path

    @classmethod
    def make(cls, tmp: Path) -> Runner:
        """A runner below `tmp`: nothing in the checkout is written."""
        checkout = tmp / "casegraph"
        for name in ("kg", "ontology", "data", "queries", "examples", "docs"):
            skip = shutil.ignore_patterns("__pycache__", "build")
            shutil.copytree(CHECKOUT / name, checkout / name, ignore=skip)
        shutil.copy(CHECKOUT / "kg.toml", checkout)
        bin = tmp / "bin"
        bin.mkdir()
        shim = bin / "kg"
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n', encoding="utf-8")
        shim.chmod(0o755)
        return cls(checkout, bin, checkout)

    @property
    def _env(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("KG_", "PYTHON"))}
        path = f"{self.bin}{os.pathsep}{kept.get('PATH', '')}"
        ours = {"PYTHONPATH": str(self.checkout), "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
        return kept | ours | {"PATH": path, "COLUMNS": "80", "NO_COLOR": "1"}

    def run(self, document: str) -> list[str]:
        """Do all that `document` says; the commands that ran.

        :raises AssertionError: where it is not as the document says.
        """
        ran: list[str] = []
        for block in blocks(document):
            if block.lang == "console":
                for command, shown in commands(block.body):
                    self._command(command, shown, block.line)
                    ran.append(command)
            elif block.file:
                self.write(block)
        self._python(programs(document))
        return ran

    def write(self, block: Block) -> None:
        """Write or change the file that `block` is about."""
        assert block.file
        path = self.folder / block.file
        body = patch(path.read_text(encoding="utf-8"), block.body) if block.lang == "diff" else block.body
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")

    def _command(self, command: str, shown: list[str], line: int) -> None:
        script = f'{command}\ncode=$?; pwd > "{self.bin}/where"; exit $code'
        code, output = self._call(["bash", "-c", script])
        self.folder = Path((self.bin / "where").read_text(encoding="utf-8").strip())
        assert code == 0, f"line {line}: `{command}` exits with {code}:\n{output}"
        lost = missing(shown, output)
        assert lost is None, f"line {line}: `{command}` does not say, in its turn:\n{lost}\nbut:\n{output}"

    def _python(self, parts: list[tuple[Block, list[str]]]) -> None:
        mark = "--- line {}"
        body = "".join(f"print({mark.format(part.line)!r})\n{part.body}" for part, _ in parts)
        code, output = self._call([sys.executable, "-c", body])
        assert code == 0, f"the program fails:\n{output}"
        shown = [line for part, lines in parts for line in (mark.format(part.line), *lines)]
        lost = missing(shown, output)
        assert lost is None, f"the program does not print, in its turn:\n{lost}\nbut:\n{output}"

    def _call(self, argv: list[str]) -> tuple[int, str]:
        done = subprocess.run(
            argv,
            cwd=self.folder,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout.decode("utf-8")
