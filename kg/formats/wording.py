"""What the RDF parser says, in words for people: where, what, and what to do."""

from __future__ import annotations

import re
from urllib.parse import quote

from kg import lazy
from kg.errors import Fault
from kg.places import Place

LINE_END = lazy.pattern(r"\r\n|\r|\n")
UNDERSCORED = lazy.pattern(r"@[A-Za-z0-9-]+(_[A-Za-z0-9_-]*)")
"""A language tag as it is often written, and from where on it is none."""


JSON = "write keys and texts in double quotes, with a comma between two and none at the end"
"""What to do about what is no JSON."""

_NO_JSON = "this is not well-formed JSON ({own})"
_FULL_IRI = "write it in full, as <https://…>"
_WORDS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (lazy.pattern(pattern, re.DOTALL), what, fix)
    for pattern, what, fix in (
        (r"Invalid IRI code point '(.)'", "an IRI may not hold {char}", "write it as {code}"),
        (r"Invalid IRI percent encoding '(.*)'", "“{0}” is no percent code", "write a bare % as %25"),
        (r"Invalid (?:character|port)", "the host of the IRI is not well-formed", "look at what follows //"),
        (r"No scheme found", "the IRI is relative, and to what is not said", _FULL_IRI),
        (r"LoadDocument", "a @context on the web is not fetched", "write its content into the file"),
        (r"language (?:code|subtag|tag)|[Ss]ubtag", "this is no language tag", "write one as en or en-gb"),
        (r"PREFIX \w+ should be", "a prefix is declared otherwise", "write @prefix e: <https://…> ."),
        (r"prefix (.*:) has not been declared", "the prefix {0} is not declared", "add @prefix {0} <…> ."),
        (r"dot is expected|followed by a dot", "the statement before this has no dot", "end it with “ .”"),
        (r"Line jumps", "the text is not closed on its line", 'close it with ", or write the break as \\n'),
        (r"Unexpected end of", "what begins here does not end", "look for a missing quote, bracket or dot"),
        (r"Unexpected end", "the file ends within a statement", "look for a missing dot or bracket"),
        (r"escape character '(.*)'", "“{0}” is no escape", "write a backslash as \\\\"),
        (r"datatype (IRI|must)", "a datatype must be an IRI", "write it as ^^<https://…>, or with a prefix"),
        (r"lists should end with a '(.)'", "a list before this is not closed", "close it with {0}"),
        (r"^\{ is not a valid [ps]", "graphs in braces belong to TriG", "name the file .trig"),
        (r"(.+) is not a valid subj", "“{0}” cannot be a subject", "did the statement before end too soon?"),
        (r"(.+) is not a valid pred", "“{0}” cannot be a property", "write a property's IRI here"),
        (r"(.+) is not a valid graph", "“{0}” cannot be the name of a graph", "write an IRI here"),
        (r"(.+) is not a valid RDF", "“{0}” cannot be a value", "put texts in quotes, IRIs in < and >"),
        (r"'(.)' is not allowed at the begin", "{char} cannot stand here", 'put IRIs in < and >, texts in "'),
        (r"The predicate of a triple must", "this cannot be a property", _FULL_IRI),
        (r"The (\w+) of a triple must", "this cannot be the {0} of a statement", _FULL_IRI),
        (r"Only a single triple", "the line has more than one statement", "give each a line of its own"),
        (r"Only UTF-8 is supp", "the first line names another encoding", 'write encoding="UTF-8" there'),
        (r"unrecognized entity `(.*)`", "the entity {0} is not declared in this file", "write its text here"),
        (r"namespaces are required", "this is XML, but not RDF/XML", "look whether it is the right file"),
        (r"Unexpected character '(.)'", "{char} cannot stand here", "look also at what stands just before"),
        (
            r"already contains one root",
            "the JSON has ended before this",
            "look for a bracket too many before it",
        ),
        (r"[Kk]eys? |number is|(?:null|true|false) expected|byte:|JSON st", _NO_JSON, JSON),
        (
            r"^@\w+ |keyword",
            "this is no JSON-LD that could be read ({own})",
            "look up what this key may hold",
        ),
        (r"integer should not be|variable name", "no term begins so", "put IRIs in < and >, texts in quotes"),
        (
            r"Unexpected text event: '(.*)'",
            "text stands between the elements",
            "is a < missing, or a > too many?",
        ),
        (r"a text value is already", "an element stands within a text", "write one or the other"),
        (r"Unknown prefix (.*):", "the prefix {0}: is not declared", 'add xmlns:{0}="https://…"'),
        (r"Invalid property element", "this element can be no property", "is one before it not closed?"),
        (r"Unexpected char:|[Cc]ommas?\b|closing", _NO_JSON, JSON),
    )
)
"""What the message holds, what is said, and the fix: `{0}` its first group, `{char}` that named."""


