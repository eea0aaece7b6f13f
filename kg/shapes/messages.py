"""The words of a violation: the shapes' own messages in the reader's language, with their blanks filled."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.shapes import generic, paths
from kg.shapes.graph import Shapes, local_name
from kg.shapes.triples import Object
from kg.shapes.vocabulary import VALIDATORS, sh

Fill = Object | paths.Path
Name = Callable[[NamedNode], str]

BLANK = re.compile(r"\{[?$](\w+)\}")
LONGEST = 60
"""How many characters of a value are shown."""

SHOWN = 100
"""How many members of a list are shown."""


def templates(
    shapes: Shapes,
    shape: Object,
    constraint: Object | None,
    component: NamedNode,
    bound: Object | None = None,
) -> dict[str, str]:
    """The messages of results by language, blanks unfilled.

    The nearest wins: what the constraint's query `bound` to `?message`, the constraint's own, the
    shape's, the component's; and for a shape that says nothing, words for what SHACL asks.

    Source: SHACL, sections 2.1.5 and 5.3.2, https://www.w3.org/TR/shacl/
    """
    if found := _by_language([bound]):
        return found
    validators = shapes.objects(component, *VALIDATORS)
    for nodes in ([constraint] if constraint else [], [shape], validators):
        if found := _by_language(_said(shapes, nodes)):
            return found
    return generic.message(component)


def parameters(shapes: Shapes, shape: Object, templates: Mapping[str, str]) -> dict[str, tuple[Fill, ...]]:
    """What the parameters of a shape put into the blanks of `templates`."""
    wanted = dict.fromkeys(blank for template in templates.values() for blank in blanks(template))
    return {blank: values for blank in wanted if (values := parameter(shapes, shape, blank))}


def _said(shapes: Shapes, nodes: Sequence[Object]) -> list[Object]:
    return [message for node in nodes for message in shapes.objects(node, sh("message"))]


def _by_language(found: Sequence[Object | None]) -> dict[str, str]:
    by_language: dict[str, list[str]] = {}
    for message in found:
        if isinstance(message, Literal):
            by_language.setdefault((message.language or "").lower(), []).append(message.value)
    return {lang: "; ".join(sorted(texts)) for lang, texts in sorted(by_language.items())}


def blanks(template: str) -> list[str]:
    """The names of the placeholders in a message.

    >>> blanks("{$value} is not in {?list}")
    ['value', 'list']
    """
    return BLANK.findall(template)


def mentions(template: str, blank: str) -> bool:
    """Whether the message has a placeholder of that name."""
    return blank in blanks(template)


def parameter(shapes: Shapes, shape: Object, local: str) -> tuple[Fill, ...]:
    """The values of the parameter `local` at a shape, lists as their members."""
    found: list[Fill] = []
    for prop, values in shapes.properties(shape).items():
        if local_name(prop) == local:
            for value in values:
                found += shapes.items(value) if shapes.is_list(value) else [value]
    return tuple(found)


def fill(template: str, fills: Mapping[str, tuple[Fill, ...]], name: Name) -> str:
    """The message with its placeholders filled, by a dash where a known one has no value.

    >>> fill("{$value} is more than {?max}", {"value": (Literal("7"),)}, local_name)
    '7 is more than {?max}'
    >>> fill("{?in}", {"in": (Literal(0),) * 1000}, local_name)[-15:]
    '0, 0, … (1,000)'
    """

    def filled(match: re.Match[str]) -> str:
        if match[1] not in fills:
            return match[0]
        values = fills[match[1]]
        said = [show(one, name) for one in values[:SHOWN]]
        return ", ".join([*said, *([f"… ({len(values):,})"] if len(values) > SHOWN else [])]) or "–"

    return BLANK.sub(filled, template)


def show(what: Fill, name: Name) -> str:
    """A term or path in a sentence: literals bare, IRIs by name, blank nodes as `[]`; shortened."""
    if isinstance(what, Literal):
        return shorten(what.value)
    if isinstance(what, BlankNode):
        return "[]"
    if isinstance(what, NamedNode | paths.Inverse | paths.Sequence | paths.Alternative | paths.Repeated):
        return paths.write(what, name)
    return shorten(str(what))


def quote(value: Object, name: Name) -> str:
    """A value at the end of a sentence: literals in quotes, with their language.

    >>> quote(Literal("ja", language="da"), local_name), quote(NamedNode("http://e/a"), local_name)
    ('"ja"@da', 'a')
    """
    if not isinstance(value, Literal):
        return show(value, name)
    return f'"{shorten(value.value)}"' + (f"@{value.language}" if value.language else "")


def shorten(text: str, longest: int = LONGEST) -> str:
    """The text on one line, cut where it is too long; what cannot be printed is shown as Python writes it.

    >>> print(shorten("a\\nb\\xa0c"), shorten("abcdef", 4))
    a\\nb\\xa0c abc…
    """
    text = text[: longest + 1]
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _code(char) for char in text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _code(char: str) -> str:
    return char.encode("unicode_escape").decode()
