"""What goes out: the same bytes each time, the same graph wherever it is read, lines more for a fact more."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from bees import BASE, HIVE, Bees, bee
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat

from kg import build, export, formats
from kg.cli.main import run
from kg.errors import UsageError
from kg.names import DCAT, DCTERMS, OWL, VOID
from kg.store import Built
from kg.workspace import Workspace

ROOT = Path(__file__).parent.parent
FORMATS = list(formats.FORMATS)
MERGED = ("turtle", "ntriples", "rdfxml")
RDFLIB = {"ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}
Term = NamedNode | BlankNode | Literal | ox.Triple | ox.DefaultGraph
Row = tuple[Term, ...]


def by_pyoxigraph(data: bytes, form: str) -> set[Row]:
    """The quads in `data` as pyoxigraph reads them."""
    return {tuple(q) for q in ox.parse(data, formats.FORMATS[form].rdf)}


def by_rdflib(data: bytes, form: str) -> set[Row]:
    """The quads in `data` as rdflib reads them."""
    dataset = rdflib.Dataset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset.parse(data=data, format=RDFLIB.get(form, form))
    return {quad(row) for row in dataset.quads()}


def quad(row: tuple[object, ...]) -> Row:
    """A quad of rdflib as one of pyoxigraph, every term as it is written."""
    subject, predicate, value, graph = row
    name = term(graph) if graph and graph != rdflib.graph.DATASET_DEFAULT_GRAPH_ID else ox.DefaultGraph()
    return (term(subject), term(predicate), term(value), name)


def term(node: object) -> Term:
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    assert isinstance(node, rdflib.Literal), f"a blank node: {node!r}"
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))


@pytest.fixture(autouse=True)
def as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib rewrites literals as it reads them, unless it is told not to."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def rows(quads: list[Quad], form: str) -> set[Row]:
    """What a file of the format has to hold of `quads`."""
    if form in MERGED:
        return {(q.subject, q.predicate, q.object, ox.DefaultGraph()) for q in quads}
    return set(map(tuple, quads))


def exported(bees: Bees, *args: str) -> list[Quad]:
    """The quads that the command writes."""
    said = bees("-q", "export", "-f", "nquads", *args)
    assert (said.code, said.err) == (0, "")
    return list(ox.parse(said.out, RdfFormat.N_QUADS))


def graphs(quads: list[Quad]) -> set[str]:
    return {str(q.graph_name.value).removeprefix(f"{BASE}graph/") for q in quads}


# --- the five cases -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this workspace, built."""
    folder = tmp_path_factory.mktemp("five-cases")
    for name in ("ontology", "data"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "kg.toml", folder)
    assert run(["-q", "-C", str(folder), "build", "--no-validate"]) == 0
    return folder


@pytest.fixture(scope="module")
def built(space: Path) -> Built:
    return build.ensure(Workspace.load(space))


def export_of(space: Path, out: Path, *args: str) -> bytes:
    assert run(["-q", "-C", str(space), "export", "-o", str(out), *args]) == 0
    return out.read_bytes()


def lines(data: bytes) -> list[str]:
    return data.decode().splitlines()


@pytest.mark.parametrize("form", ["turtle", "nquads"])
def test_the_whole_graph_is_read_again_as_it_was(
    space: Path, built: Built, tmp_path: Path, form: str
) -> None:
    data = export_of(space, tmp_path / "out", "-f", form)
    wanted = rows(built.quads(), form)
    assert len(wanted) > 30_000
    assert by_pyoxigraph(data, form) == wanted
    assert by_rdflib(data, form) == wanted


def test_the_whole_graph_is_portable(space: Path, tmp_path: Path) -> None:
    """No blank node, no literal that a store might rewrite, no triple in two graphs."""
    data = export_of(space, tmp_path / "all.nq")
    quads = list(ox.parse(data, RdfFormat.N_QUADS))
    assert len(quads) == len(lines(data)) > 30_000
    assert not [q for q in quads if any(isinstance(t, BlankNode | ox.DefaultGraph) for t in q)]
    assert formats.unportable(quads, Workspace.load(space).languages) == []
    assert len({q.triple for q in quads}) == len(quads)
    tags = {q.object.language for q in quads if isinstance(q.object, Literal) and q.object.language}
    assert tags == {"en", "da", "nb", "nn", "sv"}


OUTCOME = """
  fewer-letters:
    grade: reported
    metric: video-meetings
    value: 12
    unit: percent
    summary: {en: Fewer letters are sent.}
    evidence: {quote: Detta skapar trygghet, at: [774, 795]}
"""


