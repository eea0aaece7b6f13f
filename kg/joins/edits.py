"""A text written anew in places."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Edits:
    """What stands in the places of a text; of what was put at one place the last comes first.

    >>> edits = Edits("a b")
    >>> edits.put(2, 3, "c"), edits.put(0, 0, "<"), edits.put(0, 0, "(")
    (None, None, None)
    >>> edits.written(), edits.written(1, 3)
    ('(<a c', ' c')
    """

    text: str
    _made: list[tuple[int, int, str]] = field(default_factory=list)

    def put(self, start: int, end: int, text: str) -> None:
        """Have `text` in the place of what is there; other edits lie apart from it, or around it."""
        self._made.append((start, end, text))

    def written(self, start: int = 0, end: int | None = None) -> str:
        """The text from `start` to `end`, as it is then."""
        end = len(self.text) if end is None else end
        text = self.text[start:end]
        for begin, stop, put in sorted(self._made, key=lambda edit: (-edit[0], -edit[1])):
            if start <= begin and stop <= end:
                text = text[: begin - start] + put + text[stop - start :]
        return text
