"""What lacks, in words: the nearest way to what was asked for, and what would make it hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode, Triple, Variable

from kg.errors import UsageError
from kg.proofs.lacks import Lack
from kg.proofs.origins import Origins
from kg.proofs.told import source
from kg.proofs.words import NAMES, Tongue
from kg.rules.model import Pattern


@dataclass(frozen=True)
class ToldLack:
    """Why something does not hold: a heading, what of it holds, what lacks, and words to tell it."""

    heading: str
    held: tuple[Triple, ...]
    lacks: tuple[Lack, ...]
    tongue: Tongue
    origins: Origins

    @property
    def wanted(self) -> list[Pattern]:
        """What, if it were said, would make it hold."""
        return list(dict.fromkeys(goal for lack in self.lacks for goal in lack.wanted))


def render(told: ToldLack, form: str = "text") -> str:
    """What lacks as `text`, `markdown` or `json`.

    :raises UsageError: if there is no such form.
    """
    if form not in FORMS:
        raise UsageError.at(None, f"no format “{form}” for what lacks", f"known: {', '.join(FORMS)}")
    return FORMS[form](told)


def goal(tongue: Tongue, pattern: Pattern) -> str:
    """A goal as a sentence; what could be anything by a letter."""
    subject, predicate, value = pattern
    told = tongue.term(subject) if isinstance(subject, NamedNode) else _letter(subject)
    return tongue.said(told, predicate, _letter(value) if isinstance(value, Variable) else value)


def _letter(part: object) -> str:
    """What a variable is called: rules count theirs from `x` on."""
    name = part.value if isinstance(part, Variable) else str(part)
    return name.upper() if len(name) == 1 else NAMES[1] if name.startswith("y") else name


def _text(told: ToldLack) -> str:
    return "\n".join(_lines(told, "  ", "")) + "\n"


def _markdown(told: ToldLack) -> str:
    return "\n".join(_lines(told, "  ", "- ")) + "\n"


def _lines(told: ToldLack, step: str, bullet: str) -> Iterator[str]:
    tongue = told.tongue
    yield f"## {told.heading}\n" if bullet else told.heading
    for triple in told.held:
        yield f"{step}{bullet}{tongue['holds']}: {tongue.triple(triple)}"
    for lack in told.lacks:
        yield from _lack(told, lack, 0 if bullet else 1, step, bullet)
    yield ("\n" if bullet else "") + tongue["would"] + ":"
    for pattern in told.wanted:
        yield f"{step}{bullet or '+ '}{goal(tongue, pattern)}"


def _lack(told: ToldLack, lack: Lack, depth: int, step: str, bullet: str) -> Iterator[str]:
    tongue, margin = told.tongue, step * depth
    end = f" ({tongue['no-rule']})" if lack.rule is None and not lack.instead and _is_bound(lack) else ""
    yield f"{margin}{bullet}{tongue['missing']}: {goal(tongue, lack.goal)}{end}"
    for triple in lack.instead:
        place = told.origins.place(triple)
        yield f"{margin}{step}{bullet}{tongue['instead']}: {tongue.triple(triple)}" + (
            f"   [{place}]" if place else ""
        )
        for quote in told.origins.quotes(triple)[:1]:
            yield f"{margin}{step * 2}{bullet}{source(tongue, quote)}"
    if lack.rule is not None:
        yield f"{margin}{step}{bullet}{tongue.rule(lack.rule)}"
        for triple in lack.held:
            yield f"{margin}{step}{bullet}{tongue['holds']}: {tongue.triple(triple)}"
        for other in lack.missing:
            yield from _lack(told, other, depth + 1, step, bullet)


def _is_bound(lack: Lack) -> bool:
    return isinstance(lack.goal[0], NamedNode)


def _json(told: ToldLack) -> str:
    out = {
        "heading": told.heading,
        "holds": [told.tongue.triple(triple) for triple in told.held],
        "missing": [_tree(told.tongue, lack) for lack in told.lacks],
        "would": [goal(told.tongue, pattern) for pattern in told.wanted],
    }
    return json.dumps(out, ensure_ascii=False, indent=1) + "\n"


def _tree(tongue: Tongue, lack: Lack) -> dict[str, Any]:
    return {
        "goal": goal(tongue, lack.goal),
        "pattern": [str(part) for part in lack.goal],
        "rule": {"name": lack.rule.name, "text": tongue.rule(lack.rule)} if lack.rule else None,
        "holds": [tongue.triple(triple) for triple in lack.held],
        "instead": [tongue.triple(triple) for triple in lack.instead],
        "missing": [_tree(tongue, other) for other in lack.missing],
    }


FORMS: dict[str, Callable[[ToldLack], str]] = {"text": _text, "markdown": _markdown, "json": _json}


def nearest(found: Sequence[Lack]) -> Lack:
    """The lack that would need the least to be mended, and has the most that holds already."""
    return min(found, key=lambda lack: (lack.depth_of_held == 0, *lack.cost))
