"""A network is what its query says, its measures are those of the textbook, and other tools can read it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import whole
from bees import NS, Bees, rows
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import answers, network, questions
from kg.errors import DefinitionError, UsageError
from kg.names import CG, HOME, ID
from kg.questions import Answer
from kg.workspace import Workspace

ROOT = Path(__file__).parent.parent
E = "http://e.org/"
QUERY = """
PREFIX e: <http://e.org/>
SELECT ?from ?kind_of_from ?relation ?to ?kind_of_to {
  ?from ?relation ?to . ?from e:kind ?kind_of_from . ?to e:kind ?kind_of_to . FILTER(?relation != e:kind)
}
"""


def store_of(edges: str, **kinds: str) -> Store:
    """A store with the edges `edges` (as `ab` from a to b), all nodes of the kind K unless said."""
    found = Store()
    for a, b in edges.split():
        found.add(Quad(node(a), node("knows"), node(b)))
    for name in sorted(set(edges) - {" "}):
        for kind in kinds.get(name, "K"):
            found.add(Quad(node(name), node("kind"), node(kind)))
    return found


def node(name: str) -> NamedNode:
    return NamedNode(E + name)


def drawn(store: Store, query: str = QUERY) -> nx.MultiDiGraph:
    return network.of(store, questions.parse(query, "drawn"))


def table(graph: nx.MultiDiGraph) -> dict[str, tuple[str, str]]:
    """Node → degree and betweenness, as they are shown."""
    answer = network.measures(graph)
    assert answer.columns == ("node", "kind", "degree", "betweenness")
    return {
        str(n["node"]).removeprefix(E): (str(n["degree"]), str(n["betweenness"])) for n in answer.records()
    }


# --- nodes and edges ----------------------------------------------------------------------


def test_the_rows_of_the_query_are_the_edges() -> None:
    graph = drawn(store_of("ab bc", b="L"))
    assert list(graph.nodes(data="kind")) == [(E + "a", E + "K"), (E + "b", E + "L"), (E + "c", E + "K")]
    assert list(graph.edges(data="relation")) == [
        (E + "a", E + "b", E + "knows"),
        (E + "b", E + "c", E + "knows"),
    ]
    assert graph.graph["name"] == "drawn"


def test_two_relations_are_two_edges_and_the_same_row_twice_is_one() -> None:
    store = store_of("ab")
    store.add(Quad(node("a"), node("likes"), node("b")))
    graph = drawn(
        store, QUERY.replace("?from e:kind", "{ ?from e:kind ?x } UNION { ?from e:kind ?x } ?from e:kind")
    )
    assert sorted(r for _, _, r in graph.edges(data="relation")) == [E + "knows", E + "likes"]
    assert table(graph) == {"a": ("1", "0"), "b": ("1", "0")}


def test_a_node_of_two_kinds_has_the_first() -> None:
    assert drawn(store_of("ab", a="ML")).nodes[E + "a"]["kind"] == E + "L"


def test_labels_are_in_the_language_that_is_asked_for() -> None:
    store = store_of("ab")
    label = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    store.add(Quad(node("a"), label, Literal("Anna", language="en")))
    store.add(Quad(node("a"), label, Literal("Anne", language="da")))
    asked = questions.parse(QUERY, "drawn")
    assert dict(network.of(store, asked, "da").nodes(data="label")) == {E + "a": "Anne", E + "b": E + "b"}
    assert network.of(store, asked).nodes[E + "a"]["label"] == "Anna"


VARIABLES = " ".join(f"?{column}" for column in network.COLUMNS)
EDGE = f"SELECT {VARIABLES} {{ VALUES ({VARIABLES}) {{ (<x:a> <x:K> %s <x:K>) }} }}"
WRONG = {
    "SELECT ?from ?to { ?from ?p ?to }": "needs the columns from, .* kind_of_to; the query gives from, to$",
    "ASK {}": "the query gives none$",
    EDGE % "<x:p> 'b'": "has .b. as “to”; let the",
    EDGE % "UNDEF <x:b>": "nothing as “relation”",
}


@pytest.mark.parametrize("query", WRONG, ids=["other columns", "no columns", "a text", "nothing"])
def test_a_query_that_gives_no_edges_is_refused(query: str) -> None:
    with pytest.raises(DefinitionError, match=f"^drawn: .*{WRONG[query]}"):
        drawn(store_of("ab"), query)


# --- measures -----------------------------------------------------------------------------


def by_hand(graph: nx.MultiDiGraph) -> dict[str, tuple[int, Fraction]]:
    """Degree and betweenness from the definitions: neighbours, and the share of all shortest paths."""
    beside: dict[str, set[str]] = {n: set() for n in graph}
    for a, b in graph.edges():
        if a != b:
            beside[a].add(b)
            beside[b].add(a)

    def paths(start: str, end: str) -> list[list[str]]:
        found, tips = [], [[start]]
        while tips and not found:
            found = [path for path in tips if path[-1] == end]
            tips = [[*path, n] for path in tips for n in beside[path[-1]] if n not in path]
        return found

    total: dict[str, Fraction] = dict.fromkeys(beside, Fraction())
    for a, b in combinations(beside, 2):
        ways = paths(a, b)
        for way in ways:
            for inner in way[1:-1]:
                total[inner] += Fraction(1, len(ways))
    pairs = (len(beside) - 1) * (len(beside) - 2) // 2
    return {n: (len(beside[n]), total[n] / pairs if pairs else Fraction()) for n in beside}


SHAPES = {
    "a path": "ab bc cd",
    "a star": "ab ac ad ae",
    "a square": "ab bc cd da",
    "a triangle with a tail": "ab bc ca cd de",
    "two parts": "ab bc xy",
    "there and back": "ab ba bc",
    "one edge": "ab",
    "to itself": "aa ab bc",
    "two ways of two lengths": "ab bc ad de ec cf",
}


@pytest.mark.parametrize("edges", SHAPES.values(), ids=SHAPES)
def test_the_measures_are_those_of_the_definitions(edges: str) -> None:
    graph = drawn(store_of(edges))
    wanted = {n.removeprefix(E): (str(d), f"{float(b):.4f}") for n, (d, b) in by_hand(graph).items()}
    assert {n: (d, f"{float(b):.4f}") for n, (d, b) in table(graph).items()} == wanted


def test_a_star_and_a_path_are_known_by_heart() -> None:
    assert table(drawn(store_of("ab ac ad ae")))["a"] == ("4", "1")
    assert table(drawn(store_of("ab bc cd")))["b"] == ("2", "0.6667")


def test_the_most_connected_come_first_then_the_most_between_then_by_iri() -> None:
    assert list(table(drawn(store_of("ca cb de ef fd fg")))) == ["f", "c", "d", "e", "a", "b", "g"]


def test_the_measures_of_the_five_cases_are_those_of_networkx(store: Store) -> None:
    question = network.find(whole.workspace())
    plain: Any = nx.Graph()
    for row in questions.ask(question, store).rows:
        plain.add_edge(row[0].value, row[3].value)  # type: ignore[union-attr]
    between = nx.betweenness_centrality(plain)
    found = list(network.measures(network.of(store, question)).records())
    assert len(found) == len(plain) > 20
    for row in found:
        assert int(str(row["degree"])) == plain.degree[row["node"]]
        assert float(str(row["betweenness"])) == pytest.approx(between[row["node"]], abs=5e-5)


def test_vendors_municipalities_platforms_and_projects_are_linked(store: Store) -> None:
    graph = network.of(store, network.find(whole.workspace(), "adoption"))
    kinds = {kind.removeprefix(CG) for _, kind in graph.nodes(data="kind")}
    assert kinds == {"Vendor", "Municipality", "Platform", "Project"}
    relations = {r.removeprefix(CG) for _, _, r in graph.edges(data="relation")}
    assert relations == {"deliversIn", "clientOf", "introduces", "adopts"}
    assert graph.nodes[f"{ID}organisation/netcompany"]["label"] == "Netcompany"
    assert nx.has_path(graph.to_undirected(), f"{ID}organisation/netcompany", f"{ID}municipality/dk-0157")


# --- GraphML ------------------------------------------------------------------------------


def read(data: bytes) -> nx.MultiDiGraph:
    return nx.read_graphml(io.BytesIO(data), force_multigraph=True)


def test_graphml_is_read_again_as_it_was(store: Store) -> None:
    graph = network.of(store, network.find(whole.workspace()))
    again = read(network.graphml(graph))
    assert again.is_directed()
    assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))
    assert sorted(again.edges(keys=True, data="relation")) == sorted(graph.edges(keys=True, data="relation"))


def test_every_edge_has_an_id_of_its_own(store: Store) -> None:
    """GraphML asks for it; tools drop the second edge of an id."""
    graph = network.of(store, network.find(whole.workspace()))
    keys = [key for _, _, key in graph.edges(keys=True)]
    assert len(keys) == len(set(keys)) > 30


def test_a_label_that_xml_cannot_hold_does_not_break_the_file() -> None:
    store = store_of("ab")
    store.add(Quad(node("a"), NamedNode("http://purl.org/dc/terms/title"), Literal("<Bell \x07> & \u20ac")))
    assert read(network.graphml(drawn(store))).nodes[E + "a"]["label"] == "<Bell \ufffd> & \u20ac"


def test_graphml_has_the_same_bytes_under_every_hash_seed(bees: Bees) -> None:
    command = [sys.executable, "-m", "kg", "-q", "-C", str(bees.folder), "network", "-f", "graphml"]
    found = {
        subprocess.run(
            command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, stdout=subprocess.PIPE
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1 and found.pop().endswith(b"</graphml>\n")


# --- two with one name --------------------------------------------------------------------


def test_two_of_one_name_are_told_apart_in_the_table(store: Store) -> None:
    graph = network.of(store, network.find(whole.workspace()))
    found = network.measures(graph)
    labels = questions.labels(store, sorted(found.iris, key=str), "en")
    names = [answers.shown(row[0], answers.told_apart(found, labels)) for row in found.rows]
    assert len(names) == len(set(names)) > 20
    assert {name for name in names if name.startswith("Molde")} == {"Molde (no-1502)", "Molde (no-1506)"}
    assert "Sala" in names, "what has a name of its own keeps it as it is"
    assert answers.render(found, "markdown", labels).count("Molde (no-150") == 2


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([("place/a", "place/b")], {"X (a)", "X (b)"}),
        ([("case/x", "source/x")], {"X"}),
        ([("case/x", None), ("source/x", None)], {"X (case/x)", "X (source/x)"}),
        ([("place/a", "place/a")], {"X"}),
        ([("place/a", "place/b"), ("place/c", None)], {"X (a)", "X (b)", "X (c)"}),
    ],
    ids=["of one kind", "of two kinds, apart by the column", "of two kinds in a column", "the same", "three"],
)
def test_who_shares_a_name_is_told_by_the_key(rows: list[tuple[str | None, ...]], wanted: set[str]) -> None:
    cells = tuple(tuple(NamedNode(HOME + c) if c else None for c in row) for row in rows)
    answer = Answer(("one", "two"), cells)
    labels = dict.fromkeys(answer.iris, "X")
    assert set(answers.told_apart(answer, labels).values()) == wanted


# --- the command --------------------------------------------------------------------------


def test_the_command_tells_the_measures(bees: Bees, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    said = bees("network")
    assert (said.code, said.err) == (0, "")
    assert [word.strip() for word in said.lines[1].split("│")[1:-1]] == [
        "node",
        "kind",
        "degree",
        "betweenness",
    ]
    assert [word.strip() for word in said.lines[3].split("│")[1:-1]] == [
        "The rectory garden",
        "apiary",
        "4",
        "0.5833",
    ]
    assert said.out == bees("network", "pasture").out


def test_the_table_is_in_the_readers_language(bees: Bees, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert "Der Pfarrgarten" in bees("network", "--lang", "de").out


def test_only_so_many_rows(bees: Bees) -> None:
    found = rows(bees("network", "--top", "2", "-f", "csv").out)
    assert found == [
        ["node", "kind", "degree", "betweenness"],
        [f"{ID}apiary/rectory", f"{NS}Apiary", "4", "0.5833"],
        [f"{ID}apiary/heath", f"{NS}Apiary", "3", "0.4167"],
    ]


def test_a_file_is_written_in_the_format_of_its_suffix(bees: Bees, tmp_path: Path) -> None:
    for name in ("net.graphml", "net.csv"):
        said = bees("network", "-o", str(tmp_path / name))
        assert (said.code, said.out, said.err) == (0, "", "")
    assert len(read((tmp_path / "net.graphml").read_bytes())) == 10
    assert len((tmp_path / "net.csv").read_text(encoding="utf-8").splitlines()) == 11


@pytest.mark.parametrize(
    ("args", "code", "what"),
    [
        (("pastures",), 2, "error no network “pastures”; did you mean “pasture”?"),
        (("--top", "0"), 2, "Error: Invalid value for '--top'"),
        (("-f", "gexf"), 2, "error no format “gexf” for answers; known: "),
        (("-o", "nowhere/net.graphml"), 3, "error nowhere/net.graphml: cannot be written: No such file"),
    ],
)
def test_what_there_is_not_is_told(bees: Bees, args: tuple[str, ...], code: int, what: str) -> None:
    said = bees("network", *args)
    assert (said.code, said.out) == (code, "")
    assert what in said.err and "Traceback" not in said.err


def test_a_workspace_without_networks_says_so(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match=r"there is no network; write one as queries/networks/NAME.rq"):
        network.find(Workspace.load(tmp_path))


def test_a_network_of_nothing_is_empty(own: Bees) -> None:
    file = "queries/networks/pasture.rq"
    own.write(file, own.read(file).replace("bee:stoodAt", "bee:ran").replace("bee:grows", "bee:ate"))
    said = own("-q", "build"), own("network", "-f", "csv")
    assert rows(said[1].out) == [["node", "kind", "degree", "betweenness"]]
    assert said[1].err == "the network “pasture” is empty: its query gives no row\n"
    assert len(read(own("network", "-f", "graphml").out.encode())) == 0
