"""Lines read in haste: the same quads as the exact reader gives, or none at all."""

from __future__ import annotations

import copy
import json
import random
import resource
import shutil
import signal
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from bees import GARDEN, HERE, HIVE, Bees
from hypothesis import given, settings, strategies as st

from kg import about, build, formats, runs, store
from kg.building import lines
from kg.cases import Swift, Values, read_line
from kg.cases.swift import Plain
from kg.errors import InputError
from kg.workspace import Workspace

ROOT = Path(__file__).parent.parent


@cache
def values(folder: Path) -> Values:
    space = Workspace.load(folder)
    onto = build.ontology_of(space)
    known = build.shared_nodes(build.read(space, onto, ()))
    return Values(onto, space.names, frozenset(space.languages), known)


@cache
def swift(folder: Path) -> Swift:
    return Swift(values(folder))


def numbers(part: Any, key: str = "") -> Any:
    """Places as numbers, as programs write them; all else stays text."""
    if isinstance(part, dict):
        return {name: numbers(value, name) for name, value in part.items()}
    if isinstance(part, list):
        return [int(each) if key == "at" else numbers(each) for each in part]
    return part


@cache
def samples() -> list[tuple[Path, dict[str, Any]]]:
    """Real cases of two domains, with the folders of their workspaces."""
    found = [(HERE, json.loads(line)) for line in (HERE / GARDEN).read_text(encoding="utf-8").splitlines()]
    for folder, paths in ((HERE, [HERE / HIVE]), (ROOT, sorted((ROOT / "data/cases").glob("*.yaml")))):
        for path in paths:
            text = path.read_text(encoding="utf-8")
            found.append((folder, numbers(yaml.load(text, Loader=yaml.BaseLoader))))
    return found


def exact(folder: Path, line: bytes) -> tuple[str, set[str]] | None:
    """The id and the quads, or None where there is a fault."""
    try:
        document = read_line(line, Path("a.jsonl"), 1, values(folder))
    except InputError:
        return None
    return document.id, {f"{quad} .\n" for quad in document.quads}


def same(folder: Path, line: bytes) -> Plain | None:
    """What is read in haste, which is what the exact reader reads, if anything."""
    found = swift(folder).read(line)
    if found is not None:
        assert (found.id, set(found.lines)) == exact(folder, line), line[:200]
        assert len(set(found.lines)) == len(found.lines)
        nodes = {text.split(" ")[2] for text in found.lines}
        bases = tuple(f"<{base}" for base in swift(folder).bases)
        assert found.uses == {node for node in nodes if node.startswith(bases)}
    return found


@pytest.mark.parametrize("number", range(len(samples())))
@pytest.mark.parametrize("ascii", [True, False], ids=["escapes", "letters"])
def test_real_cases_are_read_in_haste(number: int, ascii: bool) -> None:
    folder, case = samples()[number]
    assert same(folder, json.dumps(case, ensure_ascii=ascii).encode() + b"\n")


# --- anything else is the same, or left to the exact reader ---------------------------------

ODD: tuple[Any, ...] = (
    "", " ", None, True, 7, -3, 7000.0, 1e30, "07", "null", "~", [], {}, [[]], {"a": "b"}, ["x", "x"], "x",
    "a\tb", "a\nb", 'a "b" \\ c', "\u0085", "\u2028", "\x00", "\x7f", "\ud83d", "😀", "æøå", "no", "en",
    "thing/none", "a/b/c", "https://example.org/", "2020", "2020-02-30", "2019/2018", [10, 5], ["1", "9"],
    {"quote": "x", "at": [0, 1]}, {"source": "bee-register"}, "Superuser", "accepted", "x" * 400,
)  # fmt: skip


