"""Proofs as a picture (SVG): conclusions above, what they rest on below and to the right, joined by lines."""

from __future__ import annotations

import html
from collections.abc import Sequence
from textwrap import shorten

from kg.proofs.told import Told, lines, source

ROW, STEP, MARGIN, LETTER = 34, 26, 16, 6.6
"""Heights and widths in pixels: of a row, of a step to the right, of the edge, of a letter."""

LONGEST = 120
STYLE = (
    "text{font:12px sans-serif;fill:#1a1a1a}.by{fill:#5a5a5a;font-size:10px}"
    ".said{fill:#dff0d8}.rule{fill:#e8eef7}.again{fill:#f2f2f2}rect{stroke:#7a7a7a;stroke-width:.7}"
    "path{fill:none;stroke:#7a7a7a}"
)


def draw(told: Sequence[Told]) -> str:
    """The picture, in one file without scripts; each box has its whole text as a title.

    For readers who do not see it, the title says what is proved, and the description on what it rests.
    """
    parts: list[str] = []
    at = MARGIN
    for each in told:
        parts.append(
            f'<text x="{MARGIN}" y="{at + 14}" font-weight="bold">{html.escape(each.heading)}</text>'
        )
        at = _tree(each, at + ROW, parts)
    width = max((int(part.split("|", 1)[0]) for part in parts if part[0].isdigit()), default=400) + 2 * MARGIN
    body = "\n".join(part.split("|", 1)[-1] if part[0].isdigit() else part for part in parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{at + MARGIN}" '
        f'viewBox="0 0 {width} {at + MARGIN}" aria-labelledby="what how" lang="{_lang(told)}">\n'
        f'<title id="what">{html.escape("; ".join(each.heading for each in told))}</title>\n'
        f'<desc id="how">{html.escape("; ".join(each.summary for each in told))}</desc>\n'
        f"<style>{STYLE}</style>\n{body}\n</svg>\n"
    )


def _lang(told: Sequence[Told]) -> str:
    return html.escape(next((each.tongue.lang for each in told), "en"))


def _tree(told: Told, at: int, parts: list[str]) -> int:
    """The boxes of one tree, from the height `at` on; the height below it."""
    above: dict[int, int] = {}
    for depth, sentence, proof, again in lines(told):
        x = MARGIN + depth * STEP
        above[depth] = at
        if depth:
            top = above[depth - 1] + 24
            parts.append(f'<path d="M{x - STEP + 8} {top} V{at + 12} H{x}"/>')
        kind = "again" if again else "rule" if proof.rule else "said"
        below = told.tongue.rule(proof.rule) if proof.rule else _origin(told, proof.triple)
        text, by = shorten(sentence, LONGEST, placeholder="…"), shorten(below, LONGEST, placeholder="…")
        width = int(LETTER * max(len(text), 0.84 * len(by))) + 16
        parts.append(
            f"{x + width}|<g><title>{html.escape(sentence)}\n{html.escape(below)}</title>"
            f'<rect class="{kind}" x="{x}" y="{at}" width="{width}" height="28" rx="3"/>'
            f'<text x="{x + 8}" y="{at + 12}">{html.escape(text)}</text>'
            f'<text class="by" x="{x + 8}" y="{at + 24}">{html.escape(by)}</text></g>'
        )
        at += ROW
    return at


def _origin(told: Told, triple: object) -> str:
    """Where an assertion is from, in a line."""
    place = told.origins.place(triple)  # type: ignore[arg-type]
    quotes = [source(told.tongue, quote) for quote in told.origins.quotes(triple)[:1]]  # type: ignore[arg-type]
    return " ".join([str(place) if place else "", *quotes]).strip()
