"""What the store could not judge alone, and Python's regular expressions did: told beside the findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from pyoxigraph import NamedNode

from kg.languages import Words
from kg.places import Place, Places
from kg.shapes.graph import Shapes
from kg.shapes.results import Aside
from kg.shapes.triples import Subject
from kg.shapes.vocabulary import sh

BY = "python"
"""What judges instead of the store."""

NOTED = 20
"""How many are told to people."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """A regular expression of a shape that Python matched, and `why` the store could not.

    `why`: `look-ahead`, `look-behind`, `back-reference`, `possessive` or `unreadable`. `by_row`: whether no
    shape but a row of the data says which it is. The findings are those that any other constraint has.
    """

    rule: str
    shape: Subject
    pattern: str
    why: tuple[str, ...]
    place: Place | None = None
    by_row: bool = field(default=False, compare=False)

    def told(self, words: Words) -> str:
        """The same as a sentence, with its place."""
        why = ", ".join(words[key] for key in self.why)
        said = words.say("fallback", rule=self.rule, pattern=self.pattern, why=why)
        return f"{self.place}: {said}" if self.place else said


def notes(told: Sequence[Fallback], words: Words) -> list[str]:
    """A sentence for each; of very many, how many more there are."""
    said, more = [each.told(words) for each in told[:NOTED]], len(told) - NOTED
    return said if more <= 0 else [*said, words.say("more", number=more)]


def fallbacks(asides: Iterable[Aside], shapes: Shapes, places: Places) -> tuple[Fallback, ...]:
    """What an engine has put aside, with rules and places, in the order of these."""
    found = dict.fromkeys(
        Fallback(
            shapes.rule(each.shape, each.constraint),
            each.shape,
            each.pattern,
            each.why,
            _place(each, shapes, places),
            each.by_row,
        )
        for each in sorted(asides, key=attrgetter("by_row"))
    )
    return tuple(sorted(found, key=_order))


def _order(one: Fallback) -> tuple[object, ...]:
    shape = str(one.shape) if isinstance(one.shape, NamedNode) else ""
    return one.place is None, one.place or Place(""), one.rule, one.pattern, one.why, shape


def _place(aside: Aside, shapes: Shapes, places: Places) -> Place | None:
    """Where the expression is written, else the query that has it, else the shape."""
    if aside.constraint:
        found = places.find(aside.constraint, sh("select"))
    else:
        own = [o for o in shapes.objects(aside.shape, sh("pattern")) if _says(o, aside.pattern)]
        found = places.find(aside.shape, sh("pattern"), own[0]) if own else []
    return next(iter(found or places.find(aside.shape)), None)


def _says(term: object, text: str) -> bool:
    return getattr(term, "value", None) == text
