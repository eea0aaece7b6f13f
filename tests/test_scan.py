"""Statements of Turtle and its kin stand where the scan says: every one, and never anywhere else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import assume, given, settings, strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat

from kg import formats, ontology, reference
from kg.errors import DefinitionError, InputError
from kg.formats import tokens
from kg.formats.scan import places
from kg.names import ID, RDF, XSD, Names
from kg.places import Places
from kg.shapes import validate

ROOT = Path(__file__).parent.parent
REST = NamedNode(RDF + "rest")
E = "http://e.org/"
TURTLE, TRIG = RdfFormat.TURTLE, RdfFormat.TRIG


def scanned(text: str, format: RdfFormat = TURTLE, base: str | None = None) -> tuple[list[Quad], Places]:
    quads = formats.parse(text.encode(), format, base=base, path="f")
    return quads, places(text, format, quads, "f", base)


def stated(found: Places, *terms: Any) -> list[str]:
    """The lines and columns of just this, and not of the property or node that holds it."""
    return [str(place).removeprefix("f:") for place in found.at(*terms)]


def three(quad: Quad) -> tuple[Any, Any, Any]:
    return quad.subject, quad.predicate, quad.object


# --- by hand -----------------------------------------------------------------------------

NASTY = (Path(__file__).parent / "scan" / "nasty.ttl").read_text("utf-8")


@pytest.mark.parametrize(
    ("place", "terms"),
    [
        ("3:1", (":a",)),
        ("3:4", (":a", "a")),
        ("3:6", (":a", "a", ":Thing")),
        ("4:10", (":a", ":says", '"no . end ; here, @prefix x: <http://no/> . :b :p :c"')),
        ("6:7", (":a", ":says", '"it\'s"')),
        ("8:32", ("x:a.b.c", "x:p-q", "7")),
        ("8:34", ("x:d",)),
        ("8:42", ("x:d", "x:p", "true")),
        ("9:32", ("<one>",)),
        ("9:38", ("<one>", "<two>")),
        ("9:57", ("<one>", "<two>", "<#four>")),
        ("10:16", ("<deeper/one>",)),
        ("10:22", ("<deeper/one>", "a")),
        ("11:1", (":b:c",)),
        ("12:7", (":b:c", ":q", '"1"^^x:int')),
        ("12:19", (":b:c", ":q", '"2"^^:int')),
    ],
)
def test_by_hand(place: str, terms: tuple[str, ...]) -> None:
    header = "PREFIX : <http://e.org/> PREFIX x: <http://other.org/> BASE <http://base.org/dir/> "
    statement = [*terms, *(":s", ":p", ":o")[len(terms) :]]
    (quad,) = ox.parse(f"{header}{' '.join(statement)} .", TURTLE)
    _, found = scanned(NASTY)
    assert stated(found, *list(quad)[: len(terms)]) == [place]


def test_brackets_and_lists_by_hand() -> None:
    quads, found = scanned(NASTY)
    p = NamedNode(E + "p")
    deep = next(q for q in quads if q.object == Literal("deep", language="en-gb"))
    assert (stated(found, deep.subject), stated(found, *three(deep))) == (["11:16"], ["11:21"])
    two = next(q for q in quads if q.object == Literal("two"))
    assert (stated(found, two.subject), stated(found, *three(two))) == (["11:42"], ["11:44"])
    label = next(q for q in quads if q.predicate == NamedNode(E + "knows"))
    assert stated(found, label.subject) == ["14:1"]
    assert stated(found, *three(label)) == ["14:14"]
    assert stated(found, label.object) == ["14:22"]
    empty = next(q for q in quads if q.predicate == p and q.object == NamedNode(RDF + "nil"))
    assert (stated(found, empty.subject), stated(found, *three(empty))) == (["15:1"], ["15:11"])
    assert all(q.predicate == REST or found.find(*three(q))[0].column for q in quads)


@pytest.mark.parametrize("format", [TURTLE, TRIG])
def test_triples_as_terms_are_not_followed_and_lead_nothing_astray(format: RdfFormat) -> None:
    text = """PREFIX : <http://e.org/>
