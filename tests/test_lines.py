"""N-Triples as lines: taken as the text that they are, every literal as it is written, and every place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from kg.checking import foreign
from kg.formats import lines
from kg.formats.lines import Lines, is_lines
from kg.places import Place
from kg.shapes import Loaded
from kg.shapes.compile import loading

XSD = "http://www.w3.org/2001/XMLSchema#"
SUBJECTS = ["<http://e/a>", "<http://e/b>", "<http://e/a_:b>", "_:a", "_:b"]
FORMS = ["7", "07", "-0", "1.5", "1.50", "x", "", "2020-02-29", "2019-02-29", "2020-02-30", "2020-12-31", "æ"]
FORMS += ["true", "1", "1E0", "\\u0037", '\\"07', '\\"7', '7\\"', "\\\\", "a\\nb", "_:b", "# .", "24:00:00"]
LOCALS = ["integer", "decimal", "date", "boolean", "double", "string", "anyURI", "nonNegativeInteger"]
LOCALS += ["gYear", "time", "hexBinary", "int\\u0065ger"]
TYPED = st.builds(
    '"{}"^^<{}{}>'.format,
    st.sampled_from(FORMS),
    st.sampled_from([XSD, XSD, "http://e/", XSD.replace("#", "\\u0023")]),
    st.sampled_from(LOCALS),
)
TEXTS = [f'"a \\"07\\"^^<{XSD}integer> b"', '"\\"^^<"', '"07"', '"07"@en', "<http://e/_:x>", '"_:a"', "_:b"]
STATEMENTS = st.builds(
    "{} <http://e/p> {} .".format, st.sampled_from(SUBJECTS), TYPED | st.sampled_from(TEXTS)
)
BROKEN = ["<http://e/a> <http://e/p c> 7 .", '"^^<', f'7"^^<{XSD}integer> .', '<http://e/a> <http://e/p> "x']
OTHERS = st.sampled_from(["", "# a comment", "  ", *BROKEN])


def written(text: str, path: Path) -> Path:
    path.write_bytes(text.encode())
    return path


def readable(rows: Iterable[str]) -> list[Quad]:
    """What a parser alone makes of each of the lines."""
    found: list[Quad] = []
    for row in rows:
        try:
            found += parse(row.encode(), RdfFormat.N_TRIPLES)
        except SyntaxError:
            continue
    return found


@pytest.mark.parametrize("chunk", [1, 120, 2**22])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(STATEMENTS | STATEMENTS | STATEMENTS | OTHERS, max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_text_taken_as_it_is_says_what_a_parser_reads(
    rows: list[str], end: str, chunk: int, tmp_path: Path
) -> None:
    path = written(end.join([*rows, ""]), tmp_path / "a.nt")
    read, taken = Loaded(readable(rows)), Loaded()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK", chunk)
        taken.load(Lines(path))
    assert set(taken.all) == set(read.all)
    assert set(taken.doubtful()) == set(read.doubtful())
    assert taken.written.odd.items() >= read.written.odd.items()


def test_only_lines_with_blank_nodes_go_through_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f'<http://e/{n}> <http://e/p> "0{n}"^^<{XSD}integer> .' for n in range(9)]
    path = written("\n".join([*rows, "_:b <http://e/p> _:c .", ""]), tmp_path / "a.nt")
    made: list[Quad] = []
    held = Loaded._held
    monkeypatch.setattr(
        loading.Loaded, "_held", lambda self, quads: held(self, [made.append(q) or q for q in quads])
    )
    data = Loaded()
    data.load(Lines(path))
    assert [quad.subject for quad in made] == [BlankNode("b")]
    assert sorted(str(value) for _, _, value in data.all if "integer" in str(value)) == [
        f'"0{n}"^^<{XSD}integer>' for n in range(9)
    ]


# Places


ROWS = [
    "<http://e/a> <http://e/p> <http://e/b> .",
    "<http://e/a><http://e/q><http://e/b>.",
    "\t<http://e/b>\t<http://e/p>\t<http://e/c> .",
    "",
    "# <http://e/a> <http://e/p> 7 .",
    "  <http://e/a> <http://e/r> \"<http://e/b> <http://e/p> 'x'\" .",
    "_:b<http://e/p> <http://e/a> .",
    '<http://e/æ> <http://e/p> "æ" .',
    '<http://e/a> <http://e/s> "\\u0061" .',
    "<http://e/abc> <http://e/p> <http://e/a> .",
]


@pytest.mark.parametrize("chunk", [1, 100, 2**22])
@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("together", [True, False])
def test_every_statement_is_found_however_it_is_laid_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, few: int, end: str, together: bool
) -> None:
    monkeypatch.setattr(lines, "BLOCK", chunk)
    monkeypatch.setattr(lines, "FEW", few)
    path = written(end.join(ROWS), tmp_path / "a.nt")
    where = Lines(path)
    quads = [(number, quad) for number, row in enumerate(ROWS, 1) for quad in readable([row])]
    if together:
        where.expect([NamedNode("http://e/nowhere"), *(quad.subject for _, quad in quads)])
    found = [where(quad.subject, quad.predicate, quad.object) for _, quad in quads]
    columns = [27, 25, 28, 29, 17, 27, 27, 29]
    assert found == [[Place(str(path), at, column)] for (at, _), column in zip(quads, columns, strict=True)]
    assert where(NamedNode("http://e/a")) == [Place(str(path), 1, 1)]
    assert where(NamedNode("http://e/nowhere")) == where(quads[0][1].subject, NamedNode("http://e/x")) == []


HUB = {
    "<http://e/x#y>": ["<http://e/x#y> .", "<http://e/x#y>. # <http://e/z> .", "<http://e/x#y>  . "],
    '"a # b ."': ['"a # b ." .', '"a # b ."\t. # more .'],
    '"a"': ['"a" .', '"\\u0061" .', '"a" . # "a # b ." .'],
    '"a"@en': ['"a"@en .'],
    f'"a"^^<{XSD}token>': [f'"a"^^<{XSD}token> .', f'"a"^^<{XSD}token>.# <http://e/x#y> .'],
    "_:a": ["_:a ."],
}


def test_a_value_of_a_property_with_many_is_found_whatever_stands_behind_it(tmp_path: Path) -> None:
    rows = [(value, row) for value, forms in HUB.items() for row in forms]
    rows += reversed(rows)
    path = written("".join(f"<http://e/hub> <http://e/p> {row}\n" for _, row in rows), tmp_path / "a.nt")
    where, (hub, prop) = Lines(path), (NamedNode("http://e/hub"), NamedNode("http://e/p"))
    for value in HUB:
        [quad] = readable([f"{hub} {prop} {value} ."])
        term = BlankNode("a") if value == "_:a" else quad.object
        told = [place.line for place in where(hub, prop, term)]
        assert told == [number for number, (said, _) in enumerate(rows, 1) if said == value]
    assert where(hub, prop, NamedNode("http://e/x")) == []


def test_nodes_that_are_expected_are_looked_for_once(tmp_path: Path) -> None:
    path = written(
        "\n".join(f"<http://e/{n}> <http://e/p> <http://e/x> ." for n in range(50)), tmp_path / "a.nt"
    )
    where, nodes = Lines(path), [NamedNode(f"http://e/{n}") for n in range(0, 60, 5)]
    where.expect(nodes)
    path.unlink()
    assert [place.line for node in nodes for place in where(node)] == list(range(1, 50, 5))


# What cannot be read


SHAPES = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX : <http://e/>
    :S sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:minInclusive 0 ] ."""


