"""Each axiom and each shortcut is needed: without it, something that a user sees is different.

What a user sees is, in this order: files that read, clashes, rows of a question, a network or a check,
findings of the shapes; the first difference is enough. The graph is that of the six cases and of a made-up
workspace, `needed/`, for what does not occur in them. Of the reference data it has the entities that the
cases use, and what these came from.
"""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
import whole
from pyoxigraph import BlankNode, NamedNode, Quad, Store
from whole import ROOT, cg, onto, short, workspace

from kg import build, cases, marks, questions, rules
from kg.errors import DefinitionError, InputError
from kg.names import CODE, ORG, RDFS, SH
from kg.ontology import Ontology
from kg.places import Place
from kg.questions import Question
from kg.rules import Clash
from kg.workspace import Workspace

NEEDED = ROOT / "tests" / "needed"
CODES = {name: f"{CODE}{name}/" for name in ("function", "realisation", "standing")}
READ = {RDFS + name for name in ("domain", "range", "subClassOf")}
"""What the reader of case files looks up in the axioms."""


# --- The parts of the ontology that infer, one by one


@dataclasses.dataclass(frozen=True)
class Part:
    """An axiom or a shortcut: what it says, and the statements that it is made of."""

    text: str
    quads: frozenset[Quad]

    @property
    def is_read(self) -> bool:
        """Whether reading could be different without it."""
        return any(quad.predicate.value in READ for quad in self.quads)


@cache
def axioms() -> list[Part]:
    return [Part(_axiom(quads), frozenset(quads)) for quads in statements(onto().axioms)]


@cache
def shortcuts() -> list[Part]:
    shapes = statements(onto().shortcuts, whole_subjects=True)
    with_rule = [quads for quads in shapes if any(quad.predicate.value == SH + "rule" for quad in quads)]
    return [Part(short(quads[0].subject), frozenset(quads)) for quads in with_rule]


def _axiom(quads: list[Quad]) -> str:
    compiled = rules.compile(quads, (), {**onto().prefixes, **CODES})
    [text] = {rule.axiom for rule in compiled} | {pair.axiom for pair in compiled.disjoint}
    return text


def statements(quads: list[Quad], *, whole_subjects: bool = False) -> list[list[Quad]]:
    """The top-level statements, each with all that hangs on it by blank nodes.

    A blank node that nothing points to is one statement; so is a named subject with `whole_subjects`.
    """
    about: dict[object, list[Quad]] = {}
    for quad in quads:
        about.setdefault(quad.subject, []).append(quad)
    inner = {quad.object for quad in quads if isinstance(quad.object, BlankNode)}

    def hanging(quad: Quad) -> Iterator[Quad]:
        yield quad
        if isinstance(quad.object, BlankNode):
            for each in about.get(quad.object, ()):
                yield from hanging(each)

    found = []
    for subject, own in about.items():
        if subject not in inner:
            single = isinstance(subject, NamedNode) and not whole_subjects
            found += [[quad] for quad in own] if single else [own]
    return [[each for quad in group for each in hanging(quad)] for group in found]


def test_the_parts_are_all_there_is():
    assert sorted(str(q) for part in axioms() for q in part.quads) == sorted(map(str, onto().axioms))
    compiled = whole.compiled()
    assert len(axioms()) == len({r.axiom for r in compiled.axioms} | {d.axiom for d in compiled.disjoint})
    assert len(shortcuts()) == sum(len(group) for group in compiled.shortcuts)


# --- What follows with all of them, and without one


@dataclasses.dataclass(frozen=True)
class World:
    """All that is read and inferred, and the clashes."""

    quads: frozenset[Quad]
    clashes: frozenset[Clash]


@cache
def reference() -> list[Quad]:
    """What is said of entities that the cases use, of what these succeed, and of the changes between them."""
    asserted = whole.graph().asserted.quads
    graph = workspace().names.graph("reference")
    quads = [q for q in asserted if q.graph_name == graph]
    kept = {q.object for q in whole.case_quads()}
    kept |= {q.object for q in quads if q.subject in kept and q.predicate == cg("successorOf")}
    links = {NamedNode(ORG + "originalOrganization"), NamedNode(ORG + "resultingOrganization")}
    kept |= {q.subject for q in quads if q.predicate in links and q.object in kept}
    return [q for q in quads if q.subject in kept]


@cache
def known() -> frozenset[str]:
    return frozenset(str(getattr(q.subject, "value", "")) for q in whole.graph().asserted.quads)


@cache
def needed() -> Workspace:
    return Workspace.load(NEEDED)


def read(ontology: Ontology) -> list[Quad]:
    """What all files say by this ontology.

    :raises InputError: if one of them does not read.
    :raises DefinitionError: if the ontology does not fit its context.
    """
    ontology.check(Place("context.jsonld"))
    quads = list(reference())
    for path in workspace().cases():
        quads += cases.read(path, ontology, workspace().names, known()).quads
    made_up = build.read(needed(), ontology)
    if made_up.faults:
        raise InputError.all(made_up.faults)
    return [*quads, *made_up.quads, *ontology.terms]


@cache
def as_read() -> list[Quad]:
    return read(onto())


