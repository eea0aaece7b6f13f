"""An answer as Python has it: rows to go through, to print, and to take to pandas and polars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg import answers, frames, notebook, questions
from kg.phrases import Phrases, spoken

if TYPE_CHECKING:
    import pandas
    import polars


@dataclass(frozen=True)
class Answer(questions.Answer):
    """An answer with its question, the labels of what is in it, and why it is empty, if it is.

    `phrases`: what the question itself says, in the reader's language.

    `columns` and `rows` hold the terms as they are; `boolean` is set for ASK, `triples` for CONSTRUCT.

    >>> from pyoxigraph import Literal
    >>> answer = Answer(("a", "b"), ((Literal("x"), None),))
    >>> len(answer), list(answer.records())
    (1, [{'a': 'x', 'b': None}])
    >>> answer.render("csv")
    'a,b\\r\\nx,\\r\\n'
    """

    text: str = ""
    labels: Mapping[NamedNode, str] = field(default_factory=dict, repr=False, compare=False)
    notes: tuple[str, ...] = ()
    phrases: Phrases = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _spoken(self) -> questions.Answer:
        """The answer as a person reads it."""
        return spoken(self, self.phrases)

    def __bool__(self) -> bool:
        return len(self) > 0 if self.boolean is None else self.boolean

    def __str__(self) -> str:
        return "\n".join(filter(None, [self.text, self.render().rstrip("\n"), *self.notes]))

    def render(self, form: str = "table") -> str:
        """The answer as `table`, `markdown`, `csv`, `tsv`, `json`, `xml` or `jsonl`.

        :raises UsageError: if there is no such form.
        """
        return answers.render(self._spoken if form in answers.READERS else self, form, self.labels)

    def to_pandas(self, *, labels: bool = False) -> pandas.DataFrame:
        """The rows as a frame of pandas; with `labels`, those in the place of IRIs. Types: `kg.frames`.

        :raises UsageError: if pandas is not installed, or the answer is yes or no.
        """
        return frames.to_pandas(self._spoken, self.labels) if labels else frames.to_pandas(self)

    def to_polars(self, *, labels: bool = False) -> polars.DataFrame:
        """The rows as a frame of polars; with `labels`, those in the place of IRIs. Types: `kg.frames`.

        :raises UsageError: if polars is not installed, or the answer is yes or no.
        """
        return frames.to_polars(self._spoken, self.labels) if labels else frames.to_polars(self)

    def _repr_html_(self) -> str:
        return notebook.answer(self._spoken, self.text, self.labels, self.notes)
