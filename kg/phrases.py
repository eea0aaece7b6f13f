"""What questions say by themselves in their answers, such as “unknown”, in the reader's language.

A question binds such words as plain strings, which stay the same for programs. Where a person reads, they are
told as `queries/words.yaml` has them: text of the query → language → words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal

from kg import formats
from kg.errors import DefinitionError
from kg.languages import nearest, pick
from kg.places import Place
from kg.questions import Answer, Cell, Question
from kg.sparql import Query
from kg.workspace import Workspace

Phrases = Mapping[Literal, str]


def phrases(question: Question, workspace: Workspace, lang: str) -> Phrases:
    """What the strings that stand in the query itself are called in `lang`, as far as the workspace says.

    :raises DefinitionError: if a list of them is ill-formed.
    """
    known: dict[str, Mapping[str, str]] = {}
    for path in workspace.phrases() if nearest(lang)[0] != "en" else ():
        known |= read(path, path.stat().st_mtime_ns)
    if not known:
        return {}
    words = Query(question.sparql).words
    texts = {word.text[1:-1] for word in words if word.kind == "string"} & known.keys()
    return {Literal(text): pick({"en": text, **known[text]}, lang) for text in texts}


def spoken(answer: Answer, said: Phrases) -> Answer:
    """The answer as a person reads it.

    >>> print(*spoken(Answer(("a", "b"), ((Literal("no"), None),)), {Literal("no"): "non"}).rows[0])
    "non" None
    """
    if not said:
        return answer

    def cell(one: Cell) -> Cell:
        return Literal(said[one]) if isinstance(one, Literal) and one in said else one

    return replace(answer, rows=tuple(tuple(map(cell, row)) for row in answer.rows))


@lru_cache(maxsize=8)
def read(path: Path, _changed: int = 0) -> dict[str, Mapping[str, str]]:
    """The words of a file, by what the queries have.

    :raises InputError: if it cannot be read.
    :raises DefinitionError: if it is ill-formed.
    """
    import yaml

    from kg.cases.compose import LOADER

    text = formats.decode(formats.read_bytes(path), str(path))
    try:
        said = yaml.load(text, LOADER) or {}
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else 0
        raise DefinitionError.at(Place(str(path), line), f"no YAML: {exc.problem}", _FORM) from exc
    if not isinstance(said, dict) or not all(map(_is_said, said.values())):
        raise DefinitionError.at(Place(str(path)), "not the words of answers by language", _FORM)
    return said


_FORM = "write lines such as: no: {de: nein, fr: non}"


def _is_said(words: object) -> bool:
    return isinstance(words, dict) and all(isinstance(each, str) for each in words.values())
