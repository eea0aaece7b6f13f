"""SPARQL that is true only where it is sure that one literal is less than another: the rest is judged here.

The store is asked about literals that it holds with their values, and about those that it holds as they are
written (`kg.shapes.compile.written`) by a value that is made from their form, if they are of their datatype.
Numbers are compared with a limit as the less exact of the two, which is the value's own datatype or exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.names import XSD
from kg.shapes.compile.comparing import DECIMAL, FLOATS, INTEGERS, STRING, is_known
from kg.shapes.compile.focus import Scratch
from kg.shapes.compile.written import MARK

EXACT = frozenset((*INTEGERS, DECIMAL))


@dataclass(frozen=True)
class Family:
    """Datatypes whose values the store compares rightly: `held` are those that it has values of.

    `cast`: what a form is read as that is held as it is written.
    """

    datatypes: frozenset[str]
    held: tuple[str, ...]
    cast: str

    def tests(self, var: str, scratch: Scratch) -> Iterator[tuple[str, str]]:
        """What says that a literal belongs here, and its value: of those held by value, and of the others."""
        data = scratch.data
        if self.cast in FLOATS and self.cast not in data.odd_datatypes:
            return
        same = " || ".join(f"datatype({var}) = <{iri}>" for iri in self.held)
        yield f"isNumeric({var}) && ({same})" if DECIMAL in self.held else f"({same})", var
        if written := sorted(self.datatypes & data.odd_datatypes) if data.written.marked else []:
            here = ", ".join(f"<{MARK}{iri}>" for iri in written)
            wrong = frozenset(each for iri in written for each in data.ill_typed.get(iri, ()))
            but = f" && NOT EXISTS {{ {scratch.pattern(wrong, var)} }}" if wrong else ""
            yield f"datatype({var}) IN ({here}){but}", f"STRDT(STR({var}), <{self.cast}>)"

    def limit(self, literal: Literal) -> Literal | None:
        """What values of these datatypes are compared with; nothing where the store may be wrong."""
        own = literal.datatype.value
        if own in self.datatypes:
            return None if literal.value == "NaN" else literal  # to the store it is not less than itself
        if own in EXACT and self.cast in FLOATS:
            return Literal(literal.value, datatype=NamedNode(self.cast))
        return None


FAMILIES = (
    Family(EXACT, (XSD + "integer", DECIMAL), DECIMAL),
    *(Family(frozenset((iri,)), (iri,), iri) for iri in sorted(FLOATS)),
    *(Family(frozenset((iri,)), (iri,), iri) for iri in (XSD + "date", XSD + "dateTime", STRING)),
)


def is_limit(literal: Literal) -> bool:
    """Whether it is sure of all plain literals on which side of this one they are."""
    return is_known(literal) and any(f.limit(literal) and f.cast not in FLOATS for f in FAMILIES)


def to_limit(var: str, sign: str, limit: Literal, scratch: Scratch) -> str:
    """That a literal is on one side of a limit; empty where that is sure of none."""
    if not is_known(limit):
        return ""
    found = [
        f"({is_of} && {value} {sign} {other})"
        for family in FAMILIES
        if (other := family.limit(limit))
        for is_of, value in family.tests(var, scratch)
    ]
    return " || ".join(found)


def of_two(one: str, other: str, sign: str, scratch: Scratch) -> str:
    """That one literal is on one side of another, which is not the same."""
    found = []
    for family in FAMILIES:
        tests = [list(family.tests(var, scratch)) for var in (one, other)]
        if all(tests):
            sides = (" || ".join(f"({is_of})" for is_of, _ in each) for each in tests)
            test = " && ".join(f"({side})" for side in sides)
            found.append(f"({test} && {_value(tests[0])} {sign} {_value(tests[1])})")
    return f"!sameTerm({one}, {other}) && ({' || '.join(found)})"


def _value(tests: list[tuple[str, str]]) -> str:
    """The value of a literal that passes one of the tests."""
    [(is_first, first), *others] = tests
    return f"IF({is_first}, {first}, {others[0][1]})" if others else first
