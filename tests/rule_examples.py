"""Right and wrong examples of rules: made from the shapes and from data that keeps them, and judged.

`ontology/examples.trig` holds for each rule a graph that keeps it and one that breaks it, and it alone.
`python tests/rule_examples.py` makes those of rules that have none, from the nodes of `domain_shapes/`: a
node that is in order is changed in one way after the other, as the constraints of the rule suggest, until
it breaks this rule and no other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, combinations, islice
from pathlib import Path

import test_domain_shapes as domain
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg import explain, formats, rules, shapes
from kg.names import CG, ID, XSD
from kg.shapes import paths
from kg.shapes.triples import TYPE, Object, Subject, Triples
from kg.shapes.vocabulary import LISTS_OF_SHAPES, sh

FILE = domain.ROOT / "ontology" / "examples.trig"
WHOLE = "fjordby"
"""The made-up case that keeps every rule; the examples lean on it."""

Node = Mapping[NamedNode, list[Object]]
Edges = list[tuple[Subject, NamedNode, Object]]
OF_SHAPES = tuple(map(sh, ("property", "not", "node", "qualifiedValueShape")))
OTHERS = tuple(map(sh, ("lessThan", "lessThanOrEquals", "equals", "disjoint")))
JUNK = [
    Literal("?"),
    Literal("two"),
    Literal(-5),
    Literal("2.5", datatype=NamedNode(XSD + "decimal")),
    Literal("texte", language="fr"),
    Literal("Write to somebody@mail.example"),
    Literal("Write to somebody@mail.example", language="en"),
]


# --- what examples are judged in


@cache
def base() -> Triples:
    """The made-up case, as its file has it."""
    return next(file for path, file in domain.files().items() if path.stem == WHOLE)


def with_defaults(edges: Edges) -> Edges:
    """The triples with the ontology's default values, as the reader of case files gives them."""
    stated = {(s, p) for s, p, _ in edges}
    return edges + [
        (s, prop, value)
        for s, p, cls in edges
        if p == TYPE and isinstance(cls, NamedNode)
        for prop, value in domain.onto().defaults(cls)
        if (s, prop) not in stated
    ]


@cache
def compiled() -> rules.Rules:
    onto = domain.onto()
    return rules.compile(onto.axioms, onto.shortcuts, onto.prefixes)


def found(edges: Iterable[tuple[Subject, NamedNode, Object]]) -> dict[Object, set[str]]:
    """The rules that each node breaks, where `edges` stand beside the made-up case."""
    quads = [*domain.onto().terms, *(Quad(*edge) for edge in [*with_defaults(base().all), *edges])]
    inferred = rules.infer(quads, compiled()).quads(NamedNode(CG + "inferred"))
    broken: dict[Object, set[str]] = defaultdict(set)
    for violation in shapes.validate([*quads, *inferred], domain.onto().shapes).violations:
        broken[violation.focus].add(violation.rule)
    return broken


def judged(examples: Iterable[Edges]) -> list[set[str]]:
    """The rules that each example breaks, all judged at once: each under names of its own."""
    copies: Edges = []
    own: list[set[Subject]] = []
    for number, edges in enumerate(examples):
        new: dict[Object, Subject] = {s: another(s, number) for s, p, _ in edges if p == TYPE}
        copies += with_defaults([(new.get(s, s), p, new.get(o, o)) for s, p, o in edges])  # type: ignore[misc]
        for old in (node for node in new if not shared(node)):
            copies += [(user, p, new[old]) for p, user in base().uses(old) if user not in new]
        own.append(set(new.values()))
    broken = found(copies)
    return [set().union(*(broken[node] for node in nodes)) for nodes in own]


def another(node: Subject, number: int) -> Subject:
    """Another name of the same kind: a code of digits stays one."""
    if isinstance(node, BlankNode):
        return BlankNode(f"{node.value}x{number}")
    if digits := re.search(r"(?<=-)\d{4}$", node.value):
        return NamedNode(node.value[: digits.start()] + f"{2000 + number:04}")
    return NamedNode(f"{node.value}-{number}")