VERSION "1.2"
:a :p <<( :b :p :c )>> , :d .
<< :b :p :d ~ :r >> :p :e .
:f :p :g ~ :r {| :p [ :p :h ] |} , :i ; :q [ :p :k ] .
:l :p _:x .
"""
    quads, found = scanned(text, format)
    e = {name: NamedNode(E + name) for name in "abcdefghiklpqr"}
    assert stated(found, e["a"], e["p"], e["d"]) == ["3:26"]
    assert stated(found, e["f"], e["p"], e["g"]) == ["5:7"]
    assert stated(found, e["f"], e["p"], e["i"]) == ["5:36"]
    assert stated(found, e["f"], e["q"]) == ["5:41"]
    assert stated(found, e["l"]) == ["6:1"]
    assert stated(found, e["b"]) == []
    assert all(found.find(quad.subject) for quad in quads)


def test_graphs_of_trig_have_names_that_are_no_subjects() -> None:
    text = (
        "PREFIX : <http://e.org/>\nGRAPH :g { :a :p :b . :c :p [] }\n:g{:a :p 3}[]{ :g :p 1 . } { :h :p 2 }\n"
    )
    quads, found = scanned(text, TRIG)
    a, g, p = (NamedNode(E + name) for name in "agp")
    assert stated(found, a) == ["2:12", "3:4"]
    assert stated(found, g) == ["3:16"]
    assert stated(found, a, p, Literal("3", datatype=NamedNode(XSD + "integer"))) == ["3:10"]
    assert all(found.find(*three(quad))[0].column for quad in quads)


def test_a_node_of_n_triples_is_where_it_stands_first() -> None:
    lines = [f"<{E}a> <{E}p> {value} .\n" for value in ('"x . y"', f"<{E}b>", "_:c")]
    for format, graph in ((RdfFormat.N_TRIPLES, ""), (RdfFormat.N_QUADS, f"<{E}g> ")):
        text = "# a\r\n" + "".join(line.replace(" .\n", f" {graph}.\r\n") for line in lines)
        quads, found = scanned(text, format)
        assert stated(found, NamedNode(E + "a")) == ["2:1"]
        assert [stated(found, *three(quad)) for quad in quads] == [["2:35"], ["3:35"], ["4:35"]]


def test_json_ld_has_only_its_file() -> None:
    quad = Quad(NamedNode(E + "a"), NamedNode(E + "p"), Literal("x"))
    text = formats.serialize([quad], RdfFormat.JSON_LD, {}).decode()
    assert list(map(str, places(text, RdfFormat.JSON_LD, [quad], "f").find(quad.subject))) == ["f"]


def test_what_the_parser_did_not_read_has_no_place() -> None:
    text = "PREFIX : <http://e.org/>\n:a :p :b .\n:c :p [ :p :d ] .\n"
    quads = formats.parse(text.encode(), TURTLE)
    found = places(text, TURTLE, [q for q in quads if q.subject != NamedNode(E + "a")], "f")
    assert stated(found, NamedNode(E + "a")) == []
    assert stated(found, NamedNode(E + "c")) == ["3:1"]
    other = [Quad(NamedNode(E + "z"), q.predicate, q.object) for q in quads]
    assert {str(p) for q in other for p in places(text, TURTLE, other, "f").find(q.subject)} == {"f"}


def test_lines_may_be_dense_and_odd() -> None:
    text = (
        f'\n# a <x>\n<{E}a><{E}p>"x"@en.# end\n\t_:b\t<{E}p>\t<<( <{E}a> <{E}p> "y" )>> .\r\r<{E}c> <{E}p> 7'
    )
    quads, found = scanned(text.replace(" 7", ' "7" .'), RdfFormat.N_TRIPLES)
    assert [stated(found, *three(quad)) for quad in quads] == [["3:33"], ["4:23"], ["6:35"]]
    assert stated(found, quads[1].subject) == ["4:2"]


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_it_does_not_matter_how_many_tokens_are_asked_about_at_once(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    wanted = list(tokens.tokens(NASTY))
    monkeypatch.setattr(tokens, "AT_ONCE", number)
    assert list(tokens.tokens(NASTY)) == wanted


# --- in a workspace ----------------------------------------------------------------------


def test_a_fault_of_the_shapes_has_its_line(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    shapes = folder / "shapes.ttl"
    text = shapes.read_text("utf-8").replace("sh:minCount 1", "sh:minCont 1", 1)
    shapes.write_text(text, "utf-8")
    line = text[: text.index("sh:minCont")].count("\n") + 1
    onto = ontology.load([folder])
    with pytest.raises(DefinitionError) as caught:
        validate([], onto.shapes, places=onto.places)
    assert str(caught.value).startswith(f"{shapes}:{line}:")
    assert str(caught.value).endswith("sh:minCont does not exist; did you mean sh:minCount?")


def test_reference_data_in_turtle_has_lines(tmp_path: Path) -> None:
    onto, path = ontology.load([ROOT / "ontology"]), tmp_path / "more.ttl"
    path.write_text(f"PREFIX e: <{E}>\n<{ID}thing/a> e:p 1 ;\n  e:q e:b .\n", "utf-8")
    document = reference.read(path, onto, Names())
    quad = document.quads[1]
    assert [str(p) for p in document.places.find(*three(quad))] == [f"{path}:3:7"]
    path.write_text(f"<{E}a> <{E}p> [], 1 .\n[] <{E}p> 2 .\n", "utf-8")
    with pytest.raises(InputError) as caught:
        reference.read(path, onto, Names())
    assert [str(fault.place) for fault in caught.value.faults] == [f"{path}:1:35", f"{path}:2:1"]


# --- as others write ---------------------------------------------------------------------

TERMS = [NamedNode(E + name) for name in ("a", "b", "x-y", "a.b", "a'b")]
NODES = st.sampled_from([*TERMS, *(BlankNode(name) for name in "uvw")])
VALUES = st.one_of(
    NODES,
    st.builds(Literal, st.text(st.sampled_from("a.;\"'\n\\#"), max_size=6)),
    st.sampled_from(
        [
            Literal("x", language="en"),
            Literal(7),
            Literal(True),
            Literal(1.5),
            Literal("y.", datatype=TERMS[0]),
        ]
    ),
)
GRAPHS = st.lists(st.builds(Quad, NODES, st.sampled_from(TERMS), VALUES), max_size=8, unique=True)


def by_rdflib(quads: list[Quad], format: str) -> str:
    import rdflib

    # rdflib leaves the last quotation mark of such a text bare: no Turtle, though it reads that itself
    texts = [quad.object.value for quad in quads if isinstance(quad.object, Literal)]
    assume(not any("\n" in text and text.endswith('\\"') for text in texts))
    graph = rdflib.Graph()
    graph.parse(data=ox.serialize(quads, format=RdfFormat.N_TRIPLES), format="nt")
    graph.bind("e", E)
    return graph.serialize(format=format)


def by_ourselves(quads: list[Quad], format: str) -> str:
    return formats.serialize(quads, format, {"e": E, "": "http://www.w3.org/2001/XMLSchema#"}).decode()


def by_oxigraph(quads: list[Quad], format: str) -> str:
    return (ox.serialize(quads, format=formats.format_of(format), prefixes={"e": E}) or b"").decode()


@pytest.mark.parametrize(
    ("write", "format"),
    [
        *((by_ourselves, name) for name in ("turtle", "trig", "ntriples", "nquads")),
        *((by_oxigraph, name) for name in ("turtle", "trig", "ntriples", "nquads")),
        *((by_rdflib, name) for name in ("turtle", "longturtle")),
    ],
)
@settings(max_examples=25, deadline=None)
@given(GRAPHS)
def test_graphs_as_written_by_serialisers(write: Any, format: str, graph: list[Quad]) -> None:
    text = write(graph, format)
    header = "".join(
        line + "\n" for line in text.splitlines() if line.lower().lstrip("@").startswith("prefix")
    )
    quads, found = scanned(text, TURTLE if format == "longturtle" else formats.format_of(format))
    assert len(quads) == len(graph)
    for quad in quads:
        s, p, o = three(quad)
        spots = [(s, stated(found, s)), (p, stated(found, s, p)), (o, stated(found, s, p, o))]
        for term, spot in spots:
            assert spot
            assert all(reads_as(text, place, header, term) for place in spot), (text, spot, term)


def reads_as(text: str, place: str, header: str, term: Any) -> bool:
    """Whether the text at `place` begins with `term`, as the parser reads it."""
    line, column = map(int, place.split(":"))
    rest = "".join(text.splitlines(keepends=True)[line - 1 :])[column - 1 :]
    if isinstance(term, BlankNode):
        return rest.startswith(("_:", "[", "("))
    if term == NamedNode(RDF + "type") and rest.startswith("a "):
        return True
    for end in range(1, len(rest) + 1):
        try:
            (quad,) = ox.parse(f"{header} <x:s> <x:p> {rest[:end]} .", TURTLE)
        except (SyntaxError, ValueError):
            continue
        if quad.object == term:
            return True
    return False


@pytest.mark.parametrize("format", [TURTLE, RdfFormat.N_TRIPLES])
def test_quads_that_are_not_just_those_of_the_text_get_no_wrong_place(format: RdfFormat) -> None:
    text = "".join(f"<{E}{s}> <{E}p> <{E}o> .\n" for s in "abc")
    quads = formats.parse(text.encode(), format)
    for some in (quads[1:], quads[:-1], quads[::2]):
        found = places(text, format, some, "f")
        assert [stated(found, q.subject) for q in some] == [[f"{quads.index(q) + 1}:1"] for q in some]


@pytest.mark.parametrize("names", ["uu", "uv"])
def test_blank_nodes_that_are_not_just_those_of_the_text_get_no_place(names: str) -> None:
    other = {"uu": "uv", "uv": "uu"}[names]
    text = "".join(f"_:{name} <{E}p> {number} .\n" for number, name in enumerate(other))
    seven = NamedNode(XSD + "integer")
    quads = [
        Quad(BlankNode(name), NamedNode(E + "p"), Literal(str(number), datatype=seven))
        for number, name in enumerate(names)
    ]
    found = places(text, TURTLE, quads, "f")
    assert {str(place) for q in quads for place in found.find(*three(q))} == {"f"}


# --- by chance: a writer that knows where it writes ----------------------------------------

SPACES = st.sampled_from([" ", "  ", "\n", "\r\n", "\t", " # :a :p 'x' . \n", '\n#"""\n', "#[(\r"])
STRINGS = st.text(
    st.sampled_from("ab .;,'\"\\\n\r\t#@<>[](){}:^æ🜁") | st.characters(exclude_categories=["Cs", "Cc"]),
    max_size=12,
)


