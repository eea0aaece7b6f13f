"""An explanation as text for a terminal, as Markdown, and as JSON."""

from __future__ import annotations

import json
import textwrap

from kg.errors import UsageError
from kg.explain import FILE, Explanation
from kg.shapes.words import words

WIDTH = 88
NONE = f"– ({FILE})"


def render(explanation: Explanation, form: str = "text", lang: str = "en") -> str:
    """The explanation in the form `text`, `markdown` or `json`.

    :raises UsageError: if there is no such form.
    """
    forms = {"text": _text, "markdown": _markdown, "json": _json}
    if form not in forms:
        raise UsageError.at(None, f"no format “{form}” for a rule", f"known: {', '.join(forms)}")
    return forms[form](explanation, lang)


def _text(explanation: Explanation, lang: str) -> str:
    rule, said = explanation.rule, words(lang)
    head = f"{rule.name} ({said[rule.severity.level]}): {rule.title(lang)}"
    parts = [head, _wrapped(rule.demand(lang))]
    if reason := rule.reason(lang):
        parts += [said["why"], _wrapped(reason)]
    for key, text in _pieces(explanation):
        if text or rule.shape is not None:
            parts += [said[key], textwrap.indent(text or NONE, "  ")]
    return "".join(part + ("\n" if part.startswith(" ") or part == head else "") + "\n" for part in parts)


def _wrapped(text: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent="  ",
        subsequent_indent="  ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def _pieces(explanation: Explanation) -> list[tuple[str, str]]:
    return [("right", explanation.right), ("wrong", explanation.wrong), ("shape", explanation.shape)]


def _markdown(explanation: Explanation, lang: str) -> str:
    rule, said = explanation.rule, words(lang)
    title = rule.title(lang)
    parts = [
        f"## {rule.name}",
        f"{title[:1].upper()}{title[1:]} ({said[rule.severity.level]}): {rule.demand(lang)}.",
    ]
    parts += [rule.reason(lang)] if rule.reason(lang) else []
    for key, text in _pieces(explanation):
        if text:
            parts.append(f"{said[key].capitalize()}:\n\n```{syntax(text)}\n{text}\n```")
    return "\n\n".join(parts) + "\n"


def syntax(text: str) -> str:
    """The language that an example is in, or a shape."""
    if text.endswith(" ."):
        return "turtle"
    return "sparql" if text.endswith("}") and "SELECT" in text else "yaml"


def _json(explanation: Explanation, lang: str) -> str:
    rule = explanation.rule
    document = {
        "rule": rule.name,
        "severity": rule.severity.level,
        "name": rule.title(lang),
        "message": rule.demand(lang),
        "description": rule.reason(lang),
        **dict(_pieces(explanation)),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
