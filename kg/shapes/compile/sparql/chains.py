"""EXISTS of several patterns without a join in it: the store would read all of one pattern for each row.

`EXISTS { a . b }` holds where there is a solution of `a` for which `EXISTS { b }` holds: each pattern is then
looked up from what is bound already. A group that cannot be taken apart like this is asked once for all rows,
beside the group that is tested, if it hangs on that by nothing but a join.

Source: https://github.com/oxigraph/oxigraph/issues/885
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.shapes.compile.sparql.steps import Sharing, Step, Steps
from kg.shapes.compile.sparql.tree import (
    Assign,
    Exists,
    Filter,
    Group,
    Inside,
    Node,
    Path,
    Triples,
    Union,
    variables,
)

if TYPE_CHECKING:
    from kg.shapes.compile.sparql.rewrite import Rewriter


def nested(group: Group, writer: Rewriter, inside: bool) -> str:
    """The group after EXISTS, with no join in it; nothing where that is not the same, or of no use."""
    with writer.testing():
        return _Nesting(group, writer, inside).text()


def once(exists: Exists, tested: Group | None, writer: Rewriter, inside: bool) -> str:
    """What stands for a condition, at the end of the group that it tests; nothing where that is not the same.

    `tested` is that group where its solutions alone do not say whether the condition holds (that of an
    OPTIONAL also sees what it is optional to), or where none of them may come twice.
    """
    group = exists.group
    shared = (variables(group) & writer.outside(group)) - writer.given.constants.keys()
    used, others = shared & writer.given.names, shared - writer.given.names
    if not shared or not _is_slow(group) or not _joins_by(group, others, writer):
        return ""
    if tested and not others <= _bound(tested.elements):
        return ""
    mark = f"?found_{group.start}"
    while mark in writer.text:
        mark += "_"
    heads = " ".join(f"?{name}" for name in sorted(shared))
    body = writer.group(group, used, inside)
    test = f"{'!' if exists.negated else ''}bound({mark})"
    return f" OPTIONAL {{ SELECT DISTINCT {heads} (true AS {mark}) WHERE {body} }} FILTER({test}) "


def _is_slow(group: Group) -> bool:
    """Whether there is something to join."""
    patterns = [part for part in group.walk() if isinstance(part, Triples)]
    sequences = (part.kind == "/" for part in group.walk() if isinstance(part, Path))
    return sum(len(part.triples) for part in patterns) > 1 or any(sequences)


def _joins_by(group: Group, names: set[str], writer: Rewriter) -> bool:
    """Whether a group binds these variables before it asks for them, so that they may be joined later."""
    if group.select:
        return not names
    led: set[str] = set()
    for element in group.elements:
        if not isinstance(element, Triples | Filter):
            break
        led |= variables(element) if isinstance(element, Triples) else set()
    inner = [
        e for e in group.elements if not isinstance(e, Triples | Filter | Assign) and variables(e) & names
    ]
    groups = (g for e in inner for g in (e.groups if isinstance(e, Union) else e.parts()[-1:]))
    return names <= led and all(_is_alone(each, writer) for each in groups)


class _Nesting:
    """A group after EXISTS that is to be taken apart."""

    def __init__(self, group: Group, writer: Rewriter, inside: bool) -> None:
        self._group, self._writer, self._inside = group, writer, inside
        self._steps = Steps(writer.text, lambda node: writer.write(node, inside), group.start)
        self._outer = writer.outside(group)
        self._optional = [e for e in group.elements if isinstance(e, Inside) and e.kind == "OPTIONAL"]
        inner = (e for e in group.elements if isinstance(e, Union | Inside))
        self._alone = [e for e in inner if e not in self._optional]
        self._filters = [e for e in group.elements if isinstance(e, Filter)]
        self._led = _bound(e for e in group.elements if isinstance(e, Triples)) | writer.given.names

    def text(self) -> str:
        if self._group.select or not all(map(self._may_part, self._group.elements)):
            return ""
        blocks = [e for e in self._group.elements if isinstance(e, Triples)]
        patterns = [step for block in blocks for step in self._steps.of(block)]
        bound = {f"?{name}" for name in self._outer}
        if len(patterns) + len(self._optional) < 2 and not self._alone:
            return ""
        tests = [self._writer.write(each.expr, self._inside) for each in self._filters]
        tests += map(self._test, self._alone)
        text = " ".join(f"FILTER({test})" for test in tests)
        if self._optional:
            choices = " ".join(self._writer.write(each, self._inside) for each in self._optional)
            text = f"FILTER EXISTS {{ {choices} {text} }}"
        for number, pattern in enumerate(reversed(_ordered(patterns, bound, self._writer.given.sharing))):
            text = f"{pattern} FILTER EXISTS {{ {text} }}" if number else f"{pattern} {text}"
        return f"{{ {text} }}"

    def _may_part(self, element: Node) -> bool:
        """Whether an element can be asked for by itself, for a solution of the triples of the group."""
        if isinstance(element, Triples):
            return True
        others = [e for e in self._alone if e is not element]
        if element in self._alone:
            others += self._optional
        if not variables(element) & {name for other in others for name in variables(other)} <= self._led:
            return False
        if element in self._optional:
            return self._is_last(element) and _is_alone(element.parts()[-1], self._writer)
        return isinstance(element, Filter) or _is_alone(element, self._writer)

    def _is_last(self, element: Node) -> bool:
        """Whether no triples stand after it: those would be joined to what it finds."""
        place = [each is element for each in self._group.elements].index(True)
        return not any(isinstance(each, Triples) for each in self._group.elements[place:])

    def _test(self, element: Union | Inside) -> str:
        """The condition that a union, or what stands in GRAPH, has a solution."""
        if isinstance(element, Union):
            groups = (Exists(g.start, g.end, False, g) for g in element.groups)
            return " || ".join(self._writer.write(each, self._inside) for each in groups)
        body = nested(element.group, self._writer, True)
        return f"EXISTS {{ {self._writer.graph(element, self._inside, body)} }}"


def _ordered(patterns: list[Step], bound: set[str], sharing: Sharing) -> list[Step]:
    """The patterns, each as far as may be bound by those before it; of equals first what finds the least."""
    left, found, known = list(patterns), list[Step](), set(bound)
    while left:
        worth = max(pattern.worth(known) for pattern in left)
        equals = [pattern for pattern in left if pattern.worth(known) == worth]
        best = min(equals, key=lambda pattern: pattern.found(known, sharing)) if equals[1:] else equals[0]
        left.remove(best)
        found.append(best)
        known |= best.names
    return found


def _is_alone(element: Node, writer: Rewriter) -> bool:
    """Whether what it finds does not hang on what stands around it, but for what is joined."""
    if isinstance(element, Union):
        return all(_is_alone(group, writer) for group in element.groups)
    if isinstance(element, Inside):
        return element.kind == "GRAPH" and _is_alone(element.group, writer)
    if isinstance(element, Group):
        known = _bound(element.elements) | writer.given.names
        if element.select or not all(_is_part(each, element, known, writer) for each in element.elements):
            return False
        filters = (each for each in element.elements if isinstance(each, Filter))
        return all(variables(each) & writer.outside(element) <= known for each in filters)
    return isinstance(element, Triples | Filter)


def _is_part(element: Node, group: Group, known: set[str], writer: Rewriter) -> bool:
    """Whether an element of a group does not hang on what stands around that."""
    if isinstance(element, Inside) and element.kind == "OPTIONAL":
        return variables(element) & writer.outside(group) <= known and _is_alone(element.group, writer)
    return _is_alone(element, writer)


def _bound(elements: Iterable[Node]) -> set[str]:
    """The variables that each solution of these elements binds."""
    found: set[str] = set()
    for element in elements:
        if isinstance(element, Triples):
            found |= variables(element)
        elif isinstance(element, Union):
            found |= set.intersection(*(_bound(group.elements) for group in element.groups))
        elif isinstance(element, Inside) and element.kind == "GRAPH":
            found |= _bound(element.group.elements)
    return found
