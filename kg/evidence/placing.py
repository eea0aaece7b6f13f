"""The places of quotes written into a case file, which else stays as it is: comments, order, line ends."""

from __future__ import annotations

import re

import yaml

from kg.evidence.checking import Checked
from kg.evidence.written import Quote, Span, entries

Edit = tuple[int, int, str]
"""From where to where a text changes, in characters, and what then stands there."""


def fixed(text: str, checked: Checked) -> str:
    """`text` with the found place of each quote written beside it; all else stays as it is.

    >>> from kg.evidence.written import quotes
    >>> found = quotes("evidence: {quote: two hives}\\n", "a.yaml")
    >>> fixed("evidence: {quote: two hives}\\n", Checked(((found[0], (7, 16)),), (), ()))
    'evidence: {quote: two hives, at: [7, 16]}\\n'
    """
    for start, end, new in sorted(edits(text, checked), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def edits(text: str, checked: Checked) -> list[Edit]:
    """What changes in `text`, for each quote that stands elsewhere than is written."""
    return [_edit(quote, span, text) for quote, span in checked.moved]


def _edit(quote: Quote, span: Span, text: str) -> Edit:
    assert quote.map is not None, "quotes in RDF have no place that could be written"
    new = f"[{span[0]}, {span[1]}]"
    pairs = [(key, value) for key, value in quote.map.value if isinstance(key, yaml.ScalarNode)]
    for key, value in pairs:
        if key.value == "at":
            return _replaced(key, value, new, text, quote.offset)
    key, words = next((key, value) for key, value in pairs if value is entries(quote.map)["quote"])
    if not quote.map.flow_style:
        return _line_below(key, words, new, text, quote.offset)
    if key.style == '"':  # JSON: after all else, for the end of a string with escapes is not known
        end = len(text[: quote.offset + quote.map.end_mark.index - 1].rstrip())
        return end, end, f', "at": {new}'
    end = len(text[: quote.offset + words.end_mark.index].rstrip())
    return end, end, f", at: {new}"


def _replaced(key: yaml.ScalarNode, value: yaml.Node, new: str, text: str, offset: int) -> Edit:
    """The place that is written already, in whatever form, gives way."""
    if isinstance(value, yaml.SequenceNode) and value.flow_style:
        return offset + value.start_mark.index, offset + value.end_mark.index, new
    start = text.index(":", offset + key.end_mark.index) + 1
    last = value.value[-1] if isinstance(value, yaml.SequenceNode) else value
    return start, max(start, offset + last.end_mark.index), f" {new}"


def _line_below(key: yaml.ScalarNode, words: yaml.Node, new: str, text: str, offset: int) -> Edit:
    """A line of its own below the quote, and below its comment if it has one."""
    end = len(text[: offset + words.end_mark.index].rstrip())
    if rest := re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\Z)").match(text, end):
        end = rest.end()
    line_end = "\r\n" if "\r\n" in text else "\n"
    return end, end, f"{line_end}{' ' * key.start_mark.column}at: {new}"
