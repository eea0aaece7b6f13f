"""Dates in EDTF: which days they may mean, and what was meant where they are none.

Read are years, months, days, seasons (`2019-21` spring to `2019-24` winter), unspecified
digits from the right (`201X`, `2019-XX`, `2019-05-XX`), any of them uncertain or approximate
(`?`, `~`, `%`), and intervals of these, open (`..`) at one end. The rest of level 2 is refused.

Qualifiers do not widen: `2019~` has the bounds of `2019`, for how far off it may be is not
said. Seasons are those of the north by calendar months; winter goes on into the next year.
Source: https://www.loc.gov/standards/datetime/ (ISO 8601-2).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kg.dates import slips

_MONTH = "(0[1-9]|1[0-2])"
_CALENDAR = re.compile(f"([0-9]{{4}})(?:-{_MONTH}(?:-([0-9]{{2}}))?)?")
_OTHER = re.compile(f"[0-9]{{3}}X|[0-9]{{2}}XX|[0-9]{{4}}-(?:2[1-4]|XX|XX-XX|{_MONTH}-XX)")
_QUALIFIED = re.compile("(.*?)[?~%]?")
_NO_MONTH = re.compile("[0-9]{4}-(00|1[3-9]|20|4[2-9]|[5-9][0-9])(?:-.*)?")
_YEAR_OUT = re.compile(
    "[Yy]-?[0-9].*|-[0-9]{4}.*|[0-9]{5,7}(?:[-/].*)?|[0-9]{9,}|(?:0000|000X|00XX|9999-24).*"
)
_DURATION = re.compile(
    "P[0-9]+W"
    "|P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?"
    r"(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
)
_OPEN = ".."
_HOW = "write it as 2021, 2021-10, 2021-10-12, 2021-21 (spring) or 2019/2021"
_LOOK = "look it up in the source"


class Bounds(NamedTuple):
    """The first and the last day that a date may mean; None at an open end."""

    earliest: date | None
    latest: date | None


class DateError(ValueError):
    """What is wrong with a date, the fix in words, and the corrected date if there is only one."""

    def __init__(self, what: str, fix: str, suggestion: str | None = None) -> None:
        super().__init__(f"{what}; {fix}")
        self.what, self.fix, self.suggestion = what, fix, suggestion


@lru_cache(maxsize=4096)
def bounds(text: str) -> Bounds:
    """The first and last day of an EDTF date.

    :raises DateError: if it is none that is read.

    >>> [str(day) for day in bounds("2019-24~")]
    ['2019-12-01', '2020-02-29']
    >>> bounds("2014/..").latest is None
    True
    >>> bounds("12.10.2021")
    Traceback (most recent call last):
    kg.dates.DateError: “12.10.2021” is no EDTF date; did you mean 2021-10-12?
    """
    try:
        return _read(text)
    except DateError as exc:
        if guesses := slips.readings(text, _is_read):
            only = guesses[0] if len(guesses) == 1 else None
            raise DateError(exc.what, f"did you mean {' or '.join(guesses)}?", only) from None
        raise


def duration_ok(text: str) -> bool:
    """Whether `text` is an ISO 8601 duration in whole units (seconds may have a fraction).

    >>> [duration_ok(text) for text in ("P2Y", "PT15M", "P1Y6M", "P3W", "P", "P1YT", "2Y")]
    [True, True, True, True, False, False, False]
    """
    return _DURATION.fullmatch(text) is not None


def _is_read(text: str) -> bool:
    try:
        _read(text)
    except DateError:
        return False
    return True


def _read(text: str) -> Bounds:
    match text.split("/"):
        case [start, end]:
            return _interval(start, end)
        case [_]:
            return _single(text)
        case _:
            raise _refusal(text)


def _interval(start: str, end: str) -> Bounds:
    """The bounds of `start/end`. The library takes an empty end for ten years, and a reversed one."""
    if not start or not end:
        which, given = ("end", start) if start else ("start", end)
        fix = f"write {start or _OPEN}/{end or _OPEN} if it is open, or {given} if that is all"
        raise DateError(f"the interval has no {which}", fix if given else _HOW)
    if start == end == _OPEN:
        raise DateError("the interval is open at both ends", "give one, or leave the date out")
    first = Bounds(None, None) if start == _OPEN else _single(start)
    last = Bounds(None, None) if end == _OPEN else _single(end)
    if first.earliest and last.latest and first.earliest > last.latest:
        raise DateError("the interval ends before it starts", f"is it {end}/{start}? {_LOOK}")
    return Bounds(first.earliest, last.latest)


def _single(text: str) -> Bounds:
    """The bounds of a date that is no interval."""
    bare = _QUALIFIED.fullmatch(text)  # the library takes no qualifier after a season
    value = bare[1] if bare and not _YEAR_OUT.fullmatch(text) else ""
    if match := _CALENDAR.fullmatch(value):
        return _calendar(match)
    if _OTHER.fullmatch(value):
        return _by_library(value)
    raise _refusal(text)


def _calendar(match: re.Match[str]) -> Bounds:
    """A year, month or day: common, cheap, and the library takes 29 February in every year."""
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    length = monthrange(year, month or 12)[1]
    if match[3] and not 1 <= day <= length:
        raise DateError(f"there is no day {match[0]}", f"{match[0][:7]} has {length} days: {_LOOK}")
    return Bounds(date(year, month or 1, day or 1), date(year, month or 12, day or length))


def _by_library(value: str) -> Bounds:
    """A season, or a date with unspecified digits."""
    from edtf import parse_edtf

    found = parse_edtf(value)
    first, last = date(*found.lower_strict()[:3]), date(*found.upper_strict()[:3])
    if value.endswith("-24"):  # the library lets winter end with December
        last = date(last.year + 1, 2, monthrange(last.year + 1, 2)[1])
    return Bounds(first, last)


def _refusal(text: str) -> DateError:
    """The error for a text that is no date, or none that is read."""
    if not text.strip():
        return DateError("the date is empty", f"{_HOW}, or leave it out")
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text[:40])
    if _YEAR_OUT.fullmatch(text):
        return DateError(f"the year of “{shown}” is out of range", "years go from 0001 to 9999")
    if text[0] in "[{":
        return DateError(
            "a set or list of dates is not read", "write an interval such as 2019/2021, or one date"
        )
    if match := _NO_MONTH.fullmatch(text):
        return DateError(f"there is no month {match[1]}", _HOW)
    return DateError(f"“{shown}” is no EDTF date", _HOW)
