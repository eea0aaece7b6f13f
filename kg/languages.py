"""Which language a reader is given: of texts that data, shapes and questions have, and of this program's own.

What nobody says in the reader's language is told in the next best, which is English for most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

LANGUAGES = ("en", "da", "nb", "nn", "sv")
"""The languages of this program's own words, in the order of the columns of a table."""

NEXT_BEST = {"nn": ("nb",)}
"""Languages whose readers are better served by another one than by English."""

Table = Mapping[str, tuple[str, str, str, str, str]]
"""Words by key, in all languages; the forms of a noun with a stroke between: `file/files`."""

T = TypeVar("T")


def nearest(lang: str) -> tuple[str, ...]:
    """The languages to look in for a reader of `lang`, the best first.

    >>> nearest("da-DK"), nearest("nn"), nearest("en")
    (('da-dk', 'da', 'en'), ('nn', 'nb', 'en'), ('en',))
    """
    lang = lang.lower()
    primary = lang.split("-")[0]
    return tuple(dict.fromkeys((lang, primary, *NEXT_BEST.get(primary, ()), "en")))


def pick(said: Mapping[str, T], lang: str) -> T:
    """What is said in `lang`, or else in the next best language; `""` is the key of no language.

    >>> said = {"en": "yes", "nb": "ja", "da-dk": "jo"}
    >>> pick(said, "nn"), pick(said, "sv"), pick(said, "da")
    ('ja', 'yes', 'jo')
    """
    lang = lang.lower()
    if lang in said or len(said) == 1:
        return said[lang] if lang in said else next(iter(said.values()))
    for wanted in nearest(lang):
        for tag in sorted(said):
            if tag == wanted or tag.startswith(wanted + "-"):
                return said[tag]
    return said[min(said)]


def tag(said: Mapping[str, T], lang: str) -> str:
    """The language of what `pick` takes.

    >>> tag({"en": "yes", "nb": "ja"}, "nn")
    'nb'
    """
    return pick({each: each for each in said}, lang)


def by_language(said: Sequence[str]) -> dict[str, str]:
    """A row of a table as texts by language: one in each, or in each but Nynorsk.

    >>> by_language(("yes", "ja", "ja", "ja"))
    {'en': 'yes', 'da': 'ja', 'nb': 'ja', 'sv': 'ja'}
    """
    spoken = LANGUAGES if len(said) == len(LANGUAGES) else [each for each in LANGUAGES if each != "nn"]
    return dict(zip(spoken, said, strict=True))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a table in one language, which is one of the table's.

    >>> said = Words({"more": ("{number} more", "{number} til", "", "", ""), "file": ("file/files",) * 5})
    >>> said["file"], said.count("file", 1), said.count("file", 2), said.say("more", number=12)
    ('file', '1 file', '2 files', '12 more')
    """

    table: Table
    lang: str = "en"

    def __getitem__(self, key: str) -> str:
        """The word or sentence, nouns in the singular."""
        return self._forms(key)[0]

    def count(self, noun: str, number: int) -> str:
        """The number with its noun."""
        return f"{number} {self._forms(noun)[0 if number == 1 else -1]}"

    def say(self, sentence: str, **fills: object) -> str:
        """The sentence with its blanks filled."""
        return self[sentence].format(**fills)

    def _forms(self, key: str) -> list[str]:
        return self.table[key][LANGUAGES.index(self.lang)].split("/")


def words(table: Table, lang: str) -> Words:
    """The words of a table in the language nearest to `lang`; English where there is none.

    >>> words({}, "da-DK").lang, words({}, "fi").lang
    ('da', 'en')
    """
    return Words(table, tag(dict.fromkeys(LANGUAGES, ""), lang))