def shared(node: Object) -> bool:
    """Whether a node is no part of a case: what refers to it need not refer to a copy, too."""
    return isinstance(node, NamedNode) and node.value.startswith(ID)


def completed(one: Edges, other: Edges) -> Edges:
    """An example with what it leaves out: what the made-up case says of its nodes, and neither does."""
    said = {(s, p) for s, p, _ in [*one, *other]}
    described = {s for s, p, _ in one if p == TYPE}
    return one + [(s, p, o) for s, p, o in base().all if s in described and (s, p) not in said]


def essence(pair: tuple[Edges, Edges], about: Iterable[NamedNode]) -> tuple[Edges, Edges]:
    """The pair without what goes without saying: neither about the rule nor what tells the two apart."""
    differ = {(s, p) for s, p, _ in set(pair[0]) ^ set(pair[1])}
    kept = {*about, TYPE}
    described = [{s for s, p, _ in side if p == TYPE and base().properties(s)} for side in pair]
    right, wrong = (
        [(s, p, o) for s, p, o in side if s not in nodes or p in kept or (s, p) in differ]
        for side, nodes in zip(pair, described, strict=True)
    )
    return right, wrong


# --- candidates


@cache
def everything() -> Triples:
    """All that the files of `domain_shapes/` state, and the terms, with what follows."""
    stated = [quad for file in domain.files().values() for quad in domain.stated(file)]
    quads = [*domain.onto().terms, *stated]
    return Triples([*quads, *rules.infer(quads, compiled()).quads(NamedNode(CG + "inferred"))])


@cache
def raw() -> Triples:
    """The same, without what follows and is given by default."""
    files = [
        Quad(*edge)
        for file in domain.files().values()
        for edge in file.all
        if edge[0] not in domain.expectations(file)
    ]
    return Triples([*files, *domain.onto().terms])


@cache
def faulty() -> dict[Object, set[Subject]]:
    """The nodes of the files that break rules, and which."""
    broken: dict[Object, set[Subject]] = defaultdict(set)
    for violations in domain.findings().values():
        for violation in violations:
            broken[violation.focus].add(violation.source_shape)
    return broken


def focus_nodes(rule: Subject) -> list[NamedNode]:
    """The nodes in order that the rule is for, best first: of the made-up case, with what it is about."""
    spec, data = domain.spec(), everything()
    nodes: dict[Object, None] = {}
    for owner in owners(rule):
        nodes |= dict.fromkeys(n for cls in spec.target_classes(owner) for n in data.instances(cls))
        nodes |= dict.fromkeys(
            s for p in spec.objects(owner, sh("targetSubjectsOf")) for s, _ in data.pairs(p)
        )
    about = properties(rule)
    fine = [n for n in nodes if isinstance(n, NamedNode) and n not in faulty() and raw().properties(n)]

    def rank(node: NamedNode) -> tuple[bool, bool, int, bool, int, str]:
        having = sum(1 for prop in about if raw().objects(node, prop))
        size = sum(map(len, raw().properties(node).values()))
        beside = not base().properties(node)
        return (not having, beside, -having, node.value.startswith(CG), size, node.value)

    return sorted(fine, key=rank)


def owners(shape: Subject, seen: tuple[Subject, ...] = ()) -> set[Subject]:
    """The shapes with a target that have `shape` as a property shape, itself among them."""
    spec = domain.spec()
    out = {shape} if spec.has_target(shape) else set()
    for user in spec.used_as_shapes.get(shape, ()):
        if user not in seen and shape in spec.objects(user, sh("property")):
            out |= owners(user, (*seen, shape))
    return out


