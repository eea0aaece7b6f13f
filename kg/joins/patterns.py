"""The triple patterns of a query as text, with how much fits each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from kg.joins.figures import Figures, Step, variables
from kg.shapes.compile.sparql.tree import Path, Query, Term, Triple, Triples, Var

FRESH = "kgJoin"
Demands = Mapping[str, Sequence[str]]
"""Variable → conditions that it has to meet, as FILTER has them."""
NONE: Demands = {}


@dataclass(frozen=True)
class Pattern:
    """A triple pattern as text, in `steps` of one property each; `sizes`: how many triples fit each.

    Without text it hangs on others by a blank node; without steps it is no sequence of properties. `test`:
    its constant object, where both that and the property are IRIs. `share`: which part of these meets the
    condition in its text.
    """

    text: str
    names: frozenset[str]
    subject: str = ""
    object: str = ""
    steps: tuple[Step, ...] = ()
    sizes: tuple[int, ...] = ()
    test: str = ""
    share: float = 1.0

    @property
    def size(self) -> float:
        """How many triples fit; beyond all where that cannot be told."""
        return sum(self.sizes) if self.sizes else inf

    @property
    def lookups(self) -> int:
        """How often something is looked up to find it for one subject; each step may lead to two."""
        return (1 << len(self.steps)) - 1

    def guessed(self, known: Iterable[str]) -> float:
        """How many rows the store expects of it where variables are known."""
        names = {f"?{name}" for name in known}
        first, last = (end in names or end[:1] != "?" for end in (self.subject, self.object))
        guesses = {(True, True): 1.0, (True, False): 10.0, (False, True): 1e3, (False, False): 1e6}
        if len(self.steps) < 2:
            return guesses[first, last]
        further = len(self.steps) - 1
        return min(guesses[first, False] * 10.0**further, 1e3**further * guesses[False, last])

    def whole(self) -> str:
        """It read from one end to the other; as it is where it is no sequence of properties."""
        if not self.steps:
            return self.text
        inner = " ".join(map(Step.whole, self.steps, self.sizes))
        return inner if len(self.steps) == 1 else f"{{ SELECT {variables(self.names)} WHERE {{ {inner} }} }}"


class Reader:
    """Reads the patterns of a query."""

    def __init__(self, query: Query, figures: Figures) -> None:
        self.text, self.figures = query.text, figures
        self.prologue = query.text[: query.select.start]
        self._made = 0

    def patterns(self, block: Triples, demands: Demands = NONE) -> Iterator[Pattern]:
        """The patterns of a block, one after the other; `demands`: what their variables have to meet."""
        for triple in block.triples:
            ends = (triple.subject, triple.verb, triple.object)
            names = frozenset(end.name for end in ends if isinstance(end, Var))
            terms = [end for end in ends if isinstance(end, Term)]
            loose = any(term.kind == "blank" or term.start == term.end for term in terms)
            yield Pattern("", names) if loose else self._demanded(self._pattern(triple, names), demands)

    def _demanded(self, pattern: Pattern, demands: Demands) -> Pattern:
        """A pattern of one property with what its variables have to meet, where half of it or less does."""
        wanted = [condition for name in sorted(pattern.names) for condition in demands.get(name, ())]
        if (
            not wanted
            or pattern.test
            or len(pattern.steps) != 1
            or set(pattern.steps[0].names) < pattern.names
        ):
            return pattern
        step = replace(pattern.steps[0], condition=" && ".join(f"({condition})" for condition in wanted))
        size = self.figures.size(step, self.prologue)
        if 2 * size > pattern.size:
            return pattern
        return replace(
            pattern, text=step.text, steps=(step,), sizes=(size,), share=size / max(pattern.size, 1)
        )

    def tested(self, pattern: Pattern) -> str:
        """A pattern that is not to be begun at: a constant object is tested after it was found."""
        if not pattern.test:
            return pattern.text
        name = self._fresh()
        return f"{pattern.text.removesuffix(pattern.test)}{name} FILTER(sameTerm({name}, {pattern.test}))"

    def _fresh(self) -> str:
        self._made += 1
        return f"?{FRESH}{self._made}"

    def _pattern(self, triple: Triple, names: frozenset[str]) -> Pattern:
        subject, verb, object = map(self._written, (triple.subject, triple.verb, triple.object))
        steps = self._steps(subject, triple.verb, object)
        sizes = tuple(self.figures.size(step, self.prologue) for step in steps)
        constant = isinstance(triple.object, Term) and triple.object.kind == "iri"
        test = object if constant and isinstance(triple.verb, Term) else ""
        return Pattern(f"{subject} {verb} {object}", names, subject, object, steps, sizes, test)

    def _written(self, part: Var | Term | Path) -> str:
        """A variable by its name, an IRI in full, all else as it is written."""
        text = self.text[part.start : part.end]
        if isinstance(part, Var):
            return f"?{part.name}"
        return f"<{part.value}>" if isinstance(part, Term) and part.kind == "iri" and text[0] != "<" else text

    def _steps(self, subject: str, verb: Var | Term | Path, object: str) -> tuple[Step, ...]:
        """Its steps, one for each property of a path; none where it is no sequence of properties."""
        if isinstance(verb, Term):
            return (Step(subject, self._written(verb), object),)
        if isinstance(verb, Var) or verb.kind not in ("/", "^", "("):
            return ()
        if verb.kind != "/":
            one, other = (object, subject) if verb.kind == "^" else (subject, object)
            return self._steps(one, verb.steps[0], other)
        ends = (subject, *(self._fresh() for _ in verb.steps[1:]), object)
        parts = [self._steps(ends[n], step, ends[n + 1]) for n, step in enumerate(verb.steps)]
        return tuple(step for part in parts for step in part) if all(parts) else ()


def hanging(found: Sequence[Pattern], known: Iterable[str]) -> list[Pattern]:
    """Those of the patterns that hang on what is known, one on the other."""
    names, left, near = set(known), list(found), list[Pattern]()
    while more := [pattern for pattern in left if pattern.names & names]:
        near += more
        left = [pattern for pattern in left if pattern not in more]
        names.update(*(pattern.names for pattern in more))
    return near


def connected(found: Sequence[Pattern]) -> list[list[Pattern]]:
    """The patterns in lists of those that hang together, the first of them in the first list."""
    left, parts = list(found), list[list[Pattern]]()
    while left:
        near = [left[0], *hanging(left[1:], left[0].names)]
        parts.append([pattern for pattern in left if pattern in near])
        left = [pattern for pattern in left if pattern not in near]
    return parts
