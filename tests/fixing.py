"""A text with facts to mend it by, for the tests of fixes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from textwrap import dedent

from pyoxigraph import Quad
from reading import onto

from kg import cases, fixes
from kg.fixes import Facts
from kg.names import ID, Names
from kg.sources import Text

TEXT = Text("The red house has two users. The users are glad.\n")
WORDS = "red house has two"
KNOWN = frozenset(
    ID + each for each in ("organisation/harbour", "organisation/sawmill", "municipality/dk-0340")
)
ORDER = ("involvements", "introductions", "roles", "groups", "outcomes", "statements")


@cache
def facts() -> Facts:
    languages, sources = frozenset({"en", "da", "nb"}), frozenset({"report", "letters"})
    return Facts(onto(), Names(), {"report": TEXT}, languages, KNOWN, sources, ORDER)


def mended(text: str, path: str = "a.yaml", **other: object) -> str:
    return fixes.mend(text, path, replace(facts(), **other)).text  # type: ignore[arg-type]


def case(text: str) -> str:
    return "id: a\nsources: [report]\n" + dedent(text)


def said(text: str) -> frozenset[Quad]:
    return frozenset(cases.read_text(text, "a.yaml", onto(), Names(), languages=("da", "en", "nb")).quads)