@dataclass
class Written:
    """A text in the making, and the offsets of subject, property and value of each statement."""

    draw: st.DrawFn
    text: str = "\ufeff"[:0]
    prefixes: dict[str, str] = field(default_factory=dict)
    base: str = "http://start.org/"
    statements: list[tuple[object, int, object, int, object, int]] = field(default_factory=list)

    def put(self, piece: str) -> int:
        """Write a piece with a space before it; the offset where it stands."""
        self.text += self.draw(SPACES)
        self.text += piece
        return len(self.text) - len(piece)

    def choose(self, *options: str) -> str:
        return self.draw(st.sampled_from(options))


LOCAL = ["a", "b.c", "1", "a:b", "%41x", "", "x-y", "æ", "a", "b"]
SPACE = ["http://e.org/", "http://e.org/x#", "urn:x:", "rel/", "../up#"]


def resolved(iri: str, base: str) -> str:
    quads = list(ox.parse(f"<{iri}> <x:p> <x:o> .", TURTLE, base_iri=base))
    return quads[0].subject.value


def directive(w: Written) -> None:
    if w.draw(st.booleans()):
        name, iri = w.choose("", "p", "a", "prefix", "p.q"), w.draw(st.sampled_from(SPACE))
        w.put(w.choose("@prefix", "PREFIX", "prefix", "Prefix"))
        dotted = w.text.endswith("@prefix")
        w.put(f"{name}:"), w.put(f"<{iri}>")
        w.prefixes[name] = resolved(iri, w.base)
    else:
        iri = w.choose("http://b.org/", "in/", "", "http://c.org/x/y")
        w.put(w.choose("@base", "BASE", "base"))
        dotted = w.text.endswith("@base")
        w.put(f"<{iri}>")
        w.base = resolved(iri, w.base)
    if dotted:
        w.put(".")


