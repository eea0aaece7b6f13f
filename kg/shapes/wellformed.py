"""Whether a shapes graph says what SHACL can do: every fault is found before anything is judged by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg import names
from kg.errors import Fault
from kg.meant import SLIP, nearest
from kg.places import Place, Places
from kg.shapes import paths, sparql
from kg.shapes.graph import Shapes, local_name
from kg.shapes.messages import quote
from kg.shapes.triples import TYPE, Object, Subject
from kg.shapes.vocabulary import (
    CONSTRAINING,
    EXPRESSIONS,
    LISTS_OF_SHAPES,
    NEED_A_PATH,
    NODE_KINDS,
    PROPERTIES,
    SEVERITIES,
    SINGLE,
    TERMS,
    VALUES,
    WORDS,
    is_term,
    sh,
)

STRINGS = (names.XSD + "string",)
TEXTS = (*STRINGS, names.RDF + "langString")
BOOLEANS = ("true", "false", "1", "0")
MEMBERS = {
    **dict.fromkeys(LISTS_OF_SHAPES, "shape"),
    sh("languageIn"): "string",
    sh("ignoredProperties"): "iri",
}
"""What the members of lists have to be; those of `sh:in` may be anything."""

PATH, PATTERN, PROPERTY = sh("path"), sh("pattern"), sh("property")
LISTS = (*LISTS_OF_SHAPES, sh("in"), sh("languageIn"), sh("ignoredProperties"))

Found = Iterator[tuple[Subject, Object | None, str, str]]
"""A fault's node, the property that is wrong, what is wrong, and what to do."""


def check_shapes(quads: Iterable[Quad] | Shapes, places: Places | None = None) -> list[Fault]:
    """All that is wrong with a shapes graph, before any data is looked at; empty when it may be used.

    :param places: where the shapes are written, for the places of the faults.

    >>> a, b = NamedNode("http://e/Thing"), NamedNode("http://e/Shape")
    >>> for fault in check_shapes([Quad(b, sh("targetClas"), a), Quad(b, sh("node"), b)]):
    ...     print(fault)
    Shape: sh:targetClas does not exist; did you mean sh:targetClass?
    """
    shapes = Shapes.of(quads)
    if not shapes.shapes:
        return [Fault(None, "there is no shape in the shapes graph", "give a file that holds SHACL shapes")]
    checks = (_terms, _parameters, _structure, _components, _beside, _queries)
    found = dict.fromkeys(one for check in checks for one in check(shapes))
    faults = [_fault(shapes, places or Places(), *one) for one in found]
    return sorted(faults, key=lambda f: (f.place is None, f.place or Place(""), f.what))


def _fault(shapes: Shapes, places: Places, node: Subject, prop: Object | None, what: str, fix: str) -> Fault:
    """The fault at the place of the property, else of the node, else of the user that names it."""
    above = list(_upwards(shapes, node))
    where = next(
        (found[0] for one in above if (found := places.find(one, prop if one == node else None))), None
    )
    shape = next((one for one in above if one in shapes.shapes), node)
    return Fault(where, f"{shapes.rule(shape)}: {what}", fix)


def _upwards(shapes: Shapes, node: Subject) -> Iterator[Subject]:
    """The node, then what uses it, one after the other."""
    seen: set[Subject] = set()
    while node not in seen:
        seen.add(node)
        yield node
        node = min((user for _, user in shapes.uses(node)), default=node, key=str)


def _terms(shapes: Shapes) -> Found:
    """Terms that nearly are of SHACL: what a shape would demand by them would pass for demanded.

    Other terms that SHACL does not have mean nothing to it, and nothing is ill-formed by them: they are told
    beside the report.
    """
    for s, p, term, near in unknown_terms(shapes):
        if near in _KEYS.get(p, PROPERTIES if term == p else ()):
            yield s, p, f"{_short(term)} does not exist", f"did you mean sh:{near}?"


_KEYS = {TYPE: ("ConstraintComponent", "NodeShape", "PropertyShape"), sh("severity"): SEVERITIES}
"""Properties of whose values it depends what a shape is, and those values."""


