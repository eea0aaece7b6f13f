"""The SPARQL that authors write into shapes: its prefixes, and whether it may run.

Source: SHACL, sections 5.2.1 and 5.3.1, https://www.w3.org/TR/shacl/#sparql-constraints
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import names
from kg.errors import DefinitionError
from kg.shapes import paths
from kg.shapes.graph import Shapes, local_name
from kg.shapes.triples import Object, Subject
from kg.shapes.vocabulary import VALIDATORS, sh
from kg.sparql import Query

IMPORTS = NamedNode(names.OWL + "imports")
NOT_ALLOWED = ("FROM", "MINUS", "SERVICE", "VALUES")
"""Words that a constraint must not use: SERVICE and FROM would also reach out to the network."""

QUERIES = (sh("select"), sh("ask"))
AS_XPATH = "write it as XPath has regular expressions"
PATH = re.compile(r"[$?]PATH\b")
_UNGROUPED = "it returns a variable by which it does not group"
_KNOWN = {
    "Prefix not found": "an undeclared prefix",
    "a variable that is unbound": _UNGROUPED,
}
"""What the store says of a query, and what is said here."""
_FUNCTION = re.compile(r"The custom function (<[^>]*>) is not supported")
TOKEN = re.compile(
    r"""\#[^\n]*|<[^<>"{}|^`\\\s]*>|\'{3}(?:\\.|[^\\])*?\'{3}|"{3}(?:\\.|[^\\])*?"{3}
    |\'(?:\\.|[^\'\\\n])*\'|"(?:\\.|[^"\\\n])*"
    |[?$]\w+|@[\w-]+|(?P<prefix>[\w.\-]*):(?:[\w.\-:%]|\\.)*|(?P<word>[A-Za-z]+)|.""",
    re.VERBOSE | re.DOTALL,
)


def faults(shapes: Shapes, node: Subject, prop: NamedNode, query: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the `query` of `node` by `sh:select` or `sh:ask`, each with what to do."""
    if endless := next(Query(query).endless(), None):
        yield endless.what, endless.fix
        return
    found = {m["word"].upper() for m in TOKEN.finditer(query) if m["word"]}
    if forbidden := [word for word in NOT_ALLOWED if word in found]:
        yield f"uses {', '.join(forbidden)}", "SHACL does not allow that in a constraint"
    elif (wrong := _error(shapes, node, query)) and not _FUNCTION.match(wrong):
        unknown = sorted(_used_prefixes(query) - prefixes(shapes, node).keys())
        fix = "declare " + ", ".join(f"{name}:" for name in unknown) + " by sh:prefixes" if unknown else ""
        if _UNGROUPED in wrong:
            fix = "add GROUP BY with all that it returns and does not count or sum, $this among them"
        yield f"does not parse: {wrong}", fix
    else:
        yield from _against_binding(shapes, node, prop, query)


def _against_binding(shapes: Shapes, node: Subject, prop: NamedNode, query: str) -> Iterator[tuple[str, str]]:
    """What hinders `$this` and the parameters from being bound before the query begins."""
    from kg.shapes.compile.sparql import check, unreadable
    from kg.shapes.compile.sparql.parser import parse

    components = [user for prop, user in shapes.uses(node) if prop in VALIDATORS]
    needed = {
        local_name(path)
        for component in components
        for parameter in shapes.objects(component, sh("parameter"))
        for path in shapes.objects(parameter, sh("path"))
        if isinstance(path, NamedNode) and Literal(True) not in shapes.objects(parameter, sh("optional"))
    }
    whole, kind = _whole(shapes, node, query), local_name(prop)
    try:
        if parse(whole).select.ask != (kind == "ask"):
            yield f"is no {kind.upper()} query", ""
            return
        found = check(whole, sorted(needed))
    except DefinitionError as exc:
        yield from ((f"does not parse: {fault.what}", fault.fix) for fault in exc.faults)
    else:
        yield from ((what, "SHACL does not allow that in a constraint") for what in found)
        yield from ((what, AS_XPATH) for what in unreadable(whole))


def unknown_function(shapes: Shapes, node: Object) -> str:
    """The function that a query of `node` calls and that nobody has, as SPARQL writes it; empty if none."""
    if not isinstance(node, Subject):
        return ""
    texts = [text.value for text in shapes.objects(node, *QUERIES) if isinstance(text, Literal)]
    return next((m[1] for text in texts if (m := _FUNCTION.match(_error(shapes, node, text)))), "")


