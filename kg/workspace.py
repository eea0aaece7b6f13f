"""Where ontology, data, queries, sources and build are.

A workspace is a folder with a `kg.toml`; the package carries one of its own, so that
an installed `kg` answers with no checkout. A workspace may build on another
(`extends = "casegraph"`): it then adds to that one's ontology, reference data and queries.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kg import __version__, formats
from kg.errors import DefinitionError, Fault, InputError, UsageError
from kg.meant import suggestion
from kg.names import HOME, Names
from kg.places import Place

SETTINGS = "kg.toml"
BACKUPS = (".bak", ".old", ".orig", ".tmp")
CASE_SUFFIXES = (".yaml", ".yml", ".jsonl", ".ttl", ".trig", ".nt", ".nq", ".jsonld", ".rdf", ".owl")
KNOWN = ("base", "languages", "extends", "sources", "dataset", "demo")
TEXTS, IRIS = ("title", "description", "version"), ("license", "creator", "publisher")
"""What the settings may say of the dataset: in words, and by IRIs."""

LONGEST_BASE = 1000
"""The characters of a base: every IRI begins with it."""

_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.I)
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")


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
            if (folder / SETTINGS).exists():
                return cls.load(folder)
        return cls.load(packaged())

    @classmethod
    def load(cls, root: Path) -> Workspace:
        """The workspace at `root`, by its settings.

        :raises DefinitionError: if the settings are not TOML, or for all that they cannot say.
        """
        settings = _settings(_near(root / SETTINGS))
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
        folders = (folder / "ontology" for folder in self.layers)
        return tuple(_near(folder) for folder in folders if folder.is_dir())

    def cases(self, folder: Path | None = None) -> list[Path]:
        """The case files of this workspace, or those in another `folder`, sorted."""
        return _files(folder or self.root / "data" / "cases", CASE_SUFFIXES)

    def passed_over(self) -> list[Path]:
        """What lies among the case files, and is none for its suffix: `a.YAML`, `a.json`, `a.yaml.txt`."""
        folder = self.root / "data" / "cases"
        kept, own = {*CASE_SUFFIXES, ".json", ".ndjson"}, set(_files(folder, CASE_SUFFIXES))
        others = sorted(p for p in folder.glob("*") if not p.name.startswith(".") and p.suffix not in BACKUPS)
        return [
            path
            for path in map(_near, others)
            if path not in own and any(suffix.lower() in kept for suffix in path.suffixes)
        ]

    def reference(self) -> list[Path]:
        """The files of reference data, those it builds on first."""
        return [*self._each("data/reference", (".csv",)), *self._each("data/reference", (".ttl",))]

    def source_descriptions(self) -> list[Path]:
        """The descriptions of sources, those it builds on first."""
        return self._each("data/sources", (".yaml", ".yml"))

    def questions(self) -> dict[str, Path]:
        """Name → file of each question; a workspace's own takes the place of one it builds on."""
        return {p.stem: p for p in self._each("queries/questions", (".rq",))}

    def words(self) -> list[Path]:
        """The lists of words that turn or soften what a sentence says, those it builds on first."""
        return self._each("ontology/words", (".yaml", ".yml"))

    def phrases(self) -> list[Path]:
        """The lists of what questions say by themselves in other languages, those it builds on first."""
        return [path for path in self._each("queries", (".yaml",)) if path.name == "words.yaml"]

    def queries(self, kind: str) -> dict[str, Path]:
        """Name → file of each query below `queries/KIND`."""
        return {p.stem: p for p in self._each(f"queries/{kind}", (".rq",))}

    def expected(self, name: str) -> Path:
        """The file of expected rows `name`."""
        for folder in reversed(self.layers):
            if (path := folder / "queries" / "expected" / name).exists():
                return path
        return self.root / "queries" / "expected" / name

    def definitions(self) -> Iterator[Path]:
        """Every file that the ontology depends on, in a fixed order."""
        yield from (folder / SETTINGS for folder in self.layers)
        for folder in self.ontology:
            yield from _files(folder, (".ttl", ".jsonld"))

    def inputs(self) -> Iterator[Path]:
        """Every file that a build depends on, in a fixed order."""
        yield from self.definitions()
        yield from self.reference()
        yield from self.source_descriptions()
        yield from self.cases()

    def fingerprint(self, paths: Iterable[Path] | None = None) -> str:
        """The hash of all inputs, or of `paths`: two builds with the same one hold the same graph."""
        digest = hashlib.sha256(__version__.encode())
        for path in self.inputs() if paths is None else paths:
            data = _bytes(path)
            digest.update(f"\0{path.name}\0{len(data)}\0".encode())
            digest.update(data)
        return digest.hexdigest()[:16]

    def relative(self, path: Path) -> str:
        """`path` as a person in the workspace would write it, with forward slashes."""
        for folder in (Path.cwd(), self.root):
            try:
                return path.resolve().relative_to(folder.resolve()).as_posix()
            except ValueError:
                continue
        return path.as_posix()

    def _each(self, folder: str, suffixes: Collection[str]) -> list[Path]:
        """The files in `folder` of each layer, sorted within it."""
        return [path for layer in self.layers for path in _files(layer / folder, suffixes)]