def unknown_terms(shapes: Shapes) -> Iterator[tuple[Subject, NamedNode, NamedNode, str]]:
    """Each node and property with a term that SHACL does not have, and the one that may have been meant.

    A property of what is no shape, and that resembles none, is let be: in a graph of both it is data.
    """
    odd = {p: local for p in shapes.predicates if (local := _unknown(p))}
    for s, p, o in shapes.all:
        if p in odd:
            local = odd[p]
            near = nearest(local, PROPERTIES, SLIP)
            if s in shapes.shapes or (near and local not in EXPRESSIONS):
                yield s, p, p, near
        if isinstance(o, NamedNode) and (local := _unknown(o)) and p != sh("nodeKind"):
            yield s, p, o, nearest(local, TERMS, SLIP)


def _short(term: NamedNode) -> str:
    return "sh:" + term.value.removeprefix(names.SH)


def _unknown(term: Object) -> str:
    """The local name of a term that SHACL does not have; empty for any other."""
    if not isinstance(term, NamedNode) or not term.value.startswith(names.SH):
        return ""
    local = term.value.removeprefix(names.SH)
    return "" if is_term(local) else local


def _parameters(shapes: Shapes) -> Found:
    """Parameters with a value that they cannot have, or with more values than one."""
    kinds = {sh(local): (local, kind) for local, kind in VALUES.items()}
    for shape in shapes.shapes:
        for prop, values in shapes.properties(shape).items():
            local, kind = kinds.get(prop, ("", ""))
            if len(values) > 1 and local in SINGLE:
                yield shape, sh(local), f"sh:{local} is given {len(values)} times", "keep one"
            for value in values:
                if local and not _is(kind, value, shapes):
                    what = f"sh:{local} must be {WORDS[kind]}, not {quote(value, local_name)}"
                    yield shape, sh(local), what, _meant(kind, value, shapes)


def _meant(kind: str, value: Object, shapes: Shapes) -> str:
    """What may have been meant by a value that a parameter cannot have."""
    if kind == "list" and isinstance(value, NamedNode):
        return f"give the file where {value} is one"
    if kind == "node kind" and value in shapes.shapes:
        return "did you mean sh:node?"
    if kind != "node kind" or not isinstance(value, NamedNode):
        return ""
    near = nearest(local_name(value), NODE_KINDS, SLIP)
    return f"did you mean sh:{near}?" if near else ""


def _is(kind: str, value: Object, shapes: Shapes) -> bool:
    if not kind:
        return True
    if kind == "iri":
        return isinstance(value, NamedNode)
    if kind == "node kind":
        return isinstance(value, NamedNode) and value.value.removeprefix(names.SH) in NODE_KINDS
    if kind == "shape":
        return isinstance(value, NamedNode | BlankNode)
    if kind == "list":
        return shapes.is_list(value)
    return isinstance(value, Literal) and _is_literal(kind, value)


def _is_literal(kind: str, value: Literal) -> bool:
    datatype = value.datatype.value
    if kind == "count":
        return datatype == names.XSD + "integer" and value.value.removeprefix("+").isdecimal()
    if kind == "boolean":
        return datatype == names.XSD + "boolean" and value.value in BOOLEANS
    return kind == "literal" or datatype in (STRINGS if kind == "string" else TEXTS)


def _structure(shapes: Shapes) -> Found:
    """Paths, lists and patterns that cannot be read."""
    for shape in shapes.shapes:
        said = shapes.properties(shape)
        yield from _path(shapes, shape)
        for prop in LISTS if not said.keys().isdisjoint(LISTS) else ():
            for head in filter(shapes.is_list, said.get(prop, ())):
                yield from _list(shapes, shape, prop, head)
        for pattern in said.get(PATTERN, ()):
            yield from _pattern(shapes, shape, pattern)
        if not (PATH in said or said.keys().isdisjoint(NEED_A_PATH) or shapes.subjects(PROPERTY, shape)):
            for prop in filter(said.get, NEED_A_PATH):
                yield shape, prop, f"sh:{local_name(prop)} needs a sh:path", "put it into a sh:property"