def world(ontology: Ontology, asserted: list[Quad]) -> World:
    compiled = rules.compile(ontology.axioms, ontology.shortcuts, ontology.prefixes)
    found = rules.infer(asserted, compiled)
    inferred = found.quads(workspace().names.graph("inferred"))
    return World(frozenset((*asserted, *inferred)), frozenset(found.clashes))


@cache
def full() -> World:
    return world(onto(), as_read())


def without(part: Part) -> Ontology:
    return dataclasses.replace(
        onto(),
        axioms=[q for q in onto().axioms if q not in part.quads],
        shortcuts=[q for q in onto().shortcuts if q not in part.quads],
    )


# --- What a user sees


@cache
def asked() -> list[Question]:
    kinds = ("questions", "networks", "checks")
    return [questions.read(path) for kind in kinds for path in workspace().queries(kind).values()]


@cache
def store() -> Store:
    found = Store()
    found.bulk_extend(full().quads)
    return found


def rows(question: Question) -> tuple[object, ...]:
    """The rows of an answer, and the marks that they bear."""
    answer, borne = marks.ask(question, store(), workspace().names)
    return (answer.rows, borne) if answer.rows else ()


@cache
def answers() -> dict[str, tuple[object, ...]]:
    return {question.name: rows(question) for question in asked()}


@contextmanager
def holding(other: World) -> Iterator[None]:
    """The store with the quads of another world, for a while."""
    answers()  # First, for they are those of the full world.
    less, more = full().quads - other.quads, other.quads - full().quads
    try:
        _change(less, more)
        yield
    finally:
        _change(more, less)


def _change(less: frozenset[Quad], more: frozenset[Quad]) -> None:
    for quad in less:
        store().remove(quad)
    store().extend(more)


def findings(ontology: Ontology) -> str:
    """What `kg validate` says of the made-up workspace."""
    graph = build.infer(needed(), ontology, build.read(needed(), ontology))
    return build.validate(needed(), ontology, graph).text("en", build.naming(needed(), ontology))


@cache
def all_findings() -> str:
    return findings(onto())


def difference(part: Part) -> str | None:
    """The first thing that a user sees differently without the part."""
    ontology = without(part)
    try:
        other = world(ontology, read(ontology) if part.is_read else as_read())
    except (InputError, DefinitionError) as exc:
        return f"reading: {exc}"
    if other.clashes != full().clashes:
        return "clashes"
    if other.quads != full().quads:
        with holding(other):
            changed = next((each.name for each in asked() if rows(each) != answers()[each.name]), None)
        if changed:
            return f"rows of {changed}"
    return "findings" if findings(ontology) != all_findings() else None


@pytest.mark.parametrize("part", [*axioms(), *shortcuts()], ids=lambda part: part.text)
def test_without_it_something_is_different(part: Part):
    assert difference(part), f"no file, clash, row or finding needs {part.text}"


def test_a_part_that_nothing_needs_would_be_seen():
    assert difference(Part("nothing", frozenset())) is None


# --- And without them all


VENDORS_AND_CHAMPIONS = {
    "champion-network-vendors",
    "champions-not-realised",
    "role-holders",
    "role-names",
    "vendor-capacities",
    "vendors-that-make-the-product",
    "vendors-that-trained-champions",
}


def test_without_axioms_and_shortcuts_there_are_no_vendors_no_champions_and_no_networks():
    """All but the shortcut to the first evidence, without which no question shows anything."""
    drawn = {q for part in shortcuts() if part.text != "ns#firstEvidenceShortcut" for q in part.quads}
    bare = dataclasses.replace(onto(), axioms=[], shortcuts=[q for q in onto().shortcuts if q not in drawn])
    with holding(world(bare, as_read())):
        left = {question.name for question in asked() if rows(question)}
    assert VENDORS_AND_CHAMPIONS & left == set()
    assert [name for name in VENDORS_AND_CHAMPIONS if not answers()[name]] == []


# --- Clashes, as an author meets them


def test_what_is_two_things_at_once_is_found_by_kg_validate(tmp_path: Path):
    shutil.copytree(NEEDED, tmp_path, dirs_exist_ok=True)
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    run = subprocess.run(
        [sys.executable, "-m", "kg", "-C", str(tmp_path), "validate"],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert run.returncode == 1, run.stderr
    clashes = [line.partition(" excludes")[0] for line in run.stdout.splitlines() if " is both " in line]
    assert [line.replace(f"{tmp_path}/data/cases/", "") for line in clashes] == CLASHES


CLASHES = [
    "clashes.yaml:11:24 error organisation/nordplan is both Platform and Organisation, which "
    "cg:Platform owl:disjointWith cg:Organisation",
    "clashes.yaml:12:30 error municipality/dk-0992 is both Platform and Municipality, which "
    "cg:Platform owl:disjointWith cg:Municipality",
    "clashes.yaml:17:30 error clashes/groups/helpers is both Role and RoleGroup, which "
    "cg:Role owl:disjointWith cg:RoleGroup",
    "in-turtle.ttl:23:17 error in-turtle is both Project and Platform, which "
    "cg:Project owl:disjointWith cg:Platform",
]
"""At the slip of the author, not at what it makes two things at once."""