def iri(w: Written) -> tuple[object, int]:
    if w.prefixes and w.draw(st.booleans()):
        name, local = w.draw(st.sampled_from(sorted(w.prefixes))), w.draw(st.sampled_from(LOCAL))
        escaped = local.replace("-", "\\-") if w.draw(st.booleans()) else local
        return NamedNode(w.prefixes[name] + local), w.put(f"{name}:{escaped}")
    text = w.choose("http://e.org/a", "http://e.org/a#b;c,d.e", "x", "#f", "", "?q=(1)", "\\u0061")
    return NamedNode(resolved(text, w.base)), w.put(f"<{text}>")


def literal(w: Written) -> tuple[object, int]:
    kind = w.choose("string", "number", "boolean")
    if kind == "boolean":
        text = w.choose("true", "false")
        return Literal(text, datatype=NamedNode(XSD + "boolean")), w.put(text)
    if kind == "number":
        text, type = w.draw(
            st.sampled_from([("7", "integer"), ("-0.50", "decimal"), ("1e6", "double"), (".5", "decimal")])
        )
        return Literal(text, datatype=NamedNode(XSD + type)), w.put(text)
    value = w.draw(STRINGS)
    at = w.put(quoted(w, value))
    if w.choose("plain", "plain", "tagged", "typed") == "plain":
        return Literal(value), at
    if w.draw(st.booleans()):
        w.text += "@en-GB"
        return Literal(value, language="en-gb"), at
    w.text += "^^"
    datatype, _ = iri(w)
    return Literal(value, datatype=datatype), at  # type: ignore[arg-type]