def spots(part: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a case: a map or list, and the key or number in it."""
    for key in list(part) if isinstance(part, dict) else range(len(part)):
        yield part, key
        if isinstance(part[key], dict | list):
            yield from spots(part[key])


def spoil(case: dict[str, Any], moment: random.Random) -> None:
    """Change something somewhere: another value, a key gone, renamed or moved, a value from elsewhere."""
    places = list(spots(case))
    part, key = moment.choice(places)
    match moment.randrange(5):
        case 0:
            part[key] = copy.deepcopy(moment.choice(ODD))
        case 1:
            del part[key]
        case 2 if isinstance(part, dict):
            others = [key for other, key in places if isinstance(other, dict)]
            part[moment.choice([*others, "x", "Å", "a b", "x" * 400])] = part.pop(key)
        case 3 if isinstance(part, list):
            part.append(copy.deepcopy(part[key]))
        case _:
            other, name = moment.choice(places)
            part[key] = copy.deepcopy(other[name])


@given(st.integers(0, len(samples()) - 1), st.randoms(use_true_random=False), st.integers(0, 3))
@settings(max_examples=150)
def test_spoilt_cases_are_never_read_otherwise(number: int, moment: random.Random, times: int) -> None:
    folder, case = samples()[number]
    case = copy.deepcopy(case)
    for _ in range(times):
        if case:
            spoil(case, moment)
    text = json.dumps(case, ensure_ascii=moment.random() < 0.5, indent=moment.choice([None, None, 1]))
    same(folder, text.replace("\n", " ").encode(errors="surrogatepass"))


ONE = '{"name": "one", "books": "heath-diary"%s}'


def test_the_plainest_case_is_read_in_haste() -> None:
    assert same(HERE, (ONE % "").encode()) and same(HERE, (ONE % ', "title": {"en": "a\\tb"}').encode())


@pytest.mark.parametrize(
    "line",
    [
        "", "[]", "{}", "null", '{"name": "one"', "\ufeff" + ONE % "", "\t" + ONE % "", ONE % "\t",
        ONE % ', "name": "two"', ONE % ', "title": {"en": "\x7f"}',
        ONE % ', "title": {"en": "a\\u0007b"}',
        ONE % ', "title": {"en": "a\u2028b"}',
        ONE % ', "title": {"en": "\\ud83d"}', ONE % ', "title": NaN', ONE % ', "nothing": 1', ONE % "" + " x",
        ONE % ', "title": {"xx": "a"}', '{"name": "One"}', '{"name": ["one"]}', '{"books": "heath-diary"}',
        ONE % ', "title": {"en": ["a", "a"]}', ONE % ', "title": {"en": " "}',
        ONE % ', "colony": "colony/ten"',
        ONE % ', "title": {}', ONE % ', "stays": {"A": {}}', ONE % ', "title": null', ONE % ', "title": []',
    ],
)  # fmt: skip
def test_what_is_unusual_is_left_to_the_exact_reader(line: str) -> None:
    assert swift(HERE).read(line.encode()) is None


def test_half_a_character_is_left_to_the_exact_reader() -> None:
    assert swift(HERE).read((ONE % "").encode()[:-1] + b"\xff}") is None


# --- chunks, processes, broken lines --------------------------------------------------------


def garden(own: Bees, count: int, broken: int = 0) -> Path:
    """A file of many cases; in the line `broken` a bracket is missing."""
    first, *_ = own.read(GARDEN).splitlines()
    text = [first.replace("hive-one-2021", f"hive-{n}") + "\n" for n in range(1, count + 1)]
    if broken:
        text[broken - 1] = text[broken - 1].replace("}", "", 1)
    own.write("data/cases/many.jsonl", "".join(text))
    return own.folder / "data/cases/many.jsonl"


@pytest.mark.parametrize("size", [1, 7, 100, 2000, 10_000_000])
def test_a_chunk_is_the_lines_that_begin_in_it(own: Bees, size: int) -> None:
    path = garden(own, 12)
    path.write_bytes(b"\n" + path.read_bytes().rstrip() + b"\r\n \n")
    whole, found, first = path.stat().st_size, [], 0
    for start in range(0, whole, size):
        chunk = lines.read_chunk(path, start, min(start + size, whole), swift(HERE))
        found += [(first + line.number, line.start, line.id) for line in chunk.lines]
        first += chunk.count
    text = path.read_bytes()
    assert [(number, id) for number, _, id in found] == [(n, f"hive-{n}") for n in range(1, 13)]
    assert all(text[start:].startswith(b'{"name": "%s"' % id.encode()) for _, start, id in found)
    assert first == text.count(b"\n")


def test_processes_read_what_one_process_reads(own: Bees, monkeypatch: pytest.MonkeyPatch) -> None:
    garden(own, 60, broken=33)
    space = Workspace.load(own.folder)
    alone, seen = build.read(space, build.ontology_of(space)), list[int]()
    monkeypatch.setattr(lines, "WORTHWHILE", 0)
    monkeypatch.setattr(lines, "CHUNK", 5000)
    monkeypatch.setattr(lines.os, "cpu_count", lambda: 3)
    shared = build.read(space, build.ontology_of(space), meter=seen.append)
    assert len(seen) > 4 and sum(seen) == sum(p.stat().st_size for p in space.cases() if p.suffix == ".jsonl")
    assert set(shared.quads) == set(alone.quads) and len(shared.quads) == len(alone.quads)
    assert shared.faults == alone.faults
    assert (shared.quads.graphs, shared.quads.terms) == (alone.quads.graphs, alone.quads.terms)
    assert shared.quads.terms == about.terms(alone.quads)
    assert shared.cases == alone.cases and shared.documents == alone.documents
    node = space.names.case("hive-41")
    assert shared.places.find(node) == alone.places.find(node)
    assert str(shared.places.find(node)[0]).endswith("many.jsonl:41:10")


def test_a_build_in_pieces_by_processes_has_the_bytes_of_one_at_once(
    own: Bees, monkeypatch: pytest.MonkeyPatch
) -> None:
    garden(own, 60)
    space = Workspace.load(own.folder)

    def files() -> dict[str, bytes]:
        built = build.build(space).built
        assert built
        names = ("graph.nq", "trace.tsv", "documents.tsv", "notes.json", "manifest.json")
        found = {name: (built.folder / name).read_bytes() for name in names}
        assert found["graph.nq"] == formats.serialize(built.quads(), "nquads", {})
        assert {str(quad) for quad in built.store} == {str(quad) for quad in built.quads()}
        shutil.rmtree(space.build)
        return found

    alone = files()
    for module, name, value in (
        (lines, "WORTHWHILE", 0), (lines, "CHUNK", 5000), (lines.os, "cpu_count", lambda: 3),
        (runs, "MOST", 2000), (runs, "LEAST", 500), (runs, "BATCH", 100), (runs, "BLOCK", 3000),
        (store, "WORTHWHILE", 0), (store, "PIECE", 50_000),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)
    assert files() == alone


@pytest.mark.parametrize("size", [3000, 10_000_000], ids=["chunks apart", "one chunk"])
def test_of_cases_with_one_id_the_first_is_taken_and_the_others_are_faults(
    own: Bees, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    path = garden(own, 20)
    space = Workspace.load(own.folder)
    alone = build.read(space, build.ontology_of(space))
    first = path.read_text(encoding="utf-8").splitlines(keepends=True)[2]
    path.write_text(path.read_text(encoding="utf-8") + first.replace('"count": 7', '"count": 8'))
    monkeypatch.setattr(lines, "CHUNK", size)
    found = build.read(space, build.ontology_of(space))
    assert set(found.quads) == set(alone.quads) and len(found.quads) == len(alone.quads)
    assert [str(fault).split(": ", 1)[0].rsplit(":", 1)[0][-13:] for fault in found.faults] == [
        "many.jsonl:21"
    ]
    assert "two cases with the id “hive-3”" in str(found.faults[0])


def test_where_there_is_no_room_for_what_is_read_that_is_told(own: Bees) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    built = store.current(Workspace.load(own.folder).build) if own("build").code == 0 else None
    garden(own, 60)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        said = own("build")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert said.code == 3 and "there is no room for what is read" in said.out
    assert built and store.current(Workspace.load(own.folder).build) == built


@pytest.mark.parametrize(
    ("end", "what"),
    [
        (signal.SIGKILL, "was ended from outside (SIGKILL) while reading"),
        (signal.SIGABRT, "memory ran short while reading"),
        (signal.SIGTERM, "was ended by SIGTERM while reading"),
    ],
)
def test_a_process_that_dies_is_told(
    own: Bees, monkeypatch: pytest.MonkeyPatch, end: signal.Signals, what: str
) -> None:
    garden(own, 60)
    monkeypatch.setattr(lines, "WORTHWHILE", 0)
    monkeypatch.setattr(lines, "CHUNK", 5000)
    monkeypatch.setattr(lines.os, "cpu_count", lambda: 2)
    take = lines._take

    def die(process: Any) -> Any:
        process.process.send_signal(end)
        process.process.wait()
        return take(process)

    monkeypatch.setattr(lines, "_take", die)
    said = own("build", "--no-validate")
    assert said.code == 3
    assert (said.out, what in said.err, "the process that read garden.jsonl" in said.err) == ("", True, True)
    assert said.err.endswith("the last good build is kept\n")


def test_one_broken_line_of_many_is_named_and_the_others_are_checked(own: Bees) -> None:
    path = garden(own, 60, broken=33)
    path.write_text(
        path.read_text(encoding="utf-8").replace('"count": 7', '"count": -7', 1), encoding="utf-8"
    )
    said = own("build")
    assert said.code == 1, "it could be read but for a line"
    places = [line.split(" error ")[0] for line in said.lines if " error " in line]
    assert [place.rsplit(":", 1)[0] for place in places] == [f"data/cases/many.jsonl:{n}" for n in (1, 33)]


def test_a_file_of_which_no_line_can_be_read_counts_as_unread(own: Bees) -> None:
    garden(own, 1, broken=1)
    assert own("validate").code == 3
