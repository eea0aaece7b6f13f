"""Terms by number, so that joins compare numbers: as they are parsed, or as texts that nobody parses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.rules.model import Term


@dataclass(frozen=True, slots=True)
class Lines:
    """Statements as blocks of whole lines, each as Oxigraph writes it, so that a term has one text.

    `graphs`: whether they are N-Quads, every one in a named graph; else they are N-Triples.
    """

    blocks: Iterable[bytes]
    graphs: bool = True

    def __iter__(self) -> Iterator[bytes]:
        return chain.from_iterable(block.splitlines() for block in self.blocks)


class Names:
    """The terms by number: nodes from 0 up, and literals, which are the subject of nothing, from -1 down."""

    def __init__(self) -> None:
        self.numbers: dict[Term, int] = {}
        self._nodes: list[Term] = []
        self._literals: list[Term] = []

    def number(self, term: Term) -> int:
        """The number of a term, old or new."""
        known = self.numbers.get(term)
        if known is not None:
            return known
        if isinstance(term, Literal | Triple):
            self._literals.append(term)
            known = -len(self._literals)
        else:
            self._nodes.append(term)
            known = len(self._nodes) - 1
        self.numbers[term] = known
        return known

    def term(self, number: int) -> Term:
        """The term of a number."""
        return self._nodes[number] if number >= 0 else self._literals[-1 - number]

    def text(self, number: int) -> bytes:
        """The term of a number as N-Triples have it."""
        return str(self.term(number)).encode()


class Texts(Names):
    """The same by how terms are written; a term is made when it is asked for.

    >>> texts = Texts()
    >>> texts.add(b"<urn:a>"), texts.add(b'"7"'), texts.number(NamedNode("urn:a"))
    (0, -1, 0)
    >>> texts.term(-1)
    <Literal value=7 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#string>>
    """

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[bytes, int] = {}
        self._node_texts: list[bytes] = []
        self._literal_texts: list[bytes] = []

    def number(self, term: Term) -> int:
        """The number of a term, old or new."""
        text = str(term).encode()
        known = self.known.get(text)
        return self.add(text) if known is None else known

    def add(self, text: bytes) -> int:
        """The number of a text that has none yet."""
        if text[:1] == b'"' or text[:2] == b"<<":
            self._literal_texts.append(text)
            number = -len(self._literal_texts)
        else:
            self._node_texts.append(text)
            number = len(self._node_texts) - 1
        self.known[text] = number
        return number

    def text(self, number: int) -> bytes:
        """The term of a number as it is written."""
        return self._node_texts[number] if number >= 0 else self._literal_texts[-1 - number]

    def term(self, number: int) -> Term:
        """The term of a number."""
        text = self.text(number)
        if number >= 0:
            return NamedNode(text[1:-1].decode()) if text[:1] == b"<" else BlankNode(text[2:].decode())
        quad = next(iter(parse(b"<urn:x> <urn:x> " + text + b" .", RdfFormat.N_TRIPLES)))
        return cast("Term", quad.object)