def quoted(w: Written, value: str) -> str:
    mark = w.choose('"', "'", '"""', "'''")
    out = value.replace("\\", "\\\\").replace(mark[0], "\\" + mark[0])
    if len(mark) == 1:
        out = out.replace("\n", "\\n").replace("\r", "\\r")
    elif w.draw(st.booleans()):
        out = "".join("\\n" if char == "\n" else char for char in out)
    return mark + out + mark


def node(w: Written, depth: int, place: str) -> tuple[object, int]:
    kinds = ["iri", "iri", "label"] + (["brackets", "list"] if depth < 3 else [])
    kind = w.choose(*kinds, *(["literal"] * 3 if place == "value" else []))
    if kind == "iri":
        return iri(w)
    if kind == "label":
        label = w.choose("x", "y.z", "1")
        return f"_:{label}", w.put(f"_:{label}")
    if kind == "literal":
        return literal(w)
    return brackets(w, depth) if kind == "brackets" else collection(w, depth)


def brackets(w: Written, depth: int) -> tuple[object, int]:
    at = w.put("[")
    if w.draw(st.booleans()):
        properties(w, at, at, depth + 1)
    w.put("]")
    return at, at


def collection(w: Written, depth: int) -> tuple[object, int]:
    at = w.put("(")
    cells: list[object] = []
    for number in range(w.draw(st.integers(0, 3))):
        member, member_at = node(w, depth + 1, "value")
        # Two cells in one place have their number
        cell_at = at if number == 0 else member_at
        cell = (cell_at, "cell")
        w.statements.append((cell, cell_at, NamedNode(RDF + "first"), -1, member, member_at))
        cells.append(cell)
    w.put(")")
    for cell, following in zip(cells, [*cells[1:], NamedNode(RDF + "nil")], strict=False):
        w.statements.append((cell, cell[0], REST, -1, following, -1))  # type: ignore[index]
    return (cells[0] if cells else NamedNode(RDF + "nil")), at


