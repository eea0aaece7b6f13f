"""Triple patterns written one by one, the paths in them as the patterns that they stand for.

Source: SPARQL 1.1, section 18.2.2.4, https://www.w3.org/TR/sparql11-query/#convertPathPatterns
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from kg.shapes.compile.sparql.tree import End, Node, Path, Term, Triple, Triples, Var, Verb

_OF_SETS = ("*", "+", "?", "!")
"""Paths that find each pair of nodes once, whatever they are made of."""

Sharing = Callable[[str], float]
"""About how many nodes have the same value of a property, whose IRI is given."""


def alone(_prop: str) -> float:
    """That no two nodes share a value, where nothing is known of the graph."""
    return 1


@dataclass(frozen=True, slots=True)
class Step:
    """One triple pattern in SPARQL; `prop` is the IRI of its property, if it is one."""

    subject: str
    verb: str
    object: str
    prop: str = ""

    @property
    def names(self) -> set[str]:
        """The variables in it."""
        return {part for part in (self.subject, self.verb, self.object) if part.startswith("?")}

    def worth(self, bound: set[str]) -> tuple[int, int]:
        """How well it can be looked up where these variables are bound; what is joined weighs more."""
        ends = (self.subject, self.object)
        return sum(end in bound for end in ends), sum(not end.startswith("?") for end in (*ends, self.verb))

    def found(self, bound: set[str], sharing: Sharing) -> float:
        """About how many solutions it has for each value that is bound, where only that is."""
        looked_up = self.prop and self.object in bound and self.subject not in bound
        return sharing(self.prop) if looked_up else 0

    def __str__(self) -> str:
        return f"{self.subject} {self.verb} {self.object} ."


class Steps:
    """Writes triple patterns of the query `text`; `tag` parts the variables that it makes from others' own.

    Blank nodes are written as variables, so that patterns may stand in groups of their own.
    """

    def __init__(self, text: str, write: Callable[[Node], str], tag: int) -> None:
        self._text, self._write, self._tag = text, write, tag
        self._count = count()

    def of(self, block: Triples) -> Iterator[Step]:
        """The patterns of a block, sequences and inverses taken apart."""
        for triple in block.triples:
            yield from self._steps(*self._parts(triple))

    def reordered(self, block: Triples, given: set[str], bound: set[str], sharing: Sharing) -> str:
        """The patterns of a block, of those about one variable first what few nodes share.

        The store takes patterns that seem as good to it in the order in which they are written. `given` are
        bound before, `bound` by triples elsewhere. Nothing, if the order is as good as any.
        """
        order = list(block.triples)
        for places in _ties(block, given, bound):
            best = sorted(places, key=lambda at: sharing(_iri(block.triples[at].verb)))
            for place, at in zip(places, best, strict=True):
                order[place] = block.triples[at]
        if order == list(block.triples) or any(map(is_labelled, block.ends)):
            return ""
        parts = map(self._parts, order)
        text = " ".join(f"{subject} {self._write(verb)} {obj} ." for subject, verb, obj in parts)
        return text.removesuffix(".")

    def spread(self, block: Triples, before: str) -> str:
        """The patterns of a block, with a UNION for each choice of paths.

        A node that is found by two of the paths is found twice: the store would give it once. `before` is
        what is put at the start of each choice.
        """
        found = (self._spread(*self._parts(triple), before) for triple in block.triples)
        return " ".join(found).removesuffix(".")

    def _parts(self, triple: Triple) -> tuple[str, Verb, str]:
        return self._end(triple.subject), triple.verb, self._end(triple.object)

    def _steps(self, subject: str, verb: Verb, obj: str) -> Iterator[Step]:
        for start, step, end in self._sequence(subject, verb, obj):
            yield Step(start, self._write(step), end, _iri(step))

    def _spread(self, subject: str, verb: Verb, obj: str, before: str) -> str:
        found = []
        for start, step, end in self._sequence(subject, verb, obj):
            if isinstance(step, Path) and step.kind == "|":
                choices = (self._spread(start, each, end, before) for each in step.steps)
                found.append(" UNION ".join(f"{{ {before} {choice} }}" for choice in choices))
            else:
                found.append(str(Step(start, self._write(step), end)))
        return " ".join(found)

    def _sequence(self, subject: str, verb: Verb, obj: str) -> Iterator[tuple[str, Verb, str]]:
        """What a path goes through, one after another: neither a sequence nor an inverse."""
        if not isinstance(verb, Path) or verb.kind not in ("(", "^", "/"):
            yield subject, verb, obj
        elif verb.kind == "(":
            yield from self._sequence(subject, verb.steps[0], obj)
        elif verb.kind == "^":
            yield from self._sequence(obj, verb.steps[0], subject)
        else:
            nodes = [subject, *(self._variable(f"step{next(self._count)}") for _ in verb.steps[1:]), obj]
            for step, start, end in zip(verb.steps, nodes, nodes[1:], strict=False):
                yield from self._sequence(start, step, end)

    def _end(self, end: End) -> str:
        """A subject or object; a blank node is a variable that is not asked for."""
        if isinstance(end, Var):
            return self._write(end)
        if is_labelled(end):
            return "?blank_" + end.value.encode().hex()
        if end.kind == "blank":
            return self._variable("blank" + end.value.strip("[]"))
        return self._write(end) if end.start < end.end else f"<{end.value}>"

    def _variable(self, name: str) -> str:
        """A variable that the query has not."""
        while f"{name}_{self._tag}" in self._text:
            name += "_"
        return f"?{name}_{self._tag}"


def _iri(verb: Verb) -> str:
    return verb.value if isinstance(verb, Term) else ""


def _name(end: Verb) -> str:
    return end.name if isinstance(end, Var) else ""


def _ties(block: Triples, given: set[str], bound: set[str]) -> Iterator[list[int]]:
    """Where those triples stand that lead to the same variable, each from a variable that is bound."""
    found: dict[str, list[int]] = {}
    for at, triple in enumerate(block.triples):
        start, end = _name(triple.subject), _name(triple.object)
        others = (each for each in block.triples if _name(each.subject) != start)
        known = given | bound | {_name(side) for each in others for side in (each.subject, each.object)}
        if start and start not in given and end and end in known and _iri(triple.verb):
            found.setdefault(start, []).append(at)
    return (places for places in found.values() if len(places) > 1)


def is_labelled(end: Verb) -> bool:
    """Whether it is a blank node that is called the same where it stands again."""
    return isinstance(end, Term) and end.kind == "blank" and end.value.startswith("_:")


def chooses(path: Verb) -> bool:
    """Whether a path may find the same pair of nodes twice, by one choice and by another."""
    if isinstance(path, Var | Term) or path.kind in _OF_SETS:
        return False
    return path.kind == "|" or any(map(chooses, path.steps))