def _path(shapes: Shapes, shape: Subject) -> Found:
    said = shapes.properties(shape)
    found, types = said.get(PATH, []), said.get(TYPE, [])
    if len(found) > 1:
        yield shape, sh("path"), f"sh:path is given {len(found)} times", "make one property shape for each"
    for node in found:
        try:
            paths.read(shapes, node)
        except paths.PathError as exc:
            yield shape, sh("path"), f"sh:path is {exc}", ""
    if found and sh("NodeShape") in types:
        yield shape, sh("path"), "a node shape has no sh:path", "make it a sh:PropertyShape"
    if found:
        return
    is_property = sh("PropertyShape") in types or shapes.subjects(PROPERTY, shape)
    if is_property and not is_silent(shapes, shape):
        yield shape, None, "a property shape needs a sh:path", ""


def _list(shapes: Shapes, shape: Subject, prop: NamedNode, head: Object) -> Found:
    try:
        members = shapes.items(head)
    except ValueError as exc:
        yield shape, prop, f"sh:{local_name(prop)} is {exc}", ""
    else:
        if not members and prop in LISTS_OF_SHAPES:
            yield shape, prop, f"sh:{local_name(prop)} is an empty list", ""
        for member in (each for each in members if not _is(MEMBERS.get(prop, ""), each, shapes)):
            wanted = WORDS[MEMBERS[prop]].partition(" ")[2]
            what = f"sh:{local_name(prop)} is a list of {wanted}s, not {quote(member, local_name)}"
            yield shape, prop, what, ""


def _pattern(shapes: Shapes, shape: Subject, pattern: Object) -> Found:
    """A regular expression that neither Python nor the store can read."""
    from kg.shapes.compile.regexes import regex

    if isinstance(pattern, Literal):
        flags = "".join(f.value for f in shapes.objects(shape, sh("flags")) if isinstance(f, Literal))
        if unknown := sorted(set(flags) - set("imsxq")):
            yield shape, sh("flags"), f"sh:flags may be i, m, s, x and q, not {', '.join(unknown)}", ""
        elif fault := regex(pattern.value, flags).fault:
            yield shape, sh("pattern"), f"sh:pattern {pattern} cannot be used: {fault}", sparql.AS_XPATH


def is_silent(shapes: Shapes, shape: Subject) -> bool:
    """Whether a node that is used as a shape says nothing that any node could fail."""
    said = shapes.properties(shape).keys()
    return said.isdisjoint(CONSTRAINING) and said.isdisjoint(shapes.parameters)


RESERVED = ("this", "shapesGraph", "currentShape", "path", "PATH", "value")
"""What no parameter may be called: those are bound in every query."""


def _components(shapes: Shapes) -> Found:
    """Parameters of components, by which their queries could not be asked."""
    components = set(shapes.instances(sh("ConstraintComponent")))
    held = [node for component, node in shapes.pairs(sh("parameter")) if component in components]
    for node in held:
        found = shapes.objects(node, sh("path"))
        if not isinstance(node, Subject):
            continue
        if len(found) != 1 or not isinstance(found[0], NamedNode):
            yield node, sh("path"), "a parameter needs one sh:path, which is an IRI", ""
        elif (local := local_name(found[0])) in RESERVED or not re.fullmatch(r"\w+", local):
            yield (
                node,
                sh("path"),
                f"a parameter cannot be called “{local}” in a query",
                "give it another name",
            )


def _beside(shapes: Shapes) -> Found:
    """Several values of a parameter of a component that has others: which would belong together?"""
    for parameters in (each for each in shapes.components.values() if len(each) > 1):
        for shape in shapes.shapes:
            given = {p: found for p, found in shapes.properties(shape).items() if p in parameters}
            if all(p in given for p, optional in parameters.items() if not optional):
                for prop in (p for p, found in given.items() if len(found) > 1):
                    what = f"{local_name(prop)} is given {len(given[prop])} times beside other parameters"
                    yield shape, prop, what, "keep one"


def _queries(shapes: Shapes) -> Found:
    """SPARQL of constraints that is not there, does not parse, or that they must not use."""
    for _, node in shapes.pairs(sh("sparql")):
        number = len(shapes.objects(node, sh("select")))
        if isinstance(node, Subject) and number != 1:
            prop = sh("select") if number else None
            yield node, prop, f"a query has one sh:select, not {number}", ""
    for node in shapes.queries:
        for prop in (sh("select"), sh("ask")):
            for text in shapes.objects(node, prop):
                if isinstance(node, Subject) and isinstance(text, Literal):
                    for what, fix in sparql.faults(shapes, node, prop, text.value):
                        yield node, prop, f"sh:{local_name(prop)} {what}", fix
