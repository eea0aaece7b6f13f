"""Few rows, said once more where they are joined: what they are joined to is then found from them on.

A store evaluates each branch of a UNION for itself, whatever it is joined to: two patterns of a branch that
hang on each other only by the rows before it are joined each with each. Where there are few of these rows,
they begin the branch: as a sub-select of what they make known, each once, so that no row comes twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.joins.figures import variables
from kg.joins.patterns import Pattern
from kg.shapes.compile.sparql.tree import (
    Element,
    Filter,
    Group,
    Triples,
    Union,
    Values,
    Var,
    variables as mentioned,
)


@dataclass(frozen=True)
class Few:
    """Rows that others are joined to, as the text of a group: at most `size`, with `names` bound in each."""

    text: str
    size: int
    names: frozenset[str]

    def seed(self, group: Group) -> Pattern | None:
        """What may stand before the first patterns of a group that is joined to the rows, and change nothing.

        Of the names those that these patterns bind at once, or that the group does not speak of.
        """
        if group.select or any(isinstance(part, Values) for part in group.walk()):
            return None
        first = {name for each in leading(group) for name in _names(each)}
        names = self.names - (mentioned(group) - first)
        if not names:
            return None
        told = variables(names)
        return Pattern(
            f"{{ SELECT DISTINCT {told} WHERE {{ {self.text} }} LIMIT {self.size} }}",
            names,
            sizes=(self.size,),
        )


def leading(group: Group) -> list[Triples]:
    """The patterns that a group begins with."""
    found = list[Triples]()
    for element in group.elements:
        if isinstance(element, Triples):
            found.append(element)
        elif not isinstance(element, Filter):
            break
    return found


def bound(element: Element) -> set[str]:
    """The variables that patterns, or each of several groups of them, bind."""
    if isinstance(element, Triples):
        return _names(element)
    if not isinstance(element, Union):
        return set()
    return set.intersection(*(set().union(*map(bound, group.elements)) for group in element.groups))


def _names(block: Triples) -> set[str]:
    ends = (end for triple in block.triples for end in (triple.subject, triple.verb, triple.object))
    return {end.name for end in ends if isinstance(end, Var)}
