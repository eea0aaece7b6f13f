"""What was meant by a date that is not written in EDTF: all its readings, so that one alone is sure.

`12.10.2021` is a day in October, since before a dot the day comes first; `12/10/2021` may be
one in December too.

>>> [readings(text, str.isascii) for text in ("våren 2021", "2019–2021")]
[['2021-21'], ['2019-2021', '2019/2021']]
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_SEASONS = {
    word: f"{number}"
    for number, words in enumerate(
        (
            "spring forår foråret vår våren",
            "summer sommer sommeren sommar sommaren",
            "autumn fall efterår efteråret høst høsten haust hausten höst hösten",
            "winter vinter vinteren vintern",
        ),
        21,
    )
    for word in words.split()
}
_MONTHS = {
    word: f"{number:02}"
    for number, words in enumerate(
        (
            "jan january januar januari",
            "feb february februar februari",
            "mar march mars marts",
            "apr april",
            "may maj mai",
            "jun june juni",
            "jul july juli",
            "aug august augusti",
            "sep sept september",
            "oct okt october oktober",
            "nov november",
            "dec des december desember",
        ),
        1,
    )
    for word in words.split()
}
_PARTS = {"25": "21", "26": "22", "27": "23", "28": "24"}
_SPANS = {
    **{"33": "01/03", "34": "04/06", "35": "07/09", "36": "10/12"},
    **{"37": "01/04", "38": "05/08", "39": "09/12", "40": "01/06", "41": "07/12"},
}
"""The parts of a year that only level 2 has (quarters, thirds, halves), by their first and last months."""

_YEAR, _NUMBER, _WORD = "(?P<y>[0-9]{4})", "[0-9]{1,2}", "(?P<w>[a-zæøåäö]+)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}[-./ ](?P<m>{_NUMBER})(?:[-./ ](?P<d>{_NUMBER})(?:[t ].*)?)?",
        rf"{_YEAR}(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})",
        rf"(?:(?P<d>{_NUMBER})\. ?)?(?P<m>{_NUMBER})\. ?{_YEAR}",
        rf"(?:(?P<d>{_NUMBER})(?P<sep>[-/ ]))?(?P<m>{_NUMBER})[-/ ]{_YEAR}",
        rf"(?P<m>{_NUMBER})(?P<sep>[-/ ])(?P<d>{_NUMBER})(?P=sep){_YEAR}",
        rf"(?:(?P<d>{_NUMBER})(?:\.|st|nd|rd|th)? (?:of )?)?{_WORD}\.?,?(?: of)? {_YEAR}",
        rf"{_WORD}\.? (?P<d>{_NUMBER})(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_YEAR},? {_WORD}",
        rf"{_YEAR}[ -/]?q(?P<q>[1-4])",
        rf"(?:q(?P<q>[1-4])|(?P<k>[1-4])\. kvartal)[ -/]?{_YEAR}",
    )
)
_NEXT_YEAR = re.compile("([0-9]{2})([0-9]{2})[-/]([0-9]{2})")
_DECADE = re.compile("([0-9]{3})0(?:'?s|-?tall?et|'?erne|-?åra|-?årene)")
_ABOUT = re.compile(r"(?:c|ca|circa|cirka|about|around|approx|omkring|rundt|ungefär)\b\.? ?(.+)")
_BETWEEN = re.compile(r"(.+?) ?(?:/|\.\.|(?<= )-(?= )|\bto\b|\btill?\b|(?<=[0-9]{4})-(?=[0-9]{4})) ?(.+)")
_LONGEST = 60
_STILL = ("..", "open", "now", "present", "today", "ongoing")


def readings(text: str, is_date: Callable[[str], bool]) -> list[str]:
    """The dates, of those that `is_date` takes, that `text` can have meant; sorted."""
    if len(text) > _LONGEST:
        return []
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).lower().split())
    return sorted({reading for reading in (*_dates(plain), *_intervals(plain)) if is_date(reading)})


def _intervals(text: str) -> Iterator[str]:
    """The readings of `text` as an interval."""
    if (match := _NEXT_YEAR.fullmatch(text)) and int(match[3]) == int(match[2]) + 1:
        yield f"{match[1]}{match[2]}/{match[1]}{match[3]}"
    if match := _BETWEEN.fullmatch(text):
        for start in _side(match[1]):
            yield from (f"{start}/{end}" for end in _side(match[2]))


def _side(text: str) -> Iterator[str]:
    if text in _STILL:
        yield ".."
    yield from _dates(text)


def _dates(text: str) -> Iterator[str]:
    """The readings of `text` as a date that is no interval."""
    yield re.sub("[xu]", "X", text)
    if marks := set(re.findall("[?~%]", text)):
        mark = marks.pop() if len(marks) == 1 else "%"
        yield from (reading + mark for reading in _dates(re.sub("[?~%]", "", text)))
    if match := _ABOUT.fullmatch(text):
        yield from (f"{reading}~" for reading in _dates(match[1]))
    if match := _DECADE.fullmatch(text):
        yield f"{match[1]}X"
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(text):
            yield from _date(match.groupdict())


def _date(parts: dict[str, str | None]) -> Iterator[str]:
    """The date that the parts of a match make: its year with month and day, a word, or a quarter."""
    year, word, day = parts["y"], parts.get("w") or "", parts.get("d")
    quarter = parts.get("q") or parts.get("k")
    month = f"{32 + int(quarter)}" if quarter else parts.get("m") or _MONTHS.get(word)
    if word in _SEASONS and not day:
        yield f"{year}-{_SEASONS[word]}"
    if month in _SPANS and not day:
        first, last = _SPANS[month].split("/")
        yield f"{year}-{first}/{year}-{last}"
    elif month:
        month = _PARTS.get(month, month)
        yield f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