def test_an_outcome_more_only_adds_lines(space: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(space, tmp_path / "copy"))
    case = copy / "data" / "cases" / "sala-omnia.yaml"
    text = case.read_text(encoding="utf-8")
    assert text.count("\noutcomes:\n") == 1
    before = {form: export_of(copy, tmp_path / "out", "-f", form) for form in ("turtle", "trig", "nquads")}
    case.write_text(text.replace("\noutcomes:", f"\noutcomes:{OUTCOME.rstrip()}"), encoding="utf-8")
    for form, data in before.items():
        after = lines(export_of(copy, tmp_path / "out", "-f", form))
        rest = iter(after)
        assert all(line in rest for line in lines(data)), f"{form}: a line has changed or moved"
        added = len(after) - len(lines(data))
        assert 8 <= added <= 30, f"{form}: {added} lines more"
        assert sum("fewer-letters" in line for line in after) > 0


# --- the same bytes -----------------------------------------------------------------------

EVERY_FORMAT = """
from kg.cli.main import run
for form in {forms}:
    assert run(["-q", "-C", {space!r}, "export", "-f", form, "-o", {out!r} + form]) == 0
"""


def test_the_bytes_are_the_same_under_every_hash_seed(own: Bees, tmp_path: Path) -> None:
    """Built anew each time, in a process of its own."""
    found = []
    for seed in ("0", "1", "4711"):
        shutil.rmtree(own.folder / "build", ignore_errors=True)
        (tmp_path / seed).mkdir()
        code = EVERY_FORMAT.format(forms=FORMATS, space=str(own.folder), out=f"{tmp_path / seed}/")
        env = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True)
        found.append({path.name: path.read_bytes() for path in (tmp_path / seed).iterdir()})
    assert set(found[0]) == set(FORMATS) and all(map(len, found[0].values()))
    assert found[0] == found[1] == found[2]


def test_the_five_cases_give_the_same_bytes_in_another_process(space: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(space, copy, ignore=shutil.ignore_patterns("build"))
    env = {**os.environ, "PYTHONHASHSEED": "99"}
    command = [sys.executable, "-m", "kg", "-q", "-C", str(copy), "export", "-f", "nquads"]
    out = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE).stdout
    assert out == export_of(space, tmp_path / "all.nq")


# --- every format and part, on the bees ---------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_read_again_as_it_was(bees: Bees, form: str) -> None:
    data = bees("export", "-f", form).out.encode()
    wanted = rows(exported(bees), form)
    assert by_pyoxigraph(data, form) == wanted
    assert by_rdflib(data, form) == wanted
    assert bees("export", "-f", form).out.encode() == data


def test_without_a_choice_everything_goes_out_but_axioms_and_figures(bees: Bees) -> None:
    quads = exported(bees)
    assert quads == sorted(quads, key=str)
    cases = {"case/hive-one-2021", "case/hive-two-2021", "case/hive-three-2021", "case/hive-five-2021"}
    assert graphs(quads) == {"reference", "ontology", "inferred", "about", *cases}
    used = {q.predicate.value for q in quads}
    assert f"{OWL}propertyChainAxiom" not in used and f"{VOID}triples" not in used


PARTS = {
    ("--asserted",): {"reference", *(f"case/hive-{n}-2021" for n in ("one", "two", "three", "five"))},
    ("--inferred",): {"inferred"},
    ("--ontology",): {"ontology"},
    ("--about",): {"about"},
    ("--inferred", "--about"): {"inferred", "about"},
    ("--case", "hive-two-2021"): {"case/hive-two-2021", "inferred"},
    ("--case", "hive-two-2021", "--asserted"): {"case/hive-two-2021"},
    ("--case", "hive-two-2021", "--inferred"): {"inferred"},
    ("--case", "hive-two-2021", "--ontology"): {"ontology"},
    ("--case", "hive-two-2021", "--asserted", "--ontology"): {"case/hive-two-2021", "ontology"},
    ("--case", "hive-two-2021", "--case", "hive-one-2021", "--asserted"): {
        "case/hive-two-2021",
        "case/hive-one-2021",
    },
}


@pytest.mark.parametrize("options", PARTS, ids=" ".join)
def test_a_part_is_its_graphs(bees: Bees, options: tuple[str, ...]) -> None:
    quads = exported(bees, *options)
    assert graphs(quads) == PARTS[options]
    assert len(quads) == len(set(quads)) >= 5


def test_the_parts_make_the_whole(bees: Bees) -> None:
    """All but the axioms and the figures, which come only when they are asked for."""
    parts = {*exported(bees, "--asserted", "--inferred", "--ontology", "--about")}
    whole = {*exported(bees)}
    assert whole < parts
    more = {q for q in parts - whole if not any(isinstance(t, BlankNode) for t in q)}
    assert {str(q.graph_name.value) for q in more} <= {f"{BASE}graph/ontology", f"{BASE}graph/about"}


