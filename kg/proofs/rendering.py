"""Proofs as text, Markdown and JSON; a premise that stands above is not shown again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from pyoxigraph import Triple

from kg.errors import UsageError
from kg.formats.cells import json_term
from kg.proofs.origins import Quote
from kg.proofs.picture import draw
from kg.proofs.search import Proof, leaves
from kg.proofs.told import Told, lines, source

MOST = 3
"""How many quotes of one assertion are shown."""


def render(told: Sequence[Told], form: str = "text") -> str:
    """The proofs as `text`, `markdown`, `json` or `svg`.

    :raises UsageError: if there is no such form.
    """
    if form not in FORMS:
        raise UsageError.at(None, f"no format “{form}” for proofs", f"known: {', '.join(FORMS)}")
    return FORMS[form](told)


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


FORMS: dict[str, Callable[[Sequence[Told]], str]] = {
    "text": _text, "markdown": _markdown, "json": _json, "svg": draw,
}  # fmt: skip
SUFFIXES = {".txt": "text", ".json": "json", ".md": "markdown", ".svg": "svg"}
