"""What a value can be judged by alone: each demand with the SPARQL that finds suspects, and its exact judge.

A suspect is a value that may fail; every value that fails is one. For most demands the two are the same
(`exact`); for the others the distinct suspects are judged here, as they were written.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.formats.xsd import is_well_typed
from kg.shapes.compile import comparing, sure
from kg.shapes.compile.focus import Scratch
from kg.shapes.compile.loading import Loaded
from kg.shapes.compile.regexes import Regex
from kg.shapes.compile.written import MARK, as_written
from kg.shapes.triples import TYPE, Object, Subject

Terms = Collection[Object]

FEW = 8
"""How many members of a list stand in the query itself."""


@dataclass(frozen=True)
class Demand:
    """Something that is asked of each value for itself."""

    component: NamedNode

    def is_exact(self, _data: Loaded) -> bool:
        """Whether every suspect fails."""
        return True

    def suspects(self, var: str, scratch: Scratch) -> str:
        """The SPARQL expression that is true of every value that may fail; empty if none can."""
        raise NotImplementedError

    def failing(self, values: Terms, _data: Loaded) -> set[Object]:
        """Those of `values` (as the store holds them) that fail."""
        return {value for value in values if not self.meets(as_written(value))}

    def meets(self, value: Object) -> bool:
        """Whether a value, as it is written, is as demanded."""
        raise NotImplementedError


_KINDS = {
    "IRI": ((NamedNode,), "isIRI({0})"),
    "BlankNode": ((BlankNode,), "isBlank({0})"),
    "Literal": ((Literal,), "isLiteral({0})"),
    "BlankNodeOrIRI": ((BlankNode, NamedNode), "!isLiteral({0})"),
    "BlankNodeOrLiteral": ((BlankNode, Literal), "!isIRI({0})"),
    "IRIOrLiteral": ((NamedNode, Literal), "!isBlank({0})"),
}


@dataclass(frozen=True)
class NodeKind(Demand):
    """IRI, blank node or literal; `kind` is the local name."""

    kind: str

    def suspects(self, var: str, _scratch: Scratch) -> str:
        """See `Demand`."""
        return f"!({_KINDS[self.kind][1].format(var)})"

    def meets(self, value: Object) -> bool:
        """See `Demand`."""
        return isinstance(value, _KINDS[self.kind][0])


@dataclass(frozen=True)
class Datatype(Demand):
    """A literal of a datatype, and one of its values."""

    datatype: NamedNode

    def suspects(self, var: str, scratch: Scratch) -> str:
        """See `Demand`: which literals are none of their datatype has been found out as they were loaded."""
        iri, data = self.datatype.value, scratch.data
        same = f"datatype({var}) = {self.datatype}"
        if data.written.marked and iri in data.odd_datatypes:
            same += f" || datatype({var}) = <{MARK}{iri}>"
        test = f"!COALESCE({same}, false)"
        if wrong := data.ill_typed.get(iri):
            test += f" || EXISTS {{ {scratch.pattern(frozenset(wrong), var)} }}"
        return test

    def meets(self, value: Object) -> bool:
        """See `Demand`."""
        return isinstance(value, Literal) and value.datatype == self.datatype and is_well_typed(value)


@dataclass(frozen=True)
class OfClass(Demand):
    """An instance of one of `classes`: those that are below the one that is asked for, too."""

    classes: tuple[Subject, ...]

    def suspects(self, var: str, scratch: Scratch) -> str:
        """See `Demand`."""
        if not self.classes:
            return "true"
        if len(self.classes) > FEW or any(isinstance(cls, BlankNode) for cls in self.classes):
            members = scratch.pattern(frozenset(self.classes), "?kg_class")
            # one in the other: a join within EXISTS would be made anew for each row
            return f"NOT EXISTS {{ {var} {TYPE} ?kg_class . FILTER EXISTS {{ {members} }} }}"
        return " && ".join(f"NOT EXISTS {{ {var} {TYPE} {cls} }}" for cls in self.classes)

    def failing(self, values: Terms, data: Loaded) -> set[Object]:
        """See `Demand`."""
        return {value for value in values if not any(data.has(value, TYPE, cls) for cls in self.classes)}


@dataclass(frozen=True)
class OneOf(Demand):
    """One of the members of a list, as the store holds them."""

    members: frozenset[Object]

    def suspects(self, var: str, scratch: Scratch) -> str:
        """See `Demand`."""
        if len(self.members) > FEW or any(isinstance(member, BlankNode) for member in self.members):
            return f"NOT EXISTS {{ {scratch.pattern(self.members, var)} }}"
        return (
            " && ".join(f"!sameTerm({var}, {member})" for member in sorted(self.members, key=str)) or "true"
        )

    def failing(self, values: Terms, _data: Loaded) -> set[Object]:
        """See `Demand`."""
        return set(values) - self.members


@dataclass(frozen=True)
class NoneOf(Demand):
    """None of the nodes that are known to fail: as the store holds them."""

    nodes: frozenset[Object] = field(repr=False)

    def suspects(self, var: str, scratch: Scratch) -> str:
        """See `Demand`."""
        return f"EXISTS {{ {scratch.pattern(self.nodes, var)} }}" if self.nodes else ""

    def failing(self, values: Terms, _data: Loaded) -> set[Object]:
        """See `Demand`."""
        return {value for value in values if value in self.nodes}


@dataclass(frozen=True)
class Languages(Demand):
    """A text in one of some languages; ranges without their subtags take in all below them."""

    ranges: tuple[str, ...]

    def suspects(self, var: str, _scratch: Scratch) -> str:
        """See `Demand`; to the store an empty range matches what has no language."""
        matches = (f"langMatches(lang({var}), {Literal(wanted)})" for wanted in self.ranges if wanted)
        return f"!COALESCE({' || '.join(matches) or 'false'}, false)"

    def meets(self, value: Object) -> bool:
        """See `Demand`."""
        language = value.language.lower() if isinstance(value, Literal) and value.language else ""
        return bool(language) and any(
            wanted == "*" or language == wanted.lower() or language.startswith(wanted.lower() + "-")
            for wanted in self.ranges
        )


@dataclass(frozen=True)
class Bound(Demand):
    """Not beyond a literal: `orders` are those of the value to the limit that are right."""

    limit: Literal
    sign: str
    orders: tuple[int, ...]

    def is_exact(self, data: Loaded) -> bool:
        """See `Demand`."""
        return sure.is_limit(self.limit) and not data.written.odd

    def suspects(self, var: str, scratch: Scratch) -> str:
        """See `Demand`: the store's `<=` holds for any term and itself, so its kind is asked as well."""
        right = sure.to_limit(var, self.sign, self.limit, scratch)
        return f"!COALESCE({right}, false)" if right else "true"

    def meets(self, value: Object) -> bool:
        """See `Demand`."""
        return comparing.order(value, self.limit) in self.orders


