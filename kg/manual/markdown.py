"""Markdown: what the pages are put together from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from kg.languages import tag

WRITTEN = "Written by `kg docs` from {source}; changed there, not here."
_MARKS = re.compile(r"([\\`*\[\]<>|]|(?<!\w)_|_(?!\w))")


def page(title: str, source: str, parts: Iterable[str], written: str = WRITTEN) -> str:
    """A page of parts, with an empty line between them; `source` says what it is written from."""
    said = (part.strip("\n") for part in (f"# {title}", f"*{written.format(source=source)}*", *parts))
    return "\n\n".join(filter(None, said)) + "\n"


def text(words: str) -> str:
    """Words as they are, on one line: nothing in them is taken for Markdown.

    >>> print(text("a * b | <c>,\\n d_e _f"))
    a \\* b \\| \\<c\\>, d_e \\_f
    """
    return _MARKS.sub(r"\\\1", " ".join(words.split()))


def slug(head: str) -> str:
    """What a link to a head of a page ends in, as GitHub makes it of a head that is the first of its name.

    >>> slug("What follows, from what"), slug("a_b.c-d")
    ('what-follows-from-what', 'a_bc-d')
    """
    return re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-")


def code(words: str) -> str:
    """Words as code; also in the cell of a table.

    >>> code("a|b"), code("a`b")
    ('`a\\\\|b`', '`` a`b ``')
    """
    words = " ".join(words.split()).replace("|", "\\|")
    return f"`` {words} ``" if "`" in words else f"`{words}`"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; nothing where there is no row.

    >>> print(table(["a", "b"], [["1", "2"]]), end="")
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    lines = [f"| {' | '.join(row)} |\n" for row in rows]
    return "".join([f"| {' | '.join(heads)} |\n", f"|{'---|' * len(heads)}\n", *lines]) if lines else ""


def items(said: Iterable[tuple[str, str]]) -> str:
    """A list of what and how, but for those of which there is nothing to say.

    >>> print(items([("below", "`Thing`"), ("example", "")]), end="")
    - below: `Thing`
    """
    return "".join(f"- {what}: {how}\n" for what, how in said if how)


def tongues(texts: Mapping[str, str], lang: str = "en") -> str:
    """Texts by language, that of the reader first, else English, in one line; what has no language bare.

    >>> tongues({"da": "ting", "en": "thing"})
    '**thing** · da: ting'
    """
    if not texts:
        return ""
    first = tag(texts, lang)
    others = (f"{lang}: {text(texts[lang])}" for lang in sorted(texts) if lang != first)
    return " · ".join([f"**{text(texts[first])}**", *others])
