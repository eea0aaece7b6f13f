"""Proofs with what it takes to tell them, in the order of being told; what all forms of them have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Triple

from kg.proofs import MANY
from kg.proofs.origins import Origins, Quote
from kg.proofs.search import Proof, leaves
from kg.proofs.words import Tongue


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


def source(tongue: Tongue, quote: Quote) -> str:
    """A quote with its source, its place in that, and its sentence if the text is at hand."""
    at = f", {quote.span[0]}–{quote.span[1]}" if quote.span else ""
    words = f"“{quote.words}” " if quote.words else ""
    sentence = f" in: {quote.sentence}" if quote.sentence and quote.sentence != quote.words else ""
    against = f"{tongue['against']}: " if quote.against else ""
    return f"{against}{words}({tongue.term(quote.source)}{at}){sentence}"
