"""Proofs as text, Markdown and JSON; a premise that stands above is not shown again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Triple

from kg.answers import json_term
from kg.errors import UsageError
from kg.proofs import MANY
from kg.proofs.origins import Origins, Quote
from kg.proofs.search import Proof, leaves
from kg.proofs.words import Tongue

MOST = 3
"""How many quotes of one assertion are shown."""


@dataclass(frozen=True)
class Told:
    """Proofs with what it takes to tell them: a heading, words, and where assertions are from."""

    heading: str
    proofs: tuple[Proof, ...]
    tongue: Tongue
    origins: Origins

    @property
    def summary(self) -> str:
        """On how many assertions all of it rests."""
        number = len(leaves(self.proofs))
        which = "one" if number == 1 else "every" if number <= MANY else "many"
        return self.tongue[which].format(number=number)


def render(told: Sequence[Told], form: str = "text") -> str:
    """The proofs as `text`, `markdown`, `json` or `svg`.

    :raises UsageError: if there is no such form.
    """
    if form not in FORMS:
        raise UsageError.at(None, f"no format “{form}” for proofs", f"known: {', '.join(FORMS)}")
    return FORMS[form](told)


def lines(told: Told) -> Iterator[tuple[int, str, Proof, bool]]:
    """Each proof within the proofs: its depth, its sentence, itself, and whether it stood above already."""
    shown: set[Triple] = set()

    todo = [(proof, 0) for proof in reversed(told.proofs)]
    while todo:
        proof, depth = todo.pop()
        again = proof.triple in shown and proof.rule is not None
        yield depth, told.tongue.triple(proof.triple), proof, again
        shown.add(proof.triple)
        todo += [] if again else [(premise, depth + 1) for premise in reversed(proof.premises)]


# --- for reading -------------------------------------------------------------------------


def _text(told: Sequence[Told]) -> str:
    return "\n".join("\n".join(_block(each, "  ", "")) + "\n" for each in told)


def _markdown(told: Sequence[Told]) -> str:
    return "\n".join("\n".join(_block(each, "  ", "- ")) + "\n" for each in told)


def _block(told: Told, step: str, bullet: str) -> Iterator[str]:
    quoted: set[Quote] = set()
    found = list(lines(told))
    alone = len(told.proofs) == 1 and found[0][1] == told.heading
    if bullet or not alone:
        yield f"## {told.heading}\n" if bullet else told.heading
    for depth, sentence, proof, again in found:
        margin = step * (depth if bullet or alone else depth + 1)
        yield f"{margin}{bullet}{sentence}{_end(told, proof, again)}"
        for line in [] if again else _below(told, proof, quoted):
            yield f"{margin}{step}{bullet or '  '}{line}"
    yield ("\n" if bullet else "") + told.summary


def _end(told: Told, proof: Proof, again: bool) -> str:
    """What stands behind a sentence: its place, or that it is shown already."""
    if again:
        return f" ({told.tongue['above']})"
    place = None if proof.rule else told.origins.place(proof.triple)
    return f"   [{place}]" if place else ""


def _below(told: Told, proof: Proof, quoted: set[Quote]) -> Iterator[str]:
    """The rule of a proof, or the words that carry an assertion; the same words only once."""
    if proof.rule:
        ways = told.tongue["others"].format(number=proof.others + 1)
        yield f"{told.tongue['because']}: {told.tongue.rule(proof.rule)}" + (
            f" ({ways})" if proof.others else ""
        )
        return
    quotes = told.origins.quotes(proof.triple)
    for quote in [*[q for q in quotes if not q.against][:MOST], *(q for q in quotes if q.against)]:
        if quote not in quoted:
            quoted.add(quote)
            yield source(told.tongue, quote)


def source(tongue: Tongue, quote: Quote) -> str:
    """A quote with its source, its place in that, and its sentence if the text is at hand."""
    at = f", {quote.span[0]}–{quote.span[1]}" if quote.span else ""
    words = f"“{quote.words}” " if quote.words else ""
    sentence = f" in: {quote.sentence}" if quote.sentence and quote.sentence != quote.words else ""
    against = f"{tongue['against']}: " if quote.against else ""
    return f"{against}{words}({tongue.term(quote.source)}{at}){sentence}"


# --- for programs ------------------------------------------------------------------------


def _json(told: Sequence[Told]) -> str:
    out = [
        {
            "heading": each.heading,
            "assertions": len(leaves(each.proofs)),
            "proofs": _proofs(each, each.proofs, set()),
        }
        for each in told
    ]
    return json.dumps(out, ensure_ascii=False, indent=1) + "\n"


def _proofs(told: Told, proofs: Iterable[Proof], shown: set[Triple]) -> list[dict[str, Any]]:
    return [_proof(told, proof, shown) for proof in proofs]


def _proof(told: Told, proof: Proof, shown: set[Triple]) -> dict[str, Any]:
    """A proof with those within it; of one that stood before, `again` and no more."""
    triple = proof.triple
    out: dict[str, Any] = {
        "triple": {
            "subject": json_term(triple.subject), "predicate": json_term(triple.predicate),
            "object": json_term(triple.object),
        },
        "text": told.tongue.triple(triple),
    }  # fmt: skip
    if proof.rule and triple in shown:
        return out | {"again": True}
    shown.add(triple)
    if proof.rule:
        rule = {"name": proof.rule.name, "kind": proof.rule.kind, "text": told.tongue.rule(proof.rule)}
        return out | {"rule": rule, "others": proof.others, "premises": _proofs(told, proof.premises, shown)}
    place = told.origins.place(triple)
    if place:
        out["place"] = {"file": place.path, "line": place.line, "column": place.column}
    return out | {"quotes": [json_quote(quote) for quote in told.origins.quotes(triple)]}


def json_quote(quote: Quote) -> dict[str, Any]:
    """A quote as JSON has it; what it does not have is left out."""
    out = {
        "source": quote.source.value, "words": quote.words,
        "span": list(quote.span) if quote.span else None, "sentence": quote.sentence,
        "against": quote.against or None,
    }  # fmt: skip
    return {key: value for key, value in out.items() if value is not None}


def _svg(told: Sequence[Told]) -> str:
    from kg.proofs.picture import draw

    return draw(told)


FORMS: dict[str, Callable[[Sequence[Told]], str]] = {
    "text": _text, "markdown": _markdown, "json": _json, "svg": _svg,
}  # fmt: skip
SUFFIXES = {".txt": "text", ".json": "json", ".md": "markdown", ".svg": "svg"}
