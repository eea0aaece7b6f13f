"""Words that turn what a sentence says into its opposite, or take something of it back, and their reach.

Which words, of which kinds, and how far they reach is data, a file for each language:

```yaml
language: da
abbreviations: [kr, mio]          # a point after these ends no sentence
ends: [men, fordi]                # words at which the reach of a cue ends, as it does at , ; : ( ) and dashes
cues:
  - kind: negation                # the notation of a code in the ontology, which says by what it is graded
    words: [ikke, "uden at", forvent*]
    before: 3                     # how many words before it, and after it, it reaches
    after: 6
    unless: [ikke blot]           # where it means nothing of the sort
    within: clause                # or sentence: then only the sentence ends its reach
```
A workspace adds to the lists of what it builds on, with files of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from kg import sources
from kg.cases.compose import LOADER
from kg.errors import DefinitionError, InputError
from kg.places import Place

Span = tuple[int, int]

_TOKEN = re.compile(r"\w[\w’'.]*\w|\w|[^\w\s]|\n")
_ENDS_CLAUSE = frozenset(',;:()[]–—"“”„«»')
_KEYS = frozenset(("kind", "words", "before", "after", "unless", "within"))


@dataclass(frozen=True, slots=True)
class Cue:
    """One entry of a list: a kind, its words as a pattern, where it is none, and how far it reaches."""

    kind: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    before: int
    after: int
    sentence: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A cue in a text: its kind, where it stands, and the span that it reaches over."""

    kind: str
    span: Span
    reach: Span


@dataclass(frozen=True)
class Cues:
    """The lists of one language, or of all."""

    cues: tuple[Cue, ...] = ()
    abbreviations: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()

    def __add__(self, other: Cues) -> Cues:
        return Cues(self.cues + other.cues, self.abbreviations | other.abbreviations, self.ends | other.ends)

    def near(self, text: str, span: Span) -> list[Found]:
        """The cues whose reach meets `span`, in the order of the text; those within it as well."""
        start, end = self.sentence(text, span)
        said = text[start:end]
        if not any(cue.words.search(said) for cue in self.cues):
            return []
        tokens = list(_tokens(said, start))
        found = [self._reach(cue, at, tokens) for cue in self.cues for at in _places(cue, said, start)]
        met = (each for each in found if each.reach[0] < span[1] and span[0] < each.reach[1])
        return sorted(met, key=lambda each: each.span)

    def within(self, text: str, span: Span) -> list[Found]:
        """The cues that stand in `span`, in the order of the text."""
        said = text[span[0] : span[1]]
        found = [Found(cue.kind, at, at) for cue in self.cues for at in _places(cue, said, span[0])]
        return sorted(found, key=lambda each: each.span)

    def sentence(self, text: str, span: Span) -> Span:
        """The sentence, or the sentences, that `span` is part of."""
        start = max((m.end() for m in self._ends(text, 0, span[0])), default=0)
        end = min((m.start() for m in self._ends(text, span[1], len(text))), default=len(text))
        return start, end

    def _ends(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        for match in _SENTENCE_END.finditer(text, start, end):
            before = _LAST_WORD.search(text, max(0, match.start() - 40), match.start())
            word = before[0].casefold().rstrip(".") if before else ""
            if match[0][0] != "." or word not in self.abbreviations:
                yield match

    def _reach(self, cue: Cue, at: Span, tokens: list[tuple[Span, str]]) -> Found:
        """The cue at the place `at`, and its reach among the words of its clause or sentence."""
        first = next(i for i, (span, _) in enumerate(tokens) if span[1] > at[0])
        last = max(i for i, (span, _) in enumerate(tokens) if span[0] < at[1])
        back = self._walk(cue, tokens[:first][::-1], cue.before)
        ahead = self._walk(cue, tokens[last + 1 :], cue.after)
        return Found(cue.kind, at, (back[0] if back else at[0], ahead[1] if ahead else at[1]))

    def _walk(self, cue: Cue, tokens: Iterable[tuple[Span, str]], most: int) -> Span | None:
        """The last of at most so many words that the cue reaches, if it reaches any."""
        reached: Span | None = None
        for span, word in tokens:
            ends = word in _ENDS_CLAUSE or word.casefold() in self.ends
            if most == 0 or (ends and not cue.sentence):
                break
            if word[0].isalnum():
                reached, most = span, most - 1
        return reached


_LAST_WORD = re.compile(r"[\w.]+\Z")
_SENTENCE_END = re.compile(
    r"[.!?…]+[)\]\"”’»']*(?:\s+(?=[^\Wa-zæøåäöüé\d_]|[–—\"“”„«»(•*-])|\s*\Z)|\n\s*\n|\n(?=\s*[•*–-])"
)


def _tokens(text: str, offset: int) -> Iterator[tuple[Span, str]]:
    for match in _TOKEN.finditer(text):
        if match[0] != "\n":
            yield (match.start() + offset, match.end() + offset), match[0]


def _places(cue: Cue, text: str, offset: int) -> Iterator[Span]:
    """Where the cue stands in `text`, and is one."""
    spared = [m.span() for m in cue.unless.finditer(text)] if cue.unless else []
    for match in cue.words.finditer(text):
        if not any(start <= match.start() < end for start, end in spared):
            yield match.start() + offset, match.end() + offset


@dataclass(frozen=True)
class WordLists:
    """The lists by language. `labels`: what the kinds are called, by language."""

    by_language: Mapping[str, Cues] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, language: str | None) -> Cues:
        """The lists of a language; of a part of one those of the whole; of an unknown one all."""
        if language is None:
            return self._all
        return self.by_language.get(language) or self.by_language.get(language.split("-")[0]) or Cues()

    @cached_property
    def _all(self) -> Cues:
        return sum(self.by_language.values(), Cues())

    def label(self, kind: str) -> Mapping[str, str]:
        """What a kind is called, by language."""
        return self.labels.get(kind) or {"": kind}


