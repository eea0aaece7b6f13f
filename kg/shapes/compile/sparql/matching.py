"""REGEX and REPLACE in queries, where the store cannot read the regular expression: Python is asked by row.

The store calls a function for each row; what goes wrong there is an error of that row to it, also that a
pattern does not end, or that somebody presses Ctrl-C. So that is kept in mind, no more is asked, and it is
raised when the query is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg import names
from kg.shapes.compile.patience import Patience
from kg.shapes.compile.regexes import PatternError, Regex, regex, template
from kg.shapes.compile.searching import Part

REGEX, REPLACE = (NamedNode(f"urn:x-casegraph:function:{name}") for name in ("REGEX", "REPLACE"))
BY_NAME = {"REGEX": REGEX, "REPLACE": REPLACE}
_TEXTS = (names.XSD + "string", names.RDF + "langString")
_STRING = _TEXTS[0]
Term = NamedNode | BlankNode | Literal | Triple


class Matching:
    """What one query asks of Python, within a `with`; `found` are the regular expressions that it asked for.

    Of each it is kept whether only a row said which it is.

    :raises DefinitionError: at the end, if one of them went on for too long.
    """

    def __init__(self) -> None:
        self.found: dict[Regex, bool] = {}
        self._fault: BaseException | None = None
        self._patience: dict[Regex, Patience] = {}
        self._known: dict[tuple[Regex, str, str | None], str] = {}
        self._open = ExitStack()

    @property
    def functions(self) -> dict[NamedNode, Callable[..., Term | None]]:
        """The functions that the store is to call."""
        return {REGEX: self._regex, REPLACE: self._replace}

    def __enter__(self) -> Matching:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._open.close()
        self._patience.clear()
        if self._fault and kind is None:
            raise self._fault

    def call(self, name: str, args: Sequence[str], prefixes: Mapping[str, str]) -> str:
        """A call of REGEX or REPLACE as the store can answer it; empty where it can as it stands.

        :raises PatternError: if nobody can read the pattern.
        """
        asked = asked_by(name, args, prefixes)
        if asked is None:
            # Which pattern it is only the row says: what the store cannot read is an error to it.
            whole = ", ".join(args)
            return f"COALESCE({name}({whole}), {BY_NAME[name]}({whole}))"
        if asked.is_simple:
            written = [args[0], str(Literal(asked.stored)), *args[2:]]
            return f"{name}({', '.join(written)})" if asked.stored != asked.pattern else ""
        if asked.fault:
            raise PatternError.of(asked.pattern, f"cannot be used: {asked.fault}")
        self.found[asked] = False
        return f"{BY_NAME[name]}({', '.join(args)})"

    # what the store calls

    def _regex(self, text: object, pattern: object, flags: object = None) -> Literal | None:
        found = self._kept(text, pattern, flags, None)
        return None if found is None else Literal(bool(found))

    def _replace(self, text: object, pattern: object, by: object, flags: object = None) -> Literal | None:
        found = self._kept(text, pattern, flags, by) if _is_plain(by) else None
        if found is None or not isinstance(text, Literal):
            return None
        return Literal(found, language=text.language) if text.language else Literal(found)

    def _kept(self, *asked: object) -> str | None:
        """The answer; what is raised is kept."""
        try:
            return None if self._fault else self._answer(*asked)
        except BaseException as exc:  # noqa: BLE001 - raised when the query is over
            self._fault = exc
            return None

    def _answer(self, text: object, pattern: object, flags: object, by: object) -> str | None:
        """What Python says of a text; nothing where that is an error."""
        plain = _is_plain(pattern) and (flags is None or _is_plain(flags))
        if not plain or not isinstance(text, Literal) or text.datatype.value not in _TEXTS:
            return None
        asked = regex(pattern.value, flags.value if isinstance(flags, Literal) else "")  # type: ignore[attr-defined]
        if asked.fault:
            return None
        key = asked, text.value, by.value if isinstance(by, Literal) else None
        if key not in self._known:
            self._known[key] = self._searched(*key)
        return self._known[key]

    def _searched(self, asked: Regex, text: str, by: str | None) -> str:
        self.found.setdefault(asked, True)
        if asked not in self._patience:
            self._patience[asked] = self._open.enter_context(asked.patience())
        parts: list[Part] | None = None if by is None else template(by, asked.python.groups)
        with asked.told():
            [found] = self._patience[asked].search([text], parts)
        return found


def asked_by(name: str, args: Sequence[str], prefixes: Mapping[str, str]) -> Regex | None:
    """The regular expression of a call of REGEX or REPLACE; nothing where only its rows say which."""
    last = args[2:] if name == "REGEX" else args[3:]
    pattern, *flags = (constant(arg, prefixes) for arg in (args[1], *last[:1]))
    return None if pattern is None or None in flags else regex(pattern, "".join(filter(None, flags)))


def _is_plain(term: object) -> bool:
    return isinstance(term, Literal) and term.datatype.value == _STRING


def constant(text: str, prefixes: Mapping[str, str]) -> str | None:
    """What a string of a query says; nothing for any other expression.

    >>> constant("'''a\\\\tb'''", {}), constant("?x", {}), constant("'a'@en", {})
    ('a\\tb', None, None)
    """
    return _constant(text.strip(), tuple(sorted(prefixes.items()))) if text.strip()[:1] in "'\"" else None


@cache
def _constant(text: str, prefixes: tuple[tuple[str, str], ...]) -> str | None:
    declared = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes)
    try:
        [quad] = parse(f"{declared}<urn:s> <urn:p> {text} .", RdfFormat.TURTLE)
    except SyntaxError:
        return None
    return quad.object.value if isinstance(quad.object, Literal) and _is_plain(quad.object) else None