def checked(text: bytes, folder: Path) -> list[tuple[int, str]]:
    """The lines of what is found in a text, with the rules; the exit code of the command would be 1."""
    (folder / "a.nt").write_bytes(text)
    (folder / "shapes.ttl").write_text(SHAPES)
    found = foreign.read([folder / "a.nt"], [folder / "shapes.ttl"]).check()
    assert not found.unread
    violations = [(v.place.line if v.place else 0, v.rule) for v in found.report.violations]
    return sorted([*violations, *((f.place.line if f.place else 0, "input") for f in found.report.faults)])


def numbers(count: int) -> list[bytes]:
    return [
        f'<http://e/{n}> <http://e/p> "{-(n % 50 == 7)}"^^<{XSD}integer> .'.encode() for n in range(count)
    ]


@pytest.mark.parametrize("chunk", [500, 2**22])
@pytest.mark.parametrize("at", [0, 130])
@pytest.mark.parametrize(
    "broken",
    [
        b"<http://e/x> <http://e/p c> 7 .",
        b'<http://e/x> <http://e/p> "\xff" .',
        b'<http://e/x> <http://e/p> "does not end',
        "<http://e/x> <http://e/p> <http://e/y> .".encode("utf-16-le"),
        b"\0\0",
    ],
)
def test_a_broken_line_takes_nothing_from_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bytes, at: int, chunk: int
) -> None:
    monkeypatch.setattr(lines, "CHUNK", chunk)
    rows = numbers(200)
    rows.insert(at, broken)
    found = checked(b"\n".join(rows), tmp_path)
    wrong = [n + 1 + (n >= at) for n in range(7, 200, 50)]
    assert found == sorted([(at + 1, "input"), *((line, "S.p") for line in wrong)])


@pytest.mark.parametrize("long", [b'<http://e/x> <http://e/p> "%b" .', b"%b"])
def test_a_line_that_no_parser_takes_is_told_and_the_others_read(tmp_path: Path, long: bytes) -> None:
    rows = numbers(20)
    rows.insert(3, long % (b"x" * 17_000_000))
    assert checked(b"\n".join(rows), tmp_path) == [(4, "input"), (9, "S.p")]


def test_of_very_many_broken_lines_the_first_are_told_and_the_rest_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MOST", 3)
    path = written("\n".join([*["<http://e/x>"] * 10, ""]), tmp_path / "a.nt")
    read = Lines(path)
    Loaded().load(read)
    assert [fault.place and fault.place.line for fault in read.faults] == [1, 2, 3, 0]
    assert read.faults[-1].what == "7 more lines cannot be read"


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b""])
def test_a_mark_of_byte_order_is_no_part_of_the_first_line(tmp_path: Path, start: bytes) -> None:
    assert checked(start + b"\n".join(numbers(10)), tmp_path) == [(8, "S.p")]


def test_a_file_in_another_encoding_is_not_read_by_lines(tmp_path: Path) -> None:
    for name, encoding in (("a", "utf-8"), ("b", "utf-16"), ("c", "latin-1")):
        (tmp_path / name).write_bytes("\n".join(['<http://e/x> <http://e/p> "æ" .'] * 3).encode(encoding))
    assert [is_lines(tmp_path / name) for name in "abc"] == [True, False, False]


def test_a_file_is_not_searched_for_nodes_of_which_it_says_nothing(tmp_path: Path) -> None:
    path = written("\n".join(ROWS), tmp_path / "a.nt")
    read = Lines(path)
    Loaded().load(read)
    path.unlink()
    assert read(NamedNode("http://e/shape")) == []
    with pytest.raises(FileNotFoundError):
        read(NamedNode("http://e/a"))