def properties(w: Written, subject: object, at: int, depth: int) -> None:
    for number in range(w.draw(st.integers(1, 3))):
        if number:
            w.put(w.choose(";", ";;"))
        prop, prop_at = (NamedNode(RDF + "type"), w.put("a")) if w.draw(st.booleans()) else iri(w)
        for position in range(w.draw(st.integers(1, 2))):
            if position:
                w.put(",")
            value, value_at = node(w, depth, "value")
            w.statements.append((subject, at, prop, prop_at, value, value_at))
    if w.draw(st.booleans()):
        w.put(";")


def statement(w: Written) -> None:
    subject, at = node(w, 1, "subject")
    properties(w, subject, at, 1)


@st.composite
def documents(draw: st.DrawFn, graphs: bool = False) -> Written:
    w = Written(draw)
    for _ in range(draw(st.integers(1, 6))):
        kind = w.choose("directive", "statement", "statement", *(["graph"] * 3 if graphs else []))
        if kind == "directive":
            directive(w)
        elif kind == "statement":
            statement(w)
            w.put(".")
        else:
            named_graph(w)
    w.put("\n")
    return w


def named_graph(w: Written) -> None:
    if w.draw(st.booleans()):
        w.put(w.choose("GRAPH", "graph"))
        iri(w)
    elif w.draw(st.booleans()):
        w.put(w.choose("[]", "_:x"))
    w.put("{")
    for number in range(w.draw(st.integers(0, 2))):
        if number:
            w.put(".")
        statement(w)
    if w.text[-1] != "{" and w.draw(st.booleans()):
        w.put(".")
    w.put("}")


def where(text: str, offset: int) -> str:
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    # A break of two characters may be cut in the middle nowhere: no term begins in one
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def expected(w: Written) -> set[tuple[str, ...]]:
    """Each statement by its terms and places, blank nodes by their place alone."""
    found = set()
    for s, s_at, p, p_at, o, o_at in w.statements:
        spots = ((s, s_at), (p, p_at), (o, o_at))
        found.add(tuple(f"{shown(term)} {where(w.text, at) if at >= 0 else ''}" for term, at in spots))
    return found


def shown(term: object) -> str:
    return str(term) if isinstance(term, NamedNode | Literal) else "[]"


def told(quads: list[Quad], found: Places) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """For each statement of the parser, its terms, each with each place that it was given."""
    for s, p, o, _ in quads:
        yield (
            [f"{shown(s)} {at}" for at in stated(found, s)],
            [f"{shown(p)} {at}" for at in stated(found, s, p)] or [f"{shown(p)} "],
            [f"{shown(o)} {at}" for at in stated(found, s, p, o)] or [f"{shown(o)} "],
        )


def hold(w: Written, format: RdfFormat) -> None:
    quads, found = scanned(w.text, format, "http://start.org/")
    assert len(quads) == len(w.statements)
    written = expected(w)
    subjects = {s for s, _, _ in written}
    values = {(s.split(" ")[0], p, o) for s, p, o in written}
    for s_spots, p_spots, o_spots in told(quads, found):
        assert s_spots, "a subject without a place"
        assert set(s_spots) <= subjects
        # Some of the places given are those of this very statement
        assert any((s, p, o) in written for s in s_spots for p in p_spots for o in o_spots)
        for o in o_spots:
            assert any((shown_of(s), p, o) in values for s in s_spots for p in p_spots)


def shown_of(spot: str) -> str:
    return spot.split(" ")[0]


@settings(max_examples=250, deadline=None)
@given(documents())
def test_every_statement_of_any_turtle_is_where_it_was_written(w: Written) -> None:
    hold(w, TURTLE)


@settings(max_examples=150, deadline=None)
@given(documents(graphs=True))
def test_every_statement_of_any_trig_is_where_it_was_written(w: Written) -> None:
    hold(w, TRIG)


@given(st.text(st.sampled_from("abZ:_-. \"'\\<>@#%2F/;,^(|~{[\n"), max_size=40))
def test_the_tokens_of_ascii_are_those_of_any_text(text: str) -> None:
    both = (tokens.pattern_of(text), tokens.pattern_of(text + "å"))
    assert both[0] is not both[1]
    told = [[(each.lastgroup, *each.span()) for each in pattern.finditer(text)] for pattern in both]
    assert told[0] == told[1]
