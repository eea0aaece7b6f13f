"""The text of a CONSTRUCT: what it may not say, and where the instances for `$this` are joined in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from kg.sparql import Query

WORD = re.compile(
    r"""<[^<>"{}|^`\\\s]*>|\#[^\n]*"""
    r'''|"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"'''
    r"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'|'(?:[^'\\\n]|\\.)*'"""
    r"""|[?$@]\w+|_:|[\w.-]*:(?:[\w.%:-]|\\.)*|\w+|[{}(\[]""",
    re.DOTALL,
)
"""A word of the query. IRIs, strings and comments are words as a whole, and so hide what is in them."""

NOT_HERE = {
    "FROM": "a shortcut sees one merged graph: leave FROM out",
    "GRAPH": "a shortcut sees one merged graph: leave GRAPH out",
    "SERVICE": "a shortcut asks no other store: leave SERVICE out",
}


@dataclass(frozen=True, slots=True)
class Construct:
    """The text of a CONSTRUCT query, without its prefixes.

    >>> query = Construct("CONSTRUCT { $this a :B } WHERE { FILTER(STR($this) > '}') }")
    >>> query.says_this, list(query.wrong())
    (True, [])
    >>> query.aimed_at([NamedNode("urn:A")])[25:]
    "WHERE { VALUES ?class_of_this { <urn:A> } ?this a ?class_of_this . FILTER(STR($this) > '}') }"
    """

    text: str
    words: tuple[re.Match[str], ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(WORD.finditer(self.text)))

    @property
    def says_this(self) -> bool:
        """Whether the query is about the focus nodes of its shape."""
        return any(word[0] in ("$this", "?this") for word in self.words)

    def wrong(self) -> Iterator[tuple[str, str]]:
        """What a shortcut may not say, with what to do instead."""
        yield from ((fault.what, fault.fix) for fault in Query(self.text).endless())
        said = {word[0].upper() for word in self.words}
        if "CONSTRUCT" not in said:
            yield "it is no CONSTRUCT", "write CONSTRUCT { … } WHERE { … }"
        for word in sorted(said & NOT_HERE.keys()):
            yield f"{word} is not supported", NOT_HERE[word]
        template = self._groups()[:1]
        if any(self.words[at][0] in ("_:", "[", "(") for group in template for at in group):
            yield "it makes blank nodes", "give what it makes an IRI"
        if self.says_this and len(self._groups()) < 2:
            yield "$this needs a template", "write CONSTRUCT { … } WHERE { … }"

    def aimed_at(self, classes: Iterable[NamedNode]) -> str:
        """The query with `$this` held to the instances of `classes`, first thing in its WHERE."""
        values = " ".join(map(str, classes))
        return self.with_first(f" VALUES ?class_of_this {{ {values} }} ?this a ?class_of_this .")

    def with_first(self, pattern: str) -> str:
        """The query with `pattern` as the first thing in its WHERE."""
        at = self.words[self._groups()[-1].start - 1].end()
        return self.text[:at] + pattern + self.text[at:]

    def _groups(self) -> list[range]:
        """The words inside each outermost `{ … }`: the template, then the pattern."""
        groups: list[range] = []
        depth = start = 0
        for at, word in enumerate(self.words):
            if word[0] == "{":
                depth += 1
                start = at + 1 if depth == 1 else start
            elif word[0] == "}":
                depth -= 1
                groups += [range(start, at)] if depth == 0 else []
        return groups