class Borrowed(NamedTuple):
    """A query at `node` that speaks of prefixes which `sh:prefixes` does not declare, and its files do."""

    node: Subject
    prop: NamedNode
    prefixes: tuple[str, ...]


def complete(quads: Iterable[Quad], known: Mapping[str, str]) -> tuple[list[Quad], list[Borrowed]]:
    """The shapes with prefixes of their files put into the queries that lack them, and what was put in.

    By the specification such queries are ill-formed; other engines run them, by just these prefixes.
    """
    quads = list(quads)
    if not any(quad.predicate in QUERIES for quad in quads):
        return quads, []
    shapes = Shapes(quads)
    found: list[Quad] = []
    borrowed: list[Borrowed] = []
    for quad in quads:
        node, prop, text = quad.subject, quad.predicate, quad.object
        if (
            prop in QUERIES
            and node in shapes.queries
            and isinstance(text, Literal)
            and isinstance(node, Subject)
        ):
            lacking = sorted(known.keys() & (_used_prefixes(text.value) - prefixes(shapes, node).keys()))
            if lacking:
                declared = " ".join(f"PREFIX {prefix}: <{known[prefix]}>" for prefix in lacking)
                quad = Quad(node, prop, Literal(f"{declared} {text.value}"), quad.graph_name)
                borrowed.append(Borrowed(node, prop, tuple(lacking)))
        found.append(quad)
    return found, borrowed


def _used_prefixes(query: str) -> set[str]:
    own = {prefix.lower() for prefix in re.findall(r"(?i)\bprefix\s+([\w.\-]*):", query)}
    used = {m["prefix"] for m in TOKEN.finditer(query) if m["prefix"] is not None}
    return {prefix for prefix in used if prefix.lower() not in own and prefix != "_"}


def _error(shapes: Shapes, node: Subject, query: str) -> str:
    """What hinders the query from being read, with its line and column; nothing when it can be."""
    try:
        Store().query(_whole(shapes, node, query))
    except (SyntaxError, ValueError, RuntimeError) as exc:
        return _plain(str(exc))
    return ""


def _whole(shapes: Shapes, node: Subject, query: str) -> str:
    """The query below its prefixes, with a path for `$PATH`."""
    declared = " ".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in sorted(prefixes(shapes, node).items()))
    return f"{declared}\n{PATH.sub(lambda _: _path(shapes, node), query)}"


def _plain(message: str) -> str:
    if not (at := re.match(r"error at (\d+):(\d+)", message)):
        return message
    told = (known for said, known in _KNOWN.items() if said in message)
    return f"{next(told, 'something is wrong')} before line {int(at[1]) - 1}, column {at[2]} of the query"


def _path(shapes: Shapes, node: Subject) -> str:
    """The path that `$PATH` stands for; any will do for a query of a component, which has none of its own."""
    for _, user in shapes.uses(node):
        try:
            if path := shapes.path(user):
                return paths.write(path)
        except paths.PathError:
            continue
    return str(sh("path"))


def prefixes(shapes: Shapes, node: Subject) -> dict[str, str]:
    """The prefixes that `sh:prefixes` of `node` declares, with those of imported ontologies.

    Source: https://www.w3.org/TR/shacl/#sparql-prefixes
    """
    found: dict[str, str] = {}
    for ontology in shapes.objects(node, sh("prefixes")):
        for declaration in declarations(shapes, ontology):
            found |= _declared(shapes, declaration)
    return found


def declarations(shapes: Shapes, ontology: Object) -> Iterator[Object]:
    """The values of `sh:declare` at an ontology, and at those that it imports."""
    todo, seen = [ontology], set[Object]()
    while todo:
        if (one := todo.pop()) not in seen:
            seen.add(one)
            todo += shapes.objects(one, IMPORTS)
            yield from shapes.objects(one, sh("declare"))


def _declared(shapes: Shapes, declaration: Object) -> dict[str, str]:
    pairs = zip(
        shapes.objects(declaration, sh("prefix")), shapes.objects(declaration, sh("namespace")), strict=False
    )
    return {
        p.value: n.value for p, n in pairs if isinstance(p, Literal) and isinstance(n, Literal | NamedNode)
    }
