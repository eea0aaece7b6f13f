"""New files from the templates that an ontology brings: a workspace of one's own, a case, a source.

```
ontology/templates/workspace/  → a workspace      case.yaml, source.yaml → data/cases, data/sources
```
A template is the file that it becomes, with `{{name}}` where a value goes. What a case is
about, its sections and the comments that guide an author stand there and not in this package.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kg import sources
from kg.errors import InputError, UsageError
from kg.names import is_key
from kg.places import Place
from kg.workspace import SETTINGS, Workspace, is_base

TEMPLATES = "ontology/templates"
DOT = "dot-"
"""Begins the name of a template whose file has a leading dot: a hidden file would act on the templates."""

_PLACEHOLDER = re.compile(r"\{\{([a-z0-9]+)\}\}")
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ö": "oe", "ä": "ae", "ü": "ue", "ß": "ss"})


def fill(template: str, values: Mapping[str, str]) -> str:
    r"""`template` with its values put in; a line for which there is no value is left out.

    >>> fill("id: {{id}}\nlength: {{length}}\n", {"id": "a-case"})
    'id: a-case\n'
    """
    lines = template.splitlines(keepends=True)
    kept = (line for line in lines if all(name in values for name in _PLACEHOLDER.findall(line)))
    return "".join(_PLACEHOLDER.sub(lambda match: values[match[1]], line) for line in kept)


def slug(text: str) -> str:
    """The key nearest to `text`, or an empty string.

    >>> slug("Blå Æske: 2"), slug("?")
    ('blaa-aeske-2', '')
    """
    plain = unicodedata.normalize("NFC", text).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


# --- a workspace


def workspace(folder: Path, packaged: Workspace, base: str | None = None) -> list[Path]:
    """Make a workspace in `folder`, new or empty, that builds on the packaged one; the files made.

    `base` is what the IRIs of its cases begin with.

    :raises UsageError: if the folder holds anything, or the base is none.
    :raises InputError: if the disk refuses.
    """
    base = base or f"https://example.org/{slug(folder.resolve().name) or 'cases'}/"
    if not is_base(base):
        raise UsageError.at(None, f"“{base}” is no base", "write an http(s) IRI that ends in / or #")
    _refuse_used(folder)
    values = {
        "name": folder.resolve().name,
        "base": base,
        "terms": f"{base.rstrip('/#')}/ns#",
        "languages": json.dumps(packaged.languages),
    }
    origin = packaged.root / TEMPLATES / "workspace"
    made = [
        _write(folder / _target(path.relative_to(origin)), fill(_text(path), values))
        for path in sorted(p for p in origin.rglob("*") if p.is_file())
    ]
    schema = packaged.root / "ontology" / "case.schema.json"
    return [*made, _write(folder / "ontology" / schema.name, _text(schema))] if schema.is_file() else made


def _refuse_used(folder: Path) -> None:
    place = Place(str(folder))
    if folder.is_dir() and any(folder.iterdir()):
        what = (
            f"there is a {SETTINGS} here already"
            if (folder / SETTINGS).exists()
            else "the folder is not empty"
        )
        raise UsageError.at(place, what, "give a new or an empty folder")
    if folder.exists() and not folder.is_dir():
        raise UsageError.at(place, "this is a file", "give a folder")


def _target(path: Path) -> Path:
    return path.with_name(f".{path.name.removeprefix(DOT)}") if path.name.startswith(DOT) else path


# --- a case and its source


@dataclass(frozen=True)
class Made:
    """The files that were made for a case; `source` is None where it was described before.

    `text` is the text of the source, if it is at hand.
    """

    case: Path
    source: Path | None
    text: Path | None


def case(
    space: Workspace, id: str, source: str | None = None, title: str | None = None, lang: str | None = None
) -> Made:
    """Write the frame of the case `id`, and of its source unless that is described already.

    The source is `source`, else it has the id of the case. `title` is in `lang`, else in the first
    language of the workspace, and so is the text.

    :raises UsageError: if an id is none or is taken, or the language is not one of the workspace's.
    :raises InputError: if there is no template, or the disk refuses.
    """
    source, lang = source or id, lang or space.languages[0]
    for what, key in (("an id", id), ("a name of a source", source)):
        if not is_key(key):
            near = slug(key)
            fix = "use small letters, digits and hyphens" + (f", such as “{near}”" if near else "")
            raise UsageError.at(None, f"“{key}” cannot be {what}: it becomes a part of an IRI", fix)
    if lang not in space.languages:
        fix = f"known: {', '.join(space.languages)}; more in {SETTINGS}"
        raise UsageError.at(None, f"“{lang}” is no language of this workspace", fix)
    path = space.root / "data" / "cases" / f"{id}.yaml"
    _refuse_taken(space, path, id)
    values = {"id": id, "source": source, "lang": lang, "title": _title(title or id, lang)}
    values |= {"today": date.today().isoformat()}
    description = space.root / "data" / "sources" / f"{source}.yaml"
    known = any(p.stem == source for p in space.source_descriptions())
    text = _source_text(space, source)
    frames = [(path, _template(space, "case.yaml"), values)]
    if not known:
        frames.append((description, _template(space, "source.yaml"), values | _measured(text)))
    for target, template, filled in frames:
        _write(target, fill(template, filled))
    return Made(path, None if known else description, text)


def _refuse_taken(space: Workspace, path: Path, id: str) -> None:
    if taken := next((p for p in space.cases() if p.stem == id), None):
        place = Place(space.relative(taken))
        raise UsageError.at(place, f"there is a case “{id}” already", "choose another id, or edit that file")
    if path.exists():
        raise UsageError.at(Place(space.relative(path)), "there is such a file already", "choose another id")


def _title(title: str, lang: str) -> str:
    """The title as YAML: JSON's strings are YAML's double-quoted ones."""
    return f"{{{lang}: {json.dumps(title, ensure_ascii=False)}}}"


def _source_text(space: Workspace, source: str) -> Path | None:
    path = space.sources / f"{source}.txt" if space.sources else None
    return path if path and path.is_file() else None


def _measured(text: Path | None) -> dict[str, str]:
    if text is None:
        return {}
    read = sources.read(text)
    return {"sha256": read.sha256, "length": str(len(read.text))}


# --- files


def _template(space: Workspace, name: str) -> str:
    """The template `name`: the workspace's own, else that of what it builds on."""
    for folder in reversed(space.layers):
        if (path := folder / TEMPLATES / name).is_file():
            return _text(path)
    place = Place(space.relative(space.root / TEMPLATES / name))
    raise InputError.at(place, "no template here", "write one, with {{id}} and {{source}} in it")


def _text(path: Path) -> str:
    return sources.read(path).text


def _write(path: Path, text: str) -> Path:
    """Write a file that is not there yet, with LF line ends.

    :raises InputError: if it is there, or the disk refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as exc:
        raise InputError.at(Place(str(path)), f"cannot be written: {exc.strerror}") from exc
    return path


def tree(paths: Iterable[Path], root: Path) -> str:
    """The `paths` below `root`, one a line, each with two spaces before it."""
    return "".join(f"  {path.relative_to(root).as_posix()}\n" for path in sorted(paths))