def test_of_a_case_comes_what_follows_about_its_nodes_and_no_other(bees: Bees) -> None:
    everything = set(exported(bees, "--inferred"))
    own = set(exported(bees, "--inferred", "--case", "hive-three-2021"))
    root = f"{BASE}case/hive-three-2021"
    assert own == {q for q in everything if any(str(t).startswith((f"<{root}>", f"<{root}/")) for t in q)}
    winter = NamedNode(f"{root}/stays/winter")
    assert any(q.subject == winter and q.object == bee("Stay") for q in own)
    assert 0 < len(own) < len(everything)


def test_a_case_whose_id_begins_another_is_not_that_other(own: Bees) -> None:
    """`a` is not the case of the nodes `a-2/…`."""
    text = own.read(HIVE)
    own.write(
        "data/cases/hive-three-2021-b.yaml", text.replace("name: hive-three-2021", "name: hive-three-2021-b")
    )
    quads = exported(own, "--case", "hive-three-2021")
    assert quads
    assert not [q for q in quads if "hive-three-2021-b" in str(q)]


def test_the_ontology_comes_with_its_axioms(bees: Bees) -> None:
    quads = exported(bees, "--ontology")
    used = {q.predicate.value for q in quads}
    assert {f"{OWL}propertyChainAxiom", f"{OWL}disjointWith"} <= used
    onto = build.ontology_of(Workspace.load(bees.folder))
    assert len(quads) == len({q.triple for q in [*onto.terms, *onto.axioms]})


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--case", "hive-tree-2021"), "error no case “hive-tree-2021”; did you mean “hive-three-2021”?\n"),
        (
            ("--case", "zz"),
            "error no case “zz”; use one of hive-five-2021, hive-one-2021, hive-three-2021, hive-two-2021\n",
        ),
        (
            ("-f", "csv"),
            "error unknown RDF format “csv”; use one of turtle, trig, ntriples, nquads, jsonld, rdfxml\n",
        ),
        (("-o", "graph.csv"), "error graph.csv: the suffix names no RDF format; use one of .ttl, .trig"),
    ],
)
def test_what_there_is_not_is_told(bees: Bees, options: tuple[str, ...], what: str) -> None:
    said = bees("export", *options)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(what)


def test_an_unknown_part_is_told(bees: Bees) -> None:
    with pytest.raises(UsageError, match="no part of the graph “asserte”; did you mean “asserted”"):
        export.select(Workspace.load(bees.folder), [], ["asserte"])


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.ttl", "@prefix"), ("a.TTL", "@prefix"), ("a.nt", "<http"), ("a.rdf", "<?xml"), ("a.owl", "<?xml"),
        ("a.jsonld", "["), ("a.trig", "@prefix"), ("a.nq", "<http"),
    ],
)  # fmt: skip
def test_the_format_follows_the_suffix(bees: Bees, tmp_path: Path, name: str, begins: str) -> None:
    said = bees("export", "-o", str(tmp_path / name))
    assert (said.code, said.out) == (0, "")
    data = (tmp_path / name).read_bytes()
    assert data.startswith(begins.encode())
    assert set(ox.parse(data, formats.format_of(Path(name))))


def test_a_named_format_comes_before_the_suffix_and_a_dash_is_the_pipe(bees: Bees, tmp_path: Path) -> None:
    assert bees("export", "-f", "nt", "-o", str(tmp_path / "a.ttl")).code == 0
    assert (tmp_path / "a.ttl").read_text(encoding="utf-8").startswith("<http")
    assert bees("export", "-o", "-").out == bees("export").out != ""


@pytest.mark.parametrize("where", ["no-folder/a.ttl", "folder.ttl"])
def test_a_file_that_cannot_be_written_is_told(bees: Bees, tmp_path: Path, where: str) -> None:
    (tmp_path / "folder.ttl").mkdir()
    said = bees("export", "-o", str(tmp_path / where))
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 1)
    assert said.err.startswith(f"error {tmp_path / where}: cannot be written: ")


# --- what the graph says of itself --------------------------------------------------------

DESCRIPTION = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix e: <http://e.org/> .
e:Dataset a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:class void:Dataset ; sh:nodeKind sh:IRI ;
  sh:property [ sh:path dcterms:title ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dcterms:description ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dcat:version ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dcterms:license ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dcterms:creator ; sh:nodeKind sh:IRI ; sh:minCount 1 ] ,
    [ sh:path void:uriSpace ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path void:vocabulary ; sh:pattern "[#/]$" ; sh:nodeKind sh:IRI ; sh:minCount 5 ] ,
    [ sh:path void:subset ; sh:class void:Dataset ; sh:minCount 4 ] .
