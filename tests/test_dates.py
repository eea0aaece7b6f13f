"""EDTF dates: their bounds against a count of days, what is refused, and what was meant."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from kg.dates import Bounds, DateError, bounds, duration_ok

REFUSED: list[dict[str, str]] = yaml.load(
    (Path(__file__).parent / "faults" / "dates.yaml").read_text("utf-8"), yaml.BaseLoader
)
SPRING, SUMMER, AUTUMN, WINTER = range(21, 25)

# --- an oracle that knows no rule of the calendar: it goes through the days --------------------


def days_of(text: str) -> list[date]:
    """All days that a single date may mean, by looking at each day of the years in question."""
    year, *rest = text.rstrip("?~%").split("-")
    low, high = int(year.replace("X", "0")), int(year.replace("X", "9"))
    day, end = date(low, 1, 1), date(min(high + 1, 9999), 12, 31)
    found = []
    while day <= end:
        if fits(day, low, high, rest):
            found.append(day)
        if day == end:
            break
        day += timedelta(1)
    return found


def fits(day: date, low: int, high: int, rest: list[str]) -> bool:
    month = int(rest[0]) if rest and rest[0] != "XX" else None
    if month is not None and month >= SPRING:
        year = day.year - 1 if month == WINTER and day.month < 3 else day.year
        season = {
            3: SPRING,
            4: SPRING,
            5: SPRING,
            6: SUMMER,
            7: SUMMER,
            8: SUMMER,
            9: AUTUMN,
            10: AUTUMN,
            11: AUTUMN,
        }
        return low <= year <= high and season.get(day.month, WINTER) == month
    in_day = len(rest) < 2 or rest[1] == "XX" or day.day == int(rest[1])
    return low <= day.year <= high and (month is None or day.month == month) and in_day


years = st.one_of(st.integers(1, 9998), st.sampled_from([1900, 2000, 2019, 2020, 2100])).map("{:04}".format)
months = st.integers(1, 12).map("{:02}".format)
marks = st.sampled_from(["", "", "?", "~", "%"])
plain = st.one_of(
    years,
    st.tuples(years, months).map("-".join),
    st.builds(lambda day: day.isoformat(), st.dates(date(1, 1, 1), date(9998, 12, 31))),
)
edtf_only = st.one_of(
    st.tuples(years, st.sampled_from(["21", "22", "23", "24", "XX", "XX-XX"])).map("-".join),
    st.builds("{}-{}-XX".format, years, months),
    st.integers(1, 998).map("{:03}X".format),
)
singles = st.builds(str.__add__, st.one_of(plain, edtf_only), marks)
few = settings(max_examples=40, deadline=None)


@given(singles)
@few
def test_bounds_are_the_first_and_last_day(text: str) -> None:
    days = days_of(text)
    assert bounds(text) == Bounds(days[0], days[-1])


@given(singles, singles)
@few
def test_an_interval_runs_from_the_first_day_of_one_to_the_last_of_the_other(start: str, end: str) -> None:
    first, last = days_of(start)[0], days_of(end)[-1]
    if first <= last:
        assert bounds(f"{start}/{end}") == Bounds(first, last)
    else:
        with pytest.raises(DateError, match="ends before it starts; is it"):
            bounds(f"{start}/{end}")


@given(singles)
@few
def test_an_open_end_has_no_bound(text: str) -> None:
    days = days_of(text)
    assert bounds(f"{text}/..") == Bounds(days[0], None)
    assert bounds(f"../{text}") == Bounds(None, days[-1])


@given(plain)
@few
def test_the_library_agrees_on_plain_dates(text: str) -> None:
    from edtf import parse_edtf

    found = parse_edtf(text)
    assert bounds(text) == (date(*found.lower_strict()[:3]), date(*found.upper_strict()[:3]))


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)), st.integers(0, 99), st.integers(0, 99))
def test_a_day_is_read_if_it_is_in_the_calendar(day: date, month: int, number: int) -> None:
    text = f"{day.year:04}-{month:02}-{number:02}"
    try:
        expected = Bounds(*[date.fromisoformat(text)] * 2)
    except ValueError:
        with pytest.raises(DateError):
            bounds(text)
    else:
        assert bounds(text) == expected


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2023-21", "2023-03-01", "2023-05-31"),
        ("2019-21~", "2019-03-01", "2019-05-31"),
        ("2019-24", "2019-12-01", "2020-02-29"),
        ("2018-24", "2018-12-01", "2019-02-28"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("20XX", "2000-01-01", "2099-12-31"),
        ("2020-XX", "2020-01-01", "2020-12-31"),
        ("2020-02-XX?", "2020-02-01", "2020-02-29"),
        ("2014/2016", "2014-01-01", "2016-12-31"),
        ("2019-05/2019", "2019-05-01", "2019-12-31"),
        ("0001/9999", "0001-01-01", "9999-12-31"),
        ("2021-10-12", "2021-10-12", "2021-10-12"),
    ],
)
def test_dates_as_they_are_written(text: str, earliest: str, latest: str) -> None:
    assert [str(day) for day in bounds(text)] == [earliest, latest]


# --- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row["date"] or "empty")
def test_a_refusal_says_what_and_what_to_do(row: dict[str, str]) -> None:
    with pytest.raises(DateError) as caught:
        bounds(row["date"])
    error = caught.value
    assert f"{error.what}; {error.fix}" == str(error) == row["said"]
    assert error.suggestion == row.get("meant")


MEANT = {
    "2021-10-12": "2021/10/12, 2021.10.12, 20211012, 2021-10-12T09:30:00Z, 2021-10-12 09:30, 2021-10-12 , "
    "12. oktober 2021, 12 Oct 2021, 12th of October 2021",
    "2021-10-13": "13/10/2021, 10/13/2021, 13-10-2021, 13. 10. 2021",
    "2021-10": "2021/10, 2021.10, 10.2021, 10/2021, okt. 2021, October 2021, 2021 oktober, ２０２１-10",
    "2021-05": "maj 2021, mai 2021, May 2021, 2021-5, 2021‑05",
    "2019-21": "Spring 2019, forår 2019, våren 2019, 2019 vår, spring of 2019, 2019-25",
    "2019-22": "sommeren 2019, sommaren 2019",
    "2019-23": "efteråret 2019, høst 2019, hösten 2019, hausten 2019, fall 2019",
    "2019-24": "vinteren 2019, vintern 2019, winter 2019",
    "2019~": "~2019, ca. 2019, c. 2019, cirka 2019, omkring 2019, ungefär 2019",
    "2019%": "2019?~, ?~2019",
    "2019-05~": "2019-~05, ca. maj 2019",
    "2019-21~": "circa spring 2019",
    "201X": "201x, 201u, 2010s, 2010'erne, 2010-tallet, 2010-talet",
    "2019-XX": "2019-xx, 2019-uu",
    "2021-07/2021-09": "Q3 2021, 2021-Q3, 2021Q3, 3. kvartal 2021, 2021-35",
    "2021-01/2021-06": "2021-40",
    "2019/2021": "2019–2021, 2019-2021, 2019 - 2021, 2019 to 2021, 2019 til 2021, 2019..2021",
    "2019/..": "2019/open, 2019/present, 2019 - now",
    "2021-01-05/2021-02-06": "2021-1-5/2021-2-6, 5.1.2021 - 6.2.2021",
}


@pytest.mark.parametrize(
    ("meant", "slip"), [(m, slip) for m, line in MEANT.items() for slip in line.split(", ")]
)
def test_a_slip_with_one_reading_is_corrected(meant: str, slip: str) -> None:
    with pytest.raises(DateError, match="did you mean") as caught:
        bounds(slip)
    assert caught.value.suggestion == meant


@pytest.mark.parametrize(
    "text", ["2014/", "12/10/2021", "2020-10/2019-01", "12.10.21", "31.02.2021", "2019-", "spring", "2019-42"]
)
def test_what_has_no_sure_reading_is_left_to_its_writer(text: str) -> None:
    with pytest.raises(DateError) as caught:
        bounds(text)
    assert caught.value.suggestion is None


alphabet = st.sampled_from(
    [*"0123456789", *"0012--//..", *"?~%XxuTtYEQ[]{}, ", "20", "19", "..", "maj", "vår", "ca. ", " to ", "–"]
)


@given(st.one_of(st.lists(alphabet, max_size=14).map("".join), st.text(max_size=30)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused_and_a_suggestion_is_read(text: str) -> None:
    try:
        first, last = bounds(text)
    except DateError as exc:
        assert exc.what and exc.fix
        if exc.suggestion:
            assert bounds(exc.suggestion)
    else:
        assert first is None or last is None or first <= last


def test_a_very_long_text_is_refused_at_once() -> None:
    with pytest.raises(DateError) as caught:
        bounds("ca. " * 100_000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "text", ["P2Y", "PT15M", "P1Y6M", "P3W", "P1DT12H", "PT0.5S", "P0D", "P10Y2M3DT4H5M6S"]
)
def test_durations(text: str) -> None:
    assert duration_ok(text)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1YT", "2Y", "P-1Y", "P1.5Y", "P1M1Y", "P1Y2W", "15 min", "P1Y\n", "p1y", "P٢Y"]
)
def test_what_is_no_duration(text: str) -> None:
    assert not duration_ok(text)
