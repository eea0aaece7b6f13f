"""Anybody's RDF against anybody's shapes: no workspace, no network, and each line in its file."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import whole
from bees import BASE as BEE, HERE as BEES
from pyoxigraph import RdfFormat

import kg
from kg import formats
from kg.checking import foreign
from kg.cli.main import run
from kg.errors import DefinitionError, InputError, KGError, UsageError
from kg.workspace import Workspace

ROOT = Path(__file__).parent.parent
E = "http://e.org/"
PREFIXES = f"""PREFIX e: <{E}>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
DATA = """e:a a e:Thing ; e:size 7 .
e:b a e:Part ;
    e:size "big" .
"""
SHAPES = """e:ThingShape sh:targetClass e:Thing ;
    sh:property [ sh:path e:size ; sh:datatype xsd:integer ;
        sh:message "must be a number"@en , "skal være et tal"@da ] .
"""
ONTOLOGY = """<http://e.org> a owl:Ontology .
e:Thing a owl:Class . e:Part a owl:Class ; rdfs:subClassOf e:Thing .
e:size a owl:DatatypeProperty . e:holds a owl:ObjectProperty ; rdfs:domain e:Part .
"""
BOTH = "--shapes shapes.ttl --ontology ontology.ttl"
BIG = 'error e:size: must be a number (got "big") [Thing.size]'