def properties(shape: Object, seen: tuple[Object, ...] = ()) -> list[NamedNode]:
    """The properties of the focus node that a rule is about."""
    spec = domain.spec()
    nodes = spec.objects(shape, sh("path"))
    out = [prop for node in nodes for prop, forwards in paths.first(paths.read(spec, node)) if forwards]
    if not nodes:
        inner = spec.objects(shape, *OF_SHAPES)
        inner += [part for head in spec.objects(shape, *LISTS_OF_SHAPES) for part in spec.items(head)]
        out += [prop for part in inner if part not in seen for prop in properties(part, (*seen, shape))]
    out += [prop for prop in spec.objects(shape, *OTHERS) if isinstance(prop, NamedNode)]
    return list(dict.fromkeys(out))


def candidates(rule: Subject) -> Iterator[tuple[Edges, Edges]]:
    """Pairs of a right example and one that may be wrong, the plainest first."""
    nodes = focus_nodes(rule)
    changes: list[Iterator[tuple[Edges, Edges]]] = [_changes(rule, node) for node in nodes[:4]]
    yield from islice(chain.from_iterable(changes[:1]), 16)
    yield from _neighbours(rule, nodes)
    yield from chain.from_iterable(changes)


def _changes(rule: Subject, node: NamedNode) -> Iterator[tuple[Edges, Edges]]:
    """A node in order, with what may be made of it."""
    ways = strangers(node) if domain.spec().objects(rule, sh("closed")) else changed(rule, node)
    return ((around(node), around(node, way)) for way in ways)


def _neighbours(rule: Subject, nodes: list[NamedNode]) -> Iterator[tuple[Edges, Edges]]:
    """A node in order beside one that breaks this rule alone; or this one, mended."""
    for bad in sorted((bad for bad, broken in faulty().items() if broken == {rule}), key=str):
        if isinstance(bad, NamedNode | BlankNode):
            yield from ((around(node), around(bad)) for node in nodes[:1])
            for prop in [] if nodes else properties(rule):
                for value in dict.fromkeys(value for _, value in raw().pairs(prop)):
                    yield around(bad, {prop: [value]}), around(bad)


def around(node: Subject, change: Node | None = None) -> Edges:
    """The triples of a node, some of them changed, with those of nodes that only it brings with it."""
    values = {**(base().properties(node) or raw().properties(node)), **(change or {})}
    edges: Edges = [(node, prop, value) for prop, each in values.items() for value in each]
    if base().properties(node) or str(node).startswith(f"<{CG}"):
        return edges
    # what others have it for, something of the made-up case has it for, too
    for prop in {prop for prop, _ in raw().uses(node)}:
        edges += [(user, prop, node) for user, _ in islice(base().pairs(prop), 1)]
    declared = {quad.subject for quad in domain.onto().terms}
    for value in {value for each in values.values() for value in each} - {node, *declared}:
        if isinstance(value, NamedNode | BlankNode) and not base().properties(value):
            edges += [
                (value, p, o) for p, several in raw().properties(value).items() for o in several if o != node
            ]
    return edges


def changed(rule: Subject, node: NamedNode) -> Iterator[Node]:
    """What may be changed of a node so that it breaks the rule."""
    about, spec = properties(rule), domain.spec()
    if spec.objects(rule, sh("minCount")):
        yield {prop: [] for prop in about}
    for bad in sorted(
        (b for b, broken in faulty().items() if rule in broken), key=lambda b: (len(faulty()[b]), str(b))
    ):
        taken = {prop: raw().objects(bad, prop) for prop in about}
        for prop, values in taken.items():
            yield from ({prop: [value]} for value in values)
            yield from ({prop: [*own(node, prop), value]} for value in values)
        yield taken
    yield from ({prop: []} for prop in about if raw().objects(node, prop))
    yield {prop: [] for prop in about}
    for prop in about:
        yield from ({prop: [value]} for value in JUNK)
        for value in dict.fromkeys(value for _, value in base().pairs(prop)):
            yield {prop: [*own(node, prop), value]}
            yield {prop: [value]}
    for cls in sorted(
        (cls for owner in owners(rule) for cls in domain.spec().target_classes(owner)), key=str
    ):
        kinds = [*raw().objects(node, TYPE), cls]
        for prop in about:
            values = dict.fromkeys(value for _, value in raw().pairs(prop))
            yield from ({TYPE: kinds, prop: [value]} for value in values)
    for one, other in combinations(about, 2):
        yield {one: own(node, other), other: own(node, one)}
        for value in dict.fromkeys(value for _, value in base().pairs(one)):
            yield from ({one: [value], other: [v]} for v in dict.fromkeys(v for _, v in base().pairs(other)))


