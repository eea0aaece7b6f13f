"""The text of a SPARQL query: what of it is refused before an engine sees it, and its faults in words.

Its words are told apart by the terminals that it shares with Turtle, so that nothing is taken for a keyword
that stands in a text, a comment, an IRI or a name, and no keyword is hidden by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.errors import DefinitionError, Fault
from kg.formats.tokens import pattern_of
from kg.meant import nearest
from kg.names import PREFIXES
from kg.places import Place

DEEPEST = 100
"""How many brackets may stand inside each other: engines go down into them, and crash."""

MOST = 5_000
"""How many words a query may have, rows of VALUES apart: engines go down long chains too."""

_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH")
_QUERIES = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_PROLOGUE = ("PREFIX", "BASE", "VERSION")
_CLOSED_BY = {"{": "}", "(": ")", "[": "]"}
_OPENED_BY = {closed: opened for opened, closed in _CLOSED_BY.items()}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query. `kind`: `word` (a keyword), `variable`, `name` (with its prefix), `mark`, …"""

    kind: str
    text: str
    start: int


@dataclass(frozen=True)
class Query:
    """The text of a query in the file `path`, as its words.

    >>> [word.text for word in Query("ASK { ?service a e:\\\\'x } # SERVICE").words if word.kind == "word"]
    ['ASK', 'a']
    """

    text: str
    path: str = ""

    @cached_property
    def words(self) -> list[Word]:
        """All words but comments; a variable is one, with its `?` or `$`."""
        found: list[Word] = []
        for match in pattern_of(self.text).finditer(self.text):
            kind = match.lastgroup or ""
            last = found[-1] if found else None
            if kind == "word" and last and last.text in ("?", "$") and last.start == match.start() - 1:
                found[-1] = Word("variable", last.text + match[0], last.start)
            elif kind != "skip":
                found.append(Word(kind, match[0], match.start()))
        return found

    def guard(self) -> None:
        """Refuse what must not reach an engine.

        :raises DefinitionError: if it calls another server, or is so deep or long that engines crash.
        """
        if faults := list(self._refused()):
            raise DefinitionError.all(faults)

    @cached_property
    def iris(self) -> frozenset[str]:
        """The IRIs that it names, whole; those of its prologue, and what stands in texts, are none of them.

        >>> sorted(Query("PREFIX e: <http://e/> ASK { ?x e:p 'e:q' ; a <urn:c> } # e:r").iris)
        ['http://e/p', 'urn:c']
        """
        prefixes, words = dict[str, str](), iter(self.words)
        found = set[str]()
        for word in words:
            if word.kind == "word" and word.text.upper() == "PREFIX":
                name, iri = next(words, word), next(words, word)
                prefixes[name.text.rpartition(":")[0]] = iri.text.strip("<>")
            elif word.kind == "word" and word.text.upper() == "BASE":
                next(words, None)
            elif word.kind == "iri":
                found.add(word.text[1:-1])
            elif word.kind == "name":
                prefix, _, local = word.text.partition(":")
                found.add(prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local))
        return frozenset(found)

    @cached_property
    def names_graphs(self) -> bool:
        """Whether it says itself what its default graph is."""
        return any(word.kind == "word" and word.text.upper() == "FROM" for word in self.words)

    def _refused(self) -> Iterator[Fault]:
        for word in self.words:
            if word.kind == "word" and word.text.upper() == "SERVICE":
                what = "calls another server with SERVICE; kg never reaches out to the network"
                yield self._fault(word, what, "ask that server itself")
        yield from self._unmatched()
        yield from self.endless()

    def _unmatched(self) -> Iterator[Fault]:
        """Regular expressions that the store cannot read: to it they are errors, and their rows are lost."""
        for at, word in enumerate(self.words):
            if word.kind == "word" and (name := word.text.upper()) in ("REGEX", "REPLACE"):
                arguments = self._arguments(at + 1)
                asked = [*arguments[1:2], *arguments[2 if name == "REGEX" else 3 :][:1]]
                texts = [each[0].text for each in asked if len(each) == 1 and each[0].kind == "string"]
                if texts and len(texts) == len(asked) and not _is_read(texts):
                    what = f"the store cannot read the regular expression {' with the flags '.join(texts)}"
                    fix = "write it without looking ahead or behind, and without references to groups"
                    yield self._fault(asked[0][0], what, fix)

    def _arguments(self, at: int) -> list[list[Word]]:
        """The words of each argument of the call whose bracket opens at `at`."""
        found: list[list[Word]] = [[]]
        depth = 0
        for word in self.words[at:]:
            depth += (word.text in _CLOSED_BY) - (word.text in _OPENED_BY)
            if depth == 0:
                break
            if depth == 1 and word.text == ",":
                found.append([])
            elif depth > 1 or word.text != "(":
                found[-1].append(word)
        return found

    def endless(self) -> Iterator[Fault]:
        """Where it is so deep or long that engines crash."""
        yield from self._too_deep()
        if (count := len(self.words) - self._rows()) > MOST:
            what = f"a query of {count:,} words; it may have {MOST:,}"
            yield Fault(Place(self.path), what, "put long lists into VALUES, or ask several questions")

    def _too_deep(self) -> Iterator[Fault]:
        depth = run = 0
        for word in self.words:
            depth += (word.text in _CLOSED_BY) - (word.text in _OPENED_BY)
            run = run + 1 if word.text == "!" else 0
            if depth > DEEPEST or run > DEEPEST:
                what = f"more than {DEEPEST} brackets stand inside each other"
                yield self._fault(word, what, "look for one that is not closed")
                return

    def _rows(self) -> int:
        """How many words stand in VALUES."""
        count, depth, inside = 0, 0, False
        for word in self.words:
            if not inside and word.kind == "word" and word.text.upper() == "VALUES":
                inside, depth = True, 0
            elif inside:
                count += 1
                depth += (word.text == "{") - (word.text == "}")
                inside = not (word.text == "}" and depth <= 0)
        return count

    def ill_formed(self, exc: Exception) -> DefinitionError:
        """What is wrong with a query that the engine does not parse, in words."""
        found = list(self._changes())
        found = found or [*self._undeclared(), *(list(self._open_quotes()) or self._unbalanced())]
        return DefinitionError.all(found or [self._misread(exc)])

    def _changes(self) -> Iterator[Fault]:
        """Where it is no query but an update, or nothing at all."""
        first = self._first
        if first is None:
            fix = f"write {', '.join(_QUERIES[:-1])} or {_QUERIES[-1]}"
            yield Fault(Place(self.path, 1, 1), "does not parse as SPARQL: there is no query in it", fix)
        elif first.text.upper() in _UPDATES:
            fix = "write a SELECT, ASK, CONSTRUCT or DESCRIBE"
            yield self._fault(first, "changes the graph; kg only asks", fix)
        elif first.text.upper() not in _QUERIES:
            near = nearest(first.text, _QUERIES)
            what = f"does not parse as SPARQL: a query does not begin with “{first.text}”"
            fix = f"did you mean {near}?" if near else "write SELECT, ASK, CONSTRUCT or DESCRIBE"
            yield self._fault(first, what, fix)

    @property
    def _first(self) -> Word | None:
        """The first word after the prologue."""
        words = iter(self.words)
        for word in words:
            if word.kind != "word" or word.text.upper() not in _PROLOGUE:
                return word
            next(words, None)
            if word.text.upper() == "PREFIX":
                next(words, None)
        return None

    @property
    def selected(self) -> range:
        """Which words name what a SELECT gives: those from SELECT to WHERE, or to the bracket that opens."""
        start = next((at + 1 for at, word in enumerate(self.words) if word is self._first), 0)
        depth = 0
        for at, word in enumerate(self.words[start:], start):
            depth += (word.text == "(") - (word.text == ")")
            if not depth and (
                word.text == "{" or (word.kind == "word" and word.text.upper() in ("WHERE", "FROM"))
            ):
                return range(start, at)
        return range(start, len(self.words) - 1)

    def _undeclared(self) -> Iterator[Fault]:
        """The first use of each prefix that is not declared."""
        declared: set[str] = set()
        before = Word("", "", 0)
        for word in self.words:
            if word.kind == "name":
                prefix = word.text.partition(":")[0]
                if before.text.upper() != "PREFIX" and prefix not in declared:
                    iri = PREFIXES.get(prefix, "…")
                    yield self._fault(
                        word, f"the prefix “{prefix}:” is not declared", f"add: PREFIX {prefix}: <{iri}>"
                    )
                declared.add(prefix)
            before = word

    def _open_quotes(self) -> Iterator[Fault]:
        """A quote that begins no text."""
        for word in self.words:
            if word.kind == "junk" and word.text in ("'", '"'):
                what = f"does not parse as SPARQL: this {word.text} is not closed on its line"
                yield self._fault(word, what, "close it, or write a quote within a text as \\" + word.text)
                return

    def _unbalanced(self) -> Iterator[Fault]:
        """A bracket that is not closed, or not opened."""
        opened: list[Word] = []
        for word in self.words:
            if word.text in _CLOSED_BY:
                opened.append(word)
            elif word.text in _OPENED_BY and opened and opened[-1].text == _OPENED_BY[word.text]:
                opened.pop()
            elif word.text in _OPENED_BY:
                what = f"does not parse as SPARQL: this {word.text} closes nothing"
                yield self._fault(word, what, "take it out, or look for what is not closed before it")
                return
        if opened:
            what = f"does not parse as SPARQL: this {opened[-1].text} is not closed"
            yield self._fault(opened[-1], what, f"close it with {_CLOSED_BY[opened[-1].text]}")

    def _misread(self, exc: Exception) -> Fault:
        """What the engine says, at the word where it gave up."""
        what = str(getattr(exc, "msg", None) or exc)
        if not (at := re.match(r"error at (\d+):(\d+): ?", what)):
            return Fault(Place(self.path), f"does not parse as SPARQL: {what}", "simplify it until it does")
        line, column = int(at[1]), int(at[2])
        if not what[at.end() :].startswith("expected"):
            from kg.formats.wording import in_words

            what, fix = in_words(what[at.end() :])
            return Fault(Place(self.path, line, column), f"does not parse as SPARQL: {what}", fix)
        starts = [0, *(m.end() for m in re.finditer("\n", self.text))]
        offset = starts[min(line, len(starts)) - 1] + column - 1
        word = next((word for word in self.words if word.start + len(word.text) > offset), None)
        if word is None:
            what = "does not parse as SPARQL: something before this is missing or misplaced"
            return Fault(Place(self.path, line, column), what, "look for a missing value, dot or keyword")
        what = f"does not parse as SPARQL: “{word.text}” cannot stand here"
        return self._fault(word, what, "look just before it for a missing dot, bracket or quote")

    def place_of(self, message: str) -> Place:
        """Where the first IRI that a message of the engine names is written, else only the file."""
        named = re.search(r"<[^<>]*>", message)
        word = next((word for word in self.words if named and word.text == named[0]), None)
        return self._at(word) if word else Place(self.path)

    def _fault(self, word: Word, what: str, fix: str) -> Fault:
        return Fault(self._at(word), what, fix)

    def _at(self, word: Word) -> Place:
        from kg.formats.wording import place_after

        return place_after(self.text[: word.start], self.path)


def _is_read(texts: Sequence[str]) -> bool:
    """Whether the store can read a regular expression, and its flags, as they stand in a query.

    >>> _is_read(["'^a+$'", "'i'"]), _is_read(["'^(?=a)'"])
    (True, False)
    """
    from pyoxigraph import QuerySolutions, Store

    try:
        rows = Store().query(f"SELECT (REGEX('', {', '.join(texts)}) AS ?read) {{}}")
    except SyntaxError:  # the query as a whole has the same fault, and is told
        return True
    return isinstance(rows, QuerySolutions) and next(rows)[0] is not None
