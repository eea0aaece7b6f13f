"""docs/coverage.csv: every fact of the reference reading is in the graph, or stands there with its reason.

The reading and the texts are other people's and no part of the project. Where they are not
at hand (`KG_SHARED`, else `../shared`), what needs them is skipped and says so.
"""

from __future__ import annotations

import csv
import re
import subprocess
from collections import defaultdict
from functools import cache
from hashlib import sha256
from typing import Any

import pytest
import whole
import yaml
from pyoxigraph import NamedNode
from whole import ROOT, cg, objects, shared, short

from kg.names import HOME, OA
from kg.sources import Text

TABLE = ROOT / "docs" / "coverage.csv"
PAGE = ROOT / "docs" / "coverage.md"
NOISE = {"noise", "personal-data"}
LONGEST_RUN = 12
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w-]+")
TELEPHONE = re.compile(r"\+\d{2}(?:[ -]?\d){7,}|\b\d{2}(?: \d{2}){3}\b|\b(?:tlf|telefon|phone)\b\W*\d", re.I)
NAME = re.compile(r"\b[A-ZÆØÅÄÖ][\w'-]+(?: [A-ZÆØÅÄÖ][\w'-]+)+")

Span = tuple[int, int]
Row = dict[str, str]


@cache
def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def nodes(row: Row) -> list[NamedNode]:
    return [NamedNode(HOME + path) for path in row["nodes"].split()]


# --- The table by itself


def test_the_table_has_a_row_for_each_fact_sorted():
    assert list(rows()[0]) == ["fact", "nodes", "reason"]
    ids = [row["fact"] for row in rows()]
    assert ids == sorted(set(ids))
    assert all(re.fullmatch(r"\d{3}-\d{2}", each) for each in ids)


def test_a_fact_has_nodes_or_a_reason_and_not_both():
    assert [row["fact"] for row in rows() if bool(row["nodes"]) == bool(row["reason"])] == []
    assert [row["fact"] for row in rows() if len(set(nodes(row))) != len(nodes(row))] == []


def test_each_node_is_in_the_graph(store: Any):
    lost = [(r["fact"], short(n)) for r in rows() for n in nodes(r) if not _any(store, n)]
    assert lost == []


def _any(store: Any, node: NamedNode) -> bool:
    return next(store.quads_for_pattern(node, None, None), None) is not None


def figures(table: list[Row]) -> str:
    """The figures of the page: a line for each source, and one for all."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in table:
        groups[row["fact"][:3]].append(row)
    lines = [_line(" ".join(_cases(group)), group) for _, group in sorted(groups.items())]
    head = "| case | facts | in the graph | noise or personal data | nodes |\n|---|---|---|---|---|\n"
    return head + "".join(lines) + _line("all", table)


def _cases(group: list[Row]) -> list[str]:
    return sorted({n.split("/")[1] for row in group for n in row["nodes"].split() if n.startswith("case/")})


def _line(name: str, group: list[Row]) -> str:
    kept = [row for row in group if row["nodes"]]
    places = {node for row in kept for node in row["nodes"].split()}
    return f"| {name} | {len(group)} | {len(kept)} | {len(group) - len(kept)} | {len(places)} |\n"


def test_the_figures_of_the_page_are_those_of_the_table():
    assert figures(rows()) in PAGE.read_text(encoding="utf-8"), figures(rows())


# --- Against the reading of the texts


@cache
def reading() -> dict[str, dict[str, Any]]:
    """Fact id → the fact, by the second reading where it differs; `spans` are those of its evidence."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(shared("facts").glob("*.yaml")):
        found |= {fact["id"]: fact for fact in yaml.safe_load(path.read_text(encoding="utf-8"))["facts"]}
    second = yaml.safe_load(shared("facts-second-reading.yaml").read_text(encoding="utf-8"))
    for change in second["corrections"]:
        found[change["id"]] |= change.get("change", {})
        found[change["id"]] |= {"evidence": change["evidence"]} if "evidence" in change else {}
    found |= {fact["id"]: fact for fact in second["new_facts"]}
    for fact in found.values():
        fact["spans"] = [(e["start"], e["end"]) for e in fact.get("evidence") or ()]
    return found


