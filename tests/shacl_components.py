"""The constraint components of SHACL Core, each as its textual definition in the specification has it.

A function takes the value nodes of a shape at a focus node and one value of its parameter, and gives the
`sh:value` of each result, `None` for a result without one.

Source: SHACL, section 4, https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode
from shacl_values import is_ill_typed, less

from kg.names import SH
from kg.shapes.triples import Object, Triples

TRUE = Literal(True)
FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}


@dataclass(frozen=True)
class At:
    """A shape at a focus node; `values` are its value nodes."""

    judge: Any
    shape: Object
    focus: Object
    values: frozenset[Object]

    def given(self, name: str) -> list[Object]:
        """The values of a parameter of the shape."""
        return self.judge.shapes.objects(self.shape, NamedNode(SH + name))

    def others(self, prop: NamedNode) -> set[Object]:
        """The values of a property at the focus node."""
        return set(self.judge.data.objects(self.focus, prop))

    def conforming(self, shape: Object) -> set[Object]:
        """The value nodes that conform to another shape."""
        return {v for v in self.values if self.judge.conforms(v, shape)}


Found = Iterator[Object | None]


# 4.1 Value type


def class_(at: At, of: NamedNode) -> Found:
    """4.1.1"""
    yield from (v for v in at.values if isinstance(v, Literal) or not at.judge.is_instance(v, of))


def datatype(at: At, wanted: NamedNode) -> Found:
    """4.1.2"""
    for v in at.values:
        if not isinstance(v, Literal) or v.datatype != wanted or is_ill_typed(v):
            yield v


def node_kind(at: At, wanted: NamedNode) -> Found:
    """4.1.3"""
    names = {NamedNode: "IRI", BlankNode: "BlankNode", Literal: "Literal"}
    for v in at.values:
        if names[type(v)] not in wanted.value.removeprefix(SH).split("Or"):
            yield v


# 4.2 Cardinality


def min_count(at: At, least: Literal) -> Found:
    """4.2.1"""
    if len(at.values) < int(least.value):
        yield None


def max_count(at: At, most: Literal) -> Found:
    """4.2.2"""
    if len(at.values) > int(most.value):
        yield None


# 4.3 Value range


def min_exclusive(at: At, bound: Literal) -> Found:
    """4.3.1"""
    yield from (v for v in at.values if less(bound, v) is not True)


def min_inclusive(at: At, bound: Literal) -> Found:
    """4.3.2"""
    yield from (v for v in at.values if less(bound, v, or_equal=True) is not True)


def max_exclusive(at: At, bound: Literal) -> Found:
    """4.3.3"""
    yield from (v for v in at.values if less(v, bound) is not True)


def max_inclusive(at: At, bound: Literal) -> Found:
    """4.3.4"""
    yield from (v for v in at.values if less(v, bound, or_equal=True) is not True)


# 4.4 Strings


def min_length(at: At, least: Literal) -> Found:
    """4.4.1"""
    yield from (v for v in at.values if isinstance(v, BlankNode) or len(v.value) < int(least.value))


def max_length(at: At, most: Literal) -> Found:
    """4.4.2"""
    yield from (v for v in at.values if isinstance(v, BlankNode) or len(v.value) > int(most.value))


def pattern(at: At, wanted: Literal) -> Found:
    """4.4.3, for expressions that XPath and Python read alike, but for `$`."""
    flags = "".join(flag.value for flag in at.given("flags"))
    regex = re.escape(wanted.value) if "q" in flags else wanted.value
    if regex.endswith("$") and "m" not in flags and "q" not in flags:
        regex = regex[:-1] + r"\Z"
    found = re.compile(regex, sum(FLAGS.get(flag, 0) for flag in set(flags)))
    yield from (v for v in at.values if isinstance(v, BlankNode) or not found.search(v.value))


def language_in(at: At, ranges: Object) -> Found:
    """4.4.4"""
    allowed = [tag.value.lower() for tag in at.judge.shapes.items(ranges)]
    for v in at.values:
        language = (v.language or "").lower() if isinstance(v, Literal) else ""
        if not language or not any(
            one == "*" or language == one or language.startswith(one + "-") for one in allowed
        ):
            yield v


def unique_lang(at: At, wanted: Literal) -> Found:
    """4.4.5"""
    if wanted == TRUE:
        used = Counter(v.language.lower() for v in at.values if isinstance(v, Literal) and v.language)
        yield from (None for times in used.values() if times > 1)


# 4.5 Property pairs


def equals(at: At, prop: NamedNode) -> Found:
    """4.5.1"""
    yield from at.values ^ at.others(prop)


def disjoint(at: At, prop: NamedNode) -> Found:
    """4.5.2"""
    yield from at.values & at.others(prop)


def less_than(at: At, prop: NamedNode) -> Found:
    """4.5.3"""
    yield from (v for v in at.values for other in at.others(prop) if less(v, other) is not True)


def less_than_or_equals(at: At, prop: NamedNode) -> Found:
    """4.5.4"""
    for v in at.values:
        yield from (v for other in at.others(prop) if less(v, other, or_equal=True) is not True)


# 4.6 Logic


def not_(at: At, shape: Object) -> Found:
    """4.6.1"""
    yield from at.conforming(shape)


def and_(at: At, shapes: Object) -> Found:
    """4.6.2"""
    members = at.judge.shapes.items(shapes)
    yield from (v for v in at.values if not all(at.judge.conforms(v, shape) for shape in members))


def or_(at: At, shapes: Object) -> Found:
    """4.6.3"""
    members = at.judge.shapes.items(shapes)
    yield from (v for v in at.values if not any(at.judge.conforms(v, shape) for shape in members))


def xone(at: At, shapes: Object) -> Found:
    """4.6.4"""
    members = at.judge.shapes.items(shapes)
    yield from (v for v in at.values if [at.judge.conforms(v, shape) for shape in members].count(True) != 1)


# 4.7 Shapes (4.7.2, sh:property, gives results of another shape: the judge has it)


def node(at: At, shape: Object) -> Found:
    """4.7.1"""
    yield from at.values - at.conforming(shape)


def qualified_min_count(at: At, least: Literal) -> Found:
    """4.7.3"""
    if at.given("qualifiedValueShape") and _qualified(at) < int(least.value):
        yield None


def qualified_max_count(at: At, most: Literal) -> Found:
    """4.7.3"""
    if at.given("qualifiedValueShape") and _qualified(at) > int(most.value):
        yield None


def _qualified(at: At) -> int:
    """4.7.3: how many value nodes conform to the shape, and to no sibling shape."""
    [own] = at.given("qualifiedValueShape")
    beside = {v for shape in siblings(at.judge.shapes, at.shape) for v in at.conforming(shape)}
    return len(at.conforming(own) - beside)


def siblings(shapes: Triples, shape: Object) -> set[Object]:
    """4.7.3: what stands beside a shape as a qualified value shape, if it is to be apart from those."""
    prop, qualified = NamedNode(SH + "property"), NamedNode(SH + "qualifiedValueShape")
    if TRUE not in shapes.objects(shape, NamedNode(SH + "qualifiedValueShapesDisjoint")):
        return set()
    beside = {one for above in shapes.subjects(prop, shape) for one in shapes.objects(above, prop)}
    found = {each for one in beside for each in shapes.objects(one, qualified)}
    return found - set(shapes.objects(shape, qualified))


# 4.8 Others (4.8.1, sh:closed, has a path for each result: the judge has it)


def has_value(at: At, wanted: Object) -> Found:
    """4.8.2"""
    if wanted not in at.values:
        yield None


def in_(at: At, members: Object) -> Found:
    """4.8.3"""
    yield from at.values - set(at.judge.shapes.items(members))


CORE: dict[str, Callable[[At, Any], Found]] = {
    "and": and_,
    "class": class_,
    "datatype": datatype,
    "disjoint": disjoint,
    "equals": equals,
    "hasValue": has_value,
    "in": in_,
    "languageIn": language_in,
    "lessThan": less_than,
    "lessThanOrEquals": less_than_or_equals,
    "maxCount": max_count,
    "maxExclusive": max_exclusive,
    "maxInclusive": max_inclusive,
    "maxLength": max_length,
    "minCount": min_count,
    "minExclusive": min_exclusive,
    "minInclusive": min_inclusive,
    "minLength": min_length,
    "node": node,
    "nodeKind": node_kind,
    "not": not_,
    "or": or_,
    "pattern": pattern,
    "qualifiedMaxCount": qualified_max_count,
    "qualifiedMinCount": qualified_min_count,
    "uniqueLang": unique_lang,
    "xone": xone,
}
"""The components by their parameter."""
