"""Why something holds, or why not: what a person asks, in words → an explanation that can be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg import questions, rows
from kg.errors import UsageError
from kg.proofs import rendering, whynot
from kg.proofs.session import Session
from kg.proofs.told import Told
from kg.proofs.whynot import ToldLack
from kg.questions import Question


@dataclass(frozen=True)
class Why:
    """An explanation: the proofs of what holds (`told`), or what lacks for what does not (`lack`)."""

    told: tuple[Told, ...] = ()
    lack: ToldLack | None = None

    @property
    def holds(self) -> bool:
        """Whether what was asked about holds."""
        return self.lack is None

    def render(self, form: str = "text") -> str:
        """The explanation as `text`, `markdown` or `json`; of what holds also as `svg`.

        :raises UsageError: if there is no such form.
        """
        return rendering.render(self.told, form) if self.lack is None else whynot.render(self.lack, form)

    def __str__(self) -> str:
        return self.render().rstrip("\n")

    def __repr__(self) -> str:
        heading = self.lack.heading if self.lack else "; ".join(each.heading for each in self.told)
        return f"<kg.Why {heading}>"

    def _repr_svg_(self) -> str | None:
        """The picture that a notebook shows; None for what does not hold, which is shown as text."""
        return None if self.lack else self.render("svg")


def of_words(session: Session, words: Sequence[str], *, why_not: bool = False) -> Why:
    """Why a node is of a class (two words), or has a value of a property (three); or why not.

    Of a class that the node is not of, but nodes within it are, the first of those is explained.

    :raises UsageError: if a word means nothing; if it holds, where it is asked why not.
    """
    if len(words) not in (2, 3):
        what = "it takes two words (a node and a class) or three"
        raise UsageError.at(None, what, "see: kg explain --help")
    triple = session.asking.triple(tuple(words))
    told = None if why_not else session.triple(triple) or session.within(triple)
    return Why((told,)) if told else Why(lack=session.lack(triple))


def of_row(session: Session, question: Question, key: str) -> Why:
    """Why the row with a key, or of a number, stands in the answer to a question.

    :raises UsageError: if the answer has no such row.
    """
    names = session.workspace.names
    answer = questions.ask(question, session.store, names)
    row = rows.find(question, answer, key)
    return Why(tuple(session.rows(question, [row], question.bind({}, names))))


def of_no_row(session: Session, question: Question, node: str) -> Why:
    """Why the answer to a question has no row with a node.

    :raises UsageError: if it has one, or no column could hold the node.
    """
    return Why(lack=session.no_row(question, node, question.bind({}, session.workspace.names)))
