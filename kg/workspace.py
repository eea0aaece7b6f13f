"""Where ontology, data, queries, sources and build are.

A workspace is a folder with a `kg.toml`; the package carries one of its own, so that
an installed `kg` answers with no checkout. A workspace may build on another
(`extends = "casegraph"`): it then adds to that one's ontology, reference data and queries.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kg import __version__
from kg.errors import DefinitionError, UsageError
from kg.names import HOME, Names
from kg.places import Place

SETTINGS = "kg.toml"
CASE_SUFFIXES = (".yaml", ".yml", ".jsonl", ".ttl", ".trig", ".nt", ".nq", ".jsonld")
KNOWN = {"base", "languages", "extends", "sources", "dataset", "demo"}


def is_base(text: str) -> bool:
    """Whether `text` can be what IRIs begin with.

    >>> is_base("https://example.org/ours/"), is_base("https://example.org/ours"), is_base("ours/")
    (True, False, False)
    """
    return re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+[/#]", text) is not None


def packaged() -> Path:
    """The folder of the workspace that the package carries, or the checkout that it runs from."""
    inside = Path(__file__).parent / "_data"
    return inside if (inside / SETTINGS).exists() else Path(__file__).parent.parent


def cache() -> Path:
    """The user's cache folder: where an installed `kg`, which has no folder of its own, builds."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("casegraph", appauthor=False)) / __version__


@dataclass(frozen=True)
class Workspace:
    """A folder of ontology, data and queries, with its settings.

    `languages`: the language tags that its texts may have. `sources`: where the source
    texts lie, if they are at hand; they are never part of the workspace. `dataset`: what its
    description says (title, licence and so on). `demo`: the question that `kg demo` asks.
    """

    root: Path
    base: str = HOME
    languages: tuple[str, ...] = ("en",)
    extends: Workspace | None = None
    sources: Path | None = None
    dataset: tuple[tuple[str, str], ...] = ()
    demo: str | None = None

    @classmethod
    def find(cls, start: Path | None = None) -> Workspace:
        """The workspace at `start`, or else the nearest one upwards from here, or else the packaged one.

        :raises UsageError: if `start` is given and is no workspace.
        """
        if start is not None:
            start = start.resolve()
            if not (start / SETTINGS).is_file():
                raise UsageError.at(
                    Place(str(start)), f"no {SETTINGS} here", f"make a workspace with: kg init {start}"
                )
            return cls.load(start)
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / SETTINGS).is_file():
                return cls.load(folder)
        return cls.load(packaged())

    @classmethod
    def load(cls, root: Path) -> Workspace:
        """The workspace at `root`, by its settings.

        :raises DefinitionError: if the settings are not TOML, or say what they cannot.
        """
        path = root / SETTINGS
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as exc:
            raise DefinitionError.at(
                Place(str(path)), f"cannot be read: {exc}", "write it as UTF-8 TOML"
            ) from exc
        _check(settings, path)
        extends = settings.get("extends")
        return cls(
            root,
            settings.get("base", HOME),
            tuple(settings.get("languages", ("en",))),
            cls.load(packaged()) if extends == "casegraph" else None,
            root / settings["sources"] if "sources" in settings else None,
            tuple(sorted(settings.get("dataset", {}).items())),
            settings.get("demo"),
        )

    @property
    def names(self) -> Names:
        """The IRIs of this workspace."""
        return Names(self.base)

    @cached_property
    def build(self) -> Path:
        """The folder that everything built goes to; in the user's cache for the packaged workspace."""
        return cache() if self.root == Path(__file__).parent / "_data" else self.root / "build"

    @property
    def layers(self) -> tuple[Path, ...]:
        """The folders that definitions are taken from: what this builds on first, then its own."""
        return (*(self.extends.layers if self.extends else ()), self.root)

    @property
    def ontology(self) -> tuple[Path, ...]:
        """The ontology folders, in the order in which they add to each other."""
        return tuple(folder / "ontology" for folder in self.layers if (folder / "ontology").is_dir())

    def cases(self) -> list[Path]:
        """The case files of this workspace, sorted."""
        folder = self.root / "data" / "cases"
        return sorted(_near(p) for p in folder.glob("*") if p.suffix in CASE_SUFFIXES)

    def reference(self) -> list[Path]:
        """The files of reference data, those it builds on first."""
        return [*self._each("data/reference", "*.csv"), *self._each("data/reference", "*.ttl")]

    def source_descriptions(self) -> list[Path]:
        """The descriptions of sources, those it builds on first."""
        return self._each("data/sources", "*.yaml")

    def questions(self) -> dict[str, Path]:
        """Name → file of each question; a workspace's own takes the place of one it builds on."""
        return {p.stem: p for p in self._each("queries/questions", "*.rq")}

    def queries(self, kind: str) -> dict[str, Path]:
        """Name → file of each query below `queries/KIND`."""
        return {p.stem: p for p in self._each(f"queries/{kind}", "*.rq")}

    def expected(self, name: str) -> Path:
        """The file of expected rows `name`."""
        for folder in reversed(self.layers):
            if (path := folder / "queries" / "expected" / name).exists():
                return path
        return self.root / "queries" / "expected" / name

    def inputs(self) -> Iterator[Path]:
        """Every file that a build depends on, in a fixed order."""
        yield from (folder / SETTINGS for folder in self.layers)
        for folder in self.ontology:
            yield from sorted(p for p in folder.iterdir() if p.suffix in (".ttl", ".jsonld"))
        yield from self.reference()
        yield from self.source_descriptions()
        yield from self.cases()

    def fingerprint(self) -> str:
        """The hash of all inputs: two builds with the same one hold the same graph."""
        digest = hashlib.sha256(__version__.encode())
        for path in self.inputs():
            digest.update(f"\0{path.name}\0".encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]

    def relative(self, path: Path) -> str:
        """`path` as a person in the workspace would write it, with forward slashes."""
        for folder in (Path.cwd(), self.root):
            try:
                return path.resolve().relative_to(folder.resolve()).as_posix()
            except ValueError:
                continue
        return path.as_posix()

    def _each(self, folder: str, pattern: str) -> list[Path]:
        return [_near(p) for layer in self.layers for p in sorted((layer / folder).glob(pattern))]


def _near(path: Path) -> Path:
    """`path` as a person would write it here: relative, if it is below the current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _check(settings: dict[str, Any], path: Path) -> None:
    if unknown := sorted(set(settings) - KNOWN):
        raise DefinitionError.at(
            Place(str(path)), f"unknown setting “{unknown[0]}”", f"known: {', '.join(sorted(KNOWN))}"
        )
    base = settings.get("base", HOME)
    if not isinstance(base, str) or not is_base(base):
        raise DefinitionError.at(
            Place(str(path)), f"base must be an http(s) IRI that ends in / or # (got {base!r})"
        )
    if settings.get("extends", "casegraph") != "casegraph":
        raise DefinitionError.at(
            Place(str(path)), "extends can only be “casegraph”, the workspace of the package"
        )
