"""What cannot be read is told: where, what, what to do; and nothing is dropped in silence."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kg.errors import InputError, UsageError
from kg.formats import FORMATS, format_of, parse, read, regraph, serialize

E = "http://e.org/"
A, B, P, G = (NamedNode(E + name) for name in "abpg")
PREFIX = "@prefix e: <http://e/> .\n"
FAULTS: dict[str, list[dict[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "faults" / "rdf.yaml").read_text("utf-8")
)


def said(data: bytes | str, name: str) -> list[str]:
    """The faults of the file “f” as a person reads them; none if it can be read."""
    try:
        parse(data if isinstance(data, bytes) else data.encode(), format_of(name), path="f")
    except InputError as exc:
        return [str(fault) for fault in exc.faults]
    return []


def of_format(*names: str) -> Any:
    rows = [(name, row) for name in names for row in FAULTS[name]]
    return pytest.mark.parametrize(("name", "row"), rows, ids=[f"{n}-{r['said'][:50]}" for n, r in rows])


@of_format("turtle", "ntriples", "jsonld", "rdfxml")
def test_a_fault_has_its_place_and_what_mends_it(name: str, row: dict[str, str]) -> None:
    text = PREFIX + row["text"] if name == "turtle" else row["text"]
    assert said(text, name) == [row["said"]]


@pytest.mark.parametrize("row", FAULTS["several"], ids=lambda row: row["text"][:30])
def test_all_faults_of_a_text_are_told_at_once(row: dict[str, Any]) -> None:
    assert said(PREFIX + row["text"], row["format"]) == row["said"]


@pytest.mark.parametrize("row", FAULTS["bytes"], ids=lambda row: row["said"][:60])
@pytest.mark.parametrize("format", FORMATS)
def test_bytes_that_are_no_utf8(row: dict[str, str], format: str) -> None:
    data = row["text"].encode(row["encoding"]) if "text" in row else bytes.fromhex(row["hex"])
    assert said(data, format) == [row["said"]]


@pytest.mark.parametrize("name", ["ntriples", "nquads"])
def test_every_bad_line_is_told(name: str) -> None:
    rows = FAULTS["ntriples"][:6]
    good = "<http://e/a> <http://e/p> <http://e/b> .\r\n"
    found = said("".join(good + row["text"] + "\r\n" for row in rows), name)
    assert found == [row["said"].replace("f:1:", f"f:{2 * at}:") for at, row in enumerate(rows, 1)]


def test_a_graph_name_is_no_fault_in_nquads() -> None:
    assert said(FAULTS["ntriples"][6]["text"], "nquads") == []


def test_jsonld_tells_all_its_faults() -> None:
    text = '{"@id": "http://e/a b",\n "name": 1,\n "http://e/p": {"@value": "x", "@language": "-"}}'
    assert [fault.split(" ")[0] for fault in said(text, "jsonld")] == ["f:1:9:", "f:2:2:", "f:3:45:"]


def test_jsonld_keys_set_to_null_may_be_left_out() -> None:
    text = '{"@context": {"name": null}, "@id": "http://e/a", "name": "x", "http://e/p": 1}'
    assert len(parse(text.encode(), RdfFormat.JSON_LD)) == 1


DEEP = {
    "turtle": ("<e:a> <e:b> " + "<<( <e:a> <e:b> " * 100_000, "1:3213: more than 200 triples"),
    "nquads": ("<e:a> <e:b> " + "<<( <e:a> <e:b> " * 100_000, "1:3213: more than 200 triples"),
    "jsonld": ('{"e:a": ' * 100_000, "1:1601: more than 200 levels"),
    "rdfxml": ("<a>" * 100_000, "1:601: more than 200 elements"),
}


@pytest.mark.parametrize("name", DEEP)
def test_what_stands_inside_each_other_without_end_is_refused_not_crashed_on(name: str) -> None:
    text, fault = DEEP[name]
    assert [each.split(" stand")[0] for each in said(text, name)] == [f"f:{fault}"]


def test_many_triples_beside_each_other_are_read() -> None:
    text = "<e:a> <e:b> <<( <e:a> <e:b> 1 )>> .\n" * 1000
    assert said(text, "turtle") == []


LONG = "y" * 17 * 2**20
TOO_LONG = "a word or text of more than 16 MiB; keep it in a file of its own, and write here where that is"


@pytest.mark.parametrize(
    ("name", "head", "tail", "place"),
    [
        ("turtle", '<e:a>\n<e:b> "', '" .', "f:2:7"),
        ("ntriples", '<e:a> <e:b> "', '" .', "f:1:13"),
        ("jsonld", '{"e:a":\n  "', '"}', "f:2:3"),
    ],
)
def test_a_text_that_is_too_long_has_its_place(name: str, head: str, tail: str, place: str) -> None:
    assert said(head + LONG + tail, name) == [f"{place}: {TOO_LONG}"]


def test_an_entity_from_elsewhere_is_refused() -> None:
    head = '<!DOCTYPE r:RDF [\n<!ENTITY x SYSTEM "http://127.0.0.1:9/"> ]>'
    text = head + "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>"
    (found,) = said(text, "rdfxml")
    assert found.startswith("f:2:") and "the entity x stands elsewhere, and is not fetched" in found


def test_exploding_entities_are_refused() -> None:
    layers = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 8))
    found = said(f'<!DOCTYPE r [<!ENTITY e0 "aaaaaaaaaa">{layers}]><r>&e7;</r>', "rdfxml")
    assert "limit on input amplification factor" in found[0]


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_file_has_no_quads(name: str) -> None:
    assert [parse(data, format_of(name)) for data in (b"", b"\xef\xbb\xbf", b" \r\n")] == [[], [], []]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse(b"\xef\xbb\xbf<x:a> <x:b> 7 .", RdfFormat.TURTLE)[0].object == Literal(7)
    assert said(b"\xef\xbb\xbfe:a e:p 7 .", "turtle")[0].startswith("f:1:1: the prefix e: is not declared")


def test_a_base_makes_relative_iris_whole() -> None:
    assert parse(b"<a> <p> <b> .", RdfFormat.TURTLE, base=E) == [Quad(A, P, B)]
    assert parse(b'{"@id": "a", "http://e.org/p": {"@id": "b"}}', RdfFormat.JSON_LD, base=E) == [
        Quad(A, P, B)
    ]


def test_two_files_never_share_a_blank_node() -> None:
    first, second = (parse(b"_:x <x:p> _:x .", RdfFormat.TURTLE)[0] for _ in range(2))
    assert first.subject == first.object != second.subject


@pytest.mark.parametrize("suffix", [suffix for each in FORMATS.values() for suffix in each.suffixes])
def test_files_are_read_by_their_suffix(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix.upper()}"
    path.write_bytes(serialize([Quad(A, P, Literal(7))], format_of(path), {}))
    assert read(path) == [Quad(A, P, Literal(7))]


def test_a_fault_in_a_file_names_the_file(tmp_path: Path) -> None:
    (path := tmp_path / "a.ttl").write_text("\nx")
    with pytest.raises(InputError, match=rf"^{path}:2:1: "):
        read(path)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no.ttl", "there is no such file; look at its name and folder"),
        ("", "this is a folder; name the files in it"),
        ("file.nt/a.ttl", "the file cannot be read: Not a directory"),
    ],
)
def test_what_is_no_file_is_told_in_a_line(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "file.nt").touch()
    with pytest.raises(InputError) as caught:
        read(tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name}: {told}"


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="rights are kept otherwise here")
def test_a_file_without_the_right_to_read_it(tmp_path: Path) -> None:
    (path := tmp_path / "a.ttl").touch(mode=0)
    user = os.geteuid()
    if user == 0:  # root may read everything: be nobody for a moment
        os.seteuid(65534)
    try:
        with pytest.raises(InputError, match="no right to read this file; ask its owner"):
            read(path)
    finally:
        os.seteuid(user)


def test_an_unknown_suffix_names_those_that_are_read(tmp_path: Path) -> None:
    (path := tmp_path / "a.txt").touch()
    with pytest.raises(UsageError) as caught:
        read(path)
    suffixes = ".ttl, .trig, .nt, .nq, .jsonld, .rdf, .owl"
    assert str(caught.value) == f"{path}: the suffix names no RDF format; use one of {suffixes}"


def test_format_names() -> None:
    same = [format_of(word) for word in ("nq", "N-Quads", "a/b.nq", Path(".nt/b.nq"), "application/n-quads")]
    assert same == [RdfFormat.N_QUADS] * 5
    assert all(each.media_type == each.rdf.media_type for each in FORMATS.values())
    with pytest.raises(UsageError, match="unknown RDF format “turtel”; use one of turtle, trig, ntriples"):
        format_of("turtel")
    with pytest.raises(UsageError, match="suffix"):
        format_of(Path("nq"))


def test_regraph_puts_all_in_one_graph() -> None:
    quads = [Quad(A, P, B, A), Quad(A, P, A), Quad(A, P, B)]
    assert regraph(quads, G) == [Quad(A, P, B, G), Quad(A, P, A, G)]