def load(paths: Iterable[Path], labels: Mapping[str, Mapping[str, str]] | None = None) -> WordLists:
    """The lists in the files `paths`; what two say of one language adds up. `labels`: of the kinds.

    :raises DefinitionError: if a file cannot be read, or is no list of words.
    """
    found: dict[str, Cues] = defaultdict(Cues)
    for path in paths:
        try:
            said = yaml.load(sources.read(path).text, LOADER)  # where “no” stays a word
        except InputError as exc:
            raise DefinitionError(*exc.faults) from exc
        except yaml.YAMLError as exc:
            mark = getattr(exc, "problem_mark", None)
            place = Place(str(path), mark.line + 1, mark.column + 1) if mark else Place(str(path))
            raise DefinitionError.at(
                place, "this is no YAML", "put words that begin with * in quotation marks"
            ) from exc
        language, cues = _language(said, Place(str(path)))
        found[language] += cues
    return WordLists(dict(found), labels or {})


def _language(said: Any, place: Place) -> tuple[str, Cues]:
    if not isinstance(said, dict) or not isinstance(said.get("language"), str):
        raise DefinitionError.at(place, "the list does not say its language", "write language: …")
    if unknown := said.keys() - {"language", "abbreviations", "ends", "cues"}:
        what = f"unknown key “{min(map(str, unknown))}” of a list of words"
        raise DefinitionError.at(place, what, "use language, abbreviations, ends, cues")
    entries = said.get("cues") or []
    if not isinstance(entries, list):
        raise DefinitionError.at(place, "“cues” is no list", "write - kind: … for each")
    cues = tuple(_cue(entry, place) for entry in entries)
    short = frozenset(word.casefold() for word in _words(said, "abbreviations", place))
    return said["language"], Cues(
        cues, short, frozenset(word.casefold() for word in _words(said, "ends", place))
    )


def _cue(said: Any, place: Place) -> Cue:
    if not isinstance(said, dict) or not isinstance(kind := said.get("kind"), str) or said.keys() - _KEYS:
        what = "an entry of “cues” has keys other than kind, words, before, after, unless and within"
        raise DefinitionError.at(place, what, "compare ontology/words of the package")
    words, unless = _words(said, "words", place), _words(said, "unless", place)
    before, after, within = said.get("before", "0"), said.get("after", "0"), said.get("within", "clause")
    if not words or not all(isinstance(n, str) and re.fullmatch("[0-9]{1,2}", n) for n in (before, after)):
        raise DefinitionError.at(
            place, f"the cues of the kind “{kind}” lack words, or a reach", "write before: 2"
        )
    if within not in ("clause", "sentence"):
        raise DefinitionError.at(place, f"“within” cannot be “{within}”", "write clause or sentence")
    spared = _pattern(unless) if unless else None
    return Cue(kind, _pattern(words), spared, int(before), int(after), within == "sentence")


def _words(said: Mapping[str, Any], key: str, place: Place) -> list[str]:
    words = said.get(key) or []
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip("* ") for word in words):
        raise DefinitionError.at(place, f"“{key}” is no list of words", f"write {key}: [one, another]")
    return words


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """What finds any of the words, small or capital; `*` stands for the rest of a word."""
    found = (r"\s+".join(re.escape(part).replace(r"\*", r"\w*") for part in word.split()) for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(found, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