@dataclass(frozen=True)
class Desk:
    """A folder with files, which is no workspace and below none; calling it runs `kg validate` there."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, args: str) -> tuple[int, list[str], str]:
        """The exit code, the lines of findings and the last one, and what is said beside."""
        self.capsys.readouterr()
        code = run(["validate", *args.split()])
        said = self.capsys.readouterr()
        lines = [line for line in said.out.splitlines() if line and line[0] != " "]
        return code, lines, re.sub("\x1b\\[[0-9]*m", "", said.err)

    def write(self, name: str, text: str, prefixes: str = PREFIXES) -> None:
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(prefixes + text, "utf-8")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path, capsys)
    for name, text in (("data", DATA), ("shapes", SHAPES), ("ontology", ONTOLOGY)):
        desk.write(f"{name}.ttl", text)
    return desk


# --- data, shapes, ontology ----------------------------------------------------------------


def test_findings_have_the_lines_of_the_file(desk: Desk) -> None:
    assert desk("data.ttl --shapes shapes.ttl")[:2] == (0, ["no findings in 1 file"])
    assert desk(f"data.ttl {BOTH}")[:2] == (1, [f"data.ttl:8:12 {BIG}", "1 error in 1 file"])


def test_the_library_does_the_same(desk: Desk) -> None:
    data, shapes, ontology = (desk.folder / f"{name}.ttl" for name in ("data", "shapes", "ontology"))
    report = kg.validate(data, shapes=str(shapes), ontology=[ontology], lang="da")
    (finding,) = report.findings
    assert (finding.message, str(finding.place)) == ('skal være et tal (fik "big")', f"{data}:8:12")
    assert (report.conforms, repr(report)) == (False, "<kg.Report 1 fejl i 1 fil>")
    assert "[Thing.size]" in report.render() and "Thing.size" in report._repr_html_()
    assert json.loads(report.render("json"))["files"] == [str(data)]
    assert kg.validate(data, shapes=shapes).conforms


def test_the_options_of_the_library_are_those_of_the_command(desk: Desk) -> None:
    desk.write("imported.ttl", ONTOLOGY)
    desk.write("importing.ttl", IMPORTING.format("http://e.org"))
    given = {"shapes": "shapes.ttl", "ontology": ["importing.ttl"]}
    assert [f.rule for f in kg.validate("data.ttl", **given).findings] == ["check.import"]
    found = kg.validate("data.ttl", **given, imports="imported.ttl")
    assert [f.rule for f in found.findings] == ["Thing.size"]
    desk.write("held.ttl", "e:a e:holds 1 .")
    held = {"shapes": "shapes.ttl", "ontology": "ontology.ttl"}
    assert [f.rule for f in kg.validate("held.ttl", **held).findings] == ["vacuity.no-focus"]
    assert not kg.validate("held.ttl", **held, strict=True).conforms
    assert kg.validate("held.ttl", **held, strict=True, infer=True).conforms


@pytest.mark.usefixtures("desk")
def test_the_library_raises_what_the_command_tells() -> None:
    with pytest.raises(UsageError, match="no file to check"):
        kg.validate(shapes="shapes.ttl")
    with pytest.raises(InputError, match=r"none\.ttl"):
        kg.validate("data.ttl", shapes="none.ttl")
    with pytest.raises(DefinitionError, match="no shape in it"):
        kg.validate("data.ttl", shapes="ontology.ttl")
    (finding,) = [f for f in kg.validate("none.ttl", shapes="shapes.ttl").findings if f.rule == "input"]
    assert "none.ttl" in str(finding.place)


@pytest.mark.parametrize("suffix", ["ttl", "trig", "nt", "nq", "jsonld", "rdf", "owl"])
def test_every_format_is_read(desk: Desk, suffix: str) -> None:
    for name in ("data", "shapes", "ontology"):
        format = formats.format_of(Path(f"x.{suffix}"))
        quads = formats.serialize(formats.read(Path(f"{name}.ttl")), format, {"e": E})
        Path(f"{name}2.{suffix}").write_bytes(quads)
    code, lines, _ = desk(f"data2.{suffix} --shapes shapes2.{suffix} --ontology ontology2.{suffix}")
    assert code == 1
    without_prefixes = suffix in ("nt", "nq", "jsonld")
    assert lines[0].endswith(BIG.replace("e:size", f"<{E}size>") if without_prefixes else BIG)
    with_lines = suffix != "jsonld"
    assert lines[0].startswith(f"data2.{suffix}" + (":" if with_lines else " "))


def test_several_files_and_a_folder(desk: Desk) -> None:
    desk.write("more/c.ttl", "e:c a e:Thing ; e:size 1.5 .")
    desk.write("more/notes.txt", "no RDF")
    desk.write("more/.#c.ttl", "an editor's own")
    code, lines, _ = desk("data.ttl more --shapes shapes.ttl --shapes shapes.ttl")
    assert (code, len(lines)) == (1, 2)
    assert lines[0].startswith('more/c.ttl:6:24 error e:size: must be a number (got "1.5")')


def test_what_follows_is_judged_on_request(desk: Desk) -> None:
    desk.write("data.ttl", 'e:c e:holds e:a ;\n  e:size "big" .\n')
    assert desk(f"data.ttl {BOTH}")[0] == 0
    code, lines, _ = desk(f"data.ttl {BOTH} --infer")
    assert (code, lines[0]) == (1, f"data.ttl:7:10 {BIG}")


def test_an_axiom_that_no_rule_can_be_made_of_is_told_and_left_out(desk: Desk) -> None:
    axiom = "e:Thing rdfs:subClassOf [ owl:onProperty e:size ; owl:maxCardinality 1 ] .\n"
    desk.write("ontology.ttl", ONTOLOGY + axiom)
    assert desk(f"data.ttl {BOTH}")[1][-1] == "1 error in 1 file"
    code, lines, _ = desk(f"data.ttl {BOTH} --infer")
    (told,) = (line for line in lines if line.endswith("[check.axiom]"))
    assert (code, lines[0]) == (1, f"data.ttl:8:12 {BIG}")
    assert told.startswith(
        "ontology.ttl:9:9 warning the axiom is left out of inference: e:Thing rdfs:subClassOf"
    )


def test_axioms_may_stand_in_the_data(desk: Desk) -> None:
    desk.write(
        "data.ttl", 'e:holds rdfs:domain e:Thing .\ne:c e:holds e:d ;\n  e:size "big" ; owl:sameAs e:e .\n'
    )
    assert desk("data.ttl --shapes shapes.ttl")[0] == 0
    code, lines, _ = desk("data.ttl --shapes shapes.ttl --infer")
    assert (code, lines[0]) == (1, f"data.ttl:8:10 {BIG}")
    assert any(line.startswith("data.ttl:8:18 warning the axiom is left out") for line in lines)


def test_a_clash_of_classes_is_an_error(desk: Desk) -> None:
    desk.write("ontology.ttl", ONTOLOGY + "e:Part owl:disjointWith e:Whole . e:Whole a owl:Class .\n")
    desk.write("data.ttl", "e:c a e:Part , e:Whole .\n")
    code, lines, _ = desk(f"data.ttl {BOTH} --infer")
    said = "e:c is both e:Part and e:Whole, which e:Part owl:disjointWith e:Whole excludes [input]"
    assert (code, lines[0]) == (1, f"data.ttl:6:1 error {said}")


# --- nothing of a workspace ------------------------------------------------------------------


def test_nothing_of_the_workspace_is_mixed_in_unless_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("data.ttl", DATA + f"<{BEE}case/x> a <{BEE}ns#ColonyYear> .")
    args = f"{desk.folder / 'data.ttl'} --shapes {desk.folder / 'shapes.ttl'}"
    monkeypatch.chdir(BEES)
    assert desk(args)[1] == ["no findings in 1 file"]
    code, lines, _ = desk(f"{args} --with-workspace")
    assert code == 1
    assert {line.rpartition(" ")[2] for line in lines[:-1]} >= {"[ColonyYear.colony]"}
    assert all(line.startswith(f"{desk.folder / 'data.ttl'}:9:1 ") for line in lines[:-1])


@pytest.mark.usefixtures("desk")
def test_reference_data_of_the_workspace_is_used_with_it() -> None:
    found = foreign.read([Path("data.ttl")], [Path("shapes.ttl")], workspace=Workspace.load(BEES))
    assert any(str(quad.graph_name).endswith("/reference>") for quad in found.ontology.quads)
    assert found.check(infer=True).report.findings() == []


def test_no_workspace_is_looked_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workspace, "load", lambda *_: pytest.fail("a workspace was loaded"))
    assert desk("data.ttl --shapes shapes.ttl")[0] == 0


def test_it_runs_in_a_process_of_its_own(desk: Desk) -> None:
    args = [sys.executable, "-m", "kg", "validate", "data.ttl", *BOTH.split(), "-f", "github"]
    env = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(args, cwd=desk.folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=data.ttl,line=8,col=12,")


@pytest.mark.usefixtures("desk")
def test_the_shapes_of_this_workspace_are_anybodys() -> None:
    """The merged graph as a file, against the shapes as a file: the same findings, none."""
    data = Path("graph.nq")
    data.write_bytes(formats.serialize(whole.graph().quads, RdfFormat.N_QUADS, {}))
    report = kg.validate(data, shapes=whole.ROOT / "ontology" / "shapes.ttl")
    assert report.findings == []


# --- imports ---------------------------------------------------------------------------------

IMPORTING = "<> a owl:Ontology ;\n  owl:imports <{}> .\n"
VERSIONED = ONTOLOGY + f"<http://e.org> owl:versionIRI <{E}2.0> ."


@pytest.mark.parametrize(
    ("iri", "name", "text"),
    [
        ("http://e.org", "any.ttl", ONTOLOGY),
        ("http://e.org/", "any.ttl", ONTOLOGY),
        ("http://e.org/2.0", "any.ttl", VERSIONED),
        ("http://other.org/named", "named.ttl", ONTOLOGY),
        ("http://other.org/named.ttl", "named.ttl", ONTOLOGY),
        ("http://other.org/named#", "named.ttl", ONTOLOGY),
        ("named.ttl", "named.ttl", ONTOLOGY),
    ],
)
@pytest.mark.parametrize("given", ["lib", "lib/{}"])
def test_imports_are_found_by_iri_and_by_name(desk: Desk, iri: str, name: str, text: str, given: str) -> None:
    desk.write(f"lib/{name}", text)
    desk.write("ontology.ttl", IMPORTING.format(iri))
    code, lines, _ = desk(f"data.ttl {BOTH} --import {given.format(name)}")
    assert (code, lines) == (1, [f"data.ttl:8:12 {BIG}", "1 error in 1 file"])


def test_an_import_that_is_not_at_hand_is_a_warning_and_nothing_is_fetched(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("the network was asked"))
    desk.write("shapes.ttl", SHAPES + IMPORTING.format(E + "far"))
    code, lines, _ = desk("data.ttl --shapes shapes.ttl")
    said = f"owl:imports <{E}far>, which no given file is; nothing is fetched: give it with --import"
    assert (code, lines[0]) == (0, f"shapes.ttl:10:15 warning {said} [check.import]")
    assert desk("data.ttl --shapes shapes.ttl --strict")[0] == 1


def test_imports_are_followed_to_their_end_even_in_a_circle(desk: Desk) -> None:
    desk.write("ontology.ttl", IMPORTING.format(E + "one"))
    desk.write("lib/one.ttl", IMPORTING.format(E + "two") + IMPORTING.format(E + "three"))
    desk.write("lib/two.ttl", ONTOLOGY + IMPORTING.format(E + "one") + IMPORTING.format(E + "three"))
    code, lines, _ = desk(f"data.ttl {BOTH} --import lib")
    assert (code, lines[0]) == (1, f"data.ttl:8:12 {BIG}")
    assert lines[1].startswith(f"lib/one.ttl:9:15 warning owl:imports <{E}three>")
    assert lines[2:] == ["1 error, 1 warning in 2 files"]


def test_shapes_that_are_imported_are_used(desk: Desk) -> None:
    desk.write("mine.ttl", IMPORTING.format("shapes.ttl"))
    code, lines, _ = desk("data.ttl --shapes mine.ttl --import shapes.ttl --ontology ontology.ttl")
    assert (code, lines[0]) == (1, f"data.ttl:8:12 {BIG}")


# --- what is empty or wrong --------------------------------------------------------------------


def test_what_says_nothing_is_told(desk: Desk) -> None:
    (desk.folder / "void").mkdir()
    desk.write("empty.ttl", "# nothing\n")
    code, lines, _ = desk("data.ttl empty.ttl void --shapes shapes.ttl")
    said = [f"{name} warning no statement in it [vacuity.no-data]" for name in ("empty.ttl", "void")]
    assert (code, lines[:2]) == (0, said)
    assert desk("data.ttl empty.ttl --shapes shapes.ttl --strict")[0] == 1


def test_slips_in_names_are_told_by_the_ontology(desk: Desk) -> None:
    desk.write("data.ttl", "e:a a e:Thng ; e:sise 7 .\n")
    code, lines, _ = desk(f"data.ttl {BOTH} --strict --ignore vacuity.*")
    assert (code, lines) == (1, [
        "data.ttl:6:7 error there is no class e:Thng; did you mean e:Thing? [check.unknown-class]",
        "data.ttl:6:16 error there is no property e:sise; did you mean e:size? [check.unknown-property]",
        "2 errors in 1 file",
    ])  # fmt: skip


def test_a_pipe_is_refused_since_it_would_be_read_twice(desk: Desk) -> None:
    for name in ("pipe.nt", "pipe.ttl"):
        os.mkfifo(desk.folder / name)
    code, lines, _ = desk("pipe.nt pipe.ttl data.ttl --shapes shapes.ttl")
    what = "error this is a pipe or a device; write it to a file first [input]"
    assert (code, lines[:2]) == (3, [f"pipe.nt {what}", f"pipe.ttl {what}"])
    code, _, err = desk("data.ttl --shapes pipe.ttl")
    assert (code, err) == (3, "error pipe.ttl: this is a pipe or a device; write it to a file first\n")


def test_data_that_cannot_be_read_is_told_and_the_rest_is_judged(desk: Desk) -> None:
    desk.write("bad.ttl", "e:a e:p x:b .\n")
    code, lines, _ = desk(f"bad.ttl gone.ttl data.ttl {BOTH}")
    assert code == InputError.exit_code
    assert [line.split(" ")[0] for line in lines[:-1]] == ["bad.ttl:6:9", "data.ttl:8:12", "gone.ttl"]


@pytest.mark.parametrize(
    ("args", "shapes", "error", "said"),
    [
        ("data.ttl --shapes gone.ttl", SHAPES, InputError, "gone.ttl: there is no such file"),
        (f"data.ttl {BOTH} --ontology gone.ttl", SHAPES, InputError, "gone.ttl: there is no such file"),
        ("data.ttl --shapes shapes.ttl", "x:a", DefinitionError, "shapes.ttl:6:1: the prefix x: is not"),
        ("data.ttl --shapes shapes.ttl", "", DefinitionError, "shapes.ttl: no shape in it"),
        ("data.ttl --shapes data.ttl", SHAPES, DefinitionError, "data.ttl: no shape in it; give a file"),
        (
            "data.ttl --shapes shapes.ttl", SHAPES.replace("sh:path", "sh:pth"), DefinitionError,
            "shapes.ttl:7:19: Thing: sh:pth does not exist; did you mean sh:path?",
        ),
        ("kg.toml --shapes shapes.ttl", SHAPES, UsageError, "kg.toml: the suffix names no RDF format"),
        ("--shapes shapes.ttl", SHAPES, UsageError, "no file to check against the shapes"),
        ("data.ttl --ontology ontology.ttl", SHAPES, UsageError, "--ontology, --import, --infer and"),
        ("data.ttl --shapes shapes.ttl --fix", SHAPES, UsageError, "--fix and --diff mend the files of"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked(desk: Desk, args: str, shapes: str, error: type[KGError], said: str) -> None:
    desk.write("kg.toml", "")
    desk.write("shapes.ttl", shapes)
    code, lines, err = desk(args)
    assert (code, lines) == (error.exit_code, [])
    assert f"error {said}" in err


def test_remote_contexts_and_entities_are_refused(desk: Desk) -> None:
    desk.write("c.jsonld", '{"@context": "http://e.org/c.jsonld", "@id": "http://e.org/a"}', "")
    desk.write("x.rdf", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>', "")
    code, lines, _ = desk("c.jsonld x.rdf --shapes shapes.ttl")
    assert code == InputError.exit_code
    assert lines[0].startswith("c.jsonld:1:14 error a @context on the web is not fetched")
    assert lines[-2].startswith("x.rdf:1:")
    assert "root" not in "".join(lines)


# --- the report ----------------------------------------------------------------------------------


def test_the_w3c_report_holds_what_the_shapes_found_and_nothing_else(desk: Desk) -> None:
    desk.write("data.ttl", DATA + "e:b e:sise 7 .\n")
    code, lines, err = desk(f"data.ttl {BOTH} -f turtle -o r.ttl")
    assert (code, lines) == (1, [])
    assert "1 error, 1 warning in 1 file" in err
    results = [q for q in formats.read(Path("r.ttl")) if q.predicate.value.endswith("#focusNode")]
    assert [str(q.object) for q in results] == [f"<{E}b>"]


def test_findings_keep_their_fingerprint_in_every_language(desk: Desk) -> None:
    desk.write("data.ttl", "e:a a e:Thng ; e:sise 7 .\n")
    marks = []
    for lang in ("en", "sv"):
        desk(f"data.ttl {BOTH} -f sarif -o r.sarif --lang {lang}")
        (found,) = json.loads(Path("r.sarif").read_text("utf-8"))["runs"]
        marks.append([result["partialFingerprints"] for result in found["results"]])
    assert marks[0] == marks[1]
    assert len(marks[0]) == 3


def test_rules_of_given_shapes_are_listed(desk: Desk) -> None:
    code, lines, _ = desk("--shapes shapes.ttl --rules")
    assert code == 0
    assert [line.split()[0] for line in lines[:3]] == ["input", "Thing.size", "check.axiom"]