def _files(folder: Path, suffixes: Collection[str]) -> list[Path]:
    """The files in `folder` with one of the `suffixes`, sorted; hidden ones are an editor's own.

    :raises InputError: if there is no right to look into it, which would else pass for an empty one; or if
        one is a pipe or a device, which may never end.
    """
    found = (p for p in _inside(folder) if p.suffix in suffixes and not p.name.startswith("."))
    near = [_near(path) for path in sorted(found)]
    for path in near:
        formats.check_is_file(path)
    return near


def _inside(folder: Path) -> list[Path]:
    """All that is in a folder; nothing where there is none."""
    try:
        return list(folder.iterdir())
    except PermissionError as exc:
        what, fix = "there is no right to read this folder", "ask its owner, or change its rights"
        raise InputError.at(Place(str(_near(folder))), what, fix) from exc
    except OSError:
        return []


def _near(path: Path) -> Path:
    """`path` as a person would write it here: relative, if it is below the current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _bytes(path: Path) -> bytes:
    """What is in the file; why it cannot be read, which is told when it is, is not the same as nothing."""
    try:
        return path.read_bytes()
    except OSError as exc:
        return f"\0{exc.errno}".encode()


# --- settings ----------------------------------------------------------------------------


def _settings(path: Path) -> dict[str, Any]:
    """The settings in the file `path`.

    :raises DefinitionError: if they are not TOML, or for all that they cannot say.
    """
    try:
        text = formats.decode(formats.read_bytes(path), str(path))
        settings = tomllib.loads(text)
    except InputError as exc:
        raise DefinitionError(*exc.faults) from exc
    except tomllib.TOMLDecodeError as exc:
        at = _TOML_PLACE.search(str(exc))
        end = formats.place_after(text.rstrip(), str(path))
        place = Place(str(path), int(at[1]), int(at[2])) if at and at[1] else end
        what = _TOML_PLACE.sub("", str(exc))
        twice = "overwrite" in what
        fix = "the setting stands twice: take one out" if twice else "write NAME = VALUE, texts in quotes"
        raise DefinitionError.at(place, f"is not TOML: {what}", fix) from exc
    except RecursionError as exc:
        raise DefinitionError.at(Place(str(path)), "too many brackets stand inside each other") from exc
    except ValueError as exc:
        raise DefinitionError.at(Place(str(path)), "a number has thousands of digits", "shorten it") from exc
    if faults := [Fault(_place(text, name, str(path)), what, fix) for name, what, fix in _wrong(settings)]:
        raise DefinitionError.all(faults)
    return settings


def _place(text: str, name: str, path: str) -> Place:
    """Where a setting is written: its key, or its table; only the file, where that is not plain to see."""
    table, _, key = name.rpartition(".")
    head = re.search(rf"(?m)^[ \t]*\[[ \t]*{re.escape(table)}[ \t]*\]", text) if table else None
    quoted = rf"(?m)^[ \t]*(?:\[[ \t]*)?([\"']?){re.escape(key)}\1[ \t]*[=.\]]"
    found = re.compile(quoted).search(text, head.end() if head else 0)
    if found is None:
        return _place(text, table, path) if table else Place(path)
    start = found.start() + len(found[0]) - len(found[0].lstrip(" \t"))
    return formats.place_after(text[:start], path)


def _wrong(settings: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the settings: of which, what, and what to do."""
    yield from ((name, *_unknown("setting", name, KNOWN)) for name in settings if name not in KNOWN)
    base = settings.get("base", HOME)
    if not isinstance(base, str) or not is_base(base):
        yield "base", f"base is no http(s) IRI that ends in / or # (got {base!r})", "write one, in quotes"
    elif len(base) > LONGEST_BASE:
        yield "base", f"base has {len(base):,} characters", f"write one of {LONGEST_BASE} or fewer"
    if settings.get("extends", "casegraph") != "casegraph":
        fix = "it can only be “casegraph”, the workspace of the package"
        yield "extends", "extends names no workspace", fix
    for name in ("sources", "demo"):
        if not isinstance(settings.get(name, ""), str):
            yield name, f"{name} is no text", "write it in quotes"
    tags = settings.get("languages", ["en"])
    if not isinstance(tags, list) or not tags:
        yield "languages", "languages is no list of language tags", 'write it as ["en"]'
    else:
        fix = "write it in small letters, such as “en”"
        bad = (tag for tag in tags if not isinstance(tag, str) or not _TAG.fullmatch(tag))
        yield from (("languages", f"{tag!r} is no language tag", fix) for tag in bad)
    yield from _wrong_dataset(settings.get("dataset", {}))


def _wrong_dataset(said: Any) -> Iterator[tuple[str, str, str]]:
    if not isinstance(said, dict):
        yield "dataset", "dataset is no table", "write [dataset] and below it title = …"
        return
    for key, value in said.items():
        name = f"dataset.{key}"
        if key not in (*TEXTS, *IRIS):
            yield name, *_unknown("setting of the dataset", key, (*TEXTS, *IRIS))
        elif not isinstance(value, str) or not value.strip():
            yield name, f"{name} is no text", "write it in quotes"
        elif key in IRIS and not _IRI.fullmatch(value):
            yield name, f"{name} is no IRI (got {value!r})", "write it as https://…"


def _unknown(what: str, name: str, known: Collection[str]) -> tuple[str, str]:
    return f"unknown {what} “{name}”", suggestion(name, known) or f"known: {', '.join(sorted(known))}"