e:Counted a sh:NodeShape ; sh:targetClass void:Dataset ;
  sh:property [ sh:path void:triples ; sh:datatype xsd:integer ;
    sh:minInclusive 1 ; sh:minCount 1 ; sh:maxCount 1 ] .
e:Part a sh:NodeShape ; sh:targetObjectsOf void:classPartition ; sh:nodeKind sh:IRI ;
  sh:property [ sh:path void:class ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path void:entities ; sh:datatype xsd:integer ; sh:minInclusive 1 ; sh:minCount 1 ; sh:maxCount 1 ] .
"""


def test_the_description_of_the_five_cases_is_sound(space: Path, tmp_path: Path) -> None:
    import pyshacl

    data = rdflib.Graph().parse(data=export_of(space, tmp_path / "about.ttl", "--about"), format="turtle")
    shapes = rdflib.Graph().parse(data=DESCRIPTION, format="turtle")
    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes)
    assert conforms, text
    data.remove((None, rdflib.DCTERMS.license, None))
    assert not pyshacl.validate(data, shacl_graph=shapes)[0], "a shape that finds nothing shows nothing"


def values(quads: list[Quad], prop: str, subject: str = f"{BASE}dataset") -> set[str]:
    return {q.object.value for q in quads if q.subject.value == subject and q.predicate.value == prop}


def test_the_description_says_what_the_settings_say(bees: Bees) -> None:
    quads = exported(bees)
    assert values(quads, f"{DCTERMS}title") == {"Colonies of bees from spring to winter"}
    assert values(quads, f"{DCTERMS}license") == {"https://creativecommons.org/publicdomain/zero/1.0/"}
    assert values(quads, f"{DCTERMS}creator") == {"https://bees.example.net/keepers"}
    assert values(quads, f"{VOID}uriSpace") == {BASE}
    assert f"{DCAT}Dataset" in {q.object.value for q in quads if q.subject.value == f"{BASE}dataset"}


def test_every_vocabulary_in_use_is_named_and_no_other(bees: Bees) -> None:
    quads = [q for q in exported(bees) if q.graph_name.value != f"{BASE}graph/about"]
    type_ = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    terms = {q.predicate.value for q in quads} | {q.object.value for q in quads if q.predicate.value == type_}
    named = values(exported(bees), f"{VOID}vocabulary")
    assert {"https://bees.example.net/ns#", DCTERMS, OWL} <= named
    for space in named:
        assert any(term.startswith(space) for term in terms), space
    for word in terms:
        assert any(word.startswith(space) and not set("/#") & set(word[len(space) :]) for space in named), (
            word
        )


def test_the_figures_are_those_of_the_graph(bees: Bees) -> None:
    figures, quads = exported(bees, "--about"), exported(bees)
    counted = [q for q in quads if q.graph_name.value != f"{BASE}graph/about"]
    assert values(figures, f"{VOID}triples") == {str(len(counted))}
    assert values(figures, f"{VOID}distinctSubjects") == {str(len({q.subject for q in counted}))}
    assert values(figures, f"{VOID}properties") == {str(len({q.predicate for q in counted}))}
    for name in graphs(counted):
        graph = f"{BASE}graph/{name}"
        size = sum(q.graph_name.value == graph for q in counted)
        assert values(figures, f"{VOID}triples", graph) == {str(size)}
    assert values(figures, f"{VOID}subset") == {f"{BASE}graph/{name}" for name in graphs(counted)}


def test_the_figures_of_a_class_are_its_instances(bees: Bees) -> None:
    figures, quads = exported(bees, "--about"), exported(bees)
    parts = values(figures, f"{VOID}classPartition")
    sizes = {
        cls: entities
        for part in parts
        for cls, entities in itertools.product(
            values(figures, f"{VOID}class", part), values(figures, f"{VOID}entities", part)
        )
    }
    assert len(sizes) == len(parts) > 10, "each class has a part of its own"
    assert values(figures, f"{VOID}classes") == {str(len(sizes))}
    harvests = {q.subject for q in quads if q.object == bee("Harvest")}
    assert sizes[bee("Harvest").value] == str(len(harvests)) != "0"


def test_a_dataset_of_which_nothing_is_said_is_described_all_the_same(own: Bees) -> None:
    own.write("kg.toml", 'base = "https://bees.example.net/"\nlanguages = ["de", "en"]\n')
    quads = exported(own, "--about")
    assert values(quads, f"{VOID}uriSpace") == {BASE}
    assert not values(quads, f"{DCTERMS}title")