@cache
def headers() -> dict[str, dict[str, Any]]:
    """First part of the fact ids → what the reading says of the text itself."""
    files = sorted(shared("facts").glob("*.yaml"))
    return {path.stem[:3]: yaml.safe_load(path.read_text(encoding="utf-8")) for path in files}


@cache
def texts() -> dict[str, Text]:
    """SHA-256 → text."""
    found = (Text(path.read_text(encoding="utf-8")) for path in sorted(shared("sources").glob("*.txt")))
    return {text.sha256: text for text in found}


@cache
def source_of() -> dict[str, NamedNode]:
    """First part of the fact ids → the source in the graph, by the SHA-256 of its text."""
    by_hash = {q.object.value: q.subject for q in whole.graph().quads if q.predicate == cg("sha256")}
    return {prefix: by_hash[head["sha256"]] for prefix, head in headers().items()}


def test_the_table_has_the_facts_of_the_reading_and_no_other():
    assert {row["fact"] for row in rows()} == set(reading())


def test_nearly_all_that_is_not_noise_is_in_the_graph():
    meant = [row for row in rows() if reading()[row["fact"]]["category"] not in NOISE]
    assert len([row for row in meant if row["nodes"]]) >= 0.95 * len(meant)


def test_what_is_left_out_is_noise_or_personal_data():
    left = {row["fact"]: row["reason"] for row in rows() if not row["nodes"]}
    assert {fact for fact, said in reading().items() if said["category"] in NOISE} <= set(left)
    assert all(reason.split(":")[0] in ("noise", "personal data") for reason in left.values())


def test_evidence_of_a_fact_overlaps_its_span():
    apart = [
        f"{row['fact']} {said['spans']}: {sorted(spans)}"
        for row in rows()
        for said in [reading()[row["fact"]]]
        if row["nodes"] and said["spans"]
        for spans in [{s for node in nodes(row) for s in evidence(node, source_of()[row["fact"][:3]])}]
        if not any(overlap(one, other) for one in spans for other in said["spans"])
    ]
    assert apart == []


def evidence(node: NamedNode, source: NamedNode) -> set[Span]:
    """The spans of a node's evidence in a source."""
    return {
        (int(start.value), int(end.value))
        for place in objects(node, cg("evidence"))
        if source in objects(place, NamedNode(OA + "hasSource"))
        for selector in objects(place, NamedNode(OA + "hasSelector"))
        for start in objects(selector, NamedNode(OA + "start"))
        for end in objects(selector, NamedNode(OA + "end"))
    }


def overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


# The class of the node that a kind of fact must have; all other kinds may be plain statements.
CLASSES = {
    "consultant": ("Speaker", "Training"),
    "derived": ("Outcome",),
    "forecast": ("Outcome",),
    "hope": ("Outcome",),
    "network-activity": ("NetworkActivity",),
    "outcome": ("Outcome",),
    "phase": ("Phase", "Project"),
    "platform": ("Introduction",),
    "predecessor": ("Replacement", "Project"),
    "procurement": ("Procurement", "Involvement"),
    "role": ("Role", "NetworkActivity"),
    "role-function": ("RoleFunction",),
    "speaker": ("Speaker",),
    "target": ("Outcome",),
    "training": ("Training",),
    "vendor": ("Involvement",),
    "vendor-role": ("Involvement",),
}
NONE_OF_ITS_CLASS = {
    "000-23": "how many results the text counts, not a result",
    "002-17": "an urging, with no beginning and no end",
    "003-04": "a part of a platform that has its own introduction",
    "003-06": "what the platform builds on and works with; none of it is introduced",
    "004-26": "workshops in a heading only; that anybody was trained is not said",
}


