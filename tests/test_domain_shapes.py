"""The shapes of the domain. Each file of `domain_shapes/` shows what one class or theme accepts and refuses.

All files are judged together, with the ontology and all that follows, as a build judges a
whole graph: each node by its own file's expectations. Nodes get the ontology's default
values, as the reader of case files gives them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg import ontology, rules, shapes
from kg.context import Kind
from kg.names import CG, OWL, RDF, SH
from kg.ontology import Ontology
from kg.shapes import Violation
from kg.shapes.graph import Shapes
from kg.shapes.triples import Object, Triples
from kg.shapes.vocabulary import COMPONENTS, sh
from kg.workspace import Workspace

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "tests" / "domain_shapes").glob("*.ttl"))
TYPE = NamedNode(RDF + "type")
RESULT = NamedNode(SH + "ValidationResult")
SPOKEN = ("en", "da", "nb", "sv")
BEGINNINGS = {
    "en": ("must ", "has "),
    "da": ("skal ", "må ikke ", "har "),
    "nb": ("må ", "kan ikke ", "har "),
    "sv": ("måste ", "får inte ", "har "),
}
DERIVED = re.compile(r"(Earliest|Latest)$")


# --- What is judged


@cache
def onto() -> Ontology:
    return ontology.load([ROOT / "ontology"])


@cache
def spec() -> Shapes:
    return Shapes(onto().shapes)


def data(path: Path) -> Triples:
    return Triples(parse(path.read_bytes(), RdfFormat.TURTLE))


@cache
def files() -> dict[Path, Triples]:
    return {path: data(path) for path in FILES}


def expectations(file: Triples) -> set[Object]:
    return set(file.subjects(TYPE, RESULT))


def stated(file: Triples) -> list[Quad]:
    """What a file says of the domain, with default values where it says nothing."""
    results = expectations(file)
    triples = [t for t in file.all if t[0] not in results]
    defaults = [
        (node, prop, value)
        for node, cls in file.pairs(TYPE)
        if isinstance(cls, NamedNode) and node not in results
        for prop, value in onto().defaults(cls)
        if not file.objects(node, prop)
    ]
    return [Quad(*triple) for triple in triples + defaults]


@cache
def findings() -> dict[Path | None, list[Violation]]:
    """What the shapes find in each file; under None, in what stands in no file: terms and code lists."""
    asserted = [quad for file in files().values() for quad in stated(file)]
    quads = [*onto().terms, *asserted]
    inferences = rules.infer(quads, rules.compile(onto().axioms, onto().shortcuts, onto().prefixes))
    report = shapes.validate([*quads, *inferences.quads(NamedNode(CG + "inferred"))], onto().shapes)
    subjects = [(node, path) for path, file in files().items() for node, _, _ in file.all]
    classified = [(node, path) for path, file in files().items() for node, _ in file.pairs(TYPE)]
    home = dict([*subjects, *classified])
    found: dict[Path | None, list[Violation]] = {path: [] for path in [*FILES, None]}
    for violation in report.violations:
        found[home.get(violation.focus)].append(violation)
    return found


# --- What each file expects


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_refused_is_what_the_file_expects_and_no_more(path: Path) -> None:
    found = {(str(v.focus), local(v.source_shape), local(v.component)) for v in findings()[path]}
    assert found == expected(files()[path])


def expected(file: Triples) -> set[tuple[str, str, str]]:
    """Each focus node with a rule and the components of it that refuse."""
    return {
        (str(focus), local(rule), local(component))
        for each in expectations(file)
        for focus in file.objects(each, sh("focusNode"))
        for rule in file.objects(each, sh("sourceShape"))
        for component in file.objects(each, sh("sourceConstraintComponent"))
    }


def local(node: Object) -> str:
    return shapes.local_name(node) if isinstance(node, NamedNode) else str(node)


def test_terms_and_code_lists_keep_every_rule() -> None:
    assert [str(v.focus) + " " + v.rule for v in findings()[None]] == []


def test_every_constraint_of_every_rule_refuses_something() -> None:
    seen = {(local(v.source_shape), local(v.component)) for found in findings().values() for v in found}
    missing = {(local(shape), part) for shape in rules_of() for part in components(shape)} - seen
    assert sorted(missing) == []


def components(shape: Object) -> set[str]:
    """The constraint components of a rule, of which those of a qualified shape are seen by their counts."""
    has = {p.value.removeprefix(SH) for p in spec().properties(shape)}
    names = {name[0].lower() + name[1:]: name for name in COMPONENTS} | {"sparql": "SPARQL"}
    return {names[p] + "ConstraintComponent" for p in has & names.keys() - {"property"}}


def rules_of() -> list[NamedNode]:
    """The shapes that can refuse something and report it: all that have a message."""
    return [s for s in spec().shapes if isinstance(s, NamedNode) and spec().objects(s, sh("message"))]


def named() -> list[NamedNode]:
    """The shapes that stand for themselves: targeted, or a property shape with an IRI."""
    return [
        s
        for s in spec().shapes
        if isinstance(s, NamedNode) and (spec().has_target(s) or spec().objects(s, sh("path")))
    ]


# --- What the shapes say of themselves


def wording(shape: Object, prop: str) -> dict[str, str]:
    return {t.language or "": t.value for t in spec().objects(shape, sh(prop)) if isinstance(t, Literal)}


def paths_of(node: Object) -> set[Object]:
    """The properties that a path is made of."""
    if isinstance(node, NamedNode):
        return {node}
    parts = spec().items(node) if spec().is_list(node) else [o for _, o in edges(node)]
    return set().union(*map(paths_of, parts))


def edges(node: Object) -> list[tuple[NamedNode, Object]]:
    return [(p, o) for p, values in spec().properties(node).items() for o in values]


def test_every_class_has_a_shape() -> None:
    targeted = {c.value for s in spec().shapes for c in spec().target_classes(s)}
    ours = {c for c in onto().classes if c.startswith(CG)}
    assert len(ours) > 30
    assert ours - targeted == set()


def test_every_property_is_looked_at() -> None:
    looked_at = {p for s in spec().shapes for path in spec().objects(s, sh("path")) for p in paths_of(path)}
    used = {NamedNode(p) for p in onto().properties if p.startswith(CG) and not DERIVED.search(p)}
    assert len(used) > 90
    assert used - looked_at - annotation_properties() == set()


def test_every_key_of_a_case_file_is_allowed_somewhere() -> None:
    allowed = {p for s in spec().shapes for p in spec().objects(s, sh("path"))}
    keys = {e.key: e.property for e in onto().context.entries.values() if e.kind not in (Kind.ID, Kind.CLASS)}
    assert {key for key, prop in keys.items() if prop not in allowed} == set()


def test_every_code_is_judged_by_its_own_list() -> None:
    lists = {
        path: scheme.value
        for shape in spec().shapes
        for path in spec().objects(shape, sh("path"))
        for scheme in schemes(shape)
    }
    entries = [e for e in onto().context.entries.values() if e.kind is Kind.CODE]
    assert len(entries) > 15
    assert {e.key: lists.get(e.property) for e in entries} == {e.key: e.base.rstrip("/") for e in entries}


def schemes(shape: Object) -> list[NamedNode]:
    """The code lists that the values of a shape are asked to be in."""
    parts = [part for head in spec().objects(shape, sh("and")) for part in spec().items(head)]
    inner = [prop for part in parts for prop in spec().objects(part, sh("property"))]
    found = [v for prop in inner for v in spec().objects(prop, sh("hasValue"))]
    return [v for v in found if isinstance(v, NamedNode)]


def annotation_properties() -> set[Object]:
    terms = Triples(onto().terms)
    return set(terms.subjects(TYPE, NamedNode(OWL + "AnnotationProperty")))


@pytest.mark.parametrize("shape", named(), ids=local)
def test_a_shape_says_in_four_languages_what_must_be_and_in_one_why(shape: NamedNode) -> None:
    assert wording(shape, "name").keys() == set(SPOKEN)
    assert wording(shape, "description").keys() == {"en"}
    messages = wording(shape, "message")
    if components(shape):
        assert messages.keys() == set(SPOKEN)
        assert len(spec().objects(shape, sh("severity"))) == 1
    for language, said in messages.items():
        assert said.startswith(BEGINNINGS[language]), said
        assert not said.endswith("."), "the report puts what it got behind it"


def test_texts_are_in_the_languages_of_the_workspace() -> None:
    heads = {head for s in spec().shapes for head in spec().objects(s, sh("languageIn"))}
    lists = {tuple(t.value for t in spec().items(head) if isinstance(t, Literal)) for head in heads}
    assert {each for each in lists if len(each) > 1} == {tuple(Workspace.find(ROOT).languages)}


def test_a_rule_is_known_by_its_iri() -> None:
    found = [v for each in findings().values() for v in each]
    assert found
    assert {v.rule for v in found} == {local(v.source_shape) for v in found}