def own(node: Subject, prop: NamedNode) -> list[Object]:
    """The values that a node has in its own file."""
    return (base() if base().properties(node) else raw()).objects(node, prop)


def strangers(node: NamedNode) -> Iterator[Node]:
    """A property that the node does not have, with a value that it has elsewhere."""
    for prop in sorted(
        base().predicates - set(raw().properties(node)), key=lambda p: (CG not in str(p), str(p))
    ):
        if isinstance(prop, NamedNode):
            yield {prop: [next(value for _, value in base().pairs(prop))]}


# --- making


ACCOMPANIED = {
    "Realised.realisation": "Realisable.realisation",
    "Accepted.standing": "Assertion.standing",
}
"""Rules that are never broken alone: the class follows from the value, and the value from the class, so
that any other value is a second one.
"""


def broken_by(rule: Subject) -> set[str]:
    """What a wrong example of the rule breaks."""
    name = domain.local(rule)
    return {name, ACCOMPANIED.get(name, name)}


def make(wanted: Iterable[Subject], rounds: int = 30, each: int = 4) -> dict[Subject, tuple[Edges, Edges]]:
    """A right and a wrong example of each rule; none where no candidate was found to be so."""
    left = {rule: candidates(rule) for rule in wanted}
    made: dict[Subject, tuple[Edges, Edges]] = {}
    for turn in range(rounds):
        tried = [(rule, pair) for rule, more in left.items() for pair in islice(more, each if turn else 1)]
        if not tried:
            break
        wrongs = judged(pair[1] for _, pair in tried)
        hopeful = [each for each, wrong in zip(tried, wrongs, strict=True) if wrong == broken_by(each[0])]
        for (rule, pair), right in zip(hopeful, judged(pair[0] for _, pair in hopeful), strict=True):
            if not right:
                made.setdefault(rule, pair)
        left = {rule: more for rule, more in left.items() if rule not in made}
        print(f"round {turn}: {len(made)} made, left: {' '.join(map(domain.local, left))}", flush=True)
    return made


def write(made: Mapping[Subject, tuple[Edges, Edges]], path: Path = FILE) -> None:
    """Add the examples to the file."""
    quads = list(formats.read(path)) if path.exists() else []
    for rule, pair in made.items():
        for graph, edges in zip(explain.graphs(rule), essence(pair, properties(rule)), strict=True):
            quads += [Quad(*edge, graph) for edge in edges]
    path.write_bytes(formats.serialize(quads, "trig", prefixes(quads)))


def prefixes(quads: Iterable[Quad]) -> dict[str, str]:
    """The prefixes of the ontology, and of what else the examples name often."""
    known = dict(domain.onto().prefixes)
    spaces = {
        term.value.rpartition("/")[0] + "/"
        for q in quads
        for term in (q.subject, q.object)
        if isinstance(term, NamedNode)
    }
    ours = {re.split("[/#]", space)[-2]: space for space in sorted(spaces) if "/casegraph/" in space}
    return {name: space for name, space in ours.items() if re.fullmatch("[a-z][a-z-]*", name)} | known


if __name__ == "__main__":
    there = explain.Examples.read([FILE.parent])
    write(make([rule for rule in domain.rules_of() if not there.of(rule).wrong]))