BOUNDS: dict[str, tuple[str, tuple[int, ...]]] = {
    "minExclusive": (">", (1,)),
    "minInclusive": (">=", (0, 1)),
    "maxExclusive": ("<", (-1,)),
    "maxInclusive": ("<=", (-1, 0)),
}


@dataclass(frozen=True)
class Length(Demand):
    """So many characters; blank nodes have no length."""

    least: int = 0
    most: int | None = None

    def suspects(self, var: str, _scratch: Scratch) -> str:
        """See `Demand`."""
        limit = min(self.least if self.most is None else self.most, sys.maxsize)
        beyond = f"STRLEN(STR({var})) {'<' if self.most is None else '>'} {limit}"
        return f"(isBlank({var}) || {beyond})"

    def meets(self, value: Object) -> bool:
        """See `Demand`."""
        if isinstance(value, BlankNode):
            return False
        length = len(_string(value))
        return self.least <= length and (self.most is None or length <= self.most)


@dataclass(frozen=True)
class Matches(Demand):
    """A text or IRI that a regular expression matches."""

    regex: Regex

    def is_exact(self, _data: Loaded) -> bool:
        """See `Demand`."""
        return self.regex.is_simple

    def suspects(self, var: str, _scratch: Scratch) -> str:
        """See `Demand`."""
        return f"(isBlank({var}) || !{self.regex.call(f'STR({var})')})" if self.regex.is_simple else "true"

    def failing(self, values: Terms, _data: Loaded) -> set[Object]:
        """See `Demand`."""
        texts: dict[Object, str] = {v: _string(v) for v in values if not isinstance(v, BlankNode)}
        matching = self.regex.matching(set(texts.values()))
        return {value for value in values if value not in texts or texts[value] not in matching}


def _string(value: Object) -> str:
    return value.value if isinstance(value, NamedNode | Literal) else str(value)


@dataclass(frozen=True)
class Combined(Demand):
    """Other demands on the same value: `kind` says how many of `members` have to be met, each as a whole."""

    kind: str
    members: tuple[tuple[Demand, ...], ...]

    def is_exact(self, data: Loaded) -> bool:
        """See `Demand`."""
        return all(demand.is_exact(data) for member in self.members for demand in member)

    def suspects(self, var: str, scratch: Scratch) -> str:
        """See `Demand`."""
        fails = [_any(demand.suspects(var, scratch) for demand in member) for member in self.members]
        if self.kind in ("node", "and"):
            return _any(fails)
        if self.kind == "or":
            return " && ".join(f"({each})" for each in fails) if all(fails) else ""
        if not self.is_exact(scratch.data):
            return "true"
        met = " + ".join(f"IF({each or 'false'}, 0, 1)" for each in fails)
        return f"({met}) > 0" if self.kind == "not" else f"({met}) != 1"

    def failing(self, values: Terms, data: Loaded) -> set[Object]:
        """See `Demand`."""
        every = set(values)
        fails = [set().union(*(each.failing(every, data) for each in member)) for member in self.members]
        if self.kind in ("node", "and"):
            return set().union(*fails)
        if self.kind == "or":
            return every.intersection(*fails)
        if self.kind == "not":
            return every - fails[0]
        return {value for value in every if sum(value not in each for each in fails) != 1}


def _any(tests: Iterable[str]) -> str:
    """That one of the tests is true; empty if there is none."""
    return " || ".join(f"({test})" for test in tests if test)
