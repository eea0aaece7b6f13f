"""The places of quotes, and the words of the source itself, written into a case file.

All else in the file stays as it is: comments, order, line ends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import yaml

from kg.cases.compose import LOADER
from kg.evidence.checking import Checked, Standing
from kg.evidence.written import entries

Edit = tuple[int, int, str]
"""From where to where a text changes, in characters, and what then stands there."""


def fixed(text: str, checked: Checked) -> str:
    """`text` with the found place of each quote written beside it; all else stays as it is.

    >>> from kg.evidence.written import quotes
    >>> [quote] = quotes("evidence: {quote: two hives}\\n", "a.yaml")
    >>> found = Standing(quote, (7, 16), "two hives")
    >>> fixed("evidence: {quote: two hives}\\n", Checked((found,)))
    'evidence: {quote: two hives, at: [7, 16]}\\n'
    """
    for start, end, new in sorted(edits(text, checked), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def edits(text: str, checked: Checked) -> list[Edit]:
    """What changes in `text`, for each quote whose place or characters are to be written."""
    return [edit for each in checked.moved for edit in _edits(each, text)]


def _edits(found: Standing, text: str) -> Iterator[Edit]:
    if found.quote.words != found.words:
        yield _reworded(found, text)
    if found.quote.span != found.span:
        yield _placed(found, text)


def _reworded(found: Standing, text: str) -> Edit:
    """The words of the source in place of those that only look the same."""
    quote = found.quote
    assert quote.map is not None, "quotes in RDF cannot be rewritten"
    key, words = next((k, v) for k, v in quote.map.value if v is entries(quote.map)["quote"])
    assert isinstance(words, yaml.ScalarNode)
    start = quote.offset + words.start_mark.index
    end = len(text[: quote.offset + words.end_mark.index].rstrip())
    return start, max(start, end), _scalar(found.words, plain=words.style is None and key.style != '"')


def _scalar(words: str, *, plain: bool) -> str:
    """`words` as a scalar of YAML: as they are where that reads as the same, else in quotation marks.

    >>> _scalar("two hives", plain=True), _scalar("two, hives", plain=True)
    ('two hives', '"two, hives"')
    """
    if plain and words.isprintable() and "\u00a0" not in words:
        try:
            read = yaml.compose(f"[{words}]", LOADER)
        except yaml.YAMLError:
            read = None
        if isinstance(read, yaml.SequenceNode) and [node.value for node in read.value] == [words]:
            return words
    shown = json.dumps(words, ensure_ascii=False)
    return "".join(c if c.isprintable() and c != "\u00a0" else json.dumps(c)[1:-1] for c in shown)


def _placed(found: Standing, text: str) -> Edit:
    quote, span = found.quote, found.span
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
