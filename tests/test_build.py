"""From files to a stored graph: all faults at once, nothing stored with errors, nothing stale answered."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bees import BASE, FIVE, GARDEN, HIVE, Bees, Said, bee
from pyoxigraph import NamedNode, Quad

from kg import about, build, store
from kg.errors import DefinitionError, InputError
from kg.names import ID
from kg.store import Built
from kg.workspace import Workspace

COLONY, DIARY = "data/reference/colony.csv", "data/sources/heath-diary.yaml"
WARNING = f"{HIVE}:26:3 warning against: say against which finding, if the book does [Treatment.against]"


def space(own: Bees) -> Workspace:
    return Workspace.load(own.folder)


def stored(own: Bees) -> Built:
    built = store.current(own.folder / "build")
    assert built is not None
    return built


def findings(said: Said) -> list[str]:
    """The lines that tell of a finding, without the excerpts and the sum."""
    return [line for line in said.lines if re.match(r"(?!\d+ )\S+ (error|warning) ", line)]


def summary(said: Said) -> str:
    return said.lines[-1]


def graph_of(built: Built, name: str) -> list[Quad]:
    return [q for q in built.quads() if q.graph_name == NamedNode(f"{BASE}graph/{name}")]


# --- what is built ------------------------------------------------------------------------


def test_what_is_stored_is_what_was_read_what_follows_and_the_description(own: Bees) -> None:
    attempt = build.build(space(own), check=False)
    assert attempt.built is not None
    graph = attempt.graph
    wanted = [*graph.asserted.quads, *graph.inferred, *about.describe(space(own), graph.quads)]
    assert set(attempt.built.quads()) == set(wanted)
    assert len(attempt.built.store) == len(wanted)
    assert attempt.built == stored(own)


@pytest.mark.parametrize(
    ("case", "form"),
    [("hive-three-2021", "YAML"), ("hive-one-2021", "JSON Lines"), ("hive-five-2021", "Turtle")],
)
def test_cases_of_every_form_are_built(own: Bees, case: str, form: str) -> None:
    build.build(space(own), check=False)
    found = graph_of(stored(own), f"case/{case}")
    root = NamedNode(f"{BASE}case/{case}")
    assert any(q.subject == root and q.object == bee("ColonyYear") for q in found), form
    assert all(q.subject.value.startswith(root.value) for q in found)


def test_every_line_of_a_json_lines_file_is_a_case_of_its_own(own: Bees) -> None:
    build.build(space(own), check=False)
    assert stored(own).manifest["cases"] == [
        "hive-five-2021",
        "hive-one-2021",
        "hive-three-2021",
        "hive-two-2021",
    ]


def test_the_manifest_says_what_the_build_holds(own: Bees) -> None:
    attempt = build.build(space(own))
    manifest = stored(own).manifest
    assert manifest["checked"] is True
    assert manifest["fingerprint"] == space(own).fingerprint()
    assert manifest["quads"] == len(stored(own).quads())
    assert manifest["inferred"] == len(attempt.graph.inferred) == len(graph_of(stored(own), "inferred"))
    assert build.build(space(own), check=False).built.manifest["checked"] is False  # type: ignore[union-attr]


def test_every_inferred_triple_is_traced_to_a_rule(own: Bees) -> None:
    build.build(space(own), check=False)
    rows = [line.split("\t") for line in stored(own).trace.read_text(encoding="utf-8").splitlines()]
    assert rows == sorted(rows) and {len(row) for row in rows} == {5}
    triples = {(str(q.subject), str(q.predicate), str(q.object)) for q in graph_of(stored(own), "inferred")}
    assert {(s, p, o) for s, p, o, *_ in rows} == triples
    assert all(rule and int(number) > 0 for *_, rule, number in rows)


def test_the_same_files_give_the_same_build(own: Bees) -> None:
    first = build.build(space(own), check=False).built
    second = build.build(space(own), check=False).built
    assert first and second and first.folder != second.folder
    for name in ("graph.nq", "trace.tsv", "manifest.json"):
        assert (first.folder / name).read_bytes() == (second.folder / name).read_bytes()


def test_the_graphs_of_a_build_go_by_their_names(own: Bees) -> None:
    build.build(space(own), check=False)
    found = build.graphs(stored(own).quads(), space(own))
    cases = {f"case/{name}" for name in stored(own).manifest["cases"]}
    assert set(found) == {"reference", "ontology", "inferred", "about", *cases}
    assert sum(map(len, found.values())) == len(stored(own).quads())


def test_one_case_is_told_as_one(own: Bees) -> None:
    for file in (GARDEN, FIVE):
        (own.folder / file).unlink()
    assert re.fullmatch(
        r"1 case: [\d,]+ statements, \d+ of them inferred; not checked against the shapes\n",
        own("build", "--no-validate").err,
    )


def test_the_steps_are_told_where_somebody_watches(own: Bees, monkeypatch: pytest.MonkeyPatch) -> None:
    assert own("build").err.count("\n") == 1
    monkeypatch.setenv("KG_PROGRESS", "1")
    steps = [step.split()[0] for step in own("build").err.splitlines()[:-1]]
    assert steps == ["reading", "inferring", "checking", "storing"], "what has changed"
    shutil.rmtree(own.folder / "build")
    steps = [step.split()[0] for step in own("build").err.splitlines()[:-1]]
    assert steps == ["reading", "reading", "inferring", "checking", "storing"]
    assert own("-q", "build").err == ""


# --- faults -------------------------------------------------------------------------------


def test_the_faults_of_all_files_are_told_at_once(own: Bees) -> None:
    own.change(HIVE, "substance: thymol", "substance: timol")
    own.change(HIVE, "count: 14", "cuont: 14")
    own.change(GARDEN, '"chalkbrood"', '"chalk"')
    own.change(DIARY, "{en: Hive", "{xx: Hive")
    own.write("data/sources/empty.yaml", "")
    own.change(COLONY, "colony/two,Colony", "colony/two,Colny")
    own.change(FIVE, "bee:count 22", "bee:count 22 ,")
    (own.folder / "data/cases/lost.yaml").symlink_to("nowhere")
    (own.folder / "data/cases/folder.yaml").mkdir()
    said = own("build", "--no-validate")
    assert (said.code, said.err) == (3, "not stored; the last good build, if there is one, is kept\n")
    found = findings(said)
    places = [line.split(" error ")[0] for line in found]
    assert {place.split(":")[0] for place in places} == {
        HIVE, GARDEN, DIARY, COLONY, FIVE,
        "data/sources/empty.yaml", "data/cases/lost.yaml", "data/cases/folder.yaml",
    }  # fmt: skip
    assert len([place for place in places if place.startswith(HIVE)]) == 2
    assert summary(said) == f"{len(found)} errors in 8 files"
    assert store.current(own.folder / "build") is None


@pytest.mark.parametrize("old", ["colony/two,Colony", "name,sort"], ids=["a cell", "the head"])
def test_what_depends_on_a_file_with_faults_is_not_blamed(own: Bees, old: str) -> None:
    """A table that does not read describes nothing: its colonies are not said to be unknown."""
    own.change(COLONY, old, old.replace("Colony", "Colny").replace("name,", "it,"))
    (line,) = findings(own("build", "--no-validate"))
    assert line.startswith(f"{COLONY}:")


def test_cases_are_not_blamed_for_a_class_that_their_table_misspells(own: Bees) -> None:
    own.change("data/reference/apiary.csv", "apiary/heath,Apiary", "apiary/heath,Apiry")
    found = [line for line in findings(own("validate")) if " error " in line]
    assert found == [
        "data/reference/apiary.csv:2:14 error “Apiry” is no class; did you mean “Apiary”? [input]"
    ]


def test_a_case_that_names_what_nobody_describes_is_told_once_a_file(own: Bees) -> None:
    own.change(HIVE, "books: [heath-diary]", "books: [heath-dairy]")
    own.write(FIVE, own.read(FIVE).replace("source:bee-register", "source:bee-registr"))
    said = own("validate")
    assert said.code == 1
    what = "nothing describes “source/heath-dairy”; did you mean “source/heath-diary”?"
    assert f"{HIVE}:2:9 error {what} [input]" in findings(said)
    unknown = [line for line in findings(said) if "nothing describes" in line]
    assert [line.split(" ")[0].split(":")[0] for line in unknown] == [FIVE, HIVE]


@pytest.mark.parametrize(
    ("file", "code"),
    [(HIVE, 1), (GARDEN, 1), (FIVE, 3), (COLONY, 1)],
    ids=["shape", "line", "Turtle", "table"],
)
def test_nothing_is_stored_that_has_errors_and_the_last_good_build_stays(
    own: Bees, file: str, code: int
) -> None:
    assert own("build").code == 0
    before = stored(own)
    size = len(before.store)
    changes = {
        HIVE: ("count: 14", "count: -3"),
        GARDEN: ('"count": 7', '"cuont": 7'),
        FIVE: ("a bee:Stay ;", "a bee:Stay"),
    }
    old, new = changes.get(file, ("colony/two,Colony", "colony/two,Colny"))
    own.change(file, old, new)
    said = own("build")
    assert (said.code, said.err) == (code, "not stored; the last good build, if there is one, is kept\n")
    assert stored(own) == before and len(stored(own).store) == size


def test_warnings_keep_nothing_from_being_stored(own: Bees) -> None:
    assert findings(own("validate")) == [WARNING]
    assert own("build").code == 0
    assert stored(own).manifest["checked"] is True


def test_a_clash_of_classes_is_an_error_unless_nothing_is_checked(own: Bees) -> None:
    own.change(HIVE, "colony: colony/three", "colony: apiary/heath")
    said = own("build")
    assert said.code == 1 and "which bee:Colony owl:disjointWith bee:Apiary excludes" in said.out
    assert own("build", "--no-validate").code == 0


ILL_FORMED = {
    "shapes.ttl": '\nbee:S a sh:NodeShape ; sh:targetClass bee:Stay ; sh:minCount "x" .\n',
    "axioms.ttl": "\nbee:Stay owl:oneOf\n",
    "context.jsonld": "{",
    "shortcuts.ttl": "\nbee:R a sh:NodeShape ; sh:rule [ a sh:SPARQLRule ; sh:construct 'CONSTRUCT' ] .\n",
}


@pytest.mark.parametrize("file", ILL_FORMED)
def test_an_ill_formed_ontology_exits_with_4_and_keeps_the_last_build(own: Bees, file: str) -> None:
    assert own("build").code == 0
    before = stored(own)
    own.write(f"ontology/{file}", own.read(f"ontology/{file}") + ILL_FORMED[file])
    said = own("build")
    assert (said.code, said.out) == (4, "")
    assert said.err and all(line.startswith("error ") for line in said.err.splitlines())
    assert stored(own) == before
    with pytest.raises(DefinitionError):
        build.build(space(own))


def test_a_workspace_without_a_case_says_so(own: Bees) -> None:
    shutil.rmtree(own.folder / "data/cases")
    for command in ("build", "validate", "export", "doctor"):
        said = own("-q", command)
        assert (said.code, said.out) == (3, "")
        assert said.err == "error data/cases: no case file here; write one with: kg new ID\n"


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}", "- a\n", "\n\n"])
def test_a_file_with_no_case_in_it_is_told(own: Bees, text: str) -> None:
    own.write("data/cases/empty.yaml", text)
    said = own("build", "--no-validate")
    assert said.code == 3
    (line,) = findings(said)
    assert re.match(r"data/cases/empty.yaml:1:1 error (no case in it|a case is a map)", line)


# --- two cases with one id ----------------------------------------------------------------


def test_two_files_with_one_id_are_told_with_both_places(own: Bees) -> None:
    own.write("data/cases/hive-three-2021.ttl", own.read(FIVE).replace("hive-five-2021", "hive-three-2021"))
    said = own("validate")
    assert said.code == 1
    what = "error two cases with the id “hive-three-2021”; the other is data/cases/hive-three-2021.ttl"
    (line,) = findings(said)
    assert line.startswith(f"{HIVE}:1:7 {what}") and line.endswith("; give this one an id of its own [input]")


def test_two_lines_with_one_id_are_told_with_both_places(own: Bees) -> None:
    first, *_ = own.read(GARDEN).splitlines(keepends=True)
    own.write("data/cases/more.jsonl", "\n" + first + first)
    found = [line.split(";")[:2] for line in findings(own("build", "--no-validate"))]
    what = "error two cases with the id “hive-one-2021”"
    assert found == [
        [f"data/cases/more.jsonl:{line}:10 {what}", f" the other is {GARDEN}:1:10"] for line in (2, 3)
    ]


# --- nothing stale is answered ------------------------------------------------------------

INPUTS = {
    "kg.toml": ("[dataset]", "[dataset]\ndescription = 'Of bees.'"),
    "ontology/bees.ttl": (
        'bee:Harvest a owl:Class ; rdfs:label "harvest"',
        'bee:Harvest a owl:Class ; rdfs:label "crop"',
    ),
    "ontology/axioms.ttl": ("rdfs:subClassOf bee:InfestedYear", "rdfs:subClassOf bee:Entry"),
    "ontology/shortcuts.ttl": None,
    "ontology/context.jsonld": None,
    HIVE: ("count: 14", "count: 15"),
    GARDEN: ('"count": 7', '"count": 8'),
    FIVE: ("bee:count 22", "bee:count 23"),
    DIARY: ("Hive three in the year", "Hive 3 in the year"),
    COLONY: ("Hive two", "Hive II"),
}


@pytest.mark.parametrize("file", INPUTS)
def test_a_change_of_any_input_is_built_before_it_is_asked(own: Bees, file: str) -> None:
    first = build.ensure(space(own))
    assert build.ensure(space(own)) == first, "nothing has changed"
    change = INPUTS[file]
    if change:
        own.change(file, *change)
    else:
        own.write(file, own.read(file) + "\n")
    said: list[str] = []
    second = build.ensure(space(own), said.append)
    assert said == ["the files have changed: building the graph again"]
    assert second.folder != first.folder
    assert bool(change) == (set(second.quads()) != set(first.quads()))
    assert build.ensure(space(own)) == second == stored(own)


def test_a_new_a_renamed_and_a_removed_case_are_noticed(own: Bees) -> None:
    ids = []
    text = own.read(HIVE).replace("hive-three-2021", "hive-four-2021")
    for step in (
        lambda: own.write("data/cases/hive-four-2021.yaml", text),
        lambda: (own.folder / "data/cases/garden.jsonl").rename(own.folder / "data/cases/orchard.jsonl"),
        lambda: (own.folder / FIVE).unlink(),
    ):
        before = build.ensure(space(own))
        step()
        after = build.ensure(space(own))
        assert after != before
        ids.append(len(after.manifest["cases"]))
    assert ids == [5, 5, 4]


def test_the_first_question_builds_the_graph(own: Bees) -> None:
    assert own("query", "treated-mites", "-f", "csv").err == "building the graph\n"
    said = own("query", "treated-mites", "-f", "csv")
    assert (said.code, said.err) == (0, "")
    own.change(HIVE, "kilos: 19", "kilos: 20")
    assert own("query", "treated-mites").err == "the files have changed: building the graph again\n"


def test_files_that_do_not_read_are_told_and_nothing_stale_is_answered(own: Bees) -> None:
    build.ensure(space(own))
    own.change(HIVE, "substance: thymol", "substance: timol")
    own.change(GARDEN, '"chalkbrood"', '"chalk"')
    with pytest.raises(InputError) as refused:
        build.ensure(space(own))
    assert [str(f.place).split(":")[0] for f in refused.value.faults] == [GARDEN, HIVE]
    said = own("-q", "query", "treated-mites")
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 2)


def test_a_file_that_changes_while_it_is_built_is_built_again(own: Bees) -> None:
    def meddle(step: str) -> None:
        if step.startswith("storing"):
            own.change(HIVE, "kilos: 19", "kilos: 20")

    build.build(space(own), meddle, check=False)
    assert stored(own).manifest["fingerprint"] != space(own).fingerprint()
    kilos = {q.object.value for q in build.ensure(space(own)).quads() if q.predicate == bee("kilos")}
    assert "20" in kilos and "19" not in kilos


def test_a_build_of_another_form_is_made_anew(own: Bees) -> None:
    build.ensure(space(own))
    (stored(own).folder / "manifest.json").write_text(json.dumps({"made": "by hand"}), encoding="utf-8")
    assert build.ensure(space(own)).manifest["cases"]


def test_the_ontology_is_read_again_when_it_changes(own: Bees) -> None:
    before = build.ontology_of(space(own))
    assert build.ontology_of(space(own)) is before
    own.write("ontology/axioms.ttl", own.read("ontology/axioms.ttl") + "\n")
    assert build.ontology_of(space(own)) is not before


# --- kg validate FILES --------------------------------------------------------------------


@pytest.fixture
def outside(own: Bees, tmp_path: Path) -> Path:
    """A case file that lies elsewhere."""
    text = own.read(HIVE).replace("hive-three-2021", "hive-nine-2021").replace("count: 14", "count: -3")
    path = tmp_path / "elsewhere" / "hive-nine-2021.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_outside_the_workspace_is_validated_alone(own: Bees, outside: Path) -> None:
    said = own("validate", str(outside))
    assert (said.code, said.err) == (1, "")
    assert [line.split(" ")[0] for line in findings(said)] == [f"{outside}:23:16", f"{outside}:26:3"]
    assert summary(said) == "1 error, 1 warning in 1 file"
    assert store.current(own.folder / "build") is None, "nothing is stored"


def test_a_copy_elsewhere_is_no_second_case(own: Bees, tmp_path: Path) -> None:
    copy = Path(shutil.copy(HIVE, tmp_path / "hive-three-2021.yaml"))
    assert own("validate", str(copy)).code == 0
    assert own("validate", str(copy), HIVE).code == 1, "here it is"


def test_a_file_that_is_named_twice_is_read_once(own: Bees) -> None:
    assert own("validate", HIVE, str(own.folder / HIVE), "data/cases").code == 0


def test_a_folder_stands_for_its_case_files(own: Bees, outside: Path) -> None:
    assert str(outside) in own("validate", str(outside.parent)).out
    assert own("validate", "data/cases").out == own("validate").out
    said = own("validate", "data")
    assert (said.code, said.out) == (3, "")
    assert said.err == "error data: no case file here; write one with: kg new ID\n"


def test_what_is_no_case_is_read_as_what_it_is(own: Bees) -> None:
    own.change(DIARY, "{en: Hive", "{xx: Hive")
    said = own("validate", DIARY, COLONY)
    assert said.code == 1
    (line,) = findings(said)
    assert line.startswith(f"{DIARY}:2:9 error “xx” is no language")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("nowhere.yaml", "there is no such file; look at its name and folder"),
        ("nowhere", "there is no such file; look at its name and folder"),
        ("kg.toml", "the suffix is not that of a case file"),
        ("texts/heath-diary.txt", "the suffix is not that of a case file"),
        ("nowhere.jsonl", "there is no such file"),
        ("nowhere.ttl", "there is no such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_line(own: Bees, name: str, what: str) -> None:
    said = own("validate", name)
    assert (said.code, said.err) == (3, "")
    (line,) = findings(said)
    assert line.startswith(f"{name} error {what}")
    assert summary(said) == "1 error in 1 file"


@pytest.mark.parametrize(
    "encoded", [lambda text: text.encode("utf-16"), lambda text: gzip.compress(text.encode())]
)
def test_a_file_of_lines_in_another_form_is_told_once(own: Bees, encoded: Callable[[str], bytes]) -> None:
    path = own.folder / GARDEN
    path.write_bytes(encoded(path.read_text(encoding="utf-8") * 20))
    said = own("validate", GARDEN)
    (line,) = findings(said)
    assert said.code == 3 and re.match(rf"{GARDEN} error the file (is compressed|looks like UTF-16); ", line)


def test_what_is_no_case_file_for_its_suffix_is_said(own: Bees) -> None:
    for name in ("a.YAML", "a.yaml.txt", "a.json", "a.jsonl.gz", "a.yaml.bak", "notes.txt", ".a.json"):
        (own.folder / "data" / "cases" / name).write_text("id: a\n")
    told = [f"data/cases/{name}: passed over" for name in ("a.YAML", "a.json", "a.jsonl.gz", "a.yaml.txt")]
    for command in ("build", "validate"):
        said = own(command)
        assert said.code == 0
        assert [line.partition(",")[0] for line in said.err.splitlines() if "passed" in line] == told
    assert "passed over" not in own("validate", GARDEN).err


def test_a_reference_of_a_case_is_looked_up_in_the_workspace(own: Bees, outside: Path) -> None:
    outside.write_text(
        outside.read_text(encoding="utf-8").replace("colony/three", "colony/thre"), encoding="utf-8"
    )
    assert (
        "there is no shared entity “colony/thre”; did you mean “colony/three”?"
        in own("validate", str(outside)).out
    )


def test_the_days_of_a_date_are_named_by_the_key_that_authors_write(own: Bees) -> None:
    name = build.naming(space(own), build.ontology_of(space(own)))
    assert [name(bee(each)) for each in ("fromEarliest", "untilLatest", "on")] == ["from", "until", "on"]


def test_checking_stores_nothing(own: Bees) -> None:
    attempt = build.check(space(own))
    assert attempt.report.conforms and attempt.built is None
    assert not (own.folder / "build").exists()
    assert NamedNode(f"{ID}colony/three") in {q.object for q in attempt.graph.asserted.quads}
