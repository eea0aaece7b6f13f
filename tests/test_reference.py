"""The reference data: what is in it, and that it says no more than its registers do."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "data" / "reference"
SOURCES = ROOT / "data" / "sources"
FILES = sorted(REFERENCE.glob("*.csv"))
CURRENT = {"DK": "municipality-dk", "NO": "municipality-no", "SE": "municipality-se"}
LABEL = {"DK": "label@da", "NO": "label@nb", "SE": "label@sv"}
SHARED = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared"))

Row = dict[str, str]


@cache
def rows(name: str) -> list[Row]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def norway() -> dict[str, Row]:
    return {row["id"]: row for row in rows("municipality-no") + rows("municipality-no-former")}


def no(*codes: str) -> set[str]:
    return {f"municipality/no-{code}" for code in codes}


def predecessors(code: str) -> set[str]:
    return set(parts(norway()[f"municipality/no-{code}"]["successor-of"]))


def end(row: Row) -> str:
    return row.get("valid-to") or "9999"


def event(id: str) -> Row:
    return next(row for row in rows("change-event-no") if row["id"] == f"change-event/no-{id}")


@pytest.mark.parametrize(("country", "count"), [("DK", 98), ("NO", 357), ("SE", 290)])
def test_every_current_municipality_is_there(country: str, count: int) -> None:
    assert len(rows(CURRENT[country])) == count


@pytest.mark.parametrize(("country", "total"), [("DK", 5_822_679), ("NO", 5_550_203), ("SE", 10_327_589)])
def test_populations_add_up_to_the_country(country: str, total: int) -> None:
    assert sum(int(row["population"]) for row in rows(CURRENT[country])) == total


def test_regions_are_those_of_the_municipalities() -> None:
    regions = {row["id"]: row["country"] for row in rows("region")}
    assert Counter(regions.values()) == {"DK": 5, "NO": 15, "SE": 21}
    for country, name in CURRENT.items():
        assert {row["region"] for row in rows(name)} == {id for id, c in regions.items() if c == country}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_are_sorted_and_plain(path: Path) -> None:
    data = path.read_bytes()
    assert b"\r" not in data and data.endswith(b"\n") and not data.startswith(b"\xef\xbb\xbf")
    ids = [row["id"] for row in rows(path.stem)]
    assert ids == sorted(set(ids))
    cells = list(chain.from_iterable(row.values() for row in rows(path.stem)))
    assert all(cell == cell.strip() and all(parts(cell)) for cell in cells)


def test_ids_are_unique_over_all_files() -> None:
    ids = Counter(row["id"] for path in FILES for row in rows(path.stem))
    assert [id for id, count in ids.items() if count > 1] == []


def test_keys_are_country_and_code_and_never_a_name() -> None:
    for name in [*CURRENT.values(), "municipality-no-former", "region"]:
        for row in rows(name):
            assert row["id"].split("/")[1] == f"{row['country'].lower()}-{row['code']}"
            assert re.fullmatch(r"[a-z]+/[a-z]{2}-(?=\d)\d+u?", row["id"])


@pytest.mark.parametrize(("name", "codes"), [("Herøy", no("1515", "1818")), ("Våler", no("3114", "3419"))])
def test_a_name_that_occurs_twice_is_two_municipalities(name: str, codes: set[str]) -> None:
    assert {row["id"] for row in rows("municipality-no") if row["label@nb"] == name} == codes


def test_every_reference_and_source_exists() -> None:
    ids = {row["id"] for path in FILES for row in rows(path.stem)}
    sources = {path.stem for path in SOURCES.glob("*.yaml")}
    for path in FILES:
        for row in rows(path.stem):
            for key in ("region", "successor-of", "original", "resulting", "maker"):
                assert set(parts(row.get(key, ""))) <= ids, row["id"]
            cited = {*parts(row["source"]), *parts(row.get("population-source", ""))}
            assert cited and cited <= sources, row["id"]


def test_every_register_is_cited() -> None:
    cited = {s for path in FILES for row in rows(path.stem) for s in parts(row["source"])}
    cited |= {row["population-source"] for name in CURRENT.values() for row in rows(name)}
    registers = {p.stem for p in SOURCES.glob("*.yaml") if "stance: register" in p.read_text("utf-8")}
    assert registers <= cited


def test_validity_is_never_reversed() -> None:
    former = rows("municipality-no-former")
    assert all(re.fullmatch(r"\d{4}-12-31", row["valid-to"]) for row in former)
    dated = [row for row in former if row["valid-from"]]
    assert dated and all(row["valid-from"] < row["valid-to"] for row in dated)
    assert not any(row["valid-from"].startswith("<") for row in norway().values())


def test_predecessors_end_the_day_before_the_change() -> None:
    every = norway()
    for change in rows("change-event-no"):
        year = int(change["on"][:4])
        assert change["on"] == f"{year}-01-01"
        for original in parts(change["original"]):
            assert every[original]["valid-to"] == f"{year - 1}-12-31", change["id"]
        for resulting in parts(change["resulting"]):
            assert every[resulting]["valid-from"] <= change["on"] <= end(every[resulting]), change["id"]


def test_events_and_successors_tell_the_same_steps() -> None:
    steps = [
        (original, resulting)
        for change in rows("change-event-no")
        for original in parts(change["original"])
        for resulting in parts(change["resulting"])
    ]
    assert len(steps) == len(set(steps))
    assert set(steps) == {(p, id) for id, row in norway().items() for p in parts(row["successor-of"])}


def test_every_former_municipality_has_a_successor() -> None:
    gone = {row["id"] for row in rows("municipality-no-former")}
    assert gone == {p for row in norway().values() for p in parts(row["successor-of"])}


def test_molde_of_2020_is_another_than_the_one_before() -> None:
    assert predecessors("1506") == no("1502", "1543", "1545")
    assert norway()["municipality/no-1502"]["valid-to"] == "2019-12-31"
    assert norway()["municipality/no-1506"]["valid-from"] == "2020-01-01"
    assert event("2020-1506")["change-kind"] == "merger"


@pytest.mark.parametrize(
    ("id", "successors"),
    [
        ("2020-1850", no("1806", "1875")),
        ("2020-5012", no("5055", "5056", "5059")),
        ("2024-1507", no("1508", "1580")),
    ],
)
def test_a_split_has_all_its_successors(id: str, successors: set[str]) -> None:
    split = event(id)
    assert split["change-kind"] == "split" and split["complete"] == "true"
    assert set(parts(split["resulting"])) == successors
    assert all(no(id[5:]) <= predecessors(code[-4:]) for code in successors)


def test_no_other_change_has_several_successors() -> None:
    several = {row["id"][-9:] for row in rows("change-event-no") if "|" in row["resulting"]}
    assert several == {"2020-1850", "2020-5012", "2024-1507"}


def test_steps_are_immediate() -> None:
    assert predecessors("3103") == no("3002") and predecessors("3002") == no("0104", "0136")
    assert predecessors("5012") == no("1613") and event("2018-5012")["change-kind"] == "renumbering"
    assert predecessors("1580") == no("1507") and no("1534") <= predecessors("1507")


def test_what_one_witness_tells_is_not_called_complete() -> None:
    for change in rows("change-event-no"):
        assert change["complete"] == ("true" if "|" in change["source"] else ""), change["id"]


def test_only_stated_or_marked_makers() -> None:
    named = [row for row in rows("platform") if row["maker"] or row["maker-firmness"]]
    makers = {row["id"].split("/")[1]: (row["maker"], row["maker-firmness"]) for row in named}
    assert makers.pop("getorganized") == ("organisation/netcompany", "stated")
    assert set(makers.values()) == {("organisation/microsoft", "inferred")}
    assert set(makers) == {"microsoft-teams", "microsoft-office-365", "microsoft-365", "skype-for-business"}


needs_gazetteer = pytest.mark.skipif(
    not (SHARED / "gazetteer").is_dir(), reason=f"no gazetteer at {SHARED}; set KG_SHARED to compare"
)


def gazetteer(name: str) -> list[Row]:
    with (SHARED / "gazetteer" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@needs_gazetteer
@pytest.mark.parametrize("country", sorted(CURRENT))
def test_rows_are_those_of_the_gazetteer(country: str) -> None:
    theirs = {row["code"]: row for row in gazetteer(f"{country.lower()}_municipalities.csv")}
    ours = {row["code"]: row for row in rows(CURRENT[country])}
    assert set(ours) == set(theirs)
    for code, row in ours.items():
        other = theirs[code]
        label = LABEL[country]
        known = {row[label], *parts(row.get(f"alt-{label}", ""))}
        assert {other["name"], *parts(other["alt_names"])} <= known
        assert row["region"] == f"region/{country.lower()}-{other['region_code']}"
        for key in ("official-name", "population", "wikidata"):
            assert row[key] == other[key.replace("-", "_")], (code, key)
        assert row.get("org-number", "") == other["org_number"]
        assert row["population-date"].rstrip("?") == other["population_date"][:10]
        if not other["valid_from"].startswith("<"):
            assert row.get("valid-from", "") == other["valid_from"]


@needs_gazetteer
def test_former_municipalities_are_those_of_the_series() -> None:
    series = {row["code"]: row for row in gazetteer("no_municipality_history.csv") if row["valid_to_year"]}
    ours = {row["code"]: row for row in rows("municipality-no-former")}
    assert set(ours) == set(series)
    for code, row in ours.items():
        name = " ".join(series[code]["name"].split())
        assert name in {row["label@nb"], *parts(row["alt-label@nb"])}
        assert row["valid-to"][:4] == series[code]["valid_to_year"]
        assert row["valid-from"][:4] in ("", series[code]["valid_from_year"])


@needs_gazetteer
def test_successors_lead_to_those_of_the_series() -> None:
    """The steps from a former code end where the series says; of Ålesund's two it knows one."""
    ahead: dict[str, set[str]] = {}
    for id, row in norway().items():
        for predecessor in parts(row["successor-of"]):
            ahead.setdefault(predecessor, set()).add(id)

    def ends(id: str) -> set[str]:
        return set().union(*(ends(step) for step in ahead[id])) if id in ahead else {id}

    for row in gazetteer("no_municipality_history.csv"):
        if row["valid_to_year"] and row["successor_code_2024"] != "Rest":
            reached = ends(f"municipality/no-{row['code']}")
            assert no(row["successor_code_2024"]) <= reached
            assert reached in (no(row["successor_code_2024"]), no("1508", "1580"))