def fault(exc: SyntaxError, text: str, path: str, line: int | None = None) -> Fault:
    """The parser's error, with its place; `line` where `text` is that one line of a file."""
    what, fix = in_words(exc.msg)
    if exc.lineno is None:
        return Fault(_place_of_quoted(exc.msg, text, path), what, fix)
    at = (exc.offset or 1) - 1
    if tag := next((m for m in UNDERSCORED.finditer(_line_of(exc, text)) if m.start() < at < m.end()), None):
        what, fix = "a language tag has no underscore", f"write {tag[0].lower().replace('_', '-')}"
        return Fault(Place(path, line or exc.lineno, tag.start() + 1), f"{what}: {tag[0]}", fix)
    seen = _excerpt(exc, text)
    shown = f"{what}: {seen}" if len(seen) > 1 and seen not in what else what
    return Fault(Place(path, line or exc.lineno, exc.offset or 0), shown, fix)


def in_words(message: str) -> tuple[str, str]:
    """What is wrong and what mends it; the parser's own words, and where to look, where we have none.

    >>> in_words("Parser error at line 1 between columns 1 and 4: Invalid IRI code point ' '")
    ('an IRI may not hold a space', 'write it as %20')
    """
    own = re.sub(r"^Parser error (?:at|between) line .*?: ", "", message)
    for pattern, what, fix in _WORDS:
        if match := pattern.search(own):
            groups = match.groups() or ("",)
            char, code = _character(groups[0]), quote(groups[0])
            return what.format(*groups, char=char, own=own), fix.format(*groups, code=code)
    return own, "look at what stands here, and just before"


def place_after(before: str, path: str) -> Place:
    """The place of what follows `before` in a file.

    >>> str(place_after("æ\\nøå", "a.ttl"))
    'a.ttl:2:3'
    """
    lines = LINE_END.split(before)
    return Place(path, len(lines), len(lines[-1]) + 1)


def shown(text: str) -> str:
    """A piece of a file that can be printed: no control characters, at most 60 of the others."""
    clean = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return clean if len(clean) <= 60 else clean[:59] + "…"


def _character(text: str) -> str:
    """A character as a person calls it."""
    if text == " ":
        return "a space"
    return f"“{text}”" if text.isprintable() else " ".join(f"U+{ord(char):04X}" for char in text)


def _excerpt(exc: SyntaxError, text: str) -> str:
    """The words of the file that the error is about, if they stand on one line."""
    if exc.lineno is None or exc.lineno != exc.end_lineno or not exc.offset or not exc.end_offset:
        return ""
    return shown(_line_of(exc, text)[exc.offset - 1 : exc.end_offset - 1])


def _line_of(exc: SyntaxError, text: str) -> str:
    """The line of the file that the error is in."""
    lines = LINE_END.split(text)
    return lines[exc.lineno - 1] if exc.lineno and exc.lineno <= len(lines) else ""


_NAMED = lazy.pattern(
    r"entity `(?P<entity>.+?)`|prefix (?P<prefix>\S*:)|event: '\s*(?P<text>.*?)\s*'$|'(.+?)'|`(.+?)`",
    re.DOTALL,
)
"""What a message without a place names: an entity, a prefix, a text between elements, or other words."""


def _place_of_quoted(message: str, text: str, path: str) -> Place:
    """The place where the words that the message quotes are first written, else only the file."""
    if not (named := _NAMED.search(message)):
        return Place(path)
    words = re.escape(named[4] or named[5] or "")
    if named["entity"]:
        words = f"&{re.escape(named['entity'])};"
    elif named["prefix"]:
        words = rf"(?<=[</\s]){re.escape(named['prefix'])}"
    elif named["text"]:
        words = rf"(?<=>)\s*(?={re.escape(named['text'])}\s*<)"
    found = re.search(words, text) if words else None
    return (
        place_after(text[: found.end() if named["text"] else found.start()], path) if found else Place(path)
    )