def test_a_fact_has_the_class_for_its_kind_before_a_general_statement():
    general = {
        row["fact"]
        for row in rows()
        for wanted in [CLASSES.get(reading()[row["fact"]]["category"])]
        if wanted and not any(cg(name) in objects(node, whole.TYPE) for node in nodes(row) for name in wanted)
    }
    assert general == set(NONE_OF_ITS_CLASS)


# --- Against the texts


def test_a_source_is_the_text_that_was_read():
    for prefix, head in headers().items():
        text = texts()[head["sha256"]]
        [length] = objects(source_of()[prefix], cg("length"))
        assert sha256(text.text.encode()).hexdigest() == head["sha256"]
        assert int(length.value) == len(text.text) == head["length_chars"]


def test_every_quote_stands_at_its_offsets():
    quotes = [(q.subject, q.object.value) for q in whole.graph().quads if q.predicate.value == OA + "exact"]
    assert len(quotes) > 300
    wrong = [short(selector) for selector, words in quotes if words != _words_at(selector)]
    assert wrong == []


def _words_at(selector: NamedNode) -> str:
    place = NamedNode(selector.value.removesuffix("/quote"))
    [source] = objects(place, NamedNode(OA + "hasSource"))
    [digest] = objects(source, cg("sha256"))
    [span] = [
        (int(start.value), int(end.value))
        for other in objects(place, NamedNode(OA + "hasSelector"))
        for start, end in zip(
            objects(other, NamedNode(OA + "start")), objects(other, NamedNode(OA + "end")), strict=True
        )
    ]
    return texts()[digest.value].at(span)


# --- What must stand in no file


@cache
def tracked() -> dict[str, str]:
    """Path → text of every file that git keeps, or would keep."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        run = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no git checkout here, so it is not known which files are kept")
    paths = [name for name in run.stdout.split("\0") if name and (ROOT / name).is_file()]
    return {name: (ROOT / name).read_text(encoding="utf-8", errors="replace") for name in paths}


def words(text: str) -> list[str]:
    return re.findall(r"\w+(?:[-.’']\w+)*", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of words that is longer than a quote may be."""
    found = words(text)
    return {tuple(found[i : i + LONGEST_RUN + 1]) for i in range(len(found) - LONGEST_RUN)}


def test_no_file_holds_more_than_a_quote_of_a_source():
    theirs = {run for text in texts().values() for run in runs(text.text)}
    copied = [f"{name}: {' '.join(run)}" for name, text in tracked().items() for run in runs(text) & theirs]
    assert copied == []


def people() -> set[str]:
    """The names of persons in the reading: of those who assert, speak, or are a contact or credited."""
    said = [text for fact in reading().values() for text in _naming(fact)]
    return {name for text in said for name in NAME.findall(text)}


def _naming(fact: dict[str, Any]) -> list[str]:
    asserters = fact.get("asserter") or []
    found = [asserters] if isinstance(asserters, str) else list(asserters)
    if "job_title" in fact or fact["category"] == "contact":
        found.append(fact["statement"].split(",")[0])
    if fact["category"] == "noise":
        found += [e["exact"] for e in fact["evidence"]]
    return found


def test_no_file_names_a_person_of_a_source():
    names = people()
    assert len(names) >= 8
    assert [f"{path}: {name}" for path, text in tracked().items() for name in names if name in text] == []


def test_the_data_holds_no_address_and_no_telephone_number():
    kept = {name: text for name, text in tracked().items() if name.startswith(("data/", "examples/"))}
    found = [
        f"{name}: {hit[0]}"
        for name, text in kept.items()
        for p in (E_MAIL, TELEPHONE)
        for hit in p.finditer(text)
    ]
    assert len(kept) > 30
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (E_MAIL, "write to kari@example.org"),
        (TELEPHONE, "+45 12 34 56 78"),
        (TELEPHONE, "12 34 56 78"),
        (TELEPHONE, "Tlf. 12345678"),
    ],
)
def test_an_address_would_be_found(pattern: re.Pattern[str], text: str):
    assert pattern.search(text)
    assert not pattern.search("at: [1731, 1768]")
